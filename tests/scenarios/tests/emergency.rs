// SPDX-License-Identifier: Apache-2.0

//! Breaking the glass: read in need, logged, ended, reviewed; strikes, suspension and contest.

use pallet_health_accreditation::Call as Accreditation;
use pallet_health_consent::{
	Call as Consent, Claimant, Due, EmergencyStanding, Error as ConsentError,
	Event as ConsentEvent, Reviewer,
};
use pallet_health_records::{Call as Records, Content};
use salus_primitives::{
	AccessDecision, AccessPolicy, AccessQuestion, AccreditationId, AccreditationKind, Action,
	AffiliationId, AffiliationPermission, AffiliationPermissions, Commitment, ContentHash, DAY,
	DenyReason, Digest, EmergencyId, EmergencyKey, EmergencyReason, ErasureBasis, IdentityKind,
	PermitBasis, Purpose, RecordClass, RecordId, RecordKey, ReviewOutcome, Role, Window,
	blake2_256,
};
use salus_runtime::{Runtime, RuntimeCall, RuntimeEvent};
use salus_scenarios::{Chain, HOSPITAL, Outcome, PATIENT, REGULATOR, Refused, YEAR};
use salus_test_support::identity;
use sp_keyring::Sr25519Keyring;

/// A doctor at the hospital who may break the glass.
const RESCUER: Sr25519Keyring = Sr25519Keyring::Dave;
/// The hospital's privacy officer.
const OFFICER: Sr25519Keyring = Sr25519Keyring::Ferdie;
/// Another hospital, which holds emergency keys and keeps no shares.
const HOLDER: Sr25519Keyring = Sr25519Keyring::Eve;

const COMPARTMENT: u8 = 0;
const HOUR: u64 = DAY / 24;
const NOTE: Digest = Digest([0x77; 32]);

/// Has somebody work at the hospital for a year. Affiliation 0 is the staff's.
fn employ(
	chain: &mut Chain,
	who: Sr25519Keyring,
	role: Role,
	permissions: AffiliationPermissions,
	id: u64,
) {
	chain.register(who, IdentityKind::Practitioner);
	chain.accredit(who, AccreditationKind::PractitionerLicence);
	employ_at(chain, HOSPITAL, who, role, permissions, id);
}

/// Has a practitioner work somewhere for a year.
fn employ_at(
	chain: &mut Chain,
	employer: Sr25519Keyring,
	who: Sr25519Keyring,
	role: Role,
	permissions: AffiliationPermissions,
	id: u64,
) {
	let invite = Accreditation::<Runtime>::invite_affiliation {
		practitioner: identity(who),
		role,
		window: Window { from: chain.now(), until: chain.now() + YEAR },
		deadline: chain.now() + DAY,
		permissions,
	};
	chain.send(employer, invite).expect("invites");
	let accept = Accreditation::<Runtime>::accept_affiliation { id: AffiliationId(id) };
	chain.send(who, accept).expect("accepts");
}

/// A reading that the patient took: no side of it is the hospital's.
fn reading(chain: &mut Chain) -> RecordId {
	let (nonce, class, patient) = ([3; 16], RecordClass::DeviceData, identity(PATIENT));
	let propose = Records::<Runtime>::propose {
		nonce,
		subject: patient,
		organisation: None,
		class,
		compartment: COMPARTMENT,
		content: Content::External { hash: ContentHash([3; 32]) },
		body: Commitment([3; 32]),
		padded_len: 1_024,
		key: RecordKey { epoch: 0, wrap: [9; 80] },
	};
	chain.send(PATIENT, propose).expect("the patient files");
	RecordId::derive(blake2_256, &patient, &patient, class, COMPARTMENT, &nonce)
}

/// A patient who lets the glass be broken, with a reading, and people who can.
fn start() -> (Chain, RecordId) {
	let mut chain = Chain::start("development");
	chain.staff();
	let rescue = AffiliationPermissions::of(&[AffiliationPermission::EmergencyAccess]);
	employ(&mut chain, RESCUER, Role::Physician, rescue, 1);
	employ(&mut chain, OFFICER, Role::PrivacyOfficer, AffiliationPermissions::default(), 2);
	chain.register(HOLDER, IdentityKind::Organisation);
	chain.accredit(HOLDER, AccreditationKind::FacilityLicence);
	let offer = Consent::<Runtime>::set_emergency_holder { accept: true };
	chain.send(HOLDER, offer).expect("it offers to hold emergency keys");
	chain.admit(PATIENT);
	chain.open(PATIENT, COMPARTMENT);
	let subject = identity(PATIENT);
	let policy = AccessPolicy::BreakGlassOnly;
	chain.send(PATIENT, Consent::<Runtime>::set_policy { subject, policy }).expect("allows it");
	let holder = identity(HOLDER);
	let key = Some(EmergencyKey { holder, epoch: 0, key_version: 1, wrap: [6; 80] });
	let give = Consent::<Runtime>::set_emergency_key { subject, compartment: COMPARTMENT, key };
	chain.send(PATIENT, give).expect("the patient gives a key for emergencies");
	let record = reading(&mut chain);
	(chain, record)
}

