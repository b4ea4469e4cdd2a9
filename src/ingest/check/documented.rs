//! Holds `docs/findings.md` to the code: every finding code with its severity, in order, and every refusal.

use std::fs;

use crate::model::{FindingCode, Refusal};

fn rows() -> Vec<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()).collect()
}

#[test]
fn every_code_is_documented_with_its_severity_and_an_example() {
    let rows: Vec<_> = rows().into_iter().filter(|row| row.len() == 4).collect();
    let documented: Vec<(&str, &str)> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    let declared: Vec<_> = FindingCode::ALL.iter().map(|code| (code.code(), code.severity().word())).collect();
    assert_eq!(documented, declared);
    for row in rows {
        let word = crate::present::checks::word(FindingCode::ALL.iter().copied().find(|code| code.code() == row[0]).unwrap());
        let meaning: String = row[2].split(" · ").next().unwrap().replace('`', "");
        let plain = meaning.split(['（', '；', '：']).next().unwrap();
        assert!(word.starts_with(plain), "{}: `{word}` is not what it is called here", row[0]);
        assert!(row[2].contains(" · ") && row[3].ends_with('。'), "{}: meaning in both languages, example a sentence", row[0]);
    }
}

#[test]
fn every_refusal_is_documented() {
    let rows: Vec<_> = rows().into_iter().filter(|row| row.len() == 2).collect();
    let documented: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(documented, Refusal::ALL.map(Refusal::code));
}
