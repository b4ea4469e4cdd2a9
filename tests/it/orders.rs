//! The same files with the same times of receipt are the same months, in whatever order and batches they are taken in.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Workspace, files, lay};
use crate::variants::chance::Chance;

/// March has a file that is returned and the mended one, April one that is corrected.
const MONTHS: [&str; 2] = ["2022-03", "2022-04"];
const DRAWN_UP: &str = "2022-06-01T09:00:00+08:00";

/// A workbook of the inbox and when it came.
type Arrival = (String, PathBuf);

/// A workspace without submissions, and what will come.
fn empty() -> (Workspace, Vec<Arrival>) {
    let workspace = Workspace::shipped();
    std::fs::rename(workspace.path().join("fixtures/inbox"), workspace.path().join("kept")).unwrap();
    std::fs::create_dir(workspace.path().join("fixtures/inbox")).unwrap();
    let mut arrivals = Vec::new();
    for folder in MONTHS.map(|month| workspace.path().join("kept").join(month)) {
        let times: toml::Table = std::fs::read_to_string(folder.join("received.toml")).unwrap().parse().unwrap();
        arrivals.extend(times.iter().map(|(name, entry)| (entry["received_at"].to_string().replace('"', ""), folder.join(name))));
    }
    arrivals.sort();
    (workspace, arrivals)
}

/// Every figure, what `verify` says of version and digests, and the books, once April is drawn up.
fn drawn_up(workspace: &Workspace) -> (Value, String, Vec<String>) {
    let at = |arguments: &[&str]| {
        let output = workspace.command_at(DRAWN_UP, arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    at(&["run", "--period", "2022-04", "--no-mail"]);
    let shown = serde_json::from_str(&at(&["show", "--period", "2022-04", "--json"])).unwrap();
    let books = workspace
        .hashes("var/reports")
        .into_iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "xlsx"))
        .map(|(name, hash)| name + &hash);
    (shown, at(&["verify", "--period", "2022-04"]), books.collect())
}

fn submit(workspace: &Workspace, (at, path): &Arrival) {
    let output = workspace.command_at(at, &["submit", path.to_str().unwrap()]).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 10)), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
}

/// Puts a file where the source finds it, with its month's received.toml.
fn deliver(workspace: &Workspace, path: &Path) {
    let month = path.parent().unwrap();
    let inbox = workspace.path().join("fixtures/inbox").join(month.file_name().unwrap());
    std::fs::create_dir_all(&inbox).unwrap();
    for path in [path, &month.join("received.toml")] {
        lay(path, &inbox.join(path.file_name().unwrap()));
    }
}

#[test]
fn order_and_batches_of_arrival_change_nothing() {
    let (workspace, arrivals) = empty();
    for (_, path) in &arrivals {
        deliver(&workspace, path);
    }
    let whole = drawn_up(&workspace);
    assert!(!whole.1.contains("DIFFERENT"), "{}", whole.1);
    assert!(files(&workspace.path().join("fixtures/inbox")).len() > 20);

    let (backwards, mut arrivals) = empty();
    arrivals.reverse();
    for one in &arrivals {
        submit(&backwards, one);
    }
    assert_eq!(drawn_up(&backwards), whole, "the last one first");

    for seed in [3, 11] {
        let (shuffled, mut arrivals) = empty();
        Chance::new(seed).shuffle(&mut arrivals);
        // A first lot by hand, one by one; then what the source holds, in two lots.
        let (by_hand, by_source) = arrivals.split_at(9);
        for one in by_hand {
            submit(&shuffled, one);
        }
        for lot in by_source.chunks(6) {
            for (_, path) in lot {
                deliver(&shuffled, path);
            }
            let early = shuffled.command_at(DRAWN_UP, &["run", "--period", "2022-03", "--no-mail"]).output().unwrap();
            assert!(early.status.success(), "{}", String::from_utf8_lossy(&early.stderr));
        }
        let mut found = drawn_up(&shuffled);
        found.2.retain(|book| book.contains("2022-04"));
        assert_eq!(found, whole, "seed {seed}: {arrivals:?}");
    }
}

#[test]
fn the_same_bytes_once_more_leave_what_was_printed_as_it_was() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let june = files(&workspace.path().join("fixtures/inbox/2022-06"));
    let sent = june.iter().find(|path| path.to_str().is_some_and(|path| path.contains("省经信厅"))).unwrap();
    let again = workspace.path().join("again/省经信厅2022年6月（重发）.xlsx");
    std::fs::create_dir_all(again.parent().unwrap()).unwrap();
    std::fs::copy(sent, &again).unwrap();
    let at = |now: &str, arguments: &[&str]| workspace.command_at(now, arguments).output().unwrap();
    let later = "2022-07-13T15:00:00+08:00";
    assert_eq!(at(later, &["submit", again.to_str().unwrap()]).status.code(), Some(0));
    let run = at(later, &["run", "--period", "2022-06", "--no-mail"]);
    assert!(String::from_utf8_lossy(&run.stdout).contains("nothing new since version 1"), "{}", String::from_utf8_lossy(&run.stdout));
    let verified = at(later, &["verify", "--period", "2022-06"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && !said.contains("DIFFERENT"), "{said}");
}
