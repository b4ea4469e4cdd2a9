//! `generate`: man pages and completions, drawn from the arguments themselves, for packages.

use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Arguments, Outcome, exit};

/// Writes man pages and completions for bash, zsh and fish.
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// Where they go: `man/`, `bash/`, `zsh/` and `fish/` below it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Generate {
    pub fn run(&self) -> Outcome {
        let folder = |name: &str| -> std::io::Result<PathBuf> {
            let folder = self.out.join(name);
            std::fs::create_dir_all(&folder)?;
            Ok(folder)
        };
        clap_mangen::generate_to(Arguments::command(), folder("man")?)?;
        for (shell, name) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
            clap_complete::generate_to(shell, &mut Arguments::command(), "wenjin", folder(name)?)?;
        }
        Ok(exit::DONE)
    }
}
