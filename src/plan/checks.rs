//! The numbers of the checks against what is known (`config/checks.toml`). They decide what is asked, never a figure.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, dec};

/// The numbers, and those that datasets set for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checks {
    pub general: Numbers,
    /// Dataset → all of its numbers.
    pub own: BTreeMap<String, Numbers>,
}

impl Checks {
    /// The numbers that hold for a dataset.
    #[must_use]
    pub fn of(&self, dataset: &str) -> &Numbers {
        self.own.get(dataset).unwrap_or(&self.general)
    }
}

/// One set of numbers. A share is in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// A list is asked about from so many keys gone, or from so large a share of its keys, whichever is more.
    pub gone_rows: Decimal,
    pub gone_pct: Decimal,
    /// In a list of so few rows one key is enough.
    pub short_list: Decimal,
    /// Or where the gone rows carry such a share of a column that is added up.
    pub gone_share_pct: Decimal,
    /// A city's month is asked about beyond so many times its usual one, so many times its largest, such a share of the province's.
    pub jump_times: Decimal,
    pub jump_largest_times: Decimal,
    pub jump_share_pct: Decimal,
    /// Counted things besides: so many more than usual.
    pub jump_count: Decimal,
    /// So many times is enough where two neighbouring digits, changed over, bring the month within these multiples of the usual one.
    pub swap_times: Decimal,
    pub swap_low: Decimal,
    pub swap_high: Decimal,
    /// A column whose median moves so many times, up or down, is in another unit.
    pub power_column_times: Decimal,
    /// A cell is, within this factor of a power of ten, from a base of so many units of the last decimal on.
    pub power_cell_times: Decimal,
    pub power_base_units: Decimal,
    /// A value is out of proportion beyond so many times the largest other of its column.
    pub proportion_times: Decimal,
    /// A month is asked about that is off the difference of two cumulatives by more than such a share of the larger of both…
    pub month_pct: Decimal,
    /// …and of the column's total.
    pub month_total_pct: Decimal,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            gone_rows: dec!(3),
            gone_pct: dec!(5),
            short_list: dec!(20),
            gone_share_pct: dec!(10),
            jump_times: dec!(6),
            jump_largest_times: dec!(1.5),
            jump_share_pct: dec!(5),
            jump_count: dec!(10),
            swap_times: dec!(3),
            swap_low: dec!(0.5),
            swap_high: dec!(1.6),
            power_column_times: dec!(6),
            power_cell_times: dec!(1.6),
            power_base_units: dec!(100),
            proportion_times: dec!(50),
            month_pct: dec!(50),
            month_total_pct: dec!(1),
        }
    }
}

impl Numbers {
    /// Every number with its key in the files.
    pub fn fields(&mut self) -> [(&'static str, &mut Decimal); 17] {
        [
            ("gone_rows", &mut self.gone_rows),
            ("gone_pct", &mut self.gone_pct),
            ("short_list", &mut self.short_list),
            ("gone_share_pct", &mut self.gone_share_pct),
            ("jump_times", &mut self.jump_times),
            ("jump_largest_times", &mut self.jump_largest_times),
            ("jump_share_pct", &mut self.jump_share_pct),
            ("jump_count", &mut self.jump_count),
            ("swap_times", &mut self.swap_times),
            ("swap_low", &mut self.swap_low),
            ("swap_high", &mut self.swap_high),
            ("power_column_times", &mut self.power_column_times),
            ("power_cell_times", &mut self.power_cell_times),
            ("power_base_units", &mut self.power_base_units),
            ("proportion_times", &mut self.proportion_times),
            ("month_pct", &mut self.month_pct),
            ("month_total_pct", &mut self.month_total_pct),
        ]
    }
}
