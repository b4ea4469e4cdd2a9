//! A cell's place on a sheet. It is a pair of numbers in memory; `J17` is made only where it is printed or stored.

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A cell of a sheet, counted from 0. Printed, parsed and stored as an A1 reference; ordered by row, then column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    pub row: u32,
    pub column: u32,
}

impl CellRef {
    /// The cell in that row and column, both counted from 0.
    #[must_use]
    pub fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }
}

impl From<(u32, u32)> for CellRef {
    fn from((row, column): (u32, u32)) -> Self {
        Self { row, column }
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Seven letters name every column a `u32` counts.
        let mut letters = [b'A'; 7];
        let mut used = letters.len();
        let mut rest = u64::from(self.column) + 1;
        for letter in letters.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            *letter = b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default();
            rest = (rest - 1) / 26;
            used -= 1;
        }
        let letters = letters.get(used..).and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default();
        write!(f, "{letters}{}", u64::from(self.row) + 1)
    }
}

/// A text that is no A1 reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no cell reference such as J17")]
pub struct NoCellRef(String);

impl FromStr for CellRef {
    type Err = NoCellRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| NoCellRef(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<CellRef> {
    let (letters, digits) = text.split_at(text.bytes().take_while(u8::is_ascii_uppercase).count());
    let column = letters.bytes().try_fold(0_u64, |column, letter| column.checked_mul(26)?.checked_add(u64::from(letter - b'A') + 1))?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let row: u64 = digits.parse().ok()?;
    Some(CellRef { row: u32::try_from(row.checked_sub(1)?).ok()?, column: u32::try_from(column.checked_sub(1)?).ok()? })
}

impl Serialize for CellRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CellRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reference;
        impl Visitor<'_> for Reference {
            type Value = CellRef;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a cell reference such as J17")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<CellRef, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Reference)
    }
}

/// A table's references as they are stored: rows of A1 texts, an empty one where the sheet lacks the column.
pub mod stored {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::CellRef;

    struct Stored(Option<CellRef>);

    impl Serialize for Stored {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                Some(cell) => cell.serialize(serializer),
                None => serializer.serialize_str(""),
            }
        }
    }

    impl<'de> Deserialize<'de> for Stored {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = Cow::<str>::deserialize(deserializer)?;
            if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|cell| Self(Some(cell))).map_err(serde::de::Error::custom) }
        }
    }

    /// Writes a table's references.
    pub fn serialize<S: Serializer>(rows: &[Vec<Option<CellRef>>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(rows.iter().map(|row| row.iter().map(|cell| Stored(*cell)).collect::<Vec<_>>()))
    }

    /// Reads a table's references.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<Option<CellRef>>>, D::Error> {
        let rows = Vec::<Vec<Stored>>::deserialize(deserializer)?;
        Ok(rows.into_iter().map(|row| row.into_iter().map(|cell| cell.0).collect()).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 0, "A1")]
    #[case(16, 9, "J17")]
    #[case(8, 25, "Z9")]
    #[case(9, 26, "AA10")]
    #[case(9, 701, "ZZ10")]
    #[case(9, 702, "AAA10")]
    #[case(1_048_575, 16_383, "XFD1048576")]
    #[case(0, 65_536, "CRXQ1")]
    fn places_are_named_as_excel_names_them(#[case] row: u32, #[case] column: u32, #[case] text: &str) {
        assert_eq!(CellRef::new(row, column).to_string(), text);
        assert_eq!(text.parse(), Ok(CellRef::new(row, column)));
    }

    #[rstest]
    #[case("")]
    #[case("7D")]
    #[case("D")]
    #[case("7")]
    #[case("D0")]
    #[case("d7")]
    #[case("D+7")]
    #[case("D7:D9")]
    #[case("$D$7")]
    #[case("ZZZZZZZZZZZZZZZZZZZ1")]
    #[case("A99999999999")]
    fn other_texts_are_no_cell(#[case] text: &str) {
        assert!(text.parse::<CellRef>().is_err());
    }

    proptest! {
        #[test]
        fn every_place_reads_back(row: u32, column: u32) {
            let cell = CellRef::new(row, column);
            prop_assert_eq!(cell.to_string().parse(), Ok(cell));
            prop_assert_eq!(serde_json::from_str::<CellRef>(&serde_json::to_string(&cell).unwrap()).unwrap(), cell);
        }
    }
}
