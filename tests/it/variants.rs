//! A thousand variants of the shipped workbooks, by chance that repeats: each is read to the same figures or asked about.
//!
//! A variant takes one table of June with another sheet of its workbook, and one to three changes that keep its meaning. Those marked
//! `harmless` in [`CHANGES`] leave nothing to ask. `WENJIN_VARIANTS=SEED:COUNT` tries others, `WENJIN_VARIANTS=SEED:1` one again;
//! `WENJIN_VARIANTS_OUT=FOLDER` keeps the workbooks, named by their seeds.

pub mod chance;
mod change;
mod rows;
mod sheet;
mod spread;

use std::collections::BTreeMap;

use wenjin::ingest::{Read, Reading};
use wenjin::model::{Column, ContentHash, Finding, Observations, Submission};
use wenjin::plan::Dataset;

use crate::account;
use crate::reader::{Reader, read, root, workbooks};
use chance::Chance;
use change::Draft;
use sheet::Sheet;

type Change = fn(&mut Draft, &mut Chance) -> Option<()>;

/// Name, whether nothing is to be asked, the change; in the order they are made.
const CHANGES: &[(&str, bool, Change)] = &[
    ("numbers as text", true, change::numbers_as_text),
    ("thousands separators", true, change::thousands_separators),
    ("percent format", true, change::percent_format),
    ("another unit in a heading", true, change::other_unit),
    ("another unit in the caption", true, change::other_caption),
    ("dates as text", true, change::dates_as_text),
    ("a struck row", false, change::struck_rows),
    ("columns shuffled", true, rows::columns_shuffled),
    ("an extra column", true, rows::extra_column),
    ("a hidden column", true, rows::hidden_column),
    ("the total as a formula", true, rows::total_as_formula),
    ("the total called otherwise", true, rows::total_renamed),
    ("the total on top", true, rows::total_on_top),
    ("a list with a total", true, rows::list_with_total),
    ("a subtotal per city", true, rows::subtotal_per_city),
    ("subtotals by Excel", true, rows::subtotals_by_excel),
    ("rows hidden by a filter", true, rows::filtered_rows),
    ("two sheets", false, spread::on_two_sheets),
    ("a second sheet without heading", false, spread::on_a_bare_sheet),
    ("one sheet a city", false, spread::one_sheet_a_city),
    ("blocks below one another", false, spread::blocks_below),
    ("blocks side by side", false, spread::blocks_side_by_side),
    ("the heading repeated", true, rows::heading_repeated),
    ("a remark inside", false, rows::remark_inside),
    ("blank rows inside", false, rows::blank_rows_inside),
    ("column numbers", true, rows::column_numbers),
    ("以下空白", true, rows::blank_mark),
    ("a signature line", true, rows::signature_line),
    ("blanks before", true, spread::blanks_before),
    ("another sheet name", true, spread::renamed),
    ("May's sheet beside", false, spread::older_beside),
    ("May's sheet hidden beside", true, spread::older_hidden),
    ("the sheet hidden", false, spread::hidden_itself),
    ("a copy of the sheet", false, spread::copied),
    ("sheets in another order", true, spread::reordered),
];

const SEED: u64 = 20_220_611;
const COUNT: usize = 1_000;
/// Variants are read in portions: all of them at once would be a lot of memory.
const PORTION: usize = 200;

/// A table of June as it was handed in and read.
struct Origin {
    file: String,
    sheet: Sheet,
    beside: Option<Sheet>,
    may: Option<Sheet>,
    table: Observations,
}

struct Variant<'a> {
    seed: u64,
    origin: &'a Origin,
    changes: Vec<&'static str>,
    harmless: bool,
    submission: Submission,
}

