//! What a change goes back to: what was edited, here or in an object that it stands on.
//!
//! A replacement is followed from the attribute that forces it, along the configuration's references, to the change that
//! gives that attribute another value, and so on up to where nothing that changes explains it any more. There something
//! was edited, asked for, or is only not known yet; [`Origin`] says which.

use std::collections::{HashMap, HashSet};

use super::renames::Renames;
use super::{ChangeFacts, Effect, Facts, origin};
use crate::plan::{Action, ActionReason, Attributes, BlockKind, Configuration, Key, Parts, Plan, Value};

/// What began a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An attribute was given another value in the configuration.
    Edited,
    /// The object was changed outside of the tool, and the plan takes that back.
    Drifted,
    /// The value comes from a data source, which reads something else than before.
    Read,
    /// Somebody asked for it with `-replace`.
    Requested,
    /// The object is marked as tainted.
    Tainted,
    /// `replace_triggered_by` names something that changes.
    Triggered,
    /// The new value is not known yet, and nothing shows that it will be another one.
    NotKnown,
    /// The block is no longer in the configuration.
    BlockGone,
    /// The module is no longer called.
    ModuleGone,
    /// The key is no longer in `for_each`.
    KeyGone,
    /// The index is beyond `count`.
    IndexGone,
    /// `count` or `for_each` came or went.
    Repeated,
    /// A `moved` block points at something that is not there.
    MovedNowhere,
    /// The block is switched off.
    Disabled,
    /// The plan was made to destroy.
    DestroyPlan,
    /// The plan does not say.
    #[default]
    Unsaid,
}

impl Origin {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Drifted => "drifted",
            Self::Read => "read anew",
            Self::Requested => "requested",
            Self::Tainted => "tainted",
            Self::Triggered => "triggered",
            Self::NotKnown => "not known yet",
            Self::BlockGone => "block removed",
            Self::ModuleGone => "module removed",
            Self::KeyGone => "key removed",
            Self::IndexGone => "index removed",
            Self::Repeated => "repetition changed",
            Self::MovedNowhere => "moved nowhere",
            Self::Disabled => "switched off",
            Self::DestroyPlan => "destroy plan",
            Self::Unsaid => "unsaid",
        }
    }

    fn of_reason(reason: ActionReason) -> Option<Self> {
        Some(match reason {
            ActionReason::Tainted => Self::Tainted,
            ActionReason::ByRequest => Self::Requested,
            ActionReason::ByTriggers => Self::Triggered,
            ActionReason::NoConfig => Self::BlockGone,
            ActionReason::NoModule => Self::ModuleGone,
            ActionReason::WrongRepetition => Self::Repeated,
            ActionReason::CountIndex => Self::IndexGone,
            ActionReason::EachKey => Self::KeyGone,
            ActionReason::NoMoveTarget => Self::MovedNowhere,
            ActionReason::Disabled => Self::Disabled,
            ActionReason::CannotUpdate | ActionReason::Other => return None,
        })
    }
}

/// Where a change comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// What began it.
    pub origin: Origin,
    /// Where it began: the address of an object, of a block or of a module.
    pub address: String,
    /// The attribute there.
    pub attribute: Option<String>,
    /// The attribute of this object that forces its replacement.
    pub forced_by: Option<String>,
    /// An attribute that was edited here as well, and would force it by itself, where it began elsewhere.
    pub also_edited: Option<String>,
    /// The addresses on the way, from this object to where it began; empty where it began here.
    pub path: Vec<String>,
    /// The place in [`Facts::changes`] of the change where it began, where one did.
    pub change: Option<usize>,
    /// The variables of the root module that the attribute's value comes from.
    pub variables: Vec<String>,
    /// The data sources that it comes from.
    pub reads: Vec<String>,
    /// The object that the value comes from: what it waits for, or what the attribute newly refers to.
    pub comes_from: Option<String>,
    /// Findings with the same words here have one cause.
    pub group: String,
}

