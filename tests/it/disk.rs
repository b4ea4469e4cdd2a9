//! Full and read-only disks, on a small file system in memory that only this test sees.

use std::process::Command;

use crate::harness::python;

#[test]
fn full_and_read_only_disks_lose_nothing_and_say_so() {
    let own = |program: &str| Command::new("unshare").args(["--mount", "--map-root-user", program]).output();
    let able = own("true").is_ok_and(|output| output.status.success());
    assert!(able, "this test mounts a tmpfs of its own: it needs `unshare --mount --map-root-user` (util-linux; user namespaces, or root)");
    let python = python(&["openpyxl"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/disk.py");
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user"])
        .arg(python.get_program())
        .args([script, env!("CARGO_BIN_EXE_wenjin")])
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}
