//! Words that a number format writes around a column's numbers: `0.00"万元"` shows 万元, whatever the heading says.
//!
//! A unit that all numbers of a column show is theirs, as if it were typed behind each; one that only some show, that cannot be
//! converted or that contradicts a unit line is asked about. Words that name no unit say nothing.

use rust_decimal::Decimal;

use crate::ingest::grid::{Cell, Grid, Value, Words};
use crate::ingest::layout::body::Spot;
use crate::ingest::layout::{Block, units};
use crate::ingest::parse::text::comparable;
use crate::model::quantity::Dimension;
use crate::model::{Finding, FindingCode, Unit};
use crate::plan::{ColumnSpec, Dataset};

use super::Context;
use super::coercion::{Kind, Kinds};
use crate::ingest::content::worded::{without_between, without_words};

/// A column and the unit its cells are in so far.
pub struct Column<'a> {
    pub grid: &'a Grid,
    pub dataset: &'a Dataset,
    pub table: &'a Block,
    pub spec: &'a ColumnSpec,
    /// Its position among the dataset's columns.
    pub at: usize,
    /// The unit that heading or unit line gives, where it is not the column's own.
    pub sheet: Option<&'a Unit>,
    pub context: Context<'a>,
}

/// What the words of one cell say against the unit in force.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// The same, or nothing of units.
    Nothing,
    /// The number is in this one.
    Unit(Unit),
    /// A unit that does not convert, or a scaling that does not go with it.
    Unknown,
    /// 下降, 核减: a number that is stored as positive is seen as negative.
    Negative,
}

/// Words of multiples in a unit.
pub const MULTIPLES: [char; 6] = ['十', '百', '千', '万', '亿', '兆'];
/// Currencies that are no yuan, as formats write them.
const FOREIGN: [&str; 10] = ["us$", "$", "usd", "美金", "hk$", "hkd", "€", "eur", "£", "gbp"];
const YUAN: [&str; 6] = ["¥", "￥", "rmb", "cny", "cn¥", "人民币"];

impl Column<'_> {
    /// The unit that every number of the column shows, with a note of it; what leaves a doubt is asked about.
    pub fn shown(&self, findings: &mut Vec<Finding>) -> Option<Unit> {
        let of = |rows: &mut dyn Iterator<Item = &Vec<Spot>>| -> Vec<(&Cell, Said)> {
            let spots = rows.filter_map(|spots| spots.get(self.at).copied().flatten());
            let cells = spots.filter_map(|(row, column)| self.grid.cell(row, column));
            cells.filter_map(|cell| Some((cell, self.said(cell)?))).collect()
        };
        let mut said = of(&mut self.table.body.rows.iter());
        // A total is seen without a word where the rows above it say the unit.
        let totals = of(&mut self.table.body.totals.iter().map(|total| &total.spots));
        said.extend(totals.into_iter().filter(|(_, said)| *said != Said::Nothing));
        let odd: Vec<&(&Cell, Said)> = said.iter().filter(|(_, said)| *said != Said::Nothing).collect();
        let (first, what) = odd.first()?;
        if let (Said::Unit(unit), None, true) = (what, self.sheet, said.iter().all(|(_, other)| other == what)) {
            findings.push(self.converted(first, unit));
            return Some(unit.clone());
        }
        findings.push(self.asked(first, what, odd.len()));
        None
    }

    /// What a cell says; `None` where it holds no amount, or words of its own.
    fn said(&self, cell: &Cell) -> Option<Said> {
        match &cell.value {
            Value::Number(number) if !number.is_zero() => {}
            Value::Text(text) if comparable(text).replace(',', "").parse::<Decimal>().is_ok() => return Some(Said::Nothing),
            _ => return None,
        }
        let Some(words) = cell.words() else { return Some(Said::Nothing) };
        let power = cell.look.as_ref().map_or(0, |look| u32::from(look.thousands) * 3 + u32::from(look.drawn));
        Some(said(words, power, self.spec.unit.as_ref(), self.sheet))
    }

    fn in_force(&self) -> Option<&Unit> {
        self.sheet.or(self.spec.unit.as_ref())
    }

    fn heading(&self) -> &str {
        self.table.heading.bound.get(self.at).and_then(Option::as_ref).map_or("", |bound| bound.text.as_str())
    }

    fn converted(&self, cell: &Cell, unit: &Unit) -> Finding {
        let own = self.spec.unit.as_ref().map_or("", Unit::name);
        let name = unit.name();
        let message = format!("“{}”栏单元格显示的单位为{name}，表样为{own}，已换算为{own}", self.heading());
        Finding { found: Some(name.to_owned()), expected: Some(own.to_owned()), ..self.finding(FindingCode::UnitOverride, cell, message) }
    }

    fn asked(&self, cell: &Cell, said: &Said, count: usize) -> Finding {
        let (heading, seen, stored) = (self.heading(), seen(cell), cell.shown());
        let own = self.in_force().map_or("", Unit::name);
        let many = if count > 1 { format!("{count}格") } else { "1格".to_owned() };
        let (code, message) = if *said == Said::Negative {
            let message = format!(
                "“{heading}”栏有{many}的单元格格式显示“{seen}”，存的是{stored}，现按{stored}{own}读取：请改用不带文字的格式（如0.00），按正负填写后重新报送；存的数无误的，请说明"
            );
            (FindingCode::ScaledFormat, message)
        } else {
            let unit = if own.is_empty() { "不带单位的数".to_owned() } else { own.to_owned() };
            let message = format!(
                "“{heading}”栏有{many}的单元格格式显示“{seen}”，本栏按{unit}读取，未按格式换算：请改用不带文字的格式（如0.00），全栏按{unit}填写后重新报送；数据确为{unit}的，请说明"
            );
            (FindingCode::UnitUnknown, message)
        };
        Finding { found: Some(seen), expected: Some(own.to_owned()), ..self.finding(code, cell, message) }
    }

    fn finding(&self, code: FindingCode, cell: &Cell, message: String) -> Finding {
        let place = self.context.place(self.grid, Some((cell.row, cell.column)));
        let (dataset, column) = (Some(self.dataset.code.clone()), Some(self.spec.name.clone()));
        Finding { dataset, column, ..Finding::new(code, place, message) }
    }
}

