//! The directory of a compound file (`.xls`, encrypted workbooks), walked with every chain held against the file's length.

use crate::model::Refusal;

use super::format::Format;

/// Tells `.xls` from encrypted and older files.
///
/// # Errors
///
/// The refusal the sender is told; a chain that is cyclic or longer than the file is a hostile archive.
pub fn inspect(bytes: &[u8]) -> Result<Format, Refusal> {
    let file = File::open(bytes)?;
    let entries = file.directory()?;
    let has = |name: &str| entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name));
    if entries.iter().any(|entry| entry.name.eq_ignore_ascii_case("EncryptionInfo") && entry.size > ENCRYPTION_BYTES_MAX) {
        return Err(Refusal::HostileArchive);
    }
    let is_locked = has("EncryptedPackage") || has("EncryptionInfo");
    let root = entries.iter().find(|entry| entry.is_root);
    for entry in entries.iter().filter(|entry| entry.is_stream) {
        let is_workbook = entry.name.eq_ignore_ascii_case("Workbook");
        let head = if entry.size >= file.mini_cutoff {
            let chain = file.chain(entry.start)?;
            if is_workbook { file.head(&chain)? } else { continue }
        } else if is_workbook {
            // Streams below the cut-off live in the mini stream, which the root entry's own chain bounds.
            file.small_head(root, entry)
        } else {
            continue;
        };
        if asks_for_password(&head) {
            return Err(Refusal::Encrypted);
        }
    }
    if is_locked {
        Ok(Format::Locked)
    } else if has("Workbook") {
        Ok(Format::Xls)
    } else if has("Book") {
        Err(Refusal::OldBiff)
    } else {
        Err(Refusal::NotAWorkbook)
    }
}

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
/// BIFF records.
const FILE_PASS: u16 = 0x002F;
const END_OF_SUBSTREAM: u16 = 0x000A;
/// So many sectors of a workbook stream hold its first records.
const HEAD_SECTORS: usize = 4;
const MINI_SECTOR_BYTES: usize = 64;
/// How an encrypted package is to be opened takes two or three kilobytes; its reader is quadratic in the number of attributes.
const ENCRYPTION_BYTES_MAX: u64 = 64 << 10;
/// Any real workbook has a few dozen.
const ENTRIES_MAX: usize = 10_000;

struct File<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    fat: Vec<u32>,
    directory_start: u32,
    mini_cutoff: u64,
    mini_fat_start: u32,
}

