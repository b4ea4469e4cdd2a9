//! Stale periods: a corrected month marks the later ones that lean on it, and one command redoes them.

use serde_json::json;

use crate::harness::Workspace;

const CORRECTION: &str = "fixtures/inbox/2022-04/省商务厅_2022-04（更正）（样例数据）.xlsx";

#[test]
fn a_correction_marks_later_months_and_backfill_redoes_them() {
    let workspace = Workspace::shipped();
    let (place, stash) = (workspace.path().join(CORRECTION), workspace.path().join("correction.xlsx"));
    std::fs::rename(&place, &stash).unwrap();
    workspace.ok(&["backfill", "--from", "2022-03", "--to", "2022-06", "--no-mail"]);
    assert_eq!(workspace.json(&["run", "--period", "2022-03", "--no-mail"])["stale"], json!([]));

    std::fs::rename(&stash, &place).unwrap();
    let printed = workspace.ok(&["run", "--period", "2022-04", "--no-mail"]);
    assert!(printed.contains("stale: 2022-05, 2022-06 lean on it; `wenjin backfill --stale` redoes them"), "{printed}");
    let stale = |workspace: &Workspace| -> Vec<(String, serde_json::Value)> {
        let status = workspace.json(&["status"]);
        let periods = status["periods"].as_array().unwrap().iter();
        periods.map(|period| (period["period"].as_str().unwrap().to_owned(), period["stale"].clone())).collect()
    };
    let marked: Vec<_> = stale(&workspace).into_iter().filter(|(_, changed)| *changed != json!([])).collect();
    assert_eq!(marked, [("2022-05".to_owned(), json!(["2022-04"])), ("2022-06".to_owned(), json!(["2022-04"]))]);
    assert!(workspace.ok(&["status"]).contains("stale: 2022-04 changed since"));
    assert_eq!(workspace.json(&["status", "--period", "2022-05"])["stale"], json!(["2022-04"]));

    let redone = workspace.json(&["backfill", "--stale", "--no-mail"]);
    let runs: Vec<_> = redone["runs"].as_array().unwrap().iter().map(|run| (run["period"].clone(), run["version"].clone())).collect();
    assert_eq!(runs, [(json!("2022-05"), json!(2)), (json!("2022-06"), json!(2))]);
    assert!(stale(&workspace).iter().all(|(_, changed)| *changed == json!([])));
    assert!(workspace.ok(&["backfill", "--stale"]).contains("nothing is stale"));
    assert_eq!(workspace.json(&["status", "--period", "2022-06"])["cause"], "stale");
}

#[test]
fn another_plan_makes_no_period_stale_and_is_told_apart() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let plan = workspace.path().join("pipelines/m06-technology-upgrade.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, text.replacen("short_title = \"", "short_title = \"推动", 1)).unwrap();
    let status = workspace.json(&["status", "--period", "2022-06"]);
    assert_eq!((&status["stale"], &status["plan_changed"]), (&json!([]), &json!(true)));
    assert!(workspace.ok(&["backfill", "--stale"]).contains("nothing is stale"));
    assert!(workspace.ok(&["status", "--period", "2022-06"]).contains("version 1, drawn up with another plan"));
}

#[test]
fn backfill_wants_a_range_or_stale() {
    let workspace = Workspace::shipped();
    for wrong in [&["backfill"][..], &["backfill", "--from", "2022-03"], &["backfill", "--stale", "--from", "2022-03", "--to", "2022-04"]] {
        assert_eq!(workspace.run(wrong).status.code(), Some(2), "{wrong:?}");
    }
}
