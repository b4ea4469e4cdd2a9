//! A whole workbook from bytes to grids, as in the worker. A panic here costs a department its file (`reader-failed`) and no more;
//! it is worth a mend all the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::sheet::Book;
use wenjin::ingest::sniff::{Format, sniff};
use wenjin::ingest::survey::survey;
use wenjin::settings::Limits;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { inflated_bytes_max: 4 << 20, cells_max: 20_000, ..Limits::default() };
    let Ok(format) = sniff(bytes, &limits) else { return };
    if format != Format::Locked {
        let _ = Book::open(format, survey(format, bytes.to_vec()), &limits);
    }
});
