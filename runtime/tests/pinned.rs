// SPDX-License-Identifier: Apache-2.0

//! What clients, wallets and stored state rely on. Changing a line here is a decision: it breaks
//! signed transactions, needs a migration, or both.

mod served;

use codec::Encode as _;
use frame_support::StoragePrefixedMap as _;
use salus_runtime::{Runtime, RuntimeHoldReason, VERSION};
use served::{Metadata, variants};

/// The names of our pallets.
const OURS: [&str; 6] = ["Identity", "Accreditation", "Vault", "Records", "Consent", "SupplyChain"];

#[test]
fn the_version_has_its_name() {
	assert_eq!(&*VERSION.spec_name, "salus");
	assert_eq!(&*VERSION.impl_name, "salus");
	assert_eq!(VERSION.transaction_version, 1);
	// State of version 1: the trie keeps large values by their hash.
	assert_eq!(VERSION.system_version, 1);
}

#[test]
fn pallets_keep_their_indices() {
	let metadata = Metadata::of_the_runtime();
	let pallets: Vec<_> =
		metadata.pallets.iter().map(|pallet| (pallet.index, pallet.name.as_str())).collect();
	assert_eq!(
		pallets,
		[
			(0, "System"),
			(1, "Timestamp"),
			(2, "Preimage"),
			(3, "Scheduler"),
			(4, "Utility"),
			(5, "Multisig"),
			(6, "Proxy"),
			(7, "MultiBlockMigrations"),
			(10, "Authorship"),
			(11, "Aura"),
			(12, "Session"),
			(13, "Grandpa"),
			(14, "Offences"),
			(15, "Historical"),
			(20, "Balances"),
			(21, "TransactionPayment"),
			(30, "Council"),
			(31, "TechnicalCommittee"),
			(32, "Whitelist"),
			(33, "SafeMode"),
			(34, "TxPause"),
			(50, "Identity"),
			(51, "Accreditation"),
			(52, "Vault"),
			(53, "Records"),
			(54, "Consent"),
			(55, "SupplyChain"),
		]
	);
}

