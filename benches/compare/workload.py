"""Workbooks of made-up projects as departments send them, and the workspace that reads them.

`workload.py FILES ROWS FOLDER` writes FILES workbooks of ROWS rows; the same numbers give the same cells.
"""
import datetime
import pathlib
import random
import shutil
import subprocess
import sys

CITIES = "杭州市 宁波市 温州市 湖州市 嘉兴市 绍兴市 金华市 衢州市 舟山市 台州市 丽水市".split()
OFFICES = ["投资处", "规划处", "产业处", "综合处"]
STAGES = ["未开工", "在建", "竣工", "投产"]
# Name, heading, type, unit: sixteen columns, what a month's list of investment projects asks for.
COLUMNS = [
    ("code", "项目代码", "text", ""),
    ("name", "项目名称", "text", ""),
    ("city", "设区市", "region", ""),
    ("county", "县（市、区）", "text", ""),
    ("office", "责任处室", "text", ""),
    ("industry", "行业代码", "text", ""),
    ("total", "总投资（万元）", "decimal", "万元"),
    ("plan", "年度计划投资（万元）", "decimal", "万元"),
    ("month", "本月完成投资（万元）", "decimal", "万元"),
    ("paid", "累计完成投资（万元）", "decimal", "万元"),
    ("paid_before", "上年同期累计（万元）", "decimal", "万元"),
    ("begun", "开工日期", "date", ""),
    ("due", "计划竣工日期", "date", ""),
    ("stage", "进展阶段", "choice", ""),
    ("digital", "是否数字化改造", "flag", ""),
    ("remark", "备注", "text", ""),
]
TITLE, SHEET = "技术改造项目月报表", "项目清单"


def rows(number, count):
    """The rows of workbook `number`."""
    dice = random.Random(number * 7919 + 1)
    for at in range(count):
        total = dice.randint(800, 400_000)
        paid = round(total * dice.random(), 2)
        yield [
            f"2206-33{number:05d}-{at:06d}",
            f"{CITIES[at % 11]}年产{dice.randint(1, 900)}万套智能装备技术改造项目（{dice.randint(1, 3)}期）",
            CITIES[dice.randrange(11)],
            "某县",
            OFFICES[dice.randrange(4)],
            f"C{dice.randint(13, 43)}",
            total,
            round(total * 0.4, 2),
            round(paid * dice.random() / 6, 2),
            paid,
            round(paid * 0.92, 2),
            datetime.datetime(2022, dice.randint(1, 6), dice.randint(1, 28)),
            datetime.datetime(2023, dice.randint(1, 12), dice.randint(1, 28)),
            STAGES[dice.randrange(4)],
            "是" if dice.random() < 0.3 else "否",
            "受疫情影响进度放缓" if dice.random() < 0.2 else None,
        ]


def write(files, count, folder):
    """The workbooks, in `folder`."""
    import xlsxwriter

    folder.mkdir(parents=True)
    for number in range(files):
        book = xlsxwriter.Workbook(str(folder / f"dept{number:05d}.xlsx"))
        sheet, day, bold = book.add_worksheet(SHEET), book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        sheet.write(0, 0, TITLE, bold)
        sheet.write(1, 0, "单位：万元  报送期：2022年6月")
        sheet.write_row(2, 0, [heading for _, heading, _, _ in COLUMNS], bold)
        for at, row in enumerate(rows(number, count)):
            for column, value in enumerate(row):
                if isinstance(value, datetime.datetime):
                    sheet.write_datetime(3 + at, column, value, day)
                elif value is not None:
                    sheet.write(3 + at, column, value)
        book.close()


def code(number):
    """A department's code: letters alone."""
    return "d" + "".join(chr(97 + int(digit)) for digit in f"{number:05d}")


def pipeline(files):
    """The list that all departments fill, and what is added up of it."""
    lines = [
        'number = 1\ntitle = "推动企业技术改造"\nshort_title = "技术改造"\naction = 1',
        f'departments = ["{code(0)}"]',
        f'[[dataset]]\ncode = "projects"\ntitle = "{TITLE}"\nsheet = ["{SHEET}"]\nshape = "records"',
        'accumulation = "snapshot"\nkey = ["code"]',
        "from = [" + ", ".join(f'"{code(number)}"' for number in range(files)) + "]",
    ]
    for name, heading, kind, unit in COLUMNS:
        lines.append(f'[[dataset.column]]\nname = "{name}"\nlabel = ["{heading}"]\ntype = "{kind}"')
        if unit:
            lines.append(f'unit = "{unit}"\ndecimals = 2\nmin = "0"')
        if name in ("code", "city", "total", "paid"):
            lines.append("required = true")
        if name == "stage":
            lines.append("choices = [" + ", ".join(f'"{stage}"' for stage in STAGES) + "]")
        if name == "paid_before":
            lines.append('last_year_of = "paid"')
    lines.append(
        '[[dataset.rule]]\nexpression = "paid <= total * 2"\nscope = "row"\nseverity = "error"\ncolumn = "paid"\n'
        'message = "累计{paid}大于总投资{total}的两倍"'
    )
    figures = [
        ("项目数", "项", 0, "COUNT(*)", ""),
        ("总投资", "亿元", 2, "SUM(total)", ""),
        ("累计完成投资", "亿元", 2, "SUM(paid)", 'last_year = "SUM(paid_before)"\ngrowth = "computed"\n'),
        ("数字化改造项目", "项", 0, "COUNT(*)", 'where = "digital = TRUE"\n'),
        ("在建项目投资", "亿元", 2, "SUM(paid)", "where = \"stage = '在建'\"\n"),
    ]
    for at, (title, unit, decimals, value, more) in enumerate(figures, 1):
        lines.append(
            f'[[indicator]]\ncode = "1.{at}"\ntitle = "{title}"\nowner = "{code(0)}"\nsource = "部门调度"\nunit = "{unit}"\n'
            f'decimals = {decimals}\nkind = "simple"\ndataset = "projects"\nvalue = "{value}"\npace = "linear"\n{more}'
            '[indicator.target]\nlevel = "100000"\ncomparison = "at_least"\nyear = 2022\nyear_source = "plan"\ntext = "100000以上"'
        )
    return "\n".join(lines) + "\n"


def configure(wenjin, files, folder):
    """A workspace of `files` departments, without any workbook."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([wenjin, "init", str(folder)], check=True, capture_output=True)
    regions = '[province]\ncode = "330000"\nname = "浙江省"\nshort_name = "全省"\n'
    for at, city in enumerate(CITIES, 1):
        regions += f'[[region]]\ncode = "33{at:02d}00"\nname = "{city}"\nshort_name = "{city[:-1]}"\n'
    (folder / "config/regions.toml").write_text(regions)
    departments = ""
    for number in range(files):
        departments += (
            f'[[department]]\ncode = "{code(number)}"\nname = "单位{number:05d}"\nfull_name = "单位{number:05d}"\n'
            f'aliases = ["dept{number:05d}"]\naddress = "你厅"\nto = ["{code(number)}@example.cn"]\ncontact = "李四"\n'
        )
    (folder / "config/departments.toml").write_text(departments)
    settings = folder / "config/wenjin.toml"
    settings.write_text(settings.read_text().replace('gate = "hold"', 'gate = "auto"'))
    for old in (folder / "pipelines").glob("*.toml"):
        old.unlink()
    (folder / "pipelines/m01-projects.toml").write_text(pipeline(files))
    shutil.rmtree(folder / "inbox", ignore_errors=True)
    (folder / "inbox/2022-06").mkdir(parents=True)


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3]))
