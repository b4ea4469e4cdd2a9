//! What passes between parent and worker: a worker that was taken over may write anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::protocol::{Header, Reply, Request, read_frame, read_reply, write_reply};

fuzz_target!(|bytes: &[u8]| {
    let _ = read_frame::<Header>(&mut &*bytes);
    let _ = read_frame::<Request>(&mut &*bytes);
    let mut rest = bytes;
    while let Ok(Some(reply)) = read_reply(&mut rest) {
        let mut again = Vec::new();
        write_reply(&mut again, &reply).expect("what was read can be written");
        let back = read_reply(&mut again.as_slice()).expect("what was written can be read");
        assert_eq!(back.map(without_bytes), Some(without_bytes(reply)));
    }
});

/// The same tables may be packed in other bytes.
fn without_bytes(mut reply: Reply) -> Reply {
    if let Reply::Read { packed, .. } = &mut reply {
        packed.clear();
    }
    reply
}
