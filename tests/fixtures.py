#!/usr/bin/env python3
"""Holds fixtures/ to its generator, to the list of irregularities, to its own sums and to the headings of pipelines/.

    python3 tests/fixtures.py [--pipelines DIR] [--only content|regenerate|expected|irregularities|sums|headings]

Exits 0 when all holds, 1 with every difference printed, 2 when a tool is missing (named).
"""

import argparse
import datetime
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
PERIODS = ["2022-02", "2022-03", "2022-04", "2022-05", "2022-06"]


def missing_tools():
    """What must be installed before this can run."""
    found = [f"PyPI {name}" for module, name in (("openpyxl", "openpyxl"), ("xlsxwriter", "xlsxwriter"), ("msoffcrypto", "msoffcrypto-tool")) if importlib.util.find_spec(module) is None]
    found += [f"{package} ({tool})" for tool, package in (("soffice", "Debian libreoffice-calc"), ("node", "Debian nodejs")) if shutil.which(tool) is None]
    if shutil.which("node") and subprocess.run(["node", "-e", "require('xlsx')"], cwd=FIXTURES / "generate", capture_output=True).returncode:
        found.append("npm xlsx (npm install --prefix fixtures/generate)")
    return found


def as_xlsx(files, folder):
    """{file: .xlsx path}: LibreOffice converts what openpyxl cannot read, all files of a kind at once."""
    out, others = {}, {}
    for file in files:
        if file.suffix == ".xlsx":
            out[file] = file
        else:
            others.setdefault((file.parent, file.suffix), []).append(file)
    for number, group in enumerate(others.values()):
        target = folder / f"converted{number}"
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", str(target), *map(str, group)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        out.update({file: target / (file.stem + ".xlsx") for file in group})
    return out


