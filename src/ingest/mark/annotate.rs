//! Comments of one worksheet: the comments part and the drawing they stand on, extended where they are there, added where not.

use std::collections::BTreeSet;

use super::comments::{self, Comment};
use super::drawing::Around;
use super::parts::{Parts, Unfit, target};
use super::relations::Relations;
use super::vml;
use super::workbook::Workbook;
use crate::model::CellRef;

/// Parts that were added and want a content type.
#[derive(Debug, Default)]
pub struct Added {
    pub comments: Vec<String>,
    pub drawings: Vec<String>,
}

/// The next block of identifiers that no drawing of the package uses.
///
/// # Errors
/// A drawing cannot be read.
pub fn next_block(parts: &mut Parts) -> usize {
    let drawings: Vec<String> = parts.names().filter(|name| name.contains("vmldrawing")).map(str::to_owned).collect();
    let texts = drawings.iter().filter_map(|name| parts.bytes(name)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let last = texts.flat_map(|text| vml::blocks(&text).collect::<Vec<_>>()).max();
    last.map_or(1, |last| last.saturating_add(1))
}

/// One worksheet that gets comments.
pub struct Page<'a> {
    pub workbook: &'a Workbook,
    /// Its part.
    pub sheet: &'a str,
    pub around: &'a Around,
}

/// Puts comments on a worksheet, but none where one is already, threaded or not, and none at all where its drawing cannot be added to.
/// Returns how many blocks of identifiers were used.
///
/// # Errors
/// A part that is not as it should be.
pub fn annotate(parts: &mut Parts, page: &Page, wanted: Vec<Comment>, block: usize, added: &mut Added) -> Result<usize, Unfit> {
    let relations = Relations::of(parts, page.sheet)?;
    let comments = relations.first("comments").map(|one| one.part.clone());
    let taken = taken(parts, &relations, comments.as_deref())?;
    let new: Vec<Comment> = wanted.into_iter().filter(|comment| !taken.contains(&comment.cell)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let cells: Vec<CellRef> = new.iter().map(|comment| comment.cell).collect();
    let used = vml::blocks_for(cells.len());
    let blocks: Vec<usize> = (block..block + used).collect();
    if let Some(id) = &page.around.drawing
        && !extended(parts, &relations, id, &cells, &blocks)
    {
        return Ok(0);
    }
    let mut wanted = Vec::new();
    if let Some(comments) = &comments {
        let text = parts.text(comments)?;
        parts.splice(comments, comments::append(&text, &new).ok_or(Unfit::Part)?);
    } else {
        let part = parts.free_name(&format!("{}comments", page.workbook.folder()), ".xml");
        wanted.push(page.relation(parts, "comments", &part));
        parts.add(part.clone(), comments::part(&page.workbook.main, &new));
        added.comments.push(part);
    }
    if page.around.drawing.is_none() {
        let part = parts.free_name(&format!("{}drawings/vmlDrawing", page.workbook.folder()), ".vml");
        wanted.push(page.relation(parts, "vmlDrawing", &part));
        parts.add(part.clone(), vml::part(&cells, &blocks));
        added.drawings.push(part);
    }
    if !wanted.is_empty() {
        let ids = relations.add(parts, &wanted);
        if let Some(id) = ids.last().filter(|_| page.around.drawing.is_none()) {
            parts.splice(page.sheet, [page.around.with_drawing(id, &page.workbook.office)]);
        }
    }
    Ok(used)
}

impl Page<'_> {
    /// A relation to a part of ours: its kind and its target as the file writes them.
    fn relation(&self, parts: &Parts, kind: &str, part: &str) -> (String, String) {
        let name = parts.name(self.sheet);
        (format!("{}/{kind}", self.workbook.office), target(&name, part, self.workbook.is_absolute()))
    }
}

/// The cells that have a comment or a thread.
fn taken(parts: &mut Parts, relations: &Relations, comments: Option<&str>) -> Result<BTreeSet<CellRef>, Unfit> {
    let mut taken = BTreeSet::new();
    for thread in relations.all.iter().filter(|one| one.kind.ends_with("/threadedComment")) {
        taken.extend(comments::threads(&parts.text(&thread.part)?).ok_or(Unfit::Part)?);
    }
    if let Some(comments) = comments {
        taken.extend(comments::commented(&parts.text(comments)?).ok_or(Unfit::Part)?);
    }
    Ok(taken)
}

/// Adds shapes to the drawing there is; whether it could be.
fn extended(parts: &mut Parts, relations: &Relations, id: &str, cells: &[CellRef], blocks: &[usize]) -> bool {
    let Some(drawing) = relations.named(id).map(|one| one.part.clone()) else { return false };
    let text = parts.bytes(&drawing).and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(splices) = text.and_then(|text| vml::append(&text, cells, blocks)) else { return false };
    parts.splice(&drawing, splices);
    true
}
