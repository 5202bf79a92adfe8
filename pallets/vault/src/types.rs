// SPDX-License-Identifier: Apache-2.0

//! What is stored, sent and shown, and the rules that need no storage.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
	traits::{ConstU32, Get},
};
use salus_primitives::{
	Commitment, IdentityId, Kdf, KdfLimits, LoginLocator, Moment, SlotId, SlotKind, UnfitKdf,
	VaultVersion, is_weak_login_key,
};
use scale_info::TypeInfo;
use sp_runtime::traits::Member;

/// How short the salt of a slot may be, in bytes.
pub const MIN_SALT: u32 = 16;
/// How long it may be.
pub const MAX_SALT: u32 = 32;
/// How short a sealed vault key may be: 32 bytes and a tag of 16.
pub const MIN_WRAP: u32 = 48;
/// How long it may be.
pub const MAX_WRAP: u32 = 128;

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

/// A slot, as the vault's row lists it.
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
pub struct SlotEntry {
	/// Its number.
	pub id: SlotId,
	/// How it opens.
	pub kind: SlotKind,
}

/// The slots of a vault, in the order of their numbers, each number once.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	CloneNoBound,
	PartialEqNoBound,
	EqNoBound,
	DebugNoBound,
	DefaultNoBound,
)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(MaxSlots))]
pub struct SlotList<MaxSlots: Get<u32>>(BoundedVec<SlotEntry, MaxSlots>);

/// Why a slot cannot be listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unlisted {
	/// Its number is.
	Taken,
	/// The list is full.
	Full,
}

impl<MaxSlots: Get<u32>> SlotList<MaxSlots> {
	/// The slots, lowest number first.
	pub fn iter(&self) -> impl Iterator<Item = &SlotEntry> {
		self.0.iter()
	}

	/// How many there are.
	pub fn count(&self) -> u32 {
		self.0.len() as u32
	}

	/// How the slot opens that has this number.
	pub fn kind_of(&self, id: SlotId) -> Option<SlotKind> {
		let index = self.0.binary_search_by_key(&id, |entry| entry.id).ok()?;
		self.0.get(index).map(|entry| entry.kind)
	}

	/// Whether anybody could log in by one of them.
	pub fn has_login(&self) -> bool {
		self.iter().any(|entry| entry.kind.has_login())
	}

	/// Whether anybody could still log in were this one not there.
	pub fn has_login_beside(&self, id: SlotId) -> bool {
		self.iter().any(|entry| entry.id != id && entry.kind.has_login())
	}

	/// Lists a slot.
	pub fn put(&mut self, entry: SlotEntry) -> Result<(), Unlisted> {
		let Err(index) = self.0.binary_search_by_key(&entry.id, |listed| listed.id) else {
			return Err(Unlisted::Taken);
		};
		self.0.try_insert(index, entry).map_err(|_| Unlisted::Full)
	}

	/// Strikes a slot off.
	pub fn remove(&mut self, id: SlotId) {
		self.0.retain(|entry| entry.id != id);
	}

	/// Lists that a slot opens in another way.
	pub fn replace(&mut self, entry: SlotEntry) {
		self.0.iter_mut().filter(|listed| listed.id == entry.id).for_each(|listed| *listed = entry);
	}

	/// Whether it is as it ought to be, however it came about.
	pub fn is_sound(&self) -> bool {
		let rises = self.0.windows(2).all(|pair| matches!(pair, [a, b] if a.id < b.id));
		rises && self.has_login()
	}
}

#[cfg(test)]
impl<MaxSlots: Get<u32>> SlotList<MaxSlots> {
	/// A list that nothing was checked of.
	pub(crate) fn unchecked(entries: Vec<SlotEntry>) -> Self {
		Self(BoundedVec::truncate_from(entries))
	}
}

