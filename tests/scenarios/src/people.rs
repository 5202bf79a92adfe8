// SPDX-License-Identifier: Apache-2.0

//! The people of the scenarios, and how they come to be who they are.

use crate::{Body, Chain};
use pallet_health_accreditation::AuthorityScope;
use pallet_health_consent::{Basis, Decision, GrantKeys, Grantee, Scope};
use salus_primitives::{
	AccreditationKind, AccreditationKinds, Action, Actions, AffiliationId, AffiliationPermissions,
	Commitment, CompartmentKey, CompartmentNo, IdentityId, IdentityKind, Jurisdiction, PublicKey,
	Purpose, Purposes, Role, SponsoredRegistration, Window,
};
use salus_runtime::{Runtime, RuntimeCall, System};
use salus_test_support::{agreement_key, identity, sign};
use sp_keyring::Sr25519Keyring;

/// The regulator, and the whole council of a development chain.
pub const REGULATOR: Sr25519Keyring = Sr25519Keyring::Alice;
/// A hospital that also registers patients and keeps shares.
pub const HOSPITAL: Sr25519Keyring = Sr25519Keyring::Bob;
/// A doctor at the hospital.
pub const DOCTOR: Sr25519Keyring = Sr25519Keyring::Charlie;
/// A patient without a token.
pub const PATIENT: Sr25519Keyring = Sr25519Keyring::One;
/// Somebody with nothing.
pub const STRANGER: Sr25519Keyring = Sr25519Keyring::Two;

/// Switzerland.
pub const COUNTRY: Jurisdiction = Jurisdiction(756);

/// A year in milliseconds.
pub const YEAR: u64 = 365 * salus_primitives::DAY;

impl Chain {
	/// Registers a development key for itself.
	pub fn register(&mut self, who: Sr25519Keyring, kind: IdentityKind) -> IdentityId {
		let call = pallet_health_identity::Call::<Runtime>::register {
			kind,
			salt: [0; 16],
			agreement_key: agreement_key(who as u8),
			profile: None,
			public: PublicKey::Sr25519(who.to_raw_public()),
		};
		self.send(who, call).expect("registers");
		identity(who)
	}

	/// Has the council of a development chain carry out a call.
	pub fn govern(&mut self, call: impl Into<RuntimeCall>) {
		let result = self.resolve(Body::Council, &[REGULATOR], call);
		result.expect("the council's call succeeds");
	}

	/// Makes [`REGULATOR`] the regulator of everything.
	pub fn appoint_regulator(&mut self) {
		self.register(REGULATOR, IdentityKind::Organisation);
		let motion = self.regulator_motion();
		self.govern(motion);
	}

	/// The motion that makes [`REGULATOR`] the regulator of everything.
	pub fn regulator_motion(&self) -> RuntimeCall {
		let scope = AuthorityScope {
			kinds: AccreditationKinds::ALL,
			jurisdictions: vec![COUNTRY].try_into().expect("one fits"),
			codes: None,
		};
		let window = Window { from: 0, until: self.now() + 10 * YEAR };
		let id = identity(REGULATOR);
		pallet_health_accreditation::Call::<Runtime>::appoint_regulator { id, scope, window }.into()
	}

	/// Has the regulator accredit somebody for a year.
	pub fn accredit(&mut self, who: Sr25519Keyring, kind: AccreditationKind) {
		let window = Window { from: self.now(), until: self.now() + YEAR };
		let call = pallet_health_accreditation::Call::<Runtime>::grant_accreditation {
			subject: identity(who),
			kind,
			jurisdiction: COUNTRY,
			commitment: Commitment([1 + kind as u8; 32]),
			window,
			codes: Default::default(),
			digest: None,
		};
		self.send(REGULATOR, call).expect("the regulator accredits");
	}

