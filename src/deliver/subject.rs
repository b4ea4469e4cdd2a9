//! Subjects (主题): what it is about, of which months, for whom, and whether it replaces an earlier one.

use crate::model::Month;
use crate::plan::Plan;
use crate::present::captions::{self, SAMPLE_MARK};
use crate::settings::Appearance;

/// `【工业稳进提质】2022年1—6月主要指标进展情况（省经信厅）`; a correction says which version counts.
pub fn of(plan: &Plan, appearance: &Appearance, month: &Month, recipient: &str) -> String {
    let about = format!("{}主要指标进展情况（{recipient}）", captions::period_label(month.period));
    let subject = if month.version > 1 {
        format!("【更正】{}{about}（第{}版，以此件为准）", plan.short_name, month.version)
    } else {
        format!("【{}】{about}", plan.short_name)
    };
    if appearance.sample { format!("{subject}【{SAMPLE_MARK}】") } else { subject }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::sample;

    #[test]
    fn a_subject_names_plan_months_and_recipient() {
        let (plan, mut settings, month) = (sample::plan(), sample::settings(), sample::month());
        let subject = of(&plan, &settings.appearance, &month, "省经信厅");
        assert_eq!(subject, "【工业稳进提质】2022年1—6月主要指标进展情况（省经信厅）【样例数据　非真实数据】");
        settings.appearance.sample = false;
        let subject = of(&plan, &settings.appearance, &Month { version: 2, ..month }, "省经信厅");
        assert_eq!(subject, "【更正】工业稳进提质2022年1—6月主要指标进展情况（省经信厅）（第2版，以此件为准）");
    }
}
