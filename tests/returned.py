#!/usr/bin/env python3
"""Returned workbooks (退回修改) as other programs see them.

    python3 tests/returned.py make SOURCE FOLDER       SOURCE with three faults, as many programs would write it; prints file → marked cells
    python3 tests/returned.py look ORIGINAL BACK CELL… each marked cell (SHEET!A1) has its ground and, where it had none, our comment; no
                                                       other has; parts that need not change did not
    python3 tests/returned.py save HOW FILE OUT        saved once more: HOW is openpyxl or libreoffice
    python3 tests/returned.py type FILE OUT CELL TEXT  writes TEXT into 情况说明 beside the finding at CELL
    python3 tests/returned.py put FILE OUT CELL VALUE… corrects cells (through openpyxl)
    python3 tests/returned.py bare FILE ORIGINAL       no mark of ours is left, and each cell looks as it did
    python3 tests/returned.py sign FILE OUT            the same with a signature
    python3 tests/returned.py sheets FILE              the names of its sheets

Exit 0: nothing found; 1: one line per fault; 2: a package or program is missing.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.protection import WorkbookProtection

LIST = "数据审核意见"
GROUNDS = ("FFFCE4E3", "FFFFF3D5")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# What a marking touches.
TOUCHED = ("[Content_Types].xml", "workbook.xml", "_rels/", "styles.xml", "worksheets/sheet", "comments", "vml", "legacydrawing")
FAULTS = [("技改投资", "C7", "二十八万多"), ("企业技术中心", "B5", "苏州市"), ("技改投资", "C9", None)]


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def write(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)


def rewritten(path, change):
    """Each part's text through `change(name, text)`."""
    content = {}
    for name, data in parts(path).items():
        is_text = name.endswith((".xml", ".rels", ".vml"))
        content[name] = change(name, data.decode()).encode() if is_text else data
    write(path, content)


def planted(source):
    workbook = openpyxl.load_workbook(source)
    for sheet, cell, value in FAULTS:
        workbook[sheet][cell] = value
    return workbook


def strict(name, text):
    text = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    return text.replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")


def prefixed(name, text):
    if f'xmlns="{MAIN}"' not in text:
        return text
    text = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    return re.sub(r"<(/?)(?![?!/]|\w+:)(\w)", r"<\1x:\2", text)


def unnumbered(name, text):
    """As some writers do: rows and cells in their order, without numbers, where none is left out."""
    if "worksheets/sheet" not in name:
        return text
    rows = re.findall(r'<row r="(\d+)"', text)
    if rows != [str(number) for number in range(1, len(rows) + 1)]:
        return text
    return re.sub(r'<row r="\d+"', "<row", text)


def without_fills(name, text):
    return re.sub(r"<fills.*?</fills>", "", text, flags=re.S) if name.endswith("styles.xml") else text


def absolute(name, text):
    if name.endswith("workbook.xml.rels"):
        return re.sub(r'Target="(?!/)', 'Target="/xl/', text)
    return text


def with_thread(path):
    """A thread at the first fault, as Excel 365 writes it."""
    content = parts(path)
    workbook = content["xl/workbook.xml"].decode()
    place = re.search(r'name="技改投资"[^>]*r:id="(\w+)"', workbook).group(1)
    target = re.search(rf'<Relationship [^>]*Target="/?(?:xl/)?([^"]+)"[^>]*Id="{place}"|<Relationship [^>]*Id="{place}"[^>]*Target="/?(?:xl/)?([^"]+)"', content["xl/_rels/workbook.xml.rels"].decode())
    sheet = target.group(1) or target.group(2)
    rels = f"xl/worksheets/_rels/{sheet.rsplit('/', 1)[1]}.rels"
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    content[rels] = content[rels].replace(
        b"</Relationships>", f'<Relationship Id="rIdT" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>'.encode()
    )
    content["xl/threadedComments/threadedComment1.xml"] = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="C7" dT="2022-07-01T00:00:00" personId="{00000000-0000-0000-0000-000000000001}" id="{00000000-0000-0000-0000-000000000002}">'
        "<text>请核实</text></threadedComment></ThreadedComments>"
    ).encode()
    kind = "application/vnd.ms-excel.threadedcomments+xml"
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        b"</Types>", f'<Override PartName="/xl/threadedComments/threadedComment1.xml" ContentType="{kind}"/></Types>'.encode()
    )
    write(path, content)


