//! `show`: a period's indicator tables in the terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::{IndicatorRow, IndicatorTable, Period};
use crate::plan::Plan;
use crate::run::kit::Version;
use crate::run::version::newest;

/// Shows the newest version of a period.
#[derive(Debug, clap::Args)]
pub struct Show {
    #[arg(long, value_parser = parse_period)]
    period: Period,
    /// One measure only, by its number.
    #[arg(long, value_name = "N")]
    measure: Option<u32>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, Some(self.period))?;
        let version = newest::of(&desk, self.period)?;
        let wanted = |table: &&IndicatorTable| self.measure.is_none_or(|number| number == table.measure);
        let tables: Vec<&IndicatorTable> = version.shown.tables.iter().filter(wanted).collect();
        if let Some(number) = self.measure.filter(|_| tables.is_empty()) {
            anyhow::bail!("the plan has no measure {number}");
        }
        if self.json {
            output::json(&as_json(&desk.plan, &version, &tables));
        } else {
            for table in tables {
                print(&desk.plan, table);
            }
        }
        Ok(exit::DONE)
    }
}

fn print(plan: &Plan, table: &IndicatorTable) {
    let title = plan.measure(table.measure).map_or("", |measure| measure.title.as_str());
    output::line(&format!("\n{} {title}", table.measure));
    if table.rows.is_empty() {
        output::line("  (tasks only)");
        return;
    }
    let mut drawn = Table::new();
    drawn.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    drawn.set_header(["指标", "", "单位", "年度目标", "累计", "同比%", "完成%", "比序时", "亮灯", "责任单位"]);
    for row in &table.rows {
        let dash = |value: Option<Decimal>| value.map_or_else(|| "—".to_owned(), |value| value.to_string());
        let light = row
            .light
            .grey_reason()
            .map_or_else(|| format!("{}（{}）", row.light.word(), row.periods_in_row), |r| format!("灰：{}", r.word()));
        drawn.add_row([
            row.code.clone(),
            row.title.clone(),
            row.unit.clone(),
            row.target_text.clone(),
            dash(row.year_to_date),
            dash(row.growth_pct),
            dash(row.completion_pct),
            dash(row.ahead_points),
            light,
            plan.department_name(&row.owner).to_owned(),
        ]);
    }
    for column in 4..8 {
        if let Some(column) = drawn.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    output::line(&drawn.to_string());
}

fn as_json(plan: &Plan, version: &Version, tables: &[&IndicatorTable]) -> Value {
    let measures: Vec<Value> = tables
        .iter()
        .map(|table| {
            let measure = plan.measure(table.measure);
            json!({
                "number": table.measure,
                "title": measure.map(|measure| &measure.title),
                "departments": measure.map(|measure| &measure.departments),
                "consolidated_by": measure.and_then(|measure| measure.consolidated_by.first()),
                "indicators": table.rows.iter().map(indicator).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "period": version.period, "version": version.version, "measures": measures })
}

/// A decimal as it is printed, `null` when missing.
fn text(value: Option<Decimal>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn indicator(row: &IndicatorRow) -> Value {
    let mut value = json!({
        "code": row.code, "title": row.title, "owner": row.owner, "unit": row.unit,
        "month": text(row.month), "year_to_date": text(row.year_to_date), "last_year": text(row.last_year),
        "growth_pct": text(row.growth_pct), "reported_growth_pct": text(row.reported_growth_pct),
        "target": text(row.target), "comparison": row.comparison, "wording": row.wording, "target_year": row.target_year,
        "year_source": row.year_source, "growth_target_pct": text(row.growth_target_pct),
        "completion_pct": text(row.completion_pct), "pace_pct": text(row.pace_pct), "ahead_points": text(row.ahead_points),
        "light": row.light.code(), "grey_reason": row.light.grey_reason().map(crate::model::GreyReason::word),
    });
    // In two parts: the macro has a depth limit.
    let rest = json!({
        "periods_in_row": row.periods_in_row, "needed_per_month": text(row.needed_per_month), "landing": text(row.landing),
        "coverage": row.coverage, "data_period": row.data_period, "tracking": row.tracking, "restricted": row.restricted, "notes": row.notes,
        "regions": row.regions.iter().map(|region| json!({
            "code": region.code, "name": region.name, "month": text(region.month), "year_to_date": text(region.year_to_date),
            "last_year": text(region.last_year), "growth_pct": text(region.growth_pct), "share_pct": text(region.share_pct),
            "target": text(region.target), "completion_pct": text(region.completion_pct), "rank": region.rank,
            "rank_change": region.rank_change, "light": region.light.map(crate::model::Light::code),
        })).collect::<Vec<_>>(),
        "series": row.series.iter().map(|point| json!({
            "period": point.period, "year_to_date": text(point.year_to_date), "month": text(point.month),
            "completion_pct": text(point.completion_pct), "pace_pct": text(point.pace_pct),
        })).collect::<Vec<_>>(),
        "departments": row.departments.iter().map(|one| json!({
            "department": one.department, "year_to_date": text(one.year_to_date),
        })).collect::<Vec<_>>(),
    });
    if let (Value::Object(all), Value::Object(rest)) = (&mut value, rest) {
        all.extend(rest);
    }
    value
}
