//! What is changed, and changes of cells that keep their meaning: how numbers, units and dates are written.

use rust_decimal::Decimal;
use wenjin::ingest::grid::Value;
use wenjin::model::Unit;
use wenjin::plan::{ColumnSpec, ColumnType, Dataset, Shape};

use super::chance::Chance;
use super::sheet::{Cell, Kind, Sheet};

/// The sheets of a variant; the first one of `dataset` is what changes go to.
pub struct Draft<'a> {
    pub dataset: &'a Dataset,
    pub sheets: Vec<Sheet>,
    /// May's sheet of the same table.
    pub may: Option<&'a Sheet>,
    /// Several sheets hold rows of the table: hiding one of them would change what the workbook says.
    pub is_spread: bool,
}

impl Draft<'_> {
    pub fn main(&mut self) -> &mut Sheet {
        &mut self.sheets[0]
    }

    pub fn columns(&self, wanted: impl Fn(&ColumnSpec) -> bool) -> Vec<usize> {
        let bound = self.dataset.columns.iter().zip(&self.sheets[0].bound);
        bound.filter(|(spec, _)| wanted(spec)).filter_map(|(_, at)| *at).collect()
    }

    pub fn numbers(&self) -> Vec<usize> {
        self.columns(is_number)
    }

    pub fn region(&self) -> Option<usize> {
        self.columns(|spec| spec.kind == ColumnType::Region).first().copied()
    }

    pub fn first(&self) -> usize {
        self.sheets[0].bound.iter().flatten().min().copied().unwrap_or(0)
    }

    pub fn is_list(&self) -> bool {
        self.dataset.shape == Shape::Records
    }

    /// Whether a column holds numbers that are texts already: they would have to be read before they can be added up or scaled.
    pub fn has_texts(&self, columns: &[usize]) -> bool {
        let rows = self.sheets[0].rows.iter().filter(|row| matches!(row.kind, Kind::Data | Kind::Total));
        rows.flat_map(|row| columns.iter().map(|at| row.text(*at))).any(|text| text.is_some())
    }

    fn numbers_of(&mut self, columns: &[usize], kinds: &[Kind], change: impl Fn(&mut Cell, Decimal)) -> Option<()> {
        let mut any = None;
        let rows = self.main().rows.iter_mut().filter(|row| kinds.contains(&row.kind));
        for cell in rows
            .flat_map(|row| row.cells.iter_mut().enumerate())
            .filter(|(at, _)| columns.contains(at))
            .filter_map(|(_, cell)| cell.as_mut())
        {
            if let Value::Number(number) = cell.value {
                change(cell, number);
                any = Some(());
            }
        }
        any
    }
}

pub fn is_number(spec: &ColumnSpec) -> bool {
    matches!(spec.kind, ColumnType::Decimal | ColumnType::Integer)
}

pub fn numbers_as_text(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let columns = draft.numbers();
    let wide = chance.flip();
    draft.numbers_of(&columns, &[Kind::Data, Kind::Total], |cell, number| {
        // A percentage as text would need its sign.
        if cell.format.is_empty() {
            let digits = number.normalize().to_string();
            cell.value = Value::Text(if wide { digits.chars().map(full_width).collect() } else { digits });
        }
    })
}

fn full_width(c: char) -> char {
    match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap_or(c),
        '.' => '．',
        other => other,
    }
}

pub fn thousands_separators(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let columns = draft.numbers();
    draft.numbers_of(&columns, &[Kind::Data, Kind::Total], |cell, number| {
        if cell.format.is_empty() && number.is_sign_positive() {
            let digits = number.normalize().to_string();
            let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), String::new()), |(w, f)| (w, format!(".{f}")));
            let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
            cell.value = Value::Text(groups.join(",") + &fraction);
        }
    })
}

pub fn percent_format(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let columns = draft.columns(|spec| is_number(spec) && spec.unit == Unit::parse("%"));
    draft.numbers_of(&columns, &[Kind::Data, Kind::Total], |cell, number| {
        if cell.format.is_empty() {
            cell.value = Value::Number(number / Decimal::ONE_HUNDRED);
            cell.format = "0.00%";
        }
    })
}

/// Powers of ten of the words that a caption of money may bear.
const MONEY: [(&str, u32); 6] = [("元", 0), ("千元", 3), ("万元", 4), ("百万元", 6), ("千万元", 7), ("亿元", 8)];

