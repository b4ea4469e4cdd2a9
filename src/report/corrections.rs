//! 更正说明: what a later version changes against the last, and why. Not in the first version.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{Correction, Light};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let version = edition.month.version;
    let subtitle = format!("{}　　第{}版作废，以本版为准", edition.subtitle(), version.saturating_sub(1));
    page::head(sheet, edition, theme, "更正说明", &subtitle)?;
    let columns = vec![
        column("序号", 6, 6),
        column("编号", 7, 8),
        column("指标", 22, 30),
        column("单位", 8, 10),
        column("地区", 9, 13),
        column("项目", 12, 20),
        column("更正前", 12, 18),
        column("更正后", 12, 18),
        column("更正前亮灯", 11, 12),
        column("更正后亮灯", 11, 12),
        column("更正原因", 36, 80),
    ];
    let rows = (1..).zip(&edition.corrections).map(|(number, correction)| line(edition, number, correction)).collect();
    let empty = "本册所列数据与上一版相同";
    Table { name: "corrections".to_owned(), columns, rows, empty }.draw(sheet, theme, HEADER_ROW)?;
    Ok(())
}

fn line(edition: &Edition, number: u32, correction: &Correction) -> Row {
    let region = correction.region.as_ref().and_then(|code| edition.plan.region(code)).map(|region| region.name.as_str());
    let lit = is_lit(edition, correction);
    let light = |light: Light| {
        if lit { Cell::text(Element::Light(light), captions::light_word(light)) } else { Cell::text(Element::Centre, DASH) }
    };
    let value = |value: Option<rust_decimal::Decimal>| match value {
        Some(value) => Cell::number(Some(value), value.scale()),
        None => Cell::missing(DASH),
    };
    vec![
        Cell::count(number).centred(),
        Cell::text(Element::Index, &correction.indicator),
        Cell::text(Element::Name, &correction.title),
        Cell::text(Element::Centre, &correction.unit),
        Cell::text(Element::Centre, region.unwrap_or(edition.plan.province.short_name.as_str())),
        Cell::text(Element::Centre, item(edition, correction)),
        value(correction.old),
        value(correction.new),
        light(correction.old_light),
        light(correction.new_light),
        Cell::text(Element::Text, &correction.cause),
    ]
    .into()
}

/// `累计`; of an earlier month `1—3月完成进度`; a level's mean is the month's own.
fn item(edition: &Edition, correction: &Correction) -> String {
    let level = edition.plan.indicator(&correction.indicator).is_some_and(|one| one.shows_month(edition.plan));
    if level && correction.item == "累计" {
        return format!("{}当月均值", correction.earlier.map(captions::month_label).unwrap_or_default());
    }
    format!("{}{}", correction.earlier.map(captions::to_date_label).unwrap_or_default(), correction.item)
}

/// Whether what is corrected has a light of its own: no tracking figure, no earlier month, and of a region only where the target is split.
fn is_lit(edition: &Edition, correction: &Correction) -> bool {
    if correction.earlier.is_some() {
        return false;
    }
    let row = edition.rows.iter().find(|row| row.code == correction.indicator);
    row.is_some_and(|row| match &correction.region {
        None => !row.tracking,
        Some(code) => row.regions.iter().any(|region| region.code == *code && region.light.is_some()),
    })
}
