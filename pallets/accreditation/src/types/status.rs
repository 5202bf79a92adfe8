// SPDX-License-Identifier: Apache-2.0

//! The log of what happened to an accreditation, and the one rule that reads it.

use crate::{HeldAccreditation, Revocation, TooManyAhead};
use alloc::collections::BTreeMap;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{IdentityId, Moment};
use scale_info::TypeInfo;

/// How many changes the log of an accreditation holds.
pub const MAX_STATUS_CHANGES: u32 = 24;

/// The places kept for the end: a surrender, and a revocation after it.
pub const PLACES_FOR_THE_END: u32 = 2;

/// The places kept for liftings: one for each body whose suspension may be running.
pub const PLACES_FOR_LIFTINGS: u32 = 3;

/// The places that renewals and suspensions leave.
pub const PLACES_KEPT: u32 = PLACES_FOR_THE_END + PLACES_FOR_LIFTINGS;
const _: () = assert!(PLACES_KEPT < MAX_STATUS_CHANGES, "a log must have places that are not kept");

/// What happened to an accreditation, in the order in which it was said.
pub type StatusLog = BoundedVec<StatusChange, ConstU32<MAX_STATUS_CHANGES>>;

/// Why an accreditation was revoked. A code: what led to it is not for a public register.
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
pub enum RevocationReason {
	/// The subject no longer does what it allows.
	#[codec(index = 0)]
	CessationOfPractice,
	/// Another accreditation takes its place.
	#[codec(index = 1)]
	Superseded,
	/// The subject no longer meets what it asks for.
	#[codec(index = 2)]
	RequirementsNotMet,
	/// A decision of a disciplinary body.
	#[codec(index = 3)]
	Disciplinary,
	/// It was obtained by deceit.
	#[codec(index = 4)]
	Fraud,
	/// It should not have been granted.
	#[codec(index = 5)]
	GrantedInError,
}

/// Why an accreditation was suspended. A code: what led to it is not for a public register.
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
pub enum SuspensionReason {
	/// Something is being looked into.
	#[codec(index = 0)]
	UnderInvestigation,
	/// A decision of a disciplinary body.
	#[codec(index = 1)]
	Disciplinary,
	/// The subject does not meet what it asks for, for the time being.
	#[codec(index = 2)]
	RequirementsNotMet,
	/// To protect others until more is known.
	#[codec(index = 3)]
	PublicSafety,
	/// The subject asked for it.
	#[codec(index = 4)]
	RequestOfSubject,
}

/// What happened to an accreditation.
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
pub enum Change {
	/// It counts for longer. When it had expired before, it counts again from the renewal on.
	#[codec(index = 0)]
	Renewed {
		/// The first moment at which it no longer counts.
		until: Moment,
	},
	/// It does not count for the time being.
	#[codec(index = 1)]
	Suspended {
		/// The first moment at which it counts again; `None` until it is lifted.
		until: Option<Moment>,
		/// Why.
		reason: SuspensionReason,
	},
	/// The suspensions of the body that lifted, and of those below it, are over.
	#[codec(index = 2)]
	Lifted,
	/// It is over for good.
	#[codec(index = 3)]
	Revoked {
		/// From when on it no longer counts.
		effective_from: Moment,
		/// Why.
		reason: RevocationReason,
	},
	/// Its subject gave it up, for good.
	#[codec(index = 4)]
	Surrendered,
}

/// A line of the log of an accreditation.
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
pub struct StatusChange {
	/// When it was said.
	pub at: Moment,
	/// What.
	pub change: Change,
	/// By whom: the issuer, its regulator or the subject; `None` for governance.
	pub by: Option<IdentityId>,
}

/// A body that decides about an accreditation, in rising rank.
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
pub enum Body {
	/// The authority that granted it.
	#[codec(index = 0)]
	Issuer,
	/// The regulator of that authority.
	#[codec(index = 1)]
	Parent,
	/// The chain's governance.
	#[codec(index = 2)]
	Governance,
}

