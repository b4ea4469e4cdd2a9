//! Whole workbooks, written here and read back: what departments do to a form, one irregularity a test.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format as Style, Workbook, Worksheet};

use super::*;
use crate::ingest::parse::region::tests::cities;
use crate::ingest::protocol::{DepartmentNames, Task};
use crate::ingest::sniff::Format;
use crate::model::{CellRef, DepartmentCode, Observations, TotalRow as Total, Unit};
use crate::plan::{Accumulation, ColumnSpec, ColumnType, Frequency, Shape, TotalRule};
use crate::settings::Limits;

mod formulas;

fn column(name: &str, labels: &[&str], kind: ColumnType, unit: &str) -> ColumnSpec {
    ColumnSpec {
        name: name.to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        kind,
        unit: Unit::parse(unit),
        decimals: if kind == ColumnType::Decimal { 2 } else { 0 },
        required: true,
        unique: false,
        min: None,
        max: None,
        pattern: None,
        choices: vec!["在建".to_owned(), "竣工".to_owned()],
        last_year_of: None,
        month_of: None,
    }
}

fn dataset(code: &str, sheet: &str, shape: Shape, columns: Vec<ColumnSpec>) -> Dataset {
    Dataset {
        code: code.to_owned(),
        title: format!("{sheet}情况"),
        measure: None,
        from: vec![DepartmentCode("jxt".to_owned())],
        sheets: vec![sheet.to_owned()],
        shape,
        accumulation: Accumulation::Cumulative,
        frequency: Frequency::Month,
        lag: 0,
        due_day: 8,
        january_merged: false,
        key: columns.first().map(|column| column.name.clone()).into_iter().collect(),
        columns,
        total_rule: TotalRule::Equal,
        items: vec![],
        regions_across: false,
        rules: vec![],
        may_be_empty: false,
        list_year: false,
    }
}

fn investment() -> Dataset {
    let columns = vec![
        column("region", &["地区", "设区市"], ColumnType::Region, ""),
        column("paid_total", &["完成投资/1—{month}月累计"], ColumnType::Decimal, "亿元"),
        column("paid_last_year", &["完成投资/上年同期"], ColumnType::Decimal, "亿元"),
    ];
    dataset("investment", "技改投资", Shape::Matrix, columns)
}

fn projects() -> Dataset {
    let mut columns = vec![
        column("code", &["项目编号"], ColumnType::Text, ""),
        column("region", &["设区市"], ColumnType::Region, ""),
        column("paid", &["累计完成投资"], ColumnType::Decimal, "万元"),
        column("stage", &["项目阶段"], ColumnType::Choice, ""),
    ];
    columns[3].required = false;
    dataset("projects", "技改项目", Shape::Records, columns)
}

fn header(datasets: Vec<Dataset>) -> Header {
    let (province, regions) = cities();
    let names = |code: &str, name: &str| DepartmentNames::new(DepartmentCode(code.to_owned()), vec![name.to_owned()]);
    Header {
        limits: Limits { cells_max: 10_000, ..Limits::default() },
        year: 2022,
        departments: vec![names("jxt", "省经信厅"), names("swt", "省商务厅")],
        province,
        regions,
        counted: datasets.iter().flat_map(|d| d.columns.iter().map(|c| (d.code.clone(), c.name.clone()))).collect(),
        datasets,
        department: None,
        period: None,
    }
}

fn read_named(name: &str, datasets: Vec<Dataset>, fill: impl FnOnce(&mut Workbook)) -> Reply {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    let bytes = workbook.save_to_buffer().unwrap();
    let header = header(datasets);
    let gazetteer = Gazetteer::new(&header.province, &header.regions);
    let request = Request { task: Task::Read, format: Format::Xlsx, file: name.to_owned(), folders: vec!["2022-06".to_owned()], bytes: 0 };
    read(&request, bytes, &header, &gazetteer)
}

fn read_sheets(datasets: Vec<Dataset>, fill: impl FnOnce(&mut Workbook)) -> (Vec<Observations>, Vec<Finding>) {
    match read_named("省经信厅_2022-06.xlsx", datasets, fill) {
        Reply::Read { observations, findings, .. } => (observations, findings),
        other => panic!("not read: {other:?}"),
    }
}

