"""The plan as its files say it: config/ and pipelines/, read with tomllib."""

import re
import tomllib
import unicodedata
from fractions import Fraction
from pathlib import Path

# unit → (kind, power of ten)
PREFIXES = {"": 0, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12}
BASES = {
    "元": ("yuan", 0), "美元": ("dollar", 0), "千瓦": ("kilowatt", 0), "瓦": ("kilowatt", -3), "兆瓦": ("kilowatt", 3), "吉瓦": ("kilowatt", 6),
    "吨": ("tonne", 0), "辆": ("vehicle", 0),
} | {unit: ("count", 0) for unit in "家个项户件台套次条"} | {unit: ("person", 0) for unit in ("人", "人次", "名")}
UNITS = {prefix + base: (kind, power + own) for base, (kind, own) in BASES.items() for prefix, power in PREFIXES.items()} | {
    "天": ("day", 0), "工作日": ("day", 0), "%": ("percent", 0), "百分点": ("point", 0),
}


def squeeze(text):
    """NFKC without any white space; dashes are one dash."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text)))
    return re.sub(r"[‐‑‒–—―−﹣-]+|(?<=\d)[~～至](?=\d)", "-", text)


def heading(text):
    """A heading as it is matched: squeezed, without what stands in brackets."""
    return re.sub(r"[(\[【].*?[)\]】]", "", squeeze(text)).strip(":：")


def months(period):
    """2022-06 → (2022, 6)."""
    year, month = period.split("-")
    return int(year), int(month)


def shift(period, by):
    """The period `by` months later."""
    year, month = months(period)
    year, month = divmod(year * 12 + month - 1 + by, 12)
    return f"{year}-{month + 1:02d}"


def load(path):
    """One TOML file."""
    with open(path, "rb") as file:
        return tomllib.load(file)


class Plan:
    """Datasets, indicators, regions, departments and light rules of one period."""

    def __init__(self, workspace, period):
        self.root = Path(workspace)
        config = self.root / "config"
        self.settings = load(config / "wenjin.toml")
        self.year = self.settings["plan"]["year"]
        self.departments = load(config / "departments.toml")["department"]
        regions = load(config / "regions.toml")
        self.province, self.regions = regions["province"], regions["region"]
        self.rules = {k: {n: Fraction(v) for n, v in t.items()} for k, t in load(config / "lights.toml").items()}
        self.datasets, self.indicators = {}, {}
        for path in sorted((self.root / "pipelines").glob("*.toml")):
            spec = load(path)
            if spec.get("valid_from", "") <= period <= spec.get("valid_until", "9999"):
                for dataset in spec.get("dataset", []):
                    self.datasets[dataset["code"]] = dataset
                for indicator in spec.get("indicator", []):
                    self.indicators[indicator["code"]] = indicator
        self.names = {squeeze(n): r["code"] for r in [*self.regions, self.province] for n in [r["name"], r["short_name"], *r.get("aliases", [])]}
        for word in ("合计", "总计", "全省", "全省合计", "小计"):
            self.names[word] = self.province["code"]

    def region(self, text):
        """The code of the region (or province) a cell names, else None."""
        return self.names.get(squeeze(text)) if text is not None else None

    def department(self, text):
        """The department a text names: the longest of the names it holds."""
        found = [(len(n), d["code"]) for d in self.departments for n in [d["name"], d.get("full_name", d["name"]), *d.get("aliases", [])] if n in text]
        return max(found)[1] if found else None

    def folders(self):
        """The folders submissions lie in."""
        return [self.root / s["path"] for s in self.settings["source"] if s["kind"] == "folder"]

    def reporting(self, dataset, period):
        """The period in which the newest data due by `period` were handed in, and the period they are of."""
        if dataset.get("frequency") == "quarter":
            period = shift(period, -(months(period)[1] % 3))
        return period, shift(period, -dataset.get("lag", 0))


def convert(value, source, target):
    """The value in another unit of the same kind."""
    if source is None or target is None or source == target:
        return value
    (kind, power), (other, wanted) = UNITS[source], UNITS[target]
    if kind != other:
        raise ValueError(f"{source} does not become {target}")
    return value * Fraction(10) ** (power - wanted)
