//! Elements of a part with the bytes they stand at: the XML reader finds offsets, nothing is ever written back through it.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use super::splice::Splice;

/// What a part of ours begins with.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n";

/// How a tag stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Open,
    Close,
    /// `<c/>`.
    Empty,
}

/// One tag of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'a> {
    pub kind: Kind,
    /// The whole tag's bytes.
    pub at: Range<usize>,
    /// Elements that are open around it.
    pub depth: usize,
    /// The tag as written, from `<` to `>`.
    text: &'a str,
    name: &'a str,
}

/// An attribute's value as written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute<'a> {
    pub raw: &'a str,
    pub at: Range<usize>,
}

impl Attribute<'_> {
    /// The value itself.
    #[must_use]
    pub fn value(&self) -> String {
        unescape(self.raw).map_or_else(|_| self.raw.to_owned(), std::borrow::Cow::into_owned)
    }
}

impl<'a> Tag<'a> {
    /// Its name without a prefix.
    #[must_use]
    pub fn local(&self) -> &'a str {
        self.name.rsplit_once(':').map_or(self.name, |(_, local)| local)
    }

    /// Its prefix with the colon; empty without one.
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        self.name.get(..self.name.len() - self.local().len()).unwrap_or_default()
    }

    /// The attribute of that local name.
    #[must_use]
    pub fn attribute(&self, local: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|(name, _)| name.rsplit_once(':').map_or(*name, |(_, local)| local) == local).map(|(_, value)| value)
    }

    /// The value of the attribute of that local name.
    #[must_use]
    pub fn value(&self, local: &str) -> Option<String> {
        self.attribute(local).map(|attribute| attribute.value())
    }

    /// Its number, where the attribute holds one.
    #[must_use]
    pub fn number(&self, local: &str) -> Option<usize> {
        self.attribute(local)?.raw.trim().parse().ok()
    }

    /// Whether the attribute says yes.
    #[must_use]
    pub fn is_set(&self, local: &str) -> bool {
        self.attribute(local).is_some_and(|value| matches!(value.raw, "1" | "true" | "on"))
    }

    /// Names as written, with their values.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, Attribute<'a>)> + use<'a> {
        let (text, start) = (self.text, self.at.start);
        let inner = text.get(1..).unwrap_or_default().trim_end_matches('>').trim_end_matches('/');
        let mut attributes = Attributes::new(inner, self.name.len());
        attributes.with_checks(false);
        let offset = move |part: &str| (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize).filter(|at| *at <= text.len());
        attributes.flatten().filter_map(move |attribute| {
            let (std::borrow::Cow::Borrowed(raw), name) = (attribute.value, attribute.key.0) else { return None };
            let at = start + offset(raw)?;
            Some((name, Attribute { raw, at: at..at + raw.len() }))
        })
    }

    /// Where another attribute may be put in: behind the name.
    #[must_use]
    pub fn behind_name(&self) -> usize {
        self.at.start + 1 + self.name.len()
    }

    /// The end of an empty tag: `/>`.
    #[must_use]
    pub fn slash(&self) -> Range<usize> {
        self.at.end.saturating_sub(2)..self.at.end
    }

    /// The prefix bound to a namespace by this very tag, with the colon; empty where it is the default one.
    #[must_use]
    pub fn prefix_of(&self, matches: impl Fn(&str) -> bool) -> Option<String> {
        self.attributes().find_map(|(name, value)| {
            let declared = name.strip_prefix("xmlns")?;
            let prefix = match declared.strip_prefix(':') {
                Some(prefix) => format!("{prefix}:"),
                None if declared.is_empty() => String::new(),
                None => return None,
            };
            matches(&value.value()).then_some(prefix)
        })
    }
}

/// Every tag of a part in order; `None` where it is not well-formed.
#[must_use]
pub fn tags(text: &str) -> Option<Vec<Tag<'_>>> {
    let mut all = Vec::new();
    walk(text, |tag| all.push(tag))?;
    Some(all)
}

/// The byte order mark that a part may begin with.
const BOM: &str = "\u{FEFF}";

/// Shows every tag in order; `None` where the part is not well-formed.
pub fn walk<'a>(text: &'a str, mut see: impl FnMut(Tag<'a>)) -> Option<()> {
    let skipped = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let mut reader = Reader::from_str(text.get(skipped..)?);
    let (mut depth, mut roots) = (0_usize, 0);
    let mut start = skipped;
    loop {
        let event = reader.read_event().ok()?;
        let end = skipped + usize::try_from(reader.buffer_position()).ok()?;
        let kind = match event {
            Event::Start(_) => Kind::Open,
            Event::Empty(_) => Kind::Empty,
            Event::End(_) => Kind::Close,
            Event::Eof => return (depth == 0 && roots == 1).then_some(()),
            _ => {
                start = end;
                continue;
            }
        };
        if kind == Kind::Close {
            depth = depth.checked_sub(1)?;
        }
        roots += usize::from(depth == 0 && kind != Kind::Close);
        let tag = text.get(start..end)?;
        let bare = tag.trim_start_matches('<').trim_start_matches('/');
        let name = bare.get(..bare.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')?)?;
        see(Tag { kind, at: start..end, depth, text: tag, name });
        if kind == Kind::Open {
            depth += 1;
        }
        start = end;
    }
}

/// An element among others: its tags, and where it stands as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element<'a> {
    pub open: Tag<'a>,
    /// From its first byte to its last.
    pub at: Range<usize>,
    /// Where its end tag begins; where an empty one ends.
    pub close: usize,
}

