//! Names in a zip: decoded for the eye, cut into folders and file, and what they tell of their file.

use crate::model::package::PackedKind;

/// A name is cut here: it only ever labels a file.
const NAME_CHARS_MAX: usize = 200;

/// Endings of tables; `.et` and `.ett` are those of WPS.
const TABLES: [&str; 11] = ["xlsx", "xls", "xlsm", "xlsb", "xltx", "xlt", "ods", "et", "ett", "csv", "fods"];
const ARCHIVES: [&str; 8] = ["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz"];

/// The parts of a name as it stands in a zip, folders first; `None` for a name that would climb out of a folder.
///
/// Names that are no UTF-8 are in GBK, as Windows in Chinese writes them. A backslash may be half of a character there, so it is
/// looked for after decoding.
pub fn parts(raw: &[u8]) -> Option<Vec<String>> {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    let name = name.replace('\\', "/");
    let climbs = name.starts_with('/') || name.contains('\0') || name.split('/').any(|part| part == ".." || part.ends_with(':'));
    if climbs {
        return None;
    }
    let clean = |part: &str| part.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect::<String>();
    Some(name.split('/').map(clean).filter(|part| !part.is_empty() && part != ".").collect())
}

/// What computers and office programs put into zips by themselves.
pub fn is_passed_over(parts: &[String]) -> bool {
    let by_system = |part: &String| part.starts_with('.') || part == "__MACOSX";
    let Some(file) = parts.last() else { return true };
    let known = ["thumbs.db", "desktop.ini"].iter().any(|name| file.eq_ignore_ascii_case(name));
    parts.iter().any(by_system) || file.starts_with("~$") || known
}

/// What the ending says.
pub fn kind(file: &str) -> PackedKind {
    let is = |endings: &[&str]| file.rsplit_once('.').is_some_and(|(_, end)| endings.iter().any(|known| end.eq_ignore_ascii_case(known)));
    if is(&TABLES) {
        PackedKind::Workbook
    } else if is(&ARCHIVES) {
        PackedKind::Archive
    } else {
        PackedKind::Other
    }
}
