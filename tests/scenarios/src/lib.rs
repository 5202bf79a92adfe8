// SPDX-License-Identifier: Apache-2.0

//! Whole-runtime journeys in process.
//!
//! [`Chain`] builds real blocks around real signed transactions and executes them with the runtime's
//! own `Executive`: fees, nonces, filters and origins are those of a node. With the feature
//! `try-runtime` every pallet's invariants are checked after each block.

mod bodies;
mod chain;
mod notes;
mod people;
mod rows;

pub use bodies::Body;
pub use chain::{Chain, Outcome, Refused};
pub use notes::{anchored_note, verdicts};
pub use people::*;
pub use rows::RawSpec;
