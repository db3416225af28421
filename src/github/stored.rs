//! The report that a workflow stored, read back without the plan.

use std::io::{Cursor, Read as _};

use serde_json::Value;

use super::client::{Client, Fault};
use super::query::{at, percent};
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

/// Reads the report that a workflow of this repository stored under this name for a commit.
///
/// # Errors
/// Where GitHub cannot be asked.
pub fn stored(client: &Client, repository: &str, name: &str, head: &str) -> Result<Stored, Fault> {
    let path = format!("/repos/{repository}/actions/artifacts?per_page=100&name={}", percent(name));
    let artifacts = client.list(&path, |mut page| match page.get_mut("artifacts").map(Value::take) {
        Some(Value::Array(artifacts)) => artifacts,
        _ => Vec::new(),
    })?;
    let of_head = artifacts.iter().filter(|artifact| {
        let is = |path: &[&str], text: &str| at(artifact, path).as_str() == Some(text);
        is(&["workflow_run", "head_sha"], head)
            && is(&["name"], name)
            && at(artifact, &["expired"]) == &Value::Bool(false)
    });
    let newest = of_head.max_by_key(|artifact| at(artifact, &["created_at"]).as_str().map(str::to_owned));
    let Some(id) = newest.and_then(|artifact| at(artifact, &["id"]).as_u64()) else { return Ok(Stored::Nothing) };
    let archive = client.download(&format!("/repos/{repository}/actions/artifacts/{id}/zip"))?;
    let read = unpack(&archive).ok_or_else(|| InputError::new(name, "the stored archive holds no single JSON file"));
    Ok(match read.and_then(|bytes| report::read(name, &bytes)) {
        Ok(report) => Stored::Found(Box::new(report)),
        Err(error) => Stored::Unreadable(error),
    })
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
