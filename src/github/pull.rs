//! A pull request: who wrote it, who pushed it, who said what of it.

/// An account, by its login.
///
/// Logins are compared without regard to case; an app's account is written with and without its `[bot]` by GitHub's two APIs.
#[derive(Debug, Clone)]
pub struct Account {
    /// The login.
    pub login: String,
    /// It is no person: a bot, an app, an organization, or something that GitHub has no name for.
    pub is_machine: bool,
}

impl Account {
    /// Both names mean one account.
    #[must_use]
    pub fn is(&self, login: &str) -> bool {
        bare(&self.login).eq_ignore_ascii_case(bare(login))
    }
}

fn bare(login: &str) -> &str {
    login.strip_suffix("[bot]").unwrap_or(login)
}

/// Somebody whom a commit names.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The name as the commit has it.
    pub name: String,
    /// The address as the commit has it.
    pub email: String,
    /// The account that GitHub found for the address.
    pub login: Option<String>,
}

impl Person {
    /// The account: the one that GitHub found, or the one that the address itself names
    /// (`ID+LOGIN@users.noreply.github.com`,
    /// <https://docs.github.com/en/account-and-profile/reference/email-addresses-reference>).
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        let local = || self.email.split_once("@users.noreply.").map(|(local, _)| local);
        let named = || local().map(|local| local.split_once('+').map_or(local, |(_, login)| login));
        self.login.as_deref().or_else(named).filter(|login| !login.is_empty())
    }
}

/// One commit of the pull request.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// Its hash.
    pub oid: String,
    /// Its author, its committer, and the co-authors that it names.
    pub people: Vec<Person>,
}

/// What a review says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It approves.
    Approved,
    /// It asks for changes.
    ChangesRequested,
    /// It was dismissed.
    Dismissed,
    /// It only comments, or is not handed in yet.
    Other,
}

/// One review.
#[derive(Debug, Clone)]
pub struct Review {
    /// Who gave it; nobody where the account is gone.
    pub author: Option<Account>,
    /// The author may write to the repository.
    pub can_write: bool,
    /// What it says.
    pub state: State,
    /// The commit that it was given for.
    pub commit: Option<String>,
    /// When it was handed in, as GitHub writes it (`2026-11-27T10:00:00Z`).
    pub submitted_at: Option<String>,
    /// Where it can be read.
    pub url: String,
}

/// One comment.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Its number, by which it is changed.
    pub id: u64,
    /// Who wrote it.
    pub author: Option<Account>,
    /// Who changed it last, where anybody did.
    pub editor: Option<Account>,
    /// When it was written.
    pub created_at: String,
    /// When it was changed last.
    pub edited_at: Option<String>,
    /// Its text.
    pub body: String,
    /// Where it can be read.
    pub url: String,
}

impl Comment {
    /// It says what this account wrote: nobody else wrote or changed it.
    #[must_use]
    pub fn is_word_of(&self, login: &str) -> bool {
        let is = |account: &Option<Account>| account.as_ref().is_some_and(|account| account.is(login));
        is(&self.author) && (self.edited_at.is_none() || is(&self.editor))
    }

    /// Since when it has said what it says.
    #[must_use]
    pub fn since(&self) -> &str {
        self.edited_at.as_deref().unwrap_or(&self.created_at)
    }
}

/// A pull request, as far as it matters who stands behind it.
#[derive(Debug, Clone, Default)]
pub struct Pull {
    /// The account that asks.
    pub viewer: String,
    /// Who opened it.
    pub author: Option<String>,
    /// The hash of its newest commit.
    pub head: String,
    /// Its commits.
    pub commits: Vec<Commit>,
    /// It has more commits than could be read.
    pub has_more_commits: bool,
    /// Its reviews, the oldest first.
    pub reviews: Vec<Review>,
    /// Its comments, the oldest first.
    pub comments: Vec<Comment>,
}
