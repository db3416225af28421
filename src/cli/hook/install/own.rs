//! Which hooks in a settings file are ours.

use serde_json::Value;

/// The commands in an entry that run our hook for this agent, with their places in its group.
pub(super) fn ours(entry: &Value, agent: &str) -> Vec<(usize, String)> {
    let single = std::slice::from_ref(entry);
    let group = entry.get("hooks").and_then(Value::as_array).map_or(single, Vec::as_slice);
    let commands = group.iter().enumerate().filter_map(|(place, hook)| {
        let command = ["command", "bash", "powershell"].iter().find_map(|key| hook.get(*key));
        let command = command.or_else(|| hook.get("action")?.get("command"))?.as_str()?;
        runs(command, agent).then(|| (place, command.to_owned()))
    });
    commands.collect()
}

/// A command line is a call of our hook for this agent.
fn runs(command: &str, agent: &str) -> bool {
    let words = shlex::split(command.trim_start_matches("& ")).unwrap_or_default();
    let [program, hook, name, ..] = words.as_slice() else { return false };
    let file = program.rsplit(['/', '\\']).next().unwrap_or(program);
    file.starts_with("blastgate") && hook == "hook" && name == agent
}

/// The program that such a command line runs.
pub(super) fn program(command: &str) -> Option<String> {
    shlex::split(command.trim_start_matches("& "))?.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn only_calls_of_our_hook_for_this_agent_are_ours() {
        for (command, is) in [
            ("/usr/bin/blastgate hook claude", true),
            ("'/my bin/blastgate' hook claude --tool /usr/bin/tofu", true),
            ("& 'C:\\x\\blastgate.exe' hook claude", true),
            ("/usr/bin/blastgate hook codex", false),
            ("/usr/bin/blastgate check claude", false),
            ("echo blastgate hook claude", false),
            ("/usr/bin/other hook claude", false),
            ("blastgate 'hook", false),
        ] {
            assert_eq!(runs(command, "claude"), is, "{command}");
        }
    }
}