#[test]
fn our_calls_keep_their_indices() {
	let metadata = Metadata::of_the_runtime();
	let mut calls = Vec::new();
	for pallet in metadata.pallets.iter().filter(|pallet| OURS.contains(&pallet.name.as_str())) {
		let listed = pallet.calls.as_ref().expect("each of ours has calls");
		for call in variants(&metadata, listed.ty) {
			calls.push((pallet.index, call.index, call.name.as_str()));
		}
	}
	assert_eq!(
		calls,
		[
			(50, 0, "register"),
			(50, 1, "register_for"),
			(50, 2, "set_profile"),
			(50, 3, "clear_profile"),
			(50, 4, "deactivate"),
			(50, 5, "suspend_identity"),
			(50, 6, "reinstate_identity"),
			(50, 10, "rotate_agreement_key"),
			(50, 11, "revoke_agreement_key"),
			(50, 12, "add_key"),
			(50, 13, "set_key_scopes"),
			(50, 14, "rotate_primary"),
			(50, 15, "retire_key"),
			(50, 16, "revoke_key"),
			(50, 17, "freeze_keys"),
			(50, 18, "unfreeze_keys"),
			(50, 20, "add_service"),
			(50, 21, "remove_service"),
			(51, 0, "appoint_regulator"),
			(51, 1, "remove_regulator"),
			(51, 2, "appoint_registrar"),
			(51, 3, "remove_registrar"),
			(51, 4, "suspend_authority"),
			(51, 5, "reinstate_authority"),
			(51, 6, "set_status_list"),
			(51, 10, "grant_accreditation"),
			(51, 11, "revoke_accreditation"),
			(51, 12, "reap_accreditation"),
			(51, 13, "renew_accreditation"),
			(51, 14, "suspend_accreditation"),
			(51, 15, "lift_suspension"),
			(51, 16, "surrender_accreditation"),
			(51, 20, "request_accreditation"),
			(51, 21, "close_request"),
			(51, 30, "invite_affiliation"),
			(51, 31, "accept_affiliation"),
			(51, 32, "end_affiliation"),
			(51, 33, "reap_affiliation"),
			(51, 34, "suspend_affiliation"),
			(51, 35, "resume_affiliation"),
			(52, 0, "set_vault"),
			(52, 1, "put_slot"),
			(52, 2, "remove_slot"),
			(52, 3, "move_login"),
			(52, 4, "clear_vault"),
			(52, 5, "reap_vault"),
			(53, 0, "propose"),
			(53, 1, "attest"),
			(53, 2, "anchor_validated"),
			(53, 3, "anchor_many"),
			(53, 4, "withdraw"),
			(53, 5, "amend"),
			(53, 6, "retract"),
			(53, 7, "request_revalidation"),
			(53, 8, "add_wraps"),
			(53, 9, "drop_wraps"),
			(53, 10, "report_bad_wrap"),
			(53, 11, "reseal"),
			(53, 12, "set_tags"),
			(53, 13, "anchor_batch"),
			(53, 14, "promote"),
			(53, 17, "request_erasure"),
			(53, 18, "execute_erasure"),
			(53, 19, "refuse_erasure"),
			(53, 20, "set_validation_policy"),
			(53, 21, "set_legal_hold"),
			(53, 22, "reap"),
			(54, 0, "set_policy"),
			(54, 1, "open_compartment"),
			(54, 2, "rotate_compartment"),
			(54, 3, "add_compartment_wraps"),
			(54, 4, "grant"),
			(54, 5, "narrow"),
			(54, 6, "revoke"),
			(54, 7, "revoke_all"),
			(54, 8, "sub_grant"),
			(54, 9, "request_access"),
			(54, 10, "approve_request"),
			(54, 11, "decline_request"),
			(54, 12, "cancel_request"),
			(54, 13, "log_access"),
			(54, 14, "anchor_audit_batch"),
			(54, 15, "break_glass"),
			(54, 16, "close_break_glass"),
			(54, 17, "review_break_glass"),
			(54, 18, "contest"),
			(54, 19, "set_share_custodian"),
			(54, 20, "set_btg_policy"),
			(54, 21, "suspend"),
			(54, 22, "reinstate"),
			(54, 23, "reap"),
			(54, 24, "set_emergency_holder"),
			(54, 25, "set_emergency_key"),
			(55, 0, "claim_company_prefix"),
			(55, 1, "register_product"),
			(55, 2, "update_product"),
			(55, 3, "approve_product"),
			(55, 4, "suspend_approval"),
			(55, 5, "withdraw_product"),
			(55, 6, "open_lot"),
			(55, 7, "commission_batch"),
			(55, 8, "release_lot"),
			(55, 9, "close_lot"),
			(55, 10, "commission_container"),
			(55, 11, "pack"),
			(55, 12, "unpack"),
			(55, 13, "seal"),
			(55, 14, "unseal"),
			(55, 15, "split_parcel"),
			(55, 16, "merge_parcels"),
			(55, 17, "ship"),
			(55, 18, "void_ship"),
			(55, 19, "receive"),
			(55, 20, "reject_shipment"),
			(55, 22, "touch_units"),
			(55, 23, "dispense"),
			(55, 24, "dispense_partial"),
			(55, 25, "undo_decommission"),
			(55, 26, "return_units"),
			(55, 27, "decommission"),
			(55, 28, "destroy"),
			(55, 29, "quarantine"),
			(55, 30, "release_quarantine"),
			(55, 34, "report_duplicate_serial"),
			(55, 35, "initiate_recall"),
			(55, 36, "extend_recall"),
			(55, 37, "close_recall"),
			(55, 38, "acknowledge_recall"),
			(55, 39, "report_recall_progress"),
			(55, 53, "reap"),
		]
	);
}

