//! The figures of a measure: for each indicator the province first, then the regions in the plan's order.
//!
//! ```text
//! 指标 │ 地区 │ 单位 │ 数据期 │ 当月 │ 累计 │ 上年同期 │ 累计同比 │ 与全省增速之差 │ 占全省 │ 年度目标 │ 完成年度目标 │ 亮灯 │ 位次 │ 位次变化
//! 6.2 技术改造投资  全省 …   (stands out)
//! 6.2               杭州市 …
//! ```
//!
//! Columns that can hold nothing in this measure (no growth, nothing ranked) are left out.

use rust_decimal::Decimal;

use crate::model::{GreyReason, IndicatorRow, RegionFigure, SourceItem};
use crate::present::theme::Element;
use crate::report::edition::Edition;
use crate::report::indicators;
use crate::report::table::{Cell, DASH, Row, Table, column};

/// Which columns are left out.
#[derive(Debug, Clone, Copy)]
struct Shown {
    growth: bool,
    share: bool,
    ranks: bool,
}

impl Shown {
    fn of(edition: &Edition, number: u32) -> Self {
        let planned = edition.plan.measure(number).is_some_and(|measure| measure.indicators.iter().any(|one| one.growth.is_some()));
        let regions = || edition.rows_of(number).flat_map(|row| &row.regions);
        let compared = |row: &IndicatorRow| row.last_year.is_some() || row.growth_pct.is_some();
        Self {
            growth: planned || edition.rows_of(number).any(compared) || regions().any(|region| region.last_year.is_some()),
            share: regions().next().is_some(),
            ranks: edition.appearance.ranks && (planned || regions().any(|region| region.rank.is_some())),
        }
    }

    /// Whether the table has the column at `at` of all.
    fn has(self, at: usize) -> bool {
        match at {
            6..=8 => self.growth,
            9 => self.share,
            13.. => self.ranks,
            _ => true,
        }
    }

    fn only<T>(self, all: Vec<T>) -> Vec<T> {
        all.into_iter().enumerate().filter(|(at, _)| self.has(*at)).map(|(_, one)| one).collect()
    }
}

/// The rows the table of measure `number` takes below its header.
pub fn height(edition: &Edition, number: u32) -> u32 {
    let rows = edition.rows_of(number).map(|row| 1 + row.regions.len()).sum::<usize>();
    u32::try_from(rows.max(1)).unwrap_or(u32::MAX / 2)
}

/// The whole table.
pub fn table(edition: &Edition, number: u32) -> Table {
    let shown = Shown::of(edition, number);
    let columns = vec![
        column("指标", 20, 36),
        column("地区", 10, 13),
        column("单位", 6, 8),
        column("数据期", 8, 8),
        column("当月", 9, 13),
        column("累计", 10, 13),
        column("上年同期", 10, 13),
        column("累计同比（%）", 9, 9),
        column("与全省增速之差（百分点）", 14, 14),
        column("占全省（%）", 8, 8),
        column("年度目标", 12, 16),
        column("完成年度目标（%）", 12, 12),
        column("亮灯（连续期数）", 12, 12),
        column("位次", 7, 7),
        column("位次变化", 9, 9),
    ];
    let mut rows = Vec::new();
    for row in edition.rows_of(number) {
        rows.push(Row { cells: shown.only(province(edition, row)), strong: true });
        rows.extend(row.regions.iter().map(|region| Row::from(shown.only(of_region(edition, row, region)))));
    }
    let figures = edition.plan.measure(number).is_some_and(|measure| !measure.indicators.is_empty());
    let empty =
        if figures { "本项举措在本册没有可列的指标" } else { "本项举措没有量化指标，见“重点任务”" };
    Table { name: format!("measure_{number:02}"), columns: shown.only(columns), rows, empty }
}

fn province(edition: &Edition, row: &IndicatorRow) -> Vec<Cell> {
    let share = row.regions.iter().any(|region| region.share_pct.is_some()).then_some(Decimal::new(1000, 1));
    let dash = || Cell::text(Element::Centre, DASH);
    vec![
        Cell::text(Element::Name, format!("{} {}", row.code, row.title)),
        Cell::text(Element::Name, &edition.plan.province.short_name),
        Cell::text(Element::Centre, &row.unit),
        Cell::text(Element::Centre, edition.data_label(row).unwrap_or_else(|| DASH.to_owned())),
        Cell::number(row.month, row.decimals).linked(edition.source_link(&row.code, None)),
        Cell::figure(row.year_to_date, row.decimals, row.light).linked(edition.source_link(&row.code, None)),
        Cell::number(row.last_year, row.decimals).linked(edition.item_link(&row.code, None, SourceItem::LastYear)),
        Cell::percent(row.growth_pct).linked(edition.item_link(&row.code, None, SourceItem::ReportedGrowth)),
        Cell::missing(DASH),
        Cell::percent(share),
        indicators::target(row),
        Cell::percent(row.completion_pct),
        if row.tracking { dash() } else { Cell::light(row.light, row.periods_in_row) },
        dash(),
        dash(),
    ]
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
    vec![
        // The title stands in the indicator's first row; here its code is enough to filter by.
        Cell::text(Element::Note, &row.code),
        Cell::text(Element::Text, &region.name),
        Cell::text(Element::Centre, &row.unit),
        centred(edition.data_label(row).unwrap_or_else(|| DASH.to_owned())),
        Cell::number(region.month, row.decimals).linked(edition.source_link(&row.code, Some(&region.code))),
        value.linked(edition.source_link(&row.code, Some(&region.code))),
        Cell::number(region.last_year, row.decimals).linked(edition.item_link(&row.code, Some(&region.code), SourceItem::LastYear)),
        Cell::percent(region.growth_pct).linked(edition.item_link(&row.code, Some(&region.code), SourceItem::ReportedGrowth)),
        Cell::percent(ahead),
        Cell::percent(region.share_pct),
        region.target.map_or_else(|| centred(DASH.to_owned()), |target| Cell::number(Some(target), target.scale())),
        Cell::percent(region.completion_pct),
        light.map_or_else(|| centred(DASH.to_owned()), |light| Cell::light(light, 0)),
        centred(region.rank.map_or(DASH.to_owned(), |rank| rank.to_string())),
        centred(change(region.rank_change)),
    ]
}

/// `↑1`, `↓2`; "—" where the place is the same or there is none to compare with.
fn change(places: Option<i32>) -> String {
    match places {
        Some(up @ 1..) => format!("↑{up}"),
        Some(down @ ..=-1) => format!("↓{}", down.unsigned_abs()),
        _ => DASH.to_owned(),
    }
}
