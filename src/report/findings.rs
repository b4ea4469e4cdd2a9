//! 数据审核意见: what is still to be mended or explained, and the explanations given.
//!
//! Rows of named enterprises never leave their own department's book: the whole book says what is wrong, not about whom.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{DepartmentCode, Finding, FindingCode, Light, Place, Severity};
use crate::plan::heading::headings;
use crate::plan::{Dataset, Shape};
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let own: Vec<_> = edition.month.findings.iter().filter(|(department, _)| edition.is_of(department)).collect();
    let mut weighty: Vec<_> = own.iter().copied().filter(|(_, finding)| finding.severity != Severity::Note).collect();
    weighty.sort_by_key(|(department, finding)| (edition.place(department), finding.severity));
    let notes = own.len() - weighty.len();
    let told = if notes == 0 { String::new() } else { format!("；另有提示{notes}条") };
    let subtitle = format!("{}　　须修改和请说明共{}条{told}", edition.subtitle(), weighty.len());
    page::head(sheet, edition, theme, "数据审核意见", &subtitle)?;
    let columns = vec![
        column("序号", 6, 6),
        column("单位", 14, 16),
        column("级别", 10, 10),
        column("文件", 24, 36),
        column("工作表", 12, 18),
        column("单元格", 9, 10),
        column("审核意见", 40, 64),
        column("情况说明", 24, 44),
    ];
    let rows = (1..).zip(weighty).map(|(number, (department, finding))| line(edition, number, department, finding)).collect();
    let table = Table { name: "findings".to_owned(), columns, rows, empty: "没有待处理的审核意见" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    Ok(())
}

fn line(edition: &Edition, number: u32, department: &DepartmentCode, finding: &Finding) -> Row {
    let light = if finding.severity == Severity::Error { Light::Red } else { Light::Yellow };
    let place = &finding.place;
    let optional = |text: Option<&String>| Cell::text(Element::Centre, text.map_or(DASH, String::as_str));
    vec![
        Cell::count(number).centred(),
        Cell::text(Element::Name, edition.plan.department_name(department)),
        Cell::text(Element::Light(light), finding.severity.word()),
        Cell::text(Element::Note, &place.file),
        optional(place.sheet.as_ref()),
        Cell::text(Element::Centre, cells(finding)),
        Cell::text(Element::Text, message(edition, finding)),
        Cell::text(Element::Text, explanation(edition, finding)),
    ]
    .into()
}

/// `B5`, or the first cells of a group: `B5、B7、B9等20处`.
fn cells(finding: &Finding) -> String {
    let cells: Vec<String> = finding.cells().iter().take(CELLS_SHOWN).map(ToString::to_string).collect();
    match (cells.is_empty(), finding.count()) {
        (true, _) => DASH.to_owned(),
        (false, count) if count > cells.len() => format!("{}等{count}处", cells.join("、")),
        _ => cells.join("、"),
    }
}

/// So many cells stand in the narrow column.
const CELLS_SHOWN: usize = 4;

/// A finding's words; in the whole book without what identifies a listed row: its quoted names and its key.
fn message(edition: &Edition, finding: &Finding) -> String {
    let Some(dataset) = listed(edition, finding).filter(|_| finding.code != FindingCode::MonthOfTitle) else {
        return finding.message.clone();
    };
    let mut text = String::new();
    let mut rest = finding.message.as_str();
    while let Some((before, quoted, after)) = quotation(rest) {
        let shown = if is_vocabulary(edition, dataset, &finding.place, quoted) { quoted } else { UNNAMED };
        text.extend([before, "“", shown, "”"]);
        rest = after;
    }
    text.push_str(rest);
    let (one, two) = (format!("“{UNNAMED}”"), format!("“{UNNAMED}”“{UNNAMED}”"));
    while text.contains(&two) {
        text = text.replace(&two, &one);
    }
    let keys = finding.row_key.iter().flat_map(|key| key.split('|'));
    keys.filter(|name| name.chars().count() > 1 && !name.is_ascii()).fold(text, |text, name| text.replace(name, UNNAMED))
}

