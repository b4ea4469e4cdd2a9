//! What a file's own 情况说明 answers: a column its row's 请说明, a line or the total row the table's, a tick an empty or an equal list.
//!
//! What is asked about the reading itself (rows that nobody read, sheets that compete, rows that deny themselves) is never answered
//! by words beside a figure.

use std::collections::BTreeMap;

use crate::ingest::remarks::{About, Remark};
use crate::model::{Finding, FindingCode, Place, RegionCode, Severity};
use crate::plan::Plan;

/// The answers of a file's remarks: identity of a finding → text; and what answered nothing, told so that it is not lost.
#[must_use]
pub fn answers(plan: &Plan, file: &str, remarks: &[Remark], findings: &[Finding]) -> (BTreeMap<String, String>, Vec<Finding>) {
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    let mut used = vec![false; remarks.len()];
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Explain) {
        for (remark, used) in remarks.iter().zip(&mut used).filter(|(remark, _)| is_answer(plan, remark, finding)) {
            *used = true;
            // The nearest comes first: what a row says goes before what is said of the table.
            answers.entry(finding.identity()).or_insert_with(|| remark.text.clone());
        }
    }
    let is_told =
        |remark: &Remark| remark.about != About::NothingNew && !matches!(remark.about, About::Table if told_of_row(remarks, remark));
    let kept = remarks.iter().zip(&used).filter(|(remark, used)| !**used && is_told(remark));
    (answers, kept.map(|(remark, _)| kept_finding(file, remark)).collect())
}

/// The total row's words are gathered twice: of the row, and of the table.
fn told_of_row(remarks: &[Remark], remark: &Remark) -> bool {
    remarks.iter().any(|other| matches!(other.about, About::Row(_)) && (&other.sheet, other.cell) == (&remark.sheet, remark.cell))
}

fn kept_finding(file: &str, remark: &Remark) -> Finding {
    let place = Place { file: file.to_owned(), sheet: Some(remark.sheet.clone()), cell: Some(remark.cell) };
    let message = format!("情况说明“{}”已收悉，留存备查（没有与之对应的“请说明”）。", shortened(&remark.text));
    let finding = Finding::new(FindingCode::RemarkKept, place, message);
    Finding { dataset: Some(remark.dataset.clone()), found: Some(Finding::kept(remark.text.clone())), ..finding }
}

/// As much of a text as is told.
pub(super) fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let short: String = text.chars().take(CHARS_MAX).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn is_answer(plan: &Plan, remark: &Remark, finding: &Finding) -> bool {
    if finding.dataset.as_deref() != Some(&remark.dataset) {
        return false;
    }
    let same_sheet = finding.place.sheet.as_deref() == Some(&remark.sheet);
    match remark.about {
        About::NothingNew => matches!(finding.code, FindingCode::ListEmptied | FindingCode::SameAsLastMonth),
        _ if is_of_reading(finding.code) => false,
        About::Row(row) => {
            same_sheet && finding.place.cell.is_some_and(|cell| cell.row == row) && is_of_cell(finding) && !is_of_table(finding.code)
        }
        About::Column(column) => {
            same_sheet && finding.place.cell.is_some_and(|cell| cell.column == column) && is_of_cell(finding) && !is_of_table(finding.code)
        }
        // Of one row among others only where it is named.
        About::Table => is_of_table(finding.code) || finding.row_key.as_deref().is_none_or(|key| names(plan, &remark.text, key)),
    }
}

/// Whether a text names the row of that key: the city, the project.
fn names(plan: &Plan, text: &str, key: &str) -> bool {
    let region = plan.region(&RegionCode(key.to_owned()));
    region.map_or_else(|| !key.is_empty() && text.contains(key), |region| text.contains(&region.short_name))
}

/// About a row's cell or a total's, not about a column or a table set at its first cell.
fn is_of_cell(finding: &Finding) -> bool {
    let at_cell = matches!(
        finding.code,
        FindingCode::TotalMismatch | FindingCode::FormulaDiffers | FindingCode::ApproximateNumber | FindingCode::RegionNoted
    );
    finding.row_key.is_some() || at_cell
}

