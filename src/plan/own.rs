//! 省本级及跨市: what a table of cities reports for the province beyond its cities, per summed column.
//!
//! C is the sum of the cities that came, B that of the rows 省本级 省级 省属 跨市, T the total row. Only under `total_rule =
//! "at_least"`, and under `equal` once a difference was explained; never for percentages.

use rust_decimal::Decimal;

pub use super::region::own;
use super::{ColumnSpec, ColumnType, Dataset, Plan, Shape, TotalRule};
use crate::model::{Observations, RegionCode, TotalKind, Unit};

/// What one column of a table of cities adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// C: the sum of the cities that came.
    pub cities: Decimal,
    /// B: the sum of the rows 省本级, 跨市 …
    pub apart: Option<Decimal>,
    /// T: the total row.
    pub total: Option<Decimal>,
    /// A city has no value.
    pub incomplete: bool,
    /// Parts × half a unit of the last decimal; nought for whole numbers, which were never rounded.
    pub tolerance: Decimal,
    rule: TotalRule,
}

/// How a total stands to its cities and the rows beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No total: the cities, and what stands beside them.
    NoTotal,
    /// The total is the cities'.
    Agrees,
    /// The total holds more than the cities, and the rows beside them say so, or nothing does.
    Larger,
    /// It holds more than the cities and the rows beside them.
    BeyondApart,
    /// It holds less than its parts.
    Below,
    /// A city is blank, and the total holds more than the others.
    CityInTotal,
    /// A city is blank, and the total holds no more.
    Incomplete,
}

impl Settled {
    /// How the total stands to its parts; `None` where the numbers leave what a decimal holds.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let Some(total) = self.total else { return Some(Verdict::NoTotal) };
        let all = self.cities.checked_add(self.apart.unwrap_or_default())?;
        let (of_cities, of_all) = (total.checked_sub(self.cities)?, total.checked_sub(all)?);
        let within = |gap: Decimal| gap.abs() <= self.tolerance;
        Some(if of_cities < -self.tolerance || (self.apart.is_some() && of_all < -self.tolerance) {
            Verdict::Below
        } else if self.incomplete {
            if of_all > self.tolerance { Verdict::CityInTotal } else { Verdict::Incomplete }
        } else if self.apart.is_some() && !within(of_all) {
            Verdict::BeyondApart
        } else if within(of_cities) {
            Verdict::Agrees
        } else {
            Verdict::Larger
        })
    }

    /// What the province has in accepted observations beyond its cities.
    #[must_use]
    pub fn beyond(&self) -> Option<Beyond> {
        let gap = self.total.and_then(|total| total.checked_sub(self.cities));
        Some(match self.verdict()? {
            Verdict::Agrees => gap.filter(|gap| !gap.is_zero()).map_or(Beyond::Nothing, Beyond::Rounding),
            Verdict::Larger | Verdict::BeyondApart => Beyond::Own(gap?),
            // Only a table whose total need not be larger gets here, once it was explained.
            Verdict::Below if self.rule == TotalRule::Equal && !self.incomplete => Beyond::Own(gap?),
            Verdict::NoTotal | Verdict::Below | Verdict::Incomplete => self.apart.map_or(Beyond::Nothing, Beyond::Own),
            Verdict::CityInTotal => Beyond::City { value: gap?.checked_sub(self.apart.unwrap_or_default())?, own: self.apart },
        })
    }
}

/// What the province's figure holds beyond its cities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    Nothing,
    /// What rounding leaves; no row of its own.
    Rounding(Decimal),
    /// The row 省本级及跨市.
    Own(Decimal),
    /// A blank city's part is in the total: the total is whole, and no row is formed of what it holds more than the other cities and
    /// the rows beside them, if there are any.
    City {
        value: Decimal,
        own: Option<Decimal>,
    },
}

impl Beyond {
    /// What belongs to no city.
    #[must_use]
    pub fn own(self) -> Option<Decimal> {
        match self {
            Self::Own(value) => Some(value),
            Self::City { own, .. } => own,
            Self::Nothing | Self::Rounding(_) => None,
        }
    }
}

