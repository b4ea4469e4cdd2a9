//! Who has reported: cells by expected region for a matrix, departments for form and records.

use super::evaluate::Place;
use super::exact::{self, Level};
use super::nature::{Build, nature};
use super::own;
use super::reader::Reader;
use crate::model::{Coverage, DepartmentCode, Period};
use crate::plan::{Calculation, Dataset, Indicator, Shape};

/// The expected, in the plan's order, and whether each is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cover {
    there: Vec<bool>,
    /// Departments are expected, not regions.
    departments: bool,
}

impl Cover {
    /// The cover of an indicator's figure at `data`; a figure to date covers those whose every month is there.
    pub fn of(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, build: Build, data: Period) -> Self {
        if dataset.shape != Shape::Matrix {
            let accepted = reader.reporting(dataset, data).map_or(&[][..], |reporting| reader.accepted(dataset, reporting));
            let there = |code: &DepartmentCode| accepted.iter().any(|one| one.observations.department == *code);
            return Self { there: dataset.from.iter().map(there).collect(), departments: true };
        }
        let filled = |place: Place<'_>| match &indicator.calculation {
            Calculation::Simple { .. } if build != Build::State => exact::level(reader, indicator, data, place, Level::ThisYear).is_some(),
            Calculation::Simple { value, .. } => exact::amount(reader, dataset, value, None, data, place).is_some(),
            Calculation::Ratio { numerator, denominator, .. } => {
                [numerator, denominator].iter().all(|part| exact::amount(reader, dataset, part, None, data, place).is_some())
            }
            Calculation::Derived { .. } => false,
        };
        // A total row that holds a blank city's part is whole.
        let by_total = own::basis(reader, indicator, dataset, data, Level::ThisYear).by_total;
        let of = |is_there: &dyn Fn(Place<'_>) -> bool| -> Vec<bool> {
            reader.plan.regions.iter().map(|region| by_total || is_there(Place::Region(&region.code))).collect()
        };
        let there = of(&filled);
        // Nobody has a year to date while a whole month is missing: then those are covered who have the month.
        if let (Calculation::Simple { value, to_date: true, .. }, true) = (&indicator.calculation, there.iter().all(|there| !there)) {
            let there = of(&|place| exact::amount(reader, dataset, value, None, data, place).is_some());
            return Self { there, departments: false };
        }
        Self { there, departments: false }
    }

    /// The cover of an indicator's figure at `data`.
    pub fn at(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, data: Period) -> Self {
        Self::of(reader, indicator, dataset, nature(indicator, dataset).build, data)
    }

    /// The cover while nothing has come: all expected, none there.
    pub fn none(reader: &Reader<'_>, indicator: &Indicator) -> Self {
        let dataset = match &indicator.calculation {
            Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => reader.plan.dataset(dataset),
            Calculation::Derived { terms } => {
                let parts = reader.plan.indicators().map(|(_, part)| part).filter(|part| terms.iter().any(|(code, _)| *code == part.code));
                let covers: Vec<Self> = parts.map(|part| Self::none(reader, part)).collect();
                return Self::all(covers.iter());
            }
        };
        let Some(dataset) = dataset else { return Self::default() };
        let departments = dataset.shape != Shape::Matrix;
        let expected = if departments { dataset.from.len() } else { reader.plan.regions.len() };
        Self { there: vec![false; expected], departments }
    }

    /// The cover of a figure derived from others: the least of them.
    pub fn all<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.min_by_key(|part| part.coverage().reported).cloned().unwrap_or_default()
    }

    /// How many of the expected are there.
    pub fn coverage(&self) -> Coverage {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Coverage { reported: count(self.there.iter().filter(|there| **there).count()), expected: count(self.there.len()) }
    }

    /// Whether all expected are there.
    pub fn is_full(&self) -> bool {
        self.there.iter().all(|there| *there)
    }

    /// Whether regions' own figures, too, hang on the cover (a list of which one department's part is not there).
    pub fn is_by_department(&self) -> bool {
        self.departments
    }
}
