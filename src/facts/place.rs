//! In which environment a change happens, and how sure that is.

use super::{ChangeFacts, Facts};
use crate::environment::{self, CLAIMED, Says, Sign, Signs};
use crate::graph::{Above, NodeId, Reach, SIGNS};
use crate::plan::Plan;

/// How sure it is that a place may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sure {
    /// Nothing says anything, which counts as production.
    #[default]
    Unsaid,
    /// Something says production.
    Production,
    /// Only names and ids, or a workspace that is claimed, say ephemeral.
    Weak,
    /// Tags say ephemeral, and none says production; or there are none, and the workspace says so.
    Ephemeral,
}

/// The environment of a change, with what says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// How sure it is.
    pub sure: Sure,
    /// What decided, and the address that it belongs to; a workspace belongs to its plan.
    pub evidence: Option<(String, Sign)>,
}

/// The places of the signs in [`crate::graph::Mark::signs`].
const ORDER: [(Kind, Says); SIGNS] = [
    (Kind::Tag, Says::Production),
    (Kind::Tag, Says::Ephemeral),
    (Kind::Workspace, Says::Production),
    (Kind::Workspace, Says::Ephemeral),
    (Kind::Name, Says::Production),
    (Kind::Name, Says::Ephemeral),
];

/// What the signs in [`ORDER`] settle.
const VERDICTS: [Sure; SIGNS] =
    [Sure::Production, Sure::Ephemeral, Sure::Production, Sure::Ephemeral, Sure::Unsaid, Sure::Weak];

/// The kinds of signs, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tag,
    Workspace,
    Name,
}

/// Which signs an object shows.
pub(super) fn shown(signs: &Signs) -> [bool; SIGNS] {
    ORDER.map(|(kind, says)| pick(signs, kind, says).is_some())
}

/// Takes back the signs of an ephemeral environment that only the sources lead to. Nothing binds a folder of files to a
/// plan, so what they say may make a change graver and never lighter.
pub(super) fn never_lower(signs: &mut Above, known: &Above) {
    for ((sign, known), (_, says)) in signs.iter_mut().zip(known).zip(ORDER) {
        if says == Says::Ephemeral {
            *sign = *known;
        }
    }
}

fn pick(signs: &Signs, kind: Kind, says: Says) -> Option<&Sign> {
    match kind {
        Kind::Tag => signs.tag(says),
        Kind::Workspace => signs.workspace.as_ref().filter(|sign| sign.says == says),
        Kind::Name => signs.name(says),
    }
}

/// Weighs what objects themselves say, what stands on them, and the foundations that they stand on.
///
/// Tags decide before the workspace, and that before names; among each, one word for production outweighs every word for ephemeral.
///
/// `shows` tells whether an object shows the sign at a place, so that not every object's values are read again.
pub(super) fn weigh(
    facts: &Facts<'_, '_>,
    shows: impl Fn(NodeId, usize) -> bool,
    own: &[NodeId],
    reach: &[&Reach],
    above: &[Above],
) -> Environment {
    let said = |place: usize, (kind, says): (Kind, Says)| {
        let own = own.iter().copied().find(|node| shows(*node, place));
        let dependents = || reach.iter().find_map(|reach| reach.signs.get(place).copied().flatten());
        let foundations = || above.iter().find_map(|above| above.get(place).copied().flatten());
        let node = own.or_else(dependents).or_else(foundations)?;
        let sign = pick(&facts.signs(node), kind, says)?.clone();
        let of_plan = kind == Kind::Workspace || sign.key == CLAIMED;
        let place = if of_plan { facts.unit(node) } else { facts.address(node) };
        Some((place, sign))
    };
    for (place, (sign, sure)) in ORDER.into_iter().zip(VERDICTS).enumerate() {
        if let Some(evidence) = said(place, sign) {
            return Environment { sure, evidence: Some(evidence) };
        }
    }
    Environment::default()
}

/// The environment that a plan's workspace tells, or the tags of its stack, where nothing else is known.
#[must_use]
pub fn of_workspace(plan: &Plan<'_>) -> Environment {
    let of_stack = environment::of_given(&plan.estate.tags);
    let signs = Signs { tags: of_stack.tags, ..Signs::of_plan(&plan.header) };
    let said = ORDER.into_iter().zip(VERDICTS).find_map(|((kind, says), sure)| {
        let evidence = Some((plan.unit.clone(), pick(&signs, kind, says)?.clone()));
        Some(Environment { sure, evidence })
    });
    said.unwrap_or_default()
}

impl Facts<'_, '_> {
    /// The environment that an object is in by its own words, its plan's workspace included.
    #[must_use]
    pub fn environment_at(&self, node: NodeId) -> Environment {
        let shows = |node, place: usize| shown(&self.signs(node)).get(place).copied().unwrap_or(false);
        weigh(self, shows, &[node], &[], &[])
    }

    /// The environment that an object names itself, whatever it stands on and whatever the workspace or the stack is.
    #[must_use]
    pub fn said_by_itself(&self, change: &ChangeFacts<'_, '_>) -> Environment {
        let shows = |node, place: usize| shown(&self.own_signs(node)).get(place).copied().unwrap_or(false);
        weigh(self, shows, change.node.as_slice(), &[], &[])
    }
}
