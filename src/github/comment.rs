//! One comment for each id: found, kept, changed in place.

use serde_json::{Value, json};

use super::client::Client;
use super::failure::Fault;
use super::pull::{Comment, Pull};
use super::query::{at, pull as read};
use super::review::Ruling;
use super::shown::Shown;
use crate::output::COMMENT;
use crate::report::{Outcome, Report};

/// What became of the comment, with its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is new.
    Made(String),
    /// It was there and says something else now.
    Changed(String),
    /// It was there and says the same.
    Kept(String),
}

/// The number of times that making a comment is tried, looking each time whether it is there.
const TRIES: usize = 3;

/// Writes the comment of this id on a pull request of `owner/name`. `text` makes it in so many characters at most.
///
/// # Errors
/// Where GitHub does not do it. [`Fault::Forbidden`]: the token may only read, as that of a fork's workflow does.
pub fn write(
    client: &Client,
    (repository, number): (&str, u64),
    pull: &Pull,
    shown: &Shown,
    text: &dyn Fn(usize) -> String,
) -> Result<Written, Fault> {
    let mut comment = find(pull, &shown.id).cloned();
    let mut most = COMMENT;
    let mut last = None;
    for _ in 0..TRIES {
        let (was, body) = (comment.as_ref(), body(pull, comment.as_ref(), shown, most, text));
        if let Some(kept) = was.filter(|comment| comment.body.trim_end() == body.trim_end()) {
            return Ok(Written::Kept(kept.url.clone()));
        }
        let content = json!({ "body": body });
        let done = match was {
            Some(there) => client
                .patch(&format!("/repos/{repository}/issues/comments/{}", there.id), &content)
                .map(|answer| Written::Changed(url(&answer))),
            None => client
                .post(&format!("/repos/{repository}/issues/{number}/comments"), &content)
                .map(|answer| Written::Made(url(&answer))),
        };
        match done {
            // Somebody removed it meanwhile.
            Err(Fault::Missing(_)) if was.is_some() => comment = None,
            // It counts otherwise than we do, perhaps.
            Err(Fault::Invalid(what)) => {
                most /= 2;
                last = Some(Fault::Invalid(what));
            }
            // It may have been made all the same: then it is there now, and another would be one too many.
            Err(Fault::Unavailable(what)) if was.is_none() => {
                last = Some(Fault::Unavailable(what));
                comment = find(&read(client, repository, number)?, &shown.id).cloned();
            }
            other => return other,
        }
    }
    Err(last.unwrap_or_else(|| Fault::Unavailable("the comment comes and goes".to_owned())))
}

/// This account's comment of this id.
fn find<'p>(pull: &'p Pull, id: &str) -> Option<&'p Comment> {
    pull.comments.iter().find(|comment| {
        let own = comment.author.as_ref().is_some_and(|author| author.is(&pull.viewer));
        own && Shown::read(&comment.body).is_some_and(|shown| shown.id == id)
    })
}

/// The comment's text, with the line behind it. What was shown before stays shown since then; but not in a comment that
/// somebody else has changed, which may never have shown it.
fn body(pull: &Pull, was: Option<&Comment>, shown: &Shown, most: usize, text: &dyn Fn(usize) -> String) -> String {
    let with = |since: Option<String>, restored: Option<String>| {
        let line = Shown { since, restored, ..shown.clone() }.line();
        let room = most.saturating_sub(line.len()).saturating_sub(2);
        format!("{}\n\n{line}\n", text(room).trim_end())
    };
    let Some((was, before)) = was.and_then(|comment| Some((comment, Shown::read(&comment.body)?))) else {
        return with(None, None);
    };
    if !was.is_word_of(&pull.viewer) {
        return with(None, Some(was.since().to_owned()));
    }
    if before.digest != shown.digest || before.head != shown.head {
        return with(None, before.restored);
    }
    let unchanged = with(before.since.clone(), before.restored.clone());
    if unchanged.trim_end() == was.body.trim_end() {
        return unchanged;
    }
    with(Some(before.since.unwrap_or_else(|| was.since().to_owned())), before.restored)
}

fn url(answer: &Value) -> String {
    at(answer, &["html_url"]).as_str().unwrap_or_default().to_owned()
}

/// What stands below the report: what to do to go on, and what it is all bound to. Markdown, with nothing of a stranger's in it that
/// Markdown would read.
#[must_use]
pub fn footer(report: &Report, ruling: &Ruling) -> String {
    let mut lines = Vec::new();
    if report.verdict == Outcome::Review && report.approval.is_none() {
        lines.push(
            "**To go on**, a person with write permission who had no part in this change approves the pull request now that \
             this is shown."
                .to_owned(),
        );
        lines.extend(ruling.told().iter().map(|why| format!("- {}", plain(why))));
    }
    if let Some(digest) = &report.digest {
        lines.push(format!("<sub>Digest {} · {}</sub>", code(digest), bound(report)));
    }
    lines.join("\n\n").replace("\n\n- ", "\n- ")
}

/// Whether what is judged is what is applied.
fn bound(report: &Report) -> String {
    let plans: Vec<_> = report.inputs.iter().filter(|input| input.role == "plan").collect();
    let files: Vec<String> = plans.iter().filter_map(|input| input.sha256.as_deref()).map(code).collect();
    if files.is_empty() || files.len() < plans.len() {
        return "judged from JSON: nothing binds it to what is applied".to_owned();
    }
    format!("saved plan {}", files.join(", "))
}

/// A name in a code span.
fn code(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// A text with nothing in it but letters, digits and marks that mean nothing to Markdown.
fn plain(text: &str) -> String {
    let harmless =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | ':' | '-' | '/' | '(' | ')' | '\'');
    text.chars().map(|c| if harmless(c) || matches!(c, '[' | ']') { c } else { '?' }).take(300).collect()
}