impl Cause {
    /// The attributes that decide it where it began, the likeliest first, as they are written there.
    #[must_use]
    pub fn decided_by(&self) -> Vec<&str> {
        match self.origin {
            Origin::KeyGone => vec!["for_each"],
            Origin::IndexGone => vec!["count"],
            Origin::Repeated => vec!["for_each", "count"],
            Origin::Triggered => vec![TRIGGERS],
            Origin::Disabled => vec!["lifecycle.0.enabled"],
            _ => self.attribute.as_deref().into_iter().collect(),
        }
    }

    /// The replacement is only due to a value that is not known yet, and nothing that changes explains it.
    #[must_use]
    pub fn only_unknown(&self) -> bool {
        self.origin == Origin::NotKnown
    }
}

/// Where triggers are written in a resource's block.
pub(super) const TRIGGERS: &str = "lifecycle.0.replace_triggered_by";

/// How far a chain of causes is followed.
const LONGEST: usize = 64;

/// Finds the cause of everything that is destroyed or changed.
pub(super) fn trace(facts: &mut Facts<'_, '_>) {
    let mut causes: Vec<Cause> = (0..facts.plans.len())
        .flat_map(|plan| {
            let tracer = Tracer::of(facts, plan);
            facts.of_one(plan).iter().map(move |change| tracer.cause(change)).collect::<Vec<_>>()
        })
        .collect();
    origin::join(facts, &mut causes);
    for (change, cause) in facts.changes.iter_mut().zip(causes) {
        change.cause = cause;
    }
}

/// A change with the keys of its instance, and its place among all changes.
type Keyed<'f, 'p, 'a> = (Box<[Key]>, usize, &'f ChangeFacts<'p, 'a>);

/// Finds causes in one plan.
struct Tracer<'f, 'p, 'a> {
    facts: &'f Facts<'p, 'a>,
    plan: Option<&'p Plan<'a>>,
    destroy_plan: bool,
    renames: &'f Renames,
    changing: HashMap<&'p str, Vec<Keyed<'f, 'p, 'a>>>,
    drifted: HashSet<&'p str>,
}

/// Where a value comes from, as far as the configuration tells.
#[derive(Default)]
struct Feeds<'f, 'p, 'a> {
    /// The first object on the way that changes, and whether a data source lies between.
    change: Option<(usize, &'f ChangeFacts<'p, 'a>, bool)>,
    variables: Vec<String>,
    reads: Vec<String>,
}

impl<'f, 'p, 'a> Tracer<'f, 'p, 'a> {
    fn of(facts: &'f Facts<'p, 'a>, place: usize) -> Self {
        let plan = facts.plans.get(place);
        let first = facts.changes.partition_point(|change| change.plan < place);
        let mut changing: HashMap<&str, Vec<Keyed<'f, 'p, 'a>>> = HashMap::new();
        for (at, change) in facts.of_one(place).iter().enumerate().filter(|(_, change)| !change.is_deposed()) {
            if !matches!(change.change.action, Action::NoOp | Action::Read) {
                let keys = Parts::parse(&change.change.address).keys;
                changing.entry(&change.change.block).or_default().push((keys, first.saturating_add(at), change));
            }
        }
        for changes in changing.values_mut() {
            changes.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        }
        let drifted = plan.map(|plan| plan.drift.iter().map(|row| row.address.as_ref()).collect());
        Self {
            facts,
            plan,
            destroy_plan: facts.of_plans.get(place).is_some_and(|whole| whole.destroy_plan),
            renames: &facts.renames,
            changing,
            drifted: drifted.unwrap_or_default(),
        }
    }

    fn configuration(&self) -> Option<&'p Configuration<'a>> {
        self.plan.map(|plan| &plan.configuration)
    }