def grid(path):
    """{sheet: {cell: value}} of an .xlsx, with saved formula values."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None} for sheet in book}


def relative(folder):
    """The generated files under a folder; those of `messy` and `earlier` are kept as they were (README.md tells how)."""
    skip = {"generate", "node_modules", "__pycache__"}
    files = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return {p for p in files if not skip & set(p.parts) and p.name not in ("plan-source.txt", "README.md") and p.parts[0] not in ("plans", "messy", "earlier")}


def check_regenerate(scratch, _):
    """The generator gives what is committed: .xlsx by bytes, the others by cells."""
    fresh = scratch / "fresh"
    (fresh / "refused").mkdir(parents=True)
    # Its salt is random; the generator keeps the one that is there.
    shutil.copy(FIXTURES / "refused" / "encrypted.xlsx", fresh / "refused")
    subprocess.run([sys.executable, str(FIXTURES / "generate"), "--out", str(fresh)], check=True, timeout=600)
    old, new = relative(FIXTURES), relative(fresh)
    wrong = [f"{p}: not made by the generator" for p in sorted(old - new)] + [f"{p}: not committed" for p in sorted(new - old)]
    office = [p for p in sorted(old & new) if p.suffix in (".xls", ".ods", ".xlsb") and p.parts[0] != "refused"]
    for p in sorted(old & new):
        if p not in office and (FIXTURES / p).read_bytes() != (fresh / p).read_bytes():
            wrong.append(f"{p}: bytes differ")
    left, right = as_xlsx([FIXTURES / p for p in office], scratch / "a"), as_xlsx([fresh / p for p in office], scratch / "b")
    for p in office:
        if grid(left[FIXTURES / p]) != grid(right[fresh / p]):
            wrong.append(f"{p}: cells differ")
    return wrong


TEXTS = {
    "title-line": r"^\D{4,}", "unit-line": r"^单位：", "heading-line-break": r"\n", "heading-inner-space": r"^\S　\S$", "cities-across": r"市$",
    "total-on-top": r"^(全省|合计)$", "total-below": r"^(全省|合计|合　　计)$", "total-inner-space": r"^合　　计$", "note-line": r"^注：", "signature-line": r"^填报人：.*审核人：",
    "full-width": r"^[０-９．]+$", "thousands": r"^\d{1,3}(,\d{3})+(\.\d+)?$", "percent-text": r"^-?[\d.]+%$", "dash": r"^—$", "slash": r"^/$", "none": r"^无$", "flat": r"^持平$",
    "text-number": r"^[\d.]+$", "about": r"^约50$", "yi": r"^[\d.]+亿$", "date-month": r"^2022年\d{1,2}月$", "date-dots": r"^2022\.\d{1,2}\.\d{1,2}$",
    "date-slashes": r"^2022/\d{1,2}/\d{1,2}$", "date-words": r"^2022年\d{1,2}月\d{1,2}日$", "date-impossible": r"^6月31日$", "form-sheet": r"^wenjin-form$",
    "sample-line": r"样例数据　非真实数据",
}


def shows(name, path, original, sheet, cell):
    """Whether the cell shows the irregularity."""
    import openpyxl

    values, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    page, place = values[sheet], values[sheet][cell]
    merged = [r for r in page.merged_cells.ranges if r.start_cell.coordinate == cell]
    if name in TEXTS:
        if name == "total-on-top" and not any(page.cell(place.row + 1, 1).value == c for c in ("杭州市",)):
            return False
        return isinstance(place.value, str) and bool(re.search(TEXTS[name], place.value)) and (name != "form-sheet" or page.sheet_state == "veryHidden")
    return {
        "two-row-heading": lambda: any(r.max_col > r.min_col for r in merged) and page.cell(place.row + 1, place.column).value is not None,
        "two-tables-on-one-sheet": lambda: place.row > 4 and place.value is not None and page["A1"].value not in (None, place.value),
        "merged-key": lambda: any(r.max_row > r.min_row for r in merged),
        "percent-format": lambda: isinstance(place.value, float) and place.value < 1 and "%" in place.number_format,
        "blank": lambda: place.value is None,
        "excel-date": lambda: isinstance(place.value, datetime.datetime),
        "hidden-sheet": lambda: page.sheet_state == "hidden",
        "filtered-rows": lambda: page.row_dimensions[place.row].hidden and page.auto_filter.ref is not None,
        "formula": lambda: str(formulas[sheet][cell].value).startswith("=") and isinstance(place.value, (int, float)),
        "odd-file-name": lambda: re.fullmatch(r"附件2：.*最终版.*\(1\)\.xls", original.name) is not None,
    }.get(name, lambda: original.suffix == "." + name)()


def check_irregularities(scratch, _):
    """Every irregularity is shown by the cell that irregularities.toml names."""
    listed = tomllib.loads((FIXTURES / "irregularities.toml").read_text(encoding="utf-8"))["irregularity"]
    wrong = []
    names = {e["name"] for e in listed}
    sys.path.insert(0, str(FIXTURES / "generate"))
    from irregularities import MEANING

    wrong += [f"{name}: not in irregularities.toml" for name in MEANING if name not in names]
    paths = as_xlsx(sorted({FIXTURES / e["file"] for e in listed}), scratch)
    for e in listed:
        if not shows(e["name"], paths[FIXTURES / e["file"]], FIXTURES / e["file"], e["sheet"], e["cell"]):
            wrong.append(f"{e['name']}: {e['file']} {e['sheet']}!{e['cell']} does not show it")
    return wrong


def number(value):
    """The exact number of a cell, in any of the spellings; None for none."""
    if value is None or isinstance(value, (datetime.datetime, bool)):
        return None
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip().removesuffix("亿").removesuffix("%").removeprefix("约")
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def tables_of(cells):
    """City tables of a sheet: (heading row, {city: {heading: number}}, total or None)."""
    at = {tuple(re.fullmatch(r"([A-Z]+)(\d+)", k).groups()): v for k, v in cells.items()}
    rows = {}
    for (column, row), value in at.items():
        rows.setdefault(int(row), {})[column] = value
    cities, total, heads = {}, None, {}
    for row in sorted(rows):
        first = re.sub(r"\s", "", str(rows[row].get("A", "")))
        if first == "地区":
            cities, total, heads = {}, None, dict(rows[row])
            below = rows.get(row + 1, {})
            heads.update({k: v for k, v in below.items() if "A" not in below})
        elif heads and first.endswith("市") and len(first) == 3:
            cities[first] = {c: number(v) for c, v in rows[row].items() if c != "A"}
        elif heads and first in ("全省", "合计"):
            total = {c: number(v) for c, v in rows[row].items() if c != "A"}
    return [(heads, cities, total)] if cities else []


def accepted_books(scratch):
    """{(period, name): grid} of the inbox, first files of months sent twice left out."""
    files = [p for p in sorted((FIXTURES / "inbox").rglob("*")) if p.suffix in (".xlsx", ".xls", ".ods", ".xlsb")]
    paths = as_xlsx(files, scratch)
    replaced = {"省市场监管局_2022-03（样例数据）", "省商务厅_2022-04（样例数据）"}
    return {(f.parent.name, f.name): grid(paths[f]) for f in files if f.stem not in replaced}


def check_sums(scratch, _):
    """Cities add up to the total row, months to the cumulative figure, and no table repeats the month before."""
    wrong, before = [], {}
    for (period, name), book in sorted(accepted_books(scratch).items()):
        department = re.search(r"省[^_\d（]+?(?=_|2022|7\.8)", name)
        for sheet, cells in book.items():
            for heads, cities, total in tables_of(cells):
                if len(cities) != 11:
                    wrong.append(f"{period} {name} {sheet}: {len(cities)} cities")
                months = {c: re.sub(r"\s", "", str(h)) for c, h in heads.items()}
                for column, head in months.items():
                    values = [r.get(column) for r in cities.values()]
                    if "%" in head or "％" in head or any(v is None for v in values) or total is None or column == "A":
                        continue
                    if sum(values) != total.get(column):
                        wrong.append(f"{period} {name} {sheet} {head}: cities {sum(values)}, total {total.get(column)}")
                now = {h: {c: r.get(k) for c, r in cities.items()} for k, h in months.items()}
                to_date = next((v for h, v in now.items() if re.match(r"1—\d+月累计", h)), None)
                own = next((v for h, v in now.items() if re.fullmatch(r"\d+月", h)), None)
                key = (sheet, department and department.group())
                if to_date and own and key in before:
                    wrong += [f"{period} {sheet} {c}: {to_date[c]} is not {before[key][c]} + {own[c]}" for c in to_date if to_date[c] != before[key][c] + own[c]]
                if to_date:
                    before[key] = to_date
    return wrong


def comparable(text):
    """A heading as it is compared: NFKC, no white space, no bracketed units, one kind of dash."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))
    return re.sub(r"[-—–－]+", "-", re.sub(r"\((亿元|万元|万美元|万千瓦|辆|家|个|项|台|天|元|%)\)", "", text))


