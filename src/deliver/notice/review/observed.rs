//! What only the operator is shown: cities that stand still, shares that moved, months that stand out, and how the checks fare.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, dec};

use super::naming::named;
use crate::deliver::headers::one_line;
use crate::model::{DepartmentCode, FindingCode, IndicatorRow, IndicatorTable, Month, RegionCode, RegionFigure};
use crate::plan::Plan;
use crate::present::{captions, checks, sentences};

/// A share that moves by so many points since last month is told.
const SHARE_POINTS: Decimal = dec!(1);

/// What is known besides the month itself.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The tables of last month as last drawn up; empty where there are none.
    pub last: Vec<IndicatorTable>,
    /// Those of the month before.
    pub before: Vec<IndicatorTable>,
    /// Cities' months between three and six times their usual, by department and dataset, each with its sentence.
    pub near_jumps: Vec<(DepartmentCode, String, String)>,
    pub rates: Vec<Rate>,
    /// How the version's mails stand; `None` while it is being drawn up, when all of them are held.
    pub mails: Option<Mails>,
}

/// How many of a version's mails stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mails {
    pub held: usize,
    /// Released, and not yet sent.
    pub pending: usize,
    /// Sent, or written as files.
    pub sent: usize,
    /// Failed or uncertain.
    pub troubled: usize,
    pub cancelled: usize,
}

/// While no mail has left its hold.
pub const ALL_HELD: &str = "各单位邮件已备好待签发。";

impl Mails {
    /// `本版邮件已发出11封，没有待签发的邮件。`
    pub fn words(self) -> String {
        let counts =
            [(self.sent, "已发出"), (self.pending, "已签发待发出"), (self.troubled, "发送失败或者结果不明"), (self.cancelled, "已取消")];
        let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{word}{count}封")).collect();
        match (told.is_empty(), self.held) {
            (true, 0) => "本版没有需要发出的邮件。".to_owned(),
            (false, 0) => format!("本版邮件{}，没有待签发的邮件。", told.join("，")),
            (true, _) => ALL_HELD.to_owned(),
            (false, held) => format!("本版邮件{}，还有{held}封待签发。", told.join("，")),
        }
    }
}

/// How a check fared over twelve months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub code: FindingCode,
    /// How often it asked.
    pub asked: usize,
    /// How often what it asked about was changed in a later file.
    pub changed: usize,
    /// How often it was explained or passed, unchanged.
    pub kept: usize,
}

fn row_of<'a>(tables: &'a [IndicatorTable], code: &str) -> Option<&'a IndicatorRow> {
    tables.iter().flat_map(|table| &table.rows).find(|row| row.code == code)
}

/// The row of an earlier month, where it is of another data month of the same year.
fn earlier<'a>(tables: &'a [IndicatorTable], row: &IndicatorRow) -> Option<&'a IndicatorRow> {
    let found = row_of(tables, &row.code)?;
    let (then, now) = (found.data_period?, row.data_period?);
    (then < now && then.year() == now.year()).then_some(found)
}

fn values(row: &IndicatorRow) -> BTreeMap<&RegionCode, Decimal> {
    row.regions.iter().filter_map(|region| Some((&region.code, region.year_to_date?))).collect()
}

/// `技术改造投资（六，省经信厅）：丽水市累计数连续两个月没有变化。`; told only where most cities moved, so that standing still is conspicuous.
pub fn still(plan: &Plan, month: &Month, beside: &Beside) -> Vec<String> {
    let told = fresh(plan, month).filter_map(|row| {
        let last = earlier(&beside.last, row)?;
        let before = earlier(&beside.before, last)?;
        let (was, last) = (values(before), values(last));
        let known: Vec<(&RegionFigure, bool)> = row
            .regions
            .iter()
            .filter_map(|region| {
                let (now, then, first) = (region.year_to_date?, *last.get(&region.code)?, *was.get(&region.code)?);
                Some((region, now == then && then == first && !now.is_zero()))
            })
            .collect();
        let still: Vec<String> = known.iter().filter(|(_, still)| *still).map(|(region, _)| one_line(&region.name)).collect();
        let conspicuous = !still.is_empty() && still.len() * 2 < known.len();
        conspicuous.then(|| format!("{}：{}累计数连续两个月没有变化。", named(plan, row), still.join("、")))
    });
    told.collect()
}

/// `技术改造投资（六，省经信厅）：杭州市占比由16.3%升至17.6%。`, the largest move first.
pub fn shares(plan: &Plan, month: &Month, beside: &Beside) -> Vec<String> {
    let mut told: Vec<(Decimal, String)> = Vec::new();
    for row in fresh(plan, month) {
        let Some(last) = earlier(&beside.last, row) else { continue };
        let mut moved: Vec<(Decimal, String)> = row.regions.iter().filter_map(|region| moved(region, last)).collect();
        moved.sort_by(|(a, _), (b, _)| b.cmp(a));
        let Some((largest, _)) = moved.first() else { continue };
        let words: Vec<&str> = moved.iter().map(|(_, words)| words.as_str()).collect();
        told.push((*largest, format!("{}：{}。", named(plan, row), words.join("，"))));
    }
    told.sort_by(|(a, _), (b, _)| b.cmp(a));
    told.into_iter().map(|(_, words)| words).collect()
}

