//! Column file v1: one table as bytes, column by column, with the place of every cell; packed, and hashed so that damage is told.
//!
//! ```text
//! "wjc1" │ BLAKE3 of what follows, 32 bytes │ length of the body, u32 │ body, deflated
//! body: head as JSON (dataset … totals, parts) │ each column: kind, validity bits, values │ places
//! ```
//!
//! It holds exactly what [`Observations`] holds: what is read back is equal to what was written, down to the zeros behind a point.

mod bytes;
mod places;
mod values;

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::{Column, DepartmentCode, Observations, Part, Period, TotalRow};

pub use bytes::Damaged;
use bytes::{Input, Output};

/// How every column file begins.
const MAGIC: &[u8; 4] = b"wjc1";
const HASH_BYTES: usize = 32;
/// No body is longer: it holds at most the cells of one workbook.
const BODY_BYTES_MAX: u32 = 1 << 30;

/// A table as a column file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(pub Vec<u8>);

/// What is told once a table.
#[derive(Serialize, Deserialize)]
struct Head {
    dataset: String,
    department: DepartmentCode,
    period: Period,
    sheet: String,
    columns: Vec<String>,
    totals: Vec<TotalRow>,
    parts: Vec<Part>,
}

impl Packed {
    /// Packs a table.
    ///
    /// # Errors
    /// It is larger than any workbook.
    pub fn of(table: &Observations) -> Result<Self, Damaged> {
        let body = body(table)?;
        let length = u32::try_from(body.len()).ok().filter(|length| *length <= BODY_BYTES_MAX).ok_or(Damaged("too long"))?;
        let mut file = MAGIC.to_vec();
        file.extend([0; HASH_BYTES]);
        file.extend(length.to_le_bytes());
        let mut packing = DeflateEncoder::new(file, Compression::fast());
        packing.write_all(&body).map_err(|_| Damaged("cannot be packed"))?;
        let mut file = packing.finish().map_err(|_| Damaged("cannot be packed"))?;
        let hash = blake3::hash(file.get(MAGIC.len() + HASH_BYTES..).unwrap_or_default());
        if let Some(place) = file.get_mut(MAGIC.len()..MAGIC.len() + HASH_BYTES) {
            place.copy_from_slice(hash.as_bytes());
        }
        Ok(Self(file))
    }

    /// Reads the table back.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn table(&self) -> Result<Observations, Damaged> {
        unpacked(&self.0)
    }
}

/// Reads the table of a column file back.
///
/// # Errors
/// [`Damaged`].
pub fn unpacked(file: &[u8]) -> Result<Observations, Damaged> {
    let rest = file.strip_prefix(MAGIC).ok_or(Damaged("another beginning"))?;
    let (hash, rest) = rest.split_at_checked(HASH_BYTES).ok_or(Damaged("cut short"))?;
    if blake3::hash(rest).as_bytes() != hash {
        return Err(Damaged("its hash differs"));
    }
    let (length, packed) = rest.split_first_chunk().ok_or(Damaged("cut short"))?;
    let length = u32::from_le_bytes(*length);
    if length > BODY_BYTES_MAX {
        return Err(Damaged("too long"));
    }
    let mut body = Vec::new();
    DeflateDecoder::new(packed).take(u64::from(length)).read_to_end(&mut body).map_err(|_| Damaged("cannot be unpacked"))?;
    table(&mut Input::new(&body))
}

fn body(table: &Observations) -> Result<Vec<u8>, Damaged> {
    let head = Head {
        dataset: table.dataset.clone(),
        department: table.department.clone(),
        period: table.period,
        sheet: table.sheet.clone(),
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
        totals: table.totals.clone(),
        parts: table.parts.clone(),
    };
    let mut out = Output::default();
    out.text(&serde_json::to_string(&head).map_err(|_| Damaged("its head cannot be written"))?);
    for column in &table.columns {
        values::write(&mut out, &column.values);
    }
    places::write(&mut out, &table.cells);
    Ok(out.0)
}

fn table(body: &mut Input<'_>) -> Result<Observations, Damaged> {
    let Head { dataset, department, period, sheet, columns, totals, parts } =
        serde_json::from_str(body.text()?).map_err(|_| Damaged("its head cannot be read"))?;
    let columns = columns.into_iter().map(|name| Ok(Column { name, values: values::read(body)? })).collect::<Result<Vec<_>, Damaged>>()?;
    let rows = columns.iter().map(|column: &Column| column.values.rows()).max().unwrap_or_default();
    let cells = places::read(body, (rows, columns.len()))?;
    if !body.is_over() {
        return Err(Damaged("longer than its table"));
    }
    Ok(Observations { dataset, department, period, sheet, columns, cells, totals, parts })
}

#[cfg(test)]
mod tests;
