#!/usr/bin/env python3
"""Hold `pipelines/` and `config/` against the plan's source text, sentence by sentence.

    python3 tests/plan_source.py [WORKSPACE]

Reads `fixtures/plan-source.txt` and the TOML files with the standard library alone, never the program.
Every figure of the seventeen measures has to stand in a target, a task or a note of that measure; every clause
has to be taken up by an indicator or a task; titles, actions and departments have to be the source's, in its order.
Exits 1 with the list of what is missing.
"""

import re
import sys
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

NUMERALS = "零一二三四五六七八九十"
CHINESE_FIGURE = re.compile(r"[零一二两三四五六七八九十百千万亿]+(?:分之[一二三四五六七八九十]+)?")
ARABIC_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# Words written with a numeral that count nothing.
NO_FIGURES = ("一批", "进一步", "新一轮", "一流", "统一", "第一时间")
UNITS = ("亿美元", "亿元", "万辆", "万千瓦", "家", "个", "项", "%", "天")
INFERRED_NOTE = "方案未明确时限，暂按2022年底调度"
# The share of a clause's characters that indicators and tasks must have in common with it; one with a figure is held
# by the figure as well. The share of a task's characters that the source must have.
CLAUSE_MIN = Fraction(45, 100)
CLAUSE_WITH_FIGURE_MIN = Fraction(30, 100)
TASK_MIN = Fraction(60, 100)


def measure_number(text):
    """六 → 6, 十二 → 12."""
    tens, _, ones = text.rpartition("十")
    return 10 * ("十" in text) * (NUMERALS.index(tens) if tens else 1) + (NUMERALS.index(ones) if ones else 0)


def read_source(path):
    """The measures of the source: number → title, action, body, departments."""
    text = re.sub(r"\s+", "", path.read_text(encoding="utf-8"))
    actions = [(m.start(), m[1]) for m in re.finditer(r"[一二三四五]、实施(.{2,12}?行动)，", text)]
    pattern = r"（([一二三四五六七八九十]{1,2})）([^。]{4,40})。(.*?)（责任单位：(.*?)）"
    measures = {}
    for match in re.finditer(pattern, text):
        departments = re.sub(r"按职能.*", "", match[4]).split("、")
        action = max(i for i, (start, _) in enumerate(actions, 1) if start < match.start())
        measures[measure_number(match[1])] = {
            "title": match[2], "body": match[3], "departments": departments, "action": action,
        }
    return [title for _, title in actions], measures


