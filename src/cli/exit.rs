//! Exit codes. Any other code (a crash's 101, a signal's 137) is an error to every caller.

/// A code that the program ends with.
pub(super) type Code = u8;

/// Nothing here needs a second pair of eyes.
pub(super) const ALLOW: Code = 0;
/// This loses data or takes down what others stand on.
pub(super) const BLOCK: Code = 1;
/// Bad input, no plan at all, wrong usage, or a fault of the tool: never a verdict.
pub(super) const ERROR: Code = 2;
/// A person other than the author must agree first.
pub(super) const REVIEW: Code = 3;
