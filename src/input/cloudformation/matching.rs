//! Which of the files about stacks tells of which change set: by the stack's id or name where the file says it, else by the
//! logical ids that it and the change set have in common. A file that fits none, or more than one, is refused.

use std::collections::HashMap;

use super::join::Set;
use super::response::text;
use super::stack_policy::StackPolicy;
use super::stacks::{About, Described, Given, Named, Resources, Stacks};
use super::template::Template;
use crate::input::InputError;

/// What is known of one stack beside its change set.
#[derive(Default)]
pub(super) struct Beside<'s> {
    pub(super) template: Option<&'s Template>,
    pub(super) resources: Option<&'s Resources>,
    /// As it is, and where it was given twice, as it will be.
    pub(super) described: Vec<&'s Described>,
    /// The policy that is set, and where two were given, the one that will be.
    pub(super) policies: Vec<&'s StackPolicy>,
}

impl Beside<'_> {
    /// What the stack consists of is known: it is listed, or nothing is there yet.
    pub(super) fn is_whole(&self) -> bool {
        self.template.is_some() || self.resources.is_some() || self.is_new()
    }

    /// Who refers to whom is known: a list of resources does not tell it.
    pub(super) fn shows_references(&self) -> bool {
        self.template.is_some() || self.is_new()
    }

    fn is_new(&self) -> bool {
        self.described.first().is_some_and(|stack| stack.is_new)
    }
}

/// What each change set has beside it, and why some files tell of none.
pub(super) fn assign<'s>(sets: &[Set<'_>], stacks: &'s Stacks) -> (Vec<Beside<'s>>, Vec<InputError>) {
    let mut beside: Vec<Beside<'s>> = sets.iter().map(|_| Beside::default()).collect();
    let mut errors = Vec::new();
    // Of a file about many stacks, one that was asked for is enough.
    let mut described: HashMap<&str, usize> = HashMap::new();
    for given in &stacks.0 {
        let found = match &given.about {
            About::Stack(stack) => {
                let place = named(sets, &stack.stack);
                let count = described.entry(&given.name).or_default();
                *count = count.saturating_add(usize::from(place.is_some()));
                place.map(Ok)
            }
            About::Template(template) => Some(by_ids(sets, |id| kind_in(template, id), |set| why_not(template, set))),
            About::Resources(resources) => Some(match named(sets, &resources.stack) {
                Some(place) => Ok(place),
                None if resources.stack == Named::default() => {
                    by_ids(sets, |id| kind_listed(resources, id), |set| not_listed(resources, set))
                }
                None => Err("no change set of its stack was given".to_owned()),
            }),
            About::Policy(policy) => Some(by_policy(sets, policy)),
        };
        let taken = match found {
            Some(Ok(place)) => beside.get_mut(place).map_or(Ok(()), |beside| take(beside, given)),
            Some(Err(why)) => Err(why),
            None => Ok(()),
        };
        errors.extend(taken.err().map(|why| InputError::new(&given.name, why).help(help(given))));
    }
    let unasked = described.into_iter().filter(|(_, count)| *count == 0).map(|(name, _)| name);
    let mut unasked: Vec<&str> = unasked.collect();
    unasked.sort_unstable();
    errors.extend(unasked.into_iter().map(|name| {
        InputError::new(name, "no change set of its stack was given").help("give the change set too, or leave this out")
    }));
    (beside, errors)
}

fn take<'s>(beside: &mut Beside<'s>, given: &'s Given) -> Result<(), String> {
    let taken = match &given.about {
        About::Template(template) => beside.template.replace(template).is_some(),
        About::Resources(resources) => beside.resources.replace(resources).is_some(),
        About::Stack(stack) => {
            beside.described.push(stack);
            beside.described.len() > 2
        }
        About::Policy(policy) => {
            beside.policies.push(policy);
            beside.policies.len() > 2
        }
    };
    if taken { Err("its stack has one already".to_owned()) } else { Ok(()) }
}

