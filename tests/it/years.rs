//! Over New Year: the plan is rolled, what was drawn up stays, and each figure is judged by the file valid for its data month.

use std::path::Path;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::harness::{NOW, Workspace, files, settle};
use crate::small::{Small, command_at};

const SPRING: &str = "2023-04-11T09:00:00+08:00";

/// A quarter that comes three months late, a list that starts anew every year, and a way until 2023.
const MORE: &str = r#"
[[dataset]]
code = "ocean"
title = "海洋生产总值"
from = ["fgw"]
sheet = ["海洋"]
shape = "form"
accumulation = "cumulative"
frequency = "quarter"
lag = 3
key = ["item"]
items = ["海洋生产总值"]
column = [
    { name = "item", label = ["项目"], type = "text", required = true },
    { name = "amount", label = ["累计"], type = "decimal", unit = "亿元", required = true },
]

# 滞后一季
[[indicator]]
code = "1.3"
title = "海洋生产总值"
owner = "fgw"
unit = "亿元"
decimals = 2
kind = "simple"
dataset = "ocean"
value = "SUM(amount)"
pace = "linear"

[indicator.target]
level = "10000"   # 亿元
comparison = "more_than"
year = 2022
text = "10000以上"

[[indicator]]
code = "1.4"
title = "每年投资"
owner = "jxt"
unit = "亿元"
decimals = 2
kind = "simple"
dataset = "investment"
value = "SUM(paid_total)"
pace = "linear"
target = { level = 500, year = "every", text = "500（每年）" }

[[indicator]]
code = "1.5"
title = "两年投资"
owner = "jxt"
unit = "亿元"
decimals = 2
kind = "simple"
dataset = "investment"
value = "SUM(paid_total)"
pace = "linear"
target = { level = 1000, by = 2023, base = "200", text = "1000（到2023年）" }
"#;

/// The small workspace with those, and 2022-06 drawn up.
fn small() -> Small {
    let small = Small::new();
    let measure = small.path().join("pipelines/m01-investment.toml");
    let text = std::fs::read_to_string(&measure).unwrap() + MORE;
    std::fs::write(&measure, text).unwrap();
    ocean(&small.path().join("inbox/省发展改革委_2022-06.xlsx"), Some(50), Some(2500));
    small.ok(&["run", "--period", "2022-06", "--no-mail"]);
    small
}

/// 省发展改革委's workbook: its projects, and the quarter where one is due.
fn ocean(path: &Path, projects: Option<u32>, amount: Option<u32>) {
    let mut book = Workbook::new();
    if let Some(projects) = projects {
        let page = book.add_worksheet().set_name("项目投资").unwrap();
        for (row, (name, value)) in [("甲市", projects), ("乙市", 77)].into_iter().enumerate() {
            let row = u32::try_from(row).unwrap() + 1;
            page.write_string(0, 0, "地区").unwrap().write_string(0, 1, "累计完成投资").unwrap();
            page.write_string(row, 0, name).unwrap().write_number(row, 1, f64::from(value)).unwrap();
        }
    }
    if let Some(amount) = amount {
        let page = book.add_worksheet().set_name("海洋").unwrap();
        page.write_string(0, 0, "项目").unwrap().write_string(0, 1, "累计").unwrap();
        page.write_string(1, 0, "海洋生产总值").unwrap().write_number(1, 1, f64::from(amount)).unwrap();
    }
    book.save(path).unwrap();
    settle(path);
}

/// What comes in the spring of 2023: two months, and with March the whole of 2022's ocean economy.
fn spring(small: &Small) {
    for (month, invested, projects, whole) in [("2023-02", 60, 40, None), ("2023-03", 110, 70, Some(10500))] {
        let place = |name: &str| small.path().join(format!("inbox/{name}_{month}.xlsx"));
        crate::small::workbook(&place("省经信厅"), "工业投资", invested);
        ocean(&place("省发展改革委"), Some(projects), whole);
    }
}

fn at(small: &Small, now: &str, arguments: &[&str]) -> std::process::Output {
    command_at(small.path(), now, arguments).output().unwrap()
}

