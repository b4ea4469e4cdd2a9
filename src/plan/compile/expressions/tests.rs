//! What Polars makes of the SQL we hand it: exact, and missing stays missing.

use polars::prelude::*;
use rstest::rstest;

use super::*;

fn frame() -> DataFrame {
    let money = Column::new("paid".into(), ["1.10", "2.20", "3.35"]).strict_cast(&DataType::Decimal(38, 2)).unwrap();
    let stage = Column::new("stage".into(), ["在建", "竣工", "竣工"]);
    let name = Column::new("name".into(), [Some("甲"), Some("乙"), None]);
    let landed = Column::new("landed".into(), [Some(true), Some(false), None]);
    let cars = Column::new("cars".into(), [1_i64, 2, 3]);
    DataFrame::new(3, vec![money, stage, name, landed, cars]).unwrap()
}

#[rstest]
#[case("SUM(paid)", "6.65")]
#[case("SUM(paid) FILTER (WHERE stage = '竣工')", "5.55")]
#[case("SUM(paid) FILTER (WHERE stage = '停建')", "null")]
#[case("COUNT(*) FILTER (WHERE landed = TRUE)", "1")]
#[case("COUNT(*) FILTER (WHERE stage = '停建')", "0")]
#[case("COUNT(DISTINCT name)", "2")]
#[case("COUNT(DISTINCT stage) FILTER (WHERE stage = '竣工' AND cars > 2)", "1")]
#[case("COUNT(name)", "2")]
#[case("MIN(paid) FILTER (WHERE cars >= 2)", "2.20")]
#[case("MAX(paid) - MIN(paid)", "2.25")]
#[case("SUM(paid * cars)", "15.55")]
#[case("SUM(CASE WHEN landed = TRUE THEN 1 ELSE 0 END)", "1")]
#[case("SUM(paid) FILTER (WHERE paid > 1.1)", "5.55")]
#[case("SUM(paid) FILTER (WHERE paid >= 1.105 AND paid <= 3)", "2.20")]
#[case("SUM(paid) + 0.5", "7.15")]
#[case("SUM(paid) - -0.05", "6.70")]
#[case("SUM(paid) FILTER (WHERE stage IN ('竣工') AND name IS NOT NULL)", "2.20")]
fn polars_keeps_what_we_allow_exact(#[case] text: &str, #[case] expected: &str) {
    let mut parsed = source::expression(text).unwrap();
    rewrite::exact_literals(&mut parsed);
    let result = frame().lazy().select([sql_expr(parsed.to_string()).unwrap()]).collect().unwrap();
    let column = &result.columns()[0];
    assert!(column.dtype().is_decimal() || column.dtype().is_integer(), "{text}: {}", column.dtype());
    assert_eq!(column.get(0).unwrap().to_string(), expected, "{text}");
}

#[test]
fn a_condition_joins_the_filters_that_are_there() {
    let mut parsed = source::expression("SUM(paid) FILTER (WHERE cars > 1 OR cars < 0) + COUNT(*)").unwrap();
    rewrite::fold(&mut parsed, &source::expression("landed = TRUE OR cars = 3").unwrap());
    assert_eq!(
        parsed.to_string(),
        "SUM(paid) FILTER (WHERE (cars > 1 OR cars < 0) AND (landed = true OR cars = 3)) + COUNT(*) FILTER (WHERE landed = true OR cars = 3)"
    );
    assert_eq!(rewrite::columns(&mut parsed), ["cars", "landed", "paid"]);
}
