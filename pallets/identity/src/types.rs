// SPDX-License-Identifier: Apache-2.0

//! What is stored and shown, and the rules that need no storage.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::traits::Get;
use salus_primitives::{
	BadAgreementKey, Commitment, IdentityKind, KeyVersion, Moment, Salt, X25519Key,
	check_agreement_key,
};
use scale_info::TypeInfo;
use sp_runtime::traits::Convert;

/// Where an identity stands.
///
/// Calls of this version leave every identity active; everything that reads heeds the others.
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
pub enum IdentityStatus {
	/// It acts.
	#[codec(index = 0)]
	Active,
	/// It must not act for the time being.
	#[codec(index = 1)]
	Suspended,
	/// The person died.
	#[codec(index = 2)]
	Deceased,
	/// It ended itself, finally.
	#[codec(index = 3)]
	Deactivated,
}

/// The agreement key that others seal to now.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct CurrentAgreementKey {
	/// Its version.
	pub version: KeyVersion,
	/// The key.
	pub key: X25519Key,
	/// Since when it is the current one.
	pub valid_from: Moment,
}

impl CurrentAgreementKey {
	/// What is left of it when another takes its place at `at`.
	pub fn retire(self, at: Moment) -> RetiredAgreementKey {
		RetiredAgreementKey { key: self.key, valid_from: self.valid_from, valid_to: at }
	}
}

/// An agreement key that others sealed to in the interval `[valid_from, valid_to)`.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct RetiredAgreementKey {
	/// The key.
	pub key: X25519Key,
	/// From when on it was the current one.
	pub valid_from: Moment,
	/// From when on it no longer was. Equal to `valid_from` when it was replaced in the same block.
	pub valid_to: Moment,
}

/// A ticket, and who gets its deposit back.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Deposit<AccountId, Ticket> {
	/// Whose money is held.
	pub depositor: AccountId,
	/// What it is held for.
	pub ticket: Ticket,
}

/// An identity: all that a call about it reads, in one row.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct IdentityRecord<AccountId, Ticket> {
	/// As what it registered.
	pub kind: IdentityKind,
	/// Where it stands.
	pub status: IdentityStatus,
	/// The account that signs for it.
	pub account: AccountId,
	/// When it registered.
	pub registered_at: Moment,
	/// Its agreement key.
	pub agreement: CurrentAgreementKey,
	/// The deposit for its rows. A sponsored identity and one of the genesis have none.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}

impl<AccountId, Ticket> IdentityRecord<AccountId, Ticket> {
	/// Whether it may act.
	pub fn is_active(&self) -> bool {
		self.status == IdentityStatus::Active
	}

	/// What a user sees of it.
	pub fn into_view(self, profile: Option<Profile>) -> IdentityView<AccountId> {
		IdentityView {
			kind: self.kind,
			status: self.status,
			account: self.account,
			registered_at: self.registered_at,
			agreement: self.agreement,
			profile,
		}
	}
}

/// A commitment to a sealed profile.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Profile {
	/// Salted: without the salt it reveals nothing.
	pub commitment: Commitment,
	/// How often it was set, from 1 on.
	pub revision: u32,
}

/// How often something happened on a day.
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
	Default,
	Debug,
)]
pub struct DayCount {
	/// The UTC day, counted from the Unix epoch.
	pub day: u64,
	/// How often.
	pub count: u32,
}

impl DayCount {
	/// How often it happened on `day`.
	pub fn on(&self, day: u64) -> u32 {
		if self.day == day { self.count } else { 0 }
	}
}

/// How much was spent on a day.
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
	Default,
	Debug,
)]
pub struct DaySpending {
	/// The UTC day, counted from the Unix epoch.
	pub day: u64,
	/// How much, in units of the fee currency.
	pub spent: u128,
}

impl DaySpending {
	/// How far `allowance` reaches on `day`.
	pub fn on(&self, day: u64, allowance: u128) -> AllowanceLeft {
		let spent = if self.day == day { self.spent } else { 0 };
		AllowanceLeft { day, spent, left: allowance.saturating_sub(spent) }
	}
}

/// What of an allowance is spent and what is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AllowanceLeft {
	day: u64,
	spent: u128,
	/// How much can still be spent.
	pub left: u128,
}

impl AllowanceLeft {
	/// The row after `fee` is spent as well, or `None` when it is not there.
	pub fn spend(&self, fee: u128) -> Option<DaySpending> {
		(fee <= self.left)
			.then(|| DaySpending { day: self.day, spent: self.spent.saturating_add(fee) })
	}
}

/// A daily allowance for patients, and none for anybody else.
pub struct PatientsOnly<Allowance>(PhantomData<Allowance>);

impl<Allowance: Get<u128>> Convert<IdentityKind, u128> for PatientsOnly<Allowance> {
	fn convert(kind: IdentityKind) -> u128 {
		match kind {
			IdentityKind::Patient => Allowance::get(),
			IdentityKind::Practitioner | IdentityKind::Organisation | IdentityKind::Device => 0,
		}
	}
}

/// Why a key cannot be the agreement key of an account's identity, whatever is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnfitKey {
	/// It is no sound X25519 public key.
	Bad(BadAgreementKey),
	/// It is the account's own signing key.
	IsAccount,
}

/// Checks that `key` can be the agreement key of the identity of `account`.
///
/// A key that signs is never a key to seal to.
pub fn check_key_of(account: &[u8; 32], key: &X25519Key) -> Result<(), UnfitKey> {
	check_agreement_key(key).map_err(UnfitKey::Bad)?;
	if account == key { Err(UnfitKey::IsAccount) } else { Ok(()) }
}

