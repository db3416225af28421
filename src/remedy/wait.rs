//! A value that is only not known yet: let what it comes from be applied first.

use super::{Language, Paste, Subject, Way, WayOut, shell};
use crate::facts::Origin;

pub(super) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let cause = subject.cause().filter(|cause| cause.origin == Origin::NotKnown)?;
    let attribute = cause.attribute.as_deref().unwrap_or("an attribute");
    let Some(first) = cause.comes_from.as_deref() else {
        let text = match cause.reads.first() {
            Some(read) => format!(
                "The new value of {attribute} is not known yet because {read} is read only during the apply. Take `depends_on` off it, or put the known value in its place."
            ),
            None => format!(
                "The new value of {attribute} is not known yet. Write the known value in its place, or list {attribute} under `ignore_changes`."
            ),
        };
        return Some(WayOut { id: "wait", text, paste: None });
    };
    let text = format!(
        "The new value of {attribute} is not known yet, and may well be the old one. Apply {first} alone first, then plan again."
    );
    let paste = shell::quoted(first)
        .map(|first| Paste { language: Language::Shell, text: format!("{} apply -target={first}", subject.program()) });
    Some(WayOut { id: "wait", text, paste })
}
