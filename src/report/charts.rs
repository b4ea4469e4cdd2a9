//! Native charts, drawn from cells that stand on the same sheet.

use rust_xlsxwriter::{Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, Color};

use crate::model::Light;
use crate::present::theme::{self, GREY, Theme};

/// The lights of the overview's series, in the order of its columns from the second on.
pub const SERIES: [(Light, &str); 4] = [(Light::Green, "绿"), (Light::Yellow, "黄"), (Light::Red, "红"), (GREY, "灰")];

/// Cells of one chart: a header, categories and values in `first..=last`.
pub struct Region<'a> {
    pub tab: &'a str,
    pub first: u32,
    pub last: u32,
    pub names: u16,
    pub values: u16,
    pub title: String,
}

/// Stacked bars, one an action; zero labels stay away.
pub fn lights(theme: &Theme, tab: &str, header: u32, count: u32, (width, height): (u32, u32)) -> Chart {
    let mut chart = Chart::new(ChartType::BarStacked);
    let font = font(theme, 9);
    for (column, (light, _)) in (1u16..).zip(SERIES) {
        let mut label = ChartDataLabel::new();
        label.show_value().set_num_format("0;;;").set_font(&font);
        chart
            .add_series()
            .set_name((tab, header, column))
            .set_categories((tab, header + 1, 0, header + count, 0))
            .set_values((tab, header + 1, column, header + count, column))
            .set_gap(45)
            .set_overlap(100)
            .set_format(&mut fill(theme::chart_colour(light)))
            .set_data_label(&label);
    }
    // A bar chart's categories stand on the y axis; they read from top to bottom as in the table.
    chart.y_axis().set_reverse().set_font(&font).set_format(&mut no_line());
    chart.x_axis().set_hidden(true).set_major_gridlines(false);
    chart.title().set_hidden();
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    chart.chart_area().set_format(&mut no_line());
    chart.set_width(width).set_height(height);
    chart.set_alt_text("各项行动的绿、黄、红、灰指标项数");
    chart
}

/// The pixels a chart of regions is high.
pub const REGIONS_HEIGHT: u32 = 200;

/// Columns, one a region, in the table's order: regions are no sequence, so no line joins them.
pub fn regions(theme: &Theme, region: &Region, width: u32) -> Chart {
    let mut chart = Chart::new(ChartType::Column);
    let font = font(theme, 9);
    chart
        .add_series()
        .set_name(region.title.as_str())
        .set_categories((region.tab, region.first, region.names, region.last, region.names))
        .set_values((region.tab, region.first, region.values, region.last, region.values))
        .set_gap(70)
        .set_format(&mut fill(0x80_A6_CC));
    let mut title = self::font(theme, 10);
    title.set_bold();
    chart.title().set_name(region.title.as_str()).set_font(&title);
    chart.x_axis().set_font(&font);
    let mut rule = ChartLine::new();
    rule.set_color(Color::RGB(theme.palette.rule)).set_width(0.5);
    chart.y_axis().set_font(&font).set_major_gridlines(true).set_major_gridlines_line(&rule).set_format(&mut no_line());
    chart.legend().set_hidden();
    chart.chart_area().set_format(&mut no_line());
    chart.set_width(width).set_height(REGIONS_HEIGHT);
    chart.set_alt_text(format!("分市：{}", region.title));
    chart
}

fn font(theme: &Theme, size: u8) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(theme.body_font()).set_size(size).set_color(Color::RGB(theme.palette.ink));
    font
}

fn fill(colour: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(colour)));
    format
}

fn no_line() -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_line(ChartLine::new().set_hidden(true));
    format
}
