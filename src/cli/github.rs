//! `blastgate github`: the comment on a pull request, and the peer review that counts.

use std::path::PathBuf;

use serde_json::Value;

use super::exit::{self, Code};
use super::inputs::load;
use super::writing::{self, FailOn, markdown};
use super::{complain, print};
use crate::github::{self, Client, Endpoints, Fault, Pull, Ruling, Shown, Stored, Written};
use crate::input::Limits;
use crate::output::clean;
use crate::report::{self, Outcome, Report};

const AFTER_HELP: &str = "\
The repository and the pull request are those of the workflow's event; --repository and --number name others. The token is read from \
GITHUB_TOKEN or GH_TOKEN. It needs `pull-requests: write` for the comment, `statuses: write` for the status, and `contents: read` and \
`actions: read` for the review.

Exit codes:
  comment  0 whatever the verdict is, also where the token may only read; 2 where a report cannot be read, or nothing says where to
  review   as `blastgate check`, but 0 where the verdict is review and an approval counts
  recheck  the same, by the stored report of the newest commit; 2 where none is stored";

/// What `github` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Keep one comment on the pull request that says what was found
    Comment(Commented),
    /// Look whether an approval counts, say so in the comment, and set the commit's status
    Review(Reviewed),
    /// The same by the report that a workflow stored: needs neither the plan nor any credentials for a cloud
    Recheck(Recheck),
    /// Print a report's verdict, score and digest as the outputs of a workflow's step
    Outputs {
        /// A report that `blastgate check --format json` wrote, or `-`
        #[arg(value_name = "REPORT")]
        report: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Commented {
    /// Reports that `blastgate check --format json` wrote; several become one
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,

    #[command(flatten)]
    about: About,

    #[command(flatten)]
    files: writing::Files,
}

#[derive(Debug, clap::Args)]
struct Reviewed {
    /// Reports that `blastgate check --format json` wrote; several become one
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,

    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, clap::Args)]
struct Recheck {
    /// The name of the artifact that holds the report
    #[arg(long, default_value = "blastgate-report", value_name = "NAME")]
    artifact: String,

    #[command(flatten)]
    kept: Kept,
}

/// What a review is about, and what it leaves behind.
#[derive(Debug, clap::Args)]
struct Kept {
    #[command(flatten)]
    about: About,

    #[command(flatten)]
    files: writing::Files,

    /// The least verdict that makes the exit code non-zero; errors are always 2
    #[arg(long, default_value = "review", value_name = "VERDICT")]
    fail_on: FailOn,
}

