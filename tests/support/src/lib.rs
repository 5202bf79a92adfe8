// SPDX-License-Identifier: Apache-2.0

//! Actors, doubles of the traits and event helpers for tests.
//!
//! A pallet is tested against the traits it asks, never against another of our pallets. Each double
//! keeps its answers in a thread-local, so that tests running side by side do not meet; call
//! [`reset`] when a mock is built.

mod actors;
mod arguments;
mod doubles;
mod origins;

pub use actors::*;
pub use arguments::*;
pub use doubles::*;
pub use origins::*;
