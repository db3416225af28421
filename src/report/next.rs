//! What may follow a report: what an agent may do now, what it must not do, and what needs a person.
//!
//! Nothing of a plan is in these sentences. They follow from the verdict, from what was judged and from which ways out
//! there are, so an agent can act on them whatever a stranger has written into names and values.

use serde::{Deserialize, Serialize};

use super::{Outcome, Report};

/// What may follow, for an agent that reads the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextActions {
    /// What an agent may do without asking.
    pub may: Vec<NextAction>,
    /// What it must not do, whoever asks it to.
    pub must_not: Vec<NextAction>,
    /// What only a person can do or decide.
    pub needs_person: Vec<NextAction>,
}

/// One thing to do, or not to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextAction {
    /// Which it is: a word that stays the same, such as `apply`, `revise` or `agree`.
    pub id: String,
    /// The same in a sentence or two. It holds nothing of a plan.
    pub text: String,
}

/// Whose it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    May,
    MustNot,
    NeedsPerson,
}
use Whose::{May, MustNot, NeedsPerson};

/// What decides.
struct Seen {
    verdict: Outcome,
    /// It may go on: it is allowed, or somebody whose word counts has agreed.
    open: bool,
    /// What can be applied is a saved plan, whose bytes were judged.
    bound: bool,
    /// Change sets were judged, and plans were.
    change_sets: bool,
    plans: bool,
    /// Something has a finding that stops it.
    found: bool,
    /// One of the ways out is a copy of the data.
    copy: bool,
    /// Something was not seen.
    gaps: bool,
}

/// When a sentence holds, and how it goes.
struct Row {
    whose: Whose,
    id: &'static str,
    when: fn(&Seen) -> bool,
    text: &'static str,
}

/// All that there is to say. Each list of a report has them in this order.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { whose: May, id: "apply", when: |seen| seen.open && seen.plans && seen.bound,
          text: "Apply what was judged and nothing else: each saved plan, in a command of its own. The SHA-256 in `inputs` tells its file." },
    Row { whose: May, id: "apply", when: |seen| seen.open && seen.plans && !seen.bound,
          text: "Apply what was judged and nothing else: the saved plan that each JSON was made from. JSON is not bound to that file; judging the saved plan itself is." },
    Row { whose: May, id: "execute", when: |seen| seen.open && seen.change_sets,
          text: "Execute what was judged and nothing else: the change set, and none that was made anew." },
    Row { whose: May, id: "repair", when: |seen| seen.verdict == Outcome::Error,
          text: "Mend the input as its error in `inputs` says, and have it judged again." },
    Row { whose: May, id: "revise", when: |seen| seen.found && !seen.open,
          text: "Change the configuration or template as one of the `ways_out` says, make the plan or change set anew, and have that judged." },
    Row { whose: May, id: "explain", when: |seen| seen.found && !seen.open,
          text: "Ask what forces a change and what stands on it: the tool `explain_change`, or `blastgate explain ADDRESS PLAN`." },
    Row { whose: May, id: "complete", when: |seen| seen.gaps && !seen.open,
          text: "Give what was not seen, as `gaps` tells, and have it judged again." },
    Row { whose: May, id: "ask", when: |seen| seen.found && !seen.open,
          text: "Show a person each finding with its reason, its question and its way out, and ask what they want." },

    Row { whose: MustNot, id: "apply", when: |seen| seen.verdict == Outcome::Review && !seen.open,
          text: "Do not apply or execute this before a person who did not make it has agreed." },
    Row { whose: MustNot, id: "apply", when: |seen| seen.verdict == Outcome::Block,
          text: "Do not apply or execute this. An approval does not lift a block." },
    Row { whose: MustNot, id: "apply", when: |seen| seen.verdict == Outcome::Error,
          text: "Do not apply or execute this: it was not judged, and an error is no permission." },
    Row { whose: MustNot, id: "leave-out", when: |seen| seen.verdict == Outcome::Error,
          text: "Do not leave an input out so that there is a verdict: what is one change is judged as one." },
    Row { whose: MustNot, id: "approve", when: |seen| seen.verdict == Outcome::Review && !seen.open,
          text: "Do not approve it yourself, with whatever account or token you have." },
    Row { whose: MustNot, id: "go-around", when: |seen| !seen.open,
          text: "Do not reach the same end another way: by another tool, the provider's own commands or console, a target, or the state." },
    Row { whose: MustNot, id: "weaken", when: |seen| !seen.open,
          text: "Do not loosen protections, tags, workspaces, hooks or the settings of this gate so that it passes." },
    Row { whose: MustNot, id: "apply-unjudged", when: |seen| seen.open,
          text: "Do not apply without a saved plan or a change set, nor one that was made anew: only what was judged may run." },

    Row { whose: NeedsPerson, id: "agree", when: |seen| seen.verdict == Outcome::Review && !seen.open,
          text: "Somebody who did not make the change decides whether it is meant, and agrees where your team does that: by an approving review of the pull request, or by applying it." },
    Row { whose: NeedsPerson, id: "decide", when: |seen| seen.verdict == Outcome::Block,
          text: "Whether this loss is meant is a person's decision. Tell them what would be lost and who stands on it, and stop there." },
    Row { whose: NeedsPerson, id: "copy", when: |seen| seen.copy && !seen.open,
          text: "Before data goes, a person takes a copy of it and sees that the copy can be read." },
    Row { whose: NeedsPerson, id: "look", when: |seen| seen.verdict == Outcome::Error,
          text: "Where an input cannot be mended, a person looks at what it would do." },
];

