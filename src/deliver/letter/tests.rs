use super::*;
use crate::deliver::sample;
use crate::model::{Lagging, Light, Period};
use crate::plan::Department;

fn department(code: &str) -> Department {
    sample::plan().department(&sample::code(code)).unwrap().clone()
}

fn letter(month: &Month, reader: Reader<'_>) -> Letter {
    Letter::new(&sample::plan(), &sample::settings(), month, reader, None)
}

#[test]
fn a_department_reads_its_own_counts_reds_and_yellows() {
    let letter = letter(&sample::month(), Reader::Department(&department("jxt")));
    assert_eq!(letter.greeting, "省经信厅：");
    assert_eq!(
        letter.opening,
        ["现将2022年1—6月你厅负责指标进展情况反馈如下，详见附件。\
          4项指标中，绿灯1项、黄灯1项、红灯1项，尚未报送1项。"]
    );
    let told: Vec<_> = letter.attention.iter().map(|item| (item.word.as_str(), item.title.as_str(), item.place.as_str())).collect();
    assert_eq!(told, [("红", "节能降碳技改投资", "（十三）"), ("黄", "技术改造投资", "（六）")]);
    let red = &letter.attention[0];
    assert!(red.sentence.contains("182.40亿元") && red.sentence.contains("低于序时进度19.6个百分点"), "{}", red.sentence);
    let reason = "原因：部分项目能评尚在办理<b>。下一步：逐项帮办， 8月底前全部开工。预计达到序时进度：2022年9月。";
    assert_eq!(red.reason.as_deref(), Some(reason));
}

#[test]
fn what_is_owed_is_grouped_by_day_and_told_by_its_hour() {
    let letter = letter(&sample::month(), Reader::Department(&department("jxt")));
    assert_eq!(
        letter.owed,
        [
            "未来工厂名单、浙江制造精品名单应于7月8日（星期五）前报送，目前尚未收到，请尽快报送。",
            "技改项目应于7月8日（星期五）前报送，已退回修改，目前尚未收到修改件，请尽快重新报送。",
            "新能源汽车产量请于7月18日（星期一）17时前报送。",
        ]
    );
}

#[test]
fn objections_are_due_in_working_days() {
    let month = sample::month();
    let said = letter(&month, Reader::Department(&department("jxt"))).closing;
    assert_eq!(said, "如对数据有异议，请于7月15日前修改原表重新报送。联系人：张三，电话：0571-00000000。");
    let friday = chrono::DateTime::parse_from_rfc3339("2022-07-15T09:00:00+08:00").unwrap();
    let said = letter(&Month { now: friday, ..month }, Reader::Department(&department("jxt"))).closing;
    assert!(said.contains("请于7月21日前"), "{said}");
}

#[test]
fn the_leading_group_reads_all_with_the_department_answerable() {
    let letter = letter(&sample::month(), Reader::LeadingGroup);
    assert!(letter.opening[1].starts_with("截至6月底，应评价的4项指标中，绿灯1项、黄灯"), "{:?}", letter.opening);
    assert_eq!(letter.attention.len(), 3);
    assert!(letter.attention.iter().any(|item| item.place == "（八）省发展改革委"));
    assert_eq!(letter.owed, ["省经信厅：未来工厂名单、浙江制造精品名单、技改项目、新能源汽车产量。"]);
}

#[test]
fn the_leading_group_reads_reds_in_full_and_yellows_in_a_line() {
    let letter = letter(&sample::month(), Reader::LeadingGroup);
    let red = &letter.attention[0];
    assert!(!red.brief && red.reason.is_some() && red.sentence.contains("完成年度目标的30.4%"), "{red:?}");
    let yellow = &letter.attention[2];
    assert_eq!((yellow.brief, &yellow.reason), (true, &None));
    assert_eq!(yellow.sentence, "低于序时进度4.2个百分点。");
    assert_eq!(letter.more.as_deref(), Some("黄灯指标的责任单位尚未报送滞后原因和下一步措施。"));
    // What one of them has said stands in the book.
    let mut month = sample::month();
    let said = month.lagging[0].clone();
    let yellow = month.rows().find(|row| row.light == Light::Yellow).unwrap().code.clone();
    month.lagging.push(Lagging { indicator: yellow, ..said });
    let letter = Letter::new(&sample::plan(), &sample::settings(), &month, Reader::LeadingGroup, None);
    assert_eq!(letter.more.as_deref(), Some("黄灯指标的滞后原因和下一步措施见附件“总览”。"));
}

#[test]
fn twenty_yellows_make_one_page_for_the_leading_group_and_all_are_told_to_their_department() {
    let mut month = sample::month();
    let yellow = month.tables[0].rows[1].clone();
    month.tables[0].rows.extend((0..19).map(|_| yellow.clone()));
    let all = letter(&month, Reader::LeadingGroup);
    assert_eq!(all.attention.iter().filter(|item| item.light == "yellow").count(), 10);
    assert_eq!(all.more.as_deref(), Some("另有黄灯10项，见附件“总览”。"));
    let own = letter(&month, Reader::Department(&department("jxt")));
    assert_eq!(own.attention.iter().filter(|item| item.light == "yellow").count(), 20);
    assert_eq!(own.more, None);
}

