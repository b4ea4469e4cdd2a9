//! （一）…（十七）: one long table a measure, for each indicator the province first, then the regions.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::charts::{self, Region};
use super::edition::{Edition, HEADER_ROW, Sheet};
use super::page::{self, Orientation};
use super::table::{self, Cell, DASH, Row, Table, column};
use crate::model::{GreyReason, IndicatorRow, RegionFigure};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

/// Digits the whole table is wide, roughly, for the paragraphs below it.
const WIDTH: usize = 140;

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, number: u32) -> Result<(), XlsxError> {
    let Some(measure) = edition.plan.measure(number) else { return Ok(()) };
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let title = format!("{}{}", captions::ordinal(number), measure.title);
    let subtitle = format!("责任单位：{}　　　{}", edition.names(&measure.departments), edition.subtitle());
    page::head(sheet, edition, theme, &title, &subtitle)?;
    let table = table(edition, number);
    let after = table.draw(sheet, theme, HEADER_ROW)?;
    let format = theme.format(Element::Source);
    let foot = foot(edition, number, &measure.notes);
    let below = after + 2 + u32::try_from(foot.len()).unwrap_or(0);
    for (row, text) in (after + 1..).zip(foot) {
        table::paragraph(sheet, row, table.last_column(), WIDTH, &text, &format)?;
    }
    if let Some(region) = charted(edition, number, &edition.tab(Sheet::Measure(number))) {
        sheet.insert_chart(below, 0, &charts::regions(theme, &region))?;
    }
    Ok(())
}

/// The cells of the first indicator that several regions have reported.
fn charted<'a>(edition: &Edition, number: u32, tab: &'a str) -> Option<Region<'a>> {
    let mut first = HEADER_ROW + 2;
    for row in edition.rows_of(number) {
        let count = u32::try_from(row.regions.len()).ok()?;
        if row.regions.iter().filter(|region| region.year_to_date.is_some()).count() > 1 {
            let data = row.data_period.map(captions::to_date_label).unwrap_or_default();
            let title = format!("{}：{data}累计（{}）", row.title, row.unit);
            return Some(Region { tab, first, last: first + count - 1, names: 1, values: 5, title });
        }
        first += 1 + count;
    }
    None
}

fn table(edition: &Edition, number: u32) -> Table {
    let mut columns = vec![
        column("指标", 20, 28),
        column("地区", 8, 10),
        column("单位", 6, 9),
        column("数据期", 8, 9),
        column("当月", 10, 14),
        column("累计", 12, 16),
        column("上年同期", 10, 16),
        column("累计同比（%）", 10, 11),
        column("与全省增速之差（百分点）", 16, 16),
        column("占全省（%）", 8, 9),
        column("年度目标", 12, 27),
        column("完成年度目标（%）", 14, 14),
        column("亮灯", 12, 12),
    ];
    if edition.appearance.ranks {
        columns.extend([column("位次", 7, 7), column("位次变化", 10, 10)]);
    }
    let mut rows = Vec::new();
    for row in edition.rows_of(number) {
        rows.push(Row { cells: province(edition, row), strong: true });
        rows.extend(row.regions.iter().map(|region| Row::from(of_region(edition, row, region))));
    }
    let figures = edition.plan.measure(number).is_some_and(|measure| !measure.indicators.is_empty());
    let empty =
        if figures { "本项举措在本册没有可列的指标" } else { "本项举措没有量化指标，见“重点任务”" };
    Table { name: format!("measure_{number:02}"), columns, rows, empty }
}

fn province(edition: &Edition, row: &IndicatorRow) -> Vec<Cell> {
    let share = row.regions.iter().any(|region| region.share_pct.is_some()).then_some(Decimal::new(1000, 1));
    let dash = || Cell::text(Element::Centre, DASH);
    let mut cells = vec![
        Cell::text(Element::Name, format!("{} {}", row.code, row.title)),
        Cell::text(Element::Name, &edition.plan.province.short_name),
        Cell::text(Element::Centre, &row.unit),
        Cell::text(Element::Centre, row.data_period.map_or(DASH.to_owned(), captions::to_date_label)),
        Cell::number(row.month, row.decimals),
        Cell::figure(row.year_to_date, row.decimals, row.light).linked(edition.source_link(&row.code, None)),
        Cell::number(row.last_year, row.decimals),
        Cell::percent(row.growth_pct),
        Cell::missing(DASH),
        Cell::percent(share),
        super::indicators::target(row),
        Cell::percent(row.completion_pct),
        if row.tracking { dash() } else { Cell::light(row.light, row.periods_in_row) },
    ];
    if edition.appearance.ranks {
        cells.extend([dash(), dash()]);
    }
    cells
}

fn of_region(edition: &Edition, row: &IndicatorRow, region: &RegionFigure) -> Vec<Cell> {
    let ahead = region.growth_pct.zip(row.growth_pct).map(|(own, province)| own - province);
    let centred = |text: String| Cell::text(Element::Centre, text);
    let value = match region.year_to_date {
        // The province's figure is there, so this one is missing: 未报送, never zero.
        None if row.year_to_date.is_some() => Cell::missing(GreyReason::NotReported.word()),
        value => Cell::figure(value, row.decimals, row.light),
    };
    let light = region.light.filter(|_| edition.appearance.region_lights);
    let mut cells = vec![
        Cell::text(Element::Note, &row.title),
        Cell::text(Element::Text, &region.name),
        Cell::text(Element::Centre, &row.unit),
        centred(row.data_period.map_or(DASH.to_owned(), captions::to_date_label)),
        Cell::number(region.month, row.decimals),
        value.linked(edition.source_link(&row.code, Some(&region.code))),
        Cell::number(region.last_year, row.decimals),
        Cell::percent(region.growth_pct),
        Cell::percent(ahead),
        Cell::percent(region.share_pct),
        region.target.map_or_else(|| centred(DASH.to_owned()), |target| Cell::number(Some(target), target.scale())),
        Cell::percent(region.completion_pct),
        light.map_or_else(|| centred(DASH.to_owned()), |light| Cell::light(light, 0)),
    ];
    if edition.appearance.ranks {
        cells.push(centred(region.rank.map_or(DASH.to_owned(), |rank| rank.to_string())));
        cells.push(centred(change(region.rank_change)));
    }
    cells
}

/// `↑1`, `↓2`; "—" where the place is the same or there is none to compare with.
fn change(places: Option<i32>) -> String {
    match places {
        Some(up @ 1..) => format!("↑{up}"),
        Some(down @ ..=-1) => format!("↓{}", down.unsigned_abs()),
        _ => DASH.to_owned(),
    }
}

/// The notes and the source line below the table.
fn foot(edition: &Edition, number: u32, notes: &[String]) -> Vec<String> {
    let mut lines: Vec<_> = notes.iter().map(|note| format!("注：{note}。").replace("。。", "。")).collect();
    for row in edition.rows_of(number) {
        let remarks = super::indicators::remarks(edition, row);
        if !remarks.is_empty() {
            lines.push(format!("{} {}：{remarks}。", row.code, row.title).replace("。。", "。"));
        }
    }
    let mut files: Vec<_> = edition
        .rows_of(number)
        .flat_map(|row| &row.sources)
        .map(|source| format!("{}{}报送", edition.plan.department_name(&source.department), captions::day(source.received_at.date_naive())))
        .collect();
    files.sort();
    files.dedup();
    if !files.is_empty() {
        lines.push(format!("来源：{}，逐项出处见“数据来源”。目标未分解到市的，不评价各市亮灯。", files.join("、")));
    }
    lines
}