#[test]
fn a_thousand_variants_are_read_to_the_same_figures_or_asked_about() {
    let reader = Reader::new();
    let origins = origins(&reader);
    assert!(origins.len() > 25, "only {} tables can be varied", origins.len());
    let (seed, count) = wanted();
    let mut silent = Vec::new();
    let mut needless = Vec::new();
    let mut broken = Vec::new();
    let mut used: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    // Each table first as it is: what is rebuilt without a change must come out the same.
    let plain = origins.iter().map(|origin| vary(&reader, origin, 0, &[]));
    let seeds: Vec<u64> = (0..u64::try_from(count).unwrap()).map(|at| seed.wrapping_add(at)).collect();
    let varied = seeds.iter().map(|seed| by_chance(&reader, &origins, *seed));
    let variants: Vec<Variant> = plain.chain(varied).collect();
    for portion in variants.chunks(PORTION) {
        let submissions: Vec<Submission> = portion.iter().map(|variant| variant.submission.clone()).collect();
        for (variant, reading) in portion.iter().zip(reader.read(&submissions)) {
            let outcome = judge(&reader, variant, reading);
            let told = |why: &str| {
                format!(
                    "seed {}: {} {}: {}: {why}",
                    variant.seed,
                    variant.origin.file,
                    variant.origin.table.dataset,
                    variant.changes.join(" + ")
                )
            };
            for change in &variant.changes {
                let (all, asked) = used.entry(change).or_default();
                *all += 1;
                *asked += usize::from(outcome.asked.is_some());
            }
            match (&outcome.asked, &outcome.differs) {
                (None, Some(why)) => silent.push(told(why)),
                (Some(why), _) if variant.harmless => needless.push(told(why)),
                _ => {}
            }
            broken.extend(outcome.account.first().map(|why| told(why)));
        }
    }
    let used: Vec<String> = used.iter().map(|(change, (all, asked))| format!("{change}: {asked} of {all} asked")).collect();
    let faults = [("read to other figures without a word", silent), ("asked about for nothing", needless), ("not accounted for", broken)];
    let faults = faults.iter().filter(|(_, all)| !all.is_empty()).map(|(what, all)| format!("{} {what}:\n{}", all.len(), all.join("\n")));
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), used.join("\n"));
}

fn wanted() -> (u64, usize) {
    let wanted = std::env::var("WENJIN_VARIANTS").ok();
    let parts = wanted.as_deref().and_then(|text| text.split_once(':'));
    parts.map_or((SEED, COUNT), |(seed, count)| (seed.parse().unwrap(), count.parse().unwrap()))
}

/// Every table of June that can be taken apart.
fn origins(reader: &Reader) -> Vec<Origin> {
    let may = tables(reader, "2022-05");
    let mut may: BTreeMap<(String, String), Sheet> =
        may.into_iter().map(|(_, sheet, table)| ((table.department.0.clone(), table.dataset), sheet)).collect();
    let june = tables(reader, "2022-06");
    // The shortest other sheet is enough to have others beside.
    let beside = |file: &str, name: &str| {
        let others = june.iter().filter(|(other, sheet, _)| other == file && sheet.name != name);
        others.min_by_key(|(_, sheet, _)| sheet.rows.len()).map(|(_, sheet, _)| sheet.clone())
    };
    let origin = |(file, sheet, table): &(String, Sheet, Observations)| Origin {
        file: file.clone(),
        sheet: sheet.clone(),
        beside: beside(file, &sheet.name),
        may: may.remove(&(table.department.0.clone(), table.dataset.clone())),
        table: table.clone(),
    };
    june.iter().map(origin).collect()
}

fn tables(reader: &Reader, period: &str) -> Vec<(String, Sheet, Observations)> {
    let submissions = reader.take(&workbooks(&root().join("fixtures/inbox").join(period)));
    let mut tables = Vec::new();
    for (submission, reading) in submissions.iter().zip(reader.read(&submissions)) {
        let (Some(read), Ok(book)) = (read(reading), reader.book(submission)) else { continue };
        for table in read.observations {
            let grid = book.sheets.iter().find(|grid| grid.name == table.sheet);
            let dataset = dataset(reader, &table);
            let sheet = grid.filter(|_| table.rows() > 0).and_then(|grid| Sheet::cut(grid, dataset, &table));
            // The file's name tells department and period, whatever the format was.
            let department = reader.plan.department_name(&table.department).to_owned();
            tables.extend(sheet.map(|sheet| (format!("{department}_{period}.xlsx"), sheet, table)));
        }
    }
    tables
}

fn dataset<'a>(reader: &'a Reader, table: &Observations) -> &'a Dataset {
    reader.plan.dataset(&table.dataset).unwrap()
}

fn by_chance<'a>(reader: &Reader, origins: &'a [Origin], seed: u64) -> Variant<'a> {
    let mut chance = Chance::new(seed);
    let origin = &origins[chance.below(origins.len())];
    let mut chosen: Vec<usize> = (0..CHANGES.len()).collect();
    chance.shuffle(&mut chosen);
    // More than are wanted: not every change fits every table.
    vary(reader, origin, seed, &chosen)
}

