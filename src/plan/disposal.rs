//! What becomes of an object that its tool no longer needs, in formats that say so beside the action.

/// What a change says of the old object beside its action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disposal {
    /// What leaves the old object running though it is removed or replaced.
    pub kept_by: Option<String>,
    /// Everything that says what is done with it. Where two disagree, the worse counts.
    pub said: Vec<Statement>,
    /// Policies that the change sets anew.
    pub policies: Vec<PolicyChange>,
    /// What refuses to let it go, as it is set now.
    pub refused_by: Option<String>,
}

/// Something that says what is done with an old object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it says.
    pub policy: PolicySaid,
    /// What says so, for people: `DeletionPolicy Snapshot`.
    pub what: String,
}

/// What is done with an object that is no longer needed. The later, the safer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// It is destroyed.
    Delete,
    /// It is destroyed, and a copy is taken first where its type can be copied.
    Snapshot,
    /// It is left running.
    Retain,
}

/// What a policy is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicySaid {
    /// This.
    Is(Policy),
    /// Nothing is said, so it is what is done with removed objects of its type of which nothing is said.
    TypeDefault,
}

/// A policy that a change sets anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyChange {
    /// The attribute that holds it.
    pub attribute: &'static str,
    /// It is about the removal of the object; else about its replacement.
    pub on_removal: bool,
    /// What it was; `None` where nobody can say.
    pub before: Option<PolicySaid>,
    /// What it will be.
    pub after: Option<PolicySaid>,
}
