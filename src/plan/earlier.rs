//! What the files in force before a plan's mean for it.

use std::collections::{BTreeMap, BTreeSet};

/// What the files in force before this plan's mean for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    /// Codes of the indicators that are taken from an earlier file: the data month they show lies in that file's time.
    pub indicators: BTreeSet<String>,
    /// By dataset, the first year of the files that had it, where that lies before the plan's own.
    pub datasets: BTreeMap<String, i32>,
}
