//! No two siblings use each other, not even by way of others: in every folder of `src`, files and subfolders stand in one order.

use std::collections::{BTreeMap, BTreeSet};

use super::house::{Arrow, House, Module, file};

/// The circles of a house, each with the arrows that make it.
pub fn circles(house: &House) -> Vec<String> {
    let arrows = house.arrows();
    let folders: BTreeSet<Module> = house.modules().filter_map(|module| module.split_last()).map(|(_, folder)| folder.to_vec()).collect();
    folders.iter().flat_map(|folder| in_folder(folder, &arrows)).collect()
}

/// Which of a folder's siblings a module is, or lies in; the folder's own file stands among them under its name.
fn sibling(folder: &[String], module: &[String]) -> Option<String> {
    let below = module.strip_prefix(folder)?;
    Some(below.first().cloned().unwrap_or_else(|| file(folder)))
}

fn in_folder(folder: &[String], arrows: &BTreeSet<Arrow>) -> Vec<String> {
    let mut between: BTreeMap<(String, String), Vec<&Arrow>> = BTreeMap::new();
    for arrow in arrows {
        let (Some(from), Some(to)) = (sibling(folder, &arrow.from), sibling(folder, &arrow.to)) else { continue };
        if from != to {
            between.entry((from, to)).or_default().push(arrow);
        }
    }
    let pairs: BTreeSet<(&str, &str)> = between.keys().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let place = if folder.is_empty() { "src".to_owned() } else { folder.join("/") };
    let told = groups(&pairs).into_iter().map(|group| {
        let inside = between.iter().filter(|((from, to), _)| group.contains(from.as_str()) && group.contains(to.as_str()));
        let lines = inside.map(|(_, arrows)| line(arrows)).collect::<Vec<_>>().join("\n");
        format!("{place}: {} use each other\n{lines}", group.into_iter().collect::<Vec<_>>().join(", "))
    });
    told.collect()
}

/// `  run/a.rs -> run/b.rs: B, c`, one line a pair of files.
fn line(arrows: &[&Arrow]) -> String {
    let mut names: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for arrow in arrows {
        names.entry((file(&arrow.from), file(&arrow.to))).or_default().push(&arrow.name);
    }
    let lines = names.into_iter().map(|((from, to), names)| format!("  {from} -> {to}: {}", names.join(", ")));
    lines.collect::<Vec<_>>().join("\n")
}

/// The groups of more than one in which each reaches each.
fn groups<'a>(pairs: &BTreeSet<(&'a str, &'a str)>) -> Vec<BTreeSet<&'a str>> {
    let names: BTreeSet<&str> = pairs.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let reach: BTreeMap<&str, BTreeSet<&str>> = names.iter().map(|name| (*name, reached(name, pairs))).collect();
    let reaches = |from: &str, to: &str| reach.get(from).is_some_and(|reached| reached.contains(to));
    let mut groups: Vec<BTreeSet<&str>> = Vec::new();
    for name in names {
        if reaches(name, name) && !groups.iter().any(|group| group.contains(name)) {
            groups.push(reach.keys().copied().filter(|other| reaches(name, other) && reaches(other, name)).collect());
        }
    }
    groups
}

fn reached<'a>(from: &str, pairs: &BTreeSet<(&'a str, &'a str)>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(name) = waiting.pop() {
        for (_, to) in pairs.iter().filter(|(from, _)| *from == name) {
            if reached.insert(*to) {
                waiting.push(to);
            }
        }
    }
    reached
}

#[test]
fn no_two_siblings_use_each_other() {
    let circles = circles(super::house());
    assert!(circles.is_empty(), "{} circle(s)\n{}", circles.len(), circles.join("\n\n"));
}

/// The rule itself can tell: each of these houses has one circle, or none.
mod rule {
    use rstest::rstest;

    use super::*;

    fn told(files: &[(&str, &str)]) -> String {
        circles(&House::of(files.iter().copied())).join("\n")
    }

    const ROOM: (&str, &str) = ("room.rs", "pub mod a; pub mod b; pub use b::B;");

