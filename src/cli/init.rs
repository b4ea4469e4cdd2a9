//! `init`: a new workspace with a small commented plan.

use std::path::PathBuf;

use super::{Outcome, exit, mask, output};
use crate::run::upkeep::texts;

/// Makes a new workspace: config/, pipelines/ and an empty inbox, small and commented.
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
        std::fs::create_dir_all(self.dir.join("inbox"))?;
        let dir = self.dir.display();
        output::line(&format!("next: edit the files, then `wenjin --workspace {dir} check`; put workbooks into {dir}/inbox"));
        Ok(exit::DONE)
    }
}
