//! Settings: `config/wenjin.toml` and the environment. One file a table: its type, its defaults and its reading.
//!
//! See `docs/plan-files.md` for every key and its default.

// a definition file, read with the places of its parts
pub(crate) mod suggest;
pub(crate) mod value;
pub(crate) mod document;
mod environment;
pub(crate) mod table;
mod scalar;
// what a text may have to be
pub mod address;
mod secret;
mod mail_url;
// the tables of config/wenjin.toml, and what stands beside it
pub mod captions;
pub mod templates;
mod appearance;
mod source;
mod store;
mod schedule;
mod remind;
mod receipts;
mod mail;
mod alert;
mod web;
mod limits;
// the whole
pub(crate) mod load;

pub use alert::{Alert, Webhook, WebhookKind};
pub use appearance::{Appearance, Office, Theme};
pub use captions::Captions;
pub use limits::Limits;
pub use load::{Settings, load};
pub use mail::{Mail, MailPace, Review};
pub use mail_url::{MailUrl, Tls};
pub use receipts::Receipts;
pub use remind::Remind;
pub use schedule::{CatchUp, Job, JobKind, PeriodRule, Schedule};
pub use source::Source;
pub use store::Backup;
pub use templates::Templates;
pub use web::Web;

#[cfg(test)]
mod tests;
