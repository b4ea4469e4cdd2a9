//! A scratch workspace and the real binary in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The clock of every test that prints.
pub const NOW: &str = "2022-07-11T09:00:00+08:00";

/// A copy of the shipped workspace in a folder of its own.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// Copies config/, pipelines/ and the inbox.
    pub fn shipped() -> Self {
        let this = Self { folder: tempfile::tempdir().unwrap() };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in ["config", "pipelines", "fixtures/inbox"] {
            copy(&root.join(name), &this.path().join(name));
        }
        this
    }

    /// Another workspace with the same past: a copy of `var`, the shipped files by reference.
    pub fn again(&self) -> Self {
        let this = Self { folder: tempfile::tempdir().unwrap() };
        copy(&self.path().join("var"), &this.path().join("var"));
        copy(&self.path().join("config"), &this.path().join("config"));
        for name in ["pipelines", "fixtures"] {
            std::os::unix::fs::symlink(self.path().join(name), this.path().join(name)).unwrap();
        }
        this
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder alone.
    pub fn into_folder(self) -> TempDir {
        self.folder
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_at(NOW, arguments)
    }

    /// The program at a time of its own.
    pub fn command_at(&self, now: &str, arguments: &[&str]) -> Command {
        crate::small::command_at(self.path(), now, arguments)
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the program, expects exit 0, and gives standard output.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {:?}\n{}", output.status.code(), String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The one JSON document a command prints; any of the exit codes of a finished command will do.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(matches!(output.status.code(), Some(0 | 10 | 11)), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?} printed no JSON document: {error}"))
    }

    /// Names and BLAKE3 hashes of the files below a folder of the workspace.
    pub fn hashes(&self, folder: &str) -> Vec<(String, String)> {
        files(&self.path().join(folder))
            .into_iter()
            .map(|path| {
                let name = path.strip_prefix(self.path()).unwrap().to_string_lossy().into_owned();
                (name, blake3::hash(&std::fs::read(&path).unwrap()).to_hex().to_string())
            })
            .collect()
    }
}

/// Stops a test that needs a program with crash points.
pub fn needs_crash_points() {
    let present = cfg!(feature = "fault");
    assert!(present, "this test needs the crash points: cargo test --features fault");
}

/// All files below `folder`, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Copies a folder with all it holds.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            lay(&path, &target);
        }
    }
}

/// Copies a file to where a source finds it.
pub fn lay(from: &Path, to: &Path) {
    std::fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    settle(to);
}

/// Writes a file where a source finds it.
pub fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
    settle(path);
}

/// Makes a file look as if nobody had written to it for long, whatever clock a test lives by: a run waits for younger ones.
pub fn settle(path: &Path) {
    let long_ago = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_hours(1);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
}

/// A python3 with `modules`; fails and names what is missing.
pub fn python(modules: &[&str]) -> Command {
    for module in modules {
        let probe = Command::new("python3").args(["-c", &format!("import {module}")]).output();
        let present = probe.is_ok_and(|output| output.status.success());
        assert!(present, "this test needs python3 with `{module}`: python3 -m pip install -r tests/requirements.txt");
    }
    Command::new("python3")
}