/// Where content may be added at the end of an element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    at: Range<usize>,
    /// The end tag that an empty element gets with its first content.
    close: String,
}

impl Element<'_> {
    /// Where content may be added at its end.
    #[must_use]
    pub fn room(&self) -> Room {
        if self.open.kind == Kind::Empty { Room::of_empty(&self.open) } else { Room::before(self.close) }
    }
}

impl Room {
    /// In an empty element.
    #[must_use]
    pub fn of_empty(tag: &Tag) -> Self {
        Self { at: tag.slash(), close: format!("</{}>", tag.name) }
    }

    /// Before an end tag.
    #[must_use]
    pub fn before(end: usize) -> Self {
        Self { at: end..end, close: String::new() }
    }

    /// Where it begins.
    #[must_use]
    pub fn at_start(&self) -> usize {
        self.at.start
    }

    /// The splice that adds content.
    #[must_use]
    pub fn filled(&self, content: String) -> Splice {
        match self.close.as_str() {
            "" => Splice::insert(self.at.start, content),
            close => Splice::replace(self.at.clone(), format!(">{content}{close}")),
        }
    }
}

/// The elements of `tags` that stand right below `depth` open ones.
#[must_use]
pub fn elements<'a>(tags: &[Tag<'a>], depth: usize) -> Vec<Element<'a>> {
    let mut found: Vec<Element<'a>> = Vec::new();
    for tag in tags.iter().filter(|tag| tag.depth == depth) {
        match tag.kind {
            Kind::Open | Kind::Empty => found.push(Element { at: tag.at.clone(), close: tag.at.end, open: tag.clone() }),
            Kind::Close => {
                if let Some(last) = found.last_mut() {
                    last.close = tag.at.start;
                    last.at.end = tag.at.end;
                }
            }
        }
    }
    found
}

/// The elements right inside `outer`.
#[must_use]
pub fn inside<'a>(tags: &[Tag<'a>], outer: &Element<'a>) -> Vec<Element<'a>> {
    let from = tags.partition_point(|tag| tag.at.start < outer.open.at.end);
    let to = tags.partition_point(|tag| tag.at.start < outer.close);
    tags.get(from..to).map(|tags| elements(tags, outer.open.depth + 1)).unwrap_or_default()
}

/// A text as it may stand in an element or an attribute; what XML cannot hold is left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            c if c < ' ' || c == '\u{FFFE}' || c == '\u{FFFF}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_know_their_bytes() {
        let text = "\u{FEFF}<?xml version=\"1.0\"?>\r\n<x:a xmlns:x = 'u' ><!-- <no/> --><x:c r=\"A&amp;1\" t='s'/>甲</x:a>";
        let tags = tags(text).unwrap();
        assert_eq!(
            tags.iter().map(|tag| &text[tag.at.clone()]).collect::<Vec<_>>(),
            ["<x:a xmlns:x = 'u' >", "<x:c r=\"A&amp;1\" t='s'/>", "</x:a>"]
        );
        let cell = &tags[1];
        assert_eq!((cell.local(), cell.prefix(), cell.kind, cell.depth), ("c", "x:", Kind::Empty, 1));
        let place = cell.attribute("r").unwrap();
        assert_eq!((&text[place.at.clone()], place.value().as_str()), ("A&amp;1", "A&1"));
        assert_eq!(cell.value("t").as_deref(), Some("s"));
        assert_eq!(&text[cell.slash()], "/>");
        assert_eq!(tags[0].prefix_of(|uri| uri == "u").as_deref(), Some("x:"));
    }

    #[test]
    fn what_is_not_well_formed_is_told() {
        for text in ["<a><b></a>", "<a>", "<a/><b/>", "", "<a></b></a>"] {
            assert_eq!(tags(text), None, "{text}");
        }
    }

    #[test]
    fn elements_stand_inside_others() {
        let text = "<a><b><c/></b><b/><d>1</d></a>";
        let tags = tags(text).unwrap();
        let root = elements(&tags, 0).remove(0);
        let inner: Vec<&str> = inside(&tags, &root).iter().map(|one| &text[one.at.clone()]).collect();
        assert_eq!(inner, ["<b><c/></b>", "<b/>", "<d>1</d>"]);
        assert_eq!(inside(&tags, &inside(&tags, &root)[0]).len(), 1);
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(escaped("a<b>&\"\u{1}\n"), "a&lt;b&gt;&amp;&quot;&#10;");
    }
}