/// Writes a block of texts; a text that is a number is written as one.
fn block(sheet: &mut Worksheet, top: u32, rows: &[&[&str]]) {
    for (row, cells) in (top..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) if text.is_empty() => continue,
                Err(_) => sheet.write_string(row, column, *text).unwrap(),
            };
        }
    }
}

fn sheet<'a>(workbook: &'a mut Workbook, name: &str) -> &'a mut Worksheet {
    workbook.add_worksheet().set_name(name).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<(&str, Option<&str>)> {
    findings.iter().map(|finding| (finding.code.code(), finding.place.cell.map(|cell| &*cell.to_string().leak()))).collect()
}

fn at(cell: &str) -> Option<CellRef> {
    cell.parse().ok()
}

fn values(observations: &Observations, column: &str) -> Vec<String> {
    let column = observations.column(column).unwrap();
    (0..observations.rows()).map(|row| column.text(row).unwrap_or_default()).collect()
}

#[test]
fn a_matrix_with_all_that_departments_put_around_it() {
    let (observations, findings) = read_sheets(vec![investment()], |workbook| {
        let sheet = sheet(workbook, "附件1 技改投资");
        block(sheet, 0, &[&["2022年6月技术改造投资情况"], &["填报单位：省经信厅", "", "", "单位：万元"]]);
        block(sheet, 2, &[&["序号", "地  区", "完成投资"], &["", "", "1－6月\n累计（亿元）", "上年同期", "备注"]]);
        block(sheet, 4, &[&["", "合　　计", "1,5.00", "30000"], &["1", "杭州市", "１０．５", "100000"], &["2", "宁波", "4.5", "—"]]);
        block(sheet, 7, &[&["", "其中：义乌市", "9", "9"], &["3", "金华市", "", "12345.6"], &["", "义乌市", "8", "8"]]);
        block(sheet, 10, &[&["注：快报数"], &["", "杭州市", "1", "1"]]);
    });
    let [table] = observations.as_slice() else { panic!("one table") };
    assert_eq!(values(table, "region"), ["330100", "330200", "330700"]);
    assert_eq!(values(table, "paid_total"), ["10.50", "4.50", ""]);
    assert_eq!(values(table, "paid_last_year"), ["10.00", "", "1.23456"], "converted values stay exact");
    assert_eq!((table.cell(0, "paid_total"), table.cell(2, "paid_last_year")), (at("C6"), at("D9")));
    let total = Total {
        label: "合　　计".to_owned(),
        row: 5,
        values: vec![("paid_total".to_owned(), None), ("paid_last_year".to_owned(), Some(Decimal::new(300, 2)))],
        cells: vec![at("C5"), at("D5")],
        ..Total::default()
    };
    assert_eq!(table.totals, [total]);
    let expected = [
        ("unit-override", Some("D2")),
        ("coercion", Some("C6")),
        ("coercion", Some("C6")),
        ("coercion", Some("D7")),
        // Below the note 杭州 stands once more, with other figures.
        ("unread-cells", Some("B12")),
    ];
    assert_eq!(codes(&findings), expected);
}

#[test]
fn columns_may_move_and_merged_keys_are_filled_down() {
    let (observations, findings) = read_sheets(vec![projects()], |workbook| {
        let sheet = sheet(workbook, "技改项目");
        block(sheet, 0, &[&["累计完成投资（万元）", "项目阶段", "设区市", "项目编号", "联系人"]]);
        block(sheet, 1, &[&["12", "在建", "杭州", "A-1", "张三"], &["0.1", "竣 工", "", "A-2"], &["", "", "", "", "张三"]]);
        sheet.merge_range(1, 2, 2, 2, "杭州", &Style::new()).unwrap();
    });
    let [table] = observations.as_slice() else { panic!("one table") };
    assert_eq!(values(table, "code"), ["A-1", "A-2"]);
    assert_eq!((values(table, "region"), table.cell(1, "region")), (vec!["330100".to_owned(), "330100".to_owned()], at("C2")));
    assert_eq!(values(table, "stage"), ["在建", "竣工"]);
    assert_eq!(codes(&findings), [("extra-column", Some("E1")), ("coercion", Some("C2")), ("coercion", Some("B3"))]);
}

