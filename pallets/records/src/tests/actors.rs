// SPDX-License-Identifier: Apache-2.0

//! Who acts in the tests, what they hold, and the policies they meet.

use crate::{
	Requirement, ValidationPolicy,
	mock::{Test, Timestamp},
};
use salus_primitives::{AccreditationKind, AccreditationKinds, DAY, IdentityKind, Moment, Role};
use salus_test_support::{Accreditations, Identities, OpenCompartments, account, identity};
use sp_keyring::Sr25519Keyring::{self, *};

/// The actors: patients, practitioners of two hospitals, the hospitals, a laboratory, a device.
pub(crate) const PATIENT: Sr25519Keyring = Alice;
pub(crate) const OTHER_PATIENT: Sr25519Keyring = Bob;
pub(crate) const DOCTOR: Sr25519Keyring = Charlie;
pub(crate) const COLLEAGUE: Sr25519Keyring = Dave;
pub(crate) const STRANGER: Sr25519Keyring = Eve;
pub(crate) const HOSPITAL: Sr25519Keyring = Ferdie;
pub(crate) const OTHER_HOSPITAL: Sr25519Keyring = One;
pub(crate) const LABORATORY: Sr25519Keyring = Two;
pub(crate) const DEVICE: Sr25519Keyring = AliceStash;
pub(crate) const NOBODY: Sr25519Keyring = BobStash;

const CLINICIANS: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::PractitionerLicence,
	AccreditationKind::FacilityLicence,
]);
const NONE: Requirement = Requirement { count: 0, from: AccreditationKinds(0) };

/// The gateway of the hospital vouches for the source.
pub(crate) const CLINICAL: ValidationPolicy = ValidationPolicy {
	accuracy: Requirement { count: 0, from: CLINICIANS },
	completeness: NONE,
	source: Requirement {
		count: 1,
		from: AccreditationKinds::of(&[AccreditationKind::FacilityLicence]),
	},
	distinct_organisations: false,
	author_may_attest: true,
	time_to_live: DAY,
};

/// All three kinds, and two independent opinions on accuracy.
pub(crate) const LAB: ValidationPolicy = ValidationPolicy {
	accuracy: Requirement { count: 2, from: CLINICIANS },
	completeness: Requirement { count: 1, from: CLINICIANS },
	source: Requirement {
		count: 1,
		from: AccreditationKinds::of(&[AccreditationKind::LaboratoryAccreditation]),
	},
	distinct_organisations: true,
	author_may_attest: false,
	time_to_live: 2 * DAY,
};

/// A patient's reading waits for a clinician.
pub(crate) const READINGS: ValidationPolicy = ValidationPolicy {
	accuracy: Requirement { count: 1, from: CLINICIANS },
	completeness: NONE,
	source: NONE,
	author_may_attest: false,
	distinct_organisations: false,
	time_to_live: 7 * DAY,
};

/// Registers the actors with the doubles.
pub(crate) fn register() {
	use AccreditationKind::*;
	for (who, kind) in [
		(PATIENT, IdentityKind::Patient),
		(OTHER_PATIENT, IdentityKind::Patient),
		(DOCTOR, IdentityKind::Practitioner),
		(COLLEAGUE, IdentityKind::Practitioner),
		(STRANGER, IdentityKind::Practitioner),
		(HOSPITAL, IdentityKind::Organisation),
		(OTHER_HOSPITAL, IdentityKind::Organisation),
		(LABORATORY, IdentityKind::Organisation),
		(DEVICE, IdentityKind::Device),
	] {
		Identities::set(account(who), identity(who), kind);
	}
	for who in [DOCTOR, COLLEAGUE, STRANGER] {
		Accreditations::always(identity(who), PractitionerLicence);
	}
	for who in [HOSPITAL, OTHER_HOSPITAL] {
		Accreditations::always(identity(who), FacilityLicence);
	}
	Accreditations::always(identity(LABORATORY), LaboratoryAccreditation);
	for (who, place) in [(DOCTOR, HOSPITAL), (COLLEAGUE, HOSPITAL), (STRANGER, OTHER_HOSPITAL)] {
		Accreditations::affiliate(identity(who), &[(identity(place), Role::Physician)]);
	}
	for patient in [PATIENT, OTHER_PATIENT] {
		OpenCompartments::set(identity(patient), 0, 3);
	}
}

pub(crate) fn set_time(now: Moment) {
	Timestamp::set_timestamp(now);
}

pub(crate) fn now() -> Moment {
	pallet_timestamp::Now::<Test>::get()
}