impl Report {
    /// The report with who agreed to it, where somebody's word counts, and with what may follow then.
    ///
    /// ```
    /// use blastgate::report::{Approval, Outcome};
    /// use blastgate::{Given, check};
    ///
    /// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
    /// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
    /// let approval = Approval { by: "sam".to_owned(), at: "2026-03-01T10:00:00Z".to_owned(), url: String::new() };
    /// let report = check(&Given::plan("plan.json", json)).approved(Some(approval));
    /// // The verdict stays what it is; what may follow does not.
    /// assert_eq!((report.verdict, report.next_actions.may[0].id.as_str()), (Outcome::Review, "apply"));
    /// ```
    #[must_use]
    pub fn approved(self, approval: Option<super::Approval>) -> Self {
        Self { approval, ..self }.with_next_actions()
    }

    /// The report with what may follow from everything else in it.
    pub(crate) fn with_next_actions(mut self) -> Self {
        let seen = Seen::of(&self);
        let of = |whose: Whose| {
            let rows = ROWS.iter().filter(|row| row.whose == whose && (row.when)(&seen));
            rows.map(|row| NextAction { id: row.id.to_owned(), text: row.text.to_owned() }).collect()
        };
        self.next_actions = NextActions { may: of(May), must_not: of(MustNot), needs_person: of(NeedsPerson) };
        self
    }
}

impl Seen {
    fn of(report: &Report) -> Self {
        let judged = || report.inputs.iter().filter(|input| input.role == "plan");
        let agreed = report.verdict == Outcome::Review && report.approval.is_some();
        let ways = report.groups.iter().flat_map(|group| &group.ways_out);
        let mut ways = ways.chain(report.findings.iter().flat_map(|finding| &finding.ways_out));
        Self {
            verdict: report.verdict,
            open: report.verdict == Outcome::Allow || agreed,
            bound: judged().filter(|input| !input.is_change_set()).all(|input| input.shown_by.is_some()),
            change_sets: judged().any(super::Input::is_change_set),
            plans: judged().any(|input| !input.is_change_set()),
            found: report.findings.iter().any(|finding| finding.verdict != Outcome::Allow),
            copy: ways.any(|way| way.id == "snapshot"),
            gaps: !report.gaps.is_empty(),
        }
    }
}
