//! The workbook part: its sheets, and our own put in before them.

use std::ops::Range;

use super::parts::{Parts, Unfit};
use super::relations::Relations;
use super::splice::Splice;
use super::wanted::SHEET;
use super::xml::{Element, Room, Tag, elements, escaped, inside, tags};

/// A sheet of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    /// Its part in lower case.
    pub part: String,
    /// `rId3`.
    pub relation: String,
    at: Range<usize>,
}

/// The workbook part as far as it is needed.
pub struct Workbook {
    pub name: String,
    text: String,
    pub sheets: Vec<Sheet>,
    pub relations: Relations,
    /// URI of spreadsheets, and of relations between parts: Strict packages have their own.
    pub main: String,
    pub office: String,
    prefix: String,
    /// Where the first sheet stands.
    first: First,
    id_max: usize,
}

/// Before which byte our sheet goes, or into which empty element.
enum First {
    Before(usize),
    Into(Room),
}

impl Workbook {
    /// Finds and reads it.
    ///
    /// # Errors
    /// The package has none, or one that is not as it should be.
    pub fn open(parts: &mut Parts) -> Result<Self, Unfit> {
        let root = Relations::of(parts, "")?;
        let is_signed = root.all.iter().any(|one| one.kind.contains("digital-signature"));
        if is_signed {
            return Err(Unfit::Signed);
        }
        let name = root.first("officeDocument").map(|one| parts.name(&one.part)).ok_or(Unfit::Package)?;
        let text = parts.text(&name)?;
        let relations = Relations::of(parts, &name)?;
        let tags = tags(&text).ok_or(Unfit::Part)?;
        let root = elements(&tags, 0).into_iter().next().ok_or(Unfit::Part)?;
        let prefix = root.open.prefix().to_owned();
        let list = inside(&tags, &root).into_iter().find(|one| one.open.local() == "sheets").ok_or(Unfit::Part)?;
        let listed = inside(&tags, &list);
        let sheets = listed.iter().filter_map(|one| sheet(one, &relations)).collect();
        let first = listed.first().map_or_else(|| First::Into(list.room()), |one| First::Before(one.at.start));
        let id_max = listed.iter().filter_map(|one| one.open.number("sheetId")).max().unwrap_or(0);
        let main = namespace(&root.open, &prefix).ok_or(Unfit::Part)?;
        let strict = main.contains("purl.oclc.org");
        let office = if strict { STRICT_RELATIONS } else { RELATIONS };
        Ok(Self { name, sheets, relations, main, office: office.to_owned(), prefix, first, id_max, text })
    }

    /// The folder of the part, with its `/`.
    #[must_use]
    pub fn folder(&self) -> String {
        self.name.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default()
    }

    /// Whether its relations name parts from the root.
    #[must_use]
    pub fn is_absolute(&self) -> bool {
        self.relations.all.iter().any(|one| one.is("worksheet") && one.target.starts_with('/'))
    }

    /// Puts our sheet, which has the relation `id`, before all others: what counts sheets from the first counts one more, and the
    /// workbook opens on it.
    ///
    /// # Errors
    /// The part is not as it should be.
    pub fn put_first(&self, parts: &mut Parts, id: &str) -> Result<(), Unfit> {
        let taken = |name: &String| self.sheets.iter().any(|sheet| sheet.name.to_lowercase() == *name);
        let name = std::iter::once(SHEET.to_owned())
            .chain((2..=self.sheets.len() + 2).map(|number| format!("{SHEET} ({number})")))
            .find(|name| !taken(name));
        let (prefix, number, name) = (&self.prefix, self.id_max + 1, name.unwrap_or_default());
        let own = format!("<{prefix}sheet name=\"{}\" sheetId=\"{number}\" r:id=\"{id}\" xmlns:r=\"{}\"/>", escaped(&name), self.office);
        let mut splices = vec![match &self.first {
            First::Before(at) => Splice::insert(*at, own),
            First::Into(room) => room.filled(own),
        }];
        let tags = tags(&self.text).ok_or(Unfit::Part)?;
        for tag in &tags {
            match tag.local() {
                "definedName" => splices.extend(counted(tag, "localSheetId", |number| Some(number + 1))),
                "workbookView" => {
                    splices.extend(counted(tag, "activeTab", |_| Some(0)));
                    splices.extend(counted(tag, "firstSheet", |_| Some(0)));
                }
                _ => {}
            }
        }
        parts.splice(&self.name, splices);
        Ok(())
    }

    /// Takes the sheet at `place` out, and what belongs to it alone.
    ///
    /// # Errors
    /// The part is not as it should be.
    pub fn take_out(&self, parts: &mut Parts, place: usize) -> Result<(), Unfit> {
        let Some(own) = self.sheets.get(place) else { return Ok(()) };
        let tags = tags(&self.text).ok_or(Unfit::Part)?;
        let mut splices = vec![Splice::remove(own.at.clone())];
        let root = elements(&tags, 0).into_iter().next().ok_or(Unfit::Part)?;
        let lists = inside(&tags, &root);
        let names: Vec<Element> =
            lists.iter().filter(|one| one.open.local() == "definedNames").flat_map(|list| inside(&tags, list)).collect();
        let is_own = |name: &Element| name.open.number("localSheetId") == Some(place);
        if !names.is_empty() && names.iter().all(is_own) {
            splices.extend(lists.iter().filter(|one| one.open.local() == "definedNames").map(|list| Splice::remove(list.at.clone())));
        } else {
            splices.extend(names.iter().filter(|name| is_own(name)).map(|name| Splice::remove(name.at.clone())));
        }
        let one_less = |number: usize| (number > place).then(|| number - 1);
        for tag in &tags {
            match tag.local() {
                "definedName" => splices.extend(counted(tag, "localSheetId", one_less)),
                "workbookView" => {
                    splices.extend(counted(tag, "activeTab", one_less));
                    splices.extend(counted(tag, "firstSheet", one_less));
                }
                _ => {}
            }
        }
        parts.splice(&self.name, splices);
        self.relations.remove(parts, |one| one.id == own.relation);
        Ok(())
    }
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT_RELATIONS: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// The namespace that a tag binds to a prefix.
fn namespace(tag: &Tag, prefix: &str) -> Option<String> {
    let wanted = match prefix.trim_end_matches(':') {
        "" => "xmlns".to_owned(),
        prefix => format!("xmlns:{prefix}"),
    };
    tag.attributes().find(|(name, _)| *name == wanted).map(|(_, value)| value.value())
}

fn sheet(element: &Element, relations: &Relations) -> Option<Sheet> {
    let relation = element.open.value("id")?;
    let part = relations.named(&relation)?.part.clone();
    Some(Sheet { name: element.open.value("name")?, part, relation, at: element.at.clone() })
}

/// A number that counts sheets, changed.
fn counted(tag: &Tag, name: &str, change: impl Fn(usize) -> Option<usize>) -> Option<Splice> {
    let value = tag.attribute(name)?;
    let now = change(value.raw.trim().parse().ok()?)?.to_string();
    (now != value.raw).then(|| Splice::replace(value.at, now))
}
