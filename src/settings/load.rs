//! `config/wenjin.toml` table by table.

use std::path::{Path, PathBuf};

use super::document::{Document, Problems};
use super::environment::{Lookup, Overlay};
use super::table::Table;
use super::value::Entries;
use super::{Appearance, Backup, Captions, Limits, Office, Settings, Source, Theme, Web, alert, captions, mail, schedule, templates};

/// The file the settings stand in.
pub const FILE: &str = "config/wenjin.toml";

/// What reading needs besides the file.
struct Around<'e> {
    workspace: PathBuf,
    lookup: Lookup<'e>,
    problems: &'e Problems,
    /// Stands for a table the file lacks, so that variables reach it all the same.
    empty: &'e Entries,
}

/// Reads the settings; what is wrong goes to `problems`, and what cannot be read takes its default.
///
/// `None` where there is no file to read.
pub fn read(workspace: &Path, data: Option<&Path>, lookup: Lookup<'_>, problems: &Problems) -> Option<Settings> {
    let parsed = Document::open(workspace, FILE, problems)?;
    let workspace = std::path::absolute(workspace).unwrap_or_else(|_| workspace.to_owned());
    let root = Table::root(&parsed);
    let empty = Entries::new();
    let around = Around { workspace, lookup, problems, empty: &empty };
    let plan = around.plain(&root, "plan");
    let (data, backup) = around.store(around.plain(&root, "store"), data);
    let (plan_name, plan_short_name, plan_year, mut appearance) = read_plan(plan, around.plain(&root, "report"));
    appearance.captions = captions::read(&around.workspace, problems);
    let settings = Settings {
        plan_name,
        plan_short_name,
        plan_year,
        appearance,
        templates: templates::read(&around.workspace, problems),
        office: read_office(around.plain(&root, "office")),
        sources: root.tables("source").into_iter().filter_map(|table| read_source(table, &around.workspace)).collect(),
        schedule: schedule::read(around.plain(&root, "schedule")),
        remind: schedule::read_remind(around.plain(&root, "remind")),
        mail: mail::read(around.plain(&root, "mail"), &around.workspace, &data, around.lookup),
        alert: alert::read(around.plain(&root, "alert"), root.tables("webhook"), &around.workspace, around.lookup),
        web: read_web(around.plain(&root, "web")),
        backup,
        limits: read_limits(around.plain(&root, "limits")),
        workspace: around.workspace.clone(),
        data,
    };
    root.finish();
    Some(settings)
}

impl<'e> Around<'e> {
    /// A plain table, overlaid by the environment.
    fn plain<'d>(&self, root: &Table<'d>, key: &'static str) -> Table<'d>
    where
        'e: 'd,
    {
        root.table_or(key, self.empty).overlaid(Overlay::new(key, self.lookup, self.problems))
    }

    /// Where state goes, and the copies of the ledger.
    fn store(&self, store: Table<'_>, given: Option<&Path>) -> (PathBuf, Backup) {
        let written = store.text("data").filter(|folder| {
            if folder.value.is_empty() {
                folder.problem("the data folder has no name", "write a folder under the workspace, `var`, or an absolute path");
            }
            !folder.value.is_empty()
        });
        let data = match (given, written) {
            (Some(given), _) => std::path::absolute(given).unwrap_or_else(|_| given.to_owned()),
            (None, Some(written)) => self.workspace.join(written.value),
            (None, None) => self.workspace.join("var"),
        };
        // Under the data folder unless written out as a path of its own (another disk is better).
        let folder = data.join(store.text("backup").map_or_else(|| "backup".to_owned(), |folder| folder.value));
        let keep = store.small("backup_keep", 1..=10_000).map_or(14, |keep| keep.value);
        store.finish();
        (data, Backup { folder, keep })
    }
}

fn read_web(table: Table<'_>) -> Web {
    let mut web = Web { listen: None };
    if let Some(listen) = table.text("listen").filter(|listen| !listen.value.is_empty()) {
        match listen.value.parse::<std::net::SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => web.listen = Some(address),
            Ok(_) => listen.problem(
                format!("`{}` can be reached from outside", listen.value),
                "health and metrics have no password: write a loopback address, `127.0.0.1:9464`, and put a proxy before it",
            ),
            Err(_) => listen.problem(format!("`{}` is no address and port", listen.value), "write `127.0.0.1:9464`"),
        }
    }
    table.finish();
    web
}