    #[rstest]
    #[case::by_use("use super::b::B; pub struct A(B);", "use crate::room::a::A; pub struct B(A);")]
    #[case::by_a_name_passed_on("use super::B; pub struct A(B);", "pub struct B; pub fn f(a: super::a::A) {}")]
    #[case::by_a_path_in_an_expression("pub fn f() { crate::room::b::g() }", "pub fn g() { super::a::f() }")]
    #[case::by_a_path_in_a_macro("pub fn f() { assert!(super::b::g()); }", "use super::a; pub fn g() -> bool { a::f(); true }")]
    #[case::by_a_module_imported("use super::{self as room}; pub fn f() { room::b::g() }", "use super::a::{f, *}; pub fn g() {}")]
    #[case::by_a_group("use crate::{room::{b::{B}}}; pub struct A;", "use super::{a::A}; pub struct B;")]
    #[case::by_all_names("use super::b::*; pub struct A(B);", "use super::a::*; pub struct B; pub fn f(_: A) {}")]
    #[case::from_inside_a_module("mod inner { use super::super::b::B; } pub struct A;", "use super::a::A; pub struct B;")]
    fn two_files_that_use_each_other_are_told(#[case] a: &str, #[case] b: &str) {
        let told = told(&[ROOM, ("room/a.rs", a), ("room/b.rs", b)]);
        assert!(told.starts_with("room: a, b use each other\n"), "{told}");
        assert!(told.contains("  room/a.rs -> room/b.rs: ") && told.contains("  room/b.rs -> room/a.rs: "), "{told}");
    }

    #[rstest]
    #[case::one_way("use super::b::B; pub struct A(B);", "pub struct B;")]
    #[case::for_tests_alone("pub struct A;", "pub struct B; #[cfg(test)] mod tests { use super::super::a::A; } use super::a::A;")]
    #[case::another_crates("use b::B; pub struct A;", "use super::a::A; pub struct B;")]
    #[case::in_words("/// As [`super::b::B`].\npub struct A;", "use super::a::A; pub struct B;")]
    fn one_way_is_no_circle(#[case] a: &str, #[case] b: &str) {
        assert_eq!(told(&[ROOM, ("room/a.rs", a), ("room/b.rs", b)]), "");
    }

    #[test]
    fn a_circle_of_three_and_folders_that_use_each_other_are_told() {
        let three = told(&[
            ("room.rs", "mod a; mod b; mod c; mod d;"),
            ("room/a.rs", "use super::b; use super::d;"),
            ("room/b.rs", "use super::c;"),
            ("room/c.rs", "use super::a;"),
            ("room/d.rs", ""),
        ]);
        assert!(three.starts_with("room: a, b, c use each other\n"), "{three}");
        let folders = told(&[
            ("a.rs", "mod x; mod y;"),
            ("a/x.rs", "use crate::b::z::Z;"),
            ("a/y.rs", "pub struct Y;"),
            ("b.rs", "pub mod z; pub mod w;"),
            ("b/z.rs", "pub struct Z;"),
            ("b/w.rs", "use crate::a::y::Y;"),
        ]);
        assert_eq!(folders, "src: a, b use each other\n  a/x.rs -> b/z.rs: Z\n  b/w.rs -> a/y.rs: Y");
    }

    #[test]
    fn a_folders_own_file_and_what_lies_in_it_are_held_to_it() {
        let used = told(&[("room.rs", "mod a; pub struct R; fn f() { a::g() }"), ("room/a.rs", "use super::R; pub fn g() {}")]);
        assert!(used.starts_with("room: a, room.rs use each other\n"), "{used}");
        let passed_on = told(&[("room.rs", "mod a; pub use a::g; pub struct R;"), ("room/a.rs", "use super::R; pub fn g() {}")]);
        assert_eq!(passed_on, "", "what a folder only passes on it does not use");
    }

    #[test]
    fn files_for_tests_alone_are_left_out() {
        let files = [("room.rs", "pub mod a; #[cfg(test)] mod tests;"), ("room/a.rs", ""), ("room/tests.rs", "use super::a; mod peer;")];
        let peer = ("room/tests/peer.rs", "use super::super::a;");
        let house = House::of(files.into_iter().chain([peer]));
        assert_eq!(house.modules().map(|module| file(module)).collect::<Vec<_>>(), ["room.rs", "room/a.rs"]);
    }
}
