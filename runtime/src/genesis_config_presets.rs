// SPDX-License-Identifier: Apache-2.0

//! The chains one can start, as data.
//!
//! | preset | validators | council | technical committee |
//! |---|---|---|---|
//! | `development` | Alice | Alice | Alice |
//! | `local_testnet` | Alice, Bob | Alice, Bob, Charlie | Dave, Eve, Ferdie |
//!
//! In `development` one signature governs, so that a demonstration runs alone. Everywhere else the
//! two bodies share no member.

use crate::{
	AccountId, BalancesConfig, CouncilConfig, RecordsConfig, RuntimeGenesisConfig, SessionConfig,
	SessionKeys, TechnicalCommitteeConfig, configs::genesis_policies, constants::currency::SAL,
};
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PresetId};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// What each development account has at genesis.
const ENDOWMENT: crate::Balance = 1_000_000 * SAL;

struct Chain {
	validators: Vec<(Sr25519Keyring, Ed25519Keyring)>,
	council: Vec<Sr25519Keyring>,
	committee: Vec<Sr25519Keyring>,
}

impl Chain {
	fn into_patch(self) -> Value {
		let accounts = |keys: &[Sr25519Keyring]| -> Vec<AccountId> {
			keys.iter().map(|key| key.to_account_id()).collect()
		};
		let session_keys = |(aura, grandpa): &(Sr25519Keyring, Ed25519Keyring)| {
			let validator = aura.to_account_id();
			let keys = SessionKeys {
				aura: AuraId::from(aura.public()),
				grandpa: GrandpaId::from(grandpa.public()),
			};
			(validator.clone(), validator, keys)
		};
		build_struct_json_patch!(RuntimeGenesisConfig {
			balances: BalancesConfig {
				balances: Sr25519Keyring::well_known()
					.map(|key| (key.to_account_id(), ENDOWMENT))
					.collect::<Vec<_>>(),
			},
			session: SessionConfig {
				keys: self.validators.iter().map(session_keys).collect::<Vec<_>>(),
			},
			council: CouncilConfig { members: accounts(&self.council) },
			technical_committee: TechnicalCommitteeConfig { members: accounts(&self.committee) },
			records: RecordsConfig { policies: genesis_policies() },
		})
	}
}

fn development() -> Chain {
	Chain {
		validators: vec![(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
		council: vec![Sr25519Keyring::Alice],
		committee: vec![Sr25519Keyring::Alice],
	}
}

fn local() -> Chain {
	Chain {
		validators: vec![
			(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
			(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
		],
		council: vec![Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie],
		committee: vec![Sr25519Keyring::Dave, Sr25519Keyring::Eve, Sr25519Keyring::Ferdie],
	}
}

/// The patch of a preset, as JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let chain = match id.as_ref() {
		DEV_RUNTIME_PRESET => development(),
		LOCAL_TESTNET_RUNTIME_PRESET => local(),
		_ => return None,
	};
	serde_json::to_vec(&chain.into_patch()).ok()
}

/// The presets there are.
pub fn preset_names() -> Vec<PresetId> {
	vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}
