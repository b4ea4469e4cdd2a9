//! The file transport: one `.eml` a message in a folder. Whole or not at all, and never over other bytes.

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::crash_point;
use crate::model::Message;

/// Writes `message` into `folder`.
pub async fn write(folder: &Path, message: &Message) -> Outcome {
    let name = message.eml_name();
    // Codes come from config/; a file name never becomes a path.
    if name.contains(['/', '\\', '\0']) {
        return Outcome::Failed(format!("`{name}` is no file name: department codes are letters, digits, `-` and `_`"));
    }
    let (folder, bytes) = (folder.to_owned(), message.bytes.clone());
    let written = tokio::task::spawn_blocking(move || place(&folder, &name, &bytes)).await;
    match written {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Outcome::Deferred(format!("the mail folder cannot be written: {error}")),
        Err(error) => Outcome::Failed(format!("writing the mail stopped: {error}")),
    }
}

fn place(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<Outcome> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    // Always the same name: what a killed process left is taken away by the next attempt, which has the message to itself.
    let temporary = format!(".{name}.part");
    if folder.join(&temporary).exists() {
        std::fs::remove_file(folder.join(&temporary))?;
    }
    let mut file = tempfile::Builder::new().prefix(&temporary).rand_bytes(0).tempfile_in(folder)?;
    file.write_all(bytes)?;
    crash_point!("mail.file_half")?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(&path) {
        Ok(_) => File::open(folder)?.sync_all()?,
        Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => return same(path, bytes),
        Err(refused) => return Err(refused.error),
    }
    Ok(Outcome::Written(path))
}

/// A mail that is there already: fine with the same bytes, never replaced otherwise.
fn same(path: PathBuf, bytes: &[u8]) -> io::Result<Outcome> {
    if std::fs::read(&path)? == bytes {
        return Ok(Outcome::Written(path));
    }
    Ok(Outcome::Failed(format!("{} is there already with other content; move it away and retry", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DepartmentCode, MailKind, Period};

    fn message(department: &str, bytes: &[u8]) -> Message {
        Message {
            period: Period::new(2022, 6).unwrap(),
            version: 1,
            kind: MailKind::Report,
            department: DepartmentCode(department.to_owned()),
            from: "wenjin@example.cn".to_owned(),
            recipients: vec!["jxt@example.cn".to_owned()],
            subject: String::new(),
            message_id: String::new(),
            bytes: bytes.to_vec(),
        }
    }

    #[tokio::test]
    async fn a_mail_is_written_once_and_the_same_bytes_again_are_fine() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mail/2022-06_v1_report_jxt.eml");
        for _ in 0..2 {
            assert_eq!(write(&dir.path().join("mail"), &message("jxt", b"one\r\n")).await, Outcome::Written(path.clone()));
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"one\r\n");
        assert_eq!(std::fs::read_dir(dir.path().join("mail")).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn other_bytes_under_the_same_name_stay_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &message("jxt", b"one")).await;
        assert!(matches!(write(dir.path(), &message("jxt", b"two")).await, Outcome::Failed(_)));
        assert_eq!(std::fs::read(dir.path().join("2022-06_v1_report_jxt.eml")).unwrap(), b"one");
    }

    #[tokio::test]
    async fn a_code_never_becomes_a_path() {
        let dir = tempfile::tempdir().unwrap();
        let outcome = write(&dir.path().join("mail"), &message("/../../jxt", b"one")).await;
        assert!(matches!(outcome, Outcome::Failed(_)));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_defers() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("mail"), b"a file stands here").unwrap();
        assert!(matches!(write(&dir.path().join("mail"), &message("jxt", b"one")).await, Outcome::Deferred(_)));
    }
}
