//! A pull request read from GitHub.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::Client;
use super::failure::Fault;
use super::pull::{Account, Comment, Commit, Person, Pull, Pushers, Review, State};

/// A page of everything that matters. The three lists are read to their ends, each by its own cursor.
/// Fields: <https://docs.github.com/en/graphql/reference/objects#pullrequest>.
const QUERY: &str = "
query($owner: String!, $name: String!, $number: Int!, $commits: String, $reviews: String, $comments: String,
      $withCommits: Boolean!, $withReviews: Boolean!, $withComments: Boolean!) {
  viewer { login }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    headRefOid
    author { login }
    commits(first: 100, after: $commits) @include(if: $withCommits) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { commit {
        oid message
        committer { name email user { login } }
        authors(first: 50) { totalCount nodes { name email user { login } } }
      } }
    }
    reviews(first: 100, after: $reviews) @include(if: $withReviews) {
      pageInfo { hasNextPage endCursor }
      nodes {
        state submittedAt url authorCanPushToRepository
        author { login __typename ... on User { databaseId name } }
        commit { oid }
      }
    }
    comments(first: 100, after: $comments) @include(if: $withComments) {
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId createdAt lastEditedAt url body
        author { login __typename }
        editor { login __typename }
      }
    }
  } }
}";

/// So many pages of each list are read.
const MOST_PAGES: usize = 50;
const LISTS: [&str; 3] = ["commits", "reviews", "comments"];

/// Reads a pull request of `owner/name`.
///
/// # Errors
/// Where GitHub does not answer, the token may not see it, or a list does not end.
pub fn pull(client: &Client, repository: &str, number: u64) -> Result<Pull, Fault> {
    let (owner, name) = repository.split_once('/').unwrap_or((repository, ""));
    let mut pull = Pull::default();
    let mut cursors: [Option<Option<String>>; 3] = [Some(None), Some(None), Some(None)];
    for _ in 0..MOST_PAGES {
        if cursors.iter().all(Option::is_none) {
            return Ok(pull);
        }
        let [commits, reviews, comments] = &cursors;
        let variables = json!({
            "owner": owner, "name": name, "number": number,
            "commits": commits, "reviews": reviews, "comments": comments,
            "withCommits": commits.is_some(), "withReviews": reviews.is_some(), "withComments": comments.is_some(),
        });
        let data = client.query(QUERY, &variables)?;
        let page = at(&data, &["repository", "pullRequest"]);
        if page.is_null() {
            return Err(Fault::Missing(format!("{repository}#{number}")));
        }
        let head = text(at(page, &["headRefOid"])).unwrap_or_default();
        if !pull.head.is_empty() && pull.head != head {
            return Err(Fault::Unavailable("the pull request got another commit while it was read".to_owned()));
        }
        let asked = LISTS.iter().zip(&cursors).filter(|(_, cursor)| cursor.is_some());
        if !asked.map(|(list, _)| at(page, &[list, "nodes"])).all(is_whole) {
            return Err(Fault::Unavailable("GitHub left out a part of its answer".to_owned()));
        }
        add(&mut pull, &data, page);
        for (cursor, list) in cursors.iter_mut().zip(LISTS) {
            let about = at(page, &[list, "pageInfo"]);
            *cursor = at(about, &["hasNextPage"]).as_bool().unwrap_or(false).then(|| text(at(about, &["endCursor"])));
        }
    }
    Err(Fault::Unavailable("the pull request is longer than is read".to_owned()))
}

fn add(pull: &mut Pull, data: &Value, page: &Value) {
    pull.viewer = text(at(data, &["viewer", "login"])).unwrap_or_default();
    pull.author = text(at(page, &["author", "login"]));
    pull.head = text(at(page, &["headRefOid"])).unwrap_or_default();
    for node in nodes(page, "commits") {
        let (commit, is_whole) = commit(at(node, &["commit"]));
        pull.has_unread_commits |= !is_whole;
        pull.commits.push(commit);
    }
    // A list that ends before its count says so of commits that nobody shows.
    let total = at(page, &["commits", "totalCount"]).as_u64().unwrap_or(0);
    let last = !at(page, &["commits", "pageInfo", "hasNextPage"]).as_bool().unwrap_or(false);
    pull.has_unread_commits |= last && total > pull.commits.len() as u64;
    pull.reviews.extend(nodes(page, "reviews").iter().map(review));
    pull.comments.extend(nodes(page, "comments").iter().filter_map(comment));
}

/// It is a list, and nothing of it is missing.
fn is_whole(list: &Value) -> bool {
    list.as_array().is_some_and(|items| !items.iter().any(Value::is_null))
}

/// A commit, and whether everybody is known whom it names.
fn commit(node: &Value) -> (Commit, bool) {
    let authors = at(node, &["authors"]);
    let listed = nodes(node, "authors");
    let count = at(authors, &["totalCount"]).as_u64().unwrap_or(u64::MAX);
    let known = is_whole(at(authors, &["nodes"])) && !listed.is_empty() && count <= listed.len() as u64;
    let committer = [at(node, &["committer"])];
    let mut people: Vec<Person> =
        listed.iter().chain(committer).filter(|person| !person.is_null()).map(person).collect();
    let message = text(at(node, &["message"])).unwrap_or_default();
    let others = Person::co_authors(&message).into_iter();
    // Whom GitHub found has an account.
    let others = others.filter(|other| !people.iter().any(|person| person.email.eq_ignore_ascii_case(&other.email)));
    let others: Vec<Person> = others.collect();
    people.extend(others);
    (Commit { oid: text(at(node, &["oid"])).unwrap_or_default(), people }, known)
}

