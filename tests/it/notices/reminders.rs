//! Who is reminded, when, and how often.

use wenjin::model::{DeliveryState, MailKind, Message, Period};
use wenjin::run::kit::Desk;
use wenjin::run::kit::progress::Silent;
use wenjin::run::letters::remind;
use wenjin::run::schedule::poll::Memory;
use wenjin::run::schedule::{due, job};

use super::desk;
use crate::harness::{Workspace, lay};

fn june() -> Period {
    Period::new(2022, 6).unwrap()
}

/// Sets the desk to `now` and lets the reminder job do its work.
fn remind_at(desk: &mut Desk, now: &str, period: Period) -> usize {
    desk.clock.now = format!("{now}+08:00").parse().unwrap();
    remind::remind(desk, period).unwrap()
}

fn reminders(desk: &Desk, period: Period) -> Vec<Message> {
    let rows = desk.ledger.outbox(Some(period)).unwrap();
    assert!(rows.iter().all(|row| row.message.kind != MailKind::Reminder || row.state == DeliveryState::Pending));
    rows.into_iter().map(|row| row.message).filter(|message| message.kind == MailKind::Reminder).collect()
}

fn text(message: &Message) -> String {
    mail_parser::MessageParser::default().parse(&message.bytes).unwrap().body_text(0).unwrap().into_owned()
}

/// The texts of the whole book of June's first version.
fn printed(workspace: &Workspace) -> String {
    let books = crate::harness::files(&workspace.path().join("var/reports/2022-06/v1"));
    let book = books.iter().find(|path| path.to_string_lossy().contains("_全省_")).unwrap();
    let mut package = zip::ZipArchive::new(std::fs::File::open(book).unwrap()).unwrap();
    let mut texts = String::new();
    std::io::Read::read_to_string(&mut package.by_name("xl/sharedStrings.xml").unwrap(), &mut texts).unwrap();
    texts
}

/// The shipped inbox without the files of these departments for June.
fn without(departments: &[&str]) -> Workspace {
    let workspace = Workspace::shipped();
    for file in crate::harness::files(&workspace.path().join("fixtures/inbox/2022-06")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if departments.iter().any(|department| name.contains(department)) {
            std::fs::remove_file(file).unwrap();
        }
    }
    workspace
}

#[test]
fn everyone_is_reminded_on_the_days_that_are_set_and_once_a_day() {
    let workspace = Workspace::shipped();
    let mut desk = desk(&workspace, "2022-07-01T09:00:00+08:00", &[]);
    // Lists are due on Friday 8 July: two working days before is Wednesday.
    assert_eq!(remind_at(&mut desk, "2022-07-05T09:00:00", june()), 0);
    let first = remind_at(&mut desk, "2022-07-06T09:00:00", june());
    assert_eq!(first, desk.plan.reporting_departments().count());
    assert_eq!(remind_at(&mut desk, "2022-07-06T10:00:00", june()), 0, "a second run on the day");
    assert_eq!(remind_at(&mut desk, "2022-07-07T09:00:00", june()), 0, "kept on its own day, so not made up for");
    let on_the_day = remind_at(&mut desk, "2022-07-08T09:00:00", june());
    assert!(on_the_day >= first - 2 && on_the_day <= first, "{on_the_day}");
    assert_eq!(remind_at(&mut desk, "2022-07-09T09:00:00", june()), 0, "a Saturday");
    // One working day after is Monday 11 July.
    assert_eq!(remind_at(&mut desk, "2022-07-11T09:00:00", june()), on_the_day);
    let names: std::collections::BTreeSet<String> = reminders(&desk, june()).iter().map(Message::eml_name).collect();
    assert_eq!(names.len(), first + 2 * on_the_day, "each has a file name of its own");
}

#[test]
fn only_those_who_owe_something_are_asked_and_only_for_that() {
    let workspace = without(&["省科技厅", "省能源局"]);
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let mut desk = desk(&workspace, "2022-07-11T09:00:00+08:00", &[]);
    assert!(remind_at(&mut desk, "2022-07-11T09:00:00", june()) >= 1);
    let told = reminders(&desk, june());
    let codes: std::collections::BTreeSet<&str> = told.iter().map(|message| message.department.0.as_str()).collect();
    assert!(codes.is_subset(&["kjt", "nyj"].into()), "{codes:?}");
    assert!(
        told.iter()
            .all(|message| message.version == 0 && message.recipients.iter().all(|to| to.starts_with("kjt") || to.starts_with("nyj")))
    );
    let said = text(&told[0]);
    assert!(said.contains("应于7月8日（星期五）17时前报送，目前尚未收到") && said.contains("联系人：张三，电话：0571-00000000"), "{said}");
    assert!(!said.contains("7月18日"), "what is due on the 18th is not asked for on the 11th: {said}");
}

