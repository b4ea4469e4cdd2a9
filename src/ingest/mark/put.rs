//! Marks and list put into a package.

use std::collections::{BTreeMap, BTreeSet};

use super::annotate::{Added, Page, annotate, next_block};
use super::cells::Cells;
use super::comments::Comment;
use super::drawing::Around;
use super::list::{self, Carrier, Hidden};
use super::looks::{FORMATS, Looks};
use super::parts::{Parts, Unfit, target};
use super::record;
use super::relations::{Typed, declare, declared};
use super::styles::{self, Styles};
use super::wanted::{SPOTS_MAX, Spot, Wanted};
use super::workbook::Workbook;
use crate::model::{CellRef, Severity};

/// What one worksheet is to bear.
struct Sheet {
    name: String,
    part: String,
    around: Around,
    cells: Cells,
    spots: BTreeMap<CellRef, (Severity, String)>,
}

/// The package with its marks and our sheet before all others; `alone` where there is nothing but our sheet in it.
///
/// # Errors
/// Why it cannot be marked.
pub fn put(bytes: &[u8], wanted: &Wanted, alone: bool) -> Result<Vec<u8>, Unfit> {
    let mut parts = Parts::open(bytes)?;
    let workbook = Workbook::open(&mut parts)?;
    let sheets = sheets(&mut parts, &workbook, &wanted.spots)?;
    let mut relations = Vec::new();
    let mut added = Added::default();
    let (mut styles, styles_part) = open_styles(&mut parts, &workbook, &mut relations)?;
    let formers: BTreeSet<(usize, Severity)> = sheets
        .iter()
        .flat_map(|sheet| sheet.cells.former().filter_map(|(cell, former)| Some((former, sheet.spots.get(&cell)?.0))))
        .collect();
    let fits = styles.has_room_for(formers.len() + FORMATS);
    let looks = if fits { Looks::add(&mut styles) } else { Looks::default() };

    let mut hidden = Hidden::default();
    let mut block = next_block(&mut parts);
    for sheet in sheets {
        if fits {
            hidden.carriers.extend(fill(&mut parts, &sheet, &mut styles, looks));
        }
        let Sheet { part, around, spots, .. } = sheet;
        let comments = spots.into_iter().map(|(cell, (_, text))| Comment { cell, text }).collect();
        let page = Page { workbook: &workbook, sheet: &part, around: &around };
        block += annotate(&mut parts, &page, comments, block, &mut added)?;
    }
    write_styles(&mut parts, &styles_part, &styles);
    let own = parts.free_name(&format!("{}worksheets/sheet", workbook.folder()), ".xml");
    relations.push((format!("{}/worksheet", workbook.office), target(&workbook.name, &own, workbook.is_absolute())));
    let ids = workbook.relations.add(&mut parts, &relations);
    workbook.put_first(&mut parts, ids.last().map_or("", String::as_str))?;
    let new_styles = matches!(styles_part, StylesPart::New(..)).then(|| styles_part.name().to_owned());
    declare_added(&mut parts, &own, new_styles.as_deref(), &added)?;
    hidden.record = record::written(&parts.settle()?);
    parts.add(own, list::part(&workbook.main, &looks, &wanted.list, &hidden, alone));
    parts.written()
}

