// SPDX-License-Identifier: Apache-2.0

//! Our pallets, wired to each other.

use crate::{
	AccountId, Accreditation, Balance, Balances, Consent, Identity, Records, Runtime,
	RuntimeHoldReason, RuntimeOrigin, Signature, System, Timestamp,
	configs::{BaseDeposit, ByteDeposit, CouncilMajority},
	constants::{fees::*, time::*},
};
use alloc::vec::Vec;
use frame_support::{
	parameter_types,
	traits::{
		ConstBool, ConstU32, ConstU64, EnsureOrigin, EnsureOriginWithArg, LinearStoragePrice,
		fungible::HoldConsideration,
	},
};
use pallet_health_accreditation::{EnsureAccredited, EnsureAuthorityOver};
use pallet_health_consent::Reviewer;
use pallet_health_identity::{EnsureAnyKey, EnsureIdentity, EnsureSubject, PatientsOnly, scopes};
use pallet_health_records::{Requirement, ValidationPolicy};
use salus_gs1::UdiDi;
use salus_primitives::{
	AccreditationKind, AccreditationKinds, IdentityId, KdfLimits, Moment, RecordClass,
};
use salus_traits::{
	identity::SuspendedBy,
	prescriptions::{PrescriptionCheck, RxClaim},
};
use sp_core::Get;

/// Storage rent, held from the depositor and returned when the thing goes.
type Rent<Reason> = HoldConsideration<
	AccountId,
	Balances,
	Reason,
	LinearStoragePrice<BaseDeposit, ByteDeposit, Balance>,
>;

/// What many pages of answers hold at most.
type MaxPage = ConstU32<256>;

parameter_types! {
	pub const ServiceHold: RuntimeHoldReason =
		RuntimeHoldReason::Identity(pallet_health_identity::HoldReason::Service);
	pub const RegistrationHold: RuntimeHoldReason =
		RuntimeHoldReason::Identity(pallet_health_identity::HoldReason::Registration);
	pub const PatientAllowance: Balance = PATIENT_DAILY_ALLOWANCE;
	pub const OnboardingAgent: AccreditationKind = AccreditationKind::OnboardingAgent;
	pub const DataCustodian: AccreditationKind = AccreditationKind::DataCustodian;
}

impl pallet_health_identity::Config for Runtime {
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
	type DailyAllowance = PatientsOnly<PatientAllowance>;
	type AnyKeyOrigin = EnsureAnyKey<Runtime>;
	type KeyAdminOrigin = EnsureIdentity<Runtime, scopes::KeyAdmin>;
	// A rotation a month for eighty years.
	type MaxAgreementVersions = ConstU32<1_024>;
	type MaxConsentAge = ConstU64<{ MILLIS_PER_DAY / 24 }>;
	type MaxDocVersions = ConstU32<256>;
	type MaxKeyHistory = ConstU32<256>;
	type MaxKeys = ConstU32<16>;
	type MaxPage = MaxPage;
	type MaxServices = ConstU32<8>;
	// What a large hospital admits in a day.
	type MaxSponsoredPerDay = ConstU32<2_000>;
	type ProfileOrigin = EnsureIdentity<Runtime, scopes::ProfileWrite>;
	type RegistrationDeposit = Rent<RegistrationHold>;
	type ServiceDeposit = Rent<ServiceHold>;
	type Signature = Signature;
	type SponsorOrigin =
		EnsureAccredited<Runtime, OnboardingAgent, EnsureIdentity<Runtime, scopes::Sponsor>>;
	type SuspensionOrigin = GovernanceOrAuthority;
	type Time = Timestamp;
	type WeightInfo = pallet_health_identity::weights::SubstrateWeight<Runtime>;
}

/// Who suspends and reinstates: governance, or a regulator over the subject.
pub struct GovernanceOrAuthority;

type AuthorityOver = EnsureAuthorityOver<Runtime, EnsureIdentity<Runtime, scopes::Accredit>>;

impl EnsureOriginWithArg<RuntimeOrigin, IdentityId> for GovernanceOrAuthority {
	type Success = SuspendedBy;

