//! What comes out of a zip, and what never does.

use std::io::Write as _;

use rstest::rstest;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn book() -> Vec<u8> {
    zip(&[("xl/workbook.xml", b"<workbook/>")])
}

fn refusal(bytes: &[u8], limits: &Limits) -> Option<Refusal> {
    open(bytes, limits).and_then(|opened| opened.members.err())
}

#[test]
fn each_table_comes_out_with_its_folders_and_the_rest_is_named_or_passed_over() {
    let book = book();
    let files: [(&str, &[u8]); 9] = [
        ("6月/省经信厅_2022-06.xlsx", &book),
        ("无扩展名", &book),
        ("网页.xls", b"<html><table>"),
        ("下级.rar", b"Rar!\x1A\x07\x01\x00"),
        ("说明.docx", b"PK\x03\x04"),
        ("__MACOSX/6月/._省经信厅_2022-06.xlsx", b"\0\x05\x16\x07"),
        (".DS_Store", b"\0"),
        ("~$省经信厅_2022-06.xlsx", b"\x07"),
        ("Thumbs.db", b"\0"),
    ];
    let opened = open(&zip(&files), &Limits::default()).unwrap();
    let members = opened.members.unwrap();
    let told: Vec<(String, &str)> = members.iter().map(|one| (one.folders.join("/"), one.file.as_str())).collect();
    let at = |folder: &str, file: &'static str| (folder.to_owned(), file);
    assert_eq!(told, [at("6月", "省经信厅_2022-06.xlsx"), at("", "无扩展名"), at("", "网页.xls"), at("", "下级.rar")]);
    assert_eq!((members[0].hash.clone(), &members[0].bytes), (ContentHash::of(&book), &book), "the same bytes");
    let kinds: Vec<PackedKind> = opened.entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [PackedKind::Workbook, PackedKind::Workbook, PackedKind::Workbook, PackedKind::Archive, PackedKind::Other]);
    assert_eq!(opened.entries.last().unwrap().name, "说明.docx");
}

#[test]
fn names_are_read_as_gbk_where_they_are_no_utf_8() {
    // 乗 ends with the byte of a backslash, which is no folder there.
    for name in ["省经信厅_2022-06.xlsx", "乗.xlsx"] {
        let (gbk, _, _) = encoding_rs::GBK.encode(name);
        let placeholder = "a".repeat(gbk.len());
        let mut bytes = zip(&[(&placeholder, &book())]);
        let places: Vec<usize> =
            bytes.windows(gbk.len()).enumerate().filter(|(_, window)| *window == placeholder.as_bytes()).map(|(at, _)| at).collect();
        for at in places {
            bytes[at..at + gbk.len()].copy_from_slice(&gbk);
        }
        let members = open(&bytes, &Limits::default()).unwrap().members.unwrap();
        assert_eq!((members[0].file.as_str(), members[0].folders.len()), (name, 0));
    }
}

#[test]
fn a_document_is_no_zip_of_files_though_tables_are_embedded_in_it() {
    let book = book();
    assert!(open(&book, &Limits::default()).is_none());
    assert!(open(&zip(&[("[Content_Types].xml", b"<a/>"), ("word/embeddings/a.xlsx", &book)]), &Limits::default()).is_none());
    assert!(open(b"PK\x03\x04 and nothing more", &Limits::default()).is_none());
}

#[rstest]
#[case::letters(&["通知.docx", "照片.jpg"], Refusal::NothingPacked)]
#[case::nothing(&[], Refusal::NothingPacked)]
#[case::archives_alone(&["下级.rar"], Refusal::NothingPacked)]
#[case::climbs_out(&["../../etc/省经信厅.xlsx"], Refusal::HostileArchive)]
#[case::absolute(&["/etc/省经信厅.xlsx"], Refusal::HostileArchive)]
#[case::drive(&["C:\\省经信厅.xlsx"], Refusal::HostileArchive)]
#[case::secret(&["机密★.docx", "省经信厅.xlsx"], Refusal::SuspectedSecret)]
fn refuses(#[case] names: &[&str], #[case] expected: Refusal) {
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"a"[..])).collect();
    assert_eq!(refusal(&zip(&files), &Limits::default()), Some(expected));
}

#[test]
fn a_zip_in_a_zip_is_named_and_not_opened() {
    let book = book();
    let inner = zip(&[("省经信厅_2022-06.xlsx", &book)]);
    let members = open(&zip(&[("a.xlsx", &book), ("里层.zip", &inner)]), &Limits::default()).unwrap().members.unwrap();
    assert_eq!(sniff(&members[1].bytes, &Limits::default()), Err(Refusal::Packed), "as a submission it is refused by name");
    assert_eq!(refusal(&zip(&[("里层.zip", &inner)]), &Limits::default()), Some(Refusal::NothingPacked));
}

#[test]
fn what_comes_out_is_limited_by_count_size_total_and_ratio() {
    let blanks = vec![b' '; 9 << 20];
    let with = |name: &str, limits: &Limits| refusal(&zip(&[("a.xlsx", b"x"), (name, &blanks)]), limits);
    assert_eq!(with("b.xls", &Limits::default()), Some(Refusal::HostileArchive), "grows a thousandfold");
    assert_eq!(with("b.bmp", &Limits::default()), None, "a picture harms nobody");
    assert_eq!(with("b.bmp", &Limits { inflated_bytes_max: 8 << 20, ..Limits::default() }), Some(Refusal::HostileArchive));
    assert_eq!(with("b.bmp", &Limits { zip_entries_max: 1, ..Limits::default() }), Some(Refusal::HostileArchive));
    let small = Limits { file_bytes_max: 1 << 20, inflate_ratio_max: 1 << 20, ..Limits::default() };
    let members = open(&zip(&[("b.xlsx", &blanks)]), &small).unwrap().members.unwrap();
    assert_eq!((members[0].unread, members[0].bytes.len()), (Some(Refusal::TooLarge), 0));
    assert_eq!(members[0].hash, ContentHash::of(&blanks), "known again by what it holds");
}

#[test]
fn sizes_that_a_zip_states_are_not_believed() {
    let blanks = vec![b' '; 3 << 20];
    let mut bytes = zip(&[("b.bmp", &blanks)]);
    let stated = u32::try_from(blanks.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, window)| *window == stated).map(|(at, _)| at).collect();
    for at in places {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let limits = Limits { inflated_bytes_max: 1 << 20, ..Limits::default() };
    let refused = refusal(&bytes, &limits);
    assert!(matches!(refused, Some(Refusal::HostileArchive | Refusal::Truncated)), "{refused:?}");
}

#[test]
fn a_password_is_named_as_the_zips() {
    let mut bytes = zip(&[("省经信厅_2022-06.xlsx", &book())]);
    // The flags of the local header and of the directory.
    for (mark, offset) in [(&b"PK\x03\x04"[..], 6), (&b"PK\x01\x02"[..], 8)] {
        let at = bytes.windows(4).position(|window| window == mark).unwrap();
        bytes[at + offset] |= 1;
    }
    assert_eq!(refusal(&bytes, &Limits::default()), Some(Refusal::LockedArchive));
}

#[test]
fn half_a_table_in_a_whole_zip_is_told_as_incomplete() {
    let mut bytes = zip(&[("a.xlsx", &[7; 3000])]);
    let at = bytes.windows(6).position(|window| window == b"a.xlsx").unwrap() + 8;
    bytes[at] ^= 0x55;
    assert_eq!(refusal(&bytes, &Limits::default()), Some(Refusal::Truncated));
}