/// The worksheets that bear marks; every other tab is let go.
fn sheets(parts: &mut Parts, workbook: &Workbook, spots: &[Spot]) -> Result<Vec<Sheet>, Unfit> {
    let mut by_sheet: BTreeMap<&str, BTreeMap<CellRef, (Severity, String)>> = BTreeMap::new();
    for spot in spots {
        let own = by_sheet.entry(&spot.sheet).or_default();
        if own.len() >= SPOTS_MAX && !own.contains_key(&spot.cell) {
            continue;
        }
        own.entry(spot.cell)
            .and_modify(|(severity, text)| {
                *severity = (*severity).min(spot.severity);
                text.push_str("\n\n");
                text.push_str(&spot.text);
            })
            .or_insert_with(|| (spot.severity, spot.text.clone()));
    }
    let mut found = Vec::new();
    for sheet in &workbook.sheets {
        let text = parts.text(&sheet.part)?;
        let is_worksheet = workbook.relations.named(&sheet.relation).is_some_and(|one| one.is("worksheet"));
        let spots = by_sheet.remove(sheet.name.as_str()).filter(|_| is_worksheet);
        if spots.is_none() && !text.contains("tabSelected") {
            continue;
        }
        let around = Around::read(&text).ok_or(Unfit::Part)?;
        parts.splice(&sheet.part, around.unchosen());
        let Some(spots) = spots else { continue };
        let cells = Cells::find(&text, &spots.keys().copied().collect()).ok_or(Unfit::Part)?;
        found.push(Sheet { name: sheet.name.clone(), part: sheet.part.clone(), around, cells, spots });
    }
    Ok(found)
}

/// Gives the marked cells their ground; what they had before.
fn fill(parts: &mut Parts, sheet: &Sheet, styles: &mut Styles, looks: Looks) -> Vec<Carrier> {
    let mut formats = BTreeMap::new();
    let mut carriers = Vec::new();
    for (cell, former) in sheet.cells.former() {
        let Some((severity, _)) = sheet.spots.get(&cell) else { continue };
        let fill = if *severity == Severity::Error { looks.error_fill } else { looks.explain_fill };
        formats.insert(cell, styles.filled(former, fill));
        carriers.push(Carrier { sheet: sheet.name.clone(), cell, former });
    }
    parts.splice(&sheet.part, sheet.cells.splices(&formats));
    carriers
}

/// The styles part, or the name it gets where there is none.
enum StylesPart {
    Is(String),
    New(String, String),
}

impl StylesPart {
    fn name(&self) -> &str {
        match self {
            Self::Is(name) | Self::New(name, _) => name,
        }
    }
}

fn open_styles(parts: &mut Parts, workbook: &Workbook, relations: &mut Vec<(String, String)>) -> Result<(Styles, StylesPart), Unfit> {
    if let Some(part) = workbook.relations.first("styles").map(|one| one.part.clone()) {
        return Ok((Styles::read(&parts.text(&part)?)?, StylesPart::Is(part)));
    }
    // Some programs look for it by this very name.
    let usual = format!("{}styles.xml", workbook.folder());
    let name = if parts.has(&usual) { parts.free_name(&format!("{}styles", workbook.folder()), ".xml") } else { usual };
    relations.push((format!("{}/styles", workbook.office), target(&workbook.name, &name, workbook.is_absolute())));
    let text = styles::least(&workbook.main);
    Ok((Styles::read(&text)?, StylesPart::New(name, text)))
}

fn write_styles(parts: &mut Parts, part: &StylesPart, styles: &Styles) {
    match part {
        StylesPart::Is(name) => parts.splice(name, styles.splices()),
        StylesPart::New(name, text) => {
            let written = super::splice::apply(text, styles.splices()).map(|(text, _)| text);
            parts.add(name.clone(), written.unwrap_or_default());
        }
    }
}

const WORKSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const STYLES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const DRAWING: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

fn declare_added(parts: &mut Parts, own: &str, styles: Option<&str>, added: &Added) -> Result<(), Unfit> {
    let known = declared(parts)?;
    let mut new = vec![Typed::Part(own, WORKSHEET)];
    new.extend(styles.map(|name| Typed::Part(name, STYLES)));
    new.extend(added.comments.iter().map(|name| Typed::Part(name, COMMENTS)));
    match known.iter().find(|(end, _)| end == "vml") {
        Some((_, kind)) if kind.eq_ignore_ascii_case(DRAWING) => {}
        Some(_) => new.extend(added.drawings.iter().map(|name| Typed::Part(name, DRAWING))),
        None if added.drawings.is_empty() => {}
        None => new.push(Typed::End("vml", DRAWING)),
    }
    declare(parts, &new)
}
