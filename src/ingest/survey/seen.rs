//! What one look at a file told, and what the grids are told of it.

use std::collections::BTreeMap;

use super::sheet_part::SheetPart;
use super::workbook_part::{Properties, Relations, Workbook};
use crate::ingest::formula::listed::listed;
use crate::ingest::formula::reference::Reference;
use crate::ingest::grid::{Grid, Merge};
use crate::ingest::rich::Rich;

/// What one look at a file told.
#[derive(Debug, Default)]
pub struct Survey {
    /// The file in the form calamine reads.
    pub bytes: Vec<u8>,
    /// A text around the sheets bears a secrecy mark.
    pub marked: bool,
    pub(super) workbook: Workbook,
    pub(super) relations: Relations,
    /// `None` where there is no such part.
    pub(super) properties: Option<Properties>,
    /// The workbook part's folder, with its `/`.
    pub(super) folder: String,
    /// By part name in lower case.
    pub(super) parts: BTreeMap<String, SheetPart>,
    /// Strings of which a piece looks different.
    pub(super) rich: BTreeMap<String, Rich>,
}

impl Survey {
    /// Whether formulas may have been saved with a 0 that nobody computed: the workbook asks to be computed when it is opened, or
    /// its writer is no spreadsheet program.
    #[must_use]
    pub fn saves_placeholders(&self) -> bool {
        self.workbook.full_calc_on_load || self.properties.as_ref().is_none_or(|properties| !properties.is_of_a_spreadsheet_program())
    }

    /// Adds to the grids of an `.xlsx` what calamine did not tell of them.
    pub fn complete(&mut self, grids: &mut [Grid]) {
        let mut lists: Vec<Reference> = Vec::new();
        for grid in grids.iter_mut() {
            let Some(part) = self.part_of(&grid.name).and_then(|name| self.parts.remove(&name)) else { continue };
            for text in &part.lists {
                lists.extend(listed(text, &self.workbook.names).into_iter().map(|area| area.on(&grid.name)));
            }
            grid.enrich(&self.rich);
            grid.hidden_rows = part.hidden_rows;
            grid.formulas = part.formulas;
            grid.merges = Some(part.merges);
        }
        for grid in grids {
            let own = lists.iter().filter(|area| area.sheet.as_deref().is_some_and(|sheet| sheet.eq_ignore_ascii_case(&grid.name)));
            let areas: Vec<Merge> = own.map(|reference| reference.area).collect();
            grid.listed = areas;
        }
    }

    /// The part that holds a sheet.
    fn part_of(&self, sheet: &str) -> Option<String> {
        let relation = self.workbook.sheets.iter().find(|(name, _)| name == sheet).map(|(_, relation)| relation)?;
        let target = self.relations.0.get(relation)?;
        Some(resolved(&self.folder, target))
    }
}

/// A part's name from a relation's target, in lower case.
pub fn resolved(folder: &str, target: &str) -> String {
    let whole = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/").to_lowercase()
}
