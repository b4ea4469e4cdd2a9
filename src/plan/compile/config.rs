//! What `config/` says besides the settings, read once for all sets of pipeline files.

use std::path::Path;

use crate::plan::checks::Numbers;
use crate::plan::{Action, Calendar, Department, LightRules};
use crate::settings::document::{Document, Parsed, Problems};

use super::scope::Unread;
use super::{actions, calendar, checks, departments, hash, lights, regions};

/// What `config/` says besides the settings.
pub struct Config {
    pub departments: Vec<Department>,
    pub regions: regions::Regions,
    pub actions: Vec<Action>,
    pub lights: LightRules,
    pub calendar: Calendar,
    pub checks: Numbers,
    pub hash: hash::Digest,
    pub unread: Unread,
}

pub fn read(workspace: &Path, problems: &Problems) -> Config {
    let open = |name: &str| Document::open(workspace, &format!("config/{name}.toml"), problems);
    let files = ["departments", "regions", "actions", "lights", "calendar"].map(open);
    let mut hash = hash::Digest::new();
    for file in files.iter().flatten() {
        hash.config(&file.root);
    }
    // Outside the hash: what is asked about moves no figure.
    let checks = workspace.join(checks::FILE).exists().then(|| open("checks")).flatten();
    let [departments, regions, actions, lights, calendar] = &files;
    let unread = |file: &Option<Parsed>| file.as_ref().is_none_or(|file| file.document.is_partial());
    let unread = Unread { departments: unread(departments), regions: unread(regions), actions: unread(actions) };
    Config {
        departments: departments.as_ref().map(departments::read).unwrap_or_default(),
        regions: regions::read(regions.as_ref()),
        actions: actions.as_ref().map(actions::read).unwrap_or_default(),
        lights: lights::read(lights.as_ref()),
        calendar: calendar::read(calendar.as_ref()),
        checks: checks::read(checks.as_ref()),
        hash,
        unread,
    }
}
