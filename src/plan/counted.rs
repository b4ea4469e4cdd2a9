//! Which rows of a list count: those of the target's year (`counts_in`), and those inside the dataset's scope.
//!
//! The condition of the year is folded into the indicator's SQL; here stands who is left out by it, row by row, for whoever
//! tells people of it. Rows are looked at with Polars: call it from a blocking thread.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use polars::prelude::{DataFrame, IntoLazy, PolarsResult};
use polars::sql::sql_expr;

use super::frame::frame;
use super::{Accumulation, Calculation, CountsIn, Dataset, Expression, Indicator, Plan, Rule, Shape, TargetYear, filter};
use crate::model::{Observations, Period, Severity, Values};

/// A row that indicators leave out, or would count if it had a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its index among the observations' rows.
    pub row: usize,
    /// The codes of the indicators, in the plan's order.
    pub indicators: Vec<String>,
    /// The year of its date, the year that counts, and the column; `None` where the date is blank.
    pub dated: Option<i32>,
    pub counting: i32,
    pub column: String,
}

/// The rows of one table that not every indicator counts that otherwise would.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// By row: the date lies in another year.
    pub another_year: Vec<Left>,
    /// By row: the date is blank.
    pub undated: Vec<Left>,
    /// Rows outside the dataset's scope, with the indicators that would count them.
    pub out_of_scope: Vec<(usize, Vec<String>)>,
}

/// Tells which rows of `observations` which indicators leave out.
///
/// # Errors
///
/// When a condition cannot be evaluated over the observations (those of an older plan).
pub fn left_out(plan: &Plan, observations: &Observations) -> PolarsResult<LeftOut> {
    let Some(dataset) = plan.dataset(&observations.dataset) else { return Ok(LeftOut::default()) };
    if observations.rows() == 0 {
        return Ok(LeftOut::default());
    }
    let indicators: Vec<&Indicator> = plan.indicators().map(|(_, one)| one).filter(|one| one.reads() == Some(&dataset.code)).collect();
    let data = observations.period.back(dataset.lag);
    // Hardly any table has a row of another year: Polars is asked only where one has.
    let doubtful = |one: &Indicator| one.counts_in.as_ref().is_some_and(|counts| !elsewhen(observations, counts, data).is_empty());
    let scoped = has_scope(dataset);
    if !scoped && !indicators.iter().copied().any(doubtful) {
        return Ok(LeftOut::default());
    }
    let frame = frame(dataset, &[observations])?;
    let inside = inside(dataset, &frame)?;
    let outside: Vec<usize> =
        inside.iter().flat_map(|inside| inside.iter().enumerate()).filter(|(_, held)| !**held).map(|(row, _)| row).collect();
    let mut left = Gathered::default();
    for indicator in indicators {
        let elsewhen = indicator.counts_in.as_ref().map(|counts| elsewhen(observations, counts, data)).unwrap_or_default();
        if elsewhen.is_empty() && outside.is_empty() {
            continue;
        }
        let rows = match &indicator.counts_in {
            Some(counts) => mask(&frame, counts.rows.as_deref())?,
            None => mask(&frame, indicator.rows().as_deref())?,
        };
        let counted = |row: &usize| rows.as_ref().is_none_or(|rows| rows.get(*row) == Some(&true));
        for row in outside.iter().copied().filter(counted) {
            left.outside.entry(row).or_default().push(indicator.code.clone());
        }
        for one in elsewhen.into_iter().filter(|one| counted(&one.row) && outside.binary_search(&one.row).is_err()) {
            left.add(one, &indicator.code);
        }
    }
    Ok(left.told())
}

/// What was found so far, by row.
#[derive(Default)]
struct Gathered {
    another_year: BTreeMap<usize, Left>,
    undated: BTreeMap<usize, Left>,
    outside: BTreeMap<usize, Vec<String>>,
}

impl Gathered {
    fn add(&mut self, left: Left, indicator: &str) {
        let rows = if left.dated.is_some() { &mut self.another_year } else { &mut self.undated };
        rows.entry(left.row).or_insert(left).indicators.push(indicator.to_owned());
    }

    fn told(self) -> LeftOut {
        LeftOut {
            another_year: self.another_year.into_values().collect(),
            undated: self.undated.into_values().collect(),
            out_of_scope: self.outside.into_iter().collect(),
        }
    }
}

/// The rows that are not dated in the year that counts, whether or not the indicator would count them.
fn elsewhen(observations: &Observations, counts: &CountsIn, data: Period) -> Vec<Left> {
    let counting = counts.year_at(data);
    let dates = (0..observations.rows()).map(|row| (row, year(observations, &counts.column, row)));
    let others = dates.filter(|(_, dated)| *dated != Some(counting));
    others.map(|(row, dated)| Left { row, indicators: Vec::new(), dated, counting, column: counts.column.clone() }).collect()
}

