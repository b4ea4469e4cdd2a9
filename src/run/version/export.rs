//! Exporting: the tables of a version as CSV (UTF-8 with a byte order mark, so that Excel reads the Chinese).

use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

use super::newest;
use crate::ledger::Version;
use crate::model::{IndicatorRow, Period};
use crate::run::kit::{Desk, RunError};

/// Columns of `indicators.csv`; names are stable.
const INDICATORS: [&str; 24] = [
    "period",
    "version",
    "measure",
    "code",
    "title",
    "owner",
    "unit",
    "data_period",
    "month",
    "year_to_date",
    "last_year",
    "growth_pct",
    "reported_growth_pct",
    "target",
    "comparison",
    "growth_target_pct",
    "completion_pct",
    "pace_pct",
    "ahead_points",
    "light",
    "grey_reason",
    "periods_in_row",
    "needed_per_month",
    "landing",
];

/// Columns of `regions.csv`.
const REGIONS: [&str; 12] = [
    "period",
    "version",
    "code",
    "region",
    "region_name",
    "month",
    "year_to_date",
    "last_year",
    "growth_pct",
    "share_pct",
    "rank",
    "light",
];

/// Columns of `tasks.csv`.
const TASKS: [&str; 9] = ["period", "version", "measure", "code", "title", "owner", "status", "progress", "next_steps"];

/// Writes the newest version's tables to `out` and returns the paths.
pub fn export(desk: &Desk, period: Period, out: &Path) -> Result<Vec<PathBuf>, RunError> {
    let version = newest::of(desk, period)?;
    std::fs::create_dir_all(out).map_err(RunError::at(out))?;
    let rows: Vec<&IndicatorRow> = version.shown.tables.iter().flat_map(|table| &table.rows).collect();
    let indicators = rows.iter().map(|row| indicator(&version, row)).collect();
    let regions = rows.iter().flat_map(|row| region_lines(&version, row)).collect();
    let tasks = version.shown.tasks.iter().map(|task| {
        vec![
            version.period.to_string(),
            version.version.to_string(),
            task.measure.to_string(),
            task.code.clone(),
            task.title.clone(),
            task.owner.to_string(),
            task.status.clone().unwrap_or_default(),
            task.progress.clone().unwrap_or_default(),
            task.next_steps.clone().unwrap_or_default(),
        ]
    });
    Ok(vec![
        write(out, "indicators.csv", &INDICATORS, indicators)?,
        write(out, "regions.csv", &REGIONS, regions)?,
        write(out, "tasks.csv", &TASKS, tasks.collect())?,
    ])
}

fn text(value: Option<Decimal>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn indicator(version: &Version, row: &IndicatorRow) -> Vec<String> {
    vec![
        version.period.to_string(),
        version.version.to_string(),
        row.measure.to_string(),
        row.code.clone(),
        row.title.clone(),
        row.owner.to_string(),
        row.unit.clone(),
        row.data_period.map(|period| period.to_string()).unwrap_or_default(),
        text(row.month),
        text(row.year_to_date),
        text(row.last_year),
        text(row.growth_pct),
        text(row.reported_growth_pct),
        text(row.target),
        row.comparison.clone().unwrap_or_default(),
        text(row.growth_target_pct),
        text(row.completion_pct),
        text(row.pace_pct),
        text(row.ahead_points),
        row.light.code().to_owned(),
        row.light.grey_reason().map(|reason| reason.word().to_owned()).unwrap_or_default(),
        row.periods_in_row.to_string(),
        text(row.needed_per_month),
        text(row.landing),
    ]
}

fn region_lines(version: &Version, row: &IndicatorRow) -> Vec<Vec<String>> {
    row.regions
        .iter()
        .map(|region| {
            vec![
                version.period.to_string(),
                version.version.to_string(),
                row.code.clone(),
                region.code.to_string(),
                region.name.clone(),
                text(region.month),
                text(region.year_to_date),
                text(region.last_year),
                text(region.growth_pct),
                text(region.share_pct),
                region.rank.map(|rank| rank.to_string()).unwrap_or_default(),
                region.light.map(|light| light.code().to_owned()).unwrap_or_default(),
            ]
        })
        .collect()
}

fn write(out: &Path, name: &str, header: &[&str], lines: Vec<Vec<String>>) -> Result<PathBuf, RunError> {
    let path = out.join(name);
    let failed = |error: csv::Error| RunError::File { path: path.clone(), source: error.into() };
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    writer.write_record(header).map_err(failed)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| inert(cell).into_owned())).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| RunError::File { path: path.clone(), source: error.into_error() })?;
    std::fs::write(&path, bytes).map_err(RunError::at(&path))?;
    Ok(path)
}

/// A text that a spreadsheet would take for a formula is led by an apostrophe; numbers stay numbers.
fn inert(cell: &str) -> std::borrow::Cow<'_, str> {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<Decimal>().is_err();
    if formula { format!("'{cell}").into() } else { cell.into() }
}
