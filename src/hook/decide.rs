//! A request to an answer: of everything that a call would do, the gravest.

use std::path::{Path, PathBuf};

use super::acts::Act;
use super::answer::Answer;
use super::request::Request;
use super::words::{self, Stop};
use crate::command::{self, Advice, Files, SavedPlanRun, Surroundings};
use crate::report::Report;

/// What came of judging a saved plan.
#[derive(Debug)]
pub enum Judged {
    /// The plan could be read; all that is to say of it.
    Read(Box<Report>),
    /// It could not; why, in a sentence.
    Unread(String),
}

/// What else a command could mean in another directory of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere {
    /// Nothing.
    Nothing,
    /// This file.
    Found(PathBuf),
    /// The project is too large to tell.
    Unknown,
}

/// Judges saved plans.
pub trait Judge {
    /// Judges the plan that would be applied, now and from its own bytes.
    fn judge(&self, run: &SavedPlanRun) -> Judged;
    /// What the same words could mean in another directory of the project that `directory` is in. It is asked for where an
    /// agent does not tell in which directory a command runs.
    fn elsewhere(&self, directory: &Path, plan: &Path) -> Elsewhere;
}

/// Decides. `here` is where the hook itself runs, for agents that do not say where a command does.
pub fn decide(request: &Request, agent: &str, here: &Path, files: &dyn Files, judge: &dyn Judge) -> Answer {
    let directory = if request.directory.is_absolute() { &request.directory } else { here };
    let told = request.told && request.directory.is_absolute();
    let ask = if request.asks { Stop::Asked } else { Stop::Unasked(agent) };
    let desk = Desk { around: Surroundings { directory, files }, told, agent, ask, judge };
    let mut worst = Answer::pass(request.event);
    let mut judged: Vec<SavedPlanRun> = Vec::new();
    for act in &request.acts {
        let answer = match advise(act, &desk.around) {
            Advice::Pass => continue,
            Advice::Judge(run) if judged.contains(&run) => continue,
            Advice::Ask(reason) => words::command(ask, &reason),
            Advice::Deny(reason) => words::command(Stop::Refused, &reason),
            Advice::Judge(run) => {
                let answer = desk.plan(act, &run);
                judged.push(run);
                answer
            }
        };
        if answer.decision > worst.decision {
            worst = answer;
        }
    }
    worst
}

struct Desk<'d> {
    around: Surroundings<'d>,
    told: bool,
    agent: &'d str,
    /// What becomes of what a person must agree to.
    ask: Stop<'d>,
    judge: &'d dyn Judge,
}

impl Desk<'_> {
    fn plan(&self, act: &Act, run: &SavedPlanRun) -> Answer {
        if !self.told && self.hangs_on_directory(act, run) {
            match self.judge.elsewhere(self.around.directory, &run.plan) {
                Elsewhere::Nothing => {}
                other => return words::somewhere(self.agent, run, &other),
            }
        }
        words::plan(self.ask, run, &self.judge.judge(run))
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
