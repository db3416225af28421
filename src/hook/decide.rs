//! A request to an answer: of everything that a call would do, the gravest.

use std::path::Path;

use super::answer::{Answer, Decision};
use super::request::{Act, Request};
use super::words;
use crate::command::{self, Advice, Files, Reason, SavedPlanRun, Surroundings};
use crate::report::Report;

/// What came of judging a saved plan.
#[derive(Debug)]
pub enum Judged {
    /// The plan could be read.
    Read {
        /// All that is to say of it.
        report: Box<Report>,
        /// The first half of its bytes' SHA-256, to tell it from another one.
        digest: String,
    },
    /// It could not; why, in a sentence.
    Unread(String),
}

/// Judges saved plans.
pub trait Judge {
    /// Judges the plan that would be applied, now and from its own bytes.
    fn judge(&self, run: &SavedPlanRun) -> Judged;
    /// Where else this plan could be: another file of that name, relative to the same directory's neighbours. It is asked for
    /// where an agent does not tell in which directory a command runs.
    fn elsewhere(&self, run: &SavedPlanRun) -> Option<std::path::PathBuf>;
}

/// Decides. `here` is where the hook itself runs, for agents that do not say where a command does.
pub fn decide(request: &Request, agent: &str, here: &Path, files: &dyn Files, judge: &dyn Judge) -> Answer {
    let directory = if request.directory.is_absolute() { &request.directory } else { here };
    let told = request.told && request.directory.is_absolute();
    let desk = Desk { around: Surroundings { directory, files }, told, agent, judge };
    let mut worst = Answer::pass(request.event);
    let mut judged: Vec<SavedPlanRun> = Vec::new();
    for act in &request.acts {
        let answer = match desk.advice(act) {
            Advice::Judge(run) if judged.contains(&run) => continue,
            Advice::Judge(run) => {
                let answer = desk.plan(act, &run);
                judged.push(run);
                answer
            }
            advice => of(advice),
        };
        if answer.decision > worst.decision {
            worst = answer;
        }
    }
    if worst.decision == Decision::Ask && !request.asks {
        let reason = words::nobody_to_ask(agent, &worst.reason);
        return Answer { decision: Decision::Deny, reason, ..worst };
    }
    worst
}

/// An advice that needs no plan. One that does is judged before.
fn of(advice: Advice) -> Answer {
    let decided = |decision, reason: &Reason| Answer { decision, ..Answer::deny(words::command(decision, reason)) };
    match advice {
        Advice::Pass => Answer::pass(super::Event::Gate),
        Advice::Ask(reason) => decided(Decision::Ask, &reason),
        Advice::Deny(reason) => decided(Decision::Deny, &reason),
        Advice::Judge(_) => Answer::deny(words::failed("it applies a plan that was not judged")),
    }
}

struct Desk<'d> {
    around: Surroundings<'d>,
    told: bool,
    agent: &'d str,
    judge: &'d dyn Judge,
}

impl Desk<'_> {
    fn advice(&self, act: &Act) -> Advice {
        advise(act, &self.around)
    }

    fn plan(&self, act: &Act, run: &SavedPlanRun) -> Answer {
        if !self.told && self.hangs_on_directory(act, run) {
            if let Some(other) = self.judge.elsewhere(run) {
                return Answer::deny(words::somewhere(self.agent, run, &other));
            }
        }
        words::plan(run, &self.judge.judge(run))
    }

    /// The same command in another directory would apply another file.
    fn hangs_on_directory(&self, act: &Act, run: &SavedPlanRun) -> bool {
        let elsewhere = self.around.directory.join("elsewhere");
        let around = Surroundings { directory: &elsewhere, files: self.around.files };
        !matches!(advise(act, &around), Advice::Judge(other) if other.plan == run.plan)
    }
}

fn advise(act: &Act, around: &Surroundings<'_>) -> Advice {
    match act {
        Act::Shell(text) => command::advise(text, around),
        Act::Words(words) => command::advise_words(words, around),
        Act::Writes(path) => command::advise_write(&around.directory.join(path), around),
        Act::Calls(tool, arguments) => command::advise_call(tool, arguments, around),
    }
}
