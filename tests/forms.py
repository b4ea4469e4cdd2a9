#!/usr/bin/env python3
"""Forms (调度表) filled in as an officer would, from a model of figures, and held against what the ledger took from them.

    python3 tests/forms.py fill WORKSPACE PERIOD FORM OUT [--bare] [--as-is] [--empty SHEET]… [--say SHEET ROW TEXT]…
    python3 tests/forms.py compare WORKSPACE PERIOD MODEL…   each figure that was filled in stands in the ledger, and no other
    python3 tests/forms.py convert FILE OUT                   saved once more by LibreOffice
    python3 tests/forms.py look FORM                          what a form must have

`fill` writes OUT and OUT.json, the model. Nothing is taken from the program but the form and last month's accepted tables.
Exit 0: nothing found; 1: one line per fault; 2: a package or program is missing.
"""

import argparse
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from decimal import ROUND_HALF_UP, Decimal

import column_file
import openpyxl

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUIDE, HIDDEN, REMARKS, TICK = "填报说明", "_wenjin", "情况说明", "本月无新增"
PAST = ("上月已报", "上期已报")


def datasets(workspace):
    """Every dataset of the workspace's pipelines, by its first sheet name."""
    found = {}
    for file in sorted((pathlib.Path(workspace) / "pipelines").glob("*.toml")):
        for dataset in tomllib.loads(file.read_text()).get("dataset", []):
            found[dataset["sheet"][0]] = dataset
    return found


def regions(workspace):
    """Name and short name of each city → its code."""
    config = tomllib.loads((pathlib.Path(workspace) / "config/regions.toml").read_text())
    return {name: city["code"] for city in config["region"] for name in (city["name"], city["short_name"])}


def past(workspace, department, dataset, period):
    """The newest accepted table before the period, as the ledger has it."""
    ledger = sqlite3.connect(pathlib.Path(workspace) / "var/ledger.sqlite")
    row = ledger.execute(
        "SELECT o.body, o.packed FROM observations o JOIN submissions s ON s.id = o.submission WHERE s.state = 'accepted' AND o.department = ?"
        " AND o.dataset = ? AND o.period < ? ORDER BY o.period DESC, s.received_at DESC, s.id DESC LIMIT 1",
        (department, dataset, period),
    ).fetchone()
    return column_file.table(*row) if row else None


def column(table, name):
    """A column's values as the ledger has them."""
    for one in table["columns"] if table else []:
        if one["name"] == name:
            return next(iter(one["values"].values()))
    return []


def plain(text):
    """A heading without blanks, stars and units."""
    text = re.sub(r"\s+", "", str(text or "")).rstrip("*").strip()
    return re.sub(r"（[^（）]*）$", "", text) if not any(word in text for word in PAST) else text


class Sheet:
    """One table of a form: where its headings stand."""

    def __init__(self, sheet, dataset, period):
        self.sheet, self.dataset = sheet, dataset
        self.across = dataset.get("regions_across", False)
        month = int(period[5:7]) - dataset.get("lag", 0)
        fill = lambda label: label.replace("{month}", str(month))
        labels = {plain(fill(spec["label"][0]).split("/")[-1]): spec for spec in dataset["column"]}
        self.columns, self.heading = {}, None
        for row in range(1, 9):
            for cell in sheet[row]:
                if cell.value is None:
                    continue
                text = plain(cell.value)
                if not self.across and text == REMARKS and self.heading is None:
                    self.heading = row
                    self.remarks = cell.column
        if self.across:
            self.heading = next(r for r in range(1, 9) if plain(sheet.cell(r, 1).value) in labels)
            self.rows = {}
            for row in range(self.heading + 1, sheet.max_row + 1):
                spec = labels.get(plain(sheet.cell(row, 1).value))
                if spec:
                    self.rows[spec["name"]] = row
                if plain(sheet.cell(row, 1).value) == REMARKS:
                    self.remarks = row
            return
        self.bottom = max((r.max_row for r in sheet.merged_cells.ranges if r.min_row == self.heading), default=self.heading)
        for row in range(self.heading, self.bottom + 1):
            for cell in sheet[row]:
                spec = labels.get(plain(cell.value)) if cell.value is not None else None
                if spec and spec["name"] not in self.columns:
                    self.columns[spec["name"]] = cell.column
        missing = [spec["name"] for spec in dataset["column"] if spec["name"] not in self.columns]
        if missing:
            sys.exit(f"{sheet.title}: no heading for {missing}")

    def names(self):
        """The rows of the body: (row, what stands in the first column), up to the line 情况说明."""
        for row in range(self.bottom + 1, self.sheet.max_row + 1):
            first = self.sheet.cell(row, 1).value
            if first is not None and str(first).startswith(REMARKS):
                return
            yield row, first


