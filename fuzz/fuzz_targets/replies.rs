//! A mail server's words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::deliver::transport::smtp::reply::{Line, Reply};
use wenjin::present::visible::is_unseen;

fuzz_target!(|bytes: &[u8]| {
    let lines: Vec<Line> = bytes.split(|byte| *byte == b'\n').filter_map(Line::parse).collect();
    let Some(last) = lines.last() else { return };
    let reply = Reply { code: last.code, lines: lines.iter().map(|line| line.text.clone()).collect() };
    let shown = reply.shown();
    assert!(!shown.chars().any(|c| is_unseen(c) || c == '@'), "{shown:?}");
    let _ = (reply.is_complete(), reply.offers("AUTH"), reply.offers("STARTTLS"));
});
