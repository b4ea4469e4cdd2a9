//! Responsible departments (责任单位) by their short code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A department's code from `config/departments.toml`, for instance `jxt`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DepartmentCode(pub String);

impl fmt::Display for DepartmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
