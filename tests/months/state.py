"""What each department's tables say at one month, and what they said before."""

import copy

from faults import quirky
from inbox import tables
from places import DEPARTMENTS, PERIODS
from tables_fgw import energy_benchmark, marine_gdp

DEPARTMENTS = list(DEPARTMENTS)


def following(period):
    """The next reporting period: January is reported with February."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year}-{month + 1:02d}" if month < 12 else f"{year + 1}-02"


def quarterly(department, period):
    """The quarter's tables where the period ends no quarter: they go on from June's."""
    return [] if department != "fgw" or int(period[5:]) % 3 == 0 else [marine_gdp(4), energy_benchmark(1)]


def first(department, period, table):
    """The table to go on from: with the rows, not the spellings, that the shipped file has."""
    return quirky(department, period, table) if table.dataset == "soe_agreements" else table


class State:
    """Department → its tables, as of `period`; steps go from month to month."""

    def __init__(self, period, seed):
        self.period, self.seed = period, seed
        self.contents = {d: [first(d, period, t) for t in tables(d, period) + quarterly(d, period)] for d in DEPARTMENTS}
        # (dataset, key, column) → {period: value}: next year's columns of last year
        self.history, self.serial = {}, 7000
        self.remember(marine_gdp(4), "2022-06")
        for earlier in PERIODS[: PERIODS.index(period) + 1]:
            for d in DEPARTMENTS:
                for table in tables(d, earlier):
                    self.remember(table, earlier)

    def remember(self, table, period):
        """Keeps a table's numbers for next year."""
        key = table.columns[0].name
        if table.dataset in ("tasks", "lagging"):
            return
        for row in table.rows:
            for column in table.columns[1:]:
                self.history.setdefault((table.dataset, row[key], column.name), {})[period] = row.get(column.name)

    def before(self, dataset, key, column):
        """What was reported a year ago."""
        year_ago = f"{int(self.period[:4]) - 1}{self.period[4:]}"
        return self.history.get((dataset, key, column), {}).get(year_ago)

    def last(self, dataset, key, column):
        """What was reported in the period before."""
        known = self.history.get((dataset, key, column), {})
        return known[max(known)] if known else None

    def table(self, dataset):
        """The table of that dataset (of 省发展改革委 where two departments have it)."""
        return next(t for d in DEPARTMENTS for t in self.contents[d] if t.dataset == dataset)

    def number(self):
        """A running number that no row has had."""
        self.serial += 1
        return self.serial

    @property
    def month(self):
        """The month's number."""
        return int(self.period[5:])

    def step(self, steps):
        """Goes on to the next period: each table by its own step."""
        self.period = following(self.period)
        for department in DEPARTMENTS:
            for table in self.contents[department]:
                steps(self, department, table)
                self.remember(table, self.period)

    def due(self, department):
        """Copies of the tables that are due in this period."""
        quarter = self.month % 3 == 0
        left = [] if quarter else ["marine_gdp", "energy_benchmark"]
        left += ["marine_gdp"] if self.period == "2022-03" else []
        return [copy.deepcopy(t) for t in self.contents[department] if t.dataset not in left]
