//! The options: what a door asks of a run.

use crate::ledger::Cause;

/// What the operator asks of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Store the mails as held and send none.
    pub no_mail: bool,
    /// Hold the mails for release, whatever `mail.gate` says.
    pub hold: bool,
    /// Leave the mails that may go to the delivery worker ([`crate::run::post::send::due`]): nothing waits for a mail server here.
    pub queue: bool,
    /// What a version that it makes is made for.
    pub cause: Cause,
    /// Why a person runs it: what moved by definition alone is then drawn up and mailed as well. Never given by the schedule.
    pub reason: Option<&'a str>,
}
