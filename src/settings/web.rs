//! The `[web]` table: what the daemon shows to machines.

use super::table::Table;

/// What the daemon shows to machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// Where `/healthz`, `/readyz` and `/metrics` answer; `None`: nowhere.
    pub listen: Option<std::net::SocketAddr>,
}

/// Reads the table.
pub fn read(table: Table<'_>) -> Web {
    let mut web = Web { listen: None };
    if let Some(listen) = table.text("listen").filter(|listen| !listen.value.is_empty()) {
        match listen.value.parse::<std::net::SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => web.listen = Some(address),
            Ok(_) => listen.problem(
                format!("`{}` can be reached from outside", listen.value),
                "health and metrics have no password: write a loopback address, `127.0.0.1:9464`, and put a proxy before it",
            ),
            Err(_) => listen.problem(format!("`{}` is no address and port", listen.value), "write `127.0.0.1:9464`"),
        }
    }
    table.finish();
    web
}
