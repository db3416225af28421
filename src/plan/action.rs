//! The vocabulary of planned actions.

/// What a plan does with one object.
///
/// Terraform and OpenTofu write a list of words. Whatever contains `delete` destroys, so a combination that does not
/// exist yet is still read by that word; a word that nobody knows is [`Action::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing is done; a move alone is a no-op too.
    NoOp,
    /// A new object is made.
    Create,
    /// A data source is read.
    Read,
    /// The object is changed in place.
    Update,
    /// The object is destroyed.
    Delete,
    /// Destroyed first, then made again.
    DeleteThenCreate,
    /// Made again first, then the old one is destroyed.
    CreateThenDelete,
    /// Dropped from the state and left running; with `true`, another is made beside it.
    Forget {
        /// A new object takes the address.
        replaced: bool,
    },
    /// Changed in place, or made again first and then destroyed: only the apply will show which.
    MayReplace,
    /// An empty list, or a word that is not in the vocabulary.
    Unknown,
}

impl Action {
    /// Reads the list of words of a plan, in any case, with or without hyphens (`no-op`, `NoOp`).
    pub fn from_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let words: Vec<String> = words.into_iter().map(|w| w.to_ascii_lowercase().replace(['-', '_'], "")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["noop"] => Self::NoOp,
            ["create"] => Self::Create,
            ["read"] => Self::Read,
            ["update"] => Self::Update,
            ["delete"] => Self::Delete,
            ["create", "delete"] => Self::CreateThenDelete,
            ["forget"] => Self::Forget { replaced: false },
            ["create", "forget"] | ["forget", "create"] => Self::Forget { replaced: true },
            many if many.contains(&"delete") && many.contains(&"create") => Self::DeleteThenCreate,
            many if many.contains(&"delete") => Self::Delete,
            _ => Self::Unknown,
        }
    }

    /// The old object is destroyed, whatever comes after it.
    #[must_use]
    pub fn destroys(self) -> bool {
        matches!(self, Self::Delete | Self::DeleteThenCreate | Self::CreateThenDelete)
    }

    /// The old object may be destroyed, as far as anybody can say before.
    #[must_use]
    pub fn may_destroy(self) -> bool {
        self.destroys() || self == Self::MayReplace
    }

    /// The old object is destroyed and another is made in its place.
    #[must_use]
    pub fn replaces(self) -> bool {
        matches!(self, Self::DeleteThenCreate | Self::CreateThenDelete)
    }

    /// A new object is made.
    #[must_use]
    pub fn creates(self) -> bool {
        matches!(self, Self::Create | Self::Forget { replaced: true }) || self.replaces()
    }

    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoOp => "no-op",
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::DeleteThenCreate => "replace (delete first)",
            Self::CreateThenDelete => "replace (create first)",
            Self::Forget { .. } => "forget",
            Self::MayReplace => "may replace",
            Self::Unknown => "unknown",
        }
    }
}

/// Why an action was planned, as the plan says it. A hint for people: no verdict stands on it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionReason {
    /// An attribute cannot be changed in place.
    CannotUpdate,
    /// The object is marked as tainted.
    Tainted,
    /// Somebody asked for it with `-replace`.
    ByRequest,
    /// `replace_triggered_by` names something that changes.
    ByTriggers,
    /// Its block is gone.
    NoConfig,
    /// `count` or `for_each` came or went.
    WrongRepetition,
    /// Its index is beyond `count`.
    CountIndex,
    /// Its key is no longer in `for_each`.
    EachKey,
    /// Its module is gone.
    NoModule,
    /// A `moved` block points at something that is not there.
    NoMoveTarget,
    /// The block is switched off (OpenTofu).
    Disabled,
    /// Some other reason.
    Other,
}

impl ActionReason {
    /// Reads `action_reason`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "replace_because_cannot_update" => Self::CannotUpdate,
            "replace_because_tainted" => Self::Tainted,
            "replace_by_request" => Self::ByRequest,
            "replace_by_triggers" => Self::ByTriggers,
            "delete_because_no_resource_config" => Self::NoConfig,
            "delete_because_wrong_repetition" => Self::WrongRepetition,
            "delete_because_count_index" => Self::CountIndex,
            "delete_because_each_key" => Self::EachKey,
            "delete_because_no_module" => Self::NoModule,
            "delete_because_no_move_target" => Self::NoMoveTarget,
            "delete_because_enabled_false" => Self::Disabled,
            _ => Self::Other,
        }
    }

    /// What to say of it in a report, as the end of a sentence about the object.
    #[must_use]
    pub fn sentence(self) -> Option<&'static str> {
        Some(match self {
            Self::CannotUpdate => "an attribute that cannot be changed in place was changed",
            Self::Tainted => "it is marked as tainted",
            Self::ByRequest => "it was asked for with -replace",
            Self::ByTriggers => "replace_triggered_by names something that changes",
            Self::NoConfig => "its block is no longer in the configuration",
            Self::WrongRepetition => "its count or for_each came or went",
            Self::CountIndex => "its index is beyond the new count",
            Self::EachKey => "its key is no longer in for_each",
            Self::NoModule => "its module is no longer called",
            Self::NoMoveTarget => "a moved block points at something that is not there",
            Self::Disabled => "its block is switched off",
            Self::Other => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn whatever_contains_delete_destroys() {
        for words in [&["delete"][..], &["delete", "create"], &["create", "delete"], &["update", "delete"], &["Delete"]]
        {
            assert!(Action::from_words(words.iter().copied()).destroys(), "{words:?}");
        }
    }

    #[test]
    fn a_forget_does_not_destroy() {
        for words in [&["forget"][..], &["create", "forget"], &["forget", "create"]] {
            let action = Action::from_words(words.iter().copied());
            assert!(matches!(action, Action::Forget { .. }), "{words:?}");
            assert!(!action.destroys());
        }
    }

    #[test]
    fn empty_and_unheard_of_words_are_unknown() {
        for words in [&[][..], &["frobnicate"], &["create", "update"], &[""]] {
            assert_eq!(Action::from_words(words.iter().copied()), Action::Unknown, "{words:?}");
        }
    }

    #[test]
    fn the_oldest_plans_write_capitals() {
        assert_eq!(Action::from_words(["NoOp"]), Action::NoOp);
        assert_eq!(Action::from_words(["Update"]), Action::Update);
    }
}
