//! `scaled-format`: a number format divides the amounts of a column before they are seen (`0!.00,,`), and the unit names a multiple
//! too: what the sender sees is not what was read. Not asked where last month's amounts are of the size that is stored.

use rust_decimal::{Decimal, dec};

use crate::ingest::check::size::median;
use crate::ingest::check::table::{Table, number};
use crate::ingest::reading::Scaled;
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// Amounts this many times apart are of another size: a format divides by a thousand at least, and this is half the way.
const TIMES: Decimal = dec!(30);

/// Asks about each column that is scaled.
pub fn check(table: &Table) -> Vec<Finding> {
    let scaled = table.facts.map(|facts| facts.scaled.as_slice()).unwrap_or_default();
    scaled.iter().filter_map(|one| of_column(table, one)).collect()
}

fn of_column(table: &Table, scaled: &Scaled) -> Option<Finding> {
    let spec = table.dataset.column(&scaled.column)?;
    if fits_the_past(table, spec) == Some(true) {
        return None;
    }
    let message = format!(
        "“{}”的单元格格式把数缩小{}倍显示：看到的是{}，存的是{}，现按存的数以{}为单位读取。请改用不缩放的格式（如0.00），\
         按单位{}填写看到的数后重新报送；如存的数无误，请说明。",
        table.caption(spec),
        in_words(scaled.power),
        scaled.seen,
        scaled.stored,
        scaled.unit,
        scaled.unit
    );
    let found = Some(scaled.stored.to_string());
    let mut finding = Finding { row_key: None, found, ..table.at_column(FindingCode::ScaledFormat, spec, message) };
    finding.place.sheet = Some(scaled.sheet.clone());
    finding.place.cell = Some(scaled.cell);
    Some(finding)
}

/// Whether the amounts are of the size they had; `None` where nothing tells.
fn fits_the_past(table: &Table, spec: &ColumnSpec) -> Option<bool> {
    let past = table.previous.or(table.replaced).or(table.year_earlier)?;
    let pairs = table.matched(past).into_iter().filter_map(|(here, there)| Some((table.value(here, spec)?, number(past, there, spec)?)));
    let filled: Vec<(Decimal, Decimal)> = pairs.filter(|(now, was)| !now.is_zero() && !was.is_zero()).collect();
    let now = median(filled.iter().map(|(now, _)| now.abs()).collect())?;
    let was = median(filled.iter().map(|(_, was)| was.abs()).collect())?;
    Some(now <= was.checked_mul(TIMES)? && was <= now.checked_mul(TIMES)?)
}

/// A power of ten as people say it: `1万`, `100万`, `1亿`.
fn in_words(power: u32) -> String {
    let (unit, rest) = match power {
        0..4 => ("", power),
        4..8 => ("万", power - 4),
        _ => ("亿", power - 8),
    };
    format!("1{}{unit}", "0".repeat(usize::try_from(rest).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;
    use crate::ingest::reading::Facts;

    fn told(rows: &[&[&str]], may: bool) -> Vec<String> {
        let dataset = sample::matrix();
        let plan = sample::plan(&dataset);
        let (now, before) = (sample::table(&dataset, rows), sample::investment_of_may());
        let scaled = Scaled {
            column: "paid_total".to_owned(),
            sheet: "表".to_owned(),
            cell: "C5".parse().unwrap(),
            power: 8,
            seen: dec!(262.00),
            stored: dec!(26200000000),
            unit: "亿元".to_owned(),
        };
        let facts = Facts { dataset: dataset.code.clone(), scaled: vec![scaled], ..Facts::default() };
        let table = Table { facts: Some(&facts), previous: may.then_some(&before), ..sample::under_check(&plan, &dataset, &now) };
        check(&table).into_iter().map(|finding| format!("{} {}", finding.place.cell.unwrap(), finding.message)).collect()
    }

    #[test]
    fn what_is_seen_is_not_what_is_stored() {
        let rows: &[&[&str]] = &[&["330100", "", "26200000000", ""]];
        let words = "C5 “1—6月累计”的单元格格式把数缩小1亿倍显示：看到的是262.00，存的是26200000000，现按存的数以亿元为单位读取。\
                     请改用不缩放的格式（如0.00），按单位亿元填写看到的数后重新报送；如存的数无误，请说明。";
        assert_eq!(told(rows, false), [words]);
        assert_eq!(told(rows, true), [words], "last month was of another size");
    }

    #[test]
    fn stored_amounts_of_last_month_s_size_are_meant() {
        assert_eq!(told(&[&["330100", "", "262", ""]], true), [""; 0]);
        assert_eq!(told(&[&["330900", "", "262", ""]], true).len(), 1, "no row of last month's to compare with");
    }

    #[test]
    fn powers_of_ten_have_words() {
        assert_eq!([3, 4, 6, 8, 9].map(in_words), ["1000", "1万", "100万", "1亿", "10亿"]);
    }
}
