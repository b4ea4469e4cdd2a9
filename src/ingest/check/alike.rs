//! Like findings told as one: thousands of bad cells in a column are one remark with a count and the first cells.
//!
//! Alike are findings of one code, severity, table, sheet and column that say the same but for names and figures. Where one column is
//! told in many ways they are told as one all the same, and what is left beyond a file's cap is one remark a severity.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::finding::{Alike, CELLS_MAX, MEMBERS_MAX};
use crate::model::{Finding, FindingCode, Severity};

/// In so many ways a column may be told before all of them are one.
const WAYS_MAX: usize = 10;
/// So many remarks of one severity are listed for a file.
const LISTED_MAX: usize = 100;

/// So much of what a message quotes is told.
const QUOTE_MAX: usize = 60;
/// So long may a message be.
const MESSAGE_MAX: usize = 1000;

/// Findings that are told as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    pub members: Vec<Finding>,
    /// They are not alike, but more than are listed one by one.
    beyond: bool,
}

impl Like {
    /// What names a group: a hash over its members' sorted identities. `None` for a single finding.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        (self.members.len() > 1).then(|| name(self.members.iter().map(Finding::identity)))
    }

    /// The finding it is told as; `None` without members. It is answered once each member is.
    #[must_use]
    pub fn told(self) -> Option<Finding> {
        let (name, beyond) = (self.name(), self.beyond);
        let mut members = self.members.into_iter();
        let mut first = members.next()?;
        let Some(name) = name else { return Some(first) };
        let mut alike = Alike { name, count: 0, cells: Vec::new(), open: 0, open_cells: Vec::new(), members: Vec::new() };
        let mut texts: Vec<String> = Vec::new();
        for member in std::iter::once(first.clone()).chain(members) {
            alike.count += 1;
            take(&mut alike.cells, &member);
            if member.severity == Severity::Explain && member.explanation.is_none() {
                alike.open += 1;
                take(&mut alike.open_cells, &member);
            }
            if alike.members.len() < MEMBERS_MAX && member.returns_file() {
                alike.members.push(member.clone());
            }
            texts.extend(member.explanation.filter(|text| texts.len() < WAYS_MAX && !texts.contains(text)));
        }
        first.explanation = (alike.open == 0 && !texts.is_empty()).then(|| texts.join("；"));
        if alike.open == alike.count {
            alike.open_cells.clear();
        }
        if beyond {
            first.message =
                format!("意见较多，其余{}处“{}”不再逐条列出，请先处理以上各条，再重新报送核对。", alike.count, first.severity.word());
        }
        first.alike = Some(alike);
        Some(first)
    }
}

fn take(cells: &mut Vec<crate::model::CellRef>, member: &Finding) {
    if cells.len() < CELLS_MAX {
        cells.extend(member.place.cell);
    }
}

/// Names the group of findings with these identities.
#[must_use]
pub fn name(identities: impl IntoIterator<Item = String>) -> String {
    let mut identities: Vec<String> = identities.into_iter().collect();
    identities.sort_unstable();
    let mut hash = blake3::Hasher::new();
    for identity in &identities {
        hash.update(identity.as_bytes());
        hash.update(&[0]);
    }
    let name: String = hash.finalize().to_hex().chars().take(16).collect();
    format!("group-{name}")
}

type Key = (Severity, FindingCode, Option<String>, Option<String>, Option<String>);

/// Gathers like findings: 须修改 first, then 请说明, then 提示; in each the order they were found in.
#[must_use]
pub fn gather(findings: Vec<Finding>) -> Vec<Like> {
    let findings: Vec<Finding> = findings.into_iter().map(bounded).collect();
    let ways = ways(&findings);
    let mut at: HashMap<(Key, String), usize> = HashMap::new();
    let mut cells = HashSet::new();
    let mut likes: Vec<Like> = Vec::new();
    for finding in findings {
        let key = key(&finding);
        let way = if ways.get(&key).is_some_and(|ways| ways.len() > WAYS_MAX) { String::new() } else { skeleton(&finding.message) };
        // What names no place of its own stands alone: two of them at one cell are two things.
        let own = finding.place.cell.filter(|_| finding.column.is_some());
        let place = own.filter(|cell| cells.insert((key.clone(), way.clone(), *cell)));
        let group = place.and_then(|_| at.get(&(key.clone(), way.clone())).copied()).and_then(|at| likes.get_mut(at));
        if let Some(like) = group {
            like.members.push(finding);
            continue;
        }
        if place.is_some() {
            at.insert((key, way), likes.len());
        }
        likes.push(Like { members: vec![finding], beyond: false });
    }
    likes.sort_by_key(|like| like.members.first().map(|first| first.severity));
    capped(likes)
}

