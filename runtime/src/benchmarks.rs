// SPDX-License-Identifier: Apache-2.0

//! The pallets whose weights are measured on this runtime.

frame_benchmarking::define_benchmarks!(
	[frame_system, SystemBench::<Runtime>]
	[frame_system_extensions, SystemExtensionsBench::<Runtime>]
	[pallet_balances, Balances]
	[pallet_transaction_payment, TransactionPayment]
	[pallet_health_accreditation, Accreditation]
	[pallet_health_consent, Consent]
	[pallet_health_identity, Identity]
	[pallet_health_records, Records]
	[pallet_health_supply_chain, SupplyChain]
	[pallet_health_vault, Vault]
);

impl frame_system_benchmarking::Config for crate::Runtime {}
