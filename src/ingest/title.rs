//! The month a table speaks of above and in its heading, held against the data month: last month's sheet under this month's name.

use std::sync::LazyLock;

use regex::Regex;

use super::grid::Grid;
use super::layout::Found;
use super::layout::label::label;
use super::parse::Context;
use super::parse::text::{comparable, year_in};
use crate::model::{CellRef, Finding, FindingCode, Period, Place, Severity};
use crate::plan::heading::headings;
use crate::plan::{ColumnSpec, Dataset, Frequency};

/// A table that speaks of another month.
struct Other<'d> {
    dataset: &'d Dataset,
    sheet: String,
    cell: CellRef,
    words: String,
    /// The last month it speaks of.
    last: u32,
}

/// Finds the lists of a year (`list_year`) whose title bears another year alone; a sheet's name that does is found by the checks.
pub fn lists_of_another_year(grids: &[Grid], own: &[&Dataset], found: &[Found], context: Context) -> Vec<Finding> {
    let lists = own.iter().zip(found).filter(|(dataset, _)| dataset.list_year);
    let titled = lists.filter_map(|(dataset, found)| {
        let Found::Table(table) = found else { return None };
        let block = table.blocks.first()?;
        let grid = grids.get(block.sheet)?;
        let meant = context.period.back(dataset.lag).year();
        let (cell, year) = year_above(grid, block.heading.top, meant).filter(|_| year_in(&grid.name).is_none())?;
        let message = format!("标题注明{year}年，本表应为{meant}年的清单，请核对；确为{meant}年清单的请改正标题或说明。");
        let place = Place { file: context.file.to_owned(), sheet: Some(grid.name.clone()), cell: Some(cell) };
        let (found, expected) = (Some(format!("{year}年")), Some(format!("{meant}年")));
        let finding = Finding::new(FindingCode::ListOfAnotherYear, place, message);
        Some(Finding { dataset: Some(dataset.code.clone()), found, expected, ..finding })
    });
    titled.collect()
}

/// The first cell above a heading that bears another year than `meant`; `None` where one bears that year too.
fn year_above(grid: &Grid, top: u32, meant: i32) -> Option<(CellRef, i32)> {
    let cells = grid.cells().filter(|cell| cell.row < top);
    let years = cells.filter_map(|cell| {
        let text = cell.text().map(comparable).filter(|text| !ASIDE.iter().any(|word| text.contains(word)))?;
        let year = year_in(&text).filter(|year| text.contains(&format!("{year}年")))?;
        Some((CellRef::new(cell.row, cell.column), year))
            .filter(|_| year == meant || text.contains(&format!("{year}年度")) || TITLES.iter().any(|end| text.ends_with(end)))
    });
    let years: Vec<(CellRef, i32)> = years.collect();
    if years.iter().any(|(_, year)| *year == meant) { None } else { years.first().copied() }
}

/// Titles end so; a sentence about an order of another year does not.
const TITLES: [&str; 9] = ["表", "清单", "名单", "情况", "台账", "名录", "目录", "项目", "计划"];