/// What it is about.
#[derive(Debug, clap::Args)]
struct About {
    /// The name that tells this comment from those of other workflows [default: the workflow's and the job's name]
    #[arg(long, value_name = "ID")]
    comment_id: Option<String>,

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

/// Where all of that happens.
struct Place {
    client: Client,
    repository: String,
    number: u64,
    /// The commit that the event is about; of a pull request that was named, its newest.
    head: Option<String>,
    /// Who caused the event by pushing.
    sender: Option<String>,
    comment_id: String,
    status: String,
}

/// Runs one of the commands.
pub(super) fn run(arguments: &Arguments) -> Code {
    let done = match &arguments.command {
        Command::Comment(given) => comment(given),
        Command::Review(given) => review(given),
        Command::Recheck(given) => recheck(given),
        Command::Outputs { report } => outputs(report),
    };
    done.unwrap_or_else(|error| {
        complain(&format!("error: {error}"));
        exit::ERROR
    })
}

fn comment(given: &Commented) -> Result<Code, String> {
    let mut report = merged(&given.reports)?;
    let Some(place) = given.about.place()? else {
        tell("notice", "This event belongs to no pull request, so there is nothing to comment on.");
        return given.files.keep(&report).map(|()| exit::ALLOW);
    };
    match place.pull() {
        Ok(pull) => {
            report.agents = github::agents(&pull.commits);
            place.comment(&pull, &report, &Ruling::default());
        }
        Err(fault) => tell("warning", &format!("The pull request cannot be read, so there is no comment: {fault}.")),
    }
    given.files.keep(&report).map(|()| exit::ALLOW)
}

fn review(given: &Reviewed) -> Result<Code, String> {
    let report = merged(&given.reports)?.approved(None);
    let Some(place) = given.kept.about.place()? else {
        tell("notice", "This event belongs to no pull request, so nobody can have approved it.");
        return given.kept.finish(&report);
    };
    let (report, _) = place.review(report, given.kept.fail_on);
    given.kept.finish(&report)
}

fn outputs(path: &PathBuf) -> Result<Code, String> {
    let report = merged(std::slice::from_ref(path))?;
    // A word, a number and hexadecimal: nothing in them can end a line.
    let digest = report.digest.as_deref().filter(|digest| digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let lines = [
        format!("verdict={}", report.verdict.word()),
        format!("score={}", report.score),
        format!("digest={}", digest.unwrap_or_default()),
    ];
    print(&(lines.join("\n") + "\n")).map_err(|error| format!("the outputs cannot be written: {error}"))?;
    Ok(exit::ALLOW)
}

fn recheck(given: &Recheck) -> Result<Code, String> {
    let place = given.kept.about.place()?.ok_or("this event belongs to no pull request; name one with --number")?;
    let pull = match place.pull() {
        Ok(pull) => pull,
        Err(fault) => return place.undecided(format!("the pull request cannot be read: {fault}")),
    };
    let place = Place { head: Some(pull.head.clone()), ..place };
    let (comment_id, report) = match trusted(&place, given, &pull) {
        Ok(trusted) => trusted,
        Err(why) => return place.undecided(why),
    };
    let place = Place { comment_id, ..place };
    let (report, is_set) = place.review(report.approved(None), given.kept.fail_on);
    let code = given.kept.finish(&report)?;
    // What was said before would stand, and that may have been a pass.
    if is_set { Ok(code) } else { Err("the status of the commit could not be set".to_owned()) }
}

/// The report that was stored for the newest commit, with the id of the comment that shows it. Every workflow of a repository may
/// store something under this name, also one that a pull request brings along; what counts is what this account has shown.
fn trusted(place: &Place, given: &Recheck, pull: &Pull) -> Result<(String, Report), String> {
    let (name, head) = (&given.artifact, &pull.head);
    let found = github::stored(&place.client, &place.repository, name, head);
    let report = match found.map_err(|fault| format!("the stored report cannot be read: {fault}"))? {
        Stored::Found(report) => *report,
        Stored::Unreadable(error) => return Err(error.to_string()),
        Stored::Nothing => {
            return Err(format!(
                "no report is stored as {name} for {head}; run the workflow that plans, on this commit"
            ));
        }
    };
    // This workflow has another name than the one that commented; its comment is the one that shows the report.
    let id = github::comment_of(pull, &report, given.kept.about.comment_id.as_deref());
    let why = || {
        format!(
            "no comment of this account shows the report that is stored as {name}; run the workflow that plans, on this commit"
        )
    };
    id.map(|id| (id, report)).ok_or_else(why)
}

/// All reports as one.
fn merged(paths: &[PathBuf]) -> Result<Report, String> {
    let read = |path: &PathBuf| {
        let name = path.to_string_lossy().into_owned();
        let bytes = load(path, &name, &Limits::default())?;
        report::read(&name, &bytes).map(|report| (name, report))
    };
    let reports = paths.iter().map(read).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    report::merge(reports).ok_or_else(|| "no report was given".to_owned())
}

impl Place {
    fn pull(&self) -> Result<Pull, Fault> {
        github::pull(&self.client, &self.repository, self.number)
    }

    /// Judges the approvals, says so in the comment and in the commit's status; and whether that says so now, as far as the token may.
    fn review(&self, mut report: Report, fail_on: FailOn) -> (Report, bool) {
        let ruling = match self.pull() {
            Ok(pull) => {
                report.agents = github::agents(&pull.commits);
                let ruling = self.rule(&pull, &report);
                report = report.approved(ruling.approval.clone());
                self.comment(&pull, &report, &ruling);
                ruling
            }
            Err(fault) => {
                let why = format!("The pull request cannot be read, so no approval counts: {fault}.");
                Ruling { approval: None, refused: vec![why] }
            }
        };
        for why in &ruling.refused {
            tell(if report.verdict == Outcome::Review { "warning" } else { "notice" }, why);
        }
        let (state, text) = status(&report, fail_on);
        let is_set = self.set_status(state, &text);
        (report, is_set)
    }

    /// Nothing can be said of the change: neither can what was said of this commit before.
    fn undecided(&self, why: String) -> Result<Code, String> {
        self.set_status("error", "whether this may go on cannot be told; see the log");
        Err(why)
    }

    fn rule(&self, pull: &Pull, report: &Report) -> Ruling {
        let nobody = |why: &str| Ruling { approval: None, refused: vec![why.to_owned()] };
        if report.verdict != Outcome::Review {
            return Ruling::default();
        }
        let Some(digest) = &report.digest else {
            return nobody("The report has no digest, so nothing binds an approval to what was judged.");
        };
        if self.head.as_ref().is_some_and(|head| *head != pull.head) {
            return nobody("The pull request has a newer commit than the one that was judged.");
        }
        // Who sent the event is known even where the activity may not be read.
        let pushers = github::pushers(&self.client, &self.repository, self.number, pull);
        let mut pushers = pushers.unwrap_or_default();
        pushers.newest.extend(self.sender.clone());
        github::judge(pull, digest, &pushers)
    }

    /// Writes the comment. What fails here is told and changes no verdict.
    fn comment(&self, pull: &Pull, report: &Report, ruling: &Ruling) {
        if self.head.as_ref().is_some_and(|head| *head != pull.head) {
            // The comment is about the newest commit, or will be once that is judged.
            return tell(
                "notice",
                "The pull request has a newer commit than the one that was judged, so the comment stays.",
            );
        }
        let shown = Shown {
            id: self.comment_id.clone(),
            digest: report.digest.clone(),
            content: report::content(report),
            head: self.head.clone().unwrap_or_else(|| pull.head.clone()),
            ..Shown::default()
        };
        let footer = github::footer(report, ruling);
        let text = |most: usize| {
            let room = most.saturating_sub(footer.encode_utf16().count()).saturating_sub(2);
            format!("{}\n\n{footer}", markdown(report, room).trim_end())
        };
        let written = github::write(&self.client, (&self.repository, self.number), pull, &shown, &text);
        match written {
            Ok(Written::Made(url)) => tell("notice", &format!("The comment is new: {url}")),
            Ok(Written::Changed(url)) => tell("notice", &format!("The comment was changed: {url}")),
            Ok(Written::Kept(_)) => {}
            Err(Fault::Forbidden(what)) => {
                let why = "The token may not comment here, as in workflows of forks or where a conversation is locked";
                tell("notice", &format!("{why} ({what}). The report stands in the job's summary."));
            }
            Err(fault) => tell("warning", &format!("The comment could not be written: {fault}.")),
        }
    }

    /// Sets the status of the commit that was judged
    /// (<https://docs.github.com/en/rest/commits/statuses#create-a-commit-status>). Says whether it is set, or not this token's to set.
    fn set_status(&self, state: &str, text: &str) -> bool {
        let Some(head) = &self.head else { return true };
        let body = serde_json::json!({"state": state, "context": self.status, "description": text});
        let Err(fault) = self.client.post_again(&format!("/repos/{}/statuses/{head}", self.repository), &body) else {
            return true;
        };
        if let Fault::Forbidden(what) = fault {
            tell("notice", &format!("The token may not set the status of a commit ({what})."));
            return true;
        }
        tell("warning", &format!("The status of the commit could not be set to {state}: {fault}."));
        false
    }
}

/// The status that a commit has by its report.
fn status(report: &Report, fail_on: FailOn) -> (&'static str, String) {
    let (state, text) = match (report.verdict, &report.approval) {
        (Outcome::Allow, _) => ("success", "nothing here needs a second pair of eyes".to_owned()),
        (Outcome::Review, Some(approval)) => ("success", format!("agreed to by {}", approval.by)),
        (Outcome::Review, None) => ("pending", "a person other than the author must agree".to_owned()),
        (Outcome::Block, _) => ("failure", "this loses data or takes down what others stand on".to_owned()),
        (Outcome::Error, _) => ("error", "not everything could be read, so there is no verdict".to_owned()),
    };
    // Where a verdict is to stop nothing, its status does not either.
    (if fail_on.code(report) == exit::ALLOW { "success" } else { state }, text)
}

impl Kept {
    /// Keeps the report and makes its exit code.
    fn finish(&self, report: &Report) -> Result<Code, String> {
        self.files.keep(report)?;
        Ok(self.fail_on.code(report))
    }
}

impl About {
    /// Where it happens; nothing where the event belongs to no pull request.
    fn place(&self) -> Result<Option<Place>, String> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let event = event()?;
        let at = |path: &[&str]| path.iter().try_fold(&event, |value, key| value.get(*key));
        let text = |path: &[&str]| at(path).and_then(Value::as_str).map(str::to_owned);
        let repository = self.repository.clone().or_else(|| env("GITHUB_REPOSITORY"));
        let repository =
            repository.ok_or("nothing says which repository; set GITHUB_REPOSITORY or give --repository")?;
        if !is_repository(&repository) {
            return Err("a repository is written as OWNER/NAME".to_owned());
        }
        let of_event = at(&["pull_request", "number"]).and_then(Value::as_u64);
        let Some(number) = self.number.or(of_event) else { return Ok(None) };
        let is_event = of_event == Some(number);
        // Who opens a pull request need not be who pushed it.
        let pushed = text(&["action"]).is_some_and(|action| action == "synchronize");
        let token = env("GITHUB_TOKEN").or_else(|| env("GH_TOKEN"));
        let token = token.ok_or("there is no token; set GITHUB_TOKEN, for example to ${{ github.token }}")?;
        let endpoints = Endpoints::new(env("GITHUB_API_URL").as_deref(), env("GITHUB_GRAPHQL_URL").as_deref());
        let names = [env("GITHUB_WORKFLOW"), env("GITHUB_JOB")];
        let of_job = names.into_iter().flatten().collect::<Vec<_>>().join("/");
        let of_job = if of_job.is_empty() { "blastgate".to_owned() } else { of_job };
        Ok(Some(Place {
            client: Client::new(endpoints, &token)?,
            repository,
            number,
            head: text(&["pull_request", "head", "sha"]).filter(|_| is_event),
            sender: text(&["sender", "login"]).filter(|_| is_event && pushed),
            comment_id: self.comment_id.clone().unwrap_or(of_job),
            status: self.status.clone(),
        }))
    }
}

fn is_repository(name: &str) -> bool {
    let part = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    name.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// The event that the workflow runs for.
fn event() -> Result<Value, String> {
    let Some(path) = std::env::var_os("GITHUB_EVENT_PATH").filter(|path| !path.is_empty()) else {
        return Ok(Value::Null);
    };
    let bytes = std::fs::read(&path).map_err(|error| format!("the event's file cannot be read: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|_| "the event's file is no JSON".to_owned())
}

/// Says something to whoever reads the log: on a runner as an annotation of this kind.
fn tell(kind: &str, text: &str) {
    let text = clean(text);
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        // A log that cannot be written to has nobody to read it.
        let _ = print(&format!("::{kind} title=blastgate::{text}\n"));
    } else {
        complain(&format!("{kind}: {text}"));
    }
}
