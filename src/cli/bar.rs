//! Progress on a terminal as a bar, elsewhere as plain lines on standard error.

use std::io::IsTerminal as _;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::run::kit::Progress;

/// Progress as a person wants to see it.
pub struct Bar {
    bar: Option<ProgressBar>,
    shown: Mutex<&'static str>,
}

impl Bar {
    /// A bar on a terminal, lines elsewhere.
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg:<12} [{bar:30}] {pos}/{len}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, shown: Mutex::new("") }
    }
}

/// The stages in words.
fn words(stage: &str) -> &'static str {
    match stage {
        "receive" => "reading",
        "aggregate" => "adding up",
        "report" => "drawing",
        "deliver" => "mailing",
        _ => "working",
    }
}

impl Progress for Bar {
    fn stage(&self, name: &'static str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(words(name));
                bar.set_length(0);
                bar.set_position(0);
            }
            None => {
                if let Ok(mut shown) = self.shown.lock()
                    && *shown != name
                {
                    *shown = name;
                    output::error(&format!("{} …", words(name)));
                }
            }
        }
    }

    fn step(&self, done: usize, of: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
