"""The figures of one period, exact: year to date, last year, month, growth, by province and region."""

import datetime
import re
from fractions import Fraction

from .expressions import columns, evaluate, parse
from .plan import convert, months, shift
from .values import rounded


# The cities alone, without what belongs to none of them.
CITIES = "cities"


def year_of(text, default):
    """The year a date cell names: a serial, 2022年6月, 2022.6.30; the file's where it names none."""
    if text is None:
        return None
    if re.fullmatch(r"\d{5}", str(text)):
        return (datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text))).year
    found = re.match(r"\d{4}", str(text))
    return int(found.group()) if found else default


def additive(text):
    """Whether an aggregate adds up and nothing else."""
    return "SUM(" in text and not any(other in text for other in ("COUNT(", "MIN(", "MAX("))


def in_scope(dataset, row):
    """Whether no rule excludes the row: one that is explained all the same does not count unless the rule says so."""
    rules = [r for r in dataset.get("rule", []) if r.get("code") == "out-of-scope" and r.get("severity", "explain") == "explain" and not r.get("explained_counts")]
    return all(evaluate(parse(rule["expression"]), row) is not False for rule in rules)


def remembered(method):
    """Asked once for each indicator (as it counts), report and place."""
    def once(self, indicator, *place, **more):
        key = (method.__name__, indicator["code"], indicator.get("value"), place, tuple(more.items()))
        if key not in self.memory:
            self.memory[key] = method(self, indicator, *place, **more)
        return self.memory[key]
    return once