/// Adds what tables say of another month, and takes out what only follows from it: headings that bear that month.
pub fn tell(grids: &[Grid], own: &[&Dataset], found: &[Found], context: Context, findings: &mut Vec<Finding>) {
    let mut others = Vec::new();
    let mut speaking = 0;
    for (dataset, found) in own.iter().zip(found) {
        let (sheet, top, bottom) = match found {
            Found::Table(table) => match table.blocks.first() {
                Some(block) => (block.sheet, block.heading.top, block.heading.bottom),
                None => continue,
            },
            Found::NoHeading(sheet) => (*sheet, ROWS_WITHOUT_HEADING, ROWS_WITHOUT_HEADING),
            Found::Missing | Found::Hidden(_) => continue,
        };
        let Some(grid) = grids.get(sheet) else { continue };
        let data = context.period.back(dataset.lag);
        let meant = Meant { data, reporting: context.period, quarterly: dataset.frequency == Frequency::Quarter };
        let above = spoken(grid, 0, top, &meant);
        let is_missing = |finding: &&Finding| finding.code == FindingCode::MissingColumn && finding.dataset.as_ref() == Some(&dataset.code);
        let missing = findings.iter().filter(is_missing).filter_map(|finding| dataset.column(finding.column.as_deref()?));
        let heading = spoken(grid, top, bottom + 1, &meant).or_else(|| named(grid, top, bottom + 1, dataset, missing, context.period));
        speaking += usize::from(above.is_some() || heading.is_some());
        // A heading that speaks of the month says nothing about a title that does not.
        let other = [above, heading].into_iter().flatten().find_map(Spoken::other);
        others.extend(other.map(|(cell, words, last)| Other { dataset, sheet: grid.name.clone(), cell, words, last }));
    }
    let alike = others.windows(2).all(|pair| matches!(pair, [a, b] if a.last == b.last));
    let follows = |finding: &Finding| {
        matches!(finding.code, FindingCode::MissingColumn | FindingCode::MissingHeading)
            && others.iter().any(|other| finding.dataset.as_ref() == Some(&other.dataset.code))
    };
    // What is left out of the file by its headings cannot be explained away.
    let severity = if findings.iter().any(follows) { Severity::Error } else { Severity::Explain };
    findings.retain(|finding| !follows(finding));
    if others.len() > 1 && alike && others.len() * 2 >= speaking {
        findings.extend(others.first().map(|first| Finding { severity, ..whole(first, context) }));
    } else {
        findings
            .extend(others.iter().map(|other| one(other, context)).map(|one| if severity == Severity::Error { must(one) } else { one }));
    }
}

/// The finding about another month where the table itself is that month's: no word can make it the other's.
#[must_use]
pub fn must(finding: Finding) -> Finding {
    Finding { severity: Severity::Error, message: finding.message.replace(MAY, MUST), ..finding }
}

const MAY: &str = "如填错标题请改正，如确为该月数据请说明。";
const MUST: &str = "请换成该月的表，或将标题、表头和数据一并改正后重新报送。";

/// A heading that is a missing column's of another month: `5月产量` in a table of June.
fn named<'d>(
    grid: &Grid,
    from: u32,
    until: u32,
    dataset: &Dataset,
    missing: impl Iterator<Item = &'d ColumnSpec>,
    reporting: Period,
) -> Option<Spoken> {
    let data = reporting.back(dataset.lag);
    for column in missing.filter(|column| column.labels.iter().any(|label| label.contains("{month}"))) {
        for month in (1..=12).filter(|month| *month != data.month()) {
            let Some(other) = Period::new(data.year(), month) else { continue };
            let then = (0..dataset.lag).fold(other, |period, _| period.next());
            let accepted = headings(dataset, column, then).accepted;
            let is_its = |text: &str| accepted.iter().filter_map(|path| path.last()).any(|part| label(part) == label(text));
            let mut cells = grid.cells().filter(|cell| (from..until).contains(&cell.row));
            if let Some(cell) = cells.find(|cell| cell.text().is_some_and(is_its)) {
                return Some(Spoken::Other(CellRef::new(cell.row, cell.column), format!("{month}月"), month));
            }
        }
    }
    None
}

/// Without a heading that was found, so many rows are looked at.
const ROWS_WITHOUT_HEADING: u32 = 8;

/// What some rows say of months.
enum Spoken {
    /// The data month is among them.
    Same,
    Other(CellRef, String, u32),
}

impl Spoken {
    fn other(self) -> Option<(CellRef, String, u32)> {
        if let Self::Other(cell, words, last) = self { Some((cell, words, last)) } else { None }
    }
}

/// The months a table may speak of.
struct Meant {
    data: Period,
    reporting: Period,
    /// 一季度 in a table of the first quarter means the quarter; 上半年 is another one, though it holds the reporting month.
    quarterly: bool,
}

