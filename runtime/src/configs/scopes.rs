// SPDX-License-Identifier: Apache-2.0

//! Which scope a call belongs to: the one table behind keys, proxies and the fee allowance.
//!
//! Every call of our pallets is named here. What is not named belongs to no scope: no proxy of a
//! scope passes it, no allowance pays it. That each call demands of its signer's key the very scope
//! that stands here is tested call by call in the runtime scenarios.

use crate::RuntimeCall;
use frame_support::traits::Contains;
use salus_primitives::CallScope;

/// The scope of a call, when it belongs to one.
///
/// A batch belongs to the scope that all its calls share. Whatever else wraps a call (proxies,
/// multisigs, schedules, derived accounts) belongs to none: it acts for another account, whose own
/// key is asked.
pub fn scope_of(call: &RuntimeCall) -> Option<CallScope> {
	use pallet_utility::Call as Wrapping;
	match call {
		RuntimeCall::Identity(call) => identity(call),
		RuntimeCall::Accreditation(call) => accreditation(call),
		RuntimeCall::Vault(call) => vault(call),
		RuntimeCall::Records(call) => records(call),
		RuntimeCall::Consent(call) => consent(call),
		RuntimeCall::SupplyChain(call) => supply_chain(call),
		RuntimeCall::Utility(
			Wrapping::batch { calls }
			| Wrapping::batch_all { calls }
			| Wrapping::force_batch { calls },
		) => {
			let (first, rest) = calls.split_first()?;
			let scope = scope_of(first)?;
			rest.iter().all(|call| scope_of(call) == Some(scope)).then_some(scope)
		},
		_ => None,
	}
}

fn identity(call: &pallet_health_identity::Call<crate::Runtime>) -> Option<CallScope> {
	use pallet_health_identity::Call::*;
	match call {
		register_for { .. } => Some(CallScope::Sponsor),
		set_profile { .. } | clear_profile { .. } | add_service { .. } | remove_service { .. } => {
			Some(CallScope::ProfileWrite)
		},
		deactivate { .. }
		| rotate_agreement_key { .. }
		| revoke_agreement_key { .. }
		| add_key { .. }
		| set_key_scopes { .. }
		| rotate_primary { .. }
		| retire_key { .. }
		| revoke_key { .. }
		| unfreeze_keys { .. } => Some(CallScope::KeyAdmin),
		// Any account; any key of one's own; authorities and governance.
		register { .. }
		| freeze_keys { .. }
		| suspend_identity { .. }
		| reinstate_identity { .. }
		| __Ignore(..) => None,
	}
}

fn accreditation(call: &pallet_health_accreditation::Call<crate::Runtime>) -> Option<CallScope> {
	use pallet_health_accreditation::Call::*;
	match call {
		appoint_registrar { .. }
		| remove_registrar { .. }
		| suspend_authority { .. }
		| reinstate_authority { .. }
		| set_status_list { .. }
		| grant_accreditation { .. }
		| revoke_accreditation { .. }
		| renew_accreditation { .. }
		| suspend_accreditation { .. }
		| lift_suspension { .. }
		| surrender_accreditation { .. }
		| request_accreditation { .. }
		| close_request { .. } => Some(CallScope::Accredit),
		invite_affiliation { .. }
		| accept_affiliation { .. }
		| end_affiliation { .. }
		| suspend_affiliation { .. }
		| resume_affiliation { .. } => Some(CallScope::Affiliate),
		// Governance; any account.
		appoint_regulator { .. }
		| remove_regulator { .. }
		| reap_accreditation { .. }
		| reap_affiliation { .. }
		| __Ignore(..) => None,
	}
}

fn vault(call: &pallet_health_vault::Call<crate::Runtime>) -> Option<CallScope> {
	use pallet_health_vault::Call::*;
	match call {
		set_vault { .. }
		| put_slot { .. }
		| remove_slot { .. }
		| move_login { .. }
		| clear_vault { .. } => Some(CallScope::Vault),
		// Any account, of an identity that has ended.
		reap_vault { .. } | __Ignore(..) => None,
	}
}

