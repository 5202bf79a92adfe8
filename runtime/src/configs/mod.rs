// SPDX-License-Identifier: Apache-2.0

//! The configuration of the pallets, by subject.

mod care;
mod consensus;
mod fees;
mod governance;
mod scopes;
mod system;

pub use care::*;
pub use consensus::*;
pub use fees::*;
pub use governance::*;
pub use scopes::*;
pub use system::*;