/// Another unit in the caption or in a heading, its values to match.
pub fn other_unit(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let (word, to) = *chance.of(&MONEY.iter().collect::<Vec<_>>());
    let mut any = None;
    for (at, spec) in draft.dataset.columns.iter().enumerate().filter(|(_, spec)| is_number(spec)) {
        let Some(column) = draft.sheets[0].bound[at] else { continue };
        let own = spec.unit.as_ref().map(|unit| unit.name().to_owned()).unwrap_or_default();
        let Some((_, from)) = MONEY.iter().find(|(known, _)| *known == own).filter(|(_, from)| *from != to) else { continue };
        let mark = format!("（{own}）");
        if draft.has_texts(&[column]) {
            continue;
        }
        let heading =
            draft.main().rows.iter_mut().filter(|row| row.kind == Kind::Heading).filter_map(|row| row.cells.get_mut(column)?.as_mut());
        for cell in heading {
            if let Value::Text(text) = &mut cell.value
                && text.contains(&mark)
            {
                *text = text.replace(&mark, &format!("（{word}）"));
                let factor = |power: u32| Decimal::from(10_u64.pow(power));
                draft.numbers_of(&[column], &[Kind::Data, Kind::Total], |cell, number| {
                    cell.value = Value::Number(if *from > to { number * factor(from - to) } else { number / factor(to - from) });
                });
                any = Some(());
                break;
            }
        }
    }
    any
}

/// The caption's 单位：X becomes 单位：Y, its columns with it.
pub fn other_caption(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let (word, to) = *chance.of(&MONEY.iter().collect::<Vec<_>>());
    let marked = draft.sheets[0]
        .of(Kind::Heading)
        .iter()
        .flat_map(|row| row.cells.iter().flatten())
        .any(|cell| matches!(&cell.value, Value::Text(text) if text.contains("元）")));
    let units: Vec<String> = draft
        .dataset
        .columns
        .iter()
        .filter(|spec| is_number(spec))
        .filter_map(|spec| Some(spec.unit.as_ref()?.name().to_owned()))
        .collect();
    let own = units.iter().find(|unit| MONEY.iter().any(|(known, _)| known == unit))?.clone();
    let (_, from) = MONEY.iter().find(|(known, _)| *known == own)?;
    if marked || *from == to || units.iter().any(|unit| *unit != own && unit != "%") {
        return None;
    }
    let columns = draft.columns(|spec| is_number(spec) && spec.unit != Unit::parse("%"));
    if draft.has_texts(&columns) {
        return None;
    }
    let caption = caption_of(draft.main(), &own)?;
    let style = chance.of(&["单位：", "金额单位：人民币", "（单位："]);
    *caption = format!("{style}{word}{}", if style.starts_with('（') { "）" } else { "" });
    let factor = |power: u32| Decimal::from(10_u64.pow(power));
    draft.numbers_of(&columns, &[Kind::Data, Kind::Total], |cell, number| {
        cell.value = Value::Number(if *from > to { number * factor(from - to) } else { number / factor(to - from) });
    })
}

/// The text of the unit line that names a unit.
fn caption_of<'a>(sheet: &'a mut Sheet, unit: &str) -> Option<&'a mut String> {
    let cells = sheet.rows.iter_mut().filter(|row| row.kind == Kind::Above).flat_map(|row| row.cells.iter_mut().flatten());
    let mut texts = cells.filter_map(|cell| if let Value::Text(text) = &mut cell.value { Some(text) } else { None });
    texts.find(|text| text.starts_with("单位") && text.contains(unit))
}

pub fn dates_as_text(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let format = chance.of(&["%Y年%-m月%-d日", "%Y-%m-%d", "%Y/%-m/%-d", "%Y.%m.%d", "%Y-%m-%d 08:30:00"]);
    let mut any = None;
    for cell in draft.main().rows.iter_mut().filter(|row| row.kind == Kind::Data).flat_map(|row| row.cells.iter_mut().flatten()) {
        if let Value::Date(date) = cell.value {
            cell.value = Value::Text(date.format(format).to_string());
            any = Some(());
        }
    }
    any
}

pub fn struck_rows(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let data = draft.main().at(Kind::Data);
    let at = *data.get(chance.below(data.len().max(1)))?;
    draft.main().rows[at].cells.iter_mut().flatten().for_each(|cell| cell.struck = true);
    Some(())
}
