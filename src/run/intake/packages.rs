//! Zips of files: each table in one is a submission of its own, with the path `<zip>/<name>`; the zip is kept beside them.

use std::collections::HashSet;

use crate::ingest::packed::{self, Member, Opened};
use crate::ingest::secrecy::is_marked_name;
use crate::ledger::Recorded;
use crate::model::package::names;
use crate::model::{ContentHash, Package, Refusal, Submission};
use crate::run::kit::{Desk, RunError, disk};

/// What is to be received: files, those of zips among them, and the zips they came in.
#[derive(Default)]
pub struct Unpacked {
    pub submissions: Vec<Submission>,
    zips: Vec<Zip>,
}

/// A zip that was looked into.
struct Zip {
    submission: Submission,
    package: Package,
    members: Vec<ContentHash>,
}

impl Unpacked {
    /// Files that are taken as they are.
    pub fn plain(submissions: Vec<Submission>) -> Self {
        Self { submissions, zips: Vec::new() }
    }

    /// Looks into the zips among `submissions`; one that is refused as a whole stays a submission.
    pub fn of(desk: &Desk, submissions: Vec<Submission>) -> Self {
        let mut unpacked = Self::default();
        for submission in submissions {
            unpacked.take(desk, submission);
        }
        unpacked
    }

    fn take(&mut self, desk: &Desk, submission: Submission) {
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
        let members = match members {
            Ok(members) => members,
            Err(refusal) => {
                let refused = Submission { unread: Some(refusal), ..submission.clone() };
                self.submissions.push(refused);
                if refusal != Refusal::SuspectedSecret {
                    self.zips.push(Zip { submission, package, members: Vec::new() });
                }
                return;
            }
        };
        let hashes = members.iter().map(|member| member.hash.clone()).collect();
        self.submissions.extend(members.into_iter().map(|member| of_zip(&submission, member)));
        self.zips.push(Zip { submission, package, members: hashes });
    }

    /// The same, for files that were chosen from it; zips among the files are looked into once more.
    #[must_use]
    pub fn with(self, desk: &Desk, submissions: Vec<Submission>) -> Self {
        let mut unpacked = Self::of(desk, submissions);
        unpacked.zips.splice(0..0, self.zips);
        unpacked
    }

    /// The hashes of all that came, zips among it.
    pub fn hashes(&self) -> HashSet<ContentHash> {
        self.submissions.iter().chain(self.zips.iter().map(|zip| &zip.submission)).map(|one| one.hash.clone()).collect()
    }

    /// Keeps the zips: archived, then remembered. A zip with a paper in it that looks secret is not kept.
    pub fn keep(&self, desk: &mut Desk) -> Result<(), RunError> {
        if self.zips.is_empty() {
            return Ok(());
        }
        let known = desk.ledger.packages()?;
        let is_known = |zip: &Package| known.iter().any(|one| (&one.hash, &one.path, &one.entries) == (&zip.hash, &zip.path, &zip.entries));
        let secret: HashSet<ContentHash> = desk.ledger.refused_for(Refusal::SuspectedSecret)?.into_iter().collect();
        for zip in &self.zips {
            if is_known(&zip.package) || zip.members.iter().any(|member| secret.contains(member)) {
                continue;
            }
            disk::is_left_for(desk, std::slice::from_ref(&zip.submission))?;
            desk.archive.put(&zip.submission.bytes).map_err(RunError::at(desk.settings.data.join("archive")))?;
            let at = desk.at();
            desk.ledger.add_package(&at, &zip.package)?;
        }
        Ok(())
    }

    /// What stood beside the tables in the zip that `submission` came in, in words; `None` where there is nothing to tell.
    pub fn beside(&self, submission: &Submission) -> Option<String> {
        let path = submission.path();
        let zip = self.zips.iter().find(|zip| is_below(&path, &zip.package.path) && zip.members.contains(&submission.hash))?;
        beside(&zip.package)
    }

    /// Why a file is refused, with what was found in it.
    pub fn message(&self, submission: &Submission, reason: Refusal) -> String {
        told(self.zips.iter().map(|zip| &zip.package).find(|package| package.hash == submission.hash), reason)
    }
}

fn of_zip(zip: &Submission, member: Member) -> Submission {
    let Member { folders, file, hash, bytes, unread } = member;
    let folders = zip.folders.iter().chain([&zip.file]).chain(&folders).cloned().collect();
    Submission { file, folders, received_at: zip.received_at, hash, bytes, unread }
}

/// Whether a file's path is that of a file in the zip at `zip`.
pub fn is_below(path: &str, zip: &str) -> bool {
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
