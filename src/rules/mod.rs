//! The rules: one file each, predicates over the same facts.
//!
//! A rule says what it found and why, never what becomes of it: lowering and choosing are the gate's. A new rule is one
//! file and one line in [`RULES`].

mod data_loss;
mod environment_teardown;
mod expiring;
mod forgotten;
mod foundation_destroyed;
mod foundation_unused;
mod not_vouched;
mod pages;
mod protection_removed;
mod recoverable_loss;
mod service_interrupted;
mod state_missing;
mod stopped;
mod stripped;
mod vanished;
mod wide_blast;

pub use pages::document;

use crate::facts::{ChangeFacts, Environment, Facts};

/// What must happen before a change may go on. Ordered: `Block` is the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing here needs a second pair of eyes.
    Allow,
    /// A person other than the author must agree first.
    Review,
    /// This loses data or takes down what others stand on.
    Block,
}

impl Verdict {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}

/// What is lost or interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Records that cannot be made again from code.
    Data,
    /// Contents that pass through: messages, logs, metrics.
    Contents,
    /// Something that others use stops, for a while or for good.
    Service,
    /// A guard that kept the above from happening.
    Protection,
    /// The tool no longer manages it.
    Control,
    /// Nobody can say.
    Unseen,
}

impl Loss {
    /// The word that reports use.
    #[must_use]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Contents => "contents",
            Self::Service => "service",
            Self::Protection => "protection",
            Self::Control => "control",
            Self::Unseen => "unseen",
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its number in the rubric: of two rules with the same verdict the lower number is named first.
    pub number: u8,
    /// Its name, as policies and reports call it.
    pub id: &'static str,
    /// The verdict that it gives.
    pub verdict: Verdict,
    /// No environment, waiver or baseline lowers it.
    pub never_lowered: bool,
    /// What it finds, in a few words.
    pub summary: &'static str,
    /// What a reviewer should check, as a question.
    pub check: &'static str,
    /// Its page: what it does, why, and what to do instead; where it helps, an example and what lowers it.
    pub page: &'static str,
    checks: &'static [Check],
}

#[derive(Debug)]
enum Check {
    /// Looks at one change.
    Change(fn(&Facts<'_, '_>, &ChangeFacts<'_, '_>) -> Option<Hit>),
    /// Looks at a plan as a whole.
    Plan(fn(&Facts<'_, '_>, usize) -> Vec<PlanHit>),
}

/// What a rule found in a change.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// What is lost.
    pub loss: Loss,
    /// What happens and why it matters, in a sentence or two.
    pub reason: String,
    /// The environment that it is judged in, where that is not the change's own.
    pub environment: Option<Environment>,
}

impl Hit {
    fn new(loss: Loss, reason: impl Into<String>) -> Self {
        Self { loss, reason: reason.into(), environment: None }
    }
}

/// What a rule found in a plan as a whole, or in something that no change is about.
#[derive(Debug, Clone)]
pub(crate) struct PlanHit {
    /// What is lost, and why it matters.
    pub hit: Hit,
    /// The address that it is about; empty for the plan itself.
    pub address: String,
    /// The type, where it is about an object.
    pub kind: String,
    /// The addresses that it names.
    pub names: Vec<String>,
    /// The environment that it is judged in.
    pub environment: Environment,
}

/// What some rule found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// The change's place in [`Facts::changes`]; `None` for a plan as a whole.
    pub change: Option<usize>,
    /// The plan's place.
    pub plan: usize,
    /// What was found.
    pub found: PlanHit,
}

/// From so many precious things on, a plan without a prior state makes an environment.
pub(crate) const ESTATE_MADE: usize = state_missing::MANY;

/// All rules, by number.
pub const RULES: &[Rule] = &[
    data_loss::RULE,
    foundation_destroyed::RULE,
    environment_teardown::RULE,
    wide_blast::RULE,
    recoverable_loss::RULE,
    foundation_unused::RULE,
    service_interrupted::RULE,
    protection_removed::RULE,
    forgotten::RULE,
    not_vouched::RULE,
    vanished::RULE,
    stripped::RULE,
    state_missing::RULE,
    expiring::RULE,
    stopped::RULE,
];

/// Asks every rule about everything.
#[must_use]
pub(crate) fn run(facts: &Facts<'_, '_>) -> Vec<Found> {
    RULES.iter().flat_map(|rule| rule.run(facts)).collect()
}

impl Rule {
    fn run(&'static self, facts: &Facts<'_, '_>) -> Vec<Found> {
        self.checks.iter().flat_map(|check| self.ask(check, facts)).collect()
    }

    fn ask(&'static self, check: &Check, facts: &Facts<'_, '_>) -> Vec<Found> {
        match check {
            Check::Change(check) => facts
                .changes
                .iter()
                .enumerate()
                .filter_map(|(place, change)| {
                    let hit = check(facts, change)?;
                    let environment = hit.environment.clone().unwrap_or_else(|| change.environment.clone());
                    let found = PlanHit {
                        hit,
                        address: change.change.address.to_string(),
                        kind: change.change.kind.to_string(),
                        names: Vec::new(),
                        environment,
                    };
                    Some(Found { rule: self, change: Some(place), plan: change.plan, found })
                })
                .collect(),
            Check::Plan(check) => facts
                .judged()
                .flat_map(|(plan, _)| {
                    let found = check(facts, plan);
                    found.into_iter().map(move |found| Found { rule: self, change: None, plan, found })
                })
                .collect(),
        }
    }
}

/// `1 thing stands`, `2 things stand`.
fn stand(count: u32) -> String {
    if count == 1 { "1 thing stands".to_owned() } else { format!("{count} things stand") }
}

/// `a, b and 3 more`.
fn name_some(names: &[String], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
    match names.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What the verb is in a sentence about the object.
fn verb(change: &ChangeFacts<'_, '_>) -> &'static str {
    match change.effect {
        crate::facts::Effect::Delete => "destroyed",
        crate::facts::Effect::CreateThenDelete => "destroyed, once a new one is made",
        _ => "destroyed and made again",
    }
}

#[cfg(test)]
mod tests {
    use super::{RULES, Verdict};

    #[test]
    fn rules_stand_in_order_with_their_verdicts() {
        let numbers: Vec<u8> = RULES.iter().map(|rule| rule.number).collect();
        assert_eq!(numbers, (1..=15).collect::<Vec<u8>>());
        for rule in RULES {
            assert_eq!(rule.verdict == Verdict::Block, rule.number <= 4, "{}", rule.id);
            assert_eq!(rule.never_lowered, rule.id == "not-vouched");
        }
    }

    #[test]
    fn every_page_has_the_same_headings_and_fits_a_terminal() {
        for rule in RULES {
            for heading in ["## What it does", "## Why", "## What to do instead"] {
                assert!(rule.page.contains(heading), "{}: {heading}", rule.id);
            }
            // Remedies quote the last part.
            let last = rule.page.lines().rfind(|line| line.starts_with("## "));
            assert_eq!(last, Some("## What to do instead"), "{}", rule.id);
            assert!(rule.page.lines().all(|line| line.chars().count() <= 80), "{}", rule.id);
            assert!(rule.summary.len() <= 46 && !rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}
