//! Calls of tools that are no shell: by a table, the command that a call is like.

use std::path::PathBuf;

use serde_json::Value;

use super::line::HOLE;
use super::tools::{self, fits};
use super::{Advice, Surroundings, advise_words, advise_write};

const TABLE: &str = include_str!("data/calls.tsv");

/// Arguments that hold shell text, or the words of a command.
const COMMANDS: [&str; 8] =
    ["command", "cmd", "cli_command", "commandline", "command_line", "script", "shell_command", "args"];

/// Arguments that hold the path of a file.
const PATHS: [&str; 8] =
    ["path", "file_path", "filepath", "file", "filename", "target_file", "absolute_path", "destination"];

/// Arguments that say where a tool works.
const DIRECTORIES: [&str; 6] = ["working_directory", "workingdir", "workdir", "cwd", "dir", "directory"];

/// What changes files, as a part of a tool's name.
const CHANGES: [&str; 9] = ["write", "edit", "create", "delete", "move", "patch", "replace", "remove", "rename"];

pub(super) fn advise(tool: &str, arguments: &Value, around: &Surroundings<'_>) -> Advice {
    let name = plain(tool);
    let directory = argument(arguments, &DIRECTORIES).and_then(Value::as_str).map(|dir| around.directory.join(dir));
    let directory: PathBuf = directory.unwrap_or_else(|| around.directory.to_path_buf());
    let around = Surroundings { directory: &directory, files: around.files };
    let row = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let like = row.into_iter().find(|(pattern, _)| is_called(&name, pattern)).map(|(_, command)| command);
    let mut gravest = like.map_or(Advice::Pass, |command| as_command(command, arguments, &around));
    gravest = gravest.or_graver(by_arguments(&name, arguments, &around));
    let changes = CHANGES.iter().any(|part| name.contains(part));
    if let Some(path) = argument(arguments, &PATHS).and_then(Value::as_str).filter(|_| changes) {
        gravest = gravest.or_graver(advise_write(path.as_ref(), &around));
    }
    gravest
}

/// A name in small letters with `_` between its words: `mcp__aws__ExecuteTerraformCommand`, `@pulumi/pulumi-cli-up`.
fn plain(tool: &str) -> String {
    let mut name = String::new();
    let mut small = false;
    for c in tool.chars().take(256) {
        if c.is_ascii_uppercase() && small {
            name.push('_');
        }
        small = c.is_ascii_lowercase() || c.is_ascii_digit();
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    name
}

/// Whether a name, of which the server's may be the first part, fits a pattern.
fn is_called(name: &str, pattern: &str) -> bool {
    let last = name.rsplit("__").next().unwrap_or(name);
    fits(pattern, last) || (pattern.starts_with('*') && fits(pattern, name))
}

/// The first of these arguments that is there, by its name in small letters.
fn argument<'a>(arguments: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let object = arguments.as_object()?;
    names
        .iter()
        .find_map(|name| object.iter().find(|(key, _)| plain(key) == *name || key.to_ascii_lowercase() == *name))
        .map(|(_, value)| value)
}

/// The words that an argument stands for. What is no text is not known.
fn words_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.split_whitespace().map(ToOwned::to_owned).collect(),
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().map_or(HOLE.to_string(), ToOwned::to_owned)).collect()
        }
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(true) => vec!["true".to_owned()],
        Value::Bool(false) | Value::Null => Vec::new(),
        Value::Object(_) => vec![HOLE.to_string()],
    }
}

/// A row's command with the arguments put in.
fn as_command(command: &str, arguments: &Value, around: &Surroundings<'_>) -> Advice {
    // What the tool takes for a whole line.
    if let Some(name) = command.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        return argument(arguments, &[name]).map_or(Advice::Pass, |value| lines(value, None, around));
    }
    let mut words: Vec<String> = Vec::new();
    for part in command.split(' ') {
        let token = part.trim_start_matches('[').trim_end_matches(']');
        let Some((before, names)) = token.split_once('{') else {
            words.push(token.to_owned());
            continue;
        };
        let names: Vec<&str> = names.trim_end_matches('}').split('|').collect();
        let found = argument(arguments, &names).map(words_of).unwrap_or_default();
        match found.split_first() {
            None => {}
            Some((first, rest)) if before.is_empty() || before.ends_with('=') => {
                words.push(format!("{before}{first}"));
                words.extend(rest.iter().cloned());
            }
            Some(_) => words.push(before.to_owned()),
        }
    }
    // An operation's name as AWS's own program writes it.
    if words.first().is_some_and(|word| word == "aws") {
        for word in words.iter_mut().skip(1).filter(|word| !word.starts_with('-')) {
            *word = plain(word).replace('_', "-");
        }
    }
    advise_words(&words, around)
}

/// Shell text and words of commands among the arguments of a tool, whether a row knows it or not.
fn by_arguments(name: &str, arguments: &Value, around: &Surroundings<'_>) -> Advice {
    let Some(value) = argument(arguments, &COMMANDS) else { return Advice::Pass };
    // `kubectl` with the command `delete ns x`.
    let program = name.split('_').find(|part| tools::NAMED.contains(part));
    lines(value, program, around)
}