fn break_glass(chain: &mut Chain) -> Outcome {
	break_glass_of(chain, Some(COMPARTMENT))
}

fn break_glass_of(chain: &mut Chain, compartment: Option<u8>) -> Outcome {
	let call = Consent::<Runtime>::break_glass {
		subject: identity(PATIENT),
		organisation: identity(HOSPITAL),
		compartment,
		reason: EmergencyReason::Unconscious,
		justification: NOTE,
	};
	chain.send(RESCUER, call)
}

fn close(chain: &mut Chain, emergency: u64) {
	let emergency = EmergencyId(emergency);
	let call = Consent::<Runtime>::close_break_glass { emergency };
	chain.send(RESCUER, call).expect("the rescuer ends it");
}

fn review(emergency: u64, outcome: ReviewOutcome) -> RuntimeCall {
	let emergency = EmergencyId(emergency);
	Consent::<Runtime>::review_break_glass { emergency, outcome, note: NOTE }.into()
}

fn in_need(record: RecordId) -> AccessQuestion {
	let (purpose, action) = (Purpose::Btg, Action::Access);
	AccessQuestion { reader: identity(RESCUER), record, purpose, action }
}

fn decides(chain: &mut Chain, question: AccessQuestion) -> AccessDecision {
	chain.look(|| salus_runtime::Consent::check_access_now(&question))
}

fn log(chain: &mut Chain, question: AccessQuestion, decision: AccessDecision) -> Outcome {
	let AccessQuestion { reader, record, purpose, action } = question;
	let event = Digest([0x99; 32]);
	let call = Consent::<Runtime>::log_access { reader, record, purpose, action, decision, event };
	chain.send(HOSPITAL, call)
}

fn standing(chain: &mut Chain, emergency: u64) -> EmergencyStanding {
	let view = chain.look(|| salus_runtime::Consent::emergency(EmergencyId(emergency)));
	view.expect("it was opened").standing
}

fn claimant(chain: &mut Chain) -> Claimant {
	chain.look(|| salus_runtime::Consent::claimant(identity(RESCUER)))
}

fn rotation_due(chain: &mut Chain) -> bool {
	let compartment =
		chain.look(|| salus_runtime::Consent::compartment(identity(PATIENT), COMPARTMENT));
	compartment.expect("it is open").rotation_due
}

fn consent_events(events: Vec<RuntimeEvent>) -> Vec<ConsentEvent<Runtime>> {
	let ours = events.into_iter().filter_map(|event| match event {
		RuntimeEvent::Consent(event) => Some(event),
		_ => None,
	});
	ours.collect()
}

fn refused(error: ConsentError<Runtime>) -> Outcome {
	Err(Refused::Failed(error.into()))
}

const COULD_BREAK: AccessDecision = AccessDecision::Deny(DenyReason::BreakGlass(None));
const PERMITTED: AccessDecision = AccessDecision::Permit(PermitBasis::Emergency(EmergencyId(0)));

