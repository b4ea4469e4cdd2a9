//! How an indicator gets its value: `kind` and the keys that go with it.

use crate::model::Unit;
use crate::model::quantity::Dimension;
use crate::plan::{Accumulation, Calculation, Expression};
use crate::settings::document::At;
use crate::settings::table::Table;

use super::expressions::{self, Aggregate};
use super::scope::{Declared, Scope};
use super::{datasets, derived};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Simple,
    Cumulative,
    Ratio,
    Derived,
}

const KINDS: [(&str, Kind); 4] =
    [("simple", Kind::Simple), ("cumulative", Kind::Cumulative), ("ratio", Kind::Ratio), ("derived", Kind::Derived)];

/// Which keys go with which kinds.
const KEYS: [(&str, &[Kind]); 10] = [
    ("dataset", &[Kind::Simple, Kind::Cumulative, Kind::Ratio]),
    ("value", &[Kind::Simple, Kind::Cumulative]),
    ("last_year", &[Kind::Simple, Kind::Cumulative]),
    ("where", &[Kind::Simple, Kind::Cumulative, Kind::Ratio]),
    ("counts_in", &[Kind::Simple, Kind::Cumulative, Kind::Ratio]),
    ("numerator", &[Kind::Ratio]),
    ("denominator", &[Kind::Ratio]),
    ("last_numerator", &[Kind::Ratio]),
    ("last_denominator", &[Kind::Ratio]),
    ("expression", &[Kind::Derived]),
];

/// What was read, as far as it could be.
pub struct Calculated<'s> {
    pub calculation: Option<Calculation>,
    pub dataset: Option<&'s Declared>,
    pub terms: Vec<derived::Term>,
    pub is_ratio: bool,
}

/// Reads the calculation of an indicator whose unit is `unit`.
pub fn read<'s>(table: &Table<'_>, unit: Option<&At<Unit>>, scope: &'s Scope<'_>) -> Calculated<'s> {
    let mut calculated = Calculated { calculation: None, dataset: None, terms: Vec::new(), is_ratio: false };
    let kind = table.need_choice("kind", &KINDS);
    let name = table.text("dataset");
    calculated.dataset = name.as_ref().and_then(|name| scope.dataset(name));
    let Some(kind) = kind else {
        for (key, _) in KEYS {
            let _ = table.has(key);
        }
        return calculated;
    };
    calculated.is_ratio = kind.value == Kind::Ratio;
    check_keys(table, kind.value);
    if kind.value == Kind::Derived {
        if let Some(terms) = derived::read(table) {
            calculated.calculation =
                Some(Calculation::Derived { terms: terms.iter().map(|term| (term.code.value.clone(), term.sign)).collect() });
            calculated.terms = terms;
        }
        return calculated;
    }
    if !table.has("dataset") {
        table.missing("dataset", "\"…\"` with the code of the dataset it is read from, `value = \"SUM(…)\"");
        return calculated;
    }
    let Some(declared) = calculated.dataset else { return calculated };
    check_accumulation(&kind, declared);
    let condition = table.text("where").and_then(|text| expressions::condition(&text, declared));
    if table.has("where") && condition.is_none() {
        // Its own problem is told; without it the aggregates would be checked for nothing.
        let _ = (table.has("value"), table.has("numerator"), table.has("denominator"));
    }
    let reader = Reader { table, declared, condition, unit };
    calculated.calculation = if calculated.is_ratio { reader.ratio() } else { reader.simple(kind.value == Kind::Cumulative) };
    calculated
}

fn check_keys(table: &Table<'_>, kind: Kind) {
    for (key, kinds) in KEYS {
        if table.has(key) && !kinds.contains(&kind) {
            let words = KINDS.iter().filter(|(_, other)| kinds.contains(other)).map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>();
            table
                .place_of(key)
                .problem(format!("`{key}` does not go with this kind"), format!("it goes with `kind = {}`", words.join(" | ")));
        }
    }
}

/// A flow is summed over the year (`cumulative`); everything else is already to date.
fn check_accumulation(kind: &At<Kind>, declared: &Declared) {
    let flow = declared.dataset.accumulation == Accumulation::Flow;
    let code = &declared.dataset.code;
    if kind.value == Kind::Cumulative && !flow {
        kind.problem(
            format!("kind `cumulative` sums months, but dataset `{code}` is not a flow"),
            format!("write `kind = \"simple\"`, or `accumulation = \"flow\"` at {}", datasets::place(declared)),
        );
    }
    if kind.value == Kind::Simple && flow {
        kind.problem(
            format!("kind `simple` takes the value to date, but dataset `{code}` is a flow"),
            format!("write `kind = \"cumulative\"`, or `accumulation = \"cumulative\"` at {}", datasets::place(declared)),
        );
    }
}