impl StatusChange {
	/// The body that said it, about an accreditation of `issuer`.
	///
	/// An authority keeps its parent for ever, so who is neither issuer nor governance is the parent.
	pub fn body(&self, issuer: &IdentityId) -> Body {
		match &self.by {
			None => Body::Governance,
			Some(by) if by == issuer => Body::Issuer,
			Some(_) => Body::Parent,
		}
	}
}

/// From when on an issuer and its regulator are no longer believed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Cutoffs {
	/// The issuer's.
	pub issuer: Option<Moment>,
	/// Its regulator's.
	pub parent: Option<Moment>,
}

impl Cutoffs {
	/// Nobody was cut off.
	pub const NONE: Self = Self { issuer: None, parent: None };

	/// Whether what `body` allowed at `moment` is believed.
	pub fn believe(&self, body: Body, moment: Moment) -> bool {
		let before = |cutoff: Option<Moment>| cutoff.is_none_or(|cutoff| moment < cutoff);
		match body {
			Body::Issuer => before(self.issuer) && before(self.parent),
			Body::Parent => before(self.parent),
			Body::Governance => true,
		}
	}
}

/// How an accreditation stands at a moment: the first reason why it does not count then, with what
/// is final before what may pass.
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
pub enum Standing {
	/// There is none of this number, or it was reaped.
	#[codec(index = 0)]
	NotFound,
	/// Its issuer granted it at or after its own cut-off: it never counted.
	#[codec(index = 1)]
	IssuerCutOff,
	/// Its issuer granted it at or after the cut-off of its regulator: it never counted.
	#[codec(index = 2)]
	ParentCutOff,
	/// It is revoked.
	#[codec(index = 3)]
	Revoked,
	/// Its subject gave it up.
	#[codec(index = 4)]
	Surrendered,
	/// Its window has not begun.
	#[codec(index = 5)]
	NotBegun,
	/// Its window is over, and no renewal that is believed covers the moment.
	#[codec(index = 6)]
	Expired,
	/// It is suspended.
	#[codec(index = 7)]
	Suspended,
	/// It counts.
	#[codec(index = 8)]
	InForce,
}

/// Why a change cannot be noted. One that must not be refused always can.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotNoted {
	/// The log has no place for a change that may be refused.
	LogFull,
	/// As many renewals as can be are running.
	TooManyRenewals,
}

/// An accreditation with all that was said of it since the grant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Logged {
	/// The accreditation.
	pub held: HeldAccreditation,
	/// Its log.
	pub log: StatusLog,
}

impl Logged {
	/// How it stands at `at`, any moment of the past or to come. The one rule.
	///
	/// [`HeldAccreditation::stands_at`] says the same from its last change on, with less to read.
	/// What makes it count (the grant, renewals and liftings) is heeded when it is believed; what
	/// makes it not count (suspensions, a revocation, a surrender) always is.
	pub fn standing_at(&self, at: Moment, cutoffs: Cutoffs) -> Standing {
		let is_over = |end: Option<Moment>| end.is_some_and(|end| end <= at);
		let own = Cutoffs { parent: None, ..cutoffs };
		if !own.believe(Body::Issuer, self.held.granted_at) {
			return Standing::IssuerCutOff;
		}
		if !cutoffs.believe(Body::Parent, self.held.granted_at) {
			return Standing::ParentCutOff;
		}
		if is_over(self.revoked_from()) {
			return Standing::Revoked;
		}
		if is_over(self.surrendered_at()) {
			return Standing::Surrendered;
		}
		if at < self.held.window.from {
			return Standing::NotBegun;
		}
		if !self.is_covered_at(at, cutoffs) {
			return Standing::Expired;
		}
		if !self.suspensions_at(at, cutoffs).is_empty() {
			return Standing::Suspended;
		}
		Standing::InForce
	}

