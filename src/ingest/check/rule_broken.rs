//! `rule-broken` and `out-of-scope`: a rule declared in the pipeline file does not hold.
//!
//! A rule is an SQL boolean over the table's frame; what is neither true nor false, because a cell it reads is blank, holds.

use polars::prelude::{Column as FrameColumn, DataFrame, IntoLazy, PolarsResult};
use polars::sql::sql_expr;
use regex::{Captures, Regex};
use rust_decimal::Decimal;

use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::{Finding, FindingCode};
use crate::plan::frame::frame;
use crate::plan::{ColumnSpec, Rule};

/// Evaluates the declared rules.
pub fn check(table: &Table) -> Vec<Finding> {
    if table.dataset.rules.is_empty() || table.now.rows() == 0 {
        return Vec::new();
    }
    let frame = match frame(table.dataset, &[table.now]) {
        Ok(frame) => frame,
        Err(error) => {
            tracing::error!(dataset = %table.dataset.code, %error, "rules not evaluated: the table does not fit its plan");
            return vec![not_evaluated(table, None)];
        }
    };
    let mut findings = Vec::new();
    for rule in &table.dataset.rules {
        match broken(&frame, rule) {
            Ok(rows) => findings.extend(rows.into_iter().map(|row| finding(table, rule, row))),
            // The plan's compiler refuses rules that cannot be evaluated at all: it is these figures that it cannot be evaluated over.
            Err(error) => {
                tracing::error!(dataset = %table.dataset.code, rule = %rule.expression, %error, "rule not evaluated");
                findings.push(not_evaluated(table, rule.column.as_ref().and_then(|name| table.dataset.column(name))));
            }
        }
    }
    findings
}

/// What could not be checked is not accepted unchecked.
fn not_evaluated(table: &Table, spec: Option<&ColumnSpec>) -> Finding {
    let message = "表内校验规则无法计算，疑有数值大得超出计算范围，请核对本表各数的大小和单位，修改后重新报送。".to_owned();
    match spec {
        Some(spec) => table.at_column(FindingCode::RuleBroken, spec, message),
        None => table.at_table(FindingCode::RuleBroken, message),
    }
}

/// The rows in which the rule is false; the first row stands for the table where it is one of the whole table.
fn broken(frame: &DataFrame, rule: &Rule) -> PolarsResult<Vec<usize>> {
    let held = frame.clone().lazy().select([sql_expr(&rule.expression)?.alias("held")]).collect()?;
    let held = held.columns().first().map(FrameColumn::bool).transpose()?;
    let rows = held.into_iter().flat_map(|held| held.iter().enumerate()).filter(|(_, held)| *held == Some(false));
    let rows: Vec<usize> = rows.map(|(row, _)| row).collect();
    Ok(if rule.per_row { rows } else { rows.into_iter().take(1).collect() })
}

fn finding(table: &Table, rule: &Rule, row: usize) -> Finding {
    let code = if rule.out_of_scope { FindingCode::OutOfScope } else { FindingCode::RuleBroken };
    let message = filled(table, rule, row);
    let spec = rule.column.as_ref().and_then(|name| table.dataset.column(name));
    let finding = match (spec, rule.per_row) {
        (Some(spec), true) => table.at_cell(code, row, spec, message),
        (Some(spec), false) => table.at_column(code, spec, message),
        (None, true) => match table.dataset.columns.first() {
            Some(first) => Finding { column: None, ..table.at_cell(code, row, first, message) },
            None => table.at_table(code, message),
        },
        (None, false) => table.at_table(code, message),
    };
    Finding { severity: rule.severity, ..finding }
}

/// The rule's message with `{column}` and `{row}` filled in: the row's value, or the column's sum in a rule of the whole table.
fn filled(table: &Table, rule: &Rule, row: usize) -> String {
    let message = rule.message.trim();
    let Ok(placeholder) = Regex::new(r"\{([a-z_][a-z0-9_]*)\}") else { return message.to_owned() };
    let text = placeholder.replace_all(message, |found: &Captures| {
        let name = found.get(1).map_or("", |name| name.as_str());
        let value = match table.dataset.column(name) {
            Some(spec) if rule.per_row => table.printed(row, spec),
            Some(spec) => sum(table, spec).map(|sum| wording::number(spec, sum)),
            None if name == "row" && rule.per_row => table.sheet_row(row).map(|row| row.to_string()),
            None => Some(found.get(0).map_or("", |whole| whole.as_str()).to_owned()),
        };
        value.unwrap_or_else(|| "（空）".to_owned())
    });
    if text.ends_with(['。', '！', '？']) { text.into_owned() } else { format!("{text}。") }
}