/// A vault: the sealed keyring and all that is the same for every slot.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	CloneNoBound,
	PartialEqNoBound,
	EqNoBound,
	DebugNoBound,
)]
#[codec(mel_bound(AccountId: MaxEncodedLen, Ticket: MaxEncodedLen))]
#[scale_info(skip_type_params(MaxBody, MaxSlots))]
pub struct Vault<AccountId, Ticket, MaxBody, MaxSlots>
where
	AccountId: Member,
	Ticket: Member,
	MaxBody: Get<u32>,
	MaxSlots: Get<u32>,
{
	/// How often it was changed, counted over all vaults of the identity.
	pub version: VaultVersion,
	/// The version at which the body was sealed: it is sealed in.
	pub body_version: VaultVersion,
	/// How the body is written.
	pub format: u8,
	/// Commitment to the key that the body is sealed with.
	pub key_commitment: Commitment,
	/// The sealed keyring.
	pub body: BoundedVec<u8, MaxBody>,
	/// Its slots.
	pub slots: SlotList<MaxSlots>,
	/// When it was changed last.
	pub updated_at: Moment,
	/// The deposit for its rows. A patient's vault has none.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}

impl<AccountId, Ticket, MaxBody, MaxSlots> Vault<AccountId, Ticket, MaxBody, MaxSlots>
where
	AccountId: Member,
	Ticket: Member,
	MaxBody: Get<u32>,
	MaxSlots: Get<u32>,
{
	/// What a user sees of it, when it is the one of `identity`.
	pub fn into_view(self, identity: IdentityId) -> VaultView {
		VaultView {
			identity,
			version: self.version,
			body_version: self.body_version,
			format: self.format,
			key_commitment: self.key_commitment,
			body: self.body.into_inner(),
			slots: self.slots.0.into_inner(),
			updated_at: self.updated_at,
		}
	}
}

/// One way to open a vault: its key, sealed.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct VaultSlot {
	/// How it opens.
	pub kind: SlotKind,
	/// How what is typed is stretched.
	pub kdf: Kdf,
	/// Makes the sealing key differ from slot to slot.
	pub salt: BoundedVec<u8, ConstU32<MAX_SALT>>,
	/// The nonce of the seal.
	pub nonce: [u8; 24],
	/// The vault's key, sealed.
	pub wrapped: BoundedVec<u8, ConstU32<MAX_WRAP>>,
	/// Where its login finds it.
	pub locator: Option<LoginLocator>,
	/// When it was put there.
	pub created_at: Moment,
}

impl VaultSlot {
	/// Whether it has the shape that its kind and the bounds ask for.
	pub fn is_sound(&self) -> bool {
		let stretched = matches!(self.kdf, Kdf::Argon2id { .. });
		self.kind.has_login() == self.locator.is_some()
			&& self.kind.is_stretched() == stretched
			&& self.salt.len() >= MIN_SALT as usize
			&& self.wrapped.len() >= MIN_WRAP as usize
	}
}

/// A slot, as a call brings it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct NewSlot {
	/// The number that it shall have.
	pub id: SlotId,
	/// How it opens.
	pub kind: SlotKind,
	/// How what is typed is stretched.
	pub kdf: Kdf,
	/// 16 to 32 random bytes.
	pub salt: BoundedVec<u8, ConstU32<MAX_SALT>>,
	/// The nonce of the seal: 24 random bytes.
	pub nonce: [u8; 24],
	/// The vault's key, sealed: 48 bytes or more.
	pub wrapped: BoundedVec<u8, ConstU32<MAX_WRAP>>,
	/// The login that finds it, for the kinds that have one.
	pub login: Option<LoginProof>,
}

/// A login, and its word that this identity may be found by it.
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
pub struct LoginProof {
	/// The Ed25519 public key.
	pub key: [u8; 32],
	/// Its signature over the bytes of [`salus_primitives::LoginClaim`].
	pub claim: [u8; 64],
}

/// Why a slot cannot be anybody's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnfitSlot {
	/// It is not stretched as it has to be.
	Kdf(UnfitKdf),
	/// Its salt is too short.
	Salt,
	/// Its wrap is too short.
	Wrap,
	/// It has no login though its kind does.
	LoginMissing,
	/// It has a login though its kind does not.
	LoginRefused,
	/// Anybody can sign for its login.
	LoginKeyWeak,
}

impl NewSlot {
	/// Checks all that depends on nothing stored.
	pub fn check(&self, limits: &KdfLimits) -> Result<(), UnfitSlot> {
		self.kdf.check(self.kind, limits).map_err(UnfitSlot::Kdf)?;
		if self.salt.len() < MIN_SALT as usize {
			return Err(UnfitSlot::Salt);
		}
		if self.wrapped.len() < MIN_WRAP as usize {
			return Err(UnfitSlot::Wrap);
		}
		match self.login {
			None if self.kind.has_login() => Err(UnfitSlot::LoginMissing),
			Some(_) if !self.kind.has_login() => Err(UnfitSlot::LoginRefused),
			Some(login) if is_weak_login_key(&login.key) => Err(UnfitSlot::LoginKeyWeak),
			_ => Ok(()),
		}
	}

	/// How the vault's row lists it.
	pub fn entry(&self) -> SlotEntry {
		SlotEntry { id: self.id, kind: self.kind }
	}

	/// What is stored of it.
	pub fn into_slot(self, locator: Option<LoginLocator>, now: Moment) -> VaultSlot {
		let Self { kind, kdf, salt, nonce, wrapped, .. } = self;
		VaultSlot { kind, kdf, salt, nonce, wrapped, locator, created_at: now }
	}
}

/// What a user sees of a vault.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct VaultView {
	/// Whose it is.
	pub identity: IdentityId,
	/// How often it was changed.
	pub version: VaultVersion,
	/// The version at which the body was sealed.
	pub body_version: VaultVersion,
	/// How the body is written.
	pub format: u8,
	/// Commitment to the key that the body is sealed with.
	pub key_commitment: Commitment,
	/// The sealed keyring.
	pub body: Vec<u8>,
	/// Its slots, by number and kind.
	pub slots: Vec<SlotEntry>,
	/// When it was changed last.
	pub updated_at: Moment,
}

