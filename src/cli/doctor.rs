//! `doctor`: looks whether everything wenjin needs is in order.

use super::{Global, Outcome, exit, output, workspace};
use crate::ingest::{self, Overrides};
use crate::ingest::reading::Reading;
use crate::model::{ContentHash, Refusal, Submission};
use crate::run::Desk;
use crate::settings::{MailUrl, Source};

/// Looks at the plan, the data folder, the ledger, the reading worker, the sources and the mail transport.
#[derive(Debug, clap::Args)]
pub struct Doctor {}

impl Doctor {
    #[expect(clippy::unused_self, reason = "every command is run alike")]
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, None)?;
        let mut checks = vec![
            ("plan", Ok(format!("{} measures, plan {}", desk.plan.measures.len(), desk.plan.hash.get(..12).unwrap_or_default()))),
            ("data folder", writable(&desk)),
            ("ledger", ledger(&desk)),
            ("reading worker", worker(&desk)),
        ];
        checks.extend(desk.settings.sources.iter().map(|one| ("source", source(one))));
        checks.push(("mail", mail(&desk)));
        let mut code = exit::DONE;
        for (what, outcome) in &checks {
            match outcome {
                Ok(words) => output::line(&format!("ok    {what}: {words}")),
                Err(words) => {
                    code = exit::FAILED;
                    output::line(&format!("FAIL  {what}: {words}"));
                }
            }
        }
        for job in &desk.settings.schedule.jobs {
            output::line(&format!("info  job {}: `{}` in {}", job.name, job.cron, desk.settings.schedule.zone));
        }
        Ok(code)
    }
}

type Answer = Result<String, String>;

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
    Ok(format!("intact, schema {schema}"))
}

/// Starts the worker on bytes that are a workbook only by their first letters; it must answer with a typed refusal.
fn worker(desk: &Desk) -> Answer {
    let bytes = b"PK\x03\x04".to_vec();
    let probe = Submission { file: "doctor.xlsx".to_owned(), folders: Vec::new(), received_at: None, hash: ContentHash::of(&bytes), bytes };
    let readings = ingest::read_all(&[probe], &desk.plan, &desk.settings.limits, &desk.worker, &Overrides::default(), &|_| {});
    match readings.first() {
        Some(Reading::Refused(Refusal::WorkerDied)) | None => Err("the worker process did not answer".to_owned()),
        Some(_) => Ok("answers".to_owned()),
    }
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
        MailUrl::Smtp { host, port, .. } => {
            std::net::TcpStream::connect((host.as_str(), *port)).map(|_| format!("{host}:{port} answers")).map_err(|e| format!("{host}:{port}: {e}"))
        }
    }
}
