//! The mail password: from `WENJIN_MAIL_PASSWORD`, from `mail.password_file`, or from the systemd credential `mail_password`.

use std::path::Path;

use secrecy::SecretString;

use super::document::At;
use super::environment::Lookup;

/// Looks in the three places, in that order; a named file that cannot be read is a problem.
pub fn password(file: Option<&At<String>>, workspace: &Path, lookup: Lookup<'_>) -> Option<SecretString> {
    if let Some(password) = lookup("WENJIN_MAIL_PASSWORD") {
        return Some(password.into());
    }
    if let Some(file) = file {
        return from_file(file, workspace);
    }
    let folder = lookup("CREDENTIALS_DIRECTORY")?;
    std::fs::read_to_string(Path::new(&folder).join("mail_password")).ok().map(|text| first_line(&text))
}

/// The first line of a named file; one that cannot be read is a problem.
pub fn from_file(file: &At<String>, workspace: &Path) -> Option<SecretString> {
    match std::fs::read_to_string(workspace.join(&file.value)) {
        Ok(text) => Some(first_line(&text)),
        Err(error) => {
            file.problem(
                format!("the secret file `{}` cannot be read: {error}", file.value),
                "put the secret there, readable by this user alone",
            );
            None
        }
    }
}

fn first_line(text: &str) -> SecretString {
    text.lines().next().unwrap_or("").to_owned().into()
}