fn drawn(small: &Small, period: &str) -> Vec<Value> {
    let run = at(small, SPRING, &["run", "--period", period, "--no-mail"]);
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    let shown = at(small, SPRING, &["show", "--period", period, "--json"]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    shown["measures"].as_array().unwrap().iter().flat_map(|measure| measure["indicators"].as_array().unwrap().clone()).collect()
}

fn of<'a>(rows: &'a [Value], code: &str) -> &'a Value {
    rows.iter().find(|row| row["code"] == code).unwrap()
}

/// What `keys` of an indicator say.
fn said(rows: &[Value], code: &str, keys: &[&str]) -> Value {
    keys.iter().map(|key| of(rows, code)[*key].clone()).collect()
}

fn roll(small: &Small) {
    let rolled = small.run(&["roll", "--year", "2023"]);
    assert!(rolled.status.success(), "{}", String::from_utf8_lossy(&rolled.stderr));
}

#[test]
fn without_a_roll_the_next_year_is_shown_and_not_judged() {
    let small = small();
    spring(&small);
    let rows = drawn(&small, "2023-02");
    assert_eq!(said(&rows, "1.1", &["year_to_date", "light", "landing", "completion_pct"]), json!(["137.00", "grey", null, null]));
    assert_eq!(of(&rows, "1.1")["grey_reason"], "暂不评价");
}