/// Makes up to three of the `chosen` changes, in the order of the list.
fn vary<'a>(reader: &Reader, origin: &'a Origin, seed: u64, chosen: &[usize]) -> Variant<'a> {
    let mut chance = Chance::new(seed ^ 0x5EED);
    let dataset = dataset(reader, &origin.table);
    let sheets: Vec<Sheet> = std::iter::once(&origin.sheet).chain(&origin.beside).cloned().collect();
    let mut draft = Draft { dataset, sheets, may: origin.may.as_ref(), is_spread: false };
    let wanted = 1 + chance.below(3);
    let mut chosen: Vec<usize> = chosen.iter().copied().take(wanted * 2).collect();
    chosen.sort_unstable();
    let (mut changes, mut harmless) = (Vec::new(), true);
    for (name, is_harmless, change) in chosen.iter().map(|at| &CHANGES[*at]) {
        if changes.len() < wanted && change(&mut draft, &mut chance).is_some() {
            changes.push(*name);
            harmless &= is_harmless;
        }
    }
    let bytes = sheet::write(&draft.sheets);
    if let Some(folder) = std::env::var_os("WENJIN_VARIANTS_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{seed}.xlsx")), &bytes).unwrap();
    }
    let hash = ContentHash::of(&bytes);
    let submission = Submission { file: origin.file.clone(), folders: Vec::new(), received_at: None, hash, bytes, unread: None };
    Variant { seed, origin, changes, harmless, submission }
}

struct Outcome {
    asked: Option<String>,
    differs: Option<String>,
    account: Vec<String>,
}

fn judge(reader: &Reader, variant: &Variant, reading: Reading) -> Outcome {
    let read = match reading {
        Reading::Read(read) => read,
        Reading::Refused(refusal) => return Outcome { asked: Some(format!("refused: {refusal:?}")), differs: None, account: Vec::new() },
    };
    let differs = differs(variant, &read);
    let mut asked = read.findings.iter().find(|finding| finding.returns_file()).map(told);
    // The checks take their time: asked where the answer changes anything.
    if asked.is_none() && (differs.is_some() || variant.harmless) {
        asked = reader.findings(&read, &variant.origin.table.dataset).iter().find(|finding| finding.returns_file()).map(told);
    }
    let book = reader.book(&variant.submission).map(|book| book.sheets).unwrap_or_default();
    Outcome { asked, differs, account: account::faults(&book, &read) }
}

fn told(finding: &Finding) -> String {
    let cell = finding.place.cell.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {} {cell} {}", finding.code.code(), finding.place.sheet.as_deref().unwrap_or_default(), finding.message)
}

/// How the table differs from the one handed in.
fn differs(variant: &Variant, read: &Read) -> Option<String> {
    let was = &variant.origin.table;
    let Some(now) = read.observations.iter().find(|table| table.dataset == was.dataset) else {
        return Some("the table is gone".to_owned());
    };
    if now.rows() != was.rows() {
        return Some(format!("{} rows, {} are right", now.rows(), was.rows()));
    }
    let (now_rows, was_rows) = (rows(now), rows(was));
    let first = now_rows.iter().zip(&was_rows).find(|(now, was)| now != was);
    if let Some((now, was)) = first {
        return Some(format!("{now:?}, right is {was:?}"));
    }
    let totals = |table: &Observations| -> Vec<BTreeMap<String, String>> {
        let of = |total: &wenjin::model::TotalRow| {
            total.values.iter().filter_map(|(name, value)| Some((name.clone(), value.as_ref()?.normalize().to_string()))).collect()
        };
        table.totals.iter().map(of).collect()
    };
    let (now, was) = (totals(now), totals(was));
    was.iter().find(|total| !now.contains(total)).map(|total| format!("no total row of {total:?}, but {now:?}"))
}

/// The rows as texts, sorted: order does not matter.
fn rows(table: &Observations) -> Vec<Vec<Option<String>>> {
    let cell = |column: &Column, row: usize| column.decimal(row).map(|number| number.normalize().to_string()).or_else(|| column.text(row));
    let mut rows: Vec<Vec<Option<String>>> =
        (0..table.rows()).map(|row| table.columns.iter().map(|column| cell(column, row)).collect()).collect();
    rows.sort();
    rows
}
