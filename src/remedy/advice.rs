//! What is left where nothing more concrete fits: the rule's own advice.

use super::{Subject, Way, WayOut};
use crate::catalog::{Standing, Trait};
use crate::plan::Action;

pub(super) const WAY: Way = Way { find };
pub(super) const ID: &str = "advice";

#[allow(clippy::unnecessary_wraps, reason = "the form of every way out")]
fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let text = of_change(subject).unwrap_or_else(|| of_page(subject.found.rule.page, subject.is_stack()));
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
        let text = if subject.is_stack() {
            "Describe the change set again with a newer AWS CLI, and give it untouched."
        } else {
            "Plan again with a tool that writes actions that are known, and give the plan untouched."
        };
        return Some(text.to_owned());
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

/// The last part of a rule's page: for a stack its paragraph about stacks, where it has one, and else the others.
fn of_page(page: &str, in_stack: bool) -> String {
    let part = page.split("## What to do instead\n").nth(1).unwrap_or_default();
    let part = part.split("\n## ").next().unwrap_or_default();
    let (of_stacks, others): (Vec<&str>, Vec<&str>) =
        part.split("\n\n").map(str::trim).partition(|paragraph| paragraph.starts_with(OF_STACKS));
    let found = if in_stack && !of_stacks.is_empty() { of_stacks } else { others };
    capital(found.join(" ").trim_start_matches(OF_STACKS)).replace('\n', " ")
}

/// How a paragraph begins that holds for stacks alone.
const OF_STACKS: &str = "In a stack, ";

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::of_page;
    use crate::rules::RULES;

    #[test]
    fn each_tool_is_told_what_it_has() {
        for rule in RULES {
            let (plans, stacks) = (of_page(rule.page, false), of_page(rule.page, true));
            assert!(!plans.is_empty() && !plans.contains("In a stack"), "{plans}");
            assert!(!stacks.is_empty() && !stacks.contains("In a stack"), "{stacks}");
            for word in ["moved", "state", "workspace", "backend", "create_before_destroy", "ignore_changes", "plan"] {
                assert!(
                    !stacks.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word)
                        || stacks.contains("were moved over"),
                    "{word}: {stacks}"
                );
            }
        }
    }
}
