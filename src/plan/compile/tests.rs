//! Whole workspaces through the compiler: the sound plan of `fixtures/plans/sound` with one line changed, and ten faults at once.

use std::path::PathBuf;

use rstest::rstest;

use super::*;

mod validity;

const CONFIG: [&str; 6] = ["wenjin", "departments", "regions", "actions", "lights", "calendar"];

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans").join(name)
}

/// The sound plan with `old` replaced by `new` in one file.
fn changed(file: &str, old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let configs = CONFIG.iter().map(|name| format!("config/{name}.toml"));
    let pipelines = ["pipelines/m01-upgrade.toml", "pipelines/m02-policies.toml"].map(str::to_owned);
    for name in configs.chain(pipelines) {
        let mut text = std::fs::read_to_string(fixtures("sound").join(&name)).unwrap();
        if name == file {
            assert!(text.contains(old), "{file} does not hold {old}");
            text = text.replacen(old, new, 1);
        }
        let path = folder.path().join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn compile_at(folder: &Path) -> Result<(Settings, Plan), Vec<Problem>> {
    workspace(folder, None, &|_| None, None)
}

/// The problems, each as `underlined: message`.
fn problems_of(folder: &Path) -> Vec<String> {
    let Err(problems) = compile_at(folder) else { return Vec::new() };
    problems.iter().map(|problem| format!("{}: {}", problem.source.get(problem.span.clone()).unwrap_or(""), problem.message)).collect()
}

#[test]
fn the_sound_plan_compiles() {
    let (settings, plan) =
        compile_at(&fixtures("sound")).unwrap_or_else(|problems| panic!("{}", crate::present::problems::render(&problems, false)));
    assert_eq!((plan.measures.len(), plan.indicators().count(), plan.datasets.len()), (2, 6, 3));
    assert!(settings.data.ends_with("sound/var"));
    let completed = plan.indicators().find(|(_, indicator)| indicator.code == "1.2").unwrap().1;
    let crate::plan::Calculation::Simple { value, .. } = &completed.calculation else { panic!("{completed:?}") };
    assert_eq!(value.sql, "COUNT(*) FILTER (WHERE stage = '竣工' AND landed = true)");
    assert_eq!(value.columns, ["landed", "stage"]);
    assert_eq!(plan.dataset("projects").unwrap().rules[0].expression, "paid >= CAST('0.5' AS DECIMAL(38,1)) OR stage <> '竣工'");
}

#[test]
fn ten_faults_are_all_told_at_once() {
    let problems = compile_at(&fixtures("ten-faults")).unwrap_err();
    insta::assert_snapshot!(crate::present::problems::render(&problems, false));
}

#[rstest]
#[case::unknown_key("type = \"flag\"", "type = \"flag\"\nrequierd = true", "requierd: `[[dataset.column]]` has no key `requierd`")]
#[case::float("level = \"3500\"", "level = 3500.5", "3500.5: `level` is the float 3500.5, which is not exact")]
#[case::unknown_unit("unit = \"辆\"", "unit = \"台套\"", "\"台套\": unknown unit `台套`")]
#[case::unknown_choice("shape = \"form\"", "shape = \"from\"", "\"from\": `shape` cannot be `from`")]
#[case::nobody_hands_in("from = [\"jxt\", \"fgw\"]", "from = []", "[]: nobody hands in this dataset")]
#[case::silent_department("from = [\"jxt\", \"fgw\"]", "from = [\"dwdw\"]", "\"dwdw\": department `dwdw` hands in nothing")]
#[case::key_missing("key = [\"code\"]", "key = [\"cod\"]", "\"cod\": the key names column `cod`")]
#[case::matrix_without_region("type = \"region\", required = true", "type = \"text\"", "\"matrix\": a matrix needs a column of regions")]
#[case::form_without_items("items = [\"新能源汽车\"]", "items = []", "[]: a form expects items")]
#[case::bad_regex("^[0-9]+$", "^[0-9+$", "is no regular expression: unclosed character class")]
#[case::min_over_max("max = \"9000\"", "max = \"-1\"", "\"-1\": `max` -1 lies below `min` 0")]
#[case::last_year_of("last_year_of = \"paid_total\"", "last_year_of = \"paid\"", "\"paid\": `last_year_of` names column `paid`")]
#[case::rule_column("paid >= 0.5 OR", "payd >= 0.5 OR", "payd: the expression reads `payd`, which dataset `projects` does not have")]
#[case::rule_message("完成投资{paid}万元", "完成投资{payd}万元", "payd: the rule names `payd`")]
#[case::rule_over_table(
    "SUM(staff) > 0\"\nscope = \"table\"",
    "SUM(staff) > 0\"",
    "SUM(staff): `SUM` reads the whole table where one row is meant"
)]
#[case::unknown_dataset("dataset = \"output\"", "dataset = \"outptu\"", "\"outptu\": no dataset `outptu` is declared")]
#[case::no_dataset("dataset = \"output\"\n", "", "[[indicator]]: `[[indicator]]` lacks `dataset`")]
#[case::unknown_column("SUM(paid_last_year)", "SUM(paid_lst_year)", "paid_lst_year: the expression reads `paid_lst_year`")]
#[case::unlike_units(
    "value = \"SUM(paid_total)\"",
    "value = \"SUM(paid_total) + COUNT(*)\"",
    "SUM(paid_total) + COUNT(*): 亿元 and a number without a unit do not mix"
)]
#[case::unlike_sizes(
    "value = \"SUM(paid_total)\"",
    "value = \"SUM(paid_total) + SUM(planned)\"",
    "亿元 and 万元 stand side by side unconverted"
)]
#[case::indicator_unit("unit = \"万辆\"", "unit = \"亿元\"", "this value is in 辆, which does not convert to the indicator's 亿元")]
#[case::bare_number(
    "value = \"SUM(cars)\"",
    "value = \"COUNT(*) FILTER (WHERE cars > 0)\"\nlast_year = \"SUM(cars) / 2\"",
    "SUM(cars) / 2: `/` cuts decimals off"
)]
#[case::average("value = \"SUM(cars)\"", "value = \"AVG(cars)\"", "`AVG` is a mean of rows")]
#[case::decimal_times_decimal(
    "value = \"SUM(paid_total)\"",
    "value = \"SUM(paid_total * 0.5)\"",
    "paid_total * 0.5: a decimal times a decimal is not exact"
)]
#[case::sum_of_percent("value = \"SUM(paid_total)\"", "value = \"SUM(growth)\"", "growth: percentages do not add up")]
#[case::bare_column("value = \"SUM(paid_total)\"", "value = \"paid_total\"", "paid_total: column `paid_total` stands outside an aggregate")]
#[case::bare_flag("landed = TRUE\"", "landed\"", "landed: a flag alone is no condition")]
#[case::choice_in_expression("where = \"stage = '竣工'", "where = \"stage = '峻工'", "'峻工': `峻工` is none of the column's choices")]
#[case::date_as_text("where = \"stage = '竣工'", "where = \"signed_on > '2022-01-01'", "'2022-01-01': a date is compared with a text")]
#[case::no_sql("value = \"SUM(paid_total)\"", "value = \"SUM(paid_total\"", "this is no SQL expression")]
#[case::other_function("value = \"SUM(paid_total)\"", "value = \"SQRT(paid_total)\"", "the function `SQRT` is not allowed")]
#[case::cumulative_of_no_flow(
    "kind = \"simple\"\ndataset = \"investment\"",
    "kind = \"cumulative\"\ndataset = \"investment\"",
    "is not a flow"
)]
#[case::simple_of_flow("kind = \"cumulative\"", "kind = \"simple\"", "dataset `output` is a flow")]
#[case::wrong_key_for_kind(
    "value = \"SUM(cars)\"",
    "value = \"SUM(cars)\"\nnumerator = \"SUM(cars)\"",
    "`numerator` does not go with this kind"
)]
#[case::share_of_unlike("denominator = \"SUM(paid)\"", "denominator = \"COUNT(*)\"", "a share in % holds like against like")]
#[case::duplicate_indicator("code = \"1.6\"", "code = \"1.4\"", "\"1.4\": indicator `1.4` is declared twice")]
#[case::foreign_indicator("code = \"1.6\"", "code = \"2.6\"", "`2.6` is no indicator code of this measure")]
#[case::derived_from_nothing("\"1.2\" + \"1.6\"", "\"1.2\" + \"1.9\"", "\"1.9\": no indicator `1.9` is declared")]
#[case::cyclic("\"1.2\" + \"1.6\"", "\"1.2\" + \"1.5\"", "indicator `1.5` rests on itself: 1.5 → 1.5")]
#[case::owner_elsewhere(
    "owner = \"jxt\"\nunit = \"亿元\"",
    "owner = \"fgw\"\nunit = \"亿元\"",
    "\"fgw\": owner `fgw` is not among the measure's departments"
)]
#[case::unknown_department(
    "departments = [\"jxt\"]",
    "departments = [\"jtx\"]",
    "\"jtx\": no department `jtx` stands in config/departments.toml"
)]
#[case::unknown_action("action = 1", "action = 9", "9: no action 9 stands in config/actions.toml")]
#[case::reported_nowhere("reported_growth = \"investment.growth\"\n", "", "growth is `reported`, but nothing says where")]
#[case::growth_without_basis(
    "growth = \"reported\"\nreported_growth = \"investment.growth\"\n",
    "",
    "the target names a growth, but the indicator has none"
)]
#[case::empty_target("level = \"3500\"\ngrowth = \"10\"\n", "", "the target names neither a level nor a growth")]
#[case::tracking_with_target("value = \"SUM(cars)\"", "value = \"SUM(cars)\"\ntracking = true", "a tracking indicator has no target")]
#[case::no_target_no_tracking("tracking = true\n", "", "this indicator has neither a target nor `tracking = true`")]
#[case::unordered_checkpoints(
    "{ month = 12, pct = \"100\" }",
    "{ month = 5, pct = \"100\" }",
    "5: checkpoint month 5 does not come after 6"
)]
#[case::unfinished_checkpoints("pct = \"100\" }]", "pct = \"90\" }]", "\"90\": the last checkpoint is 90 %, not 100 %")]
#[case::short_curve("\"95\", \"100\"]", "\"100\"]", "the curve has 11 months, not twelve")]
#[case::unknown_region("\"330100\" = \"600\"", "\"330900\" = \"600\"", "no region `330900` stands in config/regions.toml")]
#[case::duplicate_dataset("code = \"output\"", "code = \"projects\"", "dataset `projects` is declared twice")]
#[case::duplicate_column("name = \"staff\"", "name = \"paid\"", "\"paid\": column `paid` is declared twice")]
#[case::task_code("code = \"1-1\"", "code = \"2-1\"", "`2-1` is no task code of this measure")]
#[case::syntax("title = \"产量\"\nfrom", "title = 产量\nfrom", "this is not TOML")]
fn each_fault_of_a_pipeline_is_told_at_its_place(#[case] old: &str, #[case] new: &str, #[case] expected: &str) {
    let folder = changed("pipelines/m01-upgrade.toml", old, new);
    let problems = problems_of(folder.path());
    assert!(problems.iter().any(|problem| problem.contains(expected)), "expected {expected:?}, found {problems:#?}");
    assert!(problems.len() <= 3, "one fault, many messages: {problems:#?}");
}