#[test]
fn a_glass_is_broken_read_through_logged_closed_and_reviewed() {
	// given a rescuer whom nobody let in
	let (mut chain, record) = start();
	assert_eq!(decides(&mut chain, in_need(record)), COULD_BREAK);
	let denied = log(&mut chain, in_need(record), COULD_BREAK);
	assert!(denied.is_ok());

	// when the glass is broken
	let events = break_glass(&mut chain).expect("the rescuer may");

	// then everybody hears of it, and the patient's key is due to be replaced
	let (subject, claimant, organisation) =
		(identity(PATIENT), identity(RESCUER), identity(HOSPITAL));
	let emergency = EmergencyId(0);
	let broken = ConsentEvent::GlassBroken {
		emergency,
		subject,
		claimant,
		organisation,
		compartment: Some(COMPARTMENT),
		reason: EmergencyReason::Unconscious,
		justification: NOTE,
		until: chain.now() + 4 * HOUR,
	};
	assert_eq!(consent_events(events), [broken]);
	assert!(rotation_due(&mut chain));

	// and the rescuer reads, for this alone, and each time is logged
	assert_eq!(decides(&mut chain, in_need(record)), PERMITTED);
	let to_treat = AccessQuestion { purpose: Purpose::Treat, ..in_need(record) };
	assert!(!decides(&mut chain, to_treat).is_permit());
	let by_officer = AccessQuestion { reader: identity(OFFICER), ..in_need(record) };
	assert!(!decides(&mut chain, by_officer).is_permit());
	let events = log(&mut chain, in_need(record), PERMITTED).expect("it is logged");
	let logged = consent_events(events);
	assert!(matches!(
		logged[..],
		[ConsentEvent::AccessLogged { number: 1, entry, .. }] if entry.decision == PERMITTED
	));
	let as_another = log(&mut chain, by_officer, PERMITTED);
	assert_eq!(as_another, refused(ConsentError::EmergencyMismatch));

	// when it is over
	close(&mut chain, 0);

	// then nothing more is read, what was read just before is still logged
	assert_eq!(decides(&mut chain, in_need(record)), COULD_BREAK);
	log(&mut chain, in_need(record), PERMITTED).expect("it was read before");
	chain.wait(2 * HOUR);
	let late = log(&mut chain, in_need(record), PERMITTED);
	assert_eq!(late, refused(ConsentError::EmergencyMismatch));

	// and the officer looks into it
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::AwaitingReview);
	let own = chain.send(RESCUER, review(0, ReviewOutcome::Justified));
	assert_eq!(own, refused(ConsentError::ReviewerInvolved));
	let events = chain.send(OFFICER, review(0, ReviewOutcome::Justified)).expect("it reviews");
	let reviewed = ConsentEvent::GlassReviewed {
		emergency,
		subject,
		claimant,
		outcome: ReviewOutcome::Justified,
		note: NOTE,
		by: Reviewer::Officer(identity(OFFICER)),
	};
	assert_eq!(consent_events(events), [reviewed]);
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::Justified);
}

#[test]
fn three_without_need_suspend_and_the_council_reinstates() {
	// given three emergencies that were none
	let (mut chain, record) = start();
	for number in 0..3 {
		break_glass(&mut chain).expect("the rescuer may");
		close(&mut chain, number);
	}
	for number in 0..2 {
		chain.send(OFFICER, review(number, ReviewOutcome::Unjustified)).expect("it reviews");
	}
	break_glass(&mut chain).expect("two strikes do not suspend");
	assert!(decides(&mut chain, in_need(record)).is_permit());

	// when the third is found out
	let events = chain.send(OFFICER, review(2, ReviewOutcome::Unjustified)).expect("it reviews");
	let rescuer = identity(RESCUER);
	let suspended = ConsentEvent::ClaimantSuspended { claimant: rescuer, strikes: 3 };
	assert!(consent_events(events).contains(&suspended));

	// then the open one stops, and no other opens
	let nothing = AccessDecision::Deny(DenyReason::NoGrant);
	assert_eq!(decides(&mut chain, in_need(record)), nothing);
	close(&mut chain, 3);
	assert_eq!(break_glass(&mut chain), refused(ConsentError::ClaimantSuspended));

	// until the council thinks better of it
	let reinstate = Consent::<Runtime>::reinstate { claimant: rescuer };
	let by_officer = chain.send(OFFICER, reinstate.clone());
	assert_eq!(by_officer, Err(Refused::Failed(sp_runtime::DispatchError::BadOrigin)));
	chain.govern(reinstate);
	assert_eq!(claimant(&mut chain).strikes, 0);
	break_glass(&mut chain).expect("the rescuer may again");

	// and the day's quota is five
	close(&mut chain, 4);
	assert_eq!(break_glass(&mut chain), refused(ConsentError::ClaimantQuotaExceeded));
	chain.wait(DAY);
	break_glass(&mut chain).expect("it is another day");
}

#[test]
fn a_patient_contests_and_the_council_has_the_last_word() {
	// given an emergency that the hospital's officer found justified
	let (mut chain, _) = start();
	break_glass(&mut chain).expect("the rescuer may");
	close(&mut chain, 0);
	chain.send(OFFICER, review(0, ReviewOutcome::Justified)).expect("it reviews");

	// when the patient, awake again, does not accept that
	let contest = || Consent::<Runtime>::contest { emergency: EmergencyId(0) };
	chain.send(PATIENT, contest()).expect("the patient contests");
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::Contested);

	// then the officer has no say any more
	let again = chain.send(OFFICER, review(0, ReviewOutcome::Justified));
	assert_eq!(again, refused(ConsentError::ForGovernance));
	chain.govern(review(0, ReviewOutcome::Unjustified));
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::Unjustified);
	assert_eq!(claimant(&mut chain).strikes, 1);
	assert_eq!(chain.send(PATIENT, contest()), refused(ConsentError::AlreadyContested));
}

