//! Whose workbook it is and for which month: hidden sheet, else file name, else folders, else a form's first sheet.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{DepartmentCode, Finding, FindingCode, Period, Place, Refusal};
use crate::plan::form::{KEY_DEPARTMENT, KEY_PERIOD};

use super::form;
use super::grid::Grid;
use super::parse::text::comparable;
use super::protocol::{DepartmentNames, Header, Request};

/// Department and period, and what contradicts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    pub department: DepartmentCode,
    pub period: Period,
    pub findings: Vec<Finding>,
}

/// Settles department and period; what stands first wins, what disagrees is a finding.
///
/// # Errors
///
/// Neither hidden sheet nor names tell.
pub fn identify(request: &Request, grids: &[Grid], header: &Header) -> Result<Identity, Refusal> {
    let hidden = form::hidden(grids);
    let folders = &request.folders;
    let departments = [
        ("隐藏表", hidden.and_then(|grid| form::entry(grid, KEY_DEPARTMENT)).and_then(|code| coded(&code, &header.departments))),
        ("文件名", department(&request.file, &header.departments)),
        of_folders(folders, |name| department(name, &header.departments)),
    ];
    let folder_period = of_folders(folders, |name| period(name, None));
    let year = folder_period.1.map_or(header.year, Period::year);
    let periods = [
        ("隐藏表", hidden.and_then(|grid| form::entry(grid, KEY_PERIOD)).and_then(|text| text.parse().ok())),
        ("文件名", period(&request.file, Some(year))),
        folder_period,
    ];
    let mut findings = Vec::new();
    let name = |code: &DepartmentCode| {
        let found = header.departments.iter().find(|department| department.code == *code);
        found.and_then(|department| department.names.first()).map_or_else(|| code.to_string(), Clone::clone)
    };
    let settled = settle(header.department.clone(), &departments, "报送单位", name, request, &mut findings);
    // A form that was renamed and lost its hidden sheet says on its first sheet whose it is.
    let guide = form::guide_title(grids).unwrap_or_default();
    let department = settled.or_else(|| self::department(guide, &header.departments)).ok_or(Refusal::UnknownDepartment)?;
    let settled = settle(header.period, &periods, "数据期", Period::to_string, request, &mut findings);
    let unsettled =
        || months_of_folders(folders, year).or_else(|| spans(&request.file, folders, year)).or_else(|| self::period(guide, None));
    let period = settled.or_else(unsettled).ok_or(Refusal::UnknownPeriod)?;
    Ok(Identity { department, period, findings })
}

/// What the innermost folder that tells anything tells; a zip is the folder of the files in it.
fn of_folders<T>(folders: &[String], told: impl Fn(&str) -> Option<T>) -> (&'static str, Option<T>) {
    let found = folders.iter().rev().find_map(|name| told(name).map(|value| (name, value)));
    match found {
        Some((name, value)) if name.to_ascii_lowercase().ends_with(".zip") => ("压缩包名", Some(value)),
        Some((_, value)) => ("文件夹名", Some(value)),
        None => ("文件夹名", None),
    }
}

/// Whose a file is and of which month, as far as its name and its folders tell; the name goes before them.
#[must_use]
pub fn claimed(file: &str, folders: &[String], departments: &[DepartmentNames], year: i32) -> (Option<DepartmentCode>, Option<Period>) {
    let folder_period = folders.iter().rev().find_map(|name| period(name, None));
    let year = folder_period.map_or(year, Period::year);
    let whose = department(file, departments).or_else(|| folders.iter().rev().find_map(|name| department(name, departments)));
    let month = period(file, Some(year)).or(folder_period).or_else(|| months_of_folders(folders, year));
    (whose, month.or_else(|| spans(file, folders, year)))
}

/// The month of the innermost folder or zip that names one without its year (`6月.zip`). It speaks only where nothing else does: many
/// an office files by the month of sending.
fn months_of_folders(folders: &[String], year: i32) -> Option<Period> {
    folders.iter().rev().find_map(|name| period(name, Some(year)))
}

fn spans(file: &str, folders: &[String], year: i32) -> Option<Period> {
    span(file, Some(year)).or_else(|| folders.iter().rev().find_map(|name| span(name, None)))
}

fn settle<T: Clone + PartialEq>(
    given: Option<T>,
    sources: &[(&str, Option<T>); 3],
    what: &str,
    name: impl Fn(&T) -> String,
    request: &Request,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    if given.is_some() {
        return given;
    }
    let mut known = sources.iter().filter_map(|(source, value)| value.as_ref().map(|value| (*source, value)));
    let (first_source, first) = known.next()?;
    if let Some((source, other)) = known.find(|(_, value)| *value != first) {
        let message = format!("{what}不一致：{first_source}为{}，{source}为{}，请统一后重新报送", name(first), name(other));
        let place = Place { file: request.file.clone(), ..Place::default() };
        findings.push(Finding {
            found: Some(name(other)),
            expected: Some(name(first)),
            ..Finding::new(FindingCode::ContradictoryIdentity, place, message)
        });
    }
    Some(first.clone())
}