struct Entry {
    name: String,
    is_stream: bool,
    is_root: bool,
    start: u32,
    size: u64,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() < 512 {
            return Err(Refusal::Truncated);
        }
        let shift = u16_at(bytes, 30).ok_or(Refusal::Truncated)?;
        if shift != 9 && shift != 12 {
            return Err(Refusal::HostileArchive);
        }
        let mut file = Self {
            bytes,
            sector_bytes: 1 << shift,
            fat: Vec::new(),
            directory_start: u32_at(bytes, 48).ok_or(Refusal::Truncated)?,
            mini_cutoff: u64::from(u32_at(bytes, 56).ok_or(Refusal::Truncated)?),
            mini_fat_start: u32_at(bytes, 60).ok_or(Refusal::Truncated)?,
        };
        for sector in file.fat_sectors()? {
            let sector = file.sector(sector)?;
            file.fat.extend(sector.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)));
        }
        Ok(file)
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector_bytes
    }

    fn sector(&self, number: u32) -> Result<&'a [u8], Refusal> {
        let start = (number as usize).checked_add(1).and_then(|n| n.checked_mul(self.sector_bytes)).ok_or(Refusal::HostileArchive)?;
        let end = start.saturating_add(self.sector_bytes).min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty()).ok_or(Refusal::Truncated)
    }

    /// The numbers of the sectors that hold the allocation table: 109 in the header, the rest in a chain of their own.
    fn fat_sectors(&self) -> Result<Vec<u32>, Refusal> {
        let used = |sector: &u32| *sector < END_OF_CHAIN - 3;
        let mut found: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + at * 4)).filter(used).collect();
        let mut next = u32_at(self.bytes, 68).unwrap_or(END_OF_CHAIN);
        let mut steps = 0;
        while used(&next) {
            steps += 1;
            if steps > self.sectors() {
                return Err(Refusal::HostileArchive);
            }
            let sector = self.sector(next)?;
            let words: Vec<u32> = sector.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
            let Some((last, rest)) = words.split_last() else { break };
            found.extend(rest.iter().copied().filter(used));
            next = *last;
        }
        if found.len() > self.sectors() { Err(Refusal::HostileArchive) } else { Ok(found) }
    }

    /// The sectors of a chain; as long as the file at most, which also ends a cycle.
    fn chain(&self, start: u32) -> Result<Vec<u32>, Refusal> {
        let mut chain = Vec::new();
        let mut next = start;
        while next != END_OF_CHAIN && next != FREE {
            if chain.len() > self.sectors() {
                return Err(Refusal::HostileArchive);
            }
            chain.push(next);
            next = *self.fat.get(next as usize).ok_or(Refusal::Truncated)?;
        }
        Ok(chain)
    }

    /// The first records of a stream.
    fn head(&self, chain: &[u32]) -> Result<Vec<u8>, Refusal> {
        let mut head = Vec::new();
        for sector in chain.iter().take(HEAD_SECTORS) {
            head.extend_from_slice(self.sector(*sector)?);
        }
        Ok(head)
    }

    /// The first records of a stream of the mini stream, as far as they can be found: its reader judges the rest.
    fn small_head(&self, root: Option<&Entry>, entry: &Entry) -> Vec<u8> {
        let all = |start: u32| self.chain(start).and_then(|chain| self.bytes_of(&chain)).unwrap_or_default();
        let (stream, table) = (root.map(|root| all(root.start)).unwrap_or_default(), all(self.mini_fat_start));
        let mut head = Vec::new();
        let mut next = entry.start;
        while next != END_OF_CHAIN && head.len() < HEAD_SECTORS * MINI_SECTOR_BYTES * 8 {
            let at = (next as usize).saturating_mul(MINI_SECTOR_BYTES);
            let Some(sector) = stream.get(at..at.saturating_add(MINI_SECTOR_BYTES)) else { break };
            head.extend_from_slice(sector);
            next = u32_at(&table, (next as usize).saturating_mul(4)).unwrap_or(END_OF_CHAIN);
        }
        head
    }

    fn bytes_of(&self, chain: &[u32]) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        for sector in chain {
            bytes.extend_from_slice(self.sector(*sector)?);
        }
        Ok(bytes)
    }

    fn directory(&self) -> Result<Vec<Entry>, Refusal> {
        let mut entries = Vec::new();
        for sector in self.chain(self.directory_start)? {
            for raw in self.sector(sector)?.as_chunks::<128>().0 {
                if entries.len() >= ENTRIES_MAX {
                    return Err(Refusal::HostileArchive);
                }
                entries.extend(entry(raw));
            }
        }
        Ok(entries)
    }
}

/// Whether a workbook stream says that what follows is encrypted, by whatever method: the readers know the newer ones alone.
/// The record stands among the first, and encryption leaves heads of records as they are.
fn asks_for_password(head: &[u8]) -> bool {
    let mut at = 0_usize;
    while let (Some(kind), Some(length)) = (u16_at(head, at), u16_at(head, at + 2)) {
        match kind {
            FILE_PASS => return true,
            END_OF_SUBSTREAM => break,
            _ => at += 4 + usize::from(length),
        }
    }
    false
}

