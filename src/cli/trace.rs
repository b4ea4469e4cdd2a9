//! `trace`: from a printed figure to its file, sheet and cells.

use serde_json::json;

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::{Period, SourceRef};
use crate::run::RunError;

/// Leads from a printed figure (year to date) to its sources.
#[derive(Debug, clap::Args)]
pub struct Trace {
    /// The indicator's code, for instance 6.2.
    indicator: String,
    #[arg(long, value_parser = parse_period)]
    period: Period,
    /// A region by code or name; the province when left out.
    #[arg(long, value_name = "R")]
    region: Option<String>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Trace {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, Some(self.period))?;
        let version = desk.ledger.latest(self.period)?.ok_or(RunError::NoVersion { period: self.period })?;
        let row = version.shown.tables.iter().flat_map(|table| &table.rows).find(|row| row.code == self.indicator).ok_or_else(|| {
            anyhow::anyhow!("the plan has no indicator `{}`; `wenjin show --period {}` lists them", self.indicator, self.period)
        })?;
        let (region, value, sources) = match &self.region {
            None => (None, row.year_to_date, &row.sources),
            Some(name) => {
                let wanted = std::iter::once(&desk.plan.province)
                    .chain(&desk.plan.regions)
                    .find(|region| {
                        region.code.0 == *name || region.name == *name || region.short_name == *name || region.aliases.contains(name)
                    })
                    .ok_or_else(|| anyhow::anyhow!("`{name}` is no region of config/regions.toml"))?;
                if wanted.code == desk.plan.province.code {
                    (None, row.year_to_date, &row.sources)
                } else {
                    let figure = row
                        .regions
                        .iter()
                        .find(|figure| figure.code == wanted.code)
                        .ok_or_else(|| anyhow::anyhow!("indicator {} is not shown by region", row.code))?;
                    (Some(&figure.code), figure.year_to_date, &figure.sources)
                }
            }
        };
        if self.json {
            output::json(&json!({
                "period": self.period, "code": row.code, "region": region, "value": value.map(|value| value.to_string()), "unit": row.unit,
                "sources": sources.iter().map(source).collect::<Vec<_>>(),
            }));
        } else {
            let value = value.map_or_else(|| "—".to_owned(), |value| value.to_string());
            output::line(&format!("{} {} {}: {value}{}", self.period, row.code, row.title, row.unit));
            for one in sources {
                output::line(&format!(
                    "  {} {} “{}”表 {} ({} rows), received {}, blake3 {}",
                    desk.plan.department_name(&one.department),
                    one.file,
                    one.sheet,
                    one.cells,
                    one.rows,
                    one.received_at.to_rfc3339(),
                    one.hash
                ));
            }
        }
        Ok(exit::DONE)
    }
}

fn source(one: &SourceRef) -> serde_json::Value {
    json!({
        "department": one.department, "file": one.file, "blake3": one.hash, "sheet": one.sheet, "cells": one.cells, "rows": one.rows,
        "received_at": one.received_at.to_rfc3339(),
    })
}
