//! Where the pages of a measure's sheet break: at an indicator where one begins near, never inside a block below the table.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::report::edition::HEADER_ROW;
use crate::report::page::{self, Orientation};
use crate::report::table::Table;

/// What stands below the table and stays whole: its first sheet row, and the points it is high.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    pub row: u32,
    pub points: u32,
}

/// Sets the page breaks of a sheet `pixels` wide.
pub fn set(sheet: &mut Worksheet, table: &Table, tail: &[Block], pixels: u32) -> Result<(), XlsxError> {
    let room = page::room(Orientation::Landscape, pixels);
    let (header, rows) = table.heights();
    let heights: Vec<u32> = tail.iter().map(|block| block.points).collect();
    let all = page::HEAD + header + rows.iter().chain(&heights).sum::<u32>();
    // Little more than a page is better printed a little smaller.
    if all <= room * 5 / 4 {
        sheet.set_print_fit_to_pages(1, 1);
        return Ok(());
    }
    let starts: Vec<usize> = table.rows.iter().enumerate().filter(|(_, row)| row.strong).map(|(at, _)| at).collect();
    let row_of = |at: usize| match at.checked_sub(rows.len()).and_then(|nth| tail.get(nth)) {
        Some(block) => block.row,
        None => HEADER_ROW + 1 + u32::try_from(at).unwrap_or(u32::MAX / 2),
    };
    let breaks: Vec<u32> = pages(&rows, &starts, &heights, (room, page::HEAD, header)).into_iter().map(row_of).collect();
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// The table rows before which a page begins, blocks of the tail counted on from them; `paper` is a page's room, the heights of the
/// head and of the repeated header.
fn pages(rows: &[u32], starts: &[usize], tail: &[u32], (room, head, header): (u32, u32, u32)) -> Vec<usize> {
    /// A page is left this many rows short rather than broken inside an indicator; more, where few rows would follow.
    const SHORT: usize = 6;
    const SHORT_BEFORE_FEW: usize = 12;
    /// Fewer rows of an indicator do not stand alone on a page.
    const TOGETHER: usize = 4;
    let mut breaks = Vec::new();
    let (mut first, mut used) = (0, head + header);
    let height = |from: usize, to: usize| rows.get(from..to).map_or(0, |rows| rows.iter().sum::<u32>());
    for (at, row) in rows.iter().enumerate() {
        if used + row > room {
            let short = if rows.len() - at < SHORT { SHORT_BEFORE_FEW } else { SHORT };
            let start = starts.iter().rev().copied().find(|start| *start > first && *start <= at && *start + short >= at);
            first = start.unwrap_or(at);
            breaks.push(first);
            used = header + height(first, at);
        }
        used += row;
    }
    let whole: u32 = tail.iter().sum();
    if used + whole <= room {
        return breaks;
    }
    let last = starts.last().copied().unwrap_or(0);
    // Where the last indicator could begin on the page before, its later rows make room for the tail, and a page is saved.
    let inside = last + TOGETHER..=rows.len().saturating_sub(TOGETHER);
    if let Some((moved, before)) = breaks.split_last().filter(|(moved, _)| **moved == last) {
        let begins = before.last().copied().unwrap_or(0);
        let above = if before.is_empty() { head + header } else { header };
        let fits = |from: &usize| above + height(begins, *from) <= room && header + height(*from, rows.len()) + whole <= room;
        if header + height(*moved, rows.len()) + whole > room
            && let Some(from) = inside.clone().rev().find(fits)
        {
            return [before, &[from]].concat();
        }
    }
    // The last indicator moves with the tail, or as much of it as a page holds.
    let begin = (last > first).then_some(last);
    let inside = last.max(first) + TOGETHER..=rows.len().saturating_sub(TOGETHER);
    let fits = |from: &usize| header + height(*from, rows.len()) + whole <= room;
    if let Some(from) = begin.into_iter().chain(inside.rev()).find(fits) {
        breaks.push(from);
    } else if header + whole <= room {
        breaks.push(rows.len());
    } else {
        for (nth, block) in tail.iter().enumerate() {
            if used + block > room {
                breaks.push(rows.len() + nth);
                used = header;
            }
            used += block;
        }
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_with_an_indicator_where_one_begins_near_its_end() {
        // Eight rows of 10 fit a page; the second indicator begins two rows before the end.
        assert_eq!(pages(&[10; 16], &[0, 6], &[], (100, 10, 10)), [6, 15]);
        // Nothing begins near: broken where it is full.
        assert_eq!(pages(&[10; 16], &[0], &[], (100, 10, 10)), [8]);
    }

    #[test]
    fn what_stands_below_is_never_cut_and_where_it_can_be_never_alone() {
        assert_eq!(pages(&[10; 7], &[0, 4], &[20, 20], (100, 10, 10)), [4]);
        // All of the last indicator would not fit beside the tail: its last rows go along.
        assert_eq!(pages(&[10; 8], &[0], &[25, 25], (100, 10, 10)), [4]);
        assert!(pages(&[10; 4], &[0], &[20, 20], (100, 10, 10)).is_empty());
    }

    #[test]
    fn the_last_indicator_begins_on_the_page_before_where_that_saves_one() {
        // Its first four rows fill the page of the first indicator, the other four share one with the tail.
        assert_eq!(pages(&[10; 12], &[0, 4], &[25, 25], (110, 10, 10)), [8]);
    }

    #[test]
    fn a_tail_that_no_page_holds_breaks_between_its_blocks() {
        // The first block fills the page the table ends on; the next two share one.
        assert_eq!(pages(&[10; 4], &[0], &[40, 40, 50, 40], (100, 10, 10)), [5, 7]);
    }
}
