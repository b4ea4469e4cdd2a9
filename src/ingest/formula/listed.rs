//! The cells that a drop-down list takes its choices from.

use std::collections::BTreeMap;

use crate::ingest::grid::Merge;

use super::reference::{ROWS_MAX, Reference};
use super::token::{Token, tokens};

/// So many names stand for one another at most.
const NAMES_DEEP: usize = 4;

/// The areas that the source of a drop-down list refers to, directly, by a defined name or by `OFFSET` of a first cell.
#[must_use]
pub fn listed(text: &str, names: &BTreeMap<String, String>) -> Vec<Reference> {
    let (mut all, mut texts) = (Vec::new(), vec![text]);
    for _ in 0..NAMES_DEEP {
        let mut further = Vec::new();
        for text in std::mem::take(&mut texts) {
            let mut moved = false;
            for token in tokens(text).unwrap_or_default() {
                match token {
                    // Where OFFSET ends is computed: the column below its first cell.
                    Token::Reference(found) if moved && found.is_cell() => {
                        all.push(Reference { area: Merge { bottom: ROWS_MAX - 1, ..found.area }, ..found });
                    }
                    Token::Reference(found) => all.push(found),
                    Token::Function(name) => moved |= name == "OFFSET",
                    Token::Name(name) => further.extend(names.get(&name.to_lowercase()).map(String::as_str)),
                    _ => {}
                }
            }
        }
        texts = further;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stand_where_names_say() {
        let names = BTreeMap::from([("阶段".to_owned(), "选项!$A$2:$A$6".to_owned()), ("环".to_owned(), "环".to_owned())]);
        let areas = |text: &str| -> Vec<(Option<String>, u32, u32)> {
            listed(text, &names).into_iter().map(|found| (found.sheet, found.area.top, found.area.bottom)).collect()
        };
        assert_eq!(areas("阶段"), [(Some("选项".to_owned()), 1, 5)]);
        assert_eq!(areas("$H$1:$H$3"), [(None, 0, 2)]);
        assert_eq!(areas("OFFSET(选项!$B$1,0,0,9,1)"), [(Some("选项".to_owned()), 0, 1_048_575)]);
        assert!(areas("\"在建,竣工\"").is_empty() && areas("环").is_empty());
    }
}
