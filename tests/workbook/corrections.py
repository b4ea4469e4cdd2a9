"""A later version against the one before: 更正说明 against both `show` documents, and every cell that differs against its cause.

What may differ is computed from the two documents: a figure, its derived columns, ranks, shares, lights, the texts that name it; the
lines of the files that were replaced; the words for version and date. Everything else must be the same cell for cell.
"""

import email
import itertools
import json
import re
from email import policy
from pathlib import Path

import openpyxl

from . import books

# column of 更正说明 → field of `show`
ITEMS = {
    "当月": "month", "累计": "year_to_date", "上年同期": "last_year", "累计同比": "growth_pct", "公布同比": "reported_growth_pct",
    "年度目标": "target", "完成年度目标": "completion_pct", "序时进度": "pace_pct", "比序时进度": "ahead_points", "后续月均需": "needed_per_month",
    "预计全年": "landing", "连续期数": "periods_in_row",
}
# 项目 of 年内各月累计进度 → field of `show`'s series
MONTHS = {"完成进度": "completion_pct", "序时进度": "pace_pct", "累计": "year_to_date"}
EARLIER = re.compile(r"^1(?:—(\d+))?月(完成进度|序时进度|累计)$")
# heading (by its beginning) → fields a cell under it shows; of a region its own, then the province's
SHOWN = {
    "1—": ("year_to_date", "light", "grey_reason"), "累计同比": ("growth_pct",), "累计": ("year_to_date", "light", "grey_reason"),
    "当月": ("month",), "上年同期": ("last_year",), "同比": ("growth_pct",), "公布同比": ("reported_growth_pct",), "序时进度": ("pace_pct",),
    "完成年度目标": ("completion_pct",), "比序时进度": ("ahead_points",), "预计全年": ("landing",), "占全省": ("share_pct",), "位次变化": ("rank_change",),
    "位次": ("rank",), "亮灯": ("light", "grey_reason", "periods_in_row"), "数据期": ("data_period",), "报送范围": ("coverage",),
    "备注": ("notes", "coverage"), "月均需": ("needed_per_month",), "年内走势": ("series",),
}
NEVER = ("序号", "编号", "指标", "地区", "单位", "重点任务", "责任单位", "年度目标")
VERSION = re.compile(r"第\d+版(（更正）)?(，第\d+版作废)?|2022年7月\d+日\d+时(\d+分)?")


def check(workspace, before, after, show_before, show_after, dataset):
    """Every fault of version `after` (a number) against `before`; `dataset` is the table sent again, or the department that sent all of its own."""
    reports = Path(workspace) / "var/reports" / json.loads(Path(show_after).read_text(encoding="utf-8"))["period"]
    old, new = rows(show_before), rows(show_after)
    faults = []
    first, second = (books.books(reports / f"v{number}") for number in (before, after))
    for left, right in zip(first, second):
        if f"第{after}版（更正）" not in right.name:
            faults.append(f"{right.name}: no version in the name")
        pair = openpyxl.load_workbook(left), openpyxl.load_workbook(right)
        faults += [f"{right.name[-24:]} {fault}" for fault in [*notice(pair[1], old, new, after), *differences(*pair, old, new, dataset)]]
    moved = [key for key in new if old.get(key) != new[key]]
    print(f"{len(moved)} places moved, {len(first)} books compared")
    return faults + mails(Path(workspace) / "var/mail", after)


def rows(path):
    """(code, region or 全省) → figures as printed."""
    found = {}
    for measure in json.loads(Path(path).read_text(encoding="utf-8"))["measures"]:
        for row in measure["indicators"]:
            found[row["code"], "全省"] = {k: v for k, v in row.items() if k not in ("regions", "departments")}
            found |= {(row["code"], region["name"]): region for region in row["regions"]}
    return found


def notice(book, old, new, after):
    """更正说明 says every moved figure, old and new as the two versions print them, and nothing else."""
    sheet, faults = book["更正说明"], []
    void = f"第{int(after) - 1}版作废"
    for place, text in (("更正说明!A3", sheet["A3"].value), ("封面", " ".join(str(c.value) for r in book["封面"].iter_rows() for c in r if c.value))):
        if void not in text:
            faults.append(f"{place} does not say {void}")
    if f"第{after}版（更正）" not in (book.properties.title or ""):
        faults.append(f"the title {book.properties.title} does not say which version it is")
    headings, table = books.table(sheet)
    codes = {row[0].value for row in books.table(book["指标明细"])[1]}
    told = {}
    for row in (dict(zip(headings, (cell.value for cell in cells))) for cells in table):
        if row["编号"] is None:
            continue
        key = (row["编号"], row["地区"])
        told[key, row["项目"]] = row
        if "替换" not in row["更正原因"] and "补报" not in row["更正原因"] and "撤回" not in row["更正原因"]:
            faults.append(f"{key}: the cause {row['更正原因']} names no file")
        for heading, figures in (("更正前", old), ("更正后", new)):
            said, known = printed(figures[key], row["项目"])
            if known and not same(row[heading], said):
                faults.append(f"{key} {row['项目']} {heading}: {row[heading]}, `show` says {said}")
            light = figures[key].get("light")
            if row[heading + "亮灯"] != "—" and word(figures[key]) != row[heading + "亮灯"] and row["项目"] != "上期亮灯":
                faults.append(f"{key} {heading}亮灯: {row[heading + '亮灯']}, `show` says {light}")
    for key in (key for key in new if key[0] in codes and key in old):
        for item, field in ITEMS.items():
            moved = old[key].get(field) != new[key].get(field)
            twice = field == "reported_growth_pct" and new[key].get("growth_pct") == new[key].get(field)
            if moved and (key, item) not in told and not twice:
                faults.append(f"{key} {item} moved from {old[key][field]} to {new[key][field]}, which 更正说明 does not say")
        for item in earlier(old[key], new[key]):
            if (key, item) not in told:
                faults.append(f"{key} {item} moved, which 更正说明 does not say")
    for key, item in told:
        (was, known), (now, _) = printed(old[key], item), printed(new[key], item)
        if known and was == now:
            faults.append(f"{key} {item} is told, but did not move")
    return faults


