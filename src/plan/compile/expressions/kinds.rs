//! What a part of an expression is: a number with its unit, a text with its choices, a date, a flag, a condition.

use crate::model::Unit;
use crate::plan::{ColumnSpec, ColumnType};

/// The kind of a part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It reads a column that has a problem of its own.
    Unknown,
    Null,
    Number(Number),
    Text(Text),
    Date,
    Flag,
    /// A comparison, or several joined.
    Truth,
}

/// A number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub integer: bool,
    pub unit: Option<Unit>,
    /// Written out; it takes the unit of what it stands beside.
    pub literal: bool,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    Free,
    /// One of a column's choices.
    Choice(Vec<String>),
    /// A region's code.
    Region,
    Literal(String),
}

impl Kind {
    /// The kind of a column's values.
    pub fn of(column: &ColumnSpec) -> Self {
        match column.kind {
            ColumnType::Text => Self::Text(Text::Free),
            ColumnType::Choice => Self::Text(Text::Choice(column.choices.clone())),
            ColumnType::Region => Self::Text(Text::Region),
            ColumnType::Integer => Self::Number(Number { integer: true, unit: column.unit.clone(), literal: false }),
            ColumnType::Decimal => Self::Number(Number { integer: false, unit: column.unit.clone(), literal: false }),
            ColumnType::Date => Self::Date,
            ColumnType::Flag => Self::Flag,
        }
    }

    /// A bare count.
    pub fn count() -> Self {
        Self::Number(Number { integer: true, unit: None, literal: false })
    }

    /// What it is, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Null => "NULL",
            Self::Number(_) => "a number",
            Self::Text(Text::Region) => "a region",
            Self::Text(_) => "a text",
            Self::Date => "a date",
            Self::Flag => "a flag",
            Self::Truth => "a condition",
        }
    }
}
