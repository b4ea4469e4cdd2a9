//! `init`: a new workspace with a small commented plan.

use std::path::PathBuf;

use super::{Outcome, exit, mask, output};
use crate::plan::compile;
use crate::run::upkeep::{example, texts};

/// Makes a new workspace: config/ and pipelines/, small and commented, a form in forms/ and the same filled in in inbox/.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder to make; it must not hold config/ or pipelines/ yet.
    dir: PathBuf,
}

/// The files of a new workspace.
const FILES: &[(&str, &str)] = &[
    ("config/wenjin.toml", include_str!("init/wenjin.toml")),
    ("config/departments.toml", include_str!("init/departments.toml")),
    ("config/regions.toml", include_str!("init/regions.toml")),
    ("config/actions.toml", include_str!("init/actions.toml")),
    ("config/lights.toml", include_str!("init/lights.toml")),
    ("config/calendar.toml", include_str!("init/calendar.toml")),
    ("pipelines/m01-investment.toml", include_str!("init/m01-investment.toml")),
];

/// The month of the example.
const PERIOD: &str = "2022-06";

impl Init {
    pub fn run(&self) -> Outcome {
        mask::hand_out();
        for name in ["config", "pipelines"] {
            let present = self.dir.join(name);
            anyhow::ensure!(!present.exists(), "{} is there already; `init` overwrites nothing", present.display());
        }
        let texts = texts::shipped();
        let texts = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in FILES.iter().copied().chain(texts) {
            let path = self.dir.join(name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&path, text)?;
            output::line(&path.display().to_string());
        }
        self.example()?;
        let dir = self.dir.display();
        output::line(&format!("next: `wenjin --workspace {dir} run --period {PERIOD}` draws up the example in {dir}/inbox"));
        output::line(&format!(
            "then: delete the example and {dir}/var, set `sample = false`, edit the files, `wenjin --workspace {dir} check`; `template` makes your forms"
        ));
        Ok(exit::DONE)
    }

    /// Lays the example month's forms down: blank into `forms/`, filled in into `inbox/`.
    fn example(&self) -> anyhow::Result<()> {
        let compiled = compile::workspace(&self.dir, None, &|_| None, None);
        let (settings, plan) = compiled.map_err(|problems| anyhow::anyhow!("{} problem(s) in the new workspace", problems.len()))?;
        let period = PERIOD.parse()?;
        for folder in ["forms", "inbox"] {
            std::fs::create_dir_all(self.dir.join(folder))?;
        }
        for example in example::examples(&settings, &plan, period)? {
            for (folder, form) in [("forms", &example.blank), ("inbox", &example.filled)] {
                let path = self.dir.join(folder).join(&form.file_name);
                std::fs::write(&path, &form.bytes)?;
                output::line(&path.display().to_string());
            }
        }
        Ok(())
    }
}
