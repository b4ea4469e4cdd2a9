//! How a submission stands.

/// How a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    Accepted,
    Returned,
    Refused,
    Withdrawn,
}

impl SubmissionState {
    pub(super) const ALL: [Self; 4] = [Self::Accepted, Self::Returned, Self::Refused, Self::Withdrawn];

    /// The word in the ledger and in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl std::str::FromStr for SubmissionState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.code() == text).ok_or_else(|| format!("unknown state `{text}`"))
    }
}
