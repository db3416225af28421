//! The gate between a plan and production.
//!
//! blastgate reads what `terraform show -json` or `tofu show -json` prints, and change sets as `aws cloudformation
//! describe-change-set` prints them, builds the graph of what stands on what,
//! judges every destroying change by what is lost and who stands on it, and says allow, review or block. The core does
//! no I/O, has no clock, and gives the same report for the same plans.
//!
//! ```
//! use blastgate::input::{self, Limits};
//!
//! let bytes = br#"{"format_version":"1.2","resource_changes":[{"address":"aws_s3_bucket.receipts",
//!     "mode":"managed","type":"aws_s3_bucket","name":"receipts","change":{
//!     "actions":["delete","create"],"before":{"id":"acme-receipts"},"after":{"bucket":"new"}}}]}"#;
//! let text = input::decode("plan.json", bytes)?;
//! let plans = input::read("plan.json", &text, &Limits::default())?;
//! let report = blastgate::assess(&plans);
//! assert_eq!(report.verdict, blastgate::report::Outcome::Block);
//! assert_eq!(report.findings[0].rule, "data-loss");
//! # Ok::<(), blastgate::input::InputError>(())
//! ```
//!
//! Data flows one way: [`input`] makes [`plan::Plan`]s of bytes, [`graph`] and [`facts`] gather what there is to know of
//! each change, [`rules`] find, [`gate`] decides, [`report`] holds the result, [`output`] writes it.

mod assess;
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod command;
pub mod environment;
pub mod explain;
pub mod facts;
pub mod gate;
#[cfg(feature = "github")]
pub mod github;
mod given;
pub mod graph;
#[cfg(feature = "cli")]
pub mod hook;
pub mod input;
pub mod output;
pub mod picture;
pub mod plan;
mod remedy;
pub mod report;
pub mod rules;
pub mod score;
pub mod sources;

pub use assess::{Settings, assess, assess_with};
pub use given::{File, Given, Read, check};
