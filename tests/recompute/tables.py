"""Finds the tables of a form: which sheet, which heading, which columns, which rows."""

import re
from itertools import takewhile

from .plan import UNITS, heading, squeeze
from .values import blank, read_cell

FOOTER = re.compile(r"^(填报人|填表人|制表人?|审核人|负责人|联系人|联系电话)")
ASIDE = re.compile(r"^(注|备注|说明|其中)[:：\d、]")
# 省本级, 跨市 …: what belongs to no city
APART = re.compile(r"^(省本级|省级|省属|省直|跨市|跨地区|省本级及跨市|省级及跨市)(项目|部分|单位)?$")
TOTALS = {"合计", "总计", "小计", "全省", "全省合计", "总数"}


class Table:
    """What a department handed in for one dataset: rows by column name, the total row apart."""

    def __init__(self, dataset, sheet):
        self.dataset, self.sheet, self.rows, self.total, self.unread = dataset, sheet, [], None, []
        self.apart = []


def labels(column, month):
    """The headings a column goes by, as matched."""
    return ["/".join(heading(part) for part in label.replace("{month}", str(month)).split("/")) for label in column["label"]]


def paths(grid, row, depth):
    """column → the headings over it: [lower, upper/lower], from one or two rows; and the raw text for its unit."""
    found = {}
    for column in range(1, grid.width + 1):
        upper = grid.merged(row, column)
        if depth == 1:
            if grid.at(row, column) is not None:
                found[column] = ([heading(upper)], str(upper))
            continue
        lower = grid.at(row + 1, column)
        if lower is None and upper is not None and grid.top.get((row + 1, column), (0, 0))[0] in (0, row):
            found[column] = ([heading(upper)], str(upper))
        elif lower is not None:
            names = [heading(lower)]
            if upper is not None:
                names.insert(0, heading(upper) + "/" + names[0])
            found[column] = (names, str(lower))
    return found


def match(dataset, found, months):
    """column name → (sheet column, heading), or None where a required one is missing."""
    wanted, taken = {}, set()
    for column in dataset["column"]:
        tries = [label for month in months for label in labels(column, month)]
        hit = next((c for label in tries for c, (names, _) in found.items() if c not in taken and label in names), None)
        if hit is not None:
            wanted[column["name"]] = (hit, found[hit][1])
            taken.add(hit)
        elif column.get("required"):
            return None
    return wanted


def starts(dataset, grid, months):
    """The headings of the dataset on a sheet: (row, depth, columns)."""
    for row in range(1, grid.height + 1):
        one, two = (match(dataset, paths(grid, row, depth), months) for depth in (1, 2))
        # a line above a heading of one row is its caption, not its upper row
        below = match(dataset, paths(grid, row + 1, 1), months) if two else None
        if one and len(one) >= len(two or ()):
            yield row, 1, one
        elif two and len(two) > len(below or ()):
            yield row, 2, two


def across(plan, grid):
    """The heading row of a table with the cities across: (row, sheet column of the names, column → region)."""
    for row in range(1, grid.height + 1):
        regions = {c: plan.region(grid.at(row, c)) for c in range(1, grid.width + 1) if grid.at(row, c) is not None}
        regions = {c: code for c, code in regions.items() if code}
        if len(regions) >= len(plan.regions) // 2:
            return row, min(regions) - 1, regions
    return None


def caption(grid, row):
    """The unit in a 单位：… line between this heading and what stands above it."""
    for above in range(row - 1, max(row - 6, 0), -1):
        line = [squeeze(v) for v in grid.row(above)]
        if any(FOOTER.match(text) for text in line):
            return None
        for text in line:
            found = re.search(r"(?<!填报)(?<!报送)单位:([^\s,，;；)]+)", text)
            if found and found.group(1) in UNITS:
                return found.group(1)
    return None


def unit_of(column, raw, sheet_unit):
    """The unit a column's cells are in: its heading's, the caption's, else the plan's; only of the same kind."""
    own = column.get("unit")
    if own not in UNITS:
        return None
    inside = re.findall(r"[(\[](.*?)[)\]]", squeeze(raw))
    for unit in [*inside, sheet_unit, own]:
        if unit in UNITS and UNITS[unit][0] == UNITS[own][0]:
            return unit
    return own


