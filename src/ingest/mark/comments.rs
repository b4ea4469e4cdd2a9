//! Comments: ours appended behind those there are; a cell that has one already gets none.

use std::collections::BTreeSet;

use super::splice::Splice;
use super::wanted::{AUTHOR, BEGINS, LAST};
use super::xml::{Element, HEAD, elements, escaped, inside, tags};
use crate::model::CellRef;

/// A comment of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub cell: CellRef,
    pub text: String,
}

/// The cells that have a comment; `None` where the part is not as it should be.
#[must_use]
pub fn commented(text: &str) -> Option<BTreeSet<CellRef>> {
    let tags = tags(text)?;
    let cells = tags.iter().filter(|tag| tag.local() == "comment").filter_map(|tag| tag.value("ref"));
    Some(cells.filter_map(|cell| cell.parse().ok()).collect())
}

/// The cells that have a thread.
#[must_use]
pub fn threads(text: &str) -> Option<BTreeSet<CellRef>> {
    let tags = tags(text)?;
    let cells = tags.iter().filter(|tag| tag.local() == "threadedComment").filter_map(|tag| tag.value("ref"));
    Some(cells.filter_map(|cell| cell.parse().ok()).collect())
}

/// A new part with these comments.
#[must_use]
pub fn part(main: &str, comments: &[Comment]) -> String {
    let list: String = comments.iter().map(|comment| written("", comment, 0)).collect();
    format!("{HEAD}<comments xmlns=\"{main}\"><authors><author>{AUTHOR}</author></authors><commentList>{list}</commentList></comments>")
}

/// The splices that append these comments; `None` where the part is not as it should be.
#[must_use]
pub fn append(text: &str, comments: &[Comment]) -> Option<Vec<Splice>> {
    let tags = tags(text)?;
    let root = elements(&tags, 0).into_iter().next()?;
    let parts = inside(&tags, &root);
    let prefix = root.open.prefix();
    let part = |name: &str| parts.iter().find(|one| one.open.local() == name);
    let (authors, list) = (part("authors")?, part("commentList")?);
    let author = inside(&tags, authors).len();
    let own: String = comments.iter().map(|comment| written(prefix, comment, author)).collect();
    Some(vec![authors.room().filled(format!("<{prefix}author>{AUTHOR}</{prefix}author>")), list.room().filled(own)])
}

fn written(p: &str, comment: &Comment, author: usize) -> String {
    let text = escaped(&comment.text);
    format!(
        "<{p}comment ref=\"{}\" authorId=\"{author}\"><{p}text><{p}r><{p}rPr><{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"宋体\"/>\
         <{p}charset val=\"134\"/></{p}rPr><{p}t xml:space=\"preserve\">{text}</{p}t></{p}r></{p}text></{p}comment>",
        comment.cell
    )
}

/// The splices that take our comments out, and the cells they stood at.
#[must_use]
pub fn without_ours(text: &str) -> Option<(Vec<Splice>, BTreeSet<CellRef>)> {
    let tags = tags(text)?;
    let root = elements(&tags, 0).into_iter().next()?;
    let parts = inside(&tags, &root);
    let part = |name: &str| parts.iter().find(|one| one.open.local() == name);
    let author = |one: &Element| text.get(one.open.at.end..one.close).is_some_and(|name| name.trim() == AUTHOR);
    let authors = part("authors").map(|authors| inside(&tags, authors)).unwrap_or_default();
    let ours: BTreeSet<usize> = authors.iter().enumerate().filter(|(_, one)| author(one)).map(|(at, _)| at).collect();
    let comments = part("commentList").map(|list| inside(&tags, list)).unwrap_or_default();
    let is_ours = |one: &&Element| {
        one.open.number("authorId").is_some_and(|number| ours.contains(&number)) || text.get(one.at.clone()).is_some_and(is_worded_as_ours)
    };
    let own: Vec<&Element> = comments.iter().filter(is_ours).collect();
    let cells = own.iter().filter_map(|one| one.open.value("ref")?.parse().ok()).collect();
    Some((own.iter().map(|one| Splice::remove(one.at.clone())).collect(), cells))
}

/// LibreOffice forgets who wrote a comment: ours are known by their words, too.
fn is_worded_as_ours(comment: &str) -> bool {
    let mut inside = false;
    let bare = comment.chars().filter(|c| {
        let is_tag = *c == '<' || inside;
        inside = is_tag && *c != '>';
        !is_tag
    });
    let bare: String = bare.collect();
    BEGINS.iter().any(|word| bare.trim_start().starts_with(word)) && bare.contains(LAST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::mark::splice::apply;

    fn comment(cell: &str, text: &str) -> Comment {
        Comment { cell: cell.parse().unwrap(), text: text.to_owned() }
    }

    #[test]
    fn ours_are_appended_and_come_off_again() {
        let text = "<x:comments xmlns:x=\"u\"><x:authors><x:author>张三</x:author></x:authors><x:commentList><x:comment ref=\"B2\" authorId=\"0\"><x:text/></x:comment></x:commentList></x:comments>";
        let now = apply(text, append(text, &[comment("C7", "须修改：<1>")]).unwrap()).unwrap().0;
        assert!(
            now.contains("<x:author>wenjin</x:author>") && now.contains("ref=\"C7\" authorId=\"1\"") && now.contains("须修改：&lt;1&gt;")
        );
        assert_eq!(commented(&now).unwrap().len(), 2);
        let (splices, cells) = without_ours(&now).unwrap();
        assert_eq!(cells, BTreeSet::from(["C7".parse().unwrap()]));
        assert_eq!(commented(&apply(&now, splices).unwrap().0).unwrap(), BTreeSet::from(["B2".parse().unwrap()]));
    }

    #[test]
    fn ours_are_known_where_their_author_is_forgotten() {
        let text = part("u", &[comment("A1", "须修改：未填\n怎样改：请补填"), comment("A2", "请核实")]).replace(AUTHOR, "");
        assert_eq!(without_ours(&text).unwrap().1, BTreeSet::from(["A1".parse().unwrap()]));
    }

    #[test]
    fn a_new_part_is_well_formed() {
        let text = part("u", &[comment("A1", "甲\n乙")]);
        assert_eq!(commented(&text).unwrap().len(), 1);
        assert_eq!(without_ours(&text).unwrap().1.len(), 1);
    }
}
