//! Notices: reminders, the gate, drafts, alerts and robots, with the shipped plan and the real program.

mod conditions;
mod gate;
mod reminders;
mod robots;

use std::path::Path;

use wenjin::plan::compile;
use wenjin::run::kit::{Clock, Desk};

use crate::harness::Workspace;

/// Replaces a piece of `config/wenjin.toml`.
fn edit(workspace: &Workspace, old: &str, new: &str) {
    let path = workspace.path().join("config/wenjin.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "config/wenjin.toml no longer holds {old}");
    std::fs::write(&path, text.replacen(old, new, 1)).unwrap();
}

fn name_operator(workspace: &Workspace) {
    edit(workspace, "\nto = []", "\nto = [\"zhiban@example.cn\"]");
}

/// The desk of a workspace at `now`, as a door opens it.
fn desk(workspace: &Workspace, now: &str, variables: &[(&str, &str)]) -> Desk {
    let lookup = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let (settings, plan) = compile::workspace(workspace.path(), None, &lookup, None).map_err(|found| format!("{found:?}")).unwrap();
    let clock = Clock { now: now.parse().unwrap(), wall: || 1_657_242_000 };
    Desk::open(settings, plan, clock, Path::new(env!("CARGO_BIN_EXE_wenjin")).to_owned()).unwrap()
}
