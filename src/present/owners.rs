//! Owners that the plan's list of a measure does not name (责任单位按职能确定), said alike wherever it is said.

use crate::model::DepartmentCode;
use crate::plan::{Measure, Plan};

/// `5.3、5.4的责任单位为省能源局，不在方案所列责任单位之内，按职能确定。`; `None` where the plan names all owners of its indicators.
///
/// A list that names 有关单位 as a whole, which hands in nothing itself, leaves nobody out.
#[must_use]
pub fn outside(plan: &Plan, measure: &Measure) -> Option<String> {
    let is_whole = |code: &DepartmentCode| plan.department(code).is_some_and(|department| !department.reports);
    if measure.departments.iter().any(is_whole) {
        return None;
    }
    let mut owners: Vec<(&DepartmentCode, Vec<&str>)> = Vec::new();
    for indicator in measure.indicators.iter().filter(|indicator| !measure.departments.contains(&indicator.owner)) {
        match owners.iter_mut().find(|(owner, _)| **owner == indicator.owner) {
            Some((_, codes)) => codes.push(&indicator.code),
            None => owners.push((&indicator.owner, vec![&indicator.code])),
        }
    }
    let said: Vec<String> =
        owners.iter().map(|(owner, codes)| format!("{}的责任单位为{}", codes.join("、"), plan.department_name(owner))).collect();
    (!said.is_empty()).then(|| format!("{}，不在方案所列责任单位之内，按职能确定。", said.join("，")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample;

    #[test]
    fn an_owner_outside_the_list_is_named_with_its_indicators() {
        let plan = sample::plan();
        let mut measure = plan.measures[0].clone();
        let codes: Vec<String> = measure.indicators.iter().map(|indicator| indicator.code.clone()).collect();
        measure.departments = measure.indicators.iter().map(|indicator| indicator.owner.clone()).collect();
        assert_eq!(outside(&plan, &measure), None);
        let owner = measure.indicators[0].owner.clone();
        measure.departments.clear();
        let said = outside(&plan, &measure).unwrap();
        assert!(said.starts_with(&codes[0]) && said.contains(plan.department_name(&owner)) && said.ends_with("按职能确定。"), "{said}");
    }
}
