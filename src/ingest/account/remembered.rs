//! Unread rows that last month's keys give away: only the parent knows the past, so the worker hands over what stands there.

use std::collections::BTreeSet;

use crate::ingest::grid::Grid;
use crate::ingest::layout::words::is_total;
use crate::ingest::parse::region::Gazetteer;
use crate::ingest::parse::text::comparable;
pub use crate::ingest::reading::StrayRows;
use crate::model::account::Unread;
use crate::model::{Account, Finding, FindingCode, Observations, Place, Severity};
use crate::plan::{Dataset, Plan, Shape};

use super::Stray;
use super::known::key_column;
use super::tell;

/// Two rows are enough to tell; so many are handed over.
const ROWS_MAX: usize = 2_000;
/// Shorter texts are met by chance.
const KEY_CHARS_MIN: usize = 4;

/// What an area that nobody read holds; `None` where no row names a region.
#[must_use]
pub fn rows(grid: &Grid, stray: &Stray, gazetteer: &Gazetteer) -> Option<StrayRows> {
    let texts = |row: u32| -> Option<Vec<String>> {
        let cells = grid.row(row).iter().filter(|cell| stray.area.holds(cell.row, cell.column));
        let texts: Vec<String> = cells.filter_map(|cell| cell.text().map(comparable)).collect();
        let (regions, others): (Vec<String>, Vec<String>) = texts.into_iter().partition(|text| gazetteer.city(text).is_some());
        let keys: Vec<String> = others.into_iter().filter(|text| text.chars().count() >= KEY_CHARS_MIN && !is_total(text)).collect();
        (!regions.is_empty() && !keys.is_empty()).then_some(keys)
    };
    let rows: Vec<Vec<String>> = (stray.area.top..=stray.area.bottom).filter_map(texts).take(ROWS_MAX).collect();
    (!rows.is_empty()).then(|| StrayRows { sheet: grid.name.clone(), cells: stray.area.to_string(), rows })
}

/// Marks the areas in which two rows or more bear keys of last month's list that were not read, and asks about them; of several lists
/// under the one most rows are known from, also where their shape alone spoke for another.
pub fn recognise(
    plan: &Plan,
    file: &str,
    strays: &[StrayRows],
    now: &[Observations],
    previous: &[&Observations],
    account: &mut Account,
    findings: &mut Vec<Finding>,
) {
    let lists: Vec<(&Dataset, BTreeSet<String>)> = previous.iter().filter_map(|past| missed(plan, past, now)).collect();
    for stray in strays {
        let bears = |keys: &BTreeSet<String>| stray.rows.iter().filter(|row| row.iter().any(|text| keys.contains(text))).count();
        let known = lists.iter().rev().map(|(dataset, keys)| (bears(keys), *dataset)).filter(|(rows, _)| *rows >= 2);
        let Some((most, dataset)) = known.max_by_key(|(rows, _)| *rows) else { continue };
        let entry = account.unread.iter_mut().find(|unread| unread.sheet == stray.sheet && unread.cells == stray.cells);
        let Some(entry) = entry else { continue };
        if entry.data_like {
            let of = |code: &str| lists.iter().find(|(other, _)| other.code == code).map_or(0, |(_, keys)| bears(keys));
            ask_under(dataset, findings, &stray.sheet, &account.unread, |code| of(code) < most);
            continue;
        }
        entry.data_like = true;
        let rows = entry.rows;
        findings.retain(|one| !is_harmless(one, &stray.sheet));
        let harmless: Vec<&str> =
            account.unread.iter().filter(|one| one.sheet == stray.sheet && !one.data_like).map(|one| one.cells.as_str()).collect();
        findings.extend(tell::harmless(place(file, &stray.sheet, harmless.first().copied()), &harmless));
        findings.push(tell::data_like(dataset, place(file, &stray.sheet, Some(&stray.cells)), std::slice::from_ref(&stray.cells), rows));
    }
}

/// Asks about a sheet's areas under another list than their shape spoke for, where that one knows less of them.
fn ask_under(dataset: &Dataset, findings: &mut [Finding], sheet: &str, unread: &[Unread], knows_less: impl Fn(&str) -> bool) {
    let asked = findings
        .iter_mut()
        .find(|one| one.code == FindingCode::UnreadCells && one.severity == Severity::Explain && one.place.sheet.as_deref() == Some(sheet));
    let Some(asked) = asked.filter(|one| one.dataset.as_deref().is_some_and(knows_less)) else { return };
    let areas = || unread.iter().filter(|one| one.sheet == sheet && one.data_like);
    let cells: Vec<String> = areas().map(|one| one.cells.clone()).collect();
    *asked = tell::data_like(dataset, asked.place.clone(), &cells, areas().map(|one| one.rows).sum());
}

