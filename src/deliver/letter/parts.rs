//! What a letter is made of beside its sentences.

use serde::Serialize;

/// How many indicators have one light.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tile {
    /// `green | yellow | red | grey`.
    pub light: &'static str,
    /// 绿, 黄, 红, 灰; where all grey ones have the same reason, that.
    pub word: String,
    pub count: usize,
}

/// The embedded picture, and what it shows in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Of `<img src="cid:…">`.
    pub cid: String,
    pub title: String,
    pub lines: Vec<String>,
    pub alt: String,
    pub width: u32,
    pub height: u32,
    /// Whether it stands above 需关注指标: the leading group's overview does, a department's bars follow the words.
    pub above: bool,
}

/// One red or yellow indicator (需关注指标).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attention {
    /// `red | yellow`.
    pub light: &'static str,
    /// 红, 黄.
    pub word: String,
    pub title: String,
    /// `（六）`; for the leading group with the department answerable.
    pub place: String,
    pub sentence: String,
    /// The department's own words on it.
    pub reason: Option<String>,
    /// Told in one line, without reason.
    pub brief: bool,
}