fn coded(code: &str, departments: &[DepartmentNames]) -> Option<DepartmentCode> {
    departments.iter().find(|department| department.code.0 == code).map(|department| department.code.clone())
}

/// The department whose longest name stands in `text`; `None` where two share that honour.
fn department(text: &str, departments: &[DepartmentNames]) -> Option<DepartmentCode> {
    let text = comparable(text);
    // Codes are plain ASCII words: `jxt_2022-06.xlsx`.
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let mut best: Option<(usize, &DepartmentCode)> = None;
    let mut tied = false;
    for department in departments {
        let names = department.compared.iter().filter(|name| text.contains(name.as_str()));
        let code = words.contains(&department.code.0.as_str()).then_some(&department.code.0);
        let Some(length) = names.chain(code).map(|name| name.chars().count()).max() else { continue };
        match best {
            Some((longest, _)) if longest > length => {}
            Some((longest, other)) if longest == length => tied |= *other != department.code,
            _ => {
                best = Some((length, &department.code));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, code)| code.clone())
}

static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(20\d{2})年?\.?0?1月?[-至到]0?(\d{1,2})月").ok());
static MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(20\d{2})年0?(\d{1,2})月").ok());
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|\D)(20\d{2})[-._]?(0[1-9]|1[0-2])(?:\D|$)").ok());
static LOOSE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|\D)(20\d{2})[-._]([1-9])(?:[^\d.\-]|\.[a-z]|$)").ok());
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[^\d年])(?:0?1月?[-至到])?0?(\d{1,2})月(?:[^\d]|$)").ok());

/// Spans that end with a month: 上半年, 一季度.
static SPAN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:(20\d{2})年?度?)?第?(上半年|前三季度|前3季度|[一二三四1-4]季度|全年)").ok());
/// Months in Chinese numerals: 六月, 一至六月, 一月到六月.
static NUMERALS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:([一二三四五六七八九十]{1,2})月?(至|到|-))?([一二三四五六七八九十]{1,2})月").ok());

/// The data month a name speaks of; `year` completes a month without one.
fn period(text: &str, year: Option<i32>) -> Option<Period> {
    let text = in_digits(&comparable(&without_copy_number(text)));
    let (months, _) = months(&text, year)?;
    // Of several months nobody can tell which is meant.
    if let [period] = months[..] { Some(period) } else { None }
}

/// The last month of the one span that a name speaks of where it names no month: 上半年 is June. It speaks only where nothing else
/// does, for a name may say of what the file tells (全年目标, 一季度海洋经济) and not when it is handed in.
fn span(text: &str, year: Option<i32>) -> Option<Period> {
    let text = in_digits(&comparable(text));
    months(&text, year).filter(|(_, any)| !any).and_then(|_| last_of_span(&text, year))
}

/// Years of two digits and in Chinese numerals before a month: 22年6月, 二〇二二年六月.
static YEARS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(^|\D)(?:(\d{2})|二[〇○零]([〇○零一二三四五六七八九]{2}))年([\d一二三四五六七八九十]{1,3})(月|[-至到])").ok()
});

/// The number a system gives a copy: `省经信厅_2022-07 2.xlsx`.
static COPY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\s\d{1,2}(\.[A-Za-z]{2,5})?$").ok());

fn without_copy_number(text: &str) -> String {
    COPY.as_ref().map_or_else(|| text.to_owned(), |pattern| pattern.replace(text, "$1").into_owned())
}

/// The text with years in four digits where a month follows.
fn in_four_digits(text: &str) -> String {
    let Some(pattern) = YEARS.as_ref() else { return text.to_owned() };
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|n| n == c).unwrap_or_default().to_string();
    let written = |found: &regex::Captures| {
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        let year: String = if part(2).is_empty() { part(3).chars().map(digit).collect() } else { part(2).to_owned() };
        format!("{}20{year}年{}{}", part(1), part(4), part(5))
    };
    pattern.replace_all(text, written).into_owned()
}

/// The text with years and months in digits.
fn in_digits(text: &str) -> String {
    let text = &in_four_digits(text);
    let number = |numeral: &str| {
        let digits: Option<Vec<u32>> =
            numeral.chars().map(|c| "零一二三四五六七八九十".chars().position(|n| n == c)?.try_into().ok()).collect();
        match digits?.as_slice() {
            [one] => Some(*one),
            [10, one] if *one < 10 => Some(10 + one),
            _ => None,
        }
    };
    let Some(pattern) = NUMERALS.as_ref() else { return text.to_owned() };
    let written = |found: &regex::Captures| {
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        let last = number(part(3)).filter(|month| (1..=12).contains(month));
        match (last, number(part(1))) {
            (Some(last), Some(first)) => format!("{first}{}{last}月", part(2)),
            (Some(last), None) if part(1).is_empty() => format!("{last}月"),
            _ => found[0].to_owned(),
        }
    };
    pattern.replace_all(text, written).into_owned()
}

