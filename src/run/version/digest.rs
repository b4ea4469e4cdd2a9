//! The digest: what decides whether a version is new, and whether the newest is still what would be drawn up.
//!
//! The digest is over named fields that are written out one by one; a setting at its default is left out, so that one added later
//! makes no version by being there. A version recorded with a digest of another form is compared by what the ledger kept of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::inputs::Inputs;
use crate::ledger::{Input, LedgerError, Version};
use crate::model::{ContentHash, DepartmentCode, Period, ReportState, ReportingRow};
use crate::run::kit::{Desk, RunError};
use crate::settings::{Appearance, Office, Templates, Theme};

/// How a digest of this form begins; one of another form cannot be compared with it.
const FORM: &str = "2:";

/// Inputs used, returned and missing state, compiled plan, report settings, the office's texts.
///
/// The run's now, the program's version, its definition and the names files came under stand outside it.
#[derive(Serialize)]
struct Written<'a> {
    period: Period,
    plan: &'a str,
    inputs: Vec<Used<'a>>,
    states: Vec<Stands<'a>>,
    report: Report<'a>,
    office: OfficeWords<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    templates: &'a Templates,
}

/// A table that is used, by its file's content.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Used<'a> {
    period: Period,
    department: &'a DepartmentCode,
    dataset: &'a str,
    hash: &'a ContentHash,
}

/// How a department's table stands.
#[derive(Serialize, PartialEq, Eq)]
struct Stands<'a> {
    department: &'a DepartmentCode,
    dataset: &'a str,
    state: ReportState,
}

/// What readers see around the figures; `None` is the default.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranks: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region_lights: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    figures_in_mail: Option<bool>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    captions: BTreeMap<&'static str, &'a BTreeMap<String, String>>,
}

impl<'a> Report<'a> {
    /// Takes the settings apart by name: a new one does not compile until it is decided here whether it makes a version.
    fn of(appearance: &'a Appearance) -> Self {
        let Appearance { sample, mark, note, theme, ranks, region_lights, figures_in_mail, captions } = appearance;
        Self {
            sample: other_than(*sample, false),
            mark: other_than(mark.as_str(), Appearance::MARK),
            note: other_than(note.as_str(), ""),
            theme: match theme {
                Theme::Clean => None,
                Theme::Official => Some("official"),
            },
            ranks: other_than(*ranks, true),
            region_lights: other_than(*region_lights, true),
            figures_in_mail: other_than(*figures_in_mail, true),
            captions: captions.tables().into_iter().filter(|(_, words)| !words.is_empty()).collect(),
        }
    }
}

fn other_than<T: PartialEq + Copy>(value: T, default: T) -> Option<T> {
    (value != default).then_some(value)
}

#[derive(Serialize)]
struct OfficeWords<'a> {
    name: &'a str,
    contact: &'a str,
    phone: &'a str,
}

impl<'a> OfficeWords<'a> {
    fn of(office: &'a Office) -> Self {
        let Office { name, contact, phone } = office;
        Self { name, contact, phone }
    }
}

/// The digest of a period's inputs, in the present form.
///
/// # Errors
/// Something of it cannot be written as JSON.
pub fn of(desk: &Desk, inputs: &Inputs) -> Result<String, RunError> {
    let list = inputs.list();
    let written = Written {
        period: inputs.period,
        plan: &desk.plan.hash,
        inputs: used(&list),
        states: states(&inputs.reporting),
        report: Report::of(&desk.settings.appearance),
        office: OfficeWords::of(&desk.settings.office),
        templates: &desk.settings.templates,
    };
    sealed(&written)
}

fn sealed(written: &Written<'_>) -> Result<String, RunError> {
    let text = serde_json::to_vec(written)
        .map_err(|error| LedgerError::Content { place: format!("the digest of {}", written.period), reason: error.to_string() })?;
    Ok(format!("{FORM}{}", ContentHash::of(&text).0))
}

