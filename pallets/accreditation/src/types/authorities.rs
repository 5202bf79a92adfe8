// SPDX-License-Identifier: Apache-2.0

//! Authorities: what they may accredit, whether they may act, and until when they are believed.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AccreditationKind, AccreditationKinds, IdentityId, Jurisdiction, Moment, ScopeCode, Window,
};
use scale_info::TypeInfo;

/// How many countries the scope of an authority may name.
pub const MAX_JURISDICTIONS: u32 = 32;

/// How many codes a scope, or an accreditation, may name.
pub const MAX_CODES: u32 = 16;

/// Codes of what exactly is allowed, in rising order.
pub type ScopeCodes = BoundedVec<ScopeCode, ConstU32<MAX_CODES>>;

/// Whether codes are in rising order, each once.
pub fn are_codes_sound(codes: &[ScopeCode]) -> bool {
	codes.is_sorted_by(|one, next| one < next)
}

/// What an authority may accredit, and where.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct AuthorityScope {
	/// The kinds of accreditation.
	pub kinds: AccreditationKinds,
	/// The countries, in rising order.
	pub jurisdictions: BoundedVec<Jurisdiction, ConstU32<MAX_JURISDICTIONS>>,
	/// The codes it may name, in rising order; `None` for any.
	pub codes: Option<ScopeCodes>,
}

/// The part of a scope that something is wrong with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopePart {
	/// The kinds.
	Kinds,
	/// The countries.
	Jurisdictions,
	/// The codes.
	Codes,
}

impl AuthorityScope {
	/// Checks that it names something, and only what can be.
	pub fn check(&self) -> Result<(), ScopePart> {
		if !self.kinds.is_sound() {
			return Err(ScopePart::Kinds);
		}
		let rising = self.jurisdictions.is_sorted_by(|one, next| one < next);
		let known = self.jurisdictions.iter().all(|country| country.is_sound());
		if self.jurisdictions.is_empty() || !rising || !known {
			return Err(ScopePart::Jurisdictions);
		}
		if !self.codes.as_ref().is_none_or(|codes| are_codes_sound(codes)) {
			return Err(ScopePart::Codes);
		}
		Ok(())
	}

	/// Checks that it allows nothing that `wider` does not.
	pub fn check_within(&self, wider: &Self) -> Result<(), ScopePart> {
		if !self.kinds.is_within(wider.kinds) {
			return Err(ScopePart::Kinds);
		}
		if !self.jurisdictions.iter().all(|country| wider.reaches(*country)) {
			return Err(ScopePart::Jurisdictions);
		}
		let narrows = match &self.codes {
			Some(codes) => wider.names(codes),
			None => wider.codes.is_none(),
		};
		if narrows { Ok(()) } else { Err(ScopePart::Codes) }
	}

	/// Checks that it allows an accreditation of `kind` in `jurisdiction` for `codes`.
	pub fn check_covers(
		&self,
		kind: AccreditationKind,
		jurisdiction: Jurisdiction,
		codes: &[ScopeCode],
	) -> Result<(), ScopePart> {
		if !self.kinds.contains(kind) {
			return Err(ScopePart::Kinds);
		}
		if !self.reaches(jurisdiction) {
			return Err(ScopePart::Jurisdictions);
		}
		if self.names(codes) { Ok(()) } else { Err(ScopePart::Codes) }
	}

	/// Whether it reaches to `jurisdiction`.
	pub fn reaches(&self, jurisdiction: Jurisdiction) -> bool {
		self.jurisdictions.binary_search(&jurisdiction).is_ok()
	}

	/// Whether it may name every one of `codes`.
	fn names(&self, codes: &[ScopeCode]) -> bool {
		let all = |own: &ScopeCodes| codes.iter().all(|code| own.binary_search(code).is_ok());
		self.codes.as_ref().is_none_or(all)
	}
}

/// Where an authority stands, besides its window and its cut-off.
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
pub enum AuthorityStatus {
	/// It may act.
	#[codec(index = 0)]
	Active,
	/// It must not act for the time being. What it did stays.
	#[codec(index = 1)]
	Suspended {
		/// Its regulator; `None` for governance.
		by: Option<IdentityId>,
	},
}

/// An organisation that may accredit.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Authority {
	/// The regulator that appointed it; `None` when it is a regulator, appointed by governance.
	pub parent: Option<IdentityId>,
	/// What it may accredit, and where.
	pub scope: AuthorityScope,
	/// When it may.
	pub window: Window,
	/// Whether it may for the time being.
	pub status: AuthorityStatus,
	/// From when on it is no longer believed.
	pub cutoff: Option<Moment>,
}

impl Authority {
	/// Whether what it said at `moment` is believed.
	pub fn vouches_for(&self, moment: Moment) -> bool {
		self.cutoff.is_none_or(|cutoff| moment < cutoff)
	}

	/// Whether somebody told it not to act for the time being.
	pub fn is_suspended(&self) -> bool {
		self.status != AuthorityStatus::Active
	}

	/// Whether it may act at `now`, whatever its regulator may.
	pub fn is_in_office_at(&self, now: Moment) -> bool {
		self.cutoff.is_none() && !self.is_suspended() && self.window.is_open_at(now)
	}
}

/// An authority that is there from the first block.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisAuthority {
	/// The organisation.
	pub id: IdentityId,
	/// What it may accredit, by the words of the kinds.
	pub kinds: Vec<AccreditationKind>,
	/// Where: ISO 3166-1 numeric codes in rising order.
	pub jurisdictions: Vec<Jurisdiction>,
	/// The codes it may name, in rising order; any when left out.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub codes: Option<Vec<ScopeCode>>,
	/// When.
	pub window: Window,
}