/// A number with the words its format writes around it.
#[must_use]
pub fn seen(cell: &Cell) -> String {
    let shown = cell.shown();
    cell.words().map_or_else(|| shown.clone(), |words| format!("{}{shown}{}", words.before.trim(), words.behind.trim()))
}

/// Whether the format says that a number is only about right: `"约"0`, `0"余"`.
#[must_use]
pub fn is_about(cell: &Cell) -> bool {
    cell.words().is_some_and(|words| {
        let text = format!("{}0{}", comparable(&words.before), comparable(&words.behind));
        let mut kinds = Kinds::default();
        without_words(&text, &mut kinds);
        without_between(&comparable(&words.behind), &mut kinds);
        kinds.0.contains(&Kind::Approximate)
    })
}

/// Whether the format writes a percent sign that changes nothing: `0.0"%"`.
#[must_use]
pub fn shows_percent(cell: &Cell) -> bool {
    cell.words().is_some_and(|words| comparable(&words.behind).trim_matches(['(', ')']) == "%")
}

/// What `words` say of a number that is divided by ten to the `power` before it is seen.
fn said(words: &Words, power: u32, column: Option<&Unit>, sheet: Option<&Unit>) -> Said {
    let (before, behind) = (comparable(&words.before), comparable(&words.behind));
    let about = format!("{before}0{behind}");
    let stripped = without_words(&about, &mut Kinds::default());
    if stripped.negative == Some(true) || before == "-" {
        return Said::Negative;
    }
    let is_money = |unit: &&Unit| matches!(unit.dimension(), Dimension::Yuan | Dimension::Dollar);
    if let Some(money) = column.filter(is_money) {
        let is_dollar = money.dimension() == Dimension::Dollar;
        let bears = |signs: &[&str]| signs.iter().any(|sign| before == *sign || behind == *sign);
        let dollars = ["us$", "$", "usd", "美金"];
        if (bears(&YUAN) && is_dollar) || (bears(&FOREIGN) && !(is_dollar && bears(&dollars))) {
            return Said::Unknown;
        }
    }
    let between = |c: char| c.is_ascii_digit() || c == '.';
    let parts = stripped.rest.split(between).filter(|part| !part.is_empty());
    // The unit mostly stands behind.
    let parts: Vec<&str> = parts.collect();
    match parts.iter().rev().map(|part| named(part, column)).find(|named| *named != Named::Nothing) {
        None | Some(Named::Nothing) => Said::Nothing,
        Some(Named::Unknown) => Said::Unknown,
        Some(Named::Unit(unit)) => against(unit, power, column, sheet),
    }
}

/// What a word names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    Nothing,
    Unit(Unit),
    /// A unit that nobody here knows.
    Unknown,
}

fn named(part: &str, column: Option<&Unit>) -> Named {
    let bare = part.trim_matches(['(', ')', '[', ']', ':', ',', '-', '+', '/', ' ']);
    let bare = YUAN.iter().fold(bare, |text, sign| text.strip_prefix(sign).unwrap_or(text));
    let bare = bare.strip_prefix(['余', '多', '来']).unwrap_or(bare);
    if bare == "‰" {
        return Named::Unknown;
    }
    if Unit::prefixes().any(|(prefix, _)| prefix == bare) {
        return column.and_then(|column| Unit::beside(bare, column)).map_or(Named::Unknown, Named::Unit);
    }
    let bare = if bare == "个百分点" { "百分点" } else { bare };
    if let Some(unit) = Unit::parse(bare) {
        return Named::Unit(unit);
    }
    match units::of_brackets(bare) {
        None => Named::Nothing,
        Some(units) if units.unknown.is_empty() && units.known.len() == 1 => {
            units.known.into_iter().next().map_or(Named::Unknown, Named::Unit)
        }
        Some(_) => Named::Unknown,
    }
}

