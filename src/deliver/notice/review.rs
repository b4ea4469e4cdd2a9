//! The gate's page (发布前核对): on one page what changed colour, jumped, is missing, was corrected, before held mails leave.

mod naming;
mod observed;

use rust_decimal::Decimal;
use serde::Serialize;

use super::page::{self, Page, Section};
use super::{Envelope, build, subject};
use crate::deliver::headers::one_line;
use crate::deliver::{Attachment, DeliverError};
use crate::model::{Correction, IndicatorRow, Light, Message, Month, ReportState};
use crate::plan::Plan;
use crate::present::{captions, sentences};
use crate::settings::{self, Settings};

use naming::named;
pub use observed::{Beside, Mails, Rate};

/// Lines of each kind that are told; with four kinds, headings and foot the page stays one A4 page.
const LINES_MAX: usize = 10;
/// And of each kind that is told only where there is something.
const BESIDE_MAX: usize = 5;

/// What the operator looks at; every entry is one Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// 亮灯变化, against the data period before.
    pub colours: Vec<String>,
    /// 数值异动, the largest first.
    pub jumps: Vec<String>,
    /// 未报送、退回未重报, by department.
    pub missing: Vec<String>,
    /// 更正, against the version before.
    pub corrected: Vec<String>,
    /// 滞后指标说明 that is missing, by department.
    pub unexplained: Vec<String>,
    /// Cities without movement for two months.
    pub still: Vec<String>,
    /// Cities whose share moved by a point or more since last month, the largest first.
    pub shares: Vec<String>,
    /// Cities' months between three and six times their usual.
    pub near_jumps: Vec<String>,
    /// How often each check asked over twelve months, and how often the figure was changed.
    pub checks: Vec<String>,
}

impl Review {
    /// Compares `month` with the period before (and, where it corrects one, the version before).
    #[must_use]
    pub fn new(plan: &Plan, settings: &Settings, month: &Month, beside: &Beside) -> Self {
        Self {
            colours: colours(plan, month),
            jumps: jumps(plan, &settings.mail.review, month),
            missing: missing(plan, month),
            corrected: corrected(plan, month),
            unexplained: observed::unexplained(plan, month),
            still: observed::still(plan, month, beside),
            shares: observed::shares(plan, month, beside),
            near_jumps: observed::near_jumps(plan, beside),
            checks: observed::hit_rates(beside),
        }
    }

    fn sections(&self, settings: &Settings) -> Vec<Section> {
        let rule = &settings.mail.review;
        let jumps =
            format!("数值异动（环比或同比变动达到{}%，百分数指标达到{}个百分点）", rule.jump_pct.normalize(), rule.jump_points.normalize());
        let always = [
            ("亮灯变化".to_owned(), &self.colours),
            (jumps, &self.jumps),
            ("未报送情况".to_owned(), &self.missing),
            ("更正情况".to_owned(), &self.corrected),
        ];
        let told = [
            ("上月黄灯、红灯指标未报送滞后指标说明", &self.unexplained),
            ("分市数据连续两个月没有变化", &self.still),
            ("分市占比较上月变动1个百分点以上", &self.shares),
            ("某市当月为其各月水平的3至6倍（未向单位提问）", &self.near_jumps),
            ("近12个月审核提问情况", &self.checks),
        ];
        let always = always.into_iter().map(|(heading, all)| section(heading, all, LINES_MAX, "详见全书"));
        let told = told.into_iter().filter(|(_, all)| !all.is_empty());
        always.chain(told.map(|(heading, all)| section(heading.to_owned(), all, BESIDE_MAX, "详见 wenjin outbox review --json"))).collect()
    }
}

/// A kind of entries, the first `most` of them.
fn section(heading: String, all: &[String], most: usize, rest: &str) -> Section {
    let mut lines: Vec<String> = all.iter().take(most).cloned().collect();
    if lines.is_empty() {
        lines.push("无。".to_owned());
    }
    if all.len() > most {
        lines.push(format!("另有{}条，{rest}。", all.len() - most));
    }
    Section { heading, numbered: !all.is_empty() && all.len() <= most, lines, sentence: false }
}

