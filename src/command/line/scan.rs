//! Words of which nobody knows what they are, looked through for commands of known tools and for text of shells: those of containers, of
//! multiplexers, and of programs that are in no table.

use super::super::{guard, tools};
use super::{Arg, Step, Walk, base, interpreters};

impl Walk<'_> {
    /// Looks for commands of known tools and for text of shells among words of which nobody knows what they are.
    pub(super) fn scan(&mut self, words: &[Arg]) {
        let words = words.get(..shows_rest(words)).unwrap_or_default();
        if words.len() > SCANNED {
            self.push(Step::Unread(String::new()));
            return;
        }
        for word in words {
            // What has blanks in it may be shell text, and the value of an option too.
            let text = match word.text.split_once('=') {
                Some((name, value)) if !name.contains(char::is_whitespace) => value,
                _ => word.text.as_str(),
            };
            if text.contains(char::is_whitespace) {
                // A key that is typed at the end: `\n`, `^M`.
                let text = text.trim_end_matches("\\n").trim_end_matches("^M");
                self.apart(|walk| walk.shell_text(text));
            }
        }
        let commands: Vec<Vec<Arg>> =
            (0..words.len()).filter_map(|at| command_at(words, at)).take(FOUND.saturating_add(1)).collect();
        if commands.len() > FOUND {
            self.push(Step::Unread(String::new()));
        }
        for command in commands {
            self.run(command, Vec::new(), Vec::new());
        }
    }
}

/// The shell text behind a mark of programs that have a way out to a shell: `:!make`, `.shell make`.
pub(super) fn escaped(word: &Arg) -> Option<&str> {
    let text = word.text.trim_start_matches(['+', ':']);
    ["!", "silent !", "silent! !", "\\!", ".shell ", ".system ", "shell ", "system "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
}

/// The most words that are looked through.
const SCANNED: usize = 2_000;

/// Programs whose text is in a language of their own.
const QUERYING: [&str; 11] = [
    "clickhouse-client",
    "cqlsh",
    "curl",
    "git",
    "mariadb",
    "mongo",
    "mongosh",
    "mysql",
    "psql",
    "redis-cli",
    "sqlite3",
];

/// How many commands are looked for among words of which nobody knows what they are.
const FOUND: usize = 8;

/// Up to which word a command may begin: behind a program that only shows, words are what it shows.
fn shows_rest(words: &[Arg]) -> usize {
    let shows = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let value = before.is_none_or(|before| before.text.starts_with('-'));
        let shows = |name: &str| guard::is_looking(name) || QUERYING.contains(&name);
        !value && words.get(at).is_some_and(|word| shows(base(&word.text)))
    };
    (0..words.len()).find(|at| shows(*at)).unwrap_or(words.len())
}

/// The command that begins at this word, if one does: a shell with its text, a known tool, or a container whose entry point is one.
fn command_at(words: &[Arg], at: usize) -> Option<Vec<Arg>> {
    let rest = words.get(at..)?;
    let (word, behind) = rest.split_first()?;
    let name = base(&word.text);
    let text = behind.first().is_some_and(|next| next.text.starts_with('-') && next.text.ends_with('c'));
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let entry = match word.text.strip_prefix("--entrypoint=") {
        Some(entry) => Some(entry),
        None => before.filter(|before| before.text == "--entrypoint").map(|_| word.text.as_str()),
    };
    if let Some(tool) = entry.map(base) {
        // The image's name stands before the tool's own words.
        let own = behind.iter().position(|word| tools::is_command(tool, &word.text))?;
        return Some(std::iter::once(Arg::literal(tool)).chain(behind.iter().skip(own).cloned()).collect());
    }
    if (interpreters::is_shell(name) && text) || tools::is_known(name) {
        return Some(rest.to_vec());
    }
    let tool = image_tool(&word.text)?;
    Some(std::iter::once(Arg::literal(tool)).chain(behind.iter().cloned()).collect())
}

/// Whether a program of which nothing is known hands a command on: one of a known tool behind `--`, or behind a word that says so.
pub(super) fn hands_on(words: &[Arg]) -> Option<&[Arg]> {
    let (program, rest) = words.split_first()?;
    if guard::leaves_files(base(&program.text)) {
        return None;
    }
    let runs = |word: &Arg| matches!(word.text.as_str(), "enter" | "exec" | "run" | "shell");
    let dashes = rest.iter().position(|word| word.text == "--");
    let at = dashes.or_else(|| {
        rest.iter().position(|word| !word.text.starts_with('-')).filter(|at| rest.get(*at).is_some_and(runs))
    })?;
    let behind = rest.get(at.saturating_add(1)..)?;
    let near = if dashes.is_some() { 1 } else { behind.len() };
    behind.iter().take(near).any(|word| tools::is_known(base(&word.text))).then_some(behind)
}

/// The tool of a container image or a package, by its name: `hashicorp/terraform:1.9`, `nixpkgs#terraform`.
pub(super) fn image_tool(word: &str) -> Option<&'static str> {
    let image = word.rsplit(['/', '#']).next()?;
    let image = image.split(['@', ':']).next()?;
    let name = match image {
        "opentofu" => "tofu",
        "aws-cli" => "aws",
        "azure-cli" => "az",
        "pulumi" | "pulumi-nodejs" | "pulumi-python" | "pulumi-go" => "pulumi",
        other => other,
    };
    let tools = ["terraform", "tofu", "terragrunt", "aws", "az", "pulumi", "helm", "kubectl", "atmos"];
    let as_image = word.contains(['/', ':', '#']) || image != name;
    tools.into_iter().find(|tool| as_image && *tool == name)
}