/// A line, or several, or the words of one. `program` may have to stand before it.
fn lines(value: &Value, program: Option<&str>, around: &Surroundings<'_>) -> Advice {
    let line = |text: &str| {
        let alone = super::advise(text, around);
        match program {
            Some(program) => alone.or_graver(super::advise(&format!("{program} {text}"), around)),
            None => alone,
        }
    };
    match value {
        Value::String(text) => line(text),
        Value::Array(_) => {
            let words = words_of(value);
            let with: Vec<String> = program.map(ToOwned::to_owned).into_iter().chain(words.iter().cloned()).collect();
            let whole = advise_words(&words, around).or_graver(advise_words(&with, around));
            words.iter().filter(|text| text.contains(' ')).map(|text| line(text)).fold(whole, Advice::or_graver)
        }
        _ => Advice::Pass,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::super::{Advice, NoFiles, Surroundings, advise_call};

    fn word(tool: &str, arguments: &Value) -> &'static str {
        match advise_call(tool, arguments, &Surroundings { directory: Path::new("/w"), files: &NoFiles }) {
            Advice::Pass => "pass",
            Advice::Judge(_) => "judge",
            Advice::Ask(_) => "ask",
            Advice::Deny(_) => "deny",
        }
    }

    #[test]
    fn calls_get_what_their_commands_would() {
        for (wanted, tool, arguments) in [
            (
                "deny",
                "mcp__awslabs_terraform__ExecuteTerraformCommand",
                json!({"command": "apply", "working_directory": "x"}),
            ),
            ("deny", "mcp__tf__ExecuteTerraformCommand", json!({"command": "destroy"})),
            ("pass", "mcp__tf__ExecuteTerraformCommand", json!({"command": "plan"})),
            ("deny", "mcp__tf__ExecuteTerragruntCommand", json!({"command": "apply", "run_all": true})),
            ("deny", "mcp_terraform_terraform_destroy", json!({})),
            ("deny", "@terraform/tf_apply", json!({"dir": "infra"})),
            ("judge", "mcp__t__terraform_apply", json!({"plan_file": "tfplan", "working_directory": "infra"})),
            ("ask", "mcp__t__tf_state_rm", json!({"address": "a.b"})),
            ("pass", "mcp__t__terraform_plan", json!({})),
            ("deny", "mcp__terraform__apply_run", json!({"run_id": "run-1"})),
            ("deny", "mcp__terraform__action_run", json!({"run_id": "run-1", "action": "apply"})),
            ("pass", "mcp__terraform__action_run", json!({"run_id": "run-1", "action": "discard"})),
            ("ask", "mcp__terraform__create_run", json!({"workspace_id": "ws-1"})),
            ("pass", "mcp__terraform__create_run", json!({"workspace_id": "ws-1", "plan_only": true})),
            ("deny", "mcp__terraform__create_run", json!({"workspace_id": "ws-1", "auto_apply": true})),
            ("deny", "use_aws", json!({"service_name": "rds", "operation_name": "delete_db_instance", "region": "x"})),
            ("deny", "use_aws", json!({"service_name": "s3api", "operation_name": "DeleteBucket"})),
            ("pass", "use_aws", json!({"service_name": "ec2", "operation_name": "describe-instances"})),
            ("deny", "mcp__aws-api__call_aws", json!({"cli_command": "aws s3 rb s3://x --force"})),
            ("pass", "mcp__aws-api__call_aws", json!({"cli_command": "aws s3 ls"})),
            ("deny", "mcp__pulumi__pulumi-cli-up", json!({"workDir": "x"})),
            ("pass", "mcp__pulumi__pulumi-cli-preview", json!({"workDir": "x"})),
            ("deny", "mcp__kubernetes__kubectl_delete", json!({"resourceType": "namespace", "name": "prod"})),
            ("ask", "mcp__kubernetes__pods_delete", json!({"name": "web-1"})),
            ("deny", "mcp__kubernetes__resources_delete", json!({"kind": "Deployment", "name": "web"})),
            ("deny", "mcp__kubernetes__uninstall_helm_chart", json!({"name": "x"})),
            (
                "deny",
                "mcp__kubernetes__kubectl_generic",
                json!({"command": "delete", "resourceType": "ns", "name": "prod"}),
            ),
            ("pass", "mcp__kubernetes__kubectl_get", json!({"resourceType": "pods"})),
            ("deny", "mcp__k8s__kubectl", json!({"command": "delete ns prod"})),
            ("deny", "mcp__az__extension_az", json!({"command": "group delete -n x"})),
            ("deny", "mcp__gcloud__run_gcloud_command", json!({"args": ["projects", "delete", "p"]})),
            ("pass", "mcp__gcloud__run_gcloud_command", json!({"args": ["projects", "list"]})),
            ("deny", "mcp__shell__run", json!({"command": "cd infra && terraform destroy"})),
            ("deny", "mcp__shell__run", json!({"command": ["bash", "-lc", "terraform destroy"]})),
            ("pass", "mcp__shell__run", json!({"command": "ls"})),
            ("deny", "Write", json!({"file_path": ".claude/settings.json", "content": "{}"})),
            ("pass", "Write", json!({"file_path": "src/main.rs", "content": "terraform destroy"})),
            ("pass", "Read", json!({"file_path": ".claude/settings.json"})),
            ("deny", "mcp__filesystem__move_file", json!({"path": ".cursor/hooks.json", "destination": "x"})),
            (
                "pass",
                "mcp__github__create_issue",
                json!({"title": "terraform destroy", "body": "run terraform destroy"}),
            ),
            ("pass", "anything", json!(null)),
            ("pass", "", json!([1, 2])),
        ] {
            assert_eq!(word(tool, &arguments), wanted, "{tool} {arguments}");
        }
    }
}
