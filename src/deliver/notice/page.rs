//! The page every notice stands on, as plain text and as HTML.

use chrono::{DateTime, Datelike, FixedOffset};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::deliver::DeliverError;
use crate::deliver::headers::one_line;
use crate::present::captions::{self, SAMPLE_MARK};
use crate::settings::Settings;

const TEXT: &str = include_str!("../templates/notice.txt");
const HTML: &str = include_str!("../templates/notice.html");

/// A page, ready for its templates. Every text is one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// 内部资料　注意保存; empty for none.
    pub mark: String,
    /// 样例数据　非真实数据.
    pub sample: Option<&'static str>,
    pub title: String,
    /// Empty for none.
    pub greeting: String,
    pub opening: Vec<String>,
    pub sections: Vec<Section>,
    pub closing: Vec<String>,
    pub office: String,
    /// Empty where the date is left to whoever signs.
    pub date: String,
}

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    pub heading: String,
    pub lines: Vec<String>,
    /// Whether the lines are numbered.
    pub numbered: bool,
    /// Whether the heading is a sentence of the letter, not a title.
    pub sentence: bool,
}

impl Page {
    /// An empty page of the office, dated `now`.
    pub fn new(settings: &Settings, title: &str, now: DateTime<FixedOffset>) -> Self {
        Self {
            mark: one_line(&settings.appearance.mark),
            sample: settings.appearance.sample.then_some(SAMPLE_MARK),
            title: one_line(title),
            greeting: String::new(),
            opening: Vec::new(),
            sections: Vec::new(),
            closing: Vec::new(),
            office: one_line(&settings.office.name),
            date: format!("{}年{}", now.year(), captions::day(now.date_naive())),
        }
    }
}

/// `联系人：张三，电话：0571-00000000。`
pub fn contact(settings: &Settings) -> String {
    format!("联系人：{}，电话：{}。", one_line(&settings.office.contact), one_line(&settings.office.phone))
}

/// The page as (text, HTML).
pub fn render(page: &Page) -> Result<(String, String), DeliverError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_auto_escape_callback(|name| if name == "html" { AutoEscape::Html } else { AutoEscape::None });
    environment.add_template("text", TEXT)?;
    environment.add_template("html", HTML)?;
    let page = Value::from(Serde(page));
    Ok((environment.get_template("text")?.render(&page)?, environment.get_template("html")?.render(&page)?))
}