    fn cause(&self, change: &ChangeFacts<'p, 'a>) -> Cause {
        let own = Own::of(change);
        let mut cause = Cause {
            address: change.change.address.to_string(),
            forced_by: own.first().map(str::to_owned).filter(|_| change.change.action.replaces()),
            also_edited: own.edited.clone().filter(|edited| self.feeds(change, edited).change.is_none()),
            ..Cause::default()
        };
        let mut seen = HashSet::from([change.change.address.to_string()]);
        let (mut at, mut here) = (change, own);
        loop {
            // What an object above forces is forced whatever else was edited here.
            let ways: Vec<(&str, Feeds<'f, 'p, 'a>)> =
                here.leads().map(|attribute| (attribute, self.feeds(at, attribute))).collect();
            let follows = ways.iter().find_map(|(attribute, feeds)| {
                let (place, next, between) = feeds.change?;
                let fresh = seen.len() < LONGEST && !seen.contains(&*next.change.address);
                (fresh && self.explains(&here, attribute, next, between)).then_some((*attribute, place, next))
            });
            let Some((attribute, place, next)) = follows else {
                let first = here.leads_first().map(str::to_owned);
                let feeds = ways.into_iter().find(|(name, _)| Some(*name) == first.as_deref());
                let feeds = feeds.map(|(_, feeds)| feeds).unwrap_or_default();
                return self.ends(at, &here, feeds, cause);
            };
            if cause.path.is_empty() && change.change.action.replaces() {
                cause.forced_by = Some(attribute.to_owned());
            }
            let (place, next) = self.before_the_rename(place, next);
            seen.insert(next.change.address.to_string());
            cause.path.push(next.change.address.to_string());
            cause.change = Some(place);
            (at, here) = (next, Own::of(next));
        }
    }

    /// Whether an object that changes gives a value that is another one for sure.
    fn explains(&self, here: &Own, attribute: &str, next: &ChangeFacts<'_, '_>, between: bool) -> bool {
        if next.destroys() {
            return !hands_on_the_same(next);
        }
        // What is made beside the old one under a new name has another id; so has what a value newly refers to, but
        // then it is the reference that was edited.
        let renamed = next.effect == Effect::Create && self.renames.from(next).is_some();
        here.is_unknown(attribute) && !between && renamed
    }

    /// The change at the old address where something was only renamed.
    fn before_the_rename<'n>(
        &'n self,
        place: usize,
        next: &'n ChangeFacts<'p, 'a>,
    ) -> (usize, &'n ChangeFacts<'p, 'a>) {
        let from = self.renames.from(next);
        from.and_then(|place| Some((place, self.facts.changes.get(place)?))).unwrap_or((place, next))
    }

    /// Says what began it where the way ends.
    fn ends(&self, at: &ChangeFacts<'p, 'a>, own: &Own, mut feeds: Feeds<'f, 'p, 'a>, mut cause: Cause) -> Cause {
        let address = at.change.address.to_string();
        self.drop_unedited(at, own, &mut feeds);
        cause.origin = self.origin(at, own, &feeds);
        if matches!(cause.origin, Origin::KeyGone | Origin::IndexGone | Origin::Repeated) {
            feeds = self.repetition(at);
        }
        let asked = matches!(cause.origin, Origin::Tainted | Origin::Requested);
        cause.attribute = own.first().map(str::to_owned).filter(|_| !asked);
        cause.also_edited = cause.also_edited.filter(|_| !cause.path.is_empty());
        cause.comes_from = feeds.change.map(|(_, next, _)| next.change.address.to_string());
        cause.address = origin::address(self.plan, at, cause.origin).unwrap_or(address);
        cause.variables = feeds.variables;
        cause.reads = feeds.reads;
        cause.group = origin::group(at, &cause);
        cause
    }

    /// A variable whose value still stands in the former text was not edited: the text around it was.
    fn drop_unedited(&self, at: &ChangeFacts<'_, '_>, own: &Own, feeds: &mut Feeds<'_, '_, '_>) {
        let Some((edited, plan)) = own.edited.as_deref().zip(self.plan) else { return };
        let path: Vec<&str> = edited.split('.').filter(|step| step.parse::<usize>().is_err()).collect();
        let Some(first) = path.first() else { return };
        let before = at.change.before.pick(|name| name == *first);
        if let [Value::Text(text)] = before.at(&path).as_slice() {
            feeds.variables.retain(|name| !plan.variables.stands_in(name.strip_prefix("var.").unwrap_or(name), text));
        }
    }