	fn try_origin(
		origin: RuntimeOrigin,
		subject: &IdentityId,
	) -> Result<SuspendedBy, RuntimeOrigin> {
		<CouncilMajority as EnsureOrigin<RuntimeOrigin>>::try_origin(origin)
			.map(|_| SuspendedBy::Governance)
			.or_else(|origin| AuthorityOver::try_origin(origin, subject))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(subject: &IdentityId) -> Result<RuntimeOrigin, ()> {
		AuthorityOver::try_successful_origin(subject)
	}
}

parameter_types! {
	pub const RequestHold: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(pallet_health_accreditation::HoldReason::Request);
	pub const StatusListHold: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(pallet_health_accreditation::HoldReason::StatusList);
	pub const AccreditationHold: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(pallet_health_accreditation::HoldReason::Accreditation);
	pub const AffiliationHold: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(pallet_health_accreditation::HoldReason::Affiliation);
}

impl pallet_health_accreditation::Config for Runtime {
	type AccreditOrigin = EnsureIdentity<Runtime, scopes::Accredit>;
	type AccreditationDeposit = Rent<AccreditationHold>;
	type AffiliateOrigin = EnsureIdentity<Runtime, scopes::Affiliate>;
	type AffiliationDeposit = Rent<AffiliationHold>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = SetClock;
	type GovernanceOrigin = CouncilMajority;
	type Identities = Identity;
	type MaxAccreditationTerm = ConstU64<{ 5 * 365 * MILLIS_PER_DAY }>;
	type MaxAccreditationsPerSubject = ConstU32<16>;
	type MaxAffiliationTerm = ConstU64<{ 5 * 365 * MILLIS_PER_DAY }>;
	type MaxAffiliationsKept = ConstU32<32>;
	// One of each kind: who needs more is more than one organisation.
	type MaxFacilityLicences = ConstU32<3>;
	type MaxInvitationAge = ConstU64<{ 30 * MILLIS_PER_DAY }>;
	type MaxOpenInvitations = ConstU32<100>;
	type MaxRequestAge = ConstU64<{ 90 * MILLIS_PER_DAY }>;
	// At home and in one other country.
	type MaxStandingPerKind = ConstU32<2>;
	type MaxStatusLists = ConstU32<16>;
	type RequestDeposit = Rent<RequestHold>;
	// The accounting of disclosures looks six years back (45 CFR 164.528).
	type Retention = ConstU64<{ 6 * 366 * MILLIS_PER_DAY }>;
	type StatusListDeposit = Rent<StatusListHold>;
	type Time = Timestamp;
	type WeightInfo = pallet_health_accreditation::weights::SubstrateWeight<Runtime>;
}

/// Sets the clock, for benchmarks. Past Aura, which knows one slot at a time.
#[cfg(feature = "runtime-benchmarks")]
pub struct SetClock;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_health_accreditation::benchmarking::BenchmarkHelper for SetClock {
	fn set_time(now: salus_primitives::Moment) {
		pallet_timestamp::Now::<Runtime>::put(now);
	}
}

parameter_types! {
	pub const VaultHold: RuntimeHoldReason =
		RuntimeHoldReason::Vault(pallet_health_vault::HoldReason::Vault);
	pub const LoginLimits: KdfLimits = KdfLimits::STANDARD;
}

impl pallet_health_vault::Config for Runtime {
	type GenesisHash = GenesisHash;
	type Identities = Identity;
	type KdfLimits = LoginLimits;
	type MaxBody = ConstU32<4_096>;
	type MaxSlots = ConstU32<8>;
	type Time = Timestamp;
	type VaultDeposit = Rent<VaultHold>;
	type VaultOrigin = EnsureIdentity<Runtime, scopes::Vault>;
	type WeightInfo = pallet_health_vault::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
	pub const RecordHold: RuntimeHoldReason =
		RuntimeHoldReason::Records(pallet_health_records::HoldReason::Record);
}

/// The hash of block 0, which `frame_system` keeps for good.
pub struct GenesisHash;

impl Get<[u8; 32]> for GenesisHash {
	fn get() -> [u8; 32] {
		System::block_hash(0).0
	}
}

impl pallet_health_records::Config for Runtime {
	type Accreditations = Accreditation;
	type Affiliations = Accreditation;
	type AgreementKeys = Identity;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = salus_traits::signers::KeystoreSigners;
	type Clock = Timestamp;
	type Compartments = Consent;
	type GenesisHash = GenesisHash;
	type GovernanceOrigin = CouncilMajority;
	type Identities = Identity;
	type IdentityOrigin = EnsureIdentity<Runtime, scopes::RecordAnchor>;
	// Two months of a reading a day that no practitioner looked at.
	type MaxOpenOwnProposals = ConstU32<64>;
	// Forty years of a reading a day that lies on chain.
	type MaxOwnBytes = ConstU32<{ 32 * 1024 * 1024 }>;
	type MaxPage = MaxPage;
	type RecordConsideration = Rent<RecordHold>;
	type Signature = Signature;
	// Beside the reaping that anybody may do.
	type SweepPerBlock = ConstU32<16>;
	type WeightInfo = pallet_health_records::weights::SubstrateWeight<Runtime>;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_health_consent::benchmarking::BenchmarkHelper for SetClock {
	fn set_time(now: salus_primitives::Moment) {
		pallet_timestamp::Now::<Runtime>::put(now);
	}
}

parameter_types! {
	pub const AccessRequestHold: RuntimeHoldReason =
		RuntimeHoldReason::Consent(pallet_health_consent::HoldReason::Request);
	pub const Facility: AccreditationKind = AccreditationKind::FacilityLicence;
}

type Party = EnsureIdentity<Runtime, scopes::ConsentManage>;

/// Who reviews emergencies: governance, or an identity of which the call asks whether it may.
pub struct GovernanceOrOfficer;

impl EnsureOrigin<RuntimeOrigin> for GovernanceOrOfficer {
	type Success = Reviewer;

