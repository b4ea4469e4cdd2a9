#!/usr/bin/env python3
"""The month's workbooks held against what others see in them.

    python3 tests/workbook.py lineage WORKSPACE WENJIN PERIOD [BOOK]      数据来源, trace, links, the original cells
    python3 tests/workbook.py corrections WORKSPACE V W SHOW_V SHOW_W TABLE  version W against V: 更正说明, cells, mails
    python3 tests/workbook.py checklist FOLDER                           the checklist for accessible spreadsheets
    python3 tests/workbook.py ties FOLDER                                the same figure everywhere, sums, LibreOffice's own values
    python3 tests/workbook.py secrecy WORKSPACE PERIOD SHOW              restricted indicators, named rows, marks
    python3 tests/workbook.py switched FOLDER ranks|region_lights        no word of what is switched off
    python3 tests/workbook.py gaps FOLDER SHOW [GAP…]                    what is missing, partial, lagged, and that each GAP occurs
    python3 tests/workbook.py letters WORKSPACE PERIOD                   words and punctuation of mails and 总览

Exit 0: nothing found; 1: one line per fault; 2: a package or program is missing.
"""

import importlib.util
import shutil
import sys

for package in ("openpyxl", "tomllib"):
    if importlib.util.find_spec(package) is None:
        print(f"missing: the Python package {package} (pip install -r tests/requirements.txt; Python 3.11 or later)")
        sys.exit(2)
if shutil.which("soffice") is None:
    print("missing: soffice, the second reader (Debian: apt-get install libreoffice-calc)")
    sys.exit(2)

from workbook import checklist, corrections, gaps, letters, lineage, secrecy, ties  # noqa: E402

CHECKS = {
    "lineage": lineage.check,
    "corrections": corrections.check,
    "checklist": checklist.check,
    "ties": ties.check,
    "secrecy": secrecy.check,
    "switched": secrecy.switched,
    "gaps": gaps.expecting,
    "letters": letters.check,
}


def main(arguments):
    """Runs one check."""
    if not arguments or arguments[0] not in CHECKS:
        print(__doc__)
        return 2
    faults = CHECKS[arguments[0]](*arguments[1:])
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
