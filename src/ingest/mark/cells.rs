//! A worksheet's cells: where each marked one stands, what format it has, and the splices that give it another.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::splice::Splice;
use super::xml::{Kind, Room, Tag, walk};
use crate::model::CellRef;

/// A cell that is wanted, as it stands in the part.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Site {
    cell: CellRef,
    /// Its format before.
    former: usize,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Its format's number.
    Numbered(Range<usize>),
    /// Behind its name, where it has none.
    Plain(usize),
    /// Not there: it goes before this byte of its row.
    Before(usize),
    /// Not there, nor any behind it in its row.
    Last,
}

/// A row with wanted cells.
#[derive(Debug, Clone, Default)]
struct Line {
    /// `None`: it is not there, and goes before this byte.
    room: Option<Room>,
    before: usize,
    spans: Option<(Range<usize>, u32, u32)>,
    sites: Vec<Site>,
}

/// The wanted cells of a worksheet.
#[derive(Debug, Default)]
pub struct Cells {
    prefix: String,
    lines: BTreeMap<u32, Line>,
    /// The place of rows behind the last.
    room: Room,
}

/// What stands in hand while the part is walked through.
#[derive(Default)]
struct Walk {
    row: u32,
    column: u32,
    started: bool,
    in_data: bool,
    /// Formats of columns: first, last, format.
    columns: Vec<(u32, u32, usize)>,
    /// Of the row in hand, where it is wanted: its format, cells not met yet, cells met.
    wanted: Option<Wanted>,
    rows_missing: Vec<u32>,
    /// Rows or cells stand in no order: nothing may be put in among them.
    disordered: bool,
}

struct Wanted {
    format: Option<usize>,
    cells: Vec<CellRef>,
    line: Line,
}

impl Cells {
    /// Finds the cells; `None` where the part is not as it should be.
    #[must_use]
    pub fn find(text: &str, cells: &BTreeSet<CellRef>) -> Option<Self> {
        let mut found = Self::default();
        let rows: Vec<u32> = cells.iter().map(|cell| cell.row).collect::<BTreeSet<_>>().into_iter().collect();
        let mut state = Walk { rows_missing: rows, ..Walk::default() };
        let mut has_data = false;
        walk(text, |tag| match (tag.local(), tag.kind) {
            ("col", Kind::Open | Kind::Empty) if !state.in_data => state.columns.extend(column(&tag)),
            ("sheetData", kind) if tag.depth == 1 => {
                has_data = true;
                state.in_data = kind == Kind::Open;
                if kind != Kind::Open {
                    tag.prefix().clone_into(&mut found.prefix);
                    found.room = room_of(&tag);
                }
            }
            ("row", kind) if state.in_data && tag.depth == 2 => found.row(&mut state, &tag, kind, cells),
            ("c", Kind::Open | Kind::Empty) if state.in_data && tag.depth == 3 => state.cell(&tag),
            _ => {}
        })?;
        // Rows behind the last.
        for row in std::mem::take(&mut state.rows_missing) {
            let before = found.room.at_start();
            found.add_missing(row, before, &state.columns, cells);
        }
        (has_data && !state.disordered).then_some(found)
    }

    fn row(&mut self, state: &mut Walk, tag: &Tag, kind: Kind, cells: &BTreeSet<CellRef>) {
        if kind == Kind::Close {
            self.close_row(state, room_of(tag));
            return;
        }
        let next = if state.started { state.row.saturating_add(1) } else { 0 };
        let number = tag.attribute("r").and_then(|number| number.raw.trim().parse::<u32>().ok()).and_then(|number| number.checked_sub(1));
        state.disordered |= number.is_some_and(|number| number < next);
        (state.row, state.started, state.column) = (number.unwrap_or(next), true, 0);
        let row = state.row;
        // Those that should have stood before this one.
        let skipped: Vec<u32> = state.rows_missing.iter().copied().filter(|missing| *missing < row).collect();
        state.rows_missing.retain(|missing| *missing > row);
        for missing in skipped {
            self.add_missing(missing, tag.at.start, &state.columns, cells);
        }
        let wanted: Vec<CellRef> = cells.range(CellRef::new(row, 0)..=CellRef::new(row, u32::MAX)).copied().collect();
        if wanted.is_empty() || self.lines.contains_key(&row) {
            return;
        }
        let format = tag.is_set("customFormat").then(|| tag.number("s")).flatten();
        let spans = tag.attribute("spans").and_then(|spans| {
            let (first, last) = spans.raw.split_once(':')?;
            Some((spans.at, first.parse().ok()?, last.parse().ok()?))
        });
        let line = Line { room: None, before: tag.at.start, spans, sites: Vec::new() };
        state.wanted = Some(Wanted { format, cells: wanted, line });
        if kind == Kind::Empty {
            self.close_row(state, room_of(tag));
        }
    }

