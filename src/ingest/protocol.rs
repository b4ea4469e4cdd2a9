//! What passes between parent and worker: length-prefixed JSON frames, and the file's bytes as they are.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::{Account, DepartmentCode, Finding, Observations, Period, Refusal};
use crate::plan::{Dataset, Region};
use crate::settings::Limits;

use super::account::remembered::StrayRows;
use super::mark::said::Said;
use super::mark::wanted::Wanted;
use super::reading::Facts;
use super::remarks::Remark;
use super::sniff::Format;

/// The hidden command by which the binary becomes a worker.
pub const WORKER_COMMAND: &str = "__worker";

/// A department's names, without its addresses: the worker has no use for them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DepartmentNames {
    pub code: DepartmentCode,
    /// Every spelling, the printed one first.
    pub names: Vec<String>,
}

/// Sent once, when a worker starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    pub limits: Limits,
    /// The plan's year, for file names that give a month alone.
    pub year: i32,
    pub departments: Vec<DepartmentNames>,
    pub province: Region,
    pub regions: Vec<Region>,
    pub datasets: Vec<Dataset>,
    /// Dataset and column of what an indicator or a rule reads.
    pub counted: BTreeSet<(String, String)>,
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
}

/// What is to be done with a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum Task {
    #[default]
    Read,
    /// Cells are marked in it, and the list of findings is put before its sheets.
    Mark(Wanted),
}

/// Sent before each file's bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    pub task: Task,
    pub format: Format,
    pub file: String,
    pub folders: Vec<String>,
    pub bytes: u64,
}

/// The worker's answer to one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Read {
        department: DepartmentCode,
        period: Period,
        observations: Vec<Observations>,
        findings: Vec<Finding>,
        account: Account,
        facts: Vec<Facts>,
        strays: Vec<StrayRows>,
        remarks: Vec<Remark>,
        said: Vec<Said>,
    },
    Refused(Refusal),
    /// The marked file, whose bytes follow.
    Marked {
        bytes: u64,
        #[serde(skip)]
        package: Vec<u8>,
    },
    /// It cannot be marked.
    Unmarked,
}

/// Writes a reply, and the bytes that follow it.
pub fn write_reply(to: &mut impl Write, reply: &Reply) -> io::Result<()> {
    write_frame(to, reply)?;
    if let Reply::Marked { package, .. } = reply {
        to.write_all(package)?;
        to.flush()?;
    }
    Ok(())
}

/// Reads a reply with the bytes that follow it; `None` at a clean end of the stream.
pub fn read_reply(from: &mut impl Read) -> io::Result<Option<Reply>> {
    let Some(mut reply) = read_frame::<Reply>(from)? else { return Ok(None) };
    if let Reply::Marked { bytes, package } = &mut reply {
        from.take(u64::from(FRAME_BYTES_MAX).min(*bytes)).read_to_end(package)?;
        if package.len() as u64 != *bytes {
            return Err(io::Error::other("a marked file was cut short"));
        }
    }
    Ok(Some(reply))
}

/// No frame is longer: a reply holds at most the cells of one workbook.
const FRAME_BYTES_MAX: u32 = 1 << 30;

/// Writes one frame.
pub fn write_frame(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&json)?;
    to.flush()
}

/// Reads one frame; `None` at a clean end of the stream.
pub fn read_frame<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length);
    if length > FRAME_BYTES_MAX {
        return Err(io::Error::other("frame too long"));
    }
    let mut json = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut json)?;
    serde_json::from_slice(&json).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_file_follows_its_frame() {
        let marked = Reply::Marked { bytes: 3, package: b"PK!".to_vec() };
        let mut stream = Vec::new();
        write_reply(&mut stream, &marked).unwrap();
        write_reply(&mut stream, &Reply::Unmarked).unwrap();
        let mut whole = stream.as_slice();
        assert_eq!(read_reply(&mut whole).unwrap(), Some(marked));
        assert_eq!(read_reply(&mut whole).unwrap(), Some(Reply::Unmarked));
        assert!(read_reply(&mut &stream[..stream.len() - 15]).is_err());
    }

    #[test]
    fn frames_come_back_and_the_end_is_told_from_a_cut() {
        let mut stream = Vec::new();
        write_frame(&mut stream, &Reply::Refused(Refusal::Encrypted)).unwrap();
        let mut whole = stream.as_slice();
        assert_eq!(read_frame::<Reply>(&mut whole).unwrap(), Some(Reply::Refused(Refusal::Encrypted)));
        assert_eq!(read_frame::<Reply>(&mut whole).unwrap(), None);
        let cut = stream.len() - 1;
        assert!(read_frame::<Reply>(&mut &stream[..cut]).is_err());
    }
}
