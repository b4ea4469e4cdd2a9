//! Causes of a correction: which file replaced which, was handed in later, or was withdrawn.

use std::collections::{BTreeMap, BTreeSet};

use crate::aggregate::Why;
use crate::ledger::Input;
use crate::model::{ContentHash, DepartmentCode, IndicatorRow, Period};
use crate::plan::{Calculation, Plan};
use crate::present::captions;

/// A file's name and the first digits of its hash.
type Named = (String, String);

/// What happened to a department's tables of one period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    /// The second took the first one's place.
    Replaced(Named, Named),
    /// The first was withdrawn, and the second stands in its place.
    Restored(Named, Named),
    Added(Named),
    Withdrawn(Named),
}

/// The cause of a figure that moved because its definition did.
const REDEFINED: &str = "统计口径更新";

/// How much of a hash tells two files of one name apart.
const HASH_CHARS: usize = 12;

/// What two versions were drawn up from.
pub struct Causes<'a> {
    pub plan: &'a Plan,
    pub old: &'a [Input],
    pub new: &'a [Input],
    /// The files that were withdrawn.
    pub withdrawn: &'a BTreeSet<ContentHash>,
    /// The plan files, or what the program means by them, have changed.
    pub definition_moved: bool,
}

impl Causes<'_> {
    /// Why `row` has moved: the changed files among those its datasets were read from.
    pub fn of(&self, row: &IndicatorRow) -> Why {
        let mut datasets = BTreeSet::new();
        read(self.plan, &row.code, &mut datasets);
        let mut changes: BTreeMap<(Period, DepartmentCode, Change), Vec<&str>> = BTreeMap::new();
        for (key, change) in self.changes(&datasets) {
            let (period, department, dataset) = key;
            let title = self.plan.dataset(dataset).map_or(dataset, |dataset| dataset.title.as_str());
            changes.entry((period, department.clone(), change)).or_default().push(title);
        }
        let words = changes.iter().map(|((period, department, change), titles)| {
            let tables = format!("{}年{}{}", period.year(), captions::month_label(*period), titles.join("、"));
            sentence(self.plan.department_name(department), &tables, change)
        });
        let mut words: Vec<String> = words.collect();
        if words.is_empty() {
            let cause = if self.definition_moved { REDEFINED } else { "设置调整" };
            return Why { cause: cause.to_owned(), redefined: true };
        }
        if self.definition_moved {
            words.push("统计口径同时更新".to_owned());
        }
        Why { cause: words.join("；"), redefined: false }
    }

    /// What differs between the two lists, by (period, department, dataset).
    fn changes(&self, datasets: &BTreeSet<&str>) -> BTreeMap<(Period, &DepartmentCode, &str), Change> {
        let index = |inputs: &'_ [Input]| -> BTreeMap<(Period, DepartmentCode, String), Input> {
            let concerned = inputs.iter().filter(|input| datasets.contains(input.dataset.as_str()));
            concerned.map(|input| ((input.period, input.department.clone(), input.dataset.clone()), input.clone())).collect()
        };
        let (old, new) = (index(self.old), index(self.new));
        let mut changes = BTreeMap::new();
        for input in self.old.iter().chain(self.new).filter(|input| datasets.contains(input.dataset.as_str())) {
            let key = (input.period, input.department.clone(), input.dataset.clone());
            if let Some(change) = self.change(old.get(&key), new.get(&key)) {
                changes.insert((input.period, &input.department, input.dataset.as_str()), change);
            }
        }
        changes
    }

    fn change(&self, old: Option<&Input>, new: Option<&Input>) -> Option<Change> {
        let named = |one: &Input| -> Named { (one.file.clone(), one.hash.0.chars().take(HASH_CHARS).collect()) };
        match (old, new) {
            (Some(old), Some(new)) if old.hash == new.hash => None,
            (Some(old), Some(new)) if self.withdrawn.contains(&old.hash) => Some(Change::Restored(named(old), named(new))),
            (Some(old), Some(new)) => Some(Change::Replaced(named(old), named(new))),
            (None, Some(new)) => Some(Change::Added(named(new))),
            (Some(old), None) => Some(Change::Withdrawn(named(old))),
            (None, None) => None,
        }
    }
}

