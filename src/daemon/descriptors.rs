//! File descriptors: a daemon works with mails, workbooks, the ledger and visitors at once, and takes as many as it is allowed.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More would be of no use.
const WANTED: u64 = 16_384;

/// Raises the soft limit, for programs of old, as far as the hard one and [`WANTED`] let it.
///
/// What is started by this process inherits it; the reading worker sets its own to none.
pub fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(WANTED, |most| most.min(WANTED));
    if current.is_some_and(|current| current < wanted)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
    {
        tracing::warn!(%error, wanted, "the limit of open files could not be raised");
    }
}
