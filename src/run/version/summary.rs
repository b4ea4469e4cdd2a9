//! The summary: what a run did, for its last lines and for `--json`.

use super::inputs::{Inputs, Standing};
use super::{stale, withheld};
use crate::ledger::{SubmissionState, UnreadEntry, Version};
use crate::model::{DeliveryState, DepartmentCode, Light, Period};
use crate::run::intake::receive::Received;
use crate::run::kit::{Desk, RunError};

/// Counts of mails by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mails {
    /// Sent, or written to the folder of the file transport.
    pub written: usize,
    pub pending: usize,
    pub held: usize,
    pub failed: usize,
    pub uncertain: usize,
}

/// The outcome of a run.
#[derive(Debug, Clone)]
pub struct Summary {
    pub period: Period,
    pub version: u32,
    /// `false`: nothing new, no version made.
    pub new: bool,
    /// How each reporting department stands.
    pub departments: Vec<(DepartmentCode, Standing)>,
    /// Files that could not be read and name no department.
    pub refused_of_nobody: usize,
    /// Green, yellow, red, grey over the indicators with targets.
    pub lights: [usize; 4],
    /// Paths of the version's workbooks, relative to the data folder.
    pub files: Vec<String>,
    pub mails: Mails,
    /// Indicators whose figures moved by definition alone and are not mailed unless a person gives a reason.
    pub withheld: Vec<String>,
    /// Later periods whose newest version was drawn from something else for this one, oldest first.
    pub stale: Vec<Period>,
    /// The files judged in this run that were returned or refused, of any period.
    pub sent_back: Vec<Received>,
    /// What lies in the sources and was not read, of any period.
    pub unread: Vec<UnreadEntry>,
}

impl Summary {
    /// How many departments stand so.
    #[must_use]
    pub fn standing(&self, wanted: Standing) -> usize {
        self.departments.iter().filter(|(_, standing)| *standing == wanted).count()
    }

    /// Whether every mail has left (or waits because it was told to).
    #[must_use]
    pub fn delivery_complete(&self) -> bool {
        self.mails.pending + self.mails.failed + self.mails.uncertain == 0
    }

    /// Whether a department's submission is returned or missing.
    #[must_use]
    pub fn submissions_complete(&self) -> bool {
        self.departments.iter().all(|(_, standing)| *standing == Standing::Accepted)
    }
}

/// Counts the outbox of a version.
pub fn mails(desk: &Desk, period: Period, version: u32) -> Result<Mails, RunError> {
    let mut mails = Mails::default();
    for delivery in desk.ledger.outbox(Some(period))?.iter().filter(|delivery| delivery.message.version == version) {
        match delivery.state {
            DeliveryState::Sent | DeliveryState::Written => mails.written += 1,
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Transmitting => mails.pending += 1,
            DeliveryState::Held => mails.held += 1,
            DeliveryState::Failed => mails.failed += 1,
            DeliveryState::Uncertain => mails.uncertain += 1,
            DeliveryState::Cancelled => {}
        }
    }
    Ok(mails)
}

/// Sums up a run.
pub fn of(desk: &Desk, version: &Version, new: bool, inputs: &Inputs, arrivals: Vec<Received>) -> Result<Summary, RunError> {
    let mut lights = [0; 4];
    for row in version.shown.tables.iter().flat_map(|table| &table.rows).filter(|row| !row.tracking) {
        let at = match row.light {
            Light::Green => 0,
            Light::Yellow => 1,
            Light::Red => 2,
            Light::Grey(_) => 3,
        };
        lights[at] += 1;
    }
    let folder = format!("reports/{}/v{}", version.period, version.version);
    Ok(Summary {
        period: version.period,
        version: version.version,
        new,
        departments: inputs.by_department(),
        refused_of_nobody: inputs.refused_of_nobody(),
        lights,
        files: version.manifest.iter().map(|entry| format!("{folder}/{}", entry.file)).collect(),
        mails: mails(desk, version.period, version.version)?,
        withheld: withheld::indicators(desk, version)?,
        stale: stale::leaning_on(desk, version.period)?,
        sent_back: arrivals.into_iter().filter(|one| matches!(one.state, SubmissionState::Returned | SubmissionState::Refused)).collect(),
        unread: desk.ledger.unread()?,
    })
}
