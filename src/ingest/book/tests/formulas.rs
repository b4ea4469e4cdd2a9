//! Formulas, number formats, date systems: what a workbook says beside its values.

use rust_xlsxwriter::Formula;

use super::*;

const HEADING: &[&[&str]] = &[
    &["单位：亿元"],
    &["地区", "完成投资", "", "本月", "上月累计"],
    &["", "1—6月累计", "上年同期"],
    &["杭州市", "", "240"],
    &["宁波市", "", "230"],
    &["金华市", "", "110"],
    &["全省"],
];

/// A sheet whose cumulative column holds formulas: text, saved value (`None`: a placeholder 0).
fn with_formulas(formulas: [(&str, Option<&str>); 4]) -> (Vec<Observations>, Vec<Finding>) {
    read_sheets(vec![investment()], |workbook| {
        let sheet = workbook.add_worksheet().set_name("技改投资").unwrap();
        block(sheet, 0, HEADING);
        block(sheet, 3, &[&["", "", "", "60", "202"], &["", "", "", "50", "200.5"], &["", "", "", "40", "80.25"]].map(|row| &row[..]));
        for (row, (text, saved)) in (3..).zip(formulas) {
            let formula = Formula::new(text);
            let formula = if let Some(saved) = saved { formula.set_result(saved) } else { formula };
            sheet.write_formula(row, 1, formula).unwrap();
        }
    })
}

fn lines(findings: &[Finding]) -> Vec<String> {
    let told = findings.iter().filter(|finding| finding.returns_file());
    told.map(|finding| format!("{} {}", finding.code.code(), finding.place.cell.map(|cell| cell.to_string()).unwrap_or_default())).collect()
}

const RIGHT: [(&str, Option<&str>); 4] = [
    ("=ROUND(SUM(D4,E4),2)", Some("262")),
    ("=D5+E5", Some("250.5")),
    ("=SUM(D6:E6)", Some("120.25")),
    ("=ROUND(SUM(B4:B6),2)", Some("632.75")),
];

#[test]
fn right_values_are_accepted_without_a_question() {
    let (tables, findings) = with_formulas(RIGHT);
    assert_eq!(lines(&findings), [""; 0]);
    assert_eq!(tables[0].totals[0].values[0].1, Some(rust_decimal::dec!(632.75)));
}

#[test]
fn a_stale_value_is_asked_about_and_its_total_is_not() {
    let mut formulas = RIGHT;
    formulas[0].1 = Some("252");
    formulas[3].1 = Some("622.75");
    let (_, findings) = with_formulas(formulas);
    assert_eq!(lines(&findings), ["formula-differs B4"]);
    assert_eq!(
        findings.iter().find(|finding| finding.code == FindingCode::FormulaDiffers).unwrap().message,
        "“1—6月累计”保存的数为252，按其公式应为262：请在Excel或WPS中打开、重新计算（F9）并保存，或粘贴为数值后重新报送；如保存的数无误，请说明。"
    );
    // A total that does not even follow what was saved is told itself.
    formulas[3].1 = Some("600");
    assert_eq!(lines(&with_formulas(formulas).1), ["formula-differs B4", "formula-differs B7"]);
}

#[test]
fn placeholders_are_no_figures() {
    let formulas = RIGHT.map(|(text, _)| (text, None));
    assert_eq!(lines(&with_formulas(formulas).1), ["formula-differs B4", "formula-differs B5", "formula-differs B6"]);
}

#[test]
fn what_cannot_be_computed_is_asked_about_as_a_placeholder_only() {
    let mut formulas = RIGHT;
    formulas[0] = ("=MAX(D4,E4)", Some("262"));
    formulas[1] = ("=MAX(D5,E5)", None);
    formulas[2] = ("=MAX(D9,E9)", None);
    let (_, findings) = with_formulas(formulas);
    assert_eq!(lines(&findings), ["formula-differs B5"], "the 0 of B6 leans on nothing");
}

#[test]
fn a_formula_within_rounding_is_no_matter() {
    let mut formulas = RIGHT;
    formulas[1] = ("=D5+E5+0.004", Some("250.5"));
    formulas[2] = ("=D6*1.00000001+E6", Some("120.25"));
    assert_eq!(lines(&with_formulas(formulas).1), [""; 0]);
}

fn scaled(caption: &str, format: &str) -> Vec<crate::ingest::reading::Scaled> {
    let reply = read_named("省经信厅_2022-06.xlsx", vec![investment()], |workbook| {
        let sheet = workbook.add_worksheet().set_name("技改投资").unwrap();
        block(
            sheet,
            0,
            &[&[caption], &["地区", "完成投资", ""], &["", "1—6月累计", "上年同期"], &["杭州市", "", "240"], &["宁波市", "5", "6"]],
        );
        sheet.write_number_with_format(3, 1, 26_200_000_000.0, &Style::new().set_num_format(format)).unwrap();
    });
    let Reply::Read { facts, .. } = reply else { panic!("refused") };
    facts.into_iter().flat_map(|facts| facts.scaled).collect()
}

#[test]
fn a_scaling_format_is_noticed_under_a_multiple() {
    let found = scaled("单位：亿元", "0!.00,,");
    assert_eq!((found.len(), found[0].power, found[0].seen.to_string()), (1, 8, "262.00".to_owned()));
    assert_eq!((found[0].cell.to_string().as_str(), found[0].unit.as_str()), ("B4", "亿元"));
    assert_eq!(scaled("", "0.00,")[0].power, 3, "the form's own unit names one");
    assert!(scaled("单位：元", "0.00,").is_empty());
    assert!(scaled("单位：亿元", "_(* #,##0_)").is_empty());
}
