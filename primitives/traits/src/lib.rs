// SPDX-License-Identifier: Apache-2.0

//! What one Salus pallet may ask another.
//!
//! A trait belongs to the domain that answers it, and its `()` implementation denies: a forgotten
//! wire is a closed door. Only the runtime connects two pallets.

#![cfg_attr(not(feature = "std"), no_std)]

pub mod accreditation;
pub mod consent;
pub mod identity;
pub mod records;
