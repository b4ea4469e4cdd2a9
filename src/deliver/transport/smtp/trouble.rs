//! Why a step before the final dot failed.

use super::reply::shown;
use crate::deliver::transport::Outcome;

/// Why a step before the final dot failed.
pub enum Trouble {
    /// 5xx.
    Refused(String),
    /// 4xx; the conversation can go on.
    PutOff(String),
    /// No reply, or none we understand.
    Broken(String),
}

impl Trouble {
    /// That of a reply which is not the one wanted.
    pub fn of(stage: &str, code: u16, words: &str) -> Self {
        match code {
            500.. => Self::Refused(format!("{stage}: {words}")),
            400.. => Self::PutOff(format!("{stage}: {words}")),
            _ => Self::Broken(format!("{stage}: unexpected reply {words}")),
        }
    }

    /// That of a server which did not let us in; `login`: at the login.
    pub fn of_server(self, login: bool) -> Outcome {
        let login = login && matches!(self, Self::Refused(_));
        match self {
            Self::Refused(reply) | Self::PutOff(reply) | Self::Broken(reply) => Outcome::Unavailable { reply: shown(&reply), login },
        }
    }
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(words) => Self::Failed(words),
            Trouble::PutOff(words) | Trouble::Broken(words) => Self::Deferred(words),
        }
    }
}
