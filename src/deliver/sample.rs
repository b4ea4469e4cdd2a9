//! A small plan and month for the tests of delivery: two departments, a restricted indicator, one of each light.

use std::path::PathBuf;

use rust_decimal::{Decimal, dec};

use crate::model::{
    ContentHash, Correction, Coverage, DepartmentCode, GreyReason, IndicatorRow, IndicatorTable, Lagging, Light, Month, Period,
    ReportState, ReportingRow,
};
use crate::plan::{Calendar, Checks, Department, LightRules, Plan, Region};
use crate::settings::{Alert, Appearance, Backup, Limits, Mail, MailPace, MailUrl, Office, Remind, Review, Schedule, Settings, Theme, Web};

pub fn code(text: &str) -> DepartmentCode {
    DepartmentCode(text.to_owned())
}

fn department(code: &str, name: &str, address: &str) -> Department {
    Department {
        code: DepartmentCode(code.to_owned()),
        name: name.to_owned(),
        full_name: format!("浙江{name}"),
        aliases: vec![],
        address: address.to_owned(),
        to: vec![format!("{code}@example.cn")],
        cc: vec![],
        contact: "李四".to_owned(),
        reports: true,
    }
}

pub fn plan() -> Plan {
    let region = |code: &str, short: &str| Region {
        code: crate::model::RegionCode(code.to_owned()),
        name: short.to_owned(),
        short_name: short.to_owned(),
        aliases: vec![],
        counties: vec![],
    };
    let mut fgw = department("fgw", "省发展改革委", "你委");
    fgw.cc = vec!["发改委办公室 <fgw-bgs@example.cn>".to_owned()];
    let mut all = department("sjygdw", "省级有关单位", "你单位");
    all.reports = false;
    Plan {
        name: "浙江省推动工业经济稳进提质行动方案".to_owned(),
        short_name: "工业稳进提质".to_owned(),
        year: 2022,
        province: region("330000", "全省"),
        regions: vec![region("330100", "杭州"), region("330200", "宁波")],
        departments: vec![fgw, department("jxt", "省经信厅", "你厅"), department("jtt", "省交通运输厅", "你厅"), all],
        actions: vec![],
        measures: vec![],
        datasets: vec![],
        lights: LightRules {
            pace_green: dec!(0),
            pace_red: dec!(-10),
            growth_red_short: dec!(5),
            ratio_yellow_pct: dec!(10),
            hold_green: dec!(-0.1),
            hold_yellow: dec!(-0.3),
            at_most_yellow_times: dec!(1.5),
        },
        calendar: Calendar::default(),
        checks: Checks::default(),
        earlier: crate::plan::Earlier::default(),
        hash: String::new(),
    }
}

pub fn settings() -> Settings {
    Settings {
        workspace: PathBuf::new(),
        data: PathBuf::new(),
        plan_name: "浙江省推动工业经济稳进提质行动方案".to_owned(),
        plan_short_name: "工业稳进提质".to_owned(),
        plan_year: 2022,
        appearance: Appearance {
            sample: true,
            mark: "内部资料　注意保存".to_owned(),
            note: "部门调度数据，以统计部门发布为准，仅供内部工作参考".to_owned(),
            theme: Theme::Clean,
            ranks: true,
            region_lights: true,
            figures_in_mail: true,
            captions: crate::settings::Captions::shipped(),
        },
        templates: crate::settings::Templates::new(),
        office: Office {
            name: "省稳进提质协调办公室".to_owned(), contact: "张三".to_owned(), phone: "0571-00000000".to_owned()
        },
        sources: vec![],
        schedule: Schedule::default(),
        remind: Remind::default(),
        receipts: crate::settings::Receipts::default(),
        mail: Mail {
            transport: MailUrl::File(PathBuf::from("mail")),
            from: "省稳进提质协调办公室 <wenjin@example.cn>".to_owned(),
            reply_to: Some("zhangsan@example.cn".to_owned()),
            hold: false,
            leading_to: vec!["lingdao@example.cn".to_owned()],
            leading_cc: vec![],
            password: None,
            attachment_bytes_max: 20 << 20,
            pace: MailPace::default(),
            review: Review::default(),
        },
        alert: Alert::default(),
        web: Web { listen: None },
        backup: Backup { folder: PathBuf::from("backup"), keep: 14 },
        limits: Limits::default(),
    }
}

fn june() -> Period {
    Period::new(2022, 6).unwrap()
}

pub fn row(code: &str, title: &str, measure: u32, owner: &str, light: Light, value: Option<Decimal>) -> IndicatorRow {
    IndicatorRow {
        code: code.to_owned(),
        title: title.to_owned(),
        measure,
        owner: DepartmentCode(owner.to_owned()),
        unit: "亿元".to_owned(),
        decimals: 2,
        data_period: Some(june()),
        month: None,
        month_growth_pct: None,
        year_to_date: value,
        last_year: None,
        growth_pct: None,
        reported_growth_pct: None,
        computed_growth_pct: None,
        target: None,
        comparison: None,
        wording: None,
        target_year: Some(2022),
        year_source: None,
        growth_target_pct: None,
        target_text: String::new(),
        completion_pct: None,
        pace_pct: None,
        ahead_points: None,
        light,
        periods_in_row: 1,
        previous_light: None,
        needed_per_month: None,
        landing: None,
        coverage: Coverage::default(),
        restricted: false,
        tracking: false,
        notes: vec![],
        series: vec![],
        regions: vec![],
        departments: vec![],
        sources: vec![],
    }
}