/// The last month of the one span that a text names.
fn last_of_span(text: &str, year: Option<i32>) -> Option<Period> {
    let mut found: Vec<Period> = Vec::new();
    for span in SPAN.as_ref()?.captures_iter(text) {
        let month = match span.get(2)?.as_str() {
            "上半年" | "二季度" | "2季度" => 6,
            "一季度" | "1季度" => 3,
            "全年" | "四季度" | "4季度" => 12,
            _ => 9,
        };
        let year = span.get(1).map_or(year, |year| year.as_str().parse().ok());
        let period = Period::new(year?, month)?;
        if !found.contains(&period) {
            found.push(period);
        }
    }
    if let [period] = found[..] { Some(period) } else { None }
}

/// The months that a text names, and whether it names any but days and months of sending.
fn months(text: &str, year: Option<i32>) -> Option<(Vec<Period>, bool)> {
    let mut spans: Vec<std::ops::Range<usize>> = Vec::new();
    let mut periods: Vec<Period> = Vec::new();
    let mut any = false;
    for (pattern, has_year) in [(&RANGE, true), (&MONTH, true), (&DIGITS, true), (&LOOSE, true), (&BARE, false)] {
        let (pattern, mut from) = (pattern.as_ref()?, 0);
        // The next one may begin with the character this one ended on.
        while let Some(found) = pattern.captures_at(text, from) {
            let month = found.get(if has_year { 2 } else { 1 })?;
            let start = found.get(1)?.start();
            from = month.end();
            if spans.iter().any(|span| span.start < month.end() && start < span.end) {
                continue;
            }
            spans.push(start..month.end());
            let year = if has_year { found.get(1)?.as_str().parse().ok() } else { year };
            let period = year.zip(month.as_str().parse().ok()).and_then(|(year, month)| Period::new(year, month));
            let is_meant = !is_of_sending(text.get(month.end()..).unwrap_or_default());
            any |= is_meant;
            periods.extend(period.filter(|period| is_meant && !periods.contains(period)));
        }
    }
    Some((periods, any))
}

