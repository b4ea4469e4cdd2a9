//! A plan of two cities and two departments, and observations for it, built by hand for the tests.

use std::collections::BTreeMap;

use chrono::DateTime;
use rust_decimal::{Decimal, dec};

use crate::aggregate::{Figures, draw_up};
use crate::model::{
    Accepted, CellRef, Column, ContentHash, DepartmentCode, IndicatorRow, Observations, Period, RegionCode, TotalRow, Unit, Values,
};
use crate::plan::{
    Accumulation, Calculation, Calendar, Checks, ColumnSpec, ColumnType, Comparison, Dataset, Department, Expression, Frequency,
    GrowthBasis, Indicator, LightRules, Measure, Pace, Plan, Region, Shape, Target, TargetYear, Task, TotalRule,
};
use crate::settings::{Appearance, Theme};

pub const HANGZHOU: &str = "330100";
pub const NINGBO: &str = "330200";

pub fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub fn code(text: &str) -> DepartmentCode {
    DepartmentCode(text.to_owned())
}

fn unit(name: &str) -> Unit {
    Unit::parse(name).unwrap()
}

fn column(name: &str, kind: ColumnType, unit_name: &str, decimals: u32) -> ColumnSpec {
    ColumnSpec {
        name: name.to_owned(),
        labels: vec![],
        kind,
        unit: Unit::parse(unit_name),
        decimals,
        required: false,
        unique: false,
        min: None,
        max: None,
        pattern: None,
        choices: vec![],
        last_year_of: None,
        month_of: None,
    }
}

fn dataset(name: &str, from: &[&str], shape: Shape, accumulation: Accumulation, columns: Vec<ColumnSpec>) -> Dataset {
    Dataset {
        code: name.to_owned(),
        title: name.to_owned(),
        measure: None,
        from: from.iter().map(|department| code(department)).collect(),
        sheets: vec!["表".to_owned()],
        shape,
        accumulation,
        frequency: Frequency::Month,
        lag: 0,
        due_day: 8,
        january_merged: false,
        key: columns.first().map(|column| column.name.clone()).into_iter().collect(),
        columns,
        total_rule: TotalRule::Equal,
        items: vec![],
        regions_across: false,
        rules: vec![],
        may_be_empty: true,
        list_year: false,
    }
}

fn datasets() -> Vec<Dataset> {
    use ColumnType::{Choice, Integer, Region, Text};
    let region = || column("region", Region, "", 0);
    let amount = |name: &str| column(name, ColumnType::Decimal, "亿元", 2);
    let matrix = |name: &str, accumulation, columns| Dataset {
        january_merged: true,
        ..dataset(name, &["jxt"], Shape::Matrix, accumulation, columns)
    };
    let text = |name: &str| column(name, Text, "", 0);
    let words = ["task", "status", "progress"].map(text).to_vec();
    let reasons = ["indicator", "reason", "next_steps", "expected"].map(text).to_vec();
    vec![
        matrix("invest", Accumulation::Cumulative, vec![region(), amount("paid"), amount("paid_last_year")]),
        matrix("growth", Accumulation::Cumulative, vec![region(), column("growth", ColumnType::Decimal, "%", 1)]),
        matrix("output", Accumulation::Flow, vec![region(), column("output", Integer, "辆", 0)]),
        dataset(
            "projects",
            &["jxt", "fgw"],
            Shape::Records,
            Accumulation::Snapshot,
            vec![text("name"), region(), column("sector", Choice, "", 0), column("total", ColumnType::Decimal, "万元", 2)],
        ),
        Dataset {
            frequency: Frequency::Quarter,
            lag: 3,
            ..dataset("gdp", &["fgw"], Shape::Form, Accumulation::Cumulative, vec![text("item"), amount("amount")])
        },
        dataset("tasks", &["jxt", "fgw"], Shape::Records, Accumulation::Snapshot, words),
        dataset("lagging", &["jxt", "fgw"], Shape::Records, Accumulation::Snapshot, reasons),
    ]
}

pub fn expression(sql: &str, columns: &[&str], unit_name: &str) -> Expression {
    Expression {
        source: sql.to_owned(),
        sql: sql.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        unit: Unit::parse(unit_name),
    }
}

pub fn target(level: Decimal, comparison: Comparison) -> Target {
    Target {
        level: Some((level, Decimal::ONE)),
        comparison,
        growth: None,
        growth_comparison: Comparison::AtLeast,
        year: TargetYear::In(2022),
        year_from_plan: true,
        wording: None,
        text: String::new(),
        base: None,
        grows: false,
        regions: BTreeMap::new(),
    }
}