#[test]
fn after_a_roll_targets_turn_and_a_lagging_figure_keeps_its_year() {
    let small = small();
    spring(&small);
    roll(&small);
    let february = drawn(&small, "2023-02");
    let of_february = |code: &str, keys: &[&str]| said(&february, code, keys);
    assert_eq!(of_february("1.2", &["light", "target", "tracking"]), json!(["grey", null, true]));
    assert!(of(&february, "1.2")["notes"].as_array().unwrap().contains(&json!("2022年目标已到期，待明确")));
    // 137 ÷ 500 − 2/12; (137 − 200) ÷ 800 − 14/24.
    assert_eq!(of_february("1.4", &["completion_pct", "pace_pct", "target_year"]), json!(["27.4", "16.7", 2023]));
    assert_eq!(of_february("1.5", &["pace_pct", "ahead_points"]), json!(["66.7", "-66.2"]));
    let march = drawn(&small, "2023-03");
    let judged = said(&march, "1.3", &["data_period", "year_to_date", "completion_pct", "light", "target_year"]);
    assert_eq!(judged, json!(["2022-12", "10500.00", "105.0", "green", 2022]));
    assert_eq!(of(&march, "1.3")["notes"], json!(["数据为2022年全年（1—12月）"]));
    let verified = at(&small, SPRING, &["verify", "--period", "2023-03"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn a_roll_leaves_the_year_that_ends_as_it_is() {
    let small = small();
    let before = plan_files(&small);
    let dry = small.ok(&["roll", "--year", "2023", "--dry-run"]);
    assert!(dry.contains("1.2 项目投资: 2022年目标已到期，待明确") && dry.ends_with("nothing was written (--dry-run)\n"), "{dry}");
    assert!(dry.contains("pipelines/2023/m01-investment.toml") && dry.contains("    # level = \"10000\"   # 亿元"), "{dry}");
    assert_eq!(plan_files(&small), before);
    roll(&small);
    let measure = std::fs::read_to_string(small.path().join("pipelines/m01-investment.toml")).unwrap();
    assert_eq!(measure.replace("valid_until = \"2022-12\"\n", ""), before[0].1, "one line is new");
    let checked = small.ok(&["check"]);
    assert!(checked.ends_with("no problems\n"), "{checked}");
    let again = small.ok(&["run", "--period", "2022-06", "--no-mail"]);
    assert!(again.contains("nothing new since version 1"), "{again}");
    let status: Value = serde_json::from_slice(&small.run(&["status", "--period", "2022-06", "--json"]).stdout).unwrap();
    assert_eq!(status["plan_changed"], json!(false));
    assert!(small.ok(&["verify", "--period", "2022-06"]).lines().all(|line| line.starts_with("equal")));
}

fn plan_files(small: &Small) -> Vec<(String, String)> {
    let name = |path: &Path| path.strip_prefix(small.path()).unwrap().display().to_string();
    files(&small.path().join("pipelines")).iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn a_year_is_opened_once_and_in_its_turn() {
    let small = small();
    let before = plan_files(&small);
    for year in ["2021", "2022", "2024"] {
        let refused = small.run(&["roll", "--year", year]);
        assert_eq!(refused.status.code(), Some(2), "{year}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("the next year is 2023"));
    }
    assert_eq!(plan_files(&small), before);
    roll(&small);
    let rolled = plan_files(&small);
    let again = small.run(&["roll", "--year", "2023"]);
    assert_eq!((again.status.code(), String::from_utf8_lossy(&again.stderr).contains("is there already")), (Some(2), true));
    assert_eq!(plan_files(&small), rolled);
    // The remedy it names: taken away, the year opens again, from files that were closed already.
    std::fs::remove_dir_all(small.path().join("pipelines/2023")).unwrap();
    roll(&small);
    assert_eq!(plan_files(&small), rolled);
    roll_on(&small);
}

/// The year after begins from the year's folder.
fn roll_on(small: &Small) {
    let next = small.ok(&["roll", "--year", "2024"]);
    assert!(next.contains("1.5 两年投资: 2023年目标已到期，待明确") && next.contains("1.4 每年投资: starts again"), "{next}");
    let closed = std::fs::read_to_string(small.path().join("pipelines/2023/m01-investment.toml")).unwrap();
    assert!(closed.contains("valid_from = \"2023-01\"\nvalid_until = \"2023-12\"\n"), "{closed}");
    assert!(small.ok(&["check"]).ends_with("no problems\n"));
}

#[test]
fn a_roll_that_broke_off_is_made_good_by_beginning_again() {
    let (whole, broken) = (small(), small());
    roll(&whole);
    // Its files are closed, the new year's are staged in part and not in place.
    let measure = "pipelines/m01-investment.toml";
    std::fs::copy(whole.path().join(measure), broken.path().join(measure)).unwrap();
    let staged = broken.path().join("pipelines/.2023.staged");
    std::fs::create_dir(&staged).unwrap();
    std::fs::write(staged.join("m99-half.toml"), "number = ").unwrap();
    assert!(broken.ok(&["run", "--period", "2022-06", "--no-mail"]).contains("nothing new since version 1"));
    assert!(broken.ok(&["check"]).ends_with("no problems\n"));
    roll(&broken);
    assert_eq!(plan_files(&broken), plan_files(&whole));
}

#[test]
fn the_shipped_plan_turns_as_its_targets_say() {
    let workspace = Workspace::shipped();
    let printed = workspace.ok(&["roll", "--year", "2023"]);
    for code in ["3.1", "3.2", "4.1", "4.2", "4.3", "6.3"] {
        assert!(printed.lines().any(|line| line.starts_with(&format!("{code} ")) && line.ends_with(": starts again")), "{code}\n{printed}");
    }
    assert!(printed.contains("18 file(s); 6 target(s) start again, 1 go on, 43 ended"), "{printed}");
    assert!(workspace.ok(&["check"]).ends_with("no problems\n"));
    assert!(workspace.command_at(NOW, &["run", "--period", "2022-02", "--no-mail"]).status().unwrap().success());
}

#[test]
fn a_change_of_light_is_told_from_what_was_printed() {
    let small = small();
    let light = |period: &str| {
        let status: Value = serde_json::from_slice(&small.run(&["show", "--period", period, "--json"]).stdout).unwrap();
        status["measures"][0]["indicators"][1]["light"].clone()
    };
    // May comes in part: 1.2 is printed as not judged. Its other table comes when June has been drawn up.
    let partial = small.path().join("inbox/省经信厅_2022-05.xlsx");
    crate::small::workbook(&partial, "工业投资", 90);
    small.ok(&["run", "--period", "2022-05", "--no-mail"]);
    assert_eq!(light("2022-05"), "grey");
    ocean(&small.path().join("inbox/省发展改革委_2022-05.xlsx"), Some(40), None);
    small.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let review = small.ok(&["outbox", "review", "--period", "2022-06"]);
    assert!(review.contains("项目投资（一，省发展改革委）：未报送变为红灯"), "{review}");
    assert!(small.ok(&["verify", "--period", "2022-06"]).lines().all(|line| line.starts_with("equal")));
    // May is drawn up anew: June's version stays told from what May had printed, and is verified so.
    small.ok(&["run", "--period", "2022-05", "--no-mail"]);
    assert!(small.ok(&["run", "--period", "2022-06", "--no-mail"]).contains("nothing new"));
    assert!(small.ok(&["verify", "--period", "2022-06"]).lines().all(|line| line.starts_with("equal")));
}