impl Meant {
    fn is(&self, phrase: &Phrase) -> bool {
        if self.quarterly && !phrase.exact {
            return phrase.year == self.data.year() && phrase.last == self.data.month();
        }
        phrase.fits(self.data) || phrase.fits(self.reporting)
    }
}

fn spoken(grid: &Grid, from: u32, until: u32, meant: &Meant) -> Option<Spoken> {
    let mut other = None;
    for cell in grid.cells().filter(|cell| (from..until).contains(&cell.row)) {
        let Some(text) = cell.text().map(comparable).filter(|text| !ASIDE.iter().any(|word| text.contains(word))) else { continue };
        for phrase in phrases(&text, meant.data.year()) {
            if meant.is(&phrase) {
                return Some(Spoken::Same);
            }
            if phrase.year == meant.data.year() {
                other.get_or_insert_with(|| Spoken::Other(CellRef::new(cell.row, cell.column), phrase.words, phrase.last));
            }
        }
    }
    other
}

/// Cells with these words speak of days of filing, of last year, of an order's date.
const ASIDE: [&str; 11] = ["上月已报", "上期已报", "填报", "报送", "截止", "印发", "日期", "上年", "去年", "同期", "文号"];

/// A span of months as written.
#[derive(Debug, PartialEq, Eq)]
struct Phrase {
    year: i32,
    first: u32,
    last: u32,
    /// `1—5月` ends with its month; `上半年` holds any of its months.
    exact: bool,
    words: String,
}

impl Phrase {
    fn fits(&self, month: Period) -> bool {
        let months = if self.exact { self.last..=self.last } else { self.first..=self.last };
        self.year == month.year() && months.contains(&month.month())
    }
}

static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:(20\d{2})年)?0?1月?[-~至到]0?(\d{1,2})月").ok());
static MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(20\d{2})年0?(\d{1,2})月(\d{1,2}[日号])?").ok());
static SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:(20\d{2})年)?(上半年|前三季度|第?[一二三四]季度)").ok());

fn phrases(text: &str, year: i32) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let (Some(range), Some(month), Some(span)) = (RANGE.as_ref(), MONTH.as_ref(), SPAN.as_ref()) else { return phrases };
    let number = |found: Option<regex::Match<'_>>| {
        found.and_then(|found| found.as_str().parse::<u32>().ok()).filter(|month| (1..=12).contains(month))
    };
    let of_year = |found: Option<regex::Match<'_>>| found.map_or(Some(year), |found| found.as_str().parse().ok());
    for found in range.captures_iter(text) {
        if let (Some(last), Some(year)) = (number(found.get(2)), of_year(found.get(1))) {
            phrases.push(Phrase { year, first: 1, last, exact: true, words: found[0].to_owned() });
        }
    }
    for found in month.captures_iter(text).filter(|found| found.get(3).is_none()) {
        if let (Some(last), Some(year)) = (number(found.get(2)), of_year(found.get(1))) {
            phrases.push(Phrase { year, first: last, last, exact: true, words: found[0].to_owned() });
        }
    }
    for found in span.captures_iter(text) {
        let Some(year) = of_year(found.get(1)) else { continue };
        let (first, last) = match found.get(2).map(|words| words.as_str().trim_start_matches('第')) {
            Some("上半年") => (1, 6),
            Some("前三季度") => (1, 9),
            Some("一季度") => (1, 3),
            Some("二季度") => (4, 6),
            Some("三季度") => (7, 9),
            _ => (10, 12),
        };
        phrases.push(Phrase { year, first, last, exact: false, words: found[0].to_owned() });
    }
    phrases
}

fn one(other: &Other, context: Context) -> Finding {
    let data = context.period.back(other.dataset.lag);
    let message = format!("表内为“{}”，本次数据期为{}年{}月，疑似误报其他月份的表，请核对：{MAY}", other.words, data.year(), data.month());
    let place = Place { file: context.file.to_owned(), sheet: Some(other.sheet.clone()), cell: Some(other.cell) };
    Finding {
        dataset: Some(other.dataset.code.clone()),
        found: Some(other.words.clone()),
        expected: Some(data.to_string()),
        ..Finding::new(FindingCode::MonthOfTitle, place, message)
    }
}

