// SPDX-License-Identifier: Apache-2.0

//! Writes a raw chain specification with a crowd of grants in its genesis: `grants FROM TO COUNT`,
//! where FROM is a raw specification.
//!
//! One patient's quota of grants is full, and most of them are one reader's: eight under each of the
//! eleven hats that somebody can wear, so that a decision looks at 88 rules. The other grants are
//! other patients', twenty each.
//!
//! On stdout stands, as JSON, what a measurement needs: questions about that reader as the runtime API
//! takes them, with the answers that the runtime gives in process.

use codec::Encode;
use frame_support::{BoundedVec, traits::Get};
use pallet_health_accreditation::Call as Accreditation;
use pallet_health_consent::{
	Config, EmergencyKeys, Grant, GrantIndex, Grantee, Grants, LiveGrants, MAX_GRANTS_PER_PAIR,
	NextGrantId, Pallet as Consent, Place, Policies, PolicyRow,
};
use pallet_health_records::Records;
use salus_primitives::{
	AccessDecision, AccessPolicy, AccessQuestion, AccreditationKind, Action, AffiliationId,
	AffiliationPermission, AffiliationPermissions, DAY, EmergencyKey, GrantId, IdentityId,
	IdentityKind, Purpose, Purposes, RecordId, Role, Window, blake2_256,
};
use salus_runtime::Runtime;
use salus_scenarios::{Chain, DOCTOR, HOSPITAL, PATIENT, RawSpec, YEAR, anchored_note};
use salus_test_support::identity;
use serde_json::json;
use sp_core::bytes::to_hex;
use sp_keyring::Sr25519Keyring;
use std::{collections::BTreeMap, error::Error};

/// The second organisation that the reader works at.
const CLINIC: Sr25519Keyring = Sr25519Keyring::Dave;
/// How many grants everybody else has made.
const OF_EVERYBODY: u64 = 20;
/// The pallets that a decision asks, and the clock.
const ASKED: [&str; 5] = ["Identity", "Accreditation", "Records", "Consent", "Timestamp"];

fn main() -> Result<(), Box<dyn Error>> {
	let arguments: Vec<_> = std::env::args().skip(1).collect();
	let [from, to, count] = &arguments[..] else {
		return Err("usage: grants FROM TO COUNT".into());
	};
	let count: u64 = count.parse()?;

	let mut chain = Chain::start("development");
	let record = set_stage(&mut chain);
	let template = chain.look(|| Grants::<Runtime>::get(GrantId(0))).ok_or("no grant was made")?;
	let own = chain.look(|| fill_quota(&template, record));
	if count < own {
		return Err(format!("the one patient alone has {own} grants").into());
	}
	let questions = chain.look(|| questions(record))?;

	let mut changed = BTreeMap::new();
	for pallet in ASKED {
		changed.extend(chain.rows_of(pallet));
	}
	changed.insert(NextGrantId::<Runtime>::hashed_key().to_vec(), GrantId(count).encode());
	let mut rows = RawSpec::begin(from, to, changed)?;
	write_crowd(&mut rows, &template, own, count)?;
	let bytes = rows.bytes().checked_div(count - own).unwrap_or_default();
	rows.finish()?;
	println!("{}", json!({ "grants": count, "bytesPerGrant": bytes, "questions": questions }));
	Ok(())
}

/// A reader with every hat there is, and a patient with a record that somebody else wrote.
fn set_stage(chain: &mut Chain) -> RecordId {
	chain.staff();
	chain.register(CLINIC, IdentityKind::Organisation);
	chain.accredit(CLINIC, AccreditationKind::FacilityLicence);
	let jobs =
		[(HOSPITAL, Role::Nurse), (CLINIC, Role::Pharmacist), (CLINIC, Role::PrivacyOfficer)];
	// The first affiliation is that of the staff.
	for (id, (organisation, role)) in (1..).map(AffiliationId).zip(jobs) {
		let now = chain.now();
		let invite = Accreditation::<Runtime>::invite_affiliation {
			practitioner: identity(DOCTOR),
			role,
			window: Window { from: now, until: now + YEAR },
			deadline: now + DAY,
			permissions: AffiliationPermissions::of(&[AffiliationPermission::EmergencyAccess]),
		};
		chain.send(organisation, invite).expect("invites");
		let accept = Accreditation::<Runtime>::accept_affiliation { id };
		chain.send(DOCTOR, accept).expect("accepts");
	}
	chain.admit(PATIENT);
	chain.open(PATIENT, 0);
	let grant = chain.grant_to_doctor(PATIENT, 0);
	chain.send(PATIENT, grant).expect("grants");
	anchored_note(chain, DOCTOR, PATIENT)
}

/// The hats of the reader, as decisions know them.
fn hats() -> Vec<Grantee> {
	let mut all = vec![Grantee::Identity(identity(DOCTOR))];
	all.extend([HOSPITAL, CLINIC].map(|employer| Grantee::Organisation(identity(employer))));
	for (employer, role) in [
		(HOSPITAL, Role::Physician),
		(HOSPITAL, Role::Nurse),
		(CLINIC, Role::Pharmacist),
		(CLINIC, Role::PrivacyOfficer),
	] {
		all.push(Grantee::Role { organisation: Some(identity(employer)), role });
		all.push(Grantee::Role { organisation: None, role });
	}
	all
}

