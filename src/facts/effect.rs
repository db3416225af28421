//! What really happens to the old object.

use crate::plan::{Action, ResourceChange};

/// The effect of a change on the object that existed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing happens to it: a move, an import.
    Nothing,
    /// There was none; one is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is destroyed.
    Delete,
    /// It is destroyed, then another is made.
    DeleteThenCreate,
    /// Another is made, then it is destroyed.
    CreateThenDelete,
    /// It is changed in place, or replaced: nobody can say before.
    MayReplace,
    /// It lives on and leaves the state.
    Forget,
    /// Nobody can say.
    Unknown,
}

impl Effect {
    /// Reads the action together with what the values tell. `kept` says that a setting leaves the old object running.
    pub(super) fn of(change: &ResourceChange<'_>, kept: bool) -> Self {
        match change.action {
            action if action.destroys() && kept => Self::Forget,
            Action::NoOp | Action::Read => Self::Nothing,
            Action::Create => Self::Create,
            Action::Update => Self::Update,
            Action::Delete => Self::Delete,
            Action::DeleteThenCreate => Self::DeleteThenCreate,
            Action::CreateThenDelete => Self::CreateThenDelete,
            Action::Forget { .. } => Self::Forget,
            Action::MayReplace => Self::MayReplace,
            // No word says so, but an object that is there before and not after is destroyed.
            Action::Unknown if !change.before.is_null() && change.after.is_null() => Self::Delete,
            Action::Unknown => Self::Unknown,
        }
    }

    /// An update in place, as far as anybody can say.
    #[must_use]
    pub fn updates(self) -> bool {
        matches!(self, Self::Update | Self::MayReplace)
    }

    /// A destroying change.
    #[must_use]
    pub fn destroys(self) -> bool {
        matches!(self, Self::Delete | Self::DeleteThenCreate | Self::CreateThenDelete)
    }

    /// A guard that is a resource of its own is gone after this. One that only leaves the state goes on guarding.
    pub(super) fn ends_guard(self) -> bool {
        self.destroys() || self == Self::Unknown
    }
}
