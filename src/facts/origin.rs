//! Where a cause lies, and which changes share it.

use std::collections::HashMap;

use super::cause::{Cause, Origin};
use super::{ChangeFacts, Facts};
use crate::plan::{ActionReason, Parts, Plan, modules_of};

/// So many direct dependents are looked at when removed blocks are joined.
const NEIGHBOURS: usize = 500;

/// The address where it began, where that is not the object itself: its block, or the module that is gone.
pub(super) fn address(plan: Option<&Plan<'_>>, change: &ChangeFacts<'_, '_>, origin: Origin) -> Option<String> {
    match origin {
        Origin::ModuleGone => gone_module(plan, &change.change.address),
        Origin::KeyGone | Origin::IndexGone if change.change.reason == Some(ActionReason::NoModule) => {
            gone_module(plan, &change.change.address).map(|module| without_last_key(&module).to_owned())
        }
        Origin::BlockGone | Origin::KeyGone | Origin::IndexGone | Origin::Repeated | Origin::Disabled => {
            Some(block_of(&change.change.address))
        }
        _ => None,
    }
}

/// The outermost module that the configuration does not call any more; of one that it calls, the instance.
fn gone_module(plan: Option<&Plan<'_>>, address: &str) -> Option<String> {
    let modules = modules_of(address);
    if let Some(module) = modules.iter().find(|module| !is_called(plan, module)) {
        return Some(without_last_key(module).to_owned());
    }
    let instance = modules.iter().find(|module| module.ends_with(']'));
    instance.or(modules.first()).map(|module| (*module).to_owned())
}

/// The configuration calls the module, or nobody can say.
fn is_called(plan: Option<&Plan<'_>>, module: &str) -> bool {
    let block = Parts::parse(&format!("{module}.a.b")).block.into_owned();
    let call = block.strip_suffix("a.b").map(|prefix| format!("{prefix}(call)"));
    plan.zip(call).is_none_or(|(plan, call)| !plan.configuration.present || plan.configuration.place(&call).is_some())
}

/// The tool gives one reason for a block that is gone and for one that went with its module: the module says more.
pub(super) fn narrowed(plan: Option<&Plan<'_>>, address: &str, origin: Origin) -> Origin {
    let modules = modules_of(address);
    let uncalled = modules.iter().any(|module| !is_called(plan, module));
    match origin {
        Origin::BlockGone if uncalled => Origin::ModuleGone,
        Origin::ModuleGone if !uncalled => match modules.iter().rev().find(|module| module.ends_with(']')) {
            Some(module) if module.ends_with("\"]") => Origin::KeyGone,
            Some(_) => Origin::IndexGone,
            None => Origin::ModuleGone,
        },
        other => other,
    }
}

/// The carriers of the calls of the modules that a block lies in.
pub(super) fn calls(block: &str) -> Vec<String> {
    modules_of(block).into_iter().map(|module| format!("{module}.(call)")).collect()
}

/// A module's address without its own key.
pub(crate) fn without_last_key(module: &str) -> &str {
    let outer = modules_of(module).iter().rev().nth(1).map_or(0, |outer| outer.len());
    let own = module.get(outer..).unwrap_or_default();
    let length = own.find('[').map_or(module.len(), |at| outer.saturating_add(at));
    module.get(..length).unwrap_or(module)
}

/// An object's address without its own key; the keys of its modules stay.
fn block_of(address: &str) -> String {
    let module = modules_of(address).last().copied().unwrap_or_default();
    let own = address.get(module.len()..).unwrap_or(address);
    format!("{module}{}", own.split('[').next().unwrap_or(own))
}

