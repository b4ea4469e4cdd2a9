//! Readiness: is everything there that the next slot needs?

use std::time::Instant;

use crate::daemon::{House, LaneName, Phase};
use crate::run::upkeep::census;

/// What was looked at, and what was found.
pub type Check = (&'static str, Result<(), String>);

/// Looks at the daemon's phase, the ledger, both lanes and the config.
pub fn examine(house: &House) -> Vec<Check> {
    let now = Instant::now();
    let phase = match house.vitals.phase() {
        Phase::Serving => Ok(()),
        Phase::Starting => Err("starting: what an interrupted process left is being put in order".to_owned()),
        Phase::Stopping => Err("stopping".to_owned()),
    };
    let ledger = census::take(&house.definition().settings.data, house.clock().now).map(drop).map_err(|error| error.to_string());
    vec![
        ("daemon", phase),
        ("ledger", ledger),
        ("conduct", house.vitals.lane(LaneName::Conduct, now)),
        ("delivery", house.vitals.lane(LaneName::Delivery, now)),
        ("config", house.vitals.config()),
    ]
}

/// One line a check.
pub fn words(checks: &[Check]) -> String {
    let line = |(name, found): &Check| match found {
        Ok(()) => format!("ok   {name}\n"),
        Err(words) => format!("FAIL {name}: {words}\n"),
    };
    checks.iter().map(line).collect()
}
