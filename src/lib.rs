//! `wenjin` (稳进): the monthly follow-up of a government action plan.
//!
//! Departments' workbooks come in, figures are added up exactly, workbooks and mails go out; the ledger remembers.
//!
//! ```text
//! sources ─▶ Submission ─▶ Observations ─▶ IndicatorTable ─▶ Workbook ─▶ Message ─▶ Delivery
//!    collect      ingest       │  aggregate        │ report      │ deliver     │
//!                 └▶ Findings ─┴───────────────────┴▶ sheets
//! ```
//!
//! Modules stand in reading order: each uses only what stands above it, and its own folder (a test holds it to that).

// crash points, for tests alone
pub mod fault;
// vocabulary: values only
pub mod model;
// definition: what is to be done
pub mod settings;
pub mod plan;
// presentation: shared by the stages that show something
pub mod present;
// stages: model values in, model values out
pub mod collect;
pub mod ingest;
pub mod aggregate;
pub mod report;
pub mod deliver;
// memory
pub mod archive;
pub mod ledger;
// conduct
pub mod run;
// doors
pub mod telemetry;
pub mod daemon;
pub mod web;
pub mod cli;
