//! What each stage of a month costs, by itself: one workbook of 2,000 rows × 16 columns, ten of them where tables are added up.
//!
//! `cargo bench --manifest-path benches/stages/Cargo.toml`. Whole runs beside other programs: `benches/compare/compare`.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use wenjin::aggregate;
use wenjin::ingest::check::{Past, check};
use wenjin::ingest::parse::region::Gazetteer;
use wenjin::ingest::protocol::{Header, Reply, Request, Task};
use wenjin::ingest::sheet::Book;
use wenjin::ingest::sniff::Format as FileFormat;
use wenjin::ingest::survey::survey;
use wenjin::ingest::{Overrides, book, header};
use wenjin::model::{Accepted, ContentHash, Month, Observations, Packed, Period};
use wenjin::plan::{Plan, compile};
use wenjin::report;
use wenjin::settings::Settings;

const ROWS: u32 = 2_000;
const DEPARTMENTS: [&str; 10] = ["fgw", "jxt", "kjt", "czt", "rst", "zrzyt", "sthjt", "jtt", "sswt", "gzw"];
/// Name, heading, type.
const COLUMNS: [(&str, &str, &str); 16] = [
    ("code", "项目代码", "text"),
    ("name", "项目名称", "text"),
    ("city", "设区市", "region"),
    ("county", "县（市、区）", "text"),
    ("office", "责任处室", "text"),
    ("industry", "行业代码", "text"),
    ("total", "总投资（万元）", "decimal"),
    ("plan", "年度计划投资（万元）", "decimal"),
    ("month", "本月完成投资（万元）", "decimal"),
    ("paid", "累计完成投资（万元）", "decimal"),
    ("paid_before", "上年同期累计（万元）", "decimal"),
    ("begun", "开工日期", "date"),
    ("due", "计划竣工日期", "date"),
    ("stage", "进展阶段", "choice"),
    ("digital", "是否数字化改造", "flag"),
    ("remark", "备注", "text"),
];

/// A workspace whose ten departments fill one list.
fn workspace() -> (Settings, Plan, Period) {
    let period = Period::new(2022, 6).expect("a month");
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["config", "pipelines"] {
        std::fs::create_dir(folder.path().join(part)).expect("a folder");
    }
    for file in std::fs::read_dir(root.join("config")).expect("config").flatten().filter(|file| file.path().is_file()) {
        std::fs::copy(file.path(), folder.path().join("config").join(file.file_name())).expect("a copy");
    }
    let mut departments = String::new();
    for (at, code) in DEPARTMENTS.iter().enumerate() {
        departments += &format!(
            "[[department]]\ncode = \"{code}\"\nname = \"单位{at}\"\nfull_name = \"单位{at}\"\naddress = \"你厅\"\nto = [\"{code}@example.cn\"]\ncontact = \"李四\"\n"
        );
    }
    std::fs::write(folder.path().join("config/departments.toml"), departments).expect("departments");
    std::fs::write(folder.path().join("pipelines/m01-projects.toml"), pipeline()).expect("a pipeline");
    let compiled = compile::workspace(folder.path(), None, &|_| None, Some(period));
    let (settings, plan) = compiled.unwrap_or_else(|problems| panic!("{problems:?}"));
    (settings, plan, period)
}

fn pipeline() -> String {
    let from = DEPARTMENTS.map(|code| format!("\"{code}\"")).join(", ");
    let mut text = format!(
        "number = 1\ntitle = \"推动企业技术改造\"\nshort_title = \"技术改造\"\naction = 1\ndepartments = [\"fgw\"]\n[[dataset]]\ncode = \"projects\"\n\
         title = \"技术改造项目月报表\"\nsheet = [\"项目清单\"]\nshape = \"records\"\naccumulation = \"snapshot\"\nkey = [\"code\"]\nfrom = [{from}]\n"
    );
    for (name, heading, kind) in COLUMNS {
        text += &format!("[[dataset.column]]\nname = \"{name}\"\nlabel = [\"{heading}\"]\ntype = \"{kind}\"\n");
        match kind {
            "decimal" => text += "unit = \"万元\"\ndecimals = 2\nmin = \"0\"\n",
            "choice" => text += "choices = [\"未开工\", \"在建\", \"竣工\", \"投产\"]\n",
            _ => {}
        }
    }
    for (at, value) in ["COUNT(*)", "SUM(total)", "SUM(paid)"].iter().enumerate() {
        let unit = if at == 0 { "项" } else { "亿元" };
        text += &format!(
            "[[indicator]]\ncode = \"1.{}\"\ntitle = \"指标{at}\"\nowner = \"fgw\"\nsource = \"部门调度\"\nunit = \"{unit}\"\ndecimals = 0\n\
             kind = \"simple\"\ndataset = \"projects\"\nvalue = \"{value}\"\npace = \"linear\"\n[indicator.target]\nlevel = \"100000\"\n\
             comparison = \"at_least\"\nyear = 2022\nyear_source = \"plan\"\ntext = \"100000以上\"\n",
            at + 1
        );
    }
    text
}

