//! Zips of files: each table in one is a submission of its own, with the path `<zip>/<name>`; the zip is kept beside them.

use std::collections::HashSet;

use crate::ingest::packed::{self, Member, Opened};
use crate::ingest::secrecy::is_marked_name;
use crate::ledger::Recorded;
use crate::model::package::names;
use crate::model::{ContentHash, Package, Refusal, Submission};
use crate::run::kit::{Desk, RunError, disk};

/// Files that were fetched, those of zips among them, and the zips they came in.
#[derive(Default)]
pub struct Unpacked {
    pub submissions: Vec<Submission>,
    zips: Vec<Zip>,
}

/// A zip that was looked into.
pub struct Zip {
    /// Emptied once it is in the archive.
    bytes: Vec<u8>,
    package: Package,
    members: Vec<ContentHash>,
    /// `false`: a paper in it looks secret, and no copy is kept.
    is_kept: bool,
}

impl Unpacked {
    /// Adds a file; where it is a zip, what is in it. A zip that is refused as a whole is a file of its own.
    pub fn take(&mut self, desk: &Desk, mut submission: Submission) {
        // A name that bears a mark is enough: nothing of such a file is looked at.
        let looked_into = submission.unread.is_none() && !is_marked_name(&submission.file);
        let opened = if looked_into { packed::open(&submission.bytes, &desk.settings.limits) } else { None };
        let Some(Opened { entries, members }) = opened else { return self.submissions.push(submission) };
        let package = Package {
            hash: submission.hash.clone(),
            path: submission.path(),
            received_at: submission.received_at.unwrap_or(desk.clock.now),
            entries,
        };
        let mut zip = Zip { bytes: Vec::new(), package, members: Vec::new(), is_kept: true };
        match members {
            Ok(members) => {
                zip.members = members.iter().map(|member| member.hash.clone()).collect();
                zip.bytes = std::mem::take(&mut submission.bytes);
                self.submissions.extend(members.into_iter().map(|member| of_zip(&submission, member)));
                self.zips.push(zip);
            }
            Err(refusal) => {
                submission.unread = Some(refusal);
                if refusal != Refusal::SuspectedSecret {
                    // It is archived as the file it is.
                    self.zips.push(zip);
                }
                self.submissions.push(submission);
            }
        }
    }

    /// How many bytes are in memory.
    pub fn bytes(&self) -> usize {
        self.submissions.iter().map(|one| one.bytes.len()).chain(self.zips.iter().map(|zip| zip.bytes.len())).sum()
    }

    /// Archives the zips but those with a paper in them that looks secret, now or from before; gives them without their bytes.
    pub fn archived(self, desk: &Desk, secret: &HashSet<ContentHash>) -> Result<Zips, RunError> {
        let mut zips = self.zips;
        if zips.is_empty() {
            return Ok(Zips::default());
        }
        let before: HashSet<ContentHash> = desk.ledger.refused_for(Refusal::SuspectedSecret)?.into_iter().collect();
        for zip in &mut zips {
            zip.is_kept = !zip.members.iter().any(|member| secret.contains(member) || before.contains(member));
            if zip.is_kept && !zip.bytes.is_empty() {
                disk::is_left_for(desk, [(&zip.package.hash, zip.bytes.len())])?;
                desk.archive.put(&zip.bytes).map_err(RunError::at(desk.settings.data.join("archive")))?;
            }
            zip.bytes = Vec::new();
        }
        Ok(Zips(zips))
    }
}

/// The zips that files came in.
#[derive(Default)]
pub struct Zips(Vec<Zip>);

impl Zips {
    /// Adds those of another lot.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Remembers the zips, which are in the archive.
    pub fn remember(&self, desk: &mut Desk) -> Result<(), RunError> {
        for zip in self.0.iter().filter(|zip| zip.is_kept) {
            let known = desk.ledger.packages_at(&[zip.package.path.as_str()].into())?;
            if !known.iter().any(|one| (&one.hash, &one.entries) == (&zip.package.hash, &zip.package.entries)) {
                let at = desk.at();
                desk.ledger.add_package(&at, &zip.package)?;
            }
        }
        Ok(())
    }

    /// What stood beside the tables in the zip that `submission` came in, in words; `None` where there is nothing to tell.
    #[must_use]
    pub fn beside(&self, submission: &Submission) -> Option<String> {
        let path = submission.path();
        let zip = self.0.iter().find(|zip| is_below(&path, &zip.package.path) && zip.members.contains(&submission.hash))?;
        beside(&zip.package)
    }

    /// Why a file is refused, with what was found in it.
    #[must_use]
    pub fn message(&self, submission: &Submission, reason: Refusal) -> String {
        told(self.0.iter().map(|zip| &zip.package).find(|package| package.hash == submission.hash), reason)
    }
}

fn of_zip(zip: &Submission, member: Member) -> Submission {
    let Member { folders, file, hash, bytes, unread } = member;
    let folders = zip.folders.iter().chain([&zip.file]).chain(&folders).cloned().collect();
    Submission { file, folders, received_at: zip.received_at, hash, bytes, unread }
}

/// What a path stands below: every beginning of it that ends before a `/`.
pub fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// Whether a file's path is that of a file in the zip at `zip`.
fn is_below(path: &str, zip: &str) -> bool {
    path.strip_prefix(zip).is_some_and(|rest| rest.starts_with('/'))
}

/// `压缩包“x.zip”里的“通知.docx”不是电子表格，随压缩包存档，未读取`.
#[must_use]
pub fn beside(package: &Package) -> Option<String> {
    let beside = package.beside();
    let file = package.path.rsplit('/').next().unwrap_or_default();
    (!beside.is_empty()).then(|| format!("压缩包“{file}”里的{}不是电子表格，随压缩包存档，未读取", names(&beside)))
}

/// Why a recorded file was refused, with what was found in it; `None` where it was not refused for a known reason.
pub fn reason(desk: &Desk, one: &Recorded) -> Result<Option<String>, RunError> {
    let Some(reason) = one.reason.as_deref().and_then(Refusal::parse) else { return Ok(None) };
    Ok(Some(told(desk.ledger.package(&one.hash)?.as_ref(), reason)))
}

fn told(package: Option<&Package>, reason: Refusal) -> String {
    match package.filter(|_| matches!(reason, Refusal::NothingPacked | Refusal::LockedArchive)) {
        Some(package) => format!("{}；包里有：{}", reason.message(), package.told()),
        None => reason.message().to_owned(),
    }
}
