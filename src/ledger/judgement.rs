//! What came of a file: it was refused unread, or it was read, and then its findings decide.

use crate::model::{DepartmentCode, Finding, Observations, Packed, Period, Refusal};

use super::SubmissionState;

/// The judgement on a submission.
#[derive(Debug, Clone)]
pub enum Judgement {
    /// Not read as a workbook; whose it is and of which month, as far as its name and folders tell.
    Refused { reason: Refusal, department: Option<DepartmentCode>, period: Option<Period> },
    Read {
        department: DepartmentCode,
        period: Period,
        findings: Vec<Finding>,
        observations: Vec<Observations>,
        /// The same as column files, one each; made of them where there are none.
        packed: Vec<Packed>,
    },
}

impl Judgement {
    /// Accepted unless a finding returns it. The operator's word goes above it.
    #[must_use]
    pub fn state(&self) -> SubmissionState {
        match self {
            Self::Refused { .. } => SubmissionState::Refused,
            Self::Read { findings, .. } if findings.iter().any(Finding::returns_file) => SubmissionState::Returned,
            Self::Read { .. } => SubmissionState::Accepted,
        }
    }

    /// Why it was refused; `None` where it was read.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        if let Self::Refused { reason, .. } = self { Some(*reason) } else { None }
    }

    /// Whose it is.
    #[must_use]
    pub fn department(&self) -> Option<&DepartmentCode> {
        match self {
            Self::Refused { department, .. } => department.as_ref(),
            Self::Read { department, .. } => Some(department),
        }
    }

    /// Which month's it is.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        match self {
            Self::Refused { period, .. } => *period,
            Self::Read { period, .. } => Some(*period),
        }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        if let Self::Read { findings, .. } = self { findings } else { &[] }
    }

    /// Its tables.
    #[must_use]
    pub fn observations(&self) -> &[Observations] {
        if let Self::Read { observations, .. } = self { observations } else { &[] }
    }

    /// Its tables as column files; empty where they have to be made.
    #[must_use]
    pub fn packed(&self) -> &[Packed] {
        if let Self::Read { packed, .. } = self { packed } else { &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FindingCode, Place};

    #[test]
    fn the_findings_decide() {
        let state = |codes: &[FindingCode]| {
            let findings = codes.iter().map(|code| Finding::new(*code, Place::default(), "")).collect();
            let (department, period) = (DepartmentCode("jxt".to_owned()), Period::new(2022, 6).unwrap());
            Judgement::Read { department, period, findings, observations: Vec::new(), packed: Vec::new() }.state()
        };
        assert_eq!(state(&[]), SubmissionState::Accepted);
        assert_eq!(state(&[FindingCode::Coercion]), SubmissionState::Accepted);
        assert_eq!(state(&[FindingCode::Coercion, FindingCode::UnitFactor]), SubmissionState::Returned);
    }
}
