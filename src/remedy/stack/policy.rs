//! A policy of the template that was loosened: set it back.

use super::yaml;
use crate::plan::{Policy, PolicySaid};
use crate::remedy::{Language, Paste, Subject, Way, WayOut, revert};

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change?;
    let attribute = &change.loosened.first()?.attribute;
    let policies = change.change.disposal.as_ref()?.policies.iter();
    let policy = policies.into_iter().find(|policy| policy.attribute == attribute.as_str())?;
    let address = &change.change.address;
    let word = match policy.before {
        Some(PolicySaid::Is(Policy::Retain)) => "Retain",
        Some(PolicySaid::Is(Policy::Snapshot)) => "Snapshot",
        Some(PolicySaid::Is(Policy::Delete) | PolicySaid::TypeDefault) | None => {
            let text = format!("Set {attribute} of {address} back to what the deployed template says.");
            return Some(WayOut { id: revert::ID, text, paste: None });
        }
    };
    let paste = yaml::resource(address, &[format!("{attribute}: {word}")]);
    Some(WayOut {
        id: revert::ID,
        text: format!("Set {attribute} of {address} back to {word}."),
        paste: paste.map(|text| Paste { language: Language::Yaml, text }),
    })
}
