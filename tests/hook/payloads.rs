//! What agents write to a hook before a command runs, in all their spellings.

use serde_json::{Value, json};

/// The payloads of an agent for a command in a directory.
pub fn of(agent: &str, command: &str, directory: &str) -> Vec<Value> {
    let input = json!({ "command": command });
    let claude = |event: &str, tool: &str| {
        json!({
            "session_id": "s-1", "transcript_path": "/t/s-1.jsonl", "cwd": directory, "permission_mode": "default",
            "hook_event_name": event, "tool_name": tool, "tool_use_id": "toolu_1", "tool_input": input,
        })
    };
    match agent {
        "claude" => {
            let mut full = claude("PreToolUse", "Bash");
            full["tool_input"]["description"] = json!("Run it");
            full["tool_input"]["timeout"] = json!(120_000);
            vec![full]
        }
        "codex" => {
            let mut full = claude("PreToolUse", "Bash");
            full["model"] = json!("gpt");
            full["turn_id"] = json!("turn-1");
            full["transcript_path"] = Value::Null;
            vec![full]
        }
        "cursor" => {
            let common = |event: &str| {
                json!({
                    "conversation_id": "c", "generation_id": "g", "hook_event_name": event, "model": "default",
                    "cursor_version": "3.9.16", "workspace_roots": [directory], "user_email": null,
                })
            };
            let mut shell = common("beforeShellExecution");
            shell["command"] = json!(command);
            shell["cwd"] = json!(directory);
            shell["sandbox"] = json!(false);
            let mut generic = common("preToolUse");
            generic["tool_name"] = json!("Shell");
            generic["tool_input"] = json!({ "command": command, "cwd": directory, "timeout": 30000 });
            generic["cwd"] = json!("");
            vec![shell, generic]
        }
        "gemini" => {
            let mut full = claude("BeforeTool", "run_shell_command");
            full["timestamp"] = json!("2026-11-01T10:00:00Z");
            full["tool_input"]["description"] = json!("Run it");
            vec![full]
        }
        "copilot" => {
            let camel = |arguments: Value| {
                json!({
                    "sessionId": "s", "timestamp": 1_704_614_600_000_u64, "cwd": directory, "toolName": "bash",
                    "toolArgs": arguments,
                })
            };
            let snake = json!({
                "hook_event_name": "PreToolUse", "session_id": "s", "timestamp": "2026-11-01T10:00:00Z",
                "cwd": directory, "tool_name": "Bash", "tool_input": input,
            });
            let editor = json!({
                "hook_event_name": "PreToolUse", "sessionId": "s", "timestamp": "2026-11-01T10:00:00Z",
                "cwd": directory, "tool_name": "run_in_terminal", "tool_use_id": "t",
                "tool_input": { "command": command, "explanation": "Run it", "isBackground": false },
            });
            vec![camel(json!(input.to_string())), camel(input.clone()), snake, editor]
        }
        "kiro" => vec![
            json!({
                "hook_event_name": "preToolUse", "cwd": directory, "tool_name": "execute_bash",
                "tool_input": { "command": command, "summary": "Run it" },
            }),
            json!({
                "hook_event_name": "PreToolUse", "session_id": "sess_1", "cwd": directory, "tool_name": "execute_bash",
                "tool_input": { "command": command, "cwd": directory, "run_in_background": false, "timeout": 1000 },
            }),
        ],
        "amazonq" => vec![json!({
            "hook_event_name": "preToolUse", "cwd": directory, "tool_name": "execute_bash",
            "tool_input": { "command": command },
        })],
        other => panic!("nobody knows {other}"),
    }
}

