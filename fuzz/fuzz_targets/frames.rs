//! What passes between parent and worker: a worker that was taken over may write anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::protocol::{Header, Reply, Request, read_frame, write_frame};

fuzz_target!(|bytes: &[u8]| {
    let _ = read_frame::<Header>(&mut &*bytes);
    let _ = read_frame::<Request>(&mut &*bytes);
    let mut rest = bytes;
    while let Ok(Some(reply)) = read_frame::<Reply>(&mut rest) {
        let mut again = Vec::new();
        write_frame(&mut again, &reply).expect("what was read can be written");
        let back: Option<Reply> = read_frame(&mut again.as_slice()).expect("what was written can be read");
        assert_eq!(back, Some(reply));
    }
});
