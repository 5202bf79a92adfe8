// SPDX-License-Identifier: Apache-2.0

//! What is stored.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod storage {
	/// Records with the version that counts, by id. Rent is held from the payer who filed that
	/// version; patients pay with their quota instead. Gone when a proposal is withdrawn or lapses,
	/// and when the record is erased; errors are marked, not deleted.
	///
	/// The id is a hash made here, so it needs no other hasher.
	#[pallet::storage]
	pub type Records<T: Config> = StorageMap<_, Identity, RecordId, RecordOf<T>>;

	/// Amendments that wait for verdicts, by record: one at most. Rent as for records. Gone once
	/// the version is anchored, fails, is withdrawn, lapses or is abandoned.
	#[pallet::storage]
	pub type Pending<T: Config> = StorageMap<_, Identity, RecordId, VersionOf<T>>;

	/// Versions that do not count: superseded, failed, abandoned. By record and number. Their rent
	/// moves here with them. Gone when the record is erased.
	#[pallet::storage]
	pub type Versions<T: Config> = StorageDoubleMap<
		_,
		Identity,
		RecordId,
		Twox64Concat,
		RecordVersion,
		VersionOf<T>,
		OptionQuery,
	>;

	/// Sealed objects small enough to lie on chain, by record and version. Paid with the version,
	/// and stay as long; a patient's own go when the record is retracted.
	#[pallet::storage]
	pub type Objects<T: Config> = StorageDoubleMap<
		_,
		Identity,
		RecordId,
		Twox64Concat,
		RecordVersion,
		InlineObject,
		OptionQuery,
	>;

	/// The record that a sealed object belongs to, by its hash: the one of which a version with it
	/// counts or did. What waits reserves nothing. Paid with the version, and stays as long.
	///
	/// The hash of an external object is what its author says, so it is hashed again.
	#[pallet::storage]
	pub type ContentIndex<T: Config> = StorageMap<_, Blake2_128Concat, ContentHash, RecordId>;

	/// The records of a subject in the order of filing, by subject and number. Paid with the
	/// record, and stay as long: a record that went leaves a gap.
	///
	/// Ids of subjects are hashes made on chain, so they need no other hasher.
	#[pallet::storage]
	pub type SubjectRecords<T: Config> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u32, RecordId>;

	/// How many numbers a subject's list has given out. It never falls, and stays: filing is paid.
	#[pallet::storage]
	pub type SubjectRecordCount<T: Config> = StorageMap<_, Identity, IdentityId, u32, ValueQuery>;

	/// What a patient takes of what it has for nothing, by patient: the room of its own versions, and
	/// those that wait for verdicts. Bounded. Room is free again when a version or its object goes;
	/// a place when the version is decided or, past its deadline, with the next one.
	#[pallet::storage]
	pub type Quotas<T: Config> = StorageMap<_, Identity, IdentityId, QuotaOf<T>, ValueQuery>;

	/// What it takes to anchor a record, by class. Set by governance; never removed.
	#[pallet::storage]
	pub type ValidationPolicies<T: Config> =
		StorageMap<_, Twox64Concat, RecordClass, ValidationPolicy>;

	/// The records with a version that waits for verdicts, by the hour of its deadline. Paid with
	/// the version. Gone when that is decided, withdrawn or given up, or swept after the deadline.
	#[pallet::storage]
	pub type Deadlines<T: Config> =
		StorageDoubleMap<_, Twox64Concat, u32, Identity, RecordId, (), OptionQuery>;

	/// The first hour whose deadlines the sweep has not gone through. One value.
	#[pallet::storage]
	pub type SweepCursor<T: Config> = StorageValue<_, u32>;

	/// The reader shares sealed to somebody beside the compartment, by record, version and
	/// recipient. Rent is held from who added it; the subject pays nothing. Bounded per version.
	/// Gone on request, and when the record is erased.
	///
	/// Ids are hashes made here, but a recipient picks its own.
	#[pallet::storage]
	pub type Wraps<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Identity, RecordId>,
			NMapKey<Twox64Concat, RecordVersion>,
			NMapKey<Blake2_128Concat, IdentityId>,
		),
		StoredWrapOf<T>,
	>;

	/// How many of them a version has. Gone with the last one.
	#[pallet::storage]
	pub type WrapCount<T: Config> =
		StorageDoubleMap<_, Identity, RecordId, Twox64Concat, RecordVersion, u32, ValueQuery>;

	/// How often somebody said that a share of a version does not open. Nobody pays for it, a
	/// number per version. Gone when the record is erased.
	#[pallet::storage]
	pub type BadWrapReports<T: Config> =
		StorageDoubleMap<_, Identity, RecordId, Twox64Concat, RecordVersion, u32, ValueQuery>;

	/// The records that carry a tag, by subject, tag and record. Paid with the set of the record's
	/// tags, and gone with it.
	///
	/// A tag is what a client says, so it is hashed again.
	#[pallet::storage]
	pub type Tagged<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Identity, IdentityId>,
			NMapKey<Blake2_128Concat, Tag>,
			NMapKey<Identity, RecordId>,
		),
		(),
	>;

	/// The tags of a record. Rent is held from who set them; the subject pays nothing. Gone when
	/// the set is cleared, and when the record is withdrawn, lapses, is retracted or erased.
	#[pallet::storage]
	pub type RecordTags<T: Config> = StorageMap<_, Identity, RecordId, TagSetOf<T>>;

	/// The number of the next batch. One value; it never falls.
	#[pallet::storage]
	pub type NextBatch<T: Config> = StorageValue<_, BatchId, ValueQuery>;

	/// Batches, by number. Rent is held from who anchored it. They stay: what was proved by a root
	/// has to stay provable.
	#[pallet::storage]
	pub type Batches<T: Config> = StorageMap<_, Twox64Concat, BatchId, BatchOf<T>>;

	/// The number of a batch, by organisation and root. Paid with the batch, and stays as long.
	#[pallet::storage]
	pub type BatchByRoot<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, IdentityId, Blake2_128Concat, Digest, BatchId>;

	/// The records that leaves of a batch became, by batch and leaf. Paid with the record, and gone
	/// with it.
	#[pallet::storage]
	pub type Promoted<T: Config> =
		StorageDoubleMap<_, Twox64Concat, BatchId, Twox64Concat, LeafIndex, RecordId>;

	/// What became of a subject's wish to have a record erased, by record. Nobody pays for it, one
	/// per record. Gone when the record is erased.
	#[pallet::storage]
	pub type ErasureRequests<T: Config> = StorageMap<_, Identity, RecordId, ErasureRequest>;

	/// What is left of erased records: when, why and by whom. Nobody pays for it. They stay, so that
	/// no copy of an erased record comes back.
	#[pallet::storage]
	pub type Tombstones<T: Config> = StorageMap<_, Identity, RecordId, Tombstone>;

	/// The erased records in the order of their erasure. One entry per tombstone.
	#[pallet::storage]
	pub type TombstoneList<T: Config> = StorageMap<_, Twox64Concat, u64, RecordId>;

	/// How many there are. It never falls.
	#[pallet::storage]
	pub type TombstoneCount<T: Config> = StorageValue<_, u64, ValueQuery>;

	/// The erased records whose shelved versions and wraps are not all gone yet. Gone when nothing
	/// is left, which the sweep and [`Pallet::reap`] see to.
	#[pallet::storage]
	pub type Residues<T: Config> = StorageMap<_, Identity, RecordId, (), OptionQuery>;
}