    fn close_row(&mut self, state: &mut Walk, room: Room) {
        let Some(Wanted { format, cells, mut line }) = state.wanted.take() else { return };
        for cell in cells {
            let former = format.unwrap_or_else(|| of_column(&state.columns, cell.column));
            line.sites.push(Site { cell, former, place: Place::Last });
        }
        line.room = Some(room);
        self.lines.insert(state.row, line);
    }

    fn add_missing(&mut self, row: u32, before: usize, columns: &[(u32, u32, usize)], cells: &BTreeSet<CellRef>) {
        let wanted = cells.range(CellRef::new(row, 0)..=CellRef::new(row, u32::MAX));
        let sites = wanted.map(|cell| Site { cell: *cell, former: of_column(columns, cell.column), place: Place::Last }).collect();
        self.lines.entry(row).or_insert(Line { room: None, before, spans: None, sites });
    }

    /// Each cell with its format before.
    pub fn former(&self) -> impl Iterator<Item = (CellRef, usize)> {
        self.lines.values().flat_map(|line| &line.sites).map(|site| (site.cell, site.former))
    }

    /// The splices that give each cell the format that is told for it.
    #[must_use]
    pub fn splices(&self, format: &BTreeMap<CellRef, usize>) -> Vec<Splice> {
        let p = &self.prefix;
        let (mut splices, mut behind) = (Vec::new(), String::new());
        for (row, line) in &self.lines {
            let (mut last, mut widest) = (String::new(), None::<(u32, u32)>);
            for site in &line.sites {
                let Some(number) = format.get(&site.cell) else { continue };
                let written = format!("<{p}c r=\"{}\" s=\"{number}\"/>", site.cell);
                match &site.place {
                    Place::Numbered(at) => splices.push(Splice::replace(at.clone(), number.to_string())),
                    Place::Plain(at) => splices.push(Splice::insert(*at, format!(" s=\"{number}\""))),
                    Place::Before(at) => splices.push(Splice::insert(*at, written)),
                    Place::Last => last.push_str(&written),
                }
                if matches!(site.place, Place::Before(_) | Place::Last) {
                    let column = site.cell.column + 1;
                    widest = Some(widest.map_or((column, column), |(from, to)| (from.min(column), to.max(column))));
                }
            }
            if let (Some((at, first, end)), Some((from, to))) = (&line.spans, widest)
                && (from < *first || to > *end)
            {
                splices.push(Splice::replace(at.clone(), format!("{}:{}", from.min(*first), to.max(*end))));
            }
            match &line.room {
                _ if last.is_empty() => {}
                Some(room) => splices.push(room.filled(last)),
                None if line.before == self.room.at_start() => {
                    behind.extend([format!("<{p}row r=\"{}\">{last}</{p}row>", row + 1)]);
                }
                None => splices.push(Splice::insert(line.before, format!("<{p}row r=\"{}\">{last}</{p}row>", row + 1))),
            }
        }
        if !behind.is_empty() {
            splices.push(self.room.filled(behind));
        }
        splices
    }
}

impl Walk {
    fn cell(&mut self, tag: &Tag) {
        let Some(wanted) = &mut self.wanted else { return };
        let told = tag.attribute("r").and_then(|place| place.raw.trim().to_uppercase().parse::<CellRef>().ok());
        let column = told.map_or(self.column, |cell| cell.column);
        self.disordered |= column < self.column;
        self.column = column.saturating_add(1);
        while let Some(next) = wanted.cells.first().copied().filter(|next| next.column < column) {
            wanted.cells.remove(0);
            let former = wanted.format.unwrap_or_else(|| of_column(&self.columns, next.column));
            wanted.line.sites.push(Site { cell: next, former, place: Place::Before(tag.at.start) });
        }
        if let Some(cell) = wanted.cells.first().copied().filter(|next| next.column == column) {
            wanted.cells.remove(0);
            let number = tag.attribute("s");
            let former = number.as_ref().and_then(|number| number.raw.trim().parse().ok()).unwrap_or(0);
            let place = number.map_or_else(|| Place::Plain(tag.behind_name()), |number| Place::Numbered(number.at));
            wanted.line.sites.push(Site { cell, former, place });
        }
    }
}

fn room_of(tag: &Tag) -> Room {
    match tag.kind {
        Kind::Empty => Room::of_empty(tag),
        _ => Room::before(tag.at.start),
    }
}

fn column(tag: &Tag) -> Option<(u32, u32, usize)> {
    let number = |name: &str| tag.attribute(name)?.raw.trim().parse::<u32>().ok();
    Some((number("min")?, number("max")?, tag.number("style")?))
}

