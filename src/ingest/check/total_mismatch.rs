//! `total-mismatch` and `total-below-parts`: a 合计 row against the sum of its parts.
//!
//! Tolerance: number of parts × half a unit of the last decimal; whole numbers were never rounded and must agree. Ratios are
//! never summed. In a table of cities 省本级 and 跨市 stand beside the cities (`plan::own`); where totals must agree a difference
//! can be explained, and then the total counts. While parts are blank or stand twice the total may be larger than their sum. A 小计 row adds up its block of rows only;
//! 其中 and 不含 rows add up nothing that is known.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::ingest::check::spelling::unified;
use crate::ingest::check::table::{Table, total_value};
use crate::ingest::check::wording::{amount, number};
use crate::ingest::layout::words::is_total;
use crate::model::{Finding, FindingCode, Severity, TotalKind, TotalRow};
use crate::plan::own::{Settled, Verdict, settle};
use crate::plan::{ColumnSpec, ColumnType, Shape, TotalRule};

/// Compares every total row with its parts.
pub fn check(table: &Table) -> Vec<Finding> {
    if table.dataset.total_rule == TotalRule::Independent {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for total in &table.now.totals {
        let Some(rows) = parts(table, total) else { continue };
        let all = compared(table, total, &rows);
        // Of a table in several blocks each may bear its own total.
        let own: Vec<usize> = rows.iter().copied().filter(|row| table.now.part_of(*row) == total.part).collect();
        let of_block = !all.is_empty() && own.len() < rows.len() && !own.is_empty() && compared(table, total, &own).is_empty();
        if !of_block {
            findings.extend(all);
        }
    }
    findings
}

/// What a total row differs in from the sum of `rows`.
fn compared(table: &Table, total: &TotalRow, rows: &[usize]) -> Vec<Finding> {
    let parts = without_repeats(table, rows);
    let is_whole = parts.len() == rows.len() && !(table.dataset.shape == Shape::Matrix && rows.len() < table.plan.regions.len());
    let told = table.amounts().filter_map(|spec| compare(table, total, spec, &parts, is_whole));
    if total.kind == TotalKind::Block && table.dataset.shape == Shape::Matrix {
        // What a 小计 among cities adds up is the sender's own affair: told, and left out.
        return told.map(|finding| Finding { severity: Severity::Note, ..finding }).collect();
    }
    told.collect()
}

fn compare(table: &Table, total: &TotalRow, spec: &ColumnSpec, parts: &[usize], is_whole: bool) -> Option<Finding> {
    let value = total_value(total, spec)?;
    let numbers: Vec<Decimal> = parts.iter().filter_map(|row| table.value(*row, spec)).collect();
    if numbers.is_empty() {
        return None;
    }
    let sum = numbers.iter().copied().try_fold(Decimal::ZERO, Decimal::checked_add)?;
    let difference = value.checked_sub(sum)?;
    let settled = settle(table.plan, table.dataset, table.now, spec).filter(|settled| settled.total == Some(value));
    if let Some(settled) = settled.filter(|_| total.kind == TotalKind::Whole && parts.len() == table.now.rows()) {
        return beside_cities(table, total, spec, (value, settled));
    }
    if difference.abs() <= tolerance(spec, numbers.len())? {
        return None;
    }
    let is_below = difference.is_sign_negative();
    let may_be_larger = table.dataset.total_rule == TotalRule::AtLeast || !is_whole || numbers.len() < parts.len();
    if !is_below && may_be_larger {
        return None;
    }
    let code = if table.dataset.total_rule == TotalRule::AtLeast { FindingCode::TotalBelowParts } else { FindingCode::TotalMismatch };
    let message = message(table, total, spec, (value, sum, difference.abs()));
    Some(Finding { expected: Some(number(spec, sum)), ..table.at_total(code, total, spec, message) })
}

/// The total of a table of cities against the cities and what stands beside them.
fn beside_cities(table: &Table, total: &TotalRow, spec: &ColumnSpec, (value, settled): (Decimal, Settled)) -> Option<Finding> {
    let at_least = table.dataset.total_rule == TotalRule::AtLeast;
    let all = settled.cities.checked_add(settled.apart.unwrap_or_default())?;
    let gap = value.checked_sub(all)?.abs();
    let label: String = total.label.chars().filter(|c| !c.is_whitespace()).collect();
    let with = if settled.apart.is_some() { "各市与省本级相加" } else { "分市相加" };
    let (shown, sum, by) = (amount(spec, value), amount(spec, all), amount(spec, gap));
    let (code, severity, message) = match settled.verdict()? {
        // What a row beside the cities already says needs no word; a blank city is told at its cell.
        Verdict::Larger if at_least && settled.apart.is_some() => return None,
        // The total is the sum of both: that a row beside the cities appears is asked once a table.
        Verdict::Larger if gap.is_zero() => return None,
        Verdict::NoTotal | Verdict::Agrees | Verdict::CityInTotal | Verdict::Incomplete => return None,
        Verdict::Larger if at_least => {
            let message = format!("{label}{shown}，比各市相加多{by}，按“省本级及跨市”单列。");
            (FindingCode::TotalMismatch, Severity::Note, message)
        }
        Verdict::Below if at_least => {
            let message = format!("{label}{shown}，少于{with}{sum}，相差{by}，请核对修改。");
            (FindingCode::TotalBelowParts, Severity::Error, message)
        }
        Verdict::Larger | Verdict::BeyondApart | Verdict::Below => {
            let message = format!("{label}{shown}，{with}{sum}，相差{by}，请核对；如含省本级或跨市项目，请在“情况说明”栏注明。");
            (FindingCode::TotalMismatch, Severity::Explain, message)
        }
    };
    Some(Finding { severity, expected: Some(number(spec, all)), ..table.at_total(code, total, spec, message) })
}

fn message(table: &Table, total: &TotalRow, spec: &ColumnSpec, (value, sum, gap): (Decimal, Decimal, Decimal)) -> String {
    let label: String = total.label.chars().filter(|c| !c.is_whitespace()).collect();
    let added = match table.dataset.shape {
        Shape::Matrix => "分市相加",
        Shape::Form => "各项相加",
        Shape::Records => "各行相加",
    };
    let (value, sum, gap) = (amount(spec, value), amount(spec, sum), amount(spec, gap));
    match (table.dataset.total_rule, table.dataset.shape) {
        (TotalRule::AtLeast, _) => format!("{label}{value}，少于{added}{sum}，相差{gap}，请核对修改。"),
        _ => format!("{label}{value}，{added}{sum}，相差{gap}，请核对修改。"),
    }
}

fn tolerance(spec: &ColumnSpec, parts: usize) -> Option<Decimal> {
    if spec.kind == ColumnType::Integer {
        return Some(Decimal::ZERO);
    }
    Decimal::try_new(5, spec.decimals.checked_add(1)?).ok()?.checked_mul(Decimal::from(parts))
}

/// The rows a total row adds up; `None` for rows that add up something else.
fn parts(table: &Table, total: &TotalRow) -> Option<Vec<usize>> {
    let label = unified(&total.label);
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if says(&["其中", "不含", "单列", "除", "县"]) || total.kind == TotalKind::Own {
        return None;
    }
    // Across, a subtotal's block cannot be told from the rest: it is left alone.
    if total.kind == TotalKind::Block && table.dataset.regions_across {
        return None;
    }
    if total.kind == TotalKind::Block {
        return Some(block(table, total));
    }
    let province = &table.plan.province;
    let is_province = [&province.name, &province.short_name].into_iter().chain(&province.aliases).any(|name| unified(name) == label);
    (is_province || is_total(&label)).then(|| (0..table.now.rows()).collect())
}

/// The rows without those that repeat a key: a row twice is its own finding, and nobody knows whether the total counts it twice.
fn without_repeats(table: &Table, rows: &[usize]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    rows.iter().copied().filter(|row| table.key(table.now, *row).is_none_or(|key| seen.insert(unified(&key)))).collect()
}

/// The rows between a subtotal and the next total row above it, or below it where subtotals stand on top of their blocks.
fn block(table: &Table, total: &TotalRow) -> Vec<usize> {
    let here = || table.now.totals.iter().filter(|row| row.part == total.part);
    let subtotals = here().filter(|row| row.kind == TotalKind::Block);
    let first = subtotals.map(|row| row.row).min().unwrap_or(total.row);
    let sheet_rows: Vec<(usize, u32)> = (0..table.now.rows())
        .filter(|row| table.now.part_of(*row) == total.part)
        .filter_map(|row| Some((row, table.sheet_row(row)?)))
        .collect();
    let stands_below = sheet_rows.iter().any(|(_, row)| *row < first);
    let borders = here().map(|row| row.row);
    let (from, to) = if stands_below {
        (borders.filter(|row| *row < total.row).max().unwrap_or(0), total.row)
    } else {
        (total.row, borders.filter(|row| *row > total.row).min().unwrap_or(u32::MAX))
    };
    sheet_rows.into_iter().filter(|(_, row)| from < *row && *row < to).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::{Finding, Observations};
    use crate::plan::TotalRule;

    fn with_total(label: &str, value: &str) -> Observations {
        let mut now = sample::investment();
        // The cities add up to 632.75.
        now.totals = vec![sample::total(label, 8, &[("paid_total", value), ("month_paid", "150"), ("paid_last_year", "")])];
        now
    }

    #[test]
    fn a_total_off_by_more_than_rounding_is_told_in_the_sheet_s_numbers() {
        let dataset = sample::matrix();
        for close in ["632.75", "632.76", "632.74"] {
            assert!(sample::told(&dataset, &with_total("合　　计", close), &Past::default()).is_empty(), "{close}");
        }
        assert_eq!(
            sample::told(&dataset, &with_total("合　　计", "633.05"), &Past::default()),
            ["total-mismatch C8 合计633.05亿元，分市相加632.75亿元，相差0.30亿元，请核对；如含省本级或跨市项目，请在“情况说明”栏注明。"]
        );
        let finding = sample::findings(&dataset, &with_total("合计", "632.77"), &Past::default()).remove(0);
        assert_eq!((finding.found.as_deref(), finding.expected.as_deref()), (Some("632.77"), Some("632.75")));
    }

    #[test]
    fn province_level_projects_may_make_the_total_larger_never_smaller() {
        let mut dataset = sample::matrix();
        dataset.total_rule = TotalRule::AtLeast;
        assert_eq!(
            sample::told(&dataset, &with_total("全省", "700"), &Past::default()),
            ["total-mismatch C8 全省700.00亿元，比各市相加多67.25亿元，按“省本级及跨市”单列。"]
        );
        assert!(!sample::findings(&dataset, &with_total("全省", "700"), &Past::default()).iter().any(Finding::returns_file));
        assert_eq!(
            sample::told(&dataset, &with_total("全省", "600"), &Past::default()),
            ["total-below-parts C8 全省600.00亿元，少于分市相加632.75亿元，相差32.75亿元，请核对修改。"]
        );
        dataset.total_rule = TotalRule::Independent;
        assert!(sample::told(&dataset, &with_total("全省", "600"), &Past::default()).is_empty());
    }

    #[test]
    fn rows_that_say_其中_or_不含_are_no_totals() {
        for label in ["其中：义乌", "全省（不含宁波）", "山区26县"] {
            assert!(sample::told(&sample::matrix(), &with_total(label, "1"), &Past::default()).is_empty(), "{label}");
        }
    }

    #[test]
    fn a_city_without_figures_or_twice_is_not_the_total_s_fault() {
        let dataset = sample::matrix();
        let codes = |rows: &[&[&str]], total: &str| -> Vec<&'static str> {
            let mut now = sample::table(&dataset, rows);
            now.totals = vec![sample::total("合计", 9, &[("paid_total", total)])];
            sample::findings(&dataset, &now, &Past::default()).iter().map(|finding| finding.code.code()).collect()
        };
        let (a, b, c) = (["330100", "", "10", ""], ["330200", "", "20", ""], ["330300", "", "30", ""]);
        assert_eq!(codes(&[&a, &c], "60"), ["missing-region"]);
        assert_eq!(codes(&[&a, &b, &["330300", "1", "", ""]], "60"), ["missing-value"]);
        assert_eq!(codes(&[&a, &b, &c, &b], "60"), ["duplicate-key"]);
        assert_eq!(codes(&[&a, &b, &c, &b], "80"), ["duplicate-key"]);
        assert_eq!(codes(&[&a, &c], "39"), ["missing-region", "total-mismatch"], "a total below what is there is wrong in any case");
    }

    #[test]
    fn a_subtotal_adds_up_its_own_block() {
        let dataset = sample::records();
        let row = |code: &'static str, paid: &'static str| [code, "甲", "", "", "", paid, ""];
        let (a, b, c) = (row("P-1", "10"), row("P-2", "20"), row("P-3", "5"));
        let mut now = sample::table(&dataset, &[&a, &b, &c]);
        for (at, sheet_row) in [(0, 5), (1, 6), (2, 8)] {
            for cell in now.cells[at].iter_mut().flatten() {
                cell.row = sheet_row - 1;
            }
        }
        // The third row's name is merged downward from the first block.
        now.cells[2][1] = "B6".parse().ok();
        now.totals = vec![
            sample::total("小计", 7, &[("paid_total", "30")]),
            sample::total("小计", 9, &[("paid_total", "5")]),
            sample::total("合计", 10, &[("paid_total", "35")]),
        ];
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
        now.totals[1] = sample::total("小计", 9, &[("paid_total", "8")]);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["total-mismatch F9 小计8万元，各行相加5万元，相差3万元，请核对修改。"]);
    }
}
