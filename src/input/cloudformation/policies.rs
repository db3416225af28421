//! `PolicyAction`, `DeletionPolicy` and `UpdateReplacePolicy`: what becomes of the old object.
//!
//! A removal follows the deployed template's `DeletionPolicy`, a replacement the new template's `UpdateReplacePolicy`
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html>).
//! `PolicyAction` says what follows from them. Where two of them disagree, the worse counts.

use super::context::Context;
use super::response::{ResourceChange, text};
use crate::plan::{Action, Disposal, Policy, PolicyChange, PolicySaid, Statement};

pub(super) const DELETION: &str = "DeletionPolicy";
pub(super) const REPLACEMENT: &str = "UpdateReplacePolicy";

/// The policies of one side of a change; `None` where that side says nothing of them at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Policies {
    pub(super) deletion: Option<PolicySaid>,
    pub(super) replacement: Option<PolicySaid>,
}

/// Reads a policy's word. One that only an unread function would give is the worst.
pub(super) fn policy(word: Option<&str>) -> Policy {
    match word {
        // For an object that exists already, nothing but its making is excepted.
        Some("Retain" | "RetainExceptOnCreate") => Policy::Retain,
        Some("Snapshot") => Policy::Snapshot,
        _ => Policy::Delete,
    }
}

/// What the row's action does to the old object, with all that says so.
pub(super) fn disposal(
    row: &ResourceChange<'_>,
    action: Action,
    (before, after): (&Context, &Context),
    deployed: Option<Policies>,
) -> (Action, Option<Box<Disposal>>) {
    let policies = if matches!(action, Action::Update | Action::MayReplace) {
        changed(row, (before, after), deployed)
    } else {
        Vec::new()
    };
    let said = match action {
        Action::Delete => of_removal(row, before, deployed),
        Action::CreateThenDelete | Action::MayReplace => of_replacement(row, after),
        _ => Vec::new(),
    };
    let kept_by = kept(&said).map(|by| by.what.clone());
    let action = match action {
        Action::Delete if kept_by.is_some() => Action::Forget { replaced: false },
        Action::CreateThenDelete if kept_by.is_some() => Action::Forget { replaced: true },
        other => other,
    };
    let is_plain = said.is_empty() && policies.is_empty();
    let disposal = Disposal { kept_by, said, policies, refused_by: None };
    (action, (!is_plain).then(|| Box::new(disposal)))
}

/// The statement that keeps the object, where all of them do.
fn kept(said: &[Statement]) -> Option<&Statement> {
    let all = said.iter().all(|one| one.policy == PolicySaid::Is(Policy::Retain));
    said.first().filter(|_| all)
}

fn of_removal(row: &ResourceChange<'_>, before: &Context, deployed: Option<Policies>) -> Vec<Statement> {
    let mut said: Vec<Statement> = by_action(row).into_iter().collect();
    // A context that says nothing of a policy shows little: it may be the live object's. A template that was given is
    // the template.
    let written = before.policies.deletion.filter(|policy| *policy != PolicySaid::TypeDefault);
    let in_template = written.or(deployed.and_then(|policies| policies.deletion));
    // Where the template is not seen at all, nobody shows that it does not say Delete.
    let unseen = PolicySaid::Is(Policy::Delete);
    let otherwise = before.policies.deletion.unwrap_or(unseen);
    let policy = in_template.or(Some(otherwise).filter(|_| said.is_empty()));
    said.extend(policy.map(|policy| Statement { policy, what: name(DELETION, policy) }));
    said
}

fn of_replacement(row: &ResourceChange<'_>, after: &Context) -> Vec<Statement> {
    let mut said: Vec<Statement> = by_action(row).into_iter().collect();
    match after.policies.replacement {
        Some(policy @ PolicySaid::Is(_)) => said.push(Statement { policy, what: name(REPLACEMENT, policy) }),
        _ if said.is_empty() => {
            let policy = PolicySaid::Is(Policy::Delete);
            said.push(Statement { policy, what: name(REPLACEMENT, policy) });
        }
        _ => {}
    }
    said
}

fn by_action(row: &ResourceChange<'_>) -> Option<Statement> {
    let word = row.policy_action.as_ref()?;
    let policy = match word.0.strip_prefix("ReplaceAnd").unwrap_or(&word.0) {
        "Retain" => Policy::Retain,
        "Snapshot" => Policy::Snapshot,
        _ => Policy::Delete,
    };
    let policy = PolicySaid::Is(policy);
    Some(Statement { policy, what: name("PolicyAction", policy) })
}

fn name(attribute: &str, policy: PolicySaid) -> String {
    let word = match policy {
        PolicySaid::Is(Policy::Retain) => "Retain",
        PolicySaid::Is(Policy::Snapshot) => "Snapshot",
        PolicySaid::Is(Policy::Delete) => "Delete",
        PolicySaid::TypeDefault => return format!("the {attribute} that its type has by default"),
    };
    format!("{attribute} {word}")
}

/// The policies that an update sets anew.
fn changed(
    row: &ResourceChange<'_>,
    (before, after): (&Context, &Context),
    deployed: Option<Policies>,
) -> Vec<PolicyChange> {
    let mut found = Vec::new();
    for (attribute, on_removal) in [(DELETION, true), (REPLACEMENT, false)] {
        let pick = |policies: &Policies| if on_removal { policies.deletion } else { policies.replacement };
        let (was, will) = (pick(&before.policies).or(deployed.as_ref().and_then(pick)), pick(&after.policies));
        let details = row.details.iter().flatten().map(|detail| &detail.0);
        let mentioned =
            details.filter(|detail| detail.changes_something()).any(|detail| detail.attribute() == attribute)
                || row.scope.iter().flatten().any(|word| word.0 == attribute);
        let differs = matches!((was, will), (Some(was), Some(will)) if was != will);
        if differs || (mentioned && (was.is_none() || will.is_none())) {
            found.push(PolicyChange { attribute, on_removal, before: was, after: will });
        }
    }
    found
}

/// What the details say of both policies.
pub(super) fn in_details(row: &ResourceChange<'_>, before: bool) -> Policies {
    Policies { deletion: in_detail(row, DELETION, before), replacement: in_detail(row, REPLACEMENT, before) }
}

/// The policy's value in a detail, where it has one.
fn in_detail(row: &ResourceChange<'_>, attribute: &str, before: bool) -> Option<PolicySaid> {
    let details = row.details.iter().flatten().map(|detail| &detail.0);
    details.filter(|detail| detail.attribute() == attribute).find_map(|detail| {
        let target = &detail.target.as_ref()?.0;
        let value = if before { target.before_value } else { target.after_value };
        if let Some(value) = value.and_then(|value| serde_json::from_str::<Option<String>>(value.get()).ok().flatten())
        {
            return Some(PolicySaid::Is(policy(Some(&value))));
        }
        let absent = if before { "Add" } else { "Remove" };
        (text(target.attribute_change_type.as_ref()) == absent).then_some(PolicySaid::TypeDefault)
    })
}
