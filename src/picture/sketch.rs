//! What belongs into a picture: the roots, and a shortest way from each to what stands on it.

use std::collections::{HashMap, HashSet};

use super::contract::contract;
use crate::catalog::Entry;
use crate::facts::Facts;
use crate::gate::Judged;
use crate::graph::{Evidence, Graph, NodeId, Ways};

/// So many edges are followed for shortest ways. Past it a search ends at what is drawn already, so that many roots
/// under many dependents stay cheap: everything is drawn, and only the shortest way to some of it is not.
const BUDGET: usize = 5_000_000;

/// Where a picture begins: what was found or is destroyed.
#[derive(Debug)]
pub(super) struct Root {
    /// Its finding's place.
    pub(super) judged: Option<usize>,
    /// Its change's place.
    pub(super) change: Option<usize>,
    /// Its object, where one exists.
    pub(super) node: Option<NodeId>,
}

/// The nodes and edges of a picture, before they are described.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// Objects that roots reach, and joints.
    pub(super) reached: HashSet<NodeId>,
    /// Everything, sorted: of nodes without an object only those where many ways meet.
    pub(super) nodes: Vec<NodeId>,
    /// The edges between them, sorted.
    pub(super) edges: Vec<(NodeId, NodeId, Evidence)>,
}

/// The findings in their order, then what else is destroyed in the plans' order.
pub(super) fn roots(facts: &Facts<'_, '_>, judged: &[Judged]) -> Vec<Root> {
    let live = facts.changes.iter().enumerate().filter(|(_, change)| !change.is_deposed());
    let by_address: HashMap<(usize, &str), usize> =
        live.map(|(place, change)| ((change.plan, change.change.address.as_ref()), place)).collect();
    let mut taken = HashSet::new();
    let mut roots = Vec::new();
    for (place, one) in judged.iter().enumerate() {
        let named = || by_address.get(&(one.main.plan, one.main.found.address.as_str())).copied();
        let change = one.main.change.or_else(named).filter(|change| taken.insert(*change));
        roots.push(Root { judged: Some(place), change, node: object(facts, change) });
    }
    for (place, change) in facts.changes.iter().enumerate() {
        if change.destroys() && taken.insert(place) {
            roots.push(Root { judged: None, change: Some(place), node: change.node });
        }
    }
    roots
}

fn object(facts: &Facts<'_, '_>, change: Option<usize>) -> Option<NodeId> {
    facts.changes.get(change?)?.node
}

/// The roots, their counted dependents, and for each of these a shortest way from every root that it stands on.
pub(super) fn affected(facts: &Facts<'_, '_>, roots: &[Root]) -> Sketch {
    let sources: Vec<NodeId> = roots.iter().filter_map(|root| root.node).collect();
    let mut union = Union { on_way_of: vec![0; facts.graph.len()], edges: HashMap::new() };
    let is_root: HashSet<NodeId> = sources.iter().copied().collect();
    let mut ways = Ways::new(&facts.graph);
    for (source, number) in sources.iter().zip(1..) {
        union.add(*source, number);
        let tired = ways.followed() > BUDGET;
        let known = |node: NodeId| tired && union.has(node);
        // A root's own ways begin at it, and a shortest way over it is made of two shortest ways.
        let reached = ways.search(*source, |node| is_root.contains(&node) || known(node));
        let wanted = |node: &NodeId| is_root.contains(node) || known(*node) || counts(facts, *node);
        for target in reached.into_iter().filter(wanted).collect::<Vec<_>>() {
            union.trace(&ways, number, target);
        }
    }
    let reached = (0..facts.graph.len())
        .filter_map(|place| facts.graph.node_at(place))
        .filter(|node| union.has(*node) && facts.graph.is_object(*node))
        .collect();
    let edges = union.edges.into_iter().map(|((from, to), evidence)| (from, to, evidence)).collect();
    Sketch { reached, ..Sketch::default() }.with(&facts.graph, edges)
}

/// It counts as a dependent.
fn counts(facts: &Facts<'_, '_>, node: NodeId) -> bool {
    !facts.graph.carries(node) && facts.entry(node).is_some_and(Entry::counts)
}

/// All ways that were found, each edge once.
struct Union {
    /// The last source, counted from 1, whose ways a node is on; 0 for none.
    on_way_of: Vec<usize>,
    edges: HashMap<(NodeId, NodeId), Evidence>,
}

impl Union {
    fn has(&self, node: NodeId) -> bool {
        self.on_way_of.get(node.place()).is_some_and(|source| *source > 0)
    }

    /// Notes that a node is on a source's way; `false` where that is known.
    fn add(&mut self, node: NodeId, source: usize) -> bool {
        self.on_way_of.get_mut(node.place()).is_some_and(|last| std::mem::replace(last, source) != source)
    }

    /// Adds the way from the source to a target. It ends where another of the same source's ways goes on.
    fn trace(&mut self, ways: &Ways<'_>, source: usize, target: NodeId) {
        let mut at = target;
        while self.add(at, source)
            && let Some((from, evidence)) = ways.before(at)
        {
            self.edges.insert((from, at), evidence);
            at = from;
        }
    }
}

impl Sketch {
    /// Takes edges between any nodes and keeps those between objects and joints.
    fn with(mut self, graph: &Graph, edges: Vec<(NodeId, NodeId, Evidence)>) -> Self {
        let (joints, edges) = contract(edges, |node| graph.is_object(node));
        self.nodes = self.reached.iter().copied().chain(joints).collect();
        self.nodes.sort_unstable();
        self.nodes.dedup();
        self.edges = edges;
        self
    }

    /// Adds all objects and all edges.
    pub(super) fn add_everything(&mut self, graph: &Graph) {
        let nodes = (0..graph.len()).filter_map(|place| graph.node_at(place));
        let edges = nodes.clone().flat_map(|from| graph.next(from).map(move |(to, evidence)| (from, to, evidence)));
        let (joints, edges) = contract(edges.collect(), |node| graph.is_object(node));
        self.nodes = nodes.filter(|node| graph.is_object(*node)).chain(joints).collect();
        self.edges = edges;
    }
}