def make(source, folder):
    folder = pathlib.Path(folder)
    expected = {}

    def keep(name, workbook=None, change=None, quiet=()):
        path = folder / name / pathlib.Path(source).name
        path.parent.mkdir(parents=True, exist_ok=True)
        (workbook or planted(source)).save(path)
        if change:
            rewritten(path, change)
        expected[str(path)] = {"cells": [f"{sheet}!{cell}" for sheet, cell, _ in FAULTS], "quiet": list(quiet)}
        return path

    keep("openpyxl")
    workbook = planted(source)
    sheet = workbook["先进制造业投资"]
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=3, max_row=14), titles_from_data=True)
    sheet.add_chart(chart, "H2")
    workbook["技改投资"].add_chart(BarChart(), "H2")
    keep("charts", workbook)
    workbook = planted(source)
    workbook["技改投资"]["C5"].comment = Comment("上年口径", "李四")
    workbook["技改投资"]["C7"].comment = Comment("请核实", "李四")
    keep("comments", workbook, quiet=["技改投资!C7"])
    workbook = planted(source)
    workbook["技改投资"]["C7"].comment = Comment("[Threaded comment]", "tc={00000000-0000-0000-0000-000000000002}")
    with_thread(keep("threads", workbook, quiet=["技改投资!C7"]))
    workbook = planted(source)
    for sheet in workbook:
        sheet.print_area = "A1:D20"
        sheet.print_title_rows = "1:3"
        sheet.auto_filter.ref = "A3:C12"
    keep("print-areas", workbook)
    workbook = planted(source)
    workbook.active = 1
    for sheet in workbook.worksheets[:3]:
        sheet.sheet_view.tabSelected = True
    keep("second-tab-active", workbook)
    workbook = planted(source)
    for sheet in workbook:
        sheet.protection.sheet = True
    workbook.security = WorkbookProtection(lockStructure=True)
    keep("protected", workbook)
    keep("prefixed", change=prefixed)
    keep("strict", change=strict)
    keep("wps-like", change=lambda name, text: absolute(name, without_fills(name, unnumbered(name, text))))
    if shutil.which("soffice"):
        path = keep("libreoffice")
        saved = path.parent / "saved" / path.name
        save("libreoffice", path, saved)
        saved.replace(path)
        # Computed anew, the total no longer fits.
        expected[str(path)]["cells"].append("技改投资!C16")
    print(json.dumps(expected, ensure_ascii=False))


def save(how, path, out):
    out = pathlib.Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    if how == "openpyxl":
        openpyxl.load_workbook(path).save(out)
        return
    if not shutil.which("soffice"):
        print("missing: soffice")
        sys.exit(2)
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out.parent), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)


