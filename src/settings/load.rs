//! `config/wenjin.toml` as a whole, read table by table.

use std::path::{Path, PathBuf};

use super::alert::{self, Alert};
use super::appearance::{self, Appearance, Office};
use super::captions;
use super::document::{Document, Problems};
use super::environment::{Lookup, Overlay};
use super::limits::{self, Limits};
use super::mail::{self, Mail};
use super::receipts::{self, Receipts};
use super::remind::{self, Remind};
use super::schedule::{self, Schedule};
use super::source::{self, Source};
use super::store::{self, Backup};
use super::table::Table;
use super::templates::{self, Templates};
use super::value::Entries;
use super::web::{self, Web};
use crate::model::Problem;

/// The file the settings stand in.
pub const FILE: &str = "config/wenjin.toml";

/// Everything of `config/wenjin.toml` that is not the plan itself.
#[derive(Debug, Clone)]
pub struct Settings {
    pub workspace: PathBuf,
    /// Where state goes: ledger, archive, reports, mails.
    pub data: PathBuf,
    pub plan_name: String,
    pub plan_short_name: String,
    pub plan_year: i32,
    pub appearance: Appearance,
    /// The office's own mail templates; part of a version's digest.
    pub templates: Templates,
    pub office: Office,
    pub sources: Vec<Source>,
    pub schedule: Schedule,
    pub remind: Remind,
    pub receipts: Receipts,
    pub mail: Mail,
    pub alert: Alert,
    pub web: Web,
    pub backup: Backup,
    pub limits: Limits,
}

/// Reads `config/wenjin.toml` under the workspace, overridden by `WENJIN_<TABLE>_<KEY>` of `env`.
///
/// # Errors
///
/// Every problem of the file and of the overrides (their file is `environment`).
pub fn load(workspace: &Path, data: Option<&Path>, env: &dyn Fn(&str) -> Option<String>) -> Result<Settings, Vec<Problem>> {
    let problems = Problems::default();
    let settings = read(workspace, data, env, &problems);
    match (settings, problems.take()) {
        (Some(settings), found) if found.is_empty() => Ok(settings),
        (_, found) => Err(found),
    }
}

/// What reading needs besides the file.
struct Around<'e> {
    workspace: PathBuf,
    lookup: Lookup<'e>,
    problems: &'e Problems,
    /// Stands for a table the file lacks, so that variables reach it all the same.
    empty: &'e Entries,
}

/// Reads the settings; what is wrong goes to `problems`, and what cannot be read takes its default.
///
/// `None` where there is no file to read.
pub fn read(workspace: &Path, data: Option<&Path>, lookup: Lookup<'_>, problems: &Problems) -> Option<Settings> {
    let parsed = Document::open(workspace, FILE, problems)?;
    let workspace = std::path::absolute(workspace).unwrap_or_else(|_| workspace.to_owned());
    let root = Table::root(&parsed);
    let empty = Entries::new();
    let around = Around { workspace, lookup, problems, empty: &empty };
    let plan = around.plain(&root, "plan");
    let (data, backup) = store::read(around.plain(&root, "store"), &around.workspace, data);
    let (plan_name, plan_short_name, plan_year, mut appearance) = appearance::read(plan, around.plain(&root, "report"));
    appearance.captions = captions::read(&around.workspace, problems);
    let settings = Settings {
        plan_name,
        plan_short_name,
        plan_year,
        appearance,
        templates: templates::read(&around.workspace, problems),
        office: appearance::read_office(around.plain(&root, "office")),
        sources: root.tables("source").into_iter().filter_map(|table| source::read(table, &around.workspace)).collect(),
        schedule: schedule::read(around.plain(&root, "schedule")),
        remind: remind::read(around.plain(&root, "remind")),
        receipts: receipts::read(around.plain(&root, "receipts")),
        mail: mail::read(around.plain(&root, "mail"), &around.workspace, &data, around.lookup),
        alert: alert::read(around.plain(&root, "alert"), root.tables("webhook"), &around.workspace, around.lookup),
        web: web::read(around.plain(&root, "web")),
        backup,
        limits: limits::read(around.plain(&root, "limits")),
        workspace: around.workspace.clone(),
        data,
    };
    root.finish();
    Some(settings)
}

impl<'e> Around<'e> {
    /// A plain table, overlaid by the environment.
    fn plain<'d>(&self, root: &Table<'d>, key: &'static str) -> Table<'d>
    where
        'e: 'd,
    {
        root.table_or(key, self.empty).overlaid(Overlay::new(key, self.lookup, self.problems))
    }
}
