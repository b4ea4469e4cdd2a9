//! Changes of a sheet that keep its meaning: what people do to cells, columns and rows.

use rust_decimal::Decimal;
use wenjin::ingest::grid::Value;
use wenjin::model::Unit;
use wenjin::plan::{ColumnSpec, ColumnType, Dataset, Shape};

use super::chance::Chance;
use super::sheet::{Cell, Kind, Row, Sheet, by_text, text};

/// The sheets of a variant; the first one of `dataset` is what changes go to.
pub struct Draft<'a> {
    pub dataset: &'a Dataset,
    pub sheets: Vec<Sheet>,
    /// May's sheet of the same table.
    pub may: Option<&'a Sheet>,
}

impl Draft<'_> {
    pub fn main(&mut self) -> &mut Sheet {
        &mut self.sheets[0]
    }

    fn columns(&self, wanted: impl Fn(&ColumnSpec) -> bool) -> Vec<usize> {
        let bound = self.dataset.columns.iter().zip(&self.sheets[0].bound);
        bound.filter(|(spec, _)| wanted(spec)).filter_map(|(_, at)| *at).collect()
    }

    pub fn numbers(&self) -> Vec<usize> {
        self.columns(is_number)
    }

    pub fn region(&self) -> Option<usize> {
        self.columns(|spec| spec.kind == ColumnType::Region).first().copied()
    }

    fn first(&self) -> usize {
        self.sheets[0].bound.iter().flatten().min().copied().unwrap_or(0)
    }

    pub fn is_list(&self) -> bool {
        self.dataset.shape == Shape::Records
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

fn is_number(spec: &ColumnSpec) -> bool {
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
    let caption = draft.main().rows.iter_mut().filter(|row| row.kind == Kind::Above).flat_map(|row| row.cells.iter_mut().flatten());
    let caption = caption
        .filter_map(|cell| if let Value::Text(text) = &mut cell.value { Some(text) } else { None })
        .find(|text| text.contains(&own) && text.contains("单位"))?;
    let style = chance.of(&["单位：", "金额单位：人民币", "（单位："]);
    *caption = format!("{style}{word}{}", if style.starts_with('（') { "）" } else { "" });
    let columns = draft.columns(|spec| is_number(spec) && spec.unit != Unit::parse("%"));
    let factor = |power: u32| Decimal::from(10_u64.pow(power));
    draft.numbers_of(&columns, &[Kind::Data, Kind::Total], |cell, number| {
        cell.value = Value::Number(if *from > to { number * factor(from - to) } else { number / factor(to - from) });
    })
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

pub fn columns_shuffled(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let sheet = draft.main();
    if !sheet.is_plain() {
        return None;
    }
    let width = sheet.width();
    let mut order: Vec<usize> = (0..width).collect();
    chance.shuffle(&mut order);
    for row in sheet.rows.iter_mut().filter(|row| matches!(row.kind, Kind::Heading | Kind::Data | Kind::Total)) {
        row.cells.resize(width, None);
        row.cells = order.iter().map(|from| row.cells[*from].clone()).collect();
        row.spans.clear();
    }
    let to = |from: usize| order.iter().position(|at| *at == from);
    sheet.bound = sheet.bound.iter().map(|at| at.and_then(to)).collect();
    Some(())
}

pub fn extra_column(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let sheet = draft.main();
    let at = sheet.width();
    let name = chance.of(&["经办处室", "联系人及电话", "核对情况"]);
    let first = *sheet.at(Kind::Heading).first()?;
    sheet.rows[first].put(at, text(name));
    for row in sheet.rows.iter_mut().filter(|row| row.kind == Kind::Data) {
        row.put(at, text("投资处"));
    }
    Some(())
}

pub fn hidden_column(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let width = draft.main().width();
    draft.main().hidden_columns.insert(chance.below(width));
    Some(())
}

pub fn filtered_rows(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let data = draft.main().at(Kind::Data);
    for at in data.iter().skip(1).filter(|_| chance.below(3) == 0).collect::<Vec<_>>() {
        draft.main().rows[*at].hidden = true;
    }
    Some(())
}

pub fn column_numbers(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let sheet = draft.main();
    let width = sheet.width();
    let first = if chance.flip() { "甲" } else { "1" };
    let cells = (0..width).map(|at| {
        Some(if at == 0 { text(first) } else { Cell { value: Value::Number(Decimal::from(at + usize::from(first == "1"))), ..text("") } })
    });
    let last = *sheet.at(Kind::Heading).last()?;
    sheet.rows.insert(last + 1, Row::new(Kind::Heading, cells.collect()));
    Some(())
}

fn line(words: &str) -> Row {
    Row::new(Kind::Other, vec![Some(text(words))])
}

pub fn blank_mark(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let sheet = draft.main();
    let last = sheet.at(Kind::Data).into_iter().chain(sheet.at(Kind::Total)).max()?;
    sheet.rows.insert(last + 1, line(chance.of(&["以下空白", "（以下空白）", "以下无正文"])));
    Some(())
}

pub fn signature_line(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let words = [
        "分管领导：王某某",
        "填报人：张三　联系电话：0571-00000000",
        "处室负责人：李某　经办：赵某",
        "单位负责人（签字）：王某某",
        "审核人：钱某　填报日期：2022年7月8日",
    ];
    draft.main().rows.push(line(chance.of(&words)));
    Some(())
}

/// The total words of a form's or matrix's own total row.
pub const TOTALS: [&str; 11] = ["合计", "总计", "共计", "汇总", "总额", "总数", "小计", "全省", "全国", "累计", "总和"];

pub fn total_renamed(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let column = draft.first();
    let [at] = draft.main().at(Kind::Total)[..] else { return None };
    draft.main().rows[at].text(column)?;
    draft.main().rows[at].put(column, text(chance.of(&TOTALS)));
    Some(())
}

pub fn total_on_top(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let sheet = draft.main();
    let [at] = sheet.at(Kind::Total)[..] else { return None };
    let row = sheet.rows.remove(at);
    let first = *sheet.at(Kind::Data).first()?;
    sheet.rows.insert(first, row);
    Some(())
}

/// The total as a formula with the right saved value.
pub fn total_as_formula(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let columns = draft.columns(|spec| is_number(spec) && spec.unit != Unit::parse("%"));
    let [at] = draft.main().at(Kind::Total)[..] else { return None };
    let data = draft.main().of(Kind::Data);
    let mut any = None;
    for column in columns {
        let sum: Decimal = data.iter().filter_map(|row| number(row, column)).sum();
        if number(&draft.main().rows[at], column) == Some(sum) {
            draft.main().rows[at].cells[column].as_mut()?.sums = true;
            any = Some(());
        }
    }
    any
}

fn number(row: &Row, column: usize) -> Option<Decimal> {
    if let Value::Number(number) = row.cells.get(column)?.as_ref()?.value { Some(number) } else { None }
}

/// A row of sums over `rows`, called `label` in `column`.
fn sums(draft: &Draft, rows: &[Row], column: usize, label: &str) -> Row {
    let mut total = Row::new(Kind::Total, Vec::new());
    for at in draft.columns(|spec| is_number(spec) && spec.unit != Unit::parse("%")) {
        let numbers: Vec<Decimal> = rows.iter().filter_map(|row| number(row, at)).collect();
        if !numbers.is_empty() {
            total.put(at, Cell { value: Value::Number(numbers.into_iter().sum()), ..text("") });
        }
    }
    total.put(column, text(label));
    total
}

/// After each city's rows a row with their sums; by hand, or as 分类汇总 writes it.
fn subtotals(draft: &mut Draft, column: usize, word: &str, end: Option<&str>) -> Option<()> {
    if !draft.is_list() || !draft.sheets[0].of(Kind::Total).is_empty() {
        return None;
    }
    let region = draft.region()?;
    let data = draft.main().of(Kind::Data);
    let at = *draft.main().at(Kind::Data).first()?;
    let mut rows = Vec::new();
    for (city, own) in by_text(&data, region) {
        let total = sums(draft, &own, column, &format!("{city}{word}"));
        rows.extend(own);
        rows.push(total);
    }
    rows.extend(end.map(|end| sums(draft, &data, column, end)));
    let sheet = draft.main();
    sheet.rows.retain(|row| row.kind != Kind::Data);
    sheet.rows.splice(at..at, rows);
    Some(())
}

pub fn subtotal_per_city(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let column = draft.first();
    subtotals(draft, column, "小计", None)
}

pub fn subtotals_by_excel(draft: &mut Draft, _: &mut Chance) -> Option<()> {
    let column = draft.region()?;
    subtotals(draft, column, " 汇总", Some("总计"))
}

pub fn list_with_total(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    if !draft.is_list() || !draft.sheets[0].of(Kind::Total).is_empty() {
        return None;
    }
    let data = draft.main().of(Kind::Data);
    let total = sums(draft, &data, draft.first(), chance.of(&["合计", "总计", "共计"]));
    let last = *draft.main().at(Kind::Data).last()?;
    draft.main().rows.insert(last + 1, total);
    Some(())
}

pub fn heading_repeated(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    if !draft.is_list() {
        return None;
    }
    let sheet = draft.main();
    let heading = sheet.of(Kind::Heading);
    let data = sheet.at(Kind::Data);
    let every = 3 + chance.below(20);
    for at in data.iter().skip(every).step_by(every).rev() {
        sheet.rows.splice(*at..*at, heading.clone());
    }
    (data.len() > every).then_some(())
}

pub fn remark_inside(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    if !draft.is_list() {
        return None;
    }
    let sheet = draft.main();
    let data = sheet.at(Kind::Data);
    let at = *data.get(1 + chance.below(data.len().max(2) - 1))?;
    let words = ["说明：以下为6月新增", "注：以下为第二批", "以下由各市补报", "备注：上述名单已公示"];
    sheet.rows.insert(at, line(chance.of(&words)));
    Some(())
}

pub fn blank_rows_inside(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let sheet = draft.main();
    let data = sheet.at(Kind::Data);
    let at = *data.get(1 + chance.below(data.len().max(2) - 1))?;
    for _ in 0..=chance.below(3) {
        sheet.rows.insert(at, Row::new(Kind::Other, Vec::new()));
    }
    Some(())
}
