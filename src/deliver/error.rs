//! What keeps a mail from being built or sent.

use crate::model::DepartmentCode;

/// What keeps messages from being built or a transport from being used.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    #[error("{place} is no address a mail can be sent to; correct it in {file}")]
    Address { place: String, file: &'static str },
    #[error("department `{0}` reports but has no address; give it `to` in config/departments.toml or set `reports = false`")]
    NoRecipient(DepartmentCode),
    #[error("no workbook was drawn up for `{0}`")]
    NoBook(DepartmentCode),
    #[error(
        "the mail to `{department}` would carry {bytes} bytes of workbooks, {max} are allowed; raise mail.attachment_bytes_max in config/wenjin.toml if the mailboxes take it"
    )]
    TooLarge { department: DepartmentCode, bytes: u64, max: u64 },
    #[error(
        "mail.url names a user but there is no password; set WENJIN_MAIL_PASSWORD, mail.password_file or the systemd credential mail_password"
    )]
    NoPassword,
    #[error("a letter cannot be written: {0}; `wenjin check` names the place in config/templates")]
    Template(#[from] minijinja::Error),
    #[error("the picture of a mail cannot be drawn: {0}")]
    Picture(String),
    #[error("a message cannot be built: {0}")]
    Build(String),
}
