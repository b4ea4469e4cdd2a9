//! `another-year`, `undated-row` and `batch-year`: rows of a list whose date decides whether a target's year counts them.
//!
//! Rows that last month's accepted table already held with the same date were asked about then: they are told, not asked again.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::check::spelling::unified;
use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::ingest::parse::text::year_in;
use crate::model::{Finding, FindingCode, Severity, Values};
use crate::plan::ColumnType;
use crate::plan::counted::{self, Left};

/// Names a finding names at most.
const NAMES_MAX: usize = 10;

/// Finds rows of another year, rows whose blank date keeps them from counting, and dates that their 批次 contradicts.
pub fn check(table: &Table) -> Vec<Finding> {
    let left = match counted::left_out(table.plan, table.now) {
        Ok(left) => left,
        Err(error) => {
            tracing::error!(dataset = %table.dataset.code, %error, "years not told: the table does not fit its plan");
            return Vec::new();
        }
    };
    let known = known(table);
    let is_new = |left: &&Left| table.key(table.now, left.row).is_none_or(|key| !known.contains(&(unified(&key), date(table, left))));
    // A date after the month is its own finding, and a blank in a required column too.
    let dated: Vec<&Left> = left
        .another_year
        .iter()
        .filter(|left| left.dated.is_some_and(|year| year <= table.data().year() || year == left.counting))
        .collect();
    let (new, old): (Vec<&Left>, Vec<&Left>) = dated.into_iter().partition(is_new);
    let is_optional = |left: &&Left| table.dataset.column(&left.column).is_some_and(|spec| !spec.required);
    let undated: Vec<&Left> = left.undated.iter().filter(is_optional).filter(is_new).collect();
    let mut findings = Vec::new();
    findings.extend(of_another_year(table, &new, Severity::Explain));
    findings.extend(of_another_year(table, &old, Severity::Note));
    findings.extend(without_date(table, &undated));
    findings.extend(batches(table));
    findings
}

/// Keys and dates of the last accepted table.
fn known(table: &Table) -> BTreeSet<(String, Option<String>)> {
    let Some(previous) = table.previous else { return BTreeSet::new() };
    let mut known = BTreeSet::new();
    for spec in table.dataset.columns.iter().filter(|spec| spec.kind == ColumnType::Date) {
        for row in 0..previous.rows() {
            let Some(key) = table.key(previous, row) else { continue };
            known.insert((unified(&key), previous.column(&spec.name).and_then(|column| column.text(row))));
        }
    }
    known
}

fn date(table: &Table, left: &Left) -> Option<String> {
    table.now.column(&left.column)?.text(left.row)
}

fn of_another_year(table: &Table, rows: &[&Left], severity: Severity) -> Option<Finding> {
    let first = rows.first()?;
    let spec = table.dataset.column(&first.column)?;
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for year in rows.iter().filter_map(|left| left.dated) {
        *years.entry(year).or_default() += 1;
    }
    let count = |(year, rows): (&i32, &usize)| format!("{rows}行{}为{year}年", wording::label(spec));
    let counts: Vec<String> = years.iter().map(count).collect();
    let found: Vec<String> = years.iter().map(|(year, rows)| format!("{year}年{rows}行")).collect();
    let (counts, codes, names) = (counts.join("，"), codes(rows), names(table, rows));
    let counting = first.counting;
    let message = match severity {
        Severity::Note => format!("仍有{counts}，不属于{counting}年，不计入{codes}。"),
        // Rows of the data's own year are right where they stand: the target is an earlier year's.
        _ if rows.iter().all(|left| left.dated == Some(table.data().year())) => {
            format!("{counts}，而{codes}的目标年度为{counting}年，不计入：{names}。请核对日期；日期无误的，请说明，不必删去。")
        }
        _ => format!("{counts}，不属于{counting}年，不计入{codes}：{names}。请核对日期；日期无误的，请说明，或从清单中删去。"),
    };
    let finding = table.at_cell(FindingCode::AnotherYear, first.row, spec, message);
    let expected = Some(format!("{counting}年"));
    Some(Finding { severity, row_key: None, found: Some(found.join("、")), expected, ..finding })
}

fn without_date(table: &Table, rows: &[&Left]) -> Option<Finding> {
    let first = rows.first()?;
    let spec = table.dataset.column(&first.column)?;
    let (label, codes, names) = (wording::label(spec), codes(rows), names(table, rows));
    let message =
        format!("{}行未填{label}，无法判断是否属于{}年，不计入{codes}：{names}。请补填；暂无日期的请说明。", rows.len(), first.counting);
    let finding = table.at_cell(FindingCode::UndatedRow, first.row, spec, message);
    Some(Finding { row_key: None, found: Some(format!("{}行", rows.len())), ..finding })
}

/// The indicators that leave out any of the rows: `6.4、6.5`.
fn codes(rows: &[&Left]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for code in rows.iter().flat_map(|left| &left.indicators) {
        if !codes.contains(&code.as_str()) {
            codes.push(code);
        }
    }
    codes.join("、")
}

/// The rows' keys in words, ten at most: `“甲公司”“乙公司”等87行`.
fn names(table: &Table, rows: &[&Left]) -> String {
    let names: Vec<String> = rows.iter().take(NAMES_MAX).map(|left| format!("“{}”", table.key_words(left.row).1)).collect();
    let rest = if rows.len() > NAMES_MAX { format!("等{}行", rows.len()) } else { String::new() };
    format!("{}{rest}", names.concat())
}