	fn try_origin(origin: RuntimeOrigin) -> Result<Reviewer, RuntimeOrigin> {
		<CouncilMajority as EnsureOrigin<RuntimeOrigin>>::try_origin(origin)
			.map(|_| Reviewer::Governance)
			.or_else(|origin| {
				let officer = <Party as EnsureOrigin<RuntimeOrigin>>::try_origin(origin)?;
				Ok(Reviewer::Officer(officer.id))
			})
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		<CouncilMajority as EnsureOrigin<RuntimeOrigin>>::try_successful_origin()
	}
}

impl pallet_health_consent::Config for Runtime {
	type AccessLogSize = ConstU32<64>;
	type Accreditations = Accreditation;
	type Affiliations = Accreditation;
	type AgreementKeys = Identity;
	type AuthorAccess = ConstBool<true>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = SetClock;
	type EmergencyHolderOrigin = EnsureAccredited<Runtime, Facility, Party>;
	type GovernanceOrigin = CouncilMajority;
	type Identities = Identity;
	type MaxBackdating = ConstU64<MILLIS_PER_DAY>;
	type MaxCompartments = ConstU32<16>;
	type MaxGrantLength = ConstU64<{ 5 * 365 * MILLIS_PER_DAY }>;
	type MaxLiveGrants = ConstU32<128>;
	// Longer than a custodian's batches take, with a node that was down in between.
	type MaxLogDelay = ConstU64<{ MILLIS_PER_DAY / 24 }>;
	type MaxOpenRequests = ConstU32<32>;
	type MaxPage = MaxPage;
	type MaxRequestAge = ConstU64<{ 90 * MILLIS_PER_DAY }>;
	type PartyOrigin = Party;
	type RecorderOrigin =
		EnsureAccredited<Runtime, DataCustodian, EnsureIdentity<Runtime, scopes::AccessLog>>;
	type Records = Records;
	type RequestConsideration = Rent<AccessRequestHold>;
	type ReviewOrigin = GovernanceOrOfficer;
	type SubjectOrigin = EnsureSubject<Runtime, scopes::ConsentManage>;
	// Beside the reaping that anybody may do.
	type SweepPerBlock = ConstU32<32>;
	type Time = Timestamp;
	type WeightInfo = pallet_health_consent::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
	pub const SupplyHold: RuntimeHoldReason =
		RuntimeHoldReason::SupplyChain(pallet_health_supply_chain::HoldReason::Supply);
}

/// Says yes to whatever prescription is named: until the pallet of prescriptions exists, who
/// dispenses answers for it.
pub struct PrescriptionsNotYet;

impl PrescriptionCheck for PrescriptionsNotYet {
	fn covers(_: &RxClaim, _: &IdentityId, _: &UdiDi, _: u32, _: Moment) -> bool {
		true
	}
}

impl pallet_health_supply_chain::Config for Runtime {
	type Accreditations = Accreditation;
	type Authorities = Accreditation;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = salus_traits::signers::KeystoreSigners;
	type Clock = Timestamp;
	type GenesisHash = GenesisHash;
	type Identities = Identity;
	type MaxPage = MaxPage;
	type PartnerOrigin = EnsureIdentity<Runtime, scopes::SupplyChain>;
	type Prescriptions = PrescriptionsNotYet;
	type RegistryOrigin = CouncilMajority;
	type Signature = Signature;
	type SupplyConsideration = Rent<SupplyHold>;
	// Beside the reaping that anybody may do.
	type SweepPerBlock = ConstU32<64>;
	type WeightInfo = pallet_health_supply_chain::weights::SubstrateWeight<Runtime>;
}

/// What it takes to anchor a record, per class, from the genesis on.
///
/// | class | accuracy and completeness | source | so that |
/// |---|---|---|---|
/// | laboratory | a facility, a laboratory or a practitioner | a laboratory | a result needs the laboratory's accreditation |
/// | device data | a practitioner or a facility | a practitioner or a facility | a patient's own reading waits for one |
/// | all others | a facility | a facility | a hospital's note anchors with its gateway's signature |
///
/// A patient's own verdict never counts. A proposal waits thirty days.
pub fn genesis_policies() -> Vec<(RecordClass, ValidationPolicy)> {
	use AccreditationKind::*;
	let facility =
		AccreditationKinds::of(&[FacilityLicence, PharmacyLicence, LaboratoryAccreditation]);
	let laboratory = AccreditationKinds::of(&[LaboratoryAccreditation]);
	let clinician = AccreditationKinds::of(&[
		PractitionerLicence,
		FacilityLicence,
		PharmacyLicence,
		LaboratoryAccreditation,
	]);
	let policy = |class: &RecordClass| {
		let (content, source) = match class {
			RecordClass::Laboratory => (clinician, laboratory),
			RecordClass::DeviceData => (clinician, clinician),
			_ => (facility, facility),
		};
		ValidationPolicy {
			accuracy: Requirement { count: 1, from: content },
			completeness: Requirement { count: 1, from: content },
			source: Requirement { count: 1, from: source },
			distinct_organisations: false,
			// A hospital or laboratory that files in its own name answers for it; a patient does not.
			author_may_attest: *class != RecordClass::DeviceData,
			time_to_live: 30 * MILLIS_PER_DAY,
		}
	};
	RecordClass::ALL.iter().map(|class| (*class, policy(class))).collect()
}
