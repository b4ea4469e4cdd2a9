"""Cells that do not show all of their text, and characters no font has.

Rows: LibreOffice is made to forget the heights and to find the best ones; a row that is lower than its best cuts its text.
Merged paragraphs, which it does not measure, are laid out once more, each in one cell as wide as its range.
Lines: text that does not wrap (a link's never does in LibreOffice) must find room before the next cell that holds something.
"""

import re
import unicodedata
import warnings
import zipfile

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from . import office

# Points a row may be lower than LibreOffice would make it: less than a fifth of a line.
TOLERANCE = 2.5
POINTS_PER_WIDTH = 7 * 72 / 96


def opened(book):
    """The workbook; openpyxl does not know sparklines and says so, which is no fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(book)


def without_heights(book, target):
    """A copy of the book whose rows have no height of their own."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(r'(<row [^>]*?) ht="[^"]*"', r"\1", data.decode())
                data = re.sub(r'(<row [^>]*?) customHeight="(1|true)"', r"\1", text).encode()
            new.writestr(name, data)


def best_heights(profile, book, folder):
    """The book with the heights LibreOffice finds best: it looks for them in a flat file that has none."""
    flat, _ = office.convert(profile, book, "fods", folder)
    text = re.sub(r' style:row-height="[^"]*"', "", flat.read_text())
    # Without its filters: LibreOffice would keep room for their buttons, which are not printed.
    text = re.sub(r"<table:database-ranges>.*?</table:database-ranges>", "", text, flags=re.DOTALL)
    flat.write_text(text)
    measured = folder / "measured"
    best, _ = office.convert(profile, flat, "xlsx", measured)
    return opened(best)


def width(sheet, column):
    """A column's width in points."""
    dimension = sheet.column_dimensions.get(get_column_letter(column))
    for other in sheet.column_dimensions.values():
        if other.min and other.min <= column <= other.max:
            dimension = other
    return (dimension.width if dimension and dimension.width else 9.14) * POINTS_PER_WIDTH


def text_width(cell):
    """About the points a text on one line takes."""
    size = cell.font.size or 10
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in cell.value)
    return size * (wide + 0.55 * (len(cell.value) - wide))


def cut_rows(profile, book, folder):
    """Rows that are lower than their text."""
    folder.mkdir(parents=True, exist_ok=True)
    without_heights(book, folder / "free.xlsx")
    drawn, best = opened(book), best_heights(profile, folder / "free.xlsx", folder)
    found = []
    paragraphs = []
    for sheet in drawn:
        for row, dimension in sheet.row_dimensions.items():
            height = dimension.height
            needed = best[sheet.title].row_dimensions[row].height
            if height and needed and needed > height + TOLERANCE:
                found.append(f"{sheet.title}!{row}: {height} points for text that needs {needed}")
        for merged in sheet.merged_cells.ranges:
            cell = sheet.cell(merged.min_row, merged.min_col)
            height = sum(sheet.row_dimensions[row].height or 12.75 for row in range(merged.min_row, merged.max_row + 1))
            across = sum(width(sheet, column) for column in range(merged.min_col, merged.max_col + 1))
            if isinstance(cell.value, str):
                paragraphs.append((f"{sheet.title}!{merged}", cell, across, height))
    return found + cut_paragraphs(profile, paragraphs, folder)


def cut_paragraphs(profile, paragraphs, folder):
    """Merged ranges that are lower than their text."""
    if not paragraphs:
        return []
    book = openpyxl.Workbook()
    for at, (_, cell, across, _) in enumerate(paragraphs, 1):
        copy = book.active.cell(at, at, cell.value)
        copy.font = Font(name=cell.font.name, size=cell.font.size, bold=cell.font.bold)
        copy.alignment = Alignment(wrap_text=True)
        book.active.column_dimensions[get_column_letter(at)].width = across / POINTS_PER_WIDTH
    book.save(folder / "paragraphs.xlsx")
    best = best_heights(profile, folder / "paragraphs.xlsx", folder).active
    found = []
    for at, (place, _, _, height) in enumerate(paragraphs, 1):
        needed = best.row_dimensions[at].height or 0
        if needed > height + TOLERANCE:
            found.append(f"{place}: {height} points for a paragraph that needs {needed}")
    return found


def cut_lines(book):
    """Texts on one line that are wider than the room before the next cell."""
    found = []
    for sheet in opened(book):
        merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row}
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, str) or (cell.row, cell.column) in merged:
                    continue
                if cell.alignment.wrap_text and not cell.hyperlink:
                    continue
                room, column = width(sheet, cell.column), cell.column + 1
                # A text to the left runs on over empty cells; one in a cell with a border or ground looks cut at once.
                while cell.alignment.horizontal in (None, "general", "left") and column <= sheet.max_column:
                    if sheet.cell(cell.row, column).value is not None:
                        break
                    room += width(sheet, column)
                    column += 1
                if text_width(cell) > room * 1.02:
                    found.append(f"{sheet.title}!{cell.coordinate}: {cell.value[:24]!r} is wider than its cell")
    return found


def missing_glyphs(book):
    """Characters of the book that no installed font has."""
    characters = set()
    for sheet in opened(book):
        for row in sheet.iter_rows(values_only=True):
            characters.update(character for value in row if isinstance(value, str) for character in value)
    # Most are in any Chinese font: asking once for those of a common range saves a thousand questions.
    asked = sorted(character for character in characters if character not in "\n\t\r" and not is_common(character))
    return [f"no font has {character!r} (U+{ord(character):04X})" for character in asked if not office.has_glyph(character)]


def is_common(character):
    """ASCII and the characters of GB 2312, which any Chinese font has: `tests/look` makes sure first that there is one."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
