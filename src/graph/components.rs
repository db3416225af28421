//! Strongly connected components, so that a cycle is one place and the rest is an order.

use super::{Graph, NodeId};

/// The component of every node, numbered so that what stands on something has the smaller number.
pub(super) struct Components {
    pub(super) of: Vec<u32>,
    /// All nodes, the most stood-on first: following edges never leads to an earlier component.
    pub(super) order: Vec<NodeId>,
    pub(super) count: usize,
}

const NONE: u32 = u32::MAX;

/// Tarjan's algorithm with a stack of its own: a chain of 100,000 must not end the program's.
struct Search<'g> {
    graph: &'g Graph,
    index: Vec<u32>,
    low: Vec<u32>,
    component: Vec<u32>,
    path: Vec<NodeId>,
    next_index: u32,
    count: u32,
}

pub(super) fn find(graph: &Graph) -> Components {
    let nodes = graph.len();
    let fill = || vec![NONE; nodes];
    let mut search =
        Search { graph, index: fill(), low: fill(), component: fill(), path: Vec::new(), next_index: 0, count: 0 };
    for place in 0..nodes {
        if get(&search.index, NodeId::new(place)) == NONE {
            search.from(NodeId::new(place));
        }
    }
    let mut order: Vec<NodeId> = (0..nodes).map(NodeId::new).collect();
    order.sort_by_key(|node| (std::cmp::Reverse(get(&search.component, *node)), *node));
    Components { of: search.component, order, count: search.count as usize }
}

pub(super) fn get(table: &[u32], node: NodeId) -> u32 {
    table.get(node.place()).copied().unwrap_or(NONE)
}

fn set(table: &mut [u32], node: NodeId, value: u32) {
    if let Some(entry) = table.get_mut(node.place()) {
        *entry = value;
    }
}

impl<'g> Search<'g> {
    fn from(&mut self, root: NodeId) {
        let graph: &'g Graph = self.graph;
        let mut open = vec![(root, graph.next(root))];
        self.enter(root);
        while let Some((node, edges)) = open.last_mut() {
            let node = *node;
            match edges.next() {
                Some((to, _)) if get(&self.index, to) == NONE => {
                    self.enter(to);
                    open.push((to, graph.next(to)));
                }
                // A node that is in a component already is no part of this one.
                Some((to, _)) if get(&self.component, to) == NONE => self.lower(node, get(&self.index, to)),
                Some(_) => {}
                None => {
                    open.pop();
                    self.leave(node);
                    if let Some((parent, _)) = open.last() {
                        self.lower(*parent, get(&self.low, node));
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: NodeId) {
        set(&mut self.index, node, self.next_index);
        set(&mut self.low, node, self.next_index);
        self.next_index = self.next_index.saturating_add(1);
        self.path.push(node);
    }

    fn lower(&mut self, node: NodeId, to: u32) {
        let low = get(&self.low, node).min(to);
        set(&mut self.low, node, low);
    }

    /// The root of a component takes everything above it off the path.
    fn leave(&mut self, node: NodeId) {
        if get(&self.low, node) != get(&self.index, node) {
            return;
        }
        while let Some(member) = self.path.pop() {
            set(&mut self.component, member, self.count);
            if member == node {
                break;
            }
        }
        self.count = self.count.saturating_add(1);
    }
}
