//! Whether what was seen of a file is one of its right outcomes.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

use super::LATE;
use crate::harness::{NOW, Workspace};

/// Indicator code → its row of `show --json`.
pub type Figures = BTreeMap<String, Value>;

/// What was seen when a folder's files were handed in.
pub struct Seen<'a> {
    pub files: &'a [Value],
    pub before: &'a Figures,
    pub now: Figures,
    pub workspace: &'a Workspace,
}

/// The figure of a key such as `6.2` or `5.1.growth_pct`.
fn figure<'a>(figures: &'a Figures, key: &str) -> Option<&'a str> {
    match key.strip_suffix(".growth_pct") {
        Some(code) => {
            let row = figures.get(code)?;
            row["growth_pct"].as_str().or_else(|| row["reported_growth_pct"].as_str())
        }
        None => figures.get(key)?["year_to_date"].as_str(),
    }
}

fn wanted(outcome: &Value) -> Vec<(&str, &str)> {
    let figures = outcome["figures"].as_object();
    figures.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

impl Seen<'_> {
    /// What was seen, where it is none of the `right` outcomes.
    pub fn fault(&self, right: &[Value]) -> Option<String> {
        let known: BTreeSet<(&str, &str)> = right.iter().flat_map(wanted).collect();
        let keys: BTreeSet<&str> = known.iter().map(|(key, _)| *key).collect();
        // Whatever was told: what is printed is one of the right values or what stood before, never a third figure.
        let third = keys.iter().find(|key| {
            let now = figure(&self.now, key);
            now != figure(self.before, key) && !known.iter().any(|(known, value)| known == *key && Some(*value) == now)
        });
        if third.is_none() && right.iter().any(|outcome| self.fits(outcome)) {
            return None;
        }
        let states: Vec<&str> = self.files.iter().filter_map(|file| file["state"].as_str()).collect();
        let printed: Vec<String> = keys.iter().map(|key| format!("{key}={}", figure(&self.now, key).unwrap_or("—"))).collect();
        let told: Vec<String> = self.told().take(3).map(|one| format!("{} {} {}", one["severity"], one["cell"], one["message"])).collect();
        Some(format!("{} {} {}", states.join("+"), printed.join(" "), told.join(" ")))
    }

    fn told(&self) -> impl Iterator<Item = &Value> {
        let all = self.files.iter().filter_map(|file| file["findings"].as_array()).flatten();
        all.filter(|finding| finding["severity"] == "error" || finding["severity"] == "explain")
    }

    fn fits(&self, outcome: &Value) -> bool {
        let accepted = outcome["state"] == "accepted";
        let every = outcome["every"].as_bool().unwrap_or(accepted);
        let mut states = self.files.iter().map(|file| file["state"] == outcome["state"]);
        let state = if every { states.all(|same| same) } else { states.any(|same| same) };
        let printed =
            wanted(outcome).iter().all(|(key, value)| figure(&self.now, key) == Some(value) && (!accepted || self.read_anew(key)));
        state && printed && self.words_fit(outcome) && self.cell_fits(outcome) && self.severity_fits(outcome) && self.period_fits(outcome)
    }

    /// Whether the printed figure was read from a file handed in after the month was drawn up: what stood before may print the same.
    fn read_anew(&self, key: &str) -> bool {
        let code = key.strip_suffix(".growth_pct").unwrap_or(key);
        let output = self.workspace.command_at(LATE, &["trace", code, "--period", super::PERIOD, "--json"]).output().unwrap();
        let Ok(trace) = serde_json::from_slice::<Value>(&output.stdout) else { return false };
        let mut sources = trace["sources"].as_array().into_iter().flatten();
        sources.any(|source| source["received_at"].as_str().is_some_and(|at| at > NOW))
    }

    fn words_fit(&self, outcome: &Value) -> bool {
        let findings = self.told().flat_map(|one| [&one["message"], &one["sheet"], &one["cell"], &one["cells"]]);
        let text: Vec<String> =
            findings.chain(self.files.iter().flat_map(|file| [&file["reason"], &file["message"]])).map(Value::to_string).collect();
        let text = text.join(" ");
        let found = |key: &str| outcome[key].as_str().map(|expression| Regex::new(expression).unwrap().is_match(&text));
        found("says").unwrap_or(true) && !found("not_says").unwrap_or(false)
    }

    fn cell_fits(&self, outcome: &Value) -> bool {
        let Some(cell) = outcome["cell"].as_str() else { return true };
        let first = |area: &str| area.split(':').next().unwrap_or_default().to_owned();
        let grouped = self.told().filter_map(|one| one["cells"].as_array()).flatten().filter_map(Value::as_str);
        let mut named = self.told().filter_map(|one| one["cell"].as_str()).chain(grouped);
        named.any(|named| first(named) == first(cell))
    }

    fn severity_fits(&self, outcome: &Value) -> bool {
        let Some(severity) = outcome["severity"].as_str() else { return true };
        self.told().next().is_some() && self.told().all(|one| one["severity"] == severity)
    }

    fn period_fits(&self, outcome: &Value) -> bool {
        let Some(period) = outcome["not_in_period"].as_str() else { return true };
        let output = self.workspace.command_at(LATE, &["status", "--period", period, "--json"]).output().unwrap();
        let Ok(status) = serde_json::from_slice::<Value>(&output.stdout) else { return true };
        !status["submissions"].as_array().into_iter().flatten().any(|one| one["state"] == "accepted")
    }
}
