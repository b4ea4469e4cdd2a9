//! One workbook: its sheets in order, its properties, its bytes.

use chrono::Utc;
use rust_xlsxwriter::{DocProperties, Workbook, Worksheet, XlsxError};

use super::edition::{Edition, Sheet};
use super::{corrections, cover, details, findings, indicators, measure, notes, overview, reporting, sources, tasks};
use crate::present::captions;
use crate::present::theme::Theme;

/// Writes the book.
pub fn write(edition: &Edition) -> Result<Vec<u8>, XlsxError> {
    let theme = Theme::of(edition.appearance.theme).worded(&edition.appearance.captions);
    let mut workbook = Workbook::new();
    // A column's width counts digits of this font: seven pixels each wherever it, or one of its measure, is installed.
    workbook.set_default_format(&theme.default_format(), 17, 64)?;
    workbook.set_properties(&properties(edition));
    for (sheet, tab) in edition.sheets() {
        let page = workbook.add_worksheet();
        page.set_name(&tab)?;
        draw(page, edition, &theme, sheet)?;
    }
    workbook.save_to_buffer()
}

fn draw(page: &mut Worksheet, edition: &Edition, theme: &Theme, sheet: Sheet) -> Result<(), XlsxError> {
    match sheet {
        Sheet::Cover => cover::draw(page, edition, theme),
        Sheet::Overview => overview::draw(page, edition, theme, &edition.tab(sheet)),
        Sheet::Indicators => indicators::draw(page, edition, theme),
        Sheet::Details => details::draw(page, edition, theme),
        Sheet::Measure(number) => measure::draw(page, edition, theme, number),
        Sheet::Tasks => tasks::draw(page, edition, theme),
        Sheet::Reporting => reporting::draw(page, edition, theme),
        Sheet::Findings => findings::draw(page, edition, theme),
        Sheet::Sources => sources::draw(page, edition, theme),
        Sheet::Corrections => corrections::draw(page, edition, theme),
        Sheet::Notes => notes::draw(page, edition, theme),
    }
}

/// Document properties; the time of creation is the month's own, so that the same month gives the same bytes.
fn properties(edition: &Edition) -> DocProperties {
    let audience = edition.department.map_or(captions::WHOLE, |department| department.name.as_str());
    DocProperties::new()
        .set_title(cover::title(edition))
        .set_subject(format!("{}主要指标进展情况（{audience}）", edition.plan.short_name))
        .set_author(&edition.office.name)
        .set_company(&edition.office.name)
        .set_category(&edition.appearance.mark)
        .set_keywords(format!("{} {}", edition.month.period, captions::version_label(edition.month.version)))
        .set_comment(if edition.appearance.sample { captions::SAMPLE_MARK } else { edition.appearance.note.as_str() })
        .set_creation_datetime(&edition.month.now.with_timezone(&Utc))
}