def read_plan(root):
    """The measures of `pipelines/`: number → the file's table."""
    plan = {}
    for path in sorted((root / "pipelines").glob("m*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        plan[table["number"]] = table
    return plan


def read_config(root, name):
    return tomllib.loads((root / "config" / f"{name}.toml").read_text(encoding="utf-8"))


def target_words(indicator):
    """Everything of an indicator's target in which a figure may stand."""
    target = indicator.get("target", {})
    return [str(target[key]) for key in ("level", "growth", "text") if key in target]


def carriers(measure):
    """The texts that may carry a figure: one per indicator, task and note."""
    texts = [" ".join(target_words(i)) for i in measure.get("indicator", [])]
    texts += [t["title"] for t in measure.get("task", [])]
    notes = list(measure.get("notes", []))
    for part in measure.get("indicator", []) + measure.get("task", []):
        notes += [note for note in part.get("notes", []) if note != INFERRED_NOTE]
    return texts + sorted(set(notes))


def arabic_figures(body):
    """(figure, text before, text after) for each Arabic figure."""
    for match in ARABIC_FIGURE.finditer(body):
        yield match[0], body[: match.start()], body[match.end():]


def check_arabic(measure, body):
    """Each figure has as many carriers as it has occurrences; years stand in targets whose year the plan gives."""
    wanted, held = Counter(), Counter()
    years = set()
    for indicator in measure.get("indicator", []):
        target = indicator.get("target", {})
        if target.get("year_source") == "plan":
            years |= {str(target.get(key)) for key in ("year", "by")}
    for figure, _, after in arabic_figures(body):
        if after.startswith("年") and len(figure) == 4:
            if figure not in years:
                yield f"no target is of the year {figure}"
        else:
            wanted[figure] += 1
    for text in carriers(measure):
        held.update(set(ARABIC_FIGURE.findall(text)))
    for figure, times in wanted.items():
        if held[figure] < times:
            yield f"figure {figure} stands {times} times in the source, {held[figure]} times in targets, tasks and notes"


def check_comparisons(measure, body):
    """超, 左右, 以上 and the unit after a figure agree with an indicator of that level."""
    for figure, before, after in arabic_figures(body):
        fitting = [i for i in measure.get("indicator", []) if i.get("target", {}).get("level") == figure]
        if not fitting:
            continue
        unit = next((u for u in UNITS if after.startswith(u)), None)
        if unit and unit not in {i["unit"] for i in fitting}:
            yield f"{figure}{unit}: the indicator of that level has another unit"
        rest = after.removeprefix(unit or "")
        word = "more_than" if before.endswith("超") else "about" if rest.startswith("左右") else "at_least"
        known = {i["target"]["comparison"] for i in fitting}
        if word not in known and not (word == "at_least" and known & {"at_most", "about"} and not rest.startswith("以上")):
            yield f"{figure}: the source says {word}, the plan {sorted(known)}"


def check_chinese(measure, body):
    """Each figure in characters (三分之一, 超万亿, 五大行业, 零成本 …) is found with the character after it."""
    texts = "\n".join(carriers(measure) + [i["title"] for i in measure.get("indicator", [])])
    plain = re.sub(r"\d+(?:\.\d+)?[百千万亿]*", "#", body)
    for word in NO_FIGURES:
        plain = plain.replace(word, "")
    for match in CHINESE_FIGURE.finditer(plain):
        following = plain[match.end(): match.end() + 1]
        figure = match[0] + (following if re.match(r"[\u4e00-\u9fff]", following) else "")
        if figure not in texts:
            yield f"figure “{figure}” is in no target, task or note"


def check_quoted(measure, body):
    """Each name in quotation marks (programmes, mechanisms) stands in a task or an indicator's title as the source has it."""
    titles = "\n".join(part["title"] for part in measure.get("indicator", []) + measure.get("task", []))
    for name in re.findall(r"“[^”]+”", body):
        if name not in titles:
            yield f"the name {name} is in no task's or indicator's title"


def coverage(text, others):
    """The share of the text's characters that stand, three in a row, in one of the others."""
    covered = set()
    for start in range(len(text) - 2):
        if any(text[start: start + 3] in other for other in others):
            covered |= {start, start + 1, start + 2}
    return Fraction(len(covered), len(text))


def without_quotes(text):
    return re.sub(r"[“”]", "", text)


def check_clauses(measure, body):
    """No clause of the source is left out, and no task says what the source does not."""
    tasks = [without_quotes(t["title"]) for t in measure.get("task", [])]
    texts = list(tasks)
    for indicator in measure.get("indicator", []):
        words = target_words(indicator)
        words += [word + indicator["unit"] for word in words]
        texts.append(without_quotes(" ".join([indicator["title"], *words, *indicator.get("notes", [])])))
    body = without_quotes(body)
    for clause in re.split(r"[。，；]", re.sub(r"（[^）]*）", "", body)):
        clause = re.sub(r"^(?:省[^、]{2,6}[厅委]、?)+", "", clause)
        least = CLAUSE_WITH_FIGURE_MIN if ARABIC_FIGURE.search(clause) else CLAUSE_MIN
        if len(clause) > 3 and coverage(clause, texts) < least:
            yield f"clause “{clause}” is taken up by no indicator or task"
    for task in tasks:
        if coverage(task, [body]) < TASK_MIN:
            yield f"task “{task}” is not in the source"


def check_target(indicator):
    """A target prints its own level and growth, and says where its year comes from."""
    code, target = indicator["code"], indicator["target"]
    text = target["text"]
    for key in ("level", "growth"):
        value = target.get(key)
        if value and "/" not in value and Fraction(value) and value not in ARABIC_FIGURE.findall(text):
            yield f"{code}: the printed target “{text}” lacks its {key} {value}"
    if (target["year_source"] == "inferred") != (INFERRED_NOTE in indicator.get("notes", [])):
        yield f"{code}: an inferred year and its note go together"


def check_tasks(number, measure, codes):
    """Tasks are numbered in a row, short, and owned by one of the measure's departments."""
    for position, task in enumerate(measure.get("task", []), 1):
        if task["code"] != f"{number}-{position}":
            yield f"task {task['code']} stands where {number}-{position} belongs"
        if len(task["title"]) > 40:
            yield f"task {task['code']} has more than 40 characters"
        owners = codes if measure["departments"] == ["sjygdw"] else measure["departments"]
        if task["owner"] not in owners:
            yield f"task {task['code']}: owner {task['owner']} is not among the measure's departments"


def check_policies(plan, body):
    """配套政策: the source's parts add up to its total, and so do the plan's."""
    levels = {i["code"]: i.get("target", {}).get("level") for i in plan[15]["indicator"]}
    total, *parts = [int(n) for n in re.findall(r"(\d+)项", body)]
    if (total, parts) != (27, [7, 9, 4, 7]) or total != sum(parts):
        yield f"15: the source's policies are {total} = {parts}"
    derived = next(i for i in plan[15]["indicator"] if i["code"] == "15.1")
    terms = re.findall(r'"([^"]+)"', derived["expression"])
    if levels["15.1"] != str(total) or [levels.get(t) for t in terms] != [str(p) for p in parts]:
        yield f"15: the plan's policies are {levels}"


def check_measure(number, measure, source, names):
    """Everything about one measure that can be said without the others."""
    if measure["title"] != source["title"]:
        yield f"title “{measure['title']}”, in the source “{source['title']}”"
    if measure["action"] != source["action"]:
        yield f"action {measure['action']}, in the source {source['action']}"
    departments = [names.get(code, code) for code in measure["departments"]]
    if departments != source["departments"]:
        yield f"departments {departments}, in the source {source['departments']}"
    yield from check_arabic(measure, source["body"])
    yield from check_comparisons(measure, source["body"])
    yield from check_chinese(measure, source["body"])
    yield from check_quoted(measure, source["body"])
    yield from check_clauses(measure, source["body"])
    yield from check_tasks(number, measure, names)
    for indicator in measure.get("indicator", []):
        if "target" in indicator:
            yield from check_target(indicator)
        elif not indicator.get("tracking"):
            yield f"{indicator['code']}: neither a target nor tracking"


def check_whole(plan, actions, config, departments):
    """Counts over the whole plan."""
    with_target = sum("target" in i for m in plan.values() for i in m.get("indicator", []))
    tasks = [t for m in plan.values() for t in m.get("task", [])]
    if with_target < 44:
        yield f"{with_target} indicators with targets, at least 44 wanted"
    if not 85 <= len(tasks) <= 100:
        yield f"{len(tasks)} tasks, about 90 wanted"
    if [a["title"] for a in config] != actions:
        yield f"actions {[a['title'] for a in config]}, in the source {actions}"
    idle = {d["code"] for d in departments if d.get("reports", True)} - {t["owner"] for t in tasks}
    if idle:
        yield f"departments without a task: {sorted(idle)}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    actions, source = read_source(root / "fixtures" / "plan-source.txt")
    plan = read_plan(root)
    departments = read_config(root, "departments")["department"]
    names = {d["code"]: d["name"] for d in departments}
    if sorted(source) != list(range(1, 18)) or sorted(plan) != sorted(source):
        sys.exit(f"measures in the source {sorted(source)}, in pipelines {sorted(plan)}")
    wrong = [f"measure {n}: {line}" for n in source for line in check_measure(n, plan[n], source[n], names)]
    wrong += check_policies(plan, source[15]["body"])
    wrong += check_whole(plan, actions, read_config(root, "actions")["action"], departments)
    if wrong:
        print("\n".join(wrong))
        sys.exit(1)
    indicators = [i for m in plan.values() for i in m.get("indicator", [])]
    print(f"{len(plan)} measures, {len(indicators)} indicators, {sum('target' in i for i in indicators)} with targets, "
          f"{sum(len(m.get('task', [])) for m in plan.values())} tasks: every figure and clause of the source is taken up")


if __name__ == "__main__":
    main()
