//! The figures of one data month, and the course they make up.

use std::collections::BTreeMap;

use crate::aggregate::cover::Cover;
use crate::aggregate::exact::Exact;
use crate::aggregate::nature::Nature;
use crate::aggregate::own::Basis;
use crate::model::{DepartmentCode, Fraction, Period};

/// Why a month's amount is the reports' own and no difference of two cumulatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsReported {
    /// 省本级及跨市 appeared or went.
    Basis,
    /// Last month was not reported, or not by all.
    Gap,
    /// As [`AsReported::Basis`], and the reports have no month column: the amount is not known.
    Unknown,
}

/// The figures of one data month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub data: Period,
    /// The part of last year's whole that stood at this month, where that is the pace and known.
    pub share: Option<Fraction>,
    pub province: Exact,
    /// In the plan's order of regions; empty where the indicator shows none.
    pub regions: Vec<Exact>,
    /// 省本级及跨市, where the figure holds what belongs to no city.
    pub own: Option<Exact>,
    pub basis: Basis,
    /// Why the month's own amount was taken from the reports' own month column.
    pub months_as_reported: Option<AsReported>,
    pub departments: Vec<(DepartmentCode, Option<Fraction>)>,
    pub cover: Cover,
}

/// The month a figure is judged at.
#[derive(Debug, Clone, Copy)]
pub struct When {
    pub data: Period,
    /// As [`Point::share`].
    pub share: Option<Fraction>,
}

impl Point {
    /// The month it is judged at.
    pub fn when(&self) -> When {
        When { data: self.data, share: self.share }
    }

    /// Whether some of the expected have reported and others not.
    pub fn is_partial(&self) -> bool {
        self.cover.coverage().reported > 0 && !self.cover.is_full()
    }
}

/// The data months of the shown year, ascending; empty while nothing of the target's years is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    pub nature: Nature,
    pub points: Vec<Point>,
}

/// The courses of all indicators by code.
pub type Courses = BTreeMap<String, Course>;
