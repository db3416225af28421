//! Shell text: which commands it would run. Provisioners ask it, and later hooks.
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
const VERBS: [&str; 8] = ["delete", "destroy", "rm", "rb", "drop", "purge", "terminate", "truncate"];
/// Another, of charts and releases.
const UNINSTALL: &str = "uninstall";

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
const INTERPRETERS: [&str; 17] = [
    ".",
    "bash",
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
    "python3",
    "ruby",
    "sh",
    "source",
];
/// The last of them.
const ZSH: &str = "zsh";

/// Words that stand before the program that is really run.
const PREFIXES: [&str; 17] = [
    "!", "command", "do", "else", "env", "exec", "if", "nice", "nohup", "sudo", "then", "time", "timeout", "until",
    "while", "xargs", "eval",
];

/// Looks for the first reason not to let a command line through unread.
#[must_use]
pub fn objection(text: &str) -> Option<Objection> {
    let Some(commands) = split(text) else { return Some(Objection::Unreadable) };
    commands.iter().find_map(|words| destroys(words)).or_else(|| commands.iter().find_map(|words| runs_file(words)))
}

/// A client's command with a verb of destruction anywhere in it, in what it is told by an option too.
fn destroys(words: &[String]) -> Option<Objection> {
    let client = words.iter().map(|word| base(word)).find(|word| CLIENTS.contains(word))?;
    let text = words.join(" ").to_lowercase();
    let verb = |word: &str| VERBS.contains(&word) || word == UNINSTALL;
    let said = text.split(|c: char| !c.is_ascii_alphanumeric()).any(verb);
    said.then(|| Objection::Destroys(client.to_owned()))
}

/// A program given as a path, or an interpreter given a file.
fn runs_file(words: &[String]) -> Option<Objection> {
    let mut rest = words;
    while let Some((first, tail)) = rest.split_first() {
        let assigns = first
            .split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        if !assigns && !PREFIXES.contains(&first.as_str()) {
            break;
        }
        rest = tail;
    }
    let (program, arguments) = rest.split_first()?;
    if program.contains('$') || program.contains('`') {
        return Some(Objection::Unreadable);
    }
    let interpreter = INTERPRETERS.contains(&base(program)) || base(program) == ZSH;
    if !interpreter {
        let system = ["/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"];
        let by_path = program.contains('/') && !system.iter().any(|folder| program.starts_with(folder));
        let script = [".sh", ".py", ".rb", ".pl", ".ps1", ".js"].iter().any(|end| program.ends_with(end));
        return (by_path || script).then_some(Objection::RunsFile);
    }
    if base(program) == "make" {
        return Some(Objection::RunsFile);
    }
    let inline = arguments
        .iter()
        .position(|word| matches!(word.as_str(), "-c" | "-e" | "-lc" | "-ec" | "-Command" | "--command"));
    match inline.and_then(|at| arguments.get(at.saturating_add(1))) {
        Some(inner) => objection(inner),
        None => arguments.iter().any(|word| !word.starts_with('-')).then_some(Objection::RunsFile),
    }
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Splits a text into commands of words; `None` where quotes do not balance. A command in `$(…)` or backquotes is one too.
fn split(text: &str) -> Option<Vec<Vec<String>>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
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
            ';' | '\n' | '|' | '&' | '(' | ')' | '`' | '{' | '}' if !(c == '{' && word.as_deref() == Some("$")) => {
                end_word(&mut commands, &mut word);
                commands.push(Vec::new());
            }
            space if space.is_whitespace() => end_word(&mut commands, &mut word),
            other => word.get_or_insert_default().push(other),
        }
    }
    end_word(&mut commands, &mut word);
    commands.retain(|words| !words.is_empty());
    Some(commands)
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

fn end_word(commands: &mut [Vec<String>], word: &mut Option<String>) {
    if let (Some(word), Some(last)) = (word.take(), commands.last_mut()) {
        last.push(word);
    }
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
        ] {
            assert_eq!(objection(text), None, "{text}");
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
        ] {
            assert!(matches!(objection(text), Some(Objection::Destroys(_))), "{text}: {:?}", objection(text));
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
            assert_eq!(objection(text), Some(Objection::RunsFile), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_so() {
        for text in ["echo 'open", "$CMD now", "\"unclosed"] {
            assert_eq!(objection(text), Some(Objection::Unreadable), "{text}");
        }
    }
}
