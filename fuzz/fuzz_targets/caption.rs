//! Lines above a table: each line a row, its cells parted by tabs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wenjin::ingest::grid::{Cell, Grid, Value};
use wenjin::ingest::layout::{caption, units};
use wenjin::ingest::parse::text::comparable;

fuzz_target!(|text: &str| {
    let mut grid = Grid::new("表", true);
    let mut top = 0;
    for (row, line) in (0..32).zip(text.lines()) {
        for (column, cell) in (0..16).zip(line.split('\t')) {
            let value = cell.parse().map_or_else(|_| Value::Text(cell.to_owned()), Value::Number);
            grid.put(Cell { row, column, value, look: None });
        }
        let key = comparable(line);
        let _ = (units::of_line(&key), units::of_brackets(&key), units::behind(&key), units::is_scale(&key));
        top = row + 1;
    }
    let _ = caption::captions(&grid, None, top, (0, 15));
    let _ = caption::captions(&grid, Some(top / 2), top, (0, 15));
});
