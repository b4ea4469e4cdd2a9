"""The printed figures against the recomputed ones, field by field."""

import json
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from .judging import Judgement
from .values import text_of

WORDS = {
    "month": "本月", "year_to_date": "年累计", "last_year": "上年同期", "growth_pct": "同比", "reported_growth_pct": "反馈增速", "target": "目标",
    "completion_pct": "完成率", "pace_pct": "序时进度", "ahead_points": "比序时", "light": "亮灯", "needed_per_month": "月均需", "landing": "预计全年",
    "coverage": "报送", "share_pct": "占比", "rank": "位次", "rank_change": "位次升降", "periods_in_row": "连续期数", "data_period": "数据期",
}


def indicator_fields(figures, indicator):
    """What the province's row prints."""
    judge, places = Judgement(figures, indicator), indicator["decimals"]
    value = judge.value
    reported, expected = figures.coverage(indicator)
    points = max(places, 1) if indicator["unit"] == "%" else 1
    return {
        "month": text_of(value["month"], places),
        "year_to_date": text_of(value["year_to_date"], places),
        "last_year": text_of(value["last_year"], places),
        "growth_pct": text_of(value["growth"], points),
        "reported_growth_pct": text_of(value["reported"], 1),
        "target": judge.level,
        "completion_pct": text_of(judge.completion(), 1),
        "pace_pct": text_of(judge.expected(), 1),
        "ahead_points": text_of(judge.ahead(), 1),
        "light": judge.light(),
        "needed_per_month": text_of(judge.needed(), 0 if judge.is_count() else places),
        "landing": text_of(judge.landing(), places),
        "coverage": {"reported": reported, "expected": expected},
        "periods_in_row": in_a_row(figures, indicator),
        "data_period": figures.dates(indicator)[1],
    }


def in_a_row(figures, indicator):
    """Data periods of the year, back from this one, with the same light; a grey one neither counts nor breaks the row; none for grey."""
    light = Judgement(figures, indicator).light()
    count = 0
    if light == "grey":
        return 0
    for earlier in figures.earlier(indicator):
        now = Judgement(earlier, indicator).light()
        if now not in (light, "grey"):
            break
        count += now == light
    return 1 + count


def region_fields(indicator, value):
    """What a region's row prints."""
    places = indicator["decimals"]
    return {
        "month": text_of(value["month"], places),
        "year_to_date": text_of(value["year_to_date"], places),
        "last_year": text_of(value["last_year"], places),
        "growth_pct": text_of(value["growth"], max(places, 1) if indicator["unit"] == "%" else 1),
        "share_pct": text_of(value["share"], 1),
        "rank": value["rank"],
        "rank_change": value.get("rank_change"),
    }


def same(printed, own, places):
    """Whether a printed value is the recomputed one; a target may be printed as written or rounded."""
    if isinstance(own, Fraction):
        try:
            return printed is not None and (Fraction(Decimal(printed)) == own or printed == text_of(own, places))
        except InvalidOperation:
            return False
    return printed == own


def differences(code, place, printed, own, places):
    """One line for each field that is printed otherwise."""
    for field, value in own.items():
        if field not in printed or not same(printed[field], value, places):
            shown = text_of(value, places) if isinstance(value, Fraction) else value
            yield f"{code} {WORDS[field]}{place}: printed {printed.get(field)}, recomputed {shown}"


def compare(figures, path):
    """All differences between the JSON of `wenjin show` and the recomputed figures."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if not text.strip():
        return [f"{path} is empty: `wenjin show` printed nothing"]
    shown = json.loads(text)
    lines, seen = [], set()
    if shown["period"] != figures.period:
        lines.append(f"period: printed {shown['period']}, asked {figures.period}")
    for row in (row for measure in shown["measures"] for row in measure["indicators"]):
        code, indicator = row["code"], figures.plan.indicators.get(row["code"])
        seen.add(code)
        if indicator is None:
            lines.append(f"{code}: printed, but not in pipelines/")
            continue
        places = indicator["decimals"]
        lines += differences(code, "", row, indicator_fields(figures, indicator), places)
        own = figures.regions(indicator)
        apart = figures.own(indicator)
        own += [({"code": "own"}, apart)] if apart is not None else []
        printed = {r["code"]: r for r in row["regions"]}
        if [r["code"] for r in row["regions"]] != [r["code"] for r, _ in own]:
            lines.append(f"{code} 分市: printed {list(printed)}, recomputed {[r['code'] for r, _ in own]}")
        for region, value in own:
            if region["code"] in printed:
                lines += differences(code, f" {region['code']}", printed[region["code"]], region_fields(indicator, value), places)
    return lines + [f"{code}: not printed" for code in figures.plan.indicators if code not in seen]


def dump(figures):
    """Prints the recomputed figures."""
    for code, indicator in sorted(figures.plan.indicators.items(), key=lambda i: [int(n) for n in i[0].split(".")]):
        fields = indicator_fields(figures, indicator)
        fields["target"] = text_of(fields["target"], indicator["decimals"])
        fields["coverage"] = "{reported}/{expected}".format(**fields["coverage"])
        print(code, indicator["title"], *(f"{WORDS[k]}={v}" for k, v in fields.items() if v is not None), sep="\t")
        for region, value in figures.regions(indicator):
            print("", region["short_name"], *(f"{WORDS[k]}={v}" for k, v in region_fields(indicator, value).items() if v is not None), sep="\t")
