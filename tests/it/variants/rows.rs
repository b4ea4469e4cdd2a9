//! Changes of columns and rows that keep their meaning: order, totals, headings, remarks, marks.

use rust_decimal::Decimal;
use wenjin::ingest::grid::Value;
use wenjin::model::Unit;

use super::chance::Chance;
use super::change::{Draft, is_number};
use super::sheet::{Cell, Kind, Row, by_text, text};

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
    draft.main().hidden_columns.insert(chance.below(width)).then_some(())
}

pub fn filtered_rows(draft: &mut Draft, chance: &mut Chance) -> Option<()> {
    let data = draft.main().at(Kind::Data);
    let hidden: Vec<usize> = data.into_iter().skip(1).filter(|_| chance.below(3) == 0).collect();
    for at in &hidden {
        draft.main().rows[*at].hidden = true;
    }
    (!hidden.is_empty()).then_some(())
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
    let last = draft.main().rows.len().checked_sub(1)?;
    draft.main().rows.insert(last + 1, line(chance.of(&words)));
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
    if !draft.is_list() || !draft.sheets[0].of(Kind::Total).is_empty() || draft.has_texts(&draft.numbers()) {
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
    if !draft.is_list() || !draft.sheets[0].of(Kind::Total).is_empty() || draft.has_texts(&draft.numbers()) {
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
