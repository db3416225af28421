//! A nested stack whose change set was not given: get that too.

use crate::plan::Inside;
use crate::remedy::{Language, Paste, Subject, Way, WayOut, shell};

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| change.change.inside == Inside::Unseen)?;
    let address = &change.change.address;
    let id = change.change.inside_plan.as_deref().filter(|id| is_arn(id)).and_then(shell::quoted);
    let (text, paste) = match id {
        Some(id) => (
            format!("Describe what is planned inside of {address} too, and give both:"),
            Some(format!("aws cloudformation describe-change-set --include-property-values --change-set-name {id}")),
        ),
        None => (
            format!("Make the change set with --include-nested-stacks, describe that of {address} too, and give both."),
            None,
        ),
    };
    Some(WayOut { id: "nested", text, paste: paste.map(|text| Paste { language: Language::Shell, text }) })
}

/// The characters of an ARN alone.
fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_:/.".contains(c))
}
