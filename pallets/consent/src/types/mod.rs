// SPDX-License-Identifier: Apache-2.0

//! What is stored and answered, and the rules that need no storage.

mod audit;
mod claims;
mod compartment;
mod due;
mod emergency;
mod explanation;
mod grant;
mod grantee;
mod holder;
mod policy;
mod reach;
mod request;
mod rule;
mod views;

pub use audit::*;
pub use claims::*;
pub use compartment::*;
pub use due::*;
pub use emergency::*;
pub use explanation::*;
pub use grant::*;
pub use grantee::*;
pub use holder::*;
pub use policy::*;
pub use reach::*;
pub use request::*;
pub use rule::*;
pub use views::*;