def plain(path):
    """The same workbook as openpyxl reads it: it knows Transitional packages alone."""
    content = {}
    for name, data in parts(path).items():
        data = data.replace(b"http://purl.oclc.org/ooxml/spreadsheetml/main", MAIN.encode())
        content[name] = data.replace(b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships")
    out = pathlib.Path(tempfile.mkdtemp()) / "plain.xlsx"
    write(out, content)
    return openpyxl.load_workbook(out)


def read(path):
    """The same; `None` where openpyxl cannot read it (a styles part without fills)."""
    try:
        return plain(path)
    except IndexError:
        return None


def ground(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None


def marks(workbook):
    filled, noted = set(), set()
    for sheet in workbook:
        if sheet.title == LIST:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                place = f"{sheet.title}!{cell.coordinate}"
                if ground(cell) in GROUNDS:
                    filled.add(place)
                if cell.comment and (cell.comment.author or "") == "wenjin":
                    noted.add(place)
    return filled, noted


def look(original, back, cells, quiet=(), again=False):
    faults = []
    before, after = parts(original), parts(back)
    changed = [name for name, data in before.items() if after.get(name) != data]
    faults += [f"a part that need not change did: {name}" for name in changed if not any(one in name for one in TOUCHED)]
    types = after["[Content_Types].xml"].decode()
    ends = [end.lower() for end in re.findall(r'Default[^>]*Extension="(\w+)"', types)]
    faults += [f"two defaults for .{end}" for end in set(ends) if ends.count(end) > 1]
    workbook, was = plain(back), read(original)
    if again and LIST in was.sheetnames:
        # Marked once more: what was there before is not compared, only what is there now.
        was, changed, faults = None, [], []
    if was and workbook.sheetnames != [LIST, *was.sheetnames]:
        faults.append(f"sheets: {workbook.sheetnames[:4]}")
    chosen = [sheet.title for sheet in workbook if sheet.sheet_view.tabSelected]
    if chosen != [LIST] or workbook.active.title != LIST:
        faults.append(f"chosen tabs {chosen}, active {workbook.active.title}")
    for sheet in was or []:
        if sheet.print_area and workbook[sheet.title].print_area != sheet.print_area:
            faults.append(f"print area of {sheet.title}: {workbook[sheet.title].print_area}")
        if sheet.protection.sheet != workbook[sheet.title].protection.sheet:
            faults.append(f"protection of {sheet.title}")
        for row in sheet.iter_rows():
            for cell in row:
                now = workbook[sheet.title][cell.coordinate]
                if (now.value, now.number_format, repr(now.font), repr(now.alignment)) != (cell.value, cell.number_format, repr(cell.font), repr(cell.alignment)):
                    faults.append(f"{sheet.title}!{cell.coordinate} is not what it was")
                if cell.comment and (now.comment is None or now.comment.text != cell.comment.text):
                    faults.append(f"comment of {sheet.title}!{cell.coordinate}")
    filled, noted = marks(workbook)
    if filled != set(cells):
        faults.append(f"marked {sorted(filled)}, expected {sorted(cells)}")
    if not again and noted != set(cells) - set(quiet):
        faults.append(f"comments at {sorted(noted)}")
    if again and not noted <= set(cells):
        faults.append(f"comments at {sorted(noted)}")
    return faults


def type_in(path, out, place, text):
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[LIST]
    name, cell = place.rsplit("!", 1)
    rows = [row for row in sheet.iter_rows(min_row=6) if row[2].value == name and re.split("[等、]", str(row[3].value))[0] == cell]
    rows = [row for row in rows if "请说明" in str(row[1].value)] or rows
    rows[0][8].value = text
    pathlib.Path(out).parent.mkdir(parents=True, exist_ok=True)
    workbook.save(out)


def bare(path, original):
    workbook, was = plain(path), plain(original)
    filled, noted = marks(workbook)
    faults = [f"still marked: {place}" for place in sorted(filled | noted)]
    for sheet in was:
        for row in sheet.iter_rows():
            for cell in row:
                now = workbook[sheet.title][cell.coordinate]
                if (ground(now) or None) != (ground(cell) or None) or now.number_format != cell.number_format:
                    faults.append(f"{sheet.title}!{cell.coordinate}: {ground(now)} {now.number_format}, was {ground(cell)} {cell.number_format}")
    return faults


def main():
    command, *rest = sys.argv[1:]
    faults = []
    if command == "make":
        make(*rest)
    elif command == "look":
        cells = [cell for cell in rest[2:] if "!" in cell and not cell.startswith("quiet:")]
        quiet = [cell.removeprefix("quiet:") for cell in rest[2:] if cell.startswith("quiet:")]
        faults = look(rest[0], rest[1], cells, quiet, "again" in rest[2:])
    elif command == "save":
        save(*rest)
    elif command == "type":
        type_in(*rest)
    elif command == "put":
        workbook = openpyxl.load_workbook(rest[0])
        for place, value in zip(rest[2::2], rest[3::2]):
            sheet, cell = place.rsplit("!", 1)
            workbook[sheet][cell] = float(value) if re.fullmatch(r"-?[\d.]+", value) else value or None
        pathlib.Path(rest[1]).parent.mkdir(parents=True, exist_ok=True)
        workbook.save(rest[1])
    elif command == "sign":
        content = parts(rest[0])
        content["_xmlsignatures/origin.sigs"] = b""
        pathlib.Path(rest[1]).parent.mkdir(parents=True, exist_ok=True)
        write(rest[1], content)
    elif command == "sheets":
        print(*openpyxl.load_workbook(rest[0]).sheetnames)
    elif command == "bare":
        faults = bare(*rest)
    for fault in faults[:20]:
        print(fault)
    sys.exit(1 if faults else 0)


main()
