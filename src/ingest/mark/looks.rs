//! The looks of our sheet, added to a workbook's own styles.

use super::styles::{ERROR_GROUND, EXPLAIN_GROUND, Styles};

/// Numbers of the formats that our sheet uses. Where a workbook has no room for more, all of them are its first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    pub title: usize,
    pub summary: usize,
    pub guide: usize,
    pub heading: usize,
    pub centre: usize,
    pub text: usize,
    pub error: usize,
    pub explain: usize,
    pub link: usize,
    pub entry: usize,
    pub none: usize,
    pub section: usize,
    pub note: usize,
    /// Of marked cells: fills, not formats.
    pub error_fill: usize,
    pub explain_fill: usize,
}

const FONT: &str = "微软雅黑";
/// Formats that our sheet adds.
pub const FORMATS: usize = 13;

impl Looks {
    /// Adds them.
    pub fn add(styles: &mut Styles) -> Self {
        let p = styles.prefix.clone();
        let mut font = |size: u32, colour: &str, more: &str| {
            let more = more.split_whitespace().map(|name| format!("<{p}{name}/>")).collect::<Vec<_>>().concat();
            styles.font(format!(
                "<{p}font>{more}<{p}sz val=\"{size}\"/><{p}color rgb=\"FF{colour}\"/><{p}name val=\"{FONT}\"/><{p}charset val=\"134\"/></{p}font>"
            ))
        };
        let (title, summary, guide) = (font(16, "1B2A41", "b"), font(11, "1B2A41", ""), font(10, "5B6B7B", ""));
        let (strong, plain, link) = (font(10, "1B2A41", "b"), font(10, "1B2A41", ""), font(10, "1F5A8C", "b u"));
        let (red, yellow) = (font(10, "A4262C", "b"), font(10, "8A5A00", "b"));
        let (error_fill, explain_fill, band) = (styles.fill(ERROR_GROUND), styles.fill(EXPLAIN_GROUND), styles.fill("FFF3F7FB"));
        let side =
            |name: &str, style: &str, colour: &str| format!("<{p}{name} style=\"{style}\"><{p}color rgb=\"FF{colour}\"/></{p}{name}>");
        let empty = |name: &str| format!("<{p}{name}/>");
        let mut border = |left: String, right: String, top: String, bottom: String| {
            styles.border(format!("<{p}border>{left}{right}{top}{bottom}<{p}diagonal/></{p}border>"))
        };
        let rule = border(empty("left"), empty("right"), empty("top"), side("bottom", "thin", "C9D6E2"));
        let head = border(empty("left"), empty("right"), side("top", "medium", "1B2A41"), side("bottom", "thin", "C9D6E2"));
        let boxed = ["left", "right", "top", "bottom"].map(|name| side(name, "thin", "8A5A00"));
        let [left, right, top, bottom] = boxed;
        let boxed = border(left, right, top, bottom);
        let mut format = |number: u32, font: usize, fill: usize, border: usize, alignment: &str| {
            styles.format(format!(
                "<{p}xf numFmtId=\"{number}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" applyNumberFormat=\"1\" applyFont=\"1\" \
                 applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\" applyProtection=\"1\"><{p}alignment vertical=\"center\"{alignment}/>\
                 <{p}protection locked=\"0\"/></{p}xf>"
            ))
        };
        let (centre, wrap) = (" horizontal=\"center\"", " wrapText=\"1\"");
        Self {
            title: format(0, title, 0, 0, ""),
            summary: format(0, summary, 0, 0, ""),
            guide: format(0, guide, 0, 0, ""),
            heading: format(0, strong, band, head, centre),
            centre: format(0, plain, 0, rule, centre),
            text: format(0, plain, 0, rule, wrap),
            error: format(0, red, error_fill, rule, centre),
            explain: format(0, yellow, explain_fill, rule, centre),
            link: format(0, link, 0, rule, " horizontal=\"center\" wrapText=\"1\""),
            // What is typed stays text.
            entry: format(49, plain, explain_fill, boxed, wrap),
            none: format(0, guide, 0, rule, centre),
            section: format(0, strong, 0, 0, ""),
            note: format(0, guide, 0, 0, ""),
            error_fill,
            explain_fill,
        }
    }
}
