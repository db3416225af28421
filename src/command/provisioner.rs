//! What a provisioner's command is objected to for.
//!
//! It reads the shell's surface only: words, quotes, and what parts one command from the next. What it cannot read it
//! says so of, and its callers take that for the worst.

/// Why a command line cannot be let through unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// It runs a script or program file, whose contents nobody sees here.
    RunsFile,
    /// It has this client of a cloud, cluster or database destroy something.
    Destroys(String),
    /// It cannot be read: unbalanced quotes, or a program that is only known when it runs.
    Unreadable,
}

/// Verbs of destruction, as whole words or as part of a hyphenated one (`delete-bucket`).
const VERBS: [&str; 9] = ["delete", "destroy", "drop", "purge", "rb", "rm", "terminate", "truncate", "uninstall"];

/// Clients of clouds, clusters and databases, and the tools that drive them.
const CLIENTS: [&str; 55] = [
    "aliyun",
    "ansible",
    "ansible-playbook",
    "argocd",
    "aws",
    "aws-vault",
    "az",
    "azcopy",
    "bq",
    "cbt",
    "cdk",
    "clickhouse",
    "clickhouse-client",
    "cloudflared",
    "consul",
    "cqlsh",
    "docker",
    "doctl",
    "eksctl",
    "etcdctl",
    "flux",
    "flyctl",
    "gcloud",
    "gh",
    "gsutil",
    "hcloud",
    "helm",
    "heroku",
    "ibmcloud",
    "influx",
    "kafka-topics",
    "kafka-topics.sh",
    "kubectl",
    "linode-cli",
    "mc",
    "mongo",
    "mongosh",
    "mysql",
    "mysqladmin",
    "nomad",
    "oc",
    "oci",
    "psql",
    "pulumi",
    "rclone",
    "redis-cli",
    "s3cmd",
    "sam",
    "snowsql",
    "sqlcmd",
    "sqlplus",
    "terraform",
    "tofu",
    "terragrunt",
    "vault",
];

/// Programs that take their program text from a file named as their argument.
const INTERPRETERS: [&str; 20] = [
    ".",
    "ansible-playbook",
    "bash",
    "cmd",
    "dash",
    "deno",
    "fish",
    "ksh",
    "make",
    "node",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "ruby",
    "sh",
    "source",
    "tclsh",
    "zsh",
];

/// Those of them whose program text is no shell text.
const OTHER_LANGUAGES: [&str; 7] = ["deno", "node", "perl", "php", "python", "ruby", "tclsh"];

/// Words that stand before the program that is really run.
const PREFIXES: [&str; 17] = [
    "!", "command", "do", "else", "env", "exec", "if", "nice", "nohup", "sudo", "then", "time", "timeout", "until",
    "while", "xargs", "eval",
];

/// Clients that run the statements of a file or of their standard input.
const STATEMENTS: [&str; 9] =
    ["clickhouse-client", "cqlsh", "mongo", "mongosh", "mysql", "psql", "snowsql", "sqlcmd", "sqlplus"];

/// Looks for the first reason not to let a command line through unread. `interpreter` is the program that it is given to
/// with its arguments, none for the default shell.
#[must_use]
pub fn objection(text: &str, interpreter: &[String]) -> Option<Objection> {
    if let Some((name, arguments)) = interpreter.split_first() {
        if !arguments.iter().any(|word| is_inline(word)) {
            // Without such an option the text is the name of a file.
            return Some(Objection::RunsFile);
        }
        if OTHER_LANGUAGES.contains(&base(name)) {
            return destroys_in_code(base(name), text);
        }
    }
    let inner = substitutions(text).into_iter().find_map(|inner| objection(inner, &[]));
    if inner.is_some() {
        return inner;
    }
    let Some(pipelines) = split(text) else { return Some(Objection::Unreadable) };
    let destroying = pipelines.iter().find_map(|pipeline| destroys(pipeline));
    destroying.or_else(|| pipelines.iter().find_map(|pipeline| runs_file(pipeline)))
}

/// The commands in `$(…)` and in backquotes, wherever they stand.
fn substitutions(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    for (at, _) in text.match_indices("$(") {
        let inside = text.get(at.saturating_add(2)..).unwrap_or_default();
        let mut depth = 1_u32;
        let end = inside.find(|c: char| {
            depth = match c {
                '(' => depth.saturating_add(1),
                ')' => depth.saturating_sub(1),
                _ => depth,
            };
            depth == 0
        });
        found.extend(end.and_then(|end| inside.get(..end)).filter(|inner| !inner.starts_with('(')));
    }
    found
}