#[test]
fn rows_behind_a_gap_and_a_note_still_count() {
    let (observations, findings) = read_sheets(vec![projects()], |workbook| {
        let sheet = sheet(workbook, "技改项目");
        block(sheet, 0, &[&["项目编号", "设区市", "累计完成投资", "项目阶段"], &["A-1", "杭州", "1", "在建"]]);
        block(
            sheet,
            3,
            &[&["以下为新增项目"], &["由各市补报"], &["A-2", "宁波", "2", "在建"], &["填报人：张三"], &["A-3", "宁波", "3", "在建"]],
        );
    });
    assert_eq!(values(&observations[0], "code"), ["A-1", "A-2", "A-3"]);
    assert_eq!(codes(&findings), []);
}

#[test]
fn two_tables_share_a_sheet_and_another_is_found_by_its_headings() {
    let mut other = projects();
    other.code = "others".to_owned();
    other.sheets = vec!["不在文件里的表名".to_owned()];
    other.columns[0].labels = vec!["指标编号".to_owned()];
    let mut second = investment();
    second.code = "second".to_owned();
    second.title = "工业投资情况".to_owned();
    let (observations, findings) = read_sheets(vec![second, investment(), other], |workbook| {
        let sheet1 = sheet(workbook, "技改投资");
        block(sheet1, 0, &[&["一、技改投资情况"], &["地区", "完成投资", ""], &["", "1-6月累计", "上年同期"], &["杭州", "1", "2"]]);
        block(sheet1, 4, &[&["二、工业投资情况"], &["地区", "完成投资", ""], &["", "1-6月累计", "上年同期"], &["宁波", "3", "4"]]);
        block(sheet(workbook, "Sheet2"), 0, &[&["指标编号", "设区市", "累计完成投资", "项目阶段"], &["7", "宁波", "5", ""]]);
    });
    let found: Vec<_> = observations.iter().map(|table| (table.dataset.as_str(), values(table, "region"))).collect();
    let city = |code: &str| vec![code.to_owned()];
    assert_eq!(found, [("second", city("330200")), ("investment", city("330100")), ("others", city("330200"))]);
    assert!(findings.iter().all(|finding| finding.code == FindingCode::Coercion), "{findings:?}");
}

#[test]
fn cities_may_stand_across() {
    let mut across = investment();
    across.regions_across = true;
    across.columns[1].labels = vec!["本年完成".to_owned()];
    across.columns[2].labels = vec!["上年同期".to_owned()];
    let (observations, findings) = read_sheets(vec![across], |workbook| {
        let sheet = sheet(workbook, "技改投资");
        block(sheet, 0, &[&["指标", "单位", "全省", "杭州", "宁波", "金华"], &["本年完成", "亿元", "6", "1", "2", "3"]]);
        block(sheet, 2, &[&["上年同期（亿元）", "", "60", "10", "20", "30"], &["填报人：张三"]]);
    });
    let [table] = observations.as_slice() else { panic!("one table") };
    assert_eq!(values(table, "paid_total"), ["1.00", "2.00", "3.00"]);
    assert_eq!(table.cell(2, "paid_last_year"), at("F3"));
    assert_eq!(table.totals.iter().map(|total| total.values.len()).collect::<Vec<_>>(), [2]);
    assert_eq!(table.total_cell(&table.totals[0], "paid_last_year"), at("C3"), "a total across keeps its own place");
    assert_eq!(codes(&findings), []);
}

#[test]
fn percent_formats_are_read_with_the_cells() {
    let mut growth = investment();
    growth.columns = vec![column("region", &["地区"], ColumnType::Region, ""), column("growth", &["同比增长"], ColumnType::Decimal, "%")];
    let (observations, _) = read_sheets(vec![growth], |workbook| {
        let sheet = sheet(workbook, "技改投资");
        block(sheet, 0, &[&["地区", "同比增长（%）"], &["杭州", "12.3"], &["宁波"], &["金华", "-4.5%"]]);
        sheet.write_number_with_format(2, 1, 0.078, &Style::new().set_num_format("0.0%")).unwrap();
    });
    assert_eq!(values(&observations[0], "growth"), ["12.30", "7.80", "-4.50"]);
}

