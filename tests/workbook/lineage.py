"""数据来源 against `trace`, against the links that lead there, and against the original workbooks at the cells named."""

import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import openpyxl
from openpyxl.utils.cell import range_boundaries
from recompute.grids import Grid
from recompute.plan import Plan, convert as to_unit, squeeze
from recompute.tables import caption, unit_of
from recompute.values import number, text_of

from . import books

ITEMS = {"累计": "year_to_date", "上年同期": "last_year", "公布同比": "reported_growth"}
VALUES = {"累计": "value", "上年同期": "last_year", "公布同比": "reported_growth_pct"}
# column heading → the item its figures lead to; growth leads somewhere only where it was read
LEADS = {"当月": "累计", "上年同期": "上年同期", "同比（%）": "公布同比", "累计同比（%）": "公布同比", "公布同比（%）": "公布同比"}


def lines_of(book):
    """数据来源 as dictionaries, each with its sheet row."""
    headings, rows = books.table(book["数据来源"])
    return [dict(zip(headings, (cell.value for cell in row))) | {"row": row[0].row} for row in rows]


def traces(binary, workspace, period, wanted):
    """(code, place) → the document `trace` prints for it."""

    def one(key):
        code, place, option = key
        command = [binary, "--workspace", workspace, "trace", code, "--period", period, "--json"]
        printed = subprocess.run([*command, *([option, place] if option else [])], capture_output=True, check=True)
        return json.loads(printed.stdout)

    with ThreadPoolExecutor(2) as pool:
        return {key[:2]: document for key, document in zip(wanted, pool.map(one, wanted))}


def check(workspace, binary, period, book_path=None):
    """Every fault of the whole book's 数据来源; prints how many lines and figures were compared."""
    plan = Plan(workspace, period)
    folder = Path(workspace) / "var/reports" / period / "v1"
    book = openpyxl.load_workbook(book_path or books.whole(folder))
    lines = lines_of(book)
    names = {d["name"]: d["code"] for d in plan.departments}

    def option(place):
        return None if place == plan.province["short_name"] else "--department" if place in names else "--region"

    wanted = list(dict.fromkeys((line["编号"], line["地区"], option(line["地区"])) for line in lines))
    traced = traces(binary, workspace, period, wanted)
    faults = against_trace(lines, traced, names)
    faults += links(book, lines)
    faults += every_figure_has_a_line(workspace, binary, period, lines)
    originals = Originals(Path(workspace) / "var/archive", traced)
    read = 0
    for (code, place), document in traced.items():
        for item in ITEMS:
            found = originals.figure(plan, plan.indicators[code], document, item)
            if found is not None:
                read += 1
                if found != document[VALUES[item]]:
                    faults.append(f"{code} {place} {item}: the original says {found} at the cells named, printed {document[VALUES[item]]}")
    print(f"{len(lines)} lines compared with trace, {read} figures read again in the original workbooks")
    if read < len(traced) // 2:
        faults.append(f"only {read} of {len(traced)} figures could be read again")
    return faults


def against_trace(lines, traced, names):
    """Line by line: department, file, sheet, cells, rows, hash, which submission."""
    codes = {code: name for name, code in names.items()}
    shown, expected = {}, {}
    for line in lines:
        shown.setdefault((line["编号"], line["地区"]), []).append(
            (line["项目"], line["报送单位"], line["文件"], line["工作表"], line["单元格"], int(line["行数"]), line["校验码"], line["第几次报送"])
        )
    words = {code: word for word, code in ITEMS.items()}
    for key, document in traced.items():
        expected[key] = [
            (words[s["item"]], codes[s["department"]], s["file"], s["sheet"], s["cells"] or "—", s["rows"], s["blake3"][:12], s["arrival"])
            for s in document["sources"]
        ]
    return [f"{key}: 数据来源 {shown[key]}, trace {expected[key]}" for key in shown if shown[key] != expected[key]]


def every_figure_has_a_line(workspace, binary, period, lines):
    """Each printed value of the province and of each region stands in 数据来源."""
    command = [binary, "--workspace", workspace, "show", "--period", period, "--json"]
    shown = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    known = {(line["编号"], line["地区"], line["项目"]) for line in lines}
    faults = []
    for row in (row for measure in shown["measures"] for row in measure["indicators"]):
        for place, figures in [("全省", row), *((region["name"], region) for region in row["regions"])]:
            for item, field in (("累计", "year_to_date"), ("上年同期", "last_year")):
                if (figures[field] is not None) != ((row["code"], place, item) in known):
                    faults.append(f"{row['code']} {place}: {field} is {figures[field]}, but its line says otherwise")
    return faults


