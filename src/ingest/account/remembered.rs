//! Unread rows that last month's keys give away: only the parent knows the past, so the worker hands over what stands there.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ingest::grid::Grid;
use crate::ingest::layout::words::is_total;
use crate::ingest::parse::region::Gazetteer;
use crate::ingest::parse::text::comparable;
use crate::model::{Account, Finding, FindingCode, Observations, Place, Severity};
use crate::plan::{Dataset, Plan, Shape};

use super::Stray;
use super::known::key_column;
use super::tell;

/// The rows of an unread area that name a region, with their other texts, ready for comparing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrayRows {
    pub sheet: String,
    /// The area, as the account has it.
    pub cells: String,
    pub rows: Vec<Vec<String>>,
}

/// Two rows are enough to tell; so many are handed over.
const ROWS_MAX: usize = 2_000;
/// Shorter texts are met by chance.
const KEY_CHARS_MIN: usize = 4;

/// What an area that looked harmless to the worker holds; `None` where no row names a region.
#[must_use]
pub fn rows(grid: &Grid, stray: &Stray, gazetteer: &Gazetteer) -> Option<StrayRows> {
    if stray.like.is_some() {
        return None;
    }
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

/// Marks the areas in which two rows or more bear keys of last month's list that were not read, and asks about them.
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
        let bears =
            |keys: &BTreeSet<String>| stray.rows.iter().filter(|row| row.iter().any(|text| keys.contains(text))).take(2).count() == 2;
        let Some((dataset, _)) = lists.iter().find(|(_, keys)| bears(keys)) else { continue };
        let entry = account.unread.iter_mut().find(|unread| unread.sheet == stray.sheet && unread.cells == stray.cells);
        let Some(entry) = entry.filter(|entry| !entry.data_like) else { continue };
        entry.data_like = true;
        let rows = entry.rows;
        findings.retain(|one| !is_harmless(one, &stray.sheet));
        let harmless: Vec<&str> =
            account.unread.iter().filter(|one| one.sheet == stray.sheet && !one.data_like).map(|one| one.cells.as_str()).collect();
        findings.extend(tell::harmless(place(file, &stray.sheet, harmless.first().copied()), &harmless));
        findings.push(tell::data_like(dataset, place(file, &stray.sheet, Some(&stray.cells)), std::slice::from_ref(&stray.cells), rows));
    }
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
    use crate::model::account::Unread;

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
    fn one_key_or_keys_that_were_read_are_an_own_table() {
        assert_eq!(recognised(&["P-1001", "P-1003"]), (false, vec!["提示 A1:C2、F9".to_owned()]));
    }
}
