// SPDX-License-Identifier: Apache-2.0

//! A real node, a real custodian and the real command line.
//!
//! [`Node`] and [`Custodian`] start the programs on free ports and stop them when dropped;
//! [`World`] has both, and people with keystores; [`journey`] is the main job, told step by step.
//! Nothing here looks inside the programs: what a step says it checked, it read from their output.

pub mod journey;
mod process;
pub mod supply;
mod world;

pub use process::{Binaries, Caller, Custodian, Node, Validator};
pub use world::{Person, World};

/// What a step comes back with: an error says what was expected and what came.
pub type Outcome<T = ()> = Result<T, String>;
