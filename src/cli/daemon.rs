//! `daemon`: serves until it is told to stop.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Global, Outcome, clock, exit, workspace};
use crate::daemon::{self, House, Instance, Start};
use crate::{telemetry, web};

/// Takes no options of its own: everything stands in config/wenjin.toml.
#[derive(Debug, clap::Args)]
pub struct Daemon {}

impl Daemon {
    #[expect(clippy::unused_self, reason = "every command is run alike")]
    pub fn run(&self, global: &Global, mut arguments: clap::Command) -> Outcome {
        if global.now.is_some() {
            let words = "the daemon lives in real time: leave `--now` out";
            arguments.error(clap::error::ErrorKind::ArgumentConflict, words).exit();
        }
        let start = Start {
            workspace: global.workspace.clone(),
            data: global.data.clone(),
            clock: |zone| clock::clock(None, zone),
            worker: "/proc/self/exe".into(),
        };
        let house = Arc::new(House::build(start).map_err(|found| workspace::invalid(global, &found))?);
        let settings = &house.definition().settings;
        let _instance = Instance::claim(&settings.data, house.clock().now)?;
        tell_panics_by_place();
        let recorded = telemetry::record()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listen = settings.web.listen;
        let outcome = runtime.block_on(async {
            let stop = CancellationToken::new();
            let Some(address) = listen else { return daemon::serve(house, stop).await };
            let listener = web::listen(address).await?;
            let pages = web::Pages::new(Arc::clone(&house), recorded);
            let answering = tokio::spawn(web::serve(listener, pages, stop.clone()));
            let outcome = daemon::serve(house, stop).await;
            // Its last answers are short; a client that never ends its request is not waited for.
            let _ = tokio::time::timeout(std::time::Duration::from_secs(2), answering).await;
            outcome
        });
        // A step that outlived the grace must not hold the process: leases and the outbox make its end safe.
        runtime.shutdown_background();
        outcome.map(|()| exit::DONE)
    }
}

/// A panic is told by its place alone: its words may quote a cell.
fn tell_panics_by_place() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.place = place, "a step panicked");
    }));
}
