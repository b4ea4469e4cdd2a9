"""The basics of an accessible statistical workbook, as the UK Analysis Function's checklist has them, and what the office adds.

Kept from the list: marked-up and named tables with one header row each, no merged cell, blank row or empty cell inside, wrapped text,
nothing hidden, unique sheet names, no empty sheet, a contents page whose links lead somewhere, the cursor in A1, title, author and
subject among the properties, no colour that says something alone, contrast, text alternatives for charts, no picture, no macro.
Otherwise by intent: the mark stands in A1 and the title in A2 (an office looks for the mark there); headings are frozen and filterable;
the mark and the page number stand in the footer too.
"""

import re
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from . import books

BYTES_MAX = 1 << 20
FREE = ("封面", "总览")
FORBIDDEN = ("考核", "通报", "排名", "晾晒")
MARK, SAMPLE = "内部资料　注意保存", "样例数据　非真实数据"
NOTE = "部门调度数据，以统计部门发布为准，仅供内部工作参考"
LINK = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)$")


def check(folder):
    """Every fault of every book of a version."""
    faults = []
    for path in books.books(folder):
        book = openpyxl.load_workbook(path)
        found = [*package(path), *properties(book), *sheets(book), *words(book)]
        for sheet in book.worksheets:
            found += [f"{sheet.title}: {fault}" for fault in [*hidden(sheet), *paper(sheet), *tables(sheet), *cells(sheet), *links(book, sheet)]]
        found += contents(book)
        faults += [f"{path.name}: {fault}" for fault in found]
    print(f"{len(books.books(folder))} books held against the list")
    return faults


def package(path):
    """Size, parts, charts' alternatives and caches."""
    size = path.stat().st_size
    if size >= BYTES_MAX:
        yield f"{size} bytes, {BYTES_MAX} at most"
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.search(r"vbaProject|externalLink|/media/|comments|activeX|embeddings", name):
                yield f"holds {name}"
            text = archive.read(name).decode("utf-8", "replace") if name.endswith(".xml") else ""
            if name.startswith("xl/drawings/drawing"):
                for frame in re.findall(r"<xdr:cNvPr\b[^>]*>", text):
                    if not re.search(r'descr="[^"]{4,}"', frame):
                        yield f"{name}: no text alternative in {frame}"
            if name.startswith("xl/charts/chart"):
                for reference in re.findall(r"<c:(?:numRef|strRef)>.*?</c:(?:numRef|strRef)>", text, re.S):
                    if "Cache>" not in reference:
                        yield f"{name}: a reference without its values: {reference[:80]}"
            if any(word in text for word in FORBIDDEN):
                yield f"{name}: one of {FORBIDDEN}"
            for cell in re.findall(r"<c [^>]*><f[^>]*>.*?</c>", text) if name.startswith("xl/worksheets/") else ():
                if "<v>" not in cell:
                    yield f"{name}: a formula without its value: {cell[:80]}"


def properties(book):
    """Title, author, subject."""
    for field in ("title", "creator", "subject", "keywords", "category"):
        if not getattr(book.properties, field):
            yield f"no {field} among the properties"
    if SAMPLE not in (book.properties.description or ""):
        yield "the properties do not say that it is a sample"


def sheets(book):
    """Names, order, cursor."""
    names = book.sheetnames
    if len({name.lower() for name in names}) != len(names) or any(not 1 < len(name) <= 31 for name in names):
        yield f"sheet names {names}"
    if names[0] != "封面" or book.active.title != "封面":
        yield "does not open on its cover"
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield f"{sheet.title} is hidden"
        if sheet.max_row < 4:
            yield f"{sheet.title} is empty"
        for selection in sheet.views.sheetView[0].selection:
            # Frozen both ways, the two panes without the cursor name their own first cell.
            if selection.activeCell not in (None, "A1") and selection.pane not in ("topRight", "bottomLeft"):
                yield f"{sheet.title}: the cursor stands in {selection.activeCell}"
    seen = [name for sheet in book.worksheets for name in sheet.tables]
    if len(seen) != len(set(seen)):
        yield "two tables of one name"


def hidden(sheet):
    """Nothing is hidden."""
    for kind, dimensions in (("row", sheet.row_dimensions), ("column", sheet.column_dimensions)):
        for key, one in dimensions.items():
            if one.hidden or one.height == 0 if kind == "row" else one.hidden or one.width == 0:
                yield f"{kind} {key} is hidden"


def paper(sheet):
    """A4, one page wide, footer with mark, sample mark and page number; the mark on top; the note or the version line."""
    if str(sheet.page_setup.paperSize) != "9" or not sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.page_setup.fitToWidth not in (None, 1):
        yield "is not set up for A4, one page wide"
    footer = "".join(part.text or "" for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right))
    for word in (MARK, SAMPLE, "&P"):
        if word not in footer and word.strip("&") not in footer:
            yield f"the footer lacks {word}: {footer}"
    if not str(sheet["A1"].value).startswith(MARK):
        yield f"A1 holds {sheet['A1'].value}"
    top = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row if cell.value)
    if SAMPLE not in top or not sheet["A2"].value:
        yield f"no title or no sample mark on top: {top}"


