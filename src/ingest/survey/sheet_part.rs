//! A worksheet part: hidden rows, formulas, merged areas, drop-down lists.
//!
//! Most sheets have no formula and no hidden row; a search for their marks spares reading those cells a second time.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;
use quick_xml::events::{BytesStart, Event};

use super::xml::{attribute, is_set, push_text, reader};
use crate::ingest::formula::reference::{area, cell};
use crate::ingest::grid::{Formula, Merge};
use crate::ingest::sheet::moved;

/// What a worksheet part says beside its values.
#[derive(Debug, Default, PartialEq)]
pub struct SheetPart {
    pub hidden_rows: BTreeSet<u32>,
    pub formulas: BTreeMap<(u32, u32), Formula>,
    pub merges: Vec<Merge>,
    /// What lists of data validations refer to, as written.
    pub lists: Vec<String>,
}

/// No formula of Excel's is longer.
const FORMULA_BYTES_MAX: usize = 32 << 10;

impl SheetPart {
    /// Reads a worksheet part.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut part = Self::default();
        let (cells, behind) = parted(&text);
        if has_more_than_values(cells.as_bytes()) {
            part.read_cells(cells);
        }
        part.read_behind(behind);
        part
    }

    fn read_cells(&mut self, cells: &str) {
        let mut reader = reader(cells);
        let mut row = Row::default();
        let mut shared = BTreeMap::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "row" => {
                        row.begin(&element);
                        if is_set(&element, "hidden") {
                            self.hidden_rows.insert(row.at);
                        }
                    }
                    "c" => row.begin_cell(&element),
                    "f" => row.begin_formula(&element),
                    "v" => row.begin_value(),
                    _ => {}
                },
                Ok(Event::End(element)) => match element.local_name().as_ref() {
                    "c" => self.formulas.extend(row.end_cell(&mut shared)),
                    "f" | "v" => row.inside = Inside::Cell,
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return,
                Ok(event) => row.text(&event),
            }
        }
    }

    /// What stands behind the cells.
    fn read_behind(&mut self, text: &str) {
        let mut reader = reader(text);
        // Inside a list, and inside the formula that tells where its words stand.
        let (mut list, mut source) = (false, None::<String>);
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "mergeCell" => self.merges.extend(attribute(&element, "ref").as_deref().and_then(area)),
                    "dataValidation" => list = attribute(&element, "type").as_deref() == Some("list"),
                    "formula1" if list => source = Some(String::new()),
                    _ => {}
                },
                Ok(Event::End(element)) => match element.local_name().as_ref() {
                    "dataValidation" => list = false,
                    "formula1" => self.lists.extend(source.take().map(|text| text.trim().to_owned())),
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return,
                Ok(event) => {
                    if let Some(text) = source.as_mut().filter(|text| text.len() < FORMULA_BYTES_MAX) {
                        push_text(&event, text);
                    }
                }
            }
        }
    }
}

/// The cells, and what stands behind them.
fn parted(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let open = |at: usize| bytes.get(..at).and_then(|before| memchr::memrchr(b'<', before)).unwrap_or(0);
    let Some(start) = memmem::find(bytes, b"sheetData") else { return (text, "") };
    let start = open(start);
    let end = memmem::rfind(bytes, b"sheetData>").map_or(start, open);
    (text.get(start..end).unwrap_or_default(), text.get(end..).unwrap_or_default())
}

fn has_more_than_values(cells: &[u8]) -> bool {
    let prefixed = cells.get(..cells.len().min(64)).is_some_and(|head| head.contains(&b':'));
    memmem::find(cells, b"<f").is_some() || memmem::find(cells, b"hidden=").is_some() || (prefixed && memmem::find(cells, b":f").is_some())
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Cell,
    Formula,
    Value,
}

/// Formulas that others take over, by their number: the text and its place.
type Shared = BTreeMap<String, (String, (u32, u32))>;

/// The row and the cell in hand.
#[derive(Debug, Default)]
struct Row {
    at: u32,
    /// The row after it, where none says its number.
    next: u32,
    column: u32,
    inside: Inside,
    is_text: bool,
    formula: Option<Draft>,
    /// The cell's value, as much as is wanted of it.
    has_value: bool,
}

/// A formula while it is read.
#[derive(Debug, Default)]
struct Draft {
    text: String,
    /// The number of a shared one, and whether others take this cell's text over.
    shared: Option<(String, bool)>,
    /// Of an array or a data table.
    kind: Option<String>,
}

impl Row {
    fn begin(&mut self, element: &BytesStart) {
        let number = attribute(element, "r").and_then(|number| number.trim().parse::<u32>().ok()).and_then(|number| number.checked_sub(1));
        self.at = number.unwrap_or(self.next);
        self.next = self.at.saturating_add(1);
        self.column = 0;
    }

    fn begin_cell(&mut self, element: &BytesStart) {
        if let Some((row, column)) = attribute(element, "r").as_deref().and_then(cell) {
            (self.at, self.column) = (row, column);
        }
        self.is_text = attribute(element, "t").as_deref() == Some("str");
        (self.inside, self.formula, self.has_value) = (Inside::Cell, None, false);
    }

    fn begin_formula(&mut self, element: &BytesStart) {
        let kind = attribute(element, "t").filter(|kind| kind != "normal");
        let number = attribute(element, "si").filter(|_| kind.as_deref() == Some("shared"));
        let shared = number.map(|number| (number, attribute(element, "ref").is_some()));
        self.formula = Some(Draft { text: String::new(), shared, kind });
        self.inside = Inside::Formula;
    }

