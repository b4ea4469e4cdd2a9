//! Reading one value as what it should be: a text, an exact number, a choice, a list.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::document::At;
use super::suggest;
use super::table::Table;
use super::value::{Node, Raw, Value};
use rust_decimal::Decimal;

impl Table<'_> {
    /// A text, if the key is there.
    #[must_use]
    pub fn text(&self, key: &'static str) -> Option<At<String>> {
        read_text(&self.get(key)?, key)
    }

    /// A text that must be there and not be empty.
    #[must_use]
    pub fn need_text(&self, key: &'static str) -> Option<At<String>> {
        if !self.has(key) {
            self.missing(key, "\"…\"");
            return None;
        }
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            text.problem(format!("`{key}` is empty"), format!("write `{key} = \"…\"`"));
            return None;
        }
        Some(text)
    }

    /// A list of texts; empty where the key is absent.
    #[must_use]
    pub fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let Raw::Toml(Value::List(items)) = found.value else {
            found.problem(format!("`{key}` is {}, not a list", found.value.kind()), format!("write `{key} = [\"…\"]`"));
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let item = At { value: Raw::Toml(&item.value), span: item.span.clone(), document: found.document.clone() };
                read_text(&item, key)
            })
            .collect()
    }

    /// A list of texts that must be there and name something.
    #[must_use]
    pub fn need_texts(&self, key: &'static str) -> Vec<At<String>> {
        if !self.has(key) {
            self.missing(key, "[\"…\"]");
            return Vec::new();
        }
        if let Some(found) = self.get(key)
            && matches!(&found.value, Raw::Toml(Value::List(items)) if items.is_empty())
        {
            found.problem(format!("`{key}` is empty"), format!("write `{key} = [\"…\"]`"));
        }
        self.texts(key)
    }

    /// `true` or `false`, if the key is there.
    #[must_use]
    pub fn flag(&self, key: &'static str) -> Option<At<bool>> {
        let found = self.get(key)?;
        let value = match &found.value {
            Raw::Toml(Value::Flag(value)) => Some(*value),
            Raw::Variable(text) => text.parse().ok(),
            Raw::Toml(_) => None,
        };
        if value.is_none() {
            found.problem(
                format!("`{key}` is {}, not true or false", found.value.kind()),
                format!("write `{key} = true` or `{key} = false`"),
            );
        }
        value.map(|value| found.with(value))
    }

    /// An integer within `range`, if the key is there.
    #[must_use]
    pub fn integer(&self, key: &'static str, range: RangeInclusive<u64>) -> Option<At<u64>> {
        read_integer(&self.get(key)?, key, range)
    }

    /// The same for values of at most 32 bits.
    #[must_use]
    pub fn small(&self, key: &'static str, range: RangeInclusive<u32>) -> Option<At<u32>> {
        let found = self.integer(key, u64::from(*range.start())..=u64::from(*range.end()))?;
        u32::try_from(found.value).ok().map(|value| found.with(value))
    }

    /// An exact number: an integer or a text; a float is a problem.
    #[must_use]
    pub fn exact(&self, key: &'static str) -> Option<At<Decimal>> {
        read_exact(&self.get(key)?, key)
    }

    /// The exact number of a key that is data.
    #[must_use]
    pub fn open_exact(&self, key: &str) -> Option<At<Decimal>> {
        read_exact(&self.open_value(key)?, key)
    }

    /// An exact number or a fraction (`"1/3"`), as numerator and denominator.
    #[must_use]
    pub fn fraction(&self, key: &'static str) -> Option<At<(Decimal, Decimal)>> {
        let found = self.get(key)?;
        if let Raw::Toml(Value::Text(text)) = &found.value
            && let Some((above, below)) = text.split_once('/')
        {
            let parts = Decimal::from_str_exact(above.trim()).ok().zip(Decimal::from_str_exact(below.trim()).ok());
            let parts = parts.filter(|(_, below)| !below.is_zero());
            if parts.is_none() {
                found.problem(format!("`{text}` is no fraction"), "write two numbers, the lower one not zero: \"1/3\"");
            }
            return parts.map(|parts| found.with(parts));
        }
        read_exact(&found, key).map(|number| number.with((number.value, Decimal::ONE)))
    }

    /// A list of exact numbers; empty where the key is absent.
    #[must_use]
    pub fn exacts(&self, key: &'static str) -> Vec<At<Decimal>> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let Raw::Toml(Value::List(items)) = found.value else {
            found.problem(format!("`{key}` is {}, not a list", found.value.kind()), format!("write `{key} = [\"…\", \"…\"]`"));
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let item = At { value: Raw::Toml(&item.value), span: item.span.clone(), document: found.document.clone() };
                read_exact(&item, key)
            })
            .collect()
    }

    /// A list of integers within `range`; empty where the key is absent.
    #[must_use]
    pub fn smalls(&self, key: &'static str, range: RangeInclusive<u32>) -> Vec<u32> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let Raw::Toml(Value::List(items)) = found.value else {
            found.problem(format!("`{key}` is {}, not a list", found.value.kind()), format!("write `{key} = [1, 3]`"));
            return Vec::new();
        };
        let range = u64::from(*range.start())..=u64::from(*range.end());
        let place = |item: &'_ Node| At { value: (), span: item.span.clone(), document: found.document.clone() };
        let numbers = items.iter().filter_map(|item| read_integer(&place(item).with(Raw::Toml(&item.value)), key, range.clone()));
        numbers.filter_map(|number| u32::try_from(number.value).ok()).collect()
    }

    /// One of the named choices, if the key is there.
    #[must_use]
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<At<T>> {
        let word = self.text(key)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == word.value) {
            return Some(word.with(*value));
        }
        word.problem(format!("`{key}` cannot be `{}`", word.value), suggest::hint(&word.value, choices.iter().map(|(name, _)| *name)));
        None
    }

    /// One of the named choices; the key must be there.
    #[must_use]
    pub fn need_choice<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<At<T>> {
        if !self.has(key) {
            let words = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>();
            self.missing(key, &words.join(" | "));
            return None;
        }
        self.choice(key, choices)
    }

    /// A calendar value written as a text or a TOML date (`2022-01-31`, `2022-01`), if the key is there.
    #[must_use]
    pub fn parsed<T: FromStr>(&self, key: &'static str, example: &str) -> Option<At<T>> {
        let text = self.text(key)?;
        parse(&text, example)
    }

    /// A list of such values; empty where the key is absent.
    #[must_use]
    pub fn parsed_list<T: FromStr>(&self, key: &'static str, example: &str) -> Vec<At<T>> {
        self.texts(key).iter().filter_map(|text| parse(text, example)).collect()
    }
}

