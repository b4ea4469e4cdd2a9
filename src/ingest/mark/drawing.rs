//! What stands around a worksheet's cells: whether its tab is chosen, and the drawing that its comments stand on.

use super::splice::Splice;
use super::xml::{Element, Kind, Tag, elements, inside, walk};

/// A worksheet part around its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// The relation of the drawing that comments stand on, if there is one.
    pub drawing: Option<String>,
    /// Where such a drawing goes.
    place: usize,
    prefix: String,
    /// Of the tab being chosen.
    chosen: Vec<std::ops::Range<usize>>,
}

/// What stands behind the drawing of comments in the schema.
const BEHIND: [&str; 8] = ["legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"];

impl Around {
    /// Reads the part; `None` where it is not well-formed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let tags = around(text)?;
        let root = elements(&tags, 0).into_iter().next()?;
        let parts = inside(&tags, &root);
        // An alternative stands where what it holds would stand.
        let is_behind = |one: &Element| {
            let stands = |name: &str| BEHIND.contains(&name);
            let held = || tags.iter().filter(|tag| one.at.contains(&tag.at.start)).any(|tag| stands(tag.local()));
            stands(one.open.local()) || (one.open.local() == "AlternateContent" && held())
        };
        let drawing = parts.iter().find(|one| one.open.local() == "legacyDrawing").and_then(|one| one.open.value("id"));
        let place = parts.iter().find(|one| is_behind(one)).map_or(root.close, |one| one.at.start);
        let views = tags.iter().filter(|tag| tag.local() == "sheetView" && tag.is_set("tabSelected"));
        let chosen = views.filter_map(|tag| tag.attribute("tabSelected")).map(|value| value.at).collect();
        Some(Self { drawing, place, prefix: root.open.prefix().to_owned(), chosen })
    }

    /// Lets go of the tab: two chosen ones would be edited together.
    pub fn unchosen(&self) -> impl Iterator<Item = Splice> {
        self.chosen.iter().map(|at| Splice::replace(at.clone(), "0"))
    }

    /// Puts the drawing of comments in.
    #[must_use]
    pub fn with_drawing(&self, relation: &str, office: &str) -> Splice {
        Splice::insert(self.place, format!("<{}legacyDrawing r:id=\"{relation}\" xmlns:r=\"{office}\"/>", self.prefix))
    }
}

/// The tags that stand outside the cells, of which there may be millions.
fn around(text: &str) -> Option<Vec<Tag<'_>>> {
    let (mut tags, mut inside) = (Vec::new(), false);
    walk(text, |tag| {
        let is_data = tag.depth == 1 && tag.local() == "sheetData";
        if is_data {
            inside = tag.kind == Kind::Open;
        }
        if is_data || !inside {
            tags.push(tag);
        }
    })?;
    Some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::mark::splice::apply;

    fn with_drawing(text: &str) -> String {
        let around = Around::read(text).unwrap();
        apply(text, vec![around.with_drawing("rId7", "u")]).unwrap().0
    }

    #[test]
    fn the_drawing_stands_at_its_place_in_the_schema() {
        let own = "<x:legacyDrawing r:id=\"rId7\" xmlns:r=\"u\"/>";
        let text = |at: &str| format!("<x:w><x:sheetData/><x:pageSetup/><x:drawing/>{at}<x:tableParts/><x:extLst/></x:w>");
        assert_eq!(with_drawing(&text("")), text(own));
        let controls = "<mc:AlternateContent><mc:Choice><controls/></mc:Choice></mc:AlternateContent></w>";
        let own = "<legacyDrawing r:id=\"rId7\" xmlns:r=\"u\"/>";
        assert_eq!(with_drawing(&format!("<w><sheetData/>{controls}")), format!("<w><sheetData/>{own}{controls}"));
        assert!(with_drawing("<w><sheetData/><drawing/></w>").ends_with("<drawing/><legacyDrawing r:id=\"rId7\" xmlns:r=\"u\"/></w>"));
    }

    #[test]
    fn a_chosen_tab_is_let_go() {
        let text = "<w><sheetViews><sheetView tabSelected=\"1\"/></sheetViews><sheetData/><legacyDrawing r:id=\"rId2\"/></w>";
        let around = Around::read(text).unwrap();
        assert_eq!(around.drawing.as_deref(), Some("rId2"));
        assert!(apply(text, around.unchosen().collect()).unwrap().0.contains("tabSelected=\"0\""));
    }
}
