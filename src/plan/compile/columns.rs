//! `[[dataset.column]]`: what stands in a column, and under which headings.

use std::collections::BTreeSet;

use regex::Regex;

use crate::model::Unit;
use crate::plan::{ColumnSpec, ColumnType};
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::codes;

const TYPES: [(&str, ColumnType); 7] = [
    ("text", ColumnType::Text),
    ("integer", ColumnType::Integer),
    ("decimal", ColumnType::Decimal),
    ("date", ColumnType::Date),
    ("choice", ColumnType::Choice),
    ("flag", ColumnType::Flag),
    ("region", ColumnType::Region),
];

/// Reads the columns of a dataset; the names of those with a problem of their own go to `doubtful`.
pub fn read(dataset: &Table<'_>, doubtful: &mut BTreeSet<String>) -> Vec<ColumnSpec> {
    let mut columns: Vec<ColumnSpec> = Vec::new();
    let mut names = codes::Seen::new("column");
    let mut labels = codes::Seen::new("heading");
    let mut references = Vec::new();
    for table in dataset.tables("column") {
        let Some(name) = table.need_text("name") else {
            skip(table);
            continue;
        };
        names.add(&name);
        let sound = codes::is_sound(&name, "column");
        for label in table.need_texts("label") {
            labels.add(&label);
        }
        let (column, readable) = read_one(&table, &name, &mut references);
        if !(sound && readable) {
            doubtful.insert(name.value);
        }
        if columns.iter().all(|known| known.name != column.name) {
            columns.push(column);
        }
        table.finish();
    }
    if !dataset.has("column") {
        dataset.missing("column", "[{ name = \"…\", label = [\"…\"], type = \"text\" }]");
    }
    for (key, from, name) in references {
        check_reference(key, &from, &name, &columns, doubtful);
    }
    columns
}

/// A column without a name is read for its other problems and left out.
fn skip(table: Table<'_>) {
    let _ = table.need_texts("label");
    let nameless = table.at().with(String::new());
    let _ = read_one(&table, &nameless, &mut Vec::new());
    table.finish();
}

type Reference = (&'static str, String, At<String>);

fn read_one(table: &Table<'_>, name: &At<String>, references: &mut Vec<Reference>) -> (ColumnSpec, bool) {
    let kind = table.need_choice("type", &TYPES);
    let unit = read_unit(table);
    let readable = kind.is_some() && unit.is_some() == table.has("unit");
    let kind = kind.map_or(ColumnType::Text, |kind| kind.value);
    let (last_year_of, month_of) = (table.text("last_year_of"), table.text("month_of"));
    for (key, reference) in [("last_year_of", &last_year_of), ("month_of", &month_of)] {
        references.extend(reference.clone().map(|reference| (key, name.value.clone(), reference)));
    }
    let decimals = table.small("decimals", 0..=8);
    let column = ColumnSpec {
        name: name.value.clone(),
        labels: table.texts("label").into_iter().map(|label| label.value).collect(),
        kind,
        unit: unit.map(|unit| unit.value),
        decimals: decimals.map_or(if kind == ColumnType::Decimal { 2 } else { 0 }, |decimals| decimals.value),
        required: table.flag("required").is_some_and(|flag| flag.value),
        unique: table.flag("unique").is_some_and(|flag| flag.value),
        min: table.exact("min").map(|min| min.value),
        max: table.exact("max").map(|max| max.value),
        pattern: table.text("pattern").filter(is_regex).map(|pattern| pattern.value),
        choices: read_choices(table, kind),
        last_year_of: last_year_of.map(|reference| reference.value),
        month_of: month_of.map(|reference| reference.value),
    };
    if readable {
        check_keys(table, &column);
    }
    (column, readable)
}

/// The unit of a table that has one.
pub fn read_unit(table: &Table<'_>) -> Option<At<Unit>> {
    let name = table.text("unit")?;
    let unit = Unit::parse(&name.value);
    if unit.is_none() {
        let known = Unit::names().collect::<Vec<_>>();
        let hint = match suggest::closest(&name.value, known.iter().map(String::as_str)).filter(|_| name.value.chars().count() > 1) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "known are 元 美元 千瓦 兆瓦 吨 辆 家 个 项 户 件 台 人 with 百 千 万 亿 and so on before them, 天 % 百分点".to_owned(),
        };
        name.problem(format!("unknown unit `{}`", name.value), hint);
    }
    unit.map(|unit| name.with(unit))
}

fn read_choices(table: &Table<'_>, kind: ColumnType) -> Vec<String> {
    let mut seen = codes::Seen::new("choice");
    let choices = table.texts("choices");
    for choice in &choices {
        seen.add(choice);
    }
    if kind == ColumnType::Choice && choices.is_empty() {
        table.place_of("choices").problem("a column of choices needs `choices`", "list them: `choices = [\"在建\", \"竣工\"]`");
    }
    choices.into_iter().map(|choice| choice.value).collect()
}

fn is_regex(pattern: &At<String>) -> bool {
    let fault = Regex::new(&pattern.value).err();
    if let Some(fault) = &fault {
        // The crate's message draws the pattern over several lines; its last line says what is wrong.
        let fault = fault.to_string();
        let reason = fault.lines().last().unwrap_or("").trim_start_matches("error: ");
        pattern.problem(
            format!("`{}` is no regular expression: {reason}", pattern.value),
            "write one of the Rust `regex` crate, for instance \"^[0-9]{18}$\"",
        );
    }
    fault.is_none()
}

/// Keys that say nothing for a column of that type.
fn check_keys(table: &Table<'_>, column: &ColumnSpec) {
    let numeric = matches!(column.kind, ColumnType::Integer | ColumnType::Decimal);
    let fits = [
        ("unit", numeric),
        ("min", numeric),
        ("max", numeric),
        ("decimals", column.kind == ColumnType::Decimal),
        ("pattern", column.kind == ColumnType::Text),
        ("choices", column.kind == ColumnType::Choice),
    ];
    for (key, fits) in fits {
        if !fits && table.has(key) {
            let kind = TYPES.iter().find(|(_, kind)| *kind == column.kind).map_or("", |(name, _)| name);
            table
                .place_of(key)
                .problem(format!("a column of type `{kind}` has no `{key}`"), "take it out, or give the column another `type`");
        }
    }
    if let (Some(min), Some(max)) = (column.min, column.max)
        && min > max
    {
        table.place_of("max").problem(format!("`max` {max} lies below `min` {min}"), "swap the two");
    }
}

fn check_reference(key: &str, from: &str, name: &At<String>, columns: &[ColumnSpec], doubtful: &BTreeSet<String>) {
    let find = |name: &str| columns.iter().find(|column| column.name == name);
    let Some((own, other)) = find(from).zip(find(&name.value)).filter(|_| from != name.value) else {
        let others = columns.iter().map(|column| column.name.as_str()).filter(|known| *known != from);
        name.problem(
            format!("`{key}` names column `{}`, which is none of the dataset's others", name.value),
            suggest::hint(&name.value, others),
        );
        return;
    };
    if doubtful.contains(from) || doubtful.contains(&name.value) {
        return;
    }
    if own.kind != other.kind || own.unit != other.unit {
        name.problem(
            format!("`{from}` and `{}` differ in type or unit, so one cannot be held against the other", name.value),
            "give both the same `type` and `unit`",
        );
    }
}
