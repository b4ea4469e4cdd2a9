#!/usr/bin/env python3
"""Months that no one has shipped: plausible workbooks that go on from the sample data. The same seed gives the same bytes.

    python3 tests/months.py course OUT       2022-07 to 2023-03 without 2022-08, untidy but readable
    python3 tests/months.py plausible OUT    a year of one province as it comes, tidy, with what makes statisticians nod

Writes OUT/<period>/*.xlsx with received.toml, and OUT/explain.json: what has to be explained, and how.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures" / "generate"))

from months import course, plausible  # noqa: E402

SCENES = {"course": course.generate, "plausible": plausible.generate}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in SCENES:
        print(__doc__)
        sys.exit(2)
    SCENES[sys.argv[1]](Path(sys.argv[2]))
