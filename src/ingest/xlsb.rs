//! Short cell records of `.xlsb` sheets, written out long before calamine reads them.
//!
//! `[MS-XLSB]` lets a cell that follows its left neighbour leave out its column (`BrtShortIsst` and kin; `SheetJS` writes them). calamine
//! steps over these records without a word, so half a sheet would be missing.

/// The first short record, `BrtShortBlank`; its long form is `BrtCellBlank`, and so on in the same order.
const SHORT_FIRST: u32 = 12;
const SHORT_LAST: u32 = 18;
const LONG_FIRST: u32 = 1;
/// The cells that begin with their column: `BrtCellBlank` to `BrtFmlaError`.
const CELL_LAST: u32 = 11;

/// A sheet part with its short records written out; `None` where there are none.
#[must_use]
pub fn long_records(sheet: &[u8]) -> Option<Vec<u8>> {
    let mut long = Vec::with_capacity(sheet.len() + sheet.len() / 2);
    let mut rest = sheet;
    let mut next_column: u32 = 0;
    let mut found = false;
    while !rest.is_empty() {
        let kind = take_number(&mut rest, 2)?;
        let length = usize::try_from(take_number(&mut rest, 4)?).ok()?;
        let (content, after) = rest.split_at_checked(length)?;
        rest = after;
        if (SHORT_FIRST..=SHORT_LAST).contains(&kind) {
            found = true;
            put_number(&mut long, kind - SHORT_FIRST + LONG_FIRST);
            put_number(&mut long, u32::try_from(length).ok()?.checked_add(4)?);
            long.extend_from_slice(&next_column.to_le_bytes());
            next_column = next_column.checked_add(1)?;
        } else {
            match content.first_chunk() {
                Some(column) if (LONG_FIRST..=CELL_LAST).contains(&kind) => next_column = u32::from_le_bytes(*column).checked_add(1)?,
                _ => next_column = 0,
            }
            put_number(&mut long, kind);
            put_number(&mut long, u32::try_from(length).ok()?);
        }
        long.extend_from_slice(content);
    }
    found.then_some(long)
}

/// Numbers stand in groups of seven bits, the lowest first.
fn take_number(bytes: &mut &[u8], groups_max: u32) -> Option<u32> {
    let mut number = 0;
    for group in 0..groups_max {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7F) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

fn put_number(to: &mut Vec<u8>, number: u32) {
    let mut rest = number;
    while rest > 0x7F {
        to.extend((rest & 0x7F | 0x80).to_le_bytes().first());
        rest >>= 7;
    }
    to.extend(rest.to_le_bytes().first());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_record_gets_the_column_after_its_neighbour() {
        let row = [0x00, 0x01, 0xAA];
        let first = [0x07, 0x0C, 3, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0];
        let short = [0x12, 0x08, 0, 0, 0, 0, 6, 0, 0, 0];
        let sheet = [&row[..], &first, &short, &short].concat();
        let long = |column: u8| [0x07, 0x0C, column, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0];
        assert_eq!(long_records(&sheet), Some([&row[..], &first, &long(4), &long(5)].concat()));
        assert_eq!(long_records(&[&row[..], &first].concat()), None);
    }

    #[test]
    fn numbers_of_several_groups_come_back() {
        for number in [0, 0x7F, 0x80, 0x0394, 300_000] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            assert_eq!(take_number(&mut bytes.as_slice(), 4), Some(number));
        }
    }
}
