//! Settings that a command does not name but finds.

use std::path::Path;

use super::super::line::{Arg, Run, Step, base};
use super::super::tools::{self, file_fits};
use super::super::{Reason, Surroundings};
use super::programs::{COPYING, EDITING, TAKING};
use super::{HOOKS, SETTINGS, holds_settings, is_folder, is_settings, only_looks, paths_in, reason};

/// Whether a command takes away or writes what another one in its pipeline finds, and that one looks where settings are.
pub(in super::super) fn piped(steps: &[Step], at: usize, around: &Surroundings<'_>) -> Option<Reason> {
    let Some(Step::Run(run) | Step::Code(run, _)) = steps.get(at) else { return None };
    let (pipeline, place) = run.pipeline.filter(|(_, place)| *place > 0)?;
    let (program, arguments) = run.words.split_first()?;
    let name = base(&program.text);
    let takes = TAKING.contains(&name) || EDITING.contains(&name);
    if !takes || only_looks(name, arguments) || !arguments.iter().any(Arg::has_hole) {
        return None;
    }
    let before = steps.get(..at)?.iter().filter_map(|step| match step {
        Step::Run(other) => Some(other),
        _ => None,
    });
    let mut before = before.filter(|other| other.pipeline.is_some_and(|(one, its)| one == pipeline && its < place));
    before.any(|other| finds(other, around)).then(|| reason(HOOKS, tools::shown(run)))
}

/// Whether a command may name settings: it looks for them, or where they are.
pub(super) fn finds(run: &Run, around: &Surroundings<'_>) -> bool {
    let Some((_, arguments)) = run.words.split_first() else { return false };
    finds_settings(arguments) || paths_in(arguments, run).iter().any(|path| finds_in(path, arguments, around))
}

/// Whether what is looked for under a path, by name where one is given, may be settings.
fn finds_in(path: &Path, arguments: &[Arg], around: &Surroundings<'_>) -> bool {
    let mut names = names_sought(arguments).peekable();
    match names.peek() {
        None => is_settings(path) || holds_settings(path, around),
        Some(_) => names.any(|name| is_settings(&path.join(name))),
    }
}

/// The names that `find` looks for.
fn names_sought(arguments: &[Arg]) -> impl Iterator<Item = &str> {
    arguments.windows(2).filter_map(|pair| match pair {
        [option, name] if matches!(option.text.as_str(), "-name" | "-iname") => Some(name.text.as_str()),
        _ => None,
    })
}

/// Whether it is looked for files of settings by their names.
fn finds_settings(arguments: &[Arg]) -> bool {
    let files: Vec<&str> =
        SETTINGS.iter().filter_map(|path| path.last().copied()).filter(|file| !file.starts_with('*')).collect();
    let folders = arguments.windows(2).filter_map(|pair| match pair {
        [option, path] if matches!(option.text.as_str(), "-path" | "-ipath" | "-wholename") => {
            Some(path.text.trim_matches(['*', '/']))
        }
        _ => None,
    });
    names_sought(arguments).any(|name| files.iter().any(|file| file_fits(file, name) || *file == name))
        || folders.into_iter().any(|folder| is_folder(Path::new(folder)))
}

/// Whether `find` hands what it finds to a program that takes it away or writes it.
pub(super) fn runs_taking(arguments: &[Arg]) -> bool {
    let run = arguments.iter().skip_while(|word| {
        let text = word.text.as_str();
        !text.starts_with("-exec")
            && !text.starts_with("-ok")
            && !matches!(text, "-x" | "-X" | "--exec" | "--exec-batch")
    });
    run.skip(1).any(|word| {
        TAKING.contains(&base(&word.text)) || COPYING.contains(&base(&word.text)) || base(&word.text) == "sed"
    })
}
