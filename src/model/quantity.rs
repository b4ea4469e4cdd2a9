//! Exact quantities: decimals, units that convert themselves, and rounding half away from zero (四舍五入).

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What a unit measures. Quantities of different dimensions never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dimension {
    Yuan,
    Dollar,
    Kilowatt,
    Tonne,
    Vehicle,
    /// Things: 家 个 项 …
    Count,
    /// People: 人 人次 名.
    Person,
    Day,
    Percent,
    PercentagePoint,
}

/// A unit as written in forms and plans, for instance `亿元`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    name: String,
    dimension: Dimension,
    /// Power of ten against the dimension's base unit (万元 = 4).
    exponent: u32,
}

/// What stands before a base unit, with its power of ten; the longer before the shorter.
const PREFIXES: &[(&str, u32)] = &[
    ("万亿", 12),
    ("千亿", 11),
    ("百亿", 10),
    ("十亿", 9),
    ("千万", 7),
    ("百万", 6),
    ("十万", 5),
    ("亿", 8),
    ("万", 4),
    ("千", 3),
    ("百", 2),
    ("", 0),
];

/// Base units that bear every prefix, with their powers of ten; the customary one of a kind first.
const BASES: &[(&str, Dimension, u32)] = &[
    ("元", Dimension::Yuan, 0),
    ("美元", Dimension::Dollar, 0),
    ("千瓦", Dimension::Kilowatt, 3),
    ("兆瓦", Dimension::Kilowatt, 6),
    ("吉瓦", Dimension::Kilowatt, 9),
    ("瓦", Dimension::Kilowatt, 0),
    ("吨", Dimension::Tonne, 0),
    ("辆", Dimension::Vehicle, 0),
    ("家", Dimension::Count, 0),
    ("个", Dimension::Count, 0),
    ("项", Dimension::Count, 0),
    ("户", Dimension::Count, 0),
    ("件", Dimension::Count, 0),
    ("台", Dimension::Count, 0),
    ("套", Dimension::Count, 0),
    ("次", Dimension::Count, 0),
    ("条", Dimension::Count, 0),
    ("人", Dimension::Person, 0),
    ("人次", Dimension::Person, 0),
    ("名", Dimension::Person, 0),
];

/// Units that bear no prefix.
const BARE: &[(&str, Dimension)] =
    &[("天", Dimension::Day), ("工作日", Dimension::Day), ("%", Dimension::Percent), ("百分点", Dimension::PercentagePoint)];

fn known(name: &str) -> Option<(Dimension, u32)> {
    if let Some((_, dimension)) = BARE.iter().find(|(bare, _)| *bare == name) {
        return Some((*dimension, 0));
    }
    let prefixed = PREFIXES.iter().filter_map(|(prefix, power)| Some((name.strip_prefix(prefix)?, power)));
    prefixed
        .into_iter()
        .find_map(|(rest, power)| BASES.iter().find(|(base, ..)| *base == rest).map(|(_, dimension, own)| (*dimension, power + own)))
}

