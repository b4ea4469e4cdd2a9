//! Workbooks that are encrypted with Excel's own default password: Excel and WPS open them without asking, and so do we.
//!
//! 审阅 → 保护工作簿 saves so, without the sender knowing of any password. Runs in the worker, within its limits.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::Refusal;
use crate::settings::Limits;

use super::sniff::{Format, sniff};

/// \[MS-OFFCRYPTO\] 2.4.2.3 names it for binary workbooks; Excel tries it on packages too.
const DEFAULT_PASSWORD: &str = "VelvetSweatshop";

/// The package inside, held against the limits like any other.
///
/// # Errors
///
/// Another password opens it, or nothing does; what is inside is refused for reasons of its own.
pub fn unlocked(bytes: Vec<u8>, limits: &Limits) -> Result<(Format, Vec<u8>), Refusal> {
    // The crate indexes into foreign bytes; a panic is an answer here, not the end of the worker.
    let opened = catch_unwind(AssertUnwindSafe(|| office_crypto::decrypt_from_bytes(bytes, DEFAULT_PASSWORD)));
    let package = opened.ok().and_then(Result::ok).filter(|package| package.starts_with(b"PK")).ok_or(Refusal::Encrypted)?;
    Ok((sniff(&package, limits)?, package))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(path: &str) -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path);
        let path = if folder.is_dir() {
            let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            files.into_iter().find(|path| path.extension().is_some_and(|end| end == "xlsx")).unwrap()
        } else {
            folder
        };
        std::fs::read(path).unwrap()
    }

    #[test]
    fn the_default_password_opens_and_another_does_not() {
        let limits = Limits::default();
        let (format, package) = unlocked(fixture("messy/default-password"), &limits).unwrap();
        assert!(format == Format::Xlsx && package.starts_with(b"PK"));
        assert_eq!(unlocked(fixture("refused/encrypted.xlsx"), &limits), Err(Refusal::Encrypted));
        let mut cut = fixture("messy/default-password");
        cut.truncate(cut.len() / 2);
        assert_eq!(unlocked(cut, &limits), Err(Refusal::Encrypted));
    }
}
