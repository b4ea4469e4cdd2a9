"""The aggregates and conditions of the pipelines, evaluated over rows; three-valued as SQL is."""

import re
from functools import lru_cache
from fractions import Fraction

from .plan import squeeze

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|\"([^\"]+)\"|([A-Za-z_]\w*)|(<>|!=|<=|>=|[=<>()+\-*,]))")
AGGREGATES = {"SUM", "COUNT", "MIN", "MAX"}


class Parser:
    """Text → a function of (rows) or (row)."""

    def __init__(self, text):
        self.tokens, at = [], 0
        while text[at:].strip():
            found = TOKEN.match(text, at)
            if not found:
                raise ValueError(f"cannot read {text[at:]!r}")
            digits, quoted, name, word, sign = found.groups()
            kind = "number" if digits else "text" if quoted is not None else "name" if name else "word" if word else "sign"
            self.tokens.append((kind, digits or (quoted if quoted is not None else name or word or sign)))
            at = found.end()
        self.tokens.append(("end", ""))
        self.at = 0

    def peek(self, *values):
        """Whether the next token is one of these."""
        kind, value = self.tokens[self.at]
        return kind in ("word", "sign") and value.upper() in values

    def take(self, *values):
        """Takes the next token if it is one of these."""
        if self.peek(*values):
            self.at += 1
            return self.tokens[self.at - 1][1].upper()
        return None

    def need(self, value):
        """Takes a token that must be there."""
        if not self.take(value):
            raise ValueError(f"{value} wanted, {self.tokens[self.at]} found")

    def whole(self):
        """The whole text."""
        tree = self.either()
        if self.tokens[self.at][0] != "end":
            raise ValueError(f"unexpected {self.tokens[self.at]}")
        return tree

    def either(self):
        left = self.both()
        while self.take("OR"):
            left = ("or", left, self.both())
        return left

    def both(self):
        left = self.negation()
        while self.take("AND"):
            left = ("and", left, self.negation())
        return left

    def negation(self):
        return ("not", self.negation()) if self.take("NOT") else self.comparison()

    def comparison(self):
        left = self.total()
        sign = self.take("=", "<>", "!=", "<", "<=", ">", ">=")
        if sign:
            return ("compare", sign, left, self.total())
        if self.take("IS"):
            inverted = self.take("NOT")
            self.need("NULL")
            return ("not", ("null", left)) if inverted else ("null", left)
        inverted = self.take("NOT")
        if self.take("IN"):
            self.need("(")
            choices = [self.total()]
            while self.take(","):
                choices.append(self.total())
            self.need(")")
            return ("not", ("in", left, choices)) if inverted else ("in", left, choices)
        return left

    def total(self):
        left = self.product()
        while sign := self.take("+", "-"):
            left = ("sum", sign, left, self.product())
        return left

    def product(self):
        left = self.atom()
        while self.take("*"):
            left = ("times", left, self.atom())
        return left

    def atom(self):
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        if self.take("-"):
            return ("sum", "-", ("value", Fraction(0)), self.atom())
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return ("value", Fraction(value))
        if kind == "text":
            return ("value", squeeze(value))
        if kind == "name":
            return ("column", value)
        if value.upper() in ("TRUE", "FALSE"):
            return ("value", value.upper() == "TRUE")
        if value.upper() in AGGREGATES and self.take("("):
            return self.aggregate(value.upper())
        return ("column", value)

    def aggregate(self, name):
        distinct = bool(self.take("DISTINCT"))
        inner = None if self.take("*") else self.either()
        self.need(")")
        where = None
        if self.take("FILTER"):
            self.need("(")
            self.need("WHERE")
            where = self.either()
            self.need(")")
        return ("aggregate", name, distinct, inner, where)


@lru_cache(maxsize=None)
def parse(text):
    """The tree of an expression."""
    return Parser(text).whole()


def columns(tree):
    """The names of the columns that an aggregate adds up (not those of its conditions)."""
    if tree[0] == "column":
        return {tree[1]}
    if tree[0] == "aggregate":
        return set() if tree[1] == "COUNT" or tree[3] is None else columns(tree[3])
    return set().union(*(columns(part) for part in tree if isinstance(part, tuple))) if tree[0] != "value" else set()


COMPARE = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}


def evaluate(tree, row, rows=()):
    """The value of a tree over a row (columns) and rows (aggregates)."""
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "column":
        return row.get(tree[1])
    if kind == "aggregate":
        return aggregate(tree, rows)
    if kind == "null":
        return evaluate(tree[1], row, rows) is None
    if kind in ("and", "or"):
        sides = [evaluate(t, row, rows) for t in tree[1:]]
        decisive = kind == "or"
        return decisive if decisive in sides else None if None in sides else not decisive
    if kind == "not":
        inner = evaluate(tree[1], row, rows)
        return None if inner is None else not inner
    if kind == "in":
        value = evaluate(tree[1], row, rows)
        return None if value is None else value in [evaluate(t, row, rows) for t in tree[2]]
    left, right = (evaluate(t, row, rows) for t in tree[-2:])
    if left is None or right is None:
        return None
    if kind == "compare":
        return COMPARE[tree[1]](left, right)
    if kind == "times":
        return left * right
    return left + right if tree[1] == "+" else left - right


def aggregate(tree, rows):
    """SUM, COUNT, MIN or MAX; None (but COUNT 0) over nothing."""
    _, name, distinct, inner, where = tree
    rows = [r for r in rows if where is None or evaluate(where, r) is True]
    if inner is None:
        return Fraction(len(rows))
    values = [v for v in (evaluate(inner, r) for r in rows) if v is not None]
    if distinct:
        values = list(dict.fromkeys(values))
    if name == "COUNT":
        return Fraction(len(values))
    if not values:
        return None
    return {"SUM": sum, "MIN": min, "MAX": max}[name](values)
