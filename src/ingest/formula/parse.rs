//! A formula's pieces as a tree. What the tree cannot hold is no formula that we compute.

use rust_decimal::Decimal;

use super::reference::Reference;
use super::token::{Token, tokens};

/// What a formula says.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    Number(Decimal),
    Text(String),
    Reference(Reference),
    Negative(Box<Tree>),
    Percent(Box<Tree>),
    /// Terms, with whether each is taken off.
    Sum(Vec<(bool, Tree)>),
    /// Factors, with whether each divides.
    Product(Vec<(bool, Tree)>),
    Call(String, Vec<Tree>),
}

/// Brackets deeper than this are not followed.
const DEPTH_MAX: usize = 16;

/// Reads a formula's text, without its `=`; `None` for what we do not compute.
#[must_use]
pub fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable(), depth: 0 };
    let tree = parser.sum()?;
    parser.tokens.next().is_none().then_some(tree)
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

impl Parser {
    fn sign(&mut self, signs: &[char]) -> Option<char> {
        let is_one = |token: &Token| matches!(token, Token::Sign(sign) if signs.contains(sign));
        match self.tokens.next_if(is_one) {
            Some(Token::Sign(sign)) => Some(sign),
            _ => None,
        }
    }

    fn sum(&mut self) -> Option<Tree> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let first = self.product()?;
        let mut further = Vec::new();
        while let Some(sign) = self.sign(&['+', '-']) {
            further.push((sign == '-', self.product()?));
        }
        self.depth -= 1;
        Some(if further.is_empty() { first } else { Tree::Sum(std::iter::once((false, first)).chain(further).collect()) })
    }

    fn product(&mut self) -> Option<Tree> {
        let first = self.signed()?;
        let mut further = Vec::new();
        while let Some(sign) = self.sign(&['*', '/']) {
            further.push((sign == '/', self.signed()?));
        }
        Some(if further.is_empty() { first } else { Tree::Product(std::iter::once((false, first)).chain(further).collect()) })
    }

    fn signed(&mut self) -> Option<Tree> {
        let mut negative = false;
        while let Some(sign) = self.sign(&['+', '-']) {
            negative ^= sign == '-';
        }
        let mut tree = self.single()?;
        if self.sign(&['%']).is_some() {
            tree = Tree::Percent(Box::new(tree));
        }
        Some(if negative { Tree::Negative(Box::new(tree)) } else { tree })
    }

    fn single(&mut self) -> Option<Tree> {
        match self.tokens.next()? {
            Token::Number(number) => Some(Tree::Number(number)),
            Token::Text(text) => Some(Tree::Text(text)),
            Token::Reference(found) => Some(Tree::Reference(found)),
            Token::Sign('(') => {
                let tree = self.sum()?;
                self.sign(&[')'])?;
                Some(tree)
            }
            Token::Function(name) => {
                self.sign(&['('])?;
                let mut arguments = vec![self.sum()?];
                while self.sign(&[',']).is_some() {
                    arguments.push(self.sum()?);
                }
                self.sign(&[')'])?;
                Some(Tree::Call(name, arguments))
            }
            Token::Name(_) | Token::Sign(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ROUND(SUM(C5:C15),2)", true)]
    #[case("(A1+B1)/C1-1", true)]
    #[case("--A1*5%", true)]
    #[case("SUMIF(表!A:A,\">=5\",表!B:B)", true)]
    #[case("A1^2", false)]
    #[case("A1=B1", false)]
    #[case("A1&B1", false)]
    #[case("SUM(A1:A3 A2:A5)", false)]
    #[case("SUM()", false)]
    #[case("合计", false)]
    #[case("[1]表!A1", false)]
    #[case("表[金额]", false)]
    #[case("", false)]
    #[case("(", false)]
    fn is_read(#[case] text: &str, #[case] known: bool) {
        assert_eq!(parse(text).is_some(), known);
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse(&format!("{}1{}", "(".repeat(12), ")".repeat(12))).is_some());
        assert!(parse(&format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000))).is_none());
        assert!(parse(&format!("{}1", "-".repeat(10_000))).is_some(), "signs in a row nest nothing");
        assert!(parse(&format!("{}1", "1+".repeat(10_000))).is_some(), "nor do terms");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}") {
            drop(parse(&text));
        }

        #[test]
        fn anything_like_a_formula_is_read_without_panic(text in "[A-C0-9$:!'\"(),+*/%.eE #\\[\\]-]{0,60}|(SUM|ROUND|SUMIF|表)[A-C0-9(),:!-]{0,40}") {
            drop(parse(&text));
        }
    }
}