	/// Regulator, hospital and doctor, accredited and affiliated: accreditations 0 to 3 in the order of
	/// the calls, affiliation 0.
	pub fn staff(&mut self) {
		self.appoint_regulator();
		self.register(HOSPITAL, IdentityKind::Organisation);
		for kind in [
			AccreditationKind::FacilityLicence,
			AccreditationKind::OnboardingAgent,
			AccreditationKind::DataCustodian,
		] {
			self.accredit(HOSPITAL, kind);
		}
		self.register(DOCTOR, IdentityKind::Practitioner);
		self.accredit(DOCTOR, AccreditationKind::PractitionerLicence);
		let window = Window { from: self.now(), until: self.now() + YEAR };
		let deadline = self.now() + salus_primitives::DAY;
		let invite = pallet_health_accreditation::Call::<Runtime>::invite_affiliation {
			practitioner: identity(DOCTOR),
			role: Role::Physician,
			window,
			deadline,
			permissions: AffiliationPermissions::default(),
		};
		self.send(HOSPITAL, invite).expect("invites");
		let accept = pallet_health_accreditation::Call::<Runtime>::accept_affiliation {
			id: AffiliationId(0),
		};
		self.send(DOCTOR, accept).expect("accepts");
	}

	/// Has the hospital register a patient who agreed and holds no token.
	pub fn admit(&mut self, patient: Sr25519Keyring) -> IdentityId {
		let call = self.registration_of(patient);
		self.send(HOSPITAL, call).expect("the hospital registers a patient");
		identity(patient)
	}

	/// The call by which the hospital registers a patient who agreed.
	pub fn registration_of(&mut self, patient: Sr25519Keyring) -> RuntimeCall {
		self.registration_by(HOSPITAL, patient)
	}

	/// The call by which a sponsor registers a patient who agreed.
	pub fn registration_by(
		&mut self,
		sponsor: Sr25519Keyring,
		patient: Sr25519Keyring,
	) -> RuntimeCall {
		let deadline = self.now() + 60_000;
		let agreement_key = agreement_key(100 + patient as u8);
		let public = PublicKey::Sr25519(patient.to_raw_public());
		let consent = SponsoredRegistration {
			genesis: self.genesis(),
			sponsor: identity(sponsor),
			account: patient.to_raw_public(),
			public,
			kind: IdentityKind::Patient,
			salt: [0; 16],
			agreement_key,
			profile: None,
			deadline,
		};
		pallet_health_identity::Call::<Runtime>::register_for {
			account: patient.to_account_id(),
			kind: IdentityKind::Patient,
			salt: [0; 16],
			agreement_key,
			profile: None,
			public,
			deadline,
			signature: sign(patient, &consent.to_bytes()),
		}
		.into()
	}

	/// The hash of the genesis block, which every statement names.
	pub fn genesis(&mut self) -> [u8; 32] {
		self.look(|| System::block_hash(0).0)
	}

	/// Has a patient open a compartment.
	pub fn open(&mut self, patient: Sr25519Keyring, compartment: CompartmentNo) {
		let call = pallet_health_consent::Call::<Runtime>::open_compartment {
			subject: identity(patient),
			compartment,
			key: agreement_key(150 + compartment),
			restricted: false,
		};
		self.send(patient, call).expect("the patient opens a compartment");
	}

	/// The call by which a patient lets the doctor read a compartment for a year, to treat.
	pub fn grant_to_doctor(
		&self,
		patient: Sr25519Keyring,
		compartment: CompartmentNo,
	) -> RuntimeCall {
		let key = CompartmentKey { compartment, epoch: 0, key_version: 1, wrap: [7; 80] };
		pallet_health_consent::Call::<Runtime>::grant {
			subject: identity(patient),
			grantee: Grantee::Identity(identity(DOCTOR)),
			decision: Decision::Permit,
			scope: Scope::Compartment(compartment),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window: Window { from: self.now(), until: self.now() + YEAR },
			uses: None,
			basis: Basis::Consent,
			document: None,
			delegable: false,
			keys: GrantKeys::Compartments(vec![key].try_into().expect("one fits")),
		}
		.into()
	}
}
