//! What reading found and what the checks found about the same file, put together: one fault is told once.

use std::collections::HashSet;

use crate::ingest::title;
use crate::model::{CellRef, Finding, FindingCode, Severity};
use crate::plan::Plan;

/// Joins what reading found with what the checks found about the same file.
///
/// A cell that reading could not understand reaches the checks as a blank one, and a row whose region it did not know as an absent
/// one: what only repeats reading's finding is left out, so that one fault is told once.
#[must_use]
pub fn join(plan: &Plan, mut read: Vec<Finding>, checked: &[Finding]) -> Vec<Finding> {
    let checked = without_another_month(&mut read, checked);
    // A fraction that may be a percentage is not told to be rounded besides.
    let unclear: HashSet<_> =
        checked.iter().filter(|one| one.code == FindingCode::PercentUnclear).map(|one| (one.dataset.clone(), one.column.clone())).collect();
    read.retain(|one| one.code != FindingCode::Rounded || !unclear.contains(&(one.dataset.clone(), one.column.clone())));
    let errors: HashSet<Spot> = read.iter().filter(|one| one.severity == Severity::Error).filter_map(spot).collect();
    let kept = checked.iter().filter(|finding| !repeats(plan, finding, (&read, &errors), &checked));
    let kept: Vec<Finding> = kept.map(|finding| by_its_unit(finding, &read)).collect();
    read.into_iter().chain(kept).collect()
}

/// A column whose sheet names a unit that is not the form's, and which is a power of ten away: that unit is what is in doubt, and
/// not some unit that nobody wrote.
fn by_its_unit(finding: &Finding, read: &[Finding]) -> Finding {
    let same = |one: &&Finding| one.code == FindingCode::UnitOverride && one.dataset == finding.dataset && one.column == finding.column;
    let converted = read.iter().find(same).filter(|_| finding.code == FindingCode::UnitFactor && finding.row_key.is_none());
    let unit = converted.and_then(|one| Some((one.found.as_ref()?, one.expected.as_ref()?)));
    let parts = finding.message.split_once("疑似单位").and_then(|(before, rest)| Some((before, rest.split_once('（')?.1)));
    let (Some((written, own)), Some((before, after))) = (unit, parts) else { return finding.clone() };
    let message = format!("{before}疑似表上单位“{written}”写错（按其换算为{own}后{after}");
    Finding { message, ..finding.clone() }
}

/// What was checked, without what another month's table brings with it; its title then must be mended where that must.
fn without_another_month(read: &mut [Finding], checked: &[Finding]) -> Vec<Finding> {
    use FindingCode::{CumulativeDecreased, DateAfterPeriod, ListShrank, MonthDiffers, MonthJumps, MonthOfTitle, SameAsLastMonth};
    let titles: Vec<Option<String>> = read.iter().filter(|one| one.code == MonthOfTitle).map(|one| one.dataset.clone()).collect();
    let (follows, rest): (Vec<&Finding>, Vec<&Finding>) = checked.iter().partition(|one| {
        matches!(one.code, CumulativeDecreased | DateAfterPeriod | ListShrank | MonthDiffers | MonthJumps | SameAsLastMonth)
            && titles.iter().any(|dataset| dataset.is_none() || one.dataset.is_none() || *dataset == one.dataset)
    });
    for one in follows.iter().filter(|one| one.severity == Severity::Error) {
        let titles =
            read.iter_mut().filter(|title| title.code == MonthOfTitle && (title.dataset.is_none() || title.dataset == one.dataset));
        titles.for_each(|title| *title = title::must(title.clone()));
    }
    rest.into_iter().cloned().collect()
}

/// A sheet and a cell of it.
type Spot<'a> = (Option<&'a str>, CellRef);

fn spot(finding: &Finding) -> Option<Spot<'_>> {
    Some((finding.place.sheet.as_deref(), finding.place.cell?))
}

