use chrono::{DateTime, FixedOffset};
use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;
use crate::deliver::notice::alert::Told;
use crate::deliver::notice::draft::{Draft, Grounds, Unreported};
use crate::deliver::notice::reminder::Owed;
use crate::deliver::sample;
use crate::model::{Light, ReportState, ReportingRow};

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

fn june() -> Period {
    Period::new(2022, 6).unwrap()
}

/// The mail as a person's program takes it apart: the whole of it.
fn decoded(message: &Message) -> String {
    let mail = MessageParser::default().parse(&message.bytes).unwrap();
    let text = String::from_utf8(message.bytes.clone()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    let books: Vec<_> = mail.attachments().map(|book| book.attachment_name().unwrap().to_owned()).collect();
    let parts = [
        format!("{}\n{head}\n\nsubject: {}", message.eml_name(), mail.subject().unwrap()),
        format!("--- text\n{}\n--- html\n{}\n--- {books:?}", mail.body_text(0).unwrap(), mail.body_html(0).unwrap()),
    ];
    parts.join("\n").replace("\r\n", "\n")
}

fn settings() -> Settings {
    let mut settings = sample::settings();
    settings.alert.to = vec!["值守 <zhiban@example.cn>".to_owned()];
    settings
}

fn reminder(rows: &[ReportingRow], now: &str) -> Message {
    let plan = sample::plan();
    let jxt = plan.department(&sample::code("jxt")).unwrap();
    let owed: Vec<Owed<'_>> = rows
        .iter()
        .map(|row| Owed {
            row,
            to_mend: if row.state == ReportState::Returned { 3 } else { 0 },
            to_explain: if row.state == ReportState::Returned { 2 } else { 0 },
            is_marked: true,
        })
        .collect();
    reminder::compose(&plan, &sample::settings(), jxt, june(), (&owed, &[]), at(now)).unwrap()
}

fn rows() -> Vec<ReportingRow> {
    let mut rows = sample::month().reporting;
    rows.retain(|row| matches!(row.state, ReportState::Missing | ReportState::Returned));
    rows
}

#[test]
fn a_reminder_before_the_due_day() {
    insta::assert_snapshot!(decoded(&reminder(&rows(), "2022-07-06T09:00:00+08:00")));
}

#[test]
fn a_reminder_after_the_due_day() {
    insta::assert_snapshot!(decoded(&reminder(&rows(), "2022-07-11T09:00:00+08:00")));
}

#[test]
fn subjects_say_by_when_and_whether_again() {
    let subject = |state: ReportState, now: &str| {
        let rows = [sample::owed("future_factories", "未来工厂名单", state, 8)];
        reminder(&rows, now).subject.replace("【样例数据　非真实数据】", "")
    };
    let (before, on_the_hour) = ("2022-07-08T16:59:00+08:00", "2022-07-08T17:00:00+08:00");
    assert_eq!(subject(ReportState::Missing, before), "【报送提醒】请于7月8日（星期五）17时前报送2022年6月调度数据");
    assert_eq!(subject(ReportState::Returned, before), "【报送提醒】请于7月8日（星期五）17时前重新报送2022年6月调度数据");
    assert_eq!(subject(ReportState::Missing, on_the_hour), "【报送提醒】2022年6月调度数据尚未收到，请尽快报送");
    assert_eq!(subject(ReportState::Returned, on_the_hour), "【报送提醒】2022年6月调度数据退回修改后尚未收到，请尽快重新报送");
}

#[test]
fn words_on_what_is_behind_are_asked_for_beside_what_is_owed_and_alone() {
    let plan = sample::plan();
    let jxt = plan.department(&sample::code("jxt")).unwrap();
    let titles = ["6.2　技术改造投资".to_owned()];
    let rows = rows();
    let owed: Vec<Owed<'_>> = rows.iter().map(|row| Owed { row, to_mend: 0, to_explain: 0, is_marked: false }).collect();
    let mail = |owed: &[Owed<'_>]| {
        decoded(&reminder::compose(&plan, &sample::settings(), jxt, june(), (owed, &titles), at("2022-07-06T09:00:00+08:00")).unwrap())
    };
    let beside = mail(&owed);
    assert!(beside.contains("请在“滞后指标说明”表中填报滞后原因") && beside.contains("6.2　技术改造投资"), "{beside}");
    assert!(beside.contains("subject: 【报送提醒】请于7月8日"), "{beside}");
    let alone = mail(&[]);
    assert!(alone.contains("subject: 【报送提醒】请补报2022年6月滞后指标说明") && alone.contains("滞后指标说明尚不完整"), "{alone}");
}

#[test]
fn the_same_day_and_words_are_the_same_mail_and_another_day_is_another() {
    let (first, again) = (reminder(&rows(), "2022-07-06T09:00:00+08:00"), reminder(&rows(), "2022-07-06T09:00:00+08:00"));
    assert_eq!(first, again);
    let later = reminder(&rows(), "2022-07-08T09:00:00+08:00");
    assert_ne!((&first.message_id, first.eml_name()), (&later.message_id, later.eml_name()));
    assert_eq!(first.day(), at("2022-07-06T00:00:00+08:00").date_naive().into());
}

#[test]
fn an_alert_and_its_end() {
    let (plan, settings) = (sample::plan(), settings());
    let told = |over, text, now| {
        let told = Told { key: "delivery.failed:2022-06:jxt", text, over, now: at(now) };
        let mail = alert::compose(&plan, &settings, june(), &told).unwrap().unwrap();
        format!("{}\n=== robot\n{}", decoded(&mail), alert::notice(&plan, &told))
    };
    insta::assert_snapshot!(told(false, "发送给省经信厅的邮件未能送达。", "2022-07-20T18:05:00+08:00"));
    insta::assert_snapshot!(told(true, "相关邮件已送达。", "2022-07-20T19:00:00+08:00"));
}

#[test]
fn a_robot_is_told_no_free_text_and_nothing_unknown_of_a_key() {
    let told = Told {
        key: "source.unreachable:https://host/x?token=geheim:123.45",
        text: "投资123.45亿元 zhangsan@example.cn",
        over: false,
        now: at("2022-07-20T18:05:00+08:00"),
    };
    let said = alert::notice(&sample::plan(), &told);
    assert!(said.starts_with("【告警】数据来源无法访问\n"), "{said}");
    for secret in ["123", "@", "geheim", "http", "host"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn the_operator_gets_nothing_where_he_has_no_address() {
    let told = Told { key: "job.failed", text: "", over: false, now: at("2022-07-20T18:05:00+08:00") };
    assert_eq!(alert::compose(&sample::plan(), &sample::settings(), june(), &told).unwrap(), None);
}

fn drafts(settings: &Settings) -> Vec<Draft> {
    let (plan, month) = (sample::plan(), sample::month());
    let department = plan.department(&sample::code("jxt")).unwrap();
    let reds = month.rows().filter(|row| row.light == Light::Red && row.owner == department.code).collect();
    let periods = vec![june().previous(), june()];
    let unreported = vec![Unreported { title: "未来工厂名单".to_owned(), periods }];
    vec![Draft::new(&plan, settings, june(), &Grounds { department, reds, unreported })]
}

#[test]
fn drafts_as_the_operator_reads_them() {
    let settings = settings();
    let mail = |now| draft::compose(&sample::plan(), &settings, june(), &drafts(&settings), at(now)).unwrap().unwrap();
    let first = mail("2022-07-20T18:00:00+08:00");
    insta::assert_snapshot!(decoded(&first));
    assert_eq!(first.message_id, mail("2022-07-22T18:00:00+08:00").message_id, "the same drafts on another day are the same mail");
    assert_eq!(first.recipients, ["zhiban@example.cn"]);
}

#[test]
fn a_draft_keeps_figures_back_where_mails_do() {
    let mut settings = settings();
    settings.appearance.figures_in_mail = false;
    assert!(drafts(&settings)[0].lines.contains(&"1.节能降碳技改投资（十三）：连续3期红灯。".to_owned()), "{:?}", drafts(&settings));
}

/// The month with one of everything the page tells.
fn eventful() -> crate::model::Month {
    use rust_decimal::dec;
    let mut month = sample::corrected();
    let rows = &mut month.tables[0].rows;
    rows[0].previous_light = Some(Light::Yellow);
    rows[1].previous_light = Some(Light::Green);
    rows[1].month_growth_pct = Some(dec!(-50.0));
    rows[4].previous_light = Some(Light::Yellow);
    rows[4].growth_pct = Some(dec!(49.9));
    month
}

#[test]
fn the_gates_page_with_the_draft_book() {
    let book = Attachment { department: None, file_name: "2022年6月_全省_第2版.xlsx", bytes: b"PK" };
    let mail = review::compose(&sample::plan(), &settings(), &eventful(), &review::Beside::default(), Some(book)).unwrap().unwrap();
    insta::assert_snapshot!(decoded(&mail));
}

#[test]
fn a_book_that_is_too_large_stays_away_and_the_page_goes() {
    let mut settings = settings();
    settings.mail.attachment_bytes_max = 1;
    let book = Attachment { department: None, file_name: "b.xlsx", bytes: b"PK" };
    let mail = review::compose(&sample::plan(), &settings, &eventful(), &review::Beside::default(), Some(book)).unwrap().unwrap();
    assert!(decoded(&mail).contains("全书草稿未随信附上") && decoded(&mail).ends_with("--- []"));
}

#[test]
fn a_change_jumps_at_the_threshold_and_not_below_it() {
    let jumps = |pct| {
        let mut settings = settings();
        settings.mail.review.jump_pct = pct;
        review::Review::new(&sample::plan(), &settings, &eventful(), &review::Beside::default()).jumps
    };
    assert_eq!(jumps(rust_decimal::dec!(50)), ["技术改造投资（六，省经信厅）：当月环比下降50.0%。"]);
    assert_eq!(jumps(rust_decimal::dec!(49.9)).len(), 2);
    assert!(jumps(rust_decimal::dec!(50.1)).is_empty());
}

#[test]
fn the_page_stays_one_page() {
    let mut month = eventful();
    let one = month.tables[0].rows[1].clone();
    for number in 0..40 {
        month.tables[0].rows.push(crate::model::IndicatorRow { code: format!("9.{number}"), ..one.clone() });
    }
    let text = review::text(&sample::plan(), &settings(), &month, &review::Beside::default()).unwrap();
    assert!(text.contains("另有33条，详见全书。"), "{text}");
    assert!(text.lines().count() <= 60, "{} lines", text.lines().count());
}

#[test]
fn the_gates_page_asks_for_a_release_only_where_mails_wait() {
    let closing = |mails: review::Mails| {
        let beside = review::Beside { mails: Some(mails), ..review::Beside::default() };
        let text = review::text(&sample::plan(), &settings(), &eventful(), &beside).unwrap();
        let last = text.lines().map(str::trim).find(|line| line.starts_with("本版")).unwrap().to_owned();
        assert_eq!(text.contains("outbox release"), mails.held > 0, "{text}");
        last
    };
    let none = review::Mails::default();
    assert_eq!(closing(review::Mails { sent: 11, ..none }), "本版邮件已发出11封，没有待签发的邮件。");
    assert_eq!(
        closing(review::Mails { sent: 9, pending: 1, troubled: 1, ..none }),
        "本版邮件已发出9封，已签发待发出1封，发送失败或者结果不明1封，没有待签发的邮件。"
    );
    assert!(closing(review::Mails { sent: 1, held: 10, ..none }).starts_with("本版邮件已发出1封，还有10封待签发。签发："));
    assert_eq!(review::Mails { held: 11, ..none }.words(), "各单位邮件已备好待签发。");
    assert_eq!(closing(none), "本版没有需要发出的邮件。");
}
