// SPDX-License-Identifier: Apache-2.0

//! The flags of a proof service.

use super::per_minute;
use crate::{Rates, SupplySettings, limits::Rate};
use std::{path::PathBuf, time::Duration};

/// What switches the proof service on, and bounds it.
#[derive(clap::Args, Clone, Debug)]
pub struct SupplyFlags {
	/// Switches the proof service on: the folder of the makers' leaf files, each named by its batch
	/// (17.leaves). Made when missing.
	#[arg(long, env = "SALUS_SUPPLY_FILES", conflicts_with = "emergency_holder")]
	pub supply_files: Option<PathBuf>,
	/// Proofs that one identity can ask for in a minute.
	#[arg(long, env = "SALUS_SUPPLY_PROOFS_PER_MINUTE", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
	pub supply_proofs_per_minute: u32,
	/// Proofs that an organisation, and those who work there, can ask for in a minute.
	#[arg(long, env = "SALUS_SUPPLY_ORGANISATION_PROOFS_PER_MINUTE", default_value_t = 1200, value_parser = clap::value_parser!(u32).range(1..))]
	pub supply_organisation_proofs_per_minute: u32,
	/// How often in an hour an organisation may ask for a serial that is not there. Above that it is
	/// answered nothing.
	#[arg(long, env = "SALUS_SUPPLY_MISSES_PER_HOUR", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
	pub supply_misses_per_hour: u32,
}

impl SupplyFlags {
	/// The settings, when a folder switches the service on.
	pub(super) fn settings(&self) -> Option<SupplySettings> {
		let folder = self.supply_files.clone()?;
		let (burst, hour) = (self.supply_misses_per_hour, Duration::from_secs(60 * 60));
		Some(SupplySettings {
			folder,
			proofs: Rates {
				account: per_minute(self.supply_proofs_per_minute),
				organisation: per_minute(self.supply_organisation_proofs_per_minute),
			},
			misses: Rate { burst, every: hour / burst },
		})
	}
}
