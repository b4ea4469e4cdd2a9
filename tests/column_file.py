"""Reads the ledger's tables: column files v1 (src/model/columns.rs), or the JSON that an earlier program wrote. No library is needed."""
import datetime
import decimal
import json
import zlib

KINDS = ["text", "integer", "decimal", "date", "flag", "region"]


def table(body, packed):
    """A row of `observations` as the JSON it was once kept as; without the places of its cells."""
    return json.loads(body) if packed is None else File(packed).table()


class File:
    """A column file while it is read."""

    def __init__(self, packed):
        assert packed[:4] == b"wjc1", packed[:4]
        # Behind it the hash, 32 bytes, and the length.
        self.bytes, self.at = zlib.decompress(packed[40:], wbits=-15), 0

    def byte(self):
        self.at += 1
        return self.bytes[self.at - 1]

    def number(self):
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def signed(self):
        number = self.number()
        return number >> 1 if number & 1 == 0 else ~(number >> 1)

    def text(self):
        length = self.number()
        self.at += length
        return self.bytes[self.at - length : self.at].decode()

    def bits(self):
        length = self.number()
        return [bool(byte >> at & 1) for byte in [self.byte() for _ in range((length + 7) // 8)] for at in range(8)][:length]

    def table(self):
        head = json.loads(self.text())
        names = head.pop("columns")
        return {**head, "columns": [{"name": name, "values": self.values()} for name in names]}

    def values(self):
        kind, valid = KINDS[self.byte()], self.bits()
        count = sum(valid)
        read = {"text": self.texts, "region": self.texts, "integer": self.integer, "decimal": self.decimals, "date": self.dates, "flag": self.flags}
        found = iter(read[kind](count))
        return {kind: [next(found) if one else None for one in valid]}

    def texts(self, count):
        if self.byte() == 0:
            return [self.text() for _ in range(count)]
        listed = [self.text() for _ in range(self.number())]
        return [listed[self.number()] for _ in range(count)]

    def integer(self, count):
        return [self.signed() for _ in range(count)]

    def decimals(self, count):
        if self.byte() == 0:
            scale = self.number()
            return [printed(self.signed(), scale) for _ in range(count)]
        return [self.scaled() for _ in range(count)]

    def scaled(self):
        scale = self.byte()
        number = self.number()
        return ("-" if scale & 0x80 else "") + printed(number, scale & 0x7F)

    def dates(self, count):
        return [datetime.date.fromordinal(self.signed()).isoformat() for _ in range(count)]

    def flags(self, _):
        return self.bits()


def printed(number, scale):
    return format(decimal.Decimal(number).scaleb(-scale, decimal.Context(prec=40)), f".{scale}f")
