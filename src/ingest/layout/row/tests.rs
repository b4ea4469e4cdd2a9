//! Rows of a list and of a table of cities, each weighed by itself.

use rstest::rstest;

use super::*;
use crate::ingest::layout::heading::{Texts, find};
use crate::ingest::layout::label::declared;
use crate::ingest::parse::region::tests::cities;
use crate::model::{DepartmentCode, Period};
use crate::plan::{Accumulation, Frequency, TotalRule};

fn spec(name: &str, kind: ColumnType) -> ColumnSpec {
    ColumnSpec {
        name: name.to_owned(),
        labels: vec![name.to_owned()],
        kind,
        unit: None,
        decimals: 2,
        required: true,
        unique: false,
        min: None,
        max: None,
        pattern: None,
        choices: vec![],
        last_year_of: None,
        month_of: None,
    }
}

fn dataset(shape: Shape, columns: Vec<ColumnSpec>) -> Dataset {
    Dataset {
        code: "table".to_owned(),
        title: "表".to_owned(),
        measure: None,
        from: vec![DepartmentCode("jxt".to_owned())],
        sheets: vec!["表".to_owned()],
        shape,
        accumulation: Accumulation::Snapshot,
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
        may_be_empty: true,
        list_year: false,
    }
}

/// A text that is a number is one.
fn put(grid: &mut Grid, row: u32, texts: &[&str]) {
    for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
        let value = text.parse().map_or_else(|_| Value::Text((*text).to_owned()), Value::Number);
        grid.put(Cell { row, column, value, look: None });
    }
}

fn list() -> Dataset {
    let columns = vec![
        spec("企业", ColumnType::Text),
        spec("市", ColumnType::Region),
        spec("数", ColumnType::Decimal),
        spec("年", ColumnType::Integer),
    ];
    dataset(Shape::Records, columns)
}

fn kind(dataset: &Dataset, texts: &[&str], gap: bool) -> RowKind {
    kind_behind(dataset, texts, Before { gap, heading: false })
}

fn kind_behind(dataset: &Dataset, texts: &[&str], before: Before) -> RowKind {
    let mut grid = Grid::new("表", true);
    let headings: Vec<&str> = dataset.columns.iter().map(|column| column.name.as_str()).collect();
    put(&mut grid, 0, &headings);
    put(&mut grid, 5, texts);
    let labels = [declared(dataset, Period::new(2022, 6).unwrap())];
    let heading = find(&grid, &Texts::of(&grid, &labels), dataset, &labels[0]).remove(0);
    let (province, regions) = cities();
    let gazetteer = Gazetteer::new(&province, &regions);
    Rows::new(&grid, dataset, &heading, &gazetteer, (0, u32::MAX)).kind(5, before)
}

#[rstest]
#[case::plain(&["甲公司", "杭州", "3", "2022"], RowKind::Data)]
#[case::named_like_an_of_which_row(&["其中科技有限公司", "杭州", "3", "2022"], RowKind::Data)]
#[case::named_like_a_note(&["注塑中心", "宁波市", "3", "2022"], RowKind::Data)]
#[case::named_like_a_signature(&["审核人：有限公司", "宁波市", "3", "2022"], RowKind::Data)]
#[case::named_like_a_total(&["累计", "宁波市", "3", "2022"], RowKind::Data)]
#[case::half_filled(&["甲公司", "", "3", ""], RowKind::Data)]
#[case::name_alone(&["甲公司"], RowKind::Data)]
#[case::subtotal(&["杭州市小计", "", "30"], RowKind::Total)]
#[case::subtotal_by_excel(&["", "杭州市 汇总", "30"], RowKind::Total)]
#[case::remark(&["说明：以下为6月新认定企业"], RowKind::Foot)]
#[case::remark_without_a_colon(&["以下为6月新认定企业"], RowKind::Foot)]
#[case::signatures(&["分管领导：张三", "", "处室负责人：李四", "经办：王五"], RowKind::Foot)]
#[case::signatures_in_cells_of_their_own(&["填报人：", "张三", "审核人：", "李四"], RowKind::Foot)]
#[case::blank_mark(&["", "以下空白"], RowKind::BlankMark)]
#[case::signatures_with_a_date(&["制表：王五", "审核：李四", "处长：张三", "2022"], RowKind::Foot)]
#[case::labels_beside_names(&["经办人", "王五", "科室负责人", "李四"], RowKind::Foot)]
#[case::a_firm_named_like_a_stem(&["甲", "杭州", "3", "2022"], RowKind::Data)]
#[case::batch(&["第五批"], RowKind::Section)]
#[case::kind_of_firms(&["新增企业"], RowKind::Section)]
#[case::city_alone(&["杭州市"], RowKind::Section)]
#[case::firms_that_left(&["", "退出企业"], RowKind::Section)]
#[case::batch_with_figures(&["第五批", "杭州", "3", "2022"], RowKind::Data)]
#[case::carried_over(&["过次页", "", "30"], RowKind::Total)]
#[case::carried_over_in_full(&["承前页", "杭州", "30", "2022"], RowKind::Total)]
#[case::remark_of_a_page(&["甲公司", "杭州", "3", "2022", "续前页"], RowKind::Data)]
#[case::page_two(&["企业", "市", "数", "年"], RowKind::Heading)]
fn in_a_list(#[case] texts: &[&str], #[case] expected: RowKind) {
    assert_eq!(kind(&list(), texts, false), expected);
}

#[test]
fn behind_a_gap_half_of_the_required_cells_must_fit() {
    let list = list();
    assert_eq!(kind(&list, &["甲公司", "杭州", "", ""], true), RowKind::Data);
    assert_eq!(kind(&list, &["杭州", "12", "", ""], true), RowKind::Unread);
    assert_eq!(kind(&list, &["甲公司"], true), RowKind::Foot);
}

#[rstest]
#[case(&["杭州", "1", "2"], RowKind::Data)]
#[case(&["杭州"], RowKind::Data)]
#[case(&["苏州", "1", "2"], RowKind::Data)]
#[case(&["省本级", "1", "2"], RowKind::Own)]
#[case(&["汇总", "1", "2"], RowKind::Total)]
#[case(&["其中：义乌市", "1", "2"], RowKind::OfWhich)]
#[case(&["注：快报数", "", ""], RowKind::Foot)]
fn in_a_table_of_cities(#[case] texts: &[&str], #[case] expected: RowKind) {
    let columns = vec![spec("市", ColumnType::Region), spec("数", ColumnType::Decimal), spec("上年", ColumnType::Decimal)];
    assert_eq!(kind(&dataset(Shape::Matrix, columns), texts, false), expected);
}

#[rstest]
#[case(&["甲", "乙", "1", "2"], true)]
#[case(&["（甲）", "（1）", "（2）", "（3）"], true)]
#[case(&["A", "B", "C", "1"], true)]
#[case(&["栏次", "1", "2", "3=1+2"], true)]
#[case(&["①", "②", "③", "④"], true)]
#[case(&["甲", "杭州", "3", "2022"], false)]
#[case(&["1", "甲公司", "杭州", "2"], false)]
fn column_numbers_stand_right_below_the_heading(#[case] texts: &[&str], #[case] expected: bool) {
    let kind = kind_behind(&list(), texts, Before { gap: false, heading: true });
    assert_eq!(kind == RowKind::ColumnNumbers, expected, "{texts:?}");
}
