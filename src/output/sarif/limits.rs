//! How much a service takes.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What a file may hold at most.
pub(super) struct Limits {
    /// Runs.
    pub(super) runs: usize,
    /// Results of one run.
    pub(super) results: usize,
    /// Bytes, as `gzip` packs them.
    pub(super) bytes: usize,
}

/// A file with more is refused as a whole
/// (<https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>). Of 10 MB
/// something is kept back, since others pack a little differently.
pub(super) const GITHUB: Limits = Limits { runs: 20, results: 25_000, bytes: 9_500_000 };

impl Limits {
    /// How many findings to try next, where a text with so many of them is too long.
    pub(super) fn fewer(&self, text: &str, findings: usize) -> Option<usize> {
        if text.len() <= self.bytes || findings == 0 {
            return None;
        }
        let size = packed(text);
        if size <= self.bytes {
            return None;
        }
        // A little less than would be in proportion: the worst have the most to tell.
        let share = findings.saturating_mul(self.bytes).checked_div(size).unwrap_or_default();
        Some(share.saturating_sub(share / 10).min(findings.saturating_sub(1)))
    }
}

/// How long a text is when it is packed as uploads are.
pub(super) fn packed(text: &str) -> usize {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let written = packer.write_all(text.as_bytes()).and_then(|()| packer.finish());
    // Writing into memory does not fail.
    written.map_or(text.len(), |bytes| bytes.len())
}
