//! E-mail addresses, alone (`a@example.cn`) or with a display name (`省协调办 <a@example.cn>`).
//!
//! There is one parser: what the settings and the plan take is what a mail is built with.

use email_address::{EmailAddress, Options};

use super::document::At;
use super::table::Table;

/// A name and an address, for instance of `省稳进提质协调办公室 <wenjin@example.cn>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: Option<String>,
    pub address: String,
}

impl Party {
    /// Takes `name <address>` or a bare address apart; `None` for what cannot stand in an envelope.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text).ok()
    }

    /// The same.
    ///
    /// # Errors
    ///
    /// Why the text is no address.
    pub fn read(text: &str) -> Result<Self, String> {
        // A line break is no slip of the pen here: such a text is refused, not mended.
        if text.chars().any(ends_line) {
            return Err("there is a line break or a control character in it".to_owned());
        }
        let (name, address) = match text.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
            None => ("", text.trim()),
        };
        if name.contains(['<', '>']) {
            return Err("there are several addresses in it".to_owned());
        }
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        EmailAddress::parse_with_options(address, options).map_err(|error| error.to_string().to_lowercase())?;
        // Not every server takes other characters, and a quoted local part may hold almost anything.
        if let Some(other) = address.chars().find(|c| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\\')) {
            return Err(if other.is_ascii() {
                format!("`{other}` may not stand in it")
            } else {
                format!("`{other}` is no ASCII letter; mail servers know a Chinese domain by its `xn--` form alone")
            });
        }
        let name: String = name.chars().filter(|c| !is_direction(*c)).collect();
        Ok(Self { name: (!name.is_empty()).then_some(name), address: address.to_owned() })
    }

    /// The part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

/// Whether a reader of mails may take it for the end of a line or a text.
#[must_use]
pub fn ends_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Marks of writing direction: they disguise names.
#[must_use]
pub fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
    let fault = Party::read(&text.value).err();
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
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("jxt@example.cn")]
    #[case("省稳进提质协调办公室 <wenjin@example.cn>")]
    #[case("\"A, B\" <a.b@x.example.cn>")]
    #[case("o'brien+jxt@xn--fsqu00a.xn--fiqs8s")]
    fn takes_addresses_with_and_without_a_display_name(#[case] text: &str) {
        assert_eq!(Party::read(text).err(), None);
    }

    #[rstest]
    #[case("")]
    #[case("jxt")]
    #[case("jxt@")]
    #[case("@example.cn")]
    #[case("a b@example.cn")]
    #[case("办公室 <>")]
    #[case("a@example.cn, b@example.cn")]
    #[case("甲 <a@example.cn> <b@example.cn>")]
    #[case("jxt@localhost")]
    #[case("jxt@[10.0.0.1]")]
    #[case("李四@example.cn")]
    #[case("李四 <李四@example.cn>")]
    #[case("wangwu@例子.中国")]
    #[case("jxt＠example.cn")]
    #[case("\"a b\"@example.cn")]
    #[case("\"jxt\"@example.cn")]
    #[case("jxt@example.cn\r\nBcc: all@example.cn")]
    fn refuses_what_no_mail_reaches(#[case] text: &str) {
        assert!(Party::read(text).is_err(), "{text}");
    }

    #[test]
    fn a_name_and_its_address_are_taken_apart() {
        let party = Party::parse("省稳进提质协调\u{202e}办公室 <wenjin@example.cn>").unwrap();
        assert_eq!((party.name.as_deref(), party.address.as_str()), (Some("省稳进提质协调办公室"), "wenjin@example.cn"));
        assert_eq!(party.domain(), "example.cn");
        assert_eq!(Party::parse("jxt@example.cn").unwrap().name, None);
    }
}
