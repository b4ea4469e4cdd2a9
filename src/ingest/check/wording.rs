//! Words for findings: a column's caption, an amount as its cell prints it, the months a figure covers.

use rust_decimal::Decimal;

use crate::model::quantity::round;
use crate::model::{Period, Unit};
use crate::plan::{ColumnSpec, ColumnType, Dataset};

/// `1—6月`; `1月` for January.
#[must_use]
pub fn months(data: Period) -> String {
    if data.month() == 1 { "1月".to_owned() } else { format!("1—{}月", data.month()) }
}

/// The column's own heading for that data month: without its bracketed unit, and without the upper heading unless two columns
/// would then read alike.
#[must_use]
pub fn caption(dataset: &Dataset, spec: &ColumnSpec, data: Period) -> String {
    let own = lower(label(spec));
    let alike = dataset.columns.iter().filter(|other| lower(label(other)) == own).count() > 1;
    let text = if alike { label(spec).replace('/', "") } else { own.to_owned() };
    let month = data.month().to_string();
    let text = match data.month() {
        1 => text.replace("1—{month}月", "1月"),
        2 if dataset.january_merged => text.replace("1—{month}月", "{month}月").replace("{month}月", "1—2月"),
        _ => text,
    };
    without_unit(&text.replace("{month}", &month))
}

/// The number alone, with the column's decimals: `1604.20`.
#[must_use]
pub fn number(spec: &ColumnSpec, value: Decimal) -> String {
    let decimals = if spec.kind == ColumnType::Integer { 0 } else { spec.decimals };
    round(value, decimals).to_string()
}

/// The number with its unit: `1604.20亿元`.
#[must_use]
pub fn amount(spec: &ColumnSpec, value: Decimal) -> String {
    let unit = spec.unit.as_ref().map_or("", Unit::name);
    format!("{}{unit}", number(spec, value))
}

/// A bound as the plan writes it, with the column's unit: `0亿元`.
#[must_use]
pub fn bound(spec: &ColumnSpec, value: Decimal) -> String {
    format!("{}{}", value.normalize(), spec.unit.as_ref().map_or("", Unit::name))
}

/// The canonical heading, or the column's name where the plan gives none.
#[must_use]
pub fn label(spec: &ColumnSpec) -> &str {
    spec.labels.first().map_or(spec.name.as_str(), String::as_str)
}

fn lower(label: &str) -> &str {
    label.rsplit('/').next().unwrap_or(label)
}

fn without_unit(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(open) = text.rfind(['（', '(']) else { return text };
    let (head, tail) = text.split_at(open);
    let inside = tail.trim_matches(['（', '(', '）', ')']);
    if Unit::parse(inside).is_some() && !head.is_empty() { head.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn captions_read_like_the_sheet() {
        let mut dataset = sample::matrix();
        let june = sample::june();
        let total = dataset.column("paid_total").unwrap();
        assert_eq!(caption(&dataset, total, june), "1—6月累计");
        assert_eq!(caption(&dataset, total, Period::new(2022, 1).unwrap()), "1月累计");
        // Where January is not handed in alone, February's own month is 1—2月.
        let merged = Dataset { january_merged: true, ..dataset.clone() };
        let february = Period::new(2022, 2).unwrap();
        assert_eq!(caption(&merged, &merged.columns[1], february), "1—2月");
        assert_eq!(caption(&merged, &merged.columns[2], february), "1—2月累计");
        assert_eq!(amount(total, dec!(1604.2)), "1604.20亿元");
        assert_eq!(bound(total, dec!(0.00)), "0亿元");
        // A second group of columns with the same lower heading brings the upper one in.
        let mut second = dataset.columns[2].clone();
        second.labels = vec!["其中：设备投资/1—{month}月累计".to_owned()];
        dataset.columns.push(second);
        assert_eq!(caption(&dataset, &dataset.columns[2], june), "完成投资1—6月累计");
    }

    #[test]
    fn a_bracketed_unit_is_no_part_of_the_caption() {
        assert_eq!(without_unit("总投资（万元）"), "总投资");
        assert_eq!(without_unit("智能工厂（数字化车间）"), "智能工厂（数字化车间）");
    }
}