#[test]
fn a_review_that_nobody_makes_falls_to_the_council_by_itself() {
	// given an emergency that ran out
	let (mut chain, _) = start();
	break_glass(&mut chain).expect("the rescuer may");
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::Open);
	chain.wait(4 * HOUR);
	chain.skip(1);
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::AwaitingReview);

	// when three days pass
	chain.wait(3 * DAY + HOUR);
	// The sweep goes through some of the hours that are over in each block.
	for _ in 0..4 {
		chain.skip(1);
	}

	// then it is overdue, and the end of a block has said so
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::Overdue);
	let due = vec![Due::Review(EmergencyId(0))].try_into().expect("one fits");
	let said_before = chain.send(REGULATOR, Consent::<Runtime>::reap { due });
	assert_eq!(said_before, refused(ConsentError::NotDue));
	let late = chain.send(OFFICER, review(0, ReviewOutcome::Justified));
	assert_eq!(late, refused(ConsentError::ReviewTooLate));
	chain.govern(review(0, ReviewOutcome::Justified));
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::Justified);
}

#[test]
fn a_record_that_is_to_be_erased_is_read_until_it_is() {
	// given a patient who asked for erasure
	let (mut chain, record) = start();
	let ask = Records::<Runtime>::request_erasure { record };
	chain.send(PATIENT, ask).expect("the patient asks");

	// then the glass still breaks, and shows what is there
	break_glass(&mut chain).expect("the rescuer may");
	assert_eq!(decides(&mut chain, in_need(record)), PERMITTED);

	// when the record goes while the emergency is open
	let basis = ErasureBasis::ConsentWithdrawn;
	let erase = Records::<Runtime>::execute_erasure { record, basis };
	chain.send(PATIENT, erase).expect("the patient erases what it filed");

	// then there is nothing to read, and the emergency is reviewed like any other
	let unknown = AccessDecision::Deny(DenyReason::UnknownRecord);
	assert_eq!(decides(&mut chain, in_need(record)), unknown);
	assert_eq!(log(&mut chain, in_need(record), unknown), refused(ConsentError::RecordNotFound));
	close(&mut chain, 0);
	chain.send(OFFICER, review(0, ReviewOutcome::Justified)).expect("it reviews");
}

#[test]
fn an_officer_at_another_house_of_the_claimant_reviews_no_emergency_of_all() {
	// given a rescuer who works at the holder's house as well, and an officer there
	let (mut chain, _) = start();
	let colleague = Sr25519Keyring::AliceStash;
	let none = AffiliationPermissions::default();
	employ_at(&mut chain, HOLDER, RESCUER, Role::Physician, none, 3);
	chain.register(colleague, IdentityKind::Practitioner);
	chain.accredit(colleague, AccreditationKind::PractitionerLicence);
	employ_at(&mut chain, HOLDER, colleague, Role::PrivacyOfficer, none, 4);

	// when the rescuer breaks the glass at the hospital, for all there is, and leaves the other house
	break_glass_of(&mut chain, None).expect("the rescuer may");
	close(&mut chain, 0);
	let leave = Accreditation::<Runtime>::end_affiliation { id: AffiliationId(3) };
	chain.send(RESCUER, leave).expect("the rescuer leaves");

	// then its colleague of then has no say, nor has the hospital's officer
	for officer in [colleague, OFFICER] {
		let reviewed = chain.send(officer, review(0, ReviewOutcome::Justified));
		assert_eq!(reviewed, refused(ConsentError::ReviewerNotIndependent));
	}
	assert_eq!(standing(&mut chain, 0), EmergencyStanding::AwaitingReview);
}

#[test]
fn a_key_that_was_rotated_in_an_emergency_is_rotated_again_after_it() {
	let (mut chain, _) = start();
	break_glass(&mut chain).expect("the rescuer may");
	let rotate = |chain: &mut Chain, epoch: u32| {
		let rotate = Consent::<Runtime>::rotate_compartment {
			subject: identity(PATIENT),
			compartment: COMPARTMENT,
			expected_epoch: epoch,
			key: salus_test_support::agreement_key(90 + epoch as u8),
			link: [4; 80],
			wraps: Default::default(),
			emergency: Some((1, [5; 80])),
		};
		chain.send(PATIENT, rotate).expect("the patient rotates");
	};
	rotate(&mut chain, 0);
	assert!(rotation_due(&mut chain));
	close(&mut chain, 0);
	assert!(rotation_due(&mut chain));
	rotate(&mut chain, 1);
	assert!(!rotation_due(&mut chain));
}

