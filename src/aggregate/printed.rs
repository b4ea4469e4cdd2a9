//! Changes of light are told from what was printed last month, not from what would be printed of it today.

use crate::model::{IndicatorTable, Period};
use crate::plan::Plan;
use crate::present::sentences::is_fresh;

/// Sets the light before to the one that last month's report printed, where the figure is of the period's own data.
///
/// A quarter that is shown again keeps the light of the data period before; an indicator the report did not have, none.
pub fn tell_from(plan: &Plan, period: Period, tables: &mut [IndicatorTable], printed: &[IndicatorTable]) {
    let printed = |code: &str| printed.iter().flat_map(|table| &table.rows).find(|row| row.code == code).map(|row| row.light);
    for row in tables.iter_mut().flat_map(|table| &mut table.rows) {
        if is_fresh(plan, row, period) {
            row.previous_light = printed(&row.code);
        }
    }
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
}