/// The page as plain text: what `outbox review` prints and what stands beside the version's workbooks.
///
/// # Errors
/// A template that cannot be filled.
pub fn text(plan: &Plan, settings: &Settings, month: &Month, beside: &Beside) -> Result<String, DeliverError> {
    Ok(page::render(&page(plan, settings, month, beside))?.0)
}

/// The mail to the operator with the draft of the whole book; `None` where `alert.to` is empty.
///
/// # Errors
/// An address that is none.
pub fn compose(
    plan: &Plan,
    settings: &Settings,
    month: &Month,
    beside: &Beside,
    book: Option<Attachment<'_>>,
) -> Result<Option<Message>, DeliverError> {
    // The version makes it itself; its words and the book do the rest.
    let occasion = format!("review v{}", month.version);
    let Some(envelope) = Envelope::to_operator(settings, month.period, month.now, &occasion)? else { return Ok(None) };
    let mut page = page(plan, settings, month, beside);
    let book = book.filter(|book| book.bytes.len() as u64 <= settings.mail.attachment_bytes_max);
    page.closing.push(match &book {
        Some(_) => "全书草稿见附件，请勿转发。".to_owned(),
        None => "全书草稿未随信附上，请在服务器 reports 目录查看。".to_owned(),
    });
    let label = format!("{}主要指标进展情况（第{}版）", captions::period_label(month.period), month.version);
    let subject = subject(&settings.appearance, format!("【待签发】{label}"));
    build(settings, &envelope, &subject, &page, book.as_slice()).map(Some)
}

fn page(plan: &Plan, settings: &Settings, month: &Month, beside: &Beside) -> Page {
    let title = format!("发布前核对：{}主要指标进展情况（第{}版）", captions::period_label(month.period), month.version);
    let mut page = Page::new(settings, &title, month.now);
    page.opening = vec![one_line(&sentences::overview(plan, month, month.rows()))];
    page.sections = Review::new(plan, settings, month, beside).sections(settings);
    let names = if settings.mail.review.sign_off { " --drafted-by 拟稿人 --reviewed-by 审核人 --issued-by 签发人" } else { "" };
    page.closing = closing(month, beside.mails, names);
    page
}

/// What is to be done with the mails; nothing, where none waits.
fn closing(month: &Month, mails: Option<Mails>, names: &str) -> Vec<String> {
    let held = match mails {
        Some(mails) if mails.held == 0 => return vec![mails.words()],
        Some(mails) => mails.words(),
        None => observed::ALL_HELD.to_owned(),
    };
    vec![
        format!("{held}签发：wenjin outbox release --period {}{names}", month.period),
        format!("不发：wenjin outbox cancel --period {}。签发前收到新数据的，新版本自动替换待签发的邮件。", month.period),
        "拟稿：　　　　　　审核：　　　　　　签发：".to_owned(),
    ]
}

/// `技术改造投资（六）：黄灯变为红灯，…`: 变差 first.
fn colours(plan: &Plan, month: &Month) -> Vec<String> {
    let mut changed: Vec<(&IndicatorRow, _)> = month
        .rows()
        .filter(|row| !row.tracking && sentences::is_fresh(plan, row, month.period))
        .filter_map(|row| row.previous_light.filter(|before| *before != row.light).map(|before| (row, before)))
        .collect();
    let worsened = |row: &IndicatorRow, before: Light| before.is_judged() && row.light.is_judged() && row.light.worse(before) == row.light;
    changed.sort_by_key(|(row, before)| (!worsened(row, *before), row.light != Light::Red));
    changed
        .into_iter()
        .map(|(row, before)| {
            format!(
                "{}：{}变为{}。{}",
                named(plan, row),
                light(before),
                light(row.light),
                one_line(&sentences::indicator(plan, row, month.period))
            )
        })
        .collect()
}

fn light(light: Light) -> String {
    if light.is_judged() { format!("{}灯", light.word()) } else { captions::light_word(light).to_owned() }
}

