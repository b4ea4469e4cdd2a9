//! A look into the sources: what they hold is listed, the ledger is asked, and only what it does not know is read.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};

use super::waiting::Waiting;
use crate::collect::{self, CollectError, Entry, Unread, UnreadReason};
use crate::ingest;
use crate::ledger::{Mark, Marks, UnreadEntry};
use crate::model::{ContentHash, Refusal, Stamp};
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::{Desk, LedgerError, RunError};
use crate::settings::Source;

/// So long, in seconds, a file that has not moved is known without its bytes being read.
const DAY: i64 = 24 * 60 * 60;

/// The longest wait for files that somebody is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looker {
    /// A person, who waits a moment for files that are being written, and wants all there is.
    Person,
    /// The schedule, which comes again and takes in so much at a time.
    Schedule,
}

/// What a look found.
#[derive(Default)]
pub struct Look {
    /// Names the limits that files are judged by now.
    judged_by: String,
    pub waiting: Vec<Waiting>,
    /// For each waiting file of a source where it lies; `None` for the archive's.
    pub lies: Vec<Option<Lies>>,
    /// Content and path of everything that lies in the sources.
    pub held: Vec<(ContentHash, String)>,
    /// By its place in `config/wenjin.toml`, from 1 on: the sources that were reached.
    pub reached: BTreeMap<usize, Seen>,
    pub unreachable: BTreeMap<usize, CollectError>,
    /// Waiting files of sources that were looked into before, by path, and since when (Unix seconds): whoever put them there is answered.
    pub fresh: BTreeMap<String, i64>,
}

/// Where a waiting file lies.
pub struct Lies {
    source: usize,
    raw: Vec<u8>,
    mark: Mark,
    unread: UnreadEntry,
}

/// What was seen of one source.
pub struct Seen {
    pub name: String,
    before: Marks,
    /// Since when it is looked into; `None` at the first look.
    since: Option<i64>,
    pub marks: Marks,
    pub unread: Vec<UnreadEntry>,
}

/// An entry that has to be read, if only to see what it is.
struct Todo {
    source: usize,
    entry: Entry,
    /// Its mark, where only its daily reading is due.
    known: Option<Mark>,
}

/// Looks into every source.
///
/// # Errors
/// Of the ledger.
pub fn look(desk: &Desk, looker: Looker) -> Result<Look, RunError> {
    let mut look = Look { judged_by: judged_by(desk)?, ..Look::default() };
    let mut again = Again::of(desk)?;
    let (mut todo, mut young) = (Vec::new(), Vec::new());
    for (number, source) in (1..).zip(&desk.settings.sources) {
        let listing = match collect::list(source, &desk.settings.limits) {
            Ok(listing) => listing,
            Err(error) => {
                tracing::error!(source.number = number, %error, "source cannot be read");
                look.unreachable.insert(number, error);
                continue;
            }
        };
        for (name, reason) in &listing.skipped {
            tracing::info!(file = %name, %reason, "file skipped");
        }
        let name = name(desk, number);
        let before = desk.ledger.marks(&name)?;
        let mut seen = Seen { name, since: since(desk, &before), before, marks: Marks::new(), unread: Vec::new() };
        seen.marks.insert(LOOKED.to_vec(), looked(seen.since.unwrap_or(desk.clock.now.timestamp())));
        for entry in &listing.unread {
            tracing::warn!(source.number = number, reason = entry.reason.code(), "entry of a source cannot be read");
            seen.unread.push(unread(desk, &seen.name, entry));
        }
        look.reached.insert(number, seen);
        for entry in listing.entries {
            look.sort_in(desk, (number, entry), &mut again, &mut todo, &mut young);
        }
    }
    look.wait_for(desk, looker, young, &mut todo);
    look.cap(desk, looker, &mut todo);
    for one in todo {
        look.ask(desk, one, &mut again)?;
    }
    again.fill(desk, &mut look);
    Ok(look)
}

/// Stands among a source's marks for the source itself, which has no path below itself.
const LOOKED: &[u8] = b"";