/// Events that are not about a call that is still to run, and calls that run nothing.
pub fn others(agent: &str) -> Vec<Value> {
    match agent {
        "claude" | "codex" => vec![
            json!({ "hook_event_name": "PostToolUse", "tool_name": "Bash", "tool_input": { "command": "terraform destroy" },
                "tool_response": {} }),
            json!({ "hook_event_name": "SessionStart", "source": "startup" }),
            json!({ "hook_event_name": "Stop", "stop_hook_active": false }),
            json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": "Read", "tool_input": { "file_path": "/a" } }),
            json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": "Grep",
                "tool_input": { "pattern": "terraform destroy", "path": "." } }),
            json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": "Glob", "tool_input": { "pattern": "**" } }),
            json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": "Task",
                "tool_input": { "prompt": "run terraform destroy", "subagent_type": "x" } }),
            json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": "Write",
                "tool_input": { "file_path": "/w/notes.md", "content": "terraform destroy" } }),
            json!({ "hook_event_name": "PreToolUse", "cwd": "/w", "tool_name": "TodoWrite", "tool_input": { "todos": [] } }),
        ],
        "cursor" => vec![
            json!({ "hook_event_name": "afterShellExecution", "command": "terraform destroy", "output": "" }),
            json!({ "hook_event_name": "beforeSubmitPrompt", "prompt": "run terraform destroy", "attachments": [] }),
            json!({ "hook_event_name": "stop", "status": "completed" }),
            json!({ "hook_event_name": "beforeReadFile", "file_path": "/a", "content": "terraform destroy" }),
            json!({ "hook_event_name": "preToolUse", "tool_name": "Read", "tool_input": { "file_path": "/a" }, "cwd": "" }),
            json!({ "hook_event_name": "beforeMCPExecution", "tool_name": "search", "command": "npx terraform-docs",
                "tool_input": "{\"query\":\"terraform destroy\"}" }),
        ],
        "gemini" => vec![
            json!({ "hook_event_name": "AfterTool", "tool_name": "run_shell_command", "tool_input": { "command": "x" } }),
            json!({ "hook_event_name": "BeforeAgent", "prompt": "terraform destroy" }),
            json!({ "hook_event_name": "BeforeTool", "cwd": "/w", "tool_name": "read_file", "tool_input": { "path": "/a" } }),
        ],
        "copilot" => vec![
            json!({ "sessionId": "s", "timestamp": 1, "cwd": "/w", "toolName": "bash", "toolArgs": {},
                "toolResult": { "resultType": "success" } }),
            json!({ "sessionId": "s", "timestamp": 1, "cwd": "/w", "toolName": "bash", "toolArgs": {}, "error": "x" }),
            json!({ "sessionId": "s", "timestamp": 1, "cwd": "/w", "source": "new", "initialPrompt": "x" }),
            json!({ "sessionId": "s", "timestamp": 1, "cwd": "/w", "prompt": "terraform destroy" }),
            json!({ "sessionId": "s", "timestamp": 1, "cwd": "/w", "toolName": "view", "toolArgs": "{\"path\":\"/a\"}" }),
            json!({ "hook_event_name": "PostToolUse", "session_id": "s", "tool_name": "Bash", "tool_input": {} }),
            json!({ "hook_event_name": "PreToolUse", "session_id": "s", "tool_name": "Read", "tool_input": { "path": "/a" } }),
        ],
        _ => vec![
            json!({ "hook_event_name": "agentSpawn", "cwd": "/w" }),
            json!({ "hook_event_name": "userPromptSubmit", "cwd": "/w", "prompt": "terraform destroy" }),
            json!({ "hook_event_name": "postToolUse", "cwd": "/w", "tool_name": "execute_bash", "tool_input": {} }),
            json!({ "hook_event_name": "preToolUse", "cwd": "/w", "tool_name": "fs_read",
                "tool_input": { "operations": [{ "mode": "Line", "path": "/a" }] } }),
        ],
    }
}

/// What is no payload: nothing, junk, bytes, another form, and far too much.
pub fn broken() -> Vec<Vec<u8>> {
    let huge = format!(r#"{{"hook_event_name":"PreToolUse","tool_name":"Bash","x":"{}"}}"#, "y".repeat(24 << 20));
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let call = |rest: &str| format!(r#"{{"hook_event_name":"PreToolUse","cwd":"/w",{rest}}}"#).into_bytes();
    vec![
        Vec::new(),
        b" \n\t".to_vec(),
        b"hello".to_vec(),
        b"{".to_vec(),
        b"{}".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"\"ls\"".to_vec(),
        b"{}{}".to_vec(),
        vec![0; 4096],
        (0..=255).collect(),
        b"\xff\xfe{\0}\0".to_vec(),
        b"{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"\xff\"}}".to_vec(),
        huge.into_bytes(),
        deep.into_bytes(),
        call(r#""tool_name":"Bash""#),
        call(r#""tool_name":"Bash","tool_input":null"#),
        call(r#""tool_name":"Bash","tool_input":{}"#),
        call(r#""tool_name":"Bash","tool_input":{"command":null}"#),
        call(r#""tool_name":"Bash","tool_input":{"command":7}"#),
        call(r#""tool_name":"Bash","tool_input":{"command":["ls",7]}"#),
        call(r#""tool_name":"Bash","tool_input":"{\"command\""#),
        call(r#""tool_name":"Bash","tool_input":{"command":"ls","command":"ls"}"#),
        call(r#""tool_name":"","tool_input":{"command":"ls"}"#),
        call(r#""tool_name":null,"tool_input":{"command":"ls"}"#),
        call(r#""tool_name":["Bash"],"tool_input":{"command":"ls"}"#),
        call(r#""tool_input":{"command":"ls"}"#),
        call(r#""tool_name":"Write","tool_input":{"content":"x"}"#),
    ]
}
