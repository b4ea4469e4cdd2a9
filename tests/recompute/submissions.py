"""What stands: every workbook of the sources in the order received, the later over the earlier, the wrong ones left out.

A file that `explain.json` of the workspace names is taken as explained: what only asks does not keep it out.
"""

import json
import re
from fractions import Fraction

from .expressions import evaluate, parse
from .grids import read_all
from .plan import load, months, shift, squeeze
from .tables import read_table

PERIOD = re.compile(r"(20\d\d)[-年.]?(\d{1,2})月?")


def order(plan):
    """(received_at, path) of every workbook of the sources, first received first."""
    found = []
    for folder in plan.folders():
        times = {}
        for path in folder.rglob("received.toml"):
            times |= {path.parent / name: entry["received_at"] for name, entry in load(path).items()}
        for path in folder.rglob("*"):
            if path.suffix.lower() in (".xlsx", ".xls", ".ods") and not path.name.startswith((".", "~")):
                found.append((times.get(path), path))
    known = sorted((time, path) for time, path in found if time is not None)
    return known + sorted((time, path) for time, path in found if time is None)


def whose(plan, path, grids, card):
    """The department and the period of a workbook: its card, its name, its folder, its captions."""
    department = card.get("department") or plan.department(path.name)
    if department is None:
        lines = [squeeze(v) for g in grids for r in range(1, 4) for v in g.row(r)]
        department = next((d for d in (plan.department(t) for t in lines if "单位" in t) if d), None)
    period = card.get("period")
    for text in (path.parent.name, path.name):
        found = PERIOD.search(text)
        if period is None and found:
            period = f"{found.group(1)}-{int(found.group(2)):02d}"
    return department, period


def standing(plan, period):
    """(dataset, reporting period) → {department: table} as accepted."""
    files = order(plan)
    said = plan.root / "explain.json"
    explained = {(e["period"], e["file"]) for e in json.loads(said.read_text(encoding="utf-8"))} if said.exists() else set()
    books = read_all([path for _, path in files])
    stands = {}
    for _, path in files:
        grids, card = books[path]
        department, of = whose(plan, path, grids, card)
        if department is None or of is None or of > period:
            continue
        tables, taken = [], set()
        for dataset in plan.datasets.values():
            if department in dataset["from"]:
                data = shift(of, -dataset.get("lag", 0))
                table = read_table(plan, dataset, grids, (months(data)[1], months(of)[1]), taken)
                if table is not None:
                    tables.append(table)
        if any(wrong(plan, table, (of, path.name) in explained) for table in tables):
            continue
        for table in tables:
            stands.setdefault((table.dataset["code"], of), {})[department] = table
    return stands


def wrong(plan, table, explained):
    """Why a table would go back to its sender, or None."""
    dataset = table.dataset
    # a city whose row is there and wholly blank is asked about
    empty = [r for r in table.rows if explained and dataset["shape"] == "matrix" and all(v is None for k, v in r.items() if k not in dataset["key"])]
    required = [c["name"] for c in dataset["column"] if c.get("required")]
    keys = [tuple(r.get(k) for k in dataset["key"]) for r in table.rows]
    if len(set(keys)) < len(keys):
        return "a key twice"
    if any(r.get(name) is None for r in table.rows if r not in empty for name in required):
        return "a required cell is blank"
    if dataset["shape"] == "matrix" and {r["region"] for r in table.rows} != {r["code"] for r in plan.regions}:
        return "a region is missing"
    if not table.rows and not dataset.get("may_be_empty"):
        return "no row"
    for rule in dataset.get("rule", []):
        tree, rows = parse(rule["expression"]), table.rows
        results = [evaluate(tree, {}, rows)] if rule["scope"] == "table" else [evaluate(tree, r, rows) for r in rows]
        asks = rule.get("severity", "explain" if rule.get("code") == "out-of-scope" else "error") != "error"
        if rule.get("severity") != "note" and False in results and not (asks and explained):
            return rule["expression"]
    return total_wrong(table, explained)


def total_wrong(table, explained):
    """Whether the total row does not add up, with half a unit of the last place for each part."""
    rule = table.dataset.get("total_rule", "equal")
    if table.total is None or rule == "independent":
        return None
    for column in table.dataset["column"]:
        if column["type"] not in ("integer", "decimal") or column.get("unit") == "%":
            continue
        parts = [r[column["name"]] for r in [*table.rows, *table.apart] if r.get(column["name"]) is not None]
        total = table.total.get(column["name"])
        places = column.get("decimals", 0)
        tolerance = Fraction(len(parts), 2 * 10**places) if column["type"] == "decimal" else 0
        if total is None or not parts:
            continue
        asked = rule == "equal" and dataset_of_cities(table) and explained
        if not asked and (total < sum(parts) - tolerance or rule == "equal" and total > sum(parts) + tolerance):
            return f"the total of {column['name']}"
    return None


def dataset_of_cities(table):
    """Whether a total that is off is asked about only."""
    return table.dataset["shape"] == "matrix"
