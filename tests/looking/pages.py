"""Printed pages: numbers as ###, blank pages, a page without its mark, and how many pages each sheet takes."""

from . import office

MARK = "样例数据"
CONFIDENTIAL = "内部资料"
# A page with less text than this has nothing but its footer.
BLANK_CHARACTERS = 60


def faults(pdf, mark=MARK):
    """What is wrong on the pages of a PDF."""
    found = []
    for number, text in enumerate(office.texts(pdf), 1):
        if "###" in text:
            found.append(f"page {number}: ### for a number that does not fit")
        if "\ufffd" in text:
            found.append(f"page {number}: a character no font has")
        if mark not in text:
            found.append(f"page {number}: no sample mark")
        if sum(not character.isspace() for character in text) < BLANK_CHARACTERS:
            found.append(f"page {number}: blank")
    found += [f"font {font} is not embedded" for font in office.unembedded(pdf)]
    return found


def per_sheet(pdf):
    """The pages of each sheet, in order: a sheet's first page begins with the mark in its first row."""
    counts = []
    for text in office.texts(pdf):
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if first.startswith(CONFIDENTIAL) or not counts:
            counts.append(0)
        counts[-1] += 1
    return counts


def unexpected(counts, expected):
    """Where the number of pages is another than the one on record."""
    if expected is None:
        return ["no number of pages on record: tests/look --write-pages"]
    if len(counts) != len(expected):
        return [f"{len(counts)} sheets printed, {len(expected)} expected"]
    pairs = zip(expected.items(), counts)
    return [f"sheet {name}: {now} pages, {then} expected" for (name, then), now in pairs if now != then]
