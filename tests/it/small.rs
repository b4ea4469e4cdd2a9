//! A small workspace: the plan `wenjin init` makes, for two departments, with their workbooks; a run takes a fraction of a second.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use crate::harness::{NOW, settle};

/// One measure, two departments, in a folder of its own.
pub struct Small {
    folder: TempDir,
}

impl Small {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path());
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.path(), arguments)
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {:?}\n{}", output.status.code(), String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The program in the workspace `folder`.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    command_at(folder, NOW, arguments)
}

/// The program in the workspace `folder`, at a time of its own.
pub fn command_at(folder: &Path, now: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wenjin"));
    command.arg("--workspace").arg(folder).args(["--now", now]).args(arguments).env("NO_COLOR", "1").env_remove("RUST_LOG");
    command
}

/// Makes the plan and the workbooks of 2022-06 in `folder`.
pub fn make(folder: &Path) {
    let made = Command::new(env!("CARGO_BIN_EXE_wenjin")).arg("init").arg(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    // Its own workbooks stand in the inbox, not the example's.
    std::fs::remove_dir_all(folder.join("inbox")).unwrap();
    std::fs::create_dir(folder.join("inbox")).unwrap();
    append(
        &folder.join("config/departments.toml"),
        "\n[[department]]\ncode = \"fgw\"\nname = \"省发展改革委\"\nfull_name = \"某省发展和改革委员会\"\naddress = \"你委\"\nto = [\"fgw@example.cn\"]\ncontact = \"王五\"\n",
    );
    let measure = folder.join("pipelines/m01-investment.toml");
    let text = std::fs::read_to_string(&measure).unwrap().replace("departments = [\"jxt\"]", "departments = [\"jxt\", \"fgw\"]");
    std::fs::write(&measure, text).unwrap();
    append(&measure, SECOND);
    let settings = folder.join("config/wenjin.toml");
    let text = std::fs::read_to_string(&settings)
        .unwrap()
        .replace("gate = \"hold\"", "gate = \"auto\"")
        .replace("sample = true ", "sample = false");
    std::fs::write(&settings, text).unwrap();
    workbook(&folder.join("inbox/省经信厅_2022-06.xlsx"), "工业投资", 100);
    workbook(&folder.join("inbox/省发展改革委_2022-06.xlsx"), "项目投资", 50);
}

/// The second department's table.
const SECOND: &str = r#"
[[dataset]]
code = "projects"
title = "项目投资分市情况"
from = ["fgw"]
sheet = ["项目投资"]
shape = "matrix"
accumulation = "cumulative"
key = ["region"]

[[dataset.column]]
name = "region"
label = ["地区", "设区市"]
type = "region"
required = true

[[dataset.column]]
name = "paid_total"
label = ["1—{month}月累计", "累计完成投资"]
type = "decimal"
unit = "亿元"
decimals = 2
min = "0"
required = true

[[indicator]]
code = "1.2"
title = "项目投资"
owner = "fgw"
source = "部门调度"
unit = "亿元"
decimals = 2
kind = "simple"
dataset = "projects"
value = "SUM(paid_total)"
pace = "linear"

[indicator.target]
level = 500
comparison = "at_least"
year = 2022
year_source = "plan"
text = "500以上"
"#;

/// Writes a department's workbook; `amount` goes to the first region.
pub fn workbook(path: &Path, sheet: &str, amount: u32) -> PathBuf {
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name(sheet).unwrap();
    for (column, title) in ["地区", "累计完成投资", "上年同期累计"].into_iter().enumerate() {
        page.write_string(0, u16::try_from(column).unwrap(), title).unwrap();
    }
    for (row, (region, value)) in [("甲市", amount), ("乙市", 77)].into_iter().enumerate() {
        let row = u32::try_from(row).unwrap() + 1;
        page.write_string(row, 0, region).unwrap();
        page.write_number(row, 1, f64::from(value)).unwrap();
        if sheet == "工业投资" {
            page.write_number(row, 2, f64::from(value / 2)).unwrap();
        }
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).unwrap();
    }
    // The file's own time is part of its bytes; a fixed one keeps them the same.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2022, 7, 8).unwrap();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    book.save(path).unwrap();
    settle(path);
    path.to_owned()
}

fn append(path: &Path, text: &str) {
    let mut whole = std::fs::read_to_string(path).unwrap();
    whole.push_str(text);
    std::fs::write(path, whole).unwrap();
}
