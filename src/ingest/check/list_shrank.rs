//! `list-emptied` and `list-shrank`: rows that stood in an accepted list are gone.
//!
//! Only lists that an indicator reads, held against last month's of the same year and against the list this one would replace. A
//! row is known by its key, in whatever spelling.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::ingest::check::size::{is_share, sum};
use crate::ingest::check::spelling::{firm, unified};
use crate::ingest::check::table::{Table, number};
use crate::ingest::layout::denial::without_denial;
use crate::model::{Finding, FindingCode, Observations, Severity};
use crate::plan::{Calculation, ColumnSpec, ColumnType, Expression, Indicator, Pace, Shape};

/// So many names stand in a message.
const NAMES_MAX: usize = 10;

/// Compares the list's keys with those accepted before.
pub fn check(table: &Table) -> Vec<Finding> {
    let readers: Vec<&Indicator> = table.plan.indicators().map(|(_, indicator)| indicator).filter(|one| reads(one, table)).collect();
    if table.dataset.shape != Shape::Records || readers.is_empty() {
        return Vec::new();
    }
    let bases = [(table.previous_of_year().map(|(previous, _)| previous), table.previous_word()), (table.replaced, "此前报送的本月表")];
    let bases: Vec<(&Observations, &str)> =
        bases.into_iter().filter_map(|(base, word)| Some((base?, word))).filter(|(base, _)| base.rows() > 0).collect();
    if table.now.rows() == 0 {
        return bases.last().map(|(base, word)| emptied(table, base, word)).into_iter().collect();
    }
    let here: BTreeSet<String> = keys(table, table.now).into_keys().collect();
    let worst = bases.into_iter().filter_map(|(base, word)| {
        let gone: BTreeMap<String, usize> = keys(table, base).into_iter().filter(|(key, _)| !here.contains(key)).collect();
        (!gone.is_empty()).then(|| (is_asked(table, &readers, base, &gone), gone.len(), shrank(table, base, word, &gone)))
    });
    let worst = worst.max_by_key(|(asked, count, _)| (*asked, *count));
    worst
        .map(|(asked, _, finding)| Finding { severity: if asked { finding.severity } else { Severity::Note }, ..finding })
        .into_iter()
        .collect()
}

fn reads(indicator: &Indicator, table: &Table) -> bool {
    match &indicator.calculation {
        Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => *dataset == table.dataset.code,
        Calculation::Derived { .. } => false,
    }
}

/// Rows by key; 有限, 股份, 公司 are left out of names, since the same firm is written with and without, and a note that the row does
/// not count, which is asked about where it stands.
fn keys<'a>(table: &Table<'a>, list: &'a Observations) -> BTreeMap<String, usize> {
    table.keyed(list).first.iter().map(|(key, row)| (firm(&without_denial(key)), *row)).collect()
}

fn is_asked(table: &Table, readers: &[&Indicator], base: &Observations, gone: &BTreeMap<String, usize>) -> bool {
    let numbers = table.numbers();
    let dated = table.dataset.columns.iter().any(|spec| spec.kind == ColumnType::Date && spec.required);
    if dated && readers.iter().any(|reader| matches!(reader.pace, Pace::Checkpoints(_))) {
        // What was awarded stays awarded.
        return true;
    }
    let (count, rows) = (Decimal::from(gone.len()), Decimal::from(base.rows()));
    if rows <= numbers.short_list || (count >= numbers.gone_rows && is_share(count, numbers.gone_pct, rows)) {
        return true;
    }
    let carried = |spec: &ColumnSpec| {
        let whole = sum((0..base.rows()).filter_map(|row| number(base, row, spec)))?;
        let part = sum(gone.values().filter_map(|row| number(base, *row, spec)))?;
        Some(whole > Decimal::ZERO && is_share(part, numbers.gone_share_pct, whole))
    };
    table.amounts().filter(|spec| is_summed(table, readers, spec)).any(|spec| carried(spec).unwrap_or(false))
}

/// Whether an indicator or a rule over the whole table adds the column up.
fn is_summed(table: &Table, readers: &[&Indicator], spec: &ColumnSpec) -> bool {
    let sums = |expression: &Expression| expression.columns.contains(&spec.name) && expression.source.to_uppercase().contains("SUM(");
    let by_indicator = readers.iter().any(|reader| match &reader.calculation {
        Calculation::Simple { value, .. } => sums(value),
        Calculation::Ratio { numerator, denominator, .. } => sums(numerator) || sums(denominator),
        Calculation::Derived { .. } => false,
    });
    let wanted = format!("SUM({}", spec.name.to_uppercase());
    by_indicator || table.dataset.rules.iter().any(|rule| rule.expression.to_uppercase().contains(&wanted))
}

fn emptied(table: &Table, base: &Observations, word: &str) -> Finding {
    let message = format!("“{}”没有数据行，{word}有{}行。如漏填请补报全部清单；如确已清空请说明原因。", table.dataset.title, base.rows());
    let found = Some(format!("{}年{}月0行", table.period.year(), table.period.month()));
    Finding { found, expected: Some(format!("{}行", base.rows())), ..table.at_table(FindingCode::ListEmptied, message) }
}

