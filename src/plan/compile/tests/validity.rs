//! Files that are valid one after the other: the plan of each period, its year, its hash, and what an earlier file still decides.

use std::path::Path;

use super::{changed, spans, workspace};
use crate::model::Period;
use crate::plan::{Plan, TargetYear};
use crate::settings::Settings;

const M01: &str = "pipelines/m01-upgrade.toml";
const QUARTERLY: (&str, &str) = ("code = \"output\"\n", "code = \"output\"\nfrequency = \"quarter\"\nlag = 3\n");

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn at(folder: &Path, at: &str) -> (Settings, Plan) {
    workspace(folder, None, &|_| None, Some(period(at))).unwrap_or_else(|problems| panic!("{at}: {problems:?}"))
}

/// The sound plan with a quarterly, lagging output, until the end of 2022; then the same with `change` made to it.
fn two_years(change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = changed("pipelines/m01-upgrade.toml", QUARTERLY.0, QUARTERLY.1);
    let this = read(folder.path(), M01);
    let this = this.replace("january = \"merged\"\n", "").replace("by = 2023, text", "year = 2022, text");
    write(folder.path(), "pipelines/2023/m01-upgrade.toml", &format!("valid_from = \"2023-01\"\n{}", change(&this)));
    write(folder.path(), M01, &format!("valid_until = \"2022-12\"\n{this}"));
    folder
}

fn tracking(text: &str) -> String {
    text.replace("target = { level = \"40\", year = 2022, text = \"40\" }", "tracking = true")
}

fn output(plan: &Plan) -> &crate::plan::Indicator {
    plan.indicators().map(|(_, one)| one).find(|one| one.code == "1.3").unwrap()
}

#[test]
fn an_indicator_is_judged_by_the_file_valid_for_its_data_month() {
    let folder = two_years(tracking);
    let judged = |month: &str| {
        let (_, plan) = at(folder.path(), month);
        (output(&plan).target.is_some(), plan.earlier.indicators.contains("1.3"))
    };
    // Due with 2022-12: 1—9月; with 2023-03: the whole of 2022; with 2023-06: the first quarter of 2023.
    assert_eq!([judged("2022-12"), judged("2023-02"), judged("2023-03")], [(true, false), (true, true), (true, true)]);
    assert_eq!([judged("2023-05"), judged("2023-06")], [(true, true), (false, false)]);
    let (_, plans) = spans::all(folder.path(), None, &|_| None).unwrap();
    for month in ["2022-06", "2022-12", "2023-01", "2023-03", "2023-05", "2023-06", "2023-12"] {
        assert_eq!(plans.at(period(month)).map(|plan| plan.hash.clone()), Some(at(folder.path(), month).1.hash), "{month}");
    }
}

#[test]
fn what_the_periods_forms_do_not_carry_is_not_judged_by_an_earlier_file() {
    let folder = two_years(|text| tracking(text).replace("\"cars\"", "\"vehicles\"").replace("SUM(cars)", "SUM(vehicles)"));
    let (_, plan) = at(folder.path(), "2023-03");
    assert!(output(&plan).target.is_none() && plan.earlier.indicators.is_empty());
}

#[test]
fn the_last_quarter_of_the_year_before_is_owed_where_an_earlier_file_had_it() {
    let folder = two_years(tracking);
    let owed = |month: &str| {
        let (_, plan) = at(folder.path(), month);
        plan.owes(plan.dataset("output").unwrap(), period(month))
    };
    assert_eq!([owed("2022-03"), owed("2022-06"), owed("2023-03"), owed("2023-06")], [false, true, true, true]);
}

#[test]
fn validity_and_the_settings_year_move_no_hash_of_another_year() {
    let folder = two_years(tracking);
    let hash = |month: &str| at(folder.path(), month).1.hash;
    let (before, after) = (hash("2022-06"), hash("2023-06"));
    let open = read(folder.path(), M01).replace("valid_until = \"2022-12\"\n", "");
    let alone = changed("", "", "");
    write(alone.path(), M01, &open);
    assert_eq!(at(alone.path(), "2022-06").1.hash, before, "an end of validity is no other plan");
    let settings = read(folder.path(), "config/wenjin.toml");
    assert!(settings.contains("year = 2022"), "{settings}");
    write(folder.path(), "config/wenjin.toml", &settings.replace("year = 2022", "year = 2023"));
    assert_eq!((hash("2022-06"), hash("2023-06")), (before, after));
    assert_eq!([at(folder.path(), "2022-06").1.year, at(folder.path(), "2023-06").1.year], [2022, 2023]);
}

#[test]
fn a_way_over_several_years_goes_on_from_its_beginning() {
    let span = |text: &'static str, month: &str| {
        let target = format!("target = {{ level = \"40\", {text}, text = \"40\" }}");
        let folder = two_years(|file| file.replace("target = { level = \"40\", year = 2022, text = \"40\" }", &target));
        output(&at(folder.path(), month).1).target.as_ref().unwrap().year
    };
    assert_eq!(span("by = 2023, since = 2022", "2023-06"), TargetYear::By { since: Some(2022), until: 2023 });
    assert_eq!(span("by = 2024", "2023-06"), TargetYear::By { since: Some(2023), until: 2024 }, "the file's own year");
}

#[test]
fn every_set_of_files_from_the_settings_year_on_is_checked() {
    let folder = two_years(|text| text.replace("level = \"3500\"", "levl = \"3500\""));
    let problems = workspace(folder.path(), None, &|_| None, None).unwrap_err();
    assert!(problems.iter().all(|problem| problem.file == "pipelines/2023/m01-upgrade.toml"), "{problems:?}");
    assert!(workspace(folder.path(), None, &|_| None, Some(period("2022-06"))).is_ok());
}
