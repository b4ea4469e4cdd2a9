//! What moved by definition alone waits for a reason, over versions, and each of its mails stands for itself.

use serde_json::{Value, json};

use crate::harness::{Workspace, files};

/// The shipped June drawn up and mailed, then again under a plan with another target of 14.1: nobody is told of it.
fn redefined() -> Workspace {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let plan = files(&workspace.path().join("pipelines")).into_iter().find(|path| path.to_str().unwrap().contains("/m14")).unwrap();
    let text = std::fs::read_to_string(&plan).unwrap();
    assert!(text.contains("level = \"100\""), "{text}");
    std::fs::write(&plan, text.replacen("level = \"100\"", "level = \"120\"", 1)).unwrap();
    let run = workspace.json(&["run", "--period", "2022-06"]);
    assert_eq!((&run["version"], &run["withheld"]), (&json!(2), &json!(["14.1"])));
    workspace
}

/// Department, version and state of every correction in the outbox.
fn corrections(workspace: &Workspace) -> Vec<(String, u64, String)> {
    let listed = workspace.json(&["outbox", "list", "--period", "2022-06"]);
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let all = listed["messages"].as_array().unwrap().iter().filter(|one| one["kind"] == "correction");
    let mut all: Vec<_> = all.map(|one| (text(one, "department"), one["version"].as_u64().unwrap(), text(one, "state"))).collect();
    all.sort();
    all
}

#[test]
fn what_an_earlier_version_withheld_is_told_by_the_later_ones_reason() {
    let workspace = redefined();
    let later = files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    workspace.ok(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    let third = workspace.json(&["run", "--period", "2022-06"]);
    assert_eq!((&third["version"], &third["withheld"]), (&json!(3), &json!(["14.1"])), "a third version makes nobody know the second's");
    let before = corrections(&workspace);
    assert!(before.iter().all(|(_, version, _)| *version == 3) && before.iter().any(|(code, ..)| code == "all"), "{before:?}");

    let told = workspace.json(&["run", "--period", "2022-06", "--reason", "目标口径调整"]);
    assert_eq!((&told["version"], &told["new"], &told["withheld"]), (&json!(3), &json!(false), &json!([])));
    let after = corrections(&workspace);
    let to = |all: &[(String, u64, String)], wanted: &str| all.iter().filter(|(code, ..)| code == wanted).count();
    assert_eq!((to(&before, "nyj"), to(&after, "nyj")), (0, 1), "its owner had heard nothing");
    assert_eq!((to(&before, "all"), to(&after, "all")), (1, 2), "the leading group had heard of the file alone");
    assert_eq!((to(&before, "jxt"), to(&after, "jxt")), (1, 2), "so had who stands in both measures");
    assert_eq!((to(&before, "gsl"), to(&after, "gsl")), (0, 0), "who has none of it in his book gets nothing");
    let letter = std::fs::read(newest(&workspace, "_all_")).unwrap();
    let letter = mail_parser::MessageParser::default().parse(&letter).unwrap().body_text(0).unwrap().into_owned();
    assert!(letter.contains("因统计口径更新，风电开工规模"), "{letter}");
    assert!(!letter.contains("因省经信厅重新报送"), "that was told before: {letter}");

    workspace.json(&["run", "--period", "2022-06", "--reason", "目标口径调整"]);
    assert_eq!(corrections(&workspace), after, "told once");
}

/// The newest mail whose file name holds `part`.
fn newest(workspace: &Workspace, part: &str) -> std::path::PathBuf {
    let mails = files(&workspace.path().join("var/mail")).into_iter();
    let mails = mails.filter(|path| path.file_name().unwrap().to_string_lossy().contains(part));
    mails.max_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap()).unwrap()
}

#[test]
fn a_mail_that_cannot_be_built_keeps_none_of_the_others_from_being_told() {
    let workspace = redefined();
    let books = files(&workspace.path().join("var/reports/2022-06/v2"));
    let whole = books.iter().find(|path| path.to_string_lossy().contains("_全省_")).unwrap();
    let limit = std::fs::metadata(whole).unwrap().len() - 1;
    let config = workspace.path().join("config/wenjin.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let line = text.lines().find(|line| line.starts_with("attachment_bytes_max")).unwrap();
    std::fs::write(&config, text.replace(line, &format!("attachment_bytes_max = {limit}"))).unwrap();
    let told = workspace.json(&["run", "--period", "2022-06", "--reason", "目标口径调整"]);
    assert_eq!((&told["withheld"], &told["mails"]["failed"]), (&json!([]), &json!(1)), "{told}");
    let states = corrections(&workspace);
    assert!(states.contains(&("all".to_owned(), 2, "failed".to_owned())), "{states:?}");
    assert!(states.contains(&("nyj".to_owned(), 2, "written".to_owned())), "{states:?}");
}
