//! The first sheet: when, to whom and how, what the colours mean, and the tables with their days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_xlsxwriter::{FormatAlign, Worksheet, XlsxError};

use super::request::{Request, title};
use crate::plan::Dataset;
use crate::plan::form::{GUIDE_HEADS, GUIDE_SHEET};
use crate::present::captions;
use crate::present::theme::{Element, Theme};
use crate::report::page::{self, Orientation};

const WIDTHS: [u32; 3] = [16, 62, 22];
const FIRST_ROW: u32 = 3;

/// Draws it; it is what opens.
pub fn draw(sheet: &mut Worksheet, request: &Request, theme: &Theme, datasets: &[&Dataset]) -> Result<(), XlsxError> {
    let settings = request.settings;
    sheet.set_name(GUIDE_SHEET)?.set_active(true);
    let marks = page::marks_of(&settings.appearance);
    page::paper(sheet, &marks, theme, Orientation::Portrait);
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, f64::from(width))?;
    }
    sheet.write_string_with_format(0, 0, title(request), &theme.format(Element::Title))?.set_row_height(0, 34)?;
    sheet.write_string_with_format(1, 0, &marks, &theme.format(Element::Subtitle))?;
    for (row, (head, text)) in (FIRST_ROW..).zip(GUIDE_HEADS.iter().zip(texts(request, datasets))) {
        sheet.write_string_with_format(row, 0, *head, &theme.format(Element::Name))?;
        sheet.write_string_with_format(row, 1, &text, &theme.format(Element::Text))?;
        example(sheet, request, theme, row, head)?;
        let lines = crate::present::widths::lines(&text, 60, Element::Text.size());
        sheet.set_row_height(row, if lines > 1 { 40 } else { 26 })?;
    }
    list(sheet, request, theme, datasets)?;
    sheet.protect();
    Ok(())
}

/// What each row says.
fn texts(request: &Request, datasets: &[&Dataset]) -> [String; 10] {
    let settings = request.settings;
    let address = settings.mail.reply_to.as_deref().unwrap_or(&settings.mail.from);
    [
        when(request, datasets),
        format!("{}　{address}", settings.office.name),
        "填好各表，把本工作簿作为附件发回。文件名不必改，可只报部分表；未报的表可另行补报。".to_owned(),
        "要填的。带“*”的栏必填。未报请留空，确为零请填0。".to_owned(),
        "上月已报，供对照，不必改。".to_owned(),
        "点格子右侧箭头选择；粘贴时请用“只粘贴数值”。".to_owned(),
        "清单可插入行、可增减行，空行不必删。表头请不要改。清单与上月相同的，在表上方“本月无新增”处选“√”。".to_owned(),
        "累计比上月少、增减很大、合计大于各市之和的，在该行“情况说明”栏写原因；全表的情况写在表下“情况说明：”后面。".to_owned(),
        "严禁在本表填写、附带涉密内容。".to_owned(),
        format!("{}　{}", settings.office.contact, settings.office.phone),
    ]
}

/// `8月8日（星期一）17时前。统计增速、新能源汽车产量为8月18日（星期四）17时前。`
fn when(request: &Request, datasets: &[&Dataset]) -> String {
    let mut days: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
    for dataset in datasets {
        days.entry(request.plan.calendar.due(request.period, dataset.due_day)).or_default().push(sheet_name(dataset));
    }
    let hour = request.settings.schedule.deadline_hour;
    let mut days: Vec<(NaiveDate, Vec<&str>)> = days.into_iter().collect();
    // The day of most tables goes without their names.
    days.sort_by_key(|(day, names)| (usize::MAX - names.len(), *day));
    let said = days.iter().enumerate().map(|(at, (day, names))| {
        let day = captions::due(*day, hour);
        if at == 0 { format!("{day}前。") } else { format!("{}为{day}前。", names.join("、")) }
    });
    said.collect()
}

fn example(sheet: &mut Worksheet, request: &Request, theme: &Theme, row: u32, head: &str) -> Result<(), XlsxError> {
    let centred = |element: Element| theme.format(element).set_align(FormatAlign::Center).set_locked();
    match head {
        "黄色格" => sheet.write_string_with_format(row, 2, "要填", &centred(Element::Entry))?,
        "灰色格" => sheet.write_string_with_format(row, 2, "512.40", &centred(Element::Past(2)))?,
        "下拉格" => {
            let city = request.plan.regions.first().map_or("请选择", |region| region.name.as_str());
            sheet.write_string_with_format(row, 2, format!("{city}　▼"), &centred(Element::Entry))?
        }
        _ => sheet.write_blank(row, 2, &theme.format(Element::Text))?,
    };
    Ok(())
}

/// The tables, each leading to its sheet.
fn list(sheet: &mut Worksheet, request: &Request, theme: &Theme, datasets: &[&Dataset]) -> Result<(), XlsxError> {
    let mut row = FIRST_ROW + 10 + 1;
    sheet.write_string_with_format(row, 0, format!("要报的表　{}张", datasets.len()), &theme.format(Element::Section))?;
    sheet.set_row_height(row, 24)?;
    row += 1;
    for (column, heading) in (0u16..).zip(["表", "内容", "截止"]) {
        sheet.write_string_with_format(row, column, heading, &theme.format(Element::FormHeading))?;
    }
    sheet.set_row_height(row, 20)?;
    for dataset in datasets {
        row += 1;
        let due = captions::due(request.plan.calendar.due(request.period, dataset.due_day), request.settings.schedule.deadline_hour);
        let name = sheet_name(dataset);
        let link = format!("internal:'{}'!A1", name.replace('\'', "''"));
        sheet.write_url_with_format(row, 0, link.as_str(), &theme.format(Element::Link))?;
        sheet.write_string_with_format(row, 0, name, &theme.format(Element::Link))?;
        sheet.write_string_with_format(row, 1, &dataset.title, &theme.format(Element::Text))?;
        sheet.write_string_with_format(row, 2, due, &theme.format(Element::Centre))?;
        sheet.set_row_height(row, 20)?;
    }
    Ok(())
}

fn sheet_name(dataset: &Dataset) -> &str {
    dataset.sheets.first().unwrap_or(&dataset.title)
}
