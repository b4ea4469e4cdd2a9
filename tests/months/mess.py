"""Untidy but readable: units of one's own, 省本级, totals above the cities, blank cities, rows that do not count.

A mess changes a table and returns the codes of what is asked about and has to be explained.
"""

import datetime
from decimal import Decimal

from model import Quirk



def added_up(table):
    """The total row of what is there."""
    parts = [c.name for c in table.columns if c.name != "region" and table.total.get(c.name) is not None]
    return table.total | {n: sum(r[n] for r in table.rows if r.get(n) is not None) for n in parts}


def in_unit(unit, power, *names):
    """The table in another unit, in the line above it: power is how many tens a figure is multiplied by."""
    def mess(table):
        table.unit = unit
        for column in table.columns:
            if column.name in names:
                column.label = column.label.replace("（万元）", "").replace("（亿元）", "").replace("（辆）", "")
                column.kind, column.decimals = "decimal", max(0, column.decimals - power)
        for row in [*table.rows, table.total or {}]:
            for name in names:
                if row.get(name) is not None:
                    row[name] = (Decimal(row[name]) * Decimal(10) ** power).normalize()
    return mess


def heading_unit(unit, power, name):
    """One column in another unit, in the brackets of its heading."""
    def mess(table):
        column = table.column(name)
        column.label = column.label.split("（")[0] + f"（{unit}）"
        column.kind, column.decimals = "decimal", max(0, column.decimals - power)
        for row in [*table.rows, table.total or {}]:
            if row.get(name) is not None:
                row[name] = Decimal(row[name]) * Decimal(10) ** power
    return mess


def own_row(label, amounts, asked=True):
    """A row of what belongs to no city, in the total too."""
    def mess(table):
        table.rows.append({"region": label} | {k: Decimal(v) if v is not None else None for k, v in amounts.items()})
        table.total = added_up(table)
        return ["province-own"] if asked else []
    return mess


def above(amounts, asked=("province-own",), on_top=True):
    """A total row above the cities' sum."""
    def mess(table):
        table.total_on_top = on_top
        for name, more in amounts.items():
            if table.total.get(name) is not None:
                table.total[name] += type(table.total[name])(more)
        return asked
    return mess


def blank(*cities, whole=False, names=()):
    """Cities whose row is there and empty; `whole`: the total still holds them."""
    def mess(table):
        for row in table.rows:
            if row["region"] in cities:
                for name in names or [n for n in row if n != "region"]:
                    row[name] = None
        if not whole and table.total is not None:
            table.total = added_up(table)
        return ["missing-region"]
    return mess


def old_row(date, name="recognised_on", asked=("another-year",)):
    """Rows dated in another year."""
    def mess(table):
        for k in (0, 2):
            table.rows[k][name] = datetime.date.fromisoformat(date)
        return asked
    return mess


def too_small(table):
    """A project below the size of the list, explained and not counted."""
    table.rows.append(table.rows[1] | {"code": "2204-330100-07-02-199999", "name": "杭州样例小型项目", "total_investment": Decimal("0.80")})
    return ["out-of-scope"]


def of_no_city(*at):
    """List rows whose region is 省本级 or 跨市."""
    def mess(table):
        for k, label in zip(at, ("省本级", "跨市", "省属")):
            table.rows[k]["region"] = label
    return mess


def spelled(table):
    """Dates as words, text numbers."""
    dates = [c.name for c in table.columns if c.kind == "date"]
    amounts = [c.name for c in table.columns if c.kind == "decimal"]
    styles = ["date-dots", "date-slashes", "date-words", "date-month"]
    table.quirks += [Quirk(styles[k % 4], k, name, styles[k % 4]) for name in dates for k in range(3, 9) if k < len(table.rows) and table.rows[k][name] is not None]
    table.quirks += [Quirk("thousands", k, name, "thousands") for name in amounts for k in (2, 5) if k < len(table.rows) and table.rows[k].get(name) is not None]
    table.spaced = not table.across


