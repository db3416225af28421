//! Settings files of agents: what is put in, what is left alone, what comes out, and what is said of them.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::agents::AGENTS;

/// A home and a project that are empty.
struct House {
    folder: tempfile::TempDir,
}

/// What a run of `hook install` came to.
struct Done {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "project"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.read(path)).unwrap()
    }

    fn by(&self, program: &Path, arguments: &[&str]) -> Done {
        let mut command = Command::new(program);
        command.args(["hook", "install"]).args(arguments).current_dir(self.path("project"));
        command.env("HOME", self.path("home")).stdin(Stdio::null());
        for variable in ["CLAUDE_CONFIG_DIR", "CODEX_HOME", "COPILOT_HOME"] {
            command.env_remove(variable);
        }
        let output = command.output().unwrap();
        Done {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn install(&self, arguments: &[&str]) -> Done {
        self.by(Path::new(env!("CARGO_BIN_EXE_blastgate")), arguments)
    }
}

impl Done {
    fn is(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        for word in words {
            assert!(self.stdout.contains(word) || self.stderr.contains(word), "{word}: {}{}", self.stdout, self.stderr);
        }
    }
}

/// The file of an agent's hooks in a project and in a home.
fn files(agent: &str) -> [(&'static str, &'static str); 2] {
    let (project, user) = match agent {
        "claude" => ("project/.claude/settings.json", "home/.claude/settings.json"),
        "codex" => ("project/.codex/hooks.json", "home/.codex/hooks.json"),
        "cursor" => ("project/.cursor/hooks.json", "home/.cursor/hooks.json"),
        "gemini" => ("project/.gemini/settings.json", "home/.gemini/settings.json"),
        "copilot" => ("project/.github/hooks/blastgate.json", "home/.copilot/hooks/blastgate.json"),
        "kiro" => ("project/.kiro/agents/ops.json", "home/.kiro/agents/ops.json"),
        "amazonq" => ("project/.amazonq/cli-agents/ops.json", "home/.aws/amazonq/cli-agents/ops.json"),
        other => panic!("nobody knows {other}"),
    };
    [("--project", project), ("--user", user)]
}

/// Settings of somebody who has hooks of their own.
const OTHERS: &str = "{\n    \"model\": \"large\",\n    \"hooks\": {\n        \"PreToolUse\": [\n            {\"matcher\": \
                      \"Bash\", \"hooks\": [{\"type\": \"command\", \"command\": \"./lint.sh\"}]}\n        ],\n        \
                      \"preToolUse\": [\n            {\"command\": \"./other.sh\", \"timeout\": 1.50}\n        ],\n        \
                      \"Stop\": []\n    },\n    \"zeta\": {\"b\": 1, \"a\": [1,2]}\n}\n";

#[test]
fn what_is_installed_comes_out_to_the_byte() {
    for (agent, _) in AGENTS {
        for (scope, file) in files(agent) {
            let house = House::new();
            house.write(file, OTHERS);
            fs::set_permissions(house.path(file), fs::Permissions::from_mode(0o640)).unwrap();
            let done = house.install(&[agent, scope, "--dry-run"]);
            done.is(0, &["would be changed", "+", "blastgate hook"]);
            assert_eq!(house.read(file), OTHERS, "{agent}: a dry run changes nothing");
            house.install(&[agent, scope]).is(0, &["changed", "+", "note: "]);
            let installed = house.read(file);
            let value: Value = serde_json::from_str(&installed).unwrap();
            let command = format!("{} hook {agent}", env!("CARGO_BIN_EXE_blastgate"));
            assert!(installed.contains(&command), "{agent}: {installed}");
            assert_eq!((&value["model"], &value["zeta"]), (&json!("large"), &json!({"b": 1, "a": [1, 2]})));
            assert_eq!(fs::metadata(house.path(file)).unwrap().permissions().mode() & 0o777, 0o640);
            let again = house.install(&[agent, scope]);
            again.is(0, &["nothing to change"]);
            assert_eq!(house.read(file), installed, "{agent}: once is enough");
            house.install(&[agent, scope, "--uninstall", "--dry-run"]).is(0, &["would be", "-"]);
            assert_eq!(house.read(file), installed);
            house.install(&[agent, scope, "--uninstall"]).is(0, &["-"]);
            assert_eq!(house.read(file), OTHERS, "{agent} {scope}");
            house.install(&[agent, scope, "--uninstall"]).is(0, &["nothing to change"]);
            let folder = house.path(file);
            let left: Vec<_> =
                fs::read_dir(folder.parent().unwrap()).unwrap().map(|one| one.unwrap().file_name()).collect();
            assert_eq!(left.len(), 1, "{left:?}");
        }
    }
}

/// Gemini CLI's settings may have comments, also where its hooks would stand.
#[test]
fn a_comment_in_an_empty_list_stays() {
    let (house, file) = (House::new(), "project/.gemini/settings.json");
    let text = "{\n  // mine\n  \"hooks\": {\n    \"BeforeTool\": [ /* none yet */ ]\n  }\n}\n";
    house.write(file, text);
    house.install(&["gemini"]).is(0, &["changed"]);
    assert!(house.read(file).contains("hook gemini"));
    house.install(&["gemini", "--uninstall"]).is(0, &["-"]);
    let words = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(words(&house.read(file)), words(text), "{}", house.read(file));
}

#[test]
fn what_is_written_fails_closed_where_the_agent_can() {
    for (agent, _) in AGENTS {
        let house = House::new();
        let (scope, file) = files(agent)[0];
        if matches!(agent, "kiro" | "amazonq") {
            house.write(file, "{\"name\": \"ops\"}\n");
        }
        house.install(&[agent, scope]).is(0, &[]);
        let own = |file: &str| house.read(file).replace(env!("CARGO_BIN_EXE_blastgate"), "/usr/bin/blastgate");
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("hook__settings_of_{agent}"), own(file));
            if agent == "kiro" {
                insta::assert_snapshot!("hook__settings_of_kiro_3", own("project/.kiro/hooks/blastgate.json"));
            }
        });
    }
}