fn moved(region: &RegionFigure, last: &IndicatorRow) -> Option<(Decimal, String)> {
    let now = region.share_pct?;
    let then = last.regions.iter().find(|other| other.code == region.code)?.share_pct?;
    let points = now.checked_sub(then)?;
    let word = if points.is_sign_negative() { "降至" } else { "升至" };
    (points.abs() >= SHARE_POINTS).then(|| (points.abs(), format!("{}占比由{then}%{word}{now}%", one_line(&region.name))))
}

/// `省经信厅“技改投资”：“丽水”1—6月累计…，为4.0倍。`
pub fn near_jumps(plan: &Plan, beside: &Beside) -> Vec<String> {
    let told = beside.near_jumps.iter().map(|(department, title, words)| {
        format!("{}“{}”：{}", one_line(plan.department_name(department)), one_line(title), one_line(words))
    });
    told.collect()
}

/// `某市本月远高于其各月水平：提问5处，其后修改3处，说明后采用1处。`
pub fn hit_rates(beside: &Beside) -> Vec<String> {
    let told = beside.rates.iter().map(|rate| {
        let open = rate.asked.saturating_sub(rate.changed + rate.kept);
        let open = if open == 0 { String::new() } else { format!("，尚未处理{open}处") };
        format!("{}：提问{}处，其后修改{}处，说明后采用{}处{open}。", checks::word(rate.code), rate.asked, rate.changed, rate.kept)
    });
    told.collect()
}

/// `省经信厅：技术改造投资（红灯）、新能源汽车产量（黄灯）。`
pub fn unexplained(plan: &Plan, month: &Month) -> Vec<String> {
    let rows: Vec<&IndicatorRow> = month.rows().filter(|row| month.unexplained.contains(&row.code)).collect();
    let told = plan.reporting_departments().filter_map(|department| {
        let mine: Vec<String> = rows
            .iter()
            .filter(|row| row.owner == department.code)
            .map(|row| format!("{}（{}）", one_line(&row.title), captions::light_word(row.light)))
            .collect();
        (!mine.is_empty()).then(|| format!("{}：{}。", one_line(&department.name), mine.join("、")))
    });
    told.collect()
}

fn fresh<'a>(plan: &'a Plan, month: &'a Month) -> impl Iterator<Item = &'a IndicatorRow> {
    month.rows().filter(|row| sentences::is_fresh(plan, row, month.period))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::sample;
    use crate::model::Period;

    /// The sample month whose 技术改造投资 is of `data` and has these cities: name, value to date, share.
    fn month(data: u32, cities: &[(&str, Decimal, Decimal)]) -> Month {
        let mut month = sample::month();
        let row = month.tables[0].rows.iter_mut().find(|row| row.code == "6.2").unwrap();
        row.data_period = Period::new(2022, data);
        row.regions = cities
            .iter()
            .map(|(name, value, share)| RegionFigure {
                code: RegionCode((*name).to_owned()),
                name: (*name).to_owned(),
                month: None,
                year_to_date: Some(*value),
                last_year: None,
                growth_pct: None,
                share_pct: Some(*share),
                target: None,
                completion_pct: None,
                rank: None,
                rank_change: None,
                light: None,
                sources: vec![],
            })
            .collect();
        month
    }

    fn beside(last: Month, before: Month) -> Beside {
        Beside { last: last.tables, before: before.tables, ..Beside::default() }
    }

    #[test]
    fn a_city_that_stands_still_while_the_others_move_is_told() {
        let at = |data, hangzhou, ningbo| {
            month(data, &[("杭州市", hangzhou, dec!(50.0)), ("宁波市", ningbo, dec!(30.0)), ("丽水市", dec!(5), dec!(20.0))])
        };
        let plan = sample::plan();
        let june = at(6, dec!(30), dec!(20));
        let told = still(&plan, &june, &beside(at(5, dec!(25), dec!(16)), at(4, dec!(20), dec!(12))));
        assert_eq!(told, ["技术改造投资（六，省经信厅）：丽水市累计数连续两个月没有变化。"]);
        assert!(still(&plan, &june, &beside(at(5, dec!(30), dec!(20)), at(4, dec!(30), dec!(20)))).is_empty(), "all of them stand still");
        assert!(still(&plan, &june, &beside(at(6, dec!(25), dec!(16)), at(6, dec!(20), dec!(12)))).is_empty(), "no other data month");
        assert!(still(&plan, &june, &Beside::default()).is_empty());
    }

    #[test]
    fn a_share_that_moves_by_a_point_is_told_and_less_is_not() {
        let at = |data, share| month(data, &[("杭州市", dec!(30), share), ("宁波市", dec!(20), dec!(30.0))]);
        let plan = sample::plan();
        let told = |share| shares(&plan, &at(6, share), &beside(at(5, dec!(16.3)), at(4, dec!(16.3))));
        assert_eq!(told(dec!(17.3)), ["技术改造投资（六，省经信厅）：杭州市占比由16.3%升至17.3%。"]);
        assert_eq!(told(dec!(15.3)), ["技术改造投资（六，省经信厅）：杭州市占比由16.3%降至15.3%。"]);
        assert!(told(dec!(17.2)).is_empty());
    }

    #[test]
    fn a_checks_questions_are_told_with_what_came_of_them() {
        let rate = Rate { code: FindingCode::CumulativeDecreased, asked: 5, changed: 3, kept: 1 };
        let told = hit_rates(&Beside { rates: vec![rate], ..Beside::default() });
        assert_eq!(told, ["累计数小于上期：提问5处，其后修改3处，说明后采用1处，尚未处理1处。"]);
    }
}