impl Unit {
    /// Reads a unit's name: a base unit, alone or behind one of 百 千 万 十万 百万 千万 亿 十亿 百亿 千亿 万亿; `None` when it is not
    /// one we know.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = if name.trim() == "％" { "%" } else { name.trim() };
        known(name).map(|(dimension, exponent)| Self { name: name.to_owned(), dimension, exponent })
    }

    /// The names [`Unit::parse`] knows, for hints; those of a kind from the largest to the smallest.
    pub fn names() -> impl Iterator<Item = String> {
        let prefixed = |base: &'static str| {
            // 千千瓦 can be read, but nobody writes it.
            let spoken = move |prefix: &&(&str, u32)| base == "元" || base == "美元" || matches!(prefix.0, "" | "万" | "百万" | "亿");
            PREFIXES.iter().filter(spoken).map(move |(prefix, _)| format!("{prefix}{base}"))
        };
        BASES.iter().flat_map(move |(base, ..)| prefixed(base)).chain(BARE.iter().map(|(bare, _)| (*bare).to_owned()))
    }

    /// What stands before a base unit: 百 千 万 十万 …
    pub fn prefixes() -> impl Iterator<Item = (&'static str, u32)> {
        PREFIXES.iter().copied().filter(|(prefix, _)| !prefix.is_empty())
    }

    /// The unit that a prefix alone stands for beside amounts in `other`: 万 beside 亿元 is 万元; `None` for ratios and days.
    #[must_use]
    pub fn beside(prefix: &str, other: &Self) -> Option<Self> {
        let base = if other.dimension == Dimension::Kilowatt { "千瓦" } else { other.base() };
        Self::prefixes().find(|(known, _)| *known == prefix).and_then(|(known, _)| Self::parse(&format!("{known}{base}")))
    }

    /// Whether its figures are ratios, which nobody adds up: % and 百分点.
    #[must_use]
    pub fn is_ratio(&self) -> bool {
        matches!(self.dimension, Dimension::Percent | Dimension::PercentagePoint)
    }

    /// Whether it is a base unit, as 元 is and 万元 is not.
    #[must_use]
    pub fn is_base(&self) -> bool {
        self.exponent == 0
    }

    /// The name as printed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it measures.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// Whether a value in this unit can be expressed in `other`.
    ///
    /// Counted things stand for each other one by one (15 项 in a column of 家); 万户 says nothing of a column of 家.
    #[must_use]
    pub fn converts_to(&self, other: &Self) -> bool {
        let alike = self.exponent == other.exponent || self.base() == other.base() || [self.base(), other.base()].contains(&"个");
        self.dimension == other.dimension && (self.dimension != Dimension::Count || alike)
    }

    /// The name without its prefix.
    fn base(&self) -> &str {
        let rest = PREFIXES.iter().filter_map(|(prefix, _)| self.name.strip_prefix(prefix));
        rest.into_iter().find(|rest| BASES.iter().any(|(base, ..)| base == rest)).unwrap_or(&self.name)
    }

    /// Expresses `value`, given in this unit, in `to`; exact, `None` for unlike kinds or on overflow.
    #[must_use]
    pub fn convert(&self, value: Decimal, to: &Self) -> Option<Decimal> {
        if !self.converts_to(to) {
            return None;
        }
        if self.exponent >= to.exponent {
            return value.checked_mul(Decimal::from(10_u64.checked_pow(self.exponent - to.exponent)?));
        }
        let shift = to.exponent - self.exponent;
        let mut moved = value.normalize();
        // Moving the point is exact as long as the scale fits the 28 places of `Decimal`.
        moved.set_scale(moved.scale().checked_add(shift)?).ok()?;
        Some(moved)
    }
}

impl TryFrom<String> for Unit {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::parse(&name).ok_or_else(|| format!("unknown unit `{name}`"))
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.name
    }
}

/// Rounds half away from zero to `decimals` places and keeps exactly that many in print (`1` → `1.00`).
#[must_use]
pub fn round(value: Decimal, decimals: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    // A rounded zero carries no sign in print.
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded
}

/// Divides and rounds in one step, half away from zero, without a rounding in between; `None` when `den` is zero or on overflow.
#[must_use]
pub fn divide(num: Decimal, den: Decimal, decimals: u32) -> Option<Decimal> {
    if den.is_zero() {
        return None;
    }
    let quotient = round(num.checked_div(den)?, decimals);
    // `checked_div` itself rounds at 28 places; judge the candidate and its neighbours against the exact product.
    let step = Decimal::new(1, decimals);
    let half = Decimal::new(5, decimals + 1);
    let den_abs = den.abs();
    let target = if den.is_sign_negative() { -num } else { num };
    for candidate in [quotient - step, quotient, quotient + step] {
        let distance = target.checked_sub(candidate.checked_mul(den_abs)?)?;
        let bound = half.checked_mul(den_abs)?;
        let (low, high) =
            if target.is_sign_negative() { (-bound < distance, distance <= bound) } else { (-bound <= distance, distance < bound) };
        // Away from zero: for positive targets the lower border belongs to the candidate, for negative ones the upper.
        if low && high {
            return Some(round(candidate, decimals));
        }
    }
    Some(quotient)
}

