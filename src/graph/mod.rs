//! Who stands on whom.
//!
//! Nodes are the objects that exist, plus nodes without an object that only carry edges on: a block's instances taken
//! together, a variable, an output, a provider's settings. An edge runs from what is stood on to what stands on it, so
//! following edges is following the blast. There are four origins, none of them complete, and every edge says which
//! one knew of it: the configuration's references, the dependencies that the last apply recorded, the identities
//! (id, ARN, self link) that stand among other objects' values, and, where they were given, the files of the configuration.
//! Between units there are only identities, and the values that one unit hands to another.

mod by_value;
mod components;
mod handed;
mod identity;
mod paths;
mod producers;
mod reach;
mod recorded;
mod references;

pub use paths::{Step, Ways};
pub use reach::{Above, Mark, Order, Reach, SIGNS};

use std::num::NonZeroU32;

use crate::plan::{Instance, Mode, Plan};

/// A node of the graph. It is its place plus one, so that no node at all takes no more room than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    fn new(place: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(number(place)))
    }

    /// The node's place in a table of all nodes.
    #[must_use]
    pub fn place(self) -> usize {
        (self.0.get() as usize).saturating_sub(1)
    }
}

/// A place as a small number. A graph of four thousand million nodes does not fit into memory before it does not fit here.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Which source knew of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The configuration refers to it.
    Reference,
    /// The prior state lists it.
    Recorded,
    /// Its id, ARN or self link stands among the other's values.
    Identity,
    /// Only the sources show it: through a local value, or in a `dynamic` block.
    Source,
}

impl Evidence {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reference => "configuration",
            Self::Recorded => "state",
            Self::Identity => "identity",
            Self::Source => "sources",
        }
    }
}

/// The dependents of everything that was given, over all plans.
#[derive(Debug)]
pub struct Graph {
    /// The first node of each plan's objects, and the first node without an object.
    offsets: Vec<usize>,
    /// Nodes of data sources and of nothing at all: they carry edges and are never dependents themselves.
    carriers: Vec<bool>,
    starts: Vec<u32>,
    edges: Vec<(NodeId, Evidence)>,
}

/// Edges as they are found, before they are laid out.
#[derive(Debug, Default)]
struct Edges {
    list: Vec<(NodeId, NodeId, Evidence)>,
    nodes: usize,
}

impl Edges {
    fn add(&mut self, from: NodeId, to: NodeId, evidence: Evidence) {
        if from != to {
            self.list.push((from, to, evidence));
        }
    }

    fn node(&mut self) -> NodeId {
        let id = NodeId::new(self.nodes);
        self.nodes = self.nodes.saturating_add(1);
        id
    }
}

impl Graph {
    /// Builds the graph of all plans together. Takes time in proportion to the objects, their references and, where
    /// anything is destroyed, the bytes of their values.
    #[must_use]
    pub fn build(plans: &[Plan<'_>]) -> Self {
        let mut offsets = vec![0_usize];
        for plan in plans {
            let last = offsets.last().copied().unwrap_or_default();
            offsets.push(last.saturating_add(plan.estate.instances.len()));
        }
        let objects = offsets.last().copied().unwrap_or_default();
        let mut edges = Edges { list: Vec::new(), nodes: objects };
        let shared = identity::search(plans, &offsets, &mut edges);
        for (plan, offset) in plans.iter().zip(&offsets) {
            let mut blocks = references::Blocks::of(plan, *offset);
            blocks.connect(&mut edges);
            recorded::connect(plan, *offset, &mut blocks, &shared, &mut edges);
        }
        shared.connect(&mut edges);
        handed::connect(plans, &offsets, &mut edges);
        Self::lay_out(plans, offsets, edges)
    }

    fn lay_out(plans: &[Plan<'_>], offsets: Vec<usize>, mut edges: Edges) -> Self {
        edges.list.sort_unstable();
        edges.list.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut carriers: Vec<bool> =
            plans.iter().flat_map(|plan| &plan.estate.instances).map(|i| i.mode == Mode::Data).collect();
        carriers.resize(edges.nodes, true);
        let mut starts = Vec::with_capacity(edges.nodes.saturating_add(1));
        let mut place = 0_usize;
        for node in 0..=edges.nodes {
            while edges.list.get(place).is_some_and(|(from, _, _)| from.place() < node) {
                place = place.saturating_add(1);
            }
            starts.push(number(place));
        }
        let edges = edges.list.into_iter().map(|(_, to, evidence)| (to, evidence)).collect();
        Self { offsets, carriers, starts, edges }
    }

    /// The same graph without what only the sources know; `None` where that is nothing.
    #[must_use]
    pub fn without_sources(&self) -> Option<Self> {
        if self.edges.iter().all(|(_, evidence)| *evidence != Evidence::Source) {
            return None;
        }
        let mut starts = vec![0];
        let mut edges = Vec::new();
        for place in 0..self.len() {
            edges.extend(self.next(NodeId::new(place)).filter(|(_, evidence)| *evidence != Evidence::Source));
            starts.push(u32::try_from(edges.len()).unwrap_or(u32::MAX));
        }
        Some(Self { offsets: self.offsets.clone(), carriers: self.carriers.clone(), starts, edges })
    }

    /// How many nodes there are, those without an object included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.carriers.len()
    }

    /// There is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.carriers.is_empty()
    }

    /// The node of an object: the plan's place, and the object's place in that plan's estate.
    #[must_use]
    pub fn node(&self, plan: usize, instance: usize) -> NodeId {
        NodeId::new(self.offsets.get(plan).copied().unwrap_or_default().saturating_add(instance))
    }

    /// The node at a place in a table of all nodes.
    #[must_use]
    pub fn node_at(&self, place: usize) -> Option<NodeId> {
        (place < self.len()).then(|| NodeId::new(place))
    }

    /// The plan and the place in its estate of a node's object; `None` for a node without one.
    #[must_use]
    pub fn object(&self, node: NodeId) -> Option<(usize, usize)> {
        let plan = self.offsets.partition_point(|first| *first <= node.place()).checked_sub(1)?;
        self.offsets.get(plan.saturating_add(1))?;
        Some((plan, node.place().checked_sub(*self.offsets.get(plan)?)?))
    }

    /// The object of a node.
    #[must_use]
    pub fn instance<'p, 'a>(&self, plans: &'p [Plan<'a>], node: NodeId) -> Option<&'p Instance<'a>> {
        let (plan, place) = self.object(node)?;
        plans.get(plan)?.estate.instances.get(place)
    }

    /// It only carries edges on: a data source, or a node without an object.
    #[must_use]
    pub fn carries(&self, node: NodeId) -> bool {
        self.carriers.get(node.place()).copied().unwrap_or(true)
    }

    /// It stands for an object, one that is only read included; others are settings, variables, instances together.
    #[must_use]
    pub fn is_object(&self, node: NodeId) -> bool {
        self.offsets.last().is_some_and(|objects| node.place() < *objects)
    }

    /// What stands on a node, one step away, with the source that knew of it.
    pub fn next(&self, node: NodeId) -> impl Iterator<Item = (NodeId, Evidence)> + '_ {
        let bound = |place: usize| self.starts.get(place).map_or(0, |start| *start as usize);
        let range = bound(node.place())..bound(node.place().saturating_add(1));
        self.edges.get(range).unwrap_or_default().iter().copied()
    }
}