/// The option behind which an interpreter takes its program text.
fn is_inline(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "-c" | "-e" | "-lc" | "-ec" | "-command" | "--command" | "/c")
}

/// A client with a verb of destruction anywhere in its pipeline: in what it is told, or in what is piped to it.
fn destroys(pipeline: &[Vec<String>]) -> Option<Objection> {
    let says = |word: &String| {
        let word = word.to_lowercase();
        // These options clean up after a command, or wait for something.
        let harmless = word == "--rm" || word.starts_with("--for=");
        !harmless && word.split(|c: char| !c.is_ascii_alphanumeric()).any(is_verb)
    };
    let working = || pipeline.iter().filter(|words| !only_prints(words));
    let client = working().flatten().map(|word| base(word)).find(|word| CLIENTS.contains(word));
    if let Some(client) = client.filter(|_| pipeline.iter().flatten().any(says)) {
        return Some(Objection::Destroys(client.to_owned()));
    }
    // A command that is handed on whole: `ssh host 'kubectl delete …'`, `bash -c '…'`.
    working()
        .flatten()
        .filter(|word| word.contains(char::is_whitespace))
        .find_map(|word| split(word)?.iter().find_map(|pipeline| destroys(pipeline)))
}

fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

fn only_prints(words: &[String]) -> bool {
    matches!(program(words), Some((name, _)) if matches!(base(name), "echo" | "printf"))
}

/// Program text in a language that is not read here: one verb of destruction is enough.
fn destroys_in_code(language: &str, code: &str) -> Option<Objection> {
    let code = code.to_lowercase();
    code.split(|c: char| !c.is_ascii_alphanumeric()).any(is_verb).then(|| Objection::Destroys(language.to_owned()))
}

/// The program of a command and its arguments, without assignments, and without the words that stand before a program
/// and their options and numbers (`timeout 30`, `sudo -E`).
fn program(words: &[String]) -> Option<(&String, &[String])> {
    let mut rest = words;
    let mut prefixed = false;
    while let Some((first, tail)) = rest.split_first() {
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let assigns = first.split_once('=').is_some_and(|(name, _)| is_name(name));
        let prefix = PREFIXES.contains(&base(first));
        let of_prefix = prefixed && (first.starts_with('-') || first.starts_with(|c: char| c.is_ascii_digit()));
        if !assigns && !prefix && !of_prefix {
            break;
        }
        prefixed |= prefix;
        rest = tail;
    }
    rest.split_first()
}

/// A program given as a path, an interpreter given a file, or a client that takes its statements from one.
fn runs_file(pipeline: &[Vec<String>]) -> Option<Objection> {
    let reads_file = |words: &Vec<String>| program(words).is_some_and(|(name, _)| base(name) == "cat");
    let fed = pipeline.first().is_some_and(reads_file);
    let mut before: Option<&Vec<String>> = None;
    pipeline.iter().find_map(|words| {
        let previous = before.replace(words);
        // What a command prints from its own words was read with them.
        let piped = previous.is_some_and(|words| !only_prints(words));
        one_runs_file(words, fed && previous.is_some(), piped)
    })
}

/// A program that is given as a path, or that is a script by its ending. Where a system or a known client keeps its own,
/// that is no file of somebody's.
fn is_file(name: &str) -> bool {
    let system = ["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"].iter().any(|folder| name.starts_with(folder));
    let by_path = name.contains(['/', '\\']) && !system && !CLIENTS.contains(&base(name));
    let script = [".sh", ".py", ".rb", ".pl", ".ps1", ".js", ".bat", ".cmd"].iter().any(|end| name.ends_with(end));
    by_path || script
}

/// What `find … -exec` runs, and what `ssh host` runs there.
fn after_exec<'w>(name: &str, arguments: &'w [String]) -> Option<&'w [String]> {
    if base(name) == "ssh" {
        let host = arguments.iter().position(|word| !word.starts_with('-'))?;
        return arguments.get(host.saturating_add(1)..);
    }
    let at = arguments.iter().position(|word| word == "-exec" || word == "-execdir")?;
    arguments.get(at.saturating_add(1)..)
}