#[test]
fn a_file_of_our_own_goes_away_and_one_of_others_stays() {
    let house = House::new();
    for agent in ["copilot", "kiro", "claude"] {
        house.install(&[agent]).is(0, &[]);
        house.install(&[agent, "--uninstall"]).is(0, &[]);
    }
    assert!(!house.path("project/.github/hooks/blastgate.json").exists());
    assert!(!house.path("project/.kiro/hooks/blastgate.json").exists());
    assert_eq!(house.json("project/.claude/settings.json"), json!({}));
}

#[test]
fn what_is_in_force_is_told() {
    for (agent, _) in AGENTS {
        for (scope, file) in files(agent) {
            let house = House::new();
            house.install(&[agent, scope, "--check"]).is(1, &["not in force"]);
            if matches!(agent, "kiro" | "amazonq") {
                house.write(file, "{\"name\": \"ops\"}\n");
            }
            house.install(&[agent, scope]).is(0, &[]);
            let checked = house.install(&[agent, scope, "--check"]);
            if agent == "codex" {
                checked.is(1, &["not trusted yet"]);
                let path = house.path(file).canonicalize().unwrap();
                let key = format!("[hooks.state.\"{}:pre_tool_use:0:0\"]\n", path.display());
                house.write("home/.codex/config.toml", &format!("model = \"x\"\n{key}trusted_hash = \"sha256:1\"\n"));
            } else {
                checked.is(0, &["in force", file.rsplit('/').next().unwrap()]);
            }
            house.install(&[agent, scope, "--check"]).is(0, &["in force"]);
            // One that is weaker than it should be.
            let weaker = house.read(file).replace("\"onFailure\": \"block\"", "\"onFailure\": \"continue\"");
            let weaker = weaker.replace("\"failClosed\": true", "\"failClosed\": false").replace(": 30", ": 3");
            house.write(file, &weaker);
            house.install(&[agent, scope, "--check"]).is(1, &["not as strict"]);
            house.install(&[agent, scope]).is(0, &["changed"]);
            if agent != "codex" {
                house.install(&[agent, scope, "--check"]).is(0, &[]);
            }
            house.install(&[agent, scope, "--uninstall"]).is(0, &[]);
            house.install(&[agent, scope, "--check"]).is(1, &["there is no hook"]);
        }
    }
}

#[test]
fn a_program_that_is_gone_or_another_is_told() {
    let house = House::new();
    let copy = house.path("blastgate");
    // Written by others: a program that a thread of these tests has open for writing cannot be run.
    let shell = |script: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).env("COPY", &copy).env("PROGRAM", env!("CARGO_BIN_EXE_blastgate"));
        assert!(shell.status().unwrap().success(), "{script}");
    };
    shell("cp \"$PROGRAM\" \"$COPY\"");
    house.by(&copy, &["claude"]).is(0, &[]);
    assert!(house.read("project/.claude/settings.json").contains(copy.to_str().unwrap()));
    house.install(&["claude", "--check"]).is(0, &[]);
    shell("rm \"$COPY\" && printf '#!/bin/sh\\necho blastgate 0.0.1\\n' > \"$COPY\" && chmod +x \"$COPY\"");
    house.install(&["claude", "--check"]).is(1, &["0.0.1"]);
    fs::remove_file(&copy).unwrap();
    house.install(&["claude", "--check"]).is(1, &["cannot be run"]);
    // It is found again where it is now.
    house.install(&["claude"]).is(0, &["changed"]);
    house.install(&["claude", "--check"]).is(0, &[]);
    let settings = house.json("project/.claude/settings.json");
    assert_eq!(settings["hooks"]["PreToolUse"].as_array().unwrap().len(), 1, "{settings}");
}

