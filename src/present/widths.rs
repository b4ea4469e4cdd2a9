//! Display widths: a Chinese character is two columns wide, and so is full-width punctuation.
//!
//! The workbook library's own autofit counts it as one.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of one digit's width that `text` takes; of several lines the longest counts.
#[must_use]
pub fn display(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width_cjk).max().unwrap_or(0)
}

/// A column's width for `texts`, padded and held between `min` and `max`.
#[must_use]
pub fn column<'a>(texts: impl IntoIterator<Item = &'a str>, min: usize, max: usize) -> usize {
    const PADDING: usize = 2;
    texts.into_iter().map(|text| display(text) + PADDING).max().unwrap_or(min).clamp(min, max.max(min))
}

/// A column is so many of these per digit of its width, a little less than it is, since fonts differ.
const UNITS_PER_DIGIT: usize = 205;

/// The lines `text` takes in a column `width` digits wide when it is printed `size` points high.
///
/// Lines break between Chinese characters, never inside a number or a Latin word, and punctuation stays with its word.
#[must_use]
pub fn lines(text: &str, width: usize, size: usize) -> usize {
    let room = width.max(2) * UNITS_PER_DIGIT;
    text.lines().map(|line| wrapped(line, room, size)).sum::<usize>().max(1)
}

/// The points `lines` of text `size` points high take, one above the other.
#[must_use]
pub fn height(lines: usize, size: usize) -> usize {
    (lines * size * 29).div_ceil(20)
}

/// The lines of one paragraph in `room` units.
fn wrapped(paragraph: &str, room: usize, size: usize) -> usize {
    let mut lines = 1;
    let (mut used, mut piece) = (0, 0);
    let mut place = |piece: usize| {
        if used > 0 && used + piece > room {
            lines += 1;
            used = 0;
        }
        used += piece;
        while used > room {
            lines += 1;
            used -= room;
        }
    };
    let mut before = None;
    for c in paragraph.chars() {
        if before.is_some_and(|before| breaks(before, c)) {
            place(std::mem::take(&mut piece));
        }
        piece += if is_wide(c) { 40 * size } else { 24 * size };
        before = Some(c);
    }
    place(piece);
    lines
}

/// Whether a line may end between the two.
fn breaks(before: char, after: char) -> bool {
    let closing = "，。；：、？！）”’》％%".contains(after);
    let opening = "（“‘《".contains(before);
    !closing && !opening && (is_wide(before) || is_wide(after) || before == ' ')
}

fn is_wide(c: char) -> bool {
    UnicodeWidthChar::width_cjk(c).unwrap_or(0) > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_is_two_columns() {
        assert_eq!(display("技改投资（亿元）"), 16);
        assert_eq!(display("1—6月累计"), 10);
        assert_eq!(display("一行\n更长的一行"), 10);
    }

    #[test]
    fn a_column_fits_its_longest_text_within_bounds() {
        assert_eq!(column(["亿元", "万千瓦"], 4, 40), 8);
        assert_eq!(column(["一"], 6, 40), 6);
        assert_eq!(column(["很长很长很长很长很长"], 6, 12), 12);
    }

    #[test]
    fn long_text_takes_more_lines() {
        assert_eq!(lines("", 10, 10), 1);
        assert_eq!(lines("海缆到货推迟", 14, 10), 1);
        assert_eq!(lines("海缆到货推迟；8月起集中并网", 14, 10), 2);
        assert_eq!(lines("一\n二", 14, 10), 2);
    }

    #[test]
    fn small_print_fits_where_larger_does_not() {
        let title = "省市县长项目工程中制造业项目数占比";
        assert_eq!(lines(title, 30, 9), 1);
        assert_eq!(lines(title, 30, 11), 2);
    }

    #[test]
    fn numbers_stay_whole_and_punctuation_does_not_begin_a_line() {
        // Four characters fill the line: the comma takes the last one with it, and the number moves whole.
        assert_eq!(lines("一二三四，1234.56", 9, 10), 3);
        assert_eq!(lines("一二三，四五六", 9, 10), 2);
    }
}
