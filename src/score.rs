//! How bad it is, 0 to 100, for ranking and thresholds. It never takes the place of a verdict.
//!
//! The score of a finding is a sum of points, each with its reason: what is lost, how it goes, who stands on it. It knows
//! nothing of environments, waivers and approvals, so that two plans compare by what they do. What would block stands at
//! 60 or above, what would be reviewed below that, so no number of small things outranks one lost database. The score
//! of the whole begins with its worst finding and comes nearer to the limit of that class with every other one.

use crate::catalog::{Holds, Standing};
use crate::facts::{ChangeFacts, Effect};
use crate::rules::{Found, Loss, Verdict};

/// What would block has at least so many points, and what would be reviewed has fewer.
pub const BLOCKS: u32 = 60;

/// Some points, and what they are given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// How many.
    pub points: u32,
    /// What for, a few words without a full stop.
    pub reason: String,
}

/// The most points for what stands on an object.
const MOST_FOR_DEPENDENTS: u32 = 15;

/// The points of one finding; their sum is its score. `change` is the change that it is about, if it is about one, and
/// `verdict` the highest of the rules that it meets, before anything lowers it.
#[must_use]
pub(crate) fn points(found: &Found, change: Option<&ChangeFacts<'_, '_>>, verdict: Verdict) -> Vec<Points> {
    let blocks = verdict == Verdict::Block;
    let mut points = vec![base(found, change, blocks)];
    if let Some(change) = change {
        points.extend(of_effect(change.effect));
        points.extend(of_dependents(change));
    } else {
        points.extend(of_names(found.found.names.len()));
    }
    // The class is kept whatever the sum is.
    let most = if blocks { 100 } else { BLOCKS.saturating_sub(1) };
    let mut left = most;
    for one in &mut points {
        one.points = one.points.min(left);
        left = left.saturating_sub(one.points);
    }
    points.retain(|one| one.points > 0);
    points
}

/// The sum.
#[must_use]
pub fn sum(points: &[Points]) -> u32 {
    points.iter().map(|one| one.points).fold(0, u32::saturating_add).min(100)
}

/// What is lost.
fn base(found: &Found, change: Option<&ChangeFacts<'_, '_>>, blocks: bool) -> Points {
    let give = |points: u32, reason: &str| Points { points, reason: reason.to_owned() };
    let entry = change.map(|change| &change.entry);
    let standing = entry.map(|entry| entry.standing);
    let records = entry.is_some_and(|entry| entry.holds == Holds::Records);
    match (found.found.hit.loss, blocks) {
        (_, true) if change.is_none() => give(78, "an environment goes"),
        (_, true) if records && standing == Some(Standing::Foundation) => {
            give(74, "records are lost, and a foundation goes")
        }
        (_, true) if records => give(70, "records are lost"),
        (_, true) if standing == Some(Standing::Foundation) => give(66, "a foundation goes"),
        (_, true) => give(60, "a great deal stands on it"),
        (_, false) if change.is_some_and(|change| !change.destroys()) => of_update(found.found.hit.loss),
        (_, false) if records => give(40, "records are lost, with a way back"),
        (_, false) if standing == Some(Standing::Foundation) => give(35, "a foundation goes"),
        (Loss::Contents, false) => give(28, "passing contents are lost"),
        (Loss::Unseen, false) => give(32, "nobody can say what is lost"),
        (Loss::Service, false) => give(22, "a service is interrupted"),
        (other, false) => of_update(other),
    }
}

/// What nothing is destroyed by.
fn of_update(loss: Loss) -> Points {
    let (points, reason) = match loss {
        Loss::Data => (34, "records are made to go"),
        Loss::Protection => (30, "a guard goes"),
        Loss::Unseen => (32, "nobody can say what it does"),
        Loss::Contents => (26, "contents are made to go"),
        Loss::Control => (20, "it is managed no more"),
        Loss::Service => (22, "a service is interrupted"),
    };
    Points { points, reason: reason.to_owned() }
}

/// How it goes.
fn of_effect(effect: Effect) -> Option<Points> {
    let (points, reason) = match effect {
        Effect::Delete => (8, "nothing takes its place"),
        Effect::DeleteThenCreate => (5, "it goes before the new one is there"),
        Effect::CreateThenDelete => (2, "the new one is made first"),
        _ => return None,
    };
    Some(Points { points, reason: reason.to_owned() })
}

/// Who stands on it: three points for each doubling, which one more never lowers.
fn of_dependents(change: &ChangeFacts<'_, '_>) -> Option<Points> {
    if change.is_deposed() || !change.destroys() {
        return None;
    }
    let count = change.reach.counted;
    let points = doublings(count).saturating_mul(3).max(if change.carries() { 6 } else { 0 }).min(MOST_FOR_DEPENDENTS);
    let reason = match count {
        0 => "it carries what no plan lists".to_owned(),
        1 => "1 thing stands on it".to_owned(),
        many => format!("{many} things stand on it"),
    };
    (points > 0).then_some(Points { points, reason })
}

fn of_names(count: usize) -> Option<Points> {
    let points = doublings(u32::try_from(count).unwrap_or(u32::MAX)).saturating_mul(3).min(MOST_FOR_DEPENDENTS);
    (points > 0).then(|| Points { points, reason: format!("{count} objects that hold records, carry or serve others") })
}

/// How often a number can be doubled from one to reach it; nothing for none.
fn doublings(count: u32) -> u32 {
    count.saturating_add(1).ilog2()
}

/// The score of the whole, from the scores of its findings: not less than the worst, and never in a higher class.
#[must_use]
pub fn whole(scores: &[u32]) -> Vec<Points> {
    let Some(worst) = scores.iter().copied().max() else { return Vec::new() };
    let most = if worst >= BLOCKS { 100 } else { BLOCKS.saturating_sub(1) };
    let others = scores.iter().copied().fold(0, u32::saturating_add).saturating_sub(worst);
    let rest = u64::from(most.saturating_sub(worst)).saturating_mul(u64::from(others));
    let more = rest.checked_div(u64::from(others).saturating_add(200)).unwrap_or(0);
    let more = u32::try_from(more).unwrap_or(0);
    let mut points = vec![Points { points: worst, reason: "the worst finding".to_owned() }];
    if more > 0 {
        let count = scores.len().saturating_sub(1);
        let reason = if count == 1 { "1 more finding".to_owned() } else { format!("{count} more findings") };
        points.push(Points { points: more, reason });
    }
    points
}
