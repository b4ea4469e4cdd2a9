//! The mail transport as one URL, parsed by hand: `file:DIR`, `smtp://host:port`, `smtps://user@host:port`.
//!
//! Plain SMTP leaves the machine only where `?tls=none` is written out, and no password ever stands in the URL.

use std::net::IpAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::document::At;

/// The parsed `mail.url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// A folder of `.eml` files (absolute once loaded).
    File(PathBuf),
    Smtp {
        host: String,
        port: u16,
        user: Option<String>,
        tls: Tls,
    },
}

/// How an SMTP connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Plain; to loopback, or written out as `?tls=none`.
    None,
    /// STARTTLS, required.
    StartTls,
    /// TLS from the first byte (`smtps://`).
    Implicit,
}

/// What is wrong with a URL: the bytes meant, the message, the way out.
type Fault = (Range<usize>, String, &'static str);

const FORMS: &str = "write `file:DIR`, `smtp://127.0.0.1:25`, `smtp://host:587?tls=required` or `smtps://user@host:465`";

/// Reads the URL, reporting what is wrong with it; a file URL becomes a folder under `data`.
pub fn read(url: &At<String>, data: &Path) -> Option<MailUrl> {
    if let Some(secret) = password_in(&url.value) {
        // The line itself must not reach a terminal or a log.
        let masked = url.document.masked(&url.inside(secret));
        At { value: (), span: url.span.clone(), document: masked }.problem(
            "the mail URL holds a password",
            "take it out; give it as WENJIN_MAIL_PASSWORD, `mail.password_file` or the systemd credential `mail_password`",
        );
        return None;
    }
    match parse(&url.value, data) {
        Ok(parsed) => Some(parsed),
        Err((part, message, hint)) => {
            url.problem_inside(part, message, hint);
            None
        }
    }
}

/// The bytes of `:password` in `scheme://user:password@host`.
fn password_in(url: &str) -> Option<Range<usize>> {
    let start = url.find("://")? + 3;
    let (user, _) = url.get(start..)?.rsplit_once('@')?;
    let colon = user.find(':')?;
    Some(start + colon + 1..start + user.len())
}

fn parse(url: &str, data: &Path) -> Result<MailUrl, Fault> {
    let Some((scheme, rest)) = url.split_once(':') else { return Err((0..url.len(), format!("`{url}` is no mail URL"), FORMS)) };
    match scheme {
        "file" => {
            let folder = rest.strip_prefix("//").unwrap_or(rest);
            if folder.is_empty() {
                return Err((0..url.len(), "the mail URL names no folder".to_owned(), "write `file:mail`"));
            }
            Ok(MailUrl::File(data.join(folder)))
        }
        "smtp" | "smtps" => parse_smtp(url, rest, scheme == "smtps"),
        _ => Err((0..scheme.len(), format!("unknown mail transport `{scheme}`"), FORMS)),
    }
}

fn parse_smtp(url: &str, rest: &str, implicit: bool) -> Result<MailUrl, Fault> {
    let whole = 0..url.len();
    let rest = rest.strip_prefix("//").ok_or_else(|| (whole.clone(), format!("`{url}` is no mail URL"), FORMS))?;
    let (authority, query) = rest.split_once('?').map_or((rest, None), |(authority, query)| (authority, Some(query)));
    let (user, server) = authority.rsplit_once('@').map_or((None, authority), |(user, server)| (Some(user), server));
    let server = server.strip_suffix('/').unwrap_or(server);
    let (host, port) = split_port(server).ok_or_else(|| (whole.clone(), format!("`{server}` is no host and port"), FORMS))?;
    if host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':')) {
        return Err((whole, format!("`{host}` is no host name"), FORMS));
    }
    let tls = tls_of(url, query, implicit, is_loopback(host))?;
    let standard = match tls {
        Tls::None => 25,
        Tls::StartTls => 587,
        Tls::Implicit => 465,
    };
    let user = match user {
        Some(user) => Some(
            decode(user)
                .filter(|user| !user.is_empty())
                .ok_or_else(|| (whole, "the user name cannot be read".to_owned(), "write `user@`, an `@` within it as %40"))?,
        ),
        None => None,
    };
    Ok(MailUrl::Smtp { host: host.to_owned(), port: port.unwrap_or(standard), user, tls })
}