    /// Where `count` or `for_each` comes from: of the object's own block, and of the modules that it lies in.
    fn repetition(&self, at: &ChangeFacts<'_, '_>) -> Feeds<'f, 'p, 'a> {
        let keys = Parts::parse(&at.change.address).keys;
        let blocks = origin::calls(&at.change.block).into_iter().chain([at.change.block.to_string()]);
        let mut all = Feeds::default();
        for block in blocks {
            for attribute in ["count", "for_each"] {
                let feeds = self.feeds_of(&block, attribute, &keys);
                all.variables.extend(feeds.variables);
                all.reads.extend(feeds.reads);
            }
        }
        all
    }

    fn origin(&self, at: &ChangeFacts<'_, '_>, own: &Own, feeds: &Feeds<'_, '_, '_>) -> Origin {
        let said = at.change.reason.and_then(Origin::of_reason);
        if let Some(said) = said {
            return origin::narrowed(self.plan, &at.change.address, said);
        }
        if own.first().is_none() {
            let deleted = at.effect == Effect::Delete && self.destroy_plan;
            return if deleted { Origin::DestroyPlan } else { Origin::Unsaid };
        }
        let made = feeds.change.is_some_and(|(_, next, between)| next.effect == Effect::Create && !between);
        if own.edited.is_none() && !made {
            return Origin::NotKnown;
        }
        if self.has_drifted(at, own) {
            return Origin::Drifted;
        }
        let read = !made && !feeds.reads.is_empty() && feeds.variables.is_empty();
        if read { Origin::Read } else { Origin::Edited }
    }

    /// The object's attribute was changed outside of the tool, and the plan sets it back to what it was.
    fn has_drifted(&self, at: &ChangeFacts<'_, '_>, own: &Own) -> bool {
        let Some(first) = own.first().and_then(|path| path.split('.').next()) else { return false };
        if !self.drifted.contains(&*at.change.address) {
            return false;
        }
        let rows = self.plan.map(|plan| plan.drift.as_slice()).unwrap_or_default();
        let wanted = one(&at.change.after, first);
        rows.iter().filter(|row| row.address == at.change.address).any(|row| {
            let (was, is) = (one(&row.before, first), one(&row.after, first));
            was != is && was == wanted && was != Value::Null
        })
    }

    /// Where the value of an attribute comes from.
    fn feeds(&self, at: &ChangeFacts<'_, '_>, attribute: &str) -> Feeds<'f, 'p, 'a> {
        self.feeds_of(&at.change.block, attribute, &Parts::parse(&at.change.address).keys)
    }

    fn feeds_of(&self, block: &str, attribute: &str, keys: &[Key]) -> Feeds<'f, 'p, 'a> {
        let mut feeds = Feeds::default();
        let Some(configuration) = self.configuration() else { return feeds };
        let Some(start) = configuration.block(block) else { return feeds };
        let first = attribute.split('.').next().unwrap_or_default();
        let mut open: Vec<(usize, bool)> =
            start.all_references().filter(|one| one.attribute == first).map(|one| (one.target, false)).rev().collect();
        let mut seen = HashSet::new();
        while let Some((place, between)) = open.pop() {
            let Some(target) = configuration.blocks.get(place).filter(|_| seen.insert(place)) else { continue };
            if let Some(found) = self.changing(&target.address, keys) {
                // What is destroyed explains more than what is only changed.
                let better = feeds.change.is_none_or(|(_, known, _)| !known.destroys() && found.1.destroys());
                if better {
                    feeds.change = Some((found.0, found.1, between));
                }
                continue;
            }
            match target.kind {
                BlockKind::Managed => {}
                BlockKind::Data => {
                    feeds.reads.push(target.address.to_string());
                    open.extend(target.all_references().map(|reference| (reference.target, true)));
                }
                BlockKind::Carrier => {
                    if target.depth == 0 && target.address.starts_with("var.") {
                        feeds.variables.push(target.address.to_string());
                    }
                    open.extend(target.all_references().map(|reference| (reference.target, between)));
                }
            }
        }
        feeds
    }

    /// The change of a block's instance with these keys, else any that is destroyed, else any.
    fn changing(&self, block: &str, keys: &[Key]) -> Option<(usize, &'f ChangeFacts<'p, 'a>)> {
        let changes = self.changing.get(block)?;
        let found = changes.binary_search_by(|(own, _, _)| own.as_ref().cmp(keys)).ok();
        let same = found.and_then(|place| changes.get(place));
        let any = || changes.iter().find(|(_, _, change)| change.destroys()).or(changes.first());
        same.or_else(any).map(|(_, place, change)| (*place, *change))
    }
}

