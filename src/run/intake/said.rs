//! What was typed on the sheet of a returned workbook answers: the findings it stood beside, or such as say the same of the same cell.

use std::collections::BTreeMap;

use super::remarks::shortened;
use crate::ingest::mark::said::Said;
use crate::ingest::mark::words::{parted, skeleton};
use crate::model::{Finding, FindingCode, Place, Severity, answers};

/// Identity of a finding → text; and what met no finding, told so that it is not lost.
#[must_use]
pub fn answers(file: &str, said: &[Said], findings: &[Finding]) -> (BTreeMap<String, String>, Vec<Finding>) {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut used = vec![false; said.len()];
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Explain) {
        let mark = answers::mark(&finding.identity());
        for (one, used) in said.iter().zip(&mut used).filter(|(one, _)| is_about(one, finding, mark)) {
            *used = true;
            found.entry(finding.identity()).or_insert_with(|| one.text.clone());
        }
    }
    let kept = said.iter().zip(&used).filter(|(_, used)| !**used).map(|(one, _)| kept(file, one)).collect();
    (found, kept)
}

fn is_about(said: &Said, finding: &Finding, mark: u64) -> bool {
    if !said.names.is_empty() {
        return said.names.contains(&mark);
    }
    let same_sheet = finding.place.sheet.as_deref().unwrap_or("整个文件") == said.sheet;
    let same_cell = match (said.cell, finding.place.cell) {
        (Some(said_of), Some(cell)) => said_of == cell || (said.several && said_of.column == cell.column),
        (None, cell) => cell.is_none(),
        (Some(_), None) => false,
    };
    same_sheet && same_cell && skeleton(&said.problem) == skeleton(&parted(&finding.message).0)
}

fn kept(file: &str, one: &Said) -> Finding {
    let place = Place { file: file.to_owned(), sheet: Some(one.on.clone()), cell: Some(one.at) };
    let of = one.cell.map(|cell| cell.to_string()).unwrap_or_default();
    let message = format!("“{}”{of}的情况说明“{}”已收悉，留存备查（本次没有与之对应的“请说明”）。", one.sheet, shortened(&one.text));
    Finding { found: Some(Finding::kept(one.text.clone())), ..Finding::new(FindingCode::RemarkKept, place, message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    fn finding(cell: &str, message: &str) -> Finding {
        let place = Place { file: "表.xlsx".to_owned(), sheet: Some("投资".to_owned()), cell: cell.parse().ok() };
        Finding { found: Some("1".to_owned()), ..Finding::new(FindingCode::CumulativeDecreased, place, message) }
    }

    fn said(names: Vec<u64>, cell: &str, problem: &str) -> Said {
        Said {
            names,
            sheet: "投资".to_owned(),
            cell: cell.parse().ok(),
            several: false,
            problem: problem.to_owned(),
            text: "核减两个项目".to_owned(),
            on: "数据审核意见".to_owned(),
            at: CellRef::new(6, 8),
        }
    }

    #[test]
    fn a_text_answers_what_it_stood_beside_and_nothing_else() {
        let one = finding("C5", "累计4.48亿元，少于4.98亿元，如属核减请说明原因。");
        let named = said(vec![answers::mark(&one.identity())], "Z9", "");
        assert_eq!(super::answers("", &[named], std::slice::from_ref(&one)).0.len(), 1);
        let other = said(vec![7], "C5", "累计4.48亿元，少于4.98亿元");
        let (found, kept) = super::answers("", &[other], &[one]);
        assert!(found.is_empty() && kept[0].code == FindingCode::RemarkKept && kept[0].message.contains("核减两个项目"));
    }

    #[test]
    fn without_the_hidden_column_sheet_cell_and_problem_tell() {
        let one = finding("C5", "累计4.48亿元，少于4.98亿元，如属核减请说明原因。");
        for (cell, problem, expected) in
            [("C5", "累计9亿元，少于10亿元", 1), ("C6", "累计4.48亿元，少于4.98亿元", 0), ("C5", "疑似填反", 0)]
        {
            assert_eq!(
                super::answers("", &[said(vec![], cell, problem)], std::slice::from_ref(&one)).0.len(),
                expected,
                "{cell} {problem}"
            );
        }
    }

    #[test]
    fn what_must_be_mended_is_never_explained() {
        let error = finding("C5", "x").with(Severity::Error);
        assert!(super::answers("", &[said(vec![answers::mark(&error.identity())], "C5", "x")], &[error]).0.is_empty());
    }
}
