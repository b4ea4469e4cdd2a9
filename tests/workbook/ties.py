"""Figures tie: the same figure on every sheet, regions that add up to the province, formulas that hold when calculated anew."""

import math
from decimal import Decimal

import openpyxl

from . import books

# field → headings (by their beginning) on 总览, 主要指标, 指标明细 and the measures' sheets
FIELDS = {
    "累计": ("1—", "累计"), "同比": ("累计同比（%）", "同比（%）"), "完成": ("完成年度目标",), "比序时": ("比序时进度",), "亮灯": ("亮灯",), "单位": ("单位",),
    "年度目标": ("年度目标",),
}


def check(folder):
    """Every fault of every book of a version."""
    faults = []
    paths = books.books(folder)
    again = books.recalculated(paths)
    count = 0
    for path, other in zip(paths, again):
        book = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path)
        found, compared = recalculation(book, formulas, other)
        count += compared
        faults += [f"{path.name}: {fault}" for fault in [*found, *same_everywhere(book), *sums(book)]]
    print(f"{count} cells read by both, {len(paths)} books")
    return faults


def recalculation(book, formulas, other):
    """Each cell's stored value against LibreOffice's own."""
    faults, compared = [], 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                compared += 1
                its = other[sheet.title][cell.coordinate].value
                if not equal(cell.value, its):
                    kind = "formula" if formulas[sheet.title][cell.coordinate].data_type == "f" else "cell"
                    faults.append(f"{sheet.title}!{cell.coordinate}: the {kind} holds {cell.value}, LibreOffice reads {its}")
    return faults, compared


def equal(own, its):
    """Equal as printed: numbers to twelve digits, texts without line ends' kind."""
    if isinstance(own, (int, float)) and isinstance(its, (int, float)):
        return math.isclose(own, its, rel_tol=1e-12, abs_tol=1e-12)
    return str(own).replace("\r\n", "\n").strip() == str(its if its is not None else "").replace("\r\n", "\n").strip()


def province_rows(book):
    """(sheet, title of the indicator, heading → value) of every row about the province."""
    for sheet in book.worksheets:
        if sheet.title not in ("总览", "主要指标", "指标明细") and not sheet.title[:2].isdigit():
            continue
        headings, rows = books.table(sheet, "attention" if sheet.title == "总览" else None)
        for row in rows:
            by = dict(zip(headings, (cell.value for cell in row)))
            title = by.get("指标名称") or by.get("指标") or by.get("指标（单位）")
            if title is None or by.get("地区", "全省") != "全省" or len([v for v in by.values() if v is not None]) < 3:
                continue
            if sheet.title == "总览":
                title, by["单位"] = title[: title.rindex("（")], title[title.rindex("（") + 1 : -1]
            elif sheet.title[:2].isdigit():
                title = title.split(" ", 1)[1]
            yield sheet.title, title, by


def same_everywhere(book):
    """The same figure is the same on every sheet."""
    seen = {}
    for sheet, title, by in province_rows(book):
        for field, starts in FIELDS.items():
            heading = next((heading for heading in by if heading.startswith(starts) and not heading.startswith("累计同比") or heading in starts), None)
            if heading is None:
                continue
            first = seen.setdefault((title, field), (sheet, by[heading]))
            if not equal(first[1], by[heading]):
                yield f"{title} {field}: {first[1]} on {first[0]}, {by[heading]} on {sheet}"


def sums(book):
    """Regions add up to the province where shares are printed; shares add up to a hundred."""
    for sheet in (sheet for sheet in book.worksheets if sheet.title[:2].isdigit()):
        headings, rows = books.table(sheet)
        groups = {}
        for row in rows:
            by = dict(zip(headings, (cell.value for cell in row)))
            if by["地区"]:
                groups.setdefault(str(by["指标"]).split(" ")[0], []).append((by, row))
        for code, lines in groups.items():
            (province, cells), regions = lines[0], [by for by, _ in lines[1:]]
            if not regions or isinstance(province.get("占全省（%）", "—"), str):
                continue
            pattern = cells[headings.index("累计")].number_format
            places = len(pattern.split(";")[0].partition(".")[2])
            # A column that can hold nothing in a measure is left out.
            for column in (column for column in ("累计", "上年同期", "当月") if column in province):
                parts = [Decimal(str(by[column])) for by in regions if not isinstance(by[column], str)]
                whole = province[column]
                if isinstance(whole, str) or not parts or len(parts) < len(regions):
                    continue
                # Each printed part may be half a unit of the last place off.
                slack = Decimal(len(parts)) / 2 * Decimal(10) ** -places if places else 0
                if abs(Decimal(str(whole)) - sum(parts)) > slack:
                    yield f"{sheet.title} {code} {column}: regions {sum(parts)}, province {whole}"
