// SPDX-License-Identifier: Apache-2.0

//! What one Salus pallet may ask another.
//!
//! A trait belongs to the domain that answers it, and its `()` implementation denies: a forgotten
//! wire is a closed door. Only the runtime connects two pallets.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod accreditation;
pub mod consent;
pub mod hashing;
pub mod identity;
pub mod prescriptions;
pub mod records;
#[cfg(feature = "runtime-benchmarks")]
pub mod signers;