/// Several tables of one other month: the file is that month's.
fn whole(first: &Other, context: Context) -> Finding {
    let message = format!(
        "本文件各表内为“{}”，文件名或文件夹为{}年{}月，疑似误报其他月份的文件，请核对后报送{}年{}月的表。",
        first.words,
        context.period.year(),
        context.period.month(),
        context.period.year(),
        context.period.month()
    );
    let place = Place { file: context.file.to_owned(), ..Place::default() };
    Finding {
        found: Some(first.words.clone()),
        expected: Some(context.period.to_string()),
        ..Finding::new(FindingCode::MonthOfTitle, place, message)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ingest::grid::{Cell, Value};

    fn june() -> Period {
        Period::new(2022, 6).unwrap()
    }

    fn said(texts: &[&str]) -> Option<String> {
        let mut grid = Grid::new("表", true);
        for (row, text) in (0..).zip(texts) {
            grid.put(Cell { row, column: 0, value: Value::Text((*text).to_owned()), look: None });
        }
        spoken(&grid, 0, 9, &Meant { data: june(), reporting: june(), quarterly: false })
            .and_then(Spoken::other)
            .map(|(cell, words, _)| format!("{cell} {words}"))
    }

    #[rstest]
    #[case(&["2021年度外资项目清单"], Some(("A1", 2021)))]
    #[case(&["2021年度外资项目推进一览"], Some(("A1", 2021)))]
    #[case(&["2021年度外资项目清单", "2022年6月"], None)]
    #[case(&["根据2021年第三次会议要求填报"], None)]
    #[case(&["浙商务〔2021〕12号"], None)]
    #[case(&["上年（2021年）结转项目"], None)]
    fn the_year_of_a_title_is_told(#[case] texts: &[&str], #[case] expected: Option<(&str, i32)>) {
        let mut grid = Grid::new("表", true);
        for (row, text) in (0..).zip(texts) {
            grid.put(Cell { row, column: 0, value: Value::Text((*text).to_owned()), look: None });
        }
        assert_eq!(year_above(&grid, 9, 2022), expected.map(|(cell, year)| (cell.parse().unwrap(), year)));
    }

    /// The table of the first quarter, handed in for June.
    #[rstest]
    #[case("2022年一季度海洋生产总值", false)]
    #[case("海洋生产总值（1—3月）", false)]
    #[case("2022年上半年海洋生产总值", true)]
    #[case("2022年二季度海洋生产总值", true)]
    #[case("2022年6月调度表", false)]
    fn a_quarter_is_no_half_year(#[case] text: &str, #[case] expected: bool) {
        let mut grid = Grid::new("表", true);
        grid.put(Cell { row: 0, column: 0, value: Value::Text(text.to_owned()), look: None });
        let meant = Meant { data: june().back(3), reporting: june(), quarterly: true };
        assert_eq!(spoken(&grid, 0, 9, &meant).and_then(Spoken::other).is_some(), expected);
    }

    #[rstest]
    #[case(&["2022年5月省级企业技术中心名单"], Some("A1 2022年5月"))]
    #[case(&["省级企业技术中心名单", "（2022年1—5月）"], Some("A2 2022年1-5月"))]
    #[case(&["2022年一季度情况"], Some("A1 2022年一季度"))]
    #[case(&["2022年6月名单", "填报日期：2022年7月8日"], None)]
    #[case(&["数据截止2022年5月"], None)]
    #[case(&["根据2022年5月20日会议"], None)]
    #[case(&["与2021年6月比较"], None)]
    #[case(&["上半年情况"], None)]
    #[case(&["二季度情况", "1—6月累计"], None)]
    #[case(&["1—5月累计", "1—6月累计"], None)]
    fn another_month_is_told_and_other_dates_are_not(#[case] texts: &[&str], #[case] expected: Option<&str>) {
        assert_eq!(said(texts).as_deref(), expected);
    }
}
