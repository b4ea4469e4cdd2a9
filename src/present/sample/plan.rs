//! The small plan: three measures, six indicators, eleven cities, three departments.

use rust_decimal::dec;

use super::{CITIES, code};
use crate::model::{RegionCode, Unit};
use crate::plan::{
    Accumulation, Action, Calculation, Calendar, Checks, Dataset, Department, Expression, Frequency, Indicator, LightRules, Measure, Pace,
    Plan, Region, Shape, Task, TotalRule,
};

fn department(key: &str, name: &str, full_name: &str) -> Department {
    Department {
        code: code(key),
        name: name.to_owned(),
        full_name: full_name.to_owned(),
        aliases: vec![],
        address: "你厅".to_owned(),
        to: vec![format!("{key}@example.cn")],
        cc: vec![],
        contact: "李四".to_owned(),
        reports: true,
    }
}

fn region(key: &str, short: &str, name: String) -> Region {
    Region { code: RegionCode(key.to_owned()), name, short_name: short.to_owned(), aliases: vec![], counties: vec![] }
}

fn dataset(key: &str, title: &str, measure: u32, shape: Shape, accumulation: Accumulation, quarterly: bool) -> Dataset {
    Dataset {
        code: key.to_owned(),
        title: title.to_owned(),
        measure: Some(measure),
        from: vec![code("jxt")],
        sheets: vec![title.to_owned()],
        shape,
        accumulation,
        frequency: if quarterly { Frequency::Quarter } else { Frequency::Month },
        lag: if quarterly { 3 } else { 0 },
        due_day: 8,
        january_merged: false,
        columns: vec![],
        key: vec![],
        total_rule: TotalRule::Equal,
        items: vec![],
        regions_across: false,
        rules: vec![],
        may_be_empty: false,
        list_year: false,
    }
}

fn indicator(key: &str, title: &str, owner: &str, unit: &str, dataset: &str, restricted: bool) -> Indicator {
    let value = Expression { source: "SUM(x)".into(), sql: "SUM(x)".into(), columns: vec!["x".into()], unit: Unit::parse(unit) };
    Indicator {
        code: key.to_owned(),
        title: title.to_owned(),
        owner: code(owner),
        source: "部门调度".to_owned(),
        unit: Unit::parse(unit).unwrap(),
        decimals: 2,
        calculation: Calculation::Simple { dataset: dataset.to_owned(), value, last_year: None, month: None, to_date: false },
        growth: None,
        reported_growth: None,
        target: None,
        pace: Pace::Linear,
        counts_in: None,
        any_year: None,
        restricted,
        never_red: false,
        by_region: true,
        notes: vec![],
    }
}

fn measure(number: u32, title: &str, short: &str, departments: &[&str], indicators: Vec<Indicator>) -> Measure {
    Measure {
        number,
        title: title.to_owned(),
        short_title: short.to_owned(),
        action: if number < 8 { 2 } else { 3 },
        departments: departments.iter().map(|key| code(key)).collect(),
        consolidated_by: vec![],
        indicators,
        tasks: vec![Task {
            code: format!("{number}-1"),
            title: "统筹专项资金支持高端化、数字化技术改造".to_owned(),
            departments: vec![code("jxt"), code("fgw")],
            owner: code("fgw"),
            notes: vec![],
        }],
        notes: vec!["口径按方案执行".to_owned()],
    }
}

/// Three measures, six indicators, eleven cities, three departments.
pub fn plan() -> Plan {
    let snapshot = |key, title, measure| dataset(key, title, measure, Shape::Records, Accumulation::Snapshot, false);
    Plan {
        name: "浙江省推动工业经济稳进提质行动方案".to_owned(),
        short_name: "工业稳进提质".to_owned(),
        year: 2022,
        province: region("330000", "全省", "浙江省".to_owned()),
        regions: CITIES.iter().map(|(key, short)| region(key, short, format!("{short}市"))).collect(),
        departments: vec![
            department("fgw", "省发展改革委", "浙江省发展和改革委员会"),
            department("jxt", "省经信厅", "浙江省经济和信息化厅"),
            department("kjt", "省科技厅", "浙江省科学技术厅"),
        ],
        actions: vec![
            Action { number: 2, title: "有效投资扩大行动".into(), short_title: "有效投资扩大".into() },
            Action { number: 3, title: "重点领域提质行动".into(), short_title: "重点领域提质".into() },
        ],
        measures: measures(),
        datasets: vec![
            dataset("upgrade_investment", "技术改造投资分市情况", 6, Shape::Matrix, Accumulation::Cumulative, false),
            snapshot("upgrade_projects", "技改项目清单", 6),
            snapshot("ic_projects", "集成电路项目清单", 8),
            dataset("marine_gdp", "海洋经济", 9, Shape::Form, Accumulation::Cumulative, true),
            snapshot("future_zones", "未来产业先导区", 9),
        ],
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
        hash: "0".repeat(64),
    }
}

fn measures() -> Vec<Measure> {
    vec![
        measure(
            6,
            "推动企业技术改造",
            "企业技术改造",
            &["jxt", "fgw"],
            vec![
                indicator("6.1", "省级重点技术改造示范项目", "jxt", "项", "upgrade_projects", false),
                indicator("6.2", "技术改造投资", "jxt", "亿元", "upgrade_investment", false),
                indicator("6.4", "未来工厂", "jxt", "家", "upgrade_projects", false),
            ],
        ),
        measure(
            8,
            "聚力提高重点行业发展质效",
            "重点行业质效",
            &["fgw", "jxt"],
            vec![indicator("8.2", "通过国家“窗口”指导的集成电路项目投资", "fgw", "亿元", "ic_projects", true)],
        ),
        measure(
            9,
            "加快发展战略性新兴产业和未来产业",
            "新兴和未来产业",
            &["fgw"],
            vec![
                indicator("9.1", "海洋生产总值", "fgw", "亿元", "marine_gdp", false),
                indicator("9.2", "未来产业先导区", "fgw", "个", "future_zones", false),
            ],
        ),
    ]
}
