//! Explanations handed in with a file (`submit --explain FINDING=TEXT`), and which finding each is about.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

use crate::ingest::check::{alike, explain};
use crate::model::{DepartmentCode, Finding, Period, Severity};
use crate::run::kit::{Desk, RunError};

/// Explanations as written. FINDING is a finding's id, its sheet and cell (`技改项目!J17`), its cell, or its code.
#[derive(Debug, Clone, Default)]
pub struct Explanations {
    /// As written, and whether it has explained something.
    written: Vec<(String, Cell<bool>)>,
}

impl Explanations {
    /// Takes `FINDING=TEXT` as written: ids and texts may both hold an equals sign, so it is cut only once a finding is known.
    #[must_use]
    pub fn new(written: Vec<String>) -> Self {
        Self { written: written.into_iter().map(|text| (text, Cell::new(false))).collect() }
    }

    /// The text that explains `finding`; only a 请说明 can be explained.
    #[must_use]
    pub fn of(&self, finding: &Finding) -> Option<&str> {
        if self.written.is_empty() {
            return None;
        }
        keys(finding).iter().find_map(|key| self.named(key))
    }

    /// The text given for what is called `name`, for instance a group of like findings.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&str> {
        self.written.iter().find_map(|(written, used)| {
            let text = text(written, name)?;
            used.set(true);
            Some(text)
        })
    }

    /// The explanations that belonged to no finding so far.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.written.iter().filter(|(_, used)| !used.get()).map(|(written, _)| written.as_str())
    }
}

/// Tells like findings as one, each with the answer it has: one given now, `said` in the file itself (by identity), or given before.
/// What `contested` names takes no answer now.
pub(super) fn answered(
    desk: &mut Desk,
    of: (&DepartmentCode, Period),
    findings: Vec<Finding>,
    (given, said): (&Explanations, &BTreeMap<String, String>),
    contested: &HashSet<String>,
) -> Result<Vec<Finding>, RunError> {
    let (before, at) = (desk.ledger.explanations(of.0, of.1)?, desk.at());
    let mut told = Vec::new();
    for mut like in alike::gather(findings) {
        explain(&mut like.members, &before);
        let of_group = like.name().and_then(|name| given.named(&name).map(str::to_owned));
        let mut now: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for member in
            like.members.iter_mut().filter(|member| member.severity == Severity::Explain && !contested.contains(&member.identity()))
        {
            let said = || said.get(&member.identity()).cloned();
            if let Some(text) = given.of(member).map(str::to_owned).or_else(|| of_group.clone()).or_else(said) {
                now.entry(text.clone()).or_default().push(member.identity());
                member.explanation = Some(text);
            }
        }
        for (text, identities) in now {
            let name = if let [one] = identities.as_slice() { one.clone() } else { alike::name(identities.iter().cloned()) };
            desk.ledger.explain(&at, of, &name, &identities, &text)?;
        }
        told.extend(like.told());
    }
    Ok(told)
}

/// What a finding may be called, the most exact first; none where it needs no explanation.
fn keys(finding: &Finding) -> Vec<String> {
    if finding.severity != Severity::Explain {
        return Vec::new();
    }
    let mut keys = vec![finding.identity()];
    if let Some(cell) = finding.place.cell {
        keys.extend(finding.place.sheet.as_ref().map(|sheet| format!("{sheet}!{cell}")));
        keys.push(cell.to_string());
    }
    keys.push(finding.code.code().to_owned());
    keys
}

fn text<'a>(written: &'a str, key: &str) -> Option<&'a str> {
    written.strip_prefix(key)?.strip_prefix('=').map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FindingCode, Place};

    fn finding(code: FindingCode, cell: &str, found: &str) -> Finding {
        let place = Place { file: "表.xlsx".to_owned(), sheet: Some("投资".to_owned()), cell: cell.parse().ok() };
        Finding { found: Some(found.to_owned()), ..Finding::new(code, place, "") }
    }

    #[test]
    fn a_text_may_hold_an_equals_sign() {
        let given = Explanations::new(vec!["B4=核减后=两项".to_owned()]);
        assert_eq!(given.of(&finding(FindingCode::CumulativeDecreased, "B4", "1")), Some("核减后=两项"));
        assert_eq!(given.of(&finding(FindingCode::CumulativeDecreased, "B40", "1")), None);
    }

    #[test]
    fn an_id_may_hold_an_equals_sign_and_goes_before_the_cell() {
        let one = finding(FindingCode::CumulativeDecreased, "B4", "a=b");
        let given = Explanations::new(vec!["B4=栏".to_owned(), format!("{}=本条", one.identity()), "投资!C5=表与格".to_owned()]);
        assert_eq!(given.of(&one), Some("本条"));
        assert_eq!(given.of(&finding(FindingCode::CumulativeDecreased, "C5", "")), Some("表与格"));
    }

    #[test]
    fn an_error_is_never_explained_and_what_fits_nothing_is_told() {
        let given = Explanations::new(vec!["B4=说明".to_owned(), "Z9=说明".to_owned()]);
        let error = finding(FindingCode::DuplicateKey, "B4", "");
        assert_eq!(given.of(&error), None);
        let fits = finding(FindingCode::CumulativeDecreased, "B4", "");
        assert_eq!(given.of(&fits), Some("说明"));
        assert_eq!(given.unused().collect::<Vec<_>>(), ["Z9=说明"]);
    }
}
