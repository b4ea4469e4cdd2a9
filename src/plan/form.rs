//! The form (调度表): the words by which our own sheets are known again, and what of a dataset a form shows.
//!
//! Forms are drawn from these words and read by them: whatever a form prints beside a dataset's own columns stands here once.

use super::Dataset;

/// The sheet that says whose form it is, of which month, and by which plan; hidden.
pub const HIDDEN_SHEET: &str = "_wenjin";
/// The first sheet.
pub const GUIDE_SHEET: &str = "填报说明";
/// What the rows of the first sheet are about, in their order.
pub const GUIDE_HEADS: [&str; 10] = ["何时报", "报给谁", "怎样报", "黄色格", "灰色格", "下拉格", "加行", "情况说明", "涉密文件", "联系人"];
/// The column, the row or the line in which what is asked about is explained.
pub const REMARKS: &str = "情况说明";
/// The row to tick where a list has nothing new.
pub const NOTHING_NEW: &str = "本月无新增";
/// What is chosen there.
pub const TICK: &str = "√";
/// Stands behind the heading of a grey column: last month's figure, the last data month's.
pub const PAST: [&str; 2] = ["上月已报", "上期已报"];

/// Keys of the hidden sheet.
pub const KEY_FORM: &str = "form";
pub const KEY_DEPARTMENT: &str = "department";
pub const KEY_PERIOD: &str = "period";
pub const KEY_PLAN: &str = "plan";
/// Before a dataset's code, with its [`version`].
pub const KEY_TABLE: &str = "table:";

/// How much of a hash is enough to tell two versions apart.
const VERSION_LENGTH: usize = 16;

/// The dataset whose rows are words on what is behind: a row that nobody filled in says nothing, and returns no file.
pub const WORDS_ON: &str = "lagging";

/// What of a dataset a form shows, as a hash: two forms of the same version are filled in alike.
#[must_use]
pub fn version(dataset: &Dataset) -> String {
    let shown = (
        (&dataset.code, &dataset.title, dataset.sheets.first()),
        (dataset.shape, dataset.accumulation, dataset.frequency, dataset.lag),
        (&dataset.columns, &dataset.key, &dataset.items),
        (dataset.total_rule, dataset.regions_across, dataset.may_be_empty),
    );
    // Plain values: writing them as JSON cannot fail.
    let json = serde_json::to_vec(&shown).unwrap_or_default();
    let mut hex = blake3::hash(&json).to_hex().to_string();
    hex.truncate(VERSION_LENGTH);
    hex
}

/// Whether a heading is that of a grey column.
#[must_use]
pub fn is_past(heading: &str) -> bool {
    PAST.iter().any(|word| heading.contains(word))
}

/// Whether a heading is that of the column 情况说明.
#[must_use]
pub fn is_remarks(heading: &str) -> bool {
    let bare: String = heading.chars().filter(|c| !c.is_whitespace() && !"*：:".contains(*c)).collect();
    bare.rsplit('/').next() == Some(REMARKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset() -> Dataset {
        serde_json::from_value(serde_json::json!({
            "code": "investment", "title": "投资分市情况", "measure": 1, "from": ["jxt"], "sheets": ["投资"], "shape": "matrix",
            "accumulation": "cumulative", "frequency": "month", "lag": 0, "due_day": 8, "january_merged": false, "columns": [],
            "key": ["region"], "total_rule": "equal", "items": [], "regions_across": false, "rules": [], "may_be_empty": false,
            "list_year": false,
        }))
        .unwrap()
    }

    #[test]
    fn a_version_changes_with_what_a_form_shows_and_with_nothing_else() {
        let one = dataset();
        assert_eq!(version(&one), version(&Dataset { due_day: 28, list_year: true, ..dataset() }));
        assert_ne!(version(&one), version(&Dataset { items: vec!["税费减免".to_owned()], ..dataset() }));
        assert_eq!(version(&one).len(), VERSION_LENGTH);
    }

    #[test]
    fn our_own_columns_are_known_by_their_headings() {
        assert!(is_past("1—6月累计\n（上月已报）") && !is_past("1—6月累计"));
        assert!(is_remarks("情况说明") && is_remarks("情 况 说 明：") && !is_remarks("存在问题情况"));
    }
}
