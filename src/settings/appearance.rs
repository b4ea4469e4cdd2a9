//! `[plan]`, `[report]` and `[office]`: what the plan is called, and what readers see around the figures.

use super::captions::Captions;
use super::table::Table;

/// What readers see around the figures; part of a version's digest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the [report] table")]
pub struct Appearance {
    /// Prints 样例数据　非真实数据 everywhere.
    pub sample: bool,
    /// 公开 | 内部资料　注意保存.
    pub mark: String,
    pub note: String,
    pub theme: Theme,
    pub ranks: bool,
    pub region_lights: bool,
    pub figures_in_mail: bool,
    /// The office's own words.
    pub captions: Captions,
}

impl Appearance {
    /// The mark of a plan that names none.
    pub const MARK: &str = "内部资料　注意保存";
}

/// The workbook's looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Clean,
    Official,
}

/// The coordinating office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub name: String,
    pub contact: String,
    pub phone: String,
}

/// Reads `[plan]` and `[report]`: name, short name, year, and what readers see.
pub fn read(table: Table<'_>, report: Table<'_>) -> (String, String, i32, Appearance) {
    let mut appearance = Appearance {
        sample: false,
        mark: Appearance::MARK.to_owned(),
        note: String::new(),
        theme: Theme::Clean,
        ranks: true,
        region_lights: true,
        figures_in_mail: true,
        captions: Captions::shipped(),
    };
    appearance.theme =
        report.choice("theme", &[("clean", Theme::Clean), ("official", Theme::Official)]).map_or(Theme::Clean, |theme| theme.value);
    appearance.ranks = report.flag("ranks").is_none_or(|flag| flag.value);
    appearance.region_lights = report.flag("region_lights").is_none_or(|flag| flag.value);
    appearance.figures_in_mail = report.flag("figures_in_mail").is_none_or(|flag| flag.value);
    report.finish();
    let name = table.need_text("name").map(|name| name.value).unwrap_or_default();
    let short_name = table.need_text("short_name").map(|name| name.value).unwrap_or_default();
    let year = table.small("year", 1900..=9999).map(|year| year.value);
    if !table.has("year") {
        table.missing("year", "2022");
    }
    appearance.sample = table.flag("sample").is_some_and(|flag| flag.value);
    if let Some(mark) = table.text("mark") {
        appearance.mark = mark.value;
    }
    if let Some(note) = table.text("note") {
        appearance.note = note.value;
    }
    table.finish();
    (name, short_name, year.and_then(|year| i32::try_from(year).ok()).unwrap_or(0), appearance)
}

/// Reads `[office]`.
pub fn read_office(table: Table<'_>) -> Office {
    let mut office = Office { name: String::new(), contact: String::new(), phone: String::new() };
    for (key, field) in [("name", &mut office.name), ("contact", &mut office.contact), ("phone", &mut office.phone)] {
        if let Some(text) = table.need_text(key) {
            *field = text.value;
        }
    }
    table.finish();
    office
}
