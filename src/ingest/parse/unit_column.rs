//! A column of the sender's own that gives a unit or a currency row by row: where it says another one than the row is read in, it is asked about.

use crate::ingest::grid::{Cell, Grid};
use crate::ingest::layout::Block;
use crate::model::quantity::Dimension;
use crate::model::{Finding, FindingCode, Unit};
use crate::plan::Dataset;

use super::Context;
use super::text::comparable;
use super::unit::SheetUnits;

/// Headings of such columns; one of organisations (单位) holds no units and is passed over.
const LABELS: [&str; 5] = ["单位", "计量单位", "金额单位", "币种", "货币"];

/// The first cell of each such column that does not fit; nothing where the dataset declares the column itself.
pub fn findings(grid: &Grid, dataset: &Dataset, table: &Block, units: &SheetUnits, context: Context) -> Vec<Finding> {
    let columns = table.heading.extra.iter().filter(|extra| {
        let label = comparable(extra.text.rsplit('/').next().unwrap_or(&extra.text));
        LABELS.contains(&label.as_str())
    });
    let read: Vec<&Unit> = dataset.columns.iter().enumerate().filter_map(|(at, spec)| units.of(at).or(spec.unit.as_ref())).collect();
    let rows: Vec<u32> = table.body.rows.iter().filter_map(|spots| spots.iter().flatten().map(|(row, _)| *row).max()).collect();
    let odd = columns.filter_map(|extra| {
        let cells = rows.iter().filter_map(|row| grid.cell(*row, extra.column));
        let odd: Vec<(&Cell, Unit)> = cells.filter_map(|cell| Some((cell, said(cell)?))).filter(|(_, unit)| !fits(unit, &read)).collect();
        let (first, unit) = odd.first()?;
        let own: Vec<&str> = read.iter().filter(|own| is_money(own) == is_money(unit)).map(|own| own.name()).collect();
        let message = format!(
            "“{}”栏有{}行注明“{}”，而本表按{}读取，未按该栏换算：请按表样的单位填写各行后重新报送；数据确以{}填报的，请说明",
            extra.text,
            odd.len(),
            first.shown(),
            own.first().unwrap_or(&"表样单位"),
            own.first().unwrap_or(&"表样单位"),
        );
        let place = context.place(grid, Some((first.row, first.column)));
        let finding = Finding::new(FindingCode::UnitUnknown, place, message);
        Some(Finding { dataset: Some(dataset.code.clone()), found: Some(first.shown()), ..finding })
    });
    odd.collect()
}

/// The unit or the currency that a cell names.
fn said(cell: &Cell) -> Option<Unit> {
    let text = comparable(cell.text()?);
    let text = match text.as_str() {
        "人民币" | "rmb" | "cny" => "元",
        "美金" | "usd" => "美元",
        text => text,
    };
    Unit::parse(text)
        .filter(|unit| is_money(unit) || matches!(unit.dimension(), Dimension::Kilowatt | Dimension::Tonne | Dimension::Vehicle))
}

/// A row is read in that very unit; the name of a currency alone fits every unit of it.
fn fits(unit: &Unit, read: &[&Unit]) -> bool {
    let mut alike = read.iter().filter(|own| own.converts_to(unit) || (is_money(own) && is_money(unit)));
    let names_currency = matches!(unit.name(), "元" | "美元");
    alike.clone().next().is_none() || alike.any(|own| *own == unit || (names_currency && own.converts_to(unit)))
}

fn is_money(unit: &Unit) -> bool {
    matches!(unit.dimension(), Dimension::Yuan | Dimension::Dollar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_fits_itself_and_a_currency_all_its_units() {
        let unit = |name: &str| Unit::parse(name).unwrap();
        let (yi, dollars, homes) = (unit("亿元"), unit("万美元"), unit("家"));
        assert!(fits(&unit("亿元"), &[&yi, &homes]) && fits(&unit("元"), &[&yi]) && fits(&unit("吨"), &[&yi]));
        assert!(!fits(&unit("万元"), &[&yi]) && !fits(&unit("元"), &[&dollars]) && !fits(&unit("美元"), &[&yi]));
    }
}
