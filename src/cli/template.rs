//! `template`: the forms of a month.

use std::path::PathBuf;

use super::{Global, Outcome, exit, mask, output, parse_period, workspace};
use crate::model::Period;
use crate::run::letters::forms;

/// Writes the forms (调度表) of a month, one workbook a department, to be filled in and handed in.
#[derive(Debug, clap::Args)]
pub struct Template {
    #[arg(long, value_parser = parse_period, value_name = "P")]
    period: Period,
    /// One department's alone: its code, its name or another spelling of it.
    #[arg(long, value_name = "D")]
    department: Option<String>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Stores a mail with its form for each department as well; each form is mailed once.
    #[arg(long)]
    mail: bool,
}

impl Template {
    pub fn run(&self, global: &Global) -> Outcome {
        let mut desk = workspace::open(global, Some(self.period))?;
        let department = self.department.as_deref().map(|name| workspace::department(&desk, name)).transpose()?;
        let drawn = forms::draw(&mut desk, self.period, department.as_ref())?;
        anyhow::ensure!(!drawn.is_empty(), "nothing is to be handed in for {}", self.period);
        if self.mail {
            let stored = forms::mail(&mut desk, self.period, department.as_ref())?;
            output::line(&format!(
                "{stored} mail(s) stored; the daemon sends them, and so does `wenjin outbox retry --period {}`",
                self.period
            ));
        }
        mask::hand_out();
        for path in forms::write(&drawn, &self.out)? {
            output::line(&path.display().to_string());
        }
        Ok(exit::DONE)
    }
}
