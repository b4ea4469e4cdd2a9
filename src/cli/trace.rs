//! `trace`: from a printed figure to its file, sheet and cells.

use rust_decimal::Decimal;
use serde_json::json;

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::{DepartmentCode, IndicatorRow, Period, RegionCode, SourceItem, SourceRef};
use crate::plan::own::own;
use crate::plan::{Plan, Region};
use crate::run::version::newest;
use crate::run::version::ordinals::arrivals;

/// Leads from a printed figure (value to date, last year's, published growth) to its sources.
#[derive(Debug, clap::Args)]
pub struct Trace {
    /// The indicator's code, for instance 6.2.
    indicator: String,
    #[arg(long, value_parser = parse_period)]
    period: Period,
    /// A region by code or name; the province when left out.
    #[arg(long, value_name = "R")]
    region: Option<String>,
    /// A department's part in a list that several fill, by code or name.
    #[arg(long, value_name = "D", conflicts_with = "region")]
    department: Option<String>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

/// One place's printed figures and where they were read.
struct Traced<'a> {
    region: Option<&'a RegionCode>,
    department: Option<&'a DepartmentCode>,
    value: Option<Decimal>,
    last_year: Option<Decimal>,
    reported_growth: Option<Decimal>,
    sources: &'a [SourceRef],
}

impl Trace {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, Some(self.period))?;
        let version = newest::of(&desk, self.period)?;
        let row = version.shown.tables.iter().flat_map(|table| &table.rows).find(|row| row.code == self.indicator).ok_or_else(|| {
            anyhow::anyhow!("the plan has no indicator `{}`; `wenjin show --period {}` lists them", self.indicator, self.period)
        })?;
        let traced = self.place(&desk.plan, row)?;
        let arrivals = arrivals(&desk, self.period)?;
        if self.json {
            let text = |value: Option<Decimal>| value.map(|value| value.to_string());
            output::json(&json!({
                "period": self.period, "version": version.version, "code": row.code, "region": traced.region,
                "department": traced.department, "value": text(traced.value), "last_year": text(traced.last_year),
                "reported_growth_pct": text(traced.reported_growth), "unit": row.unit,
                "sources": traced.sources.iter().map(|one| source(one, arrivals.get(&one.hash))).collect::<Vec<_>>(),
            }));
        } else {
            print(&desk.plan, row, &traced);
        }
        Ok(exit::DONE)
    }

    /// The figures asked for: the province's, a region's, or a department's part.
    fn place<'a>(&self, plan: &Plan, row: &'a IndicatorRow) -> anyhow::Result<Traced<'a>> {
        if let Some(name) = &self.department {
            let known = plan.departments.iter().find(|department| department.code.0 == *name || department.name == *name);
            let part = known.and_then(|known| row.departments.iter().find(|part| part.department == known.code));
            let part = part.ok_or_else(|| anyhow::anyhow!("indicator {} has no part of a department `{name}`", row.code))?;
            let (department, value) = (Some(&part.department), part.year_to_date);
            return Ok(Traced { region: None, department, value, last_year: None, reported_growth: None, sources: &part.sources });
        }
        let province = Traced {
            region: None,
            department: None,
            value: row.year_to_date,
            last_year: row.last_year,
            reported_growth: row.reported_growth_pct,
            sources: &row.sources,
        };
        let Some(name) = &self.region else { return Ok(province) };
        let is_meant = |region: &&Region| {
            region.code.0 == *name || region.name == *name || region.short_name == *name || region.aliases.contains(name)
        };
        let wanted = std::iter::once(&plan.province)
            .chain(&plan.regions)
            .chain([own()])
            .find(is_meant)
            .ok_or_else(|| anyhow::anyhow!("`{name}` is no region of config/regions.toml"))?;
        if wanted.code == plan.province.code {
            return Ok(province);
        }
        let figure = row
            .regions
            .iter()
            .find(|figure| figure.code == wanted.code)
            .ok_or_else(|| anyhow::anyhow!("indicator {} is not shown by region", row.code))?;
        Ok(Traced {
            region: Some(&figure.code),
            department: None,
            value: figure.year_to_date,
            last_year: figure.last_year,
            reported_growth: figure.growth_pct.filter(|_| figure.sources.iter().any(|one| one.item == SourceItem::ReportedGrowth)),
            sources: &figure.sources,
        })
    }
}

fn print(plan: &Plan, row: &IndicatorRow, traced: &Traced<'_>) {
    let shown = |value: Option<Decimal>| value.map_or_else(|| "—".to_owned(), |value| value.to_string());
    let place = traced.region.and_then(|code| plan.region(code)).map(|region| format!(" {}", region.name)).unwrap_or_default();
    output::line(&format!("{} {}{place}: {}{}", row.code, row.title, shown(traced.value), row.unit));
    for item in SourceItem::ALL {
        let sources: Vec<&SourceRef> = traced.sources.iter().filter(|source| source.item == item).collect();
        let value = match item {
            SourceItem::YearToDate => None,
            SourceItem::LastYear => Some(format!("{}{}", shown(traced.last_year), row.unit)),
            SourceItem::ReportedGrowth => Some(format!("{}%", shown(traced.reported_growth))),
        };
        if let Some(value) = value.filter(|_| !sources.is_empty()) {
            output::line(&format!("  {}: {value}", item.word()));
        }
        for one in sources {
            output::quoting(&format!(
                "  {} {} “{}”表 {} ({} rows), received {}, blake3 {}",
                plan.department_name(&one.department),
                one.file,
                one.sheet,
                one.cells,
                one.rows,
                one.received_at.to_rfc3339(),
                one.hash
            ));
        }
    }
}

fn source(one: &SourceRef, arrival: Option<&u32>) -> serde_json::Value {
    json!({
        "item": one.item.code(), "department": one.department, "file": one.file, "blake3": one.hash, "sheet": one.sheet,
        "cells": one.cells, "rows": one.rows, "received_at": one.received_at.to_rfc3339(), "arrival": arrival,
    })
}
