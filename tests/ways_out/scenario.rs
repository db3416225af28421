//! One change and the way out of it, as a file says it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use blastgate::report::{Outcome, Paste, Report};
use serde::Deserialize;

/// What a scenario has beside the keys that planlab reads.
#[derive(Deserialize)]
pub struct Scenario {
    #[serde(skip)]
    pub name: String,
    #[serde(skip)]
    pub path: PathBuf,
    /// An address that the plan's findings name.
    pub finding: String,
    /// The way out that is tried.
    pub way: String,
    /// What somebody does by hand before the plan is made, in the working folder.
    #[serde(default)]
    pub first: Vec<String>,
    /// What is read instead of what was made: attribute values by type, as JSON.
    #[serde(default)]
    pub drift: String,
    /// The addresses that are still found afterwards, because they were meant; none where the plan is then allowed.
    #[serde(default)]
    pub remains: Vec<String>,
    /// The file in which a module's blocks stand, by the module's address; the root's stand in `main.tf`.
    #[serde(default)]
    pub modules: BTreeMap<String, String>,
    /// What the text of the way out asks for beside the paste, such as an old line that goes: file, old text, new text.
    #[serde(default)]
    pub by_hand: Vec<[String; 3]>,
}

impl Scenario {
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let one: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        Self { name, path: path.to_path_buf(), ..one }
    }

    /// What the report of the plan says to paste: the plan is found, by name, and the way out is offered.
    pub fn paste(&self, report: &Report) -> Result<Paste, String> {
        if report.verdict == Outcome::Allow {
            return Err("the plan is allowed as it is".to_owned());
        }
        let names = |at: &usize| {
            let finding = &report.findings[*at];
            finding.address == self.finding || finding.names.contains(&self.finding)
        };
        let group = report.groups.iter().find(|group| group.findings.iter().any(names));
        let group = group.ok_or_else(|| format!("{} is not found: {}", self.finding, report.summary.text))?;
        let way = group.ways_out.iter().find(|way| way.id == self.way);
        let offered: Vec<&str> = group.ways_out.iter().map(|way| way.id.as_str()).collect();
        let way = way.ok_or_else(|| format!("{} is not offered, but {offered:?}", self.way))?;
        way.paste.clone().ok_or_else(|| format!("there is nothing to paste: {}", way.text))
    }

    /// Whether the plan after the paste is as it should be: allowed, or nothing is found but what was meant.
    pub fn is_met(&self, report: &Report) -> bool {
        let open = report.findings.iter().filter(|finding| finding.verdict != Outcome::Allow);
        let found: Vec<&String> = open.map(|finding| &finding.address).collect();
        found == self.remains.iter().collect::<Vec<_>>() && report.verdict != Outcome::Error
    }
}
