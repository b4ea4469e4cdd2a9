//! Small hand-made plans and tables for the checks' tests: clean, so that a planted fault stands alone.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::ingest::check::table::Table;
use crate::ingest::check::{Past, check};
use crate::ingest::layout::words::total_kind;
use crate::model::{CellRef, Column, DepartmentCode, Finding, Observations, Period, RegionCode, TotalRow, Unit, Values};
use crate::plan::{
    Accumulation, Calculation, Calendar, Checks, ColumnSpec, ColumnType, CountsIn, Dataset, Department, Expression, Frequency, Indicator,
    LightRules, Measure, Pace, Plan, Region, Shape, TotalRule,
};

/// 2022-06.
pub fn june() -> Period {
    Period::new(2022, 6).unwrap()
}

/// A plan of three cities, two departments and that dataset.
pub fn plan(dataset: &Dataset) -> Plan {
    let region = |code: &str, short: &str, name: &str| Region {
        code: RegionCode(code.to_owned()),
        name: name.to_owned(),
        short_name: short.to_owned(),
        aliases: vec![],
        counties: vec![],
    };
    let department = |code: &str, name: &str| Department {
        code: DepartmentCode(code.to_owned()),
        name: name.to_owned(),
        full_name: name.to_owned(),
        aliases: vec![],
        address: "你厅".to_owned(),
        to: vec![],
        cc: vec![],
        contact: String::new(),
        reports: true,
    };
    let zero = Decimal::ZERO;
    Plan {
        name: "方案".to_owned(),
        short_name: "方案".to_owned(),
        year: 2022,
        province: region("330000", "全省", "浙江省"),
        regions: vec![region("330100", "杭州", "杭州市"), region("330200", "宁波", "宁波市"), region("330300", "温州", "温州市")],
        departments: vec![department("fgw", "省发展改革委"), department("jxt", "省经信厅")],
        actions: vec![],
        measures: vec![],
        datasets: vec![dataset.clone()],
        lights: LightRules {
            pace_green: zero,
            pace_red: zero,
            growth_red_short: zero,
            ratio_yellow_pct: zero,
            hold_green: zero,
            hold_yellow: zero,
            at_most_yellow_times: zero,
        },
        calendar: Calendar::default(),
        checks: Checks::default(),
        earlier: crate::plan::Earlier::default(),
        hash: String::new(),
    }
}

/// The same plan with an indicator that takes `value` from the dataset and reads those columns.
pub fn plan_read_by(dataset: &Dataset, value: &str, columns: &[&str]) -> Plan {
    let expression = Expression {
        source: value.to_owned(),
        sql: value.to_owned(),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        unit: None,
    };
    let calculation =
        Calculation::Simple { dataset: dataset.code.clone(), value: expression, last_year: None, month: None, to_date: false };
    let indicator = Indicator {
        code: "6.1".to_owned(),
        title: "项目".to_owned(),
        owner: DepartmentCode("jxt".to_owned()),
        source: String::new(),
        unit: Unit::parse("项").unwrap(),
        decimals: 0,
        calculation,
        growth: None,
        reported_growth: None,
        target: None,
        pace: Pace::None,
        restricted: false,
        never_red: false,
        by_region: false,
        counts_in: None,
        any_year: None,
        notes: vec![],
    };
    let measure = Measure {
        number: 6,
        title: String::new(),
        short_title: String::new(),
        action: 1,
        departments: vec![],
        consolidated_by: vec![],
        indicators: vec![indicator],
        tasks: vec![],
        notes: vec![],
    };
    Plan { measures: vec![measure], ..plan(dataset) }
}

/// That table of 2022-06 under check, without a past.
pub fn under_check<'a>(plan: &'a Plan, dataset: &'a Dataset, now: &'a Observations) -> Table<'a> {
    Table {
        plan,
        dataset,
        now,
        facts: None,
        previous: None,
        year: vec![],
        year_earlier: None,
        replaced: None,
        reported: None,
        period: june(),
        file: "表.xlsx",
        keys: crate::ingest::check::table::Keys::default(),
    }
}

