//! A server on the loopback that answers as GitHub's REST and GraphQL APIs do, as far as they are used.
//!
//! Written after <https://docs.github.com/en/rest> and <https://docs.github.com/en/graphql>.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// What GitHub knows.
pub struct World {
    pub viewer: &'static str,
    pub head: String,
    pub author: Value,
    pub commits: Vec<Value>,
    pub reviews: Vec<Value>,
    pub comments: Vec<Comment>,
    /// Who pushed which commit.
    pub activity: Vec<(String, String)>,
    pub statuses: Vec<Value>,
    /// Name, commit, content, expired.
    pub artifacts: Vec<(String, String, Vec<u8>, bool)>,
    /// What the next requests that fit get instead: method and a part of the path, status, headers.
    pub faults: Vec<Fault>,
    /// So many items a page has.
    pub page: usize,
    /// The token may change nothing.
    pub read_only: bool,
    /// What GraphQL says beside or instead of its data.
    pub errors: Value,
    /// The commit that is the newest as soon as something was read.
    pub next_head: Option<String>,
    /// Minutes, which pass with each change.
    pub clock: u32,
    /// Method, path and authorization of every request.
    pub log: Vec<(String, String, String)>,
}

pub struct Fault {
    pub method: &'static str,
    pub path: &'static str,
    pub status: u16,
    pub headers: &'static str,
    /// It is done all the same, and only the answer fails.
    pub done: bool,
}

pub struct Comment {
    pub id: u64,
    pub author: &'static str,
    pub editor: Option<&'static str>,
    pub created: String,
    pub edited: Option<String>,
    pub body: String,
}

impl World {
    pub fn new() -> Self {
        Self {
            viewer: "github-actions[bot]",
            head: "c0ffee0000000000000000000000000000000001".to_owned(),
            author: json!({"login": "ann"}),
            commits: vec![commit(
                "c0ffee0000000000000000000000000000000001",
                &[("Ann", "ann@example.com", Some("ann"))],
            )],
            reviews: Vec::new(),
            comments: Vec::new(),
            activity: vec![("c0ffee0000000000000000000000000000000001".to_owned(), "ann".to_owned())],
            statuses: Vec::new(),
            artifacts: Vec::new(),
            faults: Vec::new(),
            page: 100,
            read_only: false,
            errors: Value::Null,
            next_head: None,
            clock: 0,
            log: Vec::new(),
        }
    }

    pub fn now(&mut self) -> String {
        self.clock += 1;
        format!("2026-11-27T{:02}:{:02}:00Z", 10 + self.clock / 60, self.clock % 60)
    }

    /// Somebody reviews the newest commit, and no more is to be said of it.
    pub fn says(&mut self, login: &str, state: &str) {
        self.review(login, state);
    }

    /// Somebody reviews the newest commit.
    pub fn review(&mut self, login: &str, state: &str) -> &mut Value {
        let (at, head) = (self.now(), self.head.clone());
        self.reviews.push(json!({
            "state": state, "submittedAt": at, "url": format!("https://github.test/review/{login}"),
            "authorCanPushToRepository": true,
            "author": {"login": login, "__typename": "User"},
            "commit": {"oid": head},
        }));
        self.reviews.last_mut().unwrap()
    }
}

/// A commit whose authors are these; its committer is the first of them.
pub fn commit(oid: &str, people: &[(&str, &str, Option<&str>)]) -> Value {
    let person = |(name, email, login): &(&str, &str, Option<&str>)| json!({"name": name, "email": email, "user": login.map(|login| json!({"login": login}))});
    let people: Vec<Value> = people.iter().map(person).collect();
    json!({"commit": {"oid": oid, "committer": people[0],
        "authors": {"totalCount": people.len(), "nodes": people}}})
}

/// Starts the server; returns its address and what it knows.
pub fn start(world: World) -> (String, Arc<Mutex<World>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let world = Arc::new(Mutex::new(world));
    let shared = Arc::clone(&world);
    let own = address.clone();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (world, own) = (Arc::clone(&shared), own.clone());
            thread::spawn(move || serve(stream, &world, &own));
        }
    });
    (address, world)
}

