// SPDX-License-Identifier: Apache-2.0

//! Accreditations as their subjects hold them: what decides how they stand from their last change on.
//!
//! How they stood before is in `status`. Where both can tell, they say the same, whoever is cut off.

use crate::{Body, Change, Cutoffs, StatusChange};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::Window;
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, IdentityId, Moment,
};
use scale_info::TypeInfo;

/// How many renewals of an accreditation can be running: each ends later than the one before, and
/// when some are no longer believed, the last that is counts. A renewal a year fits the longest term.
pub const MAX_RENEWALS_AHEAD: u32 = 8;

/// How many bodies suspend an accreditation, each for itself.
const BODIES: u32 = 3;

/// A renewal that has not run out.
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
pub struct Renewal {
	/// When it was said.
	pub at: Moment,
	/// The first moment at which the accreditation no longer counts.
	pub until: Moment,
	/// Who said it.
	pub by: Body,
}

/// The last suspension that a body imposed, and who lifted it since, each as early as it was said.
/// What governance lifted is not kept: that is always believed.
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
pub struct Suspension {
	/// Who imposed it.
	pub by: Body,
	/// The first moment at which it no longer runs, when nobody lifts it.
	pub until: Moment,
	/// When the issuer lifted it.
	pub lifted_by_issuer: Option<Moment>,
	/// When the regulator of the issuer did.
	pub lifted_by_parent: Option<Moment>,
}

impl Suspension {
	fn new(by: Body, until: Moment) -> Self {
		Self { by, until, lifted_by_issuer: None, lifted_by_parent: None }
	}

	/// Notes that the issuer or its regulator lifted it.
	fn lift(&mut self, by: Body, at: Moment) {
		let lifted = match by {
			Body::Issuer => &mut self.lifted_by_issuer,
			Body::Parent | Body::Governance => &mut self.lifted_by_parent,
		};
		lifted.get_or_insert(at);
	}

	/// Whether it runs at `at`, which is not before what was said last.
	fn runs_at(&self, at: Moment, cutoffs: Cutoffs) -> bool {
		let lifted =
			|by: Body, when: Option<Moment>| when.is_some_and(|when| cutoffs.believe(by, when));
		at < self.until
			&& !lifted(Body::Issuer, self.lifted_by_issuer)
			&& !lifted(Body::Parent, self.lifted_by_parent)
	}
}

/// Too many renewals are running to keep one more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyAhead;

/// An accreditation as its subject holds it: all that a question about it needs, unless it is about a
/// moment before its last change. That one the log answers.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct HeldAccreditation {
	/// Its number.
	pub id: AccreditationId,
	/// What it allows.
	pub kind: AccreditationKind,
	/// The authority that granted it.
	pub issuer: IdentityId,
	/// When it was granted.
	pub granted_at: Moment,
	/// When it counts, before any renewal.
	pub window: Window,
	/// When something was last said of it: the grant, or the last line of its log.
	pub changed_at: Moment,
	/// From when on it is revoked or given up, when it is.
	pub ended_from: Option<Moment>,
	/// The renewals that had not run out at the last one, in the order of saying.
	pub renewals: BoundedVec<Renewal, ConstU32<MAX_RENEWALS_AHEAD>>,
	/// The last suspension of each body, unless governance lifted it.
	pub suspensions: BoundedVec<Suspension, ConstU32<BODIES>>,
}

impl HeldAccreditation {
	/// One that was granted just now.
	pub fn new(
		id: AccreditationId,
		kind: AccreditationKind,
		issuer: IdentityId,
		granted_at: Moment,
		window: Window,
	) -> Self {
		let (renewals, suspensions) = Default::default();
		let (changed_at, ended_from) = (granted_at, None);
		Self { id, kind, issuer, granted_at, window, changed_at, ended_from, renewals, suspensions }
	}

	/// Whether it is of one of `kinds`.
	pub fn is_of(&self, kinds: AccreditationKinds) -> bool {
		kinds.contains(self.kind)
	}

	/// Whether it can tell how it stands at `at`, without its log.
	pub fn decides_at(&self, at: Moment) -> bool {
		self.changed_at <= at
	}

	/// Whether `at` lies between its beginning and its end by revocation or surrender. Where it does
	/// not, it does not count, whatever the log says.
	pub fn can_stand_at(&self, at: Moment) -> bool {
		self.window.from <= at && self.ended_from.is_none_or(|end| at < end)
	}

	/// Whether it is in force at `at`, which is not before its last change.
	pub fn stands_at(&self, at: Moment, cutoffs: Cutoffs) -> bool {
		let is_covered = self.window.is_open_at(at)
			|| self
				.renewals
				.iter()
				.any(|renewal| at < renewal.until && cutoffs.believe(renewal.by, renewal.at));
		self.can_stand_at(at)
			&& is_covered
			&& cutoffs.believe(Body::Issuer, self.granted_at)
			&& !self.suspensions.iter().any(|imposed| imposed.runs_at(at, cutoffs))
	}

	/// Whether it counts no more from `now` on, unless it is renewed. `now` is not before its last
	/// change.
	///
	/// It asks nobody: what a cut-off felled is not over by itself. What was revoked before its
	/// beginning never counts, so it is over at once.
	pub fn is_over_at(&self, now: Moment) -> bool {
		let last = self.renewals.iter().map(|renewal| renewal.until).max();
		self.ended_from.is_some() || self.window.until.max(last.unwrap_or_default()) <= now
	}

	/// Heeds a line that was added to its log.
	pub fn heed(&mut self, line: &StatusChange) -> Result<(), TooManyAhead> {
		let by = line.body(&self.issuer);
		match line.change {
			Change::Renewed { until } => {
				// What ran out by now decides nothing from now on.
				self.renewals.retain(|renewal| line.at < renewal.until);
				let renewal = Renewal { at: line.at, until, by };
				self.renewals.try_push(renewal).map_err(|_| TooManyAhead)?;
			},
			Change::Suspended { until, .. } => {
				self.suspensions.retain(|imposed| imposed.by != by);
				let imposed = Suspension::new(by, until.unwrap_or(Moment::MAX));
				// There is a place for each body.
				let _ = self.suspensions.try_push(imposed);
			},
			Change::Lifted if by == Body::Governance => self.suspensions.clear(),
			Change::Lifted => self
				.suspensions
				.iter_mut()
				.filter(|imposed| imposed.by <= by)
				.for_each(|imposed| imposed.lift(by, line.at)),
			Change::Revoked { effective_from, .. } => self.end_from(effective_from),
			Change::Surrendered => self.end_from(line.at),
		}
		self.changed_at = line.at;
		Ok(())
	}

	fn end_from(&mut self, end: Moment) {
		self.ended_from = Some(self.ended_from.map_or(end, |before| before.min(end)));
	}
}
