//! Who may read what a command writes: its owner alone, but for what is handed out.

use std::sync::OnceLock;

use rustix::fs::Mode;
use rustix::process::umask;

/// The mask of the shell that started us.
static OF_THE_SHELL: OnceLock<Mode> = OnceLock::new();

/// Ledger, archive, reports, mails and copies are made for their owner alone, whatever the shell would have.
pub fn keep_to_ourselves() {
    OF_THE_SHELL.get_or_init(|| umask(Mode::RWXG | Mode::RWXO));
}

/// From here on the command writes what the person who asked for it passes on: a workspace, tables, pages. They are made as his shell
/// has it.
pub fn hand_out() {
    if let Some(mask) = OF_THE_SHELL.get() {
        umask(*mask);
    }
}
