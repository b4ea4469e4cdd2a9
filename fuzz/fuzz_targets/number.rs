//! A cell as a number, in every kind of unit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::grid::Value;
use wenjin::ingest::number_format::shown;
use wenjin::ingest::parse::coercion::Kinds;
use wenjin::ingest::parse::number::{Units, is_converted, number};
use wenjin::model::Unit;

fuzz_target!(|text: &str| {
    let units = ["亿元", "万元", "%", "项"].map(Unit::parse);
    let value = Value::Text(text.to_owned());
    for column in units.iter().map(Option::as_ref).chain([None]) {
        for sheet in [None, units[1].as_ref()] {
            let (units, mut kinds) = (Units { column, sheet }, Kinds::default());
            let _ = number(&value, None, units, &mut kinds);
            let _ = is_converted(&value, units, &kinds);
        }
    }
    let _ = shown(text);
});
