//! The styles part: our looks added behind those there are, one clone with our fill for each format that is marked.

use std::collections::BTreeMap;
use std::ops::Range;

use super::parts::Unfit;
use super::splice::Splice;
use super::xml::{Element, Kind, Room, Tag, elements, inside, tags};

/// Formats beyond which a workbook is not marked by fills any more: Excel takes 64,000.
const FORMATS_MAX: usize = 64_000;

/// A list of the part that is added to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Grown {
    /// Elements it has.
    count: usize,
    /// The number it gives itself.
    counted: Option<(Range<usize>, String)>,
    room: Room,
    new: Vec<String>,
}

/// The styles part while it is added to.
pub struct Styles {
    pub prefix: String,
    fonts: Grown,
    fills: Grown,
    borders: Grown,
    formats: Grown,
    /// Each format as written, and the fill it names.
    xfs: Vec<String>,
    clones: BTreeMap<(usize, usize), usize>,
    /// Lists that were not there, by where they go.
    missing: Vec<(usize, &'static str)>,
}

/// The children of the part in the order they stand.
const ORDER: [&str; 6] = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs"];

/// The least part there may be.
#[must_use]
pub fn least(main: &str) -> String {
    format!("{}<styleSheet xmlns=\"{main}\"></styleSheet>", super::xml::HEAD)
}

impl Styles {
    /// Reads the part.
    ///
    /// # Errors
    /// It is not well-formed.
    pub fn read(text: &str) -> Result<Self, Unfit> {
        let tags = tags(text).ok_or(Unfit::Part)?;
        let root = elements(&tags, 0).into_iter().next().filter(|root| root.open.kind == Kind::Open).ok_or(Unfit::Part)?;
        let lists = inside(&tags, &root);
        let mut missing = Vec::new();
        let mut grown = |name: &'static str| {
            let found = lists.iter().find(|list| list.open.local() == name);
            let list = found.map(|list| {
                let counted = list.open.attribute("count").map(|count| (count.at, count.raw.to_owned()));
                Grown { count: inside(&tags, list).len(), counted, room: list.room(), new: Vec::new() }
            });
            list.unwrap_or_else(|| {
                let at = place(&lists, &root, name);
                missing.push((at, name));
                Grown { count: 0, counted: None, room: Room::default(), new: Vec::new() }
            })
        };
        let (fonts, fills, borders, formats) = (grown("fonts"), grown("fills"), grown("borders"), grown("cellXfs"));
        let list = lists.iter().find(|list| list.open.local() == "cellXfs");
        let xfs = list.map(|list| inside(&tags, list)).unwrap_or_default();
        let written = |one: &Element| text.get(one.at.clone()).map(str::to_owned);
        let xfs: Vec<String> = xfs.iter().filter_map(written).collect();
        let prefix = root.open.prefix().to_owned();
        let mut styles = Self { prefix, fonts, fills, borders, formats, xfs, clones: BTreeMap::new(), missing };
        let named =
            |name: &str| tags.iter().filter(|tag| tag.local() == "xf").filter_map(|tag| tag.number(name)).max().map_or(0, |max| max + 1);
        styles.reserve([named("fontId"), named("fillId"), named("borderId")]);
        Ok(styles)
    }

    /// What Excel takes for granted: a font, a border, a format, and two fills that are nobody's; and all that formats name, so that none
    /// of ours comes to stand where a format looks for one that was never there.
    fn reserve(&mut self, [fonts, fills, borders]: [usize; 3]) {
        let p = self.prefix.clone();
        for number in self.fills.count..fills.clamp(2, FORMATS_MAX) {
            let pattern = if number == 1 { "gray125" } else { "none" };
            self.fills.add(format!("<{p}fill><{p}patternFill patternType=\"{pattern}\"/></{p}fill>"));
        }
        for _ in self.fonts.count..fonts.clamp(1, FORMATS_MAX) {
            self.fonts.add(format!("<{p}font><{p}sz val=\"11\"/><{p}name val=\"宋体\"/></{p}font>"));
        }
        for _ in self.borders.count..borders.clamp(1, FORMATS_MAX) {
            self.borders.add(format!("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>"));
        }
        if self.formats.count == 0 {
            self.xfs.push(format!("<{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"));
            self.formats.add(format!("<{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"));
        }
    }

    /// Whether so many more formats fit.
    #[must_use]
    pub fn has_room_for(&self, more: usize) -> bool {
        self.formats.total() + more <= FORMATS_MAX
    }

    /// Adds a font; returns its number.
    pub fn font(&mut self, xml: String) -> usize {
        self.fonts.add(xml)
    }

