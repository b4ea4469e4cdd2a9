//! The office's own texts: whether they can be used, and the shipped ones to start from.

use crate::deliver;
use crate::model::Problem;
use crate::plan::Plan;
use crate::settings::{Settings, captions};

/// Every problem of the office's mail templates; captions have been read with the settings.
#[must_use]
pub fn problems(settings: &Settings) -> Vec<Problem> {
    deliver::template_problems(&settings.templates)
}

/// What is no defect but should be known: texts the picture in a mail cannot show.
#[must_use]
pub fn remarks(settings: &Settings, plan: &Plan) -> Vec<String> {
    deliver::undrawable(plan, &settings.appearance.captions)
        .into_iter()
        .map(|(what, text, lacking)| {
            format!("{what}: the font of mail pictures lacks `{lacking}` of `{text}`; the picture shows its code instead")
        })
        .collect()
}

/// Path under the workspace and text of what `init` lays beside the plan: the shipped templates and every caption.
#[must_use]
pub fn shipped() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = deliver::shipped_templates()
        .into_iter()
        .map(|(name, text)| {
            (format!("{}/{name}.{}", crate::settings::templates::FOLDER, crate::settings::templates::SHIPPED), text.to_owned())
        })
        .collect();
    files.push((captions::FILE.to_owned(), captions::commented()));
    files
}
