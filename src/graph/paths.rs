//! Ways from what is stood on to what stands on it: the nearest dependents, and how each of them is reached.
//!
//! There is one search. It goes breadth first, and what only carries is no step of its own, so the way to a node is a
//! shortest one. Edges have an order, so of two ways that are as short the same one is taken every time.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Evidence, Graph, NodeId};

/// One step of a way: what it leads to, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The object; one that is only read has its own step.
    pub node: NodeId,
    /// The weakest evidence between it and the object before it.
    pub evidence: Evidence,
}

/// A node that the search came upon.
struct Hop {
    node: NodeId,
    /// How many objects lie on the way.
    steps: u32,
    /// The weakest evidence since the last managed object.
    evidence: Evidence,
}

/// Who was seen already, and from where.
trait Seen {
    /// Notes the edge that led to a node; `false` where the node was seen before.
    fn note(&mut self, node: NodeId, from: NodeId, evidence: Evidence) -> bool;
}

impl Seen for HashSet<NodeId> {
    fn note(&mut self, node: NodeId, _: NodeId, _: Evidence) -> bool {
        self.insert(node)
    }
}

impl Graph {
    /// The managed objects that stand directly on a node, through data sources and the like.
    pub fn direct(&self, source: NodeId) -> impl Iterator<Item = (NodeId, Evidence)> + '_ {
        self.walk(source, HashSet::from([source]), |node| !self.carries(node))
            .filter(|hop| !self.carries(hop.node))
            .map(|hop| (hop.node, hop.evidence))
    }

    /// What stands on a node, the nearest first: the node, how many objects lie on the way, and the last step's evidence.
    pub fn nearest(&self, source: NodeId) -> impl Iterator<Item = (NodeId, u32, Evidence)> + '_ {
        self.walk(source, HashSet::from([source]), |_| false)
            .filter(|hop| !self.carries(hop.node))
            .map(|hop| (hop.node, hop.steps, hop.evidence))
    }

    /// A shortest way from what is stood on to what stands on it, without the source itself. It is empty where the
    /// target does not stand on the source. Takes time in proportion to what lies nearer than the target.
    #[must_use]
    pub fn witness(&self, source: NodeId, target: NodeId) -> Vec<Step> {
        let mut seen = HashMap::from([(source, (source, Evidence::Reference))]);
        let found = source != target && self.walk(source, &mut seen, |_| false).any(|hop| hop.node == target);
        if found { self.way_back(source, target, |node| seen.get(&node).copied()) } else { Vec::new() }
    }

    /// The steps to a target, by asking each node for the edge that led to it.
    fn way_back(
        &self,
        source: NodeId,
        target: NodeId,
        before: impl Fn(NodeId) -> Option<(NodeId, Evidence)>,
    ) -> Vec<Step> {
        let (mut steps, mut at, mut step) = (Vec::new(), target, None);
        while at != source {
            let Some((from, evidence)) = before(at) else { return Vec::new() };
            let known: &mut Step = step.get_or_insert(Step { node: at, evidence });
            known.evidence = known.evidence.max(evidence);
            if from == source || self.is_object(from) {
                steps.extend(step.take());
            }
            at = from;
        }
        steps.reverse();
        steps
    }

    /// Breadth first, not beyond a node where `stop` says so. Edges are followed only when somebody asks for more, so
    /// the first few cost little however many there are.
    fn walk<'g>(
        &'g self,
        source: NodeId,
        mut seen: impl Seen + 'g,
        stop: impl Fn(NodeId) -> bool + 'g,
    ) -> impl Iterator<Item = Hop> + 'g {
        let way = move |node, steps, evidence| Way { node, edges: self.next(node), steps, evidence };
        let mut near = vec![way(source, 1, Evidence::Reference)];
        let mut far = VecDeque::new();
        std::iter::from_fn(move || {
            loop {
                let Some(last) = near.last_mut() else {
                    let (node, steps) = far.pop_front()?;
                    near.push(way(node, steps, Evidence::Reference));
                    continue;
                };
                let (from, steps, weaker) = (last.node, last.steps, last.evidence);
                let Some((to, by)) = last.edges.next() else {
                    near.pop();
                    continue;
                };
                if !seen.note(to, from, by) {
                    continue;
                }
                let evidence = by.max(weaker);
                match (stop(to), self.carries(to)) {
                    (true, _) => {}
                    // What only carries is followed at once, and the way keeps its weakest evidence.
                    (false, true) => near.push(way(to, steps, evidence)),
                    (false, false) => far.push_back((to, steps.saturating_add(1))),
                }
                return Some(Hop { node: to, steps, evidence });
            }
        })
    }
}

impl Seen for &mut HashMap<NodeId, (NodeId, Evidence)> {
    fn note(&mut self, node: NodeId, from: NodeId, evidence: Evidence) -> bool {
        let new = !self.contains_key(&node);
        if new {
            self.insert(node, (from, evidence));
        }
        new
    }
}

/// Edges that are still to be followed, and what is known of the way to them.
struct Way<I> {
    node: NodeId,
    edges: I,
    steps: u32,
    evidence: Evidence,
}

/// The shortest ways from one source after another. The tables are made once, so a source costs what it reaches.
#[derive(Debug)]
pub struct Ways<'g> {
    graph: &'g Graph,
    table: Table,
}

#[derive(Debug)]
struct Table {
    round: u32,
    /// How many edges were looked at in all rounds.
    followed: usize,
    /// The round in which a node was last seen, and the edge that led to it then.
    seen: Vec<(u32, NodeId, Evidence)>,
}

impl Seen for &mut Table {
    fn note(&mut self, node: NodeId, from: NodeId, evidence: Evidence) -> bool {
        self.followed = self.followed.saturating_add(1);
        match self.seen.get_mut(node.place()) {
            Some(entry) if entry.0 != self.round => {
                *entry = (self.round, from, evidence);
                true
            }
            _ => false,
        }
    }
}

impl<'g> Ways<'g> {
    /// Makes the tables for a graph.
    #[must_use]
    pub fn new(graph: &'g Graph) -> Self {
        let nobody = (0, NodeId::new(0), Evidence::Reference);
        Self { graph, table: Table { round: 0, followed: 0, seen: vec![nobody; graph.len()] } }
    }

    /// Searches from a source, not beyond nodes where `stop` says so, and forgets the source before it. Returns what
    /// was reached, the nearest first: objects, data sources and nodes without an object.
    pub fn search(&mut self, source: NodeId, stop: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        self.table.round = self.table.round.saturating_add(1);
        (&mut self.table).note(source, source, Evidence::Reference);
        self.graph.walk(source, &mut self.table, stop).map(|hop| hop.node).collect()
    }

    /// The edge that led to a node in the last search: from where, and who knew of it.
    #[must_use]
    pub fn before(&self, node: NodeId) -> Option<(NodeId, Evidence)> {
        let (round, from, evidence) = self.table.seen.get(node.place())?;
        (*round == self.table.round).then_some((*from, *evidence))
    }

    /// How many edges all searches together have looked at.
    #[must_use]
    pub fn followed(&self) -> usize {
        self.table.followed
    }
}
