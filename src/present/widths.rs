//! Display widths: a Chinese character is two columns wide, and so is full-width punctuation.
//!
//! The workbook library's own autofit counts it as one.

use unicode_width::UnicodeWidthStr;

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

/// The lines `text` takes in a column `width` wide, wrapped between any two Chinese characters.
#[must_use]
pub fn lines(text: &str, width: usize) -> usize {
    let room = width.saturating_sub(1).max(2);
    // A wrapped line never fills to its end: a wide character may not be cut, punctuation may not begin a line.
    let room_wrapped = width.saturating_sub(3).max(2);
    let lines_of = |line: &str| match UnicodeWidthStr::width_cjk(line) {
        fits if fits <= room => 1,
        longer => longer.div_ceil(room_wrapped),
    };
    text.lines().map(lines_of).sum::<usize>().max(1)
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
        assert_eq!(lines("", 10), 1);
        assert_eq!(lines("海缆到货推迟", 14), 1);
        assert_eq!(lines("海缆到货推迟；8月起集中并网", 14), 3);
        assert_eq!(lines("一\n二", 14), 2);
    }
}
