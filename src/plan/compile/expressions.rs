//! Expressions: from the SQL text in a pipeline file to a checked aggregate, condition or rule.
//!
//! An allow-list: what is not known to be exact and portable is refused. The walk over the parsed text finds columns, kinds
//! and units with their places; Polars then says which type the result has, without evaluating anything.

use polars::prelude::{Column, DataFrame, DataType, IntoLazy};
use polars::sql::sql_expr;
use sqlparser::ast::Expr;

use crate::plan::{ColumnType, Dataset, Expression};
use crate::settings::document::At;

use super::scope::Declared;

mod kinds;
mod rewrite;
pub mod source;
mod units;
mod walk;

use kinds::Kind;
use walk::{Level, Walk};

/// A compiled aggregate.
pub struct Aggregate {
    pub expression: Expression,
    /// Whether it reads a column with a problem of its own, so that its unit says nothing.
    pub doubtful: bool,
}

/// A row condition, checked (`where`).
pub struct Condition(Expr);

/// Compiles a row condition.
pub fn condition(text: &At<String>, declared: &Declared) -> Option<Condition> {
    let parsed = source::parse(text)?;
    Walk { text, declared }.truth(&parsed, Level::Row).then_some(Condition(parsed))
}

/// Compiles an aggregate, its condition folded into each of its aggregate functions.
pub fn aggregate(text: &At<String>, condition: Option<&Condition>, declared: &Declared) -> Option<Aggregate> {
    let mut parsed = source::parse(text)?;
    let kind = Walk { text, declared }.kind(&parsed, Level::Table)?;
    let (unit, doubtful) = match kind {
        Kind::Number(number) => (number.unit, false),
        Kind::Unknown => (None, true),
        other => {
            text.problem(format!("this value is {}, not a number", other.words()), "sum, count, or take MIN or MAX of a column of numbers");
            return None;
        }
    };
    if !rewrite::has_aggregate(&mut parsed) {
        text.problem("this value reads no rows", "write an aggregate: `SUM(…)`, `COUNT(*)`");
        return None;
    }
    if let Some(Condition(condition)) = condition {
        rewrite::fold(&mut parsed, condition);
    }
    let source = parsed.to_string();
    let columns = rewrite::columns(&mut parsed);
    rewrite::exact_literals(&mut parsed);
    let sql = parsed.to_string();
    let expected = |dtype: &DataType| dtype.is_decimal() || dtype.is_integer();
    if !doubtful && !is_sound(text, &sql, &declared.dataset, expected) {
        return None;
    }
    Some(Aggregate { expression: Expression { source, sql, columns, unit }, doubtful })
}

/// Folds one more condition into a compiled aggregate.
pub fn restrict(expression: &mut Expression, condition: &str) {
    let Ok(condition) = source::expression(condition) else { return };
    for text in [&mut expression.source, &mut expression.sql] {
        // Both were printed from a parsed tree, so both parse again.
        if let Ok(mut parsed) = source::expression(text) {
            rewrite::fold(&mut parsed, &condition);
            *text = parsed.to_string();
        }
    }
}

/// The same aggregate over other columns; `None` where no column it reads has another.
pub fn renamed(expression: &Expression, other: &dyn Fn(&str) -> Option<String>) -> Option<Expression> {
    let mut parsed = source::expression(&expression.sql).ok()?;
    expression.columns.iter().find_map(|column| other(column))?;
    rewrite::rename(&mut parsed, other);
    let sql = parsed.to_string();
    Some(Expression { source: sql.clone(), columns: rewrite::columns(&mut parsed), sql, unit: expression.unit.clone() })
}

/// Compiles a rule to SQL that is true where the rule holds.
pub fn rule(text: &At<String>, per_row: bool, declared: &Declared) -> Option<String> {
    let mut parsed = source::parse(text)?;
    let level = if per_row { Level::Row } else { Level::Table };
    if !(Walk { text, declared }.truth(&parsed, level)) {
        return None;
    }
    if !per_row && !rewrite::has_aggregate(&mut parsed) {
        text.problem("this rule over the table reads no rows", "write an aggregate, or `scope = \"row\"`");
        return None;
    }
    let doubtful = rewrite::columns(&mut parsed).iter().any(|column| declared.doubtful.contains(column));
    rewrite::exact_literals(&mut parsed);
    let sql = parsed.to_string();
    (doubtful || is_sound(text, &sql, &declared.dataset, DataType::is_bool)).then_some(sql)
}

/// A frame without rows whose columns have the types the dataset's observations have.
#[must_use]
pub fn empty_frame(dataset: &Dataset) -> DataFrame {
    let column = |column: &crate::plan::ColumnSpec| {
        let dtype = match column.kind {
            ColumnType::Text | ColumnType::Choice | ColumnType::Region => DataType::String,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Decimal => DataType::Decimal(38, usize::try_from(column.decimals).unwrap_or(2)),
            ColumnType::Date => DataType::Date,
            ColumnType::Flag => DataType::Boolean,
        };
        Column::new_empty(column.name.as_str().into(), &dtype)
    };
    // Names are unique and all columns empty, so building the frame cannot fail.
    DataFrame::new(0, dataset.columns.iter().map(column).collect()).unwrap_or_default()
}

/// Whether Polars reads the text as we do.
fn is_sound(text: &At<String>, sql: &str, dataset: &Dataset, expected: impl Fn(&DataType) -> bool) -> bool {
    let schema = sql_expr(sql).and_then(|expression| empty_frame(dataset).lazy().select([expression]).collect_schema());
    let dtype = schema.as_ref().map(|schema| schema.iter_values().next());
    match dtype {
        Ok(Some(dtype)) if expected(dtype) => true,
        Ok(dtype) => {
            let found = dtype.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            text.problem(
                format!("this evaluates to {found}, which is not exact here"),
                "use integers and decimals throughout, and comparisons in conditions",
            );
            false
        }
        Err(error) => {
            let error = error.to_string();
            text.problem(
                format!("this cannot be evaluated: {}", error.lines().next().unwrap_or("")),
                "write it with SUM, COUNT, MIN, MAX, CASE, FILTER and comparisons",
            );
            false
        }
    }
}

#[cfg(test)]
mod tests;
