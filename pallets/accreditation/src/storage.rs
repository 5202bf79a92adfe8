// SPDX-License-Identifier: Apache-2.0

//! What is stored.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod storage {
	// A client can grind an identity's id through its salt, so no map takes the id as it is.

	/// The authorities, by identity. Nobody pays: governance appoints regulators, and those their
	/// registrars. Never removed: what they granted asks for them.
	#[pallet::storage]
	pub type Authorities<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, Authority>;

	/// The status lists, by authority and number. Held: [`HoldReason::StatusList`] of the authority's
	/// account. Never removed: credentials point at them.
	#[pallet::storage]
	pub type StatusLists<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, IdentityId, Twox64Concat, u32, StatusListOf<T>>;

	/// What subjects ask for, by authority, subject and kind. Held: [`HoldReason::Request`] of the
	/// subject's account. Removed when it is granted or closed.
	#[pallet::storage]
	pub type Requests<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Blake2_128Concat, IdentityId>,
			NMapKey<Blake2_128Concat, IdentityId>,
			NMapKey<Twox64Concat, AccreditationKind>,
		),
		RequestOf<T>,
	>;

	/// The number of the next accreditation.
	#[pallet::storage]
	pub type NextAccreditation<T: Config> = StorageValue<_, AccreditationId, ValueQuery>;

	/// What a subject holds, by identity, in the order of granting: what decides about now. Held:
	/// [`HoldReason::Accreditation`] of the authority's account, per entry. An entry goes on reaping.
	#[pallet::storage]
	pub type HeldAccreditations<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		IdentityId,
		BoundedVec<HeldAccreditation, T::MaxAccreditationsPerSubject>,
		ValueQuery,
	>;

	/// What was said since the grants of what a subject holds, by identity: what decides about moments
	/// before the last change. One row, so that such a question reads one more whatever it looks at.
	/// Paid for and removed with the entries.
	#[pallet::storage]
	pub type StatusLogs<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, StatusLogsOf<T>, ValueQuery>;

	/// What is seldom asked of an accreditation, by its number. Paid for and removed with its entry.
	#[pallet::storage]
	pub type Accreditations<T: Config> =
		StorageMap<_, Twox64Concat, AccreditationId, AccreditationRecordOf<T>>;

	/// The number of the next affiliation.
	#[pallet::storage]
	pub type NextAffiliation<T: Config> = StorageValue<_, AffiliationId, ValueQuery>;

	/// The affiliations that a practitioner accepted and that may count, by identity. Paid for with the
	/// record. An entry is put away when it is over and another is accepted, or reaped.
	#[pallet::storage]
	pub type HeldAffiliations<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, Jobs, ValueQuery>;

	/// The affiliations that were put away, by identity: what decides about moments before the end of
	/// the last of them. Paid for with the record. An entry goes on reaping, or when there are too many
	/// and it never counted or ended long ago.
	#[pallet::storage]
	pub type PastAffiliations<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		IdentityId,
		BoundedVec<HeldAffiliation, T::MaxAffiliationsKept>,
		ValueQuery,
	>;

	/// Invitations and affiliations, by number. Held: [`HoldReason::Affiliation`] of the
	/// organisation's account. Removed when an invitation is withdrawn, declined or reaped, and with
	/// its entry.
	#[pallet::storage]
	pub type Affiliations<T: Config> =
		StorageMap<_, Twox64Concat, AffiliationId, AffiliationRecordOf<T>>;

	/// How many invitations of an organisation nobody answered, by identity. Removed at zero.
	#[pallet::storage]
	pub type OpenInvitations<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, u32, ValueQuery>;
}
