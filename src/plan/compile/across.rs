//! What only the whole of a set of files shows: that no two things share a code, that no measure is left out, and what derived
//! indicators rest on.

use std::collections::BTreeMap;

use crate::model::Unit;
use crate::plan::Calculation;
use crate::settings::suggest;

use super::codes::Seen;
use super::derived::Term;
use super::indicators;
use super::measures::Draft;
use super::scope::Scope;

/// No two datasets share a code.
pub fn datasets(scope: &Scope<'_>) {
    let mut seen = Seen::new("dataset");
    for declared in &scope.datasets {
        seen.add(&declared.place.with(declared.dataset.code.clone()));
    }
}

/// No two measures share a number, none is left out, and no two indicators or tasks share a code.
pub fn measures(scope: &Scope<'_>, drafts: &[Draft]) {
    let mut numbers = Seen::new("measure");
    let mut indicators = Seen::new("indicator");
    let mut tasks = Seen::new("task");
    for draft in drafts {
        numbers.add(&draft.number.with(draft.number.value.to_string()));
        draft.indicator_codes.iter().for_each(|code| indicators.add(code));
        draft.task_codes.iter().for_each(|code| tasks.add(code));
    }
    if scope.partial {
        return;
    }
    let mut sorted = drafts.iter().collect::<Vec<_>>();
    sorted.sort_by_key(|draft| draft.number.value);
    let mut expected = 1;
    for draft in sorted {
        let number = draft.number.value;
        if number > expected {
            let missing =
                if number == expected + 1 { format!("measure {expected}") } else { format!("measures {expected}–{}", number - 1) };
            draft.number.problem(format!("{missing} is missing before measure {number}"), "number the measures 1, 2, 3 … without a gap");
        }
        expected = number + 1;
    }
}

/// Checks all derived indicators against all indicators.
pub fn derived(scope: &Scope<'_>, drafts: &[Draft]) {
    let all = drafts.iter().flat_map(|draft| &draft.indicators).map(|draft| (draft.code.value.as_str(), draft)).collect::<BTreeMap<_, _>>();
    let declared = drafts.iter().flat_map(|draft| &draft.indicator_codes).map(|code| code.value.as_str()).collect::<Vec<_>>();
    for draft in all.values() {
        for term in &draft.terms {
            let code = term.code.value.as_str();
            match all.get(code) {
                Some(other) => check_term(draft, term, other),
                None if declared.contains(&code) || scope.partial => {}
                None => term.code.problem(format!("no indicator `{code}` is declared"), suggest::hint(code, declared.iter().copied())),
            }
        }
        if let Some(path) = cycle(draft, &all) {
            let code = draft.terms.first().map_or(&draft.code, |term| &term.code);
            code.problem(
                format!("indicator `{}` rests on itself: {path}", draft.code.value),
                "take one of them out of the other's expression",
            );
        }
    }
}

fn check_term(draft: &indicators::Draft, term: &Term, other: &indicators::Draft) {
    let (unit, own) = (&draft.indicator.unit, &other.indicator.unit);
    if !same_size(own, unit) {
        term.code.problem(
            format!("indicator `{}` is in {}, and the sum is in {}", other.code.value, own.name(), unit.name()),
            format!("give both the same unit; `{}` stands at {}", other.code.value, other.code.place()),
        );
    }
    if matches!(other.indicator.calculation, Calculation::Ratio { .. }) {
        term.code.problem(
            format!("indicator `{}` is a ratio, and ratios do not add up", other.code.value),
            "add up what the ratios are made of",
        );
    }
}

/// The way from an indicator back to itself, if there is one: `15.1 → 15.2 → 15.1`.
fn cycle(start: &indicators::Draft, all: &BTreeMap<&str, &indicators::Draft>) -> Option<String> {
    let mut seen = Vec::new();
    let mut open = vec![(start, start.code.value.clone())];
    while let Some((draft, path)) = open.pop() {
        for term in &draft.terms {
            let code = term.code.value.as_str();
            let path = format!("{path} → {code}");
            if code == start.code.value {
                return Some(path);
            }
            if let Some(next) = all.get(code).filter(|_| !seen.contains(&code)) {
                seen.push(code);
                open.push((next, path));
            }
        }
    }
    None
}

/// Whether two units measure the same in the same size, so that their numbers add up as they stand.
fn same_size(a: &Unit, b: &Unit) -> bool {
    a.convert(rust_decimal::Decimal::ONE, b) == Some(rust_decimal::Decimal::ONE)
}
