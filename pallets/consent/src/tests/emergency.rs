// SPDX-License-Identifier: Apache-2.0

//! The world of emergencies: Bob and Charlie may break the glass at Eve's hospital, Charlie and Two
//! are privacy officers, there and at One's, and Ferdie holds Alice's emergency keys.

use super::*;
use salus_primitives::{
	AccessPolicy, AccreditationKind, AffiliationPermission, AffiliationPermissions, EmergencyId,
	EmergencyKey, EmergencyReason, IdentityKind, ReviewOutcome,
};

pub(super) const HOUR: Moment = DAY / 24;

/// Where an emergency that is opened at the start ends by itself.
pub(super) const UNTIL: Moment = START + 4 * HOUR;

pub(super) const JUSTIFICATION: Digest = Digest([0xab; 32]);
pub(super) const FINDINGS: Digest = Digest([0xcd; 32]);

pub(super) const EMERGENCY: AffiliationPermissions =
	AffiliationPermissions::of(&[AffiliationPermission::EmergencyAccess]);

/// Runs a test in a world where the glass can be broken.
pub(super) fn in_emergency(test: impl FnOnce()) {
	execute(|| {
		prepare();
		test();
	});
}

/// Makes it possible to break the glass.
pub(super) fn prepare() {
	Identities::set(account(Two), identity(Two), IdentityKind::Practitioner);
	let (bob, charlie, two) = (identity(Bob), identity(Charlie), identity(Two));
	let (eve, one) = (identity(Eve), identity(One));
	Accreditations::affiliate(bob, &[(eve, Role::Physician)]);
	let offices = [(eve, Role::Physician), (eve, Role::PrivacyOfficer)];
	Accreditations::affiliate(charlie, &offices);
	Accreditations::affiliate(two, &[(one, Role::PrivacyOfficer)]);
	Accreditations::permit(bob, eve, EMERGENCY);
	Accreditations::permit(charlie, eve, EMERGENCY);
	Accreditations::always(identity(Ferdie), AccreditationKind::FacilityLicence);
	assert_ok!(Consent::set_emergency_holder(signed(Ferdie), true));
	let break_glass_only = AccessPolicy::BreakGlassOnly;
	assert_ok!(Consent::set_policy(signed(Alice), identity(Alice), break_glass_only));
	for compartment in [1, 2] {
		assert_ok!(give_key(compartment));
	}
	System::reset_events();
}

pub(super) fn emergency_key() -> EmergencyKey {
	EmergencyKey { holder: identity(Ferdie), epoch: 0, key_version: 1, wrap: [6; 80] }
}

/// Alice gives Ferdie the secret of a compartment.
pub(super) fn give_key(compartment: CompartmentNo) -> DispatchResult {
	set_key(compartment, Some(emergency_key()))
}

pub(super) fn set_key(compartment: CompartmentNo, key: Option<EmergencyKey>) -> DispatchResult {
	Consent::set_emergency_key(signed(Alice), identity(Alice), compartment, key)
}

/// Breaks Alice's glass at Eve's.
pub(super) fn break_glass(
	who: Sr25519Keyring,
	compartment: Option<CompartmentNo>,
) -> DispatchResult {
	break_glass_at(who, identity(Alice), identity(Eve), compartment)
}

pub(super) fn break_glass_at(
	who: Sr25519Keyring,
	subject: IdentityId,
	organisation: IdentityId,
	compartment: Option<CompartmentNo>,
) -> DispatchResult {
	let reason = EmergencyReason::Unconscious;
	Consent::break_glass(signed(who), subject, organisation, compartment, reason, JUSTIFICATION)
		.map(|_| ())
		.map_err(|error| error.error)
}

/// Breaks it, and answers the emergency's number.
pub(super) fn broken(who: Sr25519Keyring, compartment: Option<CompartmentNo>) -> EmergencyId {
	let id = NextEmergencyId::<Test>::get();
	assert_ok!(break_glass(who, compartment));
	id
}

/// An emergency of Bob's that has ended.
pub(super) fn ended(compartment: Option<CompartmentNo>) -> EmergencyId {
	let id = broken(Bob, compartment);
	assert_ok!(close(Bob, id));
	id
}

pub(super) fn close(who: Sr25519Keyring, id: EmergencyId) -> DispatchResult {
	Consent::close_break_glass(signed(who), id)
}

pub(super) fn review(
	origin: RuntimeOrigin,
	id: EmergencyId,
	outcome: ReviewOutcome,
) -> DispatchResult {
	Consent::review_break_glass(origin, id, outcome, FINDINGS)
}

pub(super) fn contest(id: EmergencyId) -> DispatchResult {
	Consent::contest(signed(Alice), id)
}

pub(super) fn row(id: EmergencyId) -> Emergency {
	Emergencies::<Test>::get(id).expect("it was opened")
}

pub(super) fn standing(id: EmergencyId) -> EmergencyStanding {
	Consent::emergency(id).expect("it was opened").standing
}

pub(super) fn with_policy(change: impl FnOnce(&mut EmergencyPolicy)) {
	let mut policy = EmergencyPolicy::default();
	change(&mut policy);
	assert_ok!(Consent::set_btg_policy(RuntimeOrigin::root(), policy));
}

pub(super) fn has_deadline(id: EmergencyId) -> bool {
	Deadlines::<Test>::contains_key(hour_of(row(id).review_by), Due::Review(id))
}

pub(super) fn for_emergency(reader: Sr25519Keyring, record: RecordId) -> AccessQuestion {
	AccessQuestion { purpose: Purpose::Btg, ..question(reader, record) }
}

pub(super) fn permitted(id: EmergencyId) -> AccessDecision {
	AccessDecision::Permit(PermitBasis::Emergency(id))
}

/// What somebody who could break the glass is told.
pub(super) const COULD_BREAK: AccessDecision = AccessDecision::Deny(DenyReason::BreakGlass(None));
