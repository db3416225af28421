//! What a provisioner's command is objected to for: rule 10 of the gate.

use std::path::Path;

use super::line::{self, Arg, HOLE, Input, Run, Step, Walk};
use super::{NoFiles, Surroundings};

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

/// Programs that run what a file says which is named to them, and is no shell text.
const RUNNERS: [&str; 12] =
    ["ansible-playbook", "bun", "cmd", "deno", "lua", "make", "node", "perl", "php", "python", "ruby", "tclsh"];

/// Clients that run the statements of a file or of their standard input.
const STATEMENTS: [&str; 9] =
    ["clickhouse-client", "cqlsh", "mongo", "mongosh", "mysql", "psql", "snowsql", "sqlcmd", "sqlplus"];

/// Looks for the first reason not to let a command line through unread. `interpreter` is the program that it is given to
/// with its arguments, none for the default shell.
#[must_use]
pub fn objection(text: &str, interpreter: &[String]) -> Option<Objection> {
    let around = Surroundings { directory: Path::new("."), files: &NoFiles };
    let steps = match interpreter.split_first() {
        // Without such an option the text is the name of a file.
        Some((_, arguments)) if !arguments.iter().any(|word| is_inline(word)) => return Some(Objection::RunsFile),
        Some(_) => {
            let words: Vec<String> = interpreter.iter().cloned().chain([text.to_owned()]).collect();
            Walk::new(&around).words(&words)
        }
        None => Walk::new(&around).line(text),
    };
    let destroying = steps.iter().find_map(|step| destroys(step, &steps));
    destroying.or_else(|| steps.iter().find_map(hides))
}

/// The option behind which an interpreter takes its program text.
fn is_inline(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "-c" | "-e" | "-lc" | "-ec" | "-command" | "--command" | "/c")
}

fn base(word: &Arg) -> &str {
    line::base(&word.text)
}

/// A client with a verb of destruction in what it is told, or in what is piped to it.
fn destroys(step: &Step, steps: &[Step]) -> Option<Objection> {
    let run = match step {
        Step::Run(run) => run,
        Step::Code(run, code) => return destroys_in_code(run, code),
        _ => return None,
    };
    if only_prints(run) {
        return None;
    }
    let client = run.words.iter().map(base).find(|word| CLIENTS.contains(word))?;
    let together = steps.iter().filter_map(|step| match step {
        Step::Run(other) if run.pipeline.is_some() && other.pipeline.map(|p| p.0) == run.pipeline.map(|p| p.0) => {
            Some(other)
        }
        _ => None,
    });
    let told = together.chain([run]).any(|run| {
        let fed = match &run.input {
            Input::Text(text) => says(text),
            _ => false,
        };
        fed || run.words.iter().any(|word| says(&word.text))
    });
    told.then(|| Objection::Destroys(client.to_owned()))
}

/// Whether a word says a verb of destruction.
fn says(word: &str) -> bool {
    let word = word.to_lowercase();
    // These options clean up after a command, or wait for something.
    let harmless = word == "--rm" || word.starts_with("--for=");
    !harmless && word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| VERBS.contains(&part))
}

fn only_prints(run: &Run) -> bool {
    run.words.first().is_some_and(|word| matches!(base(word), "echo" | "printf"))
}

/// Program text in a language that is not read here: one verb of destruction is enough.
fn destroys_in_code(run: &Run, code: &str) -> Option<Objection> {
    let language = run.words.first().map(base).unwrap_or_default();
    (!matches!(language, "awk" | "gawk") && says(code)).then(|| Objection::Destroys(language.to_owned()))
}

/// What nobody sees here: a file that is run, or something that is only known when it runs.
fn hides(step: &Step) -> Option<Objection> {
    match step {
        Step::File(_) => Some(Objection::RunsFile),
        Step::Opaque(_) | Step::Unread(_) => Some(Objection::Unreadable),
        Step::Run(run) => run_hides(run),
        Step::Moves | Step::Sets(_) | Step::Tests | Step::Code(..) => None,
    }
}

fn run_hides(run: &Run) -> Option<Objection> {
    let (program, arguments) = run.words.split_first()?;
    if program.text.contains(HOLE) {
        return Some(Objection::Unreadable);
    }
    let name = base(program);
    if STATEMENTS.contains(&name) {
        let by_option =
            |word: &Arg| matches!(word.text.as_str(), "-f" | "--file" | "-i") || word.text.starts_with("--file=");
        let file = matches!(run.input, Input::File(_)) || arguments.iter().any(by_option);
        return file.then_some(Objection::RunsFile);
    }
    let names_file = || name == "make" || arguments.iter().any(|word| !word.text.starts_with('-'));
    if RUNNERS.contains(&name) && names_file() {
        return Some(Objection::RunsFile);
    }
    // The verb is among the first words; a variable behind an option is that option's value.
    let mut verbs = arguments.iter().take_while(|word| !word.text.starts_with('-')).take(2);
    let asked = CLIENTS.contains(&name) && verbs.any(|word| word.text == HOLE.to_string());
    asked.then_some(Objection::Unreadable)
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
            "A=delete; kubectl $A ns prod",
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
            "kubectl $VERB ns prod",
        ] {
            assert_eq!(objection(text, &[]), Some(Objection::Unreadable), "{text}");
        }
    }
}
