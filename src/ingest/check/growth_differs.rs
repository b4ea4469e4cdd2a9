//! `growth-differs`: the growth a row reports and the growth its own figures make differ by more than half a point (口径不同).

use rust_decimal::{Decimal, dec};

use crate::ingest::check::growth::{Computed, computed};
use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::quantity::round;
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

const POINTS_MAX: Decimal = dec!(0.5);

/// Compares reported with computed growth, row by row; the amounts stand in the same table or in another one of the file.
pub fn check<'a>(table: &Table<'a>, tables: &[Table<'a>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spec in table.numeric() {
        findings.extend(computed(table, tables, spec).iter().filter_map(|one| differing(table, spec, one)));
    }
    findings
}

/// The finding, where the two are more than half a point apart.
fn differing(table: &Table, growth: &ColumnSpec, computed: &Computed) -> Option<Finding> {
    let reported = table.value(computed.row, growth)?;
    let gap = reported.checked_sub(computed.growth).map(|gap| gap.abs()).filter(|gap| *gap > POINTS_MAX)?;
    let places = growth.decimals.max(1);
    let message = format!(
        "{}{}，按“{}”与“{}”计算为{}%，相差{}个百分点，疑似口径不同，请核对。",
        table.caption(growth),
        wording::amount(growth, reported),
        computed.value,
        computed.base,
        round(computed.growth, places),
        round(gap, places)
    );
    let finding = table.at_cell(FindingCode::GrowthDiffers, computed.row, growth, message);
    Some(Finding { expected: Some(round(computed.growth, places).to_string()), ..finding })
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::plan::ColumnType;

    #[test]
    fn growth_on_another_basis_is_noted() {
        let mut dataset = sample::matrix();
        dataset.columns.push(sample::column("growth", "1—{month}月同比增长（%）", ColumnType::Decimal, Some("%"), 1));
        let rows: [&[&str]; 3] =
            [&["330100", "", "262", "240", "12.5"], &["330200", "", "110", "100", "9.5"], &["330300", "", "120.25", "0", "30.0"]];
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default()),
            ["growth-differs E5 1—6月同比增长12.5%，按“1—6月累计”与“上年同期累计”计算为9.2%，相差3.3个百分点，疑似口径不同，请核对。"]
        );
    }
}
