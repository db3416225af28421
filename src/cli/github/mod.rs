//! `blastgate github`: the comment on a pull request, and the peer review that counts.

mod about;
mod base;
mod place;

use std::path::PathBuf;

use self::about::About;
use self::place::Place;
use super::exit::{self, Code};
use super::inputs::load;
use super::writing::{self, FailOn};
use super::{complain, print};
use crate::github::{self, Pull, Ruling, Stored};
use crate::input::Limits;
use crate::output::clean;
use crate::report::{self, Report};

const AFTER_HELP: &str = "\
The repository and the pull request are those of the workflow's event; --repository and --number name others. The token is read from \
GITHUB_TOKEN or GH_TOKEN. It needs `pull-requests: write` for the comment, `statuses: write` for the status, and `contents: read` and \
`actions: read` for the review.

Exit codes:
  comment  0 whatever the verdict is, also where the token may only read; 2 where a report cannot be read, or nothing says where to
  review   as `blastgate check`, but 0 where the verdict is review and an approval counts
  recheck  the same, by the stored report of the newest commit; 2 where none is stored, or no comment shows it";

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
    /// Print a file as the base branch has it, where a pull request may have changed it
    Base {
        /// The file, as it lies in the checkout
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
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

/// Runs one of the commands.
pub(super) fn run(arguments: &Arguments) -> Code {
    let done = match &arguments.command {
        Command::Comment(given) => comment(given),
        Command::Review(given) => review(given),
        Command::Recheck(given) => recheck(given),
        Command::Base { file } => base::run(file),
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

impl Kept {
    /// Keeps the report and makes its exit code.
    fn finish(&self, report: &Report) -> Result<Code, String> {
        self.files.keep(report)?;
        Ok(self.fail_on.code(report))
    }
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