    /// Adds a ground of one colour, as `FFFCE4E3`.
    pub fn fill(&mut self, colour: &str) -> usize {
        let p = &self.prefix;
        self.fills.add(format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{colour}\"/><{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        ))
    }

    /// Adds a border.
    pub fn border(&mut self, xml: String) -> usize {
        self.borders.add(xml)
    }

    /// Adds a format of ours.
    pub fn format(&mut self, xml: String) -> usize {
        self.formats.add(xml)
    }

    /// The format `xf` with that fill: one clone for each. A format that is not there stays as it is.
    pub fn filled(&mut self, xf: usize, fill: usize) -> usize {
        if let Some(known) = self.clones.get(&(xf, fill)) {
            return *known;
        }
        let Some(clone) = self.xfs.get(xf).and_then(|xml| with_fill(xml, fill)) else { return xf };
        let number = self.formats.add(clone);
        self.clones.insert((xf, fill), number);
        number
    }

    /// The changes of the part.
    #[must_use]
    pub fn splices(&self) -> Vec<Splice> {
        let mut splices = Vec::new();
        let p = &self.prefix;
        for (name, list) in [("fonts", &self.fonts), ("fills", &self.fills), ("borders", &self.borders), ("cellXfs", &self.formats)] {
            if list.new.is_empty() {
                continue;
            }
            if let Some((at, _)) = self.missing.iter().find(|(_, missing)| *missing == name) {
                let count = list.new.len();
                splices.push(Splice::insert(*at, format!("<{p}{name} count=\"{count}\">{}</{p}{name}>", list.new.concat())));
                continue;
            }
            splices.push(list.room.filled(list.new.concat()));
            if let Some((at, _)) = &list.counted {
                splices.push(Splice::replace(at.clone(), list.total().to_string()));
            }
        }
        splices
    }
}

impl Grown {
    fn add(&mut self, xml: String) -> usize {
        self.new.push(xml);
        self.total() - 1
    }

    fn total(&self) -> usize {
        self.count + self.new.len()
    }
}

/// Where a list goes that is not there.
fn place(lists: &[Element], root: &Element, name: &str) -> usize {
    let before = ORDER.iter().position(|one| *one == name).unwrap_or(ORDER.len());
    let is_before = |list: &&Element| ORDER.iter().take(before).any(|one| *one == list.open.local());
    lists.iter().rev().find(is_before).map_or(root.open.at.end, |list| list.at.end)
}

/// A format as written, with another fill.
fn with_fill(xml: &str, fill: usize) -> Option<String> {
    let tags = tags(xml)?;
    let open: &Tag = tags.first()?;
    let mut splices = Vec::new();
    for (name, value) in [("fillId", fill.to_string()), ("applyFill", "1".to_owned())] {
        splices.push(match open.attribute(name) {
            Some(attribute) => Splice::replace(attribute.at, value),
            None => Splice::insert(open.behind_name(), format!(" {name}=\"{value}\"")),
        });
    }
    Some(super::splice::apply(xml, splices)?.0)
}

/// Our grounds: 须修改 and 请说明, and the same as they are known again.
pub const ERROR_GROUND: &str = "FFFCE4E3";
pub const EXPLAIN_GROUND: &str = "FFFFF3D5";

/// What is needed to know marked cells again: which fills are ours, and each format's fill.
pub struct Known {
    pub ours: Vec<usize>,
    /// Each format as written.
    pub xfs: Vec<String>,
    fills: Vec<Option<usize>>,
    count: Option<(Range<usize>, String)>,
    room: Room,
}

impl Known {
    /// Reads the part.
    ///
    /// # Errors
    /// It is not well-formed.
    pub fn read(text: &str) -> Result<Self, Unfit> {
        let tags = tags(text).ok_or(Unfit::Part)?;
        let root = elements(&tags, 0).into_iter().next().ok_or(Unfit::Part)?;
        let lists = inside(&tags, &root);
        let list = |name: &str| lists.iter().find(|list| list.open.local() == name);
        let is_ours = |fill: &Element| {
            let colours = tags.iter().filter(|tag| fill.at.contains(&tag.at.start) && tag.local() == "fgColor");
            colours.filter_map(|tag| tag.value("rgb")).any(|rgb| {
                let rgb = rgb.to_uppercase();
                [ERROR_GROUND, EXPLAIN_GROUND].iter().any(|own| rgb == *own || Some(rgb.as_str()) == own.get(2..))
            })
        };
        let fills = list("fills").map(|list| inside(&tags, list)).unwrap_or_default();
        let ours = fills.iter().enumerate().filter(|(_, fill)| is_ours(fill)).map(|(at, _)| at).collect();
        let formats = list("cellXfs").ok_or(Unfit::Part)?;
        let elements = inside(&tags, formats);
        let xfs = elements.iter().filter_map(|one| text.get(one.at.clone()).map(str::to_owned)).collect();
        let fills = elements.iter().map(|one| one.open.number("fillId")).collect();
        let count = formats.open.attribute("count").map(|count| (count.at, count.raw.to_owned()));
        Ok(Self { ours, xfs, fills, count, room: formats.room() })
    }