fn indicator(name: &str, unit_name: &str, decimals: u32, calculation: Calculation, goal: Option<Target>, pace: Pace) -> Indicator {
    Indicator {
        code: name.to_owned(),
        title: name.to_owned(),
        owner: code("jxt"),
        source: "部门调度".to_owned(),
        unit: unit(unit_name),
        decimals,
        calculation,
        growth: None,
        reported_growth: None,
        target: goal,
        pace,
        counts_in: None,
        any_year: None,
        restricted: false,
        never_red: false,
        by_region: true,
        notes: vec![],
    }
}

fn simple(dataset: &str, value: Expression) -> Calculation {
    Calculation::Simple { dataset: dataset.to_owned(), value, last_year: None, month: None, to_date: false }
}

fn indicators() -> Vec<Indicator> {
    let invest = |value: &str| expression(&format!("SUM({value})"), &[value], "亿元");
    let of_sector = |sector: &str| expression(&format!("COUNT(*) FILTER (WHERE sector = '{sector}')"), &["sector"], "");
    let to_date = Calculation::Simple {
        dataset: "invest".to_owned(),
        value: invest("paid"),
        last_year: Some(invest("paid_last_year")),
        month: None,
        to_date: false,
    };
    let share = Calculation::Ratio {
        dataset: "projects".to_owned(),
        numerator: of_sector("制造业"),
        denominator: expression("COUNT(*)", &[], ""),
        last_numerator: None,
        last_denominator: None,
    };
    let output = Calculation::Simple {
        dataset: "output".to_owned(),
        value: expression("SUM(output)", &["output"], "辆"),
        last_year: None,
        month: None,
        to_date: true,
    };
    let third = Target { level: Some((dec!(100), dec!(3))), year: TargetYear::Every, ..target(dec!(0), Comparison::AtLeast) };
    let growing = Target { growth: Some(dec!(10)), ..target(dec!(3500), Comparison::AtLeast) };
    let sum = Calculation::Derived { terms: vec![("factories".to_owned(), 1), ("services".to_owned(), 1)] };
    vec![
        Indicator {
            growth: Some(GrowthBasis::Computed),
            ..indicator("invest", "亿元", 2, to_date.clone(), Some(growing.clone()), Pace::Linear)
        },
        Indicator {
            growth: Some(GrowthBasis::Reported),
            reported_growth: Some(("growth".to_owned(), "growth".to_owned())),
            ..indicator("invest-reported", "亿元", 2, to_date, Some(growing), Pace::Linear)
        },
        indicator("output", "万辆", 2, output, Some(target(dec!(40), Comparison::AtLeast)), Pace::Linear),
        indicator("share", "%", 1, share, Some(third), Pace::None),
        indicator("total", "亿元", 2, simple("projects", expression("SUM(total)", &["total"], "万元")), None, Pace::None),
        Indicator { by_region: false, ..indicator("sum", "个", 0, sum, Some(target(dec!(27), Comparison::AtLeast)), Pace::DueDate(6)) },
        indicator("factories", "个", 0, simple("projects", of_sector("制造业")), Some(target(dec!(20), Comparison::About)), Pace::Linear),
        indicator("services", "个", 0, simple("projects", of_sector("服务业")), None, Pace::None),
        Indicator {
            by_region: false,
            ..indicator("gdp", "亿元", 2, simple("gdp", invest("amount")), Some(target(dec!(10000), Comparison::MoreThan)), Pace::Linear)
        },
    ]
}

fn region(code: &str, name: &str) -> Region {
    Region { code: RegionCode(code.to_owned()), name: name.to_owned(), short_name: name.to_owned(), aliases: vec![], counties: vec![] }
}

fn department(name: &str) -> Department {
    Department {
        code: code(name),
        name: name.to_owned(),
        full_name: name.to_owned(),
        aliases: vec![],
        address: String::new(),
        to: vec![],
        cc: vec![],
        contact: String::new(),
        reports: true,
    }
}

pub fn plan() -> Plan {
    let task = Task { code: "1-1".to_owned(), title: "甲".to_owned(), departments: vec![code("jxt")], owner: code("jxt"), notes: vec![] };
    Plan {
        name: "方案".to_owned(),
        short_name: "方案".to_owned(),
        year: 2022,
        province: region("330000", "浙江省"),
        regions: vec![region(HANGZHOU, "杭州市"), region(NINGBO, "宁波市")],
        departments: vec![department("fgw"), department("jxt"), department("czt")],
        actions: vec![],
        measures: vec![Measure {
            number: 6,
            title: "举措".to_owned(),
            short_title: "举措".to_owned(),
            action: 2,
            departments: vec![code("jxt"), code("fgw")],
            consolidated_by: vec![code("jxt")],
            indicators: indicators(),
            tasks: vec![task],
            notes: vec![],
        }],
        datasets: datasets(),
        lights: LightRules {
            pace_green: dec!(0.0),
            pace_red: dec!(-10.0),
            growth_red_short: dec!(5),
            ratio_yellow_pct: dec!(10),
            hold_green: dec!(-0.10),
            hold_yellow: dec!(-0.30),
            at_most_yellow_times: dec!(1.5),
        },
        calendar: Calendar::default(),
        checks: Checks::default(),
        earlier: crate::plan::Earlier::default(),
        hash: String::new(),
    }
}

