// SPDX-License-Identifier: Apache-2.0

//! The steps of an erasure, for the tests of each.

use super::*;
use salus_primitives::{ErasureBasis, RefusalBasis, Role};

pub(crate) const BASIS: ErasureBasis = ErasureBasis::ConsentWithdrawn;

pub(crate) fn request(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::request_erasure(origin(who), record)
}

pub(crate) fn execute(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::execute_erasure(origin(who), record, BASIS)
}

pub(crate) fn refuse(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::refuse_erasure(origin(who), record, RefusalBasis::LegalDuty)
}

pub(crate) fn hold(who: Sr25519Keyring, record: RecordId, on: bool) -> DispatchResult {
	HealthRecords::set_legal_hold(origin(who), record, on)
}

pub(crate) fn reap(record: RecordId) -> DispatchResult {
	HealthRecords::reap(origin(NOBODY), vec![record].try_into().unwrap())
}

/// Asks for the erasure of a record and has its author execute it.
pub(crate) fn erased(record: RecordId) {
	assert_ok!(request(PATIENT, record));
	assert_ok!(execute(DOCTOR, record));
}

/// Makes somebody work at the hospital in this role.
pub(crate) fn employ(who: Sr25519Keyring, role: Role) {
	Accreditations::affiliate(identity(who), &[(identity(HOSPITAL), role)]);
}

/// Whether these bytes lie anywhere in the state, in a key or in a value.
pub(crate) fn state_holds(bytes: &[u8]) -> bool {
	let holds = |text: &[u8]| text.windows(bytes.len()).any(|part| part == bytes);
	let mut key = Vec::new();
	while let Some(next) = sp_io::storage::next_key(&key) {
		let value = sp_io::storage::get(&next).unwrap_or_default();
		if holds(&next) || holds(&value) {
			return true;
		}
		key = next;
	}
	false
}
