//! `[[indicator]]`: one figure of the plan.

use crate::model::DepartmentCode;
use crate::model::quantity::Dimension;
use crate::plan::{Accumulation, Calculation, ColumnType, Comparison, CountsIn, GrowthBasis, Indicator, Pace, Target};
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::circle::Circle;
use super::scope::{Declared, Scope};
use super::{calculations, columns, counting, derived, paces, targets};

/// An indicator with the places that checks across indicators need.
pub struct Draft {
    pub indicator: Indicator,
    pub code: At<String>,
    /// The indicators a derived one adds up.
    pub terms: Vec<derived::Term>,
}

/// Reads the indicators of a measure: their codes with places (of unreadable ones too), and the indicators.
pub fn read(measure: &Table<'_>, number: Option<u32>, circle: &Circle, scope: &Scope<'_>) -> (Vec<At<String>>, Vec<Draft>) {
    let mut codes = Vec::new();
    let mut drafts = Vec::new();
    for table in measure.tables("indicator") {
        let code = table.need_text("code");
        if let Some(code) = &code {
            check_code(code, number);
        }
        codes.extend(code.clone());
        drafts.extend(read_one(table, code, circle, scope));
    }
    (codes, drafts)
}

fn read_one(table: Table<'_>, code: Option<At<String>>, circle: &Circle, scope: &Scope<'_>) -> Option<Draft> {
    let title = table.need_text("title");
    if !table.has("unit") {
        table.missing("unit", "\"亿元\"");
    }
    let unit = columns::read_unit(&table);
    let calculated = calculations::read(&table, unit.as_ref(), scope);
    let owner = read_owner(&table, calculated.dataset, circle, scope);
    let (growth, reported_growth) = read_growth(&table, scope);
    let tracking = table.flag("tracking").is_some_and(|flag| flag.value);
    let share = calculated.is_ratio || unit.as_ref().is_some_and(|unit| unit.value.dimension() == Dimension::Percent);
    let target = read_target(&table, tracking, growth, share, scope);
    let pace = paces::read(&table, tracking);
    let counting::Said { counts_in, any_year } = counting::read(&table, calculated.dataset, target.as_ref());
    if pace == Some(Pace::LastYear) {
        check_last_year(&table, &calculated, share, counts_in.as_ref());
    }
    let by_region = read_by_region(&table, &calculated);
    let decimals = table.small("decimals", 0..=6).map_or(0, |decimals| decimals.value);
    let source = table.text("source").map_or_else(|| "部门调度".to_owned(), |source| source.value);
    let restricted = table.flag("restricted").is_some_and(|flag| flag.value);
    let never_red = table.flag("never_red").is_some_and(|flag| flag.value);
    let notes = table.texts("notes").into_iter().map(|note| note.value).collect();
    table.finish();
    let code = code?;
    let indicator = Indicator {
        code: code.value.clone(),
        title: title?.value,
        owner: owner?,
        source,
        unit: unit?.value,
        decimals,
        calculation: calculated.calculation?,
        growth,
        reported_growth,
        target,
        pace: pace.unwrap_or(Pace::None),
        counts_in,
        any_year,
        restricted,
        never_red,
        by_region,
        notes,
    };
    Some(Draft { indicator: counting::fold(indicator), code, terms: calculated.terms })
}

/// Last year's own course is that of a figure which builds up over the year and was counted last year as it is now.
fn check_last_year(table: &Table<'_>, calculated: &calculations::Calculated<'_>, share: bool, counts_in: Option<&CountsIn>) {
    let stock = calculated.dataset.is_some_and(|declared| declared.dataset.accumulation == Accumulation::Stock);
    let numbers = "write the percent reached by the end of each month: `curve = [\"5\", … twelve of them]`";
    if share || stock {
        let message = "`pace = \"curve\"` without numbers follows last year's amounts, and this figure is none";
        table.place_of("pace").problem(message, numbers);
    } else if let Some(year) = counts_in.and_then(|counts| counts.year) {
        let message = format!("`pace = \"curve\"` without numbers follows last year's rows, and `counts_in` counts those of {year} alone");
        table.place_of("pace").problem(message, format!("{numbers}, or judge the target `year = \"every\"`"));
    }
}

fn check_code(code: &At<String>, number: Option<u32>) {
    let parts = code.value.split_once('.').map(|(measure, rest)| (measure.parse::<u32>(), rest.parse::<u32>()));
    let measure = match parts {
        Some((Ok(measure), Ok(_))) => measure,
        _ => 0,
    };
    if measure == 0 || number.is_some_and(|number| number != measure) {
        let number = number.map_or_else(|| "6".to_owned(), |number| number.to_string());
        code.problem(
            format!("`{}` is no indicator code of this measure", code.value),
            format!("number the indicators `{number}.1`, `{number}.2` …"),
        );
    }
}

