//! The `[[source]]` list: where submissions come from.

use std::path::{Path, PathBuf};

use super::table::Table;

/// Where submissions come from. `README.md` tells where one more kind goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Folder(PathBuf),
    Http(String),
}

/// Reads one entry.
pub fn read(table: Table<'_>, workspace: &Path) -> Option<Source> {
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