	/// The first moment from which on it no longer counts, unless it is renewed.
	pub fn end(&self, cutoffs: Cutoffs) -> Moment {
		let periods = self.renewals(cutoffs).map(|(_, until)| until);
		let expiry = periods.fold(self.held.window.until, Moment::max);
		let finals = [self.revoked_from(), self.surrendered_at()];
		finals.into_iter().flatten().fold(expiry, Moment::min)
	}

	/// From when on its retention runs: from its end, and not before the last word about it, so that
	/// nobody reaches back with a revocation to have the past forgotten.
	pub fn kept_from(&self) -> Moment {
		self.log.iter().map(|line| line.at).fold(self.end(Cutoffs::NONE), Moment::max)
	}

	/// How it was revoked, when it was.
	pub fn revocation(&self) -> Option<Revocation> {
		self.log.iter().find_map(|line| match line.change {
			Change::Revoked { effective_from, reason } => {
				Some(Revocation { effective_from, reason, revoked_at: line.at, by: line.by })
			},
			_ => None,
		})
	}

	/// From when on it is revoked, when it is.
	pub fn revoked_from(&self) -> Option<Moment> {
		self.revocation().map(|revocation| revocation.effective_from)
	}

	/// When its subject gave it up, when it did.
	pub fn surrendered_at(&self) -> Option<Moment> {
		let surrendered = |line: &&StatusChange| matches!(line.change, Change::Surrendered);
		self.log.iter().find(surrendered).map(|line| line.at)
	}

	/// The suspensions running at `at`, by the body that imposed them, with their ends.
	pub fn suspensions_at(&self, at: Moment, cutoffs: Cutoffs) -> BTreeMap<Body, Moment> {
		let mut suspensions = BTreeMap::new();
		for line in self.log.iter().take_while(|line| line.at <= at) {
			let by = line.body(&self.held.issuer);
			match line.change {
				Change::Suspended { until, .. } => {
					suspensions.insert(by, until.unwrap_or(Moment::MAX));
				},
				Change::Lifted if cutoffs.believe(by, line.at) => {
					suspensions.retain(|imposed, _| by < *imposed);
				},
				_ => {},
			}
		}
		suspensions.retain(|_, until| at < *until);
		suspensions
	}

	/// Adds a line to the log, while there is place for such a change.
	///
	/// A suspension or renewal leaves room for every lifting that can follow, and those leave room
	/// for the end: so nothing is suspended for want of a place, and nothing escapes revocation.
	pub fn note(&mut self, line: StatusChange) -> Result<(), NotNoted> {
		let kept = match line.change {
			Change::Renewed { .. } | Change::Suspended { .. } => PLACES_KEPT,
			Change::Lifted => PLACES_FOR_THE_END,
			Change::Revoked { .. } | Change::Surrendered => 0,
		};
		let places = MAX_STATUS_CHANGES.saturating_sub(kept) as usize;
		if self.log.len() >= places {
			return Err(NotNoted::LogFull);
		}
		self.held.heed(&line).map_err(|TooManyAhead| NotNoted::TooManyRenewals)?;
		self.log.try_push(line).map_err(|_| NotNoted::LogFull)
	}

	/// Whether the window or a renewal covers `at`.
	fn is_covered_at(&self, at: Moment, cutoffs: Cutoffs) -> bool {
		self.held.window.is_open_at(at)
			|| self.renewals(cutoffs).any(|(from, until)| from <= at && at < until)
	}

