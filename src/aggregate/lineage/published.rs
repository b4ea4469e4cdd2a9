//! The cell that published growth was read from: the province's in the total row, a region's in its own.

use super::source::sourced;
use crate::aggregate::evaluate::Place;
use crate::aggregate::reader::Reader;
use crate::model::{Accepted, Period, SourceItem, SourceRef, Values};
use crate::plan::Indicator;

/// Where a place's published growth stands; `None` where there is none.
pub fn source(reader: &Reader<'_>, indicator: &Indicator, data: Period, place: Place<'_>) -> Option<SourceRef> {
    let (dataset, name) = indicator.reported_growth.as_ref()?;
    let dataset = reader.plan.dataset(dataset)?;
    let accepted = reader.accepted(dataset, reader.reporting(dataset, data)?);
    accepted.iter().find_map(|one| match place {
        Place::Province => of_total(one, name).or_else(|| (one.observations.rows() == 1).then(|| of_row(one, name, 0)).flatten()),
        Place::Region(code) => {
            let regions = one.observations.columns.iter().find(|column| matches!(column.values, Values::Region(_)))?;
            let row = (0..one.observations.rows()).find(|row| regions.region(*row) == Some(code))?;
            of_row(one, name, row)
        }
        Place::Department(_) | Place::Cities => None,
    })
}

fn of_row(accepted: &Accepted, name: &str, row: usize) -> Option<SourceRef> {
    let observations = &accepted.observations;
    let column = observations.columns.iter().position(|column| column.name == name)?;
    observations.columns.get(column)?.decimal(row)?;
    let sheet = observations.sheet_of(row).to_owned();
    Some(SourceRef { sheet, ..sourced(accepted, SourceItem::ReportedGrowth, &[(row, column)], &[], 1) })
}

fn of_total(accepted: &Accepted, name: &str) -> Option<SourceRef> {
    let observations = &accepted.observations;
    let total = observations.whole_totals().find(|total| total.values.iter().any(|(one, value)| one == name && value.is_some()))?;
    let cells = observations.total_cell(total, name).map(|cell| cell.to_string()).unwrap_or_default();
    let sheet = observations.sheet_of_part(total.part).to_owned();
    Some(SourceRef { sheet, cells, ..sourced(accepted, SourceItem::ReportedGrowth, &[], &[], 1) })
}
