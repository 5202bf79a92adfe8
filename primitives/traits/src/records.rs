// SPDX-License-Identifier: Apache-2.0

//! What the records domain answers.

use salus_primitives::{CompartmentNo, IdentityId, Moment, RecordClass, RecordId};

/// What a decision about access needs to know of a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordFacts {
	/// Whose record it is.
	pub subject: IdentityId,
	/// Who filed it.
	pub author: IdentityId,
	/// The organisation it was filed for, when the author acted for one.
	pub organisation: Option<IdentityId>,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// When it was filed.
	pub created: Moment,
}

/// Which records there are, and whose.
pub trait RecordInspect {
	/// The facts about `record`, when there is one.
	fn facts(record: &RecordId) -> Option<RecordFacts>;

	/// Makes sure that `subject` has a record by `author` in `compartment`, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_record(
		subject: &IdentityId,
		author: &IdentityId,
		compartment: CompartmentNo,
	) -> RecordId;
}

impl RecordInspect for () {
	fn facts(_: &RecordId) -> Option<RecordFacts> {
		None
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_record(_: &IdentityId, _: &IdentityId, _: CompartmentNo) -> RecordId {
		RecordId::default()
	}
}
