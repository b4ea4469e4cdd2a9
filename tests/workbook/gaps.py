"""Honest gaps: the words for what is not there, how much of a total is, which months a figure is of, both growths side by side."""

import json
from pathlib import Path

import openpyxl

from . import books

GREY = ("未报送", "未到报送期", "暂不评价")


def check(folder, show):
    """Every fault of the whole book."""
    shown = json.loads(Path(show).read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(books.whole(folder))
    main = by_key(book["主要指标"], "指标名称")
    details = by_key(book["指标明细"], "编号")
    faults, seen = [], dict.fromkeys(("grey", "partial", "lagged", "both", "regions"), 0)
    for row in (row for measure in shown["measures"] for row in measure["indicators"]):
        code, leader, detail = row["code"], main[row["title"]], details[row["code"]]
        value = next(leader[heading] for heading in leader if heading.endswith("累计"))
        reported, expected = row["coverage"]["reported"], row["coverage"]["expected"]
        if row["light"] == "grey" and not row["tracking"]:
            seen["grey"] += 1
            if row["grey_reason"] not in GREY or leader["亮灯（连续期数）"] != row["grey_reason"]:
                faults.append(f"{code}: {leader['亮灯（连续期数）']} for {row['grey_reason']}")
        if row["year_to_date"] is None and not isinstance(value, str):
            faults.append(f"{code}: {value} where nothing was reported")
        if row["year_to_date"] is None and value not in (*GREY, "—"):
            faults.append(f"{code}: {value} is no word for what is missing")
        if detail["报送范围"] != f"{reported}/{expected}":
            faults.append(f"{code}: 报送范围 {detail['报送范围']}, {reported} of {expected}")
        if row["year_to_date"] is not None and reported < expected:
            seen["partial"] += 1
            if f"{reported}/{expected}" not in leader["备注"] or "已报" not in leader["备注"]:
                faults.append(f"{code}: 备注 {leader['备注']} does not say {reported}/{expected}")
        if row["data_period"] not in (None, shown["period"]) and row["year_to_date"] is not None:
            seen["lagged"] += 1
            month = int(row["data_period"][5:])
            if "数据为" not in leader["备注"] or not any(word in leader["备注"] for word in (f"1—{month}月", f"{month}月底")):
                faults.append(f"{code}: 备注 {leader['备注']} does not say that it is of {row['data_period']}")
            if detail["数据期"] != (f"1—{month}月" if month > 1 else "1月"):
                faults.append(f"{code}: 数据期 {detail['数据期']}, it is of {row['data_period']}")
        if row["reported_growth_pct"] is not None:
            seen["both"] += 1
            if detail["公布同比（%）"] != float(row["reported_growth_pct"]) or isinstance(detail["计算同比（%）"], str):
                faults.append(f"{code}: 公布同比 {detail['公布同比（%）']} beside 计算同比 {detail['计算同比（%）']}")
        faults += of_regions(book, row, seen)
    if shown["period"].endswith("-02"):
        faults += merged(book, details)
    print(", ".join(f"{count} {what}" for what, count in seen.items()))
    return faults, seen


def by_key(sheet, key):
    """A sheet's rows by one of their columns."""
    headings, rows = books.table(sheet)
    return {str(by[key]): by for by in (dict(zip(headings, (cell.value for cell in row))) for row in rows)}


def of_regions(book, row, seen):
    """A region without a figure has the word, never nought; where it reported nought, nought."""
    sheet = next(sheet for sheet in book.worksheets if sheet.title.startswith(f"{int(row['code'].split('.')[0]):02d} "))
    headings, rows = books.table(sheet)
    lines = [dict(zip(headings, (cell.value for cell in cells))) for cells in rows]
    lines = {line["地区"]: line for line in lines if str(line["指标"]).split(" ")[0] == row["code"]}
    for region in row["regions"]:
        cell = lines[region["name"]]["累计"]
        if region["year_to_date"] is None:
            seen["regions"] += 1
            if cell not in (*GREY, "—"):
                yield f"{row['code']} {region['name']}: {cell} where nothing was reported"
            if lines[region["name"]]["占全省（%）"] != "—":
                yield f"{row['code']} {region['name']}: a share of nothing"
        elif isinstance(cell, str) or float(region["year_to_date"]) != cell:
            yield f"{row['code']} {region['name']}: {cell}, reported {region['year_to_date']}"


def merged(book, details):
    """January and February are one period: titled so, and without a month of their own where the plan merges them."""
    if "1—2月" not in book["总览"]["A3"].value:
        yield f"titled {book['总览']['A3'].value}"
    for code in ("6.2", "8.4"):
        if details[code]["数据期"] != "1—2月" or details[code]["当月"] != "—":
            yield f"{code}: 数据期 {details[code]['数据期']}, 当月 {details[code]['当月']}"


def expecting(folder, show, *wanted):
    """The same, and that the book shows each of the gaps named."""
    faults, seen = check(folder, show)
    return faults + [f"no {what} in this book" for what in wanted if not seen[what]]
