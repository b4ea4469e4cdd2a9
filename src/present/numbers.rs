//! Excel number formats by the indicator's decimals, and the one way from an exact decimal to a cell.

use rust_decimal::Decimal;

/// Thousands separators, exactly `decimals` places, negatives with a minus and red.
#[must_use]
pub fn format(decimals: u32) -> String {
    let places = if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals as usize)) };
    format!("#,##0{places};[Red]-#,##0{places}")
}

/// The double nearest to `value`: what Excel itself stores on typing the printed figure.
///
/// Read back from its decimal writing, since `Decimal::to_f64` computes it and may miss the nearest by one bit.
#[must_use]
pub fn cell(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_format_shows_the_indicators_decimals() {
        assert_eq!(format(0), "#,##0;[Red]-#,##0");
        assert_eq!(format(2), "#,##0.00;[Red]-#,##0.00");
    }

    proptest! {
        /// What stands in the cell prints as the exact figure.
        #[test]
        fn a_cell_holds_the_printed_figure(mantissa in -10_000_000_000_000i64..10_000_000_000_000, scale in 0u32..4) {
            let value = Decimal::new(mantissa, scale);
            prop_assert_eq!(format!("{:.*}", scale as usize, cell(value)), value.to_string());
        }
    }
}
