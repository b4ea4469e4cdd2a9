//! 封面: what this is, for whom, which version, as of when, how the lights stand, and what is inside.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, Sheet};
use super::page::{self, Orientation};
use super::reporting;
use super::table;
use crate::model::Light;
use crate::present::theme::{Element, GREY, Theme};
use crate::present::{captions, sentences, widths};

/// Five columns of this width: one for each tile.
const COLUMNS: u16 = 5;
const WIDTH: u32 = 18;

/// `浙江省推动工业经济稳进提质行动方案主要指标进展情况（2022年1—6月）`.
pub fn title(edition: &Edition) -> String {
    format!("{}主要指标进展情况（{}）", edition.plan.name, captions::period_label(edition.month.period))
}

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Portrait);
    sheet.set_print_fit_to_pages(1, 1);
    for column in 0..COLUMNS {
        sheet.set_column_width(column, f64::from(WIDTH))?;
    }
    sheet.write_string_with_format(0, 0, page::marks(edition), &theme.format(Element::Mark))?;
    sheet.write_string_with_format(1, 0, &edition.appearance.note, &theme.format(Element::Mark))?;
    let last = COLUMNS - 1;
    let cover_title = theme.format(Element::CoverTitle);
    let name = format!("{}\n主要指标进展情况", edition.plan.name);
    sheet.merge_range(4, 0, 4, last, &name, &cover_title)?.set_row_height(4, 84)?;
    let period = format!("（{}）", captions::period_label(edition.month.period));
    sheet.merge_range(5, 0, 5, last, &period, &cover_title)?.set_row_height(5, 40)?;
    let mut row = facts(sheet, edition, theme, 8)? + 1;
    tiles(sheet, edition, theme, row)?;
    row += 3;
    contents(sheet, edition, theme, row)
}

/// For whom, version, as of, coverage, by whom.
fn facts(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, top: u32) -> Result<u32, XlsxError> {
    let month = edition.month;
    let office = edition.office;
    let audience =
        edition.department.map_or("全册（工作专班及省有关领导参阅）", |department| department.full_name.as_str());
    let lines = [
        ("分　　送", audience.to_owned()),
        ("版　　次", captions::version_label(month.version)),
        ("数据截至", captions::as_of(month.now)),
        ("报送情况", reporting::rates(month.reporting.iter().filter(|line| edition.is_of(&line.department)))),
        ("编制单位", office.name.clone()),
        ("联 系 人", format!("{}　　电话：{}", office.contact, office.phone)),
    ];
    let (label, value) = (theme.format(Element::Section), theme.format(Element::Body).set_text_wrap());
    let mut row = top;
    for (word, text) in lines {
        sheet.write_string_with_format(row, 0, word, &label)?;
        sheet.merge_range(row, 1, row, COLUMNS - 1, &text, &value)?;
        let lines = widths::lines(&text, (WIDTH * u32::from(COLUMNS - 1)) as usize, Element::Body.size());
        sheet.set_row_height(row, if lines > 1 { 38 } else { 22 })?;
        row += 1;
    }
    Ok(row)
}

/// The counts by light.
fn tiles(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, row: u32) -> Result<(), XlsxError> {
    let counts = sentences::count(edition.rows.iter().copied());
    let tiles = [
        (None, counts.total, "指标"),
        (Some(Light::Green), counts.green, Light::Green.word()),
        (Some(Light::Yellow), counts.yellow, Light::Yellow.word()),
        (Some(Light::Red), counts.red, Light::Red.word()),
        (Some(GREY), counts.grey(), GREY.word()),
    ];
    tile_row(sheet, theme, row, 0, &tiles)
}

/// Tiles side by side: the figure above its word.
pub fn tile_row(
    sheet: &mut Worksheet,
    theme: &Theme,
    row: u32,
    first: u16,
    tiles: &[(Option<Light>, usize, &str)],
) -> Result<(), XlsxError> {
    sheet.set_row_height(row, 34)?.set_row_height(row + 1, 20)?;
    for (column, (light, count, word)) in (first..).zip(tiles) {
        let count = u32::try_from(*count).unwrap_or(u32::MAX);
        sheet.write_number_with_format(row, column, f64::from(count), &theme.format(Element::Tile(*light)))?;
        sheet.write_string_with_format(row + 1, column, theme.captions().light(word), &theme.format(Element::TileWord(*light)))?;
    }
    Ok(())
}

/// The sheets, each a link.
fn contents(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, top: u32) -> Result<(), XlsxError> {
    sheet.write_string_with_format(top, 0, "目　录", &theme.format(Element::Section))?.set_row_height(top, 24)?;
    let (link, text) = (theme.format(Element::Link), theme.format(Element::Subtitle));
    for (row, (kind, tab)) in (top + 1..).zip(edition.sheets().into_iter().filter(|(kind, _)| *kind != Sheet::Cover)) {
        sheet.write_url_with_format(row, 0, edition.link(kind, 0).as_str(), &link)?;
        let name = match kind {
            Sheet::Measure(number) => captions::ordinal(number),
            _ => tab,
        };
        table::write_text(sheet, row, 0, &name, link.clone())?;
        sheet.write_string_with_format(row, 1, about(edition, kind), &text)?.set_row_height(row, 19)?;
    }
    Ok(())
}

/// What a sheet is about, beside its name.
fn about(edition: &Edition, sheet: Sheet) -> String {
    let text = match sheet {
        Sheet::Measure(number) => return edition.plan.measure(number).map(|measure| measure.title.clone()).unwrap_or_default(),
        Sheet::Cover => "",
        Sheet::Overview => "总体进展、需关注指标",
        Sheet::Indicators => "各项指标的目标、累计、同比、完成率和亮灯",
        Sheet::Details => "当月、环比、上年同期、月均需、预计全年",
        Sheet::Tasks => "没有量化指标的任务进展",
        Sheet::Reporting => "各单位调度表报送时间和状态",
        Sheet::Findings => "须修改、请说明事项和已作的说明",
        Sheet::Sources => "每个数据出自哪个文件、哪张表、哪些单元格",
        Sheet::Corrections => "与上一版不同的数据和原因",
        Sheet::Notes => "口径、计算方法、亮灯规则",
    };
    text.to_owned()
}
