//! `terraform apply`: a saved plan decides for itself, everything else is denied.

use super::super::line::{Arg, HOLE, Run};
use super::{Advice, Given, Reason, SavedPlanRun, Tool, shown, way};

/// Options that change how a saved plan is applied and not what.
const ORDINARY: [&str; 15] = [
    "compact-warnings",
    "concise",
    "consolidate-errors",
    "consolidate-warnings",
    "deprecation",
    "input",
    "json",
    "json-into",
    "lock",
    "lock-timeout",
    "no-color",
    "non-interactive",
    "parallelism",
    "show-sensitive",
    "terragrunt-non-interactive",
];

/// Folders in which a system keeps its programs.
const SYSTEM: [&str; 7] = [
    "/bin",
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "/snap/bin",
    "/opt/bin",
];

/// What an `apply` deserves. That it is alone in its line is for the caller to see.
pub(super) fn judge(tool: &str, run: &Run, arguments: &[Arg], given: &Given<'_>) -> Advice {
    let deny = |what: &str, key: &str| {
        Advice::Deny(Reason { what: what.to_owned(), instead: way(key, tool), command: shown(run) })
    };
    let option = |name: &str| given.options.iter().any(|choice| choice.name.trim_start_matches('-') == name);
    let verbs = given.words().position(|word| word == "apply").map_or(1, |at| at.saturating_add(1));
    let operands = given.operands(verbs);
    if option("destroy") {
        return deny("It destroys what the state holds.", "destroy");
    }
    let [plan] = operands else {
        let what = match operands {
            [] if option("auto-approve") => "It plans and applies at once, and nobody is asked.",
            [] => "It plans and applies at once: nobody has judged what it will do.",
            _ => "It cannot be told which plan it applies.",
        };
        return deny(what, "plan");
    };
    let holes = given.options.iter().any(|choice| choice.value.is_some_and(|value| value.contains(HOLE)));
    if holes
        || given.words().any(|word| word.contains(HOLE))
        || given.has_holes()
        || arguments.iter().any(|word| word.glob)
    {
        return deny("Which plan it applies, and how, is only known when it runs.", "alone");
    }
    if option("auto-approve") || plan.text.starts_with('-') {
        return deny("A saved plan asks nobody anyway; `-auto-approve` would apply anything else unseen.", "alone");
    }
    let strange = given.options.iter().find(|choice| {
        let name = choice.name.trim_start_matches('-');
        name != "chdir" && !ORDINARY.contains(&name)
    });
    if let Some(choice) = strange {
        let what = format!("With {} it is not that plan alone that decides what happens.", choice.name);
        return deny(&what, "alone");
    }
    saved(tool, run, given, plan.text, deny)
}

/// The run of a saved plan, where it is known which, and by which program.
fn saved(tool: &str, run: &Run, given: &Given<'_>, plan: &str, deny: impl Fn(&str, &str) -> Advice) -> Advice {
    let called = match tool {
        "terraform" => Tool::Terraform,
        "tofu" => Tool::Tofu,
        "terragrunt" => Tool::Terragrunt,
        _ => return deny("It calls the tool by a name that may stand for anything.", "alone"),
    };
    let program = run.words.first().map(|word| word.text.as_str()).unwrap_or_default();
    if let Some((folder, _)) = program.rsplit_once(['/', '\\'])
        && !SYSTEM.contains(&folder)
    {
        return deny("It calls a program that may be any of that name.", "alone");
    }
    if run.how.elsewhere {
        return deny("It applies a plan on another machine or in a container, where nobody has seen it.", "alone");
    }
    let mut directory = run.dir.clone();
    for choice in &given.options {
        if choice.name.trim_start_matches('-') == "chdir" {
            directory = choice.value.and_then(|value| super::super::line::joined(directory.as_deref(), value));
        }
    }
    let plan = directory.as_deref().and_then(|dir| super::super::line::joined(Some(dir), plan));
    let (Some(directory), Some(plan)) = (directory, plan) else {
        return deny("Where it runs is only known when it does.", "alone");
    };
    // What comes out of a device, a pipe or another program is there once only.
    if ["/dev", "/proc"].iter().any(|folder| plan.starts_with(folder)) {
        return deny("It applies what comes out of a stream, which can be read only once.", "alone");
    }
    // A shell knows what `~` is; here nobody does.
    if [&directory, &plan].iter().any(|path| path.starts_with("~")) {
        return deny("Where it runs is only known when it does.", "alone");
    }
    Advice::Judge(SavedPlanRun { tool: called, directory, plan })
}
