//! Something that shall leave the configuration and go on living: say so.

use super::{Language, Paste, Subject, Way, WayOut, hcl, shell};
use crate::facts::{Effect, Origin};
use crate::plan::{Mode, Parts};

pub(super) const WAY: Way = Way { find };

/// The tool knows `removed` blocks from this version on.
const REMOVED_SINCE: (u32, u32) = (1, 7);

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| change.effect == Effect::Delete && !change.is_deposed())?;
    let keeps = change.is_precious() || change.entry.standing == crate::catalog::Standing::Service;
    if !keeps || subject.facts.renames.to(subject.found.change?).is_some() || change.cause.origin == Origin::DestroyPlan
    {
        return None;
    }
    let address = change.change.address.as_ref();
    let back = match change.cause.origin {
        Origin::BlockGone => "put its block back",
        Origin::ModuleGone => "put the call of its module back",
        Origin::KeyGone => "put its key back into for_each",
        Origin::IndexGone | Origin::Repeated => "put count or for_each back",
        Origin::Disabled => "switch its block on again",
        _ => "take what removes it back",
    };
    let gone = matches!(change.cause.origin, Origin::BlockGone | Origin::ModuleGone);
    let paste = if gone && subject.tool_is_at_least(REMOVED_SINCE) && goes_as_a_whole(subject, &change.change.block) {
        let from = hcl::address(&change.change.block)?;
        let text = format!("removed {{\n  from = {from}\n  lifecycle {{\n    destroy = false\n  }}\n}}");
        Paste { language: Language::Hcl, text }
    } else {
        let address = shell::quoted(address)?;
        Paste { language: Language::Shell, text: format!("terraform state rm {address}") }
    };
    let text = format!("To keep it, {back}. To keep it without managing it here, let it leave the state alive:");
    Some(WayOut { id: "removed", text, paste: Some(paste) })
}

/// All instances of the block are deleted: a `removed` block names no keys.
fn goes_as_a_whole(subject: &Subject<'_, '_, '_>, block: &str) -> bool {
    let Some(plan) = subject.plan() else { return false };
    let deleted = |address: &str| {
        let changes = subject.facts.of_one(subject.found.plan);
        changes.iter().any(|change| change.change.address == address && change.effect == Effect::Delete)
    };
    let mut objects = plan.estate.instances.iter().filter(|i| i.block == block && i.mode == Mode::Managed);
    Parts::parse(block).is_exact && objects.all(|object| deleted(&object.address))
}
