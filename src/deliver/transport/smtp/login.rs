//! Logging in (RFC 4954), by PLAIN or LOGIN; what a server says of it is shown without what it was told.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};

use super::reply::Reply;
use super::trouble::Trouble;
use super::wire::{Fault, Wire};

/// The reply that asks for the next part.
const GO_ON: u16 = 334;

/// Logs in by what the server offers, waiting `patience` for each reply.
pub async fn login(patience: Duration, wire: &mut Wire, hello: &Reply, user: &str, password: &SecretString) -> Result<(), Trouble> {
    let offered = hello.offers("AUTH").unwrap_or_default();
    let offers = |word: &str| offered.iter().any(|one| one == word);
    let password = password.expose_secret();
    let parts = if offers("PLAIN") {
        vec![format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}")))]
    } else if offers("LOGIN") {
        vec!["AUTH LOGIN".to_owned(), STANDARD.encode(user), STANDARD.encode(password)]
    } else {
        return Err(Trouble::Broken("AUTH: the server offers neither PLAIN nor LOGIN".to_owned()));
    };
    let secrets: Vec<&str> =
        parts.iter().filter_map(|part| part.rsplit(' ').next()).chain([password]).filter(|secret| *secret != "LOGIN").collect();
    for (at, part) in parts.iter().enumerate() {
        let reply = wire.command(part, patience).await;
        let is_last = at + 1 == parts.len();
        match reply {
            Ok(reply) if is_last && reply.is_complete() => return Ok(()),
            Ok(reply) if !is_last && reply.code == GO_ON => {}
            Ok(reply) => return Err(Trouble::of("AUTH", reply.code, &without(&reply.shown(), &secrets))),
            Err(fault) => return Err(broken(&fault)),
        }
    }
    Err(Trouble::Broken("AUTH: nothing was asked".to_owned()))
}

fn broken(fault: &Fault) -> Trouble {
    Trouble::Broken(format!("AUTH: {fault}"))
}

/// Takes out every word that holds a secret or a good part of one.
fn without(words: &str, secrets: &[&str]) -> String {
    let tells = |word: &str| secrets.iter().any(|secret| word.contains(secret) || (word.len() >= 6 && secret.contains(word)));
    words.split(' ').map(|word| if tells(word) { "(login)" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_of_the_login_is_not_shown() {
        let secrets = ["AG9mZmljZQBnZWhlaW0=", "geheim"];
        assert_eq!(without("535 unknown: AUTH PLAIN AG9mZmljZQBnZWhlaW0=", &secrets), "535 unknown: AUTH PLAIN (login)");
        assert_eq!(without("535 (geheim) mZmljZQB wrong", &secrets), "535 (login) (login) wrong");
    }
}