/// The mark of a source that has been looked into since then.
fn looked(since: i64) -> Mark {
    let stamp = Stamp { size: 0, modified: 0, changed: 0, inode: 0 };
    Mark { stamp, hash: None, hashed: since, judged_by: String::new() }
}

/// Since when a source is looked into; one with marks of its files alone was looked into by an earlier program.
fn since(desk: &Desk, before: &Marks) -> Option<i64> {
    let own = before.get(LOOKED).map(|mark| mark.hashed);
    own.or_else(|| (!before.is_empty()).then(|| desk.clock.now.timestamp()))
}

/// `folder 1`: a source's kind and its place in `config/wenjin.toml`.
fn name(desk: &Desk, number: usize) -> String {
    let kind = match number.checked_sub(1).and_then(|at| desk.settings.sources.get(at)) {
        Some(Source::Http(_)) => "http",
        _ => "folder",
    };
    format!("{kind} {number}")
}

/// Names what decides whether a file is refused, besides the plan.
fn judged_by(desk: &Desk) -> Result<String, RunError> {
    let text = serde_json::to_vec(&(DEFINITION, &desk.settings.limits))
        .map_err(|error| LedgerError::Content { place: "the limits".to_owned(), reason: error.to_string() })?;
    Ok(ContentHash::of(&text).0.chars().take(16).collect())
}

fn wall(desk: &Desk) -> i64 {
    (desk.clock.wall)().saturating_mul(1_000_000_000)
}

impl Look {
    /// What the ledger knows by its stamp is not touched; the rest is to be read, or is being written.
    fn sort_in(
        &mut self,
        desk: &Desk,
        (source, entry): (usize, Entry),
        again: &mut Again,
        todo: &mut Vec<Todo>,
        young: &mut Vec<(usize, Entry)>,
    ) {
        let Some(seen) = self.reached.get_mut(&source) else { return };
        if !entry.is_on_disk() {
            return todo.push(Todo { source, entry, known: None });
        }
        let mark = seen.before.get(&entry.raw).cloned();
        let known = mark.clone().filter(|mark| mark.stamp == entry.stamp && mark.hash.is_some());
        let Some(Mark { hash: Some(hash), hashed, .. }) = &known else {
            let earlier: Option<Stamp> = mark.map(|mark| mark.stamp);
            return if entry.stamp.is_settled(wall(desk), earlier.as_ref()) {
                todo.push(Todo { source, entry, known: None });
            } else {
                young.push((source, entry));
            };
        };
        let is_fresh = known.as_ref().is_some_and(|mark| mark.judged_by == self.judged_by);
        if !is_fresh || ((desk.clock.wall)() - hashed).abs() >= DAY {
            return todo.push(Todo { source, entry, known });
        }
        let hash = hash.clone();
        seen.marks.extend(known.map(|mark| (entry.raw.clone(), mark)));
        self.hold(hash, entry, again);
    }

    /// Notes down what lies here, and whether its bytes are wanted once more.
    fn hold(&mut self, hash: ContentHash, entry: Entry, again: &mut Again) {
        let path = entry.path();
        again.offer(&hash, &path, entry);
        self.held.push((hash, path));
    }

    /// A person waits once for files that are being written; what is not finished then is left.
    fn wait_for(&mut self, desk: &Desk, looker: Looker, young: Vec<(usize, Entry)>, todo: &mut Vec<Todo>) {
        let longest = young.iter().map(|(_, entry)| entry.stamp.until_settled(wall(desk))).max().unwrap_or_default();
        let waits = looker == Looker::Person && longest > 0;
        if waits {
            std::thread::sleep(Duration::from_nanos(u64::try_from(longest).unwrap_or_default()).min(PATIENCE));
        }
        for (source, mut entry) in young {
            let seen = entry.stamp;
            let now = if waits { entry.look_again() } else { Ok(()) };
            let reason = match now {
                Ok(()) if waits && entry.stamp.is_settled(wall(desk), Some(&seen)) => {
                    todo.push(Todo { source, entry, known: None });
                    continue;
                }
                Ok(()) => UnreadReason::BeingWritten,
                Err(reason) => reason,
            };
            self.leave(desk, source, &entry, reason);
        }
    }

