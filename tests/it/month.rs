//! The shipped month: from ten departments' workbooks to workbooks, mails, tables and traces.

use std::collections::BTreeSet;

use crate::harness::{Workspace, files};

#[test]
fn the_shipped_month_is_whole() {
    let workspace = Workspace::shipped();
    let run = workspace.json(&["run", "--period", "2022-06"]);
    assert_eq!(run["version"], 1);
    assert_eq!(run["new"], true);
    assert_eq!(run["submissions"]["accepted"], 10, "{run}");
    assert_eq!(run["submissions"]["returned"], 0);
    assert_eq!(run["submissions"]["missing"], 0);
    assert_eq!(run["mails"]["written"], 11);
    let lights: u64 = ["green", "yellow", "red", "grey"].iter().map(|light| run["lights"][light].as_u64().unwrap()).sum();
    assert!(lights >= 44, "{run}");

    let books = files(&workspace.path().join("var/reports/2022-06/v1"));
    assert_eq!(books.len(), 11);
    assert!(books.iter().all(|book| book.extension().is_some_and(|extension| extension == "xlsx")));
    assert_eq!(files(&workspace.path().join("var/mail")).len(), 11);

    let shown = workspace.json(&["show", "--period", "2022-06"]);
    let numbers: Vec<u64> = shown["measures"].as_array().unwrap().iter().map(|measure| measure["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=17).collect::<Vec<_>>());
}

#[test]
fn every_figure_leads_to_its_cells() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let shown = workspace.json(&["show", "--period", "2022-06", "--measure", "6"]);
    for indicator in shown["measures"][0]["indicators"].as_array().unwrap() {
        let code = indicator["code"].as_str().unwrap();
        let trace = workspace.json(&["trace", code, "--period", "2022-06"]);
        assert_eq!(trace["value"], indicator["year_to_date"], "{code}");
        for source in trace["sources"].as_array().unwrap() {
            for key in ["file", "blake3", "sheet", "cells"] {
                assert!(source[key].as_str().is_some_and(|text| !text.is_empty()), "{code}: {key} of {source}");
            }
        }
    }
    let city = workspace.json(&["trace", "6.2", "--period", "2022-06", "--region", "杭州市"]);
    assert_eq!(city["value"], "262.00");
    assert_eq!(city["sources"][0]["rows"], 1);
}

#[test]
fn cities_add_up_to_the_province_wherever_a_sum_is_shown() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let shown = workspace.json(&["show", "--period", "2022-06"]);
    // Technology upgrading investment: a sum of regions in one unit.
    let row = find(&shown, "6.2");
    let hundredths = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    let cities: i64 = row["regions"].as_array().unwrap().iter().map(|region| hundredths(region["year_to_date"].as_str().unwrap())).sum();
    assert_eq!(cities, hundredths(row["year_to_date"].as_str().unwrap()));
    assert_eq!(row["coverage"], serde_json::json!({ "reported": 11, "expected": 11 }));
}

#[test]
fn earlier_months_show_late_returned_missing_and_corrected() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let mut seen = BTreeSet::new();
    for period in ["2022-02", "2022-03", "2022-04", "2022-05"] {
        let status = workspace.json(&["status", "--period", period]);
        for reported in status["submissions"].as_array().unwrap() {
            seen.insert(reported["state"].as_str().unwrap().to_owned());
            if reported["timeliness"] == "late" {
                seen.insert("late".to_owned());
            }
        }
    }
    let expected = ["accepted", "late", "missing", "returned", "superseded"].map(str::to_owned);
    assert!(expected.iter().all(|state| seen.contains(state)), "{seen:?}");
}

#[test]
fn a_table_that_is_not_due_in_january_is_said_to_be_so() {
    let workspace = Workspace::shipped();
    let file = crate::harness::files(&workspace.path().join("fixtures/inbox/2022-02"))
        .into_iter()
        .find(|path| path.to_str().is_some_and(|path| path.contains("省经信厅")))
        .unwrap();
    let arguments = ["submit", "--json", "--department", "jxt", "--period", "2022-01", file.to_str().unwrap()];
    let output = workspace.command_at("2022-02-11T09:00:00+08:00", &arguments).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = said["files"][0]["findings"].as_array().unwrap();
    let told: Vec<&str> = findings.iter().filter(|one| one["sheet"] == "技改投资").filter_map(|one| one["message"].as_str()).collect();
    assert_eq!(told, ["“技改投资”表1月不单独报送，请在2月数据中按1—2月合并报送，未读取"]);
    let left = said["files"][0]["account"]["left_out"].as_array().unwrap();
    assert!(left.iter().any(|one| one["sheet"] == "技改投资" && one["why"] == "not_due"), "{left:?}");
}

#[test]
fn a_merged_january_is_refused_and_an_empty_period_has_its_own_exit() {
    let workspace = Workspace::shipped();
    let january = workspace.run(&["run", "--period", "2022-01"]);
    assert_eq!(january.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&january.stderr).contains("1月不单独调度，与2月合并"));
    let nothing = workspace.run(&["run", "--period", "2022-11"]);
    assert_eq!(nothing.status.code(), Some(3));
}

#[test]
fn a_sealed_month_replays_to_the_same_figures_and_notices_a_touched_file() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let verified = workspace.ok(&["verify", "--period", "2022-06"]);
    assert!(!verified.contains("DIFFERENT"), "{verified}");
    let book = files(&workspace.path().join("var/reports/2022-06/v1")).remove(0);
    let mut bytes = std::fs::read(&book).unwrap();
    bytes.push(0);
    std::fs::write(&book, bytes).unwrap();
    let touched = workspace.run(&["verify", "--period", "2022-06"]);
    assert_eq!(touched.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&touched.stdout).contains("DIFFERENT"));
}

#[test]
fn tables_leave_as_csv() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let out = workspace.path().join("csv");
    workspace.ok(&["export", "--period", "2022-06", "--out", out.to_str().unwrap()]);
    let text = std::fs::read_to_string(out.join("regions.csv")).unwrap();
    assert!(text.starts_with("\u{feff}period,version,code,region,"));
    assert!(text.contains("2022-06,1,6.2,330100,杭州市,"), "{text}");
}

fn find<'a>(shown: &'a serde_json::Value, code: &str) -> &'a serde_json::Value {
    let measures = shown["measures"].as_array().unwrap();
    let mut indicators = measures.iter().flat_map(|measure| measure["indicators"].as_array().unwrap());
    indicators.find(|row| row["code"] == code).unwrap_or_else(|| panic!("no indicator {code}"))
}
