//! `counts_in` and `any_year`: whether an indicator over a list counts rows of its target's year alone.

use crate::plan::{Calculation, ColumnType, CountsIn, Indicator, Target, TargetYear};
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::expressions;
use super::scope::Declared;

/// What the file says of it.
pub struct Said {
    pub counts_in: Option<CountsIn>,
    pub any_year: Option<String>,
}

/// Reads the two keys; at most one of them may stand.
pub fn read(table: &Table<'_>, dataset: Option<&Declared>, target: Option<&Target>) -> Said {
    let column = table.text("counts_in");
    let any_year = table.text("any_year");
    if let (Some(_), Some(any)) = (&column, &any_year) {
        any.problem("`any_year` and `counts_in` contradict each other", "keep one of the two");
    }
    if let Some(any) = any_year.as_ref().filter(|any| any.value.trim().is_empty()) {
        any.problem("`any_year` gives no reason", "write why rows of any year count: `any_year = \"…\"`");
    }
    let counts_in = column.and_then(|column| {
        check_column(&column, dataset?);
        let year = match target.map(|target| target.year) {
            Some(TargetYear::In(year)) => Some(year),
            Some(TargetYear::Every) | None => None,
            Some(TargetYear::By { .. }) => {
                column.problem("`counts_in` goes with a target of one year, and this one runs over several", "write `any_year = \"…\"`");
                return None;
            }
        };
        Some(CountsIn { column: column.value, year, rows: None })
    });
    Said { counts_in, any_year: any_year.map(|any| any.value) }
}

fn check_column(column: &At<String>, declared: &Declared) {
    let columns = &declared.dataset.columns;
    match columns.iter().find(|spec| spec.name == column.value) {
        Some(spec) if spec.kind == ColumnType::Date || declared.doubtful.contains(&spec.name) => {}
        Some(_) => column.problem(format!("column `{}` is no date", column.value), "name a column of `type = \"date\"`"),
        None => column.problem(
            format!("dataset `{}` has no column `{}`", declared.dataset.code, column.value),
            suggest::hint(&column.value, columns.iter().filter(|spec| spec.kind == ColumnType::Date).map(|spec| spec.name.as_str())),
        ),
    }
}

/// Folds the condition of the year into the indicator's aggregates, and keeps which rows it would count without it.
pub fn fold(mut indicator: Indicator) -> Indicator {
    let rows = indicator.rows();
    let Some(counts) = &mut indicator.counts_in else { return indicator };
    counts.rows = rows;
    let condition = CountsIn::condition(&counts.column, counts.year);
    let parts = match &mut indicator.calculation {
        Calculation::Simple { value, last_year, month, .. } => vec![Some(value), last_year.as_mut(), month.as_mut()],
        Calculation::Ratio { numerator, denominator, last_numerator, last_denominator, .. } => {
            vec![Some(numerator), Some(denominator), last_numerator.as_mut(), last_denominator.as_mut()]
        }
        Calculation::Derived { .. } => Vec::new(),
    };
    for part in parts.into_iter().flatten() {
        expressions::restrict(part, &condition);
    }
    indicator
}
