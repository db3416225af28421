//! The report that a workflow stored, read back without the plan.

use std::io::{Cursor, Read as _};

use serde_json::Value;

use super::client::Client;
use super::failure::Fault;
use super::query::{at, percent, text};
use crate::input::InputError;
use crate::report::{self, Report};

/// A stored report, or why there is none.
#[derive(Debug)]
pub enum Stored {
    /// The newest one that was stored for this commit.
    Found(Box<Report>),
    /// None was stored, or it is gone.
    Nothing,
    /// What was stored cannot be read.
    Unreadable(InputError),
}

/// So many bytes a report may have.
const MOST: u64 = 64 << 20;

/// Reads the newest report that a workflow of this repository stored under this name for a commit. It is asked for run by run, since
/// a repository may have stored very many.
///
/// # Errors
/// Where GitHub cannot be asked.
pub fn stored(client: &Client, repository: &str, name: &str, head: &str) -> Result<Stored, Fault> {
    let runs = format!("/repos/{repository}/actions/runs?per_page=100&head_sha={}", percent(head));
    let mut newest: Option<(String, u64)> = None;
    for run in client.list(&runs, |page| members(page, "workflow_runs"))? {
        let Some(run) = at(&run, &["id"]).as_u64() else { continue };
        let artifacts = format!("/repos/{repository}/actions/runs/{run}/artifacts?per_page=100&name={}", percent(name));
        let stored = client.list(&artifacts, |page| members(page, "artifacts"))?;
        newest = stored.iter().filter_map(|artifact| usable(artifact, name, head)).chain(newest).max();
    }
    let Some((_, id)) = newest else { return Ok(Stored::Nothing) };
    let archive = client.download(&format!("/repos/{repository}/actions/artifacts/{id}/zip"))?;
    let read = unpack(&archive).ok_or_else(|| InputError::new(name, "the stored archive holds no single JSON file"));
    Ok(match read.and_then(|bytes| report::read(name, &bytes)) {
        Ok(report) => Stored::Found(Box::new(report)),
        Err(error) => Stored::Unreadable(error),
    })
}

/// The list in a page that also counts it.
fn members(mut page: Value, list: &str) -> Vec<Value> {
    match page.get_mut(list).map(Value::take) {
        Some(Value::Array(members)) => members,
        _ => Vec::new(),
    }
}

/// When an artifact was stored, and its number: if it has this name, is of this commit, and is still there.
fn usable(artifact: &Value, name: &str, head: &str) -> Option<(String, u64)> {
    let is = |path: &[&str], text: &str| at(artifact, path).as_str() == Some(text);
    let is_there = at(artifact, &["expired"]) == &Value::Bool(false);
    let is_wanted = is(&["name"], name) && is(&["workflow_run", "head_sha"], head) && is_there;
    let stored = text(at(artifact, &["created_at"])).unwrap_or_default();
    at(artifact, &["id"]).as_u64().filter(|_| is_wanted).map(|id| (stored, id))
}

/// The one JSON file in an archive.
fn unpack(archive: &[u8]) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).ok()?;
    let is_json = |name: &&str| std::path::Path::new(name).extension().is_some_and(|ending| ending == "json");
    let names: Vec<String> = archive.file_names().filter(is_json).map(str::to_owned).collect();
    let [name] = names.as_slice() else { return None };
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(MOST.saturating_add(1)).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MOST).then_some(bytes)
}