/// A workbook of made-up projects.
fn workbook() -> Vec<u8> {
    let cities = ["杭州市", "宁波市", "温州市", "湖州市", "嘉兴市", "绍兴市", "金华市", "衢州市", "舟山市", "台州市", "丽水市"];
    let stages = ["未开工", "在建", "竣工", "投产"];
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("项目清单").expect("a name");
    sheet.write(0, 0, "技术改造项目月报表").expect("a title");
    sheet.write(1, 0, "单位：万元  报送期：2022年6月").expect("a unit");
    sheet.write_row(2, 0, COLUMNS.map(|(_, heading, _)| heading)).expect("headings");
    for row in 0..ROWS {
        let (at, pick) = (3 + row, usize::try_from(row).unwrap_or_default());
        let texts = [
            format!("2206-3300001-{row:06}"),
            format!("{}年产{}万套智能装备技术改造项目（{}期）", cities[pick % 11], row % 900 + 1, row % 3 + 1),
            cities[pick * 7 % 11].to_owned(),
            "某县".to_owned(),
            format!("处室{}", row % 4),
            format!("C{}", 13 + row % 30),
        ];
        sheet.write_row(at, 0, texts).expect("texts");
        let total = f64::from(row * 7919 % 400_000 + 800);
        sheet.write_row(at, 6, [total, total / 4.0, f64::from(row % 97) / 4.0, total / 2.0, total / 5.0]).expect("amounts");
        for (column, year) in [(11, 2022), (12, 2023)] {
            let date = ExcelDateTime::from_ymd(year, u8::try_from(row % 6 + 1).unwrap_or(1), u8::try_from(row % 28 + 1).unwrap_or(1));
            sheet.write_with_format(at, column, &date.expect("a day"), &day).expect("a date");
        }
        sheet.write_row(at, 13, [stages[pick % 4], if row % 3 == 0 { "是" } else { "否" }]).expect("words");
    }
    workbook.save_to_buffer().expect("a workbook")
}

fn reading(bytes: &[u8], header: &Header, gazetteer: &Gazetteer, department: usize) -> Reply {
    let file = format!("单位{department}_2022-06.xlsx");
    let request = Request { task: Task::Read, format: FileFormat::Xlsx, file, folders: Vec::new(), bytes: bytes.len() as u64 };
    book::read(&request, bytes.to_vec(), header, gazetteer)
}

fn tables(reply: Reply) -> Vec<Observations> {
    let Reply::Read { observations, findings, .. } = reply else { panic!("refused") };
    assert_eq!(observations.len(), 1, "{findings:?}");
    observations
}

fn stages(criterion: &mut Criterion) {
    let (settings, plan, period) = workspace();
    let (bytes, header) = (workbook(), header(&plan, &settings.limits, &Overrides::default()));
    let gazetteer = Gazetteer::new(&plan.province, &plan.regions);
    let own = tables(reading(&bytes, &header, &gazetteer, 0));
    let packed = Packed::of(&own[0]).expect("a column file");

    let mut one = criterion.benchmark_group("one workbook");
    one.sample_size(20).throughput(Throughput::Elements(u64::from(ROWS)));
    one.bench_function("package to grid", |bench| {
        bench.iter_batched(|| bytes.clone(), |bytes| Book::open(FileFormat::Xlsx, survey(FileFormat::Xlsx, bytes), &settings.limits).is_ok(), BatchSize::PerIteration);
    });
    one.bench_function("package to tables", |bench| bench.iter(|| black_box(reading(&bytes, &header, &gazetteer, 0))));
    one.bench_function("pack", |bench| bench.iter(|| Packed::of(black_box(&own[0]))));
    one.bench_function("unpack", |bench| bench.iter(|| black_box(&packed).table()));
    one.bench_function("check", |bench| bench.iter(|| check(&plan, period, "x.xlsx", (black_box(&own), &[]), &Past::default())));
    one.finish();

    let accepted: Vec<Accepted> = (0..DEPARTMENTS.len())
        .flat_map(|at| tables(reading(&bytes, &header, &gazetteer, at)))
        .map(|observations| {
            let hash = ContentHash::of(observations.department.0.as_bytes());
            let received_at = "2022-07-08T09:00:00+08:00".parse().expect("a time");
            Accepted { observations, file: "x.xlsx".to_owned(), hash, received_at }
        })
        .collect();
    let mut month = criterion.benchmark_group("ten workbooks");
    month.sample_size(10);
    month.bench_function("add up", |bench| bench.iter(|| aggregate::draw_up(&plan, period, black_box(&accepted), &settings.appearance)));
    let figures = aggregate::draw_up(&plan, period, &accepted, &settings.appearance).expect("figures");
    let drawn = Month {
        period,
        version: 1,
        now: "2022-07-11T09:00:00+08:00".parse().expect("a time"),
        tables: figures.tables,
        tasks: figures.tasks,
        lagging: figures.lagging,
        unexplained: figures.unexplained,
        reporting: Vec::new(),
        findings: Vec::new(),
        corrections: Vec::new(),
        arrivals: BTreeMap::new(),
    };
    month.bench_function("draw the books", |bench| bench.iter(|| report::books(&plan, &settings.appearance, &settings.office, black_box(&drawn))));
    month.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
