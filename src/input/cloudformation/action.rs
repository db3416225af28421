//! What a row does with its object: `Action`, `Replacement`, `PolicyAction` and `Details` read together.
//!
//! The words and how they follow from each other are documented with `ResourceChange` and `ResourceTargetDefinition`:
//! a property that always needs recreation and whose change is evaluated statically is a replacement, one that is evaluated
//! dynamically may be one. A word that nobody knows is the worst that it could be.

use super::response::{Detail, ResourceChange, text};
use crate::plan::Action;

/// Whether a modified object is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replaced {
    No,
    Maybe,
    Yes,
}

/// What the row does, and whether it takes the object into the stack.
pub(super) fn of(row: &ResourceChange<'_>) -> (Action, bool) {
    let deleted_already = text(row.resource_drift_status.as_ref()) == "DELETED";
    match text(row.action.as_ref()) {
        "Add" => (Action::Create, false),
        // What is not there any more is only struck off, or made again.
        "Remove" if deleted_already => (Action::NoOp, false),
        "Modify" | "SyncWithActual" | "Dynamic" if deleted_already => (Action::Create, false),
        "Remove" => (Action::Delete, false),
        "Modify" => (modified(replaced(row)), false),
        "Import" => (Action::NoOp, true),
        "SyncWithActual" => (Action::NoOp, false),
        "Dynamic" => (Action::MayReplace, false),
        _ => (Action::Unknown, false),
    }
}

/// The object was deleted outside of the tool, and this change makes it again.
pub(super) fn is_made_again(row: &ResourceChange<'_>) -> bool {
    let gone = text(row.resource_drift_status.as_ref()) == "DELETED";
    gone && matches!(text(row.action.as_ref()), "Add" | "Modify" | "SyncWithActual" | "Dynamic")
}

fn modified(replaced: Replaced) -> Action {
    match replaced {
        Replaced::No => Action::Update,
        Replaced::Maybe => Action::MayReplace,
        Replaced::Yes => Action::CreateThenDelete,
    }
}

fn replaced(row: &ResourceChange<'_>) -> Replaced {
    let told = by_details(row.details.iter().flatten().map(|detail| &detail.0));
    let stated = match (row.replacement.as_ref().map(|word| &*word.0), told) {
        (_, Some(Replaced::Yes)) => Replaced::Yes,
        (Some("False"), _) | (Some("Conditional") | None, Some(Replaced::No)) => Replaced::No,
        (Some("Conditional"), _) | (None, Some(Replaced::Maybe)) => Replaced::Maybe,
        (None, None) if is_beside_the_point(row) => Replaced::No,
        _ => Replaced::Yes,
    };
    // A policy is applied to an old object only where there will be one.
    match row.policy_action.as_ref() {
        Some(_) if stated == Replaced::No => Replaced::Yes,
        _ => stated,
    }
}

/// What the details say; `None` where there are none.
fn by_details<'d>(details: impl Iterator<Item = &'d Detail<'d>>) -> Option<Replaced> {
    let each = details.filter(|detail| detail.changes_something()).map(by_detail);
    each.reduce(|one, other| match (one, other) {
        (Replaced::Yes, _) | (_, Replaced::Yes) => Replaced::Yes,
        (Replaced::Maybe, _) | (_, Replaced::Maybe) => Replaced::Maybe,
        _ => Replaced::No,
    })
}

fn by_detail(detail: &Detail<'_>) -> Replaced {
    let target = detail.target.as_ref();
    let recreation = target.and_then(|target| target.0.requires_recreation.as_ref());
    match (recreation.map(|word| &*word.0), text(detail.evaluation.as_ref())) {
        (Some("Never"), _) => Replaced::No,
        (Some("Conditionally"), _) | (_, "Dynamic") => Replaced::Maybe,
        // Only properties are said to need recreation or not.
        (None, _) if !matches!(detail.attribute(), "Properties" | "") => Replaced::No,
        _ => Replaced::Yes,
    }
}

