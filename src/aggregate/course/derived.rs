//! Derived figures: the signed sum of other indicators' courses.

use super::point::{Course, Courses, Point};
use super::share::share;
use crate::aggregate::cover::Cover;
use crate::aggregate::exact::Exact;
use crate::aggregate::nature::{Build, Nature};
use crate::aggregate::own::Basis;
use crate::aggregate::reader::Reader;
use crate::model::{DepartmentCode, Fraction};
use crate::plan::Indicator;

/// The signed sum of other courses, over the data months all of them have; `None` while one of them is not drawn up yet.
pub fn combined(reader: &Reader<'_>, indicator: &Indicator, terms: &[(String, i8)], courses: &Courses) -> Option<Course> {
    let parts = terms.iter().map(|(code, sign)| courses.get(code).map(|course| (course, *sign))).collect::<Option<Vec<_>>>()?;
    let (first, _) = parts.first()?;
    let any = |has: fn(&Nature) -> bool| parts.iter().any(|(course, _)| has(&course.nature));
    let nature = Nature {
        build: parts.iter().map(|(course, _)| course.nature.build).max().unwrap_or(Build::State),
        quarterly: any(|nature| nature.quarterly),
        merged: any(|nature| nature.merged),
        summed: !any(|nature| !nature.summed),
    };
    let mut points = Vec::new();
    for data in first.points.iter().map(|point| point.data) {
        let Some(of_month) = parts
            .iter()
            .map(|(course, sign)| course.points.iter().find(|point| point.data == data).map(|point| (point, *sign)))
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let regions = if indicator.by_region { reader.plan.regions.len() } else { 0 };
        let place =
            |of: &dyn Fn(&Point) -> Option<Exact>| summed(&of_month.iter().map(|(point, sign)| (of(point), *sign)).collect::<Vec<_>>());
        points.push(Point {
            data,
            share: share(reader, indicator, data),
            province: place(&|point| Some(point.province)),
            regions: (0..regions).map(|nth| place(&|point| point.regions.get(nth).copied())).collect(),
            departments: departments(&of_month),
            own: None,
            basis: Basis::default(),
            months_as_reported: None,
            cover: Cover::all(of_month.iter().map(|(point, _)| &point.cover)),
        });
    }
    Some(Course { nature, points })
}

fn summed(parts: &[(Option<Exact>, i8)]) -> Exact {
    let sum = |pick: fn(Exact) -> Option<Fraction>| {
        parts.iter().try_fold(Fraction::ZERO, |sum, (part, sign)| signed_sum(sum, pick((*part)?)?, *sign))
    };
    Exact {
        value: sum(|one| one.value),
        last_year: sum(|one| one.last_year),
        month: sum(|one| one.month),
        reported_growth: None,
        alike: None,
        unlike: parts.iter().any(|(part, _)| part.is_some_and(|part| part.unlike)),
    }
}

fn signed_sum(sum: Fraction, part: Fraction, sign: i8) -> Option<Fraction> {
    if sign < 0 { sum.checked_sub(part) } else { sum.checked_add(part) }
}

/// What each department brings to a derived figure: the terms it reports.
fn departments(parts: &[(&Point, i8)]) -> Vec<(DepartmentCode, Option<Fraction>)> {
    let mut codes: Vec<&DepartmentCode> = Vec::new();
    for (code, _) in parts.iter().flat_map(|(point, _)| &point.departments) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let brought = |code: &DepartmentCode| {
        parts.iter().try_fold(Fraction::ZERO, |sum, (point, sign)| match point.departments.iter().find(|(one, _)| one == code) {
            Some((_, part)) => signed_sum(sum, (*part)?, *sign),
            None => Some(sum),
        })
    };
    codes.into_iter().map(|code| (code.clone(), brought(code))).collect()
}
