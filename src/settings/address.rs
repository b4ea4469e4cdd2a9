//! E-mail addresses, alone (`a@example.cn`) or with a display name (`省协调办 <a@example.cn>`).

use email_address::{EmailAddress, Options};

use super::document::At;
use super::table::Table;

/// Why a text is no address; `None` when it is one.
#[must_use]
pub fn fault(text: &str) -> Option<String> {
    let bare = match text.trim_end().strip_suffix('>') {
        Some(rest) => rest.rsplit_once('<').map_or("", |(_, address)| address),
        None => text,
    };
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(bare, options).err().map(|error| error.to_string().to_lowercase())
}

impl Table<'_> {
    /// An address, if the key is there.
    #[must_use]
    pub fn address(&self, key: &'static str) -> Option<At<String>> {
        self.text(key).filter(is_sound)
    }

    /// A list of addresses; empty where the key is absent.
    #[must_use]
    pub fn addresses(&self, key: &'static str) -> Vec<String> {
        self.texts(key).into_iter().filter(is_sound).map(|address| address.value).collect()
    }
}

fn is_sound(text: &At<String>) -> bool {
    let fault = fault(&text.value);
    if let Some(fault) = &fault {
        text.problem(
            format!("`{}` is no e-mail address: {}", text.value, fault.trim_end_matches('.')),
            "write `name@example.cn` or `显示名 <name@example.cn>`",
        );
    }
    fault.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_addresses_with_and_without_a_display_name() {
        for text in ["jxt@example.cn", "省稳进提质协调办公室 <wenjin@example.cn>", "\"A, B\" <a.b@x.example.cn>"] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_no_mail_reaches() {
        for text in ["", "jxt", "jxt@", "@example.cn", "a b@example.cn", "办公室 <>", "a@example.cn, b@example.cn", "jxt@localhost"] {
            assert!(fault(text).is_some(), "{text}");
        }
    }
}
