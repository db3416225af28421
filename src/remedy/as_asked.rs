//! Somebody asked for it, or marked the object: take that back.

use super::{Language, Paste, Subject, Way, WayOut, shell};
use crate::facts::Origin;

pub(super) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let cause = subject.cause()?;
    let address = &subject.root?.1.change.address;
    match cause.origin {
        Origin::Requested => Some(WayOut {
            id: "without-replace",
            text: format!("Plan again without -replace={address}: nothing in the configuration asks for it."),
            paste: None,
        }),
        Origin::Tainted => Some(WayOut {
            id: "untaint",
            text: "It is marked as tainted, mostly because a step after its making failed. If it is sound, take the mark off and plan again.".to_owned(),
            paste: shell::quoted(address)
                .map(|address| Paste { language: Language::Shell, text: format!("{} untaint {address}", subject.program()) }),
        }),
        Origin::DestroyPlan => Some(WayOut {
            id: "without-destroy",
            text: "This plan was made with -destroy. Plan without it; to retire one thing, remove its block and leave the rest.".to_owned(),
            paste: None,
        }),
        _ => None,
    }
}
