//! `config/regions.toml`: the province and its cities, in the province's order.

use crate::model::RegionCode;
use crate::plan::Region;
use crate::settings::document::{At, Parsed};
use crate::settings::table::Table;

use super::codes;

/// The province and its cities.
#[derive(Debug, Clone)]
pub struct Regions {
    pub province: Region,
    pub cities: Vec<Region>,
}

/// Reads the file; without one the province is nameless and no plan comes of it.
pub fn read(parsed: Option<&Parsed>) -> Regions {
    let nameless = Region {
        code: RegionCode(String::new()),
        name: String::new(),
        short_name: String::new(),
        aliases: Vec::new(),
        counties: Vec::new(),
    };
    let mut regions = Regions { province: nameless, cities: Vec::new() };
    let Some(parsed) = parsed else { return regions };
    let root = Table::root(parsed);
    let mut seen = codes::Seen::new("region");
    let mut names = codes::Seen::new("region name");
    match root.table("province") {
        Some(table) => regions.province = read_one(table, &mut seen, &mut names).unwrap_or(regions.province),
        None if root.has("province") => {}
        None => root.missing("province", "{ code = \"330000\", name = \"…\", short_name = \"…\" }"),
    }
    for table in root.tables("region") {
        regions.cities.extend(read_one(table, &mut seen, &mut names));
    }
    if regions.cities.is_empty() && !root.has("region") {
        root.missing("region", "[{ code = \"330100\", name = \"…\" }]");
    }
    root.finish();
    regions
}

fn read_one(table: Table<'_>, seen: &mut codes::Seen, names: &mut codes::Seen) -> Option<Region> {
    let code = table.need_text("code").filter(is_gbt2260);
    if let Some(code) = &code {
        seen.add(code);
    }
    let name = table.need_text("name");
    let short_name = table.text("short_name").or_else(|| name.clone());
    let aliases = table.texts("aliases");
    let counties = table.texts("counties");
    let mut own: Vec<&At<String>> = Vec::new();
    for word in name.iter().chain(&short_name).chain(&aliases) {
        if own.iter().all(|known| known.value != word.value) {
            names.add(word);
            own.push(word);
        }
    }
    let region = code.zip(name.clone()).map(|(code, name)| Region {
        code: RegionCode(code.value),
        short_name: short_name.as_ref().map_or_else(|| name.value.clone(), |short| short.value.clone()),
        name: name.value,
        aliases: aliases.iter().map(|alias| alias.value.clone()).collect(),
        counties: counties.into_iter().map(|county| county.value).collect(),
    });
    table.finish();
    region
}

fn is_gbt2260(code: &At<String>) -> bool {
    let sound = code.value.len() == 6 && code.value.bytes().all(|byte| byte.is_ascii_digit());
    if !sound {
        code.problem(format!("`{}` is no region code", code.value), "write the six digits of GB/T 2260: \"330100\"");
    }
    sound
}