#[test]
fn our_storage_keeps_its_prefixes() {
	let metadata = Metadata::of_the_runtime();
	let ours = metadata.pallets.iter().filter(|pallet| OURS.contains(&pallet.name.as_str()));
	let entries: Vec<_> = ours
		.filter_map(|pallet| pallet.storage.as_ref())
		.flat_map(|storage| {
			let prefix = &storage.prefix;
			storage.entries.iter().map(move |entry| format!("{prefix} {}", entry.name))
		})
		// Every pallet has it, whether it says so or not.
		.filter(|entry| !entry.ends_with(":__STORAGE_VERSION__:"))
		.collect();
	assert_eq!(
		entries,
		[
			"Identity Identities",
			"Identity KeyOwner",
			"Identity Keys",
			"Identity DocVersions",
			"Identity Services",
			"Identity RetiredAgreementKeys",
			"Identity AgreementIndex",
			"Identity Profiles",
			"Identity SponsorUse",
			"Identity Allowances",
			"Accreditation Authorities",
			"Accreditation StatusLists",
			"Accreditation Requests",
			"Accreditation NextAccreditation",
			"Accreditation HeldAccreditations",
			"Accreditation StatusLogs",
			"Accreditation Accreditations",
			"Accreditation NextAffiliation",
			"Accreditation HeldAffiliations",
			"Accreditation PastAffiliations",
			"Accreditation Affiliations",
			"Accreditation OpenInvitations",
			"Vault Vaults",
			"Vault Slots",
			"Vault Locators",
			"Vault ClearedAt",
			"Records Records",
			"Records Pending",
			"Records Versions",
			"Records Objects",
			"Records ContentIndex",
			"Records SubjectRecords",
			"Records SubjectRecordCount",
			"Records Quotas",
			"Records ValidationPolicies",
			"Records Deadlines",
			"Records SweepCursor",
			"Records Wraps",
			"Records WrapCount",
			"Records BadWrapReports",
			"Records Tagged",
			"Records RecordTags",
			"Records NextBatch",
			"Records Batches",
			"Records BatchByRoot",
			"Records Promoted",
			"Records ErasureRequests",
			"Records Tombstones",
			"Records TombstoneList",
			"Records TombstoneCount",
			"Records Residues",
			"Consent Policies",
			"Consent Compartments",
			"Consent CompartmentCount",
			"Consent EpochLinks",
			"Consent EmergencyKeys",
			"Consent EmergencyHolders",
			"Consent NextGrantId",
			"Consent Grants",
			"Consent GrantKeysOf",
			"Consent GrantIndex",
			"Consent LiveGrants",
			"Consent SubGrants",
			"Consent SubjectGrants",
			"Consent SubjectGrantCount",
			"Consent GranteeGrants",
			"Consent GranteeGrantCount",
			"Consent NextRequestId",
			"Consent Requests",
			"Consent OpenRequests",
			"Consent SubjectRequests",
			"Consent Deadlines",
			"Consent SweepCursor",
			"Consent AccessHeads",
			"Consent AccessLog",
			"Consent DenialCounts",
			"Consent AuditHeads",
			"Consent AuditBatches",
			"Consent Recorders",
			"Consent RecorderCount",
			"Consent NextEmergencyId",
			"Consent Emergencies",
			"Consent OtherEmployers",
			"Consent Reaches",
			"Consent OpenEmergencies",
			"Consent SubjectEmergencies",
			"Consent SubjectEmergencyCount",
			"Consent OrganisationEmergencies",
			"Consent OrganisationEmergencyCount",
			"Consent PendingReviews",
			"Consent Claimants",
			"Consent OrganisationUse",
			"Consent BtgPolicy",
			"Consent ShareCustodians",
			"Consent ShareKeepers",
			"SupplyChain Companies",
			"SupplyChain PrefixStems",
			"SupplyChain Products",
			"SupplyChain PackLevels",
			"SupplyChain Approvals",
			"SupplyChain Lots",
			"SupplyChain LotByNo",
			"SupplyChain NextLot",
			"SupplyChain Batches",
			"SupplyChain LotBatches",
			"SupplyChain BatchByRoot",
			"SupplyChain NextBatch",
			"SupplyChain UnitPages",
			"SupplyChain Leavings",
			"SupplyChain SweepCursor",
			"SupplyChain UnitHolds",
			"SupplyChain Devices",
			"SupplyChain Partials",
			"SupplyChain SerialIndex",
			"SupplyChain Duplicates",
			"SupplyChain Strikes",
			"SupplyChain Parcels",
			"SupplyChain Containers",
			"SupplyChain ContainerItems",
			"SupplyChain Holdings",
			"SupplyChain Shipments",
			"SupplyChain ShipmentItems",
			"SupplyChain OpenShipments",
			"SupplyChain NextShipment",
			"SupplyChain Recalls",
			"SupplyChain RecallByReference",
			"SupplyChain RecallProgress",
			"SupplyChain NextRecall",
		]
	);
}

