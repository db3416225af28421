//! A value that changes by itself, or outside of the code: keep what is there.

use super::{Language, Paste, Subject, Way, WayOut, hcl};
use crate::facts::{Effect, Origin};

pub(super) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let cause = subject.cause()?;
    let (_, root) = subject.root.filter(|(_, root)| root.change.action.replaces() || root.effect == Effect::Update)?;
    let attribute = cause.attribute.as_deref()?.split('.').next()?;
    let why = match cause.origin {
        Origin::Read => {
            let read = cause.reads.first()?;
            format!(
                "{attribute} comes from {read}, which reads something else than last time. To keep what is there, ignore that; change it on purpose another day."
            )
        }
        Origin::Drifted => format!(
            "{attribute} was changed outside of the tool, and the plan takes that back by force. To keep what is there, write its present value into the configuration, or ignore the difference."
        ),
        _ if !root.stripped.is_empty() => format!(
            "If {attribute} is filled by something else, leave it to that; else write its entries into the configuration."
        ),
        _ => return None,
    };
    let name = attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(attribute)?;
    let lines = ["lifecycle {".to_owned(), format!("  ignore_changes = [{name}]"), "}".to_owned()];
    let paste = hcl::resource(&root.change.block, &lines).map(|text| Paste { language: Language::Hcl, text });
    Some(WayOut { id: "ignore-changes", text: why, paste })
}
