//! Which candidate is whose: one main block a dataset, then the blocks that go on with it.

use super::candidates::Candidate;

/// Positions among the candidates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The main block of each dataset.
    pub main: Vec<Option<usize>>,
    /// Visible blocks with the same headings as their dataset's main block.
    pub further: Vec<usize>,
    /// Hidden blocks that would fit.
    pub hidden: Vec<usize>,
}

/// Chooses among candidates that stand with the surest first.
#[must_use]
pub fn choose(candidates: &[Candidate], datasets: usize) -> Choice {
    let mut choice = Choice { main: vec![None; datasets], ..Choice::default() };
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| candidate.visible) {
        let free = choice.main.get(candidate.dataset).is_some_and(Option::is_none);
        if free && !is_taken(candidate, candidates, &choice) && candidate.is_acceptable(candidates) {
            choice.main[candidate.dataset] = Some(at);
        }
    }
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| candidate.visible) {
        let main = choice.main.get(candidate.dataset).copied().flatten();
        let Some((main, first)) = main.and_then(|main| Some((main, candidates.get(main)?))) else { continue };
        // Rows that are said not to belong to the list are left for the account, which asks.
        let goes_on = first.complete && candidate.complete && !candidate.denied && same_headings(first, candidate);
        let is_here = candidate.sheet == first.sheet && !names_another(candidate, candidates);
        if at != main && goes_on && !is_taken(candidate, candidates, &choice) && (is_here || candidate.is_acceptable(candidates)) {
            choice.further.push(at);
        }
    }
    choice.further.sort_by_key(|at| candidates.get(*at).map(|c| (c.sheet, c.heading.top, c.left())));
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| !candidate.visible && candidate.complete) {
        let taken = choice.hidden.iter().filter_map(|at| candidates.get(*at)).any(|other| candidate.overlaps(other));
        if !taken && candidate.is_acceptable(candidates) {
            choice.hidden.push(at);
        }
    }
    choice
}

fn is_taken(candidate: &Candidate, all: &[Candidate], choice: &Choice) -> bool {
    let chosen = choice.main.iter().flatten().chain(&choice.further);
    chosen.filter_map(|at| all.get(*at)).any(|other| candidate.overlaps(other))
}

/// The same columns are there, in whatever order: what only one of them has could not be added up.
fn same_headings(a: &Candidate, b: &Candidate) -> bool {
    let bound = |c: &Candidate| c.heading.bound.iter().map(Option::is_some).collect::<Vec<_>>();
    bound(a) == bound(b) && a.across.is_some() == b.across.is_some()
}

/// Another dataset's title stands right above the place, and not this one's.
fn names_another(candidate: &Candidate, all: &[Candidate]) -> bool {
    all.iter().any(|other| other.dataset != candidate.dataset && candidate.overlaps(other) && other.titled < candidate.titled)
}
