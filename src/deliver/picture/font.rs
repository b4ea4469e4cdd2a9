//! The font pictures are drawn with, and which characters it has. How it was made: `src/deliver/font/README.md`.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use minijinja::HtmlEscape;
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Group, Node, Options, Tree};

/// Its family name.
pub const FAMILY: &str = "Noto Sans SC";

static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut database = Database::new();
    let font: &'static [u8] = include_bytes!("../font/NotoSansSC-subset.ttf");
    database.load_font_source(Source::Binary(Arc::new(font)));
    Arc::new(database)
});

/// Options under which nothing but this font is looked at: no file, no font of the machine.
pub fn options() -> Options<'static> {
    Options { fontdb: Arc::clone(&DATABASE), font_family: FAMILY.to_owned(), ..Options::default() }
}

/// The characters of `text` the font has no glyph for.
#[must_use]
pub fn lacking(text: &str) -> BTreeSet<char> {
    let (drawn, never): (BTreeSet<char>, BTreeSet<char>) =
        text.chars().filter(|c| !c.is_whitespace() || c.is_control()).partition(|c| stands_in_xml(*c));
    let spaced = drawn.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text font-family=\"{FAMILY}\">{}</text></svg>",
        HtmlEscape(&spaced)
    );
    let mut lacking = never;
    match Tree::from_str(&svg, &options()) {
        Ok(tree) => without_glyph(tree.root(), &mut lacking),
        Err(_) => lacking.extend(&drawn),
    }
    lacking
}

/// Whether XML may hold it at all.
fn stands_in_xml(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Glyph 0 is the box that stands for a character the font does not have.
fn without_glyph(group: &Group, lacking: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            Node::Group(group) => without_glyph(group, lacking),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                lacking.extend(glyphs.filter(|glyph| glyph.id.0 == 0).flat_map(|glyph| glyph.text.chars()).filter(|c| *c != ' '));
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

/// `text` as far as it fits `pixels` at `size` pixels a character, or `otherwise` where the font cannot draw it.
#[must_use]
pub fn fitted(text: &str, otherwise: &str, pixels: u32, size: u32) -> String {
    let text = if lacking(text).is_empty() { text } else { otherwise };
    // Two columns of display width are one character's pixels.
    let columns = usize::try_from(pixels * 2 / size.max(1)).unwrap_or(0);
    if crate::present::widths::display(text) <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if crate::present::widths::display(&short) + 4 > columns {
            break;
        }
        short.push(c);
    }
    short + "…"
}