    /// The oldest files first, so many and so large as one look takes in; the others are left for the next one.
    fn cap(&mut self, desk: &Desk, looker: Looker, todo: &mut Vec<Todo>) {
        todo.sort_by(|a, b| {
            let order =
                |one: &Todo| (one.known.is_some(), one.entry.received_at.is_none(), one.entry.received_at, one.entry.stamp.modified);
            order(a).cmp(&order(b)).then_with(|| a.entry.raw.cmp(&b.entry.raw))
        });
        if looker == Looker::Person {
            return;
        }
        let limits = &desk.settings.limits;
        let mut bytes: u64 = 0;
        let fits = todo.iter().enumerate().take_while(|(at, one)| {
            bytes = bytes.saturating_add(one.entry.stamp.size);
            *at == 0 || (*at < limits.poll_files_max && bytes <= limits.poll_bytes_max)
        });
        let fits = fits.count();
        for Todo { source, entry, known } in todo.split_off(fits) {
            match known {
                // Its daily reading can wait.
                Some(mark) => {
                    let Some(seen) = self.reached.get_mut(&source) else { continue };
                    self.held.extend(mark.hash.clone().map(|hash| (hash, entry.path())));
                    seen.marks.insert(entry.raw, mark);
                }
                None => self.leave(desk, source, &entry, UnreadReason::NextLook),
            }
        }
    }

    /// Hashes one file and asks the ledger whether it was taken in before.
    fn ask(&mut self, desk: &Desk, Todo { source, entry, known: _ }: Todo, again: &mut Again) -> Result<(), RunError> {
        let hash = match entry.hash() {
            Ok(hash) => hash,
            Err(reason) => {
                tracing::warn!(source.number = source, reason = reason.code(), "entry of a source cannot be read");
                self.leave(desk, source, &entry, reason);
                return Ok(());
            }
        };
        let Some(seen) = self.reached.get_mut(&source) else { return Ok(()) };
        let path = entry.path();
        let before = seen.before.get(&entry.raw);
        let is_known = before.is_some_and(|mark| mark.hash.as_ref() == Some(&hash)) || desk.ledger.has_taken_in(&hash, &path)?;
        // Other limits may read what was refused: a zip is looked into once more.
        let is_tried_again =
            before.is_none_or(|mark| mark.judged_by != self.judged_by) && !desk.ledger.refused_at(&hash, &path)?.is_empty();
        let mark = Mark { stamp: entry.stamp, hash: Some(hash.clone()), hashed: (desk.clock.wall)(), judged_by: self.judged_by.clone() };
        if is_known && !is_tried_again {
            if entry.is_on_disk() {
                seen.marks.insert(entry.raw.clone(), mark);
            }
            self.hold(hash, entry, again);
            return Ok(());
        }
        if let Some(since) = seen.since {
            self.fresh.insert(path.clone(), since);
        }
        let unread = unread_entry(desk, &seen.name, &entry, UnreadReason::BeingWritten);
        self.lies.push(entry.is_on_disk().then(|| Lies { source, raw: entry.raw.clone(), mark, unread }));
        self.held.push((hash, path));
        self.waiting.push(Waiting::Lies(entry));
        Ok(())
    }

    /// An entry that is not read now has a row with the reason, and is known again at the next look.
    fn leave(&mut self, desk: &Desk, source: usize, entry: &Entry, reason: UnreadReason) {
        let Some(seen) = self.reached.get_mut(&source) else { return };
        let row = unread_entry(desk, &seen.name, entry, reason);
        seen.unread.push(row);
        seen.marks.insert(entry.raw.clone(), Mark { stamp: entry.stamp, hash: None, hashed: 0, judged_by: String::new() });
    }

