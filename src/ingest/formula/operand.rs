//! What a formula finds in a cell, and where.

use super::exact::Exact;

/// A sheet's position, a row, a column.
pub type Spot = (usize, u32, u32);

/// What a formula finds in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand<'a> {
    Blank,
    Number(Exact),
    Text(&'a str),
}