    /// An empty text is a value, too: a formula may have come to it.
    fn begin_value(&mut self) {
        self.has_value |= self.is_text;
        self.inside = Inside::Value;
    }

    fn text(&mut self, event: &Event) {
        match (&self.inside, &mut self.formula) {
            (Inside::Formula, Some(draft)) if draft.text.len() < FORMULA_BYTES_MAX => push_text(event, &mut draft.text),
            (Inside::Value, Some(_)) => self.has_value |= !matches!(event, Event::Text(text) if text.trim().is_empty()),
            _ => {}
        }
    }

    fn end_cell(&mut self, shared: &mut Shared) -> Option<((u32, u32), Formula)> {
        let place = (self.at, self.column);
        self.column = self.column.saturating_add(1);
        let draft = self.formula.take()?;
        let text = draft.text.trim().to_owned();
        if text.is_empty() && draft.kind.is_none() {
            return None;
        }
        let text = match draft.shared {
            Some((number, true)) => {
                shared.insert(number, (text.clone(), place));
                text
            }
            // One whose first cell was not met stays without text: nobody can compute it.
            Some((number, false)) => shared.get(&number).and_then(|(text, from)| moved(text, *from, place)).unwrap_or_default(),
            None => text,
        };
        Some((place, Formula { text, saved: self.has_value }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &str, behind: &str) -> SheetPart {
        let text = format!("<worksheet><cols><col hidden=\"1\"/></cols><sheetData>{rows}</sheetData>{behind}</worksheet>");
        SheetPart::read(text.as_bytes())
    }

    fn formulas(part: &SheetPart) -> Vec<(String, &str, bool)> {
        let place = |(row, column): (u32, u32)| crate::ingest::grid::a1(row, column);
        part.formulas.iter().map(|(at, formula)| (place(*at), formula.text.as_str(), formula.saved)).collect()
    }

    #[test]
    fn hidden_rows_are_rows_not_columns() {
        let part = sheet("<row r=\"4\" hidden=\"1\"/><row><c/></row><row hidden=\"true\"/><row hidden=\"0\"/>", "");
        assert_eq!(part.hidden_rows, BTreeSet::from([3, 5]));
    }

    #[test]
    fn a_formula_tells_whether_its_value_was_saved() {
        let part = sheet(
            "<row r=\"5\"><c r=\"C5\"><f>SUM(A5:B5)&amp;\"\"</f><v>3</v></c><c r=\"D5\"><f>A5</f><v></v></c><c><f>A5</f><v/></c>\
             <c t=\"str\"><f>\"\"</f><v></v></c><c r=\"G5\"><v>7</v></c></row>",
            "",
        );
        assert_eq!(
            formulas(&part),
            [
                ("C5".to_owned(), "SUM(A5:B5)&\"\"", true),
                ("D5".to_owned(), "A5", false),
                ("E5".to_owned(), "A5", false),
                ("F5".to_owned(), "\"\"", true)
            ]
        );
    }

    #[test]
    fn a_shared_formula_is_moved_along() {
        let part = sheet(
            "<row r=\"5\"><c r=\"C5\"><f t=\"shared\" ref=\"C5:C6\" si=\"0\">A5+$B$1</f><v>3</v></c></row>\
             <row r=\"6\"><c r=\"C6\"><f t=\"shared\" si=\"0\"/><v>4</v></c><c r=\"D6\"><f t=\"shared\" si=\"9\"/><v>4</v></c></row>",
            "",
        );
        assert_eq!(formulas(&part), [("C5".to_owned(), "A5+$B$1", true), ("C6".to_owned(), "A6+$B$1", true), ("D6".to_owned(), "", true)]);
    }

    #[test]
    fn lists_and_merged_areas_stand_behind_the_cells() {
        let part = sheet(
            "<row><c/></row>",
            "<mergeCells><mergeCell ref=\"A1:F1\"/></mergeCells><dataValidations>\
             <dataValidation type=\"list\" sqref=\"D4\"><formula1>选项!$A$2:$A$6</formula1></dataValidation>\
             <dataValidation type=\"decimal\" sqref=\"E4\"><formula1>0</formula1></dataValidation></dataValidations>\
             <extLst><x14:dataValidation type=\"list\"><x14:formula1><xm:f>阶段</xm:f></x14:formula1></x14:dataValidation></extLst>",
        );
        assert_eq!(part.merges, [Merge { top: 0, left: 0, bottom: 0, right: 5 }]);
        assert_eq!(part.lists, ["选项!$A$2:$A$6", "阶段"]);
    }

    #[test]
    fn prefixes_make_no_difference() {
        let text = "<x:worksheet><x:sheetData><x:row r=\"2\" hidden=\"1\"><x:c r=\"A2\"><x:f>B2*2</x:f></x:c></x:row></x:sheetData>\
                    <x:mergeCells><x:mergeCell ref=\"A1:B1\"/></x:mergeCells></x:worksheet>";
        let part = SheetPart::read(text.as_bytes());
        assert_eq!((part.hidden_rows.len(), part.formulas.len(), part.merges.len()), (1, 1, 1));
    }

    #[test]
    fn a_damaged_part_tells_what_it_can() {
        assert_eq!(SheetPart::read(b""), SheetPart::default());
        assert_eq!(SheetPart::read(b"<worksheet><sheetData/></worksheet>"), SheetPart::default());
        let part = SheetPart::read(b"<worksheet><sheetData><row r=\"1\" hidden=\"1\"><c r=\"A1\"><f>A2</f></c><c");
        assert_eq!((part.hidden_rows.len(), part.formulas.len()), (0, 0), "the reader of the cells tells it");
    }
}
