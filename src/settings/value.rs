//! A parsed file as plain owned values, each with its place. The only file besides `document` that names the `toml` crate.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// A value and the bytes it was written in.
#[derive(Debug, Clone)]
pub struct Node {
    pub value: Value,
    pub span: Range<usize>,
    /// The bytes of its key; for the entries of a list the same as `span`.
    pub key_span: Range<usize>,
}

/// A value of the file.
#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Integer(i128),
    /// As written, so that a message can repeat it.
    Float(String),
    Flag(bool),
    Date(String),
    List(Vec<Node>),
    Table(Entries),
}

/// A value as it stands in a file or in an environment variable.
pub(super) enum Raw<'d> {
    Toml(&'d Value),
    Variable(String),
}

/// The entries of a table, by key.
pub type Entries = BTreeMap<String, Node>;

impl Value {
    /// What it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Flag(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Copies a table out of the parser's representation.
#[must_use]
pub fn entries(table: &DeTable<'_>) -> Entries {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let key: &toml::Spanned<std::borrow::Cow<'_, str>> = key;
        (key.get_ref().to_string(), Node { value: convert(value.get_ref()), span: value.span(), key_span: key.span() })
    };
    table.iter().map(entry).collect()
}

fn convert(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            // Out of any range; the parser has reported it or the reader will.
            Err(_) => Value::Float(number.as_str().to_owned()),
        },
        DeValue::Float(number) => Value::Float(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => {
            let node =
                |item: &toml::Spanned<DeValue<'_>>| Node { value: convert(item.get_ref()), span: item.span(), key_span: item.span() };
            Value::List(items.iter().map(node).collect())
        }
        DeValue::Table(table) => Value::Table(entries(table)),
    }
}