impl Raw<'_> {
    fn kind(&self) -> String {
        match self {
            Raw::Toml(value) => value.kind().to_owned(),
            Raw::Variable(value) => format!("`{value}`"),
        }
    }
}

fn parse<T: FromStr>(text: &At<String>, example: &str) -> Option<At<T>> {
    let value = text.value.parse().ok();
    if value.is_none() {
        text.problem(format!("`{}` cannot be read", text.value), format!("write it like {example}"));
    }
    value.map(|value| text.with(value))
}

/// Texts reach subjects, file names and cells: control characters and line separators would break out of them.
fn read_text(found: &At<Raw<'_>>, key: &str) -> Option<At<String>> {
    let value = match &found.value {
        Raw::Toml(Value::Text(text) | Value::Date(text)) | Raw::Variable(text) => text.clone(),
        Raw::Toml(other) => {
            found.problem(format!("`{key}` is {}, not a text", other.kind()), "put it in quotes: \"…\"");
            return None;
        }
    };
    if value.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        found.problem(format!("`{key}` holds a line break or a control character"), "write it on one line");
        return None;
    }
    Some(found.with(value))
}

fn read_integer(found: &At<Raw<'_>>, key: &str, range: RangeInclusive<u64>) -> Option<At<u64>> {
    let value = match &found.value {
        Raw::Toml(Value::Integer(value)) => Some(*value),
        Raw::Variable(text) => text.parse().ok(),
        Raw::Toml(_) => None,
    };
    let within = format!("write an integer from {} to {}", range.start(), range.end());
    let Some(value) = value else {
        found.problem(format!("`{key}` is {}, not an integer", found.value.kind()), within);
        return None;
    };
    let fitting = u64::try_from(value).ok().filter(|value| range.contains(value));
    if fitting.is_none() {
        found.problem(format!("`{key}` is {value}, which is out of range"), within);
    }
    fitting.map(|value| found.with(value))
}

fn read_exact(found: &At<Raw<'_>>, key: &str) -> Option<At<Decimal>> {
    let text = match &found.value {
        Raw::Toml(Value::Integer(value)) => value.to_string(),
        Raw::Toml(Value::Text(text)) => text.trim().to_owned(),
        Raw::Variable(text) => text.clone(),
        Raw::Toml(Value::Float(value)) => {
            found.problem(format!("`{key}` is the float {value}, which is not exact"), format!("write it as a string: \"{value}\""));
            return None;
        }
        Raw::Toml(other) => {
            found.problem(format!("`{key}` is {}, not a number", other.kind()), "write an integer or a string like \"12.5\"");
            return None;
        }
    };
    let value = Decimal::from_str_exact(&text).ok();
    if value.is_none() {
        found.problem(format!("`{key}` is `{text}`, which is no number"), "write an integer or a string like \"12.5\"");
    }
    value.map(|value| found.with(value))
}