/// The words that all changes of one cause share.
pub(super) fn group(change: &ChangeFacts<'_, '_>, cause: &Cause) -> String {
    let block = &change.change.block;
    let attribute = cause.attribute.as_deref().unwrap_or_default();
    match cause.origin {
        Origin::DestroyPlan => "destroy plan".to_owned(),
        Origin::Edited | Origin::NotKnown | Origin::KeyGone | Origin::IndexGone | Origin::Repeated
            if !cause.variables.is_empty() =>
        {
            cause.variables.join(" ")
        }
        Origin::Read | Origin::NotKnown if !cause.reads.is_empty() => cause.reads.join(" "),
        Origin::NotKnown => cause.comes_from.clone().unwrap_or_else(|| format!("{block} {attribute}")),
        Origin::Edited => format!("{block} {attribute}").trim_end().to_owned(),
        Origin::Drifted => format!("{} {attribute}", change.change.address),
        _ => cause.address.clone(),
    }
}

/// Joins causes that are one edit: blocks that were taken out together, and a list that got shorter.
pub(super) fn join(facts: &Facts<'_, '_>, causes: &mut [Cause]) {
    join_removed(facts, causes);
    join_shifted(facts, causes);
}

/// Where an element leaves a list behind `count`, the last index goes and those before it get other values.
fn join_shifted(facts: &Facts<'_, '_>, causes: &mut [Cause]) {
    let mut edited: HashMap<(usize, &str), String> = HashMap::new();
    for (change, cause) in facts.changes.iter().zip(causes.iter()) {
        let here = cause.origin == Origin::Edited && cause.path.is_empty() && change.change.action.replaces();
        if here && change.change.address.ends_with(']') {
            edited.entry((change.plan, &change.change.block)).or_insert_with(|| cause.group.clone());
        }
    }
    for (change, cause) in facts
        .changes
        .iter()
        .zip(causes)
        .filter(|(_, cause)| cause.origin == Origin::IndexGone && cause.variables.is_empty())
    {
        if let Some(group) = edited.get(&(change.plan, &*change.change.block)) {
            cause.group.clone_from(group);
        }
    }
}

/// Joins removed blocks that stand on each other.
fn join_removed(facts: &Facts<'_, '_>, causes: &mut [Cause]) {
    let gone = |place: &usize| causes.get(*place).is_some_and(|cause| cause.origin == Origin::BlockGone);
    let members: Vec<usize> = (0..causes.len()).filter(gone).collect();
    let nodes: HashMap<_, usize> =
        members.iter().filter_map(|place| Some((facts.changes.get(*place)?.node?, *place))).collect();
    let mut heads: HashMap<usize, usize> = HashMap::new();
    for place in &members {
        let change = facts.changes.get(*place);
        let Some((plan, node)) = change.and_then(|change| Some((change.plan, change.node?))) else { continue };
        for (other, _) in facts.graph.direct(node).take(NEIGHBOURS) {
            let Some(other) = nodes.get(&other) else { continue };
            if facts.changes.get(*other).is_some_and(|other| other.plan == plan) {
                let (one, two) = (head(&heads, *place), head(&heads, *other));
                heads.insert(one.max(two), one.min(two));
            }
        }
    }
    for place in members {
        let group = causes.get(head(&heads, place)).map(|cause| cause.group.clone());
        if let Some((cause, group)) = causes.get_mut(place).zip(group) {
            cause.group = group;
        }
    }
}

/// The first member of a set; a head never lies behind its members.
fn head(heads: &HashMap<usize, usize>, place: usize) -> usize {
    let mut at = place;
    while let Some(next) = heads.get(&at).filter(|next| **next < at) {
        at = *next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{block_of, without_last_key};

    #[test]
    fn a_block_keeps_the_keys_of_its_modules() {
        assert_eq!(block_of(r#"module.a["x.y"].aws_lb.this["k"]"#), r#"module.a["x.y"].aws_lb.this"#);
        assert_eq!(block_of("aws_lb.this[3]"), "aws_lb.this");
        assert_eq!(without_last_key(r#"module.a["x"].module.b["y"]"#), r#"module.a["x"].module.b"#);
        assert_eq!(without_last_key(r#"module.a["x"].module.b"#), r#"module.a["x"].module.b"#);
    }
}
