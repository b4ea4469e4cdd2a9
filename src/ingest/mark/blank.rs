//! The list as a workbook of its own: our sheet put into a package that holds nothing else.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::parts::Unfit;
use super::put::put;
use super::wanted::{List, Wanted};

const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheets/></workbook>"),
    ("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>"),
];

/// The list alone.
///
/// # Errors
/// Only where a zip cannot be written at all.
pub fn list_alone(list: &List) -> Result<Vec<u8>, Unfit> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in PARTS {
        package.start_file(name, SimpleFileOptions::default()).map_err(|_| Unfit::Package)?;
        package.write_all(format!("{}{content}", super::xml::HEAD).as_bytes()).map_err(|_| Unfit::Package)?;
    }
    let bytes = package.finish().map_err(|_| Unfit::Package)?.into_inner();
    put(&bytes, &Wanted { spots: Vec::new(), list: list.clone() }, true)
}
