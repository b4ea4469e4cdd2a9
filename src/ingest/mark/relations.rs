//! Relations between parts, and their content types.

use super::parts::{Parts, Unfit, relations_of, resolved};
use super::splice::Splice;
use super::xml::{Element, HEAD, Room, Tag, elements, escaped, inside, tags};

/// The parts that a part refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relations {
    /// The part of the relations themselves.
    part: String,
    pub all: Vec<Relation>,
    /// Prefix of the elements, and how another one is put in; `None` where there is no such part yet.
    room: Option<(String, Room)>,
}

/// One relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub id: String,
    /// The whole URI.
    pub kind: String,
    /// The part, in lower case.
    pub part: String,
    /// As written.
    pub target: String,
    pub external: bool,
    at: std::ops::Range<usize>,
}

impl Relation {
    /// Whether its kind ends so: Transitional and Strict packages name them by different URIs.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        !self.external && self.kind.strip_suffix(kind).is_some_and(|before| before.ends_with('/'))
    }
}

const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

impl Relations {
    /// Reads the relations of a part; none where it has no part for them.
    ///
    /// # Errors
    /// They are not well-formed.
    pub fn of(parts: &mut Parts, name: &str) -> Result<Self, Unfit> {
        let part = relations_of(&parts.name(name));
        if !parts.has(&part) {
            return Ok(Self { part, ..Self::default() });
        }
        let text = parts.text(&part)?;
        let tags = tags(&text).ok_or(Unfit::Part)?;
        let whole = elements(&tags, 0).into_iter().next().ok_or(Unfit::Part)?;
        let relation = |tag: &Element| {
            let target = tag.open.value("Target")?;
            Some(Relation {
                id: tag.open.value("Id")?,
                kind: tag.open.value("Type")?,
                part: resolved(name, &target),
                external: tag.open.value("TargetMode").as_deref() == Some("External"),
                target,
                at: tag.at.clone(),
            })
        };
        let all = inside(&tags, &whole).iter().filter_map(relation).collect();
        let room = Some((whole.open.prefix().to_owned(), whole.room()));
        Ok(Self { part, all, room })
    }

    /// The first of a kind.
    #[must_use]
    pub fn first(&self, kind: &str) -> Option<&Relation> {
        self.all.iter().find(|relation| relation.is(kind))
    }

    /// The one of that id.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&Relation> {
        self.all.iter().find(|relation| relation.id == id)
    }

    /// Ids that nobody has.
    fn free_id(&self, but: &[String]) -> String {
        let is_free = |id: &String| !but.contains(id) && !self.all.iter().any(|relation| relation.id.eq_ignore_ascii_case(id));
        (1..=self.all.len() + but.len() + 1).rev().map(|number| format!("rId{number}")).find(is_free).unwrap_or_default()
    }

    /// Adds relations (kind as a whole URI, target); returns their ids.
    pub fn add(&self, parts: &mut Parts, new: &[(String, String)]) -> Vec<String> {
        let mut ids = Vec::new();
        let mut written = String::new();
        let prefix = self.room.as_ref().map_or("", |(prefix, _)| prefix);
        for (kind, target) in new {
            let id = self.free_id(&ids);
            written.extend([format!("<{prefix}Relationship Id=\"{id}\" Type=\"{}\" Target=\"{}\"/>", escaped(kind), escaped(target))]);
            ids.push(id);
        }
        match &self.room {
            Some((_, room)) => parts.splice(&self.part, [room.filled(written)]),
            None => parts.add(self.part.clone(), format!("{HEAD}<Relationships xmlns=\"{NAMESPACE}\">{written}</Relationships>")),
        }
        ids
    }

    /// Takes relations out.
    pub fn remove(&self, parts: &mut Parts, which: impl Fn(&Relation) -> bool) {
        parts.splice(&self.part, self.all.iter().filter(|one| which(one)).map(|one| Splice::remove(one.at.clone())));
    }
}

const TYPES: &str = "[Content_Types].xml";

/// A part whose content type is told, or a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed<'a> {
    /// A part's name, its type.
    Part(&'a str, &'a str),
    /// A file's end, its type.
    End(&'a str, &'a str),
}

/// Tells the content types of added parts. A second default for one end of names would be a fault, so it is given only where there is
/// none; where there is another, each part tells its own.
///
/// # Errors
/// The part is not well-formed.
pub fn declare(parts: &mut Parts, new: &[Typed<'_>]) -> Result<(), Unfit> {
    let text = parts.text(TYPES)?;
    let tags = tags(&text).ok_or(Unfit::Part)?;
    let root = elements(&tags, 0).into_iter().next().ok_or(Unfit::Part)?;
    let prefix = root.open.prefix();
    let mut written = String::new();
    for one in new {
        match one {
            Typed::Part(name, kind) => {
                written.extend([format!("<{prefix}Override PartName=\"/{}\" ContentType=\"{kind}\"/>", escaped(name))]);
            }
            Typed::End(end, kind) => written.extend([format!("<{prefix}Default Extension=\"{end}\" ContentType=\"{kind}\"/>")]),
        }
    }
    parts.splice(TYPES, [root.room().filled(written)]);
    Ok(())
}

/// What the package says of an end of names, and of each part: (end or `/part` in lower case, type).
///
/// # Errors
/// The part is not well-formed.
pub fn declared(parts: &mut Parts) -> Result<Vec<(String, String)>, Unfit> {
    let text = parts.text(TYPES)?;
    let tags = tags(&text).ok_or(Unfit::Part)?;
    let name = |tag: &Tag| tag.value("PartName").or_else(|| tag.value("Extension"));
    Ok(tags.iter().filter_map(|tag| Some((name(tag)?.to_lowercase(), tag.value("ContentType")?))).collect())
}

/// Forgets what is said of a part.
///
/// # Errors
/// The part is not well-formed.
pub fn undeclare(parts: &mut Parts, name: &str) -> Result<(), Unfit> {
    let text = parts.text(TYPES)?;
    let tags = tags(&text).ok_or(Unfit::Part)?;
    let wanted = format!("/{}", name.to_lowercase());
    let root = elements(&tags, 0).into_iter().next().ok_or(Unfit::Part)?;
    let own = inside(&tags, &root).into_iter().filter(|one| one.open.value("PartName").is_some_and(|name| name.to_lowercase() == wanted));
    parts.splice(TYPES, own.map(|one| Splice::remove(one.at)));
    Ok(())
}
