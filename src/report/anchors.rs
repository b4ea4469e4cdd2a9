//! Anchors: which line of 数据来源 each printed figure leads to.
//!
//! A figure has a line for each file it was read from; it leads to its first one. Lines stand in the order of the indicators, and
//! within one the province, its regions, the departments that have a part in it.

use std::collections::BTreeMap;

use crate::model::{DepartmentCode, IndicatorRow, RegionCode, SourceItem, SourceRef};
use crate::plan::Plan;

/// The 0-based sheet row in which a sheet's table has its header; the title lines above are the same everywhere.
pub const HEADER_ROW: u32 = 3;

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose<'a> {
    Province,
    Region(&'a RegionCode),
    Department(&'a DepartmentCode),
}

/// A line of 数据来源: one file's part in one figure.
#[derive(Debug, Clone)]
pub struct SourceLine<'a> {
    pub row: &'a IndicatorRow,
    /// The place's printed name.
    pub place: &'a str,
    pub source: &'a SourceRef,
}

/// All lines of a book, and where each figure's first one stands.
#[derive(Debug, Default)]
pub struct Anchors<'a> {
    pub lines: Vec<SourceLine<'a>>,
    rows: BTreeMap<(&'a str, Whose<'a>, SourceItem), u32>,
}

impl<'a> Anchors<'a> {
    /// The lines of `rows`, in printing order.
    pub fn new(plan: &'a Plan, rows: &[&'a IndicatorRow]) -> Self {
        let mut anchors = Self::default();
        for row in rows.iter().copied() {
            anchors.add(row, Whose::Province, &plan.province.short_name, &row.sources);
            for region in &row.regions {
                anchors.add(row, Whose::Region(&region.code), &region.name, &region.sources);
            }
            for part in &row.departments {
                anchors.add(row, Whose::Department(&part.department), plan.department_name(&part.department), &part.sources);
            }
        }
        anchors
    }

    fn add(&mut self, row: &'a IndicatorRow, whose: Whose<'a>, place: &'a str, sources: &'a [SourceRef]) {
        for source in sources {
            let at = HEADER_ROW + 1 + u32::try_from(self.lines.len()).unwrap_or(u32::MAX / 2);
            self.rows.entry((row.code.as_str(), whose, source.item)).or_insert(at);
            self.lines.push(SourceLine { row, place, source });
        }
    }

    /// The 0-based row of 数据来源 a figure leads to; `None` for what was read nowhere.
    pub fn row(&self, indicator: &str, whose: Whose<'_>, item: SourceItem) -> Option<u32> {
        self.rows.get(&(indicator, whose, item)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample;

    #[test]
    fn each_region_has_a_line_of_its_own() {
        let (plan, month) = (sample::plan(), sample::month());
        let rows: Vec<_> = month.rows().collect();
        let anchors = Anchors::new(&plan, &rows);
        let mut leading = std::collections::BTreeSet::new();
        for row in &rows {
            for region in row.regions.iter().filter(|region| !region.sources.is_empty()) {
                let at = anchors.row(&row.code, Whose::Region(&region.code), SourceItem::YearToDate).unwrap();
                assert!(leading.insert(at), "{} {} shares its line", row.code, region.name);
                let line = &anchors.lines[(at - HEADER_ROW - 1) as usize];
                assert_eq!((line.row.code.as_str(), line.place), (row.code.as_str(), region.name.as_str()));
            }
        }
        assert!(leading.len() > 2);
        assert_eq!(anchors.row("6.2", Whose::Province, SourceItem::ReportedGrowth), None);
    }
}
