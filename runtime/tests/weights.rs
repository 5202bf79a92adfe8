// SPDX-License-Identifier: Apache-2.0

//! Every call of ours costs something, and fits a block.

use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo as _, Pays},
	traits::GetCallName as _,
};
use pallet_health_accreditation::{AuthorityScope, Call as Accreditation, RevocationReason};
use pallet_health_consent::{
	Basis, Call as Consent, Decision, GrantKeys, Grantee, RevocationStrength, Scope,
};
use pallet_health_identity::Call as Identity;
use pallet_health_records::{Call as Records, Content, MAX_INLINE};
use salus_primitives::{
	AccessDecision, AccreditationId, AccreditationKind, AccreditationKinds, Action, Actions,
	AffiliationId, AmendReason, AttestationKind, Classes, Commitment, CompartmentKey, ContentHash,
	DenyReason, Digest, GrantId, IdentityId, IdentityKind, Jurisdiction, Purpose, Purposes,
	RecordClass, RecordId, RecordKey, RetractReason, Role, SignedAttestation, Verdict, Window,
};
use salus_runtime::{
	AccountId, Runtime, RuntimeCall, Signature,
	configs::{RuntimeBlockWeights, genesis_policies},
	constants::block::{MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO},
};

const SOMEBODY: IdentityId = IdentityId([1; 32]);
const RECORD: RecordId = RecordId([2; 32]);
const WINDOW: Window = Window { from: 0, until: 1 };

/// The heaviest form of every call of ours.
fn calls() -> Vec<RuntimeCall> {
	let account = AccountId::new([3; 32]);
	let signature = Signature::Sr25519([0; 64].into());
	let inline = || Content::Inline(vec![0; MAX_INLINE as usize].try_into().expect("it fits"));
	let external = || Content::External { hash: ContentHash([4; 32]) };
	let body = Commitment([5; 32]);
	let key = RecordKey { epoch: 0, wrap: [0; 80] };
	let attestation = SignedAttestation {
		validator: account.clone(),
		kind: AttestationKind::Accuracy,
		verdict: Verdict::Pass,
		evidence: Digest([6; 32]),
		expires: 0,
		signature: signature.clone(),
	};
	let bundle = || vec![attestation.clone(); 8].try_into().expect("eight fit");
	let wrap = CompartmentKey { compartment: 0, epoch: 0, key_version: 1, wrap: [0; 80] };
	let keys = GrantKeys::Compartments(vec![wrap; 8].try_into().expect("eight fit"));
	let (class, policy) = genesis_policies()[0];
	let anchor = |content| Records::<Runtime>::anchor_validated {
		nonce: [0; 16],
		subject: SOMEBODY,
		organisation: None,
		class: RecordClass::Clinical,
		compartment: 0,
		content,
		body,
		padded_len: 512,
		key,
		attestations: bundle(),
	};
	let propose = |content| Records::<Runtime>::propose {
		nonce: [0; 16],
		subject: SOMEBODY,
		organisation: None,
		class: RecordClass::Clinical,
		compartment: 0,
		content,
		body,
		padded_len: 512,
		key,
	};
	let amend = |content| Records::<Runtime>::amend {
		record: RECORD,
		expected_version: 1,
		content,
		body,
		padded_len: 512,
		reason: AmendReason::Replaces,
		key,
		attestations: bundle(),
	};
	vec![
		Identity::<Runtime>::register {
			kind: IdentityKind::Patient,
			salt: [0; 16],
			agreement_key: [9; 32],
			profile: None,
		}
		.into(),
		Identity::<Runtime>::register_for {
			account,
			kind: IdentityKind::Patient,
			salt: [0; 16],
			agreement_key: [9; 32],
			profile: None,
			deadline: 0,
			signature,
		}
		.into(),
		Identity::<Runtime>::set_profile { profile: body, expected_revision: 0 }.into(),
		Identity::<Runtime>::rotate_agreement_key { new_key: [9; 32], expected_version: 1 }.into(),
		Accreditation::<Runtime>::appoint_regulator {
			id: SOMEBODY,
			scope: AuthorityScope {
				kinds: AccreditationKinds::ALL,
				jurisdictions: (1..=32)
					.map(Jurisdiction)
					.collect::<Vec<_>>()
					.try_into()
					.expect("32 fit"),
			},
			window: WINDOW,
		}
		.into(),
		Accreditation::<Runtime>::remove_regulator { id: SOMEBODY, cutoff: 0 }.into(),
		Accreditation::<Runtime>::grant_accreditation {
			subject: SOMEBODY,
			kind: AccreditationKind::FacilityLicence,
			jurisdiction: Jurisdiction(756),
			commitment: body,
			window: WINDOW,
		}
		.into(),
		Accreditation::<Runtime>::revoke_accreditation {
			id: AccreditationId(0),
			effective_from: 0,
			reason: RevocationReason::Fraud,
		}
		.into(),
		Accreditation::<Runtime>::reap_accreditation { id: AccreditationId(0) }.into(),
		Accreditation::<Runtime>::invite_affiliation {
			practitioner: SOMEBODY,
			role: Role::Nurse,
			window: WINDOW,
			deadline: 0,
		}
		.into(),
		Accreditation::<Runtime>::accept_affiliation { id: AffiliationId(0) }.into(),
		Accreditation::<Runtime>::end_affiliation { id: AffiliationId(0) }.into(),
		Accreditation::<Runtime>::reap_affiliation { id: AffiliationId(0) }.into(),
		propose(inline()).into(),
		propose(external()).into(),
		anchor(inline()).into(),
		anchor(external()).into(),
		amend(inline()).into(),
		amend(external()).into(),
		Records::<Runtime>::attest {
			record: RECORD,
			version: 1,
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			evidence: Digest([6; 32]),
		}
		.into(),
		Records::<Runtime>::retract { record: RECORD, reason: RetractReason::Duplicate }.into(),
		Records::<Runtime>::set_validation_policy { class, policy }.into(),
		Consent::<Runtime>::open_compartment {
			subject: SOMEBODY,
			compartment: 0,
			key: [9; 32],
			restricted: false,
		}
		.into(),
		Consent::<Runtime>::grant {
			subject: SOMEBODY,
			grantee: Grantee::Identity(SOMEBODY),
			decision: Decision::Permit,
			scope: Scope::Subject(Classes::ALL),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window: WINDOW,
			uses: None,
			basis: Basis::Consent,
			document: None,
			keys,
		}
		.into(),
		Consent::<Runtime>::revoke { grant: GrantId(0), strength: RevocationStrength::Lazy }.into(),
		Consent::<Runtime>::log_access {
			reader: SOMEBODY,
			record: RECORD,
			purpose: Purpose::Treat,
			action: Action::Access,
			decision: AccessDecision::Deny(DenyReason::NoGrant),
			event: Digest([6; 32]),
		}
		.into(),
	]
}