def title_above(dataset, grid, row):
    """Whether a title above the heading names the dataset: the second table on a sheet has no tab of its own."""
    names = [heading(n) for n in [dataset["title"], *dataset["sheet"]]]
    lines = [heading(v) for above in range(row - 1, max(row - 5, 0), -1) for v in grid.row(above)]
    lines = list(takewhile(lambda text: not FOOTER.match(text), lines))
    return any(name in line for name in names for line in lines)


def find(plan, dataset, grids, months, taken):
    """The dataset's table on the sheets, as (grid, place); its own tab first, then below another's table."""
    own = [squeeze(n) for n in dataset["sheet"]]
    ranked = [g for g in grids if squeeze(g.title) in own] + [g for g in grids if squeeze(g.title) not in own]
    for grid in ranked:
        named = squeeze(grid.title) in own
        if dataset.get("regions_across"):
            place = across(plan, grid)
            if place and named:
                return grid, place
            continue
        for place in starts(dataset, grid, months):
            if (grid.title, place[0]) not in taken and (named or title_above(dataset, grid, place[0])):
                return grid, place
    return None


def read_table(plan, dataset, grids, months, taken):
    """The dataset's table, or None when the workbook has none."""
    place = find(plan, dataset, grids, months, taken)
    if place is None:
        return None
    grid, place = place
    taken.add((grid.title, place[0]))
    table = Table(dataset, grid.title)
    if dataset.get("regions_across"):
        read_across(plan, table, grid, place, months)
    else:
        read_down(plan, table, grid, place)
    return table


def read_across(plan, table, grid, place, months):
    """Cities across, quantities down."""
    top, names, regions = place
    columns = [c for c in table.dataset["column"] if c["type"] != "region"]
    key = next(c["name"] for c in table.dataset["column"] if c["type"] == "region")
    records = {column: {key: code} for column, code in regions.items()}
    unit = caption(grid, top)
    for row in range(top + 1, grid.height + 1):
        label = grid.at(row, names)
        if label is None or FOOTER.match(squeeze(label)):
            break
        column = next((c for c in columns if heading(label) in [x for m in months for x in labels(c, m)]), None)
        if column is not None:
            source = unit_of(column, str(label), unit)
            for at, record in records.items():
                record[column["name"]] = read_cell(grid.at(row, at), grid.formats.get((row, at)), column, source, plan)
    table.rows = [r for r in records.values() if r[key] != plan.province["code"]]
    table.total = next((r for r in records.values() if r[key] == plan.province["code"]), None)


def read_down(plan, table, grid, place):
    """One row per record, region or item."""
    top, depth, columns = place
    dataset, by_name = table.dataset, {c["name"]: c for c in table.dataset["column"]}
    sheet_unit = caption(grid, top)
    units = {name: unit_of(by_name[name], raw, sheet_unit) for name, (_, raw) in columns.items()}
    for row in range(top + depth, grid.height + 1):
        line = [squeeze(v) for v in grid.row(row)]
        if not line or ASIDE.match(line[0]):
            continue
        if FOOTER.match(line[0]) or next_title(grid, row):
            break
        record = {}
        for name, (at, _) in columns.items():
            value = grid.merged(row, at) if name in dataset["key"] else grid.at(row, at)
            record[name] = read_cell(value, grid.formats.get((row, at)), by_name[name], units[name], plan)
            if record[name] is None and not blank(value):
                table.unread.append((row, name))
        key = dataset["key"][0]
        shown = grid.merged(row, columns[key][0])
        if by_name[key]["type"] == "region":
            if record[key] == plan.province["code"]:
                table.total = record
            elif shown is not None and APART.match(squeeze(shown)):
                table.apart.append(record)
            elif record[key] is not None:
                table.rows.append(record)
        elif by_name.get("region", {}).get("type") == "region" and "region" in columns and apart_in(grid, row, columns["region"][0]):
            table.rows.append(record | {"region": "own"})
        elif TOTALS & set(line[:3]) and not (dataset.get("items") and squeeze(shown) in dataset["items"]):
            table.total = record
        elif not blank(shown):
            table.rows.append(record)


def apart_in(grid, row, column):
    """Whether a list's region cell says that the row belongs to no city."""
    shown = grid.at(row, column)
    return shown is not None and bool(APART.match(squeeze(shown)))


def next_title(grid, row):
    """Whether a row is the title of another table: one text, merged across."""
    first = grid.top.get((row, 1), (0, 0))
    return first == (row, 1) and grid.top.get((row, 2)) == (row, 1) and len(grid.row(row)) == 1
