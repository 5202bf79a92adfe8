// SPDX-License-Identifier: Apache-2.0

//! Requests for access.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{Actions, Digest, IdentityId, Moment, Purposes, RequestId, Window};
use scale_info::TypeInfo;

use super::{Grantee, Scope};

/// What somebody asks a patient for.
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
	Debug,
)]
pub struct Asked {
	/// Which records.
	pub scope: Scope,
	/// For which purposes, and those they imply.
	pub purposes: Purposes,
	/// Which actions.
	pub actions: Actions,
	/// Only records filed in this period.
	pub data_period: Option<Window>,
	/// For how long at most, in milliseconds.
	pub length: Moment,
}

/// Whose funds are held for a row, and the ticket for them.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Deposit<AccountId, Ticket> {
	/// Whose funds are held.
	pub depositor: AccountId,
	/// The ticket.
	pub ticket: Ticket,
}

/// A request for access that waits for its patient.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Request<AccountId, Ticket> {
	/// Whose records it asks for.
	pub subject: IdentityId,
	/// To whom the grant would speak: who asks, or the organisation it asks for.
	pub grantee: Grantee,
	/// Who asks.
	pub requester: IdentityId,
	/// What is asked.
	pub asked: Asked,
	/// Hash of the sealed reasons.
	pub reason: Digest,
	/// When it was asked.
	pub asked_at: Moment,
	/// From when on it can no longer be approved.
	pub answer_by: Moment,
	/// The rent for the row.
	pub deposit: Deposit<AccountId, Ticket>,
}

/// How many requests of one organisation, its people's own among them, can wait for one patient.
pub const MAX_REQUESTS_PER_ORGANISATION: u32 = 4;

/// The place of a request among those that wait for a patient: free again at `answer_by`.
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
	Debug,
)]
pub struct WaitingRequest {
	/// The request.
	pub request: RequestId,
	/// From when on it can no longer be approved.
	pub answer_by: Moment,
	/// The organisation licensed for care that stood behind it when it was asked. One that nobody
	/// stood behind gives its place up when there is no other.
	pub behind: Option<IdentityId>,
}

/// A request as queries show it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestView {
	/// Whose records it asks for.
	pub subject: IdentityId,
	/// To whom the grant would speak.
	pub grantee: Grantee,
	/// Who asks.
	pub requester: IdentityId,
	/// What is asked.
	pub asked: Asked,
	/// Hash of the sealed reasons.
	pub reason: Digest,
	/// When it was asked.
	pub asked_at: Moment,
	/// From when on it can no longer be approved.
	pub answer_by: Moment,
	/// Whether it can still be approved.
	pub open: bool,
}

impl<AccountId, Ticket> Request<AccountId, Ticket> {
	/// Whether it can still be approved.
	pub fn is_open_at(&self, now: Moment) -> bool {
		now < self.answer_by
	}

	/// What queries show of it.
	pub fn view(&self, now: Moment) -> RequestView {
		RequestView {
			subject: self.subject,
			grantee: self.grantee,
			requester: self.requester,
			asked: self.asked,
			reason: self.reason,
			asked_at: self.asked_at,
			answer_by: self.answer_by,
			open: self.is_open_at(now),
		}
	}
}
