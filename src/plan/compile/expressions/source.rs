//! The text of an expression: parsing it, and finding a part of the parsed tree in it again.

use std::ops::Range;

use sqlparser::ast::{Expr, Spanned};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span, Token};

use crate::settings::document::At;

/// Parses the text as one SQL expression, reporting where that fails.
pub fn parse(text: &At<String>) -> Option<Expr> {
    match expression(&text.value) {
        Ok(expression) => Some(expression),
        Err(error) => {
            let (message, part) = explain(&error, &text.value);
            text.problem_inside(
                part,
                format!("this is no SQL expression: {message}"),
                "write it like `SUM(paid_total)` or `stage = '竣工' AND paid_total > 0`",
            );
            None
        }
    }
}

/// Parses a bare text.
pub(super) fn expression(text: &str) -> Result<Expr, ParserError> {
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text)?;
    let expression = parser.parse_expr()?;
    let rest = parser.peek_token();
    if rest.token == Token::EOF {
        Ok(expression)
    } else {
        Err(ParserError::ParserError(format!(
            "unexpected `{}` at Line: {}, Column: {}",
            rest.token, rest.span.start.line, rest.span.start.column
        )))
    }
}

/// The message without its position, and the bytes it is about.
fn explain(error: &ParserError, text: &str) -> (String, Range<usize>) {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message.as_str(),
        ParserError::RecursionLimitExceeded => "it is nested too deeply",
    };
    let Some((words, position)) = message.rsplit_once(" at Line: ") else { return (lower(message), 0..text.len()) };
    let mut numbers = position.split(", Column: ").map(str::parse::<u64>);
    let part = match (numbers.next(), numbers.next()) {
        (Some(Ok(line)), Some(Ok(column))) => {
            let start = offset(text, Location { line, column });
            start..text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |c| start + c.len_utf8())
        }
        _ => 0..text.len(),
    };
    (lower(words), part)
}

fn lower(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The bytes of a part of the tree. The parser's spans end before the parenthesis that closes a call.
pub fn span(text: &str, part: &Expr) -> Range<usize> {
    let range = range(text, part.span());
    let mut end = range.end;
    let count = |end: usize, bracket: char| text.get(range.start..end).unwrap_or("").matches(bracket).count();
    if text.get(end..).is_some_and(|rest| rest.starts_with('(')) {
        end += 1;
    }
    while count(end, '(') > count(end, ')') && end < text.len() {
        end = text.get(end..).and_then(|rest| rest.find(')')).map_or(text.len(), |at| end + at + 1);
    }
    range.start..end
}

/// The bytes of a span; the whole text where the parser gave none.
pub fn range(text: &str, span: Span) -> Range<usize> {
    if span.start.line == 0 {
        return 0..text.len();
    }
    let (start, end) = (offset(text, span.start), offset(text, span.end));
    if start < end { start..end } else { 0..text.len() }
}

/// Lines and columns count from one, columns in characters.
fn offset(text: &str, at: Location) -> usize {
    let (line, column) = (usize::try_from(at.line).unwrap_or(0), usize::try_from(at.column).unwrap_or(0));
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let within = text.get(start..).unwrap_or("");
    start + within.char_indices().nth(column.saturating_sub(1)).map_or(within.len(), |(byte, _)| byte)
}
