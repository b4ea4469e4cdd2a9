//! Native charts, drawn from cells that stand on the same sheet.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartDataLabel, ChartDataLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartMarkerType, ChartSolidFill, ChartType, Color,
};

use crate::model::Light;
use crate::present::theme::{self, GREY, Theme};

/// The columns of regions, of values to date, and of their growth; none before them is ever left out.
pub const REGIONS: u16 = 1;
pub const VALUES: u16 = 5;
pub const GROWTH: u16 = 7;

/// The lights of the overview's series, in the order of its columns from the second on.
pub const SERIES: [(Light, &str); 4] = [(Light::Green, "绿"), (Light::Yellow, "黄"), (Light::Red, "红"), (GREY, "灰")];

/// The cells of one indicator's regions, `first..=last` of a measure's figures.
pub struct Region<'a> {
    pub tab: &'a str,
    pub first: u32,
    pub last: u32,
    /// Whether every region has a growth to mark.
    pub growth: bool,
    pub title: String,
    pub unit: String,
}

/// The cells of one indicator's months: `row` holds its figures, the next one its pace.
pub struct Line<'a> {
    pub tab: &'a str,
    pub header: u32,
    pub row: u32,
    pub first: u16,
    pub last: u16,
    pub title: String,
    /// On pace or ahead of it.
    pub ahead: bool,
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

/// Columns of values to date, one a region, in the table's order, with markers for growth on a second axis.
///
/// Regions are no sequence, so no line joins the markers.
pub fn regions(theme: &Theme, region: &Region) -> Chart {
    let mut chart = Chart::new(ChartType::Column);
    let font = font(theme, 9);
    let names = (region.tab, region.first, REGIONS, region.last, REGIONS);
    chart
        .add_series()
        .set_name(&format!("累计（{}）", region.unit))
        .set_categories(names)
        .set_values((region.tab, region.first, VALUES, region.last, VALUES))
        .set_gap(70)
        .set_format(&mut fill(theme.palette.columns));
    if region.growth {
        let mut growth = Chart::new(ChartType::Line);
        let mut marker = ChartMarker::new();
        marker.set_type(ChartMarkerType::Diamond).set_size(8).set_format(&mut fill(theme.palette.contrast));
        growth
            .add_series()
            .set_name("累计同比（%，右轴）")
            .set_categories(names)
            .set_values((region.tab, region.first, GROWTH, region.last, GROWTH))
            .set_secondary_axis(true)
            .set_format(&mut no_line())
            .set_marker(&marker);
        growth.y2_axis().set_font(&font).set_num_format("0.0").set_format(&mut no_line()).set_major_gridlines(false);
        chart.combine(&growth);
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    } else {
        chart.legend().set_hidden();
    }
    let unit = if region.growth { String::new() } else { format!("（{}）", region.unit) };
    let title = format!("{}{unit}", region.title);
    chart.x_axis().set_font(&font).set_label_position(ChartAxisLabelPosition::Low);
    framed(&mut chart, theme, &title);
    chart.set_alt_text(title);
    chart
}

/// How far the year's target is reached month by month, against its pace: a line with markers and a dashed one.
pub fn months(theme: &Theme, line: &Line) -> Chart {
    let mut chart = Chart::new(ChartType::Line);
    let font = font(theme, 9);
    // The lines' last points bear their figures, on the side away from each other.
    let (above, below) = (ChartDataLabelPosition::Above, ChartDataLabelPosition::Below);
    let sides = if line.ahead { (above, below) } else { (below, above) };
    let ink = |width: f64, colour: u32| {
        let mut stroke = ChartLine::new();
        stroke.set_color(Color::RGB(colour)).set_width(width);
        stroke
    };
    let mut dashes = ink(1.5, theme.palette.muted);
    dashes.set_dash_type(ChartLineDashType::Dash);
    for (row, stroke, side, marked) in [(line.row, ink(2.25, theme.palette.accent), sides.0, true), (line.row + 1, dashes, sides.1, false)]
    {
        let mut marker = ChartMarker::new();
        if marked {
            marker.set_type(ChartMarkerType::Circle).set_size(5).set_format(&mut fill(theme.palette.accent));
        } else {
            marker.set_none();
        }
        let mut label = ChartDataLabel::new();
        label.show_value().set_position(side).set_num_format("0.0").set_font(&font);
        let mut hidden = vec![ChartDataLabel::new().set_hidden().clone(); usize::from(line.last - line.first)];
        hidden.push(label.clone());
        chart
            .add_series()
            .set_name((line.tab, row, 1))
            .set_categories((line.tab, line.header, line.first, line.header, line.last))
            .set_values((line.tab, row, line.first, row, line.last))
            .set_format(&mut ChartFormat::new().set_line(&stroke).clone())
            .set_marker(&marker)
            .set_data_label(&label)
            .set_custom_data_labels(&hidden);
    }
    chart.x_axis().set_font(&font);
    chart.y_axis().set_min(0).set_num_format("0");
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    framed(&mut chart, theme, &line.title);
    chart.set_alt_text(format!("{}：各月完成进度与序时进度", line.title));
    chart
}

/// Title, thin gridlines, no frame.
fn framed(chart: &mut Chart, theme: &Theme, title: &str) {
    let mut bold = font(theme, 10);
    bold.set_bold();
    chart.title().set_name(title).set_font(&bold).set_overlay(false);
    let mut rule = ChartLine::new();
    rule.set_color(Color::RGB(theme.palette.rule)).set_width(0.5);
    let axis = chart.y_axis().set_font(&font(theme, 9)).set_major_gridlines(true).set_major_gridlines_line(&rule);
    axis.set_format(&mut no_line());
    chart.chart_area().set_format(&mut no_line());
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
