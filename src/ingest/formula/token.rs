//! A formula's text in pieces.

use std::iter::Peekable;
use std::str::{Chars, FromStr};

use rust_decimal::Decimal;

use super::reference::{Reference, area, column};

/// One piece.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Number(Decimal),
    Text(String),
    Reference(Reference),
    /// In capitals; its opening bracket follows.
    Function(String),
    /// A defined name, or TRUE and FALSE.
    Name(String),
    /// `+ - * / % ( ) ,` and whatever else stands alone.
    Sign(char),
}

/// Longer formulas are not looked at; Excel's longest has 8,192 characters.
const BYTES_MAX: usize = 32 << 10;

/// Cuts a formula into pieces; `None` where it is too long or a quotation does not end.
#[must_use]
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    if text.len() > BYTES_MAX {
        return None;
    }
    let mut chars = text.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '"' => tokens.push(Token::Text(quoted(&mut chars, '"')?)),
            '\'' => {
                let sheet = quoted(&mut chars, '\'')?;
                chars.next_if_eq(&'!')?;
                let word = word(None, &mut chars);
                tokens.push(on_sheet(sheet, &word, &mut chars));
            }
            '0'..='9' | '.' => tokens.push(number(c, &mut chars)),
            c if is_word(c) => {
                let word = word(Some(c), &mut chars);
                tokens.push(worded(word, &mut chars));
            }
            c => tokens.push(Token::Sign(c)),
        }
    }
    Some(tokens)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '\\' | '.')
}

fn word(first: Option<char>, chars: &mut Peekable<Chars>) -> String {
    let mut word: String = first.into_iter().collect();
    while let Some(c) = chars.next_if(|c| is_word(*c)) {
        word.push(c);
    }
    word
}

/// The text up to the closing mark, which stands twice where it is meant.
fn quoted(chars: &mut Peekable<Chars>, mark: char) -> Option<String> {
    let mut text = String::new();
    loop {
        match chars.next()? {
            c if c == mark && chars.next_if_eq(&mark).is_none() => return Some(text),
            c => text.push(c),
        }
    }
}

fn number(first: char, chars: &mut Peekable<Chars>) -> Token {
    let mut text = String::from(first);
    while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '.' || *c == '_') {
        text.push(c);
        if matches!(c, 'e' | 'E') {
            text.extend(chars.next_if(|c| matches!(c, '+' | '-')));
        }
    }
    let read = if text.contains(['e', 'E']) { Decimal::from_scientific(&text) } else { Decimal::from_str(text.trim_end_matches('.')) };
    read.map_or(Token::Name(text), Token::Number)
}

fn worded(word: String, chars: &mut Peekable<Chars>) -> Token {
    match chars.peek() {
        Some('!') => {
            chars.next();
            let place = self::word(None, chars);
            on_sheet(word, &place, chars)
        }
        Some('(') => Token::Function(word.to_uppercase()),
        _ => reference(None, &word, chars).unwrap_or(Token::Name(word)),
    }
}

fn on_sheet(sheet: String, word: &str, chars: &mut Peekable<Chars>) -> Token {
    // `[1]` before the name is another workbook.
    if sheet.contains(['[', ']', ':']) {
        return Token::Name(sheet);
    }
    let name = format!("{sheet}!{word}");
    reference(Some(sheet), word, chars).unwrap_or(Token::Name(name))
}

/// A cell, or with what follows it an area.
fn reference(sheet: Option<String>, word: &str, chars: &mut Peekable<Chars>) -> Option<Token> {
    let first = area(word);
    if chars.peek() == Some(&':') && (first.is_some() || column(word).is_some()) {
        chars.next();
        let last = self::word(None, chars);
        let area = area(&format!("{word}:{last}"));
        return Some(area.map_or_else(|| Token::Name(format!("{word}:{last}")), |area| Token::Reference(Reference { sheet, area })));
    }
    first.map(|area| Token::Reference(Reference { sheet, area }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let kind = |token: Token| match token {
            Token::Number(number) => number.to_string(),
            Token::Text(text) => format!("{text:?}"),
            Token::Reference(found) => format!("{}@{}", found.area.top, found.sheet.unwrap_or_default()),
            Token::Function(name) => format!("{name}()"),
            Token::Name(name) => format!("<{name}>"),
            Token::Sign(sign) => sign.to_string(),
        };
        tokens(text).unwrap_or_default().into_iter().map(kind).collect()
    }

    #[test]
    fn formulas_fall_into_pieces() {
        assert_eq!(kinds("ROUND(SUM(B5,$E$6), 2)"), ["ROUND()", "(", "SUM()", "(", "4@", ",", "5@", ")", ",", "2", ")"]);
        assert_eq!(kinds("SUMIF(企业明细!A:A,A4,'明 细''s'!B2:B9)"), ["SUMIF()", "(", "0@企业明细", ",", "3@", ",", "1@明 细's", ")"]);
        assert_eq!(kinds("-5%*1.5e2+\"a\"\"b\""), ["-", "5", "%", "*", "150", "+", "\"a\\\"b\""]);
    }

    #[test]
    fn what_is_no_reference_stays_a_name() {
        assert_eq!(kinds("合计+TRUE"), ["<合计>", "+", "<TRUE>"]);
        assert_eq!(kinds("表一:表三!A1").len(), 3, "several sheets at once");
        assert_eq!(kinds("[1]表!A1").first().map(String::as_str), Some("["));
        assert_eq!(kinds("'[1]表'!A1"), ["<[1]表>"]);
        assert_eq!((tokens("\"a"), tokens("'a")), (None, None));
        assert_eq!(kinds("A1:B"), ["<A1:B>"]);
    }
}