/// What a column adds up to; `None` where the column or its table is none of those that have a province's own part.
#[must_use]
pub fn settle(plan: &Plan, dataset: &Dataset, observations: &Observations, spec: &ColumnSpec) -> Option<Settled> {
    if dataset.shape != Shape::Matrix || dataset.total_rule == TotalRule::Independent || !is_summed(spec) {
        return None;
    }
    let regions = observations.column(&dataset.columns.iter().find(|column| column.kind == ColumnType::Region)?.name)?;
    let values = observations.column(&spec.name)?;
    let value_of =
        |code: &RegionCode| (0..observations.rows()).find(|row| regions.region(*row) == Some(code)).and_then(|row| values.decimal(row));
    let cities: Vec<Option<Decimal>> = plan.regions.iter().map(|region| value_of(&region.code)).collect();
    let there = || cities.iter().flatten().copied();
    let in_column = |kind: TotalKind| {
        let totals = observations.totals.iter().filter(move |total| total.kind == kind && !is_block(&total.label));
        totals.filter_map(|total| total.values.iter().find(|(name, _)| *name == spec.name)?.1)
    };
    let apart: Vec<Decimal> = in_column(TotalKind::Own).collect();
    let parts = there().count() + apart.len();
    let half = if spec.kind == ColumnType::Integer { Decimal::ZERO } else { Decimal::try_new(5, spec.decimals.checked_add(1)?).ok()? };
    (parts > 0).then_some(())?;
    Some(Settled {
        cities: sum(there())?,
        apart: if apart.is_empty() { None } else { Some(sum(apart.iter().copied())?) },
        total: in_column(TotalKind::Whole).next(),
        incomplete: cities.iter().any(Option::is_none),
        tolerance: half.checked_mul(Decimal::from(parts))?,
        rule: dataset.total_rule,
    })
}

fn sum(mut numbers: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    numbers.try_fold(Decimal::ZERO, Decimal::checked_add)
}

/// Whether the values of a column add up.
fn is_summed(spec: &ColumnSpec) -> bool {
    let ratio = spec.unit.as_ref().is_some_and(Unit::is_ratio);
    matches!(spec.kind, ColumnType::Integer | ColumnType::Decimal) && !ratio
}

/// Tables read before total rows told their kind hold 小计 among them.
fn is_block(label: &str) -> bool {
    label.contains("小计") || label.contains("其中") || label.contains("不含")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn settled(cities: &str, apart: &str, total: &str, incomplete: bool, rule: TotalRule) -> Settled {
        let number = |text: &str| text.parse::<Decimal>().ok();
        Settled {
            cities: cities.parse().unwrap(),
            apart: number(apart),
            total: number(total),
            incomplete,
            tolerance: "0.06".parse().unwrap(),
            rule,
        }
    }

    #[rstest]
    #[case("1604.20", "", "1700.00", Verdict::Larger, Beyond::Own("95.80".parse().unwrap()))]
    #[case("1604.20", "", "1604.20", Verdict::Agrees, Beyond::Nothing)]
    #[case("1604.20", "", "1604.25", Verdict::Agrees, Beyond::Rounding("0.05".parse().unwrap()))]
    #[case("1604.20", "", "1604.27", Verdict::Larger, Beyond::Own("0.07".parse().unwrap()))]
    #[case("1604.20", "95.80", "1700.00", Verdict::Larger, Beyond::Own("95.80".parse().unwrap()))]
    #[case("1604.20", "95.80", "1700.05", Verdict::Larger, Beyond::Own("95.85".parse().unwrap()))]
    #[case("1604.20", "95.80", "1710.00", Verdict::BeyondApart, Beyond::Own("105.80".parse().unwrap()))]
    #[case("1604.20", "95.80", "1604.20", Verdict::Below, Beyond::Own("95.80".parse().unwrap()))]
    #[case("1604.20", "", "1600.00", Verdict::Below, Beyond::Nothing)]
    #[case("1604.20", "95.80", "", Verdict::NoTotal, Beyond::Own("95.80".parse().unwrap()))]
    #[case("1604.20", "", "", Verdict::NoTotal, Beyond::Nothing)]
    fn the_total_against_its_parts(
        #[case] cities: &str,
        #[case] apart: &str,
        #[case] total: &str,
        #[case] verdict: Verdict,
        #[case] beyond: Beyond,
    ) {
        let settled = settled(cities, apart, total, false, TotalRule::AtLeast);
        assert_eq!((settled.verdict(), settled.beyond()), (Some(verdict), Some(beyond)));
    }

    #[test]
    fn a_blank_city_is_in_a_total_that_holds_more() {
        let of = |total: &str| settled("100", "", total, true, TotalRule::AtLeast);
        let city = |value: i64, own: Option<i64>| Some(Beyond::City { value: value.into(), own: own.map(Decimal::from) });
        assert_eq!((of("120").verdict(), of("120").beyond()), (Some(Verdict::CityInTotal), city(20, None)));
        let beside = settled("100", "15", "120", true, TotalRule::AtLeast);
        assert_eq!(
            (beside.verdict(), beside.beyond()),
            (Some(Verdict::CityInTotal), city(5, Some(15))),
            "省本级 stands beside the blank city"
        );
        assert_eq!((of("100").verdict(), of("100").beyond()), (Some(Verdict::Incomplete), Some(Beyond::Nothing)));
    }

    #[test]
    fn an_explained_difference_counts_where_totals_must_agree() {
        let below = settled("41200", "", "41100", false, TotalRule::Equal);
        assert_eq!(below.beyond(), Some(Beyond::Own(Decimal::from(-100))));
    }
}
