//! Every named crash point of the source: the program is killed there, or the step fails there; it is started again; the promises hold.
//!
//! Needs the crash points: `cargo test --features fault`.

mod promises;
mod scenario;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::{files, needs_crash_points};
use scenario::{Act, Plan, play, undisturbed};

/// Crash points as the source names them.
fn points() -> Vec<String> {
    let mut found = BTreeSet::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        if path.ends_with("src/fault.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for (at, _) in text.match_indices("crash_point!(\"") {
            found.insert(text[at + "crash_point!(\"".len()..].split('"').next().unwrap().to_owned());
        }
    }
    found.into_iter().collect()
}

/// Plays every (point, act), two at a time, and gathers what went wrong.
#[expect(clippy::print_stdout, reason = "the count is part of what the test shows")]
fn walk(plan: Plan, acts: &[Act]) {
    needs_crash_points();
    let base = undisturbed(plan);
    let work: Vec<(String, Act)> = points().into_iter().flat_map(|point| acts.iter().map(move |act| (point.clone(), *act))).collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((point, act)) = work.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let started = std::time::Instant::now();
                    let outcome = play(plan, point, *act, &base);
                    println!(
                        "{point}={act:?}: {:.1} s, {}",
                        started.elapsed().as_secs_f32(),
                        if outcome.is_ok() { "holds" } else { "BROKEN" }
                    );
                    if let Err(words) = outcome {
                        wrong.lock().unwrap().push(format!("{point}={act:?}: {words}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} crash points, {} interruptions of the {plan:?} month", points().len(), work.len());
    assert!(wrong.is_empty(), "{} of {} went wrong:\n{}", wrong.len(), work.len(), wrong.join("\n"));
}

#[test]
fn every_design_point_is_named_in_the_source() {
    needs_crash_points();
    let points = points();
    for stage in ["accept", "parse", "run", "mail", "recovery", "backup", "restore"] {
        assert!(points.iter().any(|point| point.starts_with(&format!("{stage}."))), "no crash point of {stage}");
    }
    assert!(points.len() >= 30, "only {} crash points: {points:?}", points.len());
}

#[test]
fn killed_at_every_point_of_the_shipped_month() {
    walk(Plan::Shipped, &[Act::Kill]);
}

#[test]
fn failing_at_every_point_of_a_small_month() {
    walk(Plan::Small, &[Act::Abort, Act::Io, Act::Full]);
}
