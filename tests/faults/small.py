"""The small month: the plan of `wenjin init` for two departments, with their workbooks (the Rust tests make the same by tests/it/small.rs)."""

import os
import pathlib
import re
import subprocess

try:
    import openpyxl
except ImportError:
    raise SystemExit("missing Python package: openpyxl (python3 -m pip install -r tests/requirements.txt)")

SECOND = re.search(r'const SECOND: &str = r#"(.*?)"#;', (pathlib.Path(__file__).parent.parent / "it/small.rs").read_text(), re.S)[1]
DEPARTMENT = """
[[department]]
code = "fgw"
name = "省发展改革委"
full_name = "某省发展和改革委员会"
address = "你委"
to = ["fgw@example.cn"]
contact = "王五"
"""
# Made once: the same bytes in every workspace.
WORKBOOKS = {}


def workbook(sheet, amount):
    if sheet not in WORKBOOKS:
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        page.append(["地区", "累计完成投资", "上年同期累计"])
        for region, value in (("甲市", amount), ("乙市", 77)):
            page.append([region, value, value // 2 if sheet == "工业投资" else None])
        path = pathlib.Path(f"/tmp/wenjin-small-{os.getpid()}.xlsx")
        book.save(path)
        WORKBOOKS[sheet] = path.read_bytes()
        path.unlink()
    return WORKBOOKS[sheet]


def replace(path, old, new):
    text = path.read_text()
    assert old in text, (path, old)
    path.write_text(text.replace(old, new))


def make(folder, program):
    """Makes plan and workbooks of 2022-06 in `folder`."""
    subprocess.run([program, "init", folder], check=True, capture_output=True)
    with (folder / "config/departments.toml").open("a") as file:
        file.write(DEPARTMENT)
    measure = folder / "pipelines/m01-investment.toml"
    replace(measure, 'departments = ["jxt"]', 'departments = ["jxt", "fgw"]')
    with measure.open("a") as file:
        file.write(SECOND)
    replace(folder / "config/wenjin.toml", 'gate = "hold"', 'gate = "auto"')
    replace(folder / "config/wenjin.toml", "sample = true ", "sample = false")
    for example in (folder / "inbox").iterdir():
        example.unlink()
    (folder / "inbox/省经信厅_2022-06.xlsx").write_bytes(workbook("工业投资", 100))
    (folder / "inbox/省发展改革委_2022-06.xlsx").write_bytes(workbook("项目投资", 50))
