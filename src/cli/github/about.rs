//! What a workflow's event, its environment and the options say that it is about.

use serde_json::Value;

use super::place::Place;
use crate::github::{Client, Endpoints};

/// What it is about.
#[derive(Debug, clap::Args)]
pub(super) struct About {
    /// The name that tells this comment from those of other workflows [default: the workflow's and the job's name]
    #[arg(long, value_name = "ID")]
    pub(super) comment_id: Option<String>,

    /// The name of the commit's status
    #[arg(long, default_value = "blastgate", value_name = "NAME")]
    status: String,

    /// The repository [default: the workflow's]
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<String>,

    /// The pull request [default: the event's]
    #[arg(long, value_name = "N")]
    number: Option<u64>,
}

impl About {
    /// Where it happens; nothing where the event belongs to no pull request.
    pub(super) fn place(&self) -> Result<Option<Place>, String> {
        let event = event()?;
        let at = |path: &[&str]| path.iter().try_fold(&event, |value, key| value.get(*key));
        let text = |path: &[&str]| at(path).and_then(Value::as_str).map(str::to_owned);
        let repository = repository(self.repository.as_deref())?;
        let of_event = at(&["pull_request", "number"]).and_then(Value::as_u64);
        let Some(number) = self.number.or(of_event) else { return Ok(None) };
        let is_event = of_event == Some(number);
        // Who opens a pull request need not be who pushed it.
        let pushed = text(&["action"]).is_some_and(|action| action == "synchronize");
        let names = [env("GITHUB_WORKFLOW"), env("GITHUB_JOB")];
        let of_job = names.into_iter().flatten().collect::<Vec<_>>().join("/");
        let of_job = if of_job.is_empty() { "blastgate".to_owned() } else { of_job };
        Ok(Some(Place {
            client: client()?,
            repository,
            number,
            head: text(&["pull_request", "head", "sha"]).filter(|_| is_event),
            sender: text(&["sender", "login"]).filter(|_| is_event && pushed),
            comment_id: self.comment_id.clone().unwrap_or(of_job),
            status: self.status.clone(),
        }))
    }
}

/// What a variable says; nothing where it is empty.
pub(super) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The repository that was named, or the workflow's.
pub(super) fn repository(named: Option<&str>) -> Result<String, String> {
    let repository = named.map(str::to_owned).or_else(|| env("GITHUB_REPOSITORY"));
    let repository = repository.ok_or("nothing says which repository; set GITHUB_REPOSITORY or give --repository")?;
    let is_name = is_repository(&repository);
    is_name.then_some(repository).ok_or_else(|| "a repository is written as OWNER/NAME".to_owned())
}

/// A client with the workflow's token.
pub(super) fn client() -> Result<Client, String> {
    let token = env("GITHUB_TOKEN").or_else(|| env("GH_TOKEN"));
    let token = token.ok_or("there is no token; set GITHUB_TOKEN, for example to ${{ github.token }}")?;
    Client::new(Endpoints::new(env("GITHUB_API_URL").as_deref(), env("GITHUB_GRAPHQL_URL").as_deref()), &token)
}

fn is_repository(name: &str) -> bool {
    let part = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    name.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// The event that the workflow runs for.
pub(super) fn event() -> Result<Value, String> {
    let Some(path) = std::env::var_os("GITHUB_EVENT_PATH").filter(|path| !path.is_empty()) else {
        return Ok(Value::Null);
    };
    let bytes = std::fs::read(&path).map_err(|error| format!("the event's file cannot be read: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|_| "the event's file is no JSON".to_owned())
}
