//! Nodes without an object are drawn as plain edges, as long as that does not multiply edges.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Evidence, NodeId};

/// So many edges in place of one node are still easier to read than the node.
const FEW: usize = 16;

type Edges = Vec<(NodeId, NodeId, Evidence)>;

/// A node without an object: what leads to it, and what it leads to.
#[derive(Default)]
struct Hub {
    from: BTreeMap<NodeId, Evidence>,
    to: BTreeMap<NodeId, Evidence>,
}

/// Replaces nodes without an object by edges with the weakest evidence of the two that they stand for. One that joins so
/// many with so many that the edges would multiply stays: those are returned, sorted, with all edges, sorted too.
pub(super) fn contract(edges: Edges, is_object: impl Fn(NodeId) -> bool) -> (Vec<NodeId>, Edges) {
    let (mut plain, hubs): (Edges, Edges) =
        edges.into_iter().partition(|(from, to, _)| is_object(*from) && is_object(*to));
    let mut table: BTreeMap<NodeId, Hub> = BTreeMap::new();
    for (from, to, evidence) in hubs {
        connect(&mut table, (from, to, evidence), &is_object);
    }
    for hub in table.keys().copied().collect::<Vec<_>>() {
        take_out(&mut table, hub, &mut plain, &is_object);
    }
    for (hub, ends) in &table {
        plain.extend(ends.from.iter().map(|(from, evidence)| (*from, *hub, *evidence)));
        let objects = ends.to.iter().filter(|(to, _)| is_object(**to));
        plain.extend(objects.map(|(to, evidence)| (*hub, *to, *evidence)));
    }
    // Of two edges between the same nodes the better known one comes first and is kept.
    plain.sort_unstable();
    plain.dedup_by_key(|(from, to, _)| (*from, *to));
    (table.into_keys().collect(), plain)
}

/// Notes an edge at its ends that have no object; the better known one, where there are two.
fn connect(
    table: &mut BTreeMap<NodeId, Hub>,
    (from, to, evidence): (NodeId, NodeId, Evidence),
    is_object: &impl Fn(NodeId) -> bool,
) {
    let note = |side: &mut BTreeMap<NodeId, Evidence>, other: NodeId| {
        let known = side.entry(other).or_insert(evidence);
        *known = evidence.min(*known);
    };
    if !is_object(from) {
        note(&mut table.entry(from).or_default().to, to);
    }
    if !is_object(to) {
        note(&mut table.entry(to).or_default().from, from);
    }
}

/// Replaces one node by edges, unless that would make more of them than can be read.
fn take_out(table: &mut BTreeMap<NodeId, Hub>, node: NodeId, plain: &mut Edges, is_object: &impl Fn(NodeId) -> bool) {
    let Some(hub) = table.get(&node) else { return };
    let (before, after) = (hub.from.len(), hub.to.len());
    let product = before.saturating_mul(after);
    if product > FEW && product > before.saturating_add(after) {
        return;
    }
    let Some(hub) = table.remove(&node) else { return };
    let neighbours: BTreeSet<NodeId> = hub.from.keys().chain(hub.to.keys()).copied().collect();
    for neighbour in neighbours {
        if let Some(other) = table.get_mut(&neighbour) {
            other.from.remove(&node);
            other.to.remove(&node);
        }
    }
    for (from, first) in &hub.from {
        for (to, second) in hub.to.iter().filter(|(to, _)| *to != from) {
            let edge = (*from, *to, *first.max(second));
            if is_object(*from) && is_object(*to) { plain.push(edge) } else { connect(table, edge, is_object) }
        }
    }
}
