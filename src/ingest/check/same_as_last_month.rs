//! `same-as-last-month`: the whole table says what the last one said: last month's sheet again.
//!
//! Asked only where figures move every month: tables of flows and cumulative amounts, and lists with a 累计 column. Award lists
//! come in batches, stocks and a form of few counted items may well stand still.

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode, Observations};
use crate::plan::{Accumulation, Shape};

/// Compares the table's rows with the previous table's, in whatever order.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(previous) = compared(table) else { return Vec::new() };
    if rows(table, table.now) != rows(table, previous) {
        return Vec::new();
    }
    let word = table.previous_word();
    let message = format!("本表数据与{word}完全相同，请确认是否误报{word}表。");
    let found = Some(format!("与{}年{}月相同", previous.period.year(), previous.period.month()));
    vec![Finding { found, ..table.at_table(FindingCode::SameAsLastMonth, message) }]
}

/// The table's last one, where the two have to differ.
fn compared<'a>(table: &Table<'a>) -> Option<&'a Observations> {
    let previous = table.previous.filter(|previous| moves_monthly(table) && previous.period < table.period)?;
    let has_number =
        table.amounts().any(|spec| (0..table.now.rows()).any(|row| table.value(row, spec).is_some_and(|value| !value.is_zero())));
    has_number.then_some(previous)
}

/// Where every table of a file that has to differ from the last one says the same, last month's file was handed in: one line says so.
pub fn of_file(tables: &[Table], findings: &mut Vec<Finding>) {
    let same = |one: &Finding| one.code == FindingCode::SameAsLastMonth;
    let told = findings.iter().filter(|one| same(one)).count();
    if told < 2 || told < tables.iter().filter(|table| compared(table).is_some()).count() {
        return;
    }
    let word = tables.first().map_or("上月", Table::previous_word);
    let message = format!("本文件{told}张表的数据与{word}完全相同，疑似误报{word}文件，请核对后报送本月的文件；确实没有变化的，请说明。");
    let mut is_first = true;
    findings.retain(|one| !same(one) || std::mem::take(&mut is_first));
    if let Some(one) = findings.iter_mut().find(|one| same(one)) {
        *one = Finding { dataset: None, row_key: Some("file".to_owned()), message, ..one.clone() };
    }
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

    #[test]
    fn a_whole_file_of_last_month_is_one_line() {
        use crate::model::FindingCode;
        let dataset = sample::matrix();
        let other = crate::plan::Dataset { code: "other".to_owned(), ..sample::matrix() };
        let mut plan = sample::plan(&dataset);
        plan.datasets.push(other.clone());
        let of = |dataset: &crate::plan::Dataset, period| crate::model::Observations {
            dataset: dataset.code.clone(),
            period,
            ..sample::investment()
        };
        let (june, may) = (sample::june(), sample::june().previous());
        let (one, two) = (of(&dataset, june), of(&other, june));
        let (one_before, two_before) = (of(&dataset, may), of(&other, may));
        let told = |two_before: &crate::model::Observations| {
            let mut tables = vec![sample::under_check(&plan, &dataset, &one), sample::under_check(&plan, &other, &two)];
            tables[0].previous = Some(&one_before);
            tables[1].previous = Some(two_before);
            let mut findings = tables.iter().flat_map(super::check).collect();
            super::of_file(&tables, &mut findings);
            findings
        };
        let all = told(&two_before);
        assert_eq!((all.len(), all[0].code, all[0].dataset.as_deref()), (1, FindingCode::SameAsLastMonth, None), "{all:?}");
        assert!(all[0].message.starts_with("本文件2张表的数据与上月完全相同"), "{}", all[0].message);
        let moved = crate::model::Observations { dataset: other.code.clone(), ..sample::investment_of_may() };
        let some = told(&moved);
        assert_eq!((some.len(), some[0].dataset.as_deref()), (1, Some(dataset.code.as_str())), "one of two is that one's: {some:?}");
    }
}