/// About the table, though it stands at a cell.
fn is_of_table(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::ListEmptied
            | FindingCode::ListShrank
            | FindingCode::SameAsLastMonth
            | FindingCode::AllZero
            | FindingCode::LastYearUnchanged
            | FindingCode::ProvinceOwn
    )
}

/// About what was read, not about what a figure says.
fn is_of_reading(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::UnreadCells
            | FindingCode::SheetsCompete
            | FindingCode::HiddenSheet
            | FindingCode::StruckThrough
            | FindingCode::DeniedRows
            | FindingCode::MonthOfTitle
            | FindingCode::SameTableTwice
            | FindingCode::UndoesCorrection
            | FindingCode::ListOfAnotherYear
            | FindingCode::CutAtRowLimit
            | FindingCode::UnitUnknown
            | FindingCode::ExtraColumn
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;
    use crate::present::sample;

    fn remark(about: About, text: &str) -> Remark {
        Remark { dataset: "investment".to_owned(), sheet: "投资".to_owned(), cell: CellRef::new(5, 6), about, text: text.to_owned() }
    }

    fn finding(code: FindingCode, row: u32, key: Option<&str>) -> Finding {
        let place = Place { file: "表.xlsx".to_owned(), sheet: Some("投资".to_owned()), cell: Some(CellRef::new(row, 2)) };
        let finding = Finding { dataset: Some("investment".to_owned()), row_key: key.map(str::to_owned), ..Finding::new(code, place, "") };
        finding.with(Severity::Explain)
    }

    fn answered(remark: Remark, finding: &Finding) -> bool {
        let (answers, kept) = answers(&sample::plan(), "表.xlsx", &[remark], std::slice::from_ref(finding));
        assert_eq!(answers.is_empty(), !kept.is_empty(), "what answers nothing is kept");
        !answers.is_empty()
    }

    #[test]
    fn a_column_answers_its_own_row_and_nothing_of_the_table() {
        let own = finding(FindingCode::CumulativeDecreased, 5, Some("330200"));
        assert!(answered(remark(About::Row(5), "核减重复入统项目"), &own));
        assert!(!answered(remark(About::Row(6), "核减重复入统项目"), &own));
        assert!(!answered(remark(About::Row(5), "核减重复入统项目"), &finding(FindingCode::ListShrank, 5, None)));
        assert!(!answered(remark(About::Row(5), "核减重复入统项目"), &finding(FindingCode::UnitFactor, 5, None)), "a whole column's");
    }

    #[test]
    fn a_line_answers_the_table_and_the_rows_it_names() {
        assert!(answered(remark(About::Table, "两个项目已调出"), &finding(FindingCode::ListShrank, 5, None)));
        let city = sample::plan().regions[0].clone();
        let own = finding(FindingCode::CumulativeDecreased, 5, Some(&city.code.0));
        assert!(answered(remark(About::Table, &format!("{}核减两个项目", city.short_name)), &own));
        assert!(!answered(remark(About::Table, "核减两个项目"), &own));
    }

    #[test]
    fn what_is_asked_about_the_reading_is_never_answered_beside_a_figure() {
        for code in [FindingCode::UnreadCells, FindingCode::DeniedRows, FindingCode::SheetsCompete, FindingCode::MonthOfTitle] {
            for about in [About::Row(5), About::Column(2), About::Table] {
                assert!(!answered(remark(about, "情况属实不必修改"), &finding(code, 5, None)), "{code:?}");
            }
        }
    }

    #[test]
    fn a_tick_answers_an_empty_list_and_one_that_stayed_alike() {
        for (code, expected) in [(FindingCode::ListEmptied, true), (FindingCode::SameAsLastMonth, true), (FindingCode::ListShrank, false)] {
            let (answers, kept) = answers(&sample::plan(), "", &[remark(About::NothingNew, "本月无新增")], &[finding(code, 5, None)]);
            assert_eq!((!answers.is_empty(), kept.len()), (expected, 0), "{code:?}");
        }
    }
}
