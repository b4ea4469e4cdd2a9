//! How the page names an indicator.

use crate::deliver::headers::one_line;
use crate::model::IndicatorRow;
use crate::plan::Plan;
use crate::present::captions;

/// `技术改造投资（六，省经信厅）`.
pub fn named(plan: &Plan, row: &IndicatorRow) -> String {
    let measure = captions::numeral(row.measure);
    format!("{}（{measure}，{}）", one_line(&row.title), one_line(plan.department_name(&row.owner)))
}
