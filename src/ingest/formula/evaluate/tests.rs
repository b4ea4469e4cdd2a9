//! Small sheets and what their formulas come to.

use proptest::prelude::*;
use rstest::rstest;
use rust_decimal::dec;

use super::*;
use crate::ingest::formula::reference::cell;
use crate::ingest::grid::Formula;

/// A sheet of cells (`A1`, text): numbers, texts in quotes, formulas behind `=` with their saved value after `→`.
fn sheet(name: &str, cells: &[(&str, &str)]) -> Grid {
    let mut grid = Grid::new(name, true);
    for (place, content) in cells {
        let (row, column) = cell(place).unwrap();
        let mut value = Some(*content);
        if let Some(formula) = content.strip_prefix('=') {
            let (text, saved) = formula.split_once('→').map_or((formula, None), |(text, saved)| (text, Some(saved)));
            grid.formulas.insert((row, column), Formula { text: text.to_owned(), saved: saved.is_some() });
            value = saved;
        }
        let value = value.map(|text| match text {
            "#N/A" => Value::Error(text.to_owned()),
            "TRUE" => Value::Bool(true),
            "2022-06-30" => Value::Date(text.parse().unwrap()),
            text => text.parse().map_or_else(|_| Value::Text(text.trim_matches('"').to_owned()), Value::Number),
        });
        if let Some(value) = value {
            grid.put(Cell { row, column, value, look: None });
        }
    }
    grid
}

fn book() -> Vec<Grid> {
    let first = [
        ("A1", "\"地区\""),
        ("A4", "\"杭州\""),
        ("B4", "1.1"),
        ("B5", "2.2"),
        ("B6", "\"—\""),
        ("C4", "\"3\""),
        ("C5", "#N/A"),
        ("C6", "2022-06-30"),
        ("C7", "TRUE"),
        ("D4", "=B4+B5→0"),
        ("D5", "=D4*2"),
        ("D6", "=VLOOKUP(A4,明细!A:B,2,0)→7"),
        ("D7", "=VLOOKUP(A4,明细!A:B,2,0)→0"),
        ("D8", "=D9→1"),
        ("D9", "=D8→1"),
        ("E4", "=SUBTOTAL(9,B4:B5)→3.3"),
    ];
    let second = [
        ("A1", "\"杭州\""),
        ("B1", "10"),
        ("A2", "\"宁波\""),
        ("B2", "20"),
        ("A3", "\"杭州\""),
        ("B3", "5.5"),
        ("A4", "2022"),
        ("B4", "1"),
    ];
    vec![sheet("表", &first), sheet("明细", &second)]
}

fn figure(text: &str) -> Option<Decimal> {
    let grids = book();
    let mut evaluator = Evaluator::new(&grids, true);
    evaluator.figure(0, &parse(text)?).map(|exact| exact.value.normalize())
}