def check_headings(scratch, pipelines):
    """Every due dataset of pipelines/ stands in its department's workbook, with its required headings and words."""
    datasets = [d for path in sorted(pipelines.glob("*.toml")) for d in tomllib.loads(path.read_text(encoding="utf-8")).get("dataset", [])]
    if not datasets:
        return [f"{pipelines}: no datasets"]
    sys.path.insert(0, str(FIXTURES / "generate"))
    from sending import AGAIN, ARRIVALS

    books, wrong = accepted_books(scratch), []
    for period in PERIODS:
        for d in datasets:
            if d.get("frequency") == "quarter" and (period[5:] not in ("03", "06") or (d.get("lag") and period == "2022-03")):
                continue
            for department in d["from"]:
                if department not in ARRIVALS[period]:
                    continue
                name = AGAIN.get((period, department), ARRIVALS[period][department])[0]
                wrong += [f"{period} {department} {d['code']}: {w}" for w in match(d, books[(period, name)], int(period[5:]))]
    return wrong


def match(d, book, month):
    """What a workbook lacks of a dataset."""
    sheet = book.get(d["sheet"][0]) or book.get("风电" if d["code"] == "coal_units" else "")
    if sheet is None:
        return [f"no sheet {d['sheet'][0]}"]
    texts = {comparable(v) for v in sheet.values() if isinstance(v, str)}
    wrong = []
    for column in d["column"]:
        labels = {comparable(part.replace("{month}", str(month))) for label in column["label"] for part in [label.rsplit("/", 1)[-1]]}
        if column.get("required") and not labels & texts:
            wrong.append(f"no heading for {column['name']}: {column['label'][0]}")
        if "pattern" in column and (found := column_values(sheet, labels)):
            wrong += [f"{column['name']} {v} breaks the pattern" for v in found if not re.search(column["pattern"], str(v))]
        if "choices" in column and (found := column_values(sheet, labels)):
            wrong += [f"{column['name']} {v} is no choice" for v in found if v not in column["choices"]]
    wrong += [f"no row {item}" for item in d.get("items", []) if item not in sheet.values()]
    return wrong


def column_values(sheet, labels):
    """The cells below a heading, to the foot."""
    for place, value in sheet.items():
        if isinstance(value, str) and comparable(value) in labels and not place.endswith(("1", "2")) or comparable(value) in labels and place.endswith("2"):
            letters, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
            end = min((int(re.sub(r"\D", "", k)) for k, v in sheet.items() if str(v).startswith(("填报人", "注："))), default=10**7)
            below = [(int(k[len(letters):]), v) for k, v in sheet.items() if re.fullmatch(letters + r"\d+", k)]
            return [v for r, v in below if int(row) < r < end]
    return []