/// What a change says of its cause by itself.
struct Own {
    /// The attribute that forces the replacement, or that the plan sets, where its new value is known.
    edited: Option<String>,
    /// The attributes that force it and whose new values are not known yet.
    unknown: Vec<String>,
    /// No attribute forces it, but `replace_triggered_by`.
    triggered: bool,
}

impl Own {
    fn of(change: &ChangeFacts<'_, '_>) -> Self {
        let paths = &change.change.replace_paths;
        if paths.is_empty() {
            let triggered = change.change.reason == Some(ActionReason::ByTriggers);
            return Self { edited: set(change), unknown: Vec::new(), triggered };
        }
        let after =
            change.change.after.pick(|name| paths.iter().any(|path| path.first().is_some_and(|first| first == name)));
        let is_unknown = |path: &&Vec<String>| {
            let steps: Vec<&str> =
                path.iter().map(String::as_str).filter(|step| step.parse::<usize>().is_err()).collect();
            after.at(&steps).iter().any(|value| holds_unknown(value))
        };
        let edited = paths.iter().find(|path| !is_unknown(path)).map(|path| path.join("."));
        let unknown = paths.iter().filter(is_unknown).map(|path| path.join(".")).collect();
        Self { edited, unknown, triggered: false }
    }

    /// The attribute that tells most: one that was edited explains more than one that only follows from something else.
    fn first(&self) -> Option<&str> {
        self.edited.as_deref().or(self.unknown.first().map(String::as_str))
    }

    /// The attributes whose values may follow from another object.
    fn leads(&self) -> impl Iterator<Item = &str> {
        let triggered = self.triggered.then_some("replace_triggered_by");
        self.unknown.iter().map(String::as_str).chain(self.edited.as_deref()).chain(triggered)
    }

    /// The same where a trigger is the attribute that tells most.
    fn leads_first(&self) -> Option<&str> {
        if self.triggered { Some("replace_triggered_by") } else { self.first() }
    }

    fn is_unknown(&self, attribute: &str) -> bool {
        self.unknown.iter().any(|unknown| unknown == attribute)
    }
}

/// The tool's own object that hands on what it is given: made anew with the same input, it hands on the same.
fn hands_on_the_same(change: &ChangeFacts<'_, '_>) -> bool {
    if change.change.kind != "terraform_data" {
        return false;
    }
    let input = one(&change.change.before, "input");
    input != Value::Null && !holds_unknown(&input) && input == one(&change.change.after, "input")
}

/// The attribute that an update is found for.
fn set(change: &ChangeFacts<'_, '_>) -> Option<String> {
    let switched = |all: &[super::Switched]| all.first().map(|one| one.attribute.clone());
    let loosened = change.loosened.first().map(|lost| lost.attribute.clone());
    let stripped = change.stripped.first().cloned();
    let set = [loosened, switched(&change.expiring), switched(&change.stopped), stripped, change.relabelled.clone()];
    set.into_iter().flatten().next()
}

fn one<'a>(values: &Attributes<'a>, name: &str) -> Value<'a> {
    values.pick(|other| other == name).get(name).clone()
}

fn holds_unknown(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(items) => items.iter().any(holds_unknown),
        Value::Object(members) => members.iter().any(|(_, member)| holds_unknown(member)),
        _ => false,
    }
}