/// A column of that heading and kind, everything else plain.
pub fn column(name: &str, label: &str, kind: ColumnType, unit: Option<&str>, decimals: u32) -> ColumnSpec {
    ColumnSpec {
        name: name.to_owned(),
        labels: vec![label.to_owned()],
        kind,
        unit: unit.and_then(Unit::parse),
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

fn dataset(code: &str, shape: Shape, accumulation: Accumulation, key: &str, columns: Vec<ColumnSpec>) -> Dataset {
    Dataset {
        code: code.to_owned(),
        title: code.to_owned(),
        measure: Some(6),
        from: vec![DepartmentCode("jxt".to_owned()), DepartmentCode("fgw".to_owned())],
        sheets: vec!["表".to_owned()],
        shape,
        accumulation,
        frequency: Frequency::Month,
        lag: 0,
        due_day: 8,
        january_merged: false,
        columns,
        key: vec![key.to_owned()],
        total_rule: TotalRule::Equal,
        items: vec![],
        regions_across: false,
        rules: vec![],
        may_be_empty: false,
        list_year: false,
    }
}

/// Investment by city: region, month, cumulative, cumulative of last year.
pub fn matrix() -> Dataset {
    let money = |name, label| column(name, label, ColumnType::Decimal, Some("亿元"), 2);
    let mut month = money("month_paid", "完成投资/{month}月");
    month.month_of = Some("paid_total".to_owned());
    let mut last_year = money("paid_last_year", "完成投资/上年同期累计");
    last_year.last_year_of = Some("paid_total".to_owned());
    let mut total = money("paid_total", "完成投资/1—{month}月累计");
    total.required = true;
    total.min = Some(Decimal::ZERO);
    let region = ColumnSpec { required: true, ..column("region", "地区", ColumnType::Region, None, 0) };
    dataset("investment", Shape::Matrix, Accumulation::Cumulative, "region", vec![region, month, total, last_year])
}

/// A list of projects.
pub fn records() -> Dataset {
    let required = |spec: ColumnSpec| ColumnSpec { required: true, ..spec };
    let mut level = column("level", "级别", ColumnType::Choice, None, 0);
    level.choices = vec!["省级重点".to_owned(), "市县".to_owned()];
    let columns = vec![
        required(column("code", "项目代码", ColumnType::Text, None, 0)),
        required(column("name", "项目名称", ColumnType::Text, None, 0)),
        column("region", "地区", ColumnType::Region, None, 0),
        level,
        column("total_investment", "总投资（万元）", ColumnType::Decimal, Some("万元"), 0),
        column("paid_total", "累计完成投资（万元）", ColumnType::Decimal, Some("万元"), 0),
        column("started_on", "开工时间", ColumnType::Date, None, 0),
    ];
    dataset("projects", Shape::Records, Accumulation::Snapshot, "code", columns)
}

/// Named items with amounts.
pub fn form() -> Dataset {
    let item = ColumnSpec { required: true, ..column("item", "项目", ColumnType::Text, None, 0) };
    let amount = column("amount", "1—{month}月累计", ColumnType::Decimal, Some("亿元"), 2);
    let mut last_year = column("amount_last_year", "上年同期", ColumnType::Decimal, Some("亿元"), 2);
    last_year.last_year_of = Some("amount".to_owned());
    let mut dataset = dataset("burden", Shape::Form, Accumulation::Cumulative, "item", vec![item, amount, last_year]);
    dataset.items = vec!["税费减免".to_owned(), "物流及其他".to_owned()];
    dataset
}

/// A table of that dataset from 省经信厅 for 2022-06; its first row stands in sheet row 5, empty text is a blank cell.
pub fn table(dataset: &Dataset, rows: &[&[&str]]) -> Observations {
    let columns = dataset
        .columns
        .iter()
        .enumerate()
        .map(|(at, spec)| Column { name: spec.name.clone(), values: values(spec.kind, rows.iter().map(|row| row[at])) })
        .collect();
    let cells =
        (4..).take(rows.len()).map(|row| (0..).take(dataset.columns.len()).map(|at| Some(CellRef::new(row, at))).collect()).collect();
    Observations {
        dataset: dataset.code.clone(),
        department: DepartmentCode("jxt".to_owned()),
        period: june(),
        sheet: "表".to_owned(),
        columns,
        cells,
        totals: vec![],
        parts: vec![],
    }
}

fn values<'a>(kind: ColumnType, cells: impl Iterator<Item = &'a str>) -> Values {
    let cells = cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned()));
    match kind {
        ColumnType::Text | ColumnType::Choice => Values::Text(cells.collect()),
        ColumnType::Integer => Values::Integer(cells.map(|cell| cell.map(|c| c.parse().unwrap())).collect()),
        ColumnType::Decimal => Values::Decimal(cells.map(|cell| cell.map(|c| c.parse().unwrap())).collect()),
        ColumnType::Date => Values::Date(cells.map(|cell| cell.map(|c| NaiveDate::parse_from_str(&c, "%Y-%m-%d").unwrap())).collect()),
        ColumnType::Flag => Values::Flag(cells.map(|cell| cell.map(|c| c == "是")).collect()),
        ColumnType::Region => Values::Region(cells.map(|cell| cell.map(RegionCode)).collect()),
    }
}