fn shrank(table: &Table, base: &Observations, word: &str, gone: &BTreeMap<String, usize>) -> Finding {
    let keys = table.key_columns();
    let mut rows: Vec<usize> = gone.values().copied().collect();
    rows.sort_unstable();
    let name = |row: &usize| {
        let names = keys.iter().filter_map(|spec| table.printed_of(base, *row, spec));
        format!("“{}”", names.collect::<Vec<_>>().join("、"))
    };
    let names: Vec<String> = rows.iter().map(name).collect();
    let shown = names.iter().take(NAMES_MAX).map(String::as_str).collect::<String>();
    let more = if names.len() > NAMES_MAX { format!("等{}行", names.len()) } else { format!("{}行", names.len()) };
    let message = format!(
        "{word}“{}”的{shown}{more}本次未列（{word}{}行，本次{}行）。如漏报请补上，如确已调出请说明原因。",
        table.dataset.title,
        base.rows(),
        table.now.rows()
    );
    // The answer is about these rows: another one gone is another question.
    let found = Some(gone.keys().map(|key| unified(key)).collect::<Vec<_>>().join("、"));
    Finding { found, expected: Some(format!("{}行", base.rows())), ..table.at_table(FindingCode::ListShrank, message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::{Past, check as check_all, sample};
    use crate::model::Period;
    use crate::plan::{Dataset, Plan};

    fn list(dataset: &Dataset, codes: impl Iterator<Item = usize>, period: Period) -> Observations {
        let rows: Vec<[String; 7]> = codes
            .map(|code| {
                [
                    format!("P-{code}"),
                    format!("第{code}有限公司"),
                    "330100".to_owned(),
                    String::new(),
                    "100".to_owned(),
                    (if code == 1 { "900" } else { "50" }).to_owned(),
                    String::new(),
                ]
            })
            .collect();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let mut table = sample::table(dataset, &rows);
        table.period = period;
        table
    }

    fn told(plan: &Plan, was: &Observations, now: &Observations) -> Vec<(FindingCode, Severity, String)> {
        let past = Past { previous: vec![was], ..Past::default() };
        let findings = check_all(plan, sample::june(), "表.xlsx", (std::slice::from_ref(now), &[]), &past);
        let own = findings.into_iter().filter(|one| matches!(one.code, FindingCode::ListEmptied | FindingCode::ListShrank));
        own.map(|one| (one.code, one.severity, one.message)).collect()
    }

    fn world(value: &str, columns: &[&str]) -> (Plan, Dataset) {
        let dataset = sample::records();
        (sample::plan_read_by(&dataset, value, columns), dataset)
    }

    #[test]
    fn an_emptied_list_is_asked_about() {
        let (plan, dataset) = world("COUNT(*)", &[]);
        let (may, june) = (sample::june().previous(), sample::june());
        let told = told(&plan, &list(&dataset, 0..43, may), &list(&dataset, 0..0, june));
        assert_eq!(
            told,
            [(
                FindingCode::ListEmptied,
                Severity::Explain,
                "“projects”没有数据行，上月有43行。如漏填请补报全部清单；如确已清空请说明原因。".to_owned()
            )]
        );
    }

    #[test]
    fn a_few_gone_are_told_and_many_asked() {
        let (plan, dataset) = world("COUNT(*)", &[]);
        let (may, june) = (sample::june().previous(), sample::june());
        let was = list(&dataset, 0..100, may);
        let severities = |now: &Observations| told(&plan, &was, now).into_iter().map(|(_, severity, _)| severity).collect::<Vec<_>>();
        assert!(severities(&list(&dataset, 0..110, june)).is_empty());
        assert_eq!(severities(&list(&dataset, 4..100, june)), [Severity::Note], "4 of 100");
        assert_eq!(severities(&list(&dataset, 5..100, june)), [Severity::Explain], "5 of 100");
        let short = told(&plan, &list(&dataset, 0..20, may), &list(&dataset, 1..20, june));
        assert_eq!(short.first().map(|(_, severity, _)| *severity), Some(Severity::Explain), "one of twenty");
        assert!(short[0].2.contains("“P-0”1行本次未列（上月20行，本次19行）"), "{}", short[0].2);
    }

    #[test]
    fn one_row_that_carries_the_sum_is_asked_about() {
        let (may, june) = (sample::june().previous(), sample::june());
        for (value, columns, severity) in
            [("COUNT(*)", &[][..], Severity::Note), ("SUM(paid_total)", &["paid_total"][..], Severity::Explain)]
        {
            let (plan, dataset) = world(value, columns);
            let now = list(&dataset, (0..100).filter(|code| *code != 1), june);
            assert_eq!(told(&plan, &list(&dataset, 0..100, may), &now)[0].1, severity, "{value}");
        }
    }

    #[test]
    fn a_list_nobody_reads_and_last_year_s_are_left_alone() {
        let dataset = sample::records();
        let (may, june) = (sample::june().previous(), sample::june());
        assert!(told(&sample::plan(&dataset), &list(&dataset, 0..43, may), &list(&dataset, 0..0, june)).is_empty());
        let (plan, dataset) = world("COUNT(*)", &[]);
        let december = Period::new(2021, 12).unwrap();
        assert!(told(&plan, &list(&dataset, 0..43, december), &list(&dataset, 0..3, june)).is_empty());
    }

    #[test]
    fn another_spelling_of_a_name_is_not_gone() {
        let (plan, mut dataset) = world("COUNT(*)", &[]);
        dataset.key = vec!["name".to_owned()];
        let plan = Plan { datasets: vec![dataset.clone()], ..plan };
        let was = sample::table(&dataset, &[&["P-1", "甲股份有限公司（杭州）", "", "", "", "", ""]]);
        let was = Observations { period: sample::june().previous(), ..was };
        let now = sample::table(&dataset, &[&["P-1", "甲 公司(杭州)", "", "", "", "", ""]]);
        assert!(told(&plan, &was, &now).is_empty());
    }
}
