//! Strings – shared, or inside the cells of a sheet – whose pieces look different: struck-through pieces, raised footnote marks. Calamine hands over their letters alone.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use super::xml::{attribute, push_text, reader};
use crate::ingest::rich::Rich;

/// The strings of a part of which a piece looks different, by their letters.
#[must_use]
pub fn read(part: &[u8]) -> BTreeMap<String, Rich> {
    let mut rich = BTreeMap::new();
    // Most workbooks have none.
    let holds = |word: &[u8]| memchr::memmem::find(part, word).is_some();
    if !holds(b"strike") && !holds(b"bscript") && !holds(b"perscript") {
        return rich;
    }
    let text = String::from_utf8_lossy(part);
    let mut reader = reader(&text);
    let mut one = Pieces::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => one.start(&start),
            Ok(Event::End(end)) => match end.local_name().as_ref() {
                "r" => one.end_run(),
                "t" => one.in_text = false,
                "rPh" => one.phonetic = false,
                "si" | "is" => {
                    let done = std::mem::take(&mut one);
                    if done.rich.struck || done.any_raised {
                        let raised = done.any_raised.then_some(done.shown);
                        rich.insert(done.letters, Rich { raised, ..done.rich });
                    }
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return rich,
            Ok(event) if one.in_text && !one.phonetic => push_text(&event, &mut one.run),
            Ok(_) => {}
        }
    }
}

/// A string while it is read.
#[derive(Default)]
struct Pieces {
    letters: String,
    shown: String,
    run: String,
    run_struck: bool,
    run_raised: bool,
    any_raised: bool,
    in_text: bool,
    phonetic: bool,
    rich: Rich,
}

impl Pieces {
    fn start(&mut self, start: &BytesStart) {
        let is_on = || attribute(start, "val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"));
        match start.local_name().as_ref() {
            "r" => (self.run_struck, self.run_raised) = (false, false),
            "strike" => self.run_struck = is_on(),
            "vertAlign" => self.run_raised = attribute(start, "val").is_some_and(|value| value == "superscript" || value == "subscript"),
            "t" => self.in_text = true,
            "rPh" => self.phonetic = true,
            _ => {}
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let is_seen = !run.trim().is_empty();
        self.rich.struck |= self.run_struck && is_seen;
        self.any_raised |= self.run_raised && is_seen;
        self.letters.push_str(&run);
        let shown = if self.run_raised && is_seen { format!("（{run}）") } else { run };
        self.shown.push_str(&shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRINGS: &str = r#"<sst xmlns:x="urn:x"><si><t>杭州市</t></si>
        <si><r><t>2</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>
        <si><r><rPr><strike/><sz val="11"/></rPr><t>8</t></r><r><t>9</t></r></si>
        <si><r><rPr><strike val="0"/></rPr><t>甲</t></r><r><rPr><b/></rPr><t>公司</t></r></si>
        <c t="inlineStr"><is><r><t>15</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></is></c></sst>"#;

    #[test]
    fn raised_and_struck_pieces_are_told_from_the_rest() {
        let rich = read(STRINGS.as_bytes());
        let told: Vec<(&str, bool, Option<&str>)> =
            rich.iter().map(|(letters, rich)| (letters.as_str(), rich.struck, rich.raised.as_deref())).collect();
        assert_eq!(told, [("152", false, Some("15（2）")), ("21", false, Some("2（1）")), ("89", true, None)]);
    }

    #[test]
    fn plain_strings_are_not_even_parsed() {
        assert!(read("<sst><si><t>甲</t></si></sst>".as_bytes()).is_empty());
    }
}
