//! The house as its code tells it: which file of `src` uses which, each name followed through imports and re-exports to its file.
//!
//! Test code is no part of the house. What a derive or an attribute makes is not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A module under the crate: `["run", "kit", "desk"]`.
pub type Module = Vec<String>;

/// One file's use of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: Module,
    /// Where what is used is defined.
    pub to: Module,
    /// Where it is asked for: a module that passes it on, or `to`.
    pub asked: Module,
    /// The name it is asked for by.
    pub name: String,
}

/// `run/kit/desk.rs`.
pub fn file(module: &[String]) -> String {
    if module.is_empty() { "lib.rs".to_owned() } else { format!("{}.rs", module.join("/")) }
}

/// What one file says.
#[derive(Default)]
struct Said {
    /// What it defines.
    items: BTreeSet<String>,
    /// Its child modules, as declared.
    children: Vec<String>,
    /// Those of them that are compiled for tests alone.
    for_tests: BTreeSet<String>,
    /// The names it imports or passes on, and from where.
    names: BTreeMap<String, Way>,
    /// Where it takes all names from.
    globs: Vec<Way>,
    /// What it uses itself; what it only passes on is not among it.
    used: BTreeSet<Way>,
}

/// A path as written, from the crate's root or from the module it stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    FromRoot(Vec<String>),
    Here(Vec<String>),
}

impl Way {
    fn then(&self, rest: &[String]) -> Self {
        match self {
            Self::FromRoot(path) => Self::FromRoot(path.iter().chain(rest).cloned().collect()),
            Self::Here(path) => Self::Here(path.iter().chain(rest).cloned().collect()),
        }
    }
}

pub struct House {
    files: BTreeMap<Module, Said>,
}

impl House {
    /// Reads every file below `src`.
    pub fn read(src: &Path) -> Self {
        let texts = super::sources(src).into_iter().map(|path| {
            let name = path.strip_prefix(src).unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        });
        Self::of(texts.filter(|(name, _)| name != "main.rs"))
    }

    /// A house of files given by name and text.
    pub fn of(texts: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Self {
        let mut files = BTreeMap::new();
        for (name, text) in texts {
            let name = name.as_ref();
            let module: Module = match name.trim_end_matches(".rs") {
                "lib" => Vec::new(),
                path => path.split('/').map(str::to_owned).collect(),
            };
            let parsed = syn::parse_file(text.as_ref()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut reader = Reader { module: module.clone(), inline: Vec::new(), said: Said::default() };
            reader.visit_file(&parsed);
            files.insert(module, reader.said);
        }
        let mut house = Self { files };
        house.leave_out_tests();
        house
    }

    fn leave_out_tests(&mut self) {
        let mut tests: Vec<Module> = Vec::new();
        for (module, said) in &self.files {
            tests.extend(said.for_tests.iter().map(|child| child_of(module, child)));
        }
        self.files.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
    }

    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.files.keys()
    }

    /// The child modules of `module` in the order it declares them.
    pub fn children(&self, module: &[String]) -> &[String] {
        self.files.get(module).map_or(&[], |said| &said.children)
    }

    /// Every use of one file by another.
    pub fn arrows(&self) -> BTreeSet<Arrow> {
        let mut arrows = BTreeSet::new();
        for (module, said) in &self.files {
            for way in &said.used {
                let Some(to) = self.follow(module, way, 0) else { continue };
                let (Way::FromRoot(path) | Way::Here(path)) = way;
                // The crate's root holds macros alone.
                if to != *module && !to.is_empty() {
                    let (asked, name) = (self.asked(module, way), path.last().cloned().unwrap_or_default());
                    arrows.insert(Arrow { from: module.clone(), to, asked, name });
                }
            }
        }
        arrows
    }

    /// The module whose file defines what `way` leads to; `None` for another crate's.
    fn follow(&self, module: &[String], way: &Way, depth: u8) -> Option<Module> {
        // Imports that lead in a circle lead nowhere.
        if depth > 20 {
            return None;
        }
        match way {
            Way::FromRoot(path) => self.walk(Vec::new(), path, depth),
            Way::Here(path) => {
                let first = path.first()?;
                let known = self.knows(module, first) || self.through_globs(module, first, depth).is_some();
                if known { self.walk(module.to_vec(), path, depth) } else { None }
            }
        }
    }

    /// The module a path names, before what that module passes on is followed; the file's own imports are.
    fn asked(&self, module: &[String], way: &Way) -> Module {
        let (mut at, path) = match way {
            Way::FromRoot(path) => (Vec::new(), path),
            Way::Here(path) => match path.split_first().and_then(|(first, rest)| Some((self.files.get(module)?.names.get(first)?, rest))) {
                // A name that stands for itself is another crate's.
                Some((way, rest)) if !matches!(way, Way::Here(other) if other.first() == path.first()) => {
                    return self.asked(module, &way.then(rest));
                }
                _ => (module.to_vec(), path),
            },
        };
        for segment in path {
            let child = child_of(&at, segment);
            if !self.files.contains_key(&child) {
                break;
            }
            at = child;
        }
        at
    }

    fn walk(&self, from: Module, path: &[String], depth: u8) -> Option<Module> {
        let Some((first, rest)) = path.split_first() else { return Some(from) };
        let child = child_of(&from, first);
        if self.files.contains_key(&child) {
            return self.walk(child, rest, depth);
        }
        let said = self.files.get(&from)?;
        if said.items.contains(first) {
            return Some(from);
        }
        if let Some(way) = said.names.get(first) {
            return self.follow(&from, &way.then(rest), depth + 1);
        }
        Some(self.through_globs(&from, first, depth).unwrap_or(from))
    }

    /// Where a name comes from that `module` takes with all names of another.
    fn through_globs(&self, module: &[String], name: &str, depth: u8) -> Option<Module> {
        let said = self.files.get(module)?;
        let sources = said.globs.iter().filter_map(|way| self.follow(module, way, depth + 1));
        let mut knowing = sources.filter(|source| source != module && self.knows(source, name));
        knowing.next().and_then(|source| self.walk(source, &[name.to_owned()], depth + 1))
    }

    fn knows(&self, module: &[String], name: &str) -> bool {
        let knows = |said: &Said| said.items.contains(name) || said.names.contains_key(name);
        self.files.contains_key(&child_of(module, name)) || self.files.get(module).is_some_and(knows)
    }
}

fn child_of(module: &[String], child: &str) -> Module {
    module.iter().cloned().chain([child.to_owned()]).collect()
}

/// Reads one file.
struct Reader {
    module: Module,
    /// The modules inside the file that are being read.
    inline: Vec<String>,
    said: Said,
}

impl Reader {
    fn way(&self, path: &[String]) -> Way {
        let here: Module = self.module.iter().chain(&self.inline).cloned().collect();
        let Some((first, mut rest)) = path.split_first() else { return Way::Here(Vec::new()) };
        let mut base = here;
        match first.as_str() {
            "crate" => return Way::FromRoot(rest.to_vec()),
            "self" => {}
            "super" => {
                base.pop();
            }
            _ => return Way::Here(path.to_vec()),
        }
        while let Some((next, further)) = rest.split_first().filter(|(next, _)| *next == "super") {
            debug_assert_eq!(next, "super");
            base.pop();
            rest = further;
        }
        Way::FromRoot(base.into_iter().chain(rest.iter().cloned()).collect())
    }

