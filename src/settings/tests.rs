//! The shipped `config/wenjin.toml` with lines changed and variables set.

use std::path::Path;

use rstest::rstest;
use secrecy::ExposeSecret as _;

use super::*;

/// Loads the shipped settings with `old` replaced by `new` and the variables set.
fn loaded(old: &str, new: &str, variables: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/wenjin.toml")).unwrap();
    assert!(text.contains(old), "config/wenjin.toml no longer holds {old}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    std::fs::write(folder.path().join("config/wenjin.toml"), text.replacen(old, new, 1)).unwrap();
    std::fs::write(folder.path().join("robot"), "https://robot.example.cn/send?access_token=geheim\n").unwrap();
    let lookup = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    load(folder.path(), None, &lookup).map_err(|problems| problems.into_iter().map(|problem| problem.message).collect())
}

#[test]
fn the_shipped_schedule_has_every_job_once() {
    let settings = loaded("", "", &[]).unwrap();
    let kinds: Vec<JobKind> = settings.schedule.jobs.iter().map(|job| job.kind).collect();
    assert_eq!(kinds, JobKind::ALL);
    assert_eq!((settings.remind.before, settings.remind.after), (vec![2, 0], vec![1, 3]));
    assert!(settings.backup.folder.ends_with("var/backup"));
}

#[test]
fn variables_override_the_new_tables_too() {
    let variables = [("WENJIN_SCHEDULE_CATCH_UP", "all"), ("WENJIN_WEB_LISTEN", ""), ("WENJIN_MAIL_LIFETIME_HOURS", "5")];
    let settings = loaded("", "", &variables).unwrap();
    assert_eq!((settings.schedule.catch_up, settings.web.listen, settings.mail.pace.lifetime_hours), (CatchUp::All, None, 5));
}

#[rstest]
#[case("catch_up = \"latest\"", "catch_up = \"newest\"", "newest")]
#[case("listen = \"127.0.0.1:9464\"", "listen = \"0.0.0.0:9464\"", "can be reached from outside")]
#[case("listen = \"127.0.0.1:9464\"", "listen = \"9464\"", "is no address and port")]
#[case("name = \"poll\"", "name = \"pol\"", "pol")]
#[case("to = []", "to = [\"nobody\"]", "is no e-mail address")]
#[case("data = \"var\"", "data = \"\"", "the data folder has no name")]
fn a_slip_is_a_problem(#[case] old: &str, #[case] new: &str, #[case] said: &str) {
    let problems = loaded(old, new, &[]).unwrap_err();
    assert!(problems.iter().any(|problem| problem.contains(said)), "{problems:?}");
}

#[test]
fn an_empty_data_folder_in_a_variable_is_a_problem() {
    assert_eq!(loaded("", "", &[("WENJIN_STORE_DATA", "")]).unwrap_err(), ["the data folder has no name"]);
}

#[test]
fn a_robots_address_stands_in_a_file_and_is_never_shown() {
    let settings = loaded("# [[webhook]]\n# kind = \"dingtalk\"", "[[webhook]]\nurl_file = \"robot\"\nkind = \"dingtalk\"", &[]).unwrap();
    let webhook = &settings.alert.webhooks[0];
    assert!(webhook.url.expose_secret().ends_with("geheim"));
    assert!(!format!("{settings:?}").contains("geheim"));
    let problems = loaded("# [[webhook]]", "[[webhook]]\nkind = \"wecom\"\nurl = \"https://x\"\n# ", &[]).unwrap_err();
    assert!(problems.iter().any(|problem| problem.contains("has no key `url`")), "{problems:?}");
}
