//! Paths that README and docs name exist.

use std::path::{Path, PathBuf};

/// Where a path from the root begins.
const FOLDERS: [&str; 8] = ["config", "docs", "fixtures", "packaging", "pipelines", "src", "tests", "var"];

/// What a workspace may have and the shipped one has not, and what is made: named, not there.
const NOT_SHIPPED: [&str; 8] = [
    "config/captions.toml",
    "config/checks.toml",
    "config/templates",
    "pipelines/2023",
    "pipelines/Y",
    "pipelines/m18-your-name.toml",
    "pipelines/mNN-slug.toml",
    "var",
];

#[test]
fn every_path_in_readme_and_docs_exists() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for path in backticked(&text) {
            seen += 1;
            if !is_there(&path) {
                broken.push(format!("{}: `{path}` is not there", page.display()));
            }
        }
        for link in links(&text) {
            seen += 1;
            if !page.parent().unwrap().join(&link).exists() {
                broken.push(format!("{}: the link {link} leads nowhere", page.display()));
            }
        }
    }
    assert!(seen > 100, "only {seen} paths were found: the pages are read wrongly");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The two READMEs and the pages of `docs`.
fn pages() -> Vec<PathBuf> {
    let root = super::root();
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.extend([root.join("README.md"), root.join("README.zh-CN.md")]);
    pages.sort();
    pages
}

/// The words between backticks, and of fenced lines, that are paths of this repository.
fn backticked(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut prose = String::new();
    let mut is_fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced {
            paths.extend(line.split_whitespace().filter_map(path));
        } else {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    for quoted in prose.split('`').skip(1).step_by(2) {
        paths.extend(quoted.split_whitespace().filter_map(path));
    }
    paths
}

/// `word` if it is a path: it begins with a folder of the root, or it is a source file below `src`. One with a gap to be filled in
/// (`<code>.rs`, `m01-….toml`) is held to the folder before the gap.
fn path(word: &str) -> Option<String> {
    let word = word.trim_end_matches([',', ';', ':', '.', ')']);
    let is_ours = word.split_once('/').is_some_and(|(first, _)| FOLDERS.contains(&first));
    let is_source = Path::new(word).extension().is_some_and(|extension| extension == "rs");
    if !is_ours && !is_source {
        return None;
    }
    let whole = match word.find(|c: char| !c.is_ascii_alphanumeric() && !"/._-".contains(c)) {
        Some(gap) => word[..gap].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => word,
    };
    if whole.is_empty() { None } else { Some(whole.to_owned()) }
}

fn is_there(path: &str) -> bool {
    let root = super::root();
    let is_named = NOT_SHIPPED.iter().any(|known| Path::new(path).starts_with(known));
    is_named || root.join(path).exists() || root.join("src").join(path).exists()
}

/// The targets of links inside the repository, without their anchors.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let inside = targets.filter(|link| !link.starts_with("http")).filter_map(|link| link.split('#').next());
    inside.filter(|link| !link.is_empty()).map(str::to_owned).collect()
}

/// The rule itself can tell.
mod rule {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::from_the_root("see `src/lib.rs`", &["src/lib.rs"])]
    #[case::below_src("`run/month.rs` and `cli.rs`", &["run/month.rs", "cli.rs"])]
    #[case::with_options("`tests/look --self-test`", &["tests/look"])]
    #[case::with_a_gap("`src/ingest/check/<code>.rs` `pipelines/m01-….toml`", &["src/ingest/check", "pipelines"])]
    #[case::in_a_fence("```sh\ntests/all   # all\n```\n", &["tests/all"])]
    #[case::over_two_lines("`podman build -f\npackaging/Containerfile`", &["packaging/Containerfile"])]
    #[case::no_path("`upper/lower`, src/nowhere.rs, `/healthz`, `letter.html`", &[])]
    fn paths_are_found(#[case] text: &str, #[case] found: &[&str]) {
        assert_eq!(backticked(text), found);
    }

    #[test]
    fn a_path_that_is_not_there_is_told() {
        assert!(is_there("src/lib.rs") && is_there("lib.rs") && is_there("var/ledger.sqlite") && is_there("src/collect/"));
        assert!(!is_there("src/nowhere.rs") && !is_there("config/variables.toml") && !is_there("run/nowhere.rs"));
    }

    #[test]
    fn links_are_found() {
        assert_eq!(links("[a](docs/a.md#b), [c](https://example.cn/), [d](#e) ![f](images/f.png)"), ["docs/a.md", "images/f.png"]);
    }
}