fn against(unit: Unit, power: u32, column: Option<&Unit>, sheet: Option<&Unit>) -> Said {
    let Some(column) = column else { return if unit.is_base() { Said::Nothing } else { Said::Unknown } };
    if unit.is_ratio() && column.is_ratio() {
        return Said::Nothing;
    }
    let in_force = sheet.unwrap_or(column);
    if !unit.converts_to(column) {
        return Said::Unknown;
    }
    // 12345 as 1.2345万元 is 12345元.
    let shift = 10_u64.checked_pow(power).map(Decimal::from);
    if unit.convert(Decimal::ONE, in_force).is_some_and(|one| Some(one) == shift) {
        return Said::Nothing;
    }
    match power {
        0 => Said::Unit(unit),
        // Under a unit that names a multiple every scaling is asked about for itself.
        _ if in_force.name().contains(MULTIPLES) => Said::Nothing,
        _ => Said::Unknown,
    }
}

/// Whether the words name the very unit that the format divides down to: 12345 in 元 shown as `1.2345万`.
#[must_use]
pub fn tell_scaling(cell: &Cell, power: u32, in_force: &Unit) -> bool {
    let Some(words) = cell.words() else { return false };
    let parts = [comparable(&words.behind), comparable(&words.before)];
    let shift = 10_u64.checked_pow(power).map(Decimal::from);
    match parts.iter().map(|part| named(part, Some(in_force))).find(|named| *named != Named::Nothing) {
        Some(Named::Unit(unit)) => unit.convert(Decimal::ONE, in_force).is_some_and(|one| Some(one) == shift),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", "万元", 0, "亿元", None, "万元")]
    #[case("", "万", 0, "亿元", None, "万元")]
    #[case("", "元", 0, "万元", None, "元")]
    #[case("", "(万元)", 0, "亿元", None, "万元")]
    #[case("人民币", "万元", 0, "亿元", None, "万元")]
    #[case("约", "万元", 0, "亿元", None, "万元")]
    #[case("", "亿元", 0, "亿元", None, "-")]
    #[case("", "亿", 0, "亿元", None, "-")]
    #[case("", "万元", 0, "亿元", Some("万元"), "-")]
    #[case("", "万", 4, "元", None, "-")]
    #[case("", "亿元", 4, "万元", None, "-")]
    #[case("", "万", 4, "家", None, "-")]
    #[case("", "户", 0, "家", None, "-")]
    #[case("", "亿元", 8, "亿元", None, "-")]
    #[case("", "万元", 8, "元", None, "?")]
    #[case("", "万美元", 0, "亿元", None, "?")]
    #[case("", "万港元", 0, "亿元", None, "?")]
    #[case("$", "", 0, "亿元", None, "?")]
    #[case("$", "", 0, "万美元", None, "-")]
    #[case("¥", "", 0, "亿元", None, "-")]
    #[case("¥", "", 0, "万美元", None, "?")]
    #[case("", "‰", 0, "%", None, "?")]
    #[case("", "%", 0, "%", None, "-")]
    #[case("", "个百分点", 0, "%", None, "-")]
    #[case("", "%", 0, "亿元", None, "?")]
    #[case("下降", "", 0, "%", None, "负")]
    #[case("-", "", 0, "亿元", None, "负")]
    #[case("增长", "", 0, "%", None, "-")]
    #[case("约", "", 0, "亿元", None, "-")]
    #[case("(", ")", 0, "亿元", None, "-")]
    #[case("", "注", 0, "亿元", None, "-")]
    #[case("第", "批", 0, "个", None, "-")]
    fn words_name_a_unit_or_nothing(
        #[case] before: &str,
        #[case] behind: &str,
        #[case] power: u32,
        #[case] column: &str,
        #[case] sheet: Option<&str>,
        #[case] expected: &str,
    ) {
        let words = Words { before: before.to_owned(), behind: behind.to_owned() };
        let sheet = sheet.and_then(Unit::parse);
        let told = match said(&words, power, Unit::parse(column).as_ref(), sheet.as_ref()) {
            Said::Nothing => "-".to_owned(),
            Said::Unit(unit) => unit.name().to_owned(),
            Said::Unknown => "?".to_owned(),
            Said::Negative => "负".to_owned(),
        };
        assert_eq!(told, expected);
    }
}
