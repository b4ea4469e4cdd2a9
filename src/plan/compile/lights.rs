//! `config/lights.toml`: where green ends and red begins. What the file leaves out keeps its default.

use rust_decimal::{Decimal, dec};

use crate::plan::LightRules;
use crate::settings::document::Parsed;
use crate::settings::table::Table;

/// Reads the file.
pub fn read(parsed: Option<&Parsed>) -> LightRules {
    let mut rules = LightRules {
        pace_green: dec!(0.0),
        pace_red: dec!(-10.0),
        growth_red_short: dec!(5),
        ratio_yellow_pct: dec!(10),
        hold_green: dec!(-0.10),
        hold_yellow: dec!(-0.30),
        at_most_yellow_times: dec!(1.5),
    };
    let Some(parsed) = parsed else { return rules };
    let root = Table::root(parsed);
    section(&root, "pace", [("green", &mut rules.pace_green), ("red", &mut rules.pace_red)]);
    section(&root, "growth", [("red_short", &mut rules.growth_red_short)]);
    section(&root, "ratio", [("yellow_pct", &mut rules.ratio_yellow_pct)]);
    section(&root, "hold", [("green", &mut rules.hold_green), ("yellow", &mut rules.hold_yellow)]);
    section(&root, "at_most", [("yellow_times", &mut rules.at_most_yellow_times)]);
    let crossed = |key: &'static str, low: Decimal, high: Decimal, words: &str| {
        if low >= high {
            let place = root.table(key).map_or_else(|| root.at(), |table| table.at());
            place.problem(format!("in `[{key}]` {words}"), "leave room for yellow between the two");
        }
    };
    crossed("pace", rules.pace_red, rules.pace_green, "`red` is not below `green`");
    crossed("hold", rules.hold_yellow, rules.hold_green, "`yellow` is not below `green`");
    root.finish();
    rules
}

fn section<const N: usize>(root: &Table<'_>, key: &'static str, fields: [(&'static str, &mut Decimal); N]) {
    let Some(table) = root.table(key) else { return };
    for (key, field) in fields {
        if let Some(value) = table.exact(key) {
            *field = value.value;
        }
    }
    table.finish();
}