fn entry(raw: &[u8; 128]) -> Option<Entry> {
    let length = usize::from(u16_at(raw, 64)?).min(64).saturating_sub(2);
    let kind = *raw.get(66)?;
    if kind == 0 {
        return None;
    }
    let units = raw.get(..length)?.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    let name = char::decode_utf16(units).map(|c| c.unwrap_or('?')).collect();
    Some(Entry { name, is_stream: kind == 2, is_root: kind == 5, start: u32_at(raw, 116)?, size: u64::from(u32_at(raw, 120)?) })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compound file of a header, one table sector and one directory sector with the given stream names.
    fn compound(names: &[&str]) -> Vec<u8> {
        let mut bytes = vec![0; 512 * 3];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        bytes[30] = 9;
        bytes[48..52].copy_from_slice(&1u32.to_le_bytes());
        bytes[56..60].copy_from_slice(&4096u32.to_le_bytes());
        bytes[68..72].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
        bytes[76..512].fill(0xFF);
        bytes[76..80].copy_from_slice(&0u32.to_le_bytes());
        bytes[512..1024].fill(0xFF);
        bytes[516..520].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
        for (at, name) in names.iter().enumerate() {
            let raw = &mut bytes[1024 + at * 128..][..128];
            for (place, unit) in name.encode_utf16().enumerate() {
                raw[place * 2..][..2].copy_from_slice(&unit.to_le_bytes());
            }
            raw[64] = u8::try_from(name.len() * 2 + 2).unwrap();
            raw[66] = 2;
        }
        bytes
    }

    #[test]
    fn the_stream_names_tell_what_it_is() {
        assert_eq!(inspect(&compound(&["Workbook"])), Ok(Format::Xls));
        assert_eq!(inspect(&compound(&["EncryptionInfo", "EncryptedPackage"])), Ok(Format::Locked));
        assert_eq!(inspect(&compound(&["Book"])), Err(Refusal::OldBiff));
        assert_eq!(inspect(&compound(&["WordDocument"])), Err(Refusal::NotAWorkbook));
    }

    #[test]
    fn a_workbook_that_asks_for_a_password_is_encrypted_whatever_the_method() {
        let workbook = |records: &[u8]| {
            let mut bytes = compound(&["Workbook"]);
            // The stream stands in the next sector; its size is the cut-off's, however short the file.
            bytes[520..524].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
            bytes[1024 + 116..1024 + 120].copy_from_slice(&2u32.to_le_bytes());
            bytes[1024 + 120..1024 + 124].copy_from_slice(&4096u32.to_le_bytes());
            bytes.extend_from_slice(records);
            bytes.resize(512 * 4, 0);
            bytes
        };
        let begin = [0x09, 0x08, 4, 0, 0, 6, 5, 0];
        // Method 0 is the old XOR; its key and verifier follow.
        let xor = [&begin[..], &[0x2F, 0, 6, 0, 0, 0, 0x34, 0x12, 0x78, 0x56]].concat();
        assert_eq!(inspect(&workbook(&xor)), Err(Refusal::Encrypted));
        let plain = [&begin[..], &[0x0A, 0, 0, 0, 0x2F, 0, 0, 0]].concat();
        assert_eq!(inspect(&workbook(&plain)), Ok(Format::Xls));
    }

    #[test]
    fn a_small_workbook_that_asks_for_a_password_is_encrypted_too() {
        let workbook = |records: &[u8]| {
            let mut bytes = compound(&["Root Entry", "Workbook"]);
            bytes[1024 + 66] = 5;
            // The root's chain: sector 2 holds the mini stream, sector 3 its table.
            bytes[520..528].copy_from_slice(&[END_OF_CHAIN.to_le_bytes(), END_OF_CHAIN.to_le_bytes()].concat());
            bytes[60..64].copy_from_slice(&3u32.to_le_bytes());
            bytes[1024 + 116..1024 + 120].copy_from_slice(&2u32.to_le_bytes());
            // The workbook begins in the second mini sector and goes on in the first.
            bytes[1024 + 128 + 116..1024 + 128 + 120].copy_from_slice(&1u32.to_le_bytes());
            bytes[1024 + 128 + 120..1024 + 128 + 124].copy_from_slice(&100u32.to_le_bytes());
            let mut mini = [0; 512];
            mini[64..128].copy_from_slice(&records[..64]);
            mini[..records.len() - 64].copy_from_slice(&records[64..]);
            bytes.extend_from_slice(&mini);
            let mut table = [0xFF; 512];
            table[..8].copy_from_slice(&[END_OF_CHAIN.to_le_bytes(), 0u32.to_le_bytes()].concat());
            bytes.extend_from_slice(&table);
            bytes
        };
        let begin = [0x09, 0x08, 60, 0].into_iter().chain([0; 60]).collect::<Vec<u8>>();
        let xor = [&begin[..], &[0x2F, 0, 6, 0, 0, 0, 0x34, 0x12, 0x78, 0x56]].concat();
        assert_eq!(inspect(&workbook(&xor)), Err(Refusal::Encrypted));
        let plain = [&begin[..], &[0x0A, 0, 0, 0, 0x2F, 0, 0, 0]].concat();
        assert_eq!(inspect(&workbook(&plain)), Ok(Format::Xls));
    }

    #[test]
    fn a_long_description_of_an_encryption_is_hostile() {
        let with_size = |size: u32| {
            let mut bytes = compound(&["EncryptionInfo", "EncryptedPackage"]);
            bytes[56..60].copy_from_slice(&u32::MAX.to_le_bytes());
            bytes[1024 + 120..1024 + 124].copy_from_slice(&size.to_le_bytes());
            inspect(&bytes)
        };
        assert_eq!((with_size(3_000), with_size(65_537)), (Ok(Format::Locked), Err(Refusal::HostileArchive)));
    }

    #[test]
    fn a_cyclic_chain_ends_as_hostile() {
        let mut bytes = compound(&["Workbook"]);
        bytes[516..520].copy_from_slice(&1u32.to_le_bytes());
        assert_eq!(inspect(&bytes), Err(Refusal::HostileArchive));
    }
}
