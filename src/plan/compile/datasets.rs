//! `[[dataset]]`: one table of a form.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::model::DepartmentCode;
use crate::plan::{Accumulation, ColumnSpec, ColumnType, Dataset, Frequency, Shape, TotalRule};
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::root::Root;
use super::scope::{Declared, Scope};
use super::{checks, codes, columns, rules};

/// Codes of `pipelines/shared.toml` whose columns have a meaning of their own.
const MEANINGS: [(&str, &[&str]); 2] = [
    ("tasks", &["task", "title", "status", "progress", "problems", "next_steps", "due"]),
    ("lagging", &["indicator", "title", "reason", "next_steps", "expected"]),
];

/// Reads the datasets of a file into the scope.
pub fn read(root: &Root<'_>, scope: &mut Scope<'_>) {
    for table in root.table.tables("dataset") {
        if let Some(declared) = read_one(table, root, scope) {
            scope.datasets.push(declared);
        }
    }
}

fn read_one(table: Table<'_>, root: &Root<'_>, scope: &mut Scope<'_>) -> Option<Declared> {
    let code = table.need_text("code");
    let sound_code = code.clone().filter(|code| codes::is_sound(code, "dataset"));
    let title = table.need_text("title");
    let from = read_from(&table, scope);
    let sheets = table.need_texts("sheet");
    let shape = table.need_choice("shape", &[("records", Shape::Records), ("matrix", Shape::Matrix), ("form", Shape::Form)]);
    let accumulation = table.need_choice(
        "accumulation",
        &[
            ("flow", Accumulation::Flow),
            ("cumulative", Accumulation::Cumulative),
            ("stock", Accumulation::Stock),
            ("snapshot", Accumulation::Snapshot),
        ],
    );
    let total_rule = table
        .choice("total_rule", &[("equal", TotalRule::Equal), ("at_least", TotalRule::AtLeast), ("independent", TotalRule::Independent)]);
    let mut doubtful = BTreeSet::new();
    let columns = columns::read(&table, &mut doubtful);
    if let (Some(code), Some(numbers)) = (&code, checks::own(&table, &scope.checks.general)) {
        scope.checks.own.insert(code.value.clone(), numbers);
    }
    let key = read_key(&table, &columns);
    let mut dataset = Dataset {
        code: code.as_ref().map(|code| code.value.clone()).unwrap_or_default(),
        title: title.map(|title| title.value).unwrap_or_default(),
        measure: root.number.as_ref().map(|number| number.value),
        from,
        sheets: sheets.into_iter().map(|sheet| sheet.value).collect(),
        shape: shape.as_ref().map_or(Shape::Records, |shape| shape.value),
        accumulation: accumulation.map_or(Accumulation::Snapshot, |accumulation| accumulation.value),
        frequency: read_frequency(&table),
        lag: table.small("lag", 0..=24).map_or(0, |lag| lag.value),
        due_day: table.small("due_day", 1..=28).map_or(8, |day| day.value),
        january_merged: table.choice("january", &[("separate", false), ("merged", true)]).is_some_and(|january| january.value),
        columns,
        key,
        total_rule: total_rule.map_or(TotalRule::Equal, |rule| rule.value),
        items: table.texts("items").into_iter().map(|item| item.value).collect(),
        regions_across: table.flag("regions_across").is_some_and(|flag| flag.value),
        rules: Vec::new(),
        may_be_empty: table.flag("may_be_empty").is_some_and(|flag| flag.value),
        list_year: table.flag("list_year").is_some_and(|flag| flag.value),
    };
    if shape.is_some() {
        check_shape(&table, &dataset);
    }
    check_meaning(&table, &dataset);
    let place = code.as_ref().map_or_else(|| table.at(), |code| code.with(()));
    let mut declared = Declared { dataset: dataset.clone(), place, doubtful, used: Cell::new(false) };
    dataset.rules = rules::read(&table, &declared);
    declared.dataset = dataset;
    table.finish();
    sound_code.map(|_| declared)
}

fn read_frequency(table: &Table<'_>) -> Frequency {
    table
        .choice("frequency", &[("month", Frequency::Month), ("quarter", Frequency::Quarter)])
        .map_or(Frequency::Month, |frequency| frequency.value)
}