/// Last month's keys of a list that are not among this month's rows.
fn missed<'a>(plan: &'a Plan, past: &Observations, now: &[Observations]) -> Option<(&'a Dataset, BTreeSet<String>)> {
    let dataset = plan.dataset(&past.dataset).filter(|dataset| dataset.shape == Shape::Records)?;
    let keys = |table: &Observations| -> BTreeSet<String> {
        let column = dataset.columns.get(key_column(dataset)).and_then(|spec| table.column(&spec.name));
        column.into_iter().flat_map(|column| (0..table.rows()).filter_map(|row| column.text(row))).map(|text| comparable(&text)).collect()
    };
    let read: BTreeSet<String> = now.iter().filter(|table| table.dataset == past.dataset).flat_map(keys).collect();
    Some((dataset, keys(past).difference(&read).cloned().collect()))
}

fn is_harmless(finding: &Finding, sheet: &str) -> bool {
    finding.code == FindingCode::UnreadCells && finding.severity == Severity::Note && finding.place.sheet.as_deref() == Some(sheet)
}

fn place(file: &str, sheet: &str, cells: Option<&str>) -> Place {
    let first = cells.and_then(|cells| cells.split(':').next()).and_then(|cell| cell.parse().ok());
    Place { file: file.to_owned(), sheet: Some(sheet.to_owned()), cell: first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;

    fn recognised(names: &[&str]) -> (bool, Vec<String>) {
        let dataset = sample::records();
        let plan = sample::plan(&dataset);
        let past = sample::table(
            &dataset,
            &[
                &["P-1001", "甲", "330100", "", "", "", ""],
                &["P-1002", "乙", "330200", "", "", "", ""],
                &["P-1003", "丙", "330300", "", "", "", ""],
            ],
        );
        let now = sample::table(&dataset, &[&["P-1003", "丙", "330300", "", "", "", ""]]);
        let unread = |cells: &str| Unread { sheet: "台账".to_owned(), cells: cells.to_owned(), rows: 2, data_like: false };
        let mut account = Account { unread: vec![unread("A1:C2"), unread("F9")], ..Account::default() };
        let mut findings: Vec<Finding> = tell::harmless(place("表.xlsx", "台账", Some("A1")), &["A1:C2", "F9"]).into_iter().collect();
        let rows = names.iter().map(|name| vec![comparable(name)]).collect();
        let strays = [StrayRows { sheet: "台账".to_owned(), cells: "A1:C2".to_owned(), rows }];
        recognise(&plan, "表.xlsx", &strays, &[now], &[&past], &mut account, &mut findings);
        let told = findings.iter().map(|one| format!("{} {}", one.severity.word(), one.found.clone().unwrap_or_default())).collect();
        (account.unread[0].data_like, told)
    }

    #[test]
    fn two_of_last_months_keys_that_were_not_read_are_asked_about() {
        assert_eq!(recognised(&["P-1001", "P-1002"]), (true, vec!["提示 F9".to_owned(), "请说明 A1:C2".to_owned()]));
    }

    #[test]
    fn rows_that_looked_like_another_list_s_are_asked_about_under_the_one_that_knows_them() {
        let own = sample::records();
        let other = Dataset { code: "other".to_owned(), sheets: vec!["别的清单".to_owned()], ..sample::records() };
        let mut plan = sample::plan(&own);
        plan.datasets.push(other.clone());
        let past = sample::table(&own, &[&["P-1001", "甲", "330100", "", "", "", ""], &["P-1002", "乙", "330200", "", "", "", ""]]);
        let now = sample::table(&own, &[&["P-1003", "丙", "330300", "", "", "", ""]]);
        let unread = Unread { sheet: "接上表".to_owned(), cells: "A1:E2".to_owned(), rows: 2, data_like: true };
        let mut account = Account { unread: vec![unread], ..Account::default() };
        let mut findings = vec![tell::data_like(&other, place("表.xlsx", "接上表", Some("A1")), &["A1:E2".to_owned()], 2)];
        let rows = ["P-1001", "P-1002"].map(|name| vec![comparable(name)]).to_vec();
        let strays = [StrayRows { sheet: "接上表".to_owned(), cells: "A1:E2".to_owned(), rows }];
        recognise(&plan, "表.xlsx", &strays, &[now], &[&past], &mut account, &mut findings);
        let [asked] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(asked.dataset.as_deref(), Some(own.code.as_str()));
        assert!(asked.message.contains("A1:E2共2行") && !asked.message.contains("别的清单"), "{}", asked.message);
    }

    #[test]
    fn one_key_or_keys_that_were_read_are_an_own_table() {
        assert_eq!(recognised(&["P-1001", "P-1003"]), (false, vec!["提示 A1:C2、F9".to_owned()]));
    }
}
