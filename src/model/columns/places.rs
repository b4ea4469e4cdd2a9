//! Where the cells stand. Nearly all stand in their row's line and their column's: those are told once a row and once a column, and
//! only the others one by one.

use crate::model::CellRef;

use super::bytes::{Damaged, Input, Output};

type Cells = Vec<Vec<Option<CellRef>>>;

/// Writes `cells[row][column]`.
pub fn write(out: &mut Output, cells: &Cells) {
    let width = cells.iter().map(Vec::len).max().unwrap_or_default();
    out.count(cells.len());
    out.count(width);
    // A column stands where its first cell does.
    let columns: Vec<Option<u32>> =
        (0..width).map(|at| cells.iter().find_map(|row| row.get(at).copied().flatten()).map(|cell| cell.column)).collect();
    for column in &columns {
        optional(out, *column);
    }
    let mut before = 0;
    let mut others = Vec::new();
    for (at, row) in cells.iter().enumerate() {
        // Cells that were filled down stand above their row.
        let line = row.iter().flatten().map(|cell| cell.row).max().unwrap_or(before);
        out.signed(i128::from(line) - i128::from(before));
        out.count(width - row.len());
        before = line;
        for (place, (cell, column)) in row.iter().zip(&columns).enumerate() {
            if *cell != column.map(|column| CellRef::new(line, column)) {
                others.push((at, place, *cell));
            }
        }
    }
    out.count(others.len());
    for (row, place, cell) in others {
        out.count(row);
        out.count(place);
        optional(out, cell.map(|cell| cell.row));
        optional(out, cell.map(|cell| cell.column));
    }
}

fn optional(out: &mut Output, number: Option<u32>) {
    out.number(number.map_or(0, |number| u64::from(number) + 1));
}

/// Reads them back; no more than `most` rows and columns: their values were read before.
///
/// # Errors
/// [`Damaged`].
pub fn read(from: &mut Input<'_>, most: (usize, usize)) -> Result<Cells, Damaged> {
    let (rows, width) = (from.count()?, from.count()?);
    if rows > most.0 || width > most.1 {
        return Err(Damaged("places without values"));
    }
    let mut columns: Vec<Option<u32>> = Vec::new();
    for _ in 0..width {
        columns.push(number(from)?);
    }
    let mut cells: Cells = Vec::new();
    let mut line = 0_u32;
    for _ in 0..rows {
        let step = from.signed()?;
        line = i128::from(line).checked_add(step).and_then(|line| u32::try_from(line).ok()).ok_or(Damaged("a line that is not there"))?;
        let length = width.checked_sub(from.count()?).ok_or(Damaged("a row too short"))?;
        cells.push(columns.iter().take(length).map(|column| column.map(|column| CellRef::new(line, column))).collect());
    }
    for _ in 0..from.count()? {
        let (row, place) = (from.count()?, from.count()?);
        let cell = number(from)?.zip(number(from)?).map(CellRef::from);
        *cells.get_mut(row).and_then(|row| row.get_mut(place)).ok_or(Damaged("a cell that is not there"))? = cell;
    }
    Ok(cells)
}

fn number(from: &mut Input<'_>) -> Result<Option<u32>, Damaged> {
    let number = from.number()?.checked_sub(1).map(u32::try_from).transpose();
    number.map_err(|_| Damaged("a number too large"))
}
