//! Regions by their GB/T 2260 code: the province itself and its cities.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A six-digit GB/T 2260 code, for instance `330100`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegionCode(pub String);

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
