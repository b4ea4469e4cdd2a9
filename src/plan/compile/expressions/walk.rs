//! The walk over a parsed expression: the allow-list, with kinds and units, each fault at its place inside the text.

use chrono::NaiveDate;
use sqlparser::ast::{
    BinaryOperator, DataType, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator,
    Value,
};

use crate::settings::document::At;
use crate::settings::suggest;

use super::kinds::{Kind, Number, Text};
use super::{source, units};
use crate::plan::compile::scope::Declared;

/// What a part may read: a row's columns, or aggregates over the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Row,
    Table,
}

/// One expression under the walk. Every method returns `None` (or false) once a problem is told.
pub struct Walk<'w> {
    pub text: &'w At<String>,
    pub declared: &'w Declared,
}

const GRAMMAR: &str =
    "allowed are SUM COUNT MIN MAX, columns, numbers, 'texts', + - *, CASE, comparisons, IS NULL, IN, BETWEEN, AND OR NOT, FILTER";
const CONDITION: &str = "write a comparison: `stage = '竣工'`; a flag compares as `landed = TRUE`";

impl Walk<'_> {
    /// Whether it is a sound condition.
    pub fn truth(&self, expression: &Expr, level: Level) -> bool {
        match self.kind(expression, level) {
            Some(Kind::Truth | Kind::Unknown) => true,
            Some(Kind::Flag) => {
                self.fault::<()>(expression, "a flag alone is no condition", &format!("write `{expression} = TRUE`")).is_some()
            }
            Some(other) => self.fault::<()>(expression, &format!("this is {}, not a condition", other.words()), CONDITION).is_some(),
            None => false,
        }
    }

    /// The kind of an expression.
    pub fn kind(&self, expression: &Expr, level: Level) -> Option<Kind> {
        match expression {
            Expr::Identifier(name) => self.column(name, level),
            Expr::Value(value) => self.literal(expression, &value.value),
            Expr::TypedString(typed) if typed.data_type == DataType::Date => {
                let day = typed.value.clone().into_string().and_then(|day| day.parse::<NaiveDate>().ok());
                if day.is_none() {
                    return self.fault(expression, "this is no date", "write `DATE '2022-06-30'`");
                }
                Some(Kind::Date)
            }
            Expr::Nested(inner) => self.kind(inner, level),
            Expr::UnaryOp { op, expr } => self.unary(expression, *op, expr, level),
            Expr::BinaryOp { left, op, right } => self.binary(expression, left, op, right, level),
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => self.kind(inner, level).map(|_| Kind::Truth),
            Expr::Between { expr, low, high, .. } => {
                let (low, high) = (self.comparison(expr, low, level), self.comparison(expr, high, level));
                low.and(high)
            }
            Expr::InList { expr, list, .. } => {
                let mut kind = Some(Kind::Truth);
                for item in list {
                    kind = self.comparison(expr, item, level).and(kind);
                }
                kind
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                let mut results = Vec::new();
                for case in conditions {
                    match operand {
                        Some(operand) => self.comparison(operand, &case.condition, level).map(|_| ())?,
                        None => self.truth(&case.condition, level).then_some(())?,
                    }
                    results.push(&case.result);
                }
                self.branches(results.into_iter().chain(else_result.as_deref()), level)
            }
            Expr::Function(function) => self.function(expression, function, level),
            _ => self.fault(expression, &format!("`{expression}` is not allowed in an expression"), GRAMMAR),
        }
    }

    fn column(&self, name: &Ident, level: Level) -> Option<Kind> {
        let dataset = &self.declared.dataset;
        let part = source::range(&self.text.value, name.span);
        let Some(column) = dataset.column(&name.value) else {
            let known = dataset.columns.iter().map(|column| column.name.as_str());
            let hint = if name.quote_style == Some('"') && suggest::closest(&name.value, known.clone()).is_none() {
                format!("texts stand in single quotes: '{}'", name.value)
            } else {
                suggest::hint(&name.value, known)
            };
            self.text.problem_inside(
                part,
                format!("the expression reads `{}`, which dataset `{}` does not have", name.value, dataset.code),
                hint,
            );
            return None;
        };
        if level == Level::Table {
            let hint = format!("aggregate it: `SUM({0})`, `MAX({0})`; or compare it within FILTER or `where`", name.value);
            self.text.problem_inside(part, format!("column `{}` stands outside an aggregate", name.value), hint);
            return None;
        }
        Some(if self.declared.doubtful.contains(&name.value) { Kind::Unknown } else { Kind::of(column) })
    }

    fn literal(&self, expression: &Expr, value: &Value) -> Option<Kind> {
        match value {
            Value::Number(digits, _) if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
                let fits = if digits.contains('.') { digits.len() <= 28 && !digits.ends_with('.') } else { digits.parse::<i64>().is_ok() };
                if !fits {
                    return self.fault(expression, &format!("`{digits}` is out of range"), "write a number of at most 18 digits");
                }
                Some(Kind::Number(Number { integer: !digits.contains('.'), unit: None, literal: true }))
            }
            Value::Number(digits, _) => self.fault(expression, &format!("`{digits}` is no plain number"), "write it out: 1000, 0.5"),
            Value::SingleQuotedString(text) => Some(Kind::Text(Text::Literal(text.clone()))),
            Value::Boolean(_) => Some(Kind::Flag),
            Value::Null => Some(Kind::Null),
            _ => self.fault(expression, &format!("`{expression}` is not allowed in an expression"), GRAMMAR),
        }
    }

    fn unary(&self, whole: &Expr, op: UnaryOperator, inner: &Expr, level: Level) -> Option<Kind> {
        match op {
            UnaryOperator::Not => self.truth(inner, level).then_some(Kind::Truth),
            UnaryOperator::Minus | UnaryOperator::Plus => match self.kind(inner, level)? {
                kind @ (Kind::Number(_) | Kind::Unknown) => Some(kind),
                other => self.fault(inner, &format!("this is {}, not a number", other.words()), "only numbers have a sign"),
            },
            _ => self.fault(whole, &format!("`{op}` is not allowed in an expression"), GRAMMAR),
        }
    }

    fn binary(&self, whole: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr, level: Level) -> Option<Kind> {
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let (left, right) = (self.truth(left, level), self.truth(right, level));
                (left && right).then_some(Kind::Truth)
            }
            BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq => self.comparison(left, right, level),
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply => self.arithmetic(whole, left, op, right, level),
            BinaryOperator::Divide | BinaryOperator::Modulo => self.fault(
                whole,
                &format!("`{op}` cuts decimals off, so it is not allowed"),
                "units convert themselves; a quotient is an indicator of `kind = \"ratio\"` with numerator and denominator",
            ),
            _ => self.fault(whole, &format!("`{op}` is not allowed in an expression"), GRAMMAR),
        }
    }

    fn arithmetic(&self, whole: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr, level: Level) -> Option<Kind> {
        let (a, b) = (self.kind(left, level), self.kind(right, level));
        match (a?, b?) {
            (Kind::Number(a), Kind::Number(b)) if *op == BinaryOperator::Multiply => match units::multiply(&a, &b) {
                Ok(number) => Some(Kind::Number(number)),
                Err((message, hint)) => self.fault(whole, &message, hint),
            },
            (Kind::Number(a), Kind::Number(b)) => self.mixed(whole, &a, &b).map(Kind::Number),
            (Kind::Unknown, Kind::Number(_) | Kind::Unknown) | (Kind::Number(_), Kind::Unknown) => Some(Kind::Unknown),
            (a, b) => {
                let (part, other) = if matches!(a, Kind::Number(_)) { (right, b) } else { (left, a) };
                self.fault(part, &format!("`{op}` needs numbers, and this is {}", other.words()), "name columns of type integer or decimal")
            }
        }
    }

    fn mixed(&self, whole: &Expr, a: &Number, b: &Number) -> Option<Number> {
        match units::mix(a, b) {
            Ok(number) => Some(number),
            Err(message) => {
                self.fault(whole, &message, "take columns of one unit; an indicator's value converts as a whole, its parts do not")
            }
        }
    }

    fn comparison(&self, left: &Expr, right: &Expr, level: Level) -> Option<Kind> {
        let (a, b) = (self.kind(left, level), self.kind(right, level));
        let (a, b) = (a?, b?);
        match (&a, &b) {
            (Kind::Unknown, _) | (_, Kind::Unknown) | (Kind::Date, Kind::Date) | (Kind::Flag, Kind::Flag) => {}
            (Kind::Null, _) => return self.fault(left, "nothing equals NULL", "write `IS NULL` or `IS NOT NULL`"),
            (_, Kind::Null) => return self.fault(right, "nothing equals NULL", "write `IS NULL` or `IS NOT NULL`"),
            (Kind::Number(a), Kind::Number(b)) => drop(self.mixed(right, a, b)?),
            (Kind::Text(column), Kind::Text(Text::Literal(word))) => self.choice(column, word, right)?,
            (Kind::Text(Text::Literal(word)), Kind::Text(column)) => self.choice(column, word, left)?,
            (Kind::Text(_), Kind::Text(_)) => {}
            (Kind::Date, Kind::Text(_)) => return self.fault(right, "a date is compared with a text", "write `DATE '2022-06-30'`"),
            _ => {
                let hint = if a == Kind::Flag || b == Kind::Flag { "a flag compares as `landed = TRUE`" } else { "compare like with like" };
                return self.fault(right, &format!("{} is compared with {}", a.words(), b.words()), hint);
            }
        }
        Some(Kind::Truth)
    }

    /// A text that a column can never hold makes a comparison that is never true.
    fn choice(&self, column: &Text, word: &str, part: &Expr) -> Option<()> {
        match column {
            Text::Choice(choices) if !choices.iter().any(|choice| choice == word) => {
                let hint = suggest::hint(word, choices.iter().map(String::as_str));
                self.fault(part, &format!("`{word}` is none of the column's choices"), &hint)
            }
            Text::Region if word.len() != 6 || !word.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.fault(part, &format!("a region compares by its code, and `{word}` is none"), "write the six digits: '330100'")
            }
            _ => Some(()),
        }
    }

    /// The results of a CASE are all of one kind.
    fn branches<'e>(&self, results: impl Iterator<Item = &'e Expr>, level: Level) -> Option<Kind> {
        let mut common = Kind::Null;
        for result in results {
            common = match (common, self.kind(result, level)?) {
                (Kind::Null, kind) | (kind, Kind::Null) => kind,
                (Kind::Number(a), Kind::Number(b)) => Kind::Number(self.mixed(result, &a, &b)?),
                (Kind::Unknown, _) | (_, Kind::Unknown) => Kind::Unknown,
                (a, b) if a.words() == b.words() => a,
                (a, b) => {
                    return self.fault(
                        result,
                        &format!("this branch is {}, another is {}", b.words(), a.words()),
                        "let all branches give one kind",
                    );
                }
            };
        }
        Some(common)
    }

    fn function(&self, whole: &Expr, function: &Function, level: Level) -> Option<Kind> {
        let name = function.name.to_string().to_uppercase();
        match name.as_str() {
            "SUM" | "COUNT" | "MIN" | "MAX" => {}
            "AVG" => {
                return self.fault(
                    whole,
                    "`AVG` is a mean of rows and not exact",
                    "write `kind = \"ratio\"` with `numerator = \"SUM(…)\"` and `denominator = \"COUNT(*)\"`",
                );
            }
            _ => return self.fault(whole, &format!("the function `{name}` is not allowed"), GRAMMAR),
        }
        if level == Level::Row {
            return self.fault(
                whole,
                &format!("`{name}` reads the whole table where one row is meant"),
                "compare columns here; a rule over the table has `scope = \"table\"`",
            );
        }
        let plain =
            function.over.is_none() && function.within_group.is_empty() && function.null_treatment.is_none() && !function.uses_odbc_syntax;
        let FunctionArguments::List(list) = &function.args else {
            return self.fault(whole, &format!("`{name}` needs an argument"), GRAMMAR);
        };
        if !plain || !list.clauses.is_empty() || !matches!(function.parameters, FunctionArguments::None) {
            return self.fault(whole, &format!("`{name}` takes a column and a FILTER, nothing else"), GRAMMAR);
        }
        if let Some(filter) = &function.filter
            && !self.truth(filter, Level::Row)
        {
            return None;
        }
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        match (name.as_str(), list.args.as_slice()) {
            ("COUNT", [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]) if !distinct => Some(Kind::count()),
            ("COUNT", [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))]) => self.kind(argument, Level::Row).map(|_| Kind::count()),
            (_, [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))]) if !distinct => self.amount(&name, argument),
            _ => self.fault(
                whole,
                &format!("`{name}` cannot take that"),
                "write `SUM(paid_total)`, `COUNT(*)` or `COUNT(DISTINCT enterprise)`",
            ),
        }
    }

    fn amount(&self, name: &str, argument: &Expr) -> Option<Kind> {
        match self.kind(argument, Level::Row)? {
            Kind::Number(number) => {
                let percent = number.unit.as_ref().is_some_and(|unit| unit.name() == "%");
                if name == "SUM" && percent {
                    return self.fault(argument, "percentages do not add up", "take MIN or MAX, or a ratio of what they are made of");
                }
                Some(Kind::Number(Number { literal: false, ..number }))
            }
            Kind::Unknown => Some(Kind::Unknown),
            Kind::Date if name != "SUM" => Some(Kind::Date),
            other => self.fault(
                argument,
                &format!("`{name}` needs numbers, and this is {}", other.words()),
                "name a column of type integer or decimal; COUNT counts rows",
            ),
        }
    }

    fn fault<T>(&self, part: &Expr, message: &str, hint: &str) -> Option<T> {
        self.text.problem_inside(source::span(&self.text.value, part), message, hint);
        None
    }
}