/// The clean investment table of 2022-06, without a total row.
pub fn investment() -> Observations {
    table(
        &matrix(),
        &[&["330100", "60.00", "262.00", "240.00"], &["330200", "50.00", "250.50", "230.00"], &["330300", "40.00", "120.25", "110.00"]],
    )
}

/// The same table a month before.
pub fn investment_of_may() -> Observations {
    let mut may = table(
        &matrix(),
        &[&["330100", "45.00", "202.00", "195.00"], &["330200", "48.00", "200.50", "190.00"], &["330300", "20.00", "80.25", "85.00"]],
    );
    may.period = june().previous();
    may
}

/// The clean project list of 2022-06.
pub fn projects() -> Observations {
    table(
        &records(),
        &[
            &["P-1", "甲公司（杭州）技改", "330100", "省级重点", "9800", "5000", "2022-03-01"],
            &["P-2", "乙公司技改", "330200", "市县", "1200", "800", "2022-06-30"],
        ],
    )
}

/// A total row in sheet row `row`.
pub fn total(label: &str, row: u32, values: &[(&str, &str)]) -> TotalRow {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (!value.is_empty()).then(|| value.parse().unwrap())));
    TotalRow { label: label.to_owned(), kind: total_kind(label), row, values: values.collect(), ..TotalRow::default() }
}

/// The plan of that dataset with one indicator, 6.9: it counts rows that meet `condition` and are dated in 2022.
pub fn counting_plan(dataset: &Dataset, condition: &str, column: &str) -> Plan {
    let dated = CountsIn::condition(column, Some(2022));
    let value = |condition: &str| Expression {
        source: String::new(),
        sql: format!("COUNT(*) FILTER (WHERE {condition})"),
        columns: vec![],
        unit: None,
    };
    let value = value(&format!("({condition}) AND ({dated})"));
    let indicator = Indicator {
        code: "6.9".to_owned(),
        title: "重点项目".to_owned(),
        owner: DepartmentCode("jxt".to_owned()),
        source: String::new(),
        unit: Unit::parse("个").unwrap(),
        decimals: 0,
        calculation: Calculation::Simple { dataset: dataset.code.clone(), value, last_year: None, month: None, to_date: false },
        growth: None,
        reported_growth: None,
        target: None,
        pace: Pace::None,
        counts_in: Some(CountsIn { column: column.to_owned(), year: Some(2022), rows: Some(condition.to_owned()) }),
        any_year: None,
        restricted: false,
        never_red: false,
        by_region: false,
        notes: vec![],
    };
    let measure = Measure {
        number: 6,
        title: String::new(),
        short_title: String::new(),
        action: 1,
        departments: vec![],
        consolidated_by: vec![],
        indicators: vec![indicator],
        tasks: vec![],
        notes: vec![],
    };
    Plan { measures: vec![measure], ..plan(dataset) }
}

/// What all checks say of that table under that plan.
pub fn findings_of(plan: &Plan, now: &Observations, past: &Past) -> Vec<Finding> {
    check(plan, june(), "表.xlsx", (std::slice::from_ref(now), &[]), past)
}

/// What all checks say of that table.
pub fn findings(dataset: &Dataset, now: &Observations, past: &Past) -> Vec<Finding> {
    check(&plan(dataset), june(), "表.xlsx", (std::slice::from_ref(now), &[]), past)
}

/// The same, as `code cell message` lines.
pub fn told(dataset: &Dataset, now: &Observations, past: &Past) -> Vec<String> {
    findings(dataset, now, past)
        .into_iter()
        .map(|finding| {
            let cell = finding.place.cell.map_or_else(|| "-".to_owned(), |cell| cell.to_string());
            format!("{} {cell} {}", finding.code.code(), finding.message)
        })
        .collect()
}
