//! Our marks taken off: byte by byte where no other program has saved the workbook, else by what is known again of them.

use std::collections::BTreeMap;

use super::comments;
use super::own::{self, Own};
use super::parts::{Parts, Unfit, relations_of};
use super::record;
use super::relations::{Relations, undeclare};
use super::splice::Splice;
use super::styles::Known;
use super::vml;
use super::workbook::{Sheet, Workbook};
use super::xml::{Kind, walk};
use crate::model::CellRef;

/// So many sheets of ours are taken out: somebody may have copied it.
const SHEETS_MAX: usize = 5;

/// The package without marks of ours; `None` where it bears none.
///
/// # Errors
/// It cannot be read or changed.
pub fn off(bytes: &[u8]) -> Result<Option<Vec<u8>>, Unfit> {
    let mut now: Option<Vec<u8>> = None;
    for _ in 0..SHEETS_MAX {
        match once(now.as_deref().unwrap_or(bytes))? {
            Some(without) => now = Some(without),
            None => break,
        }
    }
    Ok(now)
}

fn once(bytes: &[u8]) -> Result<Option<Vec<u8>>, Unfit> {
    let mut parts = Parts::open(bytes)?;
    let workbook = Workbook::open(&mut parts)?;
    let found = own::find(&mut parts, &workbook)?.filter(|_| workbook.sheets.len() > 1);
    if let Some(own) = &found
        && !own.record.is_empty()
        && record::take_back(&mut parts, &own.record)
    {
        parts.drop_part(&own.part);
        return parts.written().map(Some);
    }
    let is_own = |sheet: &Sheet| found.as_ref().is_some_and(|own| own.part == sheet.part);
    let mut changes = cells(&mut parts, &workbook, found.as_ref())?;
    for sheet in workbook.sheets.iter().filter(|sheet| !is_own(sheet)) {
        changes |= annotations(&mut parts, &sheet.part)?;
    }
    if let Some(own) = found {
        workbook.take_out(&mut parts, own.place)?;
        undeclare(&mut parts, &own.part)?;
        parts.drop_part(&own.part);
        parts.drop_part(&relations_of(&own.part));
        changes = true;
    }
    if changes { parts.written().map(Some) } else { Ok(None) }
}

/// Gives cells that bear our ground their former one; whether there were any.
fn cells(parts: &mut Parts, workbook: &Workbook, own: Option<&Own>) -> Result<bool, Unfit> {
    let Some(styles) = workbook.relations.first("styles").map(|one| one.part.clone()) else { return Ok(false) };
    let known = Known::read(&parts.text(&styles)?)?;
    if known.ours.is_empty() {
        return Ok(false);
    }
    let carriers = own.map(|own| own.carriers.as_slice()).unwrap_or_default();
    let formers: BTreeMap<(&str, CellRef), usize> = carriers.iter().map(|one| ((one.sheet.as_str(), one.cell), one.former)).collect();
    let mut added = Vec::new();
    let mut changes = false;
    for sheet in workbook.sheets.iter().filter(|sheet| own.is_none_or(|own| own.part != sheet.part)) {
        let text = parts.text(&sheet.part)?;
        let mut splices = Vec::new();
        walk(&text, |tag| {
            if tag.local() != "c" || tag.kind == Kind::Close {
                return;
            }
            let Some(style) = tag.attribute("s") else { return };
            let Some(format) = style.raw.trim().parse().ok().filter(|format| known.is_ours(*format)) else { return };
            let place = tag.value("r").and_then(|place| place.parse::<CellRef>().ok());
            let former = place.and_then(|place| formers.get(&(sheet.name.as_str(), place)).copied());
            let alike = |former: &usize| known.is_same_but_ground(format, *former);
            // Rows may have moved: any former format that differs in the ground alone will do.
            let former = former.or_else(|| carriers.iter().map(|one| one.former).find(|former| alike(former)));
            let now = former.filter(|former| alike(former)).unwrap_or_else(|| known.with_ground_of(format, former, &mut added));
            splices.push(Splice::replace(style.at, now.to_string()));
        })
        .ok_or(Unfit::Part)?;
        changes |= !splices.is_empty();
        parts.splice(&sheet.part, splices);
    }
    parts.splice(&styles, known.splices(&added));
    Ok(changes)
}

/// Takes our comments off a sheet, and the shapes they stand on; whether there were any.
fn annotations(parts: &mut Parts, sheet: &str) -> Result<bool, Unfit> {
    let relations = Relations::of(parts, sheet)?;
    let Some(part) = relations.first("comments").map(|one| one.part.clone()) else { return Ok(false) };
    let (splices, places) = comments::without_ours(&parts.text(&part)?).ok_or(Unfit::Part)?;
    if splices.is_empty() {
        return Ok(false);
    }
    parts.splice(&part, splices);
    let drawings: Vec<String> = relations.all.iter().filter(|one| one.is("vmlDrawing")).map(|one| one.part.clone()).collect();
    for drawing in drawings {
        let text = parts.bytes(&drawing).and_then(|bytes| String::from_utf8(bytes).ok());
        parts.splice(&drawing, text.iter().flat_map(|text| vml::without(text, &places)));
    }
    Ok(true)
}
