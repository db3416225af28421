//! A pull request: who wrote it, who pushed it, who said what of it.

/// An account, by its login.
///
/// Logins are compared without regard to case; an app's account is written with and without its `[bot]` by GitHub's two APIs.
#[derive(Debug, Clone)]
pub struct Account {
    /// The login.
    pub login: String,
    /// Its number, which stays when it gets another login.
    pub id: Option<u64>,
    /// The name that it shows.
    pub name: Option<String>,
    /// It is no person: a bot, an app, an organization, or something that GitHub has no name for.
    pub is_machine: bool,
}

impl Account {
    /// Both names mean one account.
    #[must_use]
    pub fn is(&self, login: &str) -> bool {
        bare(&self.login).eq_ignore_ascii_case(bare(login))
    }

    /// A commit names this account, as far as can be told. Whom GitHub has no account for is told by the number in the address, and
    /// by the name.
    #[must_use]
    pub fn is_named(&self, person: &Person) -> bool {
        let by_name =
            || [Some(&self.login), self.name.as_ref()].into_iter().flatten().any(|name| same(name, &person.name));
        let by_number = self.id.is_some() && self.id == person.number();
        by_number || person.account().is_some_and(|login| self.is(login)) || (person.login.is_none() && by_name())
    }
}

fn same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.trim().to_lowercase();
    !plain(one).is_empty() && plain(one) == plain(other)
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
        let named = || self.local().map(|local| local.split_once('+').map_or(local, |(_, login)| login));
        self.login.as_deref().or_else(named).filter(|login| !login.is_empty())
    }

    /// The account's number, where the address has it.
    fn number(&self) -> Option<u64> {
        self.local()?.split_once('+')?.0.parse().ok()
    }

    /// What stands before the `@` of an address that GitHub gave.
    fn local(&self) -> Option<&str> {
        let (at, _) = self.email.char_indices().find(|(at, c)| {
            let host = self.email.get(*at..).and_then(|rest| rest.get(..NOREPLY.len()));
            *c == '@' && host.is_some_and(|host| host.eq_ignore_ascii_case(NOREPLY))
        })?;
        self.email.get(..at)
    }

    /// Whom a commit's message names as co-authors, in any line and however the word is written. GitHub reads them as well, but only
    /// where it looks for them.
    #[must_use]
    pub fn co_authors(message: &str) -> Vec<Self> {
        message.lines().filter_map(Self::co_author).collect()
    }

    fn co_author(line: &str) -> Option<Self> {
        let (key, value) = line.split_once(':')?;
        if !key.trim().eq_ignore_ascii_case("co-authored-by") {
            return None;
        }
        let (name, rest) = value.split_once('<').unwrap_or((value, ""));
        let email = rest.split_once('>').map_or(rest, |(email, _)| email);
        Some(Self { name: name.trim().to_owned(), email: email.trim().to_owned(), login: None })
    }
}

const NOREPLY: &str = "@users.noreply.";

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
    /// Not all of its commits, or not all of their authors, could be read.
    pub has_unread_commits: bool,
    /// Its reviews, the oldest first.
    pub reviews: Vec<Review>,
    /// Its comments, the oldest first.
    pub comments: Vec<Comment>,
}

impl Pull {
    /// Everybody who stands behind its commits is known: the newest is among them, which the first few hundred of many are not.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.has_unread_commits && self.commits.iter().any(|commit| commit.oid == self.head)
    }
}

/// Who pushed the commits of a pull request.
#[derive(Debug, Clone, Default)]
pub struct Pushers {
    /// Who may have pushed the newest one.
    pub newest: Vec<String>,
    /// Who pushed any other.
    pub others: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{Account, Person};

    fn named(message: &str) -> bool {
        let bob =
            Account { login: "bob".to_owned(), id: Some(77), name: Some("Bob Hill".to_owned()), is_machine: false };
        Person::co_authors(message).iter().any(|person| bob.is_named(person))
    }

    #[test]
    fn co_authors_are_found_however_they_are_written() {
        for line in [
            "Co-authored-by: B <bob@users.noreply.github.com>",
            "CO-AUTHORED-BY:B<77+old-name@Users.NoReply.GitHub.com>",
            "  co-authored-by : B <77+bob@users.noreply.git.example.com> (he)",
            "Co-Authored-By: bob hill <bob@home.example>",
            "Co-Authored-By: BOB",
            "Co-authored-by: B <bob@users.noreply.github.com",
        ] {
            assert!(named(&format!("Change it\n\n{line}\n\nAnd more text.")), "{line}");
        }
        for line in
            ["Co-authored-by: <>", "Reviewed-by: bob", "Co-authored-by: Ann <7+ann@users.noreply.github.com>", ":"]
        {
            assert!(!named(line), "{line}");
        }
    }
}