impl Plan {
    /// Dataset and column of everything that an indicator adds up, counts by or judges, or that a declared rule compares.
    #[must_use]
    pub fn counted_columns(&self) -> BTreeSet<(String, String)> {
        let mut read = BTreeSet::new();
        for (_, indicator) in self.indicators() {
            let expressions = indicator.calculation.expressions();
            let columns = expressions.into_iter().flat_map(|expression| &expression.columns);
            let dated = indicator.counts_in.iter().map(|counts| &counts.column);
            if let Some(dataset) = indicator.reads() {
                read.extend(columns.chain(dated).map(|column| (dataset.clone(), column.clone())));
            }
            read.extend(indicator.reported_growth.clone());
        }
        for dataset in &self.datasets {
            let words = dataset.rules.iter().flat_map(|rule| rule.expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
            let columns = words.filter_map(|word| dataset.column(word));
            read.extend(columns.map(|column| (dataset.code.clone(), column.name.clone())));
        }
        read
    }
}

impl Calculation {
    /// Its aggregates over one dataset; none of a derived one's.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Simple { value, last_year, month, .. } => std::iter::once(value).chain(last_year).chain(month).collect(),
            Self::Ratio { numerator, denominator, last_numerator, last_denominator, .. } => {
                [numerator, denominator].into_iter().chain(last_numerator).chain(last_denominator).collect()
            }
            Self::Derived { .. } => Vec::new(),
        }
    }
}

fn year(observations: &Observations, column: &str, row: usize) -> Option<i32> {
    match observations.column(column).map(|column| &column.values) {
        Some(Values::Date(dates)) => dates.get(row).copied().flatten().map(|date| date.year()),
        _ => None,
    }
}

/// The rules that say who belongs on the list and leave out who does not, explained or not.
fn scope_rules(dataset: &Dataset) -> impl Iterator<Item = &Rule> {
    dataset.rules.iter().filter(|rule| rule.out_of_scope && rule.per_row && rule.severity == Severity::Explain && !rule.explained_counts)
}

/// Whether any row may lie outside the dataset's scope.
#[must_use]
pub fn has_scope(dataset: &Dataset) -> bool {
    scope_rules(dataset).next().is_some()
}

/// The rows of a dataset's frame that lie inside its scope; `None` where no rule leaves rows out.
///
/// # Errors
///
/// When a rule cannot be evaluated.
pub fn inside(dataset: &Dataset, frame: &DataFrame) -> PolarsResult<Option<Vec<bool>>> {
    let mut inside: Option<Vec<bool>> = None;
    for rule in scope_rules(dataset) {
        let held = frame.clone().lazy().select([sql_expr(&rule.expression)?.alias("held")]).collect()?;
        let held = held.column("held")?.as_materialized_series().rechunk();
        // What is neither true nor false, because a cell it reads is blank, holds.
        let held = held.bool()?.iter().map(|held| held != Some(false));
        inside = Some(match inside {
            Some(before) => before.into_iter().zip(held).map(|(before, held)| before && held).collect(),
            None => held.collect(),
        });
    }
    Ok(inside)
}

/// The rows that meet a condition; `None` where there is none.
fn mask(frame: &DataFrame, condition: Option<&str>) -> PolarsResult<Option<Vec<bool>>> {
    let Some(condition) = condition else { return Ok(None) };
    let kept = frame.clone().lazy().select([sql_expr(condition)?.alias("kept")]).collect()?;
    let kept = kept.column("kept")?.as_materialized_series().rechunk();
    Ok(Some(kept.bool()?.iter().map(|kept| kept == Some(true)).collect()))
}

impl Indicator {
    /// The dataset it is read from; `None` for a derived one.
    #[must_use]
    pub fn reads(&self) -> Option<&String> {
        match &self.calculation {
            Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => Some(dataset),
            Calculation::Derived { .. } => None,
        }
    }

    /// Whether it shows one month, not the year to date: a ratio of what a month reports.
    #[must_use]
    pub fn shows_month(&self, plan: &Plan) -> bool {
        let Calculation::Ratio { dataset, .. } = &self.calculation else { return false };
        plan.dataset(dataset).is_some_and(|dataset| dataset.accumulation == Accumulation::Flow)
    }

    /// SQL: the rows its value counts; `None` where that is every row.
    #[must_use]
    pub fn rows(&self) -> Option<String> {
        match &self.calculation {
            Calculation::Simple { value, .. } => filter::predicate(&value.sql),
            Calculation::Ratio { numerator, denominator, .. } => {
                let (above, below) = (filter::predicate(&numerator.sql)?, filter::predicate(&denominator.sql)?);
                Some(format!("({above}) OR ({below})"))
            }
            Calculation::Derived { .. } => None,
        }
    }
}

/// Words in a target that ask for what is new in a year.
const NEW: [&str; 6] = ["新增", "新建", "每年", "当年", "签约", "落地"];

/// The indicators over lists that ask for what is new in a year and do not say how a row's year is told.
#[must_use]
pub fn unsaid(plan: &Plan) -> Vec<&Indicator> {
    let is_unsaid = |one: &&Indicator| {
        let Some(target) = &one.target else { return false };
        let Some(dataset) = one.reads().and_then(|code| plan.dataset(code)) else { return false };
        let says = |text: &str| NEW.iter().any(|word| text.contains(word));
        let new = says(&one.title) || says(&target.text) || target.wording.as_deref().is_some_and(says) || target.year == TargetYear::Every;
        dataset.shape == Shape::Records && new && one.counts_in.is_none() && one.any_year.is_none() && !dataset.list_year
    };
    plan.indicators().map(|(_, one)| one).filter(is_unsaid).collect()
}
