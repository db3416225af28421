//! In which environment a change happens, and how sure that is.

use super::{ChangeFacts, Facts};
use crate::environment::{Says, Sign, Signs};
use crate::graph::{Above, NodeId, Reach, SIGNS};

/// How sure it is that a place may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sure {
    /// Nothing says anything, which counts as production.
    #[default]
    Unsaid,
    /// Something says production.
    Production,
    /// Only names and ids say ephemeral.
    Weak,
    /// Tags say ephemeral, and none says production.
    Ephemeral,
}

/// The environment of a change, with what says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// How sure it is.
    pub sure: Sure,
    /// The address and the tag or name that decided.
    pub evidence: Option<(String, Sign)>,
}

/// The places of the signs in [`crate::graph::Mark::signs`].
const ORDER: [(bool, Says); SIGNS] =
    [(true, Says::Production), (true, Says::Ephemeral), (false, Says::Production), (false, Says::Ephemeral)];

/// Which signs an object shows.
pub(super) fn shown(signs: &Signs) -> [bool; SIGNS] {
    ORDER.map(|(tag, says)| pick(signs, tag, says).is_some())
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

fn pick(signs: &Signs, tag: bool, says: Says) -> Option<&Sign> {
    if tag { signs.tag(says) } else { signs.name(says) }
}

/// Weighs what objects themselves say, what stands on them, and the foundations that they stand on.
///
/// Tags decide before names; among each, one word for production outweighs every word for ephemeral.
///
/// `shows` tells whether an object shows the sign at a place, so that not every object's values are read again.
pub(super) fn weigh(
    facts: &Facts<'_, '_>,
    shows: impl Fn(NodeId, usize) -> bool,
    own: &[NodeId],
    reach: &[&Reach],
    above: &[Above],
) -> Environment {
    let said = |place: usize, (tag, says): (bool, Says)| {
        let own = own.iter().copied().find(|node| shows(*node, place));
        let dependents = || reach.iter().find_map(|reach| reach.signs.get(place).copied().flatten());
        let foundations = || above.iter().find_map(|above| above.get(place).copied().flatten());
        let node = own.or_else(dependents).or_else(foundations)?;
        Some((facts.address(node), pick(&facts.signs(node), tag, says)?.clone()))
    };
    let verdicts = [Sure::Production, Sure::Ephemeral, Sure::Unsaid, Sure::Weak];
    for (place, (sign, sure)) in ORDER.into_iter().zip(verdicts).enumerate() {
        if let Some(evidence) = said(place, sign) {
            return Environment { sure, evidence: Some(evidence) };
        }
    }
    Environment::default()
}

impl Facts<'_, '_> {
    /// The environment that an object names itself, whatever it stands on.
    #[must_use]
    pub fn said_by_itself(&self, change: &ChangeFacts<'_, '_>) -> Environment {
        let shows = |node, place: usize| shown(&self.signs(node)).get(place).copied().unwrap_or(false);
        weigh(self, shows, change.node.as_slice(), &[], &[])
    }
}