impl GenesisAuthority {
	/// Its scope, when it does not name too many countries or codes.
	pub fn scope(&self) -> Option<AuthorityScope> {
		let jurisdictions = self.jurisdictions.clone().try_into().ok()?;
		let codes = match &self.codes {
			Some(codes) => Some(codes.clone().try_into().ok()?),
			None => None,
		};
		Some(AuthorityScope { kinds: AccreditationKinds::of(&self.kinds), jurisdictions, codes })
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn codes(codes: &[u16]) -> Option<ScopeCodes> {
		Some(codes.iter().copied().map(ScopeCode).collect::<Vec<_>>().try_into().unwrap())
	}

	fn scope(kinds: u16, jurisdictions: &[u16], codes: Option<ScopeCodes>) -> AuthorityScope {
		let jurisdictions = jurisdictions.iter().copied().map(Jurisdiction).collect::<Vec<_>>();
		let jurisdictions = jurisdictions.try_into().unwrap();
		AuthorityScope { kinds: AccreditationKinds(kinds), jurisdictions, codes }
	}

	fn authority() -> Authority {
		Authority {
			parent: None,
			scope: scope(1, &[208], None),
			window: Window { from: 10, until: 20 },
			status: AuthorityStatus::Active,
			cutoff: None,
		}
	}

	#[test]
	fn a_scope_names_known_kinds_rising_countries_and_rising_codes() {
		assert_eq!(scope(1, &[208], None).check(), Ok(()));
		assert_eq!(scope(1, &[208, 276, 999], codes(&[1, 2])).check(), Ok(()));
		assert_eq!(scope(1, &[208], codes(&[])).check(), Ok(()));
		assert_eq!(scope(0, &[208], None).check(), Err(ScopePart::Kinds));
		assert_eq!(scope(1 << 15, &[208], None).check(), Err(ScopePart::Kinds));
		for bad in [&[][..], &[0], &[1000], &[208, 208], &[276, 208]] {
			assert_eq!(scope(1, bad, None).check(), Err(ScopePart::Jurisdictions));
		}
		for bad in [&[1, 1][..], &[2, 1]] {
			assert_eq!(scope(1, &[208], codes(bad)).check(), Err(ScopePart::Codes));
		}
	}

	#[test]
	fn a_scope_only_narrows() {
		let wide = scope(0b11, &[208, 276], codes(&[1, 2]));
		assert_eq!(wide.check_within(&wide), Ok(()));
		assert_eq!(scope(0b10, &[208], codes(&[2])).check_within(&wide), Ok(()));
		assert_eq!(scope(0b10, &[208], codes(&[])).check_within(&wide), Ok(()));
		let wider_by = |scope: AuthorityScope| scope.check_within(&wide);
		assert_eq!(wider_by(scope(0b111, &[208], codes(&[1]))), Err(ScopePart::Kinds));
		assert_eq!(wider_by(scope(0b1, &[578], codes(&[1]))), Err(ScopePart::Jurisdictions));
		assert_eq!(wider_by(scope(0b1, &[208], codes(&[3]))), Err(ScopePart::Codes));
		// Any code is more than some, and as much as any.
		assert_eq!(wider_by(scope(0b1, &[208], None)), Err(ScopePart::Codes));
		let any = scope(0b11, &[208, 276], None);
		assert_eq!(any.check_within(&any), Ok(()));
		assert_eq!(wide.check_within(&any), Ok(()));
	}

	#[test]
	fn a_scope_covers_its_kinds_countries_and_codes_only() {
		let own = scope(0b1, &[208, 276, 578], codes(&[5, 7]));
		let covers = |kind, country, codes: &[u16]| {
			let codes = codes.iter().copied().map(ScopeCode).collect::<Vec<_>>();
			own.check_covers(kind, Jurisdiction(country), &codes)
		};
		use AccreditationKind::{FacilityLicence, PractitionerLicence};
		assert_eq!(covers(PractitionerLicence, 208, &[]), Ok(()));
		assert_eq!(covers(PractitionerLicence, 578, &[5, 7]), Ok(()));
		assert_eq!(covers(FacilityLicence, 208, &[]), Err(ScopePart::Kinds));
		assert_eq!(covers(PractitionerLicence, 752, &[]), Err(ScopePart::Jurisdictions));
		assert_eq!(covers(PractitionerLicence, 208, &[5, 6]), Err(ScopePart::Codes));
	}

	#[test]
	fn a_cut_off_spares_what_came_before() {
		let mut authority = authority();
		assert!(authority.vouches_for(Moment::MAX));
		authority.cutoff = Some(15);
		assert!(authority.vouches_for(14));
		assert!(!authority.vouches_for(15));
	}

	#[test]
	fn who_is_suspended_or_cut_off_is_not_in_office() {
		let mut authority = authority();
		let in_office =
			|authority: &Authority| [9, 10, 19, 20].map(|now| authority.is_in_office_at(now));
		assert_eq!(in_office(&authority), [false, true, true, false]);
		for by in [None, Some(IdentityId([1; 32]))] {
			authority.status = AuthorityStatus::Suspended { by };
			assert_eq!(in_office(&authority), [false; 4]);
		}
		authority.status = AuthorityStatus::Active;
		authority.cutoff = Some(30);
		assert_eq!(in_office(&authority), [false; 4]);
	}
}
