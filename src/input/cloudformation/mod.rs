//! CloudFormation: change sets, which are judged, and templates and what else tells of the stack before the change.
//!
//! What `describe-change-set` prints is read into pages (`response`, `context`, `change_set`), which are put together by the
//! change set's id, nested stacks under their parents, and made into a plan (`join`). What a row does follows from several
//! fields (`action`, `policies`), and its values from what was asked for (`values`).

mod action;
mod builder;
mod change_set;
mod context;
mod edges;
mod functions;
mod ids;
mod join;
mod matching;
mod policies;
mod resolve;
mod response;
mod stack;
mod stack_policy;
mod stacks;
mod status;
mod template;
mod values;
mod whole;
mod yaml;

pub(super) use change_set::{Page, read};
pub(super) use join::join;
pub use stacks::{Stacks, Tells};
pub(super) use template::{template, yaml_template};
