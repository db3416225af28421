//! What keeps a stack from doing it unasked: its policy, and termination protection for the stack as a whole.

use super::{Place, yaml};
use crate::remedy::{Language, Paste, Subject, Way, WayOut, shell};
use crate::rules::Verdict;

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    if subject.found.rule.verdict != Verdict::Block {
        return None;
    }
    let Some(change) = subject.change else { return of_stack(subject) };
    let place = Place::of(&change.change.address).filter(|_| change.is_precious() && change.destroys())?;
    let policy = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}},{{"Effect":"Deny","Action":["Update:Replace","Update:Delete"],"Principal":"*","Resource":"LogicalResourceId/{}"}}]}}"#,
        place.logical
    );
    let command = format!(
        "aws cloudformation set-stack-policy --stack-name {} --stack-policy-body {}",
        place.stack,
        shell::quoted(&policy)?
    );
    Some(WayOut {
        id: "stack-policy",
        text: "So that no change set does this unasked, let the stack's policy deny it. This takes the place of a policy that is there:".to_owned(),
        paste: Some(Paste { language: Language::Shell, text: command }),
    })
}

/// What is found on a change set as a whole.
fn of_stack(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let first = subject.facts.of_one(subject.found.plan).first()?;
    let stack = first.change.address.split('/').next().filter(|name| yaml::is_name(name))?;
    let command = format!(
        "aws cloudformation update-termination-protection --enable-termination-protection --stack-name {}",
        shell::quoted(stack)?
    );
    Some(WayOut {
        id: "termination-protection",
        text: "If the stack shall live, keep it from being deleted as a whole as well:".to_owned(),
        paste: Some(Paste { language: Language::Shell, text: command }),
    })
}
