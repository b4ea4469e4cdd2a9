//! Opening a workspace for a command, and what its errors are worth as exit codes.

use super::{Global, clock, exit, output};
use crate::model::{Period, Problem};
use crate::plan::{Plan, compile};
use crate::present::problems;
use crate::run::LedgerError;
use crate::run::{Desk, RunError};
use crate::settings::Settings;

/// The plan is invalid; its problems have been printed.
#[derive(Debug, thiserror::Error)]
#[error("{count} problem(s) in {workspace}; mend them and run `wenjin check`")]
pub struct InvalidPlan {
    count: usize,
    workspace: String,
}

/// Compiles the workspace.
pub fn compile_plan(global: &Global, period: Option<Period>) -> Result<(Settings, Plan), Vec<Problem>> {
    compile::workspace(&global.workspace, global.data.as_deref(), &|name| std::env::var(name).ok(), period)
}

/// Compiles the workspace, or prints every problem of the plan.
pub fn plan_or_problems(global: &Global, period: Option<Period>) -> anyhow::Result<(Settings, Plan)> {
    compile_plan(global, period).map_err(|found| {
        output::error(problems::render(&found, color()).trim_end());
        InvalidPlan { count: found.len(), workspace: global.workspace.display().to_string() }.into()
    })
}

/// Opens the desk, or prints every problem of the plan.
pub fn open(global: &Global, period: Option<Period>) -> anyhow::Result<Desk> {
    let (settings, plan) = plan_or_problems(global, period)?;
    let clock = clock::clock(global.now, settings.schedule.zone);
    Ok(Desk::open(settings, plan, clock, "/proc/self/exe".into())?)
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
    error.downcast_ref::<RunError>().map_or(exit::FAILED, RunError::exit_code)
}