	/// The periods that renewals added, as far as they are believed.
	fn renewals(&self, cutoffs: Cutoffs) -> impl Iterator<Item = (Moment, Moment)> + '_ {
		self.log.iter().filter_map(move |line| match line.change {
			Change::Renewed { until } if cutoffs.believe(line.body(&self.held.issuer), line.at) => {
				Some((line.at.max(self.held.window.from), until))
			},
			_ => None,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::MAX_RENEWALS_AHEAD;
	use alloc::vec::Vec;
	use proptest::prelude::*;
	use salus_primitives::{AccreditationId, AccreditationKind, Window};

	const ISSUER: IdentityId = IdentityId([1; 32]);
	const PARENT: IdentityId = IdentityId([2; 32]);
	const WINDOW: Window = Window { from: 10, until: 20 };
	const REASON: SuspensionReason = SuspensionReason::UnderInvestigation;

	fn line(at: Moment, change: Change, by: Option<IdentityId>) -> StatusChange {
		StatusChange { at, change, by }
	}

	/// An accreditation granted at 0, of which these lines were said.
	fn with(lines: &[StatusChange]) -> Logged {
		let (id, kind) = (AccreditationId(0), AccreditationKind::FacilityLicence);
		let held = HeldAccreditation::new(id, kind, ISSUER, 0, WINDOW);
		let mut logged = Logged { held, log: StatusLog::new() };
		lines.iter().for_each(|line| logged.note(*line).unwrap());
		logged
	}

	fn renewed(at: Moment, until: Moment) -> StatusChange {
		line(at, Change::Renewed { until }, Some(ISSUER))
	}

	fn suspended(at: Moment, until: Option<Moment>, by: Option<IdentityId>) -> StatusChange {
		line(at, Change::Suspended { until, reason: REASON }, by)
	}

	fn lifted(at: Moment, by: Option<IdentityId>) -> StatusChange {
		line(at, Change::Lifted, by)
	}

	fn revoked(at: Moment, effective_from: Moment) -> StatusChange {
		line(at, Change::Revoked { effective_from, reason: RevocationReason::Fraud }, None)
	}

	fn days(held: &Logged, cutoffs: Cutoffs) -> Vec<Moment> {
		(0..50).filter(|at| held.standing_at(*at, cutoffs) == Standing::InForce).collect()
	}

	#[test]
	fn a_window_is_half_open() {
		let held = with(&[]);
		let standing = |at| held.standing_at(at, Cutoffs::NONE);
		assert_eq!(
			[9, 10, 19, 20].map(standing),
			[Standing::NotBegun, Standing::InForce, Standing::InForce, Standing::Expired]
		);
	}

	#[test]
	fn a_renewal_prolongs_and_a_late_one_leaves_the_gap() {
		assert_eq!(days(&with(&[renewed(15, 30)]), Cutoffs::NONE), (10..30).collect::<Vec<_>>());
		let late = with(&[renewed(25, 30)]);
		let expected = (10..20).chain(25..30).collect::<Vec<_>>();
		assert_eq!(days(&late, Cutoffs::NONE), expected);
		assert_eq!(late.standing_at(22, Cutoffs::NONE), Standing::Expired);
		assert_eq!(late.end(Cutoffs::NONE), 30);
	}

	#[test]
	fn a_renewal_from_a_cut_off_on_falls_back_to_the_state_before() {
		let held = with(&[renewed(15, 30)]);
		let cut = |at| Cutoffs { issuer: Some(at), parent: None };
		assert_eq!(held.end(cut(16)), 30);
		assert_eq!(held.end(cut(15)), 20);
		assert_eq!(held.end(Cutoffs { issuer: None, parent: Some(15) }), 20);
		// The successor renewed after the issuer fell.
		let held = with(&[line(15, Change::Renewed { until: 30 }, Some(PARENT))]);
		assert_eq!(held.end(cut(12)), 30);
	}

	#[test]
	fn the_past_of_a_lifted_suspension_stays_suspended() {
		let held = with(&[suspended(12, None, None), lifted(15, None)]);
		let expected = (10..12).chain(15..20).collect::<Vec<_>>();
		assert_eq!(days(&held, Cutoffs::NONE), expected);
		assert_eq!(held.standing_at(13, Cutoffs::NONE), Standing::Suspended);
	}

	#[test]
	fn a_suspension_with_an_end_ends_by_itself() {
		let held = with(&[suspended(12, Some(14), Some(ISSUER))]);
		let expected = (10..12).chain(14..20).collect::<Vec<_>>();
		assert_eq!(days(&held, Cutoffs::NONE), expected);
	}

	#[test]
	fn nobody_lifts_what_a_higher_body_imposed() {
		let held = with(&[
			suspended(12, None, Some(ISSUER)),
			suspended(13, None, None),
			lifted(14, Some(ISSUER)),
			lifted(16, None),
		]);
		let expected = (10..12).chain(16..20).collect::<Vec<_>>();
		assert_eq!(days(&held, Cutoffs::NONE), expected);
		let higher = with(&[suspended(12, None, Some(ISSUER)), lifted(14, Some(PARENT))]);
		assert_eq!(days(&higher, Cutoffs::NONE).len(), 8);
	}

	#[test]
	fn a_lifting_from_a_cut_off_on_is_ignored_and_a_suspension_never() {
		let lines = [suspended(12, None, Some(ISSUER)), lifted(15, Some(ISSUER))];
		let cut = Cutoffs { issuer: Some(12), parent: None };
		assert_eq!(days(&with(&lines), cut), [10, 11]);
		// Governance is always believed.
		let lines = [suspended(12, None, Some(ISSUER)), lifted(15, None)];
		assert_eq!(days(&with(&lines), cut).len(), 7);
	}

	#[test]
	fn a_grant_from_a_cut_off_on_never_counts() {
		let held = with(&[renewed(15, 30)]);
		let issuer = Cutoffs { issuer: Some(0), parent: Some(0) };
		assert_eq!(held.standing_at(12, issuer), Standing::IssuerCutOff);
		let parent = Cutoffs { issuer: None, parent: Some(0) };
		assert_eq!(held.standing_at(12, parent), Standing::ParentCutOff);
		let spared = Cutoffs { issuer: Some(1), parent: Some(1) };
		assert_eq!(held.standing_at(12, spared), Standing::InForce);
	}

	#[test]
	fn the_end_is_final_and_said_before_what_may_pass() {
		let surrendered = line(14, Change::Surrendered, Some(IdentityId([9; 32])));
		let held = with(&[suspended(13, None, None), surrendered, revoked(16, 12)]);
		let standing = |at| held.standing_at(at, Cutoffs::NONE);
		assert_eq!(
			[11, 12, 14].map(standing),
			[Standing::InForce, Standing::Revoked, Standing::Revoked]
		);
		let held = with(&[suspended(13, None, None), surrendered]);
		let standing = |at| held.standing_at(at, Cutoffs::NONE);
		assert_eq!([13, 14].map(standing), [Standing::Suspended, Standing::Surrendered]);
		assert_eq!(held.end(Cutoffs::NONE), 14);
	}

	#[test]
	fn it_is_over_when_it_ended_and_not_while_it_is_to_come_or_suspended() {
		assert!([0, 10, 19].iter().all(|now| !with(&[]).held.is_over_at(*now)));
		assert!(with(&[]).held.is_over_at(20));
		assert!(!with(&[suspended(12, None, None)]).held.is_over_at(15));
		assert!(!with(&[renewed(15, 30)]).held.is_over_at(29));
		assert!(with(&[renewed(15, 30)]).held.is_over_at(30));
		assert!(with(&[line(12, Change::Surrendered, None)]).held.is_over_at(12));
		assert!(with(&[revoked(12, 11)]).held.is_over_at(12));
		// Revoked before its beginning, from its beginning.
		assert!(with(&[revoked(5, 10)]).held.is_over_at(5));
	}

	#[test]
	fn it_is_kept_from_its_end_and_not_before_the_last_word_about_it() {
		assert_eq!(with(&[]).kept_from(), 20);
		assert_eq!(with(&[renewed(15, 30)]).kept_from(), 30);
		assert_eq!(with(&[suspended(12, None, None), lifted(15, None)]).kept_from(), 20);
		let reaching_back = with(&[revoked(18, 11)]);
		assert_eq!([reaching_back.end(Cutoffs::NONE), reaching_back.kept_from()], [11, 18]);
		// Also when it had expired before.
		assert_eq!(with(&[revoked(40, 11)]).kept_from(), 40);
		// Revoked before its beginning, from its beginning.
		assert_eq!(with(&[revoked(5, 10)]).kept_from(), 10);
	}

	#[test]
	fn the_log_keeps_places_for_liftings_and_the_end() {
		let mut logged = with(&[]);
		let open = MAX_STATUS_CHANGES - PLACES_KEPT;
		for n in 0..open {
			assert_eq!(logged.note(suspended(u64::from(n), None, None)), Ok(()));
		}
		assert_eq!(logged.note(suspended(99, None, None)), Err(NotNoted::LogFull));
		assert_eq!(logged.note(renewed(99, 999)), Err(NotNoted::LogFull));
		for by in [Some(ISSUER), Some(PARENT), None] {
			assert_eq!(logged.note(lifted(99, by)), Ok(()));
		}
		assert_eq!(logged.note(lifted(99, None)), Err(NotNoted::LogFull));
		assert_eq!(logged.note(line(99, Change::Surrendered, Some(PARENT))), Ok(()));
		assert_eq!(logged.note(revoked(99, 10)), Ok(()));
		assert_eq!(logged.log.len(), MAX_STATUS_CHANGES as usize);
	}

	#[test]
	fn so_many_renewals_run_and_one_that_ran_out_makes_room() {
		let mut logged = with(&[]);
		let ahead = u64::from(MAX_RENEWALS_AHEAD);
		for n in 0..ahead {
			assert_eq!(logged.note(renewed(11, 30 + n)), Ok(()));
		}
		let before = logged.clone();
		assert_eq!(logged.clone().note(renewed(29, 99)), Err(NotNoted::TooManyRenewals));
		// The end needs no place of theirs.
		assert_eq!(logged.clone().note(revoked(29, 29)), Ok(()));
		// At its end, the first ran out.
		assert_eq!(logged.note(renewed(30, 99)), Ok(()));
		assert_eq!(logged.held.renewals.len(), before.held.renewals.len());
		assert_eq!(logged.end(Cutoffs::NONE), 99);
		assert_eq!(logged.end(Cutoffs { issuer: Some(30), parent: None }), 29 + ahead);
	}

	/// A log in the order of its moments, of any bodies, with at most one surrender and revocation.
	fn logs() -> impl Strategy<Value = Vec<StatusChange>> {
		let by = prop_oneof![Just(Some(ISSUER)), Just(Some(PARENT)), Just(None)];
		let change = prop_oneof![
			3 => (1u64..50).prop_map(|until| Change::Renewed { until }),
			3 => prop::option::of(1u64..50)
				.prop_map(|until| Change::Suspended { until, reason: REASON }),
			3 => Just(Change::Lifted),
		];
		let open = prop::collection::vec((0u64..40, change, by), 0..12);
		let ends = (prop::option::weighted(0.3, 0u64..45), prop::option::weighted(0.3, 10u64..45));
		(open, ends).prop_map(|(open, (surrender, revocation))| {
			let mut lines: Vec<_> =
				open.into_iter().map(|(at, change, by)| line(at, change, by)).collect();
			lines.sort_by_key(|line| line.at);
			lines.extend(
				surrender
					.map(|at| line(at.max(40), Change::Surrendered, Some(IdentityId([9; 32])))),
			);
			lines.extend(revocation.map(|from| revoked(46, from)));
			let mut logged = with(&[]);
			lines.retain(|line| logged.note(*line).is_ok());
			lines
		})
	}

	/// Lives through the log millisecond by millisecond.
	fn lived(lines: &[StatusChange], cutoffs: Cutoffs, asked: Moment) -> bool {
		let cut = |by: Option<IdentityId>, at: Moment| {
			let issuer = by == Some(ISSUER) && cutoffs.issuer.is_some_and(|cut| at >= cut);
			let parent = by.is_some() && cutoffs.parent.is_some_and(|cut| at >= cut);
			issuer || parent
		};
		let mut paid_until = WINDOW.until;
		let mut switches = [0u64; 3];
		let rank = |by: Option<IdentityId>| match by {
			Some(ISSUER) => 0,
			Some(_) => 1,
			None => 2,
		};
		let mut gone = cut(Some(ISSUER), 0);
		for now in 0..=asked {
			for line in lines.iter().filter(|line| line.at == now) {
				match line.change {
					Change::Renewed { until } if !cut(line.by, now) => {
						paid_until = paid_until.max(until);
					},
					Change::Suspended { until, .. } => {
						switches[rank(line.by)] = until.unwrap_or(u64::MAX);
					},
					Change::Lifted if !cut(line.by, now) => {
						switches[..=rank(line.by)].fill(0);
					},
					Change::Surrendered => gone = true,
					_ => {},
				}
			}
			let revoked = lines.iter().any(|line| match line.change {
				Change::Revoked { effective_from, .. } => effective_from <= now,
				_ => false,
			});
			gone |= revoked;
		}
		!gone
			&& WINDOW.from <= asked
			&& asked < paid_until
			&& switches.iter().all(|until| *until <= asked)
	}

	proptest! {
		#![proptest_config(ProptestConfig::with_cases(512))]

		#[test]
		fn the_rule_agrees_with_living_through_the_log(
			lines in logs(),
			issuer in prop::option::of(0u64..45),
			parent in prop::option::of(0u64..45),
		) {
			let cutoffs = Cutoffs { issuer, parent };
			let held = with(&lines);
			for asked in 0..60 {
				let standing = held.standing_at(asked, cutoffs);
				prop_assert_eq!(
					standing == Standing::InForce,
					lived(&lines, cutoffs, asked),
					"{:?} at {}", standing, asked
				);
			}
		}

		/// Line by line, so that each is the last one once.
		#[test]
		fn an_entry_says_from_its_last_change_on_what_its_log_says(
			lines in logs(),
			issuer in prop::option::of(0u64..45),
			parent in prop::option::of(0u64..45),
		) {
			for cutoffs in [Cutoffs::NONE, Cutoffs { issuer, parent }] {
				for said in 0..=lines.len() {
					let logged = with(&lines[..said]);
					for asked in 0..60 {
						let stands = logged.standing_at(asked, cutoffs) == Standing::InForce;
						let held = &logged.held;
						if held.decides_at(asked) {
							prop_assert_eq!(held.stands_at(asked, cutoffs), stands, "at {}", asked);
							let over = logged.revoked_from().is_some()
								|| logged.surrendered_at().is_some()
								|| logged.end(Cutoffs::NONE) <= asked;
							prop_assert_eq!(held.is_over_at(asked), over, "at {}", asked);
						}
						prop_assert!(held.can_stand_at(asked) || !stands, "at {}", asked);
					}
				}
			}
		}

		#[test]
		fn a_cut_off_never_makes_anything_count(lines in logs(), cut in 0u64..45) {
			let held = with(&lines);
			for cutoffs in [
				Cutoffs { issuer: Some(cut), parent: None },
				Cutoffs { issuer: None, parent: Some(cut) },
			] {
				let (with, without) = (days(&held, cutoffs), days(&held, Cutoffs::NONE));
				prop_assert!(with.iter().all(|day| without.contains(day)));
			}
		}

		#[test]
		fn nothing_counts_from_its_end_on(lines in logs(), cut in prop::option::of(1u64..45)) {
			let held = with(&lines);
			let cutoffs = Cutoffs { issuer: cut, parent: None };
			let end = held.end(cutoffs);
			prop_assert!(days(&held, cutoffs).iter().all(|day| *day < end));
		}
	}
}
