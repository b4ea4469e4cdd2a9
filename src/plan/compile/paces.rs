//! `pace`: the course a target is expected to take, and the keys each kind of course needs.

use rust_decimal::Decimal;

use crate::plan::Pace;
use crate::settings::document::At;
use crate::settings::table::Table;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    Checkpoints,
    Curve,
    DueDate,
    None,
}

const KINDS: [(&str, Kind); 5] = [
    ("linear", Kind::Linear),
    ("checkpoints", Kind::Checkpoints),
    ("curve", Kind::Curve),
    ("due_date", Kind::DueDate),
    ("none", Kind::None),
];

/// Reads the pace of an indicator; a tracking one needs none.
pub fn read(indicator: &Table<'_>, tracking: bool) -> Option<Pace> {
    let written = if tracking { indicator.choice("pace", &KINDS) } else { indicator.need_choice("pace", &KINDS) };
    let checkpoints = read_checkpoints(indicator);
    let curve = indicator.exacts("curve");
    let due_month = indicator.small("due_month", 1..=12);
    let kind = match &written {
        Some(kind) => kind.value,
        None if indicator.has("pace") || !tracking => return None,
        None => Kind::None,
    };
    for (key, goes_with, word) in
        [("checkpoints", Kind::Checkpoints, "checkpoints"), ("curve", Kind::Curve, "curve"), ("due_month", Kind::DueDate, "due_date")]
    {
        // A curve without numbers is last year's own.
        if kind == goes_with && kind != Kind::Curve && !indicator.has(key) {
            let example = match goes_with {
                Kind::Checkpoints => "[{ month = 12, pct = \"100\" }]",
                _ => "6",
            };
            indicator.place_of("pace").problem(format!("pace `{word}` needs `{key}`"), format!("add `{key} = {example}`"));
        } else if kind != goes_with && indicator.has(key) {
            indicator
                .place_of(key)
                .problem(format!("`{key}` goes with `pace = \"{word}\"`"), format!("take `{key}` out, or write `pace = \"{word}\"`"));
        }
    }
    match kind {
        Kind::Linear => Some(Pace::Linear),
        Kind::None => Some(Pace::None),
        Kind::DueDate => due_month.map(|month| Pace::DueDate(month.value)),
        Kind::Curve if !indicator.has("curve") => Some(Pace::LastYear),
        Kind::Curve => check_curve(indicator, curve).map(Pace::Curve),
        Kind::Checkpoints => check_checkpoints(&indicator.place_of("checkpoints"), &checkpoints).map(Pace::Checkpoints),
    }
}

type Checkpoint = (At<u32>, At<Decimal>);

fn read_checkpoints(indicator: &Table<'_>) -> Vec<Checkpoint> {
    let mut checkpoints = Vec::new();
    for table in indicator.tables("checkpoints") {
        let (month, pct) = (table.small("month", 1..=12), table.exact("pct"));
        for (key, example) in [("month", "6"), ("pct", "\"40\"")] {
            if !table.has(key) {
                table.missing(key, example);
            }
        }
        checkpoints.extend(month.zip(pct));
        table.finish();
    }
    checkpoints
}

/// Months and percents rise, and the last is 100.
fn check_checkpoints(place: &At<()>, checkpoints: &[Checkpoint]) -> Option<Vec<(u32, Decimal)>> {
    let mut sound = true;
    for pair in checkpoints.windows(2) {
        if let [(month, pct), (next_month, next_pct)] = pair {
            if next_month.value <= month.value {
                next_month.problem(
                    format!("checkpoint month {} does not come after {}", next_month.value, month.value),
                    "list the checkpoints in order of month",
                );
                sound = false;
            }
            if next_pct.value < pct.value {
                next_pct.problem(
                    format!("checkpoint {} % lies below {} % before it", next_pct.value, pct.value),
                    "a course only rises: list rising percents",
                );
                sound = false;
            }
        }
    }
    if let Some((_, last)) = checkpoints.last()
        && last.value != Decimal::ONE_HUNDRED
    {
        last.problem(format!("the last checkpoint is {} %, not 100 %", last.value), "end with `{ month = 12, pct = \"100\" }`");
        sound = false;
    }
    if checkpoints.is_empty() && place.span != (0..0) {
        return None;
    }
    sound.then(|| checkpoints.iter().map(|(month, pct)| (month.value, pct.value)).collect())
}

/// Twelve percents that rise to 100.
fn check_curve(indicator: &Table<'_>, curve: Vec<At<Decimal>>) -> Option<Vec<Decimal>> {
    let place = indicator.place_of("curve");
    if indicator.has("curve") && curve.len() != 12 {
        place.problem(
            format!("the curve has {} months, not twelve", curve.len()),
            "write the percent reached by the end of each month, January to December",
        );
        return None;
    }
    for pair in curve.windows(2) {
        if let [before, after] = pair
            && after.value < before.value
        {
            after.problem(
                format!("the curve falls from {} to {}", before.value, after.value),
                "a course only rises: write percents to date",
            );
            return None;
        }
    }
    if let Some(last) = curve.last()
        && last.value != Decimal::ONE_HUNDRED
    {
        last.problem(format!("the curve ends at {} %, not 100 %", last.value), "December is \"100\"");
        return None;
    }
    Some(curve.into_iter().map(|pct| pct.value).collect())
}
