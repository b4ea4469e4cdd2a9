"""What an officer does who takes a finding at its word: one mechanical step for each code.

    remedies.py codes                              every code with its step, one a line
    remedies.py mend FINDINGS FILE SHIPPED OUT     carries out the steps of findings of one code (JSON) on a workbook

A right value is looked up at the same key in the shipped workbook, as an officer would look it up in his papers. `explain` is a sentence to
`submit --explain`, `later` waits for the end of the month, `nothing` belongs to notes; they are carried out by the test that calls this (tests/it/remedies.rs).
"""
import json
import pathlib
import re
import shutil
import sys

import openpyxl

def last_key_row(sheet):
    """The last row of data: above the total and the foot."""
    ends = ("全省", "合计", "合　　计", "填报人", "注")
    rows = [r for r in range(4, sheet.max_row + 1) if sheet.cell(r, 1).value is not None]
    return max(r for r in rows if not str(sheet.cell(r, 1).value).startswith(ends))


def right_cell(book, shipped, finding):
    """Puts the right value in: the shipped one at the same place."""
    sheet, cell = book[finding["sheet"]], finding["cell"]
    for place in finding.get("cells") or [cell]:
        sheet[place].value = shipped[finding["sheet"]][place].value
        sheet[place].number_format = shipped[finding["sheet"]][place].number_format


def right_column(book, shipped, finding):
    """Puts the right values into the whole column, the total's too: it was filled in in another unit."""
    sheet, source = book[finding["sheet"]], shipped[finding["sheet"]]
    letters = re.match(r"[A-Z]+", finding["cell"]).group()
    for row in range(int(re.search(r"\d+", finding["cell"]).group()) - 1, source.max_row + 1):
        right = source[f"{letters}{row}"]
        if isinstance(right.value, (int, float)) or isinstance(sheet[f"{letters}{row}"].value, (int, float)):
            sheet[f"{letters}{row}"].value = right.value
            sheet[f"{letters}{row}"].number_format = right.number_format


def unscaled(book, shipped, finding):
    """Types what is seen, under the shipped format, all down the column."""
    sheet, source = book[finding["sheet"]], shipped[finding["sheet"]]
    column, first = re.fullmatch(r"([A-Z]+)(\d+)", finding["cell"]).groups()
    for r in range(int(first), sheet.max_row + 1):
        sheet[f"{column}{r}"].value = source[f"{column}{r}"].value
        sheet[f"{column}{r}"].number_format = source[f"{column}{r}"].number_format


def without_row(book, _, finding):
    """Deletes the row."""
    book[finding["sheet"]].delete_rows(int(re.search(r"\d+", finding["cell"]).group()))


def without_named_row(book, _, finding):
    """Deletes the row that the message names by its first cell."""
    sheet = book[finding["sheet"]]
    at = int(re.search(r"\d+", finding["cell"]).group()) if finding.get("cell") else None
    sheet.delete_rows(at or next(r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 1).value) in finding["message"]))


def missing_row(book, shipped, finding):
    """Adds the row that the message names, below the others."""
    sheet, source = book[finding["sheet"]], shipped[finding["sheet"]]
    names = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
    at = last_key_row(sheet) + 1
    for row in source.iter_rows(min_row=4):
        name = str(row[0].value or "")
        if name and name not in names and name.removesuffix("市") in finding["message"]:
            sheet.insert_rows(at)
            for cell in row:
                sheet.cell(at, cell.column).value = cell.value
            return
    raise SystemExit(f"no row of the shipped sheet is named in: {finding['message']}")


def missing_column(book, shipped, finding):
    """Adds the column at its place."""
    sheet, source = book[finding["sheet"]], shipped[finding["sheet"]]
    labels = {str(c.value) for row in sheet.iter_rows(max_row=5) for c in row if c.value is not None}
    for row in source.iter_rows(min_row=3, max_row=4):
        for cell in row:
            if isinstance(cell.value, str) and cell.value not in labels:
                unmerged(sheet)
                sheet.insert_cols(cell.column)
                for r in range(3, source.max_row + 1):
                    sheet.cell(r, cell.column).value = source.cell(r, cell.column).value
                return
    raise SystemExit("no column of the shipped sheet is missing")


def one_column(book, _, finding):
    """Keeps the last of the columns that the message names by their cells."""
    sheet = book[finding["sheet"]]
    places = re.findall(r"[A-Z]+\d+", finding["found"] or finding["message"])
    unmerged(sheet)
    for place in places[1:]:
        sheet.delete_cols(sheet[place].column)