/// The pallet and the name of a call.
fn name_of(call: &RuntimeCall) -> (&'static str, &'static str) {
	use frame_support::traits::GetCallMetadata as _;
	let metadata = call.get_call_metadata();
	(metadata.pallet_name, metadata.function_name)
}

#[test]
fn no_call_is_left_out() {
	let listed: Vec<_> = calls().iter().map(name_of).collect();
	for (pallet, names) in [
		("Identity", Identity::<Runtime>::get_call_names()),
		("Accreditation", Accreditation::<Runtime>::get_call_names()),
		("Records", Records::<Runtime>::get_call_names()),
		("Consent", Consent::<Runtime>::get_call_names()),
	] {
		for name in names {
			assert!(listed.contains(&(pallet, *name)), "{pallet} {name}");
		}
	}
}

#[test]
fn every_call_has_a_weight_and_pays() {
	for call in calls() {
		let info = call.get_dispatch_info();
		let name = name_of(&call);
		// A database read alone takes some microseconds.
		assert!(info.call_weight.ref_time() > 5_000_000, "{name:?} {info:?}");
		assert_eq!(info.class, DispatchClass::Normal, "{name:?}");
		assert_eq!(info.pays_fee, Pays::Yes, "{name:?}");
	}
}

#[test]
fn many_of_every_call_fit_a_block() {
	let share = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT;
	let limits = RuntimeBlockWeights::get();
	let normal = limits.get(DispatchClass::Normal);
	assert_eq!(normal.max_total, Some(share));
	for call in calls() {
		let weight = call.get_dispatch_info().call_weight.saturating_add(normal.base_extrinsic);
		let most = normal.max_extrinsic.expect("the class has a limit");
		assert!(weight.all_lte(most), "{:?} {weight:?}", name_of(&call));
		// Below a hundredth of the share, so that no single call can crowd out the others.
		assert!(weight.ref_time() < share.ref_time() / 100, "{:?} {weight:?}", name_of(&call));
	}
}
