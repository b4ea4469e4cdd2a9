use rust_decimal::dec;

use super::*;
use crate::deliver::sample;
use crate::model::{IndicatorRow, Light, Month};
use crate::plan::{Action, Measure};

fn rows(month: &Month) -> Vec<&IndicatorRow> {
    month.rows().filter(|row| row.owner == sample::code("jxt")).collect()
}

fn of(month: &Month) -> Picture {
    of_department(&Captions::shipped(), &rows(month)).unwrap().unwrap()
}

/// Width and height of a PNG, from its header.
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn the_same_month_gives_the_same_picture_and_another_figure_another() {
    let month = sample::month();
    let picture = of(&month);
    assert_eq!(picture, of(&month));
    assert_eq!(size(&picture.png), (picture.width * 2, picture.height * 2));
    let mut moved = month;
    moved.tables[0].rows[1].completion_pct = Some(dec!(45.9));
    let moved = of(&moved);
    assert_ne!(picture.png, moved.png);
    assert_ne!(picture.cid, moved.cid);
}

#[test]
fn what_it_shows_stands_in_its_alternative_text() {
    let mut month = sample::month();
    month.tables[0].rows[1].pace_pct = Some(dec!(50.0));
    assert_eq!(of(&month).alt(), "完成年度目标与序时进度：节能降碳技改投资（红）完成30.4%；技术改造投资（黄）完成45.8%，序时进度50.0%。");
}

#[test]
fn of_many_the_first_ten_are_shown_and_the_rest_counted() {
    let mut month = sample::month();
    let yellow = month.tables[0].rows[1].clone();
    month.tables[0].rows.extend((0..20).map(|_| yellow.clone()));
    let picture = of(&month);
    assert_eq!(picture.lines.len(), 11);
    assert_eq!(picture.lines[10], "共22项，此处列10项，其余见附件");
    assert!(picture.png.len() < 150 << 10, "{} bytes", picture.png.len());
}

#[test]
fn without_a_completion_there_is_nothing_to_draw() {
    assert_eq!(of_department(&Captions::shipped(), &[]).unwrap(), None);
    let month = sample::month();
    let rows: Vec<_> = month.rows().filter(|row| row.completion_pct.is_none()).collect();
    assert_eq!(of_department(&Captions::shipped(), &rows).unwrap(), None);
}

#[test]
fn actions_are_counted_by_light_in_the_offices_words() {
    let mut plan = sample::plan();
    plan.actions = vec![
        Action { number: 1, title: "有效投资扩大行动".to_owned(), short_title: "有效投资<扩大>&".to_owned() },
        Action { number: 2, title: "空行动".to_owned(), short_title: "空".to_owned() },
    ];
    plan.measures = [5, 6, 8, 13].map(|number| Measure { number, action: 1, ..crate::present::sample::plan().measures.remove(0) }).to_vec();
    let picture = of_actions(&plan, &Captions::shipped(), &sample::month()).unwrap().unwrap();
    assert_eq!(picture.alt(), "各项行动亮灯情况（指标项数）：有效投资<扩大>&绿1项、黄1项、红2项、灰1项。");
    assert_eq!(picture, of_actions(&plan, &Captions::shipped(), &sample::month()).unwrap().unwrap());
}

#[test]
fn the_font_draws_gb_2312_and_knows_what_it_lacks() {
    // The two levels, first and last characters of each, and what stands in the plan besides.
    let drawn = "啊座亍齄0123456789%/（）：；“”—…《》、。，·①Ⅰ℃→省科技厅鄞衢暨";
    assert_eq!(font::lacking(drawn), [].into());
    assert_eq!(font::lacking("绿\u{20000}灯\u{1f600}\u{3}\u{ffff}"), ['\u{3}', '\u{ffff}', '\u{1f600}', '\u{20000}'].into());
}

#[test]
fn the_font_has_both_levels_of_gb_2312_and_every_character_of_the_shipped_plan() {
    // mail-parser knows the charset; row D7 of level 1 ends five cells early.
    let mut body = b"Content-Type: text/plain; charset=gb2312\r\n\r\n".to_vec();
    for row in 0xb0..=0xf7u8 {
        body.extend((0xa1..=if row == 0xd7 { 0xf9 } else { 0xfeu8 }).flat_map(|cell| [row, cell]));
    }
    let hanzi = mail_parser::MessageParser::default().parse(&body).unwrap().body_text(0).unwrap().into_owned();
    assert_eq!(hanzi.chars().count(), 6763);
    assert_eq!(font::lacking(&hanzi), [].into());
    for folder in ["config", "pipelines", "src/cli/init"] {
        for entry in std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).unwrap().replace('\n', "");
                assert_eq!(font::lacking(&text), [].into(), "{}: make the font again (src/deliver/font/README.md)", path.display());
            }
        }
    }
}

#[test]
fn a_name_the_font_cannot_draw_gives_way_to_its_code_and_is_told() {
    let mut month = sample::month();
    let clean = of(&month);
    month.tables[0].rows[1].title = "6.2".to_owned();
    let coded = of(&month);
    month.tables[0].rows[1].title = "技改\u{20000}投资".to_owned();
    let rare = of(&month);
    assert_eq!(rare.png, coded.png, "no box stands for a character, the code stands for the name");
    assert_ne!(rare.png, clean.png);
    assert!(rare.alt().contains("技改\u{20000}投资"), "words need no font of ours");
    let mut plan = sample::plan();
    plan.actions = vec![Action { number: 3, title: String::new(), short_title: "重点\u{20000}提质".to_owned() }];
    let told = undrawable(&plan, &Captions::shipped());
    assert_eq!(told, [("action 3".to_owned(), "重点\u{20000}提质".to_owned(), "\u{20000}".to_owned())]);
}

#[test]
fn a_long_name_is_cut_where_it_ends_before_the_figures() {
    assert_eq!(font::fitted("技术改造投资", "6.2", 60, 15), "技术改…");
    assert_eq!(font::fitted("技术改造投资", "6.2", 90, 15), "技术改造投资");
}

#[test]
fn nothing_a_department_writes_breaks_the_drawing() {
    let evil = "省经信厅\r\n</text><script>&amp;\0\u{2028}\u{fffe}\"'>]]><!--";
    let mut month = sample::month();
    let light = Light::Yellow;
    month.tables[0].rows[1] = IndicatorRow { title: evil.to_owned(), light, ..month.tables[0].rows[1].clone() };
    let picture = of(&month);
    assert!(!picture.alt().contains(['\r', '\n', '\0', '\u{2028}']));
    assert_eq!(picture.height, of(&sample::month()).height);
}
