//! `list-of-another-year`: the list of a year (`list_year`) whose sheet bears another year than the data month's.
//!
//! A list that bears no year is its file's year's.

use crate::ingest::check::table::Table;
use crate::ingest::parse::text::year_in;
use crate::model::{Finding, FindingCode};

/// Finds a list that says it is another year's.
pub fn check(table: &Table) -> Vec<Finding> {
    let year = table.data().year();
    let Some(named) = year_in(&table.now.sheet).filter(|named| table.dataset.list_year && *named != year) else { return Vec::new() };
    let sheet = &table.now.sheet;
    let message = format!("工作表“{sheet}”注明{named}年，本表应为{year}年的清单，请核对；确为{year}年清单的请说明。");
    let finding = table.at_table(FindingCode::ListOfAnotherYear, message);
    vec![Finding { found: Some(format!("{named}年")), expected: Some(format!("{year}年")), ..finding }]
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn only_a_list_of_a_year_is_asked_which_year_it_is() {
        let mut dataset = sample::records();
        let mut now = sample::projects();
        now.sheet = "2021年项目".to_owned();
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
        dataset.list_year = true;
        assert_eq!(
            sample::told(&dataset, &now, &Past::default()),
            ["list-of-another-year A5 工作表“2021年项目”注明2021年，本表应为2022年的清单，请核对；确为2022年清单的请说明。"]
        );
        for own in ["2022年项目", "项目", "项目2021001"] {
            now.sheet = own.to_owned();
            assert!(sample::told(&dataset, &now, &Past::default()).is_empty(), "{own}");
        }
    }
}
