//! The workbooks of a month: one whole book and one for each reporting department, from the same sheets.
//!
//! A pure function of its arguments: the same month gives the same bytes. No figure is computed here.

use crate::model::{DepartmentCode, Month};
use crate::plan::{Department, Plan};
use crate::present::captions;
use crate::settings::{Appearance, Office};

mod anchors;
mod book;
mod charts;
mod corrections;
mod cover;
mod details;
mod edition;
mod findings;
pub mod forms;
mod indicators;
mod measure;
mod notes;
mod overview;
mod page;
mod reporting;
mod sources;
mod table;
mod tasks;

use edition::Edition;

/// One workbook, ready to be stored or attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// `None` is the whole book.
    pub department: Option<DepartmentCode>,
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The workbook library refused something.
    #[error("the workbook `{file_name}` could not be written")]
    Workbook { file_name: String, source: rust_xlsxwriter::XlsxError },
}

/// Draws the whole book, then one for each reporting department in 机构序列, in parallel.
pub fn books(plan: &Plan, appearance: &Appearance, office: &Office, month: &Month) -> Result<Vec<Book>, ReportError> {
    let departments: Vec<Option<&Department>> = std::iter::once(None).chain(plan.reporting_departments().map(Some)).collect();
    let lanes = std::thread::available_parallelism().map_or(1, usize::from);
    let per_lane = departments.len().div_ceil(lanes).max(1);
    std::thread::scope(|scope| {
        let lanes: Vec<_> = departments
            .chunks(per_lane)
            .map(|lane| {
                scope.spawn(move || lane.iter().map(|department| draw(plan, appearance, office, month, *department)).collect::<Vec<_>>())
            })
            .collect();
        lanes.into_iter().flat_map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// Draws one book.
fn draw(
    plan: &Plan,
    appearance: &Appearance,
    office: &Office,
    month: &Month,
    department: Option<&Department>,
) -> Result<Book, ReportError> {
    let file_name = captions::book_file_name(plan, appearance, month.period, department, month.version);
    let edition = Edition::new(plan, appearance, office, month, department);
    match book::write(&edition) {
        Ok(bytes) => Ok(Book { department: department.map(|department| department.code.clone()), file_name, bytes }),
        Err(source) => Err(ReportError::Workbook { file_name, source }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::present::sample;

    fn drawn(month: &Month) -> Vec<Book> {
        books(&sample::plan(), &sample::appearance(), &sample::office(), month).unwrap()
    }

    /// One part of a workbook as text.
    fn part(book: &Book, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&book.bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn tabs(book: &Book) -> Vec<String> {
        let text = part(book, "xl/workbook.xml");
        text.split("<sheet name=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }

    fn of<'a>(books: &'a [Book], department: &str) -> &'a Book {
        books.iter().find(|book| book.department == Some(sample::code(department))).unwrap()
    }

    #[test]
    fn the_whole_book_comes_first_then_departments_in_order() {
        let books = drawn(&sample::month());
        let names: Vec<_> = books.iter().map(|book| book.file_name.as_str()).collect();
        assert_eq!(
            names,
            ["全省", "省发展改革委", "省经信厅", "省科技厅"]
                .map(|name| format!("2022年6月_工业稳进提质主要指标进展情况_{name}_第2版（更正）_样例数据.xlsx"))
        );
    }

    #[test]
    fn the_same_month_gives_the_same_bytes() {
        let month = sample::month();
        assert!(drawn(&month) == drawn(&month));
    }

    #[test]
    fn a_departments_book_is_cut_to_its_measures() {
        let books = drawn(&sample::month());
        assert_eq!(
            tabs(&books[0]),
            [
                "封面",
                "总览",
                "主要指标",
                "指标明细",
                "06 企业技术改造",
                "08 重点行业质效",
                "09 新兴和未来产业",
                "重点任务",
                "报送情况",
                "数据审核意见",
                "数据来源",
                "更正说明",
                "说明"
            ]
        );
        assert!(tabs(of(&books, "jxt")).contains(&"08 重点行业质效".to_owned()));
        assert!(!tabs(of(&books, "jxt")).contains(&"09 新兴和未来产业".to_owned()));
    }

    #[test]
    fn a_first_version_corrects_nothing() {
        let month = Month { version: 1, corrections: vec![], ..sample::month() };
        assert!(!tabs(&drawn(&month)[0]).contains(&"更正说明".to_owned()));
    }

    #[test]
    fn restricted_indicators_stay_with_their_owner_and_the_whole_book() {
        let books = drawn(&sample::month());
        let has = |book: &Book| part(book, "xl/sharedStrings.xml").contains("通过国家“窗口”指导的集成电路项目投资");
        assert!(has(&books[0]) && has(of(&books, "fgw")));
        assert!(!has(of(&books, "jxt")), "jxt is among the measure's departments but does not own it");
    }

    #[test]
    fn names_on_a_list_stay_in_their_departments_book() {
        let books = drawn(&sample::month());
        let names = |book: &Book| part(book, "xl/sharedStrings.xml").contains("杭州某某微电子有限公司");
        assert!(names(of(&books, "fgw")));
        assert!(!names(&books[0]) && !names(of(&books, "jxt")));
    }

    #[test]
    fn texts_that_look_like_formulas_stay_texts() {
        let books = drawn(&sample::month());
        assert!(part(&books[0], "xl/sharedStrings.xml").contains("=部分市县配套资金到位较慢"));
        for sheet in 1..=tabs(&books[0]).len() {
            assert!(!part(&books[0], &format!("xl/worksheets/sheet{sheet}.xml")).contains("<f>"), "sheet {sheet}");
        }
    }

    #[test]
    fn what_is_missing_is_a_word_and_never_zero() {
        let month = sample::month();
        let text = part(&drawn(&month)[0], "xl/sharedStrings.xml");
        for word in ["未报送", "未到报送期", "暂不评价", "—"] {
            assert!(text.contains(&format!(">{word}<")), "{word}");
        }
    }
}
