//! Dependence points one way: each module uses only what stands above it.

use super::house::{Arrow, House, Module, file};

/// Why `from` may not use `to`, if it may not.
fn objection(order: &[String], from: &str, to: &str) -> Option<&'static str> {
    const STAGES: [&str; 5] = ["collect", "ingest", "aggregate", "report", "deliver"];
    const MEMORY: [&str; 2] = ["archive", "ledger"];
    const DOORS: [&str; 4] = ["telemetry", "daemon", "web", "cli"];
    let rank = |name: &str| order.iter().position(|module| module == name);
    if from == to || rank(to).is_none() {
        return None;
    }
    if rank(to) > rank(from) {
        return Some("upward");
    }
    if STAGES.contains(&from) && STAGES.contains(&to) {
        return Some("sideways between stages");
    }
    if MEMORY.contains(&from) && (STAGES.contains(&to) || MEMORY.contains(&to)) {
        return Some("memory uses only vocabulary and definition");
    }
    if DOORS.contains(&from) && (STAGES.contains(&to) || MEMORY.contains(&to)) {
        return Some("doors call conduct only");
    }
    None
}

/// The arrows between children of `folder` that point to one declared below.
fn upward(house: &House, folder: &[String]) -> Vec<Arrow> {
    let order = house.children(folder);
    let rank =
        |module: &Module| order.iter().position(|child| module.strip_prefix(folder).is_some_and(|below| below.first() == Some(child)));
    let points_up = |arrow: &Arrow| matches!((rank(&arrow.from), rank(&arrow.to)), (Some(from), Some(to)) if from < to);
    house.arrows().into_iter().filter(points_up).collect()
}

fn words(arrow: &Arrow) -> String {
    format!("{} uses {} of {}", file(&arrow.from), arrow.name, file(&arrow.to))
}

#[test]
fn dependence_points_one_way() {
    let house = super::house();
    let order = house.children(&[]);
    assert!(order.len() >= 14, "src/lib.rs no longer lists its modules one a line");
    let mut broken = Vec::new();
    for arrow in house.arrows() {
        let (Some(from), Some(to), Some(asked)) = (arrow.from.first(), arrow.to.first(), arrow.asked.first()) else { continue };
        // What conduct passes on is conduct's word.
        let to = if asked == "run" { asked } else { to };
        if let Some(why) = objection(order, from, to) {
            broken.push(format!("{}: {why}", words(&arrow)));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The rooms of conduct, and the files of each, stand in reading order.
#[test]
fn each_room_uses_only_rooms_above_it() {
    let house = super::house();
    let run = ["run".to_owned()];
    let rooms: Vec<Module> = house.children(&run).iter().map(|room| vec!["run".to_owned(), room.clone()]).collect();
    assert!(rooms.len() >= 10, "src/run.rs no longer lists its rooms");
    let mut broken = upward(house, &run);
    broken.extend(rooms.iter().flat_map(|room| upward(house, room)));
    assert!(broken.is_empty(), "{}", broken.iter().map(words).collect::<Vec<_>>().join("\n"));
}

#[test]
fn nothing_climbs() {
    for path in super::sources(&super::root().join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let for_tests = path.file_name().is_some_and(|name| name == "tests.rs" || name == "sample.rs");
        assert!(for_tests || !text.contains("super::super"), "{}: climbs by super::super", path.display());
    }
}

/// What a door shows or does is a function of conduct: it never asks the memory itself.
#[test]
fn doors_never_reach_for_the_memory() {
    let mut broken = Vec::new();
    for path in super::sources(&super::root().join("src")) {
        let name = path.strip_prefix(super::root().join("src")).unwrap().to_string_lossy().into_owned();
        if !["cli", "daemon", "web", "telemetry"].contains(&name.split(['/', '.']).next().unwrap()) {
            continue;
        }
        for (number, line) in (1..).zip(std::fs::read_to_string(&path).unwrap().lines()) {
            if reaches_for_memory(line) {
                broken.push(format!("src/{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn reaches_for_memory(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    [".ledger", ".archive"].iter().any(|field| code.match_indices(field).any(|(at, _)| !continues(&code[at + field.len()..])))
}

fn continues(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
}

/// The rule itself can tell.
mod rule {
    use super::*;

    #[test]
    fn upward_and_sideways_are_told() {
        let order: Vec<String> = ["model", "plan", "ingest", "report", "ledger", "run", "cli"].map(str::to_owned).to_vec();
        assert_eq!(objection(&order, "plan", "run"), Some("upward"));
        assert_eq!(objection(&order, "report", "ingest"), Some("sideways between stages"));
        assert_eq!(objection(&order, "cli", "ledger"), Some("doors call conduct only"));
        assert_eq!(objection(&order, "run", "ledger"), None);
    }

    #[test]
    fn a_room_that_uses_one_below_is_told() {
        let house = House::of([
            ("run.rs", "pub mod kit; pub mod month;"),
            ("run/kit.rs", "pub mod desk;"),
            ("run/kit/desk.rs", "use crate::run::month::Month; pub struct Desk;"),
            ("run/month.rs", "use super::kit::desk::Desk; pub struct Month(Desk);"),
        ]);
        let told: Vec<String> = upward(&house, &["run".to_owned()]).iter().map(words).collect();
        assert_eq!(told, ["run/kit/desk.rs uses Month of run/month.rs"]);
    }

    #[test]
    fn a_door_that_asks_the_ledger_is_told() {
        assert!(reaches_for_memory("let rows = desk.ledger.outbox(None)?;"));
        assert!(reaches_for_memory("    .archive"));
        assert!(!reaches_for_memory("let path = data.join(\"x.ledger-copy\"); // desk.ledger"));
        assert!(!reaches_for_memory("use crate::run::kit::Desk;"));
    }
}
