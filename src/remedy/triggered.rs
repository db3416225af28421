//! A replacement that another object's change triggers: undo that, or let go of the trigger.

use super::{Subject, Way, WayOut};
use crate::facts::Origin;

pub(super) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let cause = subject.cause().filter(|cause| cause.origin == Origin::Triggered)?;
    let address = &cause.address;
    let text = match &cause.comes_from {
        Some(object) => {
            format!("Undo what changes {object}, or take it out of `replace_triggered_by` of {address}.")
        }
        None => format!("Undo the change of what `replace_triggered_by` of {address} names, or take that out of it."),
    };
    Some(WayOut { id: "triggered", text, paste: None })
}