/// What the department says to it; of a listed row only that it has.
fn explanation(edition: &Edition, finding: &Finding) -> String {
    match &finding.explanation {
        None => DASH.to_owned(),
        Some(_) if listed(edition, finding).is_some() => "已作说明，见报送单位分册".to_owned(),
        Some(text) => text.clone(),
    }
}

/// Stands for a name that does not leave its department's book.
const UNNAMED: &str = "名称略";

/// The list a finding is about, where its rows may not be named: in the whole book.
fn listed<'a>(edition: &Edition<'a>, finding: &Finding) -> Option<&'a Dataset> {
    let dataset = edition.plan.dataset(finding.dataset.as_deref()?)?;
    (edition.department.is_none() && dataset.shape == Shape::Records).then_some(dataset)
}

/// The text before the first quotation, the quotation, the text after it.
fn quotation(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('“')?;
    let (quoted, after) = rest.split_once('”')?;
    Some((before, quoted, after))
}

/// Whether a quoted text is the form's own (a heading, a choice, a tab, a region) or a figure, and so names nobody.
fn is_vocabulary(edition: &Edition, dataset: &Dataset, place: &Place, quoted: &str) -> bool {
    // Headings carry the month: `1—6月累计` is `1—{month}月累计`.
    let masked = |text: &str| text.replace("{month}", "").chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let labels = dataset.columns.iter().flat_map(|column| column.labels.iter().flat_map(|label| label.split('/')));
    let choices = dataset.columns.iter().flat_map(|column| &column.choices);
    let regions = edition.plan.regions.iter().flat_map(|region| [&region.name, &region.short_name]);
    let own = choices.chain(&dataset.sheets).chain(&dataset.items).chain(regions).chain(&place.sheet).chain([&dataset.title, &place.file]);
    let figure = quoted.chars().count() <= 15 && quoted.chars().all(|c| c.is_ascii_digit() || ",.%+-−－／/".contains(c));
    // Where January is merged, or in January itself, the heading is not its label with other digits.
    let shown = || dataset.columns.iter().any(|column| headings(dataset, column, edition.month.period).shown == quoted);
    figure || own.map(String::as_str).any(|known| known == quoted) || labels.map(masked).any(|known| known == masked(quoted)) || shown()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FindingCode;
    use crate::present::sample;

    #[test]
    fn the_whole_book_says_what_is_wrong_and_not_about_whom() {
        let (plan, appearance, office, month) = (sample::plan(), sample::appearance(), sample::office(), sample::month());
        let whole = Edition::new(&plan, &appearance, &office, &month, None);
        let own = Edition::new(&plan, &appearance, &office, &month, plan.department(&sample::code("fgw")));
        let list = plan.datasets.iter().find(|dataset| dataset.shape == Shape::Records).unwrap();
        let place = Place { file: "甲.xlsx".into(), sheet: None, cell: "F9".parse().ok() };
        let region = &plan.regions[0].short_name;
        let said = format!("“某某科技公司”未开工，但“{region}”已填“1,200.5”，请核对。");
        let mut finding = Finding::new(FindingCode::RuleBroken, place, said.as_str());
        finding.dataset = Some(list.code.clone());
        finding.row_key = Some("2203-330100-04".to_owned());
        finding.explanation = Some("某某科技公司已垫付".to_owned());
        assert_eq!(message(&whole, &finding), format!("“名称略”未开工，但“{region}”已填“1,200.5”，请核对。"));
        assert_eq!(explanation(&whole, &finding), "已作说明，见报送单位分册");
        assert_eq!(message(&own, &finding), said);
        finding.message = "2行不计入：“甲公司”“乙公司”。".to_owned();
        assert_eq!(message(&whole, &finding), "2行不计入：“名称略”。");
        assert_eq!(explanation(&own, &finding), "某某科技公司已垫付");
    }
}
