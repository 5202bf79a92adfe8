// SPDX-License-Identifier: Apache-2.0

//! Closed sets of codes, in the words of FHIR, HL7 v3 and IHE.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// A code that is not of the set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownCode {
	/// The word that was given.
	pub given: String,
	/// What the set is called.
	pub set: &'static str,
	/// The words of the set.
	pub known: &'static [&'static str],
}

impl fmt::Display for UnknownCode {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "`{}` is no {}; known are: {}", self.given, self.set, self.known.join(", "))
	}
}

impl core::error::Error for UnknownCode {}

/// A closed enum whose discriminants are its codec indices, with a word for people per variant.
macro_rules! code {
	(
		$(#[$doc:meta])* $name:ident, $set:literal, { $( $(#[$vdoc:meta])* $variant:ident = $index:literal, $word:literal; )+ }
	) => {
		$(#[$doc])*
		#[derive(
			Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
			Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug,
		)]
		#[repr(u8)]
		pub enum $name {
			$( $(#[$vdoc])* #[codec(index = $index)] $variant = $index, )+
		}

		impl $name {
			/// Every variant, in the order of the indices.
			pub const ALL: &'static [Self] = &[$( Self::$variant ),+];
			const WORDS: &'static [&'static str] = &[$( $word ),+];

			/// The word for it.
			pub const fn word(self) -> &'static str {
				match self { $( Self::$variant => $word, )+ }
			}
		}

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.pad(self.word())
			}
		}

		impl FromStr for $name {
			type Err = UnknownCode;

			fn from_str(text: &str) -> Result<Self, UnknownCode> {
				Self::ALL
					.iter()
					.copied()
					.find(|code| code.word().eq_ignore_ascii_case(text))
					.ok_or_else(|| UnknownCode { given: text.into(), set: $set, known: Self::WORDS })
			}
		}

		#[cfg(feature = "serde")]
		impl serde::Serialize for $name {
			fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
				serializer.serialize_str(self.word())
			}
		}

		#[cfg(feature = "serde")]
		impl<'de> serde::Deserialize<'de> for $name {
			fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
				let text = <String as serde::Deserialize>::deserialize(deserializer)?;
				text.parse().map_err(serde::de::Error::custom)
			}
		}
	};
}
pub(crate) use code;