/// A finding with no more of a cell's text than is kept: a cell may hold 32,767 characters, and a key several cells.
fn bounded(mut finding: Finding) -> Finding {
    for text in [&mut finding.found, &mut finding.expected, &mut finding.row_key] {
        *text = text.take().map(Finding::kept);
    }
    if finding.message.chars().count() > QUOTE_MAX {
        finding.message = shortened(&finding.message);
    }
    finding
}

/// A message whose quotes are short, and which is not long itself.
fn shortened(message: &str) -> String {
    let (mut short, mut length, mut quoted) = (String::new(), 0, 0);
    for c in message.chars() {
        quoted = match c {
            '“' => 1,
            '”' => 0,
            _ if quoted > 0 => quoted + 1,
            _ => 0,
        };
        if quoted > QUOTE_MAX + 1 {
            continue;
        }
        length += 1;
        short.push(if quoted > QUOTE_MAX || length >= MESSAGE_MAX { '…' } else { c });
        if length >= MESSAGE_MAX {
            break;
        }
    }
    short
}

/// How differently each column is told, counted no further than needed.
fn ways(findings: &[Finding]) -> HashMap<Key, HashSet<String>> {
    let mut ways: HashMap<Key, HashSet<String>> = HashMap::new();
    for finding in findings {
        let ways = ways.entry(key(finding)).or_default();
        if ways.len() <= WAYS_MAX {
            ways.insert(skeleton(&finding.message));
        }
    }
    ways
}

fn key(finding: &Finding) -> Key {
    (finding.severity, finding.code, finding.dataset.clone(), finding.place.sheet.clone(), finding.column.clone())
}

/// A message without what is quoted and without figures.
fn skeleton(message: &str) -> String {
    let mut quoted = false;
    message
        .chars()
        .filter(|c| {
            quoted = *c == '“' || (quoted && *c != '”');
            !quoted && !c.is_ascii()
        })
        .collect()
}

