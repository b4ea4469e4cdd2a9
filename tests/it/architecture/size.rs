//! Files and functions are small, and named for what they hold.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Lines of a file at most, and in the middle of all of them.
const FILE_MAX: usize = 400;
const FILE_MEDIAN: usize = 110;

/// Lines of a function at most, from its name to its last brace.
const FUNCTION_MAX: usize = 60;

/// Names that say nothing.
const EMPTY_WORDS: [&str; 7] = ["utils", "util", "helpers", "helper", "types", "common", "misc"];

#[test]
fn files_are_small_and_named_for_what_they_hold() {
    let mut lines = Vec::new();
    let mut broken = Vec::new();
    for path in super::sources(&super::root().join("src")) {
        let count = std::fs::read_to_string(&path).unwrap().lines().count();
        if count > FILE_MAX {
            broken.push(format!("{}: {count} lines, {FILE_MAX} at most", path.display()));
        }
        if path
            .components()
            .any(|part| EMPTY_WORDS.iter().any(|word| part.as_os_str() == *word || part.as_os_str() == format!("{word}.rs").as_str()))
        {
            broken.push(format!("{}: its name says nothing", path.display()));
        }
        lines.push(count);
    }
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    if median > FILE_MEDIAN {
        broken.push(format!("the median file has {median} lines, {FILE_MEDIAN} at most"));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn functions_are_small() {
    let mut broken = Vec::new();
    for path in super::sources(&super::root().join("src")) {
        let long = long_functions(&std::fs::read_to_string(&path).unwrap());
        broken
            .extend(long.into_iter().map(|(name, lines)| format!("{}: {name} has {lines} lines, {FUNCTION_MAX} at most", path.display())));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Names and lines of the functions of a text that are too long.
fn long_functions(text: &str) -> Vec<(String, usize)> {
    let mut reader = Functions::default();
    reader.visit_file(&syn::parse_file(text).unwrap());
    reader.found.into_iter().filter(|(_, lines)| *lines > FUNCTION_MAX).collect()
}

#[derive(Default)]
struct Functions {
    found: Vec<(String, usize)>,
}

impl Functions {
    fn take(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let lines = block.span().end().line - signature.span().start().line + 1;
        self.found.push((signature.ident.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.take(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.take(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

/// The rule itself can tell.
#[test]
fn a_function_one_line_too_long_is_told() {
    let of = |lines: usize| format!("struct S;\nimpl S {{\n    fn long() {{\n{}    }}\n}}\n", "        f();\n".repeat(lines - 2));
    assert_eq!(long_functions(&of(FUNCTION_MAX)), []);
    assert_eq!(long_functions(&of(FUNCTION_MAX + 1)), [("long".to_owned(), FUNCTION_MAX + 1)]);
}