#[test]
fn a_prefix_is_the_hash_of_both_names() {
	let first: [&[u8]; 4] = [
		&pallet_health_identity::Identities::<Runtime>::final_prefix(),
		&pallet_health_accreditation::Authorities::<Runtime>::final_prefix(),
		&pallet_health_records::Records::<Runtime>::final_prefix(),
		&pallet_health_consent::Grants::<Runtime>::final_prefix(),
	];
	assert_eq!(
		first.map(hex::encode),
		[
			"2aeddc77fe58c98d50bd37f1b90840f918373f80b4a94950c1f99840fd083e68",
			"dd8a3e80a3b40cf5bbcb7a92f91d6d695e0621c4869aa60c02be9adcc98a0d1d",
			"bb8fcc88c3da5bf159c1e1a5f46fe432bb8fcc88c3da5bf159c1e1a5f46fe432",
			"fbcdb43f3563a717fdf267b00ad2caed5c14ee9e832f77e029f55e118e120c7a",
		]
	);
}

#[test]
fn hold_reasons_keep_their_bytes() {
	use RuntimeHoldReason as Reason;
	let reasons = [
		Reason::Preimage(pallet_preimage::HoldReason::Preimage),
		Reason::SafeMode(pallet_safe_mode::HoldReason::EnterOrExtend),
		Reason::Identity(pallet_health_identity::HoldReason::Registration),
		Reason::Identity(pallet_health_identity::HoldReason::Service),
		Reason::Accreditation(pallet_health_accreditation::HoldReason::Accreditation),
		Reason::Accreditation(pallet_health_accreditation::HoldReason::Affiliation),
		Reason::Accreditation(pallet_health_accreditation::HoldReason::Request),
		Reason::Accreditation(pallet_health_accreditation::HoldReason::StatusList),
		Reason::Vault(pallet_health_vault::HoldReason::Vault),
		Reason::Records(pallet_health_records::HoldReason::Record),
		Reason::Consent(pallet_health_consent::HoldReason::Request),
		Reason::SupplyChain(pallet_health_supply_chain::HoldReason::Supply),
	];
	let bytes = reasons.map(|reason| reason.encode());
	assert_eq!(
		bytes,
		[
			[2, 0],
			[33, 0],
			[50, 0],
			[50, 1],
			[51, 0],
			[51, 1],
			[51, 2],
			[51, 3],
			[52, 0],
			[53, 0],
			[54, 0],
			[55, 0],
		]
	);
}

#[test]
fn extensions_keep_their_order() {
	let metadata = Metadata::of_the_runtime();
	let extensions = metadata.extrinsic.transaction_extensions.iter();
	let extensions: Vec<_> = extensions.map(|extension| extension.identifier.as_str()).collect();
	assert_eq!(
		extensions,
		[
			"CheckNonZeroSender",
			"CheckSpecVersion",
			"CheckTxVersion",
			"CheckGenesis",
			"CheckMortality",
			"CheckNonce",
			"CheckWeight",
			"ChargeTransactionPayment",
			"CheckMetadataHash",
			"WeightReclaim",
		]
	);
}
