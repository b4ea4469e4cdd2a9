use rust_decimal::dec;

use super::edit::{closed, opened};
use super::*;

const FILE: &str = r#"# 技术改造
number = 6   # 第六条
valid_until = "2023-06" # 暂定
notes = ["甲"]

# 投资
[[indicator]]
code = "6.2"
title = "技术改造投资"
pace = "linear"   # 序时
notes = [
    "口径见附件", # 附件二
    "待核", # 待办
]

# 方案第六条
[indicator.target]
level = "3500"   # 亿元
year = 2022

[indicator.target.regions]
"330100" = "600"

# 每年
[[indicator]]
code = "6.3"
title = "重点项目"
target = { level = 5000, year = "every" }

[[indicator]]
code = "6.4"
title = "到后年"
target = { level = 100, by = 2023, base = "60" }

[[indicator]]
code = "6.5"
title = "有基数"

[indicator.target]
level = 10
year = "every"
base = "3"

[[indicator]]
code = "6.6"
title = "跟踪"
tracking = true

[[indicator]]
code = "6.7"
title = "到当年"
target = { level = 7, by = 2022 }

[[task]]
code = "6-1"   # 任务
"#;

fn month(text: &str) -> Period {
    text.parse().unwrap()
}

#[test]
fn closing_changes_one_line_and_no_other() {
    let text = closed(FILE, month("2022-12")).unwrap();
    assert_eq!(text, FILE.replace("valid_until = \"2023-06\" # 暂定", "valid_until = \"2022-12\" # 暂定"));
    let open = FILE.replace("valid_until = \"2023-06\" # 暂定\n", "");
    assert_eq!(
        closed(&open, month("2022-12")).unwrap(),
        open.replace("notes = [\"甲\"]\n", "notes = [\"甲\"]\nvalid_until = \"2022-12\"\n")
    );
    let shared = "# 共用\n\n[[dataset]]\ncode = \"tasks\"\n";
    assert_eq!(closed(shared, month("2022-12")).unwrap(), format!("valid_until = \"2022-12\"\n{shared}"));
}

#[test]
fn each_target_turns_by_its_year() {
    let bases = BTreeMap::from([("6.5".to_owned(), dec!(8.50))]);
    let (text, turned) = opened(FILE, month("2023-01"), 2022, &bases).unwrap();
    let turns: Vec<_> = turned.into_iter().map(|one| (one.code, one.turn)).collect();
    let expired = || Turn::Tracking { note: "2022年目标已到期，待明确".to_owned() };
    assert_eq!(
        turns,
        [
            ("6.2".to_owned(), expired()),
            ("6.3".to_owned(), Turn::StartsAgain { base: None }),
            ("6.4".to_owned(), Turn::GoesOn { until: 2023, base: Some("60".to_owned()) }),
            ("6.5".to_owned(), Turn::StartsAgain { base: Some("8.5".to_owned()) }),
            ("6.7".to_owned(), expired()),
        ]
    );
    insta::assert_snapshot!(text);
}

#[test]
fn a_base_that_nobody_knows_is_not_guessed() {
    let (text, turned) = opened(FILE, month("2023-01"), 2022, &BTreeMap::new()).unwrap();
    let turn = turned.into_iter().find(|one| one.code == "6.5").unwrap().turn;
    assert_eq!(turn, Turn::Tracking { note: "2022年底基数尚未取得，目标待明确".to_owned() });
    assert!(!text.contains("\nbase = \"3\"") && text.contains("# base = \"3\""), "{text}");
}
