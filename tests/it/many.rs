//! A workbook in which everything is wrong costs the ledger a few kilobytes, and the month some memory.

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::harness::{Workspace, python};

/// Rows of eight cells each, none of which can be read as what it should be.
const ROWS: u32 = 7_500;
/// Runs a program and tells the most memory any process of it held, in KiB, on the last line.
const MEASURED: &str = "import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
print(done.stdout.strip())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

#[test]
fn sixty_thousand_faults_are_a_few_remarks() {
    let workspace = Workspace::shipped();
    let path = workspace.path().join("省经信厅_2022-06.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("技改项目").unwrap();
    let headings = ["项目代码", "项目名称", "设区市", "项目级别", "总投资（万元）", "累计完成投资（万元）", "项目阶段", "开工日期"];
    for (column, heading) in (0..).zip(headings) {
        sheet.write(0, column, heading).unwrap();
    }
    // One cell holds as much as a cell can.
    let long = "长".repeat(32_767);
    for row in 1..=ROWS {
        for (column, wrong) in (0..).zip(["码", "", "某市", "级", "约", "无", "阶段", "某日"]) {
            let text = if (row, column) == (1, 0) { long.clone() } else { format!("{wrong}{row}") };
            sheet.write(row, column, if column == 1 { String::new() } else { text }).unwrap();
        }
    }
    book.save(&path).unwrap();

    let program = workspace.command(&["submit", path.to_str().unwrap(), "--json"]);
    let output = python(&[]).args(["-c", MEASURED]).arg(program.get_program()).args(program.get_args()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let (document, peak) = said.trim().rsplit_once('\n').unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    let findings = document["files"][0]["findings"].as_array().unwrap();
    let counted: u64 = findings.iter().map(|one| one["count"].as_u64().unwrap_or(1)).sum();
    assert!(counted >= 60_000, "{counted} faults in {} remarks", findings.len());
    assert!(findings.len() < 100, "{} remarks", findings.len());
    let bytes = serde_json::to_string(findings).unwrap().len();
    assert!(bytes < 100_000, "the remarks hold {bytes} bytes");
    let ledger = std::fs::metadata(workspace.path().join("var/ledger.sqlite")).unwrap().len();
    assert!(ledger < 4 << 20, "the ledger has {ledger} bytes");
    let peak: u64 = peak.parse().unwrap();
    assert!(peak < 400 << 10, "{peak} KiB at most");
    println!("{counted} faults: {} remarks of {bytes} bytes, ledger {ledger} bytes, {peak} KiB at most", findings.len());
}
