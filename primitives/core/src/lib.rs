// SPDX-License-Identifier: Apache-2.0

//! Ids, times, codes and signed statements of Salus.
//!
//! Everything here is plain data with a SCALE encoding: no FRAME, no storage, no clock. The chain
//! and its clients share this crate, so that an id is derived and a statement is written in one
//! place only.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
mod codes;
mod ids;
mod keys;
mod statements;
mod supply;
mod time;
mod vault;

pub use access::*;
pub use codes::*;
pub use ids::*;
pub use keys::*;
pub use statements::*;
pub use supply::*;
pub use time::*;
pub use vault::*;