#[test]
fn grey_tiles_say_why_where_there_is_one_reason() {
    let mut month = sample::month();
    let grey = |month: &Month| letter(month, Reader::LeadingGroup).tiles.last().unwrap().word.clone();
    assert_eq!(grey(&month), "未报送");
    month.tables[0].rows[0].light = Light::Grey(crate::model::GreyReason::NotDue);
    assert_eq!(grey(&month), "灰");
}

#[test]
fn a_department_without_indicators_is_told_so() {
    let letter = letter(&sample::month(), Reader::Department(&department("jtt")));
    assert_eq!(letter.opening, ["现将2022年1—6月你厅参与举措的进展情况反馈如下，详见附件。本期没有由你厅负责的评价指标。"]);
    assert_eq!(letter.tiles, []);
}

#[test]
fn counts_only_leaves_every_figure_out() {
    let mut settings = sample::settings();
    settings.appearance.figures_in_mail = false;
    let (month, jxt) = (sample::corrected(), department("jxt"));
    for reader in [Reader::Department(&jxt), Reader::LeadingGroup] {
        let letter = Letter::new(&sample::plan(), &settings, &month, reader, None);
        let said = serde_json::to_string(&letter).unwrap();
        for figure in ["182.40", "1604.20", "19.6", "1610.35", "%"] {
            assert!(!said.contains(figure), "{figure} in {said}");
        }
        assert!(!letter.tiles.is_empty() && letter.attention.is_empty());
    }
}

#[test]
fn a_correction_says_cause_old_and_new_and_voids_the_version_before() {
    let letter = letter(&sample::corrected(), Reader::Department(&department("jxt")));
    assert_eq!(
        letter.corrections,
        ["因省经信厅重新报送技改投资分市表，技术改造投资1—6月全省累计由1610.35亿元更正为1604.20亿元，\
          完成率由46.0%更正为45.8%，亮灯不变，杭州分市数据相应更正。第1版作废。"]
    );
    assert!(letter.opening[0].starts_with("现将更正后的2022年1—6月"));
}

#[test]
fn a_correction_of_cities_alone_says_that_the_province_stays() {
    let mut month = sample::corrected();
    month.corrections.retain(|one| one.indicator == "6.2" && one.region.is_some());
    assert_eq!(
        letter(&month, Reader::LeadingGroup).corrections,
        ["因省经信厅重新报送技改投资分市表，技术改造投资1—6月全省数据不变，亮灯不变，杭州分市数据有更正。第1版作废。"]
    );
}

#[test]
fn a_rate_that_is_judged_no_more_was_reported_all_the_same() {
    let mut month = sample::corrected();
    month.corrections.retain(|one| one.indicator == "6.2" && one.region.is_none() && one.item == "完成年度目标");
    for correction in &mut month.corrections {
        correction.new = None;
    }
    let said = letter(&month, Reader::LeadingGroup).corrections.concat();
    assert!(said.contains("完成率由46.0%更正为“—”") && !said.contains("未报送"), "{said}");
}

#[test]
fn a_correction_of_earlier_months_names_them() {
    let mut month = sample::corrected();
    month.corrections.retain(|one| one.indicator == "6.2" && one.region.is_none());
    for (number, correction) in (3..).zip(&mut month.corrections) {
        correction.earlier = Period::new(2022, number);
    }
    let letter = letter(&month, Reader::LeadingGroup);
    assert_eq!(
        letter.corrections,
        ["因省经信厅重新报送技改投资分市表，技术改造投资1—3月累计由1610.35亿元更正为1604.20亿元，\
          1—4月完成年度目标由46.0%更正为45.8%，1—5月预计全年由3220.70亿元更正为3208.40亿元，亮灯不变。第1版作废。"]
    );
}

#[test]
fn a_restricted_figure_is_told_to_its_owner_and_the_leading_group_only() {
    let month = sample::corrected();
    let (fgw, jxt) = (department("fgw"), department("jxt"));
    let told = |reader| serde_json::to_string(&letter(&month, reader)).unwrap().contains("123.45");
    assert!(told(Reader::Department(&fgw)));
    assert!(told(Reader::LeadingGroup));
    assert!(!told(Reader::Department(&jxt)));
    // A light that moved is named by both its words.
    let said = letter(&month, Reader::Department(&fgw)).corrections.join("");
    assert!(said.contains("亮灯由黄变为红"), "{said}");
}

#[test]
fn a_version_without_moved_figures_says_so() {
    let month = Month { corrections: vec![], ..sample::corrected() };
    let letter = letter(&month, Reader::LeadingGroup);
    assert_eq!(letter.corrections, ["与第1版相比，各项指标数值没有变化，报送情况有更新。第1版作废。"]);
}

#[test]
fn nothing_foreign_breaks_a_line() {
    let mut month = sample::month();
    month.tables[0].rows[0].title = "先进\r\n制造\u{2028}业".to_owned();
    month.tables[0].rows[0].light = Light::Red;
    month.reporting[0].title = "名单\0\n".to_owned();
    let said = serde_json::to_string(&letter(&month, Reader::LeadingGroup)).unwrap();
    assert!(!said.contains("\\n") && !said.contains("\\r") && !said.contains('\u{2028}') && !said.contains("\\u0000"), "{said}");
}
