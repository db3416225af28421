//! Tells whether a hook is in force: that it is there, as strict as it can be, that its program is, and that nothing
//! switches it off.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::CstRootNode;
use serde_json::Value;

use super::edit::{self, Document, Found};
use super::own;
use super::store::{self, Folders};
use crate::cli::exit::{self, Code};
use crate::cli::print;
use crate::cli::process::{self, Bounds};
use crate::hook::{Dialect, Off, Place, Scope, Switch};
use crate::output::clean;

/// Prints what it finds.
pub(super) fn run(dialect: &Dialect, scope: Scope, folders: &Folders) -> Result<Code, String> {
    let mut found = Vec::new();
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for place in dialect.settings.places(scope) {
        for path in folders.files(scope, place) {
            match in_file(dialect, place, &path) {
                Ok(hooks) => {
                    let program = hooks.first().and_then(|hook| own::program(&hook.command)).unwrap_or_default();
                    lines.push(format!("{}: runs {program}", path.display()));
                    found.push((path, hooks));
                }
                Err(why) => wrong.push(format!("{}: {why}", path.display())),
            }
        }
    }
    if found.is_empty() && wrong.is_empty() {
        wrong.push(format!("{} has no agent that could have a hook", folders.of(scope).display()));
    }
    for (path, hooks) in &found {
        let off = dialect.settings.switches.iter().filter_map(|switch| switched_off(switch, folders, path, hooks));
        wrong.extend(off);
    }
    wrong.dedup();
    lines.extend(wrong.iter().map(|why| format!("not in force: {why}")));
    if wrong.is_empty() {
        lines.extend([format!("in force for {}", dialect.agent), format!("note: {}", dialect.settings.after)]);
    }
    let lines: Vec<String> = lines.iter().map(|line| clean(line)).collect();
    print(&format!("{}\n", lines.join("\n"))).map_err(|error| format!("it cannot be told: {error}"))?;
    Ok(if wrong.is_empty() { exit::ALLOW } else { exit::BLOCK })
}

/// The hooks of a file, where it has all that it should, and they can run.
fn in_file(dialect: &Dialect, place: &'static Place, path: &Path) -> Result<Vec<Found>, String> {
    let text = store::read(path)?;
    if text.is_empty() {
        return Err("there is no hook".to_owned());
    }
    let hooks = Document::read(&text, place)?.hooks(dialect.name)?;
    for keys in place.lists {
        let last = keys.last().copied().unwrap_or_default();
        let own: Vec<&Found> = hooks.iter().filter(|hook| hook.list == last).collect();
        let [hook] = own.as_slice() else {
            let what = if own.is_empty() { "there is no hook" } else { "there is more than one hook" };
            return Err(format!("{what} in {last}; install it again"));
        };
        as_it_should_be(place, hook)?;
        runs(&hook.command)?;
    }
    Ok(hooks)
}

/// An entry that was written by hand, or by another version, may fail open.
fn as_it_should_be(place: &Place, hook: &Found) -> Result<(), String> {
    let powershell = hook.entry.get("powershell").and_then(Value::as_str).unwrap_or_default();
    let wanted = edit::value(&(place.entry)(&hook.command, powershell));
    if wanted.as_ref() == Some(&hook.entry) {
        return Ok(());
    }
    Err(format!("the hook in {} is not as strict as it should be; install it again", hook.list))
}

/// The program is there, and of this version.
fn runs(command: &str) -> Result<(), String> {
    let program = own::program(command).unwrap_or_default();
    if !Path::new(&program).is_absolute() {
        return Err(format!("it runs {program:?}, which need not be the same program everywhere; install it again"));
    }
    let mut version = Command::new(&program);
    version.arg("--version");
    let bounds = Bounds { time: Duration::from_secs(5), bytes: 4096, own_group: true, stop: None };
    let done = process::run(version, None, &bounds).map_err(|_| format!("its program cannot be run: {program}"))?;
    let own = concat!("blastgate ", env!("CARGO_PKG_VERSION"));
    let said = String::from_utf8_lossy(&done.stdout).trim().to_owned();
    if done.status.success() && said == own {
        return Ok(());
    }
    Err(format!("its program says that it is {said:?}, and this is {own:?}: {program}"))
}

/// Why a switch keeps the hook from running; none where it does not.
fn switched_off(switch: &Switch, folders: &Folders, file: &Path, hooks: &[Found]) -> Option<String> {
    let path = folders.root(switch.root).join(switch.path);
    let settings = settings(&path);
    let value = switch.keys.iter().try_fold(settings.as_ref()?, |value, key| value.get(*key));
    let keys = switch.keys.join(".");
    let at = |what: &str| Some(format!("{}: {keys} {what}", path.display()));
    match (switch.off, value) {
        (Off::Is(truth), Some(Value::Bool(is))) if *is == truth => at(&format!("is {truth}")),
        (Off::Lists(name), Some(Value::Array(list))) if list.iter().any(|one| one.as_str() == Some(name)) => {
            at(&format!("has {name}"))
        }
        (Off::LacksTrust(event), value) => {
            let lacking = hooks.iter().any(|hook| !is_trusted(value, file, event, hook));
            lacking.then(|| format!("it is not trusted yet in {}", path.display()))
        }
        _ => None,
    }
}

fn is_trusted(table: Option<&Value>, file: &Path, event: &str, hook: &Found) -> bool {
    let (group, inner) = hook.at;
    let mut files = vec![file.to_path_buf()];
    files.extend(file.canonicalize().ok());
    let key = |file: &PathBuf| format!("{}:{event}:{group}:{inner}", file.display());
    let state = files.iter().find_map(|file| table?.get(key(file)));
    state.is_some_and(|state| {
        state.get("trusted_hash").is_some_and(Value::is_string) && state.get("enabled") != Some(&Value::Bool(false))
    })
}

/// A settings file as a value; an empty one where there is none that can be read.
fn settings(path: &Path) -> Option<Value> {
    let text = store::read(path).ok()?;
    if path.extension().is_some_and(|ending| ending == "toml") {
        return Some(toml::from_str(&text).unwrap_or_default());
    }
    let root = CstRootNode::parse(&text, &ParseOptions::default()).ok();
    Some(root.and_then(|root| root.to_serde_value()).unwrap_or_default())
}
