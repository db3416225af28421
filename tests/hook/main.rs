//! Hooks: what each agent does after it has read the answer.
//!
//! Nothing here looks at an answer but through an agent's eyes (`agents`): its exit code, what is on standard output, what
//! on standard error, as that agent's documentation and source say that it reads them.

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
#![cfg(all(feature = "cli", unix))]

#[path = "../common/mod.rs"]
mod common;

mod agents;
mod calls;
mod install;
mod payloads;
mod plans;
mod program;
mod table;
