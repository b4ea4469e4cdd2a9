//! The directory and the chains of a compound file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::cfb;

fuzz_target!(|bytes: &[u8]| {
    let _ = cfb::inspect(bytes);
});