/// Whether `version` is what would be drawn up now, of which `digest` is the digest.
///
/// One with a digest of another form is compared by its recorded inputs, states and plan; settings and texts are taken as unchanged.
#[must_use]
pub fn is_same(desk: &Desk, inputs: &Inputs, version: &Version, digest: &str) -> bool {
    if has_this_form(version) {
        return version.digest == digest;
    }
    let list = inputs.list();
    version.plan_hash == desk.plan.hash
        && used(&version.inputs) == used(&list)
        && states(&version.shown.reporting) == states(&inputs.reporting)
}

/// Whether the version's digest can be compared with one made now.
fn has_this_form(version: &Version) -> bool {
    version.digest.starts_with(FORM)
}

/// In order; the names files came under mean nothing.
fn used(list: &[Input]) -> Vec<Used<'_>> {
    let mut used: Vec<Used<'_>> = Vec::new();
    for Input { period, department, dataset, file: _, hash } in list {
        used.push(Used { period: *period, department, dataset, hash });
    }
    used.sort();
    used
}

fn states(rows: &[ReportingRow]) -> Vec<Stands<'_>> {
    let mut states: Vec<Stands<'_>> = Vec::new();
    for row in rows {
        states.push(Stands { department: &row.department, dataset: &row.dataset, state: row.state.for_version() });
    }
    states.sort_by_key(|state| (state.department, state.dataset));
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Captions;

    fn appearance() -> Appearance {
        Appearance {
            sample: false,
            mark: Appearance::MARK.to_owned(),
            note: String::new(),
            theme: Theme::Clean,
            ranks: true,
            region_lights: true,
            figures_in_mail: true,
            captions: Captions::shipped(),
        }
    }

    fn office() -> Office {
        Office { name: "某办".to_owned(), contact: "张三".to_owned(), phone: "0571-00000000".to_owned() }
    }

    struct Case {
        appearance: Appearance,
        templates: Templates,
    }

    impl Case {
        fn written(&self, office: &Office) -> (String, String) {
            let (department, hash) = (DepartmentCode("jxt".to_owned()), ContentHash("aa".to_owned()));
            let period = Period::new(2022, 6).unwrap();
            let written = Written {
                period,
                plan: "hash of the plan",
                inputs: vec![Used { period, department: &department, dataset: "invest", hash: &hash }],
                states: vec![Stands { department: &department, dataset: "invest", state: ReportState::Accepted }],
                report: Report::of(&self.appearance),
                office: OfficeWords::of(office),
                templates: &self.templates,
            };
            (serde_json::to_string(&written).unwrap(), sealed(&written).unwrap())
        }
    }

    const HEAD: &str = r#"{"period":"2022-06","plan":"hash of the plan","inputs":[{"period":"2022-06","department":"jxt","dataset":"invest","hash":"aa"}],"states":[{"department":"jxt","dataset":"invest","state":"accepted"}],"#;
    const SET: &str = r#""report":{"sample":true,"mark":"公开","note":"仅供参考","theme":"official","ranks":false,"region_lights":false,"figures_in_mail":false,"captions":{"notes":{"口径":"另行说明"}}},"#;
    const OFFICE: &str = r#""office":{"name":"某办","contact":"张三","phone":"0571-00000000"}"#;

    /// These words and this order are what every stored digest is made of: they never change under one form.
    #[test]
    fn every_field_is_named_and_a_default_is_left_out() {
        let plain = Case { appearance: appearance(), templates: Templates::new() };
        let (text, digest) = plain.written(&office());
        assert_eq!(text, [HEAD, r#""report":{},"#, OFFICE, "}"].concat());
        assert_eq!(digest, "2:103c303f956a6f673de70cf617d97ec60c964c2ec7530afaa41ee11576d23bda");
        let full = Case {
            appearance: Appearance {
                sample: true,
                mark: "公开".to_owned(),
                note: "仅供参考".to_owned(),
                theme: Theme::Official,
                ranks: false,
                region_lights: false,
                figures_in_mail: false,
                captions: Captions::of_notes([("口径", "另行说明")]),
            },
            templates: [("letter.txt".to_owned(), "你好".to_owned())].into(),
        };
        let (text, other) = full.written(&office());
        assert_eq!(text, [HEAD, SET, OFFICE, r#","templates":{"letter.txt":"你好"}}"#].concat());
        assert_ne!(digest, other);
    }
}