def rounded(value, spec):
    places = Decimal(1).scaleb(-(spec.get("decimals") or 0)) if spec["type"] == "decimal" else Decimal(1)
    return Decimal(value).quantize(places, rounding=ROUND_HALF_UP)


def grown(value, spec, month):
    """This month's figure after `month` − 1 months of `value`."""
    return rounded(Decimal(value) * month / (month - 1), spec)


def number(value):
    return int(value) if value == value.to_integral_value() else float(value)


def figures(dataset, before, month):
    """The model of a table of cities or items: key → column → figure; `T` is the total, `B` what belongs to no city."""
    key = dataset["key"][0]
    keys = column(before, key)
    made = {k: {} for k in keys}
    numeric = [spec for spec in dataset["column"] if spec["type"] in ("integer", "decimal")]
    runs = dataset["accumulation"] == "cumulative"
    for spec in numeric:
        ratio = spec.get("unit") in ("%", "个百分点")
        for k, value in zip(keys, column(before, spec["name"])):
            if value is None or spec.get("month_of"):
                continue
            same = rounded(Decimal(str(value)), spec)
            made[k][spec["name"]] = same if ratio else grown(value, spec, month) if runs else same + 1
    for spec in numeric:
        if spec.get("month_of"):
            for k, value in zip(keys, column(before, spec["month_of"])):
                if value is not None:
                    made[k][spec["name"]] = made[k][spec["month_of"]] - Decimal(str(value))
    totals, rule = {}, dataset.get("total_rule", "equal")
    for spec in numeric:
        ratio = spec.get("unit") in ("%", "个百分点")
        parts = [made[k][spec["name"]] for k in keys if spec["name"] in made[k]]
        old = next((dict(map(tuple, t["values"])).get(spec["name"]) for t in (before or {}).get("totals", []) if t.get("kind", "whole") == "whole"), None)
        if ratio or rule == "independent":
            if old is not None:
                totals[spec["name"]] = rounded(Decimal(str(old)), spec)
        elif old is not None and rule == "at_least" and not spec.get("month_of"):
            beyond = Decimal(str(old)) - sum(Decimal(str(v)) for v in column(before, spec["name"]) if v is not None)
            totals[spec["name"]] = sum(parts) + (grown(beyond, spec, month) if abs(beyond) > Decimal("0.1") else 0)
        elif parts:
            totals[spec["name"]] = sum(parts)
    for spec in numeric:
        if spec.get("month_of") and spec["name"] in totals and rule == "at_least":
            old = next((dict(map(tuple, t["values"])).get(spec["month_of"]) for t in before["totals"] if t.get("kind", "whole") == "whole"), None)
            if old is not None:
                totals[spec["name"]] = totals[spec["month_of"]] - Decimal(str(old))
    return made, totals


def fill_table(table, workspace, department, period, cities):
    """Fills in a table of cities or items; returns what it holds, by key."""
    dataset, sheet = table.dataset, table.sheet
    before = past(workspace, department, dataset["code"], period)
    month = int(period[5:7]) - dataset.get("lag", 0)
    made, totals = figures(dataset, before, month)
    whole = "全省" if dataset["shape"] == "matrix" else "合计"
    model = {}
    if table.across:
        for cell in sheet[table.heading]:
            code = cities.get(cell.value)
            source = made.get(code, {}) if code else (totals if cell.value == whole else None)
            for name, value in (source or {}).items():
                sheet.cell(table.rows[name], cell.column).value = number(value)
            if code:
                model[code] = {n: str(v) for n, v in source.items()}
        return model
    for row, first in table.names():
        code = cities.get(first, first)
        source = made.get(code, totals if first == whole else None)
        for name, value in (source or {}).items():
            sheet.cell(row, table.columns[name]).value = number(value)
        if code in made:
            model[code] = {n: str(v) for n, v in source.items()}
    return model