#[rstest]
#[case::sum("SUM(B4:B6)", Some(dec!(3.3)))]
#[case::several("SUM(B4,B5,1)", Some(dec!(4.3)))]
#[case::texts_add_nothing("SUM(A1:B6)", Some(dec!(3.3)))]
#[case::a_number_as_text("SUM(B4:C4)", None)]
#[case::an_error("SUM(C5)", None)]
#[case::a_date("SUM(C6)", None)]
#[case::a_truth("SUM(C7)", None)]
#[case::a_text("A4+1", None)]
#[case::a_blank("Z9+1", Some(dec!(1)))]
#[case::four_ways("(B4+B5)*2/3-1", Some(dec!(1.2)))]
#[case::percent("-50%*B5", Some(dec!(-1.1)))]
#[case::by_nought("1/0", None)]
#[case::round("ROUND(B4/3,2)", Some(dec!(0.37)))]
#[case::digits_must_be_literal("ROUND(B4,B5)", None)]
#[case::an_area_alone("B4:B5", None)]
#[case::other_sheet("明细!B1+B4", Some(dec!(11.1)))]
#[case::no_such_sheet("没有!B1", None)]
#[case::sum_if("SUMIF(明细!A:A,A4,明细!B:B)", Some(dec!(15.5)))]
#[case::sum_if_word("SUMIF(明细!A1:A3,\"宁波\",明细!B1)", Some(dec!(20)))]
#[case::sum_if_above("SUMIF(明细!B1:B3,\">=10\")", Some(dec!(30)))]
#[case::sum_if_number("SUMIF(明细!A1:A4,2022,明细!B1:B4)", Some(dec!(1)))]
#[case::wildcards("SUMIF(明细!A:A,\"杭*\",明细!B:B)", None)]
#[case::unlike("SUMIF(明细!A:A,\"<>杭州\",明细!B:B)", None)]
#[case::a_formula_is_computed("D4+0", Some(dec!(3.3)))]
#[case::one_without_value_too("D5+0", Some(dec!(6.6)))]
#[case::what_cannot_be_computed_has_its_saved_value("D6+0", Some(dec!(7)))]
#[case::but_not_a_placeholder("D7+0", None)]
#[case::a_circle_is_left_to_its_saved_values("D8+1", Some(dec!(2)))]
#[case::subtotals_leave_subtotals_out("SUBTOTAL(9,B4:B5,E4)", Some(dec!(3.3)))]
#[case::other_subtotals("SUBTOTAL(1,B4:B5)", None)]
#[case::unknown("IF(B4>1,1,2)", None)]
#[case::too_large("99999999999999999999*99999999999999999999", None)]
fn comes_to(#[case] text: &str, #[case] value: Option<Decimal>) {
    assert_eq!(figure(text), value);
}

#[test]
fn hidden_rows_count_as_their_subtotal_says() {
    let mut grids = book();
    grids[0].hidden_rows.insert(4);
    let mut evaluator = Evaluator::new(&grids, false);
    let mut of = |text: &str| evaluator.figure(0, &parse(text).unwrap()).map(|exact| exact.value);
    assert_eq!((of("SUBTOTAL(109,B4:B6)"), of("SUBTOTAL(9,B4:B6)"), of("SUM(B4:B6)")), (Some(dec!(1.1)), None, Some(dec!(3.3))));
}

#[test]
fn cells_under_a_merged_area_are_added_up_as_the_program_does() {
    let mut grids = book();
    grids[0].merges = Some(vec![Merge { top: 3, left: 1, bottom: 4, right: 1 }]);
    grids[0].uncover();
    let mut evaluator = Evaluator::new(&grids, false);
    assert_eq!(evaluator.figure(0, &parse("SUM(B4:B6)").unwrap()).map(|exact| exact.value), Some(dec!(3.3)));
}

#[test]
fn a_long_chain_is_followed_as_far_as_it_is_bounded() {
    let places: Vec<String> = (1..=300).map(|row| format!("A{row}")).collect();
    let texts: Vec<String> = (1..=300).map(|row| if row == 300 { "1".to_owned() } else { format!("=A{}+1→5", row + 1) }).collect();
    let cells: Vec<(&str, &str)> = places.iter().zip(&texts).map(|(place, text)| (place.as_str(), text.as_str())).collect();
    let grids = [sheet("表", &cells)];
    let mut evaluator = Evaluator::new(&grids, true);
    assert!(evaluator.formula((0, 0, 0)).is_some(), "beyond the bound saved values count");
    assert_eq!(evaluator.formula((0, 298, 0)).map(|exact| exact.value), Some(dec!(2)));
}

proptest! {
    #[test]
    fn any_formula_of_any_sheet_comes_to_something_or_nothing(texts in proptest::collection::vec("[A-B1-5:!,()+*/%-]{0,12}|(SUM|SUMIF|ROUND|SUBTOTAL)\\([A-B1-5:,\"0-9>]{0,12}\\)", 1..8)) {
        let mut grid = Grid::new("表", true);
        for (row, text) in (0..).zip(&texts) {
            grid.formulas.insert((row, 0), Formula { text: text.clone(), saved: row % 2 == 0 });
            grid.put(Cell { row, column: 1, value: Value::Number(Decimal::MAX), look: None });
        }
        let grids = [grid];
        let mut evaluator = Evaluator::new(&grids, true);
        for row in 0..8 {
            evaluator.formula((0, row, 0));
            evaluator.is_doubtful((0, row, 0));
        }
    }
}
