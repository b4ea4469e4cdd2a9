//! A zip package, or a zip of files, as it is looked into before anything opens it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::{package, packed};
use wenjin::settings::Limits;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { inflated_bytes_max: 4 << 20, ..Limits::default() };
    let _ = package::inspect(bytes, &limits);
    let _ = packed::open(bytes, &limits);
});
