//! Strings whose pieces look different.

/// What a person sees in a string that its letters do not tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rich {
    /// A piece of it is struck through.
    pub struck: bool,
    /// The text with its raised pieces in brackets, where there are any: `2¹` → `2（1）`.
    pub raised: Option<String>,
}
