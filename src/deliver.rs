//! Delivery: a month and its workbooks become messages, and messages leave.
//!
//! Messages are built once, from model values alone, to the same bytes each time; they are stored by the ledger and sent as
//! stored. What is due, and when to try again, is decided elsewhere.

pub mod error;
pub mod attachment;
mod headers;
mod reader;
mod bodies;
mod corrections;
mod letter;
mod mime;
mod message;
pub mod notice;
mod picture;
pub mod transport;
pub mod webhook;

#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeSet;

use crate::model::{DepartmentCode, Message, Month};
use crate::plan::Plan;
use crate::settings::Settings;

pub use attachment::{Attachment, LEADING_GROUP};
pub use bodies::{problems as template_problems, shipped as shipped_templates};
pub use error::DeliverError;
pub use picture::undrawable;
#[cfg(test)]
pub use transport::{Act, Mailbox};
pub use transport::{Attempt, Outcome, Timeouts, TransmitError, Transmitting, Transport};

/// Who gets a version. The leading group does whenever anybody does, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// Every reporting department.
    Everyone,
    /// Those whose printed figures or lights moved.
    Only(BTreeSet<DepartmentCode>),
    /// Those who are told later what earlier versions withheld, the leading group only under its code: a mail beside the version's own.
    Beside(BTreeSet<DepartmentCode>),
    /// Nothing that anybody reads has moved.
    Nobody,
}

impl Recipients {
    /// Whether a department is among them.
    #[must_use]
    pub fn include(&self, department: &DepartmentCode) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(departments) | Self::Beside(departments) => departments.contains(department),
            Self::Nobody => false,
        }
    }
}

/// The messages of a version, and those that could not be built.
#[derive(Debug, Default)]
pub struct Composed {
    pub messages: Vec<Message>,
    pub unbuilt: Vec<Unbuilt>,
}

/// A mail that could not be built: an address that is none, a book that is missing or too large, a letter that cannot be written.
#[derive(Debug)]
pub struct Unbuilt {
    /// What is known of it: no recipient, no bytes.
    pub message: Message,
    pub error: DeliverError,
}

/// Builds the messages of a version: one for each department of `recipients` in 机构序列, then one for the leading group.
///
/// From version 2 on they are corrections. A mail that cannot be built keeps none of the others.
#[must_use]
pub fn compose(plan: &Plan, settings: &Settings, month: &Month, books: &[Attachment<'_>], recipients: &Recipients) -> Composed {
    let mut composed = Composed::default();
    if *recipients == Recipients::Nobody {
        return composed;
    }
    let (beside, leading) = (matches!(recipients, Recipients::Beside(_)), DepartmentCode(LEADING_GROUP.to_owned()));
    let mut take = |department: &DepartmentCode, built: Result<Message, DeliverError>| match built {
        Ok(message) => composed.messages.push(message),
        Err(error) => {
            tracing::error!(run.period = %month.period, %department, %error, "a mail cannot be built");
            composed.unbuilt.push(Unbuilt { message: message::unbuilt(settings, month, department), error });
        }
    };
    for department in plan.reporting_departments().filter(|department| recipients.include(&department.code)) {
        take(&department.code, message::to_department(plan, settings, month, books, (department, beside)));
    }
    if beside && !recipients.include(&leading) {
        return composed;
    }
    if settings.mail.leading_to.is_empty() {
        tracing::warn!(run.period = %month.period, "mail.leading_to is empty: nobody gets the whole book");
    } else {
        take(&leading, message::to_leading_group(plan, settings, month, books, beside));
    }
    composed
}
