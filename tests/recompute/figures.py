"""The figures of one period, exact: year to date, last year, month, growth, by province and region."""

import re
from fractions import Fraction

from .expressions import columns, evaluate, parse
from .plan import convert, months, shift
from .values import rounded


class Figures:
    """Values of the indicators of a period, from what stands."""

    def __init__(self, plan, stands, period):
        self.plan, self.stands, self.period = plan, stands, period

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

    def tables(self, dataset, report):
        """The tables that stand for a report."""
        return list(self.stands.get((dataset["code"], report), {}).values())

    def rows(self, dataset, report, region):
        """The rows a figure is drawn from; None where nothing was handed in."""
        tables = self.tables(dataset, report)
        if not tables:
            return None
        if region is not None:
            return [r for t in tables for r in t.rows if r.get("region") == region]
        # Total rows are checked against their parts and left out: the province is the sum of its cities.
        return [r for t in tables for r in t.rows]

    def aggregate(self, indicator, text, report, region=None):
        """One aggregate over what stands, as (value, unit of its columns)."""
        if text is None:
            return None, None
        dataset, tree = self.dataset(indicator), parse(text)
        wanted = columns(tree)
        units = {c.get("unit") for c in dataset["column"] if c["name"] in wanted}
        rows = self.rows(dataset, report, region)
        if rows is None:
            return None, None
        if indicator.get("where"):
            condition = parse(indicator["where"])
            rows = [r for r in rows if evaluate(condition, r) is True]
        value = evaluate(tree, {}, rows)
        if value is None and dataset["shape"] == "records" and text.startswith(("SUM", "COUNT")):
            value = Fraction(0)
        if value == 0 and dataset["shape"] == "matrix" and text.startswith("COUNT") and not rows:
            value = None
        return value, (units.pop() if len(units) == 1 else None)

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
        reported = self.reported(indicator, report, region)
        basis = indicator.get("growth")
        growth = computed if basis == "computed" else reported if basis == "reported" else None
        return {"month": self.month(indicator, report, region, to_date), "year_to_date": to_date, "last_year": last, "growth": growth, "reported": reported}

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
        earlier = self.to_date(indicator, shift(report, -1), region)
        return None if earlier is None else to_date - earlier

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
        dataset = self.dataset(indicator)
        report = self.dates(indicator)[0]
        if dataset["shape"] != "matrix":
            return len(self.tables(dataset, report)), len(dataset["from"])
        # a figure to date covers the regions whose every month is there
        have = [r for r in self.plan.regions if self.to_date(indicator, report, r["code"]) is not None]
        return len(have), len(self.plan.regions)

    def regions(self, indicator):
        """The figures of each region in the province's order, with share and rank."""
        if not self.by_region(indicator):
            return []
        whole = self.values(indicator)["year_to_date"]
        found = []
        for region in self.plan.regions:
            value = self.values(indicator, region["code"])
            additive = indicator["kind"] != "ratio" and indicator["unit"] != "%"
            value["share"] = value["year_to_date"] / whole * 100 if additive and whole and value["year_to_date"] is not None else None
            target = indicator.get("target", {}).get("regions", {}).get(region["code"])
            value["completion"] = value["year_to_date"] / Fraction(target) * 100 if target and value["year_to_date"] is not None else None
            found.append((region, value))
        name = "growth" if indicator.get("growth") else "completion"
        # printed alike, ranked alike
        order = [rounded(v[name], 1) for _, v in found if v[name] is not None]
        for _, value in found:
            mine = value[name]
            ranked = mine is not None and self.plan.settings["report"].get("ranks", True)
            value["rank"] = 1 + sum(o > rounded(mine, 1) for o in order) if ranked else None
        return found
