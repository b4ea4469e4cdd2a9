//! Lines by number: a sheet's rows, found in two steps however many there are.

use std::ops::RangeInclusive;

/// So many lines make a page.
const PAGE: usize = 256;

/// For each line number what stands on it; nothing where the line is blank. Pages without any line are not there.
#[derive(Debug, Clone)]
pub struct Lines<T>(Vec<Vec<Vec<T>>>);

impl<T> Default for Lines<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> PartialEq for Lines<T> {
    fn eq(&self, other: &Self) -> bool {
        self.filled().eq(other.filled())
    }
}

/// Its page, and its place there.
fn place(line: u32) -> (usize, usize) {
    let line = usize::try_from(line).unwrap_or(usize::MAX);
    (line / PAGE, line % PAGE)
}

fn number(page: usize, at: usize) -> u32 {
    u32::try_from(page.saturating_mul(PAGE).saturating_add(at)).unwrap_or(u32::MAX)
}

impl<T> Lines<T> {
    /// What stands on a line.
    #[must_use]
    pub fn line(&self, line: u32) -> &[T] {
        let (page, at) = place(line);
        self.0.get(page).and_then(|page| page.get(at)).map_or(&[], Vec::as_slice)
    }

    /// The same, to be added to; `None` never, but the type cannot tell.
    pub fn line_mut(&mut self, line: u32) -> Option<&mut Vec<T>> {
        let (page, at) = place(line);
        if self.0.len() <= page {
            self.0.resize_with(page.checked_add(1)?, Vec::new);
        }
        let lines = self.0.get_mut(page)?;
        if lines.len() <= at {
            lines.resize_with(at + 1, Vec::new);
        }
        lines.get_mut(at)
    }

    /// The lines that are not blank, from the top.
    pub fn filled(&self) -> impl DoubleEndedIterator<Item = (u32, &[T])> {
        let lines = self.0.iter().enumerate();
        let lines = lines.flat_map(|(page, lines)| lines.iter().enumerate().map(move |(at, line)| (number(page, at), line.as_slice())));
        lines.filter(|(_, line)| !line.is_empty())
    }

    /// Those of them within a range.
    pub fn within(&self, range: RangeInclusive<u32>) -> impl Iterator<Item = (u32, &[T])> {
        let (from, to) = (place(*range.start()).0, place(*range.end()).0);
        let pages = self.0.iter().enumerate().take(to.saturating_add(1)).skip(from);
        let lines = pages.flat_map(|(page, lines)| lines.iter().enumerate().map(move |(at, line)| (number(page, at), line.as_slice())));
        lines.filter(move |(number, line)| range.contains(number) && !line.is_empty())
    }

    /// The same, to be changed.
    pub fn within_mut(&mut self, range: RangeInclusive<u32>) -> impl Iterator<Item = (u32, &mut Vec<T>)> {
        let (from, to) = (place(*range.start()).0, place(*range.end()).0);
        let pages = self.0.iter_mut().enumerate().take(to.saturating_add(1)).skip(from);
        let lines = pages.flat_map(|(page, lines)| lines.iter_mut().enumerate().map(move |(at, line)| (number(page, at), line)));
        lines.filter(move |(number, line)| range.contains(number) && !line.is_empty())
    }

    /// Everything on every line, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().flatten().flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is put where in whatever order: it is what a map gives.
        #[test]
        fn lines_are_a_map(put in prop::collection::vec((0_u32..2_000, 0_u8..9), 0..60), from in 0_u32..2_000, length in 0_u32..900) {
            let (mut lines, mut map) = (Lines::default(), BTreeMap::<u32, Vec<u8>>::new());
            for (line, value) in &put {
                lines.line_mut(*line).unwrap().push(*value);
                map.entry(*line).or_default().push(*value);
            }
            let told = |lines: Vec<(u32, &[u8])>| lines.into_iter().map(|(line, values)| (line, values.to_vec())).collect::<Vec<_>>();
            prop_assert_eq!(told(lines.filled().collect()), map.clone().into_iter().collect::<Vec<_>>());
            let back: Vec<u32> = lines.filled().rev().map(|(line, _)| line).collect();
            prop_assert_eq!(back, map.keys().rev().copied().collect::<Vec<_>>());
            let range = from..=from + length;
            let within: Vec<(u32, Vec<u8>)> = map.range(range.clone()).map(|(line, values)| (*line, values.clone())).collect();
            prop_assert_eq!(told(lines.within(range.clone()).collect()), within.clone());
            prop_assert_eq!(lines.within_mut(range).map(|(line, values)| (line, values.clone())).collect::<Vec<_>>(), within);
            for (line, _) in &put {
                prop_assert_eq!(lines.line(*line), map[line].as_slice());
            }
            prop_assert!(lines.line(from).len() == map.get(&from).map_or(0, Vec::len));
        }
    }
}