#[rstest]
#[case::cron("wenjin", "0 18 20 * *", "0 25 20 * *", "is no cron expression")]
#[case::cron_fields("wenjin", "0 18 20 * *", "0 18 20 *", "it has 4 fields")]
#[case::zone("wenjin", "Asia/Shanghai", "Asia/Shangai", "unknown time zone `Asia/Shangai`")]
#[case::address("wenjin", "wenjin@example.cn", "wenjin.example.cn", "is no e-mail address")]
#[case::plain_smtp("wenjin", "file:mail", "smtp://relay.example.cn:25", "plain SMTP would carry the mails unprotected")]
#[case::job("wenjin", "name = \"cut-off\"", "name = \"cutoff\"", "`name` cannot be `cutoff`")]
#[case::department_twice("departments", "code = \"fgw\"", "code = \"jxt\"", "department `jxt` is declared twice")]
#[case::name_twice("departments", "name = \"省发展改革委\"", "name = \"省经信厅\"", "`省经信厅` already stands for department `jxt`")]
#[case::no_mail("departments", "to = [\"jxt@example.cn\"]\n", "", "lacks `to`")]
#[case::region_twice("regions", "330200", "330100", "region `330100` is declared twice")]
#[case::region_code("regions", "330200", "3302", "`3302` is no region code")]
#[case::light_order("lights", "\"-10.0\"", "\"10.0\"", "`red` is not below `green`")]
#[case::day("calendar", "2022-01-01", "2022-02-30", "`2022-02-30` cannot be read")]
fn each_fault_of_config_is_told(#[case] file: &str, #[case] old: &str, #[case] new: &str, #[case] expected: &str) {
    let folder = changed(&format!("config/{file}.toml"), old, new);
    let problems = problems_of(folder.path());
    assert!(problems.iter().any(|problem| problem.contains(expected)), "expected {expected:?}, found {problems:#?}");
}

