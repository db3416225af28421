//! Something that shall leave the configuration and go on living: say so.

use std::collections::BTreeSet;

use super::{Language, Paste, Subject, Way, WayOut, hcl, shell};
use crate::catalog::Standing;
use crate::facts::{ChangeFacts, Effect, Origin};
use crate::plan::{Mode, Parts};

pub(super) const WAY: Way = Way { find };

/// Terraform knows `removed` blocks with a `lifecycle` in them from this version on.
const REMOVED_SINCE: (u32, u32) = (1, 7);

/// OpenTofu's older `removed` blocks have none; they keep the object in any case.
const REMOVED_SINCE_IN_TOFU: (u32, u32) = (1, 10);

/// So many objects are named that were taken out together; of more, each finding names its own.
const MOST: usize = 8;

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| keeps(change))?;
    if subject.facts.renames.to(subject.found.change?).is_some() || change.cause.origin == Origin::DestroyPlan {
        return None;
    }
    let back = match change.cause.origin {
        Origin::BlockGone => "put its block back",
        Origin::ModuleGone => "put the call of its module back",
        Origin::KeyGone => "put its key back into for_each",
        Origin::IndexGone | Origin::Repeated => "put count or for_each back",
        Origin::Disabled => "switch its block on again",
        _ => "take what removes it back",
    };
    let together = together(subject, change);
    let paste = blocks(subject, change, &together).or_else(|| {
        let addresses: Option<Vec<String>> = together.iter().map(|one| shell::quoted(&one.change.address)).collect();
        let text = format!("{} state rm {}", subject.program(), addresses?.join(" "));
        Some(Paste { language: Language::Shell, text })
    });
    let text = format!("To keep it, {back}. To keep it without managing it here, let it leave the state alive:");
    Some(WayOut { id: "removed", text, paste: Some(paste?) })
}

/// It is something that somebody may want to keep.
pub(super) fn keeps(change: &ChangeFacts<'_, '_>) -> bool {
    let worth = change.is_precious() || change.entry.standing == Standing::Service;
    worth && change.effect == Effect::Delete && !change.is_deposed()
}

/// It and what was taken out together with it, which would be found next.
pub(super) fn together<'c, 'p, 'a>(
    subject: &Subject<'c, 'p, 'a>,
    change: &'c ChangeFacts<'p, 'a>,
) -> Vec<&'c ChangeFacts<'p, 'a>> {
    let changes = subject.facts.changes.iter().enumerate().filter(|(_, other)| other.plan == change.plan);
    let all: Vec<&ChangeFacts<'_, '_>> = changes
        .filter(|(_, other)| keeps(other) && other.cause.group == change.cause.group)
        .filter(|(place, other)| {
            other.cause.origin == change.cause.origin && subject.facts.renames.to(*place).is_none()
        })
        .map(|(_, other)| other)
        .take(MOST.saturating_add(1))
        .collect();
    if all.len() > MOST { vec![change] } else { all }
}

/// `removed` blocks for all of them, where the configuration has none of their blocks any more.
fn blocks(
    subject: &Subject<'_, '_, '_>,
    change: &ChangeFacts<'_, '_>,
    together: &[&ChangeFacts<'_, '_>],
) -> Option<Paste> {
    let since = if subject.is_tofu() { REMOVED_SINCE_IN_TOFU } else { REMOVED_SINCE };
    let gone = matches!(change.cause.origin, Origin::BlockGone | Origin::ModuleGone);
    if !gone || !subject.tool_is_at_least(since) {
        return None;
    }
    let all: BTreeSet<&str> = together.iter().map(|other| other.change.block.as_ref()).collect();
    if !all.iter().all(|block| goes_as_a_whole(subject, block)) {
        return None;
    }
    let blocks: Option<Vec<String>> = all.into_iter().map(block).collect();
    Some(Paste { language: Language::Hcl, text: blocks?.join("\n") })
}

fn block(address: &str) -> Option<String> {
    let from = hcl::address(address)?;
    Some(format!("removed {{\n  from = {from}\n  lifecycle {{\n    destroy = false\n  }}\n}}"))
}

/// All instances of the block are deleted and the configuration has it no more: a `removed` block names no keys, and is an
/// error beside a block that is there.
fn goes_as_a_whole(subject: &Subject<'_, '_, '_>, block: &str) -> bool {
    let Some(plan) = subject.plan().filter(|plan| plan.configuration.present) else { return false };
    if plan.configuration.place(block).is_some() || !Parts::parse(block).is_exact {
        return false;
    }
    let changes = subject.facts.of_one(subject.found.plan).iter();
    let deleted = changes.filter(|change| change.change.block == block && !change.is_deposed());
    let deleted = deleted.filter(|change| change.effect == Effect::Delete).count();
    let objects = plan.estate.instances.iter().filter(|i| i.block == block && i.mode == Mode::Managed);
    objects.filter(|object| object.deposed.is_none()).count() <= deleted
}
