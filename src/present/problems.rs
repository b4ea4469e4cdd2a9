//! Problems of `config/` and `pipelines/` as text: place and message, the source underlined, the way out.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::model::Problem;

/// Renders all problems, by file and position, an empty line between them.
#[must_use]
pub fn render(problems: &[Problem], color: bool) -> String {
    let mut sorted = problems.iter().collect::<Vec<_>>();
    sorted.sort_by(|a, b| (&a.file, a.span.start, a.span.end).cmp(&(&b.file, b.span.start, b.span.end)));
    sorted.into_iter().map(|problem| render_one(problem, color)).collect::<Vec<_>>().join("\n")
}

fn render_one(problem: &Problem, color: bool) -> String {
    let (bold, cyan, reset) = if color { ("\x1b[1m", "\x1b[1;36m", "\x1b[0m") } else { ("", "", "") };
    let mut text = if problem.source.is_empty() || problem.span == (0..0) {
        format!("{bold}{}: {}{reset}\n", problem.file, problem.message)
    } else {
        let (line, column) = problem.line_column();
        format!("{bold}{}:{line}:{column}: {}{reset}\n{}\n", problem.file, problem.message, excerpt(problem, line, color))
    };
    if let Some(hint) = &problem.hint {
        text.extend([cyan, "hint", reset, ": ", hint.as_str(), "\n"]);
    }
    text
}

/// The line the problem starts on, its part underlined.
fn excerpt(problem: &Problem, line: usize, color: bool) -> String {
    let start = problem.source.get(..problem.span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let rest = problem.source.get(start..).unwrap_or("");
    let shown = rest.split('\n').next().unwrap_or("").trim_end_matches('\r');
    let from = (problem.span.start - start).min(shown.len());
    let to = (problem.span.end.saturating_sub(start)).clamp(from, shown.len());
    let annotation = AnnotationKind::Primary.span(from..to);
    let snippet = Snippet::source(shown).line_start(line).annotation(annotation);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[Group::with_level(Level::ERROR).element(snippet)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(source: &str, part: &str) -> Problem {
        let start = source.find(part).unwrap();
        Problem {
            file: "pipelines/m06.toml".to_owned(),
            span: start..start + part.len(),
            source: source.into(),
            message: "unknown unit `亿`".to_owned(),
            hint: Some("did you mean `亿元`?".to_owned()),
        }
    }

    #[test]
    fn underlines_by_display_width_and_counts_columns_in_characters() {
        let text = render(&[problem("number = 6\ntitle = \"投资\" # 单位\nx = [\"万元\", \"亿\"]\n", "\"亿\"")], false);
        assert_eq!(
            text,
            "pipelines/m06.toml:3:12: unknown unit `亿`\n  |\n3 | x = [\"万元\", \"亿\"]\n  |              ^^^^\nhint: did you mean `亿元`?\n"
        );
    }

    #[test]
    fn a_problem_of_the_whole_file_has_no_excerpt() {
        let whole = Problem { span: 0..0, ..problem("number = 6", "number") };
        assert_eq!(render(&[whole], false), "pipelines/m06.toml: unknown unit `亿`\nhint: did you mean `亿元`?\n");
    }
}
