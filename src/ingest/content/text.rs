//! Text as officers type it: width, spaces, dashes; and plain text columns.

use crate::ingest::grid::Value;
use crate::model::FindingCode;

use super::coercion::{Fault, Kind, Kinds};
use super::nfkc::{may_begin, nfkc};

/// Maps the full-width forms U+FF01–FF5E and the ideographic space to ASCII; everything else stays as it is.
#[must_use]
pub fn half_width(text: &str) -> String {
    let map = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        other => other,
    };
    text.chars().map(map).collect()
}

/// The year of this or the last century's end that a text names: `2021年第一批` → 2021.
#[must_use]
pub fn year_in(text: &str) -> Option<i32> {
    let digits: Vec<char> = text.chars().collect();
    digits.windows(4).enumerate().find_map(|(at, four)| {
        let alone = |side: Option<&char>| side.is_none_or(|c| !c.is_ascii_digit());
        let is_alone = alone(at.checked_sub(1).and_then(|before| digits.get(before))) && alone(digits.get(at + 4));
        let year: i32 = four.iter().collect::<String>().parse().ok()?;
        (is_alone && (1990..=2100).contains(&year)).then_some(year)
    })
}

/// Without white space at the ends (no-break and ideographic spaces are white space too).
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'))
}

/// For comparing: NFKC, without any white space, dashes unified, ASCII in lower case.
#[must_use]
pub fn comparable(text: &str) -> String {
    nfkc(text)
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{FEFF}' | '\u{200B}'))
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '~' | '\u{301C}' | '\u{30FC}' => '-',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// Marks that say "nothing to report": read as missing, never as zero.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    const BEGINS: [char; 11] = ['-', '—', '~', '/', '\\', '.', 'n', 'N', '暂', '无', '空'];
    may_begin(text, &BEGINS)
        && matches!(
            comparable(text).as_str(),
            "-" | "--" | "---" | "/" | "//" | "\\" | "…" | "……" | "..." | "......" | "n/a" | "暂无" | "无" | "空"
        )
}

/// Reads a text column's cell.
///
/// # Errors
///
/// A long code that Excel has rounded to fifteen digits.
pub fn text(value: &Value, kinds: &mut Kinds) -> Result<Option<String>, Fault> {
    match value {
        Value::Text(text) => {
            let text = trimmed(text);
            let is_dash = || may_begin(text, &['-', '—', '~', '/']) && matches!(comparable(text).as_str(), "-" | "--" | "/");
            if text.is_empty() || is_dash() {
                return Ok(None);
            }
            if is_rounded_code(text) {
                return Err(rounded_code());
            }
            Ok(Some(text.to_owned()))
        }
        Value::Number(number) if number.normalize().scale() == 0 && number.abs() >= 1_000_000_000_000_000_i64.into() => Err(rounded_code()),
        Value::Number(number) => {
            kinds.add(Kind::NumberAsText);
            Ok(Some(number.normalize().to_string()))
        }
        Value::Date(date) => Ok(Some(date.to_string())),
        Value::Bool(flag) => Ok(Some(if *flag { "是" } else { "否" }.to_owned())),
        Value::Error(_) => Err(Fault::error_value()),
    }
}

/// `3.30108E+17`: the scientific form of a long code, kept as text.
fn is_rounded_code(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    mantissa.contains('.')
        && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.')
        && exponent.strip_prefix('+').is_some_and(|digits| digits.parse::<u32>().is_ok_and(|power| power >= 14))
}

fn rounded_code() -> Fault {
    Fault {
        code: FindingCode::RoundedCode, expected: "完整编码（先把单元格设为“文本”格式，再重新录入）".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;

    #[test]
    fn a_year_stands_alone() {
        assert_eq!((year_in("浙经信〔2021〕12号"), year_in("20211号"), year_in("第一批")), (Some(2021), None, None));
    }

    #[test]
    fn only_width_is_mapped_in_values() {
        assert_eq!(half_width("１，２３４．５％　①㎡"), "1,234.5% ①㎡");
    }

    #[test]
    fn headings_compare_across_width_breaks_and_dashes() {
        assert_eq!(comparable("1—6月\n累 计（亿元）"), comparable("1-6月累计(亿元)"));
        assert_eq!(comparable("合　　计"), "合计");
    }

    #[test]
    fn a_code_that_excel_has_rounded_is_told() {
        let read = |value: Value| text(&value, &mut Kinds::default()).map_err(|fault| fault.code);
        assert_eq!(read(Value::Number(dec!(330108202200000000))), Err(FindingCode::RoundedCode));
        assert_eq!(read(Value::Text("3.30108E+17".to_owned())), Err(FindingCode::RoundedCode));
        assert_eq!(read(Value::Number(dec!(2206001))), Ok(Some("2206001".to_owned())));
        assert_eq!(read(Value::Text("\u{A0} 330108202200000018 \u{3000}".to_owned())), Ok(Some("330108202200000018".to_owned())));
        assert_eq!(read(Value::Text("—".to_owned())), Ok(None));
        assert_eq!(read(Value::Text("无".to_owned())), Ok(Some("无".to_owned())));
    }
}
