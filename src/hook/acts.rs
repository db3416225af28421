//! A call of a tool as what it would do: shell text, words of a command, files that are written, a tool by its name.
//!
//! One call may be several of these: a tool that nobody knows and that has a `command` among its arguments is judged by
//! its name and by that command. Too much is judged rather than too little; what is harmless passes either way.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::payload::{Unreadable, plain};

/// One thing that a call would do.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Run shell text.
    Shell(String),
    /// Run a program with these words, without a shell.
    Words(Vec<String>),
    /// Write, move or delete a file.
    Writes(PathBuf),
    /// Call a tool by its name.
    Calls(String, Value),
}

/// Tools that run shell text: of the agents whose dialects are known here, and of editors that they live in.
const SHELLS: [&str; 21] = [
    "bash",
    "execcommand",
    "executebash",
    "executecmd",
    "executecommand",
    "executepwsh",
    "executeshell",
    "localshell",
    "powershell",
    "pwsh",
    "runcommand",
    "runinterminal",
    "runshellcommand",
    "runterminalcmd",
    "runterminalcommand",
    "sh",
    "shell",
    "shellcommand",
    "terminal",
    "unifiedexec",
    "zsh",
];

/// Tools that type into a shell that is running.
const TYPING: [&str; 7] = [
    "interactwithprocess",
    "sendtoterminal",
    "writebash",
    "writepowershell",
    "writeshell",
    "writestdin",
    "writetoterminal",
];

/// Tools that write files, whose arguments say which.
const WRITERS: [&str; 23] = [
    "applydiff",
    "applypatch",
    "create",
    "createfile",
    "delete",
    "deletefile",
    "edit",
    "editfile",
    "editfiles",
    "editnotebook",
    "fsappend",
    "fswrite",
    "inserteditintofile",
    "multiedit",
    "multireplacestringinfile",
    "notebookedit",
    "replace",
    "replacestringinfile",
    "searchreplace",
    "strreplace",
    "strreplaceeditor",
    "write",
    "writefile",
];

/// Words in the names of tools that write files: somebody else's tool with a path is looked at where it has one of these.
const WRITING: [&str; 19] = [
    "append", "apply", "copy", "create", "delete", "edit", "insert", "modify", "move", "patch", "put", "remove",
    "rename", "replace", "save", "set", "trash", "update", "write",
];

/// Arguments that hold shell text.
const COMMANDS: [&str; 8] =
    ["bash", "cmd", "command", "commandline", "commands", "script", "shellcommand", "shellscript"];

/// Arguments that say where a command runs.
pub(super) const DIRECTORIES: [&str; 6] = ["cwd", "directory", "dirpath", "workdir", "workingdir", "workingdirectory"];

/// Arguments that name files.
const PATHS: [&str; 21] = [
    "absolutepath",
    "destination",
    "destinationpath",
    "dest",
    "file",
    "filename",
    "filepath",
    "filepaths",
    "files",
    "from",
    "newpath",
    "notebookpath",
    "oldpath",
    "path",
    "paths",
    "source",
    "sourcepath",
    "target",
    "targetfile",
    "to",
    "uri",
];

/// How deep arguments are searched. Nothing that is further down is a tool's own argument.
const DEEPEST: usize = 16;

/// What the call of a tool would do.
pub(super) fn acts(tool: &str, arguments: &Value) -> Result<Vec<Act>, Unreadable> {
    let name = plain(tool);
    if SHELLS.contains(&name.as_str()) {
        let found = commands(arguments);
        let text = arguments.as_str().map(|text| Act::Shell(text.to_owned()));
        let found: Vec<Act> = found.into_iter().chain(text).collect();
        return if found.is_empty() { Err(Unreadable::new("the call of a shell has no command")) } else { Ok(found) };
    }
    // The name of a server may stand before it.
    if TYPING.iter().any(|typing| name.ends_with(typing)) {
        return Ok(typed(arguments));
    }
    let mut found = vec![Act::Calls(tool.to_owned(), arguments.clone())];
    // What a tool that writes files calls its command is a patch, or one of its own verbs.
    let writer = WRITERS.contains(&name.as_str());
    if writer && arguments.get("command").is_some_and(|verb| verb == "view") {
        return Ok(found);
    }
    if !writer {
        found.extend(commands(arguments));
    }
    if writer || writes(tool) {
        let paths = written(arguments, ["patch", "diff", "apply"].iter().any(|word| name.contains(word)));
        if writer && paths.is_empty() {
            return Err(Unreadable::new("the call of a tool that writes files does not say which"));
        }
        found.extend(paths.into_iter().map(Act::Writes));
    }
    Ok(found)
}

