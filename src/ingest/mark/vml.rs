//! The drawing that comments stand on (VML). It is often no XML, so it is changed as text: shapes go in before its end, and out whole.

use std::collections::BTreeSet;
use std::ops::Range;

use super::splice::Splice;
use crate::model::CellRef;

/// Shapes a block of identifiers has room for.
const BLOCK: usize = 1024;

/// Prefixes that a drawing gives the three namespaces.
struct Prefixes {
    v: String,
    o: String,
    x: String,
}

const V: &str = "urn:schemas-microsoft-com:vml";
const O: &str = "urn:schemas-microsoft-com:office:office";
const X: &str = "urn:schemas-microsoft-com:office:excel";

/// The blocks of identifiers that a drawing uses.
pub fn blocks(text: &str) -> impl Iterator<Item = usize> {
    let maps = text.match_indices("idmap").filter_map(|(at, _)| text.get(at..)?.split('>').next());
    maps.filter_map(|map| attribute(map, "data")).flat_map(|data| {
        let numbers: Vec<usize> = data.split(',').filter_map(|number| number.trim().parse().ok()).collect();
        numbers
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

/// A new drawing with a shape for each cell.
#[must_use]
pub fn part(cells: &[CellRef], blocks: &[usize]) -> String {
    let prefixes = Prefixes { v: "v:".to_owned(), o: "o:".to_owned(), x: "x:".to_owned() };
    let data: Vec<String> = blocks.iter().map(ToString::to_string).collect();
    format!(
        "<xml xmlns:v=\"{V}\" xmlns:o=\"{O}\" xmlns:x=\"{X}\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/>\
         </o:shapelayout>{}{}</xml>",
        data.join(","),
        kind(&prefixes),
        shapes(&prefixes, cells, blocks)
    )
}

/// How many blocks so many shapes take.
#[must_use]
pub fn blocks_for(shapes: usize) -> usize {
    shapes.div_ceil(BLOCK - 1)
}

/// The splices that add a shape for each cell; `None` where the drawing is not one that can be added to.
#[must_use]
pub fn append(text: &str, cells: &[CellRef], blocks: &[usize]) -> Option<Vec<Splice>> {
    let root = text.find("<xml")?;
    let root = text.get(root..root + text.get(root..)?.find('>')?)?;
    let prefix = |uri: &str| {
        let declared = root.split_once(&format!("=\"{uri}\"")).or_else(|| root.split_once(&format!("='{uri}'")))?.0;
        declared.rsplit_once("xmlns:").map(|(_, prefix)| format!("{}:", prefix.trim()))
    };
    let prefixes = Prefixes { v: prefix(V)?, o: prefix(O)?, x: prefix(X)? };
    let end = text.rfind("</xml>")?;
    let mut splices = Vec::new();
    if let Some(map) = text.find("idmap") {
        let tag = text.get(map..)?.split('>').next()?;
        if let Some(data) = attribute(tag, "data") {
            let at = map + (data.as_ptr() as usize).checked_sub(tag.as_ptr() as usize)? + data.len();
            let more = blocks.iter().map(|block| format!(",{block}")).collect::<Vec<_>>().concat();
            splices.push(Splice::insert(at, more));
        }
    }
    let own = if text.contains("_x0000_t202\"") { String::new() } else { kind(&prefixes) };
    splices.push(Splice::insert(end, own + &shapes(&prefixes, cells, blocks)));
    Some(splices)
}

fn kind(Prefixes { v, o, .. }: &Prefixes) -> String {
    format!(
        "<{v}shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" {o}spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
         <{v}stroke joinstyle=\"miter\"/><{v}path gradientshapeok=\"t\" {o}connecttype=\"rect\"/></{v}shapetype>"
    )
}

fn shapes(Prefixes { v, o, x }: &Prefixes, cells: &[CellRef], blocks: &[usize]) -> String {
    let ids = blocks.iter().flat_map(|block| (1..BLOCK).map(move |number| block * BLOCK + number));
    let shape = |(cell, id): (&CellRef, usize)| {
        let CellRef { row, column } = *cell;
        format!(
            "<{v}shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:80pt;margin-top:2pt;width:220pt;\
             height:84pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" {o}insetmode=\"auto\"><{v}fill color2=\"#ffffe1\"/>\
             <{v}shadow color=\"black\" obscured=\"t\"/><{v}path {o}connecttype=\"none\"/>\
             <{v}textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></{v}textbox>\
             <{x}ClientData ObjectType=\"Note\"><{x}MoveWithCells/><{x}SizeWithCells/>\
             <{x}Anchor>{}, 12, {row}, 2, {}, 20, {}, 6</{x}Anchor><{x}AutoFill>False</{x}AutoFill>\
             <{x}Row>{row}</{x}Row><{x}Column>{column}</{x}Column></{x}ClientData></{v}shape>",
            column + 1,
            column + 4,
            row + 5,
        )
    };
    cells.iter().zip(ids).map(shape).collect()
}

/// The splices that take the shapes of comments at these cells out.
#[must_use]
pub fn without(text: &str, cells: &BTreeSet<CellRef>) -> Vec<Splice> {
    let number = |shape: &str, name: &str| -> Option<u32> {
        let (_, rest) = shape.split_once(&format!("{name}>"))?;
        rest.split('<').next()?.trim().parse().ok()
    };
    let place = |shape: &str| Some(CellRef::new(number(shape, ":Row")?, number(shape, ":Column")?));
    let is_note = |shape: &str| shape.contains("ObjectType=\"Note\"") || shape.contains("ObjectType='Note'");
    let own = shapes_of(text)
        .into_iter()
        .filter(|at| text.get(at.clone()).is_some_and(|shape| is_note(shape) && place(shape).is_some_and(|cell| cells.contains(&cell))));
    own.map(Splice::remove).collect()
}

/// Where the shapes stand.
fn shapes_of(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(colon) = text.get(from..).and_then(|rest| rest.find(":shape ")).map(|at| from + at) {
        from = colon + 1;
        let Some(start) = text.get(..colon).and_then(|before| before.rfind('<')) else { continue };
        let Some(prefix) = text.get(start + 1..colon).filter(|prefix| prefix.chars().all(char::is_alphanumeric)) else { continue };
        let close = format!("</{prefix}:shape>");
        let Some(end) = text.get(colon..).and_then(|rest| rest.find(&close)).map(|at| colon + at + close.len()) else { continue };
        found.push(start..end);
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::mark::splice::apply;

    fn cells(texts: &[&str]) -> Vec<CellRef> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn shapes_are_added_to_what_is_no_xml_and_come_off() {
        let text = format!(
            "<xml xmlns:v=\"{V}\"\r\n xmlns:o=\"{O}\" xmlns:x=\"{X}\"><o:shapelayout><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>\
             <v:shapetype id=\"_x0000_t202\"></v:shapetype><v:shape id=\"_x0000_s1025\"><br><x:ClientData ObjectType=\"Note\"><x:Row>1</x:Row><x:Column>1</x:Column>\
             </x:ClientData></v:shape></xml>"
        );
        let own = cells(&["C7", "D8"]);
        let now = apply(&text, append(&text, &own, &[3]).unwrap()).unwrap().0;
        assert!(now.contains("data=\"1,3\"") && now.contains("_x0000_s3073") && now.contains("_x0000_s3074"), "{now}");
        assert_eq!(now.matches("shapetype id").count(), 1);
        assert_eq!(blocks(&now).collect::<Vec<_>>(), [1, 3]);
        let back = apply(&now, without(&now, &own.into_iter().collect())).unwrap().0;
        assert_eq!(back, text.replace("data=\"1\"", "data=\"1,3\""));
    }

    #[test]
    fn a_drawing_without_its_namespaces_or_its_end_is_left() {
        assert!(append("<xml><v:shape/></xml>", &cells(&["A1"]), &[1]).is_none());
        assert!(append(&part(&cells(&["A1"]), &[1]).replace("</xml>", ""), &cells(&["A1"]), &[1]).is_none());
    }

    #[test]
    fn many_shapes_take_several_blocks() {
        assert_eq!((blocks_for(0), blocks_for(1), blocks_for(1023), blocks_for(1024)), (0, 1, 1, 2));
        let many: Vec<CellRef> = (0..1024).map(|row| CellRef::new(row, 0)).collect();
        let text = part(&many, &[2, 3]);
        assert!(text.contains("_x0000_s3071\"") && text.contains("_x0000_s3073\"") && !text.contains("_x0000_s3072\""));
    }
}
