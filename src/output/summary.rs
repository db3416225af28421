//! The report as the summary of a job on GitHub: the comment's Markdown, with more room.

use super::{Style, markdown};
use crate::report::Report;

/// The most bytes that the summary of one step may have
/// (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>).
pub(crate) const MOST: usize = 1_048_576;

pub(super) fn write(report: &Report, _: Style) -> String {
    within(report, MOST)
}

/// The summary in so many bytes at most.
pub(crate) fn within(report: &Report, most: usize) -> String {
    markdown::within(report, most)
}