/// Only what never replaces an object is changed: its tags, or what the template says around its properties.
fn is_beside_the_point(row: &ResourceChange<'_>) -> bool {
    const BESIDE: [&str; 6] =
        ["Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy", "Tags"];
    let scope = row.scope.as_deref().unwrap_or_default();
    !scope.is_empty() && scope.iter().all(|word| BESIDE.contains(&&*word.0))
}

#[cfg(test)]
mod tests {
    use crate::input::cloudformation::response::ResourceChange;
    use crate::plan::Action;

    fn action(row: &str) -> Action {
        let row: ResourceChange<'_> = serde_json::from_str(row).unwrap();
        super::of(&row).0
    }

    fn modify(rest: &str, details: &[(&str, &str)]) -> Action {
        let detail = |(recreation, evaluation): &(&str, &str)| {
            format!(
                r#"{{"Target":{{"Attribute":"Properties","Name":"P","RequiresRecreation":"{recreation}"}},"Evaluation":"{evaluation}"}}"#
            )
        };
        let details: Vec<String> = details.iter().map(detail).collect();
        action(&format!(r#"{{"Action":"Modify"{rest},"Details":[{}]}}"#, details.join(",")))
    }

    #[test]
    fn conditional_becomes_certain_where_details_say_so() {
        let conditional = r#","Replacement":"Conditional""#;
        assert_eq!(modify(conditional, &[("Always", "Static")]), Action::CreateThenDelete);
        assert_eq!(modify(conditional, &[("Never", "Static"), ("Never", "Dynamic")]), Action::Update);
        for open in [
            &[("Always", "Dynamic")][..],
            &[("Conditionally", "Static")],
            &[("Never", "Static"), ("Conditionally", "Dynamic")],
            &[],
        ] {
            assert_eq!(modify(conditional, open), Action::MayReplace, "{open:?}");
        }
    }

    #[test]
    fn replacement_counts_on_modify_only() {
        assert_eq!(action(r#"{"Action":"Add","Replacement":"True"}"#), Action::Create);
        assert_eq!(action(r#"{"Action":"Import","Replacement":"True"}"#), Action::NoOp);
        assert_eq!(action(r#"{"Action":"Modify","Replacement":"True"}"#), Action::CreateThenDelete);
        assert_eq!(action(r#"{"Action":"Modify","Replacement":"False"}"#), Action::Update);
    }

    #[test]
    fn what_is_missing_or_unheard_of_is_the_worst() {
        assert_eq!(modify("", &[("Always", "Static")]), Action::CreateThenDelete);
        assert_eq!(modify("", &[("Never", "Static")]), Action::Update);
        assert_eq!(modify("", &[]), Action::CreateThenDelete);
        assert_eq!(modify(r#","Scope":["Tags","Metadata"]"#, &[]), Action::Update);
        assert_eq!(modify(r#","Replacement":"Perhaps""#, &[]), Action::CreateThenDelete);
        assert_eq!(modify(r#","Replacement":"False""#, &[("Always", "Static")]), Action::CreateThenDelete);
        assert_eq!(
            modify(r#","Replacement":"False","PolicyAction":"ReplaceAndDelete""#, &[]),
            Action::CreateThenDelete
        );
        assert_eq!(modify(r#","Replacement":"Conditional""#, &[("Sometimes", "Static")]), Action::CreateThenDelete);
        assert_eq!(action("{}"), Action::Unknown);
        assert_eq!(action(r#"{"Action":"Obliterate"}"#), Action::Unknown);
    }

    #[test]
    fn what_was_deleted_outside_is_made_again_or_struck_off() {
        assert_eq!(
            action(r#"{"Action":"Modify","Replacement":"True","ResourceDriftStatus":"DELETED"}"#),
            Action::Create
        );
        assert_eq!(action(r#"{"Action":"Remove","ResourceDriftStatus":"DELETED"}"#), Action::NoOp);
    }
}
