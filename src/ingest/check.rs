//! The checks: what is wrong with the typed tables of one submission, said so that an officer can act on it.
//!
//! One file per finding code (or close family), named like it. A check is a pure function of one [`Table`] and returns its
//! findings; nothing is decided here about acceptance, and what reading itself met (coercions, missing headings, unreadable
//! cells) is found there. `docs/findings.md` lists all codes.

use crate::ingest::reading::Facts;
use crate::model::{Answers, Finding, Observations, Period, Severity};
use crate::plan::Plan;

pub mod alike;
mod course;
pub mod keys;
mod size;
mod spelling;
mod table;
mod wording;
mod once;
mod join;

// a row or cell by itself
mod date_after_period;
mod missing_value;
mod out_of_range;
mod pattern_mismatch;
pub mod period_not_over;
mod unknown_choice;
mod unknown_item;
// the plan's year
mod another_year;
mod left_out;
mod list_of_another_year;
// the rows of a table among each other
mod duplicate_key;
mod growth;
mod growth_differs;
mod missing_item;
mod missing_region;
mod month_cumulative_swapped;
mod province_own;
mod rule_broken;
mod total_mismatch;
mod variant_spelling;
// against the past and other departments
mod all_zero;
mod cumulative_decreased;
mod key_in_two_departments;
mod last_year_changed;
mod last_year_swapped;
mod last_year_unchanged;
mod list_shrank;
mod month_differs;
mod month_jumps;
mod out_of_proportion;
mod percent_unclear;
mod same_as_last_month;
mod scaled_format;
pub mod same_table_twice;
mod unit_factor;

#[cfg(test)]
mod documented;
#[cfg(test)]
pub(super) mod sample;

pub use join::join;
use keys::Reported;
pub use left_out::leave_out;
use table::Table;

/// What was accepted before, as far as checks lean on it: tables of any dataset, at most one of each but in `year`.
#[derive(Debug, Clone, Default)]
pub struct Past<'a> {
    /// The same department's tables of its last data period.
    pub previous: Vec<&'a Observations>,
    /// Its tables of earlier data months of the same year, oldest first.
    pub year: Vec<&'a Observations>,
    /// Its tables of the same period a year earlier.
    pub year_earlier: Vec<&'a Observations>,
    /// Its tables of the same period, which this file would replace.
    pub replaced: Vec<&'a Observations>,
    /// By dataset: who reported which key for the same period.
    pub reported: Vec<(&'a str, &'a Reported)>,
}

/// Every check, in the order of the module list.
const CHECKS: &[fn(&Table) -> Vec<Finding>] = &[
    date_after_period::check,
    missing_value::check,
    out_of_range::check,
    pattern_mismatch::check,
    unknown_choice::check,
    unknown_item::check,
    another_year::check,
    list_of_another_year::check,
    duplicate_key::check,
    missing_item::check,
    missing_region::check,
    month_cumulative_swapped::check,
    province_own::check,
    rule_broken::check,
    total_mismatch::check,
    variant_spelling::check,
    all_zero::check,
    cumulative_decreased::check,
    key_in_two_departments::check,
    last_year_changed::check,
    last_year_swapped::check,
    last_year_unchanged::check,
    list_shrank::check,
    month_differs::check,
    month_jumps::check,
    out_of_proportion::check,
    same_as_last_month::check,
    scaled_format::check,
    unit_factor::check,
];

/// Checks the tables of one submission; findings stand by dataset (as handed over), row, column, code.
///
/// Declared rules are evaluated with Polars: call it from a blocking thread.
#[must_use]
pub fn check(plan: &Plan, period: Period, file: &str, (observations, facts): (&[Observations], &[Facts]), past: &Past) -> Vec<Finding> {
    let mut tables = Vec::new();
    for now in observations {
        let Some(dataset) = plan.dataset(&now.dataset) else { continue };
        tables.push(Table {
            plan,
            dataset,
            now,
            facts: facts.iter().find(|facts| facts.dataset == now.dataset),
            previous: of(&past.previous, now).next(),
            year: of(&past.year, now).collect(),
            year_earlier: of(&past.year_earlier, now).next(),
            replaced: of(&past.replaced, now).next(),
            reported: past.reported.iter().find(|(code, _)| **code == now.dataset).map(|(_, reported)| *reported),
            period,
            file,
            keys: table::Keys::default(),
        });
    }
    let mut all = Vec::new();
    for table in &tables {
        let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(table)).collect();
        findings.extend(growth_differs::check(table, &tables));
        findings.extend(percent_unclear::check(table, &tables));
        once::told_once(table, &mut findings);
        findings.sort_by_key(|finding| table.position(finding));
        all.extend(findings);
    }
    same_as_last_month::of_file(&tables, &mut all);
    all
}

/// Cities' months in `now` that stand out, three to six times their usual (`swap_times` to `jump_times`), and are not asked about: one
/// sentence each, for the operator alone.
#[must_use]
pub fn near_jumps(plan: &Plan, now: &Observations, period: Period, past: &Past) -> Vec<String> {
    let Some(dataset) = plan.dataset(&now.dataset) else { return Vec::new() };
    let year = of(&past.year, now).collect();
    let table = Table {
        plan,
        dataset,
        now,
        facts: None,
        previous: None,
        year,
        year_earlier: None,
        replaced: None,
        reported: None,
        period,
        file: "",
        keys: table::Keys::default(),
    };
    month_jumps::near(&table)
}

fn of<'a, 't>(tables: &'t [&'a Observations], now: &'t Observations) -> impl Iterator<Item = &'a Observations> + use<'a, 't> {
    tables.iter().copied().filter(|table| table.dataset == now.dataset)
}

