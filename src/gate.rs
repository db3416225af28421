//! From what the rules found to a verdict: lowering, choosing, ordering.
//!
//! One finding for each object, at its highest verdict and, there, its lowest rule. What lowers a finding comes in a
//! fixed order; for now that is the environment. A lowered finding is still listed.

use std::collections::BTreeMap;

use crate::facts::{Environment, Facts, Sure};
use crate::rules::{Found, Rule, Verdict};

/// What became of everything that was found about one object.
#[derive(Debug)]
pub struct Judged {
    /// What is named first.
    pub main: Found,
    /// The verdict after lowering.
    pub verdict: Verdict,
    /// The other rules that it meets.
    pub also: Vec<&'static Rule>,
}

impl Judged {
    /// The verdict was lowered.
    #[must_use]
    pub fn is_lowered(&self) -> bool {
        self.verdict < self.main.rule.verdict
    }

    /// The highest verdict of all rules that it meets, before anything lowered it.
    #[must_use]
    pub fn worst(&self) -> Verdict {
        self.also.iter().map(|rule| rule.verdict).max().unwrap_or(Verdict::Allow).max(self.main.rule.verdict)
    }
}

/// Judges everything that was found, the worst first.
#[must_use]
pub fn judge(facts: &Facts<'_, '_>, found: Vec<Found>) -> Vec<Judged> {
    let mut objects: BTreeMap<(usize, String, Option<String>), Vec<Found>> = BTreeMap::new();
    for one in found {
        let change = one.change.and_then(|place| facts.changes.get(place));
        let deposed = change.and_then(|change| change.change.deposed.as_ref()).map(ToString::to_string);
        // Findings on the plan itself are about different things: each stands alone.
        let address = if one.found.address.is_empty() {
            format!("{}{}", one.rule.id, one.found.hit.reason)
        } else {
            one.found.address.clone()
        };
        objects.entry((one.plan, address, deposed)).or_default().push(one);
    }
    let mut judged: Vec<Judged> = objects.into_values().filter_map(choose).collect();
    judged.sort_by_cached_key(|judged| rank(facts, judged));
    judged
}

/// The verdict of the whole: the highest.
#[must_use]
pub fn verdict(judged: &[Judged]) -> Verdict {
    judged.iter().map(|one| one.verdict).max().unwrap_or(Verdict::Allow)
}

/// Names the worst first, after lowering; where everything was lowered to nothing, the worst before it.
fn choose(mut found: Vec<Found>) -> Option<Judged> {
    found.sort_by_key(|one| {
        let after = lowered(one.rule, &one.found.environment);
        std::cmp::Reverse((after, one.rule.verdict, std::cmp::Reverse(one.rule.number)))
    });
    let mut found = found.into_iter();
    let main = found.next()?;
    let verdict = lowered(main.rule, &main.found.environment);
    let mut also: Vec<&'static Rule> = found.map(|one| one.rule).filter(|rule| rule.id != main.rule.id).collect();
    also.dedup_by_key(|rule| rule.id);
    Some(Judged { main, verdict, also })
}

/// Strong evidence of an ephemeral environment lowers to allow, weak evidence alone block to review.
fn lowered(rule: &Rule, environment: &Environment) -> Verdict {
    match environment.sure {
        _ if rule.never_lowered => rule.verdict,
        Sure::Ephemeral => Verdict::Allow,
        Sure::Weak => rule.verdict.min(Verdict::Review),
        Sure::Production | Sure::Unsaid => rule.verdict,
    }
}

/// Worst first: the verdict, the plan as a whole, what is named worse, how much stands on it, then the order of the plan.
fn rank(facts: &Facts<'_, '_>, judged: &Judged) -> impl Ord + use<> {
    use std::cmp::Reverse;
    let change = judged.main.change.and_then(|place| facts.changes.get(place));
    let dependents = change.map_or(u32::MAX, |change| change.reach.counted);
    let place = judged.main.change.unwrap_or(0);
    (
        Reverse(judged.verdict),
        Reverse(judged.main.found.address.is_empty()),
        Reverse(judged.main.rule.verdict),
        judged.main.rule.number,
        Reverse(dependents),
        judged.main.plan,
        place,
    )
}
