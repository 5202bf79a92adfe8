// SPDX-License-Identifier: Apache-2.0

//! What lists show.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use salus_primitives::{CompartmentNo, EmergencyId, GrantId, RequestId};
use scale_info::TypeInfo;

use super::{Grant, Standing};

/// A grant as lists show it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ListedGrant {
	/// Its number.
	pub id: GrantId,
	/// The grant.
	pub grant: Grant,
	/// Where it stands now.
	pub standing: Standing,
}

/// What waits for a patient's attention.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Inbox {
	/// Requests for access that can still be answered.
	pub requests: Vec<RequestId>,
	/// Emergencies in which somebody can read now.
	pub emergencies: Vec<EmergencyId>,
	/// Grants in force that end within a week.
	pub expiring: Vec<GrantId>,
	/// Compartments whose key an emergency reached since its last rotation.
	pub rotations: Vec<CompartmentNo>,
}

/// A part of a list.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Page<I> {
	/// What is on it.
	pub items: Vec<I>,
	/// Where the next page starts, when there is more.
	pub next: Option<u64>,
}

/// More was asked for than a page holds.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageTooLarge {
	/// The largest limit that is answered.
	pub max: u32,
}
