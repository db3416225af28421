//! `--context`: files and folders that tell what exists elsewhere.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::complain;
use super::inputs::load;
use crate::given::some;
use crate::input::{self, InputError, Limits};
use crate::plan::Plan;
use crate::report::Gap;

/// What exists elsewhere.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(super) struct Options {
    /// What exists elsewhere and may stand on what the plans change: states (printed or raw), plans, CloudFormation
    /// templates, or folders of them. It is never judged. Give it after the plans
    #[arg(long, num_args = 1.., value_name = "PATH")]
    context: Vec<PathBuf>,
}

/// How deep folders are read, and how many files of them.
const DEEPEST: usize = 16;
const MOST: usize = 20_000;

/// Folders in which tools keep what belongs to others. `.terraform` has a file that is called like a state and is none.
const SKIPPED: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/// Endings of files that are tried in a folder.
const ENDINGS: [&str; 6] = [".tfstate", ".tfstate.backup", ".json", ".template", ".yaml", ".yml"];

/// The files that were found.
#[derive(Default)]
pub(super) struct Loaded {
    files: Vec<File>,
    /// Of each folder its name, and what was found in it and not read, with the reason.
    folders: Vec<(String, BTreeMap<String, Vec<String>>)>,
}

struct File {
    name: String,
    bytes: Vec<u8>,
    /// It was found in this folder; nobody named it.
    folder: Option<usize>,
}

impl Options {
    /// Loads all files. Those that have the same bytes as one that is known are left out.
    pub(super) fn load(&self, limits: &Limits, known: &[&[u8]], errors: &mut Vec<InputError>) -> Loaded {
        let mut loaded = Loaded::default();
        for path in &self.context {
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                loaded.folder(path, name, limits);
                continue;
            }
            match load(path, &name, limits) {
                Ok(bytes) => loaded.files.push(File { name, bytes, folder: None }),
                Err(error) => errors.push(error),
            }
        }
        loaded.without_repeats(known);
        loaded
    }
}

impl Loaded {
    fn folder(&mut self, path: &Path, name: String, limits: &Limits) {
        let mut walk = Walk { left: MOST, found: Vec::new(), unread: BTreeMap::new() };
        walk.enter(path, DEEPEST);
        let place = self.folders.len();
        let mut bytes_left = limits.bytes;
        for path in walk.found {
            let name = path.to_string_lossy().into_owned();
            match load(&path, &name, &Limits { bytes: bytes_left, ..*limits }) {
                Ok(bytes) => {
                    bytes_left = bytes_left.saturating_sub(bytes.len());
                    self.files.push(File { name, bytes, folder: Some(place) });
                }
                Err(error) => walk.unread.entry(error.what).or_default().push(name),
            }
        }
        self.folders.push((name, walk.unread));
    }

    fn without_repeats(&mut self, known: &[&[u8]]) {
        let mut seen: HashSet<&[u8]> = known.iter().copied().collect();
        let new: Vec<bool> = self.files.iter().map(|file| seen.insert(&file.bytes)).collect();
        let mut new = new.into_iter();
        self.files.retain(|file| {
            let is_new = new.next().unwrap_or(true);
            if !is_new {
                complain(&format!("note: {} was given already; it is counted once", file.name));
            }
            is_new
        });
    }

