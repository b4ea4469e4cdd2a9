//! Words around a number: 约, 左右 and their like, and those that say its sign.

use super::coercion::{Kind, Kinds};

/// A number's text without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worded<'a> {
    pub rest: &'a str,
    /// What a word says of the sign; `Some(true)`: negative.
    pub negative: Option<bool>,
}

/// Before a number that is only about right; the longer before the shorter.
const BEFORE: [&str; 13] = ["大约", "约为", "约", "近似", "将近", "接近", "近", "超过", "超", "逾", "不足", "不到", "至少"];
/// Behind it, or behind its unit.
const BEHIND: [&str; 8] = ["左右", "上下", "以上", "以下", "以内", "有余", "余", "多"];
/// Between the digits and the unit: 300多家, 1.2万余元.
const BETWEEN: [&str; 2] = ["余", "多"];

const SIGNS: [(&str, bool); 10] = [
    ("同比增长", false),
    ("同比下降", true),
    ("增长", false),
    ("上升", false),
    ("下降", true),
    ("减少", true),
    ("核减", true),
    ("冲减", true),
    ("调减", true),
    ("负", true),
];

/// Takes off what stands around a number, with a note of each.
pub fn without_words<'a>(text: &'a str, kinds: &mut Kinds) -> Worded<'a> {
    let mut rest = text;
    for word in BEFORE {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    for word in BEHIND {
        rest = rest.strip_suffix(word).unwrap_or(rest);
    }
    let mut about = rest.len() != text.len();
    let mut negative = None;
    if let Some((behind, sign)) = SIGNS.into_iter().find_map(|(word, sign)| Some((rest.strip_prefix(word)?, sign))) {
        kinds.add(Kind::Worded);
        // 下降约3%
        rest = BEFORE.into_iter().fold(behind, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
        negative = Some(sign);
        about |= rest.len() != behind.len();
    }
    if about {
        kinds.add(Kind::Approximate);
    }
    Worded { rest, negative }
}

/// What stands behind the digits, without 余 or 多 at the place where it makes them uncertain.
pub fn without_between(suffix: &str, kinds: &mut Kinds) -> String {
    let scale = suffix.find(|c| !"十百千万亿".contains(c)).unwrap_or(suffix.len());
    let (scale, rest) = suffix.split_at(scale);
    match BETWEEN.into_iter().find_map(|word| rest.strip_prefix(word)) {
        Some(rest) => {
            kinds.add(Kind::Approximate);
            format!("{scale}{rest}")
        }
        None => suffix.to_owned(),
    }
}