/// Fills the patient's quota: of the rules under the reader's hats only the last lets in, and for one
/// purpose. All others speak of what is asked and are over, which is found last. Gives how many there
/// are.
fn fill_quota(template: &Grant, record: RecordId) -> u64 {
	let subject = identity(PATIENT);
	// Somebody else's, at a third organisation: else the reader would read it as its own.
	Records::<Runtime>::mutate(record, |row| {
		let row = row.as_mut().expect("it was filed");
		row.author = IdentityId([8; 32]);
		row.organisation = Some(IdentityId([7; 32]));
	});
	let policy = AccessPolicy::BreakGlassOnly;
	Policies::<Runtime>::insert(subject, PolicyRow { policy, since: 0, before: policy });
	let holder = IdentityId([6; 32]);
	let key = EmergencyKey { holder, epoch: 0, key_version: 1, wrap: [5; 80] };
	EmergencyKeys::<Runtime>::insert(subject, 0, key);

	let hats = hats();
	let under_hats = hats.len() as u64 * u64::from(MAX_GRANTS_PER_PAIR);
	let quota: u32 = <Runtime as Config>::MaxLiveGrants::get();
	let grantee = |number: u64| match hats.get((number / u64::from(MAX_GRANTS_PER_PAIR)) as usize) {
		Some(hat) => *hat,
		None => Grantee::Identity(IdentityId(blake2_256(&(b"other", number).encode()))),
	};
	let (mut index, mut places) = (BTreeMap::<Grantee, Vec<_>>::new(), Vec::new());
	for number in 0..u64::from(quota) {
		let (id, grantee) = (GrantId(number), grantee(number));
		let mut grant = Grant { grantee, ..template.clone() };
		let purposes = [Purpose::Treat, Purpose::Hpaymt];
		grant.terms.purposes = Purposes::of(&purposes);
		match number + 1 {
			number if number < under_hats => grant.terms.window.until = grant.terms.window.from + 1,
			_ => grant.terms.purposes = Purposes::of(&[Purpose::Hpaymt]),
		}
		Grants::<Runtime>::insert(id, &grant);
		index.entry(grantee).or_default().push(grant.rule(id));
		places.push(Place { grant: id, until: grant.terms.window.until });
	}
	for (grantee, rules) in index {
		GrantIndex::<Runtime>::insert(subject, grantee, BoundedVec::truncate_from(rules));
	}
	LiveGrants::<Runtime>::insert(subject, BoundedVec::<_, _>::truncate_from(places));
	u64::from(quota)
}

/// Questions that look at every rule, and their answers: one that the last rule permits, and one that
/// none does, so that policy, emergency key and emergency roles are looked at as well.
fn questions(record: RecordId) -> Result<Vec<serde_json::Value>, Box<dyn Error>> {
	let ask = |name: &str, purpose, is_as_meant: fn(&AccessDecision) -> bool| {
		let reader = identity(DOCTOR);
		let question = AccessQuestion { reader, record, purpose, action: Action::Access };
		let explained = Consent::<Runtime>::explain_access_now(&question);
		let answer = Consent::<Runtime>::check_access_now(&question);
		if explained.examined.len() != 88 || !is_as_meant(&answer) {
			return Err(format!("{name}: {answer} after {} rules", explained.examined.len()));
		}
		Ok(json!({
			"name": name,
			"input": to_hex(&question.encode(), false),
			"answer": to_hex(&answer.encode(), false),
		}))
	};
	let breaks = |answer: &AccessDecision| answer.to_string().contains("break the glass");
	Ok(vec![
		ask("permitted by the last of 88 rules", Purpose::Hpaymt, AccessDecision::is_permit)?,
		ask("denied after 88 rules, the policy and the emergency roles", Purpose::Treat, breaks)?,
	])
}

/// The grants of everybody else.
fn write_crowd(
	rows: &mut RawSpec,
	template: &Grant,
	from: u64,
	until: u64,
) -> Result<(), Box<dyn Error>> {
	let mut places = Vec::new();
	for number in from..until {
		let subject = IdentityId(blake2_256(&(b"somebody", number / OF_EVERYBODY).encode()));
		let grantee = Grantee::Identity(IdentityId(blake2_256(&(b"reader", number).encode())));
		let (id, grant) = (GrantId(number), Grant { subject, grantee, ..template.clone() });
		rows.row(Grants::<Runtime>::hashed_key_for(id), grant.encode())?;
		let rules = vec![grant.rule(id)];
		rows.row(GrantIndex::<Runtime>::hashed_key_for(subject, grantee), rules.encode())?;
		places.push(Place { grant: id, until: grant.terms.window.until });
		if number + 1 == until || (number + 1) % OF_EVERYBODY == 0 {
			let places = std::mem::take(&mut places);
			rows.row(LiveGrants::<Runtime>::hashed_key_for(subject), places.encode())?;
		}
	}
	Ok(())
}