def links(book, lines):
    """Every figure read somewhere leads to its own first line."""
    first = {}
    for line in lines:
        first.setdefault((line["编号"], line["地区"], line["项目"]), line["row"])
    titles = {line["指标"]: line["编号"] for line in lines}
    faults, count = [], 0
    sheets = [name for name in book.sheetnames if name in ("主要指标", "指标明细") or name[:2].isdigit()]
    for name in sheets:
        headings, rows = books.table(book[name])
        for row in rows:
            by = dict(zip(headings, row))
            code = str(by["编号"].value) if "编号" in by else titles.get(by["指标名称"].value) if "指标名称" in by else str(by["指标"].value).split(" ")[0]
            place = by["地区"].value if "地区" in by else "全省"
            for heading, cell in by.items():
                item = "累计" if heading.endswith("累计") else LEADS.get(heading)
                if item is None or isinstance(cell.value, str) or cell.value is None:
                    continue
                expected = first.get((code, place, item))
                target = cell.hyperlink.location if cell.hyperlink else None
                count += 1
                if target != (expected and f"'数据来源'!A{expected}") and target != (expected and f"数据来源!A{expected}"):
                    faults.append(f"{name}!{cell.coordinate} ({code} {place} {item}) leads to {target}, its line is in row {expected}")
    if count < 300:
        faults.append(f"only {count} figures were found on the sheets")
    print(f"{count} linked figures on {len(sheets)} sheets")
    return faults


class Originals:
    """The archived originals, as grids by sheet."""

    def __init__(self, archive, traced):
        sources = [source for document in traced.values() for source in document["sources"]]
        suffixes = {source["blake3"]: Path(source["file"]).suffix.lower() for source in sources}
        stored = {path.name: path for path in archive.rglob("*") if path.is_file()}
        self.grids = {}
        with tempfile.TemporaryDirectory(prefix="originals") as work:
            named = {}
            for hash_, suffix in suffixes.items():
                path = next(path for name, path in stored.items() if hash_ in str(path).replace("/", "") or name.startswith(hash_))
                named[hash_] = Path(work) / f"{hash_}{suffix}"
                named[hash_].write_bytes(path.read_bytes())
            others = {hash_: path for hash_, path in named.items() if path.suffix != ".xlsx"}
            named |= dict(zip(others, books.convert(list(others.values()), work))) if others else {}
            for hash_, path in named.items():
                self.grids[hash_] = {sheet.title: Grid(sheet) for sheet in openpyxl.load_workbook(path, data_only=True).worksheets}

    def figure(self, plan, indicator, document, item):
        """The figure read again where the rule is a plain sum, count or reading; None where it is not."""
        sources = [source for source in document["sources"] if source["item"] == ITEMS[item]]
        if not sources or document[VALUES[item]] is None:
            return None
        if item == "公布同比":
            column = {"type": "decimal", "decimals": 1, "unit": "%"}
            (value, pattern, _), = self.cells(sources[0])
            return text_of(number(value, pattern, column, "%"), 1)
        rule = indicator.get("last_year" if item == "上年同期" else "value") if indicator["kind"] in ("simple", "cumulative") else None
        if rule is None:
            return None
        if rule == "COUNT(*)":
            return str(sum(source["rows"] for source in sources))
        inside = rule[rule.find("(") + 1 : -1]
        dataset = plan.datasets[indicator["dataset"]]
        column = next((column for column in dataset["column"] if column["name"] == inside), None)
        if not rule.startswith("SUM(") or column is None:
            return None
        total = Fraction(0)
        for source in sources:
            for value, pattern, unit in self.cells(source, column) if source["rows"] else ():
                total += number(value, pattern, column, unit) or 0
        return text_of(to_unit(total, column.get("unit"), indicator["unit"]), indicator["decimals"])

    def cells(self, source, column=None):
        """(value, number format, unit) of each cell named."""
        grid = self.grids[source["blake3"]][source["sheet"]]
        for part in source["cells"].split(","):
            left, top, right, bottom = range_boundaries(part)
            for row in range(top, bottom + 1):
                for at in range(left, right + 1):
                    unit = column and unit_of(column, self.heading(grid, row, at), caption(grid, self.first_row(grid, row)))
                    yield grid.merged(row, at), grid.formats.get((row, at)), unit

    @staticmethod
    def first_row(grid, row):
        """The row below the nearest caption line above."""
        return next((above + 1 for above in range(row, 0, -1) if any("单位" in squeeze(v) for v in grid.row(above))), row)

    @staticmethod
    def heading(grid, row, at):
        """The nearest text above a cell, with its bracketed unit."""
        return next((grid.merged(above, at) for above in range(row - 1, 0, -1) if isinstance(grid.merged(above, at), str) and "(" in squeeze(grid.merged(above, at))), "")
