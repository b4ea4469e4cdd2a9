//! The month's mails taken apart by two other libraries: structure, names, pictures, headers, sizes.

use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use serde_json::Value;

use crate::harness::{Workspace, files, python};

/// The mails of 2022-06 as Python's `email` sees them.
fn seen_by_python(workspace: &Workspace) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/letters.py");
    let output = python(&[]).arg(script).arg(workspace.path().join("var/mail")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same string `letters.py` makes, from what mail-parser sees.
fn structure(message: &Message<'_>, part: u32) -> String {
    let found = message.part(part).unwrap();
    let kind = found.content_type().unwrap();
    let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap());
    match &found.body {
        PartType::Multipart(inner) => {
            format!("{kind}[{}]", inner.iter().map(|part| structure(message, *part)).collect::<Vec<_>>().join(" "))
        }
        _ => kind,
    }
}

const BOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[test]
fn two_other_libraries_read_the_mails_as_they_were_meant() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let letters = seen_by_python(&workspace);
    let paths = files(&workspace.path().join("var/mail"));
    assert_eq!((letters.len(), paths.len()), (11, 11));
    let mut with_picture = 0;
    for (letter, path) in letters.iter().zip(&paths) {
        let name = letter["file"].as_str().unwrap();
        let bytes = std::fs::read(path).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(letter["structure"].as_str().unwrap(), structure(&message, 0), "{name}");
        assert_eq!(letter["defects"], serde_json::json!([]), "{name}");

        let pictures = letter["pictures"].as_object().unwrap();
        let shown: Vec<String> = letter["shown"].as_array().unwrap().iter().map(|src| src.as_str().unwrap().to_owned()).collect();
        if pictures.is_empty() {
            // 省工商联 and the like answer for no indicator.
            assert_eq!(letter["structure"], format!("multipart/mixed[multipart/alternative[text/plain text/html] {BOOK}]"), "{name}");
            assert!(shown.is_empty(), "{name}");
        } else {
            with_picture += 1;
            let nested = "multipart/alternative[text/plain multipart/related[text/html image/png]]";
            assert_eq!(letter["structure"], format!("multipart/mixed[{nested} {BOOK}]"), "{name}");
            assert_eq!(letter["related_root"], serde_json::json!(["text/html"]), "{name}");
            let named: Vec<String> = pictures.keys().map(|cid| format!("cid:{cid}")).collect();
            assert_eq!(shown, named, "{name}: every picture is shown, and nothing else is");
            assert!(pictures.values().all(|start| start == "89504e470d0a1a0a"), "{name}: PNG");
            let part = message.attachments().find(|part| part.content_id().is_some()).unwrap();
            assert!(shown.contains(&format!("cid:{}", part.content_id().unwrap())), "{name}");
        }

        let book = message.attachments().find(|part| part.content_id().is_none()).unwrap().attachment_name().unwrap().to_owned();
        assert_eq!(letter["filename_star"], serde_json::json!([book]), "{name}: RFC 2231");
        assert_eq!(letter["encoded_name"], serde_json::json!([book]), "{name}: RFC 2047");
        assert!(letter["word_length_max"].as_u64().unwrap() <= 75, "{name}");
        assert_eq!(letter["encodings"], serde_json::json!(["base64"]), "{name}");
        let bare = letter["bytes_without_attachment"].as_u64().unwrap();
        assert!(bare < 300 << 10, "{name}: {bare} bytes without its attachment");
        headers(letter, &message);
    }
    assert_eq!(with_picture, 8, "seven departments answer for indicators, and the leading group");
}

fn headers(letter: &Value, message: &Message<'_>) {
    let name = letter["file"].as_str().unwrap();
    let header = |key: &str| letter["headers"][key].as_str().unwrap_or_default().to_owned();
    assert_eq!(header("List-Id"), "<wenjin.example.cn>", "{name}");
    assert_eq!(header("Auto-Submitted"), "auto-generated", "{name}");
    assert_eq!(header("X-Wenjin-Kind"), "report", "{name}");
    assert_eq!(header("Date"), "Mon, 11 Jul 2022 01:00:00 +0000", "{name}");
    assert_eq!(header("Message-ID").trim_matches(['<', '>']), message.message_id().unwrap(), "{name}");
    assert_eq!(header("Subject"), message.subject().unwrap(), "{name}");
    assert!(header("Subject").starts_with("【工业稳进提质】2022年1—6月主要指标进展情况（"), "{name}");
}

#[test]
fn the_letters_fetch_nothing_run_nothing_and_say_the_same_twice() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    for letter in seen_by_python(&workspace) {
        let (name, html, text) = (letter["file"].as_str().unwrap(), letter["html"].as_str().unwrap(), letter["text"].as_str().unwrap());
        for foreign in ["http:", "https:", "<script", "url(", "@import", "<link", "<iframe"] {
            assert!(!html.contains(foreign), "{name} holds {foreign}");
        }
        assert!(html.contains("width=device-width") && html.contains("prefers-color-scheme: dark"), "{name}");
        for mark in ["样例数据　非真实数据", "内部资料　注意保存", "仅供内部工作参考"] {
            assert!(html.contains(mark) && text.contains(mark), "{name} lacks {mark}");
        }
        // What the picture shows stands in words in both bodies.
        if let Some(alt) = html.split("alt=\"").nth(1).and_then(|rest| rest.split('"').next()) {
            let first = alt.split(['：', '；']).nth(1).unwrap().trim_end_matches('。');
            assert!(text.contains(first), "{name}: {first}");
        }
    }
}
