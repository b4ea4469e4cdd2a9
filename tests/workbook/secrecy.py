"""What stays where it belongs: restricted indicators, named rows of lists, the marks; and words that are switched off."""

import json
import re
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
from recompute.plan import Plan, squeeze
from recompute.submissions import standing

from . import books
from .checklist import MARK, NOTE, SAMPLE

RANKS = ("位次", "名次", "前三位")
# Names shorter than this occur in ordinary words.
NAME_MIN = 5


def texts(path):
    """All text of all parts of a workbook, with nothing left out."""
    with zipfile.ZipFile(path) as archive:
        return "\n".join(unescape(archive.read(name).decode("utf-8", "replace")) for name in archive.namelist() if name.endswith((".xml", ".rels")))


def owner(plan, path):
    """The department a book is for; None for the whole one."""
    return next((d["code"] for d in plan.departments if f"_{d['name']}_" in path.name), None)


def check(workspace, period, show):
    """Every fault of the newest version's books."""
    plan = Plan(workspace, period)
    shown = json.loads(Path(show).read_text(encoding="utf-8"))
    folder = Path(workspace) / "var/reports" / period / f"v{shown['version']}"
    stored = {path: texts(path) for path in books.books(folder)}
    rows = [row for measure in shown["measures"] for row in measure["indicators"]]
    faults, looked = [], 0
    for row in (row for row in rows if row["restricted"]):
        for path, text in stored.items():
            if owner(plan, path) in (None, row["owner"]):
                if row["title"] not in text:
                    faults.append(f"{path.name}: {row['title']} is not in its own book")
                continue
            looked += 1
            faults += [f"{path.name}: {fault}" for fault in restricted(path, text, row)]
    names = listed_names(plan, workspace, period)
    # Names are compared as they are matched: brackets of either width, no spaces.
    squeezed = {path: squeeze(text) for path, text in stored.items()}
    for department, found in names.items():
        for path, text in squeezed.items():
            if owner(plan, path) != department:
                faults += [f"{path.name}: names {name} of {department}'s list" for name in found if name in text]
    for path, text in stored.items():
        for word in (MARK, NOTE, SAMPLE):
            if word not in text:
                faults.append(f"{path.name}: no {word}")
    total = sum(len(found) for found in names.values())
    print(f"{looked} books without what is restricted, {total} names of lists looked for in {len(stored)} books")
    if not looked or total < 100:
        faults.append(f"only {looked} books and {total} names to look for")
    return faults


def restricted(path, text, row):
    """Title, code and value of a restricted indicator in a book where they do not belong."""
    if row["title"] in text:
        yield f"tells {row['title']}"
    value = float(row["year_to_date"])
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        measure = re.match(r"\d\d ", sheet.title)
        if measure and int(measure[0]) != int(row["code"].split(".")[0]):
            continue
        for cells in sheet.iter_rows(min_row=5):
            values = [cell.value for cell in cells]
            if str(values[0]).split(" ")[0] == row["code"]:
                yield f"{sheet.title}!{cells[0].coordinate} holds its code"
            if sheet.title in ("主要指标", "指标明细", "更正说明") or measure:
                if value > 50 and any(isinstance(v, (int, float)) and v == value for v in values):
                    yield f"{sheet.title}!{cells[0].coordinate} holds its value {value}"


def listed_names(plan, workspace, period):
    """department → names on its lists that occur nowhere in the plan's own words."""
    words = squeeze("".join(path.read_text(encoding="utf-8") for folder in ("config", "pipelines") for path in sorted((Path(workspace) / folder).glob("*.toml"))))
    found = {}
    for (code, of), tables in standing(plan, period).items():
        dataset = plan.datasets[code]
        if dataset["shape"] != "records" or of != period or not any(column["name"] in ("name", "enterprise") for column in dataset["column"]):
            continue
        for department, table in tables.items():
            for row in table.rows:
                name = row.get("name") or row.get("enterprise")
                if name and len(str(name)) >= NAME_MIN and str(name) not in words:
                    found.setdefault(department, set()).add(str(name))
    return found


def switched(folder, what):
    """Every word of ranks, or every light of a region, that is left where `what` (ranks | region_lights) is switched off."""
    faults = []
    for path in books.books(folder):
        text = texts(path)
        if what == "ranks":
            faults += [f"{path.name}: {word}" for word in RANKS if word in text]
            continue
        if "各市亮灯" in text:
            faults.append(f"{path.name}: speaks of 各市亮灯")
        book = openpyxl.load_workbook(path)
        for sheet in (sheet for sheet in book.worksheets if sheet.title[:2].isdigit()):
            headings, rows = books.table(sheet)
            for row in (dict(zip(headings, (cell.value for cell in cells))) for cells in rows):
                # A measure where no light is left has no such column.
                light = row.get("亮灯", "—")
                if row["地区"] not in (None, "全省") and light != "—":
                    faults.append(f"{path.name}: {sheet.title} {row['地区']} {light}")
    return faults