/// Whether what follows a month makes it a day or the month of sending: `2022-07-08`, `7月8日`, `7月报送`.
fn is_of_sending(rest: &str) -> bool {
    let rest = rest.strip_prefix('月').unwrap_or(rest);
    let day = rest.trim_start_matches(['-', '.']);
    let numeral = rest.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    if numeral.len() < rest.len() && numeral.starts_with(['日', '号']) {
        return true;
    }
    let digits = day.chars().take_while(char::is_ascii_digit).count();
    let separated = day.len() < rest.len() || day.chars().nth(digits).is_some_and(|c| matches!(c, '日' | '号'));
    // 7月报6月: handed in in July for June; 7月报表 is July's.
    let other = rest.strip_prefix('报').is_some_and(|other| other.starts_with(|c: char| c.is_ascii_digit()));
    other || ((1..=2).contains(&digits) && separated) || ["报送", "上报", "填报", "提交", "报出"].iter().any(|word| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn names() -> Vec<DepartmentNames> {
        [("jxt", &["省经信厅", "浙江省经济和信息化厅", "经信厅"][..]), ("czt", &["省财政厅", "财政厅"]), ("nyj", &["省能源局", "能源局"])]
            .map(|(code, names)| {
                DepartmentNames::new(DepartmentCode(code.to_owned()), names.iter().map(|name| (*name).to_owned()).collect())
            })
            .to_vec()
    }

    #[rstest]
    #[case("附件2：2022年6月工业稳进提质调度表（省经信厅7.8最终版）(1).xls", "2022-06")]
    #[case("省经信厅_2022-06.xlsx", "2022-06")]
    #[case("省经信厅202206.xlsx", "2022-06")]
    #[case("2022年1-6月调度表.xlsx", "2022-06")]
    #[case("2022年1—2月调度表.xlsx", "2022-02")]
    #[case("1—2月调度表.xlsx", "2022-02")]
    #[case("调度表6月.xlsx", "2022-06")]
    #[case("2022.6 调度表.xlsx", "2022-06")]
    #[case("省经信厅7月报送6月数据.xlsx", "2022-06")]
    #[case("省经信厅7月报6月数据.xlsx", "2022-06")]
    #[case("省经信厅2022.6.xlsx", "2022-06")]
    #[case("省经信厅_2022-06 2.xlsx", "2022-06")]
    #[case("省经信厅22年6月.xlsx", "2022-06")]
    #[case("二〇二二年六月调度表.xlsx", "2022-06")]
    #[case("二○二二年六月调度表.xlsx", "2022-06")]
    #[case("省经信厅2022-07-08报送2022年6月.xlsx", "2022-06")]
    #[case("2022年6月报表（2022年7月8日）.xlsx", "2022-06")]
    #[case("2022年6月调度表6月.xlsx", "2022-06")]
    #[case("省经信厅_2022-06_1.xlsx", "2022-06")]
    #[case("2022年六月调度表.xlsx", "2022-06")]
    #[case("六月份调度表.xlsx", "2022-06")]
    #[case("十二月调度表.xlsx", "2022-12")]
    #[case("一至六月调度表.xlsx", "2022-06")]
    #[case("上半年调度表（5月修订稿）.xlsx", "2022-05")]
    #[case("2022年6月8日报送5月数据.xlsx", "2022-05")]
    fn a_file_name_tells_the_month(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(period(name, Some(2022)).map(|period| period.to_string()).as_deref(), Some(expected));
    }

    #[rstest]
    #[case("调度表（7.8最终版）.xlsx")]
    #[case("20220708报送.xlsx")]
    #[case("2022年调度表.xlsx")]
    #[case("省经信厅2022-07-08.xlsx")]
    #[case("省经信厅2022年7月8日.xlsx")]
    #[case("7月报送.xlsx")]
    #[case("5月、6月数据.xlsx")]
    #[case("2022年6月8日报送.xlsx")]
    #[case("省经信厅2022年6月8日报送（样例数据）.xlsx")]
    #[case("七月报送.xlsx")]
    #[case("省经信厅2022.6.8.xlsx")]
    #[case("七月八日报送.xlsx")]
    fn a_day_of_sending_is_no_month(#[case] name: &str) {
        assert_eq!(period(name, Some(2022)), None);
    }

    #[rstest]
    #[case("省经信厅2022年上半年.xlsx", Some("2022-06"))]
    #[case("省经信厅上半年调度表.xlsx", Some("2022-06"))]
    #[case("2022年一季度调度表.xlsx", Some("2022-03"))]
    #[case("2022年第一季度调度表.xlsx", Some("2022-03"))]
    #[case("2022年前三季度调度表.xlsx", Some("2022-09"))]
    #[case("2022年全年调度表.xlsx", Some("2022-12"))]
    #[case("上半年调度表（2022年7月8日报送）.xlsx", Some("2022-06"))]
    #[case("七月报送上半年数据.xlsx", Some("2022-06"))]
    #[case("一季度、二季度数据.xlsx", None)]
    #[case("上半年数据（6月）.xlsx", None)]
    #[case("调度表.xlsx", None)]
    fn a_span_ends_with_a_month(#[case] name: &str, #[case] expected: Option<&str>) {
        assert_eq!(span(name, Some(2022)).map(|period| period.to_string()).as_deref(), expected);
    }

    #[test]
    fn name_and_folders_tell_whose_a_file_is_without_opening_it() {
        let told = |file: &str, folders: &[&str]| {
            let folders: Vec<String> = folders.iter().map(|name| (*name).to_owned()).collect();
            let (whose, month) = claimed(file, &folders, &names(), 2022);
            (whose.map(|code| code.0), month.map(|month| month.to_string()))
        };
        let both = (Some("jxt".to_owned()), Some("2022-06".to_owned()));
        assert_eq!(told("省经信厅_2022-06.xlsx", &[]), both);
        assert_eq!(told("报送.xlsx", &["2022-06", "省经信厅"]), both);
        assert_eq!(told("省经信厅上半年.xlsx", &[]), both);
        assert_eq!(told("海洋经济一季度.xlsx", &["2022-06", "省经信厅"]), both, "the folder says more");
        assert_eq!(told("报送.xlsx", &["2021-12"]), (None, Some("2021-12".to_owned())));
        assert_eq!(told("报送.xlsx", &["6月.zip", "省经信厅"]), both);
        assert_eq!(told("省经信厅_2022-06.xlsx", &["7月"]), both, "an office may file by the month of sending");
        assert_eq!(told("报送.xlsx", &[]), (None, None));
    }

    #[test]
    fn the_longest_name_wins_and_a_tie_is_nobody() {
        let found = |text: &str| department(text, &names()).map(|code| code.0);
        assert_eq!(found("附件2：调度表（省经信厅）.xls").as_deref(), Some("jxt"));
        assert_eq!(found("jxt_2022-06.xlsx").as_deref(), Some("jxt"));
        assert_eq!(found("浙江省经济和信息化厅（抄送省财政厅）.xlsx").as_deref(), Some("jxt"));
        assert_eq!(found("省财政厅、省能源局.xlsx"), None);
    }
}
