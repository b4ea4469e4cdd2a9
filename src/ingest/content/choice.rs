//! Choices from a list, and yes or no.

use crate::ingest::grid::Value;
use crate::model::FindingCode;

use super::coercion::{Fault, Kind, Kinds};
use super::text::{comparable, is_placeholder, trimmed};

/// Reads one of `choices`, in its canonical spelling.
///
/// # Errors
///
/// A text that is not on the list.
pub fn choice(value: &Value, choices: &[String], kinds: &mut Kinds) -> Result<Option<String>, Fault> {
    let text = match value {
        Value::Error(_) => return Err(Fault::error_value()),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Date(_) | Value::Bool(_) => return Err(unknown(&choices.join("、"))),
    };
    let found = trimmed(&text);
    let key = comparable(found);
    if let Some(choice) = choices.iter().find(|choice| comparable(choice) == key) {
        if choice != found {
            kinds.add(Kind::Spelling);
        }
        return Ok(Some(choice.clone()));
    }
    if key.is_empty() {
        return Ok(None);
    }
    if is_placeholder(found) {
        kinds.add(Kind::Placeholder);
        return Ok(None);
    }
    Err(unknown(&choices.join("、")))
}

/// Reads yes or no.
///
/// # Errors
///
/// Anything else.
pub fn flag(value: &Value, kinds: &mut Kinds) -> Result<Option<bool>, Fault> {
    let text = match value {
        Value::Bool(flag) => return Ok(Some(*flag)),
        Value::Number(number) => number.normalize().to_string(),
        Value::Text(text) => comparable(text),
        Value::Error(_) => return Err(Fault::error_value()),
        Value::Date(_) => return Err(unknown("是、否")),
    };
    match text.as_str() {
        "" => Ok(None),
        "是" => Ok(Some(true)),
        "否" => Ok(Some(false)),
        "√" | "✓" | "✔" | "☑" | "有" | "1" | "y" | "yes" | "true" => {
            kinds.add(Kind::Spelling);
            Ok(Some(true))
        }
        "×" | "✗" | "✘" | "x" | "无" | "0" | "n" | "no" | "false" | "不是" => {
            kinds.add(Kind::Spelling);
            Ok(Some(false))
        }
        other if is_placeholder(other) => {
            kinds.add(Kind::Placeholder);
            Ok(None)
        }
        _ => Err(unknown("是、否")),
    }
}

fn unknown(expected: &str) -> Fault {
    Fault { code: FindingCode::UnknownChoice, expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_found_whatever_its_brackets_and_comes_back_canonical() {
        let choices = ["智能工厂（数字化车间）".to_owned(), "未来工厂".to_owned()];
        let read = |text: &str| choice(&Value::Text(text.to_owned()), &choices, &mut Kinds::default());
        assert_eq!(read("智能工厂 (数字化车间)"), Ok(Some("智能工厂（数字化车间）".to_owned())));
        assert_eq!(read("—"), Ok(None));
        assert_eq!(read("灯塔工厂").unwrap_err().expected, "智能工厂（数字化车间）、未来工厂");
    }

    #[test]
    fn ticks_and_words_are_yes_or_no_but_a_dash_is_missing() {
        let read = |text: &str| flag(&Value::Text(text.to_owned()), &mut Kinds::default());
        assert_eq!((read("√"), read("是"), read("有")), (Ok(Some(true)), Ok(Some(true)), Ok(Some(true))));
        assert_eq!((read("×"), read("否"), read("无")), (Ok(Some(false)), Ok(Some(false)), Ok(Some(false))));
        assert_eq!(read("—"), Ok(None));
        assert!(read("大概").is_err());
    }
}