fn of_column(columns: &[(u32, u32, usize)], column: u32) -> usize {
    let own = columns.iter().find(|(first, last, _)| (*first..=*last).contains(&(column + 1)));
    own.map_or(0, |(.., format)| *format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, cells: &[&str]) -> (String, Vec<usize>) {
        let cells: BTreeSet<CellRef> = cells.iter().map(|cell| cell.parse().unwrap()).collect();
        let found = Cells::find(text, &cells).unwrap();
        let format = cells.iter().map(|cell| (*cell, 9)).collect();
        let former = found.former().map(|(_, former)| former).collect();
        (crate::ingest::mark::splice::apply(text, found.splices(&format)).unwrap().0, former)
    }

    #[test]
    fn a_cell_that_is_there_gets_another_format() {
        let (text, former) =
            marked("<w><sheetData><row r=\"2\"><c r=\"B2\" s=\"3\"><v>1</v></c><c r='C2'/></row></sheetData></w>", &["B2", "C2"]);
        assert_eq!(text, "<w><sheetData><row r=\"2\"><c r=\"B2\" s=\"9\"><v>1</v></c><c s=\"9\" r='C2'/></row></sheetData></w>");
        assert_eq!(former, [3, 0]);
    }

    #[test]
    fn missing_cells_and_rows_are_put_in_in_order() {
        let text = "<x:w><x:cols><x:col min=\"1\" max=\"4\" style=\"5\"/></x:cols><x:sheetData><x:row r=\"2\" spans=\"2:2\" s=\"7\" customFormat=\"1\"><x:c r=\"B2\"/></x:row>\
                    <x:row r=\"5\"/></x:sheetData></x:w>";
        let (now, former) = marked(text, &["A2", "D2", "A3", "B5", "C5", "A9", "B9", "A10"]);
        let expected = "<x:w><x:cols><x:col min=\"1\" max=\"4\" style=\"5\"/></x:cols><x:sheetData><x:row r=\"2\" spans=\"1:4\" s=\"7\" customFormat=\"1\"><x:c r=\"A2\" s=\"9\"/><x:c r=\"B2\"/><x:c r=\"D2\" s=\"9\"/></x:row>\
                    <x:row r=\"3\"><x:c r=\"A3\" s=\"9\"/></x:row><x:row r=\"5\"><x:c r=\"B5\" s=\"9\"/><x:c r=\"C5\" s=\"9\"/></x:row>\
                    <x:row r=\"9\"><x:c r=\"A9\" s=\"9\"/><x:c r=\"B9\" s=\"9\"/></x:row><x:row r=\"10\"><x:c r=\"A10\" s=\"9\"/></x:row></x:sheetData></x:w>";
        assert_eq!(now, expected);
        assert_eq!(former, [7, 7, 5, 5, 5, 5, 5, 5], "of the row, else of the column");
    }

    #[test]
    fn rows_and_cells_without_numbers_are_counted() {
        let text = "<w><sheetData><row><c/><c s=\"1\"/></row><row r=\"4\"><c r=\"C4\"/><c/></row><row><c/></row></sheetData></w>";
        let (now, former) = marked(text, &["B1", "D4", "A5", "B5", "A2"]);
        let expected = "<w><sheetData><row><c/><c s=\"9\"/></row><row r=\"2\"><c r=\"A2\" s=\"9\"/></row>\
                        <row r=\"4\"><c r=\"C4\"/><c s=\"9\"/></row><row><c s=\"9\"/><c r=\"B5\" s=\"9\"/></row></sheetData></w>";
        assert_eq!(now, expected);
        assert_eq!(former, [1, 0, 0, 0, 0]);
    }

    #[test]
    fn nothing_is_put_in_where_rows_or_cells_stand_in_no_order() {
        let wanted = BTreeSet::from(["A3".parse().unwrap()]);
        for rows in ["<row r=\"5\"/><row r=\"3\"/>", "<row r=\"3\"><c r=\"B3\"/><c r=\"A3\"/></row>", "<row r=\"3\"/><row r=\"3\"/>"] {
            assert!(Cells::find(&format!("<w><sheetData>{rows}</sheetData></w>"), &wanted).is_none(), "{rows}");
        }
    }

    #[test]
    fn an_empty_sheet_gets_its_rows() {
        assert_eq!(
            marked("<w><sheetData/></w>", &["B2", "B3"]).0,
            "<w><sheetData><row r=\"2\"><c r=\"B2\" s=\"9\"/></row><row r=\"3\"><c r=\"B3\" s=\"9\"/></row></sheetData></w>"
        );
    }
}
