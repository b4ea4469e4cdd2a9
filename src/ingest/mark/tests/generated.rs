//! Workbooks as many programs write them, made up at random.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::comes_back;

/// How a workbook is written.
#[derive(Debug, Clone)]
struct Make {
    strict: bool,
    prefixed: bool,
    absolute: bool,
    /// No numbers on rows and cells.
    unnumbered: bool,
    styles: Styles,
    comments: Comments,
    spans: bool,
    views: bool,
    names: bool,
    tail: bool,
    /// The end of a drawing's name has its type already.
    vml_known: bool,
    bom: bool,
    sheets: usize,
    rows: u32,
    columns: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Styles {
    Whole,
    WithoutFills,
    /// One fill, empty borders.
    Scant,
    Absent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comments {
    None,
    There,
    /// Controls stand on the drawing, and there is no comment.
    DrawingAlone,
    /// A drawing that is no XML.
    Broken,
    Threaded,
}

impl Make {
    fn main(&self) -> &'static str {
        if self.strict {
            "http://purl.oclc.org/ooxml/spreadsheetml/main"
        } else {
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        }
    }

    fn office(&self) -> &'static str {
        if self.strict {
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        }
    }

    fn p(&self) -> &'static str {
        if self.prefixed { "x:" } else { "" }
    }

    fn root(&self, name: &str, inner: &str) -> String {
        let (p, main) = (self.p(), self.main());
        let bound = if self.prefixed { "xmlns:x" } else { "xmlns" };
        let mark = if self.bom { "\u{FEFF}" } else { "" };
        format!(
            "{mark}<?xml version='1.0' encoding=\"UTF-8\"?>\n<{p}{name} {bound}=\"{main}\" xmlns:r='{}'>{inner}</{p}{name}>",
            self.office()
        )
    }

    fn target(&self, from: &str, to: &str) -> String {
        crate::ingest::mark::parts::target(from, to, self.absolute)
    }

    fn workbook(&self) -> String {
        let p = self.p();
        let sheets = (1..=self.sheets)
            .map(|n| format!("<{p}sheet name=\"表&amp;{n}\" sheetId=\"{}\" r:id='rId{n}'/>\r\n", n * 3))
            .collect::<Vec<_>>()
            .concat();
        let views = if self.views {
            format!("<{p}bookViews><{p}workbookView activeTab=\"{}\" firstSheet='0'/></{p}bookViews>", self.sheets - 1)
        } else {
            String::new()
        };
        let names = if self.names {
            format!(
                "<{p}definedNames><{p}definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">'表&amp;1'!$A$1:$C$9</{p}definedName><{p}definedName name=\"a\">1</{p}definedName></{p}definedNames>"
            )
        } else {
            String::new()
        };
        self.root("workbook", &format!("{views}<{p}sheets>{sheets}</{p}sheets>{names}<{p}calcPr calcId=\"1\"/>"))
    }

    fn styles_part(&self) -> String {
        let p = self.p();
        let fonts = format!("<{p}fonts count=\"1\"><{p}font><{p}sz val=\"11\"/></{p}font></{p}fonts>");
        let fills = match self.styles {
            Styles::Whole => format!(
                "<{p}fills count=\"2\"><{p}fill><{p}patternFill patternType=\"none\"/></{p}fill><{p}fill><{p}patternFill patternType=\"gray125\"/></{p}fill></{p}fills>"
            ),
            Styles::Scant => format!("<{p}fills><{p}fill><{p}patternFill patternType=\"none\"/></{p}fill></{p}fills>"),
            Styles::WithoutFills | Styles::Absent => String::new(),
        };
        let borders = if self.styles == Styles::Scant {
            format!("<{p}borders/>")
        } else {
            format!("<{p}borders count=\"1\"><{p}border/></{p}borders>")
        };
        let xfs = format!(
            "<{p}cellXfs count='3'><{p}xf numFmtId=\"0\" fontId=\"0\"/><{p}xf numFmtId=\"4\" fontId=\"0\" fillId=\"0\" borderId=\"0\" applyFill='0'><{p}alignment wrapText=\"1\"/></{p}xf><{p}xf/></{p}cellXfs>"
        );
        self.root(
            "styleSheet",
            &format!("{fonts}{fills}{borders}<{p}cellStyleXfs count=\"1\"><{p}xf/></{p}cellStyleXfs>{xfs}<{p}dxfs count=\"0\"/>"),
        )
    }

    fn sheet(&self, number: usize) -> String {
        let p = self.p();
        let views = if self.views && number == self.sheets {
            format!("<{p}sheetViews><{p}sheetView tabSelected=\"1\" workbookViewId=\"0\"/></{p}sheetViews>")
        } else {
            String::new()
        };
        let mut rows = String::new();
        for row in 1..=self.rows {
            let place = if self.unnumbered { String::new() } else { format!(" r=\"{}\"", row * 2) };
            let spans = if self.spans { format!(" spans=\"1:{}\"", self.columns) } else { String::new() };
            if row.is_multiple_of(5) {
                rows.extend([format!("<{p}row{place}{spans} s=\"1\" customFormat=\"1\"/>")]);
                continue;
            }
            let cell = |column: u32| {
                let letter = char::from(b'A' + u8::try_from(column * 2 % 26).unwrap());
                let place = if self.unnumbered { String::new() } else { format!(" r='{letter}{}'", row * 2) };
                let style = if column.is_multiple_of(2) { " s=\"1\"" } else { "" };
                if column.is_multiple_of(3) {
                    format!("<{p}c{place}{style}/>")
                } else {
                    format!("<{p}c{place}{style}><{p}v>{column}</{p}v></{p}c>")
                }
            };
            let cells: String = (0..self.columns.min(13)).map(cell).collect();
            rows.extend([format!("<{p}row{place}{spans}>{cells}</{p}row><!-- 行 -->")]);
        }
        let data = if self.rows == 0 { format!("<{p}sheetData/>") } else { format!("<{p}sheetData>{rows}</{p}sheetData>") };
        let legacy = if self.drawn(number) { format!("<{p}legacyDrawing r:id=\"d\"/>") } else { String::new() };
        let tail = if self.tail { format!("<{p}tableParts count=\"0\"/><{p}extLst/>") } else { String::new() };
        self.root(
            "worksheet",
            &format!("{views}<{p}cols><{p}col min=\"2\" max=\"4\" style=\"2\"/></{p}cols>{data}<{p}pageMargins left=\"1\"/>{legacy}{tail}"),
        )
    }

    fn drawn(&self, number: usize) -> bool {
        number == 1 && self.comments != Comments::None
    }

    fn comments_part(&self) -> String {
        let p = self.p();
        self.root("comments", &format!("<{p}authors><{p}author>张三</{p}author></{p}authors><{p}commentList><{p}comment ref=\"A1\" authorId=\"0\"><{p}text><{p}t>甲</{p}t></{p}text></{p}comment></{p}commentList>"))
    }

    fn drawing(&self) -> String {
        let end = if self.comments == Comments::Broken { "" } else { "</xml>" };
        format!(
            "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"\n xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x='urn:schemas-microsoft-com:office:excel'>\
             <o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout><v:shape id=\"_x0000_s1025\"><br>\
             <x:ClientData ObjectType=\"Note\"><x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape>{end}"
        )
    }

    fn relations(&self, from: &str, all: &[(&str, String, String)]) -> String {
        let one = |(id, kind, to): &(&str, String, String)| {
            format!("<Relationship Id=\"{id}\" Type=\"{}/{kind}\" Target=\"{}\"/>", self.office(), self.target(from, to))
        };
        let all: String = all.iter().map(one).collect();
        format!(
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
        )
    }

    fn parts(&self) -> Vec<(String, String)> {
        let vml = if self.vml_known || self.comments != Comments::None {
            "<Default ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\" Extension=\"VML\"/>"
        } else {
            ""
        };
        let mut parts = vec![
            (
                "[Content_Types].xml".to_owned(),
                format!(
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{vml}<Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
                ),
            ),
            ("_rels/.rels".to_owned(), self.relations("", &[("r", "officeDocument".into(), "xl/workbook.xml".into())])),
            ("xl/workbook.xml".to_owned(), self.workbook()),
            ("xl/media/a.bin".to_owned(), "\u{1}untouched".repeat(50)),
        ];
        let ids: Vec<String> = (1..=self.sheets).map(|number| format!("rId{number}")).collect();
        let mut all: Vec<(&str, String, String)> = ids
            .iter()
            .enumerate()
            .map(|(at, id)| (id.as_str(), "worksheet".to_owned(), format!("xl/worksheets/Sheet{}.xml", at + 1)))
            .collect();
        if self.styles != Styles::Absent {
            all.push(("s", "styles".to_owned(), "xl/styles.xml".to_owned()));
            parts.push(("xl/styles.xml".to_owned(), self.styles_part()));
        }
        parts.push(("xl/_rels/workbook.xml.rels".to_owned(), self.relations("xl/workbook.xml", &all)));
        for number in 1..=self.sheets {
            parts.push((format!("xl/worksheets/Sheet{number}.xml"), self.sheet(number)));
        }
        if self.comments != Comments::None {
            let mut own = vec![("d", "vmlDrawing".to_owned(), "xl/drawings/vmlDrawing1.vml".to_owned())];
            parts.push(("xl/drawings/vmlDrawing1.vml".to_owned(), self.drawing()));
            if self.comments != Comments::DrawingAlone {
                own.push(("c", "comments".to_owned(), "xl/comments1.xml".to_owned()));
                parts.push(("xl/comments1.xml".to_owned(), self.comments_part()));
            }
            if self.comments == Comments::Threaded {
                own.push(("t", "threadedComment".to_owned(), "xl/threadedComments/threadedComment1.xml".to_owned()));
                parts.push((
                    "xl/threadedComments/threadedComment1.xml".to_owned(),
                    "<ThreadedComments><threadedComment ref=\"C7\"/></ThreadedComments>".to_owned(),
                ));
            }
            parts.push(("xl/worksheets/_rels/Sheet1.xml.rels".to_owned(), self.relations("xl/worksheets/sheet1.xml", &own)));
        }
        parts
    }

    fn package(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in self.parts() {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

fn makes() -> impl Strategy<Value = Make> {
    let styles = prop_oneof![Just(Styles::Whole), Just(Styles::WithoutFills), Just(Styles::Scant), Just(Styles::Absent)];
    let comments = prop_oneof![
        Just(Comments::None),
        Just(Comments::There),
        Just(Comments::DrawingAlone),
        Just(Comments::Broken),
        Just(Comments::Threaded)
    ];
    let flags = proptest::array::uniform10(any::<bool>());
    (flags, styles, comments, 1_usize..4, 0_u32..12, 1_u32..12).prop_map(|(flags, styles, comments, sheets, rows, columns)| {
        let [strict, prefixed, absolute, unnumbered, spans, views, names, tail, vml_known, bom] = flags;
        Make { strict, prefixed, absolute, unnumbered, styles, comments, spans, views, names, tail, vml_known, bom, sheets, rows, columns }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_workbook_comes_back_as_it_was(make in makes(), cells in proptest::collection::vec((0_usize..4, 0_u32..30, 0_u32..30, any::<bool>()), 1..30)) {
        prop_assert!(comes_back(&make.package(), &cells), "it was not marked");
    }
}
