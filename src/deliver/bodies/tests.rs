use rstest::rstest;

use super::*;
use crate::model::Problem;

fn of(name: &str, text: &str) -> Vec<Problem> {
    problems(&Templates::from([(name.to_owned(), text.to_owned())]))
}

/// The shipped HTML with `old` replaced.
fn changed(old: &str, new: &str) -> String {
    assert!(LETTER.html.source.contains(old), "letter.html no longer holds {old}");
    LETTER.html.source.replacen(old, new, 1)
}

#[test]
fn the_shipped_templates_pass_their_own_check() {
    for (name, text) in shipped() {
        assert_eq!(of(name, text), [], "{name}");
    }
}

#[test]
fn the_offices_own_template_takes_the_place_of_the_shipped_one() {
    let [full, _] = &specimen::letters()[..] else { panic!("two letters") };
    let templates = Templates::from([("letter-subject.txt".to_owned(), "〔{{ plan }}〕{{ period }}【{{ sample }}】\n".to_owned())]);
    let said = render(&templates, &LETTER, full).unwrap();
    assert_eq!(said.subject, "〔工业稳进提质〕2022年1—6月【样例数据　非真实数据】");
    assert_eq!(said.text, render(&Templates::new(), &LETTER, full).unwrap().text);
}

#[rstest]
#[case::unknown_name("{{ greeting }}", "{{ greetng }}", "{{ ^greetng", "a mail has no `greetng`", "did you mean `greeting`?")]
#[case::unknown_field("{{ item.title }}", "{{ item.titel }}", "{{ ^item.titel", "a mail has no `item.titel`", "did you mean `title`?")]
#[case::in_a_branch_no_mail_takes(
    "{{ closing }}",
    "{% if false %}{{ clsing }}{% endif %}{{ closing }}",
    "{{ ^clsing",
    "a mail has no `clsing`",
    "`closing`"
)]
#[case::syntax("{% if tiles %}", "{% if tiles %", "{% if tiles %\n^<table", "unexpected", "docs/texts.md")]
#[case::unknown_filter("{{ title }}</h1>", "{{ title|uper }}</h1>", "{{ title|^uper", "filter uper is unknown", "docs/texts.md")]
#[case::without_note("{{ note }}", "", "", "no longer shows `note`", "put `{{ note }}` back")]
#[case::script(
    "</body>",
    "<script>x()</script></body>",
    "</p>\n</div>\n<!--[if mso]></td></tr></table><![endif]-->\n^<script",
    "`<script` has no place in a mail",
    "fetches nothing"
)]
#[case::remote("src=\"cid:{{ chart.cid }}\"", "src=\"https://example.cn/a.png\"", "<img ^src=\"https://", "has no place in a mail", "cid:")]
#[case::unescaped(
    "{{ line }}",
    "{% autoescape false %}{{ line }}{% endautoescape %}",
    "{% ^autoescape",
    "taken for HTML",
    "leave escaping on"
)]
#[case::safe("{{ line }}", "{{ line|safe }}", "{{ line|^safe", "filter safe is unknown", "docs/texts.md")]
fn a_template_that_would_fail_or_harm_is_told_with_its_place(
    #[case] old: &str,
    #[case] new: &str,
    #[case] before: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    let text = changed(old, new);
    let found = of("letter.html", &text);
    let [problem] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(problem.file, "config/templates/letter.html");
    assert!(problem.message.contains(message), "{}", problem.message);
    assert!(problem.hint.as_ref().unwrap().contains(hint), "{:?}", problem.hint);
    if let Some((before, at)) = before.split_once('^') {
        let start = text.find(&format!("{before}{at}")).unwrap() + before.len();
        assert_eq!(problem.span.start, start, "{:?} is underlined", text.get(problem.span.clone()));
    }
}

#[test]
fn a_file_that_is_no_template_is_told() {
    let found = of("leter.html", "");
    assert_eq!(found[0].message, "there is no mail template of that name");
    assert_eq!(found[0].hint.as_deref(), Some("did you mean `letter.html`?"));
}

#[test]
fn the_docs_name_everything_a_template_can_say() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/texts.md")).unwrap();
    let mut names = std::collections::BTreeSet::new();
    for letter in specimen::letters() {
        problems::name_all(&letter, &mut names);
    }
    assert!(names.len() > 25, "{names:?}");
    for name in names.iter().map(String::as_str).chain(shipped().into_iter().map(|(file, _)| file)) {
        assert!(docs.contains(&format!("`{name}`")), "docs/texts.md does not name `{name}`");
    }
}

#[test]
fn a_subject_keeps_the_sample_mark() {
    let found = of("letter-subject.txt", "{{ title }}");
    assert_eq!(found[0].message, "this template no longer shows `sample`");
}
