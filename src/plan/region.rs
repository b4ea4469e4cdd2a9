//! Regions: the province, its cities, and what belongs to no city.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::model::RegionCode;

/// A region of `config/regions.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Region {
    pub code: RegionCode,
    /// 杭州市.
    pub name: String,
    /// 杭州.
    pub short_name: String,
    pub aliases: Vec<String>,
    /// Names of its counties, to recognise 其中 rows and a county where a city belongs.
    pub counties: Vec<String>,
}

static OWN: LazyLock<Region> = LazyLock::new(|| Region {
    code: RegionCode("own".to_owned()),
    name: "省本级及跨市".to_owned(),
    short_name: "省本级及跨市".to_owned(),
    aliases: Vec::new(),
    counties: Vec::new(),
});

/// The row that follows the cities.
#[must_use]
pub fn own() -> &'static Region {
    &OWN
}