#[test]
fn a_torn_pipeline_silences_no_fault_of_another() {
    let folder = changed("pipelines/m01-upgrade.toml", "title = \"产量\"\nfrom", "title = 产量\nfrom");
    let other = folder.path().join("pipelines/m02-policies.toml");
    let text = std::fs::read_to_string(&other).unwrap();
    let lines = text.lines().map(|line| {
        if line.starts_with("action =") {
            "action = 33"
        } else if line.starts_with("departments =") {
            "departments = [\"nobody\"]"
        } else {
            line
        }
    });
    std::fs::write(&other, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let problems = problems_of(folder.path());
    for expected in ["this is not TOML", "no action 33 stands", "no department `nobody` stands"] {
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:#?}");
    }
}

#[test]
fn a_department_with_a_bad_name_is_told_once() {
    let folder = changed("config/departments.toml", "name = \"省经信厅\"", "name = \"省\\r\\n经信厅\"");
    let problems = problems_of(folder.path());
    assert_eq!(problems.len(), 1, "{problems:#?}");
}

#[test]
fn a_gap_in_the_numbers_is_told() {
    let folder = changed("pipelines/m02-policies.toml", "number = 2", "number = 3");
    let problems = problems_of(folder.path());
    assert!(problems.iter().any(|problem| problem.contains("measure 2 is missing before measure 3")), "{problems:#?}");
}

#[test]
fn a_folder_that_is_no_workspace_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(problems_of(folder.path()), [": no workspace is here: neither config/ nor pipelines/"]);
}

