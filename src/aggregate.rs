//! Aggregation: accepted observations in, indicator tables out.
//!
//! A pure function of the plan, the period and the observations: Polars adds up ([`evaluate`]), exact fractions carry the sums
//! through the year ([`course`]), the plan's targets and lights judge them ([`standing`]), and every figure is rounded once when it
//! is set down ([`row`]). What does not happen here: reading files, checking them, remembering anything. `docs/figures.md` gives
//! every formula with its source.

use crate::model::{Accepted, IndicatorTable, Lagging, Period, TaskStatus};
use crate::plan::Plan;
use crate::settings::Appearance;

mod error;
mod beyond;
mod evaluate;
mod reader;
mod exact;
mod own;
mod growth;
mod nature;
mod cover;
mod last_year;
mod course;
mod standing;
mod landing;
mod deciding;
mod rank;
mod regions;
mod lineage;
mod notes;
mod row;
mod tasks;
mod unexplained;
mod left_out;
mod corrections;
mod printed;
#[cfg(test)]
mod worked;

pub use corrections::{Why, corrections};
pub use error::AggregateError;
pub use left_out::draw_up_without_faulty;
pub use printed::tell_from;
pub use unexplained::unexplained;

/// Everything a period's observations say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// One table per measure, in the plan's order.
    pub tables: Vec<IndicatorTable>,
    /// Every task of the plan, in its order.
    pub tasks: Vec<TaskStatus>,
    /// The departments' words on their yellow and red indicators, in the plan's order.
    pub lagging: Vec<Lagging>,
    /// Codes of last month's yellow and red indicators of which nobody said why.
    pub unexplained: Vec<String>,
}

/// Draws up the figures of `period`.
///
/// `accepted` holds every accepted set of observations known for the reporting periods of the year, up to `period`; sets of later
/// periods are left aside, and of two for one (department, dataset, period) the one received last counts. Their order means nothing.
///
/// # Errors
///
/// When an expression cannot be evaluated exactly over the observations.
pub fn draw_up(plan: &Plan, period: Period, accepted: &[Accepted], appearance: &Appearance) -> Result<Figures, AggregateError> {
    let reader = reader::Reader::new(plan, period, accepted)?;
    let courses = course::all(&reader);
    let mut tables = Vec::with_capacity(plan.measures.len());
    for measure in &plan.measures {
        let mut rows = Vec::with_capacity(measure.indicators.len());
        for indicator in &measure.indicators {
            rows.push(row::row(&reader, measure, indicator, &courses, appearance)?);
        }
        tables.push(IndicatorTable { period, measure: measure.number, rows });
    }
    let lagging = tasks::lagging(&reader);
    let unexplained = unexplained(plan, period, &tables, &lagging);
    Ok(Figures { tables, tasks: tasks::statuses(&reader), lagging, unexplained })
}
