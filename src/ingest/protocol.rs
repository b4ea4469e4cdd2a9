//! What passes between parent and worker: length-prefixed JSON frames, and bytes as they are: those of a file, and of the tables read.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::{Account, DepartmentCode, Finding, Observations, Packed, Period, Refusal};
use crate::plan::{Dataset, Region};
use crate::settings::Limits;

use super::account::remembered::StrayRows;
use super::mark::said::Said;
use super::mark::wanted::Wanted;
use super::parse::text::comparable;
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
    /// The same, ready for comparing: made once, and not for each file.
    pub compared: Vec<String>,
}

impl DepartmentNames {
    /// A department by its code and names.
    #[must_use]
    pub fn new(code: DepartmentCode, names: Vec<String>) -> Self {
        let compared = names.iter().map(|name| comparable(name)).collect();
        Self { code, names, compared }
    }
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
        /// They pass as column files, behind the frame.
        #[serde(skip)]
        observations: Vec<Observations>,
        /// The same, as they passed.
        #[serde(skip)]
        packed: Vec<Packed>,
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

/// Writes a reply: a frame, and behind it the tables, or the marked file.
pub fn write_reply(to: &mut impl Write, reply: &Reply) -> io::Result<()> {
    write_frame(to, reply)?;
    match reply {
        Reply::Read { observations, .. } => {
            to.write_all(&length(observations.len())?)?;
            for table in observations {
                let Packed(file) = Packed::of(table).map_err(io::Error::other)?;
                to.write_all(&length(file.len())?)?;
                to.write_all(&file)?;
            }
        }
        Reply::Marked { package, .. } => to.write_all(package)?,
        Reply::Refused(_) | Reply::Unmarked => {}
    }
    to.flush()
}

fn length(of: usize) -> io::Result<[u8; 4]> {
    Ok(u32::try_from(of).map_err(io::Error::other)?.to_le_bytes())
}

/// Reads a reply; `None` at a clean end of the stream.
pub fn read_reply(from: &mut impl Read) -> io::Result<Option<Reply>> {
    let Some(mut reply) = read_frame(from)? else { return Ok(None) };
    match &mut reply {
        Reply::Read { observations, packed, .. } => {
            for _ in 0..read_length(from)?.ok_or(io::ErrorKind::UnexpectedEof)? {
                let file = Packed(read_bytes(from)?.ok_or(io::ErrorKind::UnexpectedEof)?);
                observations.push(file.table().map_err(io::Error::other)?);
                packed.push(file);
            }
        }
        Reply::Marked { bytes, package } => {
            from.take(u64::from(FRAME_BYTES_MAX).min(*bytes)).read_to_end(package)?;
            if package.len() as u64 != *bytes {
                return Err(io::Error::other("a marked file was cut short"));
            }
        }
        Reply::Refused(_) | Reply::Unmarked => {}
    }
    Ok(Some(reply))
}

/// Reads one frame; `None` at a clean end of the stream.
pub fn read_frame<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let Some(json) = read_bytes(from)? else { return Ok(None) };
    serde_json::from_slice(&json).map(Some).map_err(io::Error::other)
}

fn read_bytes(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let Some(length) = read_length(from)? else { return Ok(None) };
    if length > FRAME_BYTES_MAX {
        return Err(io::Error::other("frame too long"));
    }
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn read_length(from: &mut impl Read) -> io::Result<Option<u32>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => Ok(Some(u32::from_le_bytes(length))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;

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

    #[test]
    fn tables_pass_behind_their_reply_and_a_cut_is_told() {
        let tables = vec![sample::investment(), sample::projects()];
        let packed: Vec<Packed> = tables.iter().map(|table| Packed::of(table).unwrap()).collect();
        let reply = |observations, packed| Reply::Read {
            department: DepartmentCode("jxt".to_owned()),
            period: sample::june(),
            observations,
            packed,
            findings: Vec::new(),
            account: Account::default(),
            facts: Vec::new(),
            strays: Vec::new(),
            remarks: Vec::new(),
            said: Vec::new(),
        };
        let mut stream = Vec::new();
        write_reply(&mut stream, &reply(tables.clone(), Vec::new())).unwrap();
        write_reply(&mut stream, &Reply::Refused(Refusal::Encrypted)).unwrap();
        let mut whole = stream.as_slice();
        assert_eq!(read_reply(&mut whole).unwrap(), Some(reply(tables, packed)));
        assert_eq!(read_reply(&mut whole).unwrap(), Some(Reply::Refused(Refusal::Encrypted)));
        assert_eq!(read_reply(&mut whole).unwrap(), None);
        let first = stream.len() - 20;
        assert!(read_reply(&mut &stream[..first / 2]).is_err());
    }
}
