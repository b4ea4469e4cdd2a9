//! What one book shows: the month cut to a department, its sheets in order, and where each source stands.

pub use super::anchors::HEADER_ROW;
use super::anchors::{Anchors, Whose};
use crate::model::{Correction, DepartmentCode, IndicatorRow, Lagging, Month, RegionCode, SourceItem};
use crate::plan::{Department, Measure, Plan};
use crate::present::captions;
use crate::settings::{Appearance, Office};

/// One sheet of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    Cover,
    Overview,
    Indicators,
    Details,
    /// By its number.
    Measure(u32),
    Tasks,
    Reporting,
    Findings,
    Sources,
    Corrections,
    Notes,
}

/// One book's contents.
pub struct Edition<'a> {
    pub plan: &'a Plan,
    pub appearance: &'a Appearance,
    pub office: &'a Office,
    pub month: &'a Month,
    /// `None` is the whole book.
    pub department: Option<&'a Department>,
    pub measures: Vec<&'a Measure>,
    /// In the plan's order.
    pub rows: Vec<&'a IndicatorRow>,
    pub corrections: Vec<&'a Correction>,
    /// The lines of 数据来源, and which figure leads to which.
    pub anchors: Anchors<'a>,
}

impl<'a> Edition<'a> {
    /// Cuts the month to `department`.
    pub fn new(
        plan: &'a Plan,
        appearance: &'a Appearance,
        office: &'a Office,
        month: &'a Month,
        department: Option<&'a Department>,
    ) -> Self {
        let code = department.map(|department| &department.code);
        let measures: Vec<_> = plan.measures.iter().filter(|measure| code.is_none_or(|code| concerns(measure, code))).collect();
        let shown = |row: &&IndicatorRow| {
            measures.iter().any(|measure| measure.number == row.measure) && (!row.restricted || code.is_none_or(|code| *code == row.owner))
        };
        let rows: Vec<_> = month.rows().filter(shown).collect();
        let corrections = month
            .corrections
            .iter()
            .filter(|correction| code.is_none_or(|code| correction.departments.contains(code)))
            .filter(|correction| rows.iter().any(|row| row.code == correction.indicator))
            .collect();
        let anchors = Anchors::new(plan, &rows);
        Self { plan, appearance, office, month, department, measures, rows, corrections, anchors }
    }

    /// Its sheets, in order, with their tab names.
    pub fn sheets(&self) -> Vec<(Sheet, String)> {
        let mut sheets = vec![Sheet::Cover, Sheet::Overview, Sheet::Indicators, Sheet::Details];
        sheets.extend(self.measures.iter().map(|measure| Sheet::Measure(measure.number)));
        sheets.extend([Sheet::Tasks, Sheet::Reporting, Sheet::Findings, Sheet::Sources]);
        if self.month.version > 1 {
            sheets.push(Sheet::Corrections);
        }
        sheets.push(Sheet::Notes);
        sheets.into_iter().map(|sheet| (sheet, self.tab(sheet))).collect()
    }

    /// A sheet's tab name.
    pub fn tab(&self, sheet: Sheet) -> String {
        let shipped = match sheet {
            Sheet::Cover => "封面",
            Sheet::Overview => "总览",
            Sheet::Indicators => "主要指标",
            Sheet::Details => "指标明细",
            Sheet::Tasks => "重点任务",
            Sheet::Reporting => "报送情况",
            Sheet::Findings => "数据审核意见",
            Sheet::Sources => "数据来源",
            Sheet::Corrections => "更正说明",
            Sheet::Notes => "说明",
            Sheet::Measure(number) => {
                let title = self.plan.measure(number).map_or("", |measure| measure.short_title.as_str());
                return tab_name(&format!("{number:02} {title}"));
            }
        };
        self.appearance.captions.sheet(shipped).to_owned()
    }

    /// A link to the cell in column A of a sheet's 0-based row.
    pub fn link(&self, sheet: Sheet, row: u32) -> String {
        format!("internal:'{}'!A{}", self.tab(sheet).replace('\'', "''"), row + 1)
    }