/// The name of a tool, without its server's, has a word of writing in it.
fn writes(tool: &str) -> bool {
    let own = tool.rsplit("__").next().unwrap_or(tool);
    let own = own.rsplit(['/', ':', '.']).next().unwrap_or(own);
    let mut words = String::new();
    for c in own.chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words.split(|c: char| !c.is_alphanumeric()).any(|word| WRITING.contains(&word))
}

/// Walks over all members of all objects.
fn members<'v>(value: &'v Value, deep: usize, see: &mut impl FnMut(&str, &'v Value, &'v Map<String, Value>)) {
    if deep == 0 {
        return;
    }
    let deeper = deep.saturating_sub(1);
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                see(&plain(key), inner, object);
                members(inner, deeper, see);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| members(inner, deeper, see)),
        _ => {}
    }
}

/// Shell text and words among the arguments.
fn commands(arguments: &Value) -> Vec<Act> {
    let mut found = Vec::new();
    members(arguments, DEEPEST, &mut |key, value, object| {
        if !COMMANDS.contains(&key) {
            return;
        }
        match value {
            Value::String(text) => {
                found.push(Act::Shell(text.clone()));
                // A program, and its words beside it.
                let beside = object.get("args").or_else(|| object.get("arguments")).and_then(strings);
                if let Some(beside) = beside {
                    found.push(Act::Words(std::iter::once(text.clone()).chain(beside).collect()));
                }
            }
            other => {
                // Either the words of one command or the lines of several.
                if let Some(words) = strings(other).filter(|words| !words.is_empty()) {
                    found.push(Act::Shell(words.join("\n")));
                    found.push(Act::Words(words));
                }
            }
        }
    });
    found
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|one| one.as_str().map(ToOwned::to_owned)).collect()
}

/// What is typed, with the names of keys that end a line.
fn typed(arguments: &Value) -> Vec<Act> {
    let mut found = Vec::new();
    let mut push = |text: &str| found.push(Act::Shell(text.replace("{enter}", "\n")));
    if let Some(text) = arguments.as_str() {
        push(text);
    }
    members(arguments, DEEPEST, &mut |_, value, _| {
        if let Some(text) = value.as_str() {
            push(text);
        }
    });
    found
}

/// The files that the arguments name, and where they are a patch, those that it names.
fn written(arguments: &Value, is_patch: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(text) = arguments.as_str().filter(|_| is_patch) {
        found.extend(patched(text));
    }
    members(arguments, DEEPEST, &mut |key, value, _| {
        let path = PATHS.contains(&key);
        let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for text in all.iter().filter_map(Value::as_str) {
            if path {
                found.push(PathBuf::from(text.strip_prefix("file://").unwrap_or(text)));
            }
            if is_patch {
                found.extend(patched(text));
            }
        }
    });
    found.retain(|path| !path.as_os_str().is_empty());
    found
}

