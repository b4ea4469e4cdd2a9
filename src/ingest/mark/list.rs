//! Our sheet 数据审核意见: one row a finding with a link to its cell; beside them, hidden, what is needed to take the marks off again.

use super::looks::Looks;
use super::wanted::{List, Row};
use super::xml::{HEAD, escaped};
use crate::model::{CellRef, Severity};
use crate::present::widths;

/// What stands hidden on the sheet.
#[derive(Debug, Clone, Default)]
pub struct Hidden {
    /// Each marked cell; the cell beside it bears its former format, so that it is renumbered with all others.
    pub carriers: Vec<Carrier>,
    /// How to take everything back byte by byte.
    pub record: String,
}

/// A marked cell and its former format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    pub sheet: String,
    pub cell: CellRef,
    pub former: usize,
}

/// By this the sheet is known again.
pub const KEY: &str = "wenjin:returned:1";
/// The headings of its table.
pub const HEADINGS: [&str; 9] = ["序号", "类别", "工作表", "单元格", "问题", "表中是", "应当是", "怎样改", "情况说明"];
const WIDTHS: [usize; 9] = [6, 11, 18, 12, 36, 22, 26, 36, 36];
/// The hidden columns: key and names of findings; sheet, cell and format of marked cells; the record.
pub const NAMES: u32 = 9;
pub const CARRIER: u32 = 10;
pub const RECORD: u32 = 13;

/// The row of the headings, from 0.
const HEADING_ROW: u32 = 4;
/// A cell holds no more.
const CHUNK: usize = 30_000;
/// Notes that are not folded away.
const NOTES_SHOWN: usize = 3;
const SIZE: usize = 10;

/// The sheet under construction.
struct Draft<'a> {
    looks: &'a Looks,
    rows: String,
    row: u32,
    links: String,
    entries: Vec<CellRef>,
    /// Pieces of the record that have no row yet.
    pieces: std::vec::IntoIter<String>,
}

/// The part.
#[must_use]
pub fn part(main: &str, looks: &Looks, list: &List, hidden: &Hidden, alone: bool) -> String {
    let pieces: Vec<char> = hidden.record.chars().collect();
    let pieces: Vec<String> = pieces.chunks(CHUNK).map(|piece| piece.iter().collect()).collect();
    let mut draft = Draft { looks, rows: String::new(), row: 0, links: String::new(), entries: Vec::new(), pieces: pieces.into_iter() };
    let guide = if alone { &list.guide_alone } else { &list.guide };
    draft.line(30, &[(0, looks.title, super::wanted::SHEET), (NAMES, 0, KEY)], "");
    draft.line(20, &[(0, looks.summary, &list.summary)], "");
    draft.line(20, &[(0, looks.guide, guide)], "");
    draft.line(10, &[], "");
    let headings: Vec<(u32, usize, &str)> = (0..).zip(HEADINGS).map(|(column, text)| (column, looks.heading, text)).collect();
    draft.line(24, &headings, "");
    for (number, row) in (1_usize..).zip(&list.rows) {
        draft.finding(number, row, alone);
    }
    draft.notes(&list.notes);
    draft.line(12, &[], "");
    draft.line(18, &[(0, looks.note, &list.foot)], "");
    draft.carriers(&hidden.carriers);
    draft.finished(main)
}