pub fn appearance() -> Appearance {
    Appearance {
        sample: true,
        mark: String::new(),
        note: String::new(),
        theme: Theme::Clean,
        ranks: true,
        region_lights: true,
        figures_in_mail: true,
        captions: crate::settings::Captions::shipped(),
    }
}

/// One accepted table; column n stands in sheet column n (A, B, …), its first data row in row 7.
pub fn accepted(dataset: &str, department: &str, at: &str, columns: Vec<(&str, Values)>) -> Accepted {
    let height = columns.first().map_or(0, |(_, values)| match values {
        Values::Text(values) => values.len(),
        Values::Integer(values) => values.len(),
        Values::Decimal(values) => values.len(),
        Values::Date(values) => values.len(),
        Values::Flag(values) => values.len(),
        Values::Region(values) => values.len(),
    });
    let cells = (6..).take(height).map(|row| (0..).take(columns.len()).map(|column| Some(CellRef::new(row, column))).collect()).collect();
    Accepted {
        observations: Observations {
            dataset: dataset.to_owned(),
            department: code(department),
            period: period(at),
            sheet: dataset.to_owned(),
            columns: columns.into_iter().map(|(name, values)| Column { name: name.to_owned(), values }).collect(),
            cells,
            totals: vec![],
            parts: vec![],
        },
        file: format!("{department}_{at}.xlsx"),
        hash: ContentHash::of(format!("{dataset} {department} {at}").as_bytes()),
        received_at: DateTime::parse_from_rfc3339("2022-07-08T10:12:00+08:00").unwrap(),
    }
}

pub fn cities() -> Values {
    Values::Region([HANGZHOU, NINGBO].map(|code| Some(RegionCode(code.to_owned()))).to_vec())
}

/// Investment to date and a year before, for the two cities.
pub fn invest(at: &str, paid: [Option<Decimal>; 2], before: [Option<Decimal>; 2]) -> Accepted {
    let columns =
        vec![("region", cities()), ("paid", Values::Decimal(paid.to_vec())), ("paid_last_year", Values::Decimal(before.to_vec()))];
    accepted("invest", "jxt", at, columns)
}

/// Published growth, the province's in the total row.
pub fn growth(at: &str, province: Option<Decimal>, cities_growth: [Option<Decimal>; 2]) -> Accepted {
    let mut table = accepted("growth", "jxt", at, vec![("region", cities()), ("growth", Values::Decimal(cities_growth.to_vec()))]);
    table.observations.totals =
        vec![TotalRow { label: "全省".to_owned(), row: 6, values: vec![("growth".to_owned(), province)], ..TotalRow::default() }];
    table
}

/// Vehicles of the month.
pub fn output(at: &str, vehicles: [Option<i64>; 2]) -> Accepted {
    accepted("output", "jxt", at, vec![("region", cities()), ("output", Values::Integer(vehicles.to_vec()))])
}

/// Projects as (region, sector, total in 万元).
pub fn projects(department: &str, at: &str, rows: &[(&str, &str, Option<Decimal>)]) -> Accepted {
    let text = |pick: fn(&(&str, &str, Option<Decimal>)) -> String| rows.iter().map(|row| Some(pick(row))).collect::<Vec<_>>();
    let columns = vec![
        ("name", Values::Text(text(|row| row.1.to_owned()))),
        ("region", Values::Region(rows.iter().map(|row| (!row.0.is_empty()).then(|| RegionCode(row.0.to_owned()))).collect())),
        ("sector", Values::Text(text(|row| row.1.to_owned()))),
        ("total", Values::Decimal(rows.iter().map(|row| row.2).collect())),
    ];
    accepted("projects", department, at, columns)
}

/// The figures of a month.
pub fn figures(at: &str, accepted: &[Accepted]) -> Figures {
    draw_up(&plan(), period(at), accepted, &appearance()).unwrap()
}

/// One indicator's row of a month.
pub fn row(at: &str, accepted: &[Accepted], name: &str) -> IndicatorRow {
    let rows = figures(at, accepted).tables.swap_remove(0).rows;
    rows.into_iter().find(|row| row.code == name).unwrap()
}