/// An identity that is there from the first block.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GenesisIdentity<AccountId> {
	/// The account that signs for it.
	pub account: AccountId,
	/// What it is, by its word.
	pub kind: IdentityKind,
	/// The salt of its id: 16 bytes in hexadecimal.
	#[serde(with = "hexadecimal")]
	pub salt: Salt,
	/// Its agreement key: 32 bytes in hexadecimal.
	#[serde(with = "hexadecimal")]
	pub agreement_key: X25519Key,
}

/// Byte arrays as hexadecimal text with a leading `0x`.
mod hexadecimal {
	use serde::{Deserializer, Serializer};
	use sp_core::bytes::{self, ExpectedLen};

	pub(super) fn serialize<S: Serializer, const N: usize>(
		array: &[u8; N],
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		bytes::serialize(array, serializer)
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
		deserializer: D,
	) -> Result<[u8; N], D::Error> {
		let mut array = [0; N];
		bytes::deserialize_check_len(deserializer, ExpectedLen::Exact(&mut array))?;
		Ok(array)
	}
}

/// What a user sees of an identity.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct IdentityView<AccountId> {
	/// As what it registered.
	pub kind: IdentityKind,
	/// Where it stands.
	pub status: IdentityStatus,
	/// The account that signs for it.
	pub account: AccountId,
	/// When it registered.
	pub registered_at: Moment,
	/// Its agreement key.
	pub agreement: CurrentAgreementKey,
	/// The commitment to its sealed profile, when there is one.
	pub profile: Option<Profile>,
}

/// A version of an agreement key.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AgreementKeyView {
	/// Which version.
	pub version: KeyVersion,
	/// The key.
	pub key: X25519Key,
	/// From when on it was the current one.
	pub valid_from: Moment,
	/// From when on it no longer was; `None` while it is.
	pub valid_to: Option<Moment>,
}

/// Some of the agreement keys of an identity.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AgreementKeyPage {
	/// The keys, oldest first.
	pub keys: Vec<AgreementKeyView>,
	/// Where the next page begins, when there is one.
	pub next: Option<KeyVersion>,
}

/// Why there is no page.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum ListError {
	/// Ask for fewer.
	#[codec(index = 0)]
	LimitTooLarge {
		/// The longest page there is.
		max: u32,
	},
	/// There is no such identity.
	#[codec(index = 1)]
	UnknownIdentity,
}

#[cfg(test)]
mod tests {
	use super::*;
	use frame_support::traits::ConstU128;
	use proptest::prelude::*;

	#[test]
	fn a_count_is_of_its_day_only() {
		let count = DayCount { day: 7, count: 3 };
		assert_eq!(count.on(6), 0);
		assert_eq!(count.on(7), 3);
		assert_eq!(count.on(8), 0);
	}

	#[test]
	fn the_last_unit_can_be_spent_and_no_more() {
		let spending = DaySpending { day: 7, spent: 90 };
		assert_eq!(spending.on(7, 100).spend(10), Some(DaySpending { day: 7, spent: 100 }));
		assert_eq!(spending.on(7, 100).spend(11), None);
		assert_eq!(spending.on(8, 100).spend(11), Some(DaySpending { day: 8, spent: 11 }));
	}

	#[test]
	fn an_allowance_lowered_below_what_is_spent_leaves_nothing() {
		let left = DaySpending { day: 7, spent: 90 }.on(7, 50);
		assert_eq!(left.left, 0);
		assert_eq!(left.spend(1), None);
		assert_eq!(left.spend(0), Some(DaySpending { day: 7, spent: 90 }));
	}

	#[test]
	fn only_patients_are_allowed_fees() {
		let allowance = PatientsOnly::<ConstU128<5>>::convert;
		assert_eq!(allowance(IdentityKind::Patient), 5);
		for kind in [IdentityKind::Practitioner, IdentityKind::Organisation, IdentityKind::Device] {
			assert_eq!(allowance(kind), 0);
		}
	}

	#[test]
	fn a_signing_key_is_no_agreement_key() {
		let key = salus_test_support::agreement_key(1);
		assert_eq!(check_key_of(&[0; 32], &key), Ok(()));
		assert_eq!(check_key_of(&key, &key), Err(UnfitKey::IsAccount));
		let zero = Err(UnfitKey::Bad(BadAgreementKey::SmallOrder));
		assert_eq!(check_key_of(&[0; 32], &[0; 32]), zero);
	}

	proptest! {
		/// Whatever is asked, in whatever order of days: a day's sum never passes the allowance, and
		/// a fee is refused only when it would.
		#[test]
		fn a_day_never_costs_more_than_the_allowance(
			allowance in 0u128..1_000,
			asks in prop::collection::vec((0u64..2, 0u128..400), 0..64),
		) {
			let (mut day, mut model, mut row) = (1, 0u128, DaySpending::default());
			for (step, fee) in asks {
				if step > 0 {
					day += step;
					model = 0;
				}
				let fits = model + fee <= allowance;
				let spent = row.on(day, allowance).spend(fee);
				prop_assert_eq!(spent.is_some(), fits);
				if let Some(next) = spent {
					model += fee;
					row = next;
				}
				prop_assert_eq!(row.on(day, allowance).left, allowance - model);
			}
		}
	}
}