    /// Whether a format has our ground.
    #[must_use]
    pub fn is_ours(&self, xf: usize) -> bool {
        self.fills.get(xf).copied().flatten().is_some_and(|fill| self.ours.contains(&fill))
    }

    /// Whether two formats differ in their ground alone.
    #[must_use]
    pub fn is_same_but_ground(&self, a: usize, b: usize) -> bool {
        let bare = |at: usize| self.xfs.get(at).and_then(|xml| with_fill(xml, 0)).map(|xml| sorted(&xml));
        bare(a).is_some() && bare(a) == bare(b)
    }

    /// The format `xf` with the ground that `from` has, or none; added where there is no such one yet. `added` collects what is new.
    pub fn with_ground_of(&self, xf: usize, from: Option<usize>, added: &mut Vec<String>) -> usize {
        let fill = from.and_then(|from| self.fills.get(from).copied().flatten()).filter(|fill| !self.ours.contains(fill)).unwrap_or(0);
        let Some(wanted) = self.xfs.get(xf).and_then(|xml| with_fill(xml, fill)) else { return 0 };
        let known = self.xfs.iter().chain(added.iter()).position(|one| sorted(one) == sorted(&wanted));
        known.unwrap_or_else(|| {
            added.push(wanted);
            self.xfs.len() + added.len() - 1
        })
    }

    /// The changes of the part that add formats.
    #[must_use]
    pub fn splices(&self, added: &[String]) -> Vec<Splice> {
        if added.is_empty() {
            return Vec::new();
        }
        let counted = self.count.iter().map(|(at, _)| Splice::replace(at.clone(), (self.xfs.len() + added.len()).to_string()));
        std::iter::once(self.room.filled(added.concat())).chain(counted).collect()
    }
}

/// A format's attributes in one order, so that writers that order them otherwise are understood alike.
fn sorted(xml: &str) -> Option<(Vec<(String, String)>, String)> {
    let tags = tags(xml)?;
    let open = tags.first()?;
    let is_said = |name: &str| !name.starts_with("apply") && name != "xfId";
    let mut all: Vec<(String, String)> =
        open.attributes().filter(|(name, _)| is_said(name)).map(|(name, value)| (name.to_owned(), value.value())).collect();
    all.sort();
    Some((all, xml.get(open.at.end..)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::mark::splice::apply;

    const PART: &str = "<s><fonts count=\"1\"><font/></fonts><borders/><cellXfs count=\"2\"><xf fontId=\"0\" fillId=\"3\"/><xf fillId='0'><alignment/></xf></cellXfs></s>";

    #[test]
    fn a_format_that_names_a_fill_which_is_not_there_does_not_get_ours() {
        let mut styles = Styles::read(PART).unwrap();
        assert_eq!(styles.fill(ERROR_GROUND), 4);
        let text = apply(PART, styles.splices()).unwrap().0;
        assert!(text.contains("<fills count=\"5\">") && text.contains("<borders><border>"), "{text}");
        assert!(!Known::read(&text).unwrap().is_ours(0));
    }

    #[test]
    fn a_clone_differs_in_its_ground_alone_and_is_made_once() {
        let mut styles = Styles::read(PART).unwrap();
        let fill = styles.fill(EXPLAIN_GROUND);
        assert_eq!((styles.filled(1, fill), styles.filled(1, fill), styles.filled(0, fill)), (2, 2, 3));
        let text = apply(PART, styles.splices()).unwrap().0;
        let known = Known::read(&text).unwrap();
        assert!(known.is_ours(2) && known.is_same_but_ground(1, 2) && !known.is_same_but_ground(0, 2));
        assert!(text.contains("count=\"4\""), "{text}");
    }

    #[test]
    fn a_format_that_somebody_changed_keeps_the_change_and_loses_the_ground() {
        let text = "<s><fills><fill/><fill/><fill><patternFill><fgColor rgb=\"FFFCE4E3\"/></patternFill></fill></fills>\
                    <cellXfs count=\"2\"><xf numFmtId=\"0\" fillId=\"0\"/><xf numFmtId=\"9\" fillId=\"2\"/></cellXfs></s>";
        let known = Known::read(text).unwrap();
        let mut added = Vec::new();
        assert_eq!((known.with_ground_of(1, Some(0), &mut added), added.len()), (2, 1));
        assert!(apply(text, known.splices(&added)).unwrap().0.contains("<xf applyFill=\"1\" numFmtId=\"9\" fillId=\"0\"/>"));
    }
}
