//! What became of an attempt, and the step that is recorded before anything leaves.

use std::path::PathBuf;

/// What became of one attempt. Its texts carry no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The file transport wrote it there (or the same bytes were there already).
    Written(PathBuf),
    /// The server's final 250, for every recipient.
    Sent(String),
    /// 4xx for this message, or the connection failed before the final dot: it may be tried again.
    Deferred(String),
    /// The server cannot be reached, or does not let us in: no mail is to blame, all of them wait. `login`: it refused the login.
    Unavailable { reply: String, login: bool },
    /// 5xx: the operator decides.
    Failed(String),
    /// 5xx for some recipients of the envelope, while those in `reached` have it: the operator decides about the others.
    Partly { reply: String, reached: Vec<String> },
    /// The connection broke after the final dot: the server may have it; never repeated silently.
    Uncertain(String),
}

/// Why the step to `transmitting` could not be recorded; nothing has left then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransmitError(pub String);

/// Records the step to `transmitting`.
pub type Transmitting<'a> = dyn FnMut() -> Result<(), TransmitError> + 'a;
