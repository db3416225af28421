//! What to do instead in a stack: the policies of the template keep what a change would take.

use super::{Subject, Way, WayOut};
use crate::facts::Effect;

pub(super) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change?;
    let address = &change.change.address;
    let text = match change.effect {
        Effect::Delete => format!(
            "Put {address} back into the template. To keep it outside of the stack, deploy it with `DeletionPolicy: Retain` first, and remove it in a change of its own."
        ),
        Effect::CreateThenDelete | Effect::DeleteThenCreate | Effect::MayReplace => {
            let back = match &change.cause.forced_by {
                Some(attribute) => format!("Set {attribute} of {address} back"),
                None => format!("Take back what replaces {address}"),
            };
            format!("{back}. To keep the old one beside the new one, deploy it with `UpdateReplacePolicy: Retain`.")
        }
        _ => return None,
    };
    Some(WayOut { id: "in-stack", text, paste: None })
}
