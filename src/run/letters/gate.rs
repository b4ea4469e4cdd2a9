//! The gate: a run's mails wait as held until the operator has looked at one page and releases them, under names.

use crate::deliver::Attachment;
use crate::deliver::notice::review::{self, Beside, Mails};
use crate::ledger::{Input, Version};
use crate::model::{ContentHash, DeliveryState, MailKind, Message, Month, Period};
use crate::run::kit::{Desk, Progress, RunError, lease};
use crate::run::post::remedy;
use crate::run::version::ordinals::arrivals;
use crate::run::version::{inputs, newest, page, publish};

pub use crate::deliver::notice::review::Review;

/// Who answers for a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signatures {
    /// 拟稿.
    pub drafted_by: Option<String>,
    /// 审核.
    pub reviewed_by: Option<String>,
    /// 签发.
    pub issued_by: Option<String>,
}

impl Signatures {
    fn all(&self) -> [(&'static str, Option<&str>); 3] {
        let named = |name: &Option<String>| name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(|_| ());
        [("拟稿", &self.drafted_by), ("审核", &self.reviewed_by), ("签发", &self.issued_by)]
            .map(|(role, name)| (role, named(name).and(name.as_deref()).map(str::trim)))
    }

    /// `拟稿 张三，审核 李四，签发 王五`; empty without names.
    #[must_use]
    pub fn words(&self) -> String {
        let named = self.all().into_iter().filter_map(|(role, name)| name.map(|name| format!("{role} {name}")));
        named.collect::<Vec<_>>().join("，")
    }

    fn complete(&self) -> bool {
        self.all().iter().all(|(_, name)| name.is_some())
    }
}

/// Releases what is held of `period`; the audit keeps who signed, for each version released. Returns how many mails left their hold.
///
/// # Errors
/// Nothing is held, or `mail.sign_off` asks for names that are not all there.
pub fn release(desk: &mut Desk, period: Period, signatures: &Signatures, progress: &dyn Progress) -> Result<usize, RunError> {
    let held = desk.ledger.outbox(Some(period))?.into_iter().filter(|delivery| delivery.state == DeliveryState::Held);
    let mut versions: Vec<u32> = held.map(|delivery| delivery.message.version).collect();
    versions.sort_unstable();
    versions.dedup();
    if versions.is_empty() {
        return Err(RunError::Refused(format!("no mail of {period} is held; see `wenjin outbox list --period {period}`")));
    }
    let released = versions.iter().map(|version| format!("{period} v{version}")).collect::<Vec<_>>();
    sign(desk, period, &released, signatures)?;
    remedy::outbox(desk, period, remedy::OutboxAct::Release, progress)
}

/// Releases one held mail, for a written reason; the audit keeps who signed.
///
/// # Errors
/// As [`release`].
pub fn release_one(desk: &mut Desk, id: i64, reason: &str, signatures: &Signatures, progress: &dyn Progress) -> Result<(), RunError> {
    let found = desk.ledger.delivery(id)?.filter(|delivery| delivery.state == DeliveryState::Held);
    let message = found.ok_or_else(|| RunError::Refused(format!("no held mail has the number {id}; see `wenjin outbox list`")))?.message;
    let released = format!("{} v{} mail {id}", message.period, message.version);
    sign(desk, message.period, &[released], signatures)?;
    remedy::outbox_one(desk, id, remedy::OutboxAct::Release, reason, progress)
}

/// Notes who answers for what is about to be released, before any of it leaves.
fn sign(desk: &mut Desk, period: Period, released: &[String], signatures: &Signatures) -> Result<(), RunError> {
    if desk.settings.mail.review.sign_off && !signatures.complete() {
        return Err(RunError::Refused("mail.sign_off asks for three names; give --drafted-by, --reviewed-by and --issued-by".to_owned()));
    }
    let own = lease::take(desk, period)?;
    let noted = released.iter().try_for_each(|what| desk.ledger.note(&desk.at(), "gate.signed", what, &signatures.words()));
    lease::give_back(desk, &own);
    Ok(noted?)
}

/// The page of the newest version, as text, and what stands on it.
///
/// # Errors
/// The period has no version.
pub fn review(desk: &Desk, period: Period) -> Result<(String, Review), RunError> {
    let version = newest::of(desk, period)?;
    let month = shown(desk, &version)?;
    let beside = Beside { mails: Some(mails(desk, &version)?), ..beside(desk, &version)? };
    let text = review::text(&desk.plan, &desk.settings, &month, &beside)?;
    Ok((text, Review::new(&desk.plan, &desk.settings, &month, &beside)))
}

/// How the mails of a version stand.
fn mails(desk: &Desk, version: &Version) -> Result<Mails, RunError> {
    let mut mails = Mails::default();
    for delivery in desk.ledger.outbox(Some(version.period))? {
        if delivery.message.version != version.version || !matches!(delivery.message.kind, MailKind::Report | MailKind::Correction) {
            continue;
        }
        *match delivery.state {
            DeliveryState::Held => &mut mails.held,
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Transmitting => &mut mails.pending,
            DeliveryState::Sent | DeliveryState::Written => &mut mails.sent,
            DeliveryState::Failed | DeliveryState::Uncertain => &mut mails.troubled,
            DeliveryState::Cancelled => &mut mails.cancelled,
        } += 1;
    }
    Ok(mails)
}

/// What the page of a version tells besides its month: the tables it was drawn up from are those that still stand of them.
fn beside(desk: &Desk, version: &Version) -> Result<Beside, RunError> {
    let mut accepted = desk.ledger.standing(None, None, inputs::leans_from(version.period)..=version.period)?;
    accepted.retain(|one| {
        let table = &one.observations;
        let is_of = |input: &Input| (&input.hash, &input.dataset, input.period) == (&one.hash, &table.dataset, table.period);
        version.inputs.iter().any(is_of)
    });
    page::beside(desk, version.period, &accepted)
}

/// Stores the mail that tells the operator what waits: once a version, however often it is called.
pub fn tell(desk: &mut Desk, version: &Version) -> Result<(), RunError> {
    let outbox = desk.ledger.outbox(Some(version.period))?;
    if !outbox.iter().any(|delivery| delivery.message.version == version.version && delivery.state == DeliveryState::Held) {
        return Ok(());
    }
    if desk.settings.alert.to.is_empty() {
        tracing::warn!(
            run.period = %version.period,
            run.version = version.version,
            "mails are held and alert.to is empty: `wenjin outbox review` shows the page, `wenjin outbox release` sends"
        );
        return Ok(());
    }
    let month = shown(desk, version)?;
    let book = whole_book(desk, version)?;
    let attachment = book.as_ref().map(|(file_name, bytes)| Attachment { department: None, file_name, bytes });
    let mail = review::compose(&desk.plan, &desk.settings, &month, &beside(desk, version)?, attachment)?;
    // What stands beside the month may read otherwise a day later: the version is told once all the same.
    let same = |mail: &Message| {
        let known = outbox.iter().map(|delivery| &delivery.message).filter(|known| known.kind == MailKind::Alert);
        known.into_iter().any(|known| (&known.subject, &known.recipients) == (&mail.subject, &mail.recipients))
    };
    let mail = mail.filter(|mail| !same(mail));
    desk.ledger.store_notices(&desk.at(), mail.as_slice(), DeliveryState::Pending)?;
    Ok(())
}

/// The whole book as it was committed; `None` when it is no longer what it was.
fn whole_book(desk: &Desk, version: &Version) -> Result<Option<(String, Vec<u8>)>, RunError> {
    let Some(entry) = version.manifest.iter().find(|entry| entry.department.is_none()) else { return Ok(None) };
    let path = desk.reports(version.period).join(format!("v{}", version.version)).join(&entry.file);
    let bytes = std::fs::read(&path).map_err(RunError::at(&path))?;
    Ok((ContentHash::of(&bytes) == entry.hash).then(|| (entry.file.clone(), bytes)))
}

/// The month as the version showed it: everything the page is about.
fn shown(desk: &Desk, version: &Version) -> Result<Month, RunError> {
    let corrections = match (&version.shown.corrections, version.version) {
        (Some(told), _) => told.clone(),
        (None, 0 | 1) => Vec::new(),
        (None, number) => {
            let before = desk.ledger.version(version.period, Some(number - 1))?;
            publish::corrections(desk, before.as_ref(), &publish::Drawing::of(version))?
        }
    };
    Ok(Month {
        period: version.period,
        version: version.version,
        now: version.now.parse().unwrap_or(desk.clock.now),
        tables: version.shown.tables.clone(),
        tasks: version.shown.tasks.clone(),
        lagging: Vec::new(),
        unexplained: version.shown.unexplained.clone(),
        reporting: version.shown.reporting.clone(),
        findings: Vec::new(),
        corrections,
        arrivals: arrivals(desk, version.period)?,
    })
}