def printed(figures, item):
    """What `show` says for an item of 更正说明, and whether the item is one of those."""
    found = EARLIER.match(item)
    if not found:
        return figures.get(ITEMS.get(item)), item in ITEMS
    point = months(figures).get(int(found[1] or 1), {})
    return point.get(MONTHS[found[2]]), True


def months(figures):
    """Month → what `show` has of it."""
    return {int(point["period"][-2:]): point for point in figures.get("series", [])}


def earlier(old, new):
    """The items of months before the latest that 年内各月累计进度 prints otherwise."""
    left, right = months(old), months(new)
    latest = int((new.get("data_period") or old.get("data_period") or "00")[-2:])
    paced = any(point["completion_pct"] and point["pace_pct"] for point in right.values())
    for month in sorted({*left, *right} - {latest}):
        for item in ("完成进度", "序时进度") if paced else ("累计",):
            if left.get(month, {}).get(MONTHS[item]) != right.get(month, {}).get(MONTHS[item]):
                yield f"1—{month}月{item}" if month > 1 else f"1月{item}"


def word(figures):
    """A light's printed word."""
    return figures.get("grey_reason") or {"green": "绿", "yellow": "黄", "red": "红"}.get(figures["light"])


def same(cell, printed):
    """Whether a cell shows a printed figure; "—" is none."""
    return cell == "—" if printed is None else not isinstance(cell, str) and float(printed) == float(cell)


def differences(left, right, old, new, dataset):
    """Cells that differ without a cause, and figures that moved without their cells."""
    faults = []
    if [name for name in right.sheetnames if name != "更正说明"] != [name for name in left.sheetnames if name != "更正说明"]:
        return [f"other sheets: {right.sheetnames}"]
    lights = any(old[key].get(f) != new[key].get(f) for key in new if key in old for f in ("light", "grey_reason", "year_to_date"))
    for name in (name for name in left.sheetnames if name != "更正说明"):
        pages = left[name], right[name]
        if name == "封面":
            faults += texts(name, *pages, lights)
            continue
        if name == "总览":
            faults += texts(name, *pages, lights, until=11)
        faults += keyed(name, *pages, old, new, dataset)
        if VERSION.sub("", pages[0]["A3"].value) != VERSION.sub("", pages[1]["A3"].value) and name not in ("报送情况", "数据审核意见", "重点任务"):
            faults.append(f"{name}!A3: {pages[1]['A3'].value}")
    return faults


def texts(name, left, right, lights, until=999):
    """Texts of a free sheet: the same but for version and date; counts and reporting may follow a light or a report."""
    def lines(sheet):
        found = [str(cell.value) for row in sheet.iter_rows(max_row=until) for cell in row if cell.value is not None and not cell.coordinate.startswith("ZZ")]
        return [VERSION.sub("", text) for text in found if text not in ("更正说明", "与上一版不同的数据和原因")]
    moved = [(a, b) for a, b in zip(lines(left), lines(right)) if a != b]
    if len(lines(left)) != len(lines(right)) and not lights:
        return [f"{name}: {len(lines(left))} texts became {len(lines(right))}"]
    return [f"{name}: {a} became {b}" for a, b in moved if not lights]


def key_of(by):
    """Whose figures a row shows, by its first columns."""
    code = by.get("编号") if "指标名称" in by or "指标" in by else None
    if code is None and by.get("指标"):
        code = str(by["指标"]).split(" ")[0]
    return code, by.get("地区", "全省")


def keyed(name, left, right, old, new, dataset):
    """Rows of a sheet's tables side by side, cell for cell."""
    faults = []
    for table in left.tables:
        if table not in right.tables:
            return [f"{name}: no table {table}"]
        headings, before = books.table(left, table)
        others, after = books.table(right, table)
        if name in ("数据审核意见", "总览", "数据来源"):
            faults += loose(name, headings, before, after, old, new, dataset)
            continue
        if table.startswith("months_") and headings == others[: len(headings)] and len(before) == len(after):
            # The latest month comes in with its first report.
            headings = others
        if headings != others or len(before) != len(after):
            faults.append(f"{name} {table}: {len(before)} rows became {len(after)}, {headings} became {others}")
            continue
        for ours, theirs in zip(before, after):
            of = month_faults if table.startswith("months_") else row_faults
            faults += of(name, headings, ours, theirs, old, new, dataset)
    return faults


