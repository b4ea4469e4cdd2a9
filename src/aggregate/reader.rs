//! The year's accepted observations, evaluated once, and which data month each reporting period carries.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rust_decimal::Decimal;

use super::AggregateError;
use super::evaluate::{Evaluated, Place, evaluate};
use crate::model::{Accepted, Period};
use crate::plan::frame::try_frame;
use crate::plan::{Calculation, Dataset, Expression, Frequency, Plan};

/// The accepted sets of one dataset by reporting period, each in the dataset's order of departments.
type Months<'a> = BTreeMap<Period, Vec<&'a Accepted>>;

/// One dataset's expressions, to be evaluated over its months.
type Job<'a, 'm> = (&'a Dataset, &'m Vec<&'a Expression>, &'m Months<'a>);

/// Everything the figures of one period are drawn from.
pub struct Reader<'a> {
    pub plan: &'a Plan,
    pub period: Period,
    months: BTreeMap<&'a str, Months<'a>>,
    evaluated: BTreeMap<&'a str, Evaluated>,
    /// The sets that were found to fit their dataset's frame.
    fitting: RefCell<BTreeSet<*const Accepted>>,
}

impl<'a> Reader<'a> {
    /// Sorts the observations and evaluates every expression of the plan over them, datasets side by side.
    pub fn new(plan: &'a Plan, period: Period, accepted: &'a [Accepted]) -> Result<Self, AggregateError> {
        let months = sorted(plan, period, accepted);
        let wanted = expressions(plan);
        let jobs: Vec<Job<'a, '_>> = plan
            .datasets
            .iter()
            .filter_map(|dataset| Some((dataset, wanted.get(dataset.code.as_str())?, months.get(dataset.code.as_str())?)))
            .collect();
        let evaluated = side_by_side(plan, &jobs)?;
        Ok(Self { plan, period, months, evaluated, fitting: RefCell::default() })
    }

    /// The accepted sets of a dataset for a reporting period.
    pub fn accepted(&self, dataset: &Dataset, reporting: Period) -> &[&'a Accepted] {
        self.months.get(dataset.code.as_str()).and_then(|months| months.get(&reporting)).map_or(&[], Vec::as_slice)
    }

    /// Whether a set's values can all be calculated with, those that no expression reads too; each set is looked at once.
    ///
    /// # Errors
    /// One cannot.
    pub fn fits(&self, dataset: &Dataset, accepted: &Accepted) -> Result<(), AggregateError> {
        let place = std::ptr::from_ref(accepted);
        if !self.fitting.borrow().contains(&place) {
            let fault = |source| AggregateError::Frame { dataset: dataset.code.clone(), source };
            try_frame(dataset, &accepted.observations).map_err(fault)?;
            self.fitting.borrow_mut().insert(place);
        }
        Ok(())
    }

    /// Whether anything was accepted for a reporting period.
    pub fn has_any(&self, reporting: Period) -> bool {
        self.months.values().any(|months| months.contains_key(&reporting))
    }

    /// The value of an expression; `None` where nothing was accepted for the period (and the place's department).
    pub fn value(&self, dataset: &Dataset, expression: &Expression, reporting: Period, place: Place<'_>) -> Option<Decimal> {
        let accepted = self.accepted(dataset, reporting);
        let there = match place {
            Place::Department(code) => accepted.iter().any(|one| one.observations.department == *code),
            _ => !accepted.is_empty(),
        };
        if !there {
            return None;
        }
        self.evaluated.get(dataset.code.as_str())?.value(expression, reporting, place)
    }

    /// The reporting period that carries the data of `data`; `None` where none does by now.
    pub fn reporting(&self, dataset: &Dataset, data: Period) -> Option<Period> {
        let reporting = (0..dataset.lag).fold(data, |period, _| period.next());
        (reporting <= self.period && dataset.data_period(reporting) == Some(data)).then_some(reporting)
    }

    /// The latest data month due by now.
    pub fn latest_due(&self, dataset: &Dataset) -> Option<Period> {
        dataset.latest_due(self.period)
    }
}

/// The data months of a dataset from the start of `data`'s year to `data`.
pub fn year_months(dataset: &Dataset, data: Period) -> Vec<Period> {
    let step = |month: u32| Period::new(data.year(), month);
    (1..=data.month()).filter_map(step).filter(|month| carries(dataset, *month)).collect()
}

/// Whether a dataset has figures of its own for that data month.
fn carries(dataset: &Dataset, data: Period) -> bool {
    match dataset.frequency {
        Frequency::Quarter => data.ends_quarter(),
        Frequency::Month => !(dataset.january_merged && data.month() == 1),
    }
}

/// By dataset and reporting period, one set a department: of two, the one received last.
fn sorted<'a>(plan: &Plan, period: Period, accepted: &'a [Accepted]) -> BTreeMap<&'a str, Months<'a>> {
    let mut months: BTreeMap<&'a str, Months<'a>> = BTreeMap::new();
    for one in accepted.iter().filter(|one| one.observations.period <= period) {
        let month = months.entry(one.observations.dataset.as_str()).or_default().entry(one.observations.period).or_default();
        match month.iter_mut().find(|other| other.observations.department == one.observations.department) {
            Some(other) if (other.received_at, &other.hash) < (one.received_at, &one.hash) => *other = one,
            Some(_) => {}
            None => month.push(one),
        }
    }
    for (code, months) in &mut months {
        let order = |one: &&Accepted| {
            let department = &one.observations.department;
            let place = plan.dataset(code).and_then(|dataset| dataset.from.iter().position(|code| code == department));
            (place.unwrap_or(usize::MAX), department.clone())
        };
        for month in months.values_mut() {
            month.sort_by_key(order);
        }
    }
    months
}

/// Every distinct expression of the plan, by dataset.
fn expressions(plan: &Plan) -> BTreeMap<&str, Vec<&Expression>> {
    let mut wanted: BTreeMap<&str, Vec<&Expression>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (_, indicator) in plan.indicators() {
        let (dataset, parts) = match &indicator.calculation {
            Calculation::Simple { dataset, value, last_year, month, .. } => {
                (dataset, vec![Some(value), last_year.as_ref(), month.as_ref()])
            }
            Calculation::Ratio { dataset, numerator, denominator, last_numerator, last_denominator } => {
                (dataset, vec![Some(numerator), Some(denominator), last_numerator.as_ref(), last_denominator.as_ref()])
            }
            Calculation::Derived { .. } => continue,
        };
        for expression in parts.into_iter().flatten() {
            if seen.insert((dataset.as_str(), expression.sql.as_str())) {
                wanted.entry(dataset.as_str()).or_default().push(expression);
            }
        }
    }
    wanted
}

/// Evaluates the datasets on a few threads; the first fault in the plan's order is returned, whichever came first.
fn side_by_side<'a>(plan: &Plan, jobs: &[Job<'a, '_>]) -> Result<BTreeMap<&'a str, Evaluated>, AggregateError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(jobs.len()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4).min(jobs.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((dataset, expressions, months)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = evaluate(plan, dataset, expressions, months);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((dataset.code.as_str(), result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(code, _)| jobs.iter().position(|(dataset, ..)| dataset.code == *code));
    done.into_iter().map(|(code, result)| Ok((code, result?))).collect()
}
