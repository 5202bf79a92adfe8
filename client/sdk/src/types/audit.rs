// SPDX-License-Identifier: Apache-2.0

//! What custodians put on chain of their logs, and where key shares lie.

use super::*;

data! {
	/// How far the log of a recorder has come.
	#[derive(Copy, Default)]
	pub struct AuditHead {
		/// The number of the next batch.
		pub next_seq: u64,
		/// The number of the next entry.
		pub next_event: u64,
	}

	/// Entries of a recorder's log under one root.
	#[derive(Copy)]
	pub struct AuditBatch {
		/// The root of the tree over them.
		pub root: Digest,
		/// The number of the first entry.
		pub first: u64,
		/// The number of the last entry.
		pub last: u64,
		/// When the first of them was recorded.
		pub from: Moment,
		/// When the last of them was.
		pub until: Moment,
		/// When the chain took the batch.
		pub at: Moment,
	}

	/// Where the key shares of somebody's records lie, and how many parts open one.
	pub struct ShareCustody {
		/// The custodians, in the order of the parts.
		pub custodians: Vec<IdentityId>,
		/// How many parts open a share.
		pub threshold: u8,
		/// Since when.
		pub since: Moment,
	}
}