def check_content(_, pipelines):
    """What is handed in month by month is plausible: keys once, dates in time, cumulatives never lower, no table twice."""
    sys.path.insert(0, str(FIXTURES / "generate"))
    from inbox import tables
    from sending import ARRIVALS

    specs = {d["code"]: d for path in sorted(pipelines.glob("*.toml")) for d in tomllib.loads(path.read_text(encoding="utf-8")).get("dataset", [])}
    wrong, before, owners = [], {}, {}
    for period in PERIODS:
        year, month = map(int, period.split("-"))
        end = datetime.date(year, month + 1, 1)
        for department in ARRIVALS[period]:
            for t in tables(department, period):
                spec, where = specs[t.dataset], f"{period} {department} {t.dataset}"
                wrong += [f"{where}: {w}" for w in content(t, spec, end)]
                keys = {tuple(r[k] for k in spec["key"]): r for r in t.rows}
                if t.dataset not in ("tasks", "lagging"):
                    for key in keys if spec["shape"] == "records" else ():
                        if owners.setdefault((t.dataset, key), department) != department:
                            wrong.append(f"{where}: {key} is also {owners[t.dataset, key]}'s")
                then = before.get((department, t.dataset))
                if then is not None and then == keys and t.rows:
                    wrong.append(f"{where}: the same as the month before")
                if then is not None and spec["accumulation"] in ("cumulative", "snapshot"):
                    wrong += [f"{where}: {k} {c['name']} fell" for c in spec["column"] if c["type"] in ("decimal", "integer") and "month_of" not in c and c.get("unit") != "%"
                              for k in keys.keys() & then.keys() if keys[k][c["name"]] < then[k][c["name"]]]
                before[department, t.dataset] = keys
    return wrong


def content(t, spec, end):
    """What breaks the declared columns of one table."""
    wrong = []
    keys = [tuple(r[k] for k in spec["key"]) for r in t.rows]
    if len(keys) != len(set(keys)):
        wrong.append("a key stands twice")
    for c in spec["column"]:
        for r in t.rows:
            value = r.get(c["name"])
            if value is None:
                if c.get("required"):
                    wrong.append(f"{c['name']} is blank")
            elif c["type"] == "date" and value >= end:
                wrong.append(f"{c['name']} {value} is after the period")
            elif c["type"] == "choice" and value not in c["choices"]:
                wrong.append(f"{c['name']} {value} is no choice")
            elif "min" in c and value < Decimal(c["min"]) or "max" in c and value > Decimal(c["max"]):
                wrong.append(f"{c['name']} {value} is out of range")
            elif "pattern" in c and not re.search(c["pattern"], value):
                wrong.append(f"{c['name']} {value} breaks the pattern")
            elif c["type"] == "decimal" and -Decimal(value).as_tuple().exponent > c["decimals"]:
                wrong.append(f"{c['name']} {value} has more decimals")
    return wrong


def codes(source, pattern):
    """The codes a source file declares."""
    return set(re.findall(pattern, (ROOT / source).read_text(encoding="utf-8")))


def check_expected(scratch, _):
    """One file for each finding code and a typed reason for each refusal; the named cells hold what was found."""
    listed = tomllib.loads((FIXTURES / "findings" / "expected.toml").read_text(encoding="utf-8"))["file"]
    declared = codes("src/model/finding.rs", r'= "([a-z-]+)", (?:Error|Explain|Note);')
    wrong = [f"findings: {code} has no file" for code in sorted(declared - {e["code"] for e in listed})]
    wrong += [f"findings: {e['code']} is no code" for e in listed if e["code"] not in declared]
    paths = as_xlsx([FIXTURES / "findings" / e["file"] for e in listed], scratch)
    for e in listed:
        cells = grid(paths[FIXTURES / "findings" / e["file"]])
        if "found" in e and str(plain(cells[e["sheet"]].get(e["cell"]))) != e["found"]:
            wrong.append(f"findings/{e['file']}: {e['sheet']}!{e['cell']} holds {cells[e['sheet']].get(e['cell'])!r}, not {e['found']}")
    refusals = codes("src/model/submission.rs", r'=> "([a-z0-9-]+)",')
    refused = tomllib.loads((FIXTURES / "refused" / "expected.toml").read_text(encoding="utf-8"))["file"]
    wrong += [f"refused/{e['file']}: {e['refusal']} is no refusal" for e in refused if e.get("refusal", "empty") not in refusals]
    files = {p.name for p in (FIXTURES / "refused").iterdir()} - {"expected.toml"}
    return wrong + [f"refused/{name}: not in expected.toml, or not there" for name in sorted(files ^ {e["file"] for e in refused})]


def plain(value):
    """A cell's value as expected.toml writes it."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return f"{Decimal(str(value)).normalize():f}" if isinstance(value, (int, float)) else value


CHECKS = {"content": check_content, "regenerate": check_regenerate, "expected": check_expected, "irregularities": check_irregularities, "sums": check_sums, "headings": check_headings}


def main():
    """Runs the checks and prints every difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipelines", type=Path, default=ROOT / "pipelines")
    parser.add_argument("--only", choices=CHECKS)
    arguments = parser.parse_args()
    if missing := missing_tools():
        print("missing: " + ", ".join(missing), file=sys.stderr)
        return 2
    failed = False
    for name, check in CHECKS.items():
        if arguments.only and name != arguments.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong = check(Path(folder), arguments.pipelines)
        print(f"fixtures {name}: {'ok' if not wrong else f'{len(wrong)} wrong'}")
        for line in wrong:
            print(f"  {line}")
        failed |= bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
