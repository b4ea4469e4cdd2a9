//! The gate, end to end with the real program: hold, look, sign, release; or drop.

use mail_parser::MimeHeaders as _;

use super::{desk, edit, name_operator};
use crate::harness::{Workspace, files};

/// Names of the mails in the folder of the file transport.
fn mails(workspace: &Workspace) -> Vec<String> {
    files(&workspace.path().join("var/mail")).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn to_departments(workspace: &Workspace) -> usize {
    mails(workspace).iter().filter(|name| !name.contains("_operator_")).count()
}

fn held() -> Workspace {
    let workspace = Workspace::shipped();
    edit(&workspace, "gate = \"auto\"", "gate = \"hold\"");
    name_operator(&workspace);
    workspace.ok(&["run", "--period", "2022-06"]);
    workspace
}

#[test]
fn no_department_gets_a_mail_before_the_release_and_the_operator_gets_book_and_page() {
    let workspace = held();
    assert_eq!(to_departments(&workspace), 0, "{:?}", mails(&workspace));
    let page = workspace.ok(&["outbox", "review", "--period", "2022-06"]);
    for heading in ["亮灯变化", "数值异动", "未报送情况", "更正情况", "拟稿：", "wenjin outbox release --period 2022-06"]
    {
        assert!(page.contains(heading), "{heading} is not on the page:\n{page}");
    }
    let beside = std::fs::read_to_string(workspace.path().join("var/reports/2022-06/v1/发布前核对_2022年6月_第1版.txt")).unwrap();
    assert_eq!(beside.trim_end(), page.trim_end(), "the page beside the workbooks is the page that is printed");

    let folder = workspace.path().join("var/mail");
    let mail = mails(&workspace)
        .into_iter()
        .map(|name| std::fs::read(folder.join(name)).unwrap())
        .find(|bytes| mail_parser::MessageParser::default().parse(bytes).unwrap().subject().unwrap().starts_with("【待签发】"));
    let mail = mail.expect("the operator gets the page");
    let mail = mail_parser::MessageParser::default().parse(&mail).unwrap();
    let book = mail.attachments().next().expect("with the draft of the whole book");
    assert!(book.attachment_name().unwrap().contains("_全省_"));
    let on_disk =
        files(&workspace.path().join("var/reports/2022-06/v1")).into_iter().find(|path| path.to_string_lossy().contains("_全省_"));
    assert_eq!(book.contents(), std::fs::read(on_disk.unwrap()).unwrap());
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n").split("亮灯变化").count(), 2);

    let before = mails(&workspace);
    workspace.ok(&["run", "--period", "2022-06"]);
    assert_eq!(mails(&workspace), before, "the same version is told once");
}

#[test]
fn a_release_sends_and_the_audit_keeps_who_signed() {
    let workspace = held();
    let names = ["--drafted-by", "张三", "--reviewed-by", "李四", "--issued-by", "王五"];
    let mut release = workspace.command(&[&["outbox", "release", "--period", "2022-06"][..], &names].concat());
    let output = release.env("LOGNAME", "zhangsan").env_remove("SUDO_USER").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(to_departments(&workspace), 11);
    let audit = workspace.json(&["audit", "--period", "2022-06"]);
    let rows = audit["audit"].as_array().unwrap();
    let signed = rows.iter().find(|row| row["action"] == "gate.signed").expect("the signatures are in the audit");
    assert_eq!(
        (&signed["subject"], &signed["detail"], &signed["actor"]),
        (&"2022-06 v1".into(), &"拟稿 张三，审核 李四，签发 王五".into(), &"zhangsan".into())
    );
    assert_eq!(signed["at"], crate::harness::NOW);
    assert_eq!(rows.iter().filter(|row| row["action"] == "outbox.written" && row["actor"] == "zhangsan").count(), 11);
    assert!(workspace.ok(&["audit", "--limit", "3"]).lines().count() == 3);
    let again = workspace.run(&["outbox", "release", "--period", "2022-06"]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("no mail of 2022-06 is held"));
}

#[test]
fn a_release_without_the_names_that_are_asked_for_sends_nothing() {
    let workspace = held();
    edit(&workspace, "sign_off = false", "sign_off = true");
    for names in [&[][..], &["--drafted-by", "张三", "--reviewed-by", "李四", "--issued-by", " "]] {
        let refused = workspace.run(&[&["outbox", "release", "--period", "2022-06"][..], names].concat());
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("--issued-by"));
    }
    // One mail is no way round the gate, and neither is another word for sending it.
    let listed = workspace.json(&["outbox", "list", "--period", "2022-06"]);
    let first = listed["messages"].as_array().unwrap().iter().find(|row| row["state"] == "held").unwrap()["id"].to_string();
    for act in ["release", "retry"] {
        let refused = workspace.run(&["outbox", act, "--id", &first, "--reason", "急"]);
        assert_eq!(refused.status.code(), Some(1), "{act}");
    }
    assert_eq!(to_departments(&workspace), 0);
    let signed = |workspace: &Workspace| -> Vec<String> {
        let audit = workspace.json(&["audit", "--limit", "1000"]);
        let rows = audit["audit"].as_array().unwrap().iter().filter(|row| row["action"] == "gate.signed");
        rows.map(|row| row["subject"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(signed(&workspace), [""; 0]);
    let names = ["--drafted-by", "甲", "--reviewed-by", "乙", "--issued-by", "丙"];
    workspace.ok(&[&["outbox", "release", "--id", &first, "--reason", "急"][..], &names].concat());
    assert_eq!((to_departments(&workspace), signed(&workspace)), (1, vec![format!("2022-06 v1 mail {first}")]));
    workspace.ok(&[&["outbox", "release", "--period", "2022-06"][..], &names].concat());
    assert_eq!(to_departments(&workspace), 11);
}

#[test]
fn what_is_cancelled_never_leaves() {
    let workspace = held();
    workspace.ok(&["outbox", "cancel", "--period", "2022-06"]);
    workspace.run(&["outbox", "release", "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    assert_eq!(to_departments(&workspace), 0);
}

#[test]
fn a_correction_waits_for_a_release_of_its_own() {
    let workspace = held();
    workspace.ok(&["outbox", "release", "--period", "2022-06", "--issued-by", "王五"]);
    let later = files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    workspace.ok(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    assert_eq!(to_departments(&workspace), 11, "the correction is held");
    let page = workspace.ok(&["outbox", "review", "--period", "2022-06"]);
    assert!(page.contains("第2版") && page.contains("更正为"), "{page}");
    workspace.ok(&["outbox", "release", "--period", "2022-06", "--issued-by", "赵六"]);
    assert_eq!(to_departments(&workspace), 15);
    let audit = workspace.json(&["audit", "--period", "2022-06"]);
    let signed: Vec<_> = audit["audit"].as_array().unwrap().iter().filter(|row| row["action"] == "gate.signed").collect();
    assert_eq!(signed.len(), 2);
    assert_eq!((&signed[1]["subject"], &signed[1]["detail"]), (&"2022-06 v2".into(), &"签发 赵六".into()));
}

#[test]
fn the_page_tells_what_was_told_and_asks_for_a_release_only_while_mails_wait() {
    let workspace = held();
    let page = |workspace: &Workspace| workspace.ok(&["outbox", "review", "--period", "2022-06"]);
    workspace.ok(&["outbox", "release", "--period", "2022-06", "--issued-by", "王五"]);
    let sent = page(&workspace);
    assert!(sent.contains("本版邮件已发出11封，没有待签发的邮件。") && !sent.contains("outbox release"), "{sent}");

    let later = files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    workspace.ok(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    let told = |workspace: &Workspace| workspace.json(&["outbox", "review", "--period", "2022-06"])["review"]["corrected"].clone();
    let before = told(&workspace);
    assert!(
        before.to_string().contains("省经信厅重新报送2022年6月技术改造投资分市情况") && page(&workspace).contains("待签发"),
        "{before}"
    );

    // Whatever comes afterwards is no cause of what this version corrected.
    let faulty = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/findings/unreadable-number.xlsx");
    let returned = workspace.run(&["submit", faulty.to_str().unwrap(), "--department", "jxt", "--period", "2022-06"]);
    assert_eq!(returned.status.code(), Some(10), "{}", String::from_utf8_lossy(&returned.stdout));
    assert_eq!(told(&workspace), before);
    let hash = blake3::hash(&std::fs::read(correction).unwrap()).to_hex().to_string();
    workspace.ok(&["submission", "withdraw", &hash, "--reason", "误报"]);
    assert_eq!(told(&workspace), before);
}

#[test]
fn the_page_tells_cities_that_stand_still_and_how_the_checks_fared() {
    let workspace = Workspace::shipped();
    workspace.ok(&["backfill", "--from", "2022-02", "--to", "2022-06", "--no-mail"]);
    let review = workspace.json(&["outbox", "review", "--period", "2022-06"])["review"].clone();
    let lines = |key: &str| review[key].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    // Every question of the shipped months by its check, with what came of it; counted from what `status` tells of the files.
    let mut asked = std::collections::BTreeMap::new();
    for month in ["2022-02", "2022-03", "2022-04", "2022-05", "2022-06"] {
        let status = workspace.json(&["status", "--period", month]);
        for file in status["submissions"].as_array().unwrap() {
            for finding in file["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "explain") {
                *asked.entry(finding["code"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            }
        }
    }
    assert!(!asked.is_empty() && lines("checks").len() == asked.len(), "{asked:?} {:?}", lines("checks"));
    assert!(!lines("colours").is_empty() && !lines("jumps").is_empty(), "{review}");
    let page = workspace.ok(&["outbox", "review", "--period", "2022-06"]);
    assert!(
        page.contains("近12个月审核提问情况") && lines("checks").iter().all(|line| page.contains(line.trim_end_matches('。'))),
        "{page}"
    );
}

#[test]
fn without_an_operators_address_nothing_is_lost() {
    let workspace = Workspace::shipped();
    let run = workspace.run(&["run", "--period", "2022-06", "--hold"]);
    assert!(String::from_utf8_lossy(&run.stderr).contains("wenjin outbox review"), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(mails(&workspace).is_empty());
    assert!(workspace.ok(&["outbox", "review", "--period", "2022-06"]).contains("亮灯变化"));
    let drafts = workspace.json(&["drafts", "--period", "2022-06"]);
    assert!(!drafts["drafts"].as_array().unwrap().is_empty());
}

#[test]
fn drafts_go_to_the_operator_once_and_to_no_department() {
    let workspace = Workspace::shipped();
    name_operator(&workspace);
    workspace.ok(&["run", "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    let desk = desk(&workspace, crate::harness::NOW, &[]);
    let drafts: Vec<_> =
        desk.ledger.outbox(None).unwrap().into_iter().filter(|one| one.message.subject.starts_with("【代拟稿】")).collect();
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].message.recipients, ["zhiban@example.cn"]);
    let printed = workspace.ok(&["drafts", "--period", "2022-06"]);
    assert!(printed.contains("省能源局：") && printed.contains("连续5期红灯") && printed.contains("代拟稿"), "{printed}");
}

#[test]
fn a_letter_is_drafted_after_two_months_without_a_report() {
    let workspace = Workspace::shipped();
    name_operator(&workspace);
    for period in ["2022-05", "2022-06"] {
        for path in files(&workspace.path().join("fixtures/inbox").join(period)) {
            if path.to_string_lossy().contains("省工商联") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    let drafts = |now: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wenjin"));
        let output =
            command.arg("--workspace").arg(workspace.path()).args(["--now", now, "drafts", "--period", "2022-06"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    workspace.ok(&["run", "--period", "2022-06"]);
    let late = drafts("2022-07-21T09:00:00+08:00");
    assert!(late.contains("省工商联：") && late.contains("连续2期未报送（2022年5月、2022年6月）"), "{late}");
    // Before the day is over nobody is late.
    assert!(!drafts("2022-07-01T09:00:00+08:00").contains("省工商联："));
}
