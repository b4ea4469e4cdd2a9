//! `[[dataset.rule]]`: what must hold for a row or a table, and what the department is told if it does not.

use crate::model::Severity;
use crate::plan::Rule;
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::expressions;
use super::scope::Declared;

/// Reads the rules of a dataset.
pub fn read(dataset: &Table<'_>, declared: &Declared) -> Vec<Rule> {
    dataset.tables("rule").into_iter().filter_map(|table| read_one(table, declared)).collect()
}

fn read_one(table: Table<'_>, declared: &Declared) -> Option<Rule> {
    let per_row = table.choice("scope", &[("row", true), ("table", false)]).is_none_or(|scope| scope.value);
    let expression = table.need_text("expression").and_then(|text| expressions::rule(&text, per_row, declared));
    let out_of_scope = table.choice("code", &[("rule-broken", false), ("out-of-scope", true)]).is_some_and(|code| code.value);
    let severity = table
        .choice("severity", &[("error", Severity::Error), ("explain", Severity::Explain), ("note", Severity::Note)])
        .map_or(if out_of_scope { Severity::Explain } else { Severity::Error }, |severity| severity.value);
    let message = table.need_text("message");
    if let Some(message) = &message {
        check_message(message, declared);
    }
    let column = table.text("column");
    if let Some(column) = &column
        && declared.dataset.column(&column.value).is_none()
    {
        unknown(column, 0..column.value.len(), &column.value, declared);
    }
    let explained_counts = table.flag("explained_counts");
    if let Some(counts) = &explained_counts
        && (!out_of_scope || !per_row || severity != Severity::Explain)
    {
        counts.problem(
            "`explained_counts` is about rows outside the scope that are to be explained",
            "write `code = \"out-of-scope\"` over a row, or take it out",
        );
    }
    table.finish();
    Some(Rule {
        expression: expression?,
        per_row,
        severity,
        message: message?.value,
        column: column.map(|column| column.value),
        out_of_scope,
        explained_counts: explained_counts.is_some_and(|counts| counts.value),
    })
}

/// Each `{name}` must be a column.
fn check_message(message: &At<String>, declared: &Declared) {
    let mut from = 0;
    while let Some(open) = message.value.get(from..).and_then(|rest| rest.find('{')).map(|at| from + at) {
        let Some(close) = message.value.get(open..).and_then(|rest| rest.find('}')).map(|at| open + at) else {
            message.problem_inside(open..open + 1, "this `{` is not closed", "write the column's name between `{` and `}`");
            return;
        };
        let name = message.value.get(open + 1..close).unwrap_or("");
        if declared.dataset.column(name).is_none() {
            unknown(message, open + 1..close, name, declared);
        }
        from = close + 1;
    }
}

fn unknown(text: &At<String>, part: std::ops::Range<usize>, name: &str, declared: &Declared) {
    text.problem_inside(
        part,
        format!("the rule names `{name}`, which dataset `{}` does not have", declared.dataset.code),
        suggest::hint(name, declared.dataset.columns.iter().map(|column| column.name.as_str())),
    );
}
