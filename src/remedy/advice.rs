//! What is left where nothing more concrete fits: the rule's own advice.

use super::{Subject, Way, WayOut};
use crate::catalog::{Standing, Trait};
use crate::plan::Action;

pub(super) const WAY: Way = Way { find };
pub(super) const ID: &str = "advice";

#[allow(clippy::unnecessary_wraps, reason = "the form of every way out")]
fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let text = of_change(subject).unwrap_or_else(|| of_page(subject.found.rule.page));
    Some(WayOut { id: ID, text, paste: None })
}

fn of_change(subject: &Subject<'_, '_, '_>) -> Option<String> {
    let change = subject.change?;
    if change.is_deposed() {
        return Some(
            "Check that what it held, and what uses it, was moved to the live object before this runs.".to_owned(),
        );
    }
    if change.change.action == Action::Unknown {
        return Some(
            "Plan again with a tool that writes actions that are known, and give the plan untouched.".to_owned(),
        );
    }
    if change.destroys() && change.entry.standing == Standing::Unknown {
        let kind = &change.change.kind;
        return Some(format!("Let somebody agree who knows what a {kind} holds, and add the type to the catalogue."));
    }
    if change.destroys() && change.entry.is(&Trait::Opaque) {
        return Some("List what is in it, and let somebody agree who knows that.".to_owned());
    }
    None
}

/// The last part of a rule's page.
fn of_page(page: &str) -> String {
    let part = page.split("## What to do instead\n").nth(1).unwrap_or_default();
    part.split("\n## ").next().unwrap_or_default().trim().replace('\n', " ")
}
