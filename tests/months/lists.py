"""Lists one month on: rows are added, projects are paid, policies are issued."""

import datetime
from decimal import Decimal

from naming import CHAINS, CYCLE, FIELDS, PRODUCTS, TRADES, project_code
from places import CODE, REGION_NAMES, SHORT, WEIGHTS, dice

# rows a month brings; awards come in batches
MONTHLY = {
    "chain_communities": 14, "upgrade_projects": 7, "industrial_projects": 44, "clean_energy": 8, "major_projects": 18, "soe_agreements": 1, "chain_leaders": 2,
}
BATCHES = {
    "brand_enterprises": {9: 60, 12: 80}, "quality_products": {10: 50, 12: 56}, "future_factories": {9: 48, 12: 38}, "tech_centers": {12: 61}, "innovation_projects": {10: 150},
    "engineering_centers": {11: 21}, "research_institutes": {9: 12, 12: 11}, "innovation_centers": {12: 2}, "fusion_pilots": {9: 40, 12: 44}, "future_zones": {12: 3},
}
# what a new year brings to an award list at once
NEW_YEAR = 3
AWARDS = ("brand_enterprises", "quality_products", "future_factories", "tech_centers", "engineering_centers", "research_institutes", "innovation_centers")
# lists that now and then lose a row: withdrawn, closed
LEAVERS = ("upgrade_projects", "chain_communities", "industrial_projects")
# lists of a plan year: a new one in February
OF_A_YEAR = ("major_projects", "foreign_projects")


def day(state, rng):
    """A day of the data month."""
    return datetime.date(int(state.period[:4]), state.month, rng.randint(2, 27))


