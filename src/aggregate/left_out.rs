//! What becomes of a month when a table cannot be added up: it is left out by name, and the month goes on with the others.

use std::borrow::Cow;

use super::{AggregateError, Figures, draw_up};
use crate::model::{Accepted, Period};
use crate::plan::Plan;
use crate::settings::Appearance;

/// As [`draw_up`]; tables that cannot be evaluated are left out. Gives the figures and the places of what was left out, ascending.
///
/// Left out are the tables of the faulty dataset that fail by themselves, else its newest ones, month by month: what was drawn up
/// before stays.
///
/// # Errors
/// The evaluation fails for another reason than a table's content.
pub fn draw_up_without_faulty(
    plan: &Plan,
    period: Period,
    accepted: &[Accepted],
    appearance: &Appearance,
) -> Result<(Figures, Vec<usize>), AggregateError> {
    let mut left_out: Vec<usize> = Vec::new();
    loop {
        // Nearly always all of them.
        let used: Cow<'_, [Accepted]> = if left_out.is_empty() {
            accepted.into()
        } else {
            accepted.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, one)| one.clone()).collect()
        };
        let error = match draw_up(plan, period, &used, appearance) {
            Ok(figures) => return Ok((figures, left_out)),
            Err(error) => error,
        };
        let faulty = faulty(plan, accepted, &left_out, error.dataset(), appearance);
        if faulty.is_empty() {
            return Err(error);
        }
        left_out.extend(faulty);
        left_out.sort_unstable();
    }
}

fn faulty(plan: &Plan, accepted: &[Accepted], left_out: &[usize], dataset: &str, appearance: &Appearance) -> Vec<usize> {
    let of_dataset = accepted.iter().enumerate().filter(|(at, one)| one.observations.dataset == dataset && !left_out.contains(at));
    let of_dataset: Vec<(usize, &Accepted)> = of_dataset.collect();
    let alone = |one: &Accepted| draw_up(plan, one.observations.period, std::slice::from_ref(one), appearance);
    let failing: Vec<usize> = of_dataset.iter().filter(|(_, one)| alone(one).is_err()).map(|(at, _)| *at).collect();
    if !failing.is_empty() {
        return failing;
    }
    let newest = of_dataset.iter().map(|(_, one)| one.observations.period).max();
    of_dataset.iter().filter(|(_, one)| Some(one.observations.period) == newest).map(|(at, _)| *at).collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::{Decimal, dec};

    use super::*;
    use crate::aggregate::worked::world::{appearance, figures, invest, period, plan};

    #[test]
    fn a_table_that_cannot_be_added_up_is_left_out_and_the_month_goes_on() {
        let month = |at, paid: [Decimal; 2]| invest(at, paid.map(Some), [Some(dec!(1)), Some(dec!(1))]);
        let may = month("2022-05", [dec!(213.48), dec!(1092.62)]);
        let june = month("2022-06", [Decimal::MAX, Decimal::MAX]);
        let accepted = [may.clone(), june];
        assert!(draw_up(&plan(), period("2022-06"), &accepted, &appearance()).is_err(), "it cannot be added up");
        let (drawn, left_out) = draw_up_without_faulty(&plan(), period("2022-06"), &accepted, &appearance()).unwrap();
        assert_eq!((left_out, drawn), (vec![1], figures("2022-06", std::slice::from_ref(&may))));
        let (_, none) = draw_up_without_faulty(&plan(), period("2022-05"), &[may], &appearance()).unwrap();
        assert!(none.is_empty());
    }
}
