//! Whose approval counts.
//!
//! A person other than those who made the change must have agreed to exactly this change after they could see what it does.
//! Where that cannot be told, nobody's approval counts.

use std::collections::BTreeMap;

use super::agents::is_agent;
use super::pull::{Account, Comment, Pull, Pushers, Review, State};
use super::shown::Shown;
use crate::report::{self, Approval, Report};

/// What the reviews of a pull request come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruling {
    /// The approval that counts, where one does.
    pub approval: Option<Approval>,
    /// Who approved and why it does not count, a sentence each; or why nobody's approval can.
    pub refused: Vec<String>,
}

/// So many approvals that do not count are told of: on a public repository anybody may approve.
const TOLD: usize = 10;

impl Ruling {
    /// Nobody's approval can count.
    #[must_use]
    pub fn nobody(why: String) -> Self {
        Self { approval: None, refused: vec![why] }
    }

    /// The first few of what does not count, and how many more there are.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let more = self.refused.len().saturating_sub(TOLD);
        let more = (more > 0).then(|| format!("{more} more approvals do not count."));
        self.refused.iter().take(TOLD).cloned().chain(more).collect()
    }
}

/// Looks for an approval of what has this digest.
#[must_use]
pub fn judge(pull: &Pull, digest: &str, pushers: &Pushers) -> Ruling {
    let nobody = |why: &str| Ruling::nobody(why.to_owned());
    let Some(shown_at) = shown_at(pull, digest) else {
        return nobody("No comment of this account shows this very plan, so nobody can have approved it.");
    };
    if !pull.is_whole() {
        return nobody("Not all commits of the pull request can be read, so who wrote it is not known.");
    }
    if pushers.newest.is_empty() {
        return nobody("Who pushed the newest commit cannot be found out, so nobody can be told from them.");
    }
    let mut ruling = Ruling::default();
    for (account, review) in latest(pull) {
        match objection(pull, account, review, &shown_at, pushers) {
            Some(why) => ruling.refused.push(format!("{} approved, which does not count: {why}.", account.login)),
            None if ruling.approval.is_none() => {
                ruling.approval = Some(Approval {
                    by: account.login.clone(),
                    at: review.submitted_at.clone().unwrap_or_default(),
                    url: review.url.clone(),
                });
            }
            None => {}
        }
    }
    ruling
}

/// The id of this account's comment that shows this very report for the newest commit; of the comment with this id only, where one is
/// given. A comment that somebody else changed shows nothing.
#[must_use]
pub fn comment_of(pull: &Pull, report: &Report, id: Option<&str>) -> Option<String> {
    let (digest, content) = (report.digest.as_deref()?, report::content(report)?);
    let own = pull.comments.iter().filter(|comment| comment.is_word_of(&pull.viewer));
    let shown = own.filter_map(|comment| Shown::read(&comment.body));
    let is = |shown: &Shown| {
        shown.digest.as_deref() == Some(digest) && shown.content.as_ref() == Some(&content) && shown.head == pull.head
    };
    shown.filter(is).map(|shown| shown.id).find(|of| id.is_none_or(|id| of == id))
}

/// Since when this account's comment has shown a digest: a comment that somebody else changed says nothing.
fn shown_at(pull: &Pull, digest: &str) -> Option<String> {
    let since = |comment: &Comment| {
        let shown = Shown::read(&comment.body).filter(|shown| shown.digest.as_deref() == Some(digest))?;
        let since = shown.since.unwrap_or_else(|| comment.since().to_owned());
        // Whatever the line says, nothing was shown before there was a comment.
        (shown.head == pull.head).then(|| since.max(comment.created_at.clone()))
    };
    pull.comments.iter().filter(|comment| comment.is_word_of(&pull.viewer)).filter_map(since).min()
}

/// The accounts whose latest word is an approval, with it. A mere comment takes nothing back. The latest is what was handed in last,
/// whenever it was begun.
fn latest(pull: &Pull) -> Vec<(&Account, &Review)> {
    let mut words: Vec<&Review> = pull.reviews.iter().filter(|review| review.state != State::Other).collect();
    words.sort_by(|one, other| one.submitted_at.cmp(&other.submitted_at));
    let mut last: BTreeMap<String, (&Account, &Review)> = BTreeMap::new();
    for review in words {
        if let Some(author) = &review.author {
            last.insert(author.login.to_lowercase(), (author, review));
        }
    }
    let mut approving: Vec<_> = last.into_values().filter(|(_, review)| review.state == State::Approved).collect();
    approving.sort_by(|(_, one), (_, other)| one.submitted_at.cmp(&other.submitted_at));
    approving
}

/// Why an approval does not count, as the end of a sentence.
fn objection(pull: &Pull, by: &Account, review: &Review, shown_at: &str, pushers: &Pushers) -> Option<&'static str> {
    let wrote = |commit: &super::Commit| commit.people.iter().any(|person| by.is_named(person));
    let among = |logins: &[String]| logins.iter().any(|login| by.is(login));
    let after = review.submitted_at.as_deref().filter(|at| is_time(at) && is_time(shown_at) && *at > shown_at);
    let objections = [
        (by.is_machine || by.login.ends_with("[bot]") || is_agent(&by.login), "it is no person's account"),
        (by.is(&pull.viewer), "it is the account that comments here"),
        (!review.can_write, "they may not write to this repository"),
        (pull.author.as_deref().is_none_or(|author| by.is(author)), "they opened the pull request"),
        (among(&pushers.newest), "they pushed the newest commit"),
        (among(&pushers.others), "they pushed a commit of it"),
        (pull.commits.iter().any(wrote), "they wrote or took part in a commit of it"),
        (review.commit.as_deref() != Some(&pull.head), "it was given for another commit than the newest"),
        (after.is_none(), "it was given before the comment showed this plan"),
    ];
    objections.into_iter().find_map(|(applies, why)| applies.then_some(why))
}

/// A time as GitHub writes it, which sorts as text: `2026-11-27T10:00:00Z`.
fn is_time(text: &str) -> bool {
    text.len() == 20
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            19 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        })
}