fn tls_of(url: &str, query: Option<&str>, implicit: bool, loopback: bool) -> Result<Tls, Fault> {
    let start = url.find('?').unwrap_or(url.len());
    match (query, implicit) {
        (None | Some("tls=required"), true) => Ok(Tls::Implicit),
        (Some("tls=required"), false) => Ok(Tls::StartTls),
        (Some("tls=none"), false) => Ok(Tls::None),
        (None, false) if loopback => Ok(Tls::None),
        (None, false) => Err((
            0..url.len(),
            "plain SMTP would carry the mails unprotected over the network".to_owned(),
            "add `?tls=required`, use `smtps://`, or write `?tls=none` to accept that",
        )),
        (Some(query), _) => Err((
            start..url.len(),
            format!("`?{query}` does not go with this mail URL"),
            "`smtp://` takes `?tls=required` or `?tls=none`, `smtps://` neither",
        )),
    }
}

/// Splits `host:port` and `[v6]:port`.
fn split_port(server: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match server.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<IpAddr>().ok()?;
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => server.split_once(':').map_or((server, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        Some(port) => Some(port.parse().ok().filter(|port| *port != 0)?),
        None => None,
    };
    Some((host, port))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Undoes percent-encoding; `None` where it is broken.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|user| !user.contains(char::is_control))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn smtp(host: &str, port: u16, user: Option<&str>, tls: Tls) -> MailUrl {
        MailUrl::Smtp { host: host.to_owned(), port, user: user.map(str::to_owned), tls }
    }

    #[rstest]
    #[case("file:mail", MailUrl::File("/data/mail".into()))]
    #[case("file:///srv/mail", MailUrl::File("/srv/mail".into()))]
    #[case("smtp://127.0.0.1:2525", smtp("127.0.0.1", 2525, None, Tls::None))]
    #[case("smtp://[::1]:2525", smtp("::1", 2525, None, Tls::None))]
    #[case("smtp://localhost", smtp("localhost", 25, None, Tls::None))]
    #[case("smtp://relay.example.cn?tls=none", smtp("relay.example.cn", 25, None, Tls::None))]
    #[case("smtp://relay.example.cn?tls=required", smtp("relay.example.cn", 587, None, Tls::StartTls))]
    #[case("smtps://me%40163.com@smtp.163.com", smtp("smtp.163.com", 465, Some("me@163.com"), Tls::Implicit))]
    #[case("smtps://me@163.com@smtp.163.com:994", smtp("smtp.163.com", 994, Some("me@163.com"), Tls::Implicit))]
    fn reads_the_documented_forms(#[case] url: &str, #[case] expected: MailUrl) {
        assert_eq!(parse(url, Path::new("/data")), Ok(expected));
    }

    #[rstest]
    #[case("smtp://relay.example.cn:25", "unprotected")]
    #[case("smtps://relay.example.cn?tls=none", "does not go with")]
    #[case("smtp://relay.example.cn?tsl=none", "does not go with")]
    #[case("imap://relay.example.cn", "unknown mail transport `imap`")]
    #[case("smtp://relay.example.cn:99999?tls=none", "no host and port")]
    #[case("smtp://?tls=none", "no host name")]
    #[case("file:", "no folder")]
    #[case("mail", "no mail URL")]
    fn refuses_what_would_fail_or_leak(#[case] url: &str, #[case] expected: &str) {
        let (_, message, _) = parse(url, Path::new("/data")).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn finds_a_password_that_does_not_belong_there() {
        let url = "smtps://me:geheim@host";
        assert_eq!(password_in(url).map(|range| &url[range]), Some("geheim"));
        assert_eq!(password_in("smtps://me@host:465"), None);
        assert_eq!(password_in("smtp://host:25"), None);
    }
}
