//! What commands say that only print: read as text where it is all in the line.

use super::files;
use super::{Arg, HOLE, Input, Run, Step, Walk, base};

impl Walk<'_> {
    /// What the steps from this one on write to their standard output.
    pub(super) fn said(&self, from: usize) -> Input {
        match self.steps.get(from..) {
            Some([]) => Input::Text(String::new()),
            Some([Step::Run(run)]) => printed(run),
            _ => Input::Unknown,
        }
    }

    /// An input's text, if it is known. It may have holes.
    pub(super) fn text_of(&self, input: &Input) -> Option<String> {
        match input {
            Input::Text(text) => Some(text.clone()),
            Input::File(file) => match self.file(file.known()?) {
                files::Content::Text(text) => Some(text),
                _ => None,
            },
            Input::Own | Input::Unknown => None,
        }
    }
}

/// What a command prints, where that follows from its words and its input.
pub(super) fn printed(run: &Run) -> Input {
    let Some((program, arguments)) = run.words.split_first() else { return Input::Text(String::new()) };
    let to_file = run.writes.iter().any(|target| !target.text.chars().all(|c| c.is_ascii_digit() || c == '-'));
    if to_file {
        return Input::Text(String::new());
    }
    match base(&program.text) {
        "echo" => echoed(arguments).map_or(Input::Unknown, Input::Text),
        "printf" => formatted(arguments).map_or(Input::Unknown, Input::Text),
        "cat" => concatenated(run, arguments),
        "which" | "type" => path_of(arguments),
        "command" => match arguments.split_first() {
            Some((option, names)) if option.text == "-v" => path_of(names),
            _ => Input::Unknown,
        },
        _ => Input::Unknown,
    }
}

fn path_of(names: &[Arg]) -> Input {
    match names {
        [name] => Input::Text(name.text.clone()),
        _ => Input::Unknown,
    }
}

/// Shells read backslashes in it differently: with one it is not known.
fn echoed(arguments: &[Arg]) -> Option<String> {
    let options = arguments.iter().take_while(|word| {
        word.text.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| "neE".contains(c)))
    });
    let words: Vec<&str> = arguments.iter().skip(options.count()).map(|word| word.text.as_str()).collect();
    let text = words.join(" ");
    let globbed = arguments.iter().any(|word| word.glob);
    (!text.contains('\\') && !globbed).then(|| format!("{text}\n"))
}

pub(super) fn formatted(arguments: &[Arg]) -> Option<String> {
    let (format, rest) = arguments.split_first()?;
    let format = format.text.replace("\\n", "\n").replace("\\t", "\t");
    if format.contains('\\') || format.starts_with('-') || arguments.iter().any(|word| word.glob) {
        return None;
    }
    if !format.contains('%') {
        return Some(format);
    }
    let mut parts = format.split("%s");
    let mut text = parts.next()?.to_owned();
    let mut words = rest.iter();
    let mut used = 0_usize;
    for part in parts {
        if part.contains('%') {
            return None;
        }
        text.push_str(words.next().map_or("", |word| word.text.as_str()));
        text.push_str(part);
        used = used.saturating_add(1);
    }
    // The format is used again for what is left.
    (rest.len() <= used && !text.contains('%')).then_some(text)
}

/// `cat` of one file or of its input.
fn concatenated(run: &Run, arguments: &[Arg]) -> Input {
    let files: Vec<&Arg> = arguments.iter().filter(|word| word.text == "-" || !word.text.starts_with('-')).collect();
    match files.as_slice() {
        [] => run.input.clone(),
        [file] if file.text == "-" => run.input.clone(),
        [file] if file.process.is_some() => file.process.as_deref().cloned().unwrap_or(Input::Unknown),
        [file] if !file.text.contains(HOLE) => Input::File(Box::new((*file).clone())),
        _ => Input::Unknown,
    }
}
