"""Target, completion, pace, light, what is needed each month, where the year lands."""

import math
from fractions import Fraction

from .plan import UNITS, months
from .values import rounded

COUNTS = {unit for unit, (kind, _) in UNITS.items() if kind in ("count", "vehicle", "day")}
WORST = ["red", "yellow", "green"]


class Judgement:
    """One indicator's figures against its target."""

    def __init__(self, figures, indicator):
        self.figures, self.indicator, self.plan = figures, indicator, figures.plan
        self.target = indicator.get("target", {})
        self.level = Fraction(self.target["level"]) if "level" in self.target else None
        self.value = figures.values(indicator)
        self.now = self.value["year_to_date"]
        self.report, data = figures.dates(indicator)
        self.year, self.month = months(data)
        self.base = Fraction(self.target.get("base", 0))
        self.pace = indicator.get("pace", "none")
        first = self.target.get("year", self.plan.year)
        # "every": the target begins anew each year; "by": counted from January of the plan's year
        first = self.year if first == "every" else first
        self.end = (self.target["by"] - self.plan.year + 1) * 12 if "by" in self.target else 12
        self.elapsed = (self.year - first) * 12 + self.month
        self.due, self.over = self.elapsed > 0, self.elapsed > self.end
        self.partial = figures.partial(indicator)
        # a share held all year is no progress
        self.threshold = (indicator["kind"] == "ratio" or indicator["unit"] == "%") and self.pace == "none"

    def reached(self):
        """Whether the level is reached, exactly; None without one."""
        if self.now is None or self.level is None:
            return None
        kind = self.target["comparison"]
        if kind == "about":
            slack = self.level / 20
            return self.now >= self.level - (max(slack, 1) if self.is_count() else slack)
        if kind == "more_than":
            return self.now > self.level
        return self.now <= self.level if kind == "at_most" else self.now >= self.level

    def completion(self):
        """Percent of the level."""
        if self.partial or self.over or self.threshold or self.now is None or not self.level or self.target["comparison"] in ("at_most", "hold"):
            return None
        return self.now / self.level * 100

    def expected(self):
        """Percent of the level that pace expects by the data month; None without pace."""
        if self.partial or self.over or self.level is None or self.pace == "none" or not self.due:
            return None
        if self.pace == "linear":
            return (self.base + (self.level - self.base) * Fraction(min(self.elapsed, self.end), self.end)) / self.level * 100
        if self.pace == "checkpoints":
            passed = [Fraction(c["pct"]) for c in self.indicator["checkpoints"] if c["month"] <= self.month]
            return max(passed, default=Fraction(0))
        if self.pace == "curve":
            return Fraction(self.indicator["curve"][self.month - 1])
        return Fraction(100 if self.month >= self.indicator.get("due_month", 12) else 0)

    def ahead(self):
        """Points before pace: the exact difference, rounded once."""
        completion, expected = self.completion(), self.expected()
        if self.base and completion is not None and expected is not None:
            # the way from the base to the target is what pace divides
            share = (expected * self.level / 100 - self.base) / (self.level - self.base)
            return rounded(((self.now - self.base) / (self.level - self.base) - share) * 100, 1)
        return None if completion is None or expected is None else rounded(completion - expected, 1)

    def last_month(self):
        """Whether the data month is the last of the target's year."""
        return self.elapsed >= self.end

    def level_light(self):
        """The light of the level: by pace, threshold, share held, or size."""
        rules, kind = self.plan.rules, self.target["comparison"]
        if kind == "hold":
            if self.now is None or self.value["last_year"] is None:
                return "grey"
            change = self.now - self.value["last_year"]
            return "green" if change >= rules["hold"]["green"] else "yellow" if change >= rules["hold"]["yellow"] else "red"
        if self.reached():
            return "green"
        if kind == "at_most":
            return "yellow" if self.now <= self.level * rules["at_most"]["yellow_times"] else "red"
        if self.pace != "none":
            if self.last_month():
                return "red"
            ahead = self.ahead()
            return "green" if ahead >= rules["pace"]["green"] else "red" if ahead <= rules["pace"]["red"] else "yellow"
        if self.indicator["kind"] == "ratio" or self.indicator["unit"] == "%":
            short = self.level - self.now
            return "yellow" if short < self.level * rules["ratio"]["yellow_pct"] / 100 else "red"
        return "red" if self.last_month() else "grey"

    def growth_light(self):
        """The light of the growth target; None without one."""
        if "growth" not in self.target:
            return None
        if self.value["growth"] is None:
            return "grey"
        short = Fraction(self.target["growth"]) - self.value["growth"]
        if short <= 0:
            return "green"
        bad = self.value["growth"] < 0 or short >= self.plan.rules["growth"]["red_short"]
        return "red" if bad else "yellow"

    def light(self):
        """The worse of level and growth; grey where nothing can be judged."""
        if not self.target or self.now is None or self.indicator.get("tracking") or self.over:
            return "grey"
        if self.partial and not self.decided():
            return "grey"
        lights = [self.level_light()] if self.level is not None or self.target.get("comparison") == "hold" else []
        lights.append(self.growth_light())
        found = next((light for light in WORST if light in lights), "grey")
        return "yellow" if found == "red" and self.indicator.get("never_red") else found

    def decided(self):
        """Whether a part of the reports decides alone."""
        if self.level is None:
            return False
        if self.target["comparison"] == "at_most":
            return self.now > self.level
        adds = self.indicator["kind"] != "ratio" and self.indicator["unit"] != "%"
        return adds and "MIN(" not in self.indicator.get("value", "") and self.reached()

    def accumulates(self):
        """Whether the value adds up over the year: a flow or a cumulative."""
        dataset = self.figures.dataset(self.indicator)
        return dataset is not None and self.indicator["kind"] in ("simple", "cumulative") and dataset["accumulation"] in ("flow", "cumulative")

    def builds_up(self):
        """Whether the value adds up or is a list that grows: not a ratio, not a stock."""
        dataset = self.figures.dataset(self.indicator)
        return self.indicator["kind"] != "ratio" and (dataset is None or self.accumulates() or dataset["accumulation"] == "snapshot")

    def is_count(self):
        """Whether the value is a number of things."""
        return self.indicator["decimals"] == 0 and self.indicator["unit"] in COUNTS

    def needed(self):
        """Per remaining month: 0 when reached, None in the last; counts rounded up."""
        if self.partial or self.now is None or self.level is None or self.last_month() or not self.builds_up():
            return None
        if self.target["comparison"] in ("at_most", "hold"):
            return None
        if self.reached():
            return Fraction(0)
        if self.pace == "none":
            return None
        each = (self.level - self.now) / (self.end - self.elapsed)
        each = Fraction(math.ceil(each)) if self.is_count() else each
        places = 0 if self.is_count() else self.indicator["decimals"]
        # what is not reached needs something
        return each if rounded(each, places) else Fraction(1, 10**places)

    def landing(self):
        """The year's end at the speed of the last three months, or of the year so far."""
        if self.partial or self.over or self.now is None or not self.accumulates():
            return None
        earlier = None
        if self.month > 3:
            year, month = months(self.report)
            before = f"{year}-{month - 3:02d}"
            same = [
                self.figures.covered(self.indicator, self.report) == self.figures.covered(self.indicator, before),
                ("own" in self.figures.basis(self.indicator, self.report)) == ("own" in self.figures.basis(self.indicator, before)),
            ]
            earlier = self.figures.to_date(self.indicator, before) if all(same) else None
        speed = self.now / self.month if earlier is None else (self.now - earlier) / 3
        landing = self.now + speed * (12 - self.month)
        return rounded(landing, 0) if self.is_count() else landing