/// A figure jumps when its printed 环比 or 同比 reaches the threshold; a figure in % by points against its last period and last year.
fn jumps(plan: &Plan, rule: &settings::Review, month: &Month) -> Vec<String> {
    let mut found: Vec<(Decimal, String)> = Vec::new();
    for row in month.rows().filter(|row| sentences::is_fresh(plan, row, month.period)) {
        let (changes, limit, unit, up) = if row.unit == "%" {
            ([("比上期", since_last(row)), ("比上年同期", row.growth_pct)], rule.jump_points, "个百分点", "提高")
        } else {
            ([("当月环比", row.month_growth_pct), ("累计同比", row.growth_pct)], rule.jump_pct, "%", "增长")
        };
        let told: Vec<(Decimal, String)> = changes
            .into_iter()
            .filter_map(|(word, change)| change.filter(|change| change.abs() >= limit).map(|change| (word, change)))
            .map(|(word, change)| {
                (change.abs(), format!("{word}{}{}{unit}", if change.is_sign_negative() { "下降" } else { up }, change.abs()))
            })
            .collect();
        if let Some(largest) = told.iter().map(|(size, _)| *size).max() {
            // Points weigh against percent by how far each is beyond its own limit.
            let weight = largest.checked_div(limit).unwrap_or(largest);
            let words = told.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("，");
            found.push((weight, format!("{}：{words}。", named(plan, row))));
        }
    }
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    found.into_iter().map(|(_, words)| words).collect()
}

/// Against the data period before, in points.
fn since_last(row: &IndicatorRow) -> Option<Decimal> {
    let [.., before, now] = row.series.as_slice() else { return None };
    (Some(now.period) == row.data_period).then_some(())?;
    now.year_to_date?.checked_sub(before.year_to_date?)
}

/// `省经信厅：未来工厂名单未报送；技改项目退回后未重新报送。`
fn missing(plan: &Plan, month: &Month) -> Vec<String> {
    let titles = |department: &crate::plan::Department, state| {
        let rows = month.reporting.iter().filter(|row| row.department == department.code && row.state == state);
        rows.map(|row| one_line(&row.title)).collect::<Vec<_>>().join("、")
    };
    plan.reporting_departments()
        .filter_map(|department| {
            let states =
                [(ReportState::Missing, "未报送"), (ReportState::Refused, "已收到但无法读取"), (ReportState::Returned, "退回后未重新报送")];
            let said: Vec<String> = states
                .into_iter()
                .map(|(state, word)| (titles(department, state), word))
                .filter(|(titles, _)| !titles.is_empty())
                .map(|(titles, word)| format!("{titles}{word}"))
                .collect();
            (!said.is_empty()).then(|| format!("{}：{}。", one_line(&department.name), said.join("；")))
        })
        .collect()
}

/// One line an indicator: the columns that moved for the province, how many cities, and why.
fn corrected(plan: &Plan, month: &Month) -> Vec<String> {
    let mut codes: Vec<&str> = Vec::new();
    for correction in &month.corrections {
        if !codes.contains(&correction.indicator.as_str()) {
            codes.push(&correction.indicator);
        }
    }
    codes.into_iter().filter_map(|code| corrected_one(plan, month, code)).collect()
}

fn corrected_one(plan: &Plan, month: &Month, code: &str) -> Option<String> {
    let all: Vec<&Correction> = month.corrections.iter().filter(|correction| correction.indicator == code).collect();
    let first = all.first()?;
    let name = month.rows().find(|row| row.code == code).map_or_else(|| one_line(&first.title), |row| named(plan, row));
    let value = |value: Option<Decimal>, unit: &str| value.map_or("未报送".to_owned(), |value| format!("{value}{unit}"));
    // A light that moved alone has no old and new figure.
    let moved = all
        .iter()
        .filter(|one| one.region.is_none() && one.earlier.is_none() && ["累计", "累计同比", "完成年度目标"].contains(&one.item.as_str()));
    let mut parts: Vec<String> =
        moved.map(|one| format!("{}由{}更正为{}", one.item, value(one.old, &one.unit), value(one.new, &one.unit))).collect();
    if first.old_light != first.new_light {
        parts.push(format!("{}变为{}", light(first.old_light), light(first.new_light)));
    }
    let mut regions: Vec<_> = all.iter().filter_map(|one| one.region.as_ref()).collect();
    regions.sort();
    regions.dedup();
    if !regions.is_empty() {
        parts.push(format!("{}个市数据相应更正", regions.len()));
    }
    if parts.is_empty() {
        parts.push("数据有更正".to_owned());
    }
    Some(format!("{name}：{}（{}）。", parts.join("，"), one_line(&first.cause).trim_end_matches('。')))
}
