//! Other changes that wait for this one without need: apply them alone.

use std::collections::HashSet;

use super::{Language, Paste, Subject, Way, WayOut, shell};
use crate::facts::{ChangeFacts, Effect};
use crate::plan::Configuration;
use crate::rules::Verdict;

pub(super) const WAY: Way = Way { find };

/// So many addresses are named.
const MOST: usize = 8;

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let others = others(subject)?;
    let targets: Option<Vec<String>> =
        others.iter().map(|change| Some(format!("-target={}", shell::quoted(&change.change.address)?))).collect();
    Some(WayOut {
        id: "split",
        text: "The other changes of this plan do not need it. Apply them first, and put this into a change of its own."
            .to_owned(),
        paste: Some(Paste {
            language: Language::Shell,
            text: format!("{} plan -out=tfplan {}", subject.program(), targets?.join(" ")),
        }),
    })
}

/// What else is changed, is found for nothing, and does not wait for what is destroyed; `None` where that is nothing, or too
/// much to name.
pub(super) fn others<'c, 'p, 'a>(subject: &Subject<'c, 'p, 'a>) -> Option<Vec<&'c ChangeFacts<'p, 'a>>> {
    if subject.found.rule.verdict != Verdict::Block {
        return None;
    }
    let plan = subject.plan()?;
    let changes = subject.facts.of_one(subject.found.plan);
    let quiet = |change: &&ChangeFacts<'_, '_>| {
        matches!(change.effect, Effect::Create | Effect::Update)
            && subject.facts.renames.from(change).is_none()
            && change.loosened.is_empty()
            && change.stripped.is_empty()
            && change.expiring.is_empty()
            && change.stopped.is_empty()
            && change.relabelled.is_none()
    };
    let others: Vec<&ChangeFacts<'_, '_>> = changes.iter().filter(quiet).take(MOST.saturating_add(1)).collect();
    if others.is_empty() || others.len() > MOST || !plan.configuration.present {
        return None;
    }
    let destroyed: HashSet<&str> = changes.iter().filter(|c| c.destroys()).map(|c| c.change.block.as_ref()).collect();
    let free = others.iter().all(|change| stands_apart(&plan.configuration, &change.change.block, &destroyed));
    free.then_some(others)
}

/// A block's configuration leads to none of the blocks that are destroyed, and is none of them.
fn stands_apart(configuration: &Configuration<'_>, block: &str, destroyed: &HashSet<&str>) -> bool {
    let Some(start) = configuration.place(block) else { return false };
    let (mut seen, mut open) = (HashSet::from([start]), vec![start]);
    while let Some(block) = open.pop().and_then(|place| configuration.blocks.get(place)) {
        if destroyed.contains(&*block.address) {
            return false;
        }
        open.extend(block.references.iter().map(|reference| reference.target).filter(|target| seen.insert(*target)));
    }
    true
}