fn help(given: &Given) -> &'static str {
    match given.about {
        About::Template(_) => {
            "give what `aws cloudformation get-template --stack-name STACK --template-stage Processed` prints, without --change-set-name"
        }
        About::Resources(_) => "give what `aws cloudformation list-stack-resources --stack-name STACK` prints",
        About::Stack(_) => "give it once as it is; a second time only as it shall be",
        About::Policy(_) => "give a stack's policy beside the change set of that stack alone",
    }
}

/// The change set of a stack that a file names.
fn named(sets: &[Set<'_>], stack: &Named) -> Option<usize> {
    sets.iter().position(|set| match (&set.stack.id, &stack.id) {
        (Some(one), Some(other)) => one == other,
        _ => stack.name.as_deref() == Some(set.stack.name.as_str()),
    })
}

/// The one change set whose objects are these.
fn by_ids<'k>(
    sets: &[Set<'_>],
    kind: impl Fn(&str) -> Option<&'k str>,
    why_not: impl Fn(&Set<'_>) -> Option<String>,
) -> Result<usize, String> {
    let shared =
        |set: &Set<'_>| existing(set).filter(|(id, row_kind)| kind(id).is_some_and(|kind| kind == *row_kind)).count();
    let fits: Vec<usize> = sets
        .iter()
        .enumerate()
        .filter(|(_, set)| why_not(set).is_none() && shared(set) > 0)
        .map(|(at, _)| at)
        .collect();
    match (fits.as_slice(), sets) {
        ([only], _) => Ok(*only),
        ([], [only]) => match why_not(only) {
            Some(why) => Err(why),
            // It has nothing that could contradict.
            None => Ok(0),
        },
        ([], _) => Err("it has the objects of no change set that was given".to_owned()),
        (many, _) => {
            let names: Vec<&str> = many.iter().filter_map(|at| sets.get(*at)).map(|set| set.unit.as_str()).collect();
            Err(format!("it fits more than one change set: {}", names.join(", ")))
        }
    }
}

/// The objects of a change set that are there before it, with their types.
fn existing<'s>(set: &'s Set<'_>) -> impl Iterator<Item = (&'s str, &'s str)> {
    let there = set.rows.iter().filter(|row| !matches!(text(row.change.action.as_ref()), "Add" | "Import"));
    there.map(|row| (row.id.as_str(), row.kind.as_str()))
}

fn kind_in<'t>(template: &'t Template, id: &str) -> Option<&'t str> {
    template.resource(id).map(|resource| resource.kind.as_str())
}

fn kind_listed<'t>(resources: &'t Resources, id: &str) -> Option<&'t str> {
    resources.list.get(id).map(|one| one.kind.as_str())
}

/// Why a template is not the one that a change set's stack was deployed with.
fn why_not(template: &Template, set: &Set<'_>) -> Option<String> {
    let (id, _) = existing(set).find(|(id, kind)| kind_in(template, id) != Some(kind))?;
    let transformed = if template.is_transformed { ": its Transform was not carried out" } else { "" };
    Some(format!(
        "it has no {id} as the stack {} has it, so it is not the deployed template{transformed}",
        set.stack.name
    ))
}

fn not_listed(resources: &Resources, set: &Set<'_>) -> Option<String> {
    let (id, _) = existing(set).find(|(id, kind)| kind_listed(resources, id) != Some(kind))?;
    Some(format!("it has no {id} as the stack {} has it", set.stack.name))
}

/// A policy does not say whose it is: with one stack it is that one's, else that of the objects that it names.
fn by_policy(sets: &[Set<'_>], policy: &StackPolicy) -> Result<usize, String> {
    if let [_] = sets {
        return Ok(0);
    }
    let names = |set: &&Set<'_>| set.rows.iter().any(|row| policy.names(&row.id));
    let fits: Vec<usize> = sets.iter().enumerate().filter(|(_, set)| names(set)).map(|(at, _)| at).collect();
    match fits.as_slice() {
        [only] => Ok(*only),
        _ => Err("nothing in it says of which stack it is the policy".to_owned()),
    }
}