    fn use_tree(&mut self, before: &[String], tree: &syn::UseTree, passed_on: bool) {
        let with = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&with(&path.ident), &path.tree, passed_on),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(before, tree, passed_on)),
            syn::UseTree::Name(name) if name.ident == "self" => {
                let alias = before.last().cloned().unwrap_or_default();
                self.import(alias, before, passed_on);
            }
            syn::UseTree::Name(name) => self.import(name.ident.to_string(), &with(&name.ident), passed_on),
            syn::UseTree::Rename(name) if name.ident == "self" => self.import(name.rename.to_string(), before, passed_on),
            syn::UseTree::Rename(name) => self.import(name.rename.to_string(), &with(&name.ident), passed_on),
            syn::UseTree::Glob(_) => {
                let way = self.way(before);
                self.said.globs.push(way);
            }
        }
    }

    fn import(&mut self, alias: String, path: &[String], passed_on: bool) {
        let way = self.way(path);
        if !passed_on {
            self.said.used.insert(way.clone());
        }
        self.said.names.insert(alias, way);
    }

    fn uses(&mut self, path: &[String]) {
        let way = self.way(path);
        self.said.used.insert(way);
    }

    /// Paths inside a macro's arguments. A single word may be anything there.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 && !path.is_empty() => path.push(ident.to_string()),
                TokenTree::Ident(ident) => {
                    self.path_of_macro(&path);
                    path = vec![ident.to_string()];
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.path_of_macro(&path);
                    path.clear();
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
            colons = 0;
        }
        self.path_of_macro(&path);
    }

    fn path_of_macro(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.uses(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let (attributes, name) = head(item);
        let for_tests = attributes.iter().any(is_for_tests);
        if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            let child = module.ident.to_string();
            if for_tests {
                self.said.for_tests.insert(child);
            } else {
                self.said.children.push(child);
            }
            return;
        }
        if for_tests {
            return;
        }
        if self.inline.is_empty() {
            self.said.items.extend(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.inline.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.inline.pop();
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let for_tests = matches!(item, syn::ImplItem::Fn(function) if function.attrs.iter().any(is_for_tests));
        if !for_tests {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let passed_on = !matches!(item.vis, syn::Visibility::Inherited);
        self.use_tree(&[], &item.tree, passed_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.uses(&segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// An item's attributes, and the name it defines.
fn head(item: &syn::Item) -> (&[syn::Attribute], Option<String>) {
    match item {
        syn::Item::Fn(item) => (&item.attrs, Some(item.sig.ident.to_string())),
        syn::Item::Struct(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Enum(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Const(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Static(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Type(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Trait(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Macro(item) => (&item.attrs, item.ident.as_ref().map(ToString::to_string)),
        syn::Item::Mod(item) => (&item.attrs, Some(item.ident.to_string())),
        syn::Item::Impl(item) => (&item.attrs, None),
        syn::Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else { return false };
    list.path.is_ident("cfg") && list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
}
