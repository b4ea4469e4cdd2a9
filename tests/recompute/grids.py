"""Workbooks as grids: openpyxl reads .xlsx; LibreOffice turns .xls and .ods into .xlsx first, all in one call."""

import subprocess
import tempfile
from pathlib import Path

import openpyxl


class Grid:
    """One sheet: cells by (row, column), merged ranges, formats."""

    def __init__(self, sheet):
        self.title, self.cells, self.formats, self.top = sheet.title, {}, {}, {}
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if value is not None and not (isinstance(value, str) and not value.strip()):
                    self.cells[cell.row, cell.column] = value
                    self.formats[cell.row, cell.column] = cell.number_format
        for merged in sheet.merged_cells.ranges:
            for row, column in merged.cells:
                self.top[row, column] = (merged.min_row, merged.min_col)
        self.height = max((r for r, _ in self.cells), default=0)
        self.width = max((c for _, c in self.cells), default=0)

    def at(self, row, column):
        """The cell's own value."""
        return self.cells.get((row, column))

    def merged(self, row, column):
        """The value shown at that place: a merged cell's stands in its first."""
        return self.cells.get(self.top.get((row, column), (row, column)))

    def row(self, row):
        """The values of a row, from the left."""
        return [self.cells[row, c] for c in range(1, self.width + 1) if (row, c) in self.cells]


def read(path):
    """The visible sheets of a workbook, and the form's own card if it has one."""
    book = openpyxl.load_workbook(path, data_only=True)
    card = {}
    if "_wenjin" in book.sheetnames:
        card = {row[0]: row[1] for row in book["_wenjin"].iter_rows(max_col=2, values_only=True)}
    return [Grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"], card


def read_all(paths):
    """path → (grids, card) of all workbooks."""
    old = [p for p in paths if p.suffix.lower() in (".xls", ".ods")]
    grids = {p: read(p) for p in paths if p not in old}
    with tempfile.TemporaryDirectory(prefix="recompute") as folder:
        work = Path(folder)
        if old:
            # the months share file names, so each is copied under its number
            for number, path in enumerate(old):
                (work / f"{number}{path.suffix.lower()}").write_bytes(path.read_bytes())
            names = [str(work / f"{n}{p.suffix.lower()}") for n, p in enumerate(old)]
            profile = f"-env:UserInstallation=file://{work}/profile"
            subprocess.run(["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(work), *names], check=True, capture_output=True, timeout=300)
        for number, path in enumerate(old):
            grids[path] = read(work / f"{number}.xlsx")
    return grids