def fresh(state, dataset, rng):
    """What a new row is made of: a region, a day, a name, a code."""
    region = rng.choice([n for n in REGION_NAMES for _ in range(max(1, WEIGHTS[n] // 12))])
    n, short = state.number(), SHORT[region]
    name = f"{short}{CYCLE[n % 60]}样例{TRADES[n % len(TRADES)]}{n}有限公司"
    return {
        "region": region, "n": n, "on": day(state, rng), "company": name, "batch": f"{state.period[:4]}年第{state.month}批", "short": short,
        "code": project_code(n, CODE[region]), "project": f"{short}{CYCLE[n % 60]}样例年产{n}万套{PRODUCTS[n % len(PRODUCTS)]}项目",
    }


def row_of(state, dataset, rng, at):
    """A new row of a list."""
    f = fresh(state, dataset, rng)
    n, own = f["n"], {"region": f["region"]}
    make = {
        "chain_leaders": lambda: {"name": f["company"], "chain": CHAINS[n % len(CHAINS)], "status": "培育中", "recognised_on": None},
        "chain_communities": lambda: {"name": f"{f['company'][:5]}样例{CHAINS[n % len(CHAINS)]}企业共同体{n}", "leader": f["company"], "members": rng.randint(5, 45), "recognised_on": f["on"]},
        "quality_products": lambda: {"product": f"{PRODUCTS[n % len(PRODUCTS)]}（样例{n}型）", "enterprise": f["company"], "batch": f["batch"], "recognised_on": f["on"]},
        "upgrade_projects": lambda: {
            "code": "2201" + f["code"][4:], "name": f["project"].replace("项目", "技术改造项目"), "level": "省级重点" if at % 7 else "市县", "total_investment": rng.randint(480, 5600) * 10,
            "paid_total": rng.randint(60, 480), "stage": "在建", "started_on": f["on"]},
        "future_factories": lambda: {"name": f["company"].replace("有限公司", "未来工厂" if at % 8 == 0 else "数字化车间"), "kind": "未来工厂" if at % 8 == 0 else "智能工厂（数字化车间）", "batch": f["batch"], "recognised_on": f["on"]},
        "tech_centers": lambda: {"enterprise": f["company"], "batch": f["batch"], "recognised_on": f["on"]},
        "innovation_projects": lambda: {"kind": KINDS[at % 3][0], "code": f"{KINDS[at % 3][1]}-2022-{n}", "name": f"{PRODUCTS[n % len(PRODUCTS)]}样例项目{n}", "enterprise": f["company"]},
        "major_projects": lambda: {
            "code": "2203" + f["code"][4:], "name": f["project"], "sector": "制造业" if n % 5 < 2 else "基础设施", "landed": "是" if at % 3 else "否", "planned": rng.randint(90, 1700) * 100, "paid_total": Decimal(0)},
        "foreign_projects": lambda: {
            "code": "2202" + f["code"][4:], "name": f["project"], "sector": "先进制造业" if at % 4 else "现代服务业", "total_investment": Decimal(rng.randint(20000, 96000)), "planned": Decimal(rng.randint(3000, 9500)),
            "paid_total": Decimal(rng.randint(100, 900))},
        "soe_agreements": lambda: {"enterprise": f"样例{CYCLE[n % 60]}{n}集团有限公司", "agreement": f"浙江省人民政府　样例{n}集团战略合作协议", "signed_on": f["on"]},
        "industrial_projects": lambda: {"code": "2204" + f["code"][4:], "name": f["project"], "total_investment": Decimal(rng.randint(105, 2400)) / 100, "signed_on": f["on"]},
        "future_zones": lambda: {"name": f"{f['short']}样例{FIELDS[n % len(FIELDS)]}先导区{n}", "status": "培育"},
        "fusion_pilots": lambda: {"kind": "区域" if at % 3 == 0 else "企业", "name": f["company"] if at % 3 else f"{f['short']}样例产业园{n}", "batch": f["batch"]},
        "engineering_centers": lambda: {"name": f"{f['short']}样例{FIELDS[n % len(FIELDS)]}工程研究中心{n}", "unit_name": f["company"], "recognised_on": f["on"]},
        "innovation_centers": lambda: {"name": f"浙江省样例{FIELDS[n % len(FIELDS)]}{n}技术创新中心", "field": FIELDS[n % len(FIELDS)], "recognised_on": f["on"]},
        "research_institutes": lambda: {"enterprise": f["company"], "field": FIELDS[n % len(FIELDS)], "batch": f["batch"], "recognised_on": f["on"]},
        "brand_enterprises": lambda: {"enterprise": f["company"], "brand_type": "浙江制造", "batch": f["batch"], "recognised_on": f["on"]},
        "clean_energy": lambda: {"code": "2205" + f["code"][4:], "name": f"{f['short']}样例光伏发电项目{n}", "type": "光伏发电", "total_investment": Decimal(rng.randint(150, 1400)) / 100, "paid_total": Decimal("0.05")},
    }[dataset]()
    return own | make


KINDS = (("重点创新项目", "CX"), ("高新技术产品项目", "GX"), ("首台（套）工程化攻关项目", "ST"))


def pay(rows, name, limit, rng, places):
    """What projects have been paid rises; in its second month a project may grow tenfold."""
    for row in rows:
        rest, paid = Decimal(row[limit]) - Decimal(row[name]), Decimal(row[name])
        if row.get("landed") == "否" or row.get("stage") == "未开工":
            continue
        # one of four goes tenfold in its second month; else a few percent, and now and then nothing
        tenfold = paid < Decimal(row[limit]) / 50 and rng.random() < 0.25
        share = Decimal(rng.randint(90, 260) if tenfold else rng.choice([0, rng.randint(2, 90)])) / 1000
        row[name] = paid + (rest * share).quantize(Decimal(1).scaleb(-places))


def turn(rows, name, old, new, on, state, rng, count):
    """Some rows change: 培育中 to 已认定, 否 to 是."""
    for row in [r for r in rows if r[name] == old][:count]:
        row[name] = new
        if on:
            row[on] = day(state, rng)


def listed(state, table):
    """A list one month on."""
    dataset, rows = table.dataset, table.rows
    rng = dice("months", state.seed, state.period, dataset)
    more = MONTHLY.get(dataset, 0) + BATCHES.get(dataset, {}).get(state.month, 0)
    if state.month == 2 and dataset in AWARDS:
        more = NEW_YEAR
    if state.month == 2 and dataset in OF_A_YEAR:
        size = len(rows) // 2
        rows.clear()
        more = size
    if dataset == "major_projects":
        turn(rows, "landed", "否", "是", None, state, rng, 14)
        pay(rows, "paid_total", "planned", rng, 0)
    elif dataset in ("upgrade_projects", "foreign_projects", "clean_energy"):
        for row in rows if dataset == "upgrade_projects" else []:
            if row["stage"] == "未开工":
                row["stage"], row["started_on"] = "在建", day(state, rng)
        pay(rows, "paid_total", "planned" if dataset == "foreign_projects" else "total_investment", rng, 2 if dataset == "clean_energy" else 0)
    elif dataset == "chain_leaders":
        turn(rows, "status", "培育中", "已认定", "recognised_on", state, rng, 4)
    elif dataset == "hydrogen_sites":
        turn(rows, "started", "否", "是", None, state, rng, 1 if state.month in (8, 10) else 0)
    elif dataset == "ic_projects":
        turn(rows, "window_passed", "否", "是", "passed_on", state, rng, 1 if state.month in (9, 11) else 0)
    elif dataset == "policies":
        turn(rows, "issued", "否", "是", "issued_on", state, rng, 1)
    if dataset in LEAVERS and state.month % 3 == 1:
        rows.pop(rng.randrange(len(rows) // 2, len(rows)))
    if dataset in MONTHLY or dataset in BATCHES or dataset == "foreign_projects":
        rows += [row_of(state, dataset, rng, at) for at in range(more)]


def shared(state, table):
    """重点任务: the month moves on."""
    for row in table.rows if table.dataset == "tasks" else []:
        if row["status"] == "推进中":
            row["progress"] = f"截至{state.month}月底，正按计划推进"
