//! Rewriting a checked expression: the condition folded into each aggregate, decimal literals typed.
//!
//! Works on what the walk lets through and nothing else.

use sqlparser::ast::{BinaryOperator, CastKind, DataType, ExactNumberInfo, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

/// Folds a condition into every aggregate as its `FILTER`.
pub fn fold(expression: &mut Expr, condition: &Expr) {
    if let Expr::Function(function) = expression {
        let joined = match function.filter.take() {
            None => condition.clone(),
            Some(own) => Expr::BinaryOp {
                left: Box::new(Expr::Nested(own)),
                op: BinaryOperator::And,
                right: Box::new(Expr::Nested(Box::new(condition.clone()))),
            },
        };
        function.filter = Some(Box::new(joined));
        return;
    }
    for child in children(expression) {
        fold(child, condition);
    }
}

/// Types the literals with a point, which engines else read as floats.
pub fn exact_literals(expression: &mut Expr) {
    if let Expr::Value(value) = expression
        && let Value::Number(digits, _) = &value.value
        && let Some((_, places)) = digits.split_once('.')
    {
        let scale = i64::try_from(places.len()).unwrap_or(0);
        *expression = Expr::Cast {
            kind: CastKind::Cast,
            expr: Box::new(Expr::Value(Value::SingleQuotedString(digits.clone()).with_empty_span())),
            data_type: DataType::Decimal(ExactNumberInfo::PrecisionAndScale(38, scale)),
            array: false,
            format: None,
        };
        return;
    }
    for child in children(expression) {
        exact_literals(child);
    }
}

/// Puts other columns in place of those that have one.
pub fn rename(expression: &mut Expr, other: &dyn Fn(&str) -> Option<String>) {
    if let Expr::Identifier(name) = expression
        && let Some(other) = other(&name.value)
    {
        name.value = other;
    }
    for child in children(expression) {
        rename(child, other);
    }
}

/// The columns it reads, sorted, each once.
pub fn columns(expression: &mut Expr) -> Vec<String> {
    let mut found = Vec::new();
    collect(expression, &mut found);
    found.sort();
    found.dedup();
    found
}

fn collect(expression: &mut Expr, found: &mut Vec<String>) {
    if let Expr::Identifier(name) = expression {
        found.push(name.value.clone());
    }
    for child in children(expression) {
        collect(child, found);
    }
}

/// Whether an aggregate function stands in it.
pub fn has_aggregate(expression: &mut Expr) -> bool {
    matches!(expression, Expr::Function(_)) || children(expression).into_iter().any(has_aggregate)
}

/// The parts of an expression the walk knows.
fn children(expression: &mut Expr) -> Vec<&mut Expr> {
    match expression {
        Expr::Nested(inner) | Expr::IsNull(inner) | Expr::IsNotNull(inner) => vec![inner],
        Expr::UnaryOp { expr, .. } => vec![expr],
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Between { expr, low, high, .. } => vec![expr, low, high],
        Expr::InList { expr, list, .. } => std::iter::once(&mut **expr).chain(list).collect(),
        Expr::Case { operand, conditions, else_result, .. } => {
            let pairs = conditions.iter_mut().flat_map(|case| [&mut case.condition, &mut case.result]);
            let ends = operand.iter_mut().chain(else_result).map(|part| &mut **part);
            pairs.chain(ends).collect()
        }
        Expr::Function(function) => {
            let mut parts = Vec::new();
            if let FunctionArguments::List(list) = &mut function.args {
                for argument in &mut list.args {
                    if let FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) = argument {
                        parts.push(argument);
                    }
                }
            }
            parts.extend(function.filter.as_deref_mut());
            parts
        }
        _ => Vec::new(),
    }
}
