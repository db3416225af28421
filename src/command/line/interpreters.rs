//! Programs that run program text: shells, and languages that are not read here.

use super::{Arg, Input, Step, Walk, base};

/// Shells whose text is read.
const SHELLS: [&str; 11] = ["ash", "bash", "dash", "fish", "ksh", "mksh", "rbash", "sh", "shell", "yash", "zsh"];

/// Shells of Windows, whose text is looked through only.
const WINDOWS: [&str; 3] = ["cmd", "powershell", "pwsh"];

/// Other languages, with the options behind which their text stands.
const LANGUAGES: [(&str, &[&str]); 17] = [
    ("awk", &[]),
    ("bun", &["-e", "--eval", "-p", "--print"]),
    ("deno", &["eval"]),
    ("expect", &["-c"]),
    ("gawk", &[]),
    ("lua", &["-e"]),
    ("mawk", &[]),
    ("nawk", &[]),
    ("node", &["-e", "--eval", "-p", "--print"]),
    ("nodejs", &["-e", "--eval", "-p", "--print"]),
    ("osascript", &["-e"]),
    ("perl", &["-e", "-E"]),
    ("php", &["-r", "--run"]),
    ("python", &["-c"]),
    ("pypy", &["-c"]),
    ("ruby", &["-e"]),
    ("tclsh", &[]),
];

pub(super) fn is_shell(name: &str) -> bool {
    SHELLS.contains(&name)
}

/// Whether a program runs text that it is given.
pub(super) fn is_interpreter(name: &str) -> bool {
    is_shell(name) || WINDOWS.contains(&name) || LANGUAGES.iter().any(|(language, _)| *language == name)
}