def fill_list(table, workspace, department, period, cities):
    """Fills in what a list asks for anew and adds nothing; returns its rows by key."""
    dataset, sheet = table.dataset, table.sheet
    before = past(workspace, department, dataset["code"], period)
    month = int(period[5:7])
    key = dataset["key"]
    old = {}
    for at, _ in enumerate(column(before, key[0])):
        old[tuple(column(before, k)[at] for k in key)] = {s["name"]: column(before, s["name"])[at] for s in dataset["column"]}
    model = {}
    for row, _ in table.names():
        told = {s["name"]: sheet.cell(row, table.columns[s["name"]]).value for s in dataset["column"]}
        if told[key[0]] is None:
            continue
        if dataset["code"] == "lagging":
            if row % 2:
                continue
            told |= {"reason": "部分项目前期进度慢", "next_steps": "加快开工", "expected": "2022年9月"}
        named = tuple(told[k] for k in key)
        for spec in dataset["column"]:
            name = spec["name"]
            if told[name] is None and spec["type"] == "decimal" and "累计" in spec["label"][0] and named in old:
                value = grown(old[named][name], spec, month)
                limit = told.get("total_investment")
                if limit is not None:
                    value = min(value, Decimal(str(limit)))
                told[name] = number(value)
            sheet.cell(row, table.columns[name]).value = told[name]
        model["|".join(str(cities.get(k, k)) for k in named)] = {
            s["name"]: ledger_text(told[s["name"]], s, cities) for s in dataset["column"] if told[s["name"]] is not None
        }
    return model


def ledger_text(value, spec, cities):
    """A typed value as the ledger writes it."""
    if spec["type"] == "region":
        return cities.get(value, value)
    if spec["type"] in ("integer", "decimal"):
        return str(rounded(Decimal(str(value)), spec))
    if spec["type"] == "flag":
        return "true" if value == "是" else "false"
    return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else str(value)


def fill(arguments):
    """Fills in a form."""
    parser = argparse.ArgumentParser()
    for name in ("workspace", "period", "form", "out"):
        parser.add_argument(name)
    parser.add_argument("--bare", action="store_true", help="without the hidden sheet")
    parser.add_argument("--empty", action="append", default=[], help="this list's rows are taken out and 本月无新增 is ticked")
    parser.add_argument("--lower", action="append", default=[], nargs=2, help="SHEET CITY: its cumulative is below last month's")
    parser.add_argument("--say", action="append", default=[], nargs=3, help="SHEET ROW TEXT: words in 情况说明 of the row that is called so")
    a = parser.parse_args(arguments)
    known, cities = datasets(a.workspace), regions(a.workspace)
    book = openpyxl.load_workbook(a.form)
    hidden = {row[0].value: row[1].value for row in book[HIDDEN].iter_rows(max_col=2)}
    department = hidden["department"]
    model = {"department": department, "period": hidden["period"], "tables": {}}
    for sheet in book:
        if sheet.title in (GUIDE, HIDDEN):
            continue
        table = Sheet(sheet, known[sheet.title], a.period)
        filler = fill_list if table.dataset["shape"] == "records" else fill_table
        model["tables"][table.dataset["code"]] = filler(table, a.workspace, department, a.period, cities)
        if sheet.title in a.empty:
            for row, _ in list(table.names()):
                for cell in sheet[row]:
                    cell.value = None
            sheet.cell(3, 3).value = "√"
            model["tables"][table.dataset["code"]] = {}
        for name, city in a.lower:
            if name == sheet.title:
                row = next(row for row, first in table.names() if first == city)
                cell = sheet.cell(row, table.columns["paid_total"])
                gone = Decimal(str(cell.value)) / 2
                cell.value = number(rounded(gone, {"type": "decimal", "decimals": 2}))
        for name, row, text in a.say:
            if name == sheet.title:
                at = next((r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 1).value or "").startswith(row)))
                line = sheet.cell(at, 1)
                if str(line.value).startswith(f"{REMARKS}："):
                    line.value = f"{REMARKS}：{text}"
                else:
                    sheet.cell(at, table.remarks).value = text
    if a.bare:
        del book[HIDDEN]
    book.save(a.out)
    pathlib.Path(f"{a.out}.json").write_text(json.dumps(model, ensure_ascii=False, indent=1))
    return []