/// `num / den × 100`, rounded once; `None` when `den` is zero or on overflow.
#[must_use]
pub fn percent(num: Decimal, den: Decimal, decimals: u32) -> Option<Decimal> {
    divide(num.checked_mul(Decimal::ONE_HUNDRED)?, den, decimals)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(round(dec!(2.345), 2).to_string(), "2.35");
        assert_eq!(round(dec!(-2.345), 2).to_string(), "-2.35");
        assert_eq!(round(dec!(-0.04), 1).to_string(), "0.0");
        assert_eq!(round(dec!(7), 2).to_string(), "7.00");
    }

    #[test]
    fn units_convert_exactly_and_unlike_kinds_do_not() {
        let (wan, yi) = (Unit::parse("万元").unwrap(), Unit::parse("亿元").unwrap());
        assert_eq!(wan.convert(dec!(12345.67), &yi), Some(dec!(1.234567)));
        assert_eq!(yi.convert(dec!(1.5), &wan), Some(dec!(15000)));
        assert_eq!(wan.convert(dec!(1), &Unit::parse("家").unwrap()), None);
    }

    #[rstest]
    #[case("百元", "元", "100")]
    #[case("十万元", "万元", "10")]
    #[case("百万元", "亿元", "0.01")]
    #[case("千万元", "亿元", "0.1")]
    #[case("十亿元", "亿元", "10")]
    #[case("百亿元", "亿元", "100")]
    #[case("千亿元", "亿元", "1000")]
    #[case("万亿元", "亿元", "10000")]
    #[case("百万美元", "万美元", "100")]
    #[case("百万千瓦", "万千瓦", "100")]
    #[case("吉瓦", "万千瓦", "100")]
    #[case("兆瓦", "千瓦", "1000")]
    #[case("千瓦", "瓦", "1000")]
    #[case("亿吨", "万吨", "10000")]
    #[case("千辆", "辆", "1000")]
    #[case("万台", "台", "10000")]
    #[case("百户", "户", "100")]
    #[case("万人次", "人次", "10000")]
    #[case("项", "家", "1")]
    #[case("％", "%", "1")]
    fn every_prefix_of_every_base_converts(#[case] from: &str, #[case] to: &str, #[case] factor: Decimal) {
        let (from, to) = (Unit::parse(from).unwrap(), Unit::parse(to).unwrap());
        assert_eq!(from.convert(Decimal::ONE, &to), Some(factor));
    }

    #[rstest]
    #[case("万")]
    #[case("港元")]
    #[case("万港元")]
    #[case("吨标准煤")]
    #[case("千瓦时")]
    #[case("")]
    fn other_words_are_no_units(#[case] name: &str) {
        assert_eq!(Unit::parse(name), None);
    }

    #[test]
    fn a_multiple_of_one_thing_says_nothing_of_another() {
        let unit = |name| Unit::parse(name).unwrap();
        assert_eq!(unit("万户").convert(dec!(1), &unit("家")), None);
        assert_eq!(unit("人").convert(dec!(1), &unit("家")), None);
        assert_eq!(unit("万个").convert(dec!(1), &unit("家")), Some(dec!(10000)));
    }

    #[test]
    fn every_name_for_hints_can_be_read_and_is_printed_as_written() {
        assert!(Unit::names().all(|name| Unit::parse(&name).unwrap().name() == name));
    }

    #[test]
    fn a_quotient_on_the_border_rounds_away_from_zero() {
        assert_eq!(divide(dec!(1), dec!(8), 2), Some(dec!(0.13)));
        assert_eq!(divide(dec!(-1), dec!(8), 2), Some(dec!(-0.13)));
        assert_eq!(divide(dec!(1), dec!(-8), 2), Some(dec!(-0.13)));
        assert_eq!(percent(dec!(1), dec!(3), 1), Some(dec!(33.3)));
        assert_eq!(divide(dec!(1), dec!(0), 1), None);
    }

    proptest! {
        /// The printed quotient is never further than half a unit of the last place from the exact one.
        #[test]
        fn a_quotient_is_the_nearest_decimal(num in -1_000_000_000i64..1_000_000_000, den in 1i64..1_000_000) {
            let (num, den) = (Decimal::from(num), Decimal::from(den));
            let got = divide(num, den, 1).unwrap();
            let gap = (num - got * den).abs() * Decimal::from(20);
            prop_assert!(gap <= den, "{num}/{den} = {got}");
        }
    }
}
