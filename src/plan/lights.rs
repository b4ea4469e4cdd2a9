//! Light rules (亮灯规则): numbers from `config/lights.toml`, judged here.

use rust_decimal::Decimal;

/// The thresholds of `config/lights.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LightRules {
    /// Points ahead of pace from which on a light is green.
    pub pace_green: Decimal,
    /// Points (negative) at or below which it is red.
    pub pace_red: Decimal,
    /// Points short of a growth target from which on it is red.
    pub growth_red_short: Decimal,
    /// Percent of a threshold by which a ratio may fall short and still be yellow.
    pub ratio_yellow_pct: Decimal,
    /// `hold`: change of share in points, at or above which green / yellow.
    pub hold_green: Decimal,
    pub hold_yellow: Decimal,
    /// `at_most`: multiple of the target up to which it is yellow.
    pub at_most_yellow_times: Decimal,
}