fn repeats(plan: &Plan, finding: &Finding, (read, errors): (&[Finding], &HashSet<Spot>), checked: &[Finding]) -> bool {
    match (finding.code, finding.severity) {
        (FindingCode::MissingValue | FindingCode::RuleBroken | FindingCode::OutOfScope, _) => {
            spot(finding).is_some_and(|own| errors.contains(&own))
        }
        // The formula of a total says already that its value is another one.
        (FindingCode::TotalMismatch | FindingCode::TotalBelowParts, _) => {
            let differs = |one: &&Finding| one.code == FindingCode::FormulaDiffers;
            spot(finding).is_some_and(|own| read.iter().filter(differs).any(|one| spot(one) == Some(own)))
        }
        // A row that is blank only because its one cell could not be read.
        (FindingCode::MissingRegion, Severity::Explain) => {
            let across = finding.dataset.as_ref().and_then(|code| plan.dataset(code)).is_some_and(|dataset| dataset.regions_across);
            let alike = |(sheet, own): Spot, (other, cell): &Spot| {
                sheet == *other && if across { cell.column == own.column } else { cell.row == own.row }
            };
            spot(finding).is_some_and(|own| errors.iter().any(|error| alike(own, error)))
        }
        (FindingCode::MissingRegion, _) => {
            let count = |findings: &[Finding], codes: &[FindingCode]| {
                let same =
                    |other: &&Finding| codes.contains(&other.code) && other.severity == Severity::Error && other.dataset == finding.dataset;
                findings.iter().filter(same).count()
            };
            count(checked, &[FindingCode::MissingRegion]) <= count(read, &[FindingCode::UnknownRegion, FindingCode::CountyForCity])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::{Past, sample};
    use crate::model::{Observations, Place};

    fn of_reading(code: FindingCode, cell: &str) -> Finding {
        let place = Place { file: "表.xlsx".to_owned(), sheet: Some("表".to_owned()), cell: Some(cell.parse().unwrap()) };
        Finding { dataset: Some("investment".to_owned()), ..Finding::new(code, place, "") }
    }

    fn joined(read: Vec<Finding>, now: &Observations) -> Vec<(FindingCode, Option<String>)> {
        let dataset = sample::matrix();
        let checked = sample::findings(&dataset, now, &Past::default());
        let all = join(&sample::plan(&dataset), read, &checked);
        all.into_iter().map(|finding| (finding.code, finding.place.cell.map(|cell| cell.to_string()))).collect()
    }

    #[test]
    fn one_fault_is_told_once() {
        let dataset = sample::matrix();
        let blank = sample::table(&dataset, &[&["330100", "60", "", "240"], &["330200", "", "", ""], &["330300", "40", "120.25", "110"]]);
        let unreadable = vec![of_reading(FindingCode::UnreadableNumber, "C5"), of_reading(FindingCode::UnreadableNumber, "C6")];
        assert_eq!(joined(unreadable.clone(), &blank).len(), 2, "nothing is added to what reading found");
        // Without reading's findings both are ours, and a note of reading's takes nothing away.
        assert_eq!(joined(vec![], &blank).len(), 2);
        assert_eq!(joined(vec![of_reading(FindingCode::Coercion, "C5")], &blank).len(), 3);
    }

    #[test]
    fn an_unknown_region_excuses_one_missing_city_only() {
        let dataset = sample::matrix();
        let one = sample::table(&dataset, &[&["330100", "", "262", ""], &["", "", "250.50", ""], &["330300", "", "120.25", ""]]);
        let read = vec![of_reading(FindingCode::CountyForCity, "A6")];
        assert_eq!(joined(read.clone(), &one), [(FindingCode::CountyForCity, Some("A6".to_owned()))]);
        let two = sample::table(&dataset, &[&["330100", "", "262", ""], &["", "", "250.50", ""]]);
        let codes: Vec<FindingCode> = joined(read, &two).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [FindingCode::CountyForCity, FindingCode::MissingRegion, FindingCode::MissingRegion]);
    }
}
