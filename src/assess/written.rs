//! What the sources add to a finding.

use crate::facts::{ChangeFacts, Facts, Instead, WrittenAt};
use crate::{plan, report};

/// Where the object is written.
pub(crate) fn source(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<report::Source> {
    facts.written(change).map(of)
}

/// Where a block is written that no change is about.
pub(super) fn block(facts: &Facts<'_, '_>, plan: usize, address: &str) -> Option<report::Source> {
    facts.written_block(plan, &plan::Parts::parse(address).block).map(of)
}

fn of(written: WrittenAt<'_>) -> report::Source {
    report::Source {
        file: written.block.file.to_string(),
        line: written.block.line,
        attribute_at: written.attribute.map(place),
        set_at: written.set.map(place),
        called_from: written.called_from.into_iter().map(place).collect(),
        instead: written.instead.map(|instead| match instead {
            Instead::Alike(address) => format!("{address}, which is alike"),
            Instead::Removed => "the removed block that takes it out".to_owned(),
        }),
    }
}

fn place(place: &plan::Place) -> report::Place {
    report::Place { file: place.file.to_string(), line: place.line }
}

/// The guard that went with the block.
pub(super) fn guard_gone(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<String> {
    let gone = facts.guard_gone(change)?;
    let place = format!("{}:{}", gone.place.file, gone.place.line);
    Some(if gone.is_same {
        format!("its block had prevent_destroy, which went with it ({place})")
    } else {
        format!("a block of the same type and name has prevent_destroy ({place}); a guard goes with its block")
    })
}