/// What a user sees of a slot.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct SlotView {
	/// Its number.
	pub id: SlotId,
	/// The rest.
	pub slot: VaultSlot,
}

/// What a login leads to.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct FoundVault {
	/// The vault.
	pub vault: VaultView,
	/// The slot that the login opens.
	pub slot: SlotView,
}

#[cfg(test)]
mod tests {
	use super::*;
	use SlotKind::*;

	type List = SlotList<ConstU32<3>>;

	const FLOOR: Kdf = Kdf::Argon2id { memory_kib: 65_536, passes: 3, lanes: 1 };

	fn entry(id: SlotId, kind: SlotKind) -> SlotEntry {
		SlotEntry { id, kind }
	}

	fn slot(kind: SlotKind) -> NewSlot {
		NewSlot {
			id: 0,
			kind,
			kdf: if kind.is_stretched() { FLOOR } else { Kdf::None },
			salt: BoundedVec::truncate_from(vec![1; 16]),
			nonce: [2; 24],
			wrapped: BoundedVec::truncate_from(vec![3; 48]),
			login: kind.has_login().then_some(LoginProof { key: [0x66; 32], claim: [0; 64] }),
		}
	}

	#[test]
	fn a_list_is_in_order_whatever_the_order_of_putting() {
		let mut list = List::default();
		for id in [200, 0, 7] {
			assert_eq!(list.put(entry(id, Recovery)), Ok(()));
		}
		assert_eq!(list.iter().map(|entry| entry.id).collect::<Vec<_>>(), [0, 7, 200]);
		assert_eq!(list.put(entry(7, Passkey)), Err(Unlisted::Taken));
		assert_eq!(list.put(entry(8, Passkey)), Err(Unlisted::Full));
		assert!(list.is_sound());

		list.remove(7);
		list.remove(9);
		assert_eq!((list.count(), list.kind_of(7), list.kind_of(0)), (2, None, Some(Recovery)));
		list.replace(entry(0, Password));
		assert_eq!(list.kind_of(0), Some(Password));
	}

	#[test]
	fn a_way_in_is_a_slot_with_a_login() {
		let mut list = List::default();
		assert!(!list.has_login() && !list.is_sound());
		list.put(entry(1, Passkey)).unwrap();
		list.put(entry(2, Guardian)).unwrap();
		assert!(!list.has_login() && !list.is_sound());
		list.put(entry(3, Passphrase)).unwrap();
		assert!(list.has_login() && list.has_login_beside(1) && !list.has_login_beside(3));
	}

	#[test]
	fn a_list_out_of_order_is_not_sound() {
		let list = |ids: [SlotId; 2]| List::unchecked(ids.map(|id| entry(id, Recovery)).to_vec());
		assert!(list([1, 2]).is_sound());
		assert!(!list([2, 1]).is_sound());
		assert!(!list([2, 2]).is_sound());
	}

	#[test]
	fn every_kind_has_its_shape() {
		for kind in SlotKind::ALL {
			assert_eq!(slot(*kind).check(&KdfLimits::STANDARD), Ok(()), "{kind}");
			let stored =
				slot(*kind).into_slot(kind.has_login().then_some(LoginLocator([9; 32])), 5);
			assert!(stored.is_sound(), "{kind}");
		}
	}

	#[test]
	fn a_slot_of_another_shape_is_refused() {
		let refused = |kind, change: fn(&mut NewSlot)| {
			let mut slot = slot(kind);
			change(&mut slot);
			slot.check(&KdfLimits::STANDARD).unwrap_err()
		};
		let unstretched = refused(Password, |slot| slot.kdf = Kdf::None);
		assert_eq!(unstretched, UnfitSlot::Kdf(UnfitKdf::OfAnotherKind));
		assert_eq!(refused(Passkey, |slot| slot.salt.truncate(15)), UnfitSlot::Salt);
		assert_eq!(refused(Passkey, |slot| slot.salt.clear()), UnfitSlot::Salt);
		assert_eq!(refused(Guardian, |slot| slot.wrapped.truncate(47)), UnfitSlot::Wrap);
		assert_eq!(refused(Recovery, |slot| slot.login = None), UnfitSlot::LoginMissing);
		let login = |slot: &mut NewSlot| {
			slot.login = Some(LoginProof { key: [0x66; 32], claim: [0; 64] });
		};
		assert_eq!(refused(Passkey, login), UnfitSlot::LoginRefused);
		let weak = |slot: &mut NewSlot| {
			slot.login = Some(LoginProof { key: [0; 32], claim: [0; 64] });
		};
		assert_eq!(refused(Recovery, weak), UnfitSlot::LoginKeyWeak);
	}
}
