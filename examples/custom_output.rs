//! Outputs of one's own: a report as rows for a spreadsheet, and as a message for a chat.
//!
//!     cargo run --example custom_output -- testdata/labelled/aws-core-renumbered-modules.json
//!     cargo run --example custom_output -- --message plan.json
//!
//! An output is a function from a report to text. A plan's names are written by strangers, so the one thing that every output
//! must know is what its reader makes of text: a spreadsheet runs cells that begin with `=`, a chat notifies everybody
//! whom `<!channel>` means.

use std::process::ExitCode;

use blastgate::output::clean;
use blastgate::report::{Finding, Outcome, Report};
use blastgate::{File, Given, check};

/// The findings as comma-separated values, the worst first.
#[must_use]
pub fn csv(report: &Report) -> String {
    let head = ["verdict", "score", "rule", "address", "action", "dependents", "reason"].map(str::to_owned);
    let rows = report.findings.iter().map(|finding| {
        let Finding { rule, address, action, reason, .. } = finding.clone();
        let (score, count) = (finding.score.to_string(), finding.dependents.count.to_string());
        [finding.verdict.word().to_owned(), score, rule, address, action, count, reason]
    });
    std::iter::once(head).chain(rows).map(|row| row.map(|text| cell(&text)).join(",") + "\r\n").collect()
}

/// One cell (RFC 4180). A spreadsheet takes what begins with one of these signs for a formula, unless a quote is before it.
fn cell(text: &str) -> String {
    let text = clean(text);
    let quote = if text.trim_start().starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{quote}{}\"", text.replace('"', "\"\""))
}

/// So many causes are told in a message.
const SHOWN: usize = 3;

/// The report in a few lines, as Slack's incoming webhooks take them: JSON with a `text`.
#[must_use]
pub fn message(report: &Report) -> String {
    let mark = match report.verdict {
        Outcome::Allow => "✅",
        Outcome::Review => "👀",
        Outcome::Block => "⛔",
        Outcome::Error => "❌",
    };
    let mut lines = vec![format!("{mark} *{}*, score {}", report.verdict.word(), report.score)];
    lines.extend(report.inputs.iter().filter_map(|input| Some(format!("• {}", escaped(input.error.as_ref()?)))));
    let causes: Vec<&String> = report.groups.iter().map(|group| &group.cause).collect();
    lines.extend(causes.iter().take(SHOWN).map(|cause| format!("• {}", escaped(cause))));
    if let more @ 1.. = causes.len().saturating_sub(SHOWN) {
        lines.push(format!("and {more} more"));
    }
    serde_json::json!({ "text": lines.join("\n") }).to_string()
}

/// Text that a chat shows and does not read: <https://docs.slack.dev/messaging/formatting-message-text>.
fn escaped(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "this is a program")]
fn main() -> ExitCode {
    let (options, paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word == "--message");
    let read = paths.iter().map(|path| std::fs::read(path).map(|bytes| (path.as_str(), bytes)));
    let files = match read.collect::<Result<Vec<_>, _>>() {
        Ok(files) => files,
        Err(error) => {
            eprintln!("a plan cannot be read: {error}");
            return ExitCode::from(2);
        }
    };
    let plans = files.iter().map(|(path, bytes)| File::new(path, bytes)).collect();
    let report = check(&Given { plans, ..Given::default() });
    print!("{}", if options.is_empty() { csv(&report) } else { message(&report) + "\n" });
    ExitCode::from(u8::from(report.verdict != Outcome::Allow))
}
