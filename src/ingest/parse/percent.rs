//! Whether a number wears a percent sign: by its number format, or in its text.

use rust_decimal::Decimal;

use super::format_words::shows_percent;
use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::reading::{PercentCell, PercentMark};
use crate::model::CellRef;

/// What a person sees. A text says it itself: Excel shows it as it was typed, whatever the cell's format.
#[must_use]
pub fn percent_mark(cell: &Cell) -> PercentMark {
    match (&cell.value, cell.percent()) {
        (Value::Text(text), _) if text.contains(['%', '％']) => PercentMark::Marked,
        (Value::Number(_), Some(false)) if shows_percent(cell) => PercentMark::Marked,
        (Value::Text(_), _) | (_, Some(false)) => PercentMark::Bare,
        (_, Some(true)) => PercentMark::Marked,
        (_, None) => PercentMark::Unknown,
    }
}

/// What the checks need to know of a cell that was read as `value` percent, not yet rounded.
#[must_use]
pub fn percent_cell(grid: &Grid, column: &str, cell: &Cell, value: Decimal) -> PercentCell {
    PercentCell {
        column: column.to_owned(),
        sheet: grid.name.clone(),
        cell: CellRef::new(cell.row, cell.column),
        value,
        mark: percent_mark(cell),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;
    use crate::ingest::grid::Look;

    #[rstest]
    #[case(Value::Number(dec!(0.125)), Some(true), PercentMark::Marked)]
    #[case(Value::Number(dec!(0.125)), Some(false), PercentMark::Bare)]
    #[case(Value::Number(dec!(0.125)), None, PercentMark::Unknown)]
    #[case(Value::Text("12.5％".to_owned()), None, PercentMark::Marked)]
    #[case(Value::Text("约12.5%左右".to_owned()), Some(false), PercentMark::Marked)]
    #[case(Value::Text("0.125".to_owned()), Some(true), PercentMark::Bare)]
    fn a_cell_is_marked_by_format_or_text(#[case] value: Value, #[case] percent: Option<bool>, #[case] mark: PercentMark) {
        let look = percent.map(|percent| Look { percent, ..Look::default() });
        assert_eq!(percent_mark(&Cell { row: 0, column: 0, value, look }), mark);
    }
}