MONEY = ("month_paid", "paid_total", "paid_last_year")
OWN = {"month_paid": "21.40", "paid_total": "64.35", "paid_last_year": None}
MESSES = {
    ("2022-07", "jxt"): [
        ("upgrade_investment", own_row("省本级", OWN)),
        ("advanced_investment", blank("丽水市", whole=True)),
        ("energy_projects", blank("舟山市")),
        ("nev_output", blank("金华市")),
        ("future_factories", old_row("2021-11-05")),
        ("upgrade_projects", in_unit("元", 4, "total_investment", "paid_total")),
        ("burden_relief", in_unit("万元", 4, "amount", "amount_last_year")),
        ("tech_centers", spelled),
    ],
    ("2022-07", "fgw"): [
        ("new_infrastructure", above({"month_paid": "12.00", "paid_total": "45.50", "paid_last_year": "38.25"}, ("province-own",))),
        ("industrial_projects", too_small), ("industrial_projects", old_row("2021-12-20", "signed_on")),
        ("major_projects", of_no_city(3, 10, 11)), ("major_projects", heading_unit("亿元", -4, "paid_total")),
    ],
    ("2022-07", "nyj"): [("clean_energy", heading_unit("万元", 4, "paid_total")), ("wind_power", heading_unit("千瓦", 4, "capacity"))],
    ("2022-07", "scjgj"): [("brand_enterprises", spelled), ("startup_time", blank("衢州市"))],
    ("2022-09", "jxt"): [
        ("upgrade_investment", own_row("省本级及跨市", {"month_paid": "18.10", "paid_total": "101.20", "paid_last_year": "88.00"}, False)),
        ("upgrade_investment", in_unit("万元", 4, *MONEY)),
        ("digital_projects", spelled), ("future_factories", old_row("2021-11-05", asked=())), ("quality_products", spelled),
        ("advanced_investment", above({"paid_total": "31.25", "month_paid": "6.20"})),
    ],
    ("2022-09", "fgw"): [
        ("new_infrastructure", blank("温州市", "台州市")), ("industrial_projects", too_small), ("industrial_projects", old_row("2021-12-20", "signed_on", ())),
        ("major_projects", of_no_city(3, 10, 11)),
    ],
    ("2022-09", "swt"): [("export_share", in_unit("万元", 4, "amount", "amount_last_year")), ("foreign_projects", heading_unit("亿美元", -4, "planned"))],
    ("2022-10", "jxt"): [("future_factories", old_row("2021-11-05", asked=()))],
    ("2022-10", "fgw"): [("industrial_projects", too_small), ("industrial_projects", old_row("2021-12-20", "signed_on", ()))],
    ("2022-11", "jxt"): [("future_factories", old_row("2021-11-05", asked=()))],
    ("2022-11", "fgw"): [("industrial_projects", too_small), ("industrial_projects", old_row("2021-12-20", "signed_on", ()))],
    ("2022-12", "jxt"): [
        ("upgrade_investment", own_row("跨市项目", {"month_paid": "30.00", "paid_total": "160.00", "paid_last_year": "151.00"})),
        ("future_factories", old_row("2021-11-05", asked=())), ("energy_projects", above({"paid_total": "12.30"})),
    ],
    ("2022-12", "fgw"): [("industrial_projects", too_small), ("industrial_projects", old_row("2021-12-20", "signed_on", ()))],
    ("2023-02", "jxt"): [
        ("nev_output", above({"output": 320}, ("total-mismatch",))), ("advanced_investment", own_row("省属", {"month_paid": None, "paid_total": "9.75", "paid_last_year": "8.00"}, False)),
        ("digital_projects", blank("丽水市")),
    ],
    ("2023-02", "fgw"): [("new_infrastructure", in_unit("万元", 4, *MONEY))],
    ("2023-03", "jxt"): [("upgrade_investment", blank("舟山市", whole=True))],
}
# what else is asked about: a basis that goes again, last year's rows in a list of this year
ALSO = {
    ("2022-12", "jxt"): ["month-jumps"], ("2022-09", "fgw"): ["province-own"], ("2022-10", "jxt"): ["province-own"],
} | {(period, department): ["another-year"] for period in ("2023-02", "2023-03") for department in ("fgw", "jxt", "kjt", "scjgj")} | {("2023-03", "jxt"): ["another-year", "province-own"]}
