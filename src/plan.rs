//! The definition of what is to be done: the checked plan.
//!
//! `compile` turns `config/*.toml` and `pipelines/*.toml` into a [`Plan`] or into all their problems at once.
//! Whatever holds a `Plan` may rely on it: every code it names exists, every expression reads columns that are there.

use serde::{Deserialize, Serialize};

use crate::model::{DepartmentCode, RegionCode};

pub mod calendar;
pub mod checks;
mod dataset;
mod region;
mod target;
mod counts_in;
mod indicator;
mod measure;
mod earlier;
pub mod lights;

pub mod bounds;
pub mod frame;
pub mod filter;
pub mod counted;
mod due;
pub mod form;
pub mod heading;
pub mod own;
pub mod pace;
pub mod slots;
pub mod compile;
pub mod roll;

pub use calendar::Calendar;
pub use checks::Checks;
pub use counts_in::CountsIn;
pub use dataset::{Accumulation, ColumnSpec, ColumnType, Dataset, Frequency, Rule, Shape, TotalRule};
pub use earlier::Earlier;
pub use indicator::{Calculation, Expression, GrowthBasis, Indicator};
pub use lights::LightRules;
pub use measure::{Action, Measure, Task};
pub use region::Region;
pub use target::{Comparison, Pace, Target, TargetYear};

/// The compiled plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// 浙江省推动工业经济稳进提质行动方案.
    pub name: String,
    /// 工业稳进提质, used in subjects and file names.
    pub short_name: String,
    /// The year its files begin in; `[plan] year` for files without validity.
    pub year: i32,
    pub province: Region,
    /// In the province's fixed order.
    pub regions: Vec<Region>,
    /// In 机构序列.
    pub departments: Vec<Department>,
    pub actions: Vec<Action>,
    /// By number.
    pub measures: Vec<Measure>,
    /// Of all measures and the shared ones, in file order.
    pub datasets: Vec<Dataset>,
    pub lights: LightRules,
    pub calendar: Calendar,
    /// What the checks ask about; decides no figure.
    pub checks: Checks,
    /// What earlier files mean for it.
    pub earlier: Earlier,
    /// BLAKE3 over everything the plan was compiled from, in canonical form.
    pub hash: String,
}

/// A department of `config/departments.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Department {
    pub code: DepartmentCode,
    /// 规范简称: 省经信厅.
    pub name: String,
    /// 浙江省经济和信息化厅.
    pub full_name: String,
    /// Other spellings met in file names and cells.
    pub aliases: Vec<String>,
    /// Form of address: 你厅.
    pub address: String,
    /// E-mail addresses its mails go to.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    /// The liaison officer's name.
    pub contact: String,
    /// `false` for entries like 省级有关单位 that hand in nothing and get no mail.
    pub reports: bool,
}

impl Plan {
    /// The measure of that number.
    #[must_use]
    pub fn measure(&self, number: u32) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.number == number)
    }

    /// The dataset of that code.
    #[must_use]
    pub fn dataset(&self, code: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.code == code)
    }

    /// The department of that code.
    #[must_use]
    pub fn department(&self, code: &DepartmentCode) -> Option<&Department> {
        self.departments.iter().find(|department| department.code == *code)
    }

    /// The department's printed name, or its code where it has none.
    #[must_use]
    pub fn department_name<'a>(&'a self, code: &'a DepartmentCode) -> &'a str {
        self.department(code).map_or(code.0.as_str(), |department| department.name.as_str())
    }

    /// The region of that code; the province has one too, and what belongs to no city.
    #[must_use]
    pub fn region(&self, code: &RegionCode) -> Option<&Region> {
        [&self.province, region::own()].into_iter().chain(&self.regions).find(|region| region.code == *code)
    }

    /// The indicator of that code.
    #[must_use]
    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators().map(|(_, indicator)| indicator).find(|indicator| indicator.code == code)
    }

    /// All indicators, in the plan's order.
    pub fn indicators(&self) -> impl Iterator<Item = (&Measure, &Indicator)> {
        self.measures.iter().flat_map(|measure| measure.indicators.iter().map(move |indicator| (measure, indicator)))
    }

    /// The departments that hand in workbooks, in 机构序列.
    pub fn reporting_departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(|department| department.reports)
    }
}