/// A set of the codes of a closed enum: bit `n` stands for the code with index `n`.
macro_rules! code_set {
	($(#[$doc:meta])* $name:ident($bits:ty) of $code:ident) => {
		$(#[$doc])*
		#[derive(
			Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
			Clone, Copy, PartialEq, Eq, Default, Debug,
		)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
		pub struct $name(pub $bits);

		impl $name {
			/// Every code there is.
			pub const ALL: Self = Self::of($code::ALL);

			/// The set of the codes given.
			pub const fn of(codes: &[$code]) -> Self {
				let mut bits = 0;
				let mut rest = codes;
				while let [first, others @ ..] = rest {
					bits |= 1 << (*first as u8);
					rest = others;
				}
				Self(bits)
			}

			/// Whether it holds `code`.
			pub const fn contains(self, code: $code) -> bool {
				self.0 & (1 << (code as u8)) != 0
			}

			/// Whether all it holds is in `other`.
			pub const fn is_within(self, other: Self) -> bool {
				self.0 & !other.0 == 0
			}

			/// Whether it holds nothing that does not exist.
			pub const fn is_known(self) -> bool {
				self.is_within(Self::ALL)
			}

			/// Whether it holds nothing.
			pub const fn is_empty(self) -> bool {
				self.0 == 0
			}

			/// What it holds, in the order of the indices.
			pub fn iter(self) -> impl Iterator<Item = $code> {
				$code::ALL.iter().copied().filter(move |code| self.contains(*code))
			}
		}
	};
}
pub(crate) use code_set;

code! {
	/// What an identity stands for. Fixed at registration.
	IdentityKind, "kind of identity", {
		/// A person who receives care.
		Patient = 0, "patient";
		/// A person who gives care.
		Practitioner = 1, "practitioner";
		/// A hospital, laboratory, pharmacy, maker, custodian or authority.
		Organisation = 2, "organisation";
		/// A physical device.
		Device = 3, "device";
	}
}

code! {
	/// The coarse class of a record. Coarse on purpose: the class is public.
	RecordClass, "record class", {
		/// Encounters, notes, conditions, allergies.
		Clinical = 0, "clinical";
		/// Laboratory results.
		Laboratory = 1, "laboratory";
		/// Images and their reports.
		Imaging = 2, "imaging";
		/// Medication requests, statements, administrations.
		Medication = 3, "medication";
		/// Procedures.
		Procedure = 4, "procedure";
		/// Genomes and their reports.
		Genomic = 5, "genomic";
		/// Readings of devices and of patients themselves.
		DeviceData = 6, "device-data";
		/// Appointments, coverage, letters.
		Administrative = 7, "administrative";
	}
}

code! {
	/// What a licence or status allows.
	AccreditationKind, "kind of accreditation", {
		/// A person may practise.
		PractitionerLicence = 0, "practitioner-licence";
		/// A person is a specialist.
		SpecialistRegistration = 1, "specialist-registration";
		/// An organisation may treat.
		FacilityLicence = 2, "facility-licence";
		/// An organisation may dispense.
		PharmacyLicence = 3, "pharmacy-licence";
		/// An organisation may make drugs or devices.
		ManufacturerLicence = 4, "manufacturer-licence";
		/// An organisation may distribute them.
		DistributorLicence = 5, "distributor-licence";
		/// An organisation may report laboratory results.
		LaboratoryAccreditation = 6, "laboratory-accreditation";
		/// A device conforms.
		DeviceConformity = 7, "device-conformity";
		/// An organisation may register patients within its quota.
		OnboardingAgent = 8, "onboarding-agent";
		/// An organisation may register mandates.
		RegistrarMandate = 9, "registrar-mandate";
		/// An organisation keeps ciphertext and key shares, and records who was let in.
		DataCustodian = 10, "data-custodian";
	}
}

code_set! {
	/// A set of [`AccreditationKind`]s.
	AccreditationKinds(u16) of AccreditationKind
}

impl AccreditationKinds {
	/// Whether it names at least one kind and only such as exist.
	pub const fn is_sound(self) -> bool {
		!self.is_empty() && self.is_known()
	}
}

impl AccreditationKind {
	/// Whether a subject of `kind` can hold it.
	pub const fn fits(self, kind: IdentityKind) -> bool {
		match self {
			Self::PractitionerLicence | Self::SpecialistRegistration => {
				matches!(kind, IdentityKind::Practitioner)
			},
			Self::DeviceConformity => matches!(kind, IdentityKind::Device),
			_ => matches!(kind, IdentityKind::Organisation),
		}
	}
}

/// A country by its ISO 3166-1 numeric code (1 to 999).
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Jurisdiction(pub u16);

impl Jurisdiction {
	/// Whether the number can be a country's.
	pub const fn is_sound(self) -> bool {
		0 < self.0 && self.0 < 1000
	}
}

/// What exactly an accreditation allows, by the code list of its kind and country: a speciality of
/// the national register, a class of drugs.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScopeCode(pub u16);

code! {
	/// What a practitioner does at an organisation (FHIR PractitionerRole.code, coarse).
	Role, "role", {
		/// A doctor.
		Physician = 0, "physician";
		/// A nurse.
		Nurse = 1, "nurse";
		/// A pharmacist.
		Pharmacist = 2, "pharmacist";
		/// Laboratory staff.
		LaboratoryScientist = 3, "laboratory-scientist";
		/// A radiographer or radiologist.
		Radiographer = 4, "radiographer";
		/// Reviews emergency access.
		PrivacyOfficer = 5, "privacy-officer";
		/// Registers and bills.
		Administrator = 6, "administrator";
	}
}

code! {
	/// What a verdict on a record is about (Kahn et al., and FHIR VerificationResult).
	AttestationKind, "kind of attestation", {
		/// The content is plausible and conforms.
		Accuracy = 0, "accuracy";
		/// Nothing the class asks for is missing.
		Completeness = 1, "completeness";
		/// It comes from whom it says.
		Source = 2, "source";
	}
}

code! {
	/// How a verdict came out.
	Verdict, "verdict", {
		/// Nothing to say.
		Pass = 0, "pass";
		/// Passes, with remarks in the evidence.
		PassWithWarnings = 1, "pass-with-warnings";
		/// Does not pass.
		Fail = 2, "fail";
	}
}

impl Verdict {
	/// Whether it counts towards a policy.
	pub const fn passes(self) -> bool {
		matches!(self, Self::Pass | Self::PassWithWarnings)
	}
}

code! {
	/// Where a record stands (FHIR VerificationResult.status).
	RecordStatus, "record status", {
		/// A proposal: not anchored yet.
		InProcess = 0, "in-process";
		/// Anchored: the policy of its class is met.
		Validated = 1, "validated";
		/// A verdict was `Fail`.
		ValFail = 2, "val-fail";
		/// Retracted.
		EnteredInError = 3, "entered-in-error";
		/// Anchored, and asked to be validated anew. It still counts.
		ReqRevalid = 4, "req-revalid";
		/// A verdict of the new validation was `Fail`.
		RevalFail = 5, "reval-fail";
		/// A proposal whose time for verdicts passed. Its rows can be reaped.
		Lapsed = 6, "lapsed";
	}
}

code! {
	/// Why a record gets a new version (FHIR DocumentReference.relatesTo.code, and HIPAA 164.526).
	AmendReason, "reason to amend", {
		/// Takes the place of the version before.
		Replaces = 0, "replaces";
		/// Adds to it.
		Appends = 1, "appends";
		/// Another form of it.
		Transforms = 2, "transforms";
		/// A signed form of it.
		Signs = 3, "signs";
		/// The patient asked for a correction.
		PatientRequested = 4, "patient-requested";
		/// The same body under new keys, so that former readers' shares no longer open it. Given by
		/// `reseal` alone.
		Resealed = 5, "resealed";
	}
}

code! {
	/// Why a record is retracted.
	RetractReason, "reason to retract", {
		/// It belongs to another patient.
		WrongPatient = 0, "wrong-patient";
		/// Its content is wrong.
		WrongContent = 1, "wrong-content";
		/// It is there already.
		Duplicate = 2, "duplicate";
		/// The source withdrew it.
		SourceWithdrew = 3, "source-withdrew";
	}
}

code! {
	/// Why a record is erased (GDPR Art. 17(1), points (a) to (f)).
	ErasureBasis, "basis of an erasure", {
		/// (a) It is no longer needed for what it was kept for.
		NoLongerNecessary = 0, "no-longer-necessary";
		/// (b) The consent that it rested on was withdrawn.
		ConsentWithdrawn = 1, "consent-withdrawn";
		/// (c) The patient objected.
		Objection = 2, "objection";
		/// (d) It should not have been kept.
		UnlawfulProcessing = 3, "unlawful-processing";
		/// (e) A law demands it.
		LegalObligation = 4, "legal-obligation";
		/// (f) It was collected from a child for a service of the information society.
		ChildData = 5, "child-data";
	}
}

code! {
	/// Why an erasure is refused (GDPR Art. 17(3), points (b) to (e)).
	RefusalBasis, "basis of a refusal", {
		/// (b) A law demands that it is kept, such as a retention duty.
		LegalDuty = 0, "legal-duty";
		/// (c) Public health asks for it.
		PublicHealth = 1, "public-health";
		/// (d) It is kept for archives, research or statistics that the law names.
		Archiving = 2, "archiving";
		/// (e) Legal claims rest on it.
		LegalClaims = 3, "legal-claims";
	}
}

code! {
	/// How the root of a batch is made from its leaves.
	TreeAlgorithm, "tree algorithm", {
		/// RFC 9162, section 2.1, with SHA-256.
		Rfc9162Sha256 = 0, "rfc9162-sha256";
	}
}

code! {
	/// Why somebody wants access (HL7 v3 PurposeOfUse). The index is the bit in [`Purposes`].
	Purpose, "purpose of use", {
		/// Treatment.
		Treat = 0, "TREAT";
		/// Coordination of care.
		Coc = 1, "COC";
		/// Emergency treatment. Never granted, never implied.
		Etreat = 2, "ETREAT";
		/// Break the glass. Never granted, never implied.
		Btg = 3, "BTG";
		/// Payment.
		Hpaymt = 4, "HPAYMT";
		/// Coverage.
		Coverage = 5, "COVERAGE";
		/// Determination of eligibility.
		Eligdtrm = 6, "ELIGDTRM";
		/// Attachment to a claim.
		Clmattch = 7, "CLMATTCH";
		/// Operations.
		Hoperat = 8, "HOPERAT";
		/// Management of care.
		Caremgt = 9, "CAREMGT";
		/// Improvement of quality.
		Hqualimp = 10, "HQUALIMP";
		/// Administration of patients.
		Patadmin = 11, "PATADMIN";
		/// Safety of patients.
		Patsfty = 12, "PATSFTY";
		/// Management of records.
		Recordmgt = 13, "RECORDMGT";
		/// Legal.
		Hlegal = 14, "HLEGAL";
		/// Training.
		Train = 15, "TRAIN";
		/// Marketing.
		Hmarkt = 16, "HMARKT";
		/// Research.
		Hresch = 17, "HRESCH";
		/// Clinical trial research.
		Clintrch = 18, "CLINTRCH";
		/// Public health.
		Pubhlth = 19, "PUBHLTH";
		/// Disaster.
		Disaster = 20, "DISASTER";
		/// Threat to public health.
		Threat = 21, "THREAT";
		/// Request of the patient.
		Patrqt = 22, "PATRQT";
		/// Request of the family.
		Famrqt = 23, "FAMRQT";
		/// Power of attorney.
		Pwatrny = 24, "PWATRNY";
		/// Support network.
		Supnwk = 25, "SUPNWK";
	}
}

impl Purpose {
	/// The purpose that implies it (the parent in the v3 hierarchy), if any does.
	///
	/// `ETREAT` and `BTG` have a parent there, but are never implied here: they are acts of their
	/// own that a review follows.
	pub const fn parent(self) -> Option<Self> {
		match self {
			Self::Coc => Some(Self::Treat),
			Self::Coverage | Self::Clmattch => Some(Self::Hpaymt),
			Self::Eligdtrm => Some(Self::Coverage),
			Self::Caremgt
			| Self::Hqualimp
			| Self::Patadmin
			| Self::Patsfty
			| Self::Recordmgt
			| Self::Hlegal
			| Self::Train => Some(Self::Hoperat),
			Self::Clintrch => Some(Self::Hresch),
			Self::Disaster | Self::Threat => Some(Self::Pubhlth),
			Self::Famrqt | Self::Pwatrny | Self::Supnwk => Some(Self::Patrqt),
			_ => None,
		}
	}
}

code_set! {
	/// A set of [`Purpose`]s.
	Purposes(u32) of Purpose
}

impl Purposes {
	/// The purposes that a grant may never name.
	pub const NOT_GRANTABLE: Self = Self::of(&[Purpose::Etreat, Purpose::Btg]);

	/// Whether it names `purpose` or one that implies it.
	pub fn covers(self, purpose: Purpose) -> bool {
		core::iter::successors(Some(purpose), |purpose| purpose.parent())
			.any(|purpose| self.contains(purpose))
	}

	/// Whether it names something that may not be granted.
	pub const fn has_ungrantable(self) -> bool {
		self.0 & Self::NOT_GRANTABLE.0 != 0
	}
}

code! {
	/// What somebody wants to do (FHIR Consent.provision.action). The index is the bit in [`Actions`].
	Action, "action", {
		/// Read.
		Access = 0, "access";
		/// Collect.
		Collect = 1, "collect";
		/// Use.
		Use = 2, "use";
		/// Pass on.
		Disclose = 3, "disclose";
		/// Correct.
		Correct = 4, "correct";
		/// Add to.
		Append = 5, "append";
	}
}

code_set! {
	/// A set of [`Action`]s.
	Actions(u8) of Action
}

code! {
	/// What holds when no grant speaks: the patient's overarching policy (IHE PCF, the four implicit
	/// policies).
	AccessPolicy, "policy", {
		/// Nobody reads, also in an emergency.
		Deny = 0, "deny";
		/// Nobody reads, but who may break the glass can.
		BreakGlassOnly = 1, "break-glass-only";
		/// Licensed practitioners at licensed organisations read to treat.
		PermitTreatment = 2, "permit-treatment";
		/// Licensed practitioners at licensed organisations read for every purpose that can be granted.
		PermitAllAuthorised = 3, "permit-all-authorised";
	}
}

code! {
	/// Why somebody breaks the glass.
	EmergencyReason, "reason for an emergency", {
		/// The patient cannot answer.
		Unconscious = 0, "unconscious";
		/// The patient's life is in danger.
		LifeThreat = 1, "life-threat";
		/// Many people were hurt at once.
		MassCasualty = 2, "mass-casualty";
		/// The patient endangers others.
		DangerToOthers = 3, "danger-to-others";
		/// What should give access fails.
		SystemFailure = 4, "system-failure";
	}
}

code! {
	/// What a reviewer found of an emergency.
	ReviewOutcome, "outcome of a review", {
		/// There was need.
		Justified = 0, "justified";
		/// There was none: it counts as a strike.
		Unjustified = 1, "unjustified";
		/// For governance to decide.
		Escalated = 2, "escalated";
	}
}

code_set! {
	/// A set of [`RecordClass`]es.
	Classes(u8) of RecordClass
}

code! {
	/// What a key may sign in the name of its identity. Every call of an identity belongs to one.
	/// The index is the bit in [`CallScopes`].
	CallScope, "scope", {
		/// The profile and the services.
		ProfileWrite = 0, "profile-write";
		/// The keys, signing and agreement ones, and the end of the identity.
		KeyAdmin = 1, "key-admin";
		/// Grants, compartments and requests.
		ConsentManage = 2, "consent-manage";
		/// Filing, amending, retracting and attesting records.
		RecordAnchor = 3, "record-anchor";
		/// Reading records: the requests to a custodian.
		RecordRead = 4, "record-read";
		/// Products, lots, shipments, dispensing and recalls.
		SupplyChain = 5, "supply-chain";
		/// Authorities and accreditations.
		Accredit = 6, "accredit";
		/// Affiliations.
		Affiliate = 7, "affiliate";
		/// Acting for another identity.
		Mandate = 8, "mandate";
		/// Recovery of identities.
		Recovery = 9, "recovery";
		/// Devices.
		DeviceAdmin = 10, "device-admin";
		/// Handles.
		Names = 11, "names";
		/// The sealed keyring.
		Vault = 12, "vault";
		/// Registering patients as their sponsor.
		Sponsor = 13, "sponsor";
		/// The log of who was let in.
		AccessLog = 14, "access-log";
	}
}

code_set! {
	/// A set of [`CallScope`]s. Empty means nothing at all.
	CallScopes(u16) of CallScope
}

code! {
	/// What a key is for (W3C DID Core 1.1, section 5.3: verification relationships). The index is
	/// the bit in [`KeyPurposes`].
	KeyPurpose, "purpose of a key", {
		/// To show who it is.
		Authentication = 0, "authentication";
		/// To state something.
		Assertion = 1, "assertion";
		/// To act on the chain.
		CapabilityInvocation = 2, "capability-invocation";
		/// To let others act.
		CapabilityDelegation = 3, "capability-delegation";
	}
}

code_set! {
	/// A set of [`KeyPurpose`]s.
	KeyPurposes(u8) of KeyPurpose
}

code! {
	/// How a slot of a vault is opened.
	SlotKind, "kind of slot", {
		/// By a login name, a chosen password and the secret key of the vault's owner.
		Password = 0, "password";
		/// By a login name and a generated passphrase alone.
		Passphrase = 1, "passphrase";
		/// By a recovery code alone.
		Recovery = 2, "recovery";
		/// By a passkey of a device.
		Passkey = 3, "passkey";
		/// By shares that guardians hold.
		Guardian = 4, "guardian";
	}
}

impl SlotKind {
	/// Whether such a slot is found by a login: somebody with an empty device starts from it.
	pub const fn has_login(self) -> bool {
		matches!(self, Self::Password | Self::Passphrase | Self::Recovery)
	}

	/// Whether what opens such a slot is typed from memory, so that each guess has to cost.
	pub const fn is_stretched(self) -> bool {
		matches!(self, Self::Password | Self::Passphrase)
	}
}

code! {
	/// On what ground an identity is suspended. A documented one, held where it was decided.
	SuspensionGround, "ground to suspend", {
		/// Its keys are in wrong hands.
		KeyCompromise = 0, "key-compromise";
		/// It is not whom it says.
		Impersonation = 1, "impersonation";
		/// The same person or organisation has another.
		Duplicate = 2, "duplicate";
		/// Its conduct is being looked into.
		Investigation = 3, "investigation";
		/// A court or an authority ordered it.
		LegalOrder = 4, "legal-order";
	}
}

code! {
	/// What an organisation lets a practitioner do beyond the role. The index is the bit in
	/// [`AffiliationPermissions`].
	AffiliationPermission, "permission", {
		/// To break the glass in an emergency.
		EmergencyAccess = 0, "emergency-access";
	}
}

code_set! {
	/// A set of [`AffiliationPermission`]s.
	AffiliationPermissions(u8) of AffiliationPermission
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::string::ToString;

	#[test]
	fn codes_are_read_back_from_their_words() {
		for class in RecordClass::ALL {
			assert_eq!(class.word().parse(), Ok(*class));
		}
		assert_eq!("treat".parse(), Ok(Purpose::Treat));
		let error = "poem".parse::<RecordClass>().unwrap_err().to_string();
		assert!(error.starts_with("`poem` is no record class; known are: clinical, laboratory"));
	}

	#[test]
	fn a_discriminant_is_the_codec_index() {
		for purpose in Purpose::ALL {
			assert_eq!(purpose.encode(), [*purpose as u8]);
		}
		for class in RecordClass::ALL {
			assert_eq!(class.encode(), [*class as u8]);
		}
	}

	#[test]
	fn a_parent_covers_its_children_and_not_the_reverse() {
		let treat = Purposes::of(&[Purpose::Treat]);
		assert!(treat.covers(Purpose::Treat));
		assert!(treat.covers(Purpose::Coc));
		assert!(!Purposes::of(&[Purpose::Coc]).covers(Purpose::Treat));
		assert!(Purposes::of(&[Purpose::Hpaymt]).covers(Purpose::Eligdtrm));
	}

	#[test]
	fn emergencies_are_never_implied() {
		let rest = Purposes(Purposes::ALL.0 & !Purposes::NOT_GRANTABLE.0);
		assert!(!rest.covers(Purpose::Etreat));
		assert!(!rest.covers(Purpose::Btg));
		assert!(!rest.has_ungrantable());
		assert!(Purposes::of(&[Purpose::Treat, Purpose::Btg]).has_ungrantable());
	}

	#[test]
	fn sets_know_what_they_hold() {
		let kinds = AccreditationKinds::of(&[
			AccreditationKind::PractitionerLicence,
			AccreditationKind::DataCustodian,
		]);
		assert!(kinds.contains(AccreditationKind::DataCustodian));
		assert!(!kinds.contains(AccreditationKind::PharmacyLicence));
		assert!(kinds.is_within(AccreditationKinds::ALL));
		assert!(!AccreditationKinds::ALL.is_within(kinds));
		assert!(!AccreditationKinds(0).is_sound());
		assert!(!AccreditationKinds(1 << 15).is_sound());
		assert_eq!(kinds.iter().count(), 2);
		assert!(!Purposes(1 << 31).is_known());
		assert!(!Actions(1 << 7).is_known());
		assert!(Classes::ALL.contains(RecordClass::Administrative));
	}

	#[test]
	fn accreditations_fit_their_kind_of_subject() {
		use AccreditationKind::*;
		assert!(PractitionerLicence.fits(IdentityKind::Practitioner));
		assert!(!PractitionerLicence.fits(IdentityKind::Organisation));
		assert!(FacilityLicence.fits(IdentityKind::Organisation));
		assert!(!FacilityLicence.fits(IdentityKind::Patient));
		assert!(DeviceConformity.fits(IdentityKind::Device));
	}
}
