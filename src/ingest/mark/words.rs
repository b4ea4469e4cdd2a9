//! A finding in the words of our sheet and of a comment: what is wrong, what stands there, what should, how to mend it.

use super::wanted::{BEGINS, LAST, Row, Spot};
use crate::model::{CellRef, Finding, FindingCode, Severity, answers};

/// Where a message turns from what is wrong to what is to be done.
const TURNS: [&str; 8] = ["，请", "。请", "；请", "：请", "。如", "：如", "，如", "。确"];

/// What is wrong, and what is to be done about it.
#[must_use]
pub fn parted(message: &str) -> (String, String) {
    let turn = TURNS.iter().filter_map(|turn| message.find(turn)).min();
    let Some((problem, rest)) = turn.and_then(|at| message.split_at_checked(at)) else {
        return (message.trim_end_matches('。').to_owned(), "请核对".to_owned());
    };
    let remedy: String = rest.chars().skip(1).collect();
    (problem.to_owned(), remedy.trim_end_matches('。').to_owned())
}

/// A message without what is quoted and without figures: the same from one hand-in to the next.
#[must_use]
pub fn skeleton(message: &str) -> String {
    let mut quoted = false;
    let kept = message.chars().filter(|c| {
        quoted = *c == '“' || (quoted && *c != '”');
        !quoted && !c.is_ascii() && !c.is_whitespace()
    });
    kept.collect()
}

/// What stands in the cell, and what should.
fn values(finding: &Finding) -> (String, String) {
    // What names other files, and patterns, tells an officer nothing.
    let is_foreign = matches!(finding.code, FindingCode::SameTableTwice | FindingCode::UndoesCorrection | FindingCode::PatternMismatch);
    let blank = if finding.code == FindingCode::MissingValue { "（空）" } else { "—" };
    let found = finding.found.as_deref().filter(|text| !text.trim().is_empty());
    let expected = finding.expected.as_deref().filter(|text| !is_foreign && !text.trim().is_empty());
    let found = found.filter(|_| !is_foreign || finding.code == FindingCode::PatternMismatch);
    let short =
        |text: &str| if text.chars().count() > VALUE_MAX { text.chars().take(VALUE_MAX).chain(['…']).collect() } else { text.to_owned() };
    (found.map_or_else(|| blank.to_owned(), short), expected.map_or_else(|| "—".to_owned(), short))
}

/// So much of a value is told.
const VALUE_MAX: usize = 120;

/// The row of our sheet for a finding that returns its file.
#[must_use]
pub fn row(finding: &Finding) -> Row {
    let (problem, remedy) = parted(&finding.message);
    let (found, expected) = values(finding);
    let count = finding.count();
    let cells = match finding.place.cell {
        None => "—".to_owned(),
        Some(cell) if count > 1 => format!("{cell}等{count}处"),
        Some(cell) => cell.to_string(),
    };
    let names: Vec<String> = members(finding).iter().map(|one| format!("{:016x}", answers::mark(&one.identity()))).collect();
    Row {
        severity: finding.severity,
        sheet: finding.place.sheet.clone().unwrap_or_default(),
        cell: finding.place.cell.or(finding.place.sheet.as_ref().map(|_| CellRef::new(0, 0))),
        cells,
        problem,
        found,
        expected,
        remedy,
        names: names.join(" "),
    }
}

/// The cells that are marked for a finding, each with its own words.
pub fn spots(finding: &Finding) -> impl Iterator<Item = Spot> {
    members(finding).iter().filter(|one| one.returns_file()).filter_map(|one| {
        let (sheet, cell) = (one.place.sheet.clone()?, one.place.cell?);
        Some(Spot { sheet, cell, severity: one.severity, text: comment(one) })
    })
}

/// The findings that one stands for, as far as they are known; itself, where it stands for none.
fn members(finding: &Finding) -> &[Finding] {
    match &finding.alike {
        Some(alike) if !alike.members.is_empty() => &alike.members,
        _ => std::slice::from_ref(finding),
    }
}

/// Four lines: 类别：问题 / 表中是 / 应当是 / 怎样改.
fn comment(finding: &Finding) -> String {
    let (problem, remedy) = parted(&finding.message);
    let (found, expected) = values(finding);
    let [mend, explain] = BEGINS;
    let word = if finding.severity == Severity::Error { mend } else { explain };
    let mut lines = vec![format!("{word}{problem}"), format!("表中是：{found}")];
    if expected != "—" {
        lines.push(format!("应当是：{expected}"));
    }
    lines.push(format!("{LAST}{remedy}"));
    lines.join("\n")
}

/// A 提示 as one line: `技改项目 F10：…`.
#[must_use]
pub fn note(finding: &Finding) -> String {
    let place = [finding.place.sheet.clone(), finding.place.cell.map(|cell| cell.to_string())];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let told = finding.told();
    if place.is_empty() { told } else { format!("{}：{told}", place.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn a_message_is_parted_where_it_turns_to_what_is_to_be_done() {
        let parts = |message: &str| {
            let (problem, remedy) = parted(message);
            format!("{problem}|{remedy}")
        };
        assert_eq!(parts("“1—6月累计”未填，请补填；确为零请填0。"), "“1—6月累计”未填|请补填；确为零请填0");
        assert_eq!(parts("累计4.48亿元，少于4.98亿元，如属核减请说明原因。"), "累计4.48亿元，少于4.98亿元|如属核减请说明原因");
        assert_eq!(parts("没有数据行。如漏填请补报。"), "没有数据行|如漏填请补报");
        assert_eq!(parts("不是表"), "不是表|请核对");
    }

    #[test]
    fn a_row_tells_all_that_the_comment_does() {
        let place = Place { file: "a.xlsx".into(), sheet: Some("投资".into()), cell: "C7".parse().ok() };
        let finding = Finding::new(FindingCode::MissingValue, place, "“累计”未填，请补填。");
        let row = row(&finding);
        assert_eq!(
            (row.cells.as_str(), row.problem.as_str(), row.found.as_str(), row.expected.as_str()),
            ("C7", "“累计”未填", "（空）", "—")
        );
        assert_eq!(row.names.len(), 16);
        let spots: Vec<Spot> = spots(&finding).collect();
        assert_eq!(spots[0].text, "须修改：“累计”未填\n表中是：（空）\n怎样改：请补填");
    }

    #[test]
    fn figures_and_quotes_do_not_count_for_what_is_the_same_problem() {
        assert_eq!(skeleton("“杭州”1—6月累计563.57亿元，少于"), skeleton("“宁波”1—6月累计1.2亿元，少于"));
    }
}