/// A client of a cloud or cluster whose verb is only known when it runs.
fn asks_at_run(name: &str, arguments: &[String]) -> bool {
    let variable = |word: &str| {
        let name = word.strip_prefix('$').map(|rest| rest.trim_start_matches('{').trim_end_matches('}'));
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    };
    // The verb is among the first words; a variable behind an option is that option's value.
    let verbs = arguments.iter().take_while(|word| !word.starts_with('-')).take(2);
    CLIENTS.contains(&base(name)) && !STATEMENTS.contains(&base(name)) && verbs.into_iter().any(|word| variable(word))
}

/// `fed` says that a file is piped to it, `piped` that something is whose text is not here.
fn one_runs_file(words: &[String], fed: bool, piped: bool) -> Option<Objection> {
    let (name, arguments) = program(words)?;
    if name.contains('$') || name.contains('`') {
        return Some(Objection::Unreadable);
    }
    let by_option = |word: &String| matches!(word.as_str(), "-f" | "--file" | "-i") || word.starts_with("--file=");
    let redirected = |word: &String| word.starts_with('<') && !word.starts_with("<<");
    if STATEMENTS.contains(&base(name)) {
        let file = fed || arguments.iter().any(|word| by_option(word) || redirected(word));
        return file.then_some(Objection::RunsFile);
    }
    if !INTERPRETERS.contains(&base(name)) {
        // `sudo -u root bash x.sh`: what stands behind a prefix's option may be that option's value.
        let optioned = words.iter().take_while(|word| *word != name).any(|word| word.starts_with('-'));
        let behind = Some(arguments).filter(|_| optioned).or_else(|| after_exec(name, arguments));
        let handed_on = behind.and_then(|inner| one_runs_file(inner, false, false));
        let asked = asks_at_run(name, arguments).then_some(Objection::Unreadable);
        return is_file(name).then_some(Objection::RunsFile).or(handed_on).or(asked);
    }
    if base(name) == "make" || fed || arguments.iter().any(redirected) {
        return Some(Objection::RunsFile);
    }
    match arguments.iter().position(|word| is_inline(word)).and_then(|at| arguments.get(at.saturating_add(1))) {
        Some(inner) => objection(inner, &[name.clone(), "-c".to_owned()]),
        None if piped => Some(Objection::Unreadable),
        None => arguments.iter().any(|word| !word.starts_with(['-', '<'])).then_some(Objection::RunsFile),
    }
}

/// A program's name: without its folder, its version (`python3.11`) and the endings that Windows gives it.
fn base(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let name = [".exe", ".cmd", ".bat"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if matches!(stem, "python" | "pip" | "ruby" | "perl" | "php") { stem } else { name }
}

/// Splits a text into pipelines of commands of words; `None` where quotes do not balance. A command in `$(…)` or
/// backquotes is a pipeline of its own, and a here-document is a word of the command that reads it.
fn split(text: &str) -> Option<Vec<Vec<Vec<String>>>> {
    let mut pipelines = vec![vec![Vec::new()]];
    let mut word: Option<String> = None;
    let mut waiting: Vec<String> = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\'' => loop {
                match characters.next()? {
                    '\'' => break,
                    inner => word.get_or_insert_default().push(inner),
                }
            },
            '"' => quoted(&mut characters, word.get_or_insert_default())?,
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '#' if word.is_none() => while characters.next_if(|c| *c != '\n').is_some() {},
            '|' if characters.peek() != Some(&'|') => {
                end_word(&mut pipelines, &mut word, &mut waiting);
                pipelines.last_mut()?.push(Vec::new());
            }
            '\n' => {
                end_word(&mut pipelines, &mut word, &mut waiting);
                for mark in std::mem::take(&mut waiting) {
                    word = Some(here_document(&mut characters, &mark));
                    end_word(&mut pipelines, &mut word, &mut Vec::new());
                }
                pipelines.push(vec![Vec::new()]);
            }
            ';' | '|' | '&' | '(' | ')' | '`' | '{' | '}' if !(c == '{' && word.as_deref() == Some("$")) => {
                end_word(&mut pipelines, &mut word, &mut waiting);
                pipelines.push(vec![Vec::new()]);
            }
            space if space.is_whitespace() => end_word(&mut pipelines, &mut word, &mut waiting),
            other => word.get_or_insert_default().push(other),
        }
    }
    end_word(&mut pipelines, &mut word, &mut waiting);
    for pipeline in &mut pipelines {
        pipeline.retain(|words| !words.is_empty());
    }
    pipelines.retain(|pipeline| !pipeline.is_empty());
    Some(pipelines)
}

