//! What is due when: the data month a dataset carries, the one an indicator shows, and since when a dataset is owed at all.

use super::{Calculation, Dataset, Frequency, Indicator, Plan};
use crate::model::Period;

impl Dataset {
    /// The data month that is handed in for `period`, or `None` while nothing is due
    /// (a quarterly dataset outside its months; January where it is merged with February).
    #[must_use]
    pub fn data_period(&self, period: Period) -> Option<Period> {
        let data = period.back(self.lag);
        match self.frequency {
            Frequency::Quarter => data.ends_quarter().then_some(data),
            Frequency::Month => (!(self.january_merged && data.month() == 1)).then_some(data),
        }
    }

    /// The latest data month due by `period`.
    #[must_use]
    pub fn latest_due(&self, period: Period) -> Option<Period> {
        (0..=12).find_map(|back| self.data_period(period.back(back)))
    }
}

impl Plan {
    /// Whether `dataset` is to be handed in for `period` at all: not for data of years before the first plan that has it.
    #[must_use]
    pub fn owes(&self, dataset: &Dataset, period: Period) -> bool {
        let first = self.earlier.datasets.get(&dataset.code).map_or(self.year, |first| self.year.min(*first));
        dataset.data_period(period).is_some_and(|data| data.year() >= first)
    }

    /// Whether `period` is a January that is drawn up with February (1月不单独调度).
    #[must_use]
    pub fn merges_january(&self, period: Period) -> bool {
        period.month() == 1 && self.datasets.iter().any(|dataset| dataset.january_merged)
    }

    /// The data month an indicator shows in `period`; of a derived one the earliest of its parts'.
    #[must_use]
    pub fn data_month(&self, indicator: &Indicator, period: Period) -> Option<Period> {
        match &indicator.calculation {
            Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => self.dataset(dataset)?.latest_due(period),
            Calculation::Derived { terms } => {
                let parts = self.indicators().map(|(_, part)| part).filter(|part| terms.iter().any(|(code, _)| *code == part.code));
                // The compiler refuses circles; one under compilation may still hold itself.
                parts.filter(|part| part.code != indicator.code).filter_map(|part| self.data_month(part, period)).min()
            }
        }
    }
}