/// A date and a 批次 of different years: the date counts, and that is told.
fn batches(table: &Table) -> Option<Finding> {
    let dates =
        table.plan.indicators().filter(|(_, one)| one.reads() == Some(&table.dataset.code)).find_map(|(_, one)| one.counts_in.as_ref())?;
    let batch = table.dataset.columns.iter().find(|spec| wording::label(spec).contains("批次"))?;
    let Some(Values::Date(values)) = table.now.column(&dates.column).map(|column| &column.values) else { return None };
    let differs = |(row, date): &(usize, &Option<chrono::NaiveDate>)| {
        let batch = table.printed(*row, batch).as_deref().and_then(year_in);
        date.zip(batch).is_some_and(|(date, batch)| chrono::Datelike::year(&date) != batch)
    };
    let rows: Vec<usize> = values.iter().enumerate().filter(differs).map(|(row, _)| row).collect();
    let first = *rows.first()?;
    let (date, label) = (table.dataset.column(&dates.column)?, wording::label(batch));
    let message = format!("{}行{label}与{}不在同一年，按{}计。", rows.len(), wording::label(date), wording::label(date));
    Some(Finding { row_key: None, ..table.at_cell(FindingCode::BatchYear, first, batch, message) })
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::{Finding, Observations, Severity};
    use crate::plan::{ColumnType, Dataset};

    fn list() -> Dataset {
        let mut dataset = sample::records();
        dataset.columns.push(sample::column("batch", "批次", ColumnType::Text, None, 0));
        dataset
    }

    fn rows(rows: &[[&str; 4]]) -> Observations {
        let full: Vec<[&str; 8]> =
            rows.iter().map(|[code, level, day, batch]| [*code, "甲", "330100", *level, "", "", *day, *batch]).collect();
        let full: Vec<&[&str]> = full.iter().map(<[&str; 8]>::as_slice).collect();
        sample::table(&list(), &full)
    }

    fn found(now: &Observations, past: &Past) -> Vec<Finding> {
        let plan = sample::counting_plan(&list(), "level = '省级重点'", "started_on");
        sample::findings_of(&plan, now, past)
    }

    fn told(now: &Observations, past: &Past) -> Vec<String> {
        found(now, past).into_iter().map(|finding| format!("{} {}", finding.severity.word(), finding.message)).collect()
    }

    #[test]
    fn rows_of_the_year_are_silent_and_rows_nobody_counts_too() {
        let clean = rows(&[["P-1", "省级重点", "2022-01-01", "2022年第一批"], ["P-2", "市县", "2020-05-01", ""], ["P-3", "市县", "", ""]]);
        assert!(told(&clean, &Past::default()).is_empty());
    }

    #[test]
    fn new_rows_of_another_year_are_asked_once_and_named_with_their_years() {
        let now =
            rows(&[["P-1", "省级重点", "2020-12-31", ""], ["P-2", "省级重点", "2020-01-01", ""], ["P-3", "省级重点", "2021-05-01", ""]]);
        assert_eq!(
            told(&now, &Past::default()),
            [
                "请说明 2行开工时间为2020年，1行开工时间为2021年，不属于2022年，不计入6.9：“P-1”“P-2”“P-3”。请核对日期；日期无误的，请说明，或从清单中删去。"
            ]
        );
        let finding = found(&now, &Past::default()).remove(0);
        assert_eq!((finding.found.as_deref(), finding.expected.as_deref()), (Some("2020年2行、2021年1行"), Some("2022年")));
        // Accepted last month, they are only told; one more is asked about alone.
        let may = [Observations { period: sample::june().previous(), ..now.clone() }];
        let past = Past { previous: may.iter().collect(), ..Past::default() };
        let of_year = |finding: &Finding| finding.code.code() == "another-year";
        let again: Vec<Severity> = found(&now, &past).iter().filter(|finding| of_year(finding)).map(|finding| finding.severity).collect();
        assert_eq!(again, [Severity::Note]);
        let more = rows(&[["P-1", "省级重点", "2020-12-31", ""], ["P-4", "省级重点", "2019-05-01", ""]]);
        let asked = found(&more, &past).into_iter().filter(of_year).find(Finding::returns_file).unwrap();
        assert!(asked.message.starts_with("1行开工时间为2019年，不属于2022年，不计入6.9：“P-4”。"), "{}", asked.message);
    }

    #[test]
    fn a_blank_date_keeps_a_row_out_and_is_asked() {
        let now = rows(&[["P-1", "省级重点", "", ""], ["P-2", "省级重点", "2022-05-01", ""]]);
        assert_eq!(
            told(&now, &Past::default()),
            ["请说明 1行未填开工时间，无法判断是否属于2022年，不计入6.9：“P-1”。请补填；暂无日期的请说明。"]
        );
    }

    #[test]
    fn a_batch_of_another_year_is_told_and_the_date_counts() {
        let now = rows(&[["P-1", "省级重点", "2022-03-01", "2021年第三批"]]);
        assert_eq!(told(&now, &Past::default()), ["提示 1行批次与开工时间不在同一年，按开工时间计。"]);
    }
}
