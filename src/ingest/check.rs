//! The checks: what is wrong with the typed tables of one submission, said so that an officer can act on it.
//!
//! One file per finding code (or close family), named like it. A check is a pure function of one [`Table`] and returns its
//! findings; nothing is decided here about acceptance, and what reading itself met (coercions, missing headings, unreadable
//! cells) is found there. `docs/findings.md` lists all codes.

use std::collections::BTreeMap;

use crate::model::{DepartmentCode, Finding, FindingCode, Observations, Period, Severity};
use crate::plan::Plan;

mod sheet_row;
mod spelling;
mod table;
mod wording;

// a row or cell by itself
mod date_after_period;
mod missing_value;
mod out_of_range;
mod pattern_mismatch;
mod unknown_choice;
// the rows of a table among each other
mod duplicate_key;
mod growth_differs;
mod missing_item;
mod missing_region;
mod month_cumulative_swapped;
mod rule_broken;
mod total_mismatch;
mod variant_spelling;
// against the past and other departments
mod cumulative_decreased;
mod key_in_two_departments;
mod last_year_changed;
mod last_year_unchanged;
mod same_as_last_month;
mod unit_factor;

#[cfg(test)]
mod sample;

use table::Table;

/// What was accepted before, as far as checks lean on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past<'a> {
    /// The same department's tables of its last data period.
    pub previous: &'a [Observations],
    /// The same department's tables of the same period a year earlier.
    pub year_earlier: &'a [Observations],
    /// Tables of the same period that other departments had accepted before.
    pub others: &'a [Observations],
}

/// Every check, in the order of the module list.
const CHECKS: &[fn(&Table) -> Vec<Finding>] = &[
    date_after_period::check,
    missing_value::check,
    out_of_range::check,
    pattern_mismatch::check,
    unknown_choice::check,
    duplicate_key::check,
    growth_differs::check,
    missing_item::check,
    missing_region::check,
    month_cumulative_swapped::check,
    rule_broken::check,
    total_mismatch::check,
    variant_spelling::check,
    cumulative_decreased::check,
    key_in_two_departments::check,
    last_year_changed::check,
    last_year_unchanged::check,
    same_as_last_month::check,
    unit_factor::check,
];

/// Checks the tables of one submission; findings stand by dataset (as handed over), row, column, code.
///
/// Declared rules are evaluated with Polars: call it from a blocking thread.
#[must_use]
pub fn check(
    plan: &Plan,
    department: &DepartmentCode,
    period: Period,
    file: &str,
    observations: &[Observations],
    past: &Past,
) -> Vec<Finding> {
    let mut all = Vec::new();
    for now in observations {
        let Some(dataset) = plan.dataset(&now.dataset) else { continue };
        let earlier = |tables: &'_ [Observations]| tables.iter().position(|table| table.dataset == now.dataset);
        let table = Table {
            plan,
            dataset,
            now,
            previous: earlier(past.previous).and_then(|at| past.previous.get(at)),
            year_earlier: earlier(past.year_earlier).and_then(|at| past.year_earlier.get(at)),
            others: past.others.iter().filter(|other| other.dataset == now.dataset && other.department != *department).collect(),
            period,
            file,
        };
        let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&table)).collect();
        findings.sort_by_key(|finding| table.position(finding));
        all.extend(findings);
    }
    all
}

/// Joins what reading found with what the checks found about the same file.
///
/// A cell that reading could not understand reaches the checks as a blank one, and a row whose region it did not know as an absent
/// one: what only repeats reading's finding is left out, so that one fault is told once.
#[must_use]
pub fn join(read: Vec<Finding>, checked: Vec<Finding>) -> Vec<Finding> {
    let is_told = |finding: &Finding| {
        finding.code == FindingCode::MissingValue
            && finding.place.cell.is_some()
            && read.iter().any(|other| other.severity == Severity::Error && other.place == finding.place)
    };
    let count = |findings: &[Finding], codes: &[FindingCode], dataset: &Option<String>| {
        findings.iter().filter(|finding| codes.contains(&finding.code) && finding.dataset == *dataset).count()
    };
    let is_unknown_region = |finding: &Finding| {
        let unknown = count(&read, &[FindingCode::UnknownRegion, FindingCode::CountyForCity], &finding.dataset);
        finding.code == FindingCode::MissingRegion && count(&checked, &[FindingCode::MissingRegion], &finding.dataset) <= unknown
    };
    let kept: Vec<Finding> = checked.iter().filter(|finding| !is_told(finding) && !is_unknown_region(finding)).cloned().collect();
    read.into_iter().chain(kept).collect()
}

/// Gives each 请说明 its written explanation, by [`Finding::identity`]; an explanation of anything else is ignored.
pub fn explain(findings: &mut [Finding], explanations: &BTreeMap<String, String>) {
    for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Explain) {
        if let Some(text) = explanations.get(&finding.identity()).map(|text| text.trim()).filter(|text| !text.is_empty()) {
            finding.explanation = Some(text.to_owned());
        }
    }
}