class Figures:
    """Values of the indicators of a period, from what stands."""

    def __init__(self, plan, stands, period, memory=None):
        self.plan, self.stands, self.period = plan, stands, period
        # what one report says is the same for every period that asks
        self.memory = {} if memory is None else memory

    def dataset(self, indicator):
        """The dataset an indicator is read from; None for a derived one."""
        return self.plan.datasets.get(indicator.get("dataset"))

    def parts(self, indicator):
        """[(sign, indicator)] of a derived indicator."""
        found = re.findall(r'([+-]?)\s*"([^"]+)"', indicator["expression"])
        return [(-1 if sign == "-" else 1, self.plan.indicators[code]) for sign, code in found]

    def dates(self, indicator, period=None):
        """The period of the report the newest due data came with, and the period they are of."""
        period = period or self.period
        if indicator["kind"] == "derived":
            return self.dates(self.parts(indicator)[0][1], period)
        return self.plan.reporting(self.dataset(indicator), period)

    def earlier(self, indicator):
        """The figures of the year's earlier data periods, the last one first."""
        report, data = self.dates(indicator)
        while True:
            # the period before in which something else was due
            before = shift(report, -1)
            last = self.dates(indicator, before)
            report = before if last[0] == before else last[0]
            if last[1][:4] != data[:4]:
                return
            yield Figures(self.plan, self.stands, report, self.memory)

    def tables(self, dataset, report):
        """The tables that stand for a report."""
        return list(self.stands.get((dataset["code"], report), {}).values())

    def rows(self, dataset, report, region):
        """The rows a figure is drawn from; None where nothing was handed in."""
        tables = self.tables(dataset, report)
        if not tables:
            return None
        rows = [r for t in tables for r in t.rows if in_scope(t.dataset, r)]
        return rows if region is None else [r for r in rows if r.get("region") == region]

    def beyond(self, table, column):
        """What a table of cities holds beyond them in a column, as (kind, amount): own, rounding, city; None where nothing."""
        dataset = table.dataset
        if dataset["shape"] != "matrix" or dataset.get("total_rule", "equal") == "independent":
            return None
        if column["type"] not in ("integer", "decimal") or column.get("unit") in ("%", "百分点"):
            return None
        name = column["name"]
        cities = {r["region"]: r.get(name) for r in table.rows}
        there = [cities.get(r["code"]) for r in self.plan.regions if cities.get(r["code"]) is not None]
        blank = len(there) < len(self.plan.regions)
        apart = [r[name] for r in table.apart if r.get(name) is not None]
        total = table.total.get(name) if table.total is not None else None
        part = Fraction(len(there) + len(apart), 2 * 10 ** column.get("decimals", 2)) if column["type"] == "decimal" else 0
        if not there and not apart:
            return None
        if total is None:
            return ("own", sum(apart)) if apart else None
        over, rest = total - sum(there), total - sum(there) - sum(apart)
        if blank:
            return ("city", over) if rest > part else ("own", sum(apart)) if apart else None
        if not apart and abs(over) <= part or apart and abs(over) <= part and abs(rest) <= part:
            return ("rounding", over) if over else None
        return ("own", over)

    @remembered
    def basis(self, indicator, report, last=False):
        """Which kinds of amounts beyond the cities a level holds."""
        if report is None or indicator["kind"] not in ("simple", "cumulative"):
            return set()
        text = indicator.get("last_year" if last else "value")
        if text is None or not additive(text):
            return set()
        dataset, wanted = self.dataset(indicator), columns(parse(text))
        kinds = set()
        for of in self.reports(indicator, report):
            for table in self.tables(dataset, of):
                for column in dataset["column"]:
                    found = self.beyond(table, column) if column["name"] in wanted else None
                    kinds |= {found[0]} if found else set()
        return kinds

    def reports(self, indicator, report):
        """The reports a figure to date adds up."""
        if indicator["kind"] != "cumulative" or self.dataset(indicator)["accumulation"] != "flow":
            return [report]
        first = 2 if self.dataset(indicator).get("january") == "merged" else 1
        year, month = months(report)
        return [f"{year}-{m:02d}" for m in range(first, month + 1)]

    def aggregate(self, indicator, text, report, region=None):
        """One aggregate over what stands, as (value, unit of its columns)."""
        if text is None:
            return None, None
        dataset, tree = self.dataset(indicator), parse(text)
        wanted = columns(tree)
        units = {c.get("unit") for c in dataset["column"] if c["name"] in wanted}
        rows = self.rows(dataset, report, None if region == CITIES else region)
        if rows is None:
            return None, None
        if region in (None, "own") and additive(text):
            for table in self.tables(dataset, report):
                for column in dataset["column"]:
                    found = self.beyond(table, column)
                    if found and (region is None or found[0] == "own"):
                        rows = [*rows, {column["name"]: found[1]}]
        if "counts_in" in indicator:
            rows = [r for r in rows if self.counts(indicator, r, report)]
        if indicator.get("where"):
            condition = parse(indicator["where"])
            rows = [r for r in rows if evaluate(condition, r) is True]
        value = evaluate(tree, {}, rows)
        if value is None and dataset["shape"] == "records" and text.startswith(("SUM", "COUNT")):
            value = Fraction(0)
        if value == 0 and dataset["shape"] == "matrix" and text.startswith("COUNT") and not rows:
            value = None
        return value, (units.pop() if len(units) == 1 else None)

    def counts(self, indicator, row, report):
        """Whether a row's date lies in the target's year."""
        date = row.get(indicator["counts_in"])
        year = indicator.get("target", {}).get("year", "every")
        data = shift(report, -self.dataset(indicator).get("lag", 0))
        own = year_of(date, months(data)[0])
        return own is not None and own == (months(data)[0] if year == "every" else year)

    @remembered
    def at(self, indicator, report, region=None, last=False):
        """The value of one report in the indicator's unit, exact; the flow of that report for a flow."""
        if indicator["kind"] == "derived":
            if last:
                return None
            values = [(sign, self.at(part, report, region)) for sign, part in self.parts(indicator)]
            return None if any(v is None for _, v in values) else sum(sign * v for sign, v in values)
        if indicator["kind"] == "ratio":
            names = ("last_numerator", "last_denominator") if last else ("numerator", "denominator")
            (over, unit), (under, other) = (self.aggregate(indicator, indicator.get(n), report, region) for n in names)
            if over is None or not under:
                return None
            if unit is not None and other is not None and indicator["unit"] == "%":
                over = convert(over, unit, other)
            elif indicator["unit"] != "%":
                over = convert(over, unit, indicator["unit"])
            return over / under * (100 if indicator["unit"] == "%" else 1)
        value, unit = self.aggregate(indicator, indicator.get("last_year" if last else "value"), report, region)
        return convert(value, unit, indicator["unit"]) if value is not None and unit is not None else value

    def to_date(self, indicator, report, region=None, last=False):
        """The year to date at one report, exact: a flow is summed over the year's reports."""
        if report is None:
            return None
        if indicator["kind"] != "cumulative" or self.dataset(indicator)["accumulation"] != "flow":
            return self.at(indicator, report, region, last)
        first = 2 if self.dataset(indicator).get("january") == "merged" else 1
        year, month = months(report)
        values = [self.at(indicator, f"{year}-{m:02d}", region, last) for m in range(first, month + 1)]
        if region == "own":
            values = [v or 0 for v in values] if any(v is not None for v in values) else [None]
        # n/m counts regions, it cannot say that a month is missing: then the year to date is unknown
        return None if None in values or not values else sum(values)

    def values(self, indicator, region=None):
        """month, year_to_date, last_year, growth, reported growth: exact."""
        report, data = self.dates(indicator)
        to_date = self.to_date(indicator, report, region)
        last = self.to_date(indicator, report, region, last=True)
        computed = None
        if to_date is not None and last is not None:
            if indicator["unit"] == "%":
                computed = to_date - last
            elif last > 0:
                computed = (to_date - last) / last * 100
        if region is None and to_date is not None and last is not None and indicator["unit"] != "%":
            now, then = ("own" in self.basis(indicator, report, last=which) for which in (False, True))
            if now != then:
                # only one of the two holds what belongs to no city: the cities alone
                to_date_c, last_c = (self.to_date(indicator, report, CITIES, last=which) for which in (False, True))
                computed = (to_date_c - last_c) / last_c * 100 if last_c and last_c > 0 else None
            if self.unlike(indicator, report):
                computed = None
        reported = self.reported(indicator, report, region)
        basis = indicator.get("growth")
        growth = computed if basis == "computed" else reported if basis == "reported" else None
        return {"month": self.month(indicator, report, region, to_date), "year_to_date": to_date, "last_year": last, "growth": growth, "reported": reported}

    def unlike(self, indicator, report):
        """Whether the two levels of a table of cities are not of the same cities."""
        if self.dataset(indicator) is None or self.dataset(indicator)["shape"] != "matrix":
            return False
        pairs = [[self.to_date(indicator, report, r["code"], last=which) is not None for which in (False, True)] for r in self.plan.regions]
        whole = [all(pair[k] for pair in pairs) or "city" in self.basis(indicator, report, last=bool(k)) for k in (0, 1)]
        return not all(whole) and any(now != then for now, then in pairs)

    @remembered
    def covered(self, indicator, report):
        """Whose figure is there: regions of a matrix (all of them where the total holds the blank ones), else departments.

        While a whole month of a flow is missing nobody has a year to date: then those are there who have the data month."""
        dataset = self.dataset(indicator)
        if dataset["shape"] != "matrix":
            return set(self.stands.get((dataset["code"], report), {}))
        by_total = "city" in self.basis(indicator, report)
        to_date = {r["code"] for r in self.plan.regions if by_total or self.to_date(indicator, report, r["code"]) is not None}
        if to_date or dataset["accumulation"] != "flow" or indicator["kind"] != "cumulative":
            return to_date
        return {r["code"] for r in self.plan.regions if self.at(indicator, report, r["code"]) is not None}

    def reported_month(self, indicator, report, region):
        """What the reports' own month column says; of the province where every city says it that is in its year to date."""
        dataset, text = self.dataset(indicator), indicator.get("value")
        if dataset is None or indicator["kind"] != "simple" or text is None:
            return None
        other = {c["month_of"]: c["name"] for c in dataset["column"] if "month_of" in c}
        name = next((n for n in columns(parse(text)) if n in other), None)
        if name is None:
            return None
        of_month = indicator | {"value": text.replace(name, other[name])}
        if region is None:
            if dataset["shape"] != "matrix":
                return None if self.partial(indicator) else self.at(of_month, report, region)
            there = [self.at(indicator, report, r["code"]) is not None for r in self.plan.regions]
            says = [self.at(of_month, report, r["code"]) is not None for r in self.plan.regions]
            if any(value and not month for value, month in zip(there, says)) and "city" not in self.basis(of_month, report):
                return None
        return self.at(of_month, report, region)

    def partial(self, indicator):
        """Whether some of the expected have reported and others not."""
        reported, expected = self.coverage(indicator)
        return 0 < reported < expected

    def month(self, indicator, report, region, to_date):
        """The data month alone; None for ratios, stocks and quarters, for 1—2月, and where last month is unknown."""
        dataset = self.dataset(self.parts(indicator)[0][1] if indicator["kind"] == "derived" else indicator)
        number = months(report)[1] - dataset.get("lag", 0)
        if indicator["kind"] == "ratio" or dataset["accumulation"] == "stock" or dataset.get("frequency") == "quarter":
            return None
        if dataset.get("january") == "merged" and number == 2:
            return None
        if dataset["accumulation"] == "flow":
            return self.at(indicator, report, region)
        if number == 1 or to_date is None:
            return to_date
        before = shift(report, -1)
        earlier = self.to_date(indicator, before, region)
        comparable = True
        if indicator["kind"] != "derived":
            same_cover = self.covered(indicator, report) == self.covered(indicator, before)
            same_basis = ("own" in self.basis(indicator, report)) == ("own" in self.basis(indicator, before))
            by_department = dataset["shape"] != "matrix"
            comparable = (same_cover and same_basis) if region is None else same_cover or not by_department
        if earlier is None or not comparable:
            return self.reported_month(indicator, report, region)
        return to_date - earlier

    def reported(self, indicator, report, region):
        """The growth the statistics office published."""
        if "reported_growth" not in indicator:
            return None
        code, column = indicator["reported_growth"].split(".")
        for table in self.stands.get((code, report), {}).values():
            rows = [table.total] if region is None else [r for r in table.rows if r["region"] == region]
            for row in rows:
                if row is not None:
                    return row.get(column)
        return None

    def by_region(self, indicator):
        """Whether the indicator has figures of regions."""
        dataset = self.dataset(indicator)
        has = dataset is not None and any(c["type"] == "region" for c in dataset["column"])
        return indicator.get("by_region", has) and has

    def coverage(self, indicator):
        """(reported, expected): regions with a cell for a matrix, departments for form and records."""
        if indicator["kind"] == "derived":
            pairs = {self.dataset(p)["code"]: p for _, p in self.parts(indicator)}
            each = [self.coverage(p) for p in pairs.values()]
            return sum(r for r, _ in each), sum(e for _, e in each)
        # a figure to date covers the regions whose every month is there
        dataset = self.dataset(indicator)
        expected = self.plan.regions if dataset["shape"] == "matrix" else dataset["from"]
        return len(self.covered(indicator, self.dates(indicator)[0])), len(expected)

    def regions(self, indicator, changes=True):
        """The figures of each region in the province's order, with share and rank."""
        if not self.by_region(indicator):
            return []
        whole = self.values(indicator)["year_to_date"]
        partial = self.partial(indicator)
        found = []
        for region in self.plan.regions:
            value = self.values(indicator, region["code"])
            value["share"] = self.share(indicator, value, whole)
            target = indicator.get("target", {}).get("regions", {}).get(region["code"])
            value["completion"] = value["year_to_date"] / Fraction(target) * 100 if target and value["year_to_date"] is not None else None
            found.append((region, value))
        name = "growth" if indicator.get("growth") else "completion"
        # printed alike, ranked alike
        order = [rounded(v[name], 1) for _, v in found if v[name] is not None]
        for _, value in found:
            mine = value[name]
            ranked = mine is not None and not partial and self.plan.settings["report"].get("ranks", True)
            value["rank"] = 1 + sum(o > rounded(mine, 1) for o in order) if ranked else None
        if changes and (before := next(self.earlier(indicator), None)):
            # against the last data period of the year
            ranks = {r["code"]: v["rank"] for r, v in before.regions(indicator, changes=False)}
            for region, value in found:
                was = ranks.get(region["code"])
                value["rank_change"] = was - value["rank"] if was is not None and value["rank"] is not None else None
        return found

    def share(self, indicator, value, whole):
        """Percent of the province, where parts add up to it and all are there."""
        adds = indicator["kind"] != "ratio" and indicator["unit"] != "%" and not self.partial(indicator)
        return value["year_to_date"] / whole * 100 if adds and whole and value["year_to_date"] is not None else None

    def own(self, indicator):
        """The figures of what belongs to no city; None where there is nothing."""
        if not self.by_region(indicator):
            return None
        value = self.values(indicator, "own")
        if not value["year_to_date"]:
            return None
        value["share"], value["rank"] = self.share(indicator, value, self.values(indicator)["year_to_date"]), None
        return value
