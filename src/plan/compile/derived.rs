//! Derived indicators: signed sums of other indicators, `"15.2" + "15.3"`; what they name exists, and none rests on itself.

use std::collections::BTreeMap;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use crate::plan::Calculation;
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::expressions::source;
use super::indicators::{self, same_size};
use super::measures::Draft;
use super::scope::Scope;

/// One indicator of the sum, with its place inside the expression.
pub struct Term {
    pub code: At<String>,
    pub sign: i8,
}

const FORM: &str = "add and subtract indicators by their quoted codes: '\"15.2\" + \"15.3\"'";

/// Reads the `expression` of a derived indicator.
pub fn read(table: &Table<'_>) -> Option<Vec<Term>> {
    if !table.has("expression") {
        table.missing("expression", "'\"15.2\" + \"15.3\"'");
    }
    let text = table.text("expression")?;
    let parsed = source::parse(&text)?;
    let mut terms = Vec::new();
    collect(&parsed, 1, &text, &mut terms).then_some(terms)
}

fn collect(expression: &Expr, sign: i8, text: &At<String>, terms: &mut Vec<Term>) -> bool {
    match expression {
        Expr::Identifier(name) if name.quote_style == Some('"') => {
            let part = source::range(&text.value, name.span);
            let code = At { value: name.value.clone(), span: text.inside(part), document: text.document.clone() };
            terms.push(Term { code, sign });
            true
        }
        Expr::Nested(inner) => collect(inner, sign, text, terms),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => collect(expr, -sign, text, terms),
        Expr::BinaryOp { left, op: op @ (BinaryOperator::Plus | BinaryOperator::Minus), right } => {
            let other = if *op == BinaryOperator::Plus { sign } else { -sign };
            let left = collect(left, sign, text, terms);
            collect(right, other, text, terms) && left
        }
        other => {
            text.problem_inside(source::span(&text.value, other), "a derived indicator is a sum of indicators, and this is none", FORM);
            false
        }
    }
}

/// Checks all derived indicators against all indicators.
pub fn check(scope: &Scope<'_>, drafts: &[Draft]) {
    let all = drafts.iter().flat_map(|draft| &draft.indicators).map(|draft| (draft.code.value.as_str(), draft)).collect::<BTreeMap<_, _>>();
    let declared = drafts.iter().flat_map(|draft| &draft.indicator_codes).map(|code| code.value.as_str()).collect::<Vec<_>>();
    for draft in all.values() {
        for term in &draft.terms {
            let code = term.code.value.as_str();
            match all.get(code) {
                Some(other) => check_term(draft, term, other),
                None if declared.contains(&code) || scope.partial => {}
                None => term.code.problem(format!("no indicator `{code}` is declared"), suggest::hint(code, declared.iter().copied())),
            }
        }
        if let Some(path) = cycle(draft, &all) {
            let code = draft.terms.first().map_or(&draft.code, |term| &term.code);
            code.problem(
                format!("indicator `{}` rests on itself: {path}", draft.code.value),
                "take one of them out of the other's expression",
            );
        }
    }
}

fn check_term(draft: &indicators::Draft, term: &Term, other: &indicators::Draft) {
    let (unit, own) = (&draft.indicator.unit, &other.indicator.unit);
    if !same_size(own, unit) {
        term.code.problem(
            format!("indicator `{}` is in {}, and the sum is in {}", other.code.value, own.name(), unit.name()),
            format!("give both the same unit; `{}` stands at {}", other.code.value, other.code.place()),
        );
    }
    if matches!(other.indicator.calculation, Calculation::Ratio { .. }) {
        term.code.problem(
            format!("indicator `{}` is a ratio, and ratios do not add up", other.code.value),
            "add up what the ratios are made of",
        );
    }
}

/// The way from an indicator back to itself, if there is one: `15.1 → 15.2 → 15.1`.
fn cycle(start: &indicators::Draft, all: &BTreeMap<&str, &indicators::Draft>) -> Option<String> {
    let mut seen = Vec::new();
    let mut open = vec![(start, start.code.value.clone())];
    while let Some((draft, path)) = open.pop() {
        for term in &draft.terms {
            let code = term.code.value.as_str();
            let path = format!("{path} → {code}");
            if code == start.code.value {
                return Some(path);
            }
            if let Some(next) = all.get(code).filter(|_| !seen.contains(&code)) {
                seen.push(code);
                open.push((next, path));
            }
        }
    }
    None
}
