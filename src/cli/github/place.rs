//! A pull request: what is read of it, said on it, and set at its newest commit.

use super::super::exit::{self, Code};
use super::super::writing::{FailOn, markdown};
use super::tell;
use crate::github::{self, Client, Fault, Pull, Ruling, Shown, Written};
use crate::report::{self, Outcome, Report};

/// Where all of that happens.
pub(super) struct Place {
    pub(super) client: Client,
    pub(super) repository: String,
    pub(super) number: u64,
    /// The commit that the event is about; of a pull request that was named, its newest.
    pub(super) head: Option<String>,
    /// Who caused the event by pushing.
    pub(super) sender: Option<String>,
    pub(super) comment_id: String,
    pub(super) status: String,
}

impl Place {
    pub(super) fn pull(&self) -> Result<Pull, Fault> {
        github::pull(&self.client, &self.repository, self.number)
    }

    /// Judges the approvals and says so in the comment and in the commit's status. Returns the report with who agreed, and whether the
    /// status is set, or not this token's to set.
    pub(super) fn review(&self, mut report: Report, fail_on: FailOn) -> (Report, bool) {
        let ruling = match self.pull() {
            Ok(pull) => {
                report.agents = github::agents(&pull.commits);
                let ruling = self.rule(&pull, &report);
                report = report.approved(ruling.approval.clone());
                self.comment(&pull, &report, &ruling);
                ruling
            }
            Err(fault) => Ruling::nobody(format!("The pull request cannot be read, so no approval counts: {fault}.")),
        };
        for why in ruling.told() {
            tell(if report.verdict == Outcome::Review { "warning" } else { "notice" }, &why);
        }
        let (state, text) = status(&report, fail_on);
        let is_set = self.set_status(state, &text);
        (report, is_set)
    }

    /// Nothing can be said of the change: neither can what was said of this commit before.
    pub(super) fn undecided(&self, why: String) -> Result<Code, String> {
        self.set_status("error", "whether this may go on cannot be told; see the log");
        Err(why)
    }

    fn rule(&self, pull: &Pull, report: &Report) -> Ruling {
        let nobody = |why: &str| Ruling::nobody(why.to_owned());
        if report.verdict != Outcome::Review {
            return Ruling::default();
        }
        let Some(digest) = &report.digest else {
            return nobody("The report has no digest, so nothing binds an approval to what was judged.");
        };
        if self.head.as_ref().is_some_and(|head| *head != pull.head) {
            return nobody("The pull request has a newer commit than the one that was judged.");
        }
        match github::pushers(&self.client, &self.repository, self.number, pull) {
            Ok(mut pushers) => {
                // The activity may be behind the event.
                pushers.newest.extend(self.sender.clone());
                github::judge(pull, digest, &pushers)
            }
            Err(fault) => {
                nobody(&format!("Who pushed the commits cannot be found out, so no approval counts: {fault}."))
            }
        }
    }

    /// Writes the comment. What fails here is told and changes no verdict.
    pub(super) fn comment(&self, pull: &Pull, report: &Report, ruling: &Ruling) {
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
