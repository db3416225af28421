//! Something that shall leave its stack, or be made again, and go on living: the policies of the template say so.

use super::yaml;
use crate::catalog::Holds;
use crate::facts::{ChangeFacts, Effect};
use crate::remedy::{Language, Paste, Subject, Way, WayOut, removed};

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change?;
    match change.effect {
        // What looks renamed is kept by its own way.
        Effect::Delete if subject.renamed().is_none() => removed(subject, change),
        Effect::CreateThenDelete | Effect::DeleteThenCreate | Effect::MayReplace if change.is_precious() => {
            replaced(change)
        }
        _ => None,
    }
}

/// `DeletionPolicy` is that of the template that is deployed, so it goes before the removal.
fn removed(subject: &Subject<'_, '_, '_>, change: &ChangeFacts<'_, '_>) -> Option<WayOut> {
    let together = match removed::keeps(change) {
        true => removed::together(subject, change),
        false if change.entry.holds == Holds::Transient => vec![change],
        false => return None,
    };
    let parts: Option<Vec<String>> =
        together.iter().map(|one| with_policy(&one.change.address, "DeletionPolicy")).collect();
    let text = "To keep it, put it back into the template. To let it leave the stack and go on living, put this under Resources of the deployed template and deploy that alone first; then take it out:";
    Some(way(text, parts?.join("\n")))
}

/// `UpdateReplacePolicy` is that of the new template, so it may go with the change.
fn replaced(change: &ChangeFacts<'_, '_>) -> Option<WayOut> {
    let text = "To keep the old one beside the new one, with all that is in it, put this under Resources of the new template; move over what is needed, and delete the old one by hand:";
    Some(way(text, with_policy(&change.change.address, "UpdateReplacePolicy")?))
}

fn with_policy(address: &str, policy: &str) -> Option<String> {
    yaml::resource(address, &[format!("{policy}: Retain")])
}

fn way(text: &str, paste: String) -> WayOut {
    WayOut { id: "retain", text: text.to_owned(), paste: Some(Paste { language: Language::Yaml, text: paste }) }
}
