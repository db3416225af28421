//! `blastgate mcp`, as a client sees it: what it answers, and that nothing that a client does ends or stops it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "mcp")]

#[path = "../common/mod.rs"]
mod common;

mod answers;
#[cfg(unix)]
mod attacks;
mod client;
