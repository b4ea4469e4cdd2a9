//! The row condition of an aggregate expression, read from its `FILTER` clauses.

use sqlparser::ast::Expr;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

/// The condition a row must meet to count; `None` where every row counts (or that cannot be told).
pub fn predicate(sql: &str) -> Option<String> {
    let expression = Parser::new(&GenericDialect {}).try_with_sql(sql).ok()?.parse_expr().ok()?;
    let mut filters = Vec::new();
    collect(&expression, &mut filters)?;
    filters.dedup();
    (!filters.is_empty()).then(|| filters.iter().map(|filter| format!("({filter})")).collect::<Vec<_>>().join(" OR "))
}

/// Collects the filters of all aggregates; `None` as soon as one counts every row.
fn collect(expression: &Expr, filters: &mut Vec<String>) -> Option<()> {
    match expression {
        Expr::Function(function) => {
            filters.push(function.filter.as_ref()?.to_string());
            Some(())
        }
        Expr::BinaryOp { left, right, .. } => {
            collect(left, filters)?;
            collect(right, filters)
        }
        Expr::UnaryOp { expr, .. } | Expr::Nested(expr) => collect(expr, filters),
        Expr::Value(_) => Some(()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_joined_and_an_unfiltered_aggregate_counts_every_row() {
        assert_eq!(predicate("SUM(paid)"), None);
        assert_eq!(predicate("SUM(paid) FILTER (WHERE stage = '竣工')").as_deref(), Some("(stage = '竣工')"));
        let two = "COUNT(*) FILTER (WHERE a = 1) + COUNT(*) FILTER (WHERE b = TRUE)";
        assert_eq!(predicate(two).as_deref(), Some("(a = 1) OR (b = true)"));
        assert_eq!(predicate("COUNT(*) FILTER (WHERE a = 1) + SUM(b)"), None);
    }
}
