//! The gate between a plan and production.
//!
//! blastgate reads what `terraform show -json` or `tofu show -json` prints, and change sets as `aws cloudformation
//! describe-change-set` prints them, builds the graph of what stands on what, judges every destroying change by what is
//! lost and who stands on it, and says allow, review or block, with the reason and a way out.
//!
//! This crate is the gate as a library. It is pure: no files, no network, no clock, no other program; the same bytes give
//! the same report, and whatever cannot be read is an error and never a verdict.
//!
//! # From bytes to a verdict
//!
//! ```
//! use blastgate::{Given, check, report::Outcome};
//!
//! # fn apply() {}
//! let plan = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_s3_bucket.receipts",
//!     "mode":"managed","type":"aws_s3_bucket","name":"receipts","change":{
//!     "actions":["delete","create"],"before":{"id":"acme-receipts"},"after":{"bucket":"new"}}}]}"#;
//!
//! let report = check(&Given::plan("plan.json", plan));
//! match report.verdict {
//!     Outcome::Allow => apply(),
//!     Outcome::Review => println!("a person other than the author must agree: {}", report.summary.text),
//!     Outcome::Block => println!("this loses data or takes down what others stand on: {}", report.summary.text),
//!     // Nothing was judged; an error is no permission.
//!     Outcome::Error => println!("not everything could be read: {}", report.summary.text),
//! }
//! assert_eq!(report.verdict, Outcome::Block);
//! assert_eq!(report.findings[0].rule, "data-loss");
//! assert_eq!(report.next_actions.must_not[0].id, "apply");
//! ```
//!
//! [`Given`] takes more than a plan: several that are one change, states of what stands on them elsewhere, the configuration's
//! files, what is known of a stack, and rows of your own for the [`catalog`].
//!
//! # The pipeline
//!
//! Data flows one way, and each stage is a function over plain data:
//!
//! ```text
//! bytes -> input -> plans -> graph -> facts -> rules -> gate -> report -> output -> text
//! ```
//!
//! [`check`] is all of it. In parts:
//!
//! ```
//! use blastgate::input::{self, Limits};
//! use blastgate::output::{self, Style};
//! use blastgate::{assess, explain};
//!
//! # let bytes = br#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
//! #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
//! let text = input::decode("plan.json", bytes)?;
//! let plans = input::read("plan.json", &text, &Limits::default())?;
//! let report = assess(&plans);
//! let comment = output::format("markdown").map(|format| (format.write)(&report, Style::default()));
//! let explanations = explain::explain(&plans, &report.findings[0].address);
//! # assert!(comment.unwrap().contains("review") && explanations.explained.len() == 1);
//! # Ok::<(), blastgate::input::InputError>(())
//! ```
//!
//! | module | what it has |
//! | --- | --- |
//! | [`input`] | bytes to [`plan::Plan`]s, the one place where something is refused: [`input::InputError`] says what, where, and what to do |
//! | [`plan`] | the model: what exists, what is planned, values behind their masks |
//! | [`sources`] | `.tf` files, which add edges, guards and places |
//! | [`catalog`] | what each resource type holds, its standing, what guards it |
//! | [`rules`] | the rules with their pages |
//! | [`report`] | what comes out, with its JSON Schema; reports can be read back and put together |
//! | [`explain`], [`picture`] | all about one change; what is affected, as a graph |
//! | [`output`] | reports as text for people, pull requests, pages and other programs |
//! | [`command`] | what shell commands deserve before they run, as the hook of the program judges them |
//!
//! # Features
//!
//! Without default features this is all there is, and it needs no command line, network, runtime or colour. `cli` is the program,
//! `github` its comment and its reviews, `mcp` its server for agents, `schema` derives JSON Schemas.
//!
//! # What is stable
//!
//! The fields of a report go up with `schema_version`; a verdict can change with the catalogue's version, which every report
//! names. Before 1.0 a minor version may change what is public here; every change is in `docs/public-api.txt`.

// The hidden ones are public for the program and for the tests beside the crate, and no part of the library.
mod assess;
pub mod catalog;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod command;
mod environment;
pub mod explain;
#[doc(hidden)]
pub mod facts;
mod gate;
#[cfg(feature = "github")]
#[doc(hidden)]
pub mod github;
mod given;
#[doc(hidden)]
pub mod graph;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod hook;
pub mod input;
#[cfg(feature = "mcp")]
mod mcp;
pub mod output;
pub mod picture;
pub mod plan;
mod remedy;
pub mod report;
pub mod rules;
#[doc(hidden)]
pub mod score;
pub mod sources;

pub use assess::{Settings, assess, assess_with};
pub use given::{File, Given, Read, check};