/// A link to the program stays when a package manager puts another version behind it.
#[test]
fn a_link_to_the_program_is_kept() {
    let house = House::new();
    let link = house.path("bin with space/blastgate");
    fs::create_dir(link.parent().unwrap()).unwrap();
    symlink(env!("CARGO_BIN_EXE_blastgate"), &link).unwrap();
    house.by(&link, &["gemini"]).is(0, &[]);
    let command = house.json("project/.gemini/settings.json")["hooks"]["BeforeTool"][0]["hooks"][0]["command"].clone();
    assert_eq!(command, format!("'{}' hook gemini", link.display()));
    house.install(&["gemini", "--check"]).is(0, &[]);
    // The shell that runs it finds it.
    let mut shell = Command::new("sh");
    shell.args(["-c", command.as_str().unwrap()]).stdin(Stdio::null());
    assert_eq!(shell.output().unwrap().status.code(), Some(2));
}

#[test]
fn switches_that_turn_it_off_are_told() {
    let off = [
        ("claude", "project/.claude/settings.local.json", r#"{"disableAllHooks": true}"#),
        ("claude", "home/.claude/settings.json", r#"{"disableAllHooks": true}"#),
        ("gemini", "home/.gemini/settings.json", "{\n// no\n\"hooksConfig\": {\"enabled\": false}}"),
        ("gemini", "home/.gemini/settings.json", r#"{"hooksConfig": {"disabled": ["blastgate"]}}"#),
        ("copilot", "project/.github/copilot/settings.json", r#"{"disableAllHooks": true}"#),
        ("codex", "home/.codex/config.toml", "[features]\nhooks = false\n"),
    ];
    for (agent, file, text) in off {
        let house = House::new();
        house.install(&[agent]).is(0, &[]);
        house.write(file, text);
        house.install(&[agent, "--check"]).is(1, &["not in force", file.split_once('/').unwrap().1]);
    }
}

#[test]
fn a_link_to_settings_stays_a_link() {
    let house = House::new();
    house.write("dotfiles/claude.json", OTHERS);
    fs::create_dir(house.path("home/.claude")).unwrap();
    symlink(house.path("dotfiles/claude.json"), house.path("home/.claude/settings.json")).unwrap();
    house.install(&["claude", "--user"]).is(0, &["changed"]);
    assert!(fs::symlink_metadata(house.path("home/.claude/settings.json")).unwrap().is_symlink());
    assert!(house.read("dotfiles/claude.json").contains("hook claude"));
    house.install(&["claude", "--user", "--uninstall"]).is(0, &[]);
    assert_eq!(house.read("dotfiles/claude.json"), OTHERS);
    // One that leads nowhere is nobody's to fill.
    fs::remove_file(house.path("dotfiles/claude.json")).unwrap();
    house.install(&["claude", "--user"]).is(2, &["cannot be written"]);
}

#[test]
fn settings_that_cannot_be_edited_are_left_alone() {
    for text in ["// mine\n{}\n", "{\"a\": 1,}", "[]", "{\"hooks\": []}", "{\"hooks\": {}, \"hooks\": {}}", "\u{0}"] {
        let house = House::new();
        house.write("project/.claude/settings.json", text);
        house.install(&["claude"]).is(2, &["error: ", "nothing was changed", "by hand", "onFailure"]);
        assert_eq!(house.read("project/.claude/settings.json"), text);
    }
    let house = House::new();
    house.write("project/.gemini/settings.json", "{\n  // mine\n  \"theme\": \"x\"\n}\n");
    house.install(&["gemini"]).is(0, &[]);
    assert!(house.read("project/.gemini/settings.json").contains("// mine"));
}

#[test]
fn homes_that_were_moved_are_found() {
    let house = House::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
    command.args(["hook", "install", "claude", "--user"]).current_dir(house.path("project"));
    command.env("HOME", house.path("home")).env("CLAUDE_CONFIG_DIR", house.path("moved"));
    assert!(command.output().unwrap().status.success());
    assert!(house.path("moved/settings.json").exists() && !house.path("home/.claude").exists());
}

#[test]
fn tools_stay_with_the_hook() {
    let house = House::new();
    house.install(&["codex", "--tool", "terraform"]).is(2, &["absolute path"]);
    house.install(&["codex", "--tool", "/opt/my tools/terraform"]).is(0, &[]);
    let text = house.read("project/.codex/hooks.json");
    assert!(text.contains("hook codex --tool '/opt/my tools/terraform'"), "{text}");
    house.install(&["codex", "--uninstall"]).is(0, &[]);
    assert!(!house.read("project/.codex/hooks.json").contains("hook"));
}
