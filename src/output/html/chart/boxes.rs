//! The boxes of a drawing: one for each node, and one for many that are alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::picture::{Node, Picture, Role};

/// So many that are alike become one box.
const ALIKE: usize = 3;

/// A picture as it is drawn.
pub(super) struct Boxes<'p> {
    /// Of each box its nodes: one, or all that are alike.
    pub(super) boxes: Vec<Vec<&'p Node>>,
    /// Who stands on whom, by places in `boxes`, with how that is known.
    pub(super) edges: Vec<(usize, usize, &'p str)>,
    /// The boxes of what was found or is destroyed.
    pub(super) roots: Vec<usize>,
}

/// Where lines lead, or come from, with how each is known.
type Ends<'p> = BTreeSet<(usize, &'p str)>;

/// What makes nodes alike: nothing was found in them, and they have the same place in the picture.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likeness<'p> {
    role: &'static str,
    kind: &'p str,
    action: &'p str,
    input: &'p str,
    before: Ends<'p>,
    after: Ends<'p>,
}

impl<'p> Boxes<'p> {
    pub(super) fn of(picture: &'p Picture) -> Self {
        let places: HashMap<&str, usize> =
            picture.nodes.iter().enumerate().map(|(place, node)| (node.id.as_str(), place)).collect();
        let at = |id: &str| places.get(id).copied();
        let edges: Vec<(usize, usize, &str)> = picture
            .edges
            .iter()
            .filter_map(|edge| Some((at(&edge.from)?, at(&edge.to)?, edge.known_by.as_str())))
            .collect();
        let (boxes, box_of) = put_together(picture, &edges);
        let number = |place: usize| box_of.get(place).copied();
        let mut joined: Vec<(usize, usize, &str)> = edges
            .iter()
            .filter_map(|(from, to, known)| Some((number(*from)?, number(*to)?, *known)))
            .filter(|(from, to, _)| from != to)
            .collect();
        // Nodes that are alike have the same lines, so one of each is enough.
        joined.sort_unstable();
        joined.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut roots: Vec<usize> = picture.roots.iter().filter_map(|root| at(root).and_then(number)).collect();
        let mut seen = BTreeSet::new();
        roots.retain(|root| seen.insert(*root));
        Self { boxes, edges: joined, roots }
    }

    /// The boxes that stand on one, the nearest first, each with the one before it on a shortest way.
    pub(super) fn reached(&self, from: usize) -> Vec<(usize, usize)> {
        let mut seen = BTreeSet::from([from]);
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut next = 0;
        let mut at = from;
        loop {
            let first = self.edges.partition_point(|(one, _, _)| *one < at);
            let leaving = self.edges.iter().skip(first).take_while(|(one, _, _)| *one == at);
            found.extend(leaving.filter(|(_, to, _)| seen.insert(*to)).map(|(_, to, _)| (*to, at)));
            let Some((to, _)) = found.get(next) else { return found };
            at = *to;
            next = next.saturating_add(1);
        }
    }
}

/// The boxes in the order of their first nodes, and the box of each node.
fn put_together<'p>(picture: &'p Picture, edges: &[(usize, usize, &'p str)]) -> (Vec<Vec<&'p Node>>, Vec<usize>) {
    let mut ends: Vec<(Ends<'_>, Ends<'_>)> = vec![Default::default(); picture.nodes.len()];
    for (from, to, known) in edges {
        if let Some((_, after)) = ends.get_mut(*from) {
            after.insert((*to, *known));
        }
        if let Some((before, _)) = ends.get_mut(*to) {
            before.insert((*from, *known));
        }
    }
    let mut alike: BTreeMap<Likeness<'_>, Vec<usize>> = BTreeMap::new();
    for (place, (node, (before, after))) in picture.nodes.iter().zip(ends).enumerate() {
        if node.verdict.is_none() && node.role != Role::Joint {
            let (kind, action, input) = (&*node.kind, &*node.action, &*node.input);
            let likeness = Likeness { role: node.role.word(), kind, action, input, before, after };
            alike.entry(likeness).or_default().push(place);
        }
    }
    let mut first_of: Vec<usize> = (0..picture.nodes.len()).collect();
    for places in alike.into_values().filter(|places| places.len() >= ALIKE) {
        for place in &places {
            if let (Some(slot), Some(first)) = (first_of.get_mut(*place), places.first()) {
                *slot = *first;
            }
        }
    }
    number(picture, &first_of)
}

/// Boxes by the first node of each.
fn number<'p>(picture: &'p Picture, first_of: &[usize]) -> (Vec<Vec<&'p Node>>, Vec<usize>) {
    let mut boxes: Vec<Vec<&Node>> = Vec::new();
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut box_of = Vec::with_capacity(first_of.len());
    for (node, first) in picture.nodes.iter().zip(first_of) {
        let number = *numbers.entry(*first).or_insert_with(|| {
            boxes.push(Vec::new());
            boxes.len().saturating_sub(1)
        });
        if let Some(members) = boxes.get_mut(number) {
            members.push(node);
        }
        box_of.push(number);
    }
    (boxes, box_of)
}