fn person(node: &Value) -> Person {
    Person {
        name: text(at(node, &["name"])).unwrap_or_default(),
        email: text(at(node, &["email"])).unwrap_or_default(),
        login: text(at(node, &["user", "login"])),
    }
}

fn review(node: &Value) -> Review {
    Review {
        author: account(at(node, &["author"])),
        can_write: at(node, &["authorCanPushToRepository"]).as_bool().unwrap_or(false),
        state: match at(node, &["state"]).as_str() {
            Some("APPROVED") => State::Approved,
            Some("CHANGES_REQUESTED") => State::ChangesRequested,
            Some("DISMISSED") => State::Dismissed,
            _ => State::Other,
        },
        commit: text(at(node, &["commit", "oid"])),
        submitted_at: text(at(node, &["submittedAt"])),
        url: text(at(node, &["url"])).unwrap_or_default(),
    }
}

fn comment(node: &Value) -> Option<Comment> {
    Some(Comment {
        id: at(node, &["databaseId"]).as_u64()?,
        author: account(at(node, &["author"])),
        editor: account(at(node, &["editor"])),
        created_at: text(at(node, &["createdAt"]))?,
        edited_at: text(at(node, &["lastEditedAt"])),
        body: text(at(node, &["body"])).unwrap_or_default(),
        url: text(at(node, &["url"])).unwrap_or_default(),
    })
}

fn account(node: &Value) -> Option<Account> {
    let login = text(at(node, &["login"]))?;
    let (id, name) = (at(node, &["databaseId"]).as_u64(), text(at(node, &["name"])));
    Some(Account { login, id, name, is_machine: at(node, &["__typename"]).as_str() != Some("User") })
}

/// Who pushed the commits of a pull request, as the activity of the branch says
/// (<https://docs.github.com/en/rest/repos/repos#list-repository-activities>).
///
/// # Errors
/// Where GitHub cannot be asked.
pub fn pushers(client: &Client, repository: &str, number: u64, pull: &Pull) -> Result<Pushers, Fault> {
    let about = client.get(&format!("/repos/{repository}/pulls/{number}"))?;
    let of = |path: &[&str]| text(at(at(&about, &["head"]), path));
    // The branch may lie in a fork, and the fork may be gone.
    let Some((from, branch)) = of(&["repo", "full_name"]).zip(of(&["ref"])) else { return Ok(Pushers::default()) };
    let path = format!("/repos/{from}/activity?per_page=100&ref={}", percent(&format!("refs/heads/{branch}")));
    let activities = client.list(&path, |page| match page {
        Value::Array(activities) => activities,
        _ => Vec::new(),
    })?;
    let mut pushers = Pushers::default();
    for activity in &activities {
        let Some((after, login)) = text(at(activity, &["after"])).zip(text(at(activity, &["actor", "login"]))) else {
            continue;
        };
        if after == pull.head {
            pushers.newest.push(login);
        } else if pull.commits.iter().any(|commit| commit.oid == after) {
            pushers.others.push(login);
        }
    }
    Ok(pushers)
}

/// A file of a repository as a commit has it; without one, as the default branch does
/// (<https://docs.github.com/en/rest/repos/contents#get-repository-content>).
///
/// # Errors
/// Where there is no such file, GitHub cannot be asked, or the file is larger than the answer may be, a megabyte.
pub fn file(client: &Client, repository: &str, name: &str, commit: Option<&str>) -> Result<Vec<u8>, Fault> {
    let name = name.split('/').map(percent).collect::<Vec<_>>().join("/");
    let at_commit = commit.map(|commit| format!("?ref={}", percent(commit))).unwrap_or_default();
    let answer = client.get(&format!("/repos/{repository}/contents/{name}{at_commit}"))?;
    let is_file =
        at(&answer, &["type"]).as_str() == Some("file") && at(&answer, &["encoding"]).as_str() == Some("base64");
    let packed = text(at(&answer, &["content"])).filter(|_| is_file);
    let packed = packed.map(|packed| packed.split_whitespace().collect::<String>());
    let bytes = packed.and_then(|packed| STANDARD.decode(packed).ok());
    bytes.ok_or_else(|| Fault::Invalid("it is no file, or too large".to_owned()))
}

/// A text as a part of an address.
pub(super) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out + &char::from(byte).to_string(),
        other => out + &format!("%{other:02X}"),
    })
}

/// What lies at a path; null where nothing does.
pub(super) fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, key| value.get(*key).unwrap_or(&Value::Null))
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn nodes<'v>(value: &'v Value, list: &str) -> &'v [Value] {
    at(value, &[list, "nodes"]).as_array().map(Vec::as_slice).unwrap_or_default()
}