    /// After the waiting files had their turn: those that were taken in are known from now on, the others have their reason.
    pub fn settle(&mut self, left: &BTreeMap<usize, UnreadReason>) {
        for (at, lies) in self.lies.iter_mut().enumerate() {
            let Some(Lies { source, raw, mark, unread }) = lies.take() else { continue };
            let Some(seen) = self.reached.get_mut(&source) else { continue };
            match left.get(&at) {
                Some(reason) => {
                    seen.unread.push(UnreadEntry { reason: reason.code().to_owned(), ..unread });
                    seen.marks.insert(raw, Mark { hash: None, hashed: 0, ..mark });
                }
                None => drop(seen.marks.insert(raw, mark)),
            }
        }
    }

    /// Writes down what was seen: marks, and entries that were not read.
    pub fn note(&mut self, desk: &mut Desk) -> Result<(), RunError> {
        let names: Vec<String> = self.reached.values().map(|seen| seen.name.clone()).collect();
        let unread: Vec<UnreadEntry> = self.reached.values().flat_map(|seen| seen.unread.iter().cloned()).collect();
        desk.ledger.set_unread(&names, &unread)?;
        for seen in self.reached.values_mut() {
            desk.ledger.set_marks(&seen.name, &seen.before, &seen.marks)?;
            seen.before.clone_from(&seen.marks);
        }
        Ok(())
    }
}

fn unread_entry(desk: &Desk, source: &str, entry: &Entry, reason: UnreadReason) -> UnreadEntry {
    unread(desk, source, &Unread { raw: entry.raw.clone(), folders: entry.folders.clone(), name: entry.file.clone(), reason })
}

fn unread(desk: &Desk, source: &str, entry: &Unread) -> UnreadEntry {
    let (department, period) = ingest::claimed(&entry.name, &entry.folders, &desk.plan);
    let path = entry.folders.iter().chain([&entry.name]).map(String::as_str).collect::<Vec<_>>().join("/");
    let (source, reason) = (source.to_owned(), entry.reason.code().to_owned());
    UnreadEntry { source, raw: entry.raw.clone(), path, reason, department, period }
}

/// Refused files that another plan, or another limit on sizes, may be able to read.
///
/// What was read once is read again only for a period that is drawn up (`reread`).
#[derive(Default)]
struct Again {
    /// By content and path; where it lies in a source, its entry.
    wanted: HashMap<(ContentHash, String), Wanted>,
}

struct Wanted {
    received_at: DateTime<FixedOffset>,
    too_large: bool,
    lies: Option<Entry>,
}

impl Again {
    fn of(desk: &Desk) -> Result<Self, RunError> {
        let rows = desk.ledger.refused_otherwise(&desk.plan.hash)?;
        let wanted = rows.into_iter().map(|one| {
            let too_large = one.reason.as_deref() == Some(Refusal::TooLarge.code());
            ((one.hash, one.path), Wanted { received_at: one.received_at, too_large, lies: None })
        });
        Ok(Self { wanted: wanted.collect() })
    }

    fn offer(&mut self, hash: &ContentHash, path: &str, entry: Entry) {
        if let Some(wanted) = self.wanted.get_mut(&(hash.clone(), path.to_owned())) {
            wanted.lies = Some(entry);
        }
    }

    fn fill(self, desk: &Desk, look: &mut Look) {
        let mut wanted: Vec<_> = self.wanted.into_iter().collect();
        wanted.sort_by(|(a, _), (b, _)| a.cmp(b));
        for ((hash, path), Wanted { received_at, too_large, lies }) in wanted {
            let fits = |entry: &Entry| !too_large || entry.stamp.size <= desk.settings.limits.file_bytes_max;
            let waiting = match lies.filter(fits) {
                Some(entry) => Waiting::Lies(entry),
                // No copy is kept of a file suspected to be secret; it stays refused.
                None if !too_large && desk.archive.contains(&hash) => Waiting::Kept { path, received_at, hash },
                None => continue,
            };
            look.lies.push(None);
            look.waiting.push(waiting);
        }
    }
}
