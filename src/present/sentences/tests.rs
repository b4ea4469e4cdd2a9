//! The sentences: composed from the figures, right in number and grammar where something is nought.

use proptest::prelude::*;
use rstest::rstest;
use rust_decimal::dec;

use super::*;
use crate::present::sample;

#[test]
fn the_overview_counts_judged_ones_and_names_what_changed() {
    let month = sample::month();
    assert_eq!(
        overview(&sample::plan(), &month, month.rows()),
        "截至6月底，应评价的3项指标中，绿灯1项、黄灯1项、红灯1项；\
         另有1项未报送、1项未到报送期、1项暂不评价。与上月相比，新增红灯1项（未来工厂），转绿1项（省级重点技术改造示范项目）。"
    );
}

#[test]
fn without_a_month_before_nothing_is_compared() {
    let mut month = sample::month();
    month.tables.iter_mut().flat_map(|table| &mut table.rows).for_each(|row| row.previous_light = None);
    assert!(!overview(&sample::plan(), &month, month.rows()).contains("与上月相比"));
}

#[test]
fn reds_come_before_yellows_and_the_furthest_behind_first() {
    let month = sample::month();
    let codes: Vec<_> = attention(month.rows()).iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["6.4", "6.2"]);
}

#[test]
fn an_indicator_is_told_in_one_sentence() {
    let plan = sample::plan();
    let red = IndicatorRow {
        year_to_date: Some(dec!(182.40)),
        completion_pct: Some(dec!(30.4)),
        ahead_points: Some(dec!(-19.6)),
        periods_in_row: 3,
        needed_per_month: Some(dec!(69.60)),
        ..sample::row("6.2", Light::Red)
    };
    assert_eq!(
        indicator(&plan, &red, sample::june()),
        "1—6月累计完成182.40亿元，完成年度目标的30.4%，低于序时进度19.6个百分点，连续3期红灯；后6个月月均需69.60亿元。"
    );
    assert_eq!(
        indicator(&plan, &sample::investment(), sample::june()),
        "1—6月累计完成1604.20亿元，同比增长7.1%，低于目标2.9个百分点，完成年度目标的45.8%，低于序时进度4.2个百分点，\
         连续2期黄灯；后6个月月均需315.97亿元。"
    );
    assert_eq!(indicator(&plan, &sample::row("8.2", Light::Grey(GreyReason::NotReported)), sample::june()), "1—6月数据未报送。");
}

#[test]
fn growth_is_worded_without_signs() {
    assert_eq!(growth_words(dec!(-0.7)), "同比下降0.7%");
    assert_eq!(growth_words(dec!(0.0)), "与上年同期持平");
}

#[test]
fn a_department_is_told_its_counts() {
    let counts = LightCounts { total: 19, judged: 17, green: 14, yellow: 2, red: 1, not_reported: 2, ..LightCounts::default() };
    assert_eq!(department_counts(&counts), "19项指标中，绿灯14项、黄灯2项、红灯1项，尚未报送2项。");
}

const NOT_REPORTED: Light = Light::Grey(GreyReason::NotReported);
const NOT_DUE: Light = Light::Grey(GreyReason::NotDue);
const NOT_JUDGED: Light = Light::Grey(GreyReason::NotJudged);
const LIGHTS: [Light; 6] = [Light::Green, Light::Yellow, Light::Red, NOT_REPORTED, NOT_DUE, NOT_JUDGED];

/// Rows of those lights, each with the light before it.
fn lit(lights: &[(Light, Option<Light>)]) -> Vec<IndicatorRow> {
    let row = |(at, (light, before)): (usize, &(Light, Option<Light>))| IndicatorRow {
        code: format!("6.{at}"),
        title: format!("指标{}", captions::numeral(u32::try_from(at).unwrap())),
        previous_light: *before,
        ..sample::row("6.1", *light)
    };
    lights.iter().enumerate().map(row).collect()
}

fn told(lights: &[(Light, Option<Light>)]) -> String {
    overview(&sample::plan(), &sample::month(), &lit(lights))
}

