//! `same-as-last-month`: the whole table says what the last one said: last month's sheet again.
//!
//! Asked only where figures move every month: tables of flows and cumulative amounts, and lists with a 累计 column. Award lists
//! come in batches, stocks and a form of few counted items may well stand still.

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode, Observations};
use crate::plan::{Accumulation, Shape};

/// Compares the table's rows with the previous table's, in whatever order.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(previous) = table.previous.filter(|_| moves_monthly(table)) else { return Vec::new() };
    let rows = rows(table, table.now);
    let has_number =
        table.amounts().any(|spec| (0..table.now.rows()).any(|row| table.value(row, spec).is_some_and(|value| !value.is_zero())));
    if !has_number || rows != self::rows(table, previous) || previous.period >= table.period {
        return Vec::new();
    }
    let word = table.previous_word();
    let message = format!("本表数据与{word}完全相同，请确认是否误报{word}表。");
    let found = Some(format!("与{}年{}月相同", previous.period.year(), previous.period.month()));
    vec![Finding { found, ..table.at_table(FindingCode::SameAsLastMonth, message) }]
}

fn moves_monthly(table: &Table) -> bool {
    let runs = matches!(table.dataset.accumulation, Accumulation::Flow | Accumulation::Cumulative);
    match table.dataset.shape {
        Shape::Matrix => runs,
        Shape::Records => table.cumulative().next().is_some(),
        // A form of amounts has last year's beside it; one of a few counted items may stand still.
        Shape::Form => runs && table.dataset.columns.iter().any(|spec| spec.last_year_of.is_some()),
    }
}

fn rows(table: &Table, observations: &Observations) -> Vec<Vec<Option<String>>> {
    let cell = |row: usize, name: &str| observations.column(name).and_then(|column| column.text(row));
    let mut rows: Vec<Vec<Option<String>>> =
        (0..observations.rows()).map(|row| table.dataset.columns.iter().map(|spec| cell(row, &spec.name)).collect()).collect();
    rows.sort();
    rows
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn last_month_s_table_again_is_asked_about() {
        let dataset = sample::matrix();
        let mut may = [sample::investment()];
        may[0].period = sample::june().previous();
        assert_eq!(
            sample::told(&dataset, &sample::investment(), &Past { previous: may.iter().collect(), ..Past::default() }),
            ["same-as-last-month A5 本表数据与上月完全相同，请确认是否误报上月表。"]
        );
        may[0] = sample::investment_of_may();
        assert!(sample::told(&dataset, &sample::investment(), &Past { previous: may.iter().collect(), ..Past::default() }).is_empty());
    }

    #[test]
    fn an_award_list_may_stand_still_and_a_project_list_may_not() {
        let mut dataset = sample::records();
        let mut may = [sample::projects()];
        may[0].period = sample::june().previous();
        assert_eq!(sample::told(&dataset, &sample::projects(), &Past { previous: may.iter().collect(), ..Past::default() }).len(), 1);
        dataset.columns[5].labels = vec!["注册资本（万元）".to_owned()];
        assert!(sample::told(&dataset, &sample::projects(), &Past { previous: may.iter().collect(), ..Past::default() }).is_empty());
    }
}