/// The datasets an indicator is read from, those of its terms and of its published growth among them.
fn read<'a>(plan: &'a Plan, code: &str, into: &mut BTreeSet<&'a str>) {
    let Some(indicator) = plan.indicator(code) else { return };
    into.extend(indicator.reported_growth.iter().map(|(dataset, _)| dataset.as_str()));
    match &indicator.calculation {
        Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => {
            into.insert(dataset);
        }
        Calculation::Derived { terms } => terms.iter().for_each(|(code, _)| read(plan, code, into)),
    }
}

/// `省经信厅重新报送2022年6月技术改造投资分市情况（“乙.xlsx”替换“甲.xlsx”）`.
fn sentence(department: &str, tables: &str, change: &Change) -> String {
    match change {
        Change::Replaced((old, old_hash), (new, new_hash)) if old == new => {
            format!("{department}重新报送{tables}（“{new}”，校验码{new_hash}替换{old_hash}）")
        }
        Change::Replaced((old, _), (new, _)) => format!("{department}重新报送{tables}（“{new}”替换“{old}”）"),
        Change::Restored((old, _), (new, _)) => format!("{department}撤回{tables}（“{old}”，改用“{new}”）"),
        Change::Added((new, _)) => format!("{department}补报{tables}（“{new}”）"),
        Change::Withdrawn((old, _)) => format!("{department}撤回{tables}（“{old}”）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, hash: &str) -> Named {
        (name.to_owned(), hash.to_owned())
    }

    #[test]
    fn a_cause_says_which_file_replaced_which() {
        let (old, new) = (named("甲.xlsx", "1"), named("乙.xlsx", "2"));
        let cases = [
            (Change::Replaced(old.clone(), new.clone()), "省经信厅重新报送6月投资（“乙.xlsx”替换“甲.xlsx”）"),
            (Change::Replaced(old.clone(), named("甲.xlsx", "2")), "省经信厅重新报送6月投资（“甲.xlsx”，校验码2替换1）"),
            (Change::Restored(new.clone(), old.clone()), "省经信厅撤回6月投资（“乙.xlsx”，改用“甲.xlsx”）"),
            (Change::Added(new), "省经信厅补报6月投资（“乙.xlsx”）"),
            (Change::Withdrawn(old), "省经信厅撤回6月投资（“甲.xlsx”）"),
        ];
        for (change, expected) in cases {
            assert_eq!(sentence("省经信厅", "6月投资", &change), expected);
        }
    }

    #[test]
    fn a_file_is_withdrawn_only_if_somebody_withdrew_it() {
        let input = |file: &str| Input {
            period: Period::new(2022, 6).unwrap(),
            department: DepartmentCode("jxt".to_owned()),
            dataset: "upgrade".to_owned(),
            file: file.to_owned(),
            hash: ContentHash(file.to_owned()),
        };
        let plan = crate::present::sample::plan();
        let change = |withdrawn: &[&str]| {
            let withdrawn = withdrawn.iter().map(|hash| ContentHash((*hash).to_owned())).collect();
            let causes = Causes { plan: &plan, old: &[], new: &[], withdrawn: &withdrawn, definition_moved: false };
            causes.change(Some(&input("乙")), Some(&input("甲")))
        };
        let named = |name: &str| (name.to_owned(), name.to_owned());
        assert_eq!(change(&[]), Some(Change::Replaced(named("乙"), named("甲"))), "whichever of them came first");
        assert_eq!(change(&["乙"]), Some(Change::Restored(named("乙"), named("甲"))));
    }
}