fn records(call: &pallet_health_records::Call<crate::Runtime>) -> Option<CallScope> {
	use pallet_health_records::Call::*;
	match call {
		propose { .. }
		| attest { .. }
		| anchor_validated { .. }
		| anchor_many { .. }
		| withdraw { .. }
		| amend { .. }
		| retract { .. }
		| request_revalidation { .. }
		| add_wraps { .. }
		| drop_wraps { .. }
		| report_bad_wrap { .. }
		| reseal { .. }
		| set_tags { .. }
		| anchor_batch { .. }
		| promote { .. }
		| request_erasure { .. }
		| execute_erasure { .. }
		| refuse_erasure { .. }
		| set_legal_hold { .. } => Some(CallScope::RecordAnchor),
		// Governance; any account.
		set_validation_policy { .. } | reap { .. } | __Ignore(..) => None,
	}
}

fn consent(call: &pallet_health_consent::Call<crate::Runtime>) -> Option<CallScope> {
	use pallet_health_consent::Call::*;
	match call {
		set_policy { .. }
		| open_compartment { .. }
		| rotate_compartment { .. }
		| add_compartment_wraps { .. }
		| grant { .. }
		| narrow { .. }
		| revoke { .. }
		| revoke_all { .. }
		| sub_grant { .. }
		| request_access { .. }
		| approve_request { .. }
		| decline_request { .. }
		| cancel_request { .. }
		| break_glass { .. }
		| close_break_glass { .. }
		| review_break_glass { .. }
		| contest { .. }
		| set_share_custodian { .. }
		| set_emergency_holder { .. }
		| set_emergency_key { .. } => Some(CallScope::ConsentManage),
		log_access { .. } | anchor_audit_batch { .. } => Some(CallScope::AccessLog),
		// Governance; any account.
		set_btg_policy { .. } | suspend { .. } | reinstate { .. } | reap { .. } | __Ignore(..) => {
			None
		},
	}
}

fn supply_chain(call: &pallet_health_supply_chain::Call<crate::Runtime>) -> Option<CallScope> {
	use pallet_health_supply_chain::Call::*;
	match call {
		register_product { .. }
		| update_product { .. }
		| approve_product { .. }
		| suspend_approval { .. }
		| withdraw_product { .. }
		| open_lot { .. }
		| commission_batch { .. }
		| release_lot { .. }
		| close_lot { .. }
		| commission_container { .. }
		| pack { .. }
		| unpack { .. }
		| seal { .. }
		| unseal { .. }
		| split_parcel { .. }
		| merge_parcels { .. }
		| ship { .. }
		| void_ship { .. }
		| receive { .. }
		| reject_shipment { .. }
		| touch_units { .. }
		| dispense { .. }
		| dispense_partial { .. }
		| undo_decommission { .. }
		| return_units { .. }
		| decommission { .. }
		| destroy { .. }
		| quarantine { .. }
		| release_quarantine { .. }
		| report_duplicate_serial { .. }
		| initiate_recall { .. }
		| extend_recall { .. }
		| close_recall { .. }
		| acknowledge_recall { .. }
		| report_recall_progress { .. } => Some(CallScope::SupplyChain),
		// Governance; any account.
		claim_company_prefix { .. } | reap { .. } | __Ignore(..) => None,
	}
}

/// The calls that patients make for themselves, paid out of their daily allowance.
///
/// Batches and proxies are not among them: whoever wraps calls pays.
pub struct SubjectFacing;

impl Contains<RuntimeCall> for SubjectFacing {
	fn contains(call: &RuntimeCall) -> bool {
		use pallet_health_identity::Call as Identifying;
		match call {
			RuntimeCall::Identity(Identifying::freeze_keys { .. }) => true,
			RuntimeCall::Identity(_)
			| RuntimeCall::Vault(_)
			| RuntimeCall::Records(_)
			| RuntimeCall::Consent(_) => matches!(
				scope_of(call),
				Some(
					CallScope::ProfileWrite
						| CallScope::KeyAdmin
						| CallScope::Vault | CallScope::RecordAnchor
						| CallScope::ConsentManage
				)
			),
			_ => false,
		}
	}
}