fn serve(stream: TcpStream, world: &Mutex<World>, own: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let mut parts = line.split(' ');
    let (method, path) = (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned());
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => value.clone_into(&mut authorization),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, headers, body) = answer(&mut world.lock().unwrap(), own, (&method, &path, authorization), &body);
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    let mut stream = stream;
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

type Answer = (u16, String, Vec<u8>);

fn answer(world: &mut World, own: &str, (method, path, authorization): (&str, &str, String), body: &[u8]) -> Answer {
    world.log.push((method.to_owned(), path.to_owned(), authorization));
    let fault = world.faults.iter().position(|fault| fault.method == method && path.contains(fault.path));
    let fault = fault.map(|at| world.faults.remove(at));
    if let Some(Fault { status, headers, done: false, .. }) = fault {
        return (status, headers.to_owned(), json!({"message": "it was told to fail"}).to_string().into_bytes());
    }
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let (status, headers, value) = route(world, own, method, path, &read);
    match fault {
        Some(Fault { status, headers, .. }) => (status, headers.to_owned(), Vec::new()),
        None => (status, headers, value),
    }
}

fn route(world: &mut World, own: &str, method: &str, path: &str, body: &Value) -> Answer {
    let fine = |value: &Value| (200, String::new(), value.to_string().into_bytes());
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let comments = "/repos/acme/infra/issues/7/comments";
    match (method, bare) {
        ("POST", "/graphql") => {
            let mut answer = graphql(world, &body["variables"]);
            if !world.errors.is_null() {
                answer["errors"] = world.errors.clone();
            }
            world.head = world.next_head.take().unwrap_or_else(|| world.head.clone());
            fine(&answer)
        }
        ("POST" | "PATCH", _) if world.read_only => {
            let message = json!({"message": "Resource not accessible by integration"});
            (403, String::new(), message.to_string().into_bytes())
        }
        ("POST", path) if path == comments => {
            let (created, id) = (world.now(), world.comments.len() as u64 + 1);
            let body = body["body"].as_str().unwrap().to_owned();
            if body.chars().count() > 65_536 {
                return (422, String::new(), b"{\"message\": \"body is too long\"}".to_vec());
            }
            world.comments.push(Comment { id, author: world.viewer, editor: None, created, edited: None, body });
            fine(&json!({"html_url": format!("https://github.test/comment/{id}")}))
        }
        ("PATCH", path) if path.starts_with("/repos/acme/infra/issues/comments/") => {
            let id: u64 = path.rsplit('/').next().unwrap().parse().unwrap();
            let (now, viewer) = (world.now(), world.viewer);
            let Some(comment) = world.comments.iter_mut().find(|comment| comment.id == id) else {
                return (404, String::new(), b"{\"message\": \"Not Found\"}".to_vec());
            };
            (comment.edited, comment.editor) = (Some(now), Some(viewer));
            body["body"].as_str().unwrap().clone_into(&mut comment.body);
            fine(&json!({"html_url": format!("https://github.test/comment/{id}")}))
        }
        ("POST", path) if path.starts_with("/repos/acme/infra/statuses/") => {
            let sha = path.rsplit('/').next().unwrap();
            let mut status = body.clone();
            status["sha"] = json!(sha);
            world.statuses.push(status);
            fine(&json!({}))
        }
        ("GET", "/repos/acme/infra/pulls/7") => {
            fine(&json!({"head": {"ref": "change/one", "repo": {"full_name": "acme/infra"}}}))
        }
        ("GET", "/repos/acme/infra/activity") => {
            assert!(query.contains("ref=refs%2Fheads%2Fchange%2Fone"), "{query}");
            let of = |(after, login): &(String, String)| json!({"after": after, "actor": {"login": login}});
            fine(&Value::Array(world.activity.iter().map(of).collect()))
        }
        ("GET", "/repos/acme/infra/actions/runs") => runs(world, own, query),
        ("GET", path) if path.starts_with("/repos/acme/infra/actions/runs/") => {
            let run = path.trim_end_matches("/artifacts").rsplit('/').next().unwrap();
            artifacts(world, own, run.parse().unwrap(), query)
        }
        ("GET", path) if path.starts_with("/repos/acme/infra/actions/artifacts/") => {
            let id = path.trim_end_matches("/zip").rsplit('/').next().unwrap();
            (302, format!("Location: {own}/blob/{id}\r\n"), Vec::new())
        }
        ("GET", path) if path.starts_with("/blob/") => {
            let id: usize = path.rsplit('/').next().unwrap().parse().unwrap();
            (200, String::new(), world.artifacts[id].2.clone())
        }
        _ => (404, String::new(), b"{\"message\": \"Not Found\"}".to_vec()),
    }
}

