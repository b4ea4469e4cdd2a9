//! Explanations handed in with a file (`submit --explain FINDING=TEXT`), and which finding each is about.

use crate::model::{Finding, Severity};

/// Explanations as written. FINDING is a finding's id, its sheet and cell (`技改项目!J17`), its cell, or its code.
#[derive(Debug, Clone, Default)]
pub struct Explanations(Vec<String>);

impl Explanations {
    /// Takes `FINDING=TEXT` as written: ids and texts may both hold an equals sign, so it is cut only once a finding is known.
    #[must_use]
    pub fn new(written: Vec<String>) -> Self {
        Self(written)
    }

    /// The text that explains `finding`; only a 请说明 can be explained.
    #[must_use]
    pub fn of(&self, finding: &Finding) -> Option<&str> {
        let keys = keys(finding);
        keys.iter().find_map(|key| self.0.iter().find_map(|written| text(written, key)))
    }

    /// The explanations that belong to none of `findings`.
    pub fn unused<'a>(&'a self, findings: &[&Finding]) -> Vec<&'a str> {
        let used = |written: &str| findings.iter().any(|finding| keys(finding).iter().any(|key| text(written, key).is_some()));
        self.0.iter().map(String::as_str).filter(|written| !used(written)).collect()
    }
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
        assert_eq!(given.unused(&[&error, &fits]), ["Z9=说明"]);
    }
}