def accepted(workspace, department, period):
    """Dataset → key → column → text, as the ledger took it."""
    ledger = sqlite3.connect(pathlib.Path(workspace) / "var/ledger.sqlite")
    rows = ledger.execute(
        "SELECT o.dataset, o.body, o.packed FROM observations o JOIN submissions s ON s.id = o.submission WHERE s.state = 'accepted'"
        " AND o.department = ? AND o.period = ? ORDER BY s.received_at, s.id",
        (department, period),
    )
    return {dataset: column_file.table(body, packed) for dataset, body, packed in rows}


def compare(arguments):
    """Each figure of the models stands in the ledger, and no other."""
    workspace, period, *models = arguments
    known = {dataset["code"]: dataset for dataset in datasets(workspace).values()}
    faults = []
    for path in models:
        model = json.loads(pathlib.Path(path).read_text())
        there = accepted(workspace, model["department"], period)
        for code, rows in model["tables"].items():
            if code not in there:
                if rows:
                    faults.append(f"{model['department']} {code}: nothing in the ledger")
                continue
            dataset, table = known[code], there[code]
            keys = dataset["key"]
            found = {}
            for at in range(len(column(table, keys[0]))):
                key = "|".join(str(column(table, k)[at]) for k in keys)
                values = {s["name"]: column(table, s["name"])[at] for s in dataset["column"]}
                found[key] = {n: text(v) for n, v in values.items() if v is not None and n not in (keys if dataset["shape"] != "records" else ())}
            for key in rows.keys() | found.keys():
                if rows.get(key) != found.get(key):
                    faults.append(f"{model['department']} {code} {key}: filled in {rows.get(key)}, taken {found.get(key)}")
    return faults


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def convert(arguments):
    """Saves a workbook once more with LibreOffice."""
    source, out = map(pathlib.Path, arguments)
    with tempfile.TemporaryDirectory() as scratch:
        profile = f"-env:UserInstallation=file://{scratch}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{scratch}/out", str(source)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        made = pathlib.Path(scratch) / "out" / source.name
        if done.returncode or not made.exists():
            return [f"LibreOffice did not save {source.name}: {done.stderr}"]
        shutil.copy(made, out)
    return []


def look(arguments):
    """What each sheet of a form must have."""
    faults = []
    book = openpyxl.load_workbook(arguments[0])
    names = book.sheetnames
    if names[0] != GUIDE or names[-1] != HIDDEN or book[HIDDEN].sheet_state == "visible":
        faults.append(f"sheets: {names}")
    for sheet in book.worksheets[1:-1]:
        say = lambda what: faults.append(f"{sheet.title}: {what}")
        texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
        for word in ("填报单位（盖章）：", "填报人：", "审核人：", "单位负责人：", "联系电话：", "填报日期：", f"{REMARKS}："):
            if word not in texts:
                say(f"no {word}")
        if not sheet.protection.sheet or sheet.protection.password:
            say("not protected, or with a password")
        if not sheet.data_validations.dataValidation:
            say("no rule for its cells")
        if any(not rule.prompt for rule in sheet.data_validations.dataValidation):
            say("a rule without words")
        if not any(text.endswith("*") for text in texts):
            say("no required column is marked")
        if not sheet.print_title_rows or not sheet.freeze_panes:
            say("the heading does not stay")
        locked = [c.coordinate for c in sheet[4] if c.value is not None and not c.protection.locked]
        if locked:
            say(f"headings are open: {locked}")
    return faults


CHECKS = {"fill": fill, "compare": compare, "convert": convert, "look": look}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    faults = CHECKS[sys.argv[1]](sys.argv[2:])
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
