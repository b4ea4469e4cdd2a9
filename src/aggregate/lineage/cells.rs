//! A1 references, set down as short as they go: `D7:D17`, `D7,D9`, `D7:N7`.

use crate::model::CellRef;

/// Ranges one reference may name before it is widened to the block around all of them.
const RANGES_MAX: usize = 256;

/// The references joined into ranges: down the columns, or along the rows where the cells stand side by side.
/// Very scattered cells are named by the block around them; the number of rows says how many of its rows were read.
pub fn compressed(references: impl Iterator<Item = CellRef>) -> String {
    let mut ordered: Vec<(u32, u32)> = references.map(|cell| (cell.row, cell.column)).collect();
    ordered.sort_unstable();
    ordered.dedup();
    let mut rows: Vec<u32> = ordered.iter().map(|(row, _)| *row).collect();
    rows.dedup();
    let mut columns: Vec<u32> = ordered.iter().map(|(_, column)| *column).collect();
    columns.sort_unstable();
    columns.dedup();
    let across = rows.len() < columns.len();
    let mut ranges: Vec<Range> = Vec::new();
    if !across {
        ordered.sort_unstable_by_key(|(row, column)| (*column, *row));
    }
    for (row, column) in ordered {
        match ranges.last_mut() {
            Some((first, _, last, to)) if across && *first == row && *to + 1 == column && *last == row => *to = column,
            Some((_, from, last, to)) if !across && *from == column && *to == column && *last + 1 == row => *last = row,
            _ => ranges.push((row, column, row, column)),
        }
    }
    let mut ranges = if across { ranges } else { side_by_side(ranges) };
    if ranges.len() > RANGES_MAX {
        let bounds = (rows.first(), columns.first(), rows.last(), columns.last());
        if let (Some(top), Some(left), Some(bottom), Some(right)) = bounds {
            ranges = vec![(*top, *left, *bottom, *right)];
        }
    }
    let text = |(first, from, last, to)| {
        let (from, to) = (CellRef::new(first, from), CellRef::new(last, to));
        if from == to { from.to_string() } else { format!("{from}:{to}") }
    };
    ranges.into_iter().map(text).collect::<Vec<_>>().join(",")
}

/// First row, first column, last row, last column.
type Range = (u32, u32, u32, u32);

/// The ranges of neighbouring columns that cover the same rows, joined into blocks.
fn side_by_side(ranges: Vec<Range>) -> Vec<Range> {
    let mut blocks: Vec<Range> = Vec::new();
    for (first, from, last, to) in ranges {
        match blocks.iter_mut().find(|(top, _, bottom, right)| (*top, *bottom) == (first, last) && *right + 1 == from) {
            Some(block) => block.3 = to,
            None => blocks.push((first, from, last, to)),
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["D7"], "D7")]
    #[case(&["D9", "D7", "D8"], "D7:D9")]
    #[case(&["D7", "D9"], "D7,D9")]
    #[case(&["D7", "E7", "F7", "H7"], "D7:F7,H7")]
    #[case(&["C7", "D7", "C8", "D8"], "C7:D8")]
    #[case(&["C7", "D7", "C8", "D8", "C11", "D11"], "C7:D8,C11:D11")]
    #[case(&["C7", "D7", "C8", "D8", "C9"], "C7:C9,D7:D8")]
    #[case(&["AA10", "Z10", "Z11", "AA11", "AB10"], "Z10:AB10,Z11:AA11")]
    #[case(&[], "")]
    fn references_are_joined(#[case] cells: &[&str], #[case] expected: &str) {
        assert_eq!(compressed(cells.iter().map(|cell| cell.parse().unwrap())), expected);
    }

    #[test]
    fn scattered_cells_are_named_by_the_block_around_them() {
        assert_eq!(compressed((1..600).map(|row| CellRef::new(row * 2 - 1, 3))), "D2:D1198");
    }
}
