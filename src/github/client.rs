//! A small client for GitHub's two APIs.
//!
//! Every request has a time limit, what fails in passing is tried again, and the token goes to the API that was given and nowhere else:
//! encrypted, unless that is this very machine.

use std::net::IpAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Method, Request, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::failure::{Failure, Fault, failure, parse, short};

/// Where the APIs are.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The REST API, without a slash at its end.
    pub rest: String,
    /// The GraphQL API.
    pub graphql: String,
}

impl Endpoints {
    /// From what a runner sets. Without a word on GraphQL it is where GitHub, or an Enterprise Server, has it.
    #[must_use]
    pub fn new(rest: Option<&str>, graphql: Option<&str>) -> Self {
        let rest = rest.unwrap_or("https://api.github.com").trim_end_matches('/').to_owned();
        let beside = || rest.strip_suffix("/v3").unwrap_or(&rest).to_owned() + "/graphql";
        let graphql = graphql.map_or_else(beside, str::to_owned);
        Self { rest, graphql }
    }

    /// Nobody on the way can read what is sent to either.
    fn are_safe(&self) -> bool {
        [&self.rest, &self.graphql].into_iter().all(|url| is_https(url) || is_on_this_machine(url))
    }
}

fn is_https(url: &str) -> bool {
    url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

fn is_on_this_machine(url: &str) -> bool {
    let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// How long one request may take.
const REQUEST: Duration = Duration::from_secs(20);
/// After so long nothing is tried again, however much was asked for: a job must end.
const ALL: Duration = Duration::from_secs(300);
/// An answer may send a reader so far; only to where a file lies.
const MOST_REDIRECTS: u32 = 5;
/// So many bytes of an answer are read, and so many pages of a list.
const MOST_BYTES: u64 = 64 << 20;
const MOST_PAGES: usize = 100;

/// Talks to GitHub as one account.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    at: Endpoints,
    token: String,
    until: Instant,
}

/// An answer that was no failure.
struct Answer {
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Client {
    /// A client for these APIs with this token.
    ///
    /// # Errors
    /// Where the token would be readable on its way.
    pub fn new(at: Endpoints, token: &str) -> Result<Self, String> {
        if !at.are_safe() {
            return Err("the token goes to an address that begins with https:// only; set GITHUB_API_URL so".to_owned());
        }
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .timeout_global(Some(REQUEST))
            .http_status_as_error(false)
            .https_only(is_https(&at.rest))
            .max_redirects(0)
            .user_agent(concat!("blastgate/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        let now = Instant::now();
        let until = now.checked_add(ALL).unwrap_or(now);
        Ok(Self { agent: config.into(), at, token: token.trim().to_owned(), until })
    }

    /// Reads one thing; `path` begins with a slash.
    ///
    /// # Errors
    /// Where it cannot be had, after a few tries.
    pub fn get(&self, path: &str) -> Result<Value, Fault> {
        self.again(|| self.send(&Method::GET, &self.rest(path), None)).and_then(|answer| parse(&answer.body))
    }

    /// Reads a list page by page; `items` takes the items out of a page.
    ///
    /// # Errors
    /// Where a page cannot be had, or there are more pages than anybody needs.
    pub fn list(&self, path: &str, items: fn(Value) -> Vec<Value>) -> Result<Vec<Value>, Fault> {
        let mut all = Vec::new();
        let mut next = Some(self.rest(path));
        for _ in 0..MOST_PAGES {
            let Some(url) = next else { return Ok(all) };
            let answer = self.again(|| self.send(&Method::GET, &url, None))?;
            next = next_page(&answer.headers);
            if next.as_ref().is_some_and(|url| !url.starts_with(&format!("{}/", self.at.rest))) {
                return Err(Fault::Unavailable(
                    "the next page of a list lies at another address than the API".to_owned(),
                ));
            }
            all.extend(items(parse(&answer.body)?));
        }
        Err(Fault::Unavailable("a list has more pages than are read".to_owned()))
    }

    /// Makes something. It is tried once: what failed may have been done all the same.
    ///
    /// # Errors
    /// Where it was not done, or nobody knows.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Fault> {
        self.send(&Method::POST, &self.rest(path), Some(body)).map_err(Failure::into_fault).and_then(|a| parse(&a.body))
    }

    /// Changes something.
    ///
    /// # Errors
    /// Where it was not done, after a few tries.
    pub fn patch(&self, path: &str, body: &Value) -> Result<Value, Fault> {
        self.again(|| self.send(&Method::PATCH, &self.rest(path), Some(body))).and_then(|answer| parse(&answer.body))
    }

    /// Makes something that may be made twice without harm.
    ///
    /// # Errors
    /// Where it was not done, after a few tries.
    pub fn post_again(&self, path: &str, body: &Value) -> Result<Value, Fault> {
        self.again(|| self.send(&Method::POST, &self.rest(path), Some(body))).and_then(|answer| parse(&answer.body))
    }

    /// Asks the GraphQL API; what it returns is the `data`.
    ///
    /// # Errors
    /// Where it cannot be had, or only a part of it.
    pub fn query(&self, query: &str, variables: &Value) -> Result<Value, Fault> {
        let body = json!({"query": query, "variables": variables});
        let answer = self.again(|| self.send(&Method::POST, &self.at.graphql, Some(&body)))?;
        let mut answer = parse(&answer.body)?;
        let errors = answer.get("errors").and_then(Value::as_array).filter(|errors| !errors.is_empty());
        if let Some(error) = errors.and_then(|errors| errors.first()) {
            let text = short(error.get("message").and_then(Value::as_str).unwrap_or("no reason given"));
            return Err(match error.get("type").and_then(Value::as_str) {
                Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => Fault::Forbidden(text),
                Some("NOT_FOUND") => Fault::Missing(text),
                _ => Fault::Unavailable(format!("GraphQL answered: {text}")),
            });
        }
        Ok(answer.get_mut("data").map(Value::take).unwrap_or_default())
    }

    /// Reads a file. The API answers with where it lies; the token is not sent there.
    ///
    /// # Errors
    /// Where it cannot be had.
    pub fn download(&self, path: &str) -> Result<Vec<u8>, Fault> {
        self.again(|| self.follow(&Method::GET, &self.rest(path), None, MOST_REDIRECTS)).map(|answer| answer.body)
    }

    fn rest(&self, path: &str) -> String {
        format!("{}{path}", self.at.rest)
    }

    /// Sends until it works, fails for good, or has failed often or long enough.
    fn again(&self, send: impl Fn() -> Result<Answer, Failure>) -> Result<Answer, Fault> {
        let mut tries = 1;
        loop {
            match send() {
                Ok(answer) => return Ok(answer),
                Err(failure) => match failure.wait(tries).filter(|_| Instant::now() < self.until) {
                    Some(wait) => thread::sleep(wait),
                    None => return Err(failure.into_fault()),
                },
            }
            tries = tries.saturating_add(1);
        }
    }

    /// Sends where it was told to and nowhere else: another address would get what was meant for this one, or answer for it.
    fn send(&self, method: &Method, url: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        self.follow(method, url, body, 0)
    }

    /// Sends, and goes on so often to where the answer says, without the token.
    fn follow(&self, method: &Method, url: &str, body: Option<&Value>, most: u32) -> Result<Answer, Failure> {
        let failed = |what: String| Failure::in_passing(what);
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("Accept", "application/vnd.github+json")
            .header("Authorization", format!("Bearer {}", self.token))
            .header("X-GitHub-Api-Version", "2022-11-28")
            .header("Content-Type", "application/json")
            .body(bytes)
            .map_err(|_| Failure::for_good("the address or the token has characters that a request cannot have"))?;
        let request = self.agent.configure_request(request).max_redirects(most).build();
        let response = self.agent.run(request).map_err(|error| failed(format!("GitHub cannot be reached: {error}")))?;
        let (parts, mut body): (_, Body) = response.into_parts();
        let body = body.with_config().limit(MOST_BYTES).read_to_vec();
        let body = body.map_err(|error| failed(format!("GitHub's answer cannot be read: {error}")))?;
        if parts.status.is_success() {
            return Ok(Answer { headers: parts.headers, body });
        }
        Err(failure(parts.status.as_u16(), &parts.headers, &body))
    }
}

/// The address of the next page (<https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>).
fn next_page(headers: &HeaderMap) -> Option<String> {
    let links = headers.get("link")?.to_str().ok()?;
    links.split(',').find_map(|link| {
        let (url, relation) = link.split_once(';')?;
        let url = url.trim().strip_prefix('<')?.strip_suffix('>')?;
        relation.contains("rel=\"next\"").then(|| url.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::Endpoints;

    #[test]
    fn graphql_lies_beside_rest() {
        let beside = |rest| Endpoints::new(Some(rest), None).graphql;
        assert_eq!(beside("https://api.github.com/"), "https://api.github.com/graphql");
        assert_eq!(beside("https://git.example.com/api/v3"), "https://git.example.com/api/graphql");
        assert_eq!(Endpoints::new(None, Some("http://x/g")).graphql, "http://x/g");
    }

    #[test]
    fn a_token_is_readable_on_no_line() {
        let safe = |rest| Endpoints::new(Some(rest), None).are_safe();
        for rest in
            ["https://api.github.com", "HTTPS://git.example.com/api/v3", "http://127.0.0.1:80", "http://[::1]:8080"]
        {
            assert!(safe(rest), "{rest}");
        }
        for rest in
            ["http://api.github.com", "http://127.0.0.1.example.com", "http://localhost@example.com", "ftp://x", ""]
        {
            assert!(!safe(rest), "{rest}");
        }
        assert!(!Endpoints::new(None, Some("http://git.example.com/api/graphql")).are_safe());
    }
}
