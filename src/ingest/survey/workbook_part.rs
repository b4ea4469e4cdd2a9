//! The parts about the whole workbook: its sheets, defined names, how it is computed, who wrote it.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::xml::{attribute, is_set, push_text, reader};

/// The workbook part.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Workbook {
    /// Name and relation of each sheet.
    pub sheets: Vec<(String, String)>,
    /// Defined names in lower case, with what they stand for.
    pub names: BTreeMap<String, String>,
    /// It asks to be computed anew whenever it is opened.
    pub full_calc_on_load: bool,
}

/// Its relations: identifier → target.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Relations(pub BTreeMap<String, String>);

/// `docProps/app.xml`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Properties {
    pub application: String,
}

impl Workbook {
    /// Reads the workbook part.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut workbook = Self::default();
        let (mut reader, mut name) = (reader(text), None::<(String, String)>);
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "sheet" => workbook.sheets.extend(attribute(&element, "name").zip(attribute(&element, "id"))),
                    "definedName" => name = attribute(&element, "name").map(|name| (name.to_lowercase(), String::new())),
                    "calcPr" => workbook.full_calc_on_load = is_set(&element, "fullCalcOnLoad"),
                    _ => {}
                },
                Ok(Event::End(element)) if element.local_name().as_ref() == "definedName" => {
                    if let Some((name, text)) = name.take() {
                        workbook.names.entry(name).or_insert(text);
                    }
                }
                Ok(Event::Eof) | Err(_) => return workbook,
                Ok(event) => {
                    if let Some((_, text)) = &mut name {
                        push_text(&event, text);
                    }
                }
            }
        }
    }
}

impl Relations {
    /// Reads a part of relations.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (mut reader, mut targets) = (reader(text), BTreeMap::new());
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) if element.local_name().as_ref() == "Relationship" => {
                    targets.extend(attribute(&element, "Id").zip(attribute(&element, "Target")));
                }
                Ok(Event::Eof) | Err(_) => return Self(targets),
                Ok(_) => {}
            }
        }
    }
}

/// Programs that compute what they save.
const SPREADSHEET_PROGRAMS: [&str; 8] = ["excel", "wps", "kingsoft", "libreoffice", "openoffice", "onlyoffice", "yozo", "永中"];

impl Properties {
    /// Reads the extended properties.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (mut reader, mut inside, mut application) = (reader(text), false, String::new());
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => inside = element.local_name().as_ref() == "Application",
                Ok(Event::End(_)) => inside = false,
                Ok(Event::Eof) | Err(_) => return Self { application },
                Ok(event) if inside => push_text(&event, &mut application),
                Ok(_) => {}
            }
        }
    }

    /// Whether the writer names itself as a program that computes formulas.
    #[must_use]
    pub fn is_of_a_spreadsheet_program(&self) -> bool {
        let name = self.application.to_lowercase();
        SPREADSHEET_PROGRAMS.iter().any(|known| name.contains(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strict_workbook_with_prefixes_reads_alike() {
        let text = r#"<x:workbook><x:sheets><x:sheet name="技改&amp;投资" sheetId="1" r:id="rId3"/></x:sheets>
            <x:definedNames><x:definedName name="阶段">选项!$A$1:$A$5</x:definedName></x:definedNames>
            <x:calcPr fullCalcOnLoad="true"/></x:workbook>"#;
        let workbook = Workbook::read(text);
        assert_eq!(workbook.sheets, [("技改&投资".to_owned(), "rId3".to_owned())]);
        assert_eq!(workbook.names.get("阶段").map(String::as_str), Some("选项!$A$1:$A$5"));
        assert!(workbook.full_calc_on_load);
        assert!(!Workbook::read("<workbook><calcPr calcId=\"1\"/></workbook>").full_calc_on_load);
    }

    #[test]
    fn the_writer_is_known_by_its_name() {
        let written_by =
            |name: &str| Properties::read(&format!("<Properties><Application>{name}</Application><Lines>1</Lines></Properties>"));
        assert!(written_by("Microsoft Excel").is_of_a_spreadsheet_program());
        assert!(written_by("WPS 表格").is_of_a_spreadsheet_program());
        assert!(!written_by("Apache POI").is_of_a_spreadsheet_program());
        assert!(!Properties::read("<Properties/>").is_of_a_spreadsheet_program());
    }
}
