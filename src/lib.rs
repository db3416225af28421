//! x
pub mod catalog;
pub mod graph;
pub mod input;
pub mod plan;
