//! A small plan and a month of it for tests: long texts, every light and grey word, regions, a correction.
#![expect(clippy::missing_panics_doc, reason = "only tests build it")]

use chrono::{DateTime, FixedOffset};
use rust_decimal::dec;

use crate::model::{
    ContentHash, Correction, Coverage, DepartmentCode, Finding, FindingCode, GreyReason, IndicatorRow, IndicatorTable, Lagging, Light,
    Month, Period, Place, RegionCode, RegionFigure, ReportState, ReportingRow, SourceItem, SourceRef, TaskStatus, Timeliness,
};
use crate::settings::{Appearance, Office, Theme};

mod plan;

pub use plan::plan;

const CITIES: [(&str, &str); 11] = [
    ("330100", "杭州"),
    ("330200", "宁波"),
    ("330300", "温州"),
    ("330500", "湖州"),
    ("330400", "嘉兴"),
    ("330600", "绍兴"),
    ("330700", "金华"),
    ("330800", "衢州"),
    ("330900", "舟山"),
    ("331000", "台州"),
    ("331100", "丽水"),
];

pub fn code(text: &str) -> DepartmentCode {
    DepartmentCode(text.to_owned())
}

pub fn june() -> Period {
    Period::new(2022, 6).unwrap()
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

pub fn appearance() -> Appearance {
    Appearance {
        sample: true,
        mark: "内部资料　注意保存".to_owned(),
        note: "部门调度数据，以统计部门发布为准，仅供内部工作参考".to_owned(),
        theme: Theme::Clean,
        ranks: true,
        region_lights: true,
        figures_in_mail: true,
        captions: crate::settings::Captions::shipped(),
    }
}

pub fn office() -> Office {
    Office { name: "省稳进提质协调办公室".to_owned(), contact: "张三".to_owned(), phone: "0571-00000000".to_owned() }
}

fn source(department: &str, cells: &str) -> SourceRef {
    SourceRef {
        item: SourceItem::YearToDate,
        department: code(department),
        file: format!("附件2：调度表（{department}7.8最终版）(1).xls"),
        hash: ContentHash::of(department.as_bytes()),
        sheet: "技改投资".to_owned(),
        cells: cells.to_owned(),
        rows: 11,
        received_at: at("2022-07-08T10:12:00+08:00"),
    }
}

/// A row of `plan` with nothing reported; tests fill in what they are about.
pub fn row(key: &str, light: Light) -> IndicatorRow {
    let plan = plan();
    let (measure, indicator) = plan.indicators().find(|(_, indicator)| indicator.code == key).unwrap();
    IndicatorRow {
        code: key.to_owned(),
        title: indicator.title.clone(),
        measure: measure.number,
        owner: indicator.owner.clone(),
        unit: indicator.unit.name().to_owned(),
        decimals: if indicator.unit.name() == "亿元" { 2 } else { 0 },
        data_period: Some(june()),
        month: None,
        month_growth_pct: None,
        year_to_date: None,
        last_year: None,
        growth_pct: None,
        reported_growth_pct: None,
        computed_growth_pct: None,
        target: None,
        comparison: Some("at_least".to_owned()),
        wording: None,
        target_year: Some(2022),
        year_source: Some("plan".to_owned()),
        growth_target_pct: None,
        target_text: String::new(),
        completion_pct: None,
        pace_pct: Some(dec!(50.0)),
        ahead_points: None,
        light,
        periods_in_row: u32::from(light.is_judged()),
        previous_light: None,
        needed_per_month: None,
        landing: None,
        coverage: Coverage { reported: 1, expected: 1 },
        restricted: indicator.restricted,
        tracking: false,
        notes: vec![],
        series: vec![],
        regions: vec![],
        departments: vec![],
        sources: vec![source(&indicator.owner.0, "D7:D17")],
    }
}

/// 技术改造投资: yellow, with all cities.
pub fn investment() -> IndicatorRow {
    let growth =
        [dec!(4.6), dec!(7.0), dec!(7.8), dec!(3.5), dec!(9.1), dec!(5.9), dec!(8.7), dec!(15.1), dec!(-0.7), dec!(14.7), dec!(6.1)];
    let regions = CITIES.iter().zip(growth).zip(1..).map(|(((key, short), growth), place): (_, u32)| RegionFigure {
        code: RegionCode((*key).to_owned()),
        name: format!("{short}市"),
        month: Some(dec!(27.01)),
        year_to_date: Some(dec!(145.84)),
        last_year: Some(dec!(136.18)),
        growth_pct: Some(growth),
        share_pct: Some(dec!(9.1)),
        target: None,
        completion_pct: None,
        rank: Some(place),
        rank_change: Some(i32::try_from(place).unwrap() - 6),
        light: None,
        sources: vec![source("jxt", &format!("D{}", 6 + place))],
    });
    IndicatorRow {
        month: Some(dec!(297.10)),
        month_growth_pct: Some(dec!(-3.2)),
        year_to_date: Some(dec!(1604.20)),
        last_year: Some(dec!(1497.97)),
        growth_pct: Some(dec!(7.1)),
        computed_growth_pct: Some(dec!(7.1)),
        target: Some(dec!(3500)),
        growth_target_pct: Some(dec!(10)),
        target_text: "3500以上、增长10%（力争）".to_owned(),
        completion_pct: Some(dec!(45.8)),
        ahead_points: Some(dec!(-4.2)),
        periods_in_row: 2,
        previous_light: Some(Light::Yellow),
        needed_per_month: Some(dec!(315.97)),
        landing: Some(dec!(3287.40)),
        coverage: Coverage { reported: 11, expected: 11 },
        notes: vec!["增速低于目标2.9个百分点".to_owned()],
        regions: regions.collect(),
        ..row("6.2", Light::Yellow)
    }
}

fn rows() -> Vec<IndicatorRow> {
    let counted = |key, value, target: &str, completion, ahead, light, before| IndicatorRow {
        year_to_date: Some(value),
        target_text: target.to_owned(),
        completion_pct: Some(completion),
        ahead_points: Some(ahead),
        previous_light: Some(before),
        ..row(key, light)
    };
    vec![
        counted("6.1", dec!(62), "100以上", dec!(62.0), dec!(12.0), Light::Green, Light::Yellow),
        investment(),
        IndicatorRow {
            periods_in_row: 3,
            needed_per_month: Some(dec!(2)),
            ..counted("6.4", dec!(4), "新增15", dec!(26.7), dec!(-23.3), Light::Red, Light::Green)
        },
        row("8.2", Light::Grey(GreyReason::NotReported)),
        IndicatorRow { data_period: None, ..row("9.1", Light::Grey(GreyReason::NotDue)) },
        IndicatorRow { year_to_date: Some(dec!(3)), target_text: "6左右".into(), ..row("9.2", Light::Grey(GreyReason::NotJudged)) },
    ]
}

fn reporting(department: &str, title: &str, state: ReportState) -> ReportingRow {
    let here = state == ReportState::Accepted;
    ReportingRow {
        department: code(department),
        dataset: title.to_owned(),
        title: title.to_owned(),
        due: chrono::NaiveDate::from_ymd_opt(2022, 7, 8).unwrap(),
        state,
        timeliness: here.then_some(Timeliness::OnTime),
        file: here.then(|| "附件2：调度表（省经信厅7.8最终版）(1).xls".to_owned()),
        hash: here.then(|| ContentHash::of(department.as_bytes())),
        received_at: here.then(|| at("2022-07-08T10:12:00+08:00")),
        versions: u32::from(here),
    }
}

fn task(measure: u32, status: Option<&str>) -> TaskStatus {
    let said = |text: &str| status.map(|_| text.to_owned());
    TaskStatus {
        code: format!("{measure}-1"),
        measure,
        title: "统筹专项资金支持高端化、数字化技术改造".to_owned(),
        departments: vec![code("jxt"), code("fgw")],
        owner: code("fgw"),
        status: status.map(str::to_owned),
        progress: said("已会同省财政厅下达第一批专项资金，支持企业实施智能化、绿色化改造项目，第二批项目正在组织申报和评审"),
        problems: said("=部分市县配套资金到位较慢"),
        next_steps: said("加快第二批项目评审，9月底前下达资金"),
        due: said("2022年12月"),
    }
}

/// The month of June, version 2, with one correction.
pub fn month() -> Month {
    let period = june();
    let rows = rows();
    let table =
        |measure: u32| IndicatorTable { period, measure, rows: rows.iter().filter(|row| row.measure == measure).cloned().collect() };
    let place =
        Place { file: "省发展改革委_2022-06.xlsx".into(), sheet: Some("集成电路项目".into()), cell: "F18".parse().ok() };
    let mut listed = Finding::new(FindingCode::DuplicateKey, place.clone(), "“杭州某某微电子有限公司”与第9行重复，请核对修改");
    listed.dataset = Some("ic_projects".to_owned());
    listed.row_key = Some("杭州某某微电子有限公司".to_owned());
    let mut explained =
        Finding::new(FindingCode::CumulativeDecreased, place, "1—6月累计262.00亿元，少于1—5月累计268.00亿元，如属核减请说明原因");
    explained.explanation = Some("核减重复统计项目1个".to_owned());
    Month {
        period,
        version: 2,
        now: at("2022-07-11T09:00:00+08:00"),
        tables: [6, 8, 9].map(table).to_vec(),
        tasks: vec![task(6, Some("推进中")), task(8, Some("滞后")), task(9, None)],
        lagging: vec![Lagging {
            indicator: "6.2".into(),
            department: code("jxt"),
            reason: "二季度项目开工不足，部分设备到货推迟，企业投资意愿偏弱".into(),
            next_steps: "加快省级专项拨付，逐项落实开工时间".into(),
            expected: "9月".into(),
        }],
        unexplained: vec![],
        reporting: vec![
            reporting("jxt", "技术改造投资分市情况", ReportState::Accepted),
            reporting("fgw", "集成电路项目清单", ReportState::Missing),
            reporting("fgw", "未来产业先导区", ReportState::Returned),
            reporting("fgw", "海洋经济", ReportState::NotDue),
        ],
        findings: vec![(code("fgw"), listed), (code("fgw"), explained)],
        corrections: vec![Correction {
            indicator: "6.2".into(),
            title: "技术改造投资".into(),
            unit: "亿元".into(),
            region: None,
            item: "累计".into(),
            earlier: None,
            old: Some(dec!(1610.35)),
            new: Some(dec!(1604.20)),
            old_light: Light::Yellow,
            new_light: Light::Yellow,
            cause: "省经信厅重新报送“技改投资”，替换原文件".into(),
            redefined: false,
            departments: vec![code("jxt"), code("fgw")],
        }],
        arrivals: std::collections::BTreeMap::new(),
    }
}