    /// A link to the first source of a value to date (`None` is the province's), where it has one.
    pub fn source_link(&self, indicator: &str, region: Option<&RegionCode>) -> Option<String> {
        self.item_link(indicator, region, SourceItem::YearToDate)
    }

    /// A link to the first source of one of the printed figures, where it has one.
    pub fn item_link(&self, indicator: &str, region: Option<&RegionCode>, item: SourceItem) -> Option<String> {
        let row = self.anchors.row(indicator, region.map_or(Whose::Province, Whose::Region), item)?;
        Some(self.link(Sheet::Sources, row))
    }

    /// A link to an indicator's first row on its measure's sheet.
    pub fn measure_link(&self, row: &IndicatorRow) -> String {
        let before = self.rows_of(row.measure).take_while(|other| other.code != row.code).map(|other| 1 + other.regions.len());
        let at = u32::try_from(before.sum::<usize>()).unwrap_or(0);
        self.link(Sheet::Measure(row.measure), HEADER_ROW + 1 + at)
    }

    /// The rows of one measure.
    pub fn rows_of(&self, measure: u32) -> impl Iterator<Item = &'a IndicatorRow> {
        self.rows.iter().copied().filter(move |row| row.measure == measure)
    }

    /// What its owner says about a lagging indicator.
    pub fn lagging(&self, row: &IndicatorRow) -> Option<&'a Lagging> {
        self.month.lagging.iter().find(|lagging| lagging.indicator == row.code)
    }

    /// Whether lines of that department belong in this book.
    pub fn is_of(&self, department: &DepartmentCode) -> bool {
        self.department.is_none_or(|own| own.code == *department)
    }

    /// Departments' printed names, joined as a Chinese list.
    pub fn names(&self, departments: &[DepartmentCode]) -> String {
        departments.iter().map(|code| self.plan.department_name(code)).collect::<Vec<_>>().join("、")
    }

    /// The place of a department in 机构序列.
    pub fn place(&self, department: &DepartmentCode) -> usize {
        self.plan.departments.iter().position(|known| known.code == *department).unwrap_or(usize::MAX)
    }

    /// The months a row's values are of: `1—6月`; `6月` for a ratio of what one month reports.
    pub fn data_label(&self, row: &IndicatorRow) -> Option<String> {
        let month = self.plan.indicator(&row.code).is_some_and(|one| one.shows_month(self.plan));
        row.data_period.map(|data| if month { captions::month_label(data) } else { captions::to_date_label(data) })
    }

    /// `2022年1—6月　第1版　数据截至2022年7月11日9时`, below every title.
    pub fn subtitle(&self) -> String {
        let sample = if self.appearance.sample { format!("　　{}", captions::SAMPLE_MARK) } else { String::new() };
        format!(
            "{}　　{}　　数据截至{}{sample}",
            captions::period_label(self.month.period),
            captions::version_label(self.month.version),
            captions::as_of(self.month.now)
        )
    }
}

/// Whether a measure is among a department's own: listed, consolidating, or answerable for an indicator or task.
fn concerns(measure: &Measure, code: &DepartmentCode) -> bool {
    measure.departments.contains(code)
        || measure.consolidated_by.contains(code)
        || measure.indicators.iter().any(|indicator| indicator.owner == *code)
        || measure.tasks.iter().any(|task| task.owner == *code)
}

/// A tab name Excel accepts: without `[]:*?/\`, no apostrophe at the ends, at most 31 characters.
fn tab_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !"[]:*?/\\".contains(*c) && !c.is_control()).take(31).collect();
    name.trim_matches('\'').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tab_names_are_what_excel_accepts() {
        assert_eq!(tab_name("06 企业技术改造"), "06 企业技术改造");
        assert_eq!(tab_name("01 a/b:c[d]'"), "01 abcd");
        assert_eq!(tab_name(&"长".repeat(40)).chars().count(), 31);
    }
}
