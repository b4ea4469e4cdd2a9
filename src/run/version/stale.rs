//! Stale periods: those whose newest version was drawn from other submissions than stand now.
//!
//! Computed, never stored: a version records what it was drawn from. A version that another plan or other settings would draw
//! differently is not stale; it is replaced when its period is run.

use std::collections::BTreeSet;

use super::inputs;
use crate::ledger::Leaned;
use crate::model::Period;
use crate::run::intake::sources;
use crate::run::kit::{Desk, Progress, RunError};

/// A period that is stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    pub period: Period,
    pub version: u32,
    /// The periods whose submissions differ, oldest first; its own among them, or only earlier ones it leans on.
    pub changed: Vec<Period>,
}

/// All stale periods, oldest first.
pub fn list(desk: &Desk) -> Result<Vec<Stale>, RunError> {
    let periods = desk.ledger.periods()?;
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Ok(Vec::new()) };
    let standing = standing(desk, *first, *last)?;
    let mut all = Vec::new();
    for period in periods {
        all.extend(stale(desk, period, &standing)?);
    }
    Ok(all)
}

/// How one period is stale; `None` where it is not, or has no version.
pub fn of(desk: &Desk, period: Period) -> Result<Option<Stale>, RunError> {
    stale(desk, period, &standing(desk, period, period)?)
}

/// What stands now for all months that the periods `first..=last` lean on.
pub fn standing(desk: &Desk, first: Period, last: Period) -> Result<Leaned, RunError> {
    let stands = desk.ledger.stands(None, inputs::leans_from(first)..=last)?;
    Ok(Leaned::of(stands.iter().map(|one| &one.input)))
}

fn stale(desk: &Desk, period: Period, standing: &Leaned) -> Result<Option<Stale>, RunError> {
    let Some(drawn) = desk.ledger.drawn(period)? else { return Ok(None) };
    let changed = changed(period, &drawn.leaned, standing);
    Ok((!changed.is_empty()).then(|| Stale { period, version: drawn.version, changed: changed.into_iter().collect() }))
}

/// Receives what the sources hold, then lists what is stale.
pub fn list_anew(desk: &mut Desk, progress: &dyn Progress) -> Result<Vec<Stale>, RunError> {
    progress.stage("receive");
    sources::asked(desk, true, progress)?;
    list(desk)
}

/// The later periods whose newest version was drawn from other submissions for `period` than stand now, oldest first.
pub fn leaning_on(desk: &Desk, period: Period) -> Result<Vec<Period>, RunError> {
    let leaning = list(desk)?.into_iter().filter(|stale| stale.period > period && stale.changed.contains(&period));
    Ok(leaning.map(|stale| stale.period).collect())
}

/// The periods for which what stands differs from what a version of `period` was drawn from; names of files mean nothing.
pub fn changed(period: Period, drawn: &Leaned, standing: &Leaned) -> BTreeSet<Period> {
    drawn.differing(&standing.within(inputs::leans_from(period), period))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Input;
    use crate::model::{ContentHash, DepartmentCode};

    fn input(period: &str, dataset: &str, bytes: &str) -> Input {
        Input {
            period: period.parse().unwrap(),
            department: DepartmentCode("jxt".to_owned()),
            dataset: dataset.to_owned(),
            file: format!("{period}.xlsx"),
            hash: ContentHash::of(bytes.as_bytes()),
        }
    }

    fn told(period: &str, drawn: &[Input], standing: &[Input]) -> Vec<String> {
        changed(period.parse().unwrap(), &Leaned::of(drawn), &Leaned::of(standing)).into_iter().map(|period| period.to_string()).collect()
    }

    #[test]
    fn a_correction_a_late_file_and_a_withdrawal_of_any_month_it_leans_on_count() {
        let drawn = [input("2021-04", "a", "1"), input("2022-03", "a", "2"), input("2022-04", "a", "3")];
        assert!(told("2022-04", &drawn, &drawn).is_empty());
        let standing = [input("2022-03", "a", "corrected"), input("2022-03", "b", "late"), input("2022-04", "a", "3")];
        assert_eq!(told("2022-04", &drawn, &standing), ["2021-04", "2022-03"]);
    }

    #[test]
    fn later_months_earlier_years_and_new_names_do_not_count() {
        let drawn = [input("2022-04", "a", "3")];
        let mut renamed = input("2022-04", "a", "3");
        renamed.file = "另名.xlsx".to_owned();
        let standing = [input("2020-12", "a", "old"), renamed, input("2022-05", "a", "next")];
        assert!(told("2022-04", &drawn, &standing).is_empty());
    }
}