impl Walk<'_> {
    /// An interpreter with its arguments.
    pub(super) fn interpreter(&mut self, words: &[Arg], sets: Vec<String>, writes: Vec<Arg>) {
        let name = words.first().map(|word| base(&word.text).to_owned()).unwrap_or_default();
        if !writes.is_empty() || !sets.is_empty() {
            for name in sets {
                self.push(Step::Sets(name));
            }
            self.push_run(Step::Run, Vec::new(), Vec::new(), writes);
        }
        if is_shell(&name) {
            self.shell(words);
        } else if WINDOWS.contains(&name.as_str()) {
            self.windows_shell(words);
        } else {
            self.language(&name, words);
        }
    }

    /// A shell: text behind `-c`, a script, or what it reads.
    fn shell(&mut self, words: &[Arg]) {
        let mut rest = words.get(1..).unwrap_or_default().iter();
        let mut text = false;
        let mut from_input = false;
        let (mut only_reads, mut typed) = (false, false);
        while let Some(word) = rest.as_slice().first().filter(|word| word.text.starts_with(['-', '+'])) {
            rest.next();
            let option = word.text.as_str();
            if option == "--" || option == "-" {
                break;
            }
            let short = !option.starts_with("--");
            only_reads |= short && option.starts_with('-') && option.contains('n');
            typed |= short && option.starts_with('-') && option.contains('i');
            text |= (short && option.starts_with('-') && option.contains('c')) || option == "--command";
            from_input |= short && option.contains('s');
            let valued = (short && option.ends_with(['o', 'O'])) || matches!(option, "--rcfile" | "--init-file");
            if valued {
                rest.next();
            }
        }
        let rest = rest.as_slice();
        match rest.split_first() {
            // It reads and does not run, unless somebody types.
            _ if only_reads && !typed => {}
            Some((code, arguments)) if text => {
                let code = code.clone();
                let arguments = if arguments.is_empty() { vec![code.clone()] } else { arguments.to_vec() };
                self.child(|walk| walk.with_arguments(&arguments, |walk| walk.text_argument(&code)));
            }
            None if text => {}
            Some(_) if !from_input => self.script(rest, Vec::new(), Vec::new(), true),
            _ => self.fed_program(&self.input.clone(), words, true),
        }
    }

    /// A shell that reads its program.
    pub(super) fn fed_program(&mut self, input: &Input, words: &[Arg], own: bool) {
        let text = match input {
            // Somebody may type it.
            Input::Own => return,
            Input::File(file) => {
                if self.is_closed(file) {
                    self.opaque(words);
                    return;
                }
                self.fed(Input::Own, |walk| walk.script(&[(**file).clone()], Vec::new(), Vec::new(), own));
                return;
            }
            other => self.text_of(other),
        };
        let spoken =
            || words.iter().filter_map(|word| word.said_by.as_ref()).any(|by| super::wrappers::speaks_shell(by));
        match text {
            Some(text) if own => self.fed(Input::Own, |walk| walk.child(|walk| walk.shell_text(&text))),
            Some(text) => self.fed(Input::Own, |walk| walk.shell_text(&text)),
            None if spoken() => {}
            None => self.push_run(Step::Opaque, words.to_vec(), Vec::new(), Vec::new()),
        }
    }

    /// `cmd /c …`, `powershell -Command …`: the words behind as a command, and all of it as text that is looked through.
    fn windows_shell(&mut self, words: &[Arg]) {
        let is_flag = |word: &Arg| {
            matches!(word.text.to_ascii_lowercase().as_str(), "/c" | "/k" | "-c" | "-command" | "-com" | "-comm")
        };
        let Some(at) = words.iter().position(is_flag) else {
            let encoded = words.iter().any(|word| word.text.to_ascii_lowercase().starts_with("-e"));
            let script = words.iter().skip(1).find(|word| !word.text.starts_with('-'));
            match script {
                _ if encoded => self.push_run(Step::Opaque, words.to_vec(), Vec::new(), Vec::new()),
                Some(script) => self.script(std::slice::from_ref(script), Vec::new(), Vec::new(), true),
                None => self.code_from_input(words),
            }
            return;
        };
        let rest = words.get(at.saturating_add(1)..).unwrap_or_default();
        let text: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
        let text = text.join(" ");
        self.as_if(
            |how| how.indirect = true,
            |walk| {
                walk.push_run(|run| Step::Code(run, String::new()), words.to_vec(), Vec::new(), Vec::new());
                walk.apart(|walk| walk.shell_text(&text));
            },
        );
    }

    /// A language: text behind an option, a script, or what it reads.
    fn language(&mut self, name: &str, words: &[Arg]) {
        let inline = LANGUAGES.iter().find(|(language, _)| *language == name).map(|(_, options)| *options);
        let inline = inline.unwrap_or_default();
        let rest = words.get(1..).unwrap_or_default();
        if matches!(name, "awk" | "gawk" | "mawk" | "nawk") {
            let text: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
            let text = text.join("\n");
            // What it reads goes to a shell.
            if ["system($", "| \"sh\"", "|\"sh\"", "| \"bash\"", "|\"bash\""].iter().any(|mark| text.contains(mark)) {
                self.opaque(words);
            }
            self.code(words, &text);
            return;
        }
        let is_inline = |word: &Arg| {
            let text = word.text.as_str();
            // `perl -pe`, `python -Bc`: the last of several letters.
            let joined = text.len() > 2
                && text.len() < 7
                && text.chars().skip(1).all(|c| c.is_ascii_alphabetic())
                && inline.iter().any(|option| option.len() == 2 && text.ends_with(option.trim_start_matches('-')));
            inline.contains(&text) || (text.starts_with('-') && !text.starts_with("--") && joined)
        };
        if let Some(at) = rest.iter().position(is_inline) {
            if let Some(code) = rest.get(at.saturating_add(1)) {
                if code.text == super::HOLE.to_string() {
                    self.push_run(Step::Opaque, words.to_vec(), Vec::new(), Vec::new());
                } else {
                    self.code(words, &code.text.clone());
                }
            }
            return;
        }
        let module = rest.iter().any(|word| word.text == "-m");
        let asked = rest.iter().any(|word| matches!(word.text.as_str(), "--version" | "-V" | "-v" | "--help" | "-h"));
        match rest.iter().position(|word| !word.text.starts_with('-') || word.text == "-") {
            Some(at) if rest.get(at).is_some_and(|word| word.text == "-") => self.code_from_input(words),
            _ if module || asked => self.push_run(Step::Run, words.to_vec(), Vec::new(), Vec::new()),
            Some(at) => {
                let script = rest.get(at..).unwrap_or_default().to_vec();
                self.script(&script, Vec::new(), Vec::new(), true);
            }
            None => self.code_from_input(words),
        }
    }

    fn code_from_input(&mut self, words: &[Arg]) {
        match self.input.clone() {
            Input::Own => self.push_run(Step::Run, words.to_vec(), Vec::new(), Vec::new()),
            Input::File(file) => self.script(&[*file], Vec::new(), Vec::new(), true),
            input => match self.text_of(&input) {
                Some(text) => self.code(words, &text),
                None => self.push_run(Step::Opaque, words.to_vec(), Vec::new(), Vec::new()),
            },
        }
    }

    pub(super) fn code(&mut self, words: &[Arg], text: &str) {
        self.push_run(|run| Step::Code(run, String::new()), words.to_vec(), Vec::new(), Vec::new());
        if let Some(Step::Code(_, code)) = self.steps.last_mut() {
            text.clone_into(code);
        }
    }
}
