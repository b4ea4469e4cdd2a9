use mail_parser::{MessageParser, MimeHeaders as _, PartType};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// `multipart/mixed[…]` with everything inside it.
fn structure(message: &mail_parser::Message<'_>, part: u32) -> String {
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

const LETTER: &str = "multipart/alternative[text/plain text/html]";
const SHOWN: &str = "multipart/alternative[text/plain multipart/related[text/html image/png]]";

#[rstest]
#[case::letter_alone(false, false, LETTER.to_owned())]
#[case::with_a_picture(true, false, SHOWN.to_owned())]
#[case::with_a_book(false, true, format!("multipart/mixed[{LETTER} {}]", headers::WORKBOOK))]
#[case::with_both(true, true, format!("multipart/mixed[{SHOWN} {}]", headers::WORKBOOK))]
fn a_level_with_nothing_of_its_own_is_left_out(#[case] picture: bool, #[case] book: bool, #[case] expected: String) {
    let office = Party::parse("省协调办公室 <wenjin@example.cn>").unwrap();
    let pictures = [Picture {
        cid: "chart-1@wenjin".to_owned(),
        png: vec![0x89, b'P', b'\n', b'.', b'\r'],
        title: String::new(),
        lines: vec![],
        width: 1,
        height: 1,
    }];
    let books: [(&str, &[u8]); 1] = [("表.xlsx", b"PK")];
    let bytes = build(&Parts {
        from: &office,
        reply_to: None,
        to: std::slice::from_ref(&office),
        cc: &[],
        subject: "【报送提醒】请于7月8日前报送\r\nBcc: all@example.cn",
        date: DateTime::parse_from_rfc3339("2022-07-11T09:00:00+08:00").unwrap(),
        message_id: "<1@example.cn>",
        kind: "reminder",
        seed: "0123",
        text: "一行\n.\n二行\r三行",
        html: "<p>一行</p>",
        pictures: if picture { &pictures } else { &[] },
        workbooks: if book { &books } else { &[] },
    })
    .unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(structure(&message, 0), expected);
    assert_eq!(message.subject(), Some("【报送提醒】请于7月8日前报送 Bcc: all@example.cn"));
    assert_eq!(message.bcc(), None);
    assert_eq!(message.body_text(0).unwrap(), "一行\r\n.\r\n二行\r\n三行");
    if picture {
        let part = message.attachments().find(|part| part.content_id().is_some()).unwrap();
        assert_eq!((part.content_id(), part.contents()), (Some("chart-1@wenjin"), &pictures[0].png[..]));
        assert!(part.content_disposition().is_some_and(mail_parser::ContentType::is_inline));
    }
}

proptest! {
    /// What the settings and the plan take as an address, a mail can be built with.
    #[test]
    fn whatever_is_taken_as_an_address_can_be_sent_to(
        text in "(甲|\"A, B\"|<|)[ ]?<?[a-z0-9.+'!#%&*/=?^_`{|}~\"李-]{0,70}@?[a-z0-9.\\-\\[\\]例]{0,12}(\\.[a-z0-9-]{0,66})?(\\.cn|\\.中国|\\.c)?>?",
    ) {
        if let Some(party) = Party::parse(&text) {
            prop_assert!(mailbox(&party).is_ok(), "{text}");
        }
    }
}
