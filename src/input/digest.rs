//! What binds a word about a plan to that plan: a digest of its text.

use sha2::{Digest as _, Sha256};

/// The SHA-256 of a document, in hexadecimal. `when` is the part of it that says when it was made, which is passed over: a plan
/// that is made again and says the same is the same plan.
pub(super) fn of(document: &str, when: Option<&str>) -> String {
    let mut digest = Sha256::new();
    let parts = when.and_then(|when| around(document, when)).unwrap_or((document, ""));
    digest.update(parts.0.as_bytes());
    digest.update(parts.1.as_bytes());
    hex(&digest.finalize())
}

/// What stands before and behind a part, which is a slice of the whole.
fn around<'d>(whole: &'d str, part: &str) -> Option<(&'d str, &'d str)> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (whole.get(start..end)? == part).then_some(())?;
    Some((whole.get(..start)?, whole.get(end..)?))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn only_the_time_is_passed_over() {
        let plan = |when: &str, action: &str| format!(r#"{{"timestamp":"{when}","actions":["{action}"]}}"#);
        let digest = |text: &str| of(text, text.get(13..35));
        let (one, later) = (plan("2026-01-01T00:00:00Z", "no-op"), plan("2026-02-02T22:22:22Z", "no-op"));
        assert_eq!(digest(&one), digest(&later));
        assert_ne!(digest(&one), digest(&plan("2026-01-01T00:00:00Z", "other")));
        // A text that only looks like it, elsewhere in memory, is no part of the document.
        assert_eq!(of(&one, Some("\"2026-01-01T00:00:00Z\"")), of(&one, None));
    }
}
