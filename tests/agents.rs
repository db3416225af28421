//! The pages for agents: settings that can be read, commands that the program takes, links that lead somewhere.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn pages() -> Vec<(PathBuf, String)> {
    let paths = common::files(&common::folder("docs/agents"), "md");
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The fenced blocks of a language.
fn blocks<'t>(page: &'t str, language: &str) -> Vec<&'t str> {
    let opening = format!("```{language}\n");
    page.split(&opening).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// What starts the server, in whichever of the agents' forms.
fn servers(settings: &Value) -> Option<&Value> {
    ["mcpServers", "servers", "mcp_servers"].iter().find_map(|key| settings.get(key))
}

#[test]
fn every_page_but_the_general_ones_starts_the_server() {
    for (path, page) in pages() {
        if ["README", "instructions"].contains(&common::stem(&path).as_str()) {
            continue;
        }
        let json = blocks(&page, "json").into_iter().map(|text| serde_json::from_str::<Value>(text).expect(text));
        let toml = blocks(&page, "toml").into_iter().map(|text| toml::from_str::<Value>(text).expect(text));
        let settings: Vec<Value> = json.chain(toml).collect();
        let servers: Vec<&Value> = settings.iter().filter_map(servers).collect();
        assert!(!servers.is_empty(), "{}", path.display());
        for server in servers {
            assert_eq!(server["blastgate"]["command"], "blastgate", "{}", path.display());
            assert_eq!(server["blastgate"]["args"], serde_json::json!(["mcp"]), "{}", path.display());
        }
    }
}

#[test]
fn commands_are_ones_that_the_program_takes() {
    let home = tempfile::tempdir().unwrap();
    // Amazon Q keeps hooks in agents, so there must be one.
    let agents = home.path().join(".amazonq/cli-agents");
    std::fs::create_dir_all(&agents).unwrap();
    std::fs::write(agents.join("infrastructure.json"), r#"{"name": "infrastructure"}"#).unwrap();
    let mut agents = BTreeSet::new();
    for (path, page) in pages() {
        let lines = blocks(&page, "console").into_iter().flat_map(str::lines);
        for line in lines.filter_map(|line| line.strip_prefix("$ blastgate ")) {
            let run = Command::new(env!("CARGO_BIN_EXE_blastgate"))
                .args(line.split_whitespace())
                .current_dir(home.path())
                .env("HOME", home.path())
                .output()
                .unwrap();
            // A check of what is not in force yet, or cannot be here, is 1; 2 would be a command that nobody knows.
            assert_ne!(
                run.status.code(),
                Some(2),
                "{}: {line}\n{}",
                path.display(),
                String::from_utf8_lossy(&run.stderr)
            );
            agents.extend(line.split_whitespace().nth(2).map(str::to_owned));
        }
    }
    assert_eq!(
        agents.into_iter().collect::<Vec<_>>(),
        ["amazonq", "claude", "codex", "copilot", "cursor", "gemini", "kiro"]
    );
}

#[test]
fn what_the_overview_quotes_is_what_the_report_says() {
    let page = std::fs::read_to_string(common::folder("docs/agents/README.md")).unwrap();
    let quoted: Value = serde_json::from_str(blocks(&page, "json")[0]).unwrap();
    let report = common::fixtures(&["aws-core-renumbered-modules"]);
    let told = serde_json::to_value(&report.next_actions).unwrap();
    for (whose, actions) in quoted.as_object().unwrap() {
        for action in actions.as_array().unwrap() {
            assert!(told[whose].as_array().unwrap().contains(action), "{whose}: {action}");
        }
    }
}

/// A heading as GitHub makes an anchor of it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in common::files(folder, "") {
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut paths = vec![common::folder("README.md"), common::folder("ARCHITECTURE.md")];
    markdown(&common::folder("docs"), &mut paths);
    let mut seen = 0;
    for path in paths {
        let page = std::fs::read_to_string(&path).unwrap();
        for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.contains(' ') {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let to = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(to.exists(), "{}: {target}", path.display());
            if !heading.is_empty() {
                let text = std::fs::read_to_string(&to).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let is_there = headings.any(|line| anchor(line.trim_start_matches('#').trim()) == heading);
                assert!(is_there || text.contains(&format!("id=\"{heading}\"")), "{}: {target}", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}
