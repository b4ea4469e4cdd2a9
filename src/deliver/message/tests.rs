use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;
use crate::deliver::{Composed, Recipients, compose, sample};

const NAME: &str = "2022年6月_工业稳进提质主要指标进展情况_省经信厅_第1版.xlsx";

fn messages(settings: &Settings, plan: &Plan, month: &Month) -> Composed {
    let codes = ["fgw", "jxt", "jtt"].map(sample::code);
    let mut books: Vec<Attachment<'_>> =
        codes.iter().map(|code| Attachment { department: Some(code), file_name: NAME, bytes: b"PK\x03\x04\n.\r\nbook" }).collect();
    books.push(Attachment { department: None, file_name: "whole.xlsx", bytes: b"PK whole" });
    compose(plan, settings, month, &books, &Recipients::Everyone)
}

fn sent() -> Vec<Message> {
    messages(&sample::settings(), &sample::plan(), &sample::month()).messages
}

/// The mail as a person's program takes it apart.
fn decoded(message: &Message) -> String {
    let mail = MessageParser::default().parse(&message.bytes).unwrap();
    let text = String::from_utf8(message.bytes.clone()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    let from = mail.from().unwrap().first().map(|from| (&from.name, &from.address));
    // Pixels are looked at in picture.rs; here only that the part is there, and what it is called.
    let books = mail.attachments().map(|part| match part.content_id() {
        Some(cid) => format!("--- {} <{cid}>", part.attachment_name().unwrap()),
        None => format!("--- {} {}", part.attachment_name().unwrap(), sample::short_hash(part.contents())),
    });
    let parts = [
        format!("{head}\n\nsubject: {}\nfrom: {from:?}", mail.subject().unwrap()),
        format!("--- text\n{}\n--- html\n{}", mail.body_text(0).unwrap(), mail.body_html(0).unwrap()),
        books.collect::<Vec<_>>().join("\n"),
    ];
    parts.join("\n").replace("\r\n", "\n")
}

#[test]
fn a_report_as_the_department_reads_it() {
    insta::assert_snapshot!(decoded(&sent()[1]));
}

#[test]
fn a_correction_as_the_leading_group_reads_it() {
    let messages = messages(&sample::settings(), &sample::plan(), &sample::corrected()).messages;
    insta::assert_snapshot!(decoded(messages.last().unwrap()));
}

#[test]
fn one_message_a_reporting_department_then_the_leading_group() {
    let messages = sent();
    let told: Vec<_> = messages.iter().map(|message| (message.department.0.as_str(), message.recipients.join(" "))).collect();
    assert_eq!(
        told,
        [
            ("fgw", "fgw@example.cn fgw-bgs@example.cn".to_owned()),
            ("jxt", "jxt@example.cn".to_owned()),
            ("jtt", "jtt@example.cn".to_owned()),
            ("all", "lingdao@example.cn".to_owned()),
        ]
    );
    assert!(messages.iter().all(|message| message.from == "wenjin@example.cn" && message.kind == MailKind::Report));
    assert_eq!(messages[3].eml_name(), "2022-06_v1_report_all.eml");
}

#[test]
fn a_correction_goes_to_those_concerned_and_the_leading_group() {
    let code = sample::code("jxt");
    let books = [
        Attachment { department: Some(&code), file_name: NAME, bytes: b"a" },
        Attachment { department: None, file_name: NAME, bytes: b"b" },
    ];
    let only = Recipients::Only([code.clone()].into());
    let messages = compose(&sample::plan(), &sample::settings(), &sample::corrected(), &books, &only).messages;
    let told: Vec<_> = messages.iter().map(Message::eml_name).collect();
    assert_eq!(told, ["2022-06_v2_correction_jxt.eml", "2022-06_v2_correction_all.eml"]);
}

#[test]
fn the_attachment_is_named_in_both_forms_and_opens() {
    let message = &sent()[1];
    let text = String::from_utf8(message.bytes.clone()).unwrap();
    assert!(text.contains("filename*0*=utf-8''"), "RFC 2231 on Content-Disposition");
    let encoded = text.split(" name=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(encoded.starts_with("=?utf-8?b?") && encoded.ends_with("?="), "RFC 2047 on Content-Type: {encoded}");
    let mail = MessageParser::default().parse(&message.bytes).unwrap();
    let attachment = mail.attachments().find(|part| part.content_id().is_none()).unwrap();
    assert_eq!(attachment.attachment_name(), Some(NAME));
    assert_eq!(attachment.contents(), b"PK\x03\x04\n.\r\nbook");
}

#[test]
fn equal_input_gives_equal_bytes_and_any_change_another_identity() {
    let first = sent();
    assert_eq!(first, sent());
    let ids: std::collections::BTreeSet<_> = first.iter().map(|message| &message.message_id).collect();
    assert_eq!(ids.len(), first.len());
    let later = Month { now: sample::month().now + chrono::TimeDelta::days(1), ..sample::month() };
    let mut month = sample::month();
    month.tables[0].rows[1].year_to_date = Some(rust_decimal::dec!(1604.21));
    let changed = messages(&sample::settings(), &sample::plan(), &month).messages;
    assert_ne!(changed[1].message_id, first[1].message_id);
    assert_eq!(changed[2].message_id, first[2].message_id, "a department that is not concerned keeps its own");
    assert_ne!(messages(&sample::settings(), &sample::plan(), &later).messages[1].bytes, first[1].bytes);
}

#[test]
fn every_line_on_the_wire_is_ascii_short_and_ends_in_crlf() {
    for message in sent() {
        let text = String::from_utf8(message.bytes).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n"));
        for line in text.split("\r\n") {
            assert!(!line.contains(['\r', '\n', '\0']), "a bare CR or LF could end the message early: {line:?}");
            assert!(line.len() <= 300, "{line}");
            assert_ne!(line, ".");
        }
    }
}

#[test]
fn nothing_in_config_or_workbooks_adds_a_header_or_a_recipient() {
    let evil = "省经信厅\r\nBcc: all@example.cn\r\n\r\n<script>\0\u{2028}X-Evil: 1";
    let (mut plan, mut settings, mut month) = (sample::plan(), sample::settings(), sample::month());
    plan.short_name = evil.to_owned();
    plan.departments[1].name = evil.to_owned();
    plan.departments[1].address = evil.to_owned();
    settings.office.name = evil.to_owned();
    month.tables[0].rows[1].title = evil.to_owned();
    let clean = sent();
    for (message, clean) in messages(&settings, &plan, &month).messages.iter().zip(&clean) {
        let mail = MessageParser::default().parse(&message.bytes).unwrap();
        let names = |message: &Message| {
            let mail = MessageParser::default().parse(&message.bytes).unwrap();
            mail.headers().iter().map(|header| header.name().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(message), names(clean));
        assert!(!message.subject.contains(['\r', '\n', '\0', '\u{2028}']));
        assert_eq!(message.recipients, clean.recipients);
        assert!(!mail.body_html(0).unwrap().contains("<script>"));
        assert_eq!(mail.attachments().filter(|part| part.content_id().is_none()).count(), 1);
    }
    settings.mail.from = format!("{evil} <wenjin@example.cn>");
    let refused = messages(&settings, &plan, &month).unbuilt.remove(0).error;
    assert_eq!(refused.to_string(), "mail.from is no address a mail can be sent to; correct it in config/wenjin.toml");
    settings.mail.from = sample::settings().mail.from;
    plan.departments[1].to = vec!["jxt@example.cn\r\nRCPT TO:<all@example.cn>".to_owned()];
    let refused = messages(&settings, &plan, &month).unbuilt.remove(0).error;
    assert_eq!(refused.to_string(), "`to` of department `jxt` is no address a mail can be sent to; correct it in config/departments.toml");
}

#[test]
fn counts_only_leaves_departments_without_the_picture_and_the_leading_group_with_counts() {
    let (mut plan, mut settings) = (sample::plan(), sample::settings());
    plan.actions = vec![crate::plan::Action { number: 1, title: String::new(), short_title: "有效投资扩大".to_owned() }];
    plan.measures = [5, 6, 8, 13]
        .map(|number| crate::plan::Measure { number, action: 1, ..crate::present::sample::plan().measures.remove(0) })
        .to_vec();
    let pictures = |settings: &Settings| -> Vec<usize> {
        let messages = messages(settings, &plan, &sample::month()).messages;
        let count = |message: &Message| {
            let mail = MessageParser::default().parse(&message.bytes).unwrap();
            mail.attachments().filter(|part| part.content_id().is_some()).count()
        };
        messages.iter().map(count).collect()
    };
    // 省发展改革委's only indicator has no completion; 省交通运输厅 answers for none.
    assert_eq!(pictures(&settings), [0, 1, 0, 1]);
    settings.appearance.figures_in_mail = false;
    assert_eq!(pictures(&settings), [0, 0, 0, 1]);
}

#[test]
fn a_file_name_cannot_add_a_header_either() {
    let code = sample::code("jxt");
    let name = "表\r\nBcc: all@example.cn\".xlsx";
    let books = [
        Attachment { department: Some(&code), file_name: name, bytes: b"a" },
        Attachment { department: None, file_name: "a\";\r\nX-Evil: 1.xlsx", bytes: b"a" },
    ];
    let only = Recipients::Only([code.clone()].into());
    for message in compose(&sample::plan(), &sample::settings(), &sample::month(), &books, &only).messages {
        let text = String::from_utf8(message.bytes).unwrap();
        assert!(!text.contains("\r\nBcc") && !text.contains("\r\nX-Evil"), "{text}");
    }
}

#[test]
fn a_book_over_the_limit_is_named_with_its_size() {
    let mut settings = sample::settings();
    settings.mail.attachment_bytes_max = 10;
    let refused = messages(&settings, &sample::plan(), &sample::month()).unbuilt.remove(0).error.to_string();
    assert!(refused.contains("`fgw`") && refused.contains("12 bytes") && refused.contains("10 are allowed"), "{refused}");
}

#[test]
fn a_mail_that_cannot_be_built_keeps_none_of_the_others() {
    let mut plan = sample::plan();
    plan.departments[1].to.clear();
    plan.departments[2].to = vec!["李四@example.cn".to_owned()];
    let composed = messages(&sample::settings(), &plan, &sample::month());
    let built: Vec<&str> = composed.messages.iter().map(|message| message.department.0.as_str()).collect();
    assert_eq!(built, ["fgw", "all"]);
    let unbuilt: Vec<String> = composed.unbuilt.iter().map(|one| format!("{}: {}", one.message.department, one.error)).collect();
    let expected = [
        "jxt: department `jxt` reports but has no address; give it `to` in config/departments.toml or set `reports = false`",
        "jtt: `to` of department `jtt` is no address a mail can be sent to; correct it in config/departments.toml",
    ];
    assert_eq!(unbuilt, expected);
    assert!(composed.unbuilt.iter().all(|one| one.message.bytes.is_empty() && one.message.recipients.is_empty()));
    let composed = compose(&sample::plan(), &sample::settings(), &sample::month(), &[], &Recipients::Everyone);
    assert!(matches!(&composed.unbuilt[0].error, DeliverError::NoBook(code) if *code == sample::code("fgw")));
}
