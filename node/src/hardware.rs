// SPDX-License-Identifier: Apache-2.0
//! A short measurement of the machine at start.

use sc_service::Role;
use sc_sysinfo::{HwBench, Metric, Requirement, Requirements, Throughput};
use std::path::Path;

/// Measures processor, memory and, if a directory is given, its disk. Takes about a second.
pub(crate) fn measure(scratch_directory: Option<&Path>) -> HwBench {
	sc_sysinfo::gather_hwbench(scratch_directory, &reference())
}

/// Logs what was measured, and where it is below the reference.
///
/// Only warns: whether a slow machine is good enough is for its operator to decide, and a busy
/// disk at the wrong moment must not keep a validator down.
pub(crate) fn report(measured: &HwBench, role: Role) {
	sc_sysinfo::print_hwbench(measured);

	let Err(shortfalls) = reference().check_hardware(measured, role.is_authority()) else { return };
	for shortfall in shortfalls.0 {
		log::warn!(
			"⚠️  {} {}: {} measured, {} wanted; blocks may be late",
			shortfall.metric.category(),
			shortfall.metric.name(),
			shortfall.found,
			shortfall.expected,
		);
	}
}

/// The reference machine of the SDK generation that the runtime is built with, so that the
/// weights of its pallets hold. Signature checking is part of it too, but a node does not measure
/// that at start.
fn reference() -> Requirements {
	let mib = Throughput::from_mibs;
	let everyone = |metric, minimum| Requirement { metric, minimum, validator_only: false };

	Requirements(vec![
		everyone(Metric::Blake2256, mib(1_000.0)),
		Requirement {
			metric: Metric::Blake2256Parallel { num_cores: 8 },
			minimum: mib(1_000.0),
			validator_only: true,
		},
		everyone(Metric::MemCopy, mib(11_768.0)),
		everyone(Metric::DiskSeqWrite, mib(950.0)),
		everyone(Metric::DiskRndWrite, mib(420.0)),
	])
}