#[rstest]
#[case::no_indicator(&[], "截至6月底，没有应评价的指标。")]
#[case::all_green(&[(Light::Green, None); 3], "截至6月底，应评价的3项指标均为绿灯。")]
#[case::one_green(&[(Light::Green, None)], "截至6月底，应评价的1项指标为绿灯。")]
#[case::none_green(&[(Light::Red, None), (Light::Yellow, None)], "截至6月底，应评价的2项指标中，黄灯1项、红灯1项。")]
#[case::only_reds(&[(Light::Red, None); 2], "截至6月底，应评价的2项指标均为红灯。")]
#[case::no_reds(
    &[(Light::Green, None), (Light::Yellow, None), (Light::Yellow, None)],
    "截至6月底，应评价的3项指标中，绿灯1项、黄灯2项。"
)]
#[case::one_behind(&[(Light::Green, None), (Light::Red, None)], "截至6月底，应评价的2项指标中，绿灯1项、红灯1项。")]
#[case::nothing_judged(&[(NOT_REPORTED, None), (NOT_DUE, None)], "截至6月底，2项指标均暂无评价结果，其中1项未报送、1项未到报送期。")]
#[case::one_word_for_all(&[(NOT_REPORTED, None); 2], "截至6月底，2项指标均未报送。")]
#[case::all_green_but_one_missing(&[(Light::Green, None), (NOT_REPORTED, None)], "截至6月底，应评价的1项指标为绿灯；另有1项未报送。")]
#[case::nothing_changed(
    &[(Light::Green, Some(Light::Green))],
    "截至6月底，应评价的1项指标为绿灯。与上月相比，亮灯情况没有变化。"
)]
#[case::eased(
    &[(Light::Yellow, Some(Light::Red))],
    "截至6月底，应评价的1项指标为黄灯。与上月相比，红灯转黄1项（指标零）。"
)]
#[case::gone(
    &[(Light::Green, Some(NOT_REPORTED)), (NOT_REPORTED, Some(Light::Yellow))],
    "截至6月底，应评价的1项指标为绿灯；另有1项未报送。与上月相比，新增绿灯1项（指标零），转为未评价1项（指标一）。"
)]
fn nothing_is_told_as_nought(#[case] lights: &[(Light, Option<Light>)], #[case] expected: &str) {
    assert_eq!(told(lights), expected);
}

#[rstest]
#[case(LightCounts { total: 3, judged: 3, green: 3, ..LightCounts::default() }, "3项指标均为绿灯。")]
#[case(LightCounts { total: 1, judged: 1, green: 1, ..LightCounts::default() }, "1项指标为绿灯。")]
#[case(LightCounts { total: 2, not_reported: 2, ..LightCounts::default() }, "2项指标均尚未报送。")]
#[case(LightCounts { total: 2, judged: 2, red: 2, ..LightCounts::default() }, "2项指标均为红灯。")]
#[case(
    LightCounts { total: 3, judged: 1, yellow: 1, not_due: 2, ..LightCounts::default() },
    "3项指标中，黄灯1项，未到报送期2项。"
)]
fn a_departments_counts_leave_out_what_is_nought(#[case] counts: LightCounts, #[case] expected: &str) {
    assert_eq!(department_counts(&counts), expected);
}

/// The number that stands before `项` and after each of the words, in order of appearance.
fn numbers(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if c == '项' && !digits.is_empty() {
            found.push(digits.parse().unwrap());
        }
        digits.clear();
    }
    found
}

/// What stands behind `word`, as a number; nought where the word is not said.
fn after(text: &str, word: &str) -> usize {
    text.split_once(word).map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0))
}

fn light() -> impl Strategy<Value = Light> {
    prop::sample::select(LIGHTS.to_vec())
}

fn lights() -> impl Strategy<Value = Vec<(Light, Option<Light>)>> {
    prop::collection::vec((light(), prop::option::of(light())), 0..60)
}

/// Full-width punctuation, no plus sign, no thousands separators, none of the words the office avoids.
fn is_official(text: &str) -> Result<(), TestCaseError> {
    for word in ["+", ",", ";", ":", "(", ")", "考核", "通报", "排名", "晾晒", "，，", "；。", "，。", "、。", "，；", "0项"]
    {
        // "10项" ends in "0项" and is right.
        let said = if word == "0项" { numbers(text).contains(&0) } else { text.contains(word) };
        prop_assert!(!said, "{word} in {text}");
    }
    prop_assert!(text.is_empty() || text.ends_with('。'), "{text}");
    let points = text.char_indices().filter(|(_, c)| *c == '.');
    for (at, _) in points {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        prop_assert!(digit(text[..at].chars().next_back()) && digit(text[at + 1..].chars().next()), "a point in {text}");
    }
    Ok(())
}