pub fn owed(dataset: &str, title: &str, state: ReportState, day: u32) -> ReportingRow {
    ReportingRow {
        department: code("jxt"),
        dataset: dataset.to_owned(),
        title: title.to_owned(),
        due: chrono::NaiveDate::from_ymd_opt(2022, 7, day).unwrap(),
        state,
        timeliness: None,
        file: None,
        hash: None,
        received_at: None,
        versions: 0,
    }
}

pub fn month() -> Month {
    let red = IndicatorRow {
        completion_pct: Some(dec!(30.4)),
        ahead_points: Some(dec!(-19.6)),
        needed_per_month: Some(dec!(69.60)),
        periods_in_row: 3,
        ..row("13.3", "节能降碳技改投资", 13, "jxt", Light::Red, Some(dec!(182.40)))
    };
    let yellow = IndicatorRow {
        growth_pct: Some(dec!(7.1)),
        growth_target_pct: Some(dec!(10)),
        completion_pct: Some(dec!(45.8)),
        ahead_points: Some(dec!(-4.2)),
        ..row("6.2", "技术改造投资", 6, "jxt", Light::Yellow, Some(dec!(1604.20)))
    };
    let restricted =
        IndicatorRow { restricted: true, ..row("8.2", "“窗口”指导项目投资", 8, "fgw", Light::Red, Some(dec!(123.45))) };
    let rows = vec![
        row("5.1", "先进制造业投资", 5, "jxt", Light::Green, Some(dec!(3100.00))),
        yellow,
        restricted,
        row("6.4", "未来工厂", 6, "jxt", Light::Grey(GreyReason::NotReported), None),
        red,
    ];
    Month {
        period: june(),
        version: 1,
        now: chrono::DateTime::parse_from_rfc3339("2022-07-11T09:00:00+08:00").unwrap(),
        tables: vec![IndicatorTable { period: june(), measure: 6, rows }],
        tasks: vec![],
        lagging: vec![Lagging {
            indicator: "13.3".to_owned(),
            department: code("jxt"),
            reason: "部分项目能评尚在办理<b>。".to_owned(),
            next_steps: "逐项帮办，\r\n8月底前全部开工".to_owned(),
            expected: "2022年9月".to_owned(),
        }],
        unexplained: vec![],
        reporting: vec![
            owed("future_factories", "未来工厂名单", ReportState::Missing, 8),
            owed("quality_products", "浙江制造精品名单", ReportState::Missing, 8),
            owed("upgrade_projects", "技改项目", ReportState::Returned, 8),
            owed("nev_output", "新能源汽车产量", ReportState::Missing, 18),
            owed("advanced_investment", "先进制造业投资", ReportState::Accepted, 8),
        ],
        findings: vec![],
        corrections: vec![],
        arrivals: std::collections::BTreeMap::new(),
    }
}

/// The same month again, corrected: 技术改造投资 moved for the province and in 杭州, the restricted one moved too.
pub fn corrected() -> Month {
    let of = |indicator: &str, item: &str, unit: &str, old: Decimal, new: Decimal| Correction {
        indicator: indicator.to_owned(),
        title: "技术改造投资".to_owned(),
        unit: unit.to_owned(),
        region: None,
        item: item.to_owned(),
        earlier: None,
        old: Some(old),
        new: Some(new),
        old_light: Light::Yellow,
        new_light: Light::Yellow,
        cause: "省经信厅重新报送技改投资分市表".to_owned(),
        redefined: false,
        departments: vec![code("fgw"), code("jxt")],
    };
    let hangzhou = Correction {
        region: Some(crate::model::RegionCode("330100".to_owned())),
        ..of("6.2", "累计", "亿元", dec!(262.00), dec!(255.85))
    };
    let restricted = Correction {
        title: "“窗口”指导项目投资".to_owned(),
        new_light: Light::Red,
        ..of("8.2", "累计", "亿元", dec!(130.00), dec!(123.45))
    };
    Month {
        version: 2,
        corrections: vec![
            of("6.2", "累计", "亿元", dec!(1610.35), dec!(1604.20)),
            of("6.2", "完成年度目标", "%", dec!(46.0), dec!(45.8)),
            of("6.2", "预计全年", "亿元", dec!(3220.70), dec!(3208.40)),
            hangzhou,
            restricted,
        ],
        ..month()
    }
}

/// The hash stands for bytes a test wants to name.
pub fn short_hash(bytes: &[u8]) -> String {
    ContentHash::of(bytes).0.chars().take(12).collect()
}
