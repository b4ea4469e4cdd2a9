"""Cells as values: numbers however they are written, flags, choices, names."""

import datetime
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .plan import UNITS, convert, squeeze

NOTHING = {"", "-", "--", "/", "\\", "无", "暂无", "...", "…"}
YES, NO = {"是", "√", "✓", "y", "yes", "true", "1", "已", "有"}, {"否", "×", "x", "n", "no", "false", "0", "未"}


def blank(value):
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and squeeze(value) in NOTHING)


def number(value, pattern, column, unit):
    """The number of a cell, written in `unit`, as a Fraction in the column's unit; None when it says nothing or is no number."""
    if blank(value) or isinstance(value, (bool, datetime.date)):
        return None
    own = column.get("unit")
    unit = unit or own
    if isinstance(value, (int, float)):
        exact = Fraction(Decimal(repr(value)))
        if own == "%" and "%" in (pattern or ""):
            exact *= 100
    else:
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
        text = text.replace("−", "-").replace("－", "-")
        if text == "持平":
            return Fraction(0)
        found = re.fullmatch(r"[约近超]?([+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d*\.?\d+)(%)?([十百千万亿]?)(.*?)(?:左右|以上|余)?", text)
        if not found:
            return None
        digits, _, many, tail = found.groups()
        exact = Fraction(digits.replace(",", ""))
        if many or tail:
            exact, unit = spelled(exact, many, tail, own, unit)
            if exact is None:
                return None
    if unit != own and column["type"] == "decimal" and convert(Fraction(1), unit, own) != 1:
        # what was typed in another unit stays exact until it is printed
        return convert(exact, unit, own)
    exact = convert(exact, unit, own)
    return rounded(exact, column["decimals"] if "decimals" in column else 0 if column["type"] == "integer" else 6)


def spelled(exact, many, tail, own, unit):
    """A number with 万, 亿 or a unit behind it, in what unit it then is."""
    whole = many + tail
    if whole in UNITS:
        return exact, whole
    if many and not tail and own in UNITS:
        # 12.3亿 in a column of 亿元 or 万元: so many of the kind's base unit
        base = next(u for u, (kind, power) in UNITS.items() if kind == UNITS[own][0] and power == 0)
        return exact * {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[many], base
    return None, unit


def rounded(exact, places):
    """Half away from zero to so many places."""
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if exact >= 0 else -whole, 10**places)


def text_of(exact, places):
    """The exact value printed with so many places, half away from zero; no sign on zero."""
    if exact is None:
        return None
    value = rounded(exact, places)
    printed = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(printed) if printed == 0 else printed:f}"


def read_cell(value, pattern, column, unit, plan):
    """The value of a cell by its column's type."""
    kind = column["type"]
    if kind in ("integer", "decimal"):
        return number(value, pattern, column, unit)
    if blank(value):
        return None
    if kind == "region":
        return plan.region(value)
    if kind == "flag":
        word = squeeze(value).lower()
        return True if word in YES else False if word in NO else None
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return squeeze(value)
