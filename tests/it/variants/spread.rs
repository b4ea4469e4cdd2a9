//! Changes over sheets and blocks: a list in pieces, copies, older versions, names and order of sheets.

use std::collections::BTreeSet;

use super::chance::Chance;
use super::change::Draft;
use super::sheet::{Kind, Row, Sheet, by_text};

/// The data rows of a list cut in two; `None` where it is too short.
fn halves(draft: &Draft, chance: &mut Chance) -> Option<(Vec<Row>, Vec<Row>)> {
    let sheet = &draft.sheets[0];
    // Only what lists know: rows between data and totals would change what is cut.
    let inner = sheet.at(Kind::Data);
    let whole = inner.last()? - inner.first()? + 1 == inner.len();
    if !draft.is_list() || inner.len() < 4 || !whole {
        return None;
    }
    let mut first = sheet.of(Kind::Data);
    let second = first.split_off(1 + chance.below(inner.len() - 1));
    Some((first, second))
}

/// Puts a sheet in; `None` where one of that name is there.
fn insert(draft: &mut Draft, at: usize, sheet: Sheet) -> Option<()> {
    if draft.sheets.iter().any(|other| other.name == sheet.name) {
        return None;
    }
    draft.is_spread |= !sheet.hidden;
    draft.sheets.insert(at, sheet);
    Some(())
}

/// The sheet with other data rows in the place of its own.
fn with(sheet: &Sheet, data: Vec<Row>) -> Sheet {
    let mut other = sheet.clone();
    let at = other.at(Kind::Data).first().copied().unwrap_or(other.rows.len());
    other.rows.retain(|row| row.kind != Kind::Data);
    other.rows.splice(at..at, data);
    other
}

pub fn on_two_sheets(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let (first, second) = halves(draft, chance)?;
    let mut other = with(draft.main(), second);
    other.rows.retain(|row| row.kind != Kind::Total);
    other.name = format!("{}{}", other.name, chance.of(&["（续）", "2", "（二）", " (2)", "续表"]));
    let main = with(draft.main(), first);
    insert(draft, 1, other)?;
    *draft.main() = main;
    Some(())
}

/// The second sheet has no heading of its own. Rows of the tables that no figure counts (tasks, explanations) are then nobody's.
pub fn on_a_bare_sheet(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    draft.dataset.measure?;
    let (first, second) = halves(draft, chance)?;
    let mut other = with(draft.main(), Vec::new());
    other.rows = second;
    other.name = String::from(chance.of(&["Sheet2", "续", "附表"]));
    let main = with(draft.main(), first);
    insert(draft, 1, other)?;
    *draft.main() = main;
    Some(())
}

pub fn one_sheet_a_city(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let region = draft.region()?;
    let data = draft.main().of(Kind::Data);
    let groups = by_text(&data, region);
    if !draft.is_list() || groups.len() < 2 || !draft.sheets[0].of(Kind::Total).is_empty() {
        return None;
    }
    draft.is_spread = true;
    let whole = draft.sheets.remove(0);
    for (at, (city, rows)) in groups.into_iter().enumerate() {
        let sheet = Sheet { name: city, ..with(&whole, rows) };
        draft.sheets.insert(at, sheet);
    }
    Some(())
}

pub fn blocks_below(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let (_, second) = halves(draft, chance)?;
    let sheet = draft.main();
    let at = *sheet.at(Kind::Data).last()? + 1 - second.len();
    let mut between: Vec<Row> = (0..=chance.below(3)).map(|_| Row::new(Kind::Other, Vec::new())).collect();
    if chance.flip() {
        between.extend(sheet.of(Kind::Above));
    }
    between.extend(sheet.of(Kind::Heading));
    sheet.rows.splice(at..at, between);
    Some(())
}

pub fn blocks_side_by_side(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let (mut first, second) = halves(draft, chance)?;
    if !draft.sheets[0].is_plain() || !draft.sheets[0].of(Kind::Total).is_empty() {
        return None;
    }
    let shift = draft.main().width() + chance.below(2);
    let beside = |row: &mut Row, other: &Row| {
        for (at, cell) in other.cells.iter().enumerate() {
            if let Some(cell) = cell {
                row.put(at + shift, cell.clone());
            }
        }
    };
    first.resize_with(first.len().max(second.len()), || Row::new(Kind::Data, Vec::new()));
    first.iter_mut().zip(&second).for_each(|(row, other)| beside(row, other));
    let heading = *draft.main().at(Kind::Heading).first()?;
    let own = draft.main().rows[heading].clone();
    beside(&mut draft.main().rows[heading], &own);
    *draft.main() = with(draft.main(), first);
    Some(())
}

pub fn copied(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let mut copy = draft.main().clone();
    copy.name = format!("{} (2)", copy.name);
    insert(draft, chance.below(2), copy)
}

fn older(draft: &mut Draft, chance: &mut Chance, hidden: bool) -> Option<()> {
    let mut may = draft.may?.clone();
    may.name = format!("{}{}", may.name, chance.of(&["（5月）", "(旧)", "（上月）"]));
    may.hidden = hidden;
    insert(draft, chance.below(2), may)
}

pub fn older_beside(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    older(draft, chance, false)
}

pub fn older_hidden(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    older(draft, chance, true)
}

pub fn hidden_itself(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    if draft.is_spread || draft.sheets.iter().skip(1).all(|sheet| sheet.hidden) {
        return None;
    }
    draft.main().hidden = true;
    Some(())
}

pub fn renamed(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let mut names = draft.dataset.sheets.clone();
    names.extend([format!("1.{}", draft.dataset.sheets.first()?), format!("附件1 {}", draft.dataset.sheets.first()?)]);
    let name = names.swap_remove(chance.below(names.len()));
    let taken: BTreeSet<String> = draft.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if taken.contains(&name) {
        return None;
    }
    draft.main().name = name;
    Some(())
}

pub fn reordered(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    chance.shuffle(&mut draft.sheets);
    (draft.sheets.len() > 1).then_some(())
}

pub fn blanks_before(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    draft.main().offset = (u32::try_from(chance.below(4)).unwrap(), chance.below(3));
    (draft.main().offset != (0, 0)).then_some(())
}
