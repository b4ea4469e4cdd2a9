//! `config/departments.toml`: the departments in 机构序列.

use std::collections::BTreeMap;

use crate::model::DepartmentCode;
use crate::plan::Department;
use crate::settings::document::{At, Parsed};
use crate::settings::table::Table;

use super::codes;

/// Reads the file. A name or alias that stands for two departments is a problem: a file name could not tell them apart.
pub fn read(parsed: &Parsed) -> Vec<Department> {
    let root = Table::root(parsed);
    let mut departments = Vec::new();
    let mut seen = codes::Seen::new("department");
    let mut names = BTreeMap::new();
    for table in root.tables("department") {
        let code = table.need_text("code").filter(|code| codes::is_sound(code, "department"));
        if let Some(code) = &code {
            seen.add(code);
            if code.value == "all" {
                code.problem("the code `all` means the leading group", "choose another code");
            }
        }
        departments.extend(read_one(table, code, &mut names));
    }
    if departments.is_empty() && !root.has("department") {
        root.missing("department", "[{ code = \"…\", name = \"…\" }]");
    }
    root.finish();
    departments
}

fn read_one(table: Table<'_>, code: Option<At<String>>, names: &mut BTreeMap<String, (String, String)>) -> Option<Department> {
    let name = table.need_text("name");
    let full_name = table.text("full_name");
    let aliases = table.texts("aliases");
    let reports = table.flag("reports").is_none_or(|flag| flag.value);
    if let Some(code) = &code {
        for word in name.iter().chain(&full_name).chain(&aliases) {
            match names.get(&word.value) {
                Some((owner, place)) if *owner != code.value => {
                    word.problem(
                        format!("`{}` already stands for department `{owner}`", word.value),
                        format!("see {place}; keep it with one of the two"),
                    );
                }
                Some(_) => {}
                None => {
                    names.insert(word.value.clone(), (code.value.clone(), word.place()));
                }
            }
        }
    }
    let department = Department {
        code: DepartmentCode(code.map(|code| code.value).unwrap_or_default()),
        full_name: full_name.or_else(|| name.clone()).map(|name| name.value).unwrap_or_default(),
        name: name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        aliases: aliases.into_iter().map(|alias| alias.value).collect(),
        address: table.text("address").map_or_else(|| "你单位".to_owned(), |address| address.value),
        to: table.addresses("to"),
        cc: table.addresses("cc"),
        contact: table.text("contact").map(|contact| contact.value).unwrap_or_default(),
        reports,
    };
    if reports && table.texts("to").is_empty() {
        table.missing("to", "[\"name@example.cn\"]` or `reports = false");
    }
    table.finish();
    // One whose name is amiss is known all the same, so that not every mention of it is a problem too.
    (!department.code.0.is_empty()).then_some(department)
}
