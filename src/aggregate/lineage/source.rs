//! What was read of one file, as it is set down.

use crate::model::{Accepted, CellRef, SourceItem, SourceRef};

use super::cells;

/// Cells of one sheet as they are set down.
pub fn sourced(accepted: &Accepted, item: SourceItem, cells: &[(usize, usize)], beyond: &[CellRef], rows: u32) -> SourceRef {
    let observations = &accepted.observations;
    let references = cells.iter().filter_map(|(row, column)| observations.cells.get(*row)?.get(*column).copied().flatten());
    SourceRef {
        item,
        department: observations.department.clone(),
        file: accepted.file.clone(),
        hash: accepted.hash.clone(),
        sheet: observations.sheet.clone(),
        cells: cells::compressed(references.chain(beyond.iter().copied())),
        rows,
        received_at: accepted.received_at,
    }
}
