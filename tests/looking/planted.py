"""The self-test: one workbook a fault, each made wrong in one way, and each seen to be found; a sound one is passed."""

import openpyxl
from openpyxl.styles import Alignment, Font

from . import cells, office, pages

TEXT = "样例数据　非真实数据。截至6月底，应评价的48项指标中，绿灯34项、黄灯9项、红灯5项。"


def sound():
    """A sheet without a fault: mark, a wrapped text in a row high enough, a number that fits."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "内部资料　注意保存"
    sheet["A2"] = TEXT
    sheet["A2"].alignment = Alignment(wrap_text=True)
    sheet["A2"].font = Font(name="Arial", size=10)
    sheet["B2"] = 1604.2
    sheet["C2"] = "亿元"
    sheet.column_dimensions["A"].width = 45
    sheet.row_dimensions[2].height = 60
    return book, sheet


def number_too_wide(_, sheet):
    sheet["B2"].number_format = "#,##0.00"
    sheet["B2"] = 123456789012.5
    sheet.column_dimensions["B"].width = 4


def blank_page(book, _):
    sheet = book.create_sheet("空")
    sheet["A1"] = " "
    sheet.oddFooter.left.text = "内部资料　样例数据"


def no_mark(_, sheet):
    sheet["A2"] = TEXT.replace("样例数据", "")


def row_too_low(_, sheet):
    sheet.row_dimensions[2].height = 15


def paragraph_too_low(_, sheet):
    sheet.merge_cells("A4:C4")
    sheet["A4"] = TEXT * 3
    sheet["A4"].alignment = Alignment(wrap_text=True)
    sheet.row_dimensions[4].height = 15


def heading_cut(_, sheet):
    sheet["B1"], sheet["C1"] = "与全省增速之差（百分点）", "单位"


def link_cut(_, sheet):
    sheet["B1"], sheet["C1"] = "通过“国家窗口”指导的集成电路项目投资", "单位"
    sheet["B1"].alignment = Alignment(wrap_text=True)
    sheet["B1"].hyperlink = "#Sheet!A1"
    sheet.row_dimensions[1].height = 90


def glyph_missing(_, sheet):
    sheet["C2"] = "亿元\U0010f8f0"


def page_too_many(_, sheet):
    sheet.row_breaks.append(openpyxl.worksheet.pagebreak.Break(id=1))


# Each fault, and words of the message that must name it.
FAULTS = [
    (number_too_wide, "###"),
    (blank_page, "blank"),
    (no_mark, "no sample mark"),
    (row_too_low, "points for text that needs"),
    (paragraph_too_low, "for a paragraph that needs"),
    (heading_cut, "wider than its cell"),
    (link_cut, "wider than its cell"),
    (glyph_missing, "no font has"),
    (page_too_many, "pages, 1 expected"),
]


def seen(profile, book, folder):
    """Everything any check says of a book."""
    path = folder / "planted.xlsx"
    book.save(path)
    pdf, _ = office.convert(profile, path, "pdf", folder)
    found = pages.faults(pdf)
    found += pages.unexpected(pages.per_sheet(pdf)[:1], {"Sheet": 1})
    return found + cells.cut_rows(profile, path, folder / "heights") + cells.cut_lines(path) + cells.missing_glyphs(path)


def run(profile, out):
    """Plants each fault; gives how many were missed or invented."""
    wrong = 0
    for plant, words in [(None, None), *FAULTS]:
        book, sheet = sound()
        name = plant.__name__ if plant else "sound"
        if plant:
            plant(book, sheet)
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        found = seen(profile, book, folder)
        right = any(words in fault for fault in found) if plant else not found
        wrong += not right
        print(f"{name}: {'found' if plant and right else 'passed' if right else 'WRONG'}: {'; '.join(found) or 'nothing'}")
    return wrong