    /// The texts of all files, in their order.
    pub(super) fn texts(&self) -> Vec<Result<Cow<'_, str>, InputError>> {
        self.files.iter().map(|file| input::decode(&file.name, &file.bytes)).collect()
    }

    /// Reads all files. A file that was named must be readable; of a folder, what is not readable is told as a gap.
    pub(super) fn units<'t>(
        &self,
        texts: &'t [Result<Cow<'t, str>, InputError>],
        limits: &Limits,
        errors: &mut Vec<InputError>,
    ) -> (Vec<Plan<'t>>, Vec<Gap>) {
        let mut folders: Vec<_> = self.folders.iter().map(|(name, unread)| (name, unread.clone(), 0_usize)).collect();
        let mut units = Vec::new();
        for (file, text) in self.files.iter().zip(texts) {
            let read =
                text.as_ref().map_err(Clone::clone).and_then(|text| input::read_context(&file.name, text, limits));
            match (read, file.folder.and_then(|place| folders.get_mut(place))) {
                (Ok(read), folder) => {
                    if let Some((_, _, count)) = folder {
                        *count = count.saturating_add(1);
                    }
                    units.extend(read);
                }
                (Err(error), None) => errors.push(error),
                (Err(error), Some((_, unread, _))) if is_worth_naming(&error) => {
                    unread.entry(error.what).or_default().push(file.name.clone());
                }
                (Err(_), Some(_)) => {}
            }
        }
        let mut gaps = Vec::new();
        for (name, unread, read) in folders {
            let told = tell(unread);
            if read > 0 {
                gaps.extend(told.into_iter().map(|text| Gap { input: name.clone(), text }));
                continue;
            }
            let why = if told.is_empty() { String::new() } else { format!(". {}", told.join(" ")) };
            let what = format!("nothing in this folder could be read as context{}", why.trim_end_matches('.'));
            let error = InputError::new(name, what);
            errors.push(error.help("give states, plans, or CloudFormation templates"));
        }
        (units, gaps)
    }
}

/// YAML may be anything; only a template is worth a word.
fn is_worth_naming(error: &InputError) -> bool {
    let is_yaml = [".yaml", ".yml"].iter().any(|ending| error.input.ends_with(ending));
    !is_yaml || error.what.contains("template cannot be read")
}

/// What was not read, by its reason.
fn tell(unread: BTreeMap<String, Vec<String>>) -> Vec<String> {
    unread.into_iter().map(|(why, names)| format!("Not read: {}: {why}.", some(names))).collect()
}

/// A walk through a folder.
struct Walk {
    left: usize,
    found: Vec<PathBuf>,
    unread: BTreeMap<String, Vec<String>>,
}

impl Walk {
    fn enter(&mut self, folder: &Path, deeper: usize) {
        let Ok(entries) = fs::read_dir(folder) else { return self.unread(folder, "the folder cannot be read") };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in &paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let wanted = ENDINGS.iter().any(|ending| name.ends_with(ending));
            match fs::symlink_metadata(path) {
                // What a link leads to inside of the folder is found without it.
                Ok(meta) if meta.is_symlink() => {
                    if wanted || path.is_dir() {
                        self.unread(path, "it is a link, and links are not followed");
                    }
                }
                Ok(meta) if meta.is_dir() && SKIPPED.contains(&name.as_str()) => {}
                Ok(meta) if meta.is_dir() && deeper == 0 => self.unread(path, "the folder lies too deep"),
                Ok(meta) if meta.is_dir() => self.enter(path, deeper.saturating_sub(1)),
                Ok(_) if !wanted || is_old(path, &name, &paths) => {}
                // Opening a pipe would wait for somebody who writes. One that is named on the command line is meant.
                Ok(meta) if !meta.is_file() => self.unread(path, "it is no ordinary file"),
                Ok(_) if self.left == 0 => self.unread(path, "there are too many files"),
                Ok(_) => {
                    self.left = self.left.saturating_sub(1);
                    self.found.push(path.clone());
                }
                Err(_) => self.unread(path, "it cannot be read"),
            }
        }
    }

    fn unread(&mut self, path: &Path, why: &str) {
        self.unread.entry(why.to_owned()).or_default().push(path.to_string_lossy().into_owned());
    }
}

/// A backup whose state lies beside it.
fn is_old(path: &Path, name: &str, beside: &[PathBuf]) -> bool {
    name.strip_suffix(".backup").is_some_and(|state| beside.binary_search(&path.with_file_name(state)).is_ok())
}
