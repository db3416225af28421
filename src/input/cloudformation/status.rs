//! Whether a change set can be judged: its status, and the reason that goes with it.

use super::response::{Response, text};
use crate::input::InputError;

/// How reasons begin that say that there is nothing to do: for a plain template, and where a transform is involved.
/// Both are what the AWS CLI and the CDK look for.
const NO_CHANGES: [&str; 2] = ["The submitted information didn't contain changes.", "No updates are to be performed."];

/// Refuses what is no finished change set; tells what people should know of one that is.
pub(super) fn check(unit: &str, response: &Response<'_>) -> Result<Vec<String>, InputError> {
    let (status, reason) = (text(response.status.as_ref()), text(response.status_reason.as_ref()));
    let any = response.changes.as_ref().is_some_and(|changes| !changes.is_empty());
    match status {
        "CREATE_COMPLETE" if response.changes.is_some() => {}
        "CREATE_COMPLETE" => return Err(trimmed(unit, "it has no list of Changes")),
        "FAILED" if !any && NO_CHANGES.iter().any(|start| reason.trim_start().starts_with(start)) => {
            return Ok(Vec::new());
        }
        "FAILED" => return Err(failed(unit, reason)),
        "CREATE_PENDING" | "CREATE_IN_PROGRESS" => {
            let what = format!("this change set is still being made ({status}), so it may not show everything");
            return Err(InputError::new(unit, what)
                .help("wait with `aws cloudformation wait change-set-create-complete`, then describe it again"));
        }
        "DELETE_PENDING" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE" | "DELETE_FAILED" => {
            let what = format!("this change set is deleted, or about to be ({status}): it cannot be executed");
            return Err(InputError::new(unit, what).help("create another one and describe that"));
        }
        // Only parts of an answer were kept. What it lists is there, but an empty list may be anything.
        "" if any => {}
        "" => return Err(trimmed(unit, "it has no Status and lists no changes")),
        other => {
            let what = format!("its Status \"{}\" is none that is known", shown(other));
            return Err(InputError::new(unit, what).help("a newer blastgate may read it"));
        }
    }
    executable(unit, text(response.execution_status.as_ref()), reason)
}

fn executable(unit: &str, execution: &str, reason: &str) -> Result<Vec<String>, InputError> {
    let mut told = Vec::new();
    match execution {
        "OBSOLETE" => {
            return Err(InputError::new(
                unit,
                "this change set is OBSOLETE: its stack was changed since, and it cannot be executed",
            )
            .help("create another one and describe that"));
        }
        "EXECUTE_IN_PROGRESS" | "EXECUTE_COMPLETE" | "EXECUTE_FAILED" => {
            told.push("This change set was executed already: what is said here comes too late.".to_owned());
        }
        _ => {}
    }
    if !reason.is_empty() {
        told.push(format!("CloudFormation says of it: {}", shown(reason)));
    }
    Ok(told)
}

fn failed(unit: &str, reason: &str) -> InputError {
    let why = if reason.is_empty() { String::new() } else { format!(": {}", shown(reason)) };
    InputError::new(unit, format!("this change set failed, so it shows nothing{why}"))
        .help("mend what the reason names, create it again and describe that")
}

fn trimmed(unit: &str, what: &str) -> InputError {
    InputError::new(unit, format!("this change set was trimmed: {what}")).help(super::change_set::UNTOUCHED)
}

/// Text of a stranger, short and without anything that a terminal would heed.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 200;
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = plain.take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push_str(" …");
    }
    shown
}