def month_faults(name, headings, ours, theirs, old, new, _):
    """One row of 年内各月累计进度 before and after: a month's cell moves with its figure, and with nothing else."""
    faults = []
    code, item = theirs[0].value.split(" ")[0], MONTHS[theirs[1].value]
    for heading, was, now in itertools.zip_longest(headings[3:], ours[3:], theirs[3:]):
        month = int(re.search(r"(\d+)月$", heading)[1])
        before, after = (months(side[code, "全省"]).get(month, {}).get(item) for side in (old, new))
        if (was and not same(was.value, before)) or not same(now.value, after):
            faults.append(f"{name}!{now.coordinate} ({code} {heading}): {was and was.value} and {now.value}, `show` says {before} and {after}")
    return faults


def row_faults(name, headings, ours, theirs, old, new, dataset):
    """One row before and after."""
    by = dict(zip(headings, (cell.value for cell in theirs)))
    if name == "主要指标":
        titles = {figures["title"]: key for key, figures in new.items() if "title" in figures}
        code, place = titles.get(by["指标名称"], (None, None))
    else:
        code, place = key_of(by)
    faults = []
    for heading, was, now in zip(headings, ours, theirs):
        differs = was.value != now.value
        if name == "报送情况":
            allowed = by["调度表"] == dataset or by["单位"] == dataset
        elif name == "重点任务":
            allowed = by["填报单位"] == dataset
        elif (code, place) not in new:
            allowed = False
        else:
            allowed, needed = moved(heading, code, place, old, new)
            if needed and not differs:
                faults.append(f"{name}!{now.coordinate} ({code} {place} {heading}) still says {was.value}")
        if differs and not allowed:
            faults.append(f"{name}!{now.coordinate} ({code} {place} {heading}): {was.value} became {now.value} without a cause")
    return faults


def moved(heading, code, place, old, new):
    """Whether a cell under a heading may differ, and whether it must."""
    if heading.startswith(NEVER):
        return False, False
    if heading.startswith("上期亮灯"):
        return any(old[key] != new[key] for key in new if key[0] == code and key in old), False
    was, now = old[code, place], new[code, place]
    if heading.startswith("与全省增速之差"):
        either = any(old[code, where].get("growth_pct") != new[code, where].get("growth_pct") for where in (place, "全省"))
        return either, False
    if heading.startswith("各市位次"):
        return any(old[key].get("rank") != new[key].get("rank") for key in new if key[0] == code and key in old), False
    if heading.startswith("占全省") and place == "全省":
        return was.get("year_to_date") != now.get("year_to_date"), False
    fields = next((fields for start, fields in SHOWN.items() if heading.startswith(start)), None)
    if fields is None:
        # A column that is not known here (a sparkline, the light before) may follow anything of its indicator.
        return any(old[key] != new[key] for key in new if key[0] == code and key in old), False
    changed = [field for field in fields if was.get(field) != now.get(field)]
    exact = len(fields) == 1 and fields[0] in ("growth_pct", "completion_pct", "ahead_points", "month", "last_year", "share_pct", "landing")
    return bool(changed), bool(changed) and exact


def loose(name, headings, before, after, old, new, dataset):
    """Tables whose rows may come, go or change places: rows of an indicator that did not move stay as they were."""
    def rows_of(table):
        return {tuple(cell.value for cell in row) for row in table}
    titles = {f"{figures['title']}（{figures['unit']}）": key for key, figures in new.items() if "title" in figures}
    faults = []
    for row in rows_of(before) ^ rows_of(after):
        code = titles.get(row[0], (None, None))[0]
        lights = any(old[key].get("light") != new[key].get("light") for key in new if key in old)
        if name == "总览" and (old.get((code, "全省")) != new.get((code, "全省")) or (code is None and lights)):
            continue
        if name == "数据来源" and any(old.get(key) != new[key] for key in new if key[0] == row[0]):
            continue
        if name == "数据审核意见":
            continue
        faults.append(f"{name}: the row {row} changed without a cause")
    return faults


def mails(folder, after):
    """Correction mails say what changed, and that the version before is void."""
    faults = []
    found = [path for path in Path(folder).rglob("*.eml") if f"_v{after}_" in path.name]
    for path in found:
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",)).get_content()
        if "更正" not in message["Subject"] or f"第{after}版" not in message["Subject"]:
            faults.append(f"{path.name}: the subject {message['Subject']} is no correction's")
        if f"第{int(after) - 1}版作废" not in body:
            faults.append(f"{path.name}: the body does not say that the version before is void")
        names = [part.get_filename() for part in message.iter_attachments() if part.get_filename()]
        if not any(f"第{after}版（更正）" in name for name in names):
            faults.append(f"{path.name}: attached are {names}")
    print(f"{len(found)} correction mails read")
    return faults + ([] if found else ["no correction mail"])