impl Draft<'_> {
    /// A row of that height in points; `more` are further attributes.
    fn line(&mut self, height: usize, cells: &[(u32, usize, &str)], more: &str) {
        let number = self.row + 1;
        let mut written: String = cells.iter().map(|(column, format, text)| cell(CellRef::new(self.row, *column), *format, text)).collect();
        if let Some(piece) = self.pieces.next() {
            written.push_str(&cell(CellRef::new(self.row, RECORD), 0, &piece));
        }
        self.rows.extend([format!("<row r=\"{number}\" ht=\"{height}\" customHeight=\"1\"{more}>{written}</row>")]);
        self.row += 1;
    }

    fn finding(&mut self, number: usize, row: &Row, alone: bool) {
        let looks = self.looks;
        let (ground, word) = match row.severity {
            Severity::Error => (looks.error, "■ 须修改"),
            Severity::Explain => (looks.explain, "▲ 请说明"),
            Severity::Note => (looks.centre, "○ 提示"),
        };
        if let Some(cell) = row.cell.filter(|_| !alone && !row.sheet.is_empty()) {
            let location = format!("'{}'!{cell}", row.sheet.replace('\'', "''"));
            let place = CellRef::new(self.row, 3);
            self.links.extend([format!("<hyperlink ref=\"{place}\" location=\"{}\" display=\"{cell}\"/>", escaped(&location))]);
        }
        let (entry, words) = if row.severity == Severity::Explain {
            self.entries.push(CellRef::new(self.row, 8));
            (looks.entry, "")
        } else {
            (looks.none, "—")
        };
        let number = number.to_string();
        let sheet = if row.sheet.is_empty() { "整个文件" } else { &row.sheet };
        let link = if row.cell.is_some() && !alone { looks.link } else { looks.centre };
        let texts = [number.as_str(), word, sheet, &row.cells, &row.problem, &row.found, &row.expected, &row.remedy, words];
        let formats = [looks.centre, ground, looks.text, link, looks.text, looks.text, looks.text, looks.text, entry];
        let lines = texts.iter().zip(WIDTHS).map(|(text, width)| widths::lines(text, width, SIZE)).max().unwrap_or(1);
        let mut cells: Vec<(u32, usize, &str)> =
            (0..).zip(formats).zip(texts).map(|((column, format), text)| (column, format, text)).collect();
        cells.push((NAMES, 0, &row.names));
        self.line((widths::height(lines, SIZE) + 10).clamp(26, 400), &cells, "");
    }

    /// 提示 need nothing to be done: the first few, the others folded away.
    fn notes(&mut self, notes: &[String]) {
        if notes.is_empty() {
            return;
        }
        let looks = self.looks;
        self.line(12, &[], "");
        let heading = format!("另有{}条提示，不必修改", notes.len());
        self.line(20, &[(0, looks.section, &heading)], "");
        for note in notes.iter().take(NOTES_SHOWN) {
            self.line(18, &[(0, looks.note, &format!("○　{note}"))], "");
        }
        let folded = notes.len().saturating_sub(NOTES_SHOWN);
        if folded > 0 {
            self.line(18, &[(0, looks.note, &format!("○　其余{folded}条（点左侧“＋”展开）"))], " collapsed=\"1\"");
        }
        for note in notes.iter().skip(NOTES_SHOWN) {
            self.line(18, &[(0, looks.note, &format!("　　{note}"))], " outlineLevel=\"1\" hidden=\"1\"");
        }
    }

    /// Rows that nobody sees.
    fn carriers(&mut self, carriers: &[Carrier]) {
        for Carrier { sheet, cell, former } in carriers {
            let place = cell.to_string();
            self.line(12, &[(CARRIER, 0, sheet), (CARRIER + 1, 0, &place), (CARRIER + 2, *former, ".")], " hidden=\"1\"");
        }
        while self.pieces.len() > 0 {
            self.line(12, &[], " hidden=\"1\"");
        }
    }

    fn finished(self, main: &str) -> String {
        let visible = (1..).zip(WIDTHS).map(|(column, width)| col(column, column, width, ""));
        let columns: String = visible.chain([col(NAMES + 1, RECORD + 1, 9, " hidden=\"1\"")]).collect();
        let places: Vec<String> = self.entries.iter().map(ToString::to_string).collect();
        let prompt = if places.is_empty() {
            String::new()
        } else {
            format!(
                "<dataValidations count=\"1\"><dataValidation allowBlank=\"1\" showInputMessage=\"1\" promptTitle=\"情况说明\" \
                 prompt=\"如数据无误，请在此写明原因（不少于4个字），例：核减2个项目重复入统6.80亿元。如填错，请改表，此处不必填。\" \
                 sqref=\"{}\"/></dataValidations>",
                places.join(" ")
            )
        };
        let links = if self.links.is_empty() { String::new() } else { format!("<hyperlinks>{}</hyperlinks>", self.links) };
        let top = HEADING_ROW + 1;
        format!(
            "{HEAD}<worksheet xmlns=\"{main}\"><sheetPr><outlinePr summaryBelow=\"0\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>\
             <sheetViews><sheetView showGridLines=\"0\" tabSelected=\"1\" workbookViewId=\"0\"><pane ySplit=\"{top}\" topLeftCell=\"A{}\" \
             activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\" outlineLevelRow=\"1\"/>\
             <cols>{columns}</cols><sheetData>{}</sheetData>{prompt}{links}<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" \
             header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>",
            top + 1,
            self.rows
        )
    }
}

fn col(from: u32, to: u32, width: usize, more: &str) -> String {
    format!("<col min=\"{from}\" max=\"{to}\" width=\"{width}\" customWidth=\"1\"{more}/>")
}

/// A cell with its text as it is: no formula is ever made of it.
fn cell(place: CellRef, format: usize, text: &str) -> String {
    if text.is_empty() {
        return format!("<c r=\"{place}\" s=\"{format}\"/>");
    }
    format!("<c r=\"{place}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text))
}