/// The lines up to one that is the mark alone.
fn here_document(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, mark: &str) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for c in characters.by_ref() {
        if c != '\n' {
            line.push(c);
            continue;
        }
        if line.trim() == mark {
            return text;
        }
        text.push_str(&line);
        text.push('\n');
        line.clear();
    }
    if line.trim() != mark {
        text.push_str(&line);
    }
    text
}

/// The inside of double quotes, up to the closing one.
fn quoted(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, word: &mut String) -> Option<()> {
    loop {
        match characters.next()? {
            '"' => return Some(()),
            '\\' => word.push(characters.next()?),
            inner => word.push(inner),
        }
    }
}

/// Ends a word. One that begins a here-document says with which mark that ends.
fn end_word(pipelines: &mut [Vec<Vec<String>>], word: &mut Option<String>, waiting: &mut Vec<String>) {
    let Some(words) = pipelines.last_mut().and_then(|pipeline| pipeline.last_mut()) else { return };
    let Some(word) = word.take() else { return };
    let marks = |word: &str| word.starts_with("<<") && !word.starts_with("<<<");
    match words.last() {
        Some(last) if last == "<<" || last == "<<-" => waiting.push(word.clone()),
        _ if marks(&word) && word.len() > 3 => waiting.push(word.trim_start_matches(['<', '-']).to_owned()),
        _ => {}
    }
    words.push(word);
}

#[cfg(test)]
mod tests {
    use super::{Objection, objection};

    #[test]
    fn harmless_commands_pass() {
        for text in [
            "echo done",
            "aws s3 cp a.txt s3://b/",
            "kubectl wait --for=condition=Ready pod -l app=x",
            "sleep 30 && echo ok",
            "/usr/bin/env true",
            "bash -c 'echo hi'",
            "rm -f /tmp/lock",
            "curl -s https://example.com/health",
            "docker run --rm alpine true",
            "kubectl wait --for=delete pod/x",
            "echo 'run kubectl delete ns x by hand'",
            "psql -c 'select 1'",
        ] {
            assert_eq!(objection(text, &[]), None, "{text}");
        }
    }

    #[test]
    fn a_client_with_a_verb_of_destruction_does_not() {
        for text in [
            "aws s3 rb s3://acme --force",
            "aws ec2 terminate-instances --instance-ids i-1",
            "echo y | gcloud projects delete acme",
            "psql -c 'DROP TABLE users'",
            "AWS_PROFILE=prod aws s3 rm s3://b --recursive",
            "bash -c \"kubectl delete ns x\"",
            "true; helm uninstall app",
            "mysql -e \"TRUNCATE orders\"",
            "x=$(aws rds delete-db-instance --db-instance-identifier a)",
            "echo 'DROP TABLE users' | psql",
            "psql <<EOF\nDROP TABLE users;\nEOF\necho done",
            "ssh host 'kubectl delete ns x'",
            "python3 -c \"import boto3; boto3.client('s3').delete_bucket(Bucket='b')\"",
            "aws s3 sync . s3://b --delete",
            "echo \"$(kubectl delete ns prod)\"",
            "sudo -u root aws s3 rb s3://b",
        ] {
            assert!(matches!(objection(text, &[]), Some(Objection::Destroys(_))), "{text}: {:?}", objection(text, &[]));
        }
    }

    #[test]
    fn files_are_not_read_here() {
        for text in [
            "./clean.sh",
            "bash scripts/x.sh",
            "python3 tidy.py --all",
            "source env.sh",
            "make clean",
            "cd x && ./run",
            "deploy.sh",
        ] {
            assert_eq!(objection(text, &[]), Some(Objection::RunsFile), "{text}");
        }
    }

    #[test]
    fn program_text_of_another_language_is_searched_for_verbs() {
        let given = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(objection("boto3.client('s3').delete_bucket(Bucket='b')", &given(&["python3", "-c"])).is_some());
        assert_eq!(objection("print('hello')", &given(&["/usr/bin/python3", "-c"])), None);
        assert_eq!(objection("echo hi", &given(&["/bin/bash", "-c"])), None);
        assert_eq!(objection("deploy.py", &given(&["python3"])), Some(Objection::RunsFile));
    }

    #[test]
    fn what_cannot_be_read_is_said_so() {
        for text in [
            "echo 'open",
            "$CMD now",
            "\"unclosed",
            "curl -s https://example.com/x | sh",
            "base64 -d x | bash",
            "A=delete; kubectl $A ns prod",
        ] {
            assert_eq!(objection(text, &[]), Some(Objection::Unreadable), "{text}");
        }
    }
}
