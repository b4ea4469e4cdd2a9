"""Writes workbooks into the folder of their period, with the times they came and what has to be explained."""

import json

from inbox import book, received_toml
from places import DEPARTMENTS
from writing import write


MARK = "（样例数据）"


def after(period):
    """The calendar month after a period."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12}-{month % 12 + 1:02d}"


class Sender:
    """One course of months."""

    def __init__(self, out):
        self.out, self.times, self.explained = out, {}, []

    def send(self, period, department, contents, explain=(), day=8):
        """Writes one workbook."""
        name = f"{DEPARTMENTS[department]}_{period}{MARK}.xlsx"
        write(book(department, period, contents, [], form=()), self.out / period / name)
        at = f"{after(period)}-{day:02d}T10:{len(self.times.get(period, [])):02d}:00+08:00"
        self.times.setdefault(period, []).append((name, at))
        if explain:
            self.explained.append({"period": period, "file": name, "at": at, "explain": list(explain)})

    def close(self):
        """Writes received.toml of each period, and explain.json."""
        for period, entries in self.times.items():
            (self.out / period / "received.toml").write_text(received_toml(entries), encoding="utf-8")
        (self.out / "explain.json").write_text(json.dumps(self.explained, ensure_ascii=False, indent=1), encoding="utf-8")


