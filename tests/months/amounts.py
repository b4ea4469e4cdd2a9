"""Tables of amounts one month on: by city, and forms."""

from decimal import Decimal

from matrices_jxt import computed, summed
from places import dice

CENT = Decimal("0.01")
# months in which investment is pushed (冲量), and how much energy a month's weather lets be built
PUSH = {6: "1.35", 9: "1.1", 12: "1.7"}
SEASON = {2: "0.4", 3: "0.8", 7: "1.4", 8: "1.5", 9: "1.3", 12: "0.6"}


def swing(state, *parts):
    """A month's ups and downs around the usual, in per mille: small cities swing more."""
    rng = dice("months", state.seed, state.period, *parts)
    return Decimal(rng.randint(820, 1180)) / 1000 * Decimal(PUSH.get(state.month, "1"))


def small(state, region, *parts):
    """What a small city makes of that: nothing in one month, threefold in another."""
    if region not in ("舟山市", "丽水市", "衢州市"):
        return Decimal(1)
    return Decimal(dice("small", state.seed, state.period, region, *parts).choice([0, 25, 45, 70, 100, 120, 160, 210, 320])) / 100


def usual(to_date, state):
    """The usual month of the year so far; of a new year: of the year before."""
    months = 12 if state.month == 2 else state.month - 1
    return Decimal(to_date) / months


def cumulative(state, table, names, places):
    """Cities' amounts to date, with the month's own and last year's where the table has them."""
    month, total, last = names
    for row in table.rows:
        region, first = row["region"], state.month == 2
        span = Decimal("1.7") if first else Decimal(1)
        season = Decimal(SEASON.get(state.month, "1")) if table.dataset == "energy_projects" else Decimal(1)
        added = usual(row[total], state) * span * season * swing(state, table.dataset, region, total) * small(state, region, table.dataset)
        added = added.quantize(Decimal(1).scaleb(-places))
        row[total] = added if first else row[total] + added
        if not places:
            row[total] = int(row[total])
        if month:
            row[month] = None if first else added
        if last:
            known = state.before(table.dataset, region, total)
            more = (usual(row[last], state) * swing(state, table.dataset, region, last)).quantize(Decimal(1).scaleb(-places))
            row[last] = known if known is not None else row[last] + more
    table.total = summed(table.rows)


def headings(state, table):
    """The month's own column is called otherwise in the merged first period."""
    for column in table.columns:
        if column.name == "month_paid":
            upper = column.label.rpartition("/")[0]
            column.label = (upper + "/" if upper else "") + ("当月" if state.month == 2 else "{month}月")
        if column.name == "output":
            column.label = "1—{month}月产量（辆）" if state.month == 2 else "{month}月产量（辆）"
        if column.name == "output_last_year":
            column.label = "上年同期产量（辆）" if state.month == 2 else "上年同月产量（辆）"


def investment(state, table):
    """Investment by city."""
    headings(state, table)
    cumulative(state, table, ("month_paid", "paid_total", "paid_last_year"), 2)


def growth(state, table):
    """What the statistics office publishes of 先进制造业投资."""
    paid = {r["region"]: r for r in state.table("advanced_investment").rows}
    for row in table.rows:
        own = paid[row["region"]]
        shift = Decimal(dice("growth", state.seed, state.period, row["region"]).randint(-6, 6)) / 10
        row["growth"] = computed(own["paid_total"], own["paid_last_year"]) + shift
    total = summed(list(paid.values()))
    table.total = {"region": "全省", "growth": computed(total["paid_total"], total["paid_last_year"]) + Decimal("0.1")}


def digital(state, table):
    """数字化改造."""
    cumulative(state, table, (None, "started", None), 0)
    for row in table.rows:
        row["finished"] = row["started"] * 2 // 5
    table.total = summed(table.rows)


