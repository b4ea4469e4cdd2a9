//! `generate`: man pages and completions, drawn from the arguments themselves, for packages.

use std::path::{Path, PathBuf};

use clap_complete::Shell;
use clap_mangen::Man;

use super::{Outcome, exit, mask};

/// Writes man pages and completions for bash, zsh and fish.
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// Where they go: `man/`, `bash/`, `zsh/` and `fish/` below it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Generate {
    pub fn run(&self, arguments: &clap::Command) -> Outcome {
        mask::hand_out();
        let folder = |name: &str| -> std::io::Result<PathBuf> {
            let folder = self.out.join(name);
            std::fs::create_dir_all(&folder)?;
            Ok(folder)
        };
        let mut command = arguments.clone().disable_help_subcommand(true);
        command.build();
        pages(&command, &folder("man")?)?;
        for (shell, name) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
            clap_complete::generate_to(shell, &mut arguments.clone(), "wenjin", folder(name)?)?;
        }
        Ok(exit::DONE)
    }
}

/// One page per command; each names the program as its source, where `clap_mangen::generate_to` names "daemon 0.1.0".
fn pages(command: &clap::Command, folder: &Path) -> std::io::Result<()> {
    for below in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        pages(below, folder)?;
    }
    Man::new(command.clone()).source(concat!("wenjin ", env!("CARGO_PKG_VERSION"))).generate_to(folder)?;
    Ok(())
}
