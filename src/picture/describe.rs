//! Names everything in a sketch, in the order in which it is looked at.

use std::collections::{HashMap, HashSet, VecDeque};

use super::sketch::{Root, Sketch};
use super::{Edge, LeftOut, Node, Picture, Role, SCHEMA_VERSION, Shows};
use crate::assess;
use crate::catalog::Entry;
use crate::facts::{ChangeFacts, Facts};
use crate::gate::Judged;
use crate::graph::NodeId;
use crate::plan::Mode;

/// Describes everything that is in a sketch.
pub(super) fn picture(
    facts: &Facts<'_, '_>,
    judged: &[Judged],
    roots: &[Root],
    sketch: &Sketch,
    shows: Shows,
) -> Picture {
    let describe = Describe { facts, judged, sketch, changes: changes(facts) };
    let mut picture = Picture {
        schema_version: SCHEMA_VERSION,
        tool: assess::tool(facts.catalog()),
        shows,
        inputs: facts.plans.iter().map(|plan| plan.unit.clone()).collect(),
        roots: (0..roots.len()).map(id).collect(),
        nodes: Vec::new(),
        edges: Vec::new(),
        left_out: LeftOut::default(),
    };
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    for (place, root) in roots.iter().enumerate() {
        places.extend(root.node.map(|node| (node, place)));
        picture.nodes.push(describe.root(id(place), root));
    }
    for node in order(roots, sketch) {
        let place = picture.nodes.len();
        places.insert(node, place);
        picture.nodes.push(describe.node(id(place), node));
    }
    picture.edges = edges(sketch, &places);
    picture
}

/// The edges by the places of what they join.
fn edges(sketch: &Sketch, places: &HashMap<NodeId, usize>) -> Vec<Edge> {
    let at = |node| places.get(node).copied();
    let joined = sketch.edges.iter().filter_map(|(from, to, known)| Some((at(from)?, at(to)?, known.word())));
    let mut joined: Vec<(usize, usize, &str)> = joined.collect();
    joined.sort_unstable();
    let edge = |(from, to, known_by): (_, _, &str)| Edge { from: id(from), to: id(to), known_by: known_by.to_owned() };
    joined.into_iter().map(edge).collect()
}

fn id(place: usize) -> String {
    format!("n{place}")
}

/// The change of each object.
fn changes(facts: &Facts<'_, '_>) -> HashMap<NodeId, usize> {
    facts.changes.iter().enumerate().filter_map(|(place, change)| Some((change.node?, place))).collect()
}

/// What is no root, the nearest to any root first, then what no root reaches.
fn order(roots: &[Root], sketch: &Sketch) -> Vec<NodeId> {
    let mut open: VecDeque<NodeId> = roots.iter().filter_map(|root| root.node).collect();
    let mut seen: HashSet<NodeId> = open.iter().copied().collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop_front() {
        let first = sketch.edges.partition_point(|(from, _, _)| *from < node);
        let edges = sketch.edges.iter().skip(first).take_while(|(from, _, _)| *from == node);
        for (_, to, _) in edges.filter(|(_, to, _)| seen.insert(*to)) {
            found.push(*to);
            open.push_back(*to);
        }
    }
    found.extend(sketch.nodes.iter().filter(|node| !seen.contains(node)));
    found
}

struct Describe<'f, 'p, 'a> {
    facts: &'f Facts<'p, 'a>,
    judged: &'f [Judged],
    sketch: &'f Sketch,
    changes: HashMap<NodeId, usize>,
}

impl<'p, 'a> Describe<'_, 'p, 'a> {
    fn root(&self, id: String, root: &Root) -> Node {
        let change = root.change.and_then(|place| self.facts.changes.get(place));
        let mut node = match change {
            Some(change) => self.changed(id, change),
            None => empty(id, Role::Plan),
        };
        node.dependents = change.map(|change| change.reach.counted);
        if let Some(judged) = root.judged.and_then(|place| self.judged.get(place)) {
            node.rule = Some(judged.main.rule.id.to_owned());
            node.verdict = Some(assess::outcome(judged.verdict));
            if change.is_none() {
                node.address.clone_from(&judged.main.found.address);
                node.kind.clone_from(&judged.main.found.kind);
                node.input = self.input(judged.main.plan);
                node.role = if node.address.is_empty() { Role::Plan } else { Role::Changed };
            }
        }
        node
    }

    fn node(&self, id: String, node: NodeId) -> Node {
        let change = self.changes.get(&node).and_then(|place| self.facts.changes.get(*place));
        if let Some(change) = change {
            return self.changed(id, change);
        }
        let (Some(instance), Some((plan, _))) =
            (self.facts.graph.instance(self.facts.plans, node), self.facts.graph.object(node))
        else {
            return empty(id, Role::Joint);
        };
        let entry = self.facts.entry(node).filter(|_| instance.mode == Mode::Managed);
        let role = match (self.sketch.reached.contains(&node), entry.is_some_and(Entry::counts)) {
            (false, _) => Role::Untouched,
            (true, true) => Role::Affected,
            (true, false) => Role::Between,
        };
        Node {
            address: instance.address.to_string(),
            deposed: instance.deposed.as_ref().map(ToString::to_string),
            input: self.input(plan),
            kind: instance.kind.to_string(),
            action: if instance.mode == Mode::Managed { "no-op".to_owned() } else { String::new() },
            holds: entry.map(|entry| entry.holds.word().to_owned()),
            standing: entry.map(|entry| entry.standing.word().to_owned()),
            ..empty(id, role)
        }
    }

    fn changed(&self, id: String, change: &ChangeFacts<'p, 'a>) -> Node {
        let role = if change.destroys() { Role::Destroyed } else { Role::Changed };
        Node {
            address: change.change.address.to_string(),
            deposed: change.change.deposed.as_ref().map(ToString::to_string),
            input: self.input(change.plan),
            kind: change.change.kind.to_string(),
            action: change.change.action.word().to_owned(),
            holds: Some(change.entry.holds.word().to_owned()),
            standing: Some(change.entry.standing.word().to_owned()),
            ..empty(id, role)
        }
    }

    fn input(&self, plan: usize) -> String {
        self.facts.plans.get(plan).map(|plan| plan.unit.clone()).unwrap_or_default()
    }
}

fn empty(id: String, role: Role) -> Node {
    Node {
        id,
        address: String::new(),
        deposed: None,
        input: String::new(),
        kind: String::new(),
        action: String::new(),
        rule: None,
        verdict: None,
        holds: None,
        standing: None,
        role,
        dependents: None,
    }
}