#[test]
fn missing_and_unreadable_files_are_told_together() {
    let folder = changed("", "", "");
    std::fs::remove_file(folder.path().join("config/lights.toml")).unwrap();
    std::fs::write(folder.path().join("config/actions.toml"), b"# \xb9\xa4\xd2\xb5").unwrap();
    let problems = problems_of(folder.path());
    assert_eq!(problems, [": line 1 is not UTF-8 text", ": this file is missing"]);
}

#[test]
fn a_bad_override_is_a_problem_of_the_environment_and_a_good_one_counts() {
    let bad = |name: &str| (name == "WENJIN_SCHEDULE_DEADLINE_HOUR").then(|| "late".to_owned());
    let problems = workspace(&fixtures("sound"), None, &bad, None).unwrap_err();
    assert_eq!((problems[0].file.as_str(), problems[0].line_column()), ("environment", (1, 31)));
    let good = |name: &str| (name == "WENJIN_MAIL_URL").then(|| "smtp://127.0.0.1:2525".to_owned());
    let (settings, _) = workspace(&fixtures("sound"), None, &good, None).unwrap();
    assert!(matches!(settings.mail.transport, crate::settings::MailUrl::Smtp { port: 2525, .. }));
}

#[test]
fn a_password_in_the_url_is_never_shown() {
    let env = |name: &str| (name == "WENJIN_MAIL_URL").then(|| "smtps://me:geheim@mail.example.cn".to_owned());
    let problems = workspace(&fixtures("sound"), None, &env, None).unwrap_err();
    let shown = format!("{}{problems:?}", crate::present::problems::render(&problems, false));
    assert!(shown.contains("the mail URL holds a password") && !shown.contains("geheim"), "{shown}");
}

#[test]
fn the_hash_follows_the_content_and_nothing_else() {
    let hash = |file: &str, old: &str, new: &str| compile_at(changed(file, old, new).path()).unwrap().1.hash;
    let plain = hash("", "", "");
    assert_eq!(plain, hash("pipelines/m01-upgrade.toml", "[[task]]", "# 说明\n\n[[task]]"));
    assert_eq!(plain, hash("config/departments.toml", "jxt@example.cn", "jxt2@example.cn"));
    assert_ne!(plain, hash("pipelines/m01-upgrade.toml", "level = \"3500\"", "level = \"3501\""));
    assert_ne!(plain, hash("config/wenjin.toml", "行动方案\"", "行动计划\""));
}

#[test]
fn a_file_counts_only_while_it_is_valid() {
    let folder = changed("pipelines/m02-policies.toml", "number = 2", "number = 2\nvalid_from = \"2022-04\"");
    let measures = |period: &str| workspace(folder.path(), None, &|_| None, Some(period.parse().unwrap())).unwrap().1.measures.len();
    assert_eq!((measures("2022-03"), measures("2022-04")), (1, 2));
    assert_eq!(compile_at(folder.path()).unwrap().1.measures.len(), 2);
}

#[test]
fn plans_change_where_validity_begins_and_ends() {
    let folder = changed("pipelines/m02-policies.toml", "number = 2", "number = 2\nvalid_from = \"2022-04\"\nvalid_until = \"2023-06\"");
    let (_, plans) = spans::all(folder.path(), None, &|_| None).unwrap();
    let measures = |period: &str| plans.at(period.parse().unwrap()).map(|plan| plan.measures.len());
    assert_eq!([measures("2021-12"), measures("2022-03"), measures("2022-04")], [Some(1), Some(1), Some(2)]);
    assert_eq!([measures("2023-06"), measures("2023-07")], [Some(2), Some(1)]);
    let alone = workspace(folder.path(), None, &|_| None, Some("2022-05".parse().unwrap())).unwrap().1;
    assert_eq!(plans.at("2022-05".parse().unwrap()).map(|plan| plan.hash.as_str()), Some(alone.hash.as_str()));
}
