//! Workbooks in a zip: each is a submission of its own, kept, found again, and nothing new the second time.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::{Workspace, files, put};

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The file of 省经信厅 below a folder of the workspace's fixtures.
fn of_jxt(workspace: &Workspace, month: &str) -> PathBuf {
    let all = files(&workspace.path().join("fixtures/inbox").join(month));
    all.into_iter().find(|path| path.to_str().is_some_and(|path| path.contains("省经信厅"))).unwrap()
}

fn is_archived(workspace: &Workspace, bytes: &[u8]) -> bool {
    files(&workspace.path().join("var/archive")).iter().any(|path| path.ends_with(hash(bytes)))
}

fn submitted(workspace: &Workspace, path: &std::path::Path) -> Value {
    let output = workspace.run(&["submit", path.to_str().unwrap(), "--json"]);
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["files"].take()
}

fn upgrade(workspace: &Workspace) -> String {
    let shown = workspace.json(&["show", "--period", "2022-06", "--measure", "6"]);
    let rows = shown["measures"][0]["indicators"].as_array().unwrap();
    rows.iter().find(|row| row["code"] == "6.2").unwrap()["year_to_date"].as_str().unwrap().to_owned()
}

#[test]
fn a_zip_in_the_inbox_is_read_as_the_files_in_it_and_found_again() {
    let plain = Workspace::shipped();
    plain.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let workspace = Workspace::shipped();
    let book = of_jxt(&workspace, "2022-06");
    let (name, bytes) = (book.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&book).unwrap());
    std::fs::remove_file(&book).unwrap();
    let packed = zip(&[(&format!("六月/{name}"), &bytes), ("关于报送的函.docx", b"PK"), ("__MACOSX/._a.xlsx", b"\0")]);
    put(&book.with_file_name("经信报送.zip"), &packed);
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(upgrade(&workspace), upgrade(&plain), "the same figures");
    let trace = workspace.json(&["trace", "6.2", "--period", "2022-06"]);
    assert_eq!((&trace["sources"][0]["file"], &trace["sources"][0]["blake3"]), (&Value::from(name), &Value::from(hash(&bytes))));
    assert!(is_archived(&workspace, &bytes) && is_archived(&workspace, &packed), "nothing is lost");
    let status = workspace.json(&["status", "--period", "2022-06"]);
    assert!(status["beside"][0].as_str().unwrap().contains("关于报送的函.docx"), "{}", status["beside"]);
    assert!(workspace.ok(&["run", "--period", "2022-06", "--no-mail"]).contains("nothing new"));
    assert!(!workspace.ok(&["verify", "--period", "2022-06"]).contains("DIFFERENT"));

    // Under another plan its files are read again from the archive, the zip being gone.
    std::fs::remove_file(book.with_file_name("经信报送.zip")).unwrap();
    let measure = files(&workspace.path().join("pipelines")).into_iter().find(|path| path.to_str().unwrap().contains("/m06")).unwrap();
    let text = std::fs::read_to_string(&measure).unwrap();
    std::fs::write(&measure, text.replacen("title = \"", "title = \"（新）", 1)).unwrap();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail", "--reason", "方案更新"]);
    assert_eq!(upgrade(&workspace), upgrade(&plain));
    assert!(!workspace.ok(&["verify", "--period", "2022-06"]).contains("DIFFERENT"));
}

#[test]
fn a_zip_by_hand_counts_once() {
    let workspace = Workspace::shipped();
    let bytes = std::fs::read(of_jxt(&workspace, "2022-06")).unwrap();
    let path = workspace.path().join("六月.zip");
    std::fs::write(&path, zip(&[("省经信厅_2022-06.xlsx", &bytes), ("下级.rar", b"Rar!\x1A\x07\x01\x00")])).unwrap();
    let first = submitted(&workspace, &path);
    let told = |files: &Value| -> Vec<(String, String)> {
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let mut told: Vec<_> = files.as_array().unwrap().iter().map(|one| (text(one, "path"), text(one, "state"))).collect();
        told.sort();
        told
    };
    let expected = [("六月.zip/下级.rar", "refused"), ("六月.zip/省经信厅_2022-06.xlsx", "accepted")];
    assert_eq!(told(&first), expected.map(|(path, state)| (path.to_owned(), state.to_owned())));
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(told(&submitted(&workspace, &path)), told(&first));
    assert!(workspace.ok(&["run", "--period", "2022-06", "--no-mail"]).contains("nothing new"), "the same zip again is nothing new");
}

#[test]
fn a_zip_without_a_table_says_what_was_found_and_a_marked_one_is_not_kept() {
    let workspace = Workspace::shipped();
    let path = workspace.path().join("省经信厅_2022-06.zip");
    std::fs::write(&path, zip(&[("照片.jpg", b"x"), ("里层.zip", b"PK")])).unwrap();
    let refused = submitted(&workspace, &path);
    let message = refused[0]["message"].as_str().unwrap();
    assert!(refused[0]["reason"] == "nothing-packed" && message.contains("照片.jpg") && message.contains("里层.zip"), "{message}");
    let status = workspace.json(&["status", "--period", "2022-06"]);
    let row = status["submissions"].as_array().unwrap().iter().find(|one| one["reason"] == "nothing-packed").unwrap();
    assert!(row["department"] == "jxt" && row["message"].as_str().unwrap().contains("照片.jpg"), "{row}");

    let secret = std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/refused/suspected-secret.xlsx")).unwrap();
    let packed = zip(&[("省经信厅_2022-06.xlsx", &secret)]);
    std::fs::write(&path, &packed).unwrap();
    assert_eq!(submitted(&workspace, &path)[0]["reason"], "suspected-secret");
    assert!(!is_archived(&workspace, &packed) && !is_archived(&workspace, &secret), "a paper that looks secret was kept");
}

#[test]
fn a_zip_that_could_not_be_opened_once_is_opened_once_it_can() {
    let workspace = Workspace::shipped();
    let book = of_jxt(&workspace, "2022-06");
    let bytes = std::fs::read(&book).unwrap();
    std::fs::remove_file(&book).unwrap();
    let letters: Vec<String> = (0..150).map(|number| format!("函{number}.docx")).collect();
    let mut members: Vec<(&str, &[u8])> = letters.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    members.push(("省经信厅_2022-06.xlsx", &bytes));
    put(&book.with_file_name("省经信厅_2022-06.zip"), &zip(&members));
    let config = workspace.path().join("config/wenjin.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replacen("[limits]", "[limits]\nzip_entries_max = 100", 1)).unwrap();
    let refused = |workspace: &Workspace| {
        let status = workspace.json(&["status", "--period", "2022-06"]);
        status["submissions"].as_array().unwrap().iter().filter(|one| one["state"] == "refused").count()
    };
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(refused(&workspace), 1, "received, and unreadable");
    std::fs::write(&config, &text).unwrap();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(refused(&workspace), 0);
    let shown = workspace.json(&["status", "--period", "2022-06"]);
    let rows = shown["submissions"].as_array().unwrap();
    assert!(rows.iter().any(|one| one["department"] == "jxt" && one["state"] == "accepted"), "{rows:?}");
}
