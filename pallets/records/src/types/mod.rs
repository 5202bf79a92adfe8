// SPDX-License-Identifier: Apache-2.0

//! What is stored and answered, and the rules that need no storage.

mod batches;
mod erasure;
mod keys;
mod object;
mod policy;
mod quota;
mod record;
mod tags;
mod verdict;
mod views;

pub use batches::*;
pub use erasure::*;
pub use keys::*;
pub use object::*;
pub use policy::*;
pub use quota::*;
pub use record::*;
pub use tags::*;
pub use verdict::*;
pub use views::*;
