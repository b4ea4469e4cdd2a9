//! Reading in the test's own process: the shipped plan, the real workers, no ledger.

use std::path::{Path, PathBuf};

use wenjin::collect;
use wenjin::ingest::check::{Past, check, join};
use wenjin::ingest::sheet::Book;
use wenjin::ingest::sniff::sniff;
use wenjin::ingest::survey::survey;
use wenjin::ingest::{Overrides, Read, Reading, read_all};
use wenjin::model::{Finding, Observations, Period, Refusal, Submission};
use wenjin::plan::{Plan, compile};
use wenjin::settings::Settings;

/// The shipped plan of June 2022 and what it takes to read with it.
pub struct Reader {
    pub plan: Plan,
    pub settings: Settings,
    /// What was accepted for May.
    may: Vec<Observations>,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Reader {
    pub fn new() -> Self {
        let period = Period::new(2022, 6);
        let (settings, plan) = compile::workspace(&root(), None, &|_| None, period).unwrap();
        let mut this = Self { plan, settings, may: Vec::new() };
        let may = this.read(&this.take(&workbooks(&root().join("fixtures/inbox/2022-05"))));
        this.may = may.into_iter().filter_map(read).flat_map(|read| read.observations).collect();
        assert!(!this.may.is_empty(), "nothing of May was read");
        this
    }

    /// Files as they are handed in; those that are too large to be looked at are left out.
    pub fn take(&self, paths: &[PathBuf]) -> Vec<Submission> {
        paths.iter().map(|path| collect::Entry::named(path).unwrap().take(&self.settings.limits).unwrap()).collect()
    }

    pub fn read(&self, submissions: &[Submission]) -> Vec<Reading> {
        let worker = Path::new(env!("CARGO_BIN_EXE_wenjin"));
        read_all(submissions, &self.plan, &self.settings.limits, worker, &Overrides::default(), &|_| {}).unwrap()
    }

    /// The worksheets of a file as they stand, before anything judges them.
    pub fn book(&self, submission: &Submission) -> Result<Book, Refusal> {
        let format = sniff(&submission.bytes, &self.settings.limits)?;
        let limits = &self.settings.limits;
        Book::open(format, survey(format, submission.bytes.clone()), limits)
    }

    /// What the sender of a June file is told, with what is told of one of its tables alone.
    pub fn findings(&self, read: &Read, dataset: &str) -> Vec<Finding> {
        let tables: Vec<Observations> = read.observations.iter().filter(|table| table.dataset == dataset).cloned().collect();
        let previous: Vec<Observations> = self.may.iter().filter(|table| table.department == read.department).cloned().collect();
        let past = Past { previous: previous.iter().collect(), ..Past::default() };
        let checked = check(&self.plan, read.period, &read.file, (&tables, &read.facts), &past);
        join(&self.plan, read.findings.clone(), &checked)
    }
}

pub fn read(reading: Reading) -> Option<Read> {
    match reading {
        Reading::Read(read) => Some(read),
        Reading::Refused(_) => None,
    }
}

/// The workbooks below a folder.
pub fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let mut files = crate::harness::files(folder);
    files.retain(|path| path.extension().is_some_and(|extension| ["xlsx", "xls", "ods", "xlsb"].iter().any(|known| extension == *known)));
    files
}
