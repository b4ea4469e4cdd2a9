//! Derived indicators: signed sums of other indicators, `"15.2" + "15.3"`.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use crate::settings::document::At;
use crate::settings::table::Table;

use super::expressions::source;

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
