//! Changes of light are told from what was printed last month, not from what would be printed of it today.

use crate::model::{IndicatorRow, IndicatorTable, Period};
use crate::plan::Plan;
use crate::present::sentences::is_fresh;

/// Sets the light before to the one that last month's report printed, where the figure is of the period's own data. A light
/// that has changed since then is never told to be the second in a row.
///
/// A quarter that is shown again keeps the light of the data period before; an indicator the report did not have, none.
pub fn tell_from(plan: &Plan, period: Period, tables: &mut [IndicatorTable], printed: &[IndicatorTable]) {
    let printed = |code: &str| printed.iter().flat_map(|table| &table.rows).find(|row| row.code == code);
    for row in tables.iter_mut().flat_map(|table| &mut table.rows) {
        if is_fresh(plan, row, period) {
            let before = printed(&row.code);
            row.periods_in_row = in_row(row, before);
            row.previous_light = before.map(|before| before.light);
        }
    }
}

/// Data periods in a row with `row`'s light; where the last one was printed in another light, this is the first.
fn in_row(row: &IndicatorRow, before: Option<&IndicatorRow>) -> u32 {
    let changed = before.is_some_and(|before| before.light.is_judged() && before.light != row.light);
    if changed { row.periods_in_row.min(1) } else { row.periods_in_row }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GreyReason, Light};
    use crate::present::sample;

    #[test]
    fn the_light_before_is_the_one_that_was_printed() {
        let not_judged = Light::Grey(GreyReason::NotJudged);
        let table = |rows| IndicatorTable { period: sample::month().period, measure: 6, rows };
        let mut now = sample::row("6.2", Light::Yellow);
        now.previous_light = Some(Light::Yellow);
        let mut new = sample::row("6.4", Light::Green);
        new.previous_light = Some(Light::Red);
        let mut tables = [table(vec![now, new])];
        tell_from(&sample::plan(), sample::month().period, &mut tables, &[table(vec![sample::row("6.2", not_judged)])]);
        let before: Vec<_> = tables[0].rows.iter().map(|row| row.previous_light).collect();
        assert_eq!(before, [Some(not_judged), None]);
    }

    #[test]
    fn a_light_that_has_changed_is_not_the_second_in_a_row() {
        let not_judged = Light::Grey(GreyReason::NotJudged);
        let told = |light, worked_out: (u32, Light), printed: (Light, u32)| {
            let mut now = sample::row("6.2", light);
            (now.periods_in_row, now.previous_light) = (worked_out.0, Some(worked_out.1));
            let mut before = sample::row("6.2", printed.0);
            before.periods_in_row = printed.1;
            let table = |rows| IndicatorTable { period: sample::month().period, measure: 6, rows };
            let mut tables = [table(vec![now])];
            tell_from(&sample::plan(), sample::month().period, &mut tables, &[table(vec![before])]);
            tables[0].rows[0].periods_in_row
        };
        assert_eq!(told(Light::Red, (3, Light::Red), (Light::Yellow, 4)), 1, "May was corrected to red since, and was printed yellow");
        assert_eq!(told(Light::Red, (3, Light::Red), (Light::Red, 2)), 3);
        assert_eq!(told(Light::Red, (3, Light::Red), (not_judged, 0)), 3, "grey neither counts nor breaks");
        assert_eq!(told(not_judged, (0, Light::Red), (Light::Red, 2)), 0);
    }
}
