#!/usr/bin/env python3
"""The project's second opinion: every figure of a period once more, by another reader and another arithmetic.

    python3 tests/recompute.py WORKSPACE PERIOD SHOW_JSON [PERIOD SHOW_JSON]…    compare with `wenjin show --period P --json`
    python3 tests/recompute.py WORKSPACE PERIOD --dump                          print its own figures

Reads the folder sources of `config/wenjin.toml`, `config/` and `pipelines/`, never the ledger.
Exit 0: all equal; 1: one line per difference; 2: a package or program is missing.
"""

import importlib.util
import shutil
import sys

for package in ("openpyxl", "tomllib"):
    if importlib.util.find_spec(package) is None:
        print(f"missing: the Python package {package} (pip install -r tests/requirements.txt; Python 3.11 or later)")
        sys.exit(2)
if shutil.which("soffice") is None:
    print("missing: soffice, which reads .xls and .ods (Debian: apt-get install libreoffice-calc)")
    sys.exit(2)

from recompute.comparing import compare, dump  # noqa: E402
from recompute.figures import Figures  # noqa: E402
from recompute.plan import Plan  # noqa: E402
from recompute.submissions import standing  # noqa: E402


def main(arguments):
    """Recomputes the periods; compares or prints."""
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        print(__doc__)
        return 2
    workspace, asked, found = arguments[0], list(zip(arguments[1::2], arguments[2::2])), 0
    stands = standing(Plan(workspace, asked[-1][0]), max(period for period, _ in asked))
    for period, shown in asked:
        plan = Plan(workspace, period)
        figures = Figures(plan, {(code, of): tables for (code, of), tables in stands.items() if of <= period}, period)
        if shown == "--dump":
            dump(figures)
            continue
        for line in compare(figures, shown):
            print(line if len(asked) == 1 else f"{period} {line}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