struct Reader<'r, 'd> {
    table: &'r Table<'d>,
    declared: &'r Declared,
    condition: Option<expressions::Condition>,
    unit: Option<&'r At<Unit>>,
}

impl Reader<'_, '_> {
    fn simple(&self, to_date: bool) -> Option<Calculation> {
        if !self.table.has("value") {
            self.table.missing("value", "\"SUM(…)\"");
        }
        let value = self.aggregate("value", true);
        let last_year = self.aggregate("last_year", true);
        let value = value?;
        let month = expressions::renamed(&value, &|column| self.month_of(column));
        Some(Calculation::Simple { dataset: self.declared.dataset.code.clone(), value, last_year, month, to_date })
    }

    /// The column that reports the month alone of what `column` holds to date.
    fn month_of(&self, column: &str) -> Option<String> {
        let columns = &self.declared.dataset.columns;
        columns.iter().find(|spec| spec.month_of.as_deref() == Some(column)).map(|spec| spec.name.clone())
    }

    fn ratio(&self) -> Option<Calculation> {
        for key in ["numerator", "denominator"] {
            if !self.table.has(key) {
                self.table.missing(key, "\"SUM(…)\"");
            }
        }
        let percent = self.unit.is_some_and(|unit| unit.value.dimension() == Dimension::Percent);
        let numerator = self.aggregate("numerator", !percent);
        let denominator = self.aggregate("denominator", false);
        let last_numerator = self.aggregate("last_numerator", !percent);
        let last_denominator = self.aggregate("last_denominator", false);
        for (one, other) in [("last_numerator", "last_denominator"), ("last_denominator", "last_numerator")] {
            if self.table.has(one) && !self.table.has(other) {
                self.table.place_of(one).problem(format!("`{one}` stands without `{other}`"), format!("add `{other} = \"…\"`"));
            }
        }
        if let (true, Some(above), Some(below)) = (percent, &numerator, &denominator) {
            self.check_share(above, below);
        }
        Some(Calculation::Ratio {
            dataset: self.declared.dataset.code.clone(),
            numerator: numerator?,
            denominator: denominator?,
            last_numerator,
            last_denominator,
        })
    }

    /// A percentage is a share of like things.
    fn check_share(&self, above: &Expression, below: &Expression) {
        let dimension = |expression: &Expression| expression.unit.as_ref().map_or(Dimension::Count, Unit::dimension);
        if dimension(above) != dimension(below) {
            let name = |expression: &Expression| expression.unit.as_ref().map_or("a count", Unit::name).to_owned();
            self.table.place_of("denominator").problem(
                format!("a share in % holds like against like, but this is {} of {}", name(above), name(below)),
                "count or sum the same kind above and below",
            );
        }
    }

    /// Compiles one aggregate; `in_unit` where its value must convert to the indicator's unit.
    fn aggregate(&self, key: &'static str, in_unit: bool) -> Option<Expression> {
        let text = self.table.text(key)?;
        let aggregate = expressions::aggregate(&text, self.condition.as_ref(), self.declared)?;
        if let (true, Some(unit)) = (in_unit, self.unit) {
            check_unit(&text, &aggregate, &unit.value);
        }
        Some(aggregate.expression)
    }
}

fn check_unit(text: &At<String>, aggregate: &Aggregate, unit: &Unit) {
    if aggregate.doubtful {
        return;
    }
    match &aggregate.expression.unit {
        Some(own) if !own.converts_to(unit) => {
            text.problem(
                format!("this value is in {}, which does not convert to the indicator's {}", own.name(), unit.name()),
                "give the indicator the unit of what it adds up, or name other columns",
            );
        }
        None if !matches!(unit.dimension(), Dimension::Count | Dimension::Person | Dimension::Vehicle) => {
            text.problem(
                format!("this value is a bare number, but the indicator is in {}", unit.name()),
                "give the column its `unit`, or the indicator a unit of count (家 个 项 …)",
            );
        }
        _ => {}
    }
}
