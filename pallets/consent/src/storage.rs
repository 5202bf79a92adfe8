// SPDX-License-Identifier: Apache-2.0

//! What is stored.
//!
//! Ids of identities are hashes over a signing account, checked to be registered before they become
//! keys: nobody picks them to unbalance the trie, hence `Identity`.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod storage {
	/// The overarching policies of patients. Who has none denies. Never removed.
	#[pallet::storage]
	pub type Policies<T> = StorageMap<_, Identity, IdentityId, PolicyRow, ValueQuery>;

	/// Open compartments, by patient and number. Within the patient's quota. Never removed.
	#[pallet::storage]
	pub type Compartments<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, CompartmentNo, Compartment>;

	/// How many compartments a patient has. Never removed.
	#[pallet::storage]
	pub type CompartmentCount<T> = StorageMap<_, Identity, IdentityId, u32, ValueQuery>;

	/// The secret of each old epoch, sealed to the key of the next, by patient, compartment and old
	/// epoch: who has a newer secret walks back, nobody forward. One more with each rotation, which
	/// the daily allowance of fees bounds. Kept for good: records of old epochs stay readable by
	/// it.
	#[pallet::storage]
	pub type EpochLinks<T> = StorageNMap<
		_,
		(
			NMapKey<Identity, IdentityId>,
			NMapKey<Twox64Concat, CompartmentNo>,
			NMapKey<Twox64Concat, Epoch>,
		),
		Wrap,
	>;

	/// The secrets of compartments that are handed out in emergencies, sealed to their holders, by
	/// patient and number. Within the patient's quota of compartments. Gone when the patient takes
	/// one back, or rotates the compartment without it.
	#[pallet::storage]
	pub type EmergencyKeys<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, CompartmentNo, EmergencyKey>;

	/// The organisations that offer to hold emergency keys, with how many they hold. Gone when they
	/// cease to and never held any; who did is remembered for good, for it knows their secrets.
	#[pallet::storage]
	pub type EmergencyHolders<T> = StorageMap<_, Identity, IdentityId, Holder>;

	/// The number of the next grant.
	#[pallet::storage]
	pub type NextGrantId<T> = StorageValue<_, GrantId, ValueQuery>;

	/// Every grant ever made, by number. The fee of the call pays. Kept for good, so that old
	/// accesses stay explainable.
	#[pallet::storage]
	pub type Grants<T> = StorageMap<_, Twox64Concat, GrantId, Grant>;

	/// The sealed secrets of a grant, by its number. Apart from [`Grants`], so that decisions do
	/// not read them. Within the patient's quota of grants. Removed when the grant is revoked, used
	/// up, or cleared away after its window.
	#[pallet::storage]
	pub type GrantKeysOf<T> = StorageMap<_, Twox64Concat, GrantId, GrantKeys>;

	/// The rules that decisions look at, by patient and grantee. Within the patient's quota, and of
	/// sub-grants within that of their root. A rule goes when its grant is revoked, or is cleared
	/// away after its window.
	#[pallet::storage]
	pub type GrantIndex<T> = StorageDoubleMap<
		_,
		Identity,
		IdentityId,
		Blake2_128Concat,
		Grantee,
		BoundedVec<Rule, ConstU32<MAX_GRANTS_PER_PAIR>>,
		ValueQuery,
	>;

	/// The places of a patient's quota that are taken. A place goes with the revocation, the last
	/// use, or the first grant made after its end. Sub-grants take none.
	#[pallet::storage]
	pub type LiveGrants<T: Config> = StorageMap<
		_,
		Identity,
		IdentityId,
		BoundedVec<Place, <T as Config>::MaxLiveGrants>,
		ValueQuery,
	>;

	/// The sub-grants below a grant of a patient, at all depths, by its number. One goes when it is
	/// revoked, or cleared away after its window.
	#[pallet::storage]
	pub type SubGrants<T> = StorageMap<
		_,
		Twox64Concat,
		GrantId,
		BoundedVec<GrantId, ConstU32<MAX_SUB_GRANTS>>,
		ValueQuery,
	>;

	/// All grants of a patient in the order they were made, by patient and running number. Kept for
	/// good, like the grants.
	#[pallet::storage]
	pub type SubjectGrants<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u64, GrantId>;

	/// How many grants a patient has made.
	#[pallet::storage]
	pub type SubjectGrantCount<T> = StorageMap<_, Identity, IdentityId, u64, ValueQuery>;

	/// All grants to a grantee in the order they were made, by grantee and running number. Kept for
	/// good, like the grants.
	#[pallet::storage]
	pub type GranteeGrants<T> =
		StorageDoubleMap<_, Blake2_128Concat, Grantee, Twox64Concat, u64, GrantId>;

	/// How many grants a grantee was made.
	#[pallet::storage]
	pub type GranteeGrantCount<T> = StorageMap<_, Blake2_128Concat, Grantee, u64, ValueQuery>;

	/// The number of the next request.
	#[pallet::storage]
	pub type NextRequestId<T> = StorageValue<_, RequestId, ValueQuery>;

	/// Requests that wait for their patient, by number. The requester's account pays rent. Gone
	/// when they are answered, cancelled, or cleared away after their time.
	#[pallet::storage]
	pub type Requests<T: Config> = StorageMap<_, Twox64Concat, RequestId, RequestOf<T>>;

	/// The one request that waits, by patient and grantee. Goes with it.
	#[pallet::storage]
	pub type OpenRequests<T> =
		StorageDoubleMap<_, Identity, IdentityId, Blake2_128Concat, Grantee, RequestId>;

	/// The requests that wait for a patient, in the order they came. A place goes with its request,
	/// with the first one made after its time, or when nobody stands behind it to one of an
	/// organisation for care that finds none free.
	#[pallet::storage]
	pub type SubjectRequests<T: Config> = StorageMap<
		_,
		Identity,
		IdentityId,
		BoundedVec<WaitingRequest, <T as Config>::MaxOpenRequests>,
		ValueQuery,
	>;

	/// What is due in an hour, by the hour. Goes with what it stands for, or when the sweep passes.
	#[pallet::storage]
	pub type Deadlines<T> = StorageDoubleMap<_, Twox64Concat, u32, Twox64Concat, Due, ()>;

	/// The hour up to which the sweep has come: nothing stands under the ones before.
	#[pallet::storage]
	pub type SweepCursor<T> = StorageValue<_, u32>;

	/// The end of each patient's access log, by patient. Grows with the entries, never removed.
	#[pallet::storage]
	pub type AccessHeads<T> = StorageMap<_, Identity, IdentityId, AccessHead, ValueQuery>;

	/// The last entries of each patient's access log, by patient and slot of the ring: entry `n`
	/// stands in slot `n mod AccessLogSize` until the next one needs it. The recorder's fee pays.
	#[pallet::storage]
	pub type AccessLog<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u32, AccessEntry>;

	/// How many denials a recorder has put into a patient's log in the hour of the last one, by
	/// recorder and patient. The recorder's fee pays. Never removed: the last one is counted on.
	#[pallet::storage]
	pub type DenialCounts<T> =
		StorageDoubleMap<_, Identity, IdentityId, Identity, IdentityId, DenialCount, ValueQuery>;

	/// How far each log of an organisation is anchored, by organisation and log. Never removed.
	#[pallet::storage]
	pub type AuditHeads<T> = StorageDoubleMap<
		_,
		Identity,
		IdentityId,
		Blake2_128Concat,
		RecorderId,
		AuditHead,
		ValueQuery,
	>;

	/// The batches of each log, by organisation, log and number. The recorder's fee pays. Kept for
	/// good: they are what an entry is shown to be in.
	#[pallet::storage]
	pub type AuditBatches<T> = StorageNMap<
		_,
		(
			NMapKey<Identity, IdentityId>,
			NMapKey<Blake2_128Concat, RecorderId>,
			NMapKey<Twox64Concat, u64>,
		),
		AuditBatch,
	>;

	/// The logs of an organisation in the order of their first batches, by organisation and running
	/// number. Never removed.
	#[pallet::storage]
	pub type Recorders<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u64, RecorderId>;

	/// How many logs an organisation has.
	#[pallet::storage]
	pub type RecorderCount<T> = StorageMap<_, Identity, IdentityId, u64, ValueQuery>;

	/// The number of the next emergency.
	#[pallet::storage]
	pub type NextEmergencyId<T> = StorageValue<_, EmergencyId, ValueQuery>;

	/// Every glass that was broken, by number. The fee of the call pays, and quotas bound it. Kept
	/// for good.
	#[pallet::storage]
	pub type Emergencies<T> = StorageMap<_, Twox64Concat, EmergencyId, Emergency>;

	/// Where else the claimant of an emergency worked when it broke the glass, by number. Kept for
	/// good, like the emergencies.
	#[pallet::storage]
	pub type OtherEmployers<T> = StorageMap<
		_,
		Twox64Concat,
		EmergencyId,
		BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>>,
		ValueQuery,
	>;

	/// The emergencies of a patient that may be open, by patient and the one compartment that they
	/// reach, or none for those of all. Gone when all of them were closed; else the next one begins
	/// anew after their time.
	#[pallet::storage]
	pub type Reaches<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, Option<CompartmentNo>, Reach>;

	/// The last emergency of a claimant for a patient, by patient and claimant. Whether it acts is
	/// seen from its row. Never removed.
	#[pallet::storage]
	pub type OpenEmergencies<T> =
		StorageDoubleMap<_, Identity, IdentityId, Identity, IdentityId, EmergencyId>;

	/// All emergencies of a patient in the order they were opened, by patient and running number.
	/// Kept for good, like the emergencies.
	#[pallet::storage]
	pub type SubjectEmergencies<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u64, EmergencyId>;

	/// How many emergencies a patient had.
	#[pallet::storage]
	pub type SubjectEmergencyCount<T> = StorageMap<_, Identity, IdentityId, u64, ValueQuery>;

	/// All emergencies at an organisation in the order they were opened, by organisation and
	/// running number. Kept for good, like the emergencies.
	#[pallet::storage]
	pub type OrganisationEmergencies<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u64, EmergencyId>;

	/// How many emergencies there were at an organisation.
	#[pallet::storage]
	pub type OrganisationEmergencyCount<T> = StorageMap<_, Identity, IdentityId, u64, ValueQuery>;

	/// The emergencies that somebody still has to review, with the end of the officers' time. Goes
	/// with the last word on it.
	#[pallet::storage]
	pub type PendingReviews<T> = StorageMap<_, Twox64Concat, EmergencyId, Moment>;

	/// How often somebody broke the glass of late, and how that was found. Never removed.
	#[pallet::storage]
	pub type Claimants<T> = StorageMap<_, Identity, IdentityId, Claimant, ValueQuery>;

	/// When the last emergencies at an organisation were opened. Never removed.
	#[pallet::storage]
	pub type OrganisationUse<T> = StorageMap<
		_,
		Identity,
		IdentityId,
		BoundedVec<Moment, ConstU32<MAX_ORGANISATION_CLAIMS>>,
		ValueQuery,
	>;

	/// How emergencies are kept in bounds. Governance sets it; until then, the default holds.
	#[pallet::storage]
	pub type BtgPolicy<T> = StorageValue<_, EmergencyPolicy, ValueQuery>;

	/// Where the key shares of an identity's records lie, as it says. The fee of the call pays.
	/// Gone when it names nobody.
	#[pallet::storage]
	pub type ShareCustodians<T> = StorageMap<_, Identity, IdentityId, ShareCustody>;

	/// Whom somebody ever named as custodian: it may have shares still. The fee of the call that
	/// names pays. Never removed.
	#[pallet::storage]
	pub type ShareKeepers<T> = StorageMap<_, Identity, IdentityId, ()>;
}
