//! What binds a word about a report to that report.

use sha2::{Digest as _, Sha256};

use super::{Input, Outcome};
use crate::input::hex;

/// A digest of the verdict and of everything that was judged, in whatever order it was given. `None` where an input has no
/// digest: what is only partly bound is not bound.
pub(crate) fn digest(verdict: Outcome, inputs: &[Input]) -> Option<String> {
    let judged = inputs.iter().filter(|input| input.role == "plan");
    let mut digests = judged.map(|input| input.digest.as_deref()).collect::<Option<Vec<&str>>>()?;
    digests.sort_unstable();
    let all = [&[verdict.word()], digests.as_slice()].concat().join("\n");
    (!digests.is_empty()).then(|| hex(&Sha256::digest(all.as_bytes())))
}

/// A digest of everything that a report says, whoever agreed to it and took part. SHA-256 in hexadecimal.
#[cfg(feature = "github")]
pub(crate) fn content(report: &super::Report) -> Option<String> {
    let bare = super::Report { agents: Vec::new(), ..report.clone().approved(None) };
    serde_json::to_vec(&bare).ok().map(|bytes| hex(&Sha256::digest(bytes)))
}
