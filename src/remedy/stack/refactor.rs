//! A logical id that was renamed: keep it, or let CloudFormation move the resource to the new one.

use super::Place;
use crate::remedy::{Language, Paste, Subject, Way, WayOut, shell};

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (from, to) = subject.renamed()?;
    let (old, new) = (Place::of(from)?, Place::of(to)?);
    if old.stack != new.stack {
        return None;
    }
    let text = format!(
        "{from} and {to} look like one thing under two logical ids. Keep the logical id {}, and nothing is destroyed. Or let CloudFormation rename it, with a template in which nothing else changes, and execute the refactor that this makes:",
        old.logical
    );
    let place = |place: &Place<'_>| {
        format!(r#"{{"StackName":"{}","LogicalResourceId":"{}"}}"#, place.stack.trim_matches('\''), place.logical)
    };
    let mapping = format!(r#"[{{"Source":{},"Destination":{}}}]"#, place(&old), place(&new));
    let command = format!(
        "aws cloudformation create-stack-refactor --stack-definitions StackName={},TemplateBody@=file://template.yaml --resource-mappings {}",
        old.stack,
        shell::quoted(&mapping)?
    );
    Some(WayOut { id: "refactor", text, paste: Some(Paste { language: Language::Shell, text: command }) })
}
