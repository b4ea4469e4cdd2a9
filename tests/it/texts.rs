//! The office's own texts: `config/captions.toml` and `config/templates/` change books and mails, and are checked before.

use std::io::Read as _;
use std::path::Path;

use mail_parser::MessageParser;

use crate::harness::{Workspace, files};

fn write(workspace: &Workspace, file: &str, text: &str) {
    let path = workspace.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// What `init` lays down to start from.
fn laid_by_init(file: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_wenjin")).current_dir(folder.path()).args(["init", "new"]).output().unwrap();
    assert!(output.status.success());
    std::fs::read_to_string(folder.path().join("new").join(file)).unwrap()
}

/// All parts of the whole book of a version whose name contains `word`, one after the other.
fn parts(workspace: &Workspace, version: &str, word: &str) -> String {
    let folder = workspace.path().join("var/reports/2022-06").join(version);
    let path = files(&folder).into_iter().find(|path| path.to_string_lossy().contains("全省")).unwrap();
    let mut book = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    for at in 0..book.len() {
        let mut part = book.by_index(at).unwrap();
        if part.name().unwrap().contains(word) {
            part.read_to_string(&mut text).unwrap();
        }
    }
    text
}

/// Every `attribute="…"` of a text.
fn attributes(text: &str, start: &str) -> Vec<String> {
    text.split(start).skip(1).map(|rest| rest.split('"').next().unwrap().replace("&#xA;", "")).collect()
}

fn subject(workspace: &Workspace, file: &str) -> String {
    let bytes = std::fs::read(workspace.path().join("var/mail").join(file)).unwrap();
    MessageParser::default().parse(&bytes).unwrap().subject().unwrap().to_owned()
}

#[test]
fn every_caption_can_be_reworded_and_no_heading_is_left_out() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    // Each line of the commented file put in force, with other words.
    let commented = laid_by_init("config/captions.toml");
    let own = |line: &str| match line.strip_prefix("# \"").and_then(|rest| rest.split_once("\" = \"")) {
        Some((shipped, word)) => format!("\"{shipped}\" = \"{}甲\"\n", word.trim_end_matches('"')),
        None => format!("{line}\n"),
    };
    write(&workspace, "config/captions.toml", &commented.lines().map(own).collect::<String>());
    workspace.ok(&["check"]);
    let printed = workspace.ok(&["run", "--period", "2022-06"]);
    assert!(printed.contains("version 2"), "other words make a new version:\n{printed}");

    let shared = parts(&workspace, "v2", "sharedStrings").replace('\n', "");
    let (tabs, headings) = (attributes(&parts(&workspace, "v2", "xl/workbook.xml"), "<sheet name=\""), table_headings(&workspace, "v2"));
    let named = commented.split("[notes]").next().unwrap();
    for word in named.lines().filter_map(|line| line.strip_prefix("# \"")?.split('"').next()) {
        let own = format!("{word}甲");
        let light = ["绿", "黄", "红", "灰", "未报送", "未到报送期", "暂不评价"].contains(&word);
        let used = tabs.contains(&own) || headings.contains(&own) || shared.contains(&own);
        // No grey indicator has that reason in the sample month.
        assert!(used || light, "the caption `{word}` is drawn nowhere: take it out of src/settings/captions.rs");
    }
    let left: Vec<&String> = tabs.iter().filter(|tab| !tab.ends_with('甲') && !tab.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(left, [""; 0], "sheets that cannot be renamed");
    let left: Vec<&String> =
        headings.iter().filter(|heading| !heading.ends_with('甲') && !heading.contains(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(left, [""; 0], "headings that cannot be reworded: add them to src/settings/captions.rs");
    assert!(shared.contains("绿甲（") && shared.contains("…甲"), "lights and notes");
}

fn table_headings(workspace: &Workspace, version: &str) -> Vec<String> {
    let mut found: Vec<String> = parts(workspace, version, "xl/tables/")
        .split("<tableColumn ")
        .skip(1)
        .flat_map(|one| attributes(one, "name=\"").into_iter().take(1))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn a_changed_letter_makes_a_version_and_a_comment_does_not() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    write(&workspace, "config/captions.toml", "# nothing yet\n");
    assert!(workspace.ok(&["run", "--period", "2022-06"]).contains("nothing new"));
    write(&workspace, "config/templates/letter-subject.txt", "〔{{ plan }}〕{{ period }}情况（{{ recipient }}）【{{ sample }}】\n");
    let html = laid_by_init("config/templates/letter.html.shipped").replace("{{ office }}<br>", "{{ office }}（章）<br>");
    write(&workspace, "config/templates/letter.html", &html);
    workspace.ok(&["check"]);
    assert!(workspace.ok(&["run", "--period", "2022-06"]).contains("version 2"));
    let told = |version| files(&workspace.path().join("var/mail")).iter().any(|path| path.to_string_lossy().contains(version));
    assert!(!told("_v2_"), "no figure moved: nobody is told");
    let later = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    workspace.ok(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    assert_eq!(subject(&workspace, "2022-06_v3_correction_all.eml"), "〔工业稳进提质〕2022年1—6月情况（全省）【样例数据　非真实数据】");
    let bytes = std::fs::read(workspace.path().join("var/mail/2022-06_v3_correction_all.eml")).unwrap();
    assert!(MessageParser::default().parse(&bytes).unwrap().body_html(0).unwrap().contains("省稳进提质协调办公室（章）"));
    assert!(workspace.ok(&["run", "--period", "2022-06"]).contains("nothing new"));
}

/// (file, text, the place and what is said, the way out)
const FAULTS: [(&str, &str, &str, &str); 5] = [
    (
        "config/captions.toml",
        "[headings]\n\"责任单元\" = \"牵头单位\"\n",
        "config/captions.toml:2:1: `[headings]` has no caption `责任单元`",
        "责任单位",
    ),
    (
        "config/templates/letter.txt",
        "{{ mark }}{{ sample }}\n{{ note }}{{ greetng }}\n",
        "config/templates/letter.txt:2:14: a mail has no `greetng`",
        "greeting",
    ),
    ("config/templates/letter.html", "{% if tiles %}\n{{ mark }}", "config/templates/letter.html:2:", "docs/texts.md"),
    (
        "config/templates/letter-subject.txt",
        "{{ title }}",
        "config/templates/letter-subject.txt: this template no longer shows `sample`",
        "put `{{ sample }}` back",
    ),
    ("config/templates/brief.html", "", "config/templates/brief.html: there is no mail template of that name", "letter.html"),
];

#[test]
fn faulty_texts_are_problems_with_place_and_remedy_and_no_month_is_drawn_up_with_them() {
    for (file, text, said, hint) in FAULTS {
        let workspace = Workspace::shipped();
        write(&workspace, file, text);
        let output = workspace.run(&["check"]);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(4), "{file}:\n{printed}");
        assert!(printed.contains(said), "no `{said}` in\n{printed}");
        assert!(printed.lines().any(|line| line.starts_with("hint: ") && line.contains(hint)), "no `{hint}` in\n{printed}");
        assert_eq!(workspace.run(&["run", "--period", "2022-06"]).status.code(), Some(4), "{file}");
    }
}

#[test]
fn a_name_the_picture_cannot_show_is_a_remark_not_a_problem() {
    let workspace = Workspace::shipped();
    let path = workspace.path().join("config/actions.toml");
    let text =
        std::fs::read_to_string(&path).unwrap().replacen("short_title = \"畅链强链保安\"", "short_title = \"畅链强链保\u{20000}\"", 1);
    std::fs::write(&path, text).unwrap();
    let printed = workspace.ok(&["check"]);
    assert!(printed.contains("note: action 1: the font of mail pictures lacks `\u{20000}`"), "{printed}");
    assert!(printed.ends_with("no problems\n"), "{printed}");
}

#[test]
fn the_shipped_plan_can_be_drawn_to_the_last_character() {
    assert!(!Workspace::shipped().ok(&["check"]).contains("note: "));
}
