//! A cell as a date.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::grid::Value;
use wenjin::ingest::parse::coercion::Kinds;
use wenjin::ingest::parse::date::date;
use wenjin::model::Period;

fuzz_target!(|text: &str| {
    let Ok(period) = "2022-06".parse::<Period>() else { return };
    let _ = date(&Value::Text(text.to_owned()), period, &mut Kinds::default());
    if let Ok(number) = text.trim().parse() {
        let _ = date(&Value::Number(number), period, &mut Kinds::default());
    }
});