fn sum(table: &Table, spec: &ColumnSpec) -> Option<Decimal> {
    let mut values = (0..table.now.rows()).filter_map(|row| table.value(row, spec)).peekable();
    values.peek()?;
    values.try_fold(Decimal::ZERO, Decimal::checked_add)
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::{FindingCode, Severity};
    use crate::plan::{ColumnType, Dataset, Rule};

    fn with_rule(expression: &str, message: &str, column: &str, per_row: bool) -> Dataset {
        let rule = Rule {
            expression: expression.to_owned(),
            per_row,
            severity: Severity::Error,
            message: message.to_owned(),
            column: Some(column.to_owned()),
            out_of_scope: false,
            explained_counts: false,
        };
        Dataset { rules: vec![rule], ..sample::records() }
    }

    #[test]
    fn a_row_that_breaks_the_rule_is_told_with_its_figures() {
        let dataset = with_rule(
            "paid_total <= total_investment",
            "累计完成投资{paid_total}万元，大于总投资{total_investment}万元，请核对修改",
            "paid_total",
            true,
        );
        assert!(sample::told(&dataset, &sample::projects(), &Past::default()).is_empty());
        // A blank total investment is neither more nor less: the rule holds.
        let rows: [&[&str]; 2] = [&["P-1", "甲", "330100", "", "9800", "12000", ""], &["P-2", "乙", "330200", "", "", "800", ""]];
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default()),
            ["rule-broken F5 累计完成投资12000万元，大于总投资9800万元，请核对修改。"]
        );
    }

    #[test]
    fn a_rule_that_cannot_be_evaluated_returns_the_file() {
        let dataset = with_rule("SUM(nothing) <= total_investment", "不符", "paid_total", true);
        let rows: [&[&str]; 1] = [&["P-1", "甲", "330100", "", "1", "1", ""]];
        let findings = sample::findings(&dataset, &sample::table(&dataset, &rows), &Past::default());
        let told = findings.iter().find(|finding| finding.code == FindingCode::RuleBroken).expect("told, never skipped");
        assert!(told.returns_file() && told.message.contains("无法计算"), "{}", told.message);
        assert_eq!(told.place.cell, "F5".parse().ok());
    }

    #[test]
    fn scope_rules_carry_their_own_code_and_severity() {
        let mut dataset =
            with_rule("total_investment >= 10000", "第{row}行{region}{name}总投资不足1亿元，请说明", "total_investment", true);
        dataset.rules[0].out_of_scope = true;
        dataset.rules[0].severity = Severity::Explain;
        let rows: [&[&str]; 1] = [&["P-1", "甲", "330100", "", "9800", "", ""]];
        let now = sample::table(&dataset, &rows);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["out-of-scope E5 第5行杭州甲总投资不足1亿元，请说明。"]);
        assert_eq!(sample::findings(&dataset, &now, &Past::default())[0].severity, Severity::Explain);
    }

    /// The kinds of expression pipeline files use, each with a table that keeps it and one that breaks it.
    #[rstest::rstest]
    #[case("total_investment >= 1", "9800", "0")]
    #[case("total_investment > 0 OR paid_total = 0", "9800", "0")]
    #[case("level <> '市县' OR started_on IS NOT NULL", "9800", "1")]
    #[case("level IN ('省级重点') OR total_investment > 5", "6", "5")]
    #[case("paid_total + 1 <= 2 * total_investment", "3", "1")]
    #[case("CASE WHEN level = '市县' THEN total_investment > 9 ELSE TRUE END", "10", "9")]
    #[case("landed = TRUE OR total_investment > 5", "6", "5")]
    #[case("share <= total_investment", "4", "3")]
    fn expressions_of_pipeline_files_evaluate(#[case] expression: &str, #[case] kept: &str, #[case] wrong: &str) {
        let mut dataset = with_rule(expression, "不符", "total_investment", true);
        dataset.columns.push(sample::column("landed", "是否落地", ColumnType::Flag, None, 0));
        dataset.columns.push(sample::column("share", "份额", ColumnType::Decimal, Some("亿元"), 2));
        let date = if kept == "9800" { "2022-06-01" } else { "" };
        let good = sample::table(&dataset, &[&["P-1", "甲", "", "市县", kept, "3", date, "否", "3.50"]]);
        assert!(sample::told(&dataset, &good, &Past::default()).is_empty());
        let bad = sample::table(&dataset, &[&["P-1", "甲", "", "市县", wrong, "3", "", "否", "3.50"]]);
        assert_eq!(sample::told(&dataset, &bad, &Past::default()), ["rule-broken E5 不符。"]);
    }

    #[test]
    fn a_rule_between_the_items_of_a_form() {
        let expression = "SUM(amount) FILTER (WHERE item = '物流及其他') <= SUM(amount) FILTER (WHERE item = '税费减免')";
        let rules = with_rule(expression, "物流及其他大于税费减免，请核对", "amount", false).rules;
        let dataset = Dataset { rules, ..sample::form() };
        let good = sample::table(&dataset, &[&["税费减免", "900", ""], &["物流及其他", "900", ""]]);
        assert!(sample::told(&dataset, &good, &Past::default()).is_empty());
        let bad = sample::table(&dataset, &[&["税费减免", "900", ""], &["物流及其他", "900.01", ""]]);
        assert_eq!(sample::told(&dataset, &bad, &Past::default()), ["rule-broken B5 物流及其他大于税费减免，请核对。"]);
        // An item that was not reported is neither more nor less.
        let blank = sample::table(&dataset, &[&["税费减免", "", ""], &["物流及其他", "900.01", ""]]);
        assert!(sample::told(&dataset, &blank, &Past::default()).is_empty());
    }

    #[test]
    fn a_rule_over_the_table_is_told_once() {
        let dataset = with_rule("SUM(paid_total) <= 5000", "累计完成投资合计{paid_total}万元，超过5000万元", "paid_total", false);
        assert_eq!(
            sample::told(&dataset, &sample::projects(), &Past::default()),
            ["rule-broken F5 累计完成投资合计5800万元，超过5000万元。"]
        );
    }
}