#[test]
fn a_holder_ceases_after_its_notice_whatever_its_patients_do() {
	// given a holder with a patient's key, whose licence runs out
	let (mut chain, _) = start();
	let (subject, compartment) = (identity(PATIENT), COMPARTMENT);
	let cease = || Consent::<Runtime>::set_emergency_holder { accept: false };
	let drop = || Consent::<Runtime>::set_emergency_key { subject, compartment, key: None };
	chain.wait(YEAR);
	chain.skip(1);

	// when it gives notice, which takes no licence
	let events = chain.send(HOLDER, cease()).expect("it gives notice");
	let (organisation, leaves) = (identity(HOLDER), chain.now() + 30 * DAY);
	let leaving = ConsentEvent::EmergencyHolderLeaving { organisation, leaves };
	assert_eq!(consent_events(events), [leaving]);
	assert_eq!(chain.send(HOLDER, drop()), refused(ConsentError::NoticeNotOver));

	// then its patient can do nothing for thirty days, and no more
	chain.wait(30 * DAY);
	chain.skip(1);
	assert_eq!(chain.send(HOLDER, cease()), refused(ConsentError::KeysHeld));
	chain.send(HOLDER, drop()).expect("it drops the key");
	chain.send(HOLDER, cease()).expect("it is gone");
	let held = chain.look(|| salus_runtime::Consent::emergency_holder(organisation));
	assert_eq!(held, None);
}

#[test]
fn a_patient_without_a_key_for_emergencies_is_told_of_before_use() {
	let (mut chain, record) = start();
	let (subject, compartment) = (identity(PATIENT), COMPARTMENT);
	let take_back = Consent::<Runtime>::set_emergency_key { subject, compartment, key: None };
	chain.send(PATIENT, take_back).expect("the patient opts out");
	assert_eq!(break_glass(&mut chain), refused(ConsentError::NoEmergencyKey));
	let nothing = AccessDecision::Deny(DenyReason::NoGrant);
	assert_eq!(decides(&mut chain, in_need(record)), nothing);
}

#[test]
fn who_keeps_shares_holds_no_emergency_keys() {
	let (mut chain, _) = start();
	let offer = || Consent::<Runtime>::set_emergency_holder { accept: true };
	let both = chain.send(HOSPITAL, offer());
	assert_eq!(both, refused(ConsentError::HolderKeepsShares));
	let by_patient = chain.send(PATIENT, offer());
	assert!(by_patient.is_err());

	// Nor does one that kept some, when its accreditation is over.
	let custodians = vec![identity(HOSPITAL)].try_into().expect("one fits");
	let name = Consent::<Runtime>::set_share_custodian { custodians, threshold: 1 };
	chain.send(PATIENT, name).expect("the patient names the hospital");
	let end = Accreditation::<Runtime>::revoke_accreditation {
		id: AccreditationId(2),
		effective_from: chain.now(),
		reason: pallet_health_accreditation::RevocationReason::CessationOfPractice,
	};
	chain.send(REGULATOR, end).expect("the regulator ends it");
	assert_eq!(chain.send(HOSPITAL, offer()), refused(ConsentError::HolderKeepsShares));
	chain.accredit(HOSPITAL, AccreditationKind::DataCustodian);

	// Accredited as custodian later, it records nothing, and nobody can name it.
	chain.accredit(HOLDER, AccreditationKind::DataCustodian);
	let custodians = vec![identity(HOSPITAL), identity(HOLDER)].try_into().expect("two fit");
	let name = Consent::<Runtime>::set_share_custodian { custodians, threshold: 1 };
	let named = chain.send(HOSPITAL, name);
	assert_eq!(named, refused(ConsentError::CustodianHoldsEmergencyKeys));
	let anchor = Consent::<Runtime>::anchor_audit_batch {
		recorder: salus_primitives::RecorderId([1; 32]),
		seq: 0,
		root: Digest([1; 32]),
		first: 0,
		last: 0,
		from: 0,
		until: 0,
	};
	let anchored = chain.send(HOLDER, anchor);
	assert_eq!(anchored, refused(ConsentError::RecorderHoldsEmergencyKeys));
}