fn read_plan(table: Table<'_>, report: Table<'_>) -> (String, String, i32, Appearance) {
    let mut appearance = Appearance {
        sample: false,
        mark: Appearance::MARK.to_owned(),
        note: String::new(),
        theme: Theme::Clean,
        ranks: true,
        region_lights: true,
        figures_in_mail: true,
        captions: Captions::shipped(),
    };
    appearance.theme =
        report.choice("theme", &[("clean", Theme::Clean), ("official", Theme::Official)]).map_or(Theme::Clean, |theme| theme.value);
    appearance.ranks = report.flag("ranks").is_none_or(|flag| flag.value);
    appearance.region_lights = report.flag("region_lights").is_none_or(|flag| flag.value);
    appearance.figures_in_mail = report.flag("figures_in_mail").is_none_or(|flag| flag.value);
    report.finish();
    let name = table.need_text("name").map(|name| name.value).unwrap_or_default();
    let short_name = table.need_text("short_name").map(|name| name.value).unwrap_or_default();
    let year = table.small("year", 1900..=9999).map(|year| year.value);
    if !table.has("year") {
        table.missing("year", "2022");
    }
    appearance.sample = table.flag("sample").is_some_and(|flag| flag.value);
    if let Some(mark) = table.text("mark") {
        appearance.mark = mark.value;
    }
    if let Some(note) = table.text("note") {
        appearance.note = note.value;
    }
    table.finish();
    (name, short_name, year.and_then(|year| i32::try_from(year).ok()).unwrap_or(0), appearance)
}

fn read_office(table: Table<'_>) -> Office {
    let mut office = Office { name: String::new(), contact: String::new(), phone: String::new() };
    for (key, field) in [("name", &mut office.name), ("contact", &mut office.contact), ("phone", &mut office.phone)] {
        if let Some(text) = table.need_text(key) {
            *field = text.value;
        }
    }
    table.finish();
    office
}

fn read_source(table: Table<'_>, workspace: &Path) -> Option<Source> {
    let kind = table.need_choice("kind", &[("folder", true), ("http", false)]);
    let (path, url) = (table.text("path"), table.text("url"));
    let source = match kind {
        Some(kind) if kind.value => {
            if let Some(url) = &url {
                url.problem("a folder has no `url`", "write `path`, or `kind = \"http\"`");
            }
            if path.is_none() && !table.has("path") {
                table.missing("path", "\"inbox\"");
            }
            path.map(|path| Source::Folder(workspace.join(path.value)))
        }
        Some(_) => {
            if let Some(path) = &path {
                path.problem("an http source has no `path`", "write `url`, or `kind = \"folder\"`");
            }
            if url.is_none() && !table.has("url") {
                table.missing("url", "\"https://…/file.xlsx\"");
            }
            url.and_then(|url| {
                let sound =
                    url.value.split_once("://").is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && !rest.is_empty());
                if !sound {
                    url.problem(format!("`{}` is no web address", url.value), "write `https://host/file.xlsx`");
                }
                sound.then_some(Source::Http(url.value))
            })
        }
        None => None,
    };
    table.finish();
    source
}

fn read_limits(table: Table<'_>) -> Limits {
    let mut limits = Limits::default();
    let large: [(&'static str, &mut u64); 8] = [
        ("file_bytes_max", &mut limits.file_bytes_max),
        ("inflated_bytes_max", &mut limits.inflated_bytes_max),
        ("inflate_ratio_max", &mut limits.inflate_ratio_max),
        ("cells_max", &mut limits.cells_max),
        ("worker_bytes_max", &mut limits.worker_bytes_max),
        ("worker_cpu_seconds_max", &mut limits.worker_cpu_seconds_max),
        ("worker_seconds_max", &mut limits.worker_seconds_max),
        ("disk_reserve_bytes", &mut limits.disk_reserve_bytes),
    ];
    for (key, field) in large {
        if let Some(value) = table.integer(key, 1..=1 << 40) {
            *field = value.value;
        }
    }
    if let Some(value) = table.small("lease_seconds", 1..=86_400) {
        limits.lease_seconds = i64::from(value.value);
    }
    for (key, field) in [("sheet_rows_max", &mut limits.sheet_rows_max), ("sheet_columns_max", &mut limits.sheet_columns_max)] {
        if let Some(value) = table.small(key, 1..=1 << 20) {
            *field = value.value;
        }
    }
    for (key, field) in [("zip_entries_max", &mut limits.zip_entries_max), ("workers", &mut limits.workers)] {
        if let Some(value) = table.small(key, 1..=100_000) {
            *field = usize::try_from(value.value).unwrap_or(*field);
        }
    }
    table.finish();
    limits
}