/// The departments that hand it in: at least one, and each one that reports at all.
fn read_from(table: &Table<'_>, scope: &Scope<'_>) -> Vec<DepartmentCode> {
    let codes = table.texts("from");
    if codes.is_empty() {
        table.place_of("from").problem("nobody hands in this dataset", "name the departments: `from = [\"jxt\"]`");
    }
    let departments = scope.departments(&codes);
    for code in &codes {
        let department = DepartmentCode(code.value.clone());
        if departments.contains(&department) && !scope.reports(&department) {
            code.problem(
                format!("department `{department}` hands in nothing (`reports = false` in config/departments.toml)"),
                "name a department that reports",
            );
        }
    }
    departments
}

fn read_key(table: &Table<'_>, columns: &[ColumnSpec]) -> Vec<String> {
    let mut key = Vec::new();
    for name in table.need_texts("key") {
        if !columns.iter().any(|column| column.name == name.value) {
            name.problem(
                format!("the key names column `{}`, which the dataset does not have", name.value),
                suggest::hint(&name.value, columns.iter().map(|column| column.name.as_str())),
            );
        } else if key.contains(&name.value) {
            name.problem(format!("the key names column `{}` twice", name.value), "keep one of the two");
        } else {
            key.push(name.value);
        }
    }
    key
}

fn check_shape(table: &Table<'_>, dataset: &Dataset) {
    let region = dataset.columns.iter().find(|column| column.kind == ColumnType::Region);
    match dataset.shape {
        Shape::Matrix => match region {
            None => table.place_of("shape").problem(
                "a matrix needs a column of regions, and none has `type = \"region\"`",
                "give the column of cities `type = \"region\"`, or write `shape = \"form\"`",
            ),
            Some(region) if !dataset.key.is_empty() && !dataset.key.contains(&region.name) => table.place_of("key").problem(
                format!("the key of a matrix lacks its region column `{}`", region.name),
                format!("write `key = [\"{}\"]`", region.name),
            ),
            Some(_) => {}
        },
        Shape::Form => {
            if dataset.items.is_empty() {
                table.place_of("items").problem("a form expects items, and `items` names none", "list them: `items = [\"…\"]`");
            }
            if dataset.key.len() > 1 {
                table.place_of("key").problem("a form has one key column, in which its items stand", "keep that one");
            }
        }
        Shape::Records => {}
    }
    if dataset.shape != Shape::Form && !dataset.items.is_empty() {
        table.place_of("items").problem("only a form has `items`", "write `shape = \"form\"`, or take them out");
    }
    if dataset.shape != Shape::Matrix && dataset.regions_across {
        table.place_of("regions_across").problem("only a matrix has its regions across", "write `shape = \"matrix\"`, or take it out");
    }
    if dataset.accumulation != Accumulation::Cumulative
        && let Some(column) = dataset.columns.iter().find(|column| column.month_of.is_some())
    {
        table.place_of("accumulation").problem(
            format!("column `{}` is a cumulative column's month, but the dataset is not cumulative", column.name),
            "write `accumulation = \"cumulative\"`, or take `month_of` out",
        );
    }
}

fn check_meaning(table: &Table<'_>, dataset: &Dataset) {
    let Some((_, expected)) = MEANINGS.iter().find(|(code, _)| *code == dataset.code) else { return };
    for name in *expected {
        if dataset.column(name).is_none() {
            table.place_of("code").problem(
                format!("dataset `{}` lacks the column `{name}`", dataset.code),
                format!("its columns have a meaning: {}", expected.join(", ")),
            );
        }
    }
}

/// Whether a dataset of that code counts without an indicator that reads it.
fn has_meaning(code: &str) -> bool {
    MEANINGS.iter().any(|(known, _)| *known == code)
}

/// Reports the datasets that are handed in for nothing.
pub fn report_unused(scope: &Scope<'_>) {
    for declared in &scope.datasets {
        if !declared.used.get() && !has_meaning(&declared.dataset.code) && !scope.partial {
            declared.place.problem(
                format!("no indicator uses dataset `{}`", declared.dataset.code),
                "name it as an indicator's `dataset`, or take it out: nobody should hand in what nobody reads",
            );
        }
    }
}

/// The place of a declared dataset's code, for messages.
pub fn place(declared: &Declared) -> String {
    let at: &At<()> = &declared.place;
    at.place()
}