proptest! {
    /// What the paragraph counts adds up: judged = green + yellow + red, the rest is named grey.
    #[test]
    fn the_overview_adds_up(lights in lights()) {
        let text = told(&lights);
        is_official(&text)?;
        let rows = lit(&lights);
        let counts = count(&rows);
        let first = text.split_once("与上月相比").map_or(text.as_str(), |(first, _)| first);
        if counts.judged > 0 {
            prop_assert_eq!(after(first, "应评价的"), counts.judged);
            for (colour, number) in [("绿灯", counts.green), ("黄灯", counts.yellow), ("红灯", counts.red)] {
                let all = first.contains(&format!("指标均为{colour}")) || first.contains(&format!("指标为{colour}"));
                prop_assert_eq!(if all { counts.judged } else { after(first, colour) }, number, "{}", text);
            }
        }
        let before = |word: &str| {
            let digits: Vec<char> = first.split_once(&format!("项{word}")).map_or("", |(head, _)| head).chars().rev().take_while(char::is_ascii_digit).collect();
            digits.into_iter().rev().collect::<String>().parse().unwrap_or(0)
        };
        if counts.judged > 0 {
            let grey = before("未报送") + before("未到报送期") + before("暂不评价");
            prop_assert_eq!(grey, counts.grey(), "{}", text);
            prop_assert_eq!(counts.judged + grey, counts.total);
        }
    }

    /// "没有变化" is said only where no light has changed.
    #[test]
    fn a_change_is_never_denied(lights in lights()) {
        let text = told(&lights);
        let word = |light: Light| (light.is_judged(), if light.is_judged() { light.code() } else { "" });
        let moved = lights.iter().any(|(now, before)| before.is_some_and(|before| word(before) != word(*now)));
        let known = lights.iter().any(|(_, before)| before.is_some());
        prop_assert_eq!(text.contains("与上月相比"), known, "{}", text);
        prop_assert_eq!(text.contains("没有变化"), known && !moved, "{}", text);
    }

    #[test]
    fn a_departments_counts_add_up(lights in lights()) {
        let counts = count(&lit(&lights));
        if counts.total > 0 {
            let text = department_counts(&counts);
            is_official(&text)?;
            prop_assert_eq!(numbers(&text)[0], counts.total);
            if !text.contains("均") && counts.total > 1 {
                let inside = |part: &str| after(&text, part);
                let parts = inside("绿灯") + inside("黄灯") + inside("红灯") + inside("尚未报送") + inside("未到报送期") + inside("暂不评价");
                prop_assert_eq!(parts, counts.total, "{}", text);
            }
        }
    }

    /// Whatever the figures, a sentence on one indicator has no sign and no separator.
    #[test]
    fn an_indicators_sentence_is_official(
        value in prop::option::of(-1_000_000_000i64..1_000_000_000),
        growth in prop::option::of(-5000i64..5000),
        points in prop::option::of(-1000i64..1000),
        run in 0u32..13,
        at in 0usize..6,
    ) {
        let light = LIGHTS[at];
        let row = IndicatorRow {
            year_to_date: value.map(|value| Decimal::new(value, 2)),
            growth_pct: growth.map(|growth| Decimal::new(growth, 1)),
            ahead_points: points.map(|points| Decimal::new(points, 1)),
            completion_pct: points.map(|points| Decimal::new(500 + points, 1)),
            periods_in_row: run,
            needed_per_month: value.map(|value| Decimal::new(value, 2)),
            ..sample::row("6.2", light)
        };
        let text = indicator(&sample::plan(), &row, sample::june());
        is_official(&text)?;
        prop_assert!(!text.contains("同比增长-") && !text.contains("进度-") && !text.contains("下降-"), "{}", text);
    }
}

#[test]
fn an_indicator_is_told_briefly_where_there_are_many() {
    let (plan, june) = (sample::plan(), sample::june());
    assert_eq!(brief(&plan, &sample::investment(), june), "低于序时进度4.2个百分点，连续2期黄灯。");
    let growth = IndicatorRow { ahead_points: None, ..sample::investment() };
    assert_eq!(brief(&plan, &growth, june), "同比增长7.1%，低于目标2.9个百分点，连续2期黄灯。");
    let value = IndicatorRow { growth_pct: None, ..growth };
    assert_eq!(brief(&plan, &value, june), indicator(&plan, &value, june));
}