def tables(sheet):
    """Named tables with one header row, whole and without holes; the first frozen and repeated.

    A measure's sheet has the months of its indicators in a second table below the figures, under a title of its own.
    """
    if sheet.title == "封面":
        return
    if len(sheet.tables) != 1 and sheet.title not in FREE and not sheet.title[:2].isdigit():
        yield f"{len(sheet.tables)} tables"
    ordered = sorted(((one.name, one) for one in sheet.tables.values()), key=lambda one: range_boundaries(one[1].ref)[1])
    ends = [range_boundaries(table.ref)[3] for _, table in ordered]
    for at, (name, table) in enumerate(ordered):
        if at and sheet.title not in FREE:
            top = range_boundaries(table.ref)[1]
            if top < ends[at - 1] + 3 or not sheet.cell(top - 1, 1).value or any(cell.value for cell in sheet[top - 2]):
                yield f"table {name} stands at row {top} without an empty row and a title above it"
        left, top, right, bottom = range_boundaries(table.ref)
        if not re.fullmatch(r"[a-z][a-z0-9_]{3,}", name) or table.headerRowCount != 1:
            yield f"table {name} has no meaningful name or not one header row"
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
        if any(not heading or str(heading).startswith(("Column", "列")) for heading in headings) or len(set(headings)) != len(headings):
            yield f"table {name}: headings {headings}"
        for merged in sheet.merged_cells.ranges:
            if merged.min_row <= bottom and merged.max_row >= top and merged.min_col <= right and merged.max_col >= left:
                yield f"table {name}: merged {merged}"
        yield from holes(sheet, name, (left, top, right, bottom))
        if sheet.title not in FREE and not at:
            row, _ = coordinate_to_tuple(sheet.freeze_panes or "A1")
            if row != top + 1:
                yield f"frozen at {sheet.freeze_panes}, the table begins in row {top}"
            if sheet.print_title_rows.replace("$", "") != f"{top}:{top}":
                yield f"repeats {sheet.print_title_rows}"


def holes(sheet, name, bounds):
    """Blank rows, columns and cells of a table; a table that says there is nothing is one text."""
    left, top, right, bottom = bounds
    if bottom == top + 1 and [sheet.cell(bottom, column).value for column in range(left + 1, right + 1)] == [None] * (right - left):
        return
    sparkline = {str(sheet.cell(top, column).value).split("\n")[0] for column in range(left, right + 1)} & {"走势", "趋势", "月度走势"}
    for row in range(top + 1, bottom + 1):
        for column in range(left, right + 1):
            if sheet.cell(row, column).value in (None, "") and sheet.cell(top, column).value not in sparkline:
                yield f"table {name}: {sheet.cell(row, column).coordinate} is empty"


def luminance(rgb):
    """Relative luminance by WCAG."""
    parts = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def cells(sheet):
    """Contrast, colour with a word, wrapping, no errors, no formula made of a text."""
    for row in sheet.iter_rows():
        for cell in row:
            ground = cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type == "solid" and isinstance(cell.fill.fgColor.rgb, str) else "FFFFFF"
            ink = cell.font.color.rgb[-6:] if cell.font.color is not None and isinstance(cell.font.color.rgb, str) else "000000"
            if cell.value is None:
                continue
            light, dark = sorted((luminance(ground), luminance(ink)), reverse=True)
            if (light + 0.05) / (dark + 0.05) < 4.5:
                yield f"{cell.coordinate}: {ink} on {ground} is hard to read"
            if cell.font.sz and cell.font.sz < 9:
                yield f"{cell.coordinate}: {cell.font.sz} points are small"
            if cell.data_type == "e":
                yield f"{cell.coordinate} holds the error {cell.value}"
            if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@") and cell.data_type != "f" and not cell.quotePrefix:
                yield f"{cell.coordinate}: {cell.value[:20]} would become a formula on editing"
            long = isinstance(cell.value, str) and len(cell.value) > 60 and cell.row > 4 and cell.data_type != "f"
            if long and not cell.alignment.wrap_text:
                yield f"{cell.coordinate}: a long text is not wrapped"


def links(book, sheet):
    """Every link stays in the book and leads to a cell that holds something."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is None:
                continue
            found = LINK.match(cell.hyperlink.location or "")
            if cell.hyperlink.target or not found:
                yield f"{cell.coordinate} leads out to {cell.hyperlink.target or cell.hyperlink.location}"
                continue
            name = (found[1] or found[2]).replace("''", "'")
            if name not in book.sheetnames or book[name][f"{found[3]}{found[4]}"].value is None:
                yield f"{cell.coordinate} leads to {cell.hyperlink.location}, where nothing is"


def contents(book):
    """The cover lists every other sheet, each with its link."""
    targets = [cell.hyperlink.location for row in book["封面"].iter_rows() for cell in row if cell.hyperlink]
    led = [(LINK.match(target)[1] or LINK.match(target)[2]).replace("''", "'") for target in targets]
    if led != book.sheetnames[1:]:
        yield f"the contents lead to {led}, the sheets are {book.sheetnames[1:]}"
    if NOTE not in " ".join(str(cell.value) for row in book["封面"].iter_rows() for cell in row if cell.value):
        yield "the cover lacks the note"


def words(book):
    """Words that never stand in a book."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                for word in FORBIDDEN:
                    if isinstance(cell.value, str) and word in cell.value:
                        yield f"{sheet.title}!{cell.coordinate}: {word} in {cell.value[:40]}"
