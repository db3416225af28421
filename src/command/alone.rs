//! Whether a saved plan is applied alone in its line, so that what is judged is what would run.

use super::line::{Run, Step, base};
use super::tools::{shown, way};
use super::{Reason, SavedPlanRun, Tool};

/// Programs that only show what is piped to them.
const READERS: [&str; 11] = ["cat", "cut", "egrep", "fgrep", "grep", "head", "less", "tail", "tee", "ts", "wc"];

/// Variables that choose which program, settings or directory a tool takes; with `*` all that begin so.
const STRANGE: [&str; 15] = [
    "BASH_ENV",
    "CDPATH",
    "DYLD_*",
    "ENV",
    "HOME",
    "IFS",
    "LD_*",
    "OLDPWD",
    "OPENTOFU_*",
    "PATH",
    "PWD",
    "TERRAGRUNT_*",
    "TF_*",
    "TG_*",
    "XDG_*",
];

/// The reason why what would run may not be what is judged, if there is one. The step at `at` applies the plan.
pub(super) fn objection(steps: &[Step], at: usize, plan: &SavedPlanRun) -> Option<Reason> {
    let reason =
        |what: &str, command: String| Reason { what: what.to_owned(), instead: way("alone", name(plan.tool)), command };
    let Some(Step::Run(run)) = steps.get(at) else {
        return Some(reason(
            "It applies a plan from within other text, so what is judged may not be what would run.",
            String::new(),
        ));
    };
    let deny = |what: &str| Some(reason(what, shown(run)));
    if run.how.perhaps || run.how.indirect {
        return deny("It applies a plan from within something else, so what is judged may not be what would run.");
    }
    if run.sets.iter().any(|name| is_strange(name)) {
        return deny("Variables are set for it that choose what would run, so what is judged may not be it.");
    }
    if run.pipeline.is_some_and(|(_, place)| place > 0) {
        return deny("Something else runs in its pipeline, so what is judged may not be what would run.");
    }
    let to_plan = run
        .writes
        .iter()
        .any(|target| super::line::joined(run.dir.as_deref(), &target.text).as_ref() == Some(&plan.plan));
    if to_plan {
        return deny("It writes to the plan that it applies.");
    }
    let company = steps.iter().enumerate().find(|(other, step)| *other != at && !is_harmless(step, run, plan));
    let (_, step) = company?;
    let what = match step {
        Step::Run(other) => format!(
            "`{}` runs in the same line, so the plan that is judged now may not be the one that is applied then.",
            base(&other.words.first().map(|word| word.shown.clone()).unwrap_or_default())
        ),
        Step::Sets(name) => format!("{name} is set before it, so what is judged may not be what would run."),
        _ => "Something else happens in the same line, so the plan that is judged now may not be the one that is applied then."
            .to_owned(),
    };
    deny(&what)
}

fn is_strange(name: &str) -> bool {
    STRANGE.iter().any(|strange| match strange.strip_suffix('*') {
        Some(head) => name.starts_with(head),
        None => name == *strange,
    })
}

/// What may stand beside an apply: `cd`, `set`, variables that choose nothing, and readers behind it in its pipeline.
fn is_harmless(step: &Step, apply: &Run, plan: &SavedPlanRun) -> bool {
    match step {
        Step::Moves => true,
        Step::Sets(name) => !is_strange(name),
        Step::Run(run) => {
            let program = run.words.first().map(|word| base(&word.text)).unwrap_or_default();
            let behind = run.pipeline.zip(apply.pipeline).is_some_and(|((one, _), (other, _))| one == other);
            let reads = behind && READERS.contains(&program) && !run.how.perhaps;
            let names_plan = || {
                let paths = run.words.iter().chain(&run.writes);
                paths
                    .into_iter()
                    .any(|word| super::line::joined(run.dir.as_deref(), &word.text).as_ref() == Some(&plan.plan))
            };
            let settles = matches!(program, "set" | "export") && run.writes.is_empty();
            settles || (reads && !names_plan())
        }
        _ => false,
    }
}

fn name(tool: Tool) -> &'static str {
    match tool {
        Tool::Terraform => "terraform",
        Tool::Tofu => "tofu",
        Tool::Terragrunt => "terragrunt",
    }
}
