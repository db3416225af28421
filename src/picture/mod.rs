//! What is affected, as nodes and edges that can be drawn.
//!
//! A picture is plain data like the report: outputs write it and know nothing of plans. Its JSON Schema is in
//! `schemas/graph.json`. Nothing in it is a value of a plan but addresses and types.

mod contract;
mod cut;
mod describe;
mod sketch;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::facts::Facts;
use crate::gate::{self, Judged};
use crate::plan::Plan;
use crate::report::{Outcome, Tool};
use crate::rules;

/// The version of this form.
pub const SCHEMA_VERSION: u32 = 1;

/// Objects, and who stands on whom among them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Picture {
    /// The version of the picture's form.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What it set out to show.
    pub shows: Shows,
    /// The names of the plans.
    pub inputs: Vec<String>,
    /// The ids of the nodes that were found or are destroyed, the worst first.
    pub roots: Vec<String>,
    /// Everything that is shown: the roots, then what stands on them, the nearest first.
    pub nodes: Vec<Node>,
    /// Who stands on whom.
    pub edges: Vec<Edge>,
    /// What a limit left out.
    pub left_out: LeftOut,
}

/// What a picture set out to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// What is destroyed or otherwise found, what stands on it, and a shortest way to each.
    Affected,
    /// All objects, and all edges between them.
    All,
}

/// One object, or a point where ways meet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Node {
    /// Its name in this picture.
    pub id: String,
    /// The object's address; empty for a plan as a whole and for a joint.
    pub address: String,
    /// The key of a deposed object.
    pub deposed: Option<String>,
    /// The plan that it is in; empty for a joint.
    pub input: String,
    /// The resource type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is planned for it; `no-op` where the plan leaves it as it is, empty where that cannot be said.
    pub action: String,
    /// The rule that its finding names.
    pub rule: Option<String>,
    /// Its finding's verdict, after lowering.
    pub verdict: Option<Outcome>,
    /// records, transient, nothing, unknown; for managed objects only.
    pub holds: Option<String>,
    /// foundation, service, support, routine, unknown; for managed objects only.
    pub standing: Option<String>,
    /// What it does in the picture.
    pub role: Role,
    /// How many foundations, services and stores of records stand on it; for roots only.
    pub dependents: Option<u32>,
}

impl Node {
    /// It counts as a dependent of what it stands on: a foundation, a service, or a store of records.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.holds.as_deref() == Some("records")
            || matches!(self.standing.as_deref(), Some("foundation" | "service" | "unknown"))
    }
}

/// What a node does in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A plan as a whole that something was found in.
    Plan,
    /// The plan destroys it, and may make it again.
    Destroyed,
    /// The plan does something else to it.
    Changed,
    /// The plan leaves it as it is, and it stands on a root.
    Affected,
    /// It does not count as a dependent, but it is on the way to one.
    Between,
    /// It has nothing to do with any of that; in a picture of everything only.
    Untouched,
    /// No object: a variable, a setting, or instances taken together, where many ways meet.
    Joint,
}

impl Role {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Destroyed => "destroyed",
            Self::Changed => "changed",
            Self::Affected => "affected",
            Self::Between => "between",
            Self::Untouched => "untouched",
            Self::Joint => "joint",
        }
    }
}

/// One object stands on another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Edge {
    /// The id of what is stood on.
    pub from: String,
    /// The id of what stands on it.
    pub to: String,
    /// How that is known: configuration, state, identity. The weakest, where no object lies in between.
    pub known_by: String,
}

/// What is not shown, though the picture set out to show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOut {
    /// Nodes.
    pub nodes: usize,
    /// Edges.
    pub edges: usize,
    /// Nodes whose finding blocks.
    pub block: usize,
    /// Nodes whose finding asks for review.
    pub review: usize,
    /// Nodes that are destroyed.
    pub destroyed: usize,
    /// Nodes that are changed otherwise.
    pub changed: usize,
    /// Nodes that stand on a root and are left as they are.
    pub affected: usize,
}

/// Draws plans as one change. Pure and deterministic, like [`crate::assess()`].
///
/// ```
/// use blastgate::{input, picture};
///
/// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
/// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
/// let plans = input::read("plan.json", json, &input::Limits::default())?;
/// let picture = picture::draw(&plans, picture::Shows::Affected);
/// assert_eq!(picture.nodes[0].address, "aws_vpc.main");
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
#[must_use]
pub fn draw(plans: &[Plan<'_>], shows: Shows) -> Picture {
    draw_with(plans, shows, &Catalog::default())
}

/// The same by a catalogue that has a user's own rows.
#[must_use]
pub fn draw_with(plans: &[Plan<'_>], shows: Shows, catalog: &Catalog) -> Picture {
    let facts = Facts::gather_with(plans, catalog);
    let judged = gate::judge(&facts, rules::run(&facts));
    Picture::of(&facts, &judged, shows)
}

impl Picture {
    /// The whole picture of what was judged. Takes time in proportion to the graph, and to what is destroyed together
    /// with what stands on it up to a fixed bound; past that, some ways lead to what others show already.
    #[must_use]
    pub(crate) fn of(facts: &Facts<'_, '_>, judged: &[Judged], shows: Shows) -> Self {
        let roots = sketch::roots(facts, judged);
        let mut sketch = sketch::affected(facts, &roots);
        if shows == Shows::All {
            sketch.add_everything(&facts.graph);
        }
        describe::picture(facts, judged, &roots, &sketch, shows)
    }

    /// The same with the worst roots first, and the roots before what stands on them.
    #[must_use]
    pub(crate) fn worst_first(mut self) -> Self {
        let roots: std::collections::HashSet<&str> = self.roots.iter().map(String::as_str).collect();
        self.nodes.sort_by_key(|node| {
            let is_root = roots.contains(node.id.as_str());
            std::cmp::Reverse((is_root, node.verdict.filter(|_| is_root)))
        });
        let places: std::collections::HashMap<&str, usize> =
            self.nodes.iter().enumerate().map(|(place, node)| (node.id.as_str(), place)).collect();
        self.roots.sort_by_key(|id| places.get(id.as_str()).copied());
        self
    }

    /// The same with so many nodes at most: of each root its share of the nearest, the worst roots first, then more of
    /// everybody's nearest. What is not shown is added to what was left out before.
    #[must_use]
    pub fn cut(&self, most: usize) -> Self {
        cut::cut(self, most)
    }
}
