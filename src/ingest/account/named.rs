//! How findings of the account name their dataset, and the rows and cells they are about.

use crate::model::Finding;
use crate::plan::Dataset;

/// Areas and rows named one by one in a message.
const NAMED_MAX: usize = 6;

/// A finding about a dataset.
pub fn of(dataset: &Dataset, finding: Finding) -> Finding {
    Finding { dataset: Some(dataset.code.clone()), ..finding }
}

pub fn named(all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    let rest = all.len().saturating_sub(NAMED_MAX);
    let some = all.into_iter().take(NAMED_MAX).collect::<Vec<_>>().join("、");
    if rest > 0 { format!("{some}等{}处", rest + NAMED_MAX) } else { some }
}

/// `第5、7—9行`, from rows counted from 0.
pub fn rows_named(rows: impl Iterator<Item = u32>) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some((_, last)) if row == *last || row == *last + 1 => *last = row,
            _ => spans.push((row, row)),
        }
    }
    let span = |(first, last): (u32, u32)| if first == last { format!("{}", first + 1) } else { format!("{}—{}", first + 1, last + 1) };
    format!("第{}行", named(spans.into_iter().map(span)))
}
