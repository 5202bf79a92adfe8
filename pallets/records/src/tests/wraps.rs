// SPDX-License-Identifier: Apache-2.0

//! Wraps for the tests of the calls that add and drop them.

use super::*;
use salus_primitives::{IdentityKind, RecipientKey};
use salus_test_support::Identities;

/// What a wrap costs.
pub(crate) fn wrap_rent() -> u64 {
	use codec::MaxEncodedLen;
	100 + StoredWrapOf::<Test>::max_encoded_len() as u64
}

/// A wrap to the first agreement key of somebody.
pub(crate) fn wrap_to(recipient: IdentityId) -> RecipientKey {
	RecipientKey { recipient, key_version: 1, wrap: [recipient.0[0]; 80] }
}

/// So many practitioners with an agreement key, from number `first` on.
pub(crate) fn readers(first: u32, count: u32) -> Vec<IdentityId> {
	(first..first + count)
		.map(|number| {
			let id = IdentityId(sp_io::hashing::blake2_256(&number.to_le_bytes()));
			Identities::set(AccountId32::new(id.0), id, IdentityKind::Practitioner);
			id
		})
		.collect()
}

pub(crate) fn add_wraps(
	who: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	wraps: Vec<RecipientKey>,
) -> DispatchResult {
	HealthRecords::add_wraps(origin(who), record, version, wraps.try_into().unwrap())
}

/// Adds wraps to these.
pub(crate) fn wrap_for(
	who: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	recipients: &[IdentityId],
) -> DispatchResult {
	add_wraps(who, record, version, recipients.iter().copied().map(wrap_to).collect())
}

pub(crate) fn drop_wraps(
	who: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	recipients: &[IdentityId],
) -> DispatchResult {
	let recipients = recipients.to_vec().try_into().unwrap();
	HealthRecords::drop_wraps(origin(who), record, version, recipients)
}

/// Gives the record another version that counts.
pub(crate) fn amended(record: RecordId, number: RecordVersion) {
	let next = note(100 + number as u8);
	let vouched = next.vouched_as(record, number, HOSPITAL, Source);
	assert_ok!(next.amend(record, number - 1, vec![vouched]));
}
