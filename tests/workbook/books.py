"""Workbooks as openpyxl reads them, and as LibreOffice does after recalculating every formula."""

import subprocess
import tempfile
from pathlib import Path

import openpyxl

HEADER = 4

# Excel files are recalculated on loading only where the profile says so.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def books(folder):
    """The workbooks of a version, the whole one first."""
    found = sorted(Path(folder).glob("*.xlsx"))
    return sorted(found, key=lambda path: "_全省_" not in path.name)


def whole(folder):
    """The whole book's path."""
    return books(folder)[0]


def convert(paths, work):
    """Turns workbooks of any format into .xlsx in `work`, all in one call; gives the new paths in order."""
    profile = Path(work) / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    out = Path(work) / "converted"
    out.mkdir(exist_ok=True)
    names = []
    for number, path in enumerate(paths):
        name = Path(work) / f"{number}{Path(path).suffix.lower()}"
        name.write_bytes(Path(path).read_bytes())
        names.append(str(name))
    command = ["soffice", f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to", "xlsx", "--outdir", str(out), *names]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [out / f"{number}.xlsx" for number in range(len(paths))]


def recalculated(paths):
    """The values of workbooks after LibreOffice has calculated them anew."""
    with tempfile.TemporaryDirectory(prefix="workbook") as work:
        return [openpyxl.load_workbook(path, data_only=True) for path in convert(paths, work)]


def table(sheet, name=None):
    """A sheet's table (the named one, else its first) as (headings, rows of cells)."""
    found = sheet.tables[name] if name else next(iter(sheet.tables.values()))
    rows = list(sheet[found.ref])
    return [plain(cell.value) for cell in rows[0]], rows[1:]


def plain(heading):
    """A heading without its line break."""
    return str(heading).replace("\n", "")
