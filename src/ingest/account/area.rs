//! Areas of a sheet, and how scattered cells are told as few of them.

use std::fmt;

use crate::ingest::grid::{Cell, Grid, a1};

/// A rectangle of cells, inclusive, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

impl Area {
    /// A stretch of one row.
    #[must_use]
    pub fn of_row(row: u32, left: u32, right: u32) -> Self {
        Self { top: row, left, bottom: row, right }
    }

    /// Whether a cell lies inside.
    #[must_use]
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }

    /// How many of its rows hold anything.
    #[must_use]
    pub fn filled_rows(&self, grid: &Grid) -> usize {
        (self.top..=self.bottom).filter(|row| grid.row(*row).iter().any(|cell| self.holds(cell.row, cell.column))).count()
    }

    fn joined(&self, other: &Self) -> Self {
        Self {
            top: self.top.min(other.top),
            left: self.left.min(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.max(other.right),
        }
    }

    /// At most one blank row or column lies between.
    fn is_near(&self, other: &Self) -> bool {
        self.top <= other.bottom.saturating_add(2)
            && other.top <= self.bottom.saturating_add(2)
            && self.left <= other.right.saturating_add(2)
            && other.left <= self.right.saturating_add(2)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = a1(self.top, self.left);
        if (self.top, self.left) == (self.bottom, self.right) {
            return f.write_str(&first);
        }
        write!(f, "{first}:{}", a1(self.bottom, self.right))
    }
}

/// Stretches of rows, from the top, joined downward where they cover the same columns.
#[must_use]
pub fn stacked(stretches: &[Area]) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for stretch in stretches {
        let above = areas
            .iter_mut()
            .rev()
            .take(STACKED_BACK)
            .find(|area| area.bottom.checked_add(1) == Some(stretch.top) && (area.left, area.right) == (stretch.left, stretch.right));
        match above {
            Some(area) => area.bottom = stretch.bottom,
            None => areas.push(*stretch),
        }
    }
    areas
}

/// Rows hold few stretches: the one to go on with is among the last ones.
const STACKED_BACK: usize = 16;

/// Stretches of rows that lie close together, gathered into areas that stay clear of what `is_clear` finds taken.
#[must_use]
pub fn clustered(stretches: &[Area], is_clear: impl Fn(&Area) -> bool) -> Vec<Area> {
    // A gathered area is clear already: only what joining adds has to be looked at.
    let is_clear = |area: &Area, stretch: &Area| {
        let joined = area.joined(stretch);
        let same_columns = (joined.left, joined.right) == (area.left, area.right);
        is_clear(&if same_columns { Area { top: area.bottom.saturating_add(1).min(joined.bottom), ..joined } } else { joined })
    };
    let mut clusters: Vec<Area> = Vec::new();
    for stretch in stretches {
        let near = clusters.iter_mut().rev().take(STACKED_BACK).find(|area| area.is_near(stretch) && is_clear(area, stretch));
        match near {
            Some(area) => *area = area.joined(stretch),
            None => clusters.push(*stretch),
        }
    }
    clusters
}

/// The filled rows of an area, with their cells inside it.
pub fn rows<'a>(grid: &'a Grid, area: &'a Area) -> impl Iterator<Item = (u32, Vec<&'a Cell>)> + use<'a> {
    let area = *area;
    (area.top..=area.bottom).filter_map(move |row| {
        let cells: Vec<&Cell> = grid.row(row).iter().filter(|cell| area.holds(cell.row, cell.column)).collect();
        (!cells.is_empty()).then_some((row, cells))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_same_width_are_one_area() {
        let rows = [Area::of_row(4, 0, 3), Area::of_row(5, 0, 3), Area::of_row(6, 0, 2), Area::of_row(9, 0, 2)];
        let areas: Vec<String> = stacked(&rows).iter().map(Area::to_string).collect();
        assert_eq!(areas, ["A5:D6", "A7:C7", "A10:C10"]);
    }

    #[test]
    fn strays_are_gathered_over_one_blank_row_and_never_over_what_was_read() {
        let rows = [Area::of_row(0, 0, 3), Area::of_row(2, 1, 1), Area::of_row(5, 0, 0)];
        let told = |clear: fn(&Area) -> bool| clustered(&rows, clear).iter().map(Area::to_string).collect::<Vec<_>>();
        assert_eq!(told(|_| true), ["A1:D3", "A6"]);
        assert_eq!(told(|_| false), ["A1:D1", "B3", "A6"]);
    }
}
