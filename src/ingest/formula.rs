//! Formulas: what saved values should be by the formulas beside them, as far as these are simple.
//!
//! ```text
//! text ─ token ─ parse ─▶ tree ─ evaluate (over the workbook's grids, exact decimals) ─▶ told by `computed`
//! ```
//!
//! Computed are `+ − × ÷`, per cent, SUM, SUMIF, ROUND and SUBTOTAL over references of the same workbook. Everything else is unknown,
//! and nothing here can fail but by not knowing. Computing is bounded in depth and in cells looked at.

pub mod exact;
pub mod reference;
pub mod token;
pub mod listed;
pub mod parse;
pub mod operand;
pub mod functions;
pub mod evaluate;
