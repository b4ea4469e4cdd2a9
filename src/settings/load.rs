//! `config/wenjin.toml` table by table.

use std::path::{Path, PathBuf};

use super::document::{Document, Problems};
use super::environment::{Lookup, Overlay};
use super::table::Table;
use super::value::Entries;
use super::{
    Appearance, Captions, Limits, Mail, MailUrl, Office, Settings, Source, Theme, captions, mail_url, schedule, secret, templates,
};

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
    let (plan_name, plan_short_name, plan_year, mut appearance) = read_plan(plan, around.plain(&root, "report"));
    appearance.captions = captions::read(&around.workspace, problems);
    let data = around.data(around.plain(&root, "store"), data);
    let settings = Settings {
        plan_name,
        plan_short_name,
        plan_year,
        appearance,
        templates: templates::read(&around.workspace, problems),
        office: read_office(around.plain(&root, "office")),
        sources: root.tables("source").into_iter().filter_map(|table| read_source(table, &around.workspace)).collect(),
        schedule: schedule::read(around.plain(&root, "schedule")),
        mail: around.mail(around.plain(&root, "mail"), &data),
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

    fn data(&self, store: Table<'_>, given: Option<&Path>) -> PathBuf {
        let written = store.text("data");
        store.finish();
        match (given, written) {
            (Some(given), _) => std::path::absolute(given).unwrap_or_else(|_| given.to_owned()),
            (None, Some(written)) => self.workspace.join(written.value),
            (None, None) => self.workspace.join("var"),
        }
    }

    fn mail(&self, table: Table<'_>, data: &Path) -> Mail {
        let mut mail = Mail {
            transport: MailUrl::File(data.join("mail")),
            from: String::new(),
            reply_to: None,
            hold: false,
            leading_to: Vec::new(),
            leading_cc: Vec::new(),
            password: None,
            attachment_bytes_max: 20 << 20,
        };
        if let Some(url) = table.text("url").and_then(|url| mail_url::read(&url, data)) {
            mail.transport = url;
        }
        if table.has("from") {
            mail.from = table.address("from").map(|from| from.value).unwrap_or_default();
        } else {
            table.missing("from", "\"省协调办公室 <wenjin@example.cn>\"");
        }
        mail.reply_to = table.address("reply_to").map(|address| address.value);
        mail.hold = table.choice("gate", &[("auto", false), ("hold", true)]).is_some_and(|gate| gate.value);
        mail.leading_to = table.addresses("leading_to");
        mail.leading_cc = table.addresses("leading_cc");
        mail.password = secret::password(table.text("password_file").as_ref(), &self.workspace, self.lookup);
        if let Some(bytes) = table.integer("attachment_bytes_max", 1 << 16..=1 << 30) {
            mail.attachment_bytes_max = bytes.value;
        }
        table.finish();
        mail
    }
}

fn read_plan(table: Table<'_>, report: Table<'_>) -> (String, String, i32, Appearance) {
    let mut appearance = Appearance {
        sample: false,
        mark: "内部资料　注意保存".to_owned(),
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
    let large: [(&'static str, &mut u64); 7] = [
        ("file_bytes_max", &mut limits.file_bytes_max),
        ("inflated_bytes_max", &mut limits.inflated_bytes_max),
        ("inflate_ratio_max", &mut limits.inflate_ratio_max),
        ("cells_max", &mut limits.cells_max),
        ("worker_bytes_max", &mut limits.worker_bytes_max),
        ("worker_cpu_seconds_max", &mut limits.worker_cpu_seconds_max),
        ("worker_seconds_max", &mut limits.worker_seconds_max),
    ];
    for (key, field) in large {
        if let Some(value) = table.integer(key, 1..=1 << 40) {
            *field = value.value;
        }
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
