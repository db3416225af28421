//! Calls of other tools than shells, and payloads that were cut or changed on the way.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::agents::{AGENTS, Fate};
use crate::payloads;
use crate::table::{Always, answer, fate, project};

/// A call of a tool, as this agent tells it.
fn call(agent: &str, tool: &str, arguments: &Value) -> Value {
    let event = match agent {
        "gemini" => "BeforeTool",
        "cursor" if tool.starts_with("mcp ") => "beforeMCPExecution",
        "cursor" | "kiro" | "amazonq" => "preToolUse",
        "copilot" => {
            return json!({ "sessionId": "s", "timestamp": 1, "cwd": project(), "toolName": tool,
                "toolArgs": arguments.to_string() });
        }
        _ => "PreToolUse",
    };
    let tool = tool.trim_start_matches("mcp ");
    json!({ "hook_event_name": event, "cwd": project(), "tool_name": tool, "tool_input": arguments })
}

#[test]
fn the_settings_of_hooks_are_not_written() {
    let patch = |path: &str| format!("*** Begin Patch\n*** Update File: {path}\n@@\n-a\n+b\n*** End Patch\n");
    let tools = |path: &str| {
        vec![
            ("claude", "Write", json!({ "file_path": path, "content": "{}" })),
            ("claude", "Edit", json!({ "file_path": path, "old_string": "a", "new_string": "b" })),
            ("claude", "MultiEdit", json!({ "file_path": path, "edits": [] })),
            ("claude", "mcp__filesystem__write_file", json!({ "path": path, "content": "{}" })),
            ("claude", "mcp__filesystem__move_file", json!({ "source": path, "destination": "/tmp/x" })),
            ("codex", "apply_patch", json!({ "command": patch(path) })),
            ("cursor", "Write", json!({ "file_path": path, "contents": "{}" })),
            ("cursor", "Delete", json!({ "path": path })),
            ("cursor", "mcp write_file", json!(json!({ "path": path }).to_string())),
            ("gemini", "write_file", json!({ "file_path": path, "content": "{}" })),
            ("gemini", "replace", json!({ "file_path": path, "old_string": "a", "new_string": "b" })),
            ("copilot", "create", json!({ "path": path, "file_text": "{}" })),
            ("copilot", "edit", json!({ "path": path, "old_str": "a", "new_str": "b" })),
            ("copilot", "apply_patch", json!({ "input": patch(path) })),
            ("kiro", "fs_write", json!({ "command": "create", "path": path, "file_text": "{}" })),
            ("kiro", "str_replace", json!({ "path": path, "oldStr": "a", "newStr": "b" })),
            ("amazonq", "fs_write", json!({ "command": "append", "path": path, "new_str": "{}" })),
        ]
    };
    let own = [
        ".claude/settings.json",
        ".claude/settings.local.json",
        "/home/me/.codex/hooks.json",
        "./.cursor/hooks.json",
        "src/../.gemini/settings.json",
        ".github/hooks/blastgate.json",
        ".kiro/hooks/blastgate.json",
        ".kiro/agents/ops.json",
        "/home/me/.aws/amazonq/cli-agents/ops.json",
    ];
    for (paths, expected) in [
        (&own[..], Fate::Denied),
        (&["main.tf", "/w/docs/hooks.md", "settings.json", ".github/workflows/ci.yml"][..], Fate::Untouched),
    ] {
        for path in paths {
            for (agent, tool, arguments) in tools(path) {
                let payload = call(agent, tool, &arguments).to_string();
                let answer = answer(agent, &payload, &Always("aws_db_instance"));
                assert_eq!(fate(agent, &answer), expected, "{agent}: {payload}: {}", answer.reason);
            }
        }
    }
}

#[test]
fn commands_in_calls_of_other_tools_are_judged() {
    for (agent, _) in AGENTS {
        for (tool, arguments) in [
            ("mcp__box__run", json!({ "command": "terraform destroy" })),
            ("mcp__box__run", json!({ "request": { "cmd": "terraform destroy" } })),
            ("start_process", json!({ "command": "terraform", "args": ["destroy"] })),
            ("write_bash", json!({ "sessionId": "1", "input": "terraform destroy{enter}" })),
            ("local_shell", json!({ "command": ["bash", "-lc", "terraform destroy"] })),
            ("@box/run", json!({ "commands": ["cd /x", "terraform destroy"] })),
        ] {
            let payload = call(agent, tool, &arguments).to_string();
            let answer = answer(agent, &payload, &Always("aws_iam_role_policy"));
            assert_eq!(fate(agent, &answer), Fate::Denied, "{agent}: {payload}");
        }
        let harmless =
            call(agent, "mcp__docs__search", &json!({ "query": "terraform destroy", "path": "/x" })).to_string();
        let answer = answer(agent, &harmless, &Always("aws_db_instance"));
        assert_eq!(fate(agent, &answer), Fate::Untouched, "{agent}: {}", answer.reason);
    }
}

/// A pipe that breaks off leaves no payload that passes.
#[test]
fn a_payload_that_is_cut_short_is_denied() {
    for (agent, _) in AGENTS {
        let whole = payloads::of(agent, "git status", "/w").remove(0).to_string();
        for end in 0..whole.len() {
            let answer = answer(agent, &whole[..end], &Always("aws_iam_role_policy"));
            assert_eq!(fate(agent, &answer), Fate::Denied, "{agent}: {}", &whole[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in it, a hook neither breaks nor permits.
    #[test]
    fn no_payload_breaks_a_hook_or_is_permitted(
        command in "(terraform |apply |destroy |[a-z]{1,6} |[\"'$`;|&(){}<>\\\\\\n#*~!-]|\\PC){0,12}",
        key in "(command|cmd|path|cwd|x)",
        tool in "(Bash|Shell|run_shell_command|bash|execute_bash|Write|mcp__a__b|x)",
    ) {
        for (agent, _) in AGENTS {
            let mut payload = payloads::of(agent, &command, "/w").remove(0);
            for name in ["tool_name", "toolName"] {
                if payload.get(name).is_some() {
                    payload[name] = json!(tool);
                }
            }
            payload[key.as_str()] = json!(command);
            let answer = answer(agent, &payload.to_string(), &Always("aws_instance"));
            let fate = fate(agent, &answer);
            prop_assert!(matches!(fate, Fate::Untouched | Fate::Asked | Fate::Denied), "{agent}: {payload}: {fate:?}");
        }
    }
}
