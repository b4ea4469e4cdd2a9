//! Opening a workspace for a command, and what its errors are worth as exit codes.

use super::{Global, clock, exit, output};
use crate::daemon::InstanceError;
use crate::model::{DepartmentCode, Period, Problem};
use crate::plan::compile::spans;
use crate::plan::{Plan, compile};
use crate::present::problems;
use crate::run::kit::{Desk, LedgerError, RunError};
use crate::run::upkeep::texts;
use crate::settings::Settings;

/// The plan is invalid; its problems have been printed.
#[derive(Debug, thiserror::Error)]
#[error("{count} problem(s) in {workspace}; mend them and run `wenjin check`")]
pub struct InvalidPlan {
    count: usize,
    workspace: String,
}

/// Compiles the workspace, the office's own texts among it.
pub fn compile_plan(global: &Global, period: Option<Period>) -> Result<(Settings, Plan), Vec<Problem>> {
    let (settings, plan) = compile::workspace(&global.workspace, global.data.as_deref(), &|name| std::env::var(name).ok(), period)?;
    let found = texts::problems(&settings);
    if found.is_empty() { Ok((settings, plan)) } else { Err(found) }
}

/// Compiles the workspace, or prints every problem of the plan.
pub fn plan_or_problems(global: &Global, period: Option<Period>) -> anyhow::Result<(Settings, Plan)> {
    compile_plan(global, period).map_err(|found| invalid(global, &found).into())
}

/// Opens the desk, or prints every problem of the plan.
pub fn open(global: &Global, period: Option<Period>) -> anyhow::Result<Desk> {
    let (settings, plan) = plan_or_problems(global, period)?;
    let clock = clock::clock(global.now, settings.schedule.zone);
    let plans = spans::beside(&global.workspace, &settings, plan);
    // Without a period the month that is followed up now is meant: the one before.
    let month = period.unwrap_or_else(|| Period::containing(clock.now.date_naive()).previous());
    let plan = (**plans.at(month).unwrap_or(&plans.newest)).clone();
    let mut desk = Desk::open(settings, plan, clock, "/proc/self/exe".into())?;
    desk.plans = plans;
    desk.act_as(&actor())?;
    Ok(desk)
}

/// The department of that code, name or other spelling.
pub fn department(desk: &Desk, name: &str) -> anyhow::Result<DepartmentCode> {
    let known = desk.plan.departments.iter().find(|d| d.code.0 == *name || d.name == *name || d.aliases.iter().any(|alias| alias == name));
    let known = known.ok_or_else(|| anyhow::anyhow!("`{name}` is no department of config/departments.toml"))?;
    Ok(known.code.clone())
}

/// Who is at the command line, for the audit: whoever became root by sudo keeps his name.
fn actor() -> String {
    let named = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["SUDO_USER", "LOGNAME", "USER"].iter().find_map(named).unwrap_or_default()
}

/// Prints the problems of the plan.
pub fn invalid(global: &Global, found: &[Problem]) -> InvalidPlan {
    output::drawn_beside(problems::render(found, color()).trim_end());
    InvalidPlan { count: found.len(), workspace: global.workspace.display().to_string() }
}

/// Whether messages may be coloured.
pub fn color() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none()
}

/// The exit code of an error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<InvalidPlan>() {
        return exit::INVALID_PLAN;
    }
    if let Some(LedgerError::Held { .. } | LedgerError::Fenced { .. }) = error.downcast_ref() {
        return 75;
    }
    if let Some(InstanceError::Busy { .. }) = error.downcast_ref() {
        return 75;
    }
    error.downcast_ref::<RunError>().map_or(exit::FAILED, RunError::exit_code)
}
