//! Reading in lots: files are fetched, read and archived, and forgotten, before the next ones are fetched.

use std::collections::{BTreeMap, HashSet};

use super::packages::{Unpacked, Zips};
use super::waiting::{Fetched, Waiting};
use crate::archive::Archive;
use crate::collect::UnreadReason;
use crate::ingest::reading::Reading;
use crate::ingest::{self, Overrides};
use crate::model::{ContentHash, Refusal, Submission};
use crate::plan::Plan;
use crate::run::kit::{Desk, Progress, RunError, disk};

/// So many bytes in memory make a lot; a file, or what a zip holds, may be larger.
const LOT_BYTES: usize = 64 << 20;

/// Which of the files that were fetched are received, and how they are named; `None`: this one is not.
pub type Choose<'a> = dyn Fn(&Desk, Submission) -> Result<Option<Submission>, RunError> + 'a;

/// Files that were read; their bytes are in the archive, not here.
#[derive(Default)]
pub struct Lots {
    pub read: Vec<(Submission, Reading)>,
    pub zips: Zips,
    /// Waiting files, by their place, that stay where they lie.
    pub left: BTreeMap<usize, UnreadReason>,
}

/// Reads all that waits.
///
/// # Errors
/// There is no room for it, an original cannot be archived, the worker cannot be started.
pub fn read(
    desk: &Desk,
    waiting: &[Waiting],
    choose: &Choose<'_>,
    overrides: &Overrides,
    progress: &dyn Progress,
) -> Result<Lots, RunError> {
    let largest = desk.settings.limits.file_bytes_max;
    let wanted = waiting.iter().fold(0_u64, |sum, one| sum.saturating_add(one.size(largest)));
    disk::is_left(desk, wanted)?;
    let mut lots = Lots::default();
    let mut seen = HashSet::new();
    let mut lot = Unpacked::default();
    for (at, one) in waiting.iter().enumerate() {
        match one.fetch(desk)? {
            Fetched::Here(submission) => lot.take(desk, submission),
            Fetched::Left(reason) => drop(lots.left.insert(at, reason)),
            Fetched::Lost => {}
        }
        if lot.bytes() >= LOT_BYTES {
            lots.add(desk, std::mem::take(&mut lot), (choose, &mut seen), overrides, (progress, waiting.len()))?;
        }
    }
    lots.add(desk, lot, (choose, &mut seen), overrides, (progress, waiting.len()))?;
    Ok(lots)
}

impl Lots {
    fn add(
        &mut self,
        desk: &Desk,
        mut lot: Unpacked,
        (choose, seen): (&Choose<'_>, &mut HashSet<(ContentHash, String)>),
        overrides: &Overrides,
        (progress, of): (&dyn Progress, usize),
    ) -> Result<(), RunError> {
        let mut submissions = Vec::new();
        for one in std::mem::take(&mut lot.submissions) {
            if let Some(one) = choose(desk, one)?
                && seen.insert((one.hash.clone(), one.path()))
            {
                submissions.push(one);
            }
        }
        disk::is_left_for(desk, submissions.iter().map(|one| (&one.hash, one.bytes.len())))?;
        let before = self.read.len();
        let of = of.max(before + submissions.len());
        let step = |done| progress.step(before + done, of);
        let mut readings =
            ingest::read_all(&submissions, &desk.plan, &desk.settings.limits, &desk.worker, overrides, &step).map_err(RunError::Worker)?;
        read_by_their_plans(desk, &submissions, &mut readings, overrides)?;

        let is_secret = |reading: &Reading| matches!(reading, Reading::Refused(Refusal::SuspectedSecret));
        let of_secret = submissions.iter().zip(&readings).filter(|(_, reading)| is_secret(reading)).map(|(one, _)| one.hash.clone());
        let secret: HashSet<ContentHash> = of_secret.collect();
        // One that is too large was never read in.
        let kept = submissions
            .iter()
            .zip(&readings)
            .filter(|(one, reading)| (one.unread.is_none() || !one.bytes.is_empty()) && !is_secret(reading));
        let kept: Vec<&Submission> = kept.map(|(one, _)| one).collect();
        keep(&desk.archive, &kept).map_err(RunError::at(desk.settings.data.join("archive")))?;
        self.zips.extend(lot.archived(desk, &secret)?);
        let forgotten = submissions.into_iter().map(|one| Submission { bytes: Vec::new(), ..one });
        self.read.extend(forgotten.zip(readings));
        Ok(())
    }
}

/// Reads once more those whose period has other forms and lists than the plan at hand: each file is read by the plan of its period.
fn read_by_their_plans(desk: &Desk, submissions: &[Submission], readings: &mut [Reading], overrides: &Overrides) -> Result<(), RunError> {
    let mut others: BTreeMap<&str, (&Plan, Vec<usize>)> = BTreeMap::new();
    for (at, reading) in readings.iter().enumerate() {
        let Reading::Read(read) = reading else { continue };
        let plan = desk.plan_of(read.period);
        if plan.hash != desk.plan.hash {
            others.entry(&plan.hash).or_insert_with(|| (plan, Vec::new())).1.push(at);
        }
    }
    for (plan, places) in others.into_values() {
        let files: Vec<Submission> = places.iter().filter_map(|at| submissions.get(*at)).cloned().collect();
        let again = ingest::read_all(&files, plan, &desk.settings.limits, &desk.worker, overrides, &|_| {}).map_err(RunError::Worker)?;
        for (at, reading) in places.into_iter().zip(again) {
            if let Some(place) = readings.get_mut(at) {
                *place = reading;
            }
        }
    }
    Ok(())
}

/// Archives originals, several at a time: each waits for the disk, and the disk syncs several as fast as one.
fn keep(archive: &Archive, submissions: &[&Submission]) -> std::io::Result<()> {
    const SIDE_BY_SIDE: usize = 8;
    let share = submissions.len().div_ceil(SIDE_BY_SIDE).max(1);
    let outcomes: Vec<std::io::Result<()>> = std::thread::scope(|scope| {
        let put = |part: &[&Submission]| part.iter().try_for_each(|submission| archive.put(&submission.bytes).map(drop));
        let threads: Vec<_> = submissions.chunks(share).map(|part| scope.spawn(move || put(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(std::io::Error::other("archiving stopped")))).collect()
    });
    outcomes.into_iter().collect()
}
