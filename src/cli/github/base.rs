//! A file as the base branch has it: what configures the gate is not the pull request's to say.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::super::exit::{self, Code};
use super::super::print;
use super::about::{client, env, event, repository};
use crate::github;

/// Events that run what was merged, or what somebody started who may write.
const OF_NO_PULL_REQUEST: [&str; 3] = ["push", "schedule", "workflow_dispatch"];

/// Prints the file. One that lies in another repository's checkout, or outside of any, is no part of the pull request.
pub(super) fn run(file: &Path) -> Result<Code, String> {
    let bytes = match (base()?, in_checkout(file)?) {
        (Base::At(commit), Some(name)) => read(&name, commit.as_deref())?,
        _ => std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?,
    };
    let text = String::from_utf8(bytes).map_err(|_| format!("{} is no text", file.display()))?;
    print(&text).map_err(|error| format!("the file cannot be written: {error}"))?;
    Ok(exit::ALLOW)
}

/// What stands for what was agreed to before.
enum Base {
    /// What is checked out.
    Here,
    /// A commit; without one, the default branch.
    At(Option<String>),
}

fn base() -> Result<Base, String> {
    let event = event()?;
    let of = |path: [&str; 3]| {
        let found = path.iter().filter(|key| !key.is_empty()).try_fold(&event, |value, key| value.get(*key));
        found.and_then(Value::as_str).map(str::to_owned)
    };
    let commit = of(["pull_request", "base", "sha"]).or_else(|| of(["merge_group", "base_sha", ""]));
    let name = env("GITHUB_EVENT_NAME").unwrap_or_default();
    let is_here = commit.is_none() && OF_NO_PULL_REQUEST.contains(&name.as_str());
    Ok(if is_here { Base::Here } else { Base::At(commit) })
}

/// The file's name from the workspace on, which holds the workflow's repository; `None` where it lies elsewhere.
///
/// Links are not followed: they are the pull request's. Another checkout is a folder with a repository of its own, which no
/// commit can hold.
fn in_checkout(file: &Path) -> Result<Option<String>, String> {
    let here = std::env::current_dir().map_err(|error| format!("the current folder cannot be told: {error}"))?;
    let workspace = env("GITHUB_WORKSPACE").map_or_else(|| here.clone(), PathBuf::from);
    let file = lexical(&here.join(file));
    let Ok(inside) = file.strip_prefix(lexical(&workspace)) else { return Ok(None) };
    let mut folder = workspace.clone();
    let steps: Vec<_> = inside.components().collect();
    for step in steps.iter().take(steps.len().saturating_sub(1)) {
        folder.push(step);
        let is_real = std::fs::symlink_metadata(&folder).is_ok_and(|about| about.is_dir());
        if is_real && std::fs::symlink_metadata(folder.join(".git")).is_ok_and(|about| about.is_dir()) {
            return Ok(None);
        }
    }
    let names: Option<Vec<&str>> = steps.iter().map(|step| step.as_os_str().to_str()).collect();
    names.map(|names| Some(names.join("/"))).ok_or_else(|| "the file's name is no Unicode".to_owned())
}

/// A path without `.` and `..`.
fn lexical(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, step| {
        match step {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
        path
    })
}

fn read(name: &str, commit: Option<&str>) -> Result<Vec<u8>, String> {
    let found = github::file(&client()?, &repository(None)?, name, commit);
    let at = commit.map_or_else(|| "of the default branch".to_owned(), |commit| format!("of the base commit {commit}"));
    found.map_err(|fault| format!("the file {name} {at} cannot be read: {fault}"))
}
