// SPDX-License-Identifier: Apache-2.0

//! What is cleared away, or called overdue, once its time has passed.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{EmergencyId, GrantId, Moment, RequestId};
use scale_info::TypeInfo;

/// How many of them one call names.
pub const MAX_REAPED: u32 = 32;

/// An hour in milliseconds.
const HOUR: Moment = 60 * 60 * 1000;

/// What has a time that passes.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
)]
pub enum Due {
	/// A grant: at the end of its window, its rule, its place and its keys go.
	#[codec(index = 0)]
	Grant(GrantId),
	/// A request: when it can no longer be approved, it goes and its deposit is given back.
	#[codec(index = 1)]
	Request(RequestId),
	/// The review of an emergency: when nobody reviewed it in time, governance has to.
	#[codec(index = 2)]
	Review(EmergencyId),
}

/// The first full hour from a moment on, counted from 1970: what is due at the moment is due then.
/// The last one stands for all that are too far off.
pub fn hour_of(moment: Moment) -> u32 {
	moment.div_ceil(HOUR).try_into().unwrap_or(u32::MAX)
}

/// The last full hour up to a moment. All that stands under it, or before, is due.
pub fn hour_at(now: Moment) -> u32 {
	now.checked_div(HOUR).and_then(|hour| hour.try_into().ok()).unwrap_or(u32::MAX)
}