/// The files of a patch, in the form of Codex and in the one of `diff`.
fn patched(text: &str) -> Vec<PathBuf> {
    const OWN: [&str; 4] = ["*** Add File:", "*** Update File:", "*** Delete File:", "*** Move to:"];
    const DIFF: [&str; 4] = ["+++ ", "--- ", "rename to ", "rename from "];
    let line = |line: &str| {
        let line = line.trim();
        if let Some(path) = OWN.iter().find_map(|mark| line.strip_prefix(mark)) {
            return Some(PathBuf::from(path.trim()));
        }
        let path = DIFF.iter().find_map(|mark| line.strip_prefix(mark))?;
        let path = path.split('\t').next().unwrap_or(path).trim();
        let path = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path);
        Some(PathBuf::from(path)).filter(|path| path != Path::new("/dev/null"))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Act, acts};

    fn of(tool: &str, arguments: &Value) -> Vec<Act> {
        acts(tool, arguments).unwrap_or_else(|error| panic!("{tool}: {}", error.0))
    }

    fn shell(text: &str) -> Act {
        Act::Shell(text.to_owned())
    }

    fn writes(path: &str) -> Act {
        Act::Writes(path.into())
    }

    #[test]
    fn a_shell_is_known_by_its_name_and_has_a_command() {
        for tool in
            ["Bash", "run_shell_command", "execute_bash", "executePwsh", "Shell", "local_shell", "runInTerminal"]
        {
            assert_eq!(of(tool, &json!({"command": "ls"})), [shell("ls")], "{tool}");
            assert!(acts(tool, &json!({})).is_err() && acts(tool, &json!({"command": 7})).is_err(), "{tool}");
            assert!(acts(tool, &Value::Null).is_err(), "{tool}");
        }
        let words = of("local_shell", &json!({"command": ["bash", "-lc", "terraform destroy"]}));
        assert!(words.contains(&Act::Words(vec!["bash".into(), "-lc".into(), "terraform destroy".into()])));
        assert_eq!(of("shell", &json!("ls -l")), [shell("ls -l")]);
        assert_eq!(of("mcp__box__interact_with_process", &json!({"input": "ls"})), [shell("ls")]);
        assert_eq!(of("write_bash", &json!({"sessionId": "1", "input": "yes{enter}"})), [shell("yes\n"), shell("1")]);
    }

    #[test]
    fn a_command_among_the_arguments_of_any_tool_is_judged() {
        let of = |arguments: &Value| of("mcp__box__start", arguments);
        assert!(of(&json!({"command": "terraform destroy"})).contains(&shell("terraform destroy")));
        assert!(of(&json!({"request": {"steps": [{"cmd": "tofu apply"}]}})).contains(&shell("tofu apply")));
        let words = of(&json!({"command": "terraform", "args": ["destroy"]}));
        assert!(words.contains(&Act::Words(vec!["terraform".into(), "destroy".into()])));
        assert!(of(&json!({"commands": ["cd x", "terraform destroy"]})).contains(&shell("cd x\nterraform destroy")));
    }

    #[test]
    fn tools_that_write_say_which_files() {
        for (tool, arguments) in [
            ("Write", json!({"file_path": "/a/b", "content": "x"})),
            ("MultiEdit", json!({"file_path": "/a/b", "edits": []})),
            ("NotebookEdit", json!({"notebook_path": "/a/b"})),
            ("fs_write", json!({"command": "create", "path": "/a/b"})),
            ("replace", json!({"file_path": "/a/b"})),
            ("apply_patch", json!({"command": "*** Begin Patch\n*** Update File: /a/b\n@@\n-x\n+y\n*** End Patch"})),
            ("apply_patch", json!("*** Begin Patch\n*** Add File: x\n+y\n*** Move to: /a/b\n")),
            ("editFiles", json!({"files": ["c", "/a/b"]})),
            ("multi_replace_string_in_file", json!({"replacements": [{"filePath": "/a/b"}]})),
            ("mcp__filesystem__move_file", json!({"source": "/a/b", "destination": "/c"})),
            ("MCP:write_file", json!({"path": "/a/b"})),
            ("@fs/createFile", json!({"uri": "file:///a/b"})),
            ("git_apply", json!({"patch": "--- a/x\n+++ /a/b\n"})),
        ] {
            assert!(of(tool, &arguments).contains(&writes("/a/b")), "{tool}: {:?}", of(tool, &arguments));
        }
        for tool in ["Write", "fs_write", "apply_patch", "replace", "create"] {
            assert!(acts(tool, &json!({})).is_err(), "{tool}");
        }
        assert!(!of("str_replace_editor", &json!({"command": "view", "path": "/a/b"})).contains(&writes("/a/b")));
        let content = json!({"file_path": "/c", "content": "*** Update File: /a/b\n+++ /a/b\n"});
        assert_eq!(of("Write", &content).len(), 2);
        let patch = json!({"command": "*** Begin Patch\n*** Add File: x\n+run terraform destroy 'now\n"});
        assert!(!of("apply_patch", &patch).iter().any(|act| matches!(act, Act::Shell(_))));
        for tool in ["Read", "Grep", "mcp__fs__read_file", "LS", "view", "Rewriter"] {
            assert!(!of(tool, &json!({"path": "/a/b", "file_path": "/a/b"})).contains(&writes("/a/b")), "{tool}");
        }
    }
}