/// The runs for a commit: each stored one thing.
fn runs(world: &World, own: &str, query: &str) -> Answer {
    let head = of(query, "head_sha=");
    let runs = world.artifacts.iter().enumerate().filter(|(_, (_, of, ..))| *of == head);
    let runs: Vec<Value> = runs.map(|(id, _)| json!({"id": id, "head_sha": head})).collect();
    page(world, &runs, "workflow_runs", (query, &format!("{own}/repos/acme/infra/actions/runs?head_sha={head}")))
}

/// What a run stored under a name.
fn artifacts(world: &World, own: &str, run: usize, query: &str) -> Answer {
    let (name, head, _, expired) = &world.artifacts[run];
    let created = format!("2026-11-27T09:{run:02}:00Z");
    let about =
        json!({"id": run, "name": name, "expired": expired, "created_at": created, "workflow_run": {"head_sha": head}});
    let named: Vec<Value> = [about].into_iter().filter(|_| *name == of(query, "name=")).collect();
    page(
        world,
        &named,
        "artifacts",
        (query, &format!("{own}/repos/acme/infra/actions/runs/{run}/artifacts?name={name}")),
    )
}

fn of(query: &str, key: &str) -> String {
    query.split('&').find_map(|pair| pair.strip_prefix(key)).unwrap_or_default().to_owned()
}

/// One page of a list, with a link to the next.
fn page(world: &World, all: &[Value], list: &str, (query, address): (&str, &str)) -> Answer {
    let page = of(query, "page=").parse::<usize>().unwrap_or(1);
    let shown: Vec<&Value> = all.iter().skip((page - 1) * world.page).take(world.page).collect();
    let next = format!("Link: <{address}&x>; rel=\"last\", <{address}&page={}>; rel=\"next\"\r\n", page + 1);
    let link = if page * world.page < all.len() { next } else { String::new() };
    (200, link, json!({"total_count": all.len(), list: shown}).to_string().into_bytes())
}

fn graphql(world: &World, variables: &Value) -> Value {
    let comments: Vec<Value> = world
        .comments
        .iter()
        .map(|comment| {
            let account = |login: &str| {
                let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
                // GraphQL leaves the ending of a bot's login out.
                json!({"login": login.trim_end_matches("[bot]"), "__typename": kind})
            };
            json!({
                "databaseId": comment.id, "createdAt": comment.created, "lastEditedAt": comment.edited,
                "url": format!("https://github.test/comment/{}", comment.id), "body": comment.body,
                "author": account(comment.author), "editor": comment.editor.map(account),
            })
        })
        .collect();
    let mut pull = json!({"headRefOid": world.head, "author": world.author});
    let lists = [
        ("commits", &world.commits, "withCommits"),
        ("reviews", &world.reviews, "withReviews"),
        ("comments", &comments, "withComments"),
    ];
    for (name, items, wanted) in lists {
        if variables[wanted] == json!(true) {
            let from: usize = variables[name].as_str().map_or(0, |cursor| cursor.parse().unwrap());
            let page: Vec<&Value> = items.iter().skip(from).take(world.page).collect();
            let end = from + page.len();
            pull[name] = json!({
                "totalCount": items.len(), "nodes": page,
                "pageInfo": {"hasNextPage": end < items.len(), "endCursor": end.to_string()},
            });
        }
    }
    json!({"data": {"viewer": {"login": world.viewer}, "repository": {"pullRequest": pull}}})
}