/// The one department answerable: one of the measure's, or the one that hands the figures in.
fn read_owner(table: &Table<'_>, dataset: Option<&Declared>, circle: &Circle, scope: &Scope<'_>) -> Option<DepartmentCode> {
    let owner = table.need_text("owner")?;
    let department = scope.department(&owner)?;
    let hands_in = dataset.is_some_and(|declared| declared.dataset.from.contains(&department));
    if !scope.reports(&department) {
        owner.problem(format!("owner `{department}` hands in nothing"), "name a department that reports");
    } else if !circle.admits(&department) && !hands_in {
        circle.refuse("owner", &owner);
    }
    Some(department)
}

type Growth = (Option<GrowthBasis>, Option<(String, String)>);

fn read_growth(table: &Table<'_>, scope: &Scope<'_>) -> Growth {
    let growth = table.choice("growth", &[("computed", GrowthBasis::Computed), ("reported", GrowthBasis::Reported)]);
    let published = table.text("reported_growth");
    if let Some(growth) = &growth
        && growth.value == GrowthBasis::Reported
        && !table.has("reported_growth")
    {
        growth.problem(
            "growth is `reported`, but nothing says where it is reported",
            "add `reported_growth = \"dataset.column\"`, or write `growth = \"computed\"`",
        );
    }
    let place = published.and_then(|published| read_reported(&published, scope));
    (growth.map(|growth| growth.value), place)
}

fn read_reported(published: &At<String>, scope: &Scope<'_>) -> Option<(String, String)> {
    let Some((dataset, column)) = published.value.split_once('.') else {
        published
            .problem(format!("`{}` names no column", published.value), "write `dataset.column`, for instance \"advanced_growth.growth\"");
        return None;
    };
    let declared = scope.dataset(&published.with(dataset.to_owned()))?;
    let Some(spec) = declared.dataset.column(column) else {
        published.problem_inside(
            dataset.len() + 1..published.value.len(),
            format!("dataset `{dataset}` has no column `{column}`"),
            suggest::hint(column, declared.dataset.columns.iter().map(|column| column.name.as_str())),
        );
        return None;
    };
    let percent = spec.kind == ColumnType::Decimal && spec.unit.as_ref().is_some_and(|unit| unit.dimension() == Dimension::Percent);
    if !percent && !declared.doubtful.contains(column) {
        published.problem(format!("column `{column}` is no percentage"), "give it `type = \"decimal\"` and `unit = \"%\"`");
    }
    Some((dataset.to_owned(), column.to_owned()))
}

fn read_target(table: &Table<'_>, tracking: bool, growth: Option<GrowthBasis>, share: bool, scope: &Scope<'_>) -> Option<Target> {
    let Some(inner) = table.table("target") else {
        if !tracking && !table.has("target") {
            table.problem(
                "this indicator has neither a target nor `tracking = true`",
                "add `[indicator.target]`, or `tracking = true` if it is only followed",
            );
        }
        return None;
    };
    if tracking {
        inner.problem("a tracking indicator has no target", "take out the target, or `tracking = true`");
    }
    let place = inner.place_of("growth");
    let ratio_only = inner.place_of("grows");
    let target = targets::read(inner, scope);
    if target.growth.is_some() && growth.is_none() && !table.has("growth") {
        place.problem(
            "the target names a growth, but the indicator has none",
            "add `growth = \"computed\"` or `growth = \"reported\"` to the indicator",
        );
    }
    if target.grows && !share {
        ratio_only.problem("`grows` is for ratios and percentages", "take it out: amounts and lists are judged by `pace`");
    }
    if target.comparison == Comparison::Hold && !share {
        let at = table.place_of("kind");
        at.problem("`hold` compares a share with the year before, and this is none", "write `kind = \"ratio\"`, or another `comparison`");
    }
    Some(target)
}

fn read_by_region(table: &Table<'_>, calculated: &calculations::Calculated<'_>) -> bool {
    let asked = table.flag("by_region");
    let possible = match (&calculated.calculation, calculated.dataset) {
        (_, Some(declared)) => declared.dataset.columns.iter().any(|column| column.kind == ColumnType::Region),
        (Some(Calculation::Derived { .. }), None) => asked.as_ref().is_some_and(|asked| asked.value),
        _ => return asked.is_some_and(|asked| asked.value),
    };
    match asked {
        Some(asked) if asked.value && !possible => {
            asked.problem(
                "the dataset has no region column to show regions by",
                "take `by_region` out, or add a column of `type = \"region\"`",
            );
            false
        }
        Some(asked) => asked.value,
        None => possible,
    }
}
