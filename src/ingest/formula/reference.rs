//! A1 references: one cell, an area, whole columns, on this sheet or another.

use crate::ingest::grid::Merge;

pub const ROWS_MAX: u32 = 1 << 20;
const COLUMNS_MAX: u32 = 1 << 14;

/// Cells that a formula names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// `None`: the formula's own sheet.
    pub sheet: Option<String>,
    pub area: Merge,
}

impl Reference {
    /// The same with a sheet's name, where it has none.
    #[must_use]
    pub fn on(self, sheet: &str) -> Self {
        Self { sheet: self.sheet.or_else(|| Some(sheet.to_owned())), ..self }
    }

    /// Whether it is one cell.
    #[must_use]
    pub fn is_cell(&self) -> bool {
        (self.area.top, self.area.left) == (self.area.bottom, self.area.right)
    }
}

/// `C5` or `$C$5` as row and column, counted from 0.
#[must_use]
pub fn cell(text: &str) -> Option<(u32, u32)> {
    let bare: String = text.chars().filter(|c| *c != '$').collect();
    let digits = bare.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = bare.split_at(digits);
    let row = row.parse::<u32>().ok().filter(|row| (1..=ROWS_MAX).contains(row) && !bare.ends_with('+'))?;
    Some((row - 1, column(letters)?))
}

/// `C` or `$C`, counted from 0.
#[must_use]
pub fn column(letters: &str) -> Option<u32> {
    let letters = letters.trim_start_matches('$');
    if letters.is_empty() || letters.len() > 3 || !letters.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let value = letters.to_ascii_uppercase().bytes().fold(0, |value, letter| value * 26 + u32::from(letter - b'A') + 1);
    (value <= COLUMNS_MAX).then(|| value - 1)
}

/// `A1`, `A1:F2` or `A:C`.
#[must_use]
pub fn area(text: &str) -> Option<Merge> {
    let Some((first, last)) = text.split_once(':') else {
        let (row, column) = cell(text)?;
        return Some(Merge { top: row, left: column, bottom: row, right: column });
    };
    let corners = match (cell(first), cell(last)) {
        (Some(first), Some(last)) => (first, last),
        (None, None) => ((0, column(first)?), (ROWS_MAX - 1, column(last)?)),
        _ => return None,
    };
    let ((a, b), (c, d)) = corners;
    Some(Merge { top: a.min(c), left: b.min(d), bottom: a.max(c), right: b.max(d) })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("C5", Some((4, 2)))]
    #[case("$AA$10", Some((9, 26)))]
    #[case("xfd1048576", Some((1_048_575, 16_383)))]
    #[case("XFE1", None)]
    #[case("A0", None)]
    #[case("A1048577", None)]
    #[case("A+1", None)]
    #[case("5", None)]
    #[case("地区1", None)]
    fn cells(#[case] text: &str, #[case] place: Option<(u32, u32)>) {
        assert_eq!(cell(text), place);
    }

    #[test]
    fn areas_in_any_direction() {
        let merge = |top, left, bottom, right| Some(Merge { top, left, bottom, right });
        assert_eq!(area("F2:A1"), merge(0, 0, 1, 5));
        assert_eq!(area("$B:$C"), merge(0, 1, 1_048_575, 2));
        assert_eq!((area("A1:B"), area("A1:"), area("")), (None, None, None));
    }
}
