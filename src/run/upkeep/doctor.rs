//! The doctor's examination: plan, data folder, ledger, reading worker, sources, mail.

use crate::ingest::reading::Reading;
use crate::ingest::{self, Overrides, Probe};
use crate::model::{ContentHash, Refusal, Submission};
use crate::run::kit::{Desk, copies};
use crate::settings::{MailUrl, Source};

/// What was found: in order, or what is wrong.
pub type Answer = Result<String, String>;

/// Examines everything a run needs; each entry is a name and what was found.
pub fn examine(desk: &Desk) -> Vec<(&'static str, Answer)> {
    let mut found = vec![
        ("plan", Ok(format!("{} measures, plan {}", desk.plan.measures.len(), desk.plan.hash.get(..12).unwrap_or_default()))),
        ("data folder", writable(desk)),
        ("ledger", ledger(desk)),
        ("reading worker", worker(desk)),
    ];
    found.extend(desk.settings.sources.iter().map(|one| ("source", source(one))));
    found.push(("mail", mail(desk)));
    found
}

fn writable(desk: &Desk) -> Answer {
    let probe = desk.settings.data.join(".doctor");
    std::fs::write(&probe, b"probe")
        .and_then(|()| std::fs::remove_file(&probe))
        .map(|()| desk.settings.data.display().to_string())
        .map_err(|error| format!("{} cannot be written: {error}", desk.settings.data.display()))
}

fn ledger(desk: &Desk) -> Answer {
    desk.ledger.check_integrity().map_err(|error| error.to_string())?;
    let schema = desk.ledger.schema_version().map_err(|error| error.to_string())?;
    let kept = copies::kept_before(&desk.settings.backup.folder);
    let kept = kept.map(|path| format!("; the copy made before it was brought up to date: {}", path.display())).unwrap_or_default();
    let open = open_to_others(&desk.settings.data.join("ledger.sqlite"));
    let open = open.map(|mode| format!("; others than its owner may read it ({mode:o}): chmod -R go= {}", desk.settings.data.display()));
    Ok(format!("intact, schema {schema}{kept}{}", open.unwrap_or_default()))
}

/// The mode of a file that group or others may use; an earlier program left them so where the shell let it.
fn open_to_others(file: &std::path::Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Starts the worker on bytes that are a workbook only by their first letters; it must answer with a typed refusal.
fn worker(desk: &Desk) -> Answer {
    let bytes = b"PK\x03\x04".to_vec();
    let probe = Submission {
        file: "doctor.xlsx".to_owned(),
        folders: Vec::new(),
        received_at: None,
        hash: ContentHash::of(&bytes),
        bytes,
        unread: None,
    };
    let readings = ingest::read_all(&[probe], &desk.plan, &desk.settings.limits, &desk.worker, &Overrides::default(), &|_| {})
        .map_err(|error| format!("the worker process cannot be started: {error}"))?;
    match readings.first() {
        Some(Reading::Refused(Refusal::WorkerDied | Refusal::ReaderFailed | Refusal::OutOfTime)) | None => {
            return Err("the worker process did not answer".to_owned());
        }
        Some(_) => {}
    }
    confined(desk)
}

/// A kernel that cannot confine the worker is told and is no failure; one that says it does and does not is.
fn confined(desk: &Desk) -> Answer {
    let Probe { confinement, environment, possible, .. } =
        ingest::probe(&desk.worker).map_err(|error| format!("the worker process cannot be confined: {error}"))?;
    let missing = confinement.missing();
    if !environment.is_empty() || (missing.is_empty() && !possible.is_empty()) {
        return Err(format!("the worker process can see or do more than it should: {}", [environment, possible].concat().join(", ")));
    }
    if missing.is_empty() {
        return Ok("answers; it can open no file, no socket and no program (Landlock, seccomp)".to_owned());
    }
    let left = if possible.is_empty() { "nothing".to_owned() } else { possible.join(", ") };
    Ok(format!("answers, but is confined in part only: {}; it could: {left}; a newer kernel would confine it", missing.join("; ")))
}

fn source(source: &Source) -> Answer {
    match source {
        Source::Folder(path) if path.is_dir() => Ok(path.display().to_string()),
        Source::Folder(path) => Err(format!("{} is no folder; create it or change config/wenjin.toml", path.display())),
        Source::Http(url) => Ok(format!("{url} (not asked)")),
    }
}

fn mail(desk: &Desk) -> Answer {
    match &desk.settings.mail.transport {
        MailUrl::File(folder) => Ok(format!("files in {}", folder.display())),
        MailUrl::Smtp { host, port, .. } => std::net::TcpStream::connect((host.as_str(), *port))
            .map(|_| format!("{host}:{port} answers"))
            .map_err(|e| format!("{host}:{port}: {e}")),
    }
}
