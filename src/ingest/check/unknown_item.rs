//! `unknown-item`: a row of a form that the form does not have; adding it up would count something twice or something else.

use crate::ingest::check::spelling::unified;
use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};

/// Finds rows whose key is none of the form's items.
pub fn check(table: &Table) -> Vec<Finding> {
    if table.dataset.items.is_empty() {
        return Vec::new();
    }
    let items: Vec<String> = table.dataset.items.iter().map(|item| unified(item)).collect();
    let Some(spec) = table.dataset.key.first().and_then(|name| table.dataset.column(name)) else { return Vec::new() };
    let unknown = (0..table.now.rows()).filter_map(|row| {
        let text = table.printed(row, spec).filter(|text| !items.contains(&unified(text)))?;
        let message = match meant(table, &text) {
            Some(item) => {
                format!("表样没有“{text}”这一项，疑为“{item}”：如是，请按表样改为“{item}”；如不是，请并入表样已有的项目，或删去该行。")
            }
            None => format!("表样没有“{text}”这一项，请并入表样已有的项目，或删去该行。"),
        };
        Some(Finding { expected: Some(table.dataset.items.join("、")), ..table.at_cell(FindingCode::UnknownItem, row, spec, message) })
    });
    unknown.collect()
}

/// The form's item that a text is but for a note in brackets.
pub fn meant<'a>(table: &Table<'a>, text: &str) -> Option<&'a str> {
    let bare = |text: &str| {
        let key = unified(text);
        key.split_once('(').filter(|(head, note)| !head.is_empty() && note.ends_with(')')).map(|(head, _)| head.to_owned())
    };
    let own = bare(text)?;
    let is_own = |item: &&String| unified(item) == own || bare(item).is_some_and(|item| item == own);
    table.dataset.items.iter().find(is_own).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::plan::Shape;

    #[test]
    fn a_row_that_the_form_does_not_have_is_named() {
        let mut dataset = sample::records();
        (dataset.shape, dataset.items) = (Shape::Form, vec!["P-1".to_owned(), "P-2".to_owned()]);
        let row = |code: &'static str| [code, "甲", "330100", "在建", "10", "5", "2022-01-01"];
        let now = sample::table(&dataset, &[&row("P-1"), &row("P-2"), &row("P-9")]);
        let told = sample::told(&dataset, &now, &Past::default());
        assert!(told.iter().any(|line| line == "unknown-item A7 表样没有“P-9”这一项，请并入表样已有的项目，或删去该行。"), "{told:?}");
        let noted = sample::told(&dataset, &sample::table(&dataset, &[&row("P-1"), &row("P-2（含续建）")]), &Past::default());
        let noted: Vec<&String> = noted.iter().filter(|line| line.contains("-item ")).collect();
        assert_eq!(
            noted,
            [
                "unknown-item A6 表样没有“P-2（含续建）”这一项，疑为“P-2”：如是，请按表样改为“P-2”；如不是，请并入表样已有的项目，或删去该行。"
            ]
        );
        let clean = sample::table(&dataset, &[&row("P-1"), &row("P-2")]);
        assert!(!sample::told(&dataset, &clean, &Past::default()).iter().any(|line| line.starts_with("unknown-item")));
    }
}
