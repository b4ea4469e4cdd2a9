//! Columns that hold more than SQL knows: JSON, and text that stands for something.

use super::LedgerError;

/// A JSON column as a value.
pub fn from_json<T: serde::de::DeserializeOwned>(place: &str, text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|reason| LedgerError::Content { place: place.to_owned(), reason: reason.to_string() })
}

/// A value as a JSON column.
pub fn to_json<T: serde::Serialize>(place: &str, value: &T) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(|reason| LedgerError::Content { place: place.to_owned(), reason: reason.to_string() })
}

/// A text column parsed as what it stands for.
pub fn parse<T: std::str::FromStr>(place: &str, text: &str) -> Result<T, LedgerError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|reason: T::Err| LedgerError::Content { place: place.to_owned(), reason: reason.to_string() })
}
