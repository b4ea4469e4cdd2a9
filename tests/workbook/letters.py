"""The words of mails and of 总览: none the office avoids; sentences without plus signs, thousands separators or half-width punctuation."""

import email
import re
from email import policy
from pathlib import Path

import openpyxl

from . import books
from .checklist import FORBIDDEN

# Between or after Chinese characters; file names, addresses and times keep their own.
HALF = re.compile(r"[\u4e00-\u9fff][,;:!?]|\d,\d{3}\b|[+＋]\d|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
OUTSIDE = re.compile(r"“[^”]*\.(?:xlsx|xls|ods|xlsb)”|《[^》]*》|\S+@\S+")


def check(workspace, period):
    """Every fault of every mail and of every 总览."""
    faults, count = [], 0
    for path in sorted((Path(workspace) / "var/mail").rglob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()]
        texts = {part.get_content_type(): part.get_content() for part in parts}
        for name, text in {"Subject": message["Subject"], **texts}.items():
            faults += [f"{path.name} {name}: {word}" for word in FORBIDDEN if word in text]
        for line in [message["Subject"], *texts["text/plain"].splitlines()]:
            count += 1
            faults += [f"{path.name}: {fault}" for fault in style(line)]
    for version in sorted((Path(workspace) / "var/reports" / period).glob("v*")):
        for path in books.books(version):
            sheet = openpyxl.load_workbook(path)["总览"]
            for row in range(5, min(table.ref and int(re.search(r"\d+", table.ref)[0]) for table in sheet.tables.values())):
                text = sheet.cell(row, 1).value
                if isinstance(text, str) and text.endswith("。"):
                    count += 1
                    faults += [f"{path.name} 总览!A{row}: {fault}" for fault in style(text)]
    print(f"{count} lines read")
    return faults + ([] if count > 50 else [f"only {count} lines"])


def style(text):
    """What an official sentence does not have."""
    plain = OUTSIDE.sub("", text)
    return [f"{found[0]} in {text.strip()[:80]}" for found in HALF.finditer(plain)]
