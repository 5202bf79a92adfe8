// SPDX-License-Identifier: Apache-2.0

//! What nobody wired denies: a runtime that forgets a domain refuses, and does not let pass.

use salus_primitives::{
	AccreditationKind, AccreditationKinds, AffiliationPermissions, CallScope, IdentityId, RecordId,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	consent::Compartments,
	identity::{AgreementKeys, FeeAllowance, IdentityInspect},
	records::RecordInspect,
};

const SOMEBODY: IdentityId = IdentityId([1; 32]);
const PLACE: IdentityId = IdentityId([2; 32]);
const ACCOUNT: [u8; 32] = [3; 32];

#[test]
fn nobody_acts_is_active_or_has_a_key() {
	type Identities = ();
	for scope in CallScope::ALL {
		let acting = <Identities as IdentityInspect<_>>::acting_identity(&ACCOUNT, *scope);
		assert_eq!(acting, None, "{scope}");
	}
	assert_eq!(<Identities as IdentityInspect<[u8; 32]>>::active_kind(&SOMEBODY), None);
	// Who is not there has not ended: what is its own is not everybody's to clear away.
	assert!(!<Identities as IdentityInspect<[u8; 32]>>::has_ended(&SOMEBODY));
	assert_eq!(<Identities as AgreementKeys>::current(&SOMEBODY), None);
	for version in [0, 1, u32::MAX] {
		assert!(!<Identities as AgreementKeys>::is_current(&SOMEBODY, version));
	}
}

#[test]
fn nobody_is_allowed_a_fee() {
	for scope in CallScope::ALL.iter().copied().map(Some).chain([None]) {
		for fee in [0, 1, u128::MAX] {
			assert!(!<() as FeeAllowance<[u8; 32]>>::can_spend(&ACCOUNT, scope, fee));
			assert!(!<() as FeeAllowance<[u8; 32]>>::try_spend(&ACCOUNT, scope, fee));
		}
	}
}

#[test]
fn nobody_is_licensed_or_works_anywhere() {
	for at in [0, 1, u64::MAX] {
		for kind in AccreditationKind::ALL {
			assert!(!<() as AccreditationInspect>::is_accredited(&SOMEBODY, *kind, at), "{kind}");
		}
		let any = AccreditationKinds::ALL;
		assert!(!<() as AccreditationInspect>::is_accredited_any(&SOMEBODY, any, at));
		assert!(<() as AffiliationInspect>::affiliations_at(&SOMEBODY, at).is_empty());
		assert!(!<() as AffiliationInspect>::works_at(&SOMEBODY, &PLACE, at));
		let permitted = <() as AffiliationInspect>::permissions_at(&SOMEBODY, &PLACE, at);
		assert_eq!(permitted, AffiliationPermissions::default());
	}
}

#[test]
fn there_is_no_record_and_no_compartment() {
	assert_eq!(<() as RecordInspect>::facts(&RecordId([4; 32])), None);
	for compartment in [0, 1, 255] {
		assert_eq!(<() as Compartments>::current_epoch(&SOMEBODY, compartment), None);
	}
}