def energy(state, table):
    """节能降碳技改: projects are few, so that a city's month is often nought."""
    cumulative(state, table, (None, "paid_total", None), 2)
    for row in table.rows:
        rng = dice("energy", state.seed, state.period, row["region"])
        for name in ("province_projects", "local_projects"):
            base = 0 if state.month == 2 else row[name]
            # approved in batches: most months nothing or a few, in one of four two months' at once
            each = max(1, state.history[table.dataset, row["region"], name]["2022-02"] // 2)
            row[name] = base + rng.choice([0, rng.randint(0, each), rng.randint(each // 2, each * 3 // 2), 2 * each])
    table.total = summed(table.rows)


def output(state, table):
    """新能源汽车产量 of the month."""
    headings(state, table)
    for row in table.rows:
        two = 2 if state.month == 2 else 1
        known = state.before(table.dataset, row["region"], "output")
        for name in ("output", "output_last_year"):
            before = row[name] if state.month > 3 or state.month == 2 else row[name] // 2
            row[name] = int(before * two * swing(state, table.dataset, row["region"], name) / Decimal(PUSH.get(state.month - 1, "1")))
        halted = table.dataset == "nev_output" and row["region"] in ("绍兴市", "台州市") and state.month in (4, 8)
        if state.month == 4 and halted:
            row["kept"] = row["output"]
        row["output"] = 0 if halted else row.pop("kept", row["output"]) if state.month == 5 else row["output"]
        row["output_last_year"] = known if known is not None else row["output_last_year"]
    table.total = summed(table.rows)


def startup(state, table):
    """企业开办 of the month."""
    for row in table.rows:
        rng = dice("startup", state.seed, state.period, row["region"])
        row["enterprises"] = int(row["enterprises"] * Decimal(rng.randint(85, 116)) / 100)
        row["total_days"] = (Decimal(row["enterprises"]) * rng.randint(82, 98) / 100).quantize(Decimal("0.1"))
    table.total = summed(table.rows, "合计")


def relief(state, table):
    """Amounts to date by item: burden_relief, export_share, wind_power."""
    now = [c.name for c in table.columns[1:] if not c.name.endswith("last_year")][0]
    for row in table.rows:
        first, item = state.month == 2, row["item"]
        span = Decimal("1.8") if first else Decimal(1)
        for name in [c.name for c in table.columns[1:]]:
            added = (usual(row[name], state) * span * swing(state, table.dataset, item, name)).quantize(CENT)
            row[name] = added if first else row[name] + added
            known = state.before(table.dataset, item, now)
            if name != now and known is not None:
                row[name] = known
    if table.total is not None:
        table.total = {"item": "合计"} | {c.name: sum(r[c.name] for r in table.rows) for c in table.columns[1:]}


QUARTERS = {3: "{last}年", 6: "{year}年一季度", 9: "{year}年上半年", 12: "{year}年前三季度"}


def marine(state, table):
    """海洋经济, known a quarter late."""
    if state.month % 3:
        return
    row, (factor, months) = table.rows[0], {6: ("1", 3), 9: ("2.08", 6), 12: ("3.17", 9), 3: ("4.41", 12)}[state.month]
    first, last = (state.history[("marine_gdp", row["item"], n)]["2022-06"] for n in ("amount", "amount_last_year"))
    grown = Decimal("1.07") if state.period > "2023-03" else Decimal(1)
    row["amount"], row["amount_last_year"] = (first * Decimal(factor) * grown).quantize(CENT), (last * (Decimal(factor) - months * CENT)).quantize(CENT)
    year = int(state.period[:4])
    table.title = QUARTERS[state.month].format(year=year, last=year - 1) + "海洋生产总值"


def benchmark(state, table):
    """能效基准: a share that rises from quarter to quarter."""
    if state.month % 3 == 0:
        for row in table.rows:
            row["share"] = min(Decimal("99.9"), row["share"] + Decimal(dice("benchmark", state.seed, state.period, row["industry"]).randint(8, 36)) / 10)


def coal(state, table):
    """煤电机组: what is done grows."""
    table.rows[1]["units"] = min(table.rows[0]["units"], table.rows[1]["units"] + 3)


STEPS = {
    "advanced_investment": investment, "upgrade_investment": investment, "new_infrastructure": investment, "advanced_growth": growth,
    "digital_projects": digital, "energy_projects": energy, "nev_output": output, "startup_time": startup, "burden_relief": relief,
    "export_share": relief, "wind_power": relief, "marine_gdp": marine, "energy_benchmark": benchmark, "coal_units": coal,
}
