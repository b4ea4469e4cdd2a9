use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use super::*;
use crate::model::{CellRef, RegionCode, TotalKind, Values};

/// The shape of a list as it is read, with all that is rare.
fn table() -> Observations {
    let (day, at) = (NaiveDate::from_ymd_opt(2022, 6, 30), |row, column| Some(CellRef::new(row, column)));
    let text = |text: &str| Some(text.to_owned());
    let city = |code: &str| Some(RegionCode(code.to_owned()));
    let columns = [
        ("code", Values::Text(vec![text("P-1"), text("P-2"), None, text("P-4")])),
        ("stage", Values::Text(vec![text("在建"), text("在建"), text("竣工"), text("在建")])),
        ("region", Values::Region(vec![city("330100"), city("330100"), city("330200"), None])),
        ("firms", Values::Integer(vec![Some(i64::MIN), Some(-1), None, Some(i64::MAX)])),
        ("total", Values::Decimal(vec![Some(dec!(1.00)), Some(dec!(-0.07)), None, Some(dec!(79228162514264337593543950.35))])),
        ("exact", Values::Decimal(vec![Some(dec!(1.5)), Some(dec!(1.50)), Some(-Decimal::ZERO), Some(Decimal::MIN)])),
        ("begun", Values::Date(vec![day, None, Some(NaiveDate::MIN), day])),
        ("digital", Values::Flag(vec![Some(true), None, Some(false), Some(true)])),
        ("absent", Values::Text(vec![None; 4])),
    ];
    let row = |row: u32| (0..8).map(|column| at(row, column)).chain([None]).collect::<Vec<_>>();
    let mut cells = vec![row(3), row(4), row(9), row(10)];
    // Filled down from a merged cell above, and a place that is not known.
    (cells[1][2], cells[2][7]) = (at(3, 2), None);
    let total = TotalRow {
        label: "合　　计".to_owned(),
        row: 12,
        values: vec![("total".to_owned(), Some(dec!(0.93)))],
        cells: vec![at(11, 4)],
        kind: TotalKind::Block,
        part: 1,
    };
    Observations {
        dataset: "projects".to_owned(),
        department: DepartmentCode("jxt".to_owned()),
        period: Period::new(2022, 6).unwrap(),
        sheet: "项目清单".to_owned(),
        columns: columns.into_iter().map(|(name, values)| Column { name: name.to_owned(), values }).collect(),
        cells,
        totals: vec![total],
        parts: vec![Part { sheet: "项目清单".to_owned(), from: 0 }, Part { sheet: "续".to_owned(), from: 2 }],
    }
}

fn json(table: &Observations) -> String {
    serde_json::to_string(table).unwrap()
}

#[test]
fn a_table_comes_back_to_the_last_digit() {
    let table = table();
    let back = Packed::of(&table).unwrap().table().unwrap();
    assert_eq!(back, table);
    assert_eq!(json(&back), json(&table), "1.5 and 1.50 are equal, and printed differently");
}

#[test]
fn a_list_takes_a_fraction_of_what_its_text_takes() {
    let mut long = table();
    for at in 0..200 {
        long.append(Observations { sheet: format!("{at}"), totals: Vec::new(), parts: Vec::new(), ..table() });
    }
    long.parts.clear();
    assert!(Packed::of(&long).unwrap().0.len() * 8 < json(&long).len());
}

#[test]
fn any_byte_that_changed_is_told() {
    let file = Packed::of(&table()).unwrap().0;
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        assert!(unpacked(&damaged).is_err(), "{at}");
        assert!(unpacked(&file[..at]).is_err(), "{at}");
    }
}

/// A file around a body, its hash right whatever the body is.
fn around(body: &[u8]) -> Vec<u8> {
    let mut rest = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
    let mut packing = DeflateEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(body).unwrap();
    rest.extend(packing.finish().unwrap());
    [MAGIC.as_slice(), blake3::hash(&rest).as_bytes(), &rest].concat()
}

#[test]
fn a_body_says_no_more_than_there_is() {
    let whole = body(&table()).unwrap();
    assert_eq!(unpacked(&around(&whole)).unwrap(), table());
    for at in 0..whole.len() {
        assert!(unpacked(&around(&whole[..at])).is_err(), "{at}");
        for byte in [0, 0x7F, 0x80, 0xFF] {
            let mut other = whole.clone();
            other[at] = byte;
            // Another table, or none; never a panic, nor more memory than a table takes.
            drop(unpacked(&around(&other)));
        }
    }
    assert!(unpacked(&around(&[whole, vec![0]].concat())).is_err());
}

/// One value in three is missing.
fn values(rows: usize) -> impl Strategy<Value = Values> {
    fn of<T: Strategy>(values: T, rows: usize) -> impl Strategy<Value = Vec<Option<T::Value>>>
    where
        T::Value: Clone,
    {
        prop::collection::vec(prop::option::weighted(0.67, values), rows)
    }
    let decimal = (any::<i64>(), 0_u32..9).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale));
    let cents = (-100_000_i64..100_000).prop_map(|cents| Decimal::new(cents, 2));
    let day = (-1_000_000..1_000_000).prop_filter_map("no day", NaiveDate::from_num_days_from_ce_opt);
    prop_oneof![
        of("\\PC{0,6}", rows).prop_map(Values::Text),
        of("[甲乙]", rows).prop_map(Values::Text),
        of("33[01]100".prop_map(RegionCode), rows).prop_map(Values::Region),
        of(any::<i64>(), rows).prop_map(Values::Integer),
        of(decimal, rows).prop_map(Values::Decimal),
        of(cents, rows).prop_map(Values::Decimal),
        of(day, rows).prop_map(Values::Date),
        of(any::<bool>(), rows).prop_map(Values::Flag),
    ]
}

fn any_table() -> impl Strategy<Value = Observations> {
    (0_usize..20, 1_usize..6).prop_flat_map(|(rows, width)| {
        let cell = prop::option::weighted(0.8, (any::<u32>(), any::<u32>()).prop_map(CellRef::from));
        let cells = prop::collection::vec(prop::collection::vec(cell, width), rows);
        (prop::collection::vec(values(rows), width), cells).prop_map(|(columns, cells)| Observations {
            columns: columns.into_iter().enumerate().map(|(at, values)| Column { name: format!("c{at}"), values }).collect(),
            cells,
            ..table()
        })
    })
}

proptest! {
    #[test]
    fn every_table_comes_back(table in any_table()) {
        let back = Packed::of(&table).unwrap().table().unwrap();
        prop_assert_eq!(json(&back), json(&table));
        prop_assert_eq!(back, table);
    }
}
