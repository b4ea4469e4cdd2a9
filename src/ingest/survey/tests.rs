//! Packages made by hand, looked through once.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::seen::resolved;
use super::*;
use crate::ingest::grid::{Grid, Merge};

const APP: (&str, &str) = ("docProps/app.xml", "<Properties><Application>Microsoft Excel</Application></Properties>");
const BOOK: (&str, &str) = (
    "xl/workbook.xml",
    "<workbook><sheets><sheet name=\"技改项目\" r:id=\"rId1\"/><sheet name=\"选项\" r:id=\"rId2\"/></sheets>\
     <definedNames><definedName name=\"阶段\">选项!$A$2:$A$4</definedName></definedNames></workbook>",
);
const RELATIONS: (&str, &str) = (
    "xl/_rels/workbook.xml.rels",
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/Sheet1.xml\"/><Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>",
);

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn each_sheet_gets_what_its_part_says() {
    let first = "<worksheet><sheetData><row r=\"5\" hidden=\"1\"><c r=\"C5\"><f>A5*2</f><v>4</v></c></row></sheetData>\
                 <mergeCells><mergeCell ref=\"A1:C1\"/></mergeCells>\
                 <dataValidations><dataValidation type=\"list\"><formula1>阶段</formula1></dataValidation></dataValidations></worksheet>";
    let bytes = package(&[
        BOOK,
        RELATIONS,
        ("xl/worksheets/sheet1.xml", first),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData/></worksheet>"),
    ]);
    let mut grids = [Grid::new("技改项目", true), Grid::new("选项", false), Grid::new("别的", true)];
    let mut survey = survey(Format::Xlsx, bytes);
    survey.complete(&mut grids);
    assert!(grids[0].hidden_rows.contains(&4) && grids[0].formulas.contains_key(&(4, 2)));
    assert_eq!(grids[0].merges.as_ref().map(Vec::len), Some(1));
    assert_eq!(grids[1].listed, [Merge { top: 1, left: 0, bottom: 3, right: 0 }]);
    assert_eq!((grids[1].merges.as_ref().map(Vec::len), &grids[2].merges), (Some(0), &None));
}

#[test]
fn who_saves_placeholders() {
    let saves = |parts: &[(&str, &str)]| survey(Format::Xlsx, package(parts)).saves_placeholders();
    assert!(!saves(&[BOOK, APP]));
    assert!(saves(&[BOOK]), "a program that does not name itself");
    assert!(saves(&[BOOK, ("docProps/app.xml", "<Properties><Application>Apache POI</Application></Properties>")]));
    assert!(saves(&[("xl/workbook.xml", "<workbook><calcPr fullCalcOnLoad=\"1\"/></workbook>"), APP]));
}

#[test]
fn a_mark_in_a_footer_is_found_and_backward_dimensions_are_mended_in_one_walk() {
    let sheet =
        "<worksheet><dimension ref=\"D9:A1\"/><sheetData/><headerFooter><oddFooter>&amp;C机密★1年</oddFooter></headerFooter></worksheet>";
    let bytes = package(&[BOOK, ("xl/worksheets/sheet1.xml", sheet)]);
    let survey = survey(Format::Xlsx, bytes.clone());
    assert!(survey.marked);
    assert_ne!(survey.bytes, bytes);
    let again = super::survey(Format::Xlsx, survey.bytes.clone());
    assert_eq!(again.bytes, survey.bytes, "nothing is left to mend");
}

#[test]
fn what_is_no_package_passes_untouched() {
    for format in [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods] {
        assert_eq!(survey(format, b"PK nonsense".to_vec()).bytes, b"PK nonsense");
    }
}

#[test]
fn targets_lead_to_parts() {
    assert_eq!(resolved("xl/", "worksheets/Sheet1.xml"), "xl/worksheets/sheet1.xml");
    assert_eq!(resolved("xl/", "/xl/worksheets/sheet2.xml"), "xl/worksheets/sheet2.xml");
    assert_eq!(resolved("xl/", "../a/./b.xml"), "a/b.xml");
    assert_eq!(resolved("", "../../x"), "x");
}
