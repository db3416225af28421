//! Edges of values that units hand to each other: outputs read as a remote state, exports imported by other templates.
//!
//! Each value is a node that only carries edges on. What it stands on is known by the producing unit's configuration, or
//! by the identities in it; here it is led to those who take it. Whose outputs a remote state has read is told by its
//! backend's settings, where they name a file that was given, and by the outputs themselves; where that leaves several,
//! all of them are meant.

use std::collections::{HashMap, HashSet};

use super::by_value::{by_value, own_strings};
use super::identity::{Identities, is_telling, strings};
use super::producers::Producers;
use super::{Edges, Evidence, NodeId};
use crate::plan::{Output, Plan, RemoteState};

/// The remote states of one unit, by the place of their data source.
pub(super) struct RemoteStates<'p, 'a> {
    first: usize,
    plan: &'p Plan<'a>,
    by_source: HashMap<NodeId, &'p RemoteState<'a>>,
}

impl<'p, 'a> RemoteStates<'p, 'a> {
    pub(super) fn of(plan: &'p Plan<'a>, first: usize) -> Self {
        let node = |place: usize| NodeId::new(first.saturating_add(place));
        let by_source = plan.estate.remote_states.iter().map(|state| (node(state.source), state)).collect();
        Self { first, plan, by_source }
    }

    /// There are none.
    pub(super) fn is_empty(&self) -> bool {
        self.by_source.is_empty()
    }

    /// A node is a remote state's data source.
    pub(super) fn is_source(&self, node: NodeId) -> bool {
        self.by_source.contains_key(&node)
    }

    /// The node that stands for all outputs of a remote state.
    pub(super) fn whole(&self, source: NodeId) -> NodeId {
        self.by_source.get(&source).map_or(source, |state| self.node(state.whole))
    }

    /// The outputs of a remote state whose values stand among an object's, and whether one of them is sure to be meant.
    /// An identity needs no such edge: the object that has it is known.
    pub(super) fn used(&self, source: NodeId, values: &str, identities: &Identities) -> (Vec<NodeId>, bool) {
        let Some(state) = self.by_source.get(&source) else { return (Vec::new(), false) };
        let held: HashSet<&str> = strings(values).collect();
        let own: HashSet<&str> = own_strings(values).into_iter().collect();
        let (mut used, mut sure) = (Vec::new(), false);
        for output in &state.outputs {
            let value = self.plan.estate.instances.get(output.instance).map_or("", |i| i.values.search());
            for text in strings(value).filter(|text| text.len() > 1 && held.contains(text)) {
                // A region or a tag that happens to be the same does not show that nothing else was used.
                sure = sure || (is_telling(text) && own.contains(text));
                if !identities.is_known(text) {
                    used.push(self.node(output.instance));
                }
            }
        }
        (used, sure)
    }

    fn node(&self, place: usize) -> NodeId {
        NodeId::new(self.first.saturating_add(place))
    }
}

/// Adds the edges of everything that is handed on.
pub(super) fn connect(plans: &[Plan<'_>], offsets: &[usize], edges: &mut Edges) {
    let nodes = |unit: usize| {
        let first = offsets.get(unit).copied().unwrap_or_default();
        move |place: usize| NodeId::new(first.saturating_add(place))
    };
    let producers = Producers::of(plans);
    for (unit, plan) in plans.iter().enumerate() {
        let node = nodes(unit);
        for state in &plan.estate.remote_states {
            inside(state, &node, edges);
            for producer in producers.of_state(plans, unit, state) {
                let other = nodes(producer);
                let outputs = plans.get(producer).map(|plan| plan.estate.outputs.as_slice()).unwrap_or_default();
                hand_over((outputs, &other), (state, &node), edges);
            }
        }
        if plans.len() > 1 && !plan.configuration.present {
            by_value(plan, &node, edges);
        }
        for import in &plan.estate.imports {
            for (other, exporter) in plans.iter().enumerate() {
                for export in exporter.estate.exports.iter().filter(|export| export.fits(import)) {
                    edges.add(nodes(other)(export.instance), node(import.instance), Evidence::Reference);
                }
            }
        }
    }
}

/// Each output stands on the data source's own settings, and all of them together on each.
fn inside(state: &RemoteState<'_>, node: &impl Fn(usize) -> NodeId, edges: &mut Edges) {
    let (source, whole) = (node(state.source), node(state.whole));
    edges.add(source, whole, Evidence::Reference);
    for output in &state.outputs {
        edges.add(source, node(output.instance), Evidence::Reference);
        edges.add(node(output.instance), whole, Evidence::Reference);
    }
}

/// Leads the outputs of one unit to the same outputs as another has read them.
fn hand_over(
    (outputs, from): (&[Output<'_>], &impl Fn(usize) -> NodeId),
    (state, to): (&RemoteState<'_>, &impl Fn(usize) -> NodeId),
    edges: &mut Edges,
) {
    let read: HashMap<&str, usize> = state.outputs.iter().map(|o| (o.name.as_ref(), o.instance)).collect();
    for output in outputs {
        // An output that was not there yet when it was read is used by nobody but who uses them all.
        let taken = read.get(output.name.as_ref()).copied().unwrap_or(state.whole);
        edges.add(from(output.instance), to(taken), Evidence::Reference);
    }
}