/// The first so many of each severity, and the others of it as one.
fn capped(likes: Vec<Like>) -> Vec<Like> {
    let mut listed: Vec<Like> = Vec::new();
    let mut beyond: BTreeMap<Severity, Vec<Like>> = BTreeMap::new();
    let mut count: HashMap<Severity, usize> = HashMap::new();
    for like in likes {
        let Some(severity) = like.members.first().map(|first| first.severity) else { continue };
        let count = count.entry(severity).or_default();
        *count += 1;
        if *count <= LISTED_MAX { listed.push(like) } else { beyond.entry(severity).or_default().push(like) }
    }
    for mut likes in beyond.into_values() {
        if likes.len() == 1 {
            listed.append(&mut likes);
        } else {
            listed.push(Like { members: likes.into_iter().flat_map(|like| like.members).collect(), beyond: true });
        }
    }
    listed.sort_by_key(|like| like.members.first().map(|first| first.severity));
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellRef, Place};

    fn at(row: u32, column: &str, code: FindingCode, message: &str) -> Finding {
        let place = Place { file: "表.xlsx".to_owned(), sheet: Some("投资".to_owned()), cell: Some(CellRef::new(row, 1)) };
        let found = Some(format!("{row}"));
        Finding { found, column: Some(column.to_owned()), ..Finding::new(code, place, message) }
    }

    fn told(findings: Vec<Finding>) -> Vec<Finding> {
        gather(findings).into_iter().filter_map(Like::told).collect()
    }

    #[test]
    fn like_findings_of_a_column_are_one_with_the_first_cells() {
        let bad = (4..20_004).map(|row| at(row, "paid", FindingCode::UnreadableNumber, &format!("“累计”填的是“坏{row}”，不是数字")));
        let told = told(bad.collect());
        let [one] = told.as_slice() else { panic!("one finding: {}", told.len()) };
        let alike = one.alike.as_ref().unwrap();
        assert_eq!((alike.count, alike.cells.len(), one.place.cell), (20_000, CELLS_MAX, Some(CellRef::new(4, 1))));
        assert_eq!(one.places(), "共20000处：B5、B6、B7、B8、B9、B10、B11、B12、B13、B14…");
        assert!(one.returns_file());
    }

    #[test]
    fn no_more_of_a_cells_text_is_kept_than_needed() {
        let long = "长".repeat(30_000);
        let mut finding = at(4, "code", FindingCode::PatternMismatch, &format!("项目代码“{long}”格式不符，请核对修改。"));
        finding.found = Some(long.clone());
        finding.row_key = Some(format!("{long}|{long}"));
        let told = told(vec![finding]).remove(0);
        let kept = Some(crate::model::finding::TEXT_MAX);
        assert_eq!((told.found.map(|text| text.chars().count()), told.row_key.map(|key| key.chars().count())), (kept, kept));
        assert_eq!(told.message, format!("项目代码“{}…”格式不符，请核对修改。", "长".repeat(QUOTE_MAX - 1)));
        assert_eq!(shortened(&long).chars().count(), MESSAGE_MAX);
    }

    #[test]
    fn other_columns_codes_and_words_stay_apart_and_the_graver_come_first() {
        let told = told(vec![
            at(4, "paid", FindingCode::Rounded, "按2位小数四舍五入"),
            at(4, "paid", FindingCode::CumulativeDecreased, "少于上月"),
            at(5, "paid", FindingCode::RuleBroken, "大于总投资"),
            at(6, "paid", FindingCode::RuleBroken, "竣工项目应有投资"),
            at(6, "total", FindingCode::RuleBroken, "大于总投资"),
            at(7, "paid", FindingCode::RuleBroken, "120大于总投资"),
        ]);
        let codes: Vec<_> = told.iter().map(|one| (one.code.code(), one.count())).collect();
        assert_eq!(codes, [("rule-broken", 2), ("rule-broken", 1), ("rule-broken", 1), ("cumulative-decreased", 1), ("rounded", 1)]);
    }

    #[test]
    fn findings_at_one_cell_are_told_one_by_one() {
        let missing = |name: &str| at(4, "region", FindingCode::MissingRegion, &format!("“{name}”一行未填"));
        assert_eq!(told(vec![missing("宁波"), missing("温州")]).len(), 2);
    }

    #[test]
    fn a_group_is_open_while_one_member_is() {
        let mut likes = gather((4..7).map(|row| at(row, "paid", FindingCode::CumulativeDecreased, "少于上月")).collect());
        let name = likes[0].name();
        for member in likes[0].members.iter_mut().take(2) {
            member.explanation = Some("核减".to_owned());
        }
        let open = likes[0].clone().told().unwrap();
        assert!(open.returns_file());
        assert_eq!(open.places(), "共3处：B5、B6、B7，尚有1处未说明：B7");
        likes[0].members[2].explanation = Some("项目调整".to_owned());
        let answered = likes.remove(0).told().unwrap();
        assert_eq!((answered.returns_file(), answered.explanation.as_deref()), (false, Some("核减；项目调整")));
        assert_eq!(Some(answered.id()), name, "answers do not rename it");
    }

    #[test]
    fn many_kinds_are_capped_and_what_is_left_still_returns_the_file() {
        let each = (0..500).map(|n| at(n, &format!("c{n}"), FindingCode::CumulativeDecreased, "少于上月"));
        let listed = told(each.collect());
        assert_eq!(listed.len(), LISTED_MAX + 1);
        let last = listed.last().unwrap();
        assert_eq!((last.count(), last.returns_file()), (500 - LISTED_MAX, true));
        assert!(last.message.contains("其余400处“请说明”"), "{}", last.message);
        let names = (0..50)
            .map(|n| at(n, "paid", FindingCode::RuleBroken, &format!("第{}号项目未开工", "一二三四五六七八九十".repeat(n as usize + 1))));
        assert_eq!(told(names.collect()).len(), 1, "told in many ways, it is one all the same");
    }
}
