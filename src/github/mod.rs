//! GitHub: one comment that says what was found, and the peer review that counts.
//!
//! What is decided here is pure: who wrote and pushed a change ([`Pull`]), which agents took part (`agents`), whose approval counts
//! ([`judge`]), what the comment holds ([`Shown`]). Only [`Client`] talks to the network, and only to the API that it was given.

mod agents;
mod client;
mod comment;
mod failure;
mod pull;
mod query;
mod review;
mod shown;
mod stored;

pub use agents::{AGENTS, Agent, agents};
pub use client::{Client, Endpoints};
pub use comment::{Written, footer, write};
pub use failure::Fault;
pub use pull::{Account, Comment, Commit, Person, Pull, Pushers, Review, State};
pub use query::{file, pull, pushers};
pub use review::{Ruling, comment_of, judge};
pub use shown::Shown;
pub use stored::{Stored, stored};
