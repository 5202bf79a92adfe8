// SPDX-License-Identifier: Apache-2.0

//! What is stored.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod storage {
	/// Every identity, by id. A self-registered one holds [`HoldReason::Registration`] of the
	/// depositor named in the row. Never removed: it is the tombstone of an identity that ended.
	// A client can grind an id through its salt, so the hasher is one that it cannot grind.
	#[pallet::storage]
	pub type Identities<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, IdentityOf<T>>;

	/// Every signing key, by its account. The first is paid for with the identity; their number is
	/// bounded by [`Config::MaxKeyHistory`] per identity. Never removed: a once-used account can
	/// never serve another identity.
	#[pallet::storage]
	pub type KeyOwner<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, KeyRecord>;

	/// The account that a signing key is, by identity and number. One entry per key of [`KeyOwner`].
	/// Never removed.
	#[pallet::storage]
	pub type Keys<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, IdentityId, Twox64Concat, KeyId, T::AccountId>;

	/// When the versions of a DID document began, by identity and version. The last
	/// [`Config::MaxDocVersions`] of them: the oldest goes when a new one comes.
	#[pallet::storage]
	pub type DocVersions<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, IdentityId, Twox64Concat, DocVersion, DocStampOf<T>>;

	/// The services, by identity and name. Held: [`HoldReason::Service`], of the depositor named in
	/// the row. Bounded by [`Config::MaxServices`] per identity. Removed on request, and when the
	/// identity ends.
	#[pallet::storage]
	pub type Services<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		IdentityId,
		Blake2_128Concat,
		ServiceId,
		ServiceOf<T>,
	>;

	/// The retired agreement keys, by identity and version; the current one lies in
	/// [`Identities`]. Bounded by [`Config::MaxAgreementVersions`] per identity. Never removed:
	/// what was sealed to an old version has to stay attributable.
	#[pallet::storage]
	pub type RetiredAgreementKeys<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		IdentityId,
		Twox64Concat,
		KeyVersion,
		RetiredAgreementKey,
	>;

	/// Whose an agreement key is or was, and which version, by key. One entry per version. Never
	/// removed: a key is used once.
	#[pallet::storage]
	pub type AgreementIndex<T: Config> =
		StorageMap<_, Blake2_128Concat, X25519Key, (IdentityId, KeyVersion)>;

	/// The commitment to the sealed profile, by identity. Paid for with the identity. Replaced by
	/// every revision, removed when the identity ends.
	#[pallet::storage]
	pub type Profiles<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, Profile>;

	/// How many identities a sponsor registered on the last day it did, by sponsor. One entry per
	/// sponsor. Never removed.
	#[pallet::storage]
	pub type SponsorUse<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, DayCount, ValueQuery>;

	/// What an identity spent on fees on the last day it spent, by identity. One entry per
	/// identity, in place of a deposit of a party that has no money. Never removed.
	#[pallet::storage]
	pub type Allowances<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, DaySpending, ValueQuery>;
}