#[test]
fn words_on_last_months_yellows_and_reds_are_asked_for_by_name_and_shown_to_the_office() {
    let workspace = without(&["省能源局"]);
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let mut desk = desk(&workspace, "2022-07-11T09:00:00+08:00", &[]);
    remind_at(&mut desk, "2022-07-11T09:00:00", june());
    let told = reminders(&desk, june());
    let said = text(told.iter().find(|message| message.department.0 == "nyj").unwrap());
    assert!(said.contains("下列指标上月为黄灯或红灯，请在“滞后指标说明”表中填报") && said.contains("14.1　风电开工规模"), "{said}");
    let page = workspace.json(&["outbox", "review", "--period", "2022-06"]);
    let line = page["review"]["unexplained"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<String>();
    assert!(line.starts_with("省能源局：风电开工规模"), "{page}");
    let said = printed(&workspace);
    assert!(
        said.contains("上月黄灯、红灯指标中，有2项未报送滞后原因和下一步措施：风电开工规模（省能源局）"),
        "the overview does not say so"
    );

    // The shipped month has words on all of them: nobody is asked, nothing is said.
    let whole = Workspace::shipped();
    whole.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let page = whole.json(&["outbox", "review", "--period", "2022-06"]);
    assert_eq!(page["review"]["unexplained"], serde_json::json!([]), "{page}");
}

#[test]
fn a_returned_file_is_asked_for_again_with_its_defects_and_an_accepted_one_no_more() {
    let workspace = Workspace::shipped();
    let inbox = workspace.path().join("fixtures/inbox/2022-03");
    let mended = crate::harness::files(&inbox).into_iter().find(|path| path.to_string_lossy().contains("修改后")).unwrap();
    let aside = workspace.path().join("aside.xlsx");
    std::fs::rename(&mended, &aside).unwrap();
    workspace.ok(&["run", "--period", "2022-03", "--no-mail"]);
    let march = Period::new(2022, 3).unwrap();
    let mut desk = desk(&workspace, "2022-04-11T09:00:00+08:00", &[]);
    let to_them = |desk: &Desk| -> Vec<String> {
        reminders(desk, march).iter().filter(|message| message.department.0 == "scjgj").map(text).collect()
    };
    // 8 April 2022 is a Friday; one working day after is Monday the 11th, three are Wednesday the 13th.
    remind_at(&mut desk, "2022-04-11T09:00:00", march);
    let mails = to_them(&desk);
    let [mail] = mails.as_slice() else { panic!("{} mails to 省市场监管局", mails.len()) };
    assert!(mail.contains("已退回修改，目前尚未收到修改件") && mail.contains("处须修改"), "{mail}");
    assert!(!mail.contains("前报送，目前尚未收到"), "every table came, in a file that was returned: {mail}");
    std::fs::rename(&aside, &mended).unwrap();
    workspace.ok(&["run", "--period", "2022-03", "--no-mail"]);
    remind_at(&mut desk, "2022-04-13T09:00:00", march);
    assert_eq!(to_them(&desk).len(), 1, "its mended file stands");
}

#[test]
fn a_day_nothing_ran_on_is_made_up_for_on_the_next_working_day_alone() {
    let workspace = Workspace::shipped();
    let mut late = desk(&workspace, "2022-07-07T08:00:00+08:00", &[]);
    assert!(remind_at(&mut late, "2022-07-07T08:00:00", june()) > 0, "Wednesday's reminder on Thursday");
    assert_eq!(remind_at(&mut late, "2022-07-07T09:00:00", june()), 0);
    let workspace = Workspace::shipped();
    let mut later = desk(&workspace, "2022-07-25T08:00:00+08:00", &[]);
    assert_eq!(remind_at(&mut later, "2022-07-25T08:00:00", june()), 0, "long over");
}

#[test]
fn who_has_handed_in_while_the_daemon_was_down_is_not_reminded() {
    let workspace = without(&["省经信厅"]);
    let mut desk = desk(&workspace, "2022-07-06T08:00:00+08:00", &[]);
    assert_eq!(due::tick(&mut desk).unwrap(), []);
    let shipped = Workspace::shipped();
    let june = shipped.path().join("fixtures/inbox/2022-06");
    let file = crate::harness::files(&june).into_iter().find(|path| path.to_string_lossy().contains("省经信厅")).unwrap();
    lay(&file, &workspace.path().join("fixtures/inbox/2022-06").join(file.file_name().unwrap()));
    // The reminder of nine o'clock and the newest poll are due together.
    desk.clock.now = "2022-07-06T09:50:00+08:00".parse().unwrap();
    for slot in due::tick(&mut desk).unwrap() {
        job::perform(&mut desk, &slot, &mut Memory::default(), &Silent).unwrap();
    }
    let reminded: Vec<String> = reminders(&desk, Period::new(2022, 6).unwrap()).into_iter().map(|mail| mail.department.0).collect();
    assert!(!reminded.contains(&"jxt".to_owned()), "{reminded:?}");
}

#[test]
fn a_january_that_goes_with_february_is_never_asked_for() {
    let workspace = Workspace::shipped();
    let mut desk = desk(&workspace, "2022-02-07T09:00:00+08:00", &[]);
    let january = Period::new(2022, 1).unwrap();
    for day in 7..=25 {
        assert_eq!(remind_at(&mut desk, &format!("2022-02-{day:02}T09:00:00"), january), 0, "{day} February");
    }
    let february = Period::new(2022, 2).unwrap();
    assert!(remind_at(&mut desk, "2022-03-08T09:00:00", february) > 0);
    let said = text(&reminders(&desk, february)[0]);
    assert!(said.contains("2022年1—2月调度数据"), "{said}");
}
