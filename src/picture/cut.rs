//! A picture with so many nodes at most, and what that leaves out.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{LeftOut, Node, Picture, Role};
use crate::report::Outcome;

/// Every root that is shown brings so many nodes with it, itself included, before the next one's turn; more where there is
/// room for much: the worst shall be whole rather than all begun.
const SHARE: usize = 5;
const PART: usize = 16;

pub(super) fn cut(picture: &Picture, most: usize) -> Picture {
    if picture.nodes.len() <= most {
        return picture.clone();
    }
    let chosen = Choice::of(picture, most).chosen;
    let (nodes, out): (Vec<(usize, &Node)>, Vec<_>) =
        picture.nodes.iter().enumerate().partition(|(place, _)| chosen.get(*place) == Some(&true));
    let kept: HashSet<&str> = nodes.iter().map(|(_, node)| node.id.as_str()).collect();
    let (edges, cut): (Vec<_>, Vec<_>) =
        picture.edges.iter().partition(|edge| kept.contains(&*edge.from) && kept.contains(&*edge.to));
    Picture {
        tool: picture.tool.clone(),
        inputs: picture.inputs.clone(),
        roots: picture.roots.iter().filter(|root| kept.contains(root.as_str())).cloned().collect(),
        left_out: out.into_iter().fold(
            LeftOut { edges: picture.left_out.edges.saturating_add(cut.len()), ..picture.left_out.clone() },
            |left, (_, node)| add(left, node),
        ),
        nodes: nodes.into_iter().map(|(_, node)| node.clone()).collect(),
        edges: edges.into_iter().cloned().collect(),
        ..*picture
    }
}

fn add(mut left: LeftOut, node: &Node) -> LeftOut {
    let one_more = |count: &mut usize| *count = count.saturating_add(1);
    one_more(&mut left.nodes);
    match node.verdict {
        Some(Outcome::Block) => one_more(&mut left.block),
        Some(Outcome::Review) => one_more(&mut left.review),
        _ => {}
    }
    match node.role {
        Role::Destroyed => one_more(&mut left.destroyed),
        Role::Changed => one_more(&mut left.changed),
        Role::Affected => one_more(&mut left.affected),
        Role::Plan | Role::Between | Role::Untouched | Role::Joint => {}
    }
    left
}

/// Which nodes are shown, by their places.
struct Choice {
    next: Vec<Vec<usize>>,
    chosen: Vec<bool>,
    /// The chosen ones, in the order of choosing.
    order: Vec<usize>,
    most: usize,
}

impl Choice {
    fn of(picture: &Picture, most: usize) -> Self {
        let places: HashMap<&str, usize> =
            picture.nodes.iter().enumerate().map(|(place, node)| (node.id.as_str(), place)).collect();
        let at = |id: &str| places.get(id).copied();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); picture.nodes.len()];
        for edge in &picture.edges {
            if let (Some(from), Some(to)) = (at(&edge.from).and_then(|from| next.get_mut(from)), at(&edge.to)) {
                from.push(to);
            }
        }
        let mut choice = Self { next, chosen: vec![false; picture.nodes.len()], order: Vec::new(), most };
        let roots: Vec<usize> = picture.roots.iter().filter_map(|root| at(root)).collect();
        let share = most.checked_div(roots.len()).unwrap_or(0).max(SHARE).max(most / PART);
        for root in roots {
            choice.spread(&[root], share);
        }
        choice.spread(&choice.order.clone(), most);
        choice.spread(&(0..picture.nodes.len()).collect::<Vec<_>>(), most);
        choice.drop_loose_ends(picture);
        choice
    }

    /// Chooses up to `share` more nodes, breadth first from these.
    fn spread(&mut self, from: &[usize], share: usize) {
        let end = self.order.len().saturating_add(share).min(self.most);
        let mut open: VecDeque<usize> = from.iter().copied().collect();
        let mut seen: HashSet<usize> = HashSet::new();
        while let Some(place) = open.pop_front() {
            // What others have chosen is passed through, but not without end.
            if self.order.len() >= end || seen.len() > self.most.saturating_mul(2) {
                return;
            }
            if !seen.insert(place) {
                continue;
            }
            if let Some(chosen @ false) = self.chosen.get_mut(place) {
                *chosen = true;
                self.order.push(place);
            }
            open.extend(self.next.get(place).into_iter().flatten());
        }
    }

    /// What is only on the way to others is not shown where none of these is.
    fn drop_loose_ends(&mut self, picture: &Picture) {
        for place in self.order.iter().rev() {
            let role = picture.nodes.get(*place).map(|node| node.role);
            let next = self.next.get(*place).map(Vec::as_slice).unwrap_or_default();
            let leads = next.iter().any(|to| self.chosen.get(*to) == Some(&true));
            let loose = matches!(role, Some(Role::Between | Role::Joint)) && !next.is_empty() && !leads;
            if let Some(chosen) = self.chosen.get_mut(*place).filter(|_| loose) {
                *chosen = false;
            }
        }
    }
}