#[test]
fn headings_that_do_not_fit_are_told_and_the_table_is_left_out() {
    let (observations, findings) = read_sheets(vec![projects(), investment()], |workbook| {
        block(sheet(workbook, "技改项目"), 0, &[&["项目编号", "设区市", "项目阶段"], &["A", "杭州", "在建"]]);
        block(sheet(workbook, "技改投资"), 0, &[&["随便", "什么"], &["杭州", "1"]]);
    });
    assert!(observations.is_empty());
    assert_eq!(codes(&findings), [("missing-column", Some("A1")), ("missing-heading", None)]);

    let (_, findings) = read_sheets(vec![projects()], |workbook| {
        let headings: &[&[&str]] = &[&["项目编号", "设区市", "累计完成投资", "累计完成投资（万元）"], &["A", "杭州", "1", "2"]];
        block(sheet(workbook, "技改项目"), 0, headings);
    });
    assert_eq!(codes(&findings), [("ambiguous-column", Some("C1"))]);
}

#[test]
fn tables_that_are_missing_or_belong_to_others_are_told() {
    let mut other = projects();
    other.from = vec![DepartmentCode("swt".to_owned())];
    let fill = |workbook: &mut Workbook| {
        block(sheet(workbook, "技改项目"), 0, &[&["项目编号", "设区市", "累计完成投资"], &["A", "杭州", "1"]]);
    };
    let (_, findings) = read_sheets(vec![investment(), other], fill);
    assert_eq!(codes(&findings), [("no-dataset", None), ("foreign-dataset", None)]);
    let (observations, findings) = read_sheets(vec![investment(), projects()], fill);
    assert_eq!((observations.len(), codes(&findings)), (1, vec![("missing-sheet", None)]));
}

#[test]
fn a_secrecy_mark_in_any_cell_or_header_stops_everything() {
    let refused =
        |fill: fn(&mut Worksheet)| read_named("省经信厅_2022-06.xlsx", vec![investment()], |workbook| fill(workbook.add_worksheet()));
    let secret = Reply::Refused(Refusal::SuspectedSecret);
    assert_eq!(refused(|sheet| drop(sheet.write_string(40, 9, "机密★10年"))), secret);
    assert_eq!(
        refused(|sheet| {
            sheet.set_header("&R秘密★");
        }),
        secret
    );
    assert_ne!(refused(|sheet| drop(sheet.write_string(0, 0, "商业秘密保护"))), secret);
}

#[test]
fn the_hidden_sheet_comes_before_names_and_a_contradiction_is_told() {
    let reply = read_named("省商务厅_2022-05.xlsx", vec![investment()], |workbook| {
        block(sheet(workbook, HIDDEN_SHEET), 0, &[&["wenjin-form"], &["department", "jxt"], &["period", "2022-06"]]);
        block(sheet(workbook, "技改投资"), 0, &[&["地区", "完成投资", ""], &["", "1-6月累计", "上年同期"], &["杭州", "1", "2"]]);
    });
    let Reply::Read { department, period, observations, findings, .. } = reply else { panic!("read") };
    assert_eq!((department.0.as_str(), period.to_string().as_str(), observations.len()), ("jxt", "2022-06", 1));
    assert_eq!(codes(&findings), [("contradictory-identity", None), ("contradictory-identity", None)]);
    let unknown = read_named("2022-06.xlsx", vec![investment()], |workbook| {
        workbook.add_worksheet();
    });
    assert_eq!(unknown, Reply::Refused(Refusal::UnknownDepartment));
}

#[test]
fn a_stray_cell_far_out_is_told_and_a_sheet_filled_so_far_out_is_too_much() {
    let far = |columns: std::ops::Range<u16>| {
        read_named("省经信厅_2022-06.xlsx", vec![investment()], |workbook| {
            let sheet = sheet(workbook, "技改投资");
            block(sheet, 0, &[&["地区", "完成投资", ""], &["", "1-6月累计", "上年同期"], &["杭州", "1", "2"]]);
            for column in columns {
                sheet.write_number(1_048_575, column, 1).unwrap();
            }
        })
    };
    let Reply::Read { observations, findings, account, .. } = far(16_383..16_384) else { panic!("read") };
    assert_eq!((observations[0].rows(), account.unread[0].cells.as_str()), (1, "XFD1048576"));
    assert!(!findings.iter().any(Finding::returns_file), "{findings:?}");
    assert_eq!(far(600..800), Reply::Refused(Refusal::TooManyCells));
}