/// Gives each 请说明 its written explanation, by [`Finding::identity`]; an explanation of anything else is ignored.
pub fn explain(findings: &mut [Finding], answers: &Answers) {
    for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Explain) {
        finding.explanation = answers.to(&finding.identity()).map(str::to_owned).or(finding.explanation.take());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::model::{FindingCode, Place, Values};

    fn of_reading(code: FindingCode, cell: &str) -> Finding {
        let place = Place { file: "表.xlsx".to_owned(), sheet: Some("表".to_owned()), cell: Some(cell.parse().unwrap()) };
        Finding { dataset: Some("investment".to_owned()), ..Finding::new(code, place, "") }
    }

    #[test]
    fn findings_stand_by_row_then_column_and_carry_their_place() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] = [&["330100", "1", "-5", "240"], &["330200", "50", "", "230"], &["330300", "130", "120.25", "1"]];
        let findings = sample::findings(&dataset, &sample::table(&dataset, &rows), &Past::default());
        let places: Vec<_> = findings.iter().map(|finding| format!("{} {}", finding.code.code(), finding.place.cell.unwrap())).collect();
        assert_eq!(places, ["month-cumulative-swapped B5", "out-of-range C5", "missing-value C6"]);
        let range = &findings[1];
        assert_eq!((range.place.file.as_str(), range.place.sheet.as_deref()), ("表.xlsx", Some("表")));
        assert_eq!((range.dataset.as_deref(), range.row_key.as_deref()), (Some("investment"), Some("330100")));
        assert_eq!((range.column.as_deref(), range.found.as_deref()), (Some("paid_total"), Some("-5.00")));
        assert_eq!(range.expected.as_deref(), Some("不应小于0亿元"));
    }

    #[test]
    fn an_explanation_passes_what_it_explains_and_lapses_with_the_value() {
        let dataset = sample::matrix();
        let mut may = [sample::investment_of_may()];
        may[0] = sample::table(&dataset, &[&["330100", "", "268", ""]]);
        may[0].period = sample::june().previous();
        let past = Past { previous: may.iter().collect(), ..Past::default() };
        let mut findings = sample::findings(&dataset, &sample::investment(), &past);
        let mut answers = Answers::default();
        answers.one(findings[0].identity(), " 项目核减 ".to_owned());
        explain(&mut findings, &answers);
        assert_eq!(findings[0].explanation.as_deref(), Some("项目核减"));
        assert!(!findings[0].returns_file());

        let rows: [&[&str]; 3] = [&["330100", "", "261", ""], &["330200", "", "250.50", ""], &["330300", "", "120.25", ""]];
        let mut findings = sample::findings(&dataset, &sample::table(&dataset, &rows), &past);
        explain(&mut findings, &answers);
        assert!(findings[0].returns_file(), "another value wants another explanation");
    }

    #[test]
    fn no_explanation_passes_what_must_be_mended() {
        let mut findings = vec![of_reading(FindingCode::OutOfRange, "C5")];
        let mut answers = Answers::default();
        answers.one(findings[0].identity(), "请通过".to_owned());
        explain(&mut findings, &answers);
        assert!(findings[0].returns_file() && findings[0].explanation.is_none());
    }

    #[test]
    fn a_table_of_no_known_dataset_is_left_alone() {
        let dataset = sample::matrix();
        let now = Observations { dataset: "unheard_of".to_owned(), ..sample::investment() };
        assert!(sample::findings(&dataset, &now, &Past::default()).is_empty());
    }

    /// Foreign figures: blanks, zeros, and numbers at the ends of what a decimal holds.
    fn figure() -> impl Strategy<Value = Option<Decimal>> {
        let numbers = [Decimal::ZERO, Decimal::ONE, Decimal::new(-1, 2), Decimal::new(1, 28), Decimal::MAX, Decimal::MIN];
        prop_oneof![Just(None), prop::sample::select(numbers.to_vec()).prop_map(Some), any::<i32>().prop_map(|n| Some(n.into()))]
    }

    fn investment_of(figures: &[Option<Decimal>]) -> Observations {
        let mut table = sample::investment();
        for (column, values) in table.columns.iter_mut().skip(1).zip(figures.chunks(3)) {
            column.values = Values::Decimal(values.to_vec());
        }
        let totals = figures.iter().take(1).map(|value| ("paid_total".to_owned(), *value)).collect();
        table.totals =
            vec![crate::model::TotalRow { label: "合计".to_owned(), row: 8, values: totals, ..crate::model::TotalRow::default() }];
        table
    }

    proptest! {
        #[test]
        fn no_figure_stops_the_checks_and_the_order_stands(
            now in prop::collection::vec(figure(), 9),
            was in prop::collection::vec(figure(), 9),
        ) {
            let dataset = sample::matrix();
            let (now, mut previous, mut year_earlier) = (investment_of(&now), [investment_of(&was)], [investment_of(&was)]);
            previous[0].period = sample::june().previous();
            year_earlier[0].period = sample::june().year_earlier();
            let past = Past { previous: previous.iter().collect(), year_earlier: year_earlier.iter().collect(), ..Past::default() };
            let findings = sample::findings(&dataset, &now, &past);
            prop_assert_eq!(&findings, &sample::findings(&dataset, &now, &past));
            let rows: Vec<_> = findings.iter().map(|finding| finding.place.cell.map(|cell| cell.row)).collect();
            prop_assert!(rows.is_sorted() && rows.iter().all(Option::is_some));
        }
    }
}
