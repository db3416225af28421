//! Requests that failed: why, and whether they may work later.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use ureq::http::HeaderMap;

use crate::output::clean;

/// Why GitHub did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The token may not do it.
    #[error("the token may not do this ({0})")]
    Forbidden(String),
    /// There is no such thing, or the token may not see it.
    #[error("there is no such thing, or the token may not see it ({0})")]
    Missing(String),
    /// It takes no such request.
    #[error("it was refused as wrong ({0})")]
    Invalid(String),
    /// It cannot be reached, fails, or asks to wait longer than there is time. The text says which.
    #[error("{0}")]
    Unavailable(String),
}

/// How often a request is tried, and how long may be waited between tries.
const TRIES: u32 = 4;
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A request that failed.
pub(super) struct Failure {
    fault: Fault,
    later: Later,
}

/// Whether it may work later.
#[derive(Clone, Copy)]
enum Later {
    /// It will fail again.
    Never,
    /// It may.
    Soon,
    /// GitHub asks to wait so long.
    After(Duration),
}

impl Failure {
    pub(super) fn for_good(what: &str) -> Self {
        Self { fault: Fault::Unavailable(what.to_owned()), later: Later::Never }
    }

    pub(super) fn in_passing(what: String) -> Self {
        Self { fault: Fault::Unavailable(what), later: Later::Soon }
    }

    pub(super) fn into_fault(self) -> Fault {
        self.fault
    }

    /// How long to wait before the next try; `None` where there is none.
    pub(super) fn wait(&self, tries: u32) -> Option<Duration> {
        let wait = match self.later {
            Later::Never => return None,
            Later::Soon => Duration::from_millis(250).saturating_mul(2_u32.saturating_pow(tries)),
            Later::After(wait) => wait,
        };
        (tries < TRIES && wait <= LONGEST_WAIT).then_some(wait)
    }
}

/// What a status means. A 403 or 429 with a time to wait, or with nothing left, is a limit and no lack of permission
/// (<https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>).
pub(super) fn failure(status: u16, headers: &HeaderMap, body: &[u8]) -> Failure {
    let message = parse(body).ok().and_then(|body| Some(body.get("message")?.as_str()?.to_owned()));
    let text = short(&format!("{status} {}", message.unwrap_or_default()));
    let limited = matches!(status, 403 | 429).then(|| wait_for(headers)).flatten();
    let slow = status == 429 || text.to_lowercase().contains("rate limit");
    let limit = || Fault::Unavailable(format!("GitHub asks to wait: {text}"));
    match status {
        403 | 429 if limited.is_some() || slow => {
            Failure { fault: limit(), later: limited.map_or(Later::Soon, Later::After) }
        }
        401 | 403 => Failure { fault: Fault::Forbidden(text), later: Later::Never },
        404 | 410 => Failure { fault: Fault::Missing(text), later: Later::Never },
        500..=599 => Failure { fault: Fault::Unavailable(format!("GitHub fails: {text}")), later: Later::Soon },
        _ => Failure { fault: Fault::Invalid(text), later: Later::Never },
    }
}

/// How long GitHub asks to wait.
fn wait_for(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let reset = || {
        let at =
            Duration::from_secs(number("x-ratelimit-reset").filter(|_| number("x-ratelimit-remaining") == Some(0))?);
        Some(at.saturating_sub(SystemTime::now().duration_since(UNIX_EPOCH).ok()?))
    };
    number("retry-after").map(Duration::from_secs).or_else(reset)
}

pub(super) fn parse(body: &[u8]) -> Result<Value, Fault> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|_| Fault::Unavailable("GitHub's answer is no JSON".to_owned()))
}

/// What a server says, fit for a line of a log.
pub(super) fn short(text: &str) -> String {
    clean(text.trim()).chars().take(200).collect()
}
