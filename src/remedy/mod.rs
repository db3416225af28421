//! Ways out: for each finding one concrete thing to do instead.

use crate::facts::{ChangeFacts, Effect};
use crate::plan::ActionReason;
use crate::rules::{Found, Loss};

/// The way out that fits what was found.
#[must_use]
pub fn way_out(found: &Found, change: Option<&ChangeFacts<'_, '_>>) -> String {
    match (change, found.rule.id) {
        (Some(change), "protection-removed") => leave_on(change),
        (Some(change), "stripped") => format!(
            "Write the entries of {} into the configuration, or list it under `ignore_changes`.",
            change.stripped.first().map_or("it", String::as_str)
        ),
        (Some(_), "expiring" | "stopped" | "forgotten") | (None, _) => first_advice(found.rule.page),
        (Some(change), "not-vouched") => vouch(change),
        (Some(change), _) => keep(change, found.found.hit.loss),
    }
}

/// What somebody must do who is to vouch for it.
fn vouch(change: &ChangeFacts<'_, '_>) -> String {
    if change.change.action == crate::plan::Action::Unknown {
        return "Plan again with a tool that writes actions that are known, and give the plan untouched.".to_owned();
    }
    if change.destroys() && change.entry.standing == crate::catalog::Standing::Unknown {
        return format!(
            "Let somebody agree who knows what a {} holds, and add the type to the catalogue.",
            change.change.kind
        );
    }
    if change.destroys() && change.entry.is(&crate::catalog::Trait::Opaque) {
        return "List what is in it, and let somebody agree who knows that.".to_owned();
    }
    "Take the program out of the plan, or let somebody read what it runs.".to_owned()
}

fn leave_on(change: &ChangeFacts<'_, '_>) -> String {
    match change.loosened.first() {
        Some(lost) if change.effect == Effect::Update => format!("Leave {} as it was.", lost.attribute),
        Some(_) => "Keep the guard, or retire it together with what it guards, in one change that somebody agrees to."
            .to_owned(),
        None => "Leave the environment tag as it was.".to_owned(),
    }
}

/// How to keep an object that would be destroyed.
fn keep(change: &ChangeFacts<'_, '_>, loss: Loss) -> String {
    let address = &change.change.address;
    let cause = &change.cause;
    let first = match (change.effect, cause.reason) {
        _ if change.is_deposed() => {
            return "Check that what it held, and what uses it, was moved to the live object before this runs."
                .to_owned();
        }
        (_, Some(ActionReason::ByRequest)) => "Plan again without `-replace`.".to_owned(),
        (_, Some(ActionReason::Tainted)) => {
            format!("If the object is sound, run terraform untaint {} and plan again.", quoted(&cause.address))
        }
        (_, Some(ActionReason::ByTriggers)) => "Take what changes out of `replace_triggered_by`.".to_owned(),
        (Effect::Delete, Some(ActionReason::EachKey | ActionReason::CountIndex | ActionReason::WrongRepetition)) => {
            format!(
                "If it only got another key, write a `moved` block from {address} to its new address; `for_each` keeps keys where `count` shifts them."
            )
        }
        (Effect::Delete, Some(ActionReason::NoConfig | ActionReason::NoModule | ActionReason::NoMoveTarget)) => {
            format!("If it was renamed, write a `moved` block from {address} to its new address.")
        }
        (Effect::Delete, _) => format!(
            "To keep it, write a `removed` block with `from = {address}` and `lifecycle {{ destroy = false }}`."
        ),
        _ if cause.only_unknown => format!(
            "The new value of {} is not known yet: apply what it comes from first, then plan again.",
            cause.forced_by.as_deref().unwrap_or("an attribute")
        ),
        _ => match &cause.attribute {
            Some(attribute) => format!("Set {attribute} of {} back to its former value.", cause.address),
            None => "Find what forces the replacement and take it back.".to_owned(),
        },
    };
    match loss {
        Loss::Data => format!("{first} If it shall go, make a snapshot or a copy first, in a change of its own."),
        _ => first,
    }
}

/// An address for a shell: in single quotes, with those in it escaped.
fn quoted(address: &str) -> String {
    format!("'{}'", address.replace('\'', r"'\''"))
}

/// The last part of a rule's page.
fn first_advice(page: &str) -> String {
    page.rsplit("## What to do instead\n").next().unwrap_or_default().trim().replace('\n', " ")
}