def form_heading(book, shipped, finding):
    """Puts the form's heading back above the data."""
    sheet, source = book[finding["sheet"]], shipped[finding["sheet"]]
    first = next(r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 1).value).endswith("市"))
    top = next(r for r in range(1, source.max_row + 1) if str(source.cell(r, 1).value).endswith("市"))
    unmerged(sheet)
    sheet.delete_rows(1, first - 1)
    sheet.insert_rows(1, top - 1)
    for row in source.iter_rows(max_row=top - 1):
        for cell in row:
            sheet.cell(cell.row, cell.column).value = cell.value
    for area in [a for a in source.merged_cells.ranges if a.max_row < top]:
        sheet.merge_cells(str(area))


def other_sheets_gone(book, _, finding):
    """Deletes the sheets that compete with the one that counts."""
    del book[finding["sheet"]]


def unmerged(sheet):
    for area in list(sheet.merged_cells.ranges):
        if area.min_row > 2:
            value = sheet.cell(area.min_row, area.min_col).value
            sheet.unmerge_cells(str(area))
            sheet.cell(area.min_row, area.min_col).value = value


STEPS = {
    "no-dataset": "form", "missing-sheet": "nothing", "missing-heading": form_heading, "missing-column": missing_column,
    "ambiguous-column": one_column, "missing-value": right_cell, "formula-without-value": right_cell, "formula-differs": right_cell, "error-value": right_cell,
    "unreadable-number": right_cell, "unreadable-date": right_cell, "unknown-choice": right_cell, "unknown-region": right_cell,
    "county-for-city": right_cell, "out-of-range": right_cell, "pattern-mismatch": right_cell, "duplicate-key": without_row,
    "missing-region": missing_row, "missing-item": missing_row, "rule-broken": right_cell, "total-mismatch": right_cell,
    "total-below-parts": right_cell, "date-after-period": right_cell, "contradictory-identity": "name", "outdated-form": "nothing", "remark-kept": "nothing", "unread-cells": "explain",
    "sheets-compete": other_sheets_gone, "duplicate-sheet": "nothing", "hidden-sheet": "explain", "struck-through": "explain", "denied-rows": "explain",
    "hidden-rows": "nothing", "covered-cells": "nothing", "unknown-item": without_named_row, "foreign-dataset": "nothing",
    "cumulative-decreased": "explain", "same-as-last-month": "explain", "month-cumulative-swapped": "explain", "unit-factor": right_column,
    "last-year-changed": "nothing", "last-year-unchanged": "explain", "last-year-swapped": "explain", "all-zero": "explain", "key-in-two-departments": "explain", "variant-spelling": "explain",
    "out-of-scope": "explain", "rounded-code": right_cell, "cut-at-row-limit": "explain", "scaled-format": unscaled, "percent-unclear": "explain",
    "approximate-number": right_cell, "unit-unknown": "explain", "region-noted": right_cell,
    "coercion": "nothing", "rounded": "nothing", "unit-override": "nothing", "growth-differs": "nothing", "extra-column": "nothing",
    "period-not-over": "later", "month-of-title": "explain", "same-table-twice": "explain", "undoes-correction": "explain",
    "month-jumps": "explain", "month-differs": "explain", "out-of-proportion": right_cell, "list-emptied": "explain",
    "list-shrank": "explain", "province-own": "explain", "another-year": "explain", "undated-row": right_cell,
    "list-of-another-year": "explain", "batch-year": "nothing",
}


def mend(findings, file, shipped, out):
    step = STEPS[findings[0]["code"]]
    if step == "form":
        # The form that was sent out, filled in.
        shutil.copy(shipped, out)
    elif step in ("name", "later"):
        # The same file; the caller hands it in under the shipped name, or after the month.
        shutil.copy(file, out)
    else:
        book = openpyxl.load_workbook(file)
        papers = openpyxl.load_workbook(shipped)
        # From below, so that a deleted row moves none that is still to be mended.
        for finding in reversed(findings):
            step(book, papers, finding)
        book.save(out)


if __name__ == "__main__":
    if sys.argv[1] == "codes":
        for code, step in STEPS.items():
            print(code, step if isinstance(step, str) else "mend")
    else:
        mend(json.loads(sys.argv[2]), *map(pathlib.Path, sys.argv[3:]))
