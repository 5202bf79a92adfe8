// SPDX-License-Identifier: Apache-2.0

//! The calls of Salus' own pallets, one function each, by pallet.
//!
//! A test compares the arguments of every one with the committed metadata.

use crate::{Call, types::*};
use salus_primitives::*;

type Account = [u8; 32];

macro_rules! calls {
	($(
		$(#[$doc:meta])*
		$pallet:literal $module:ident {
			$( $(#[$call_doc:meta])* $call:ident($($argument:ident: $type:ty),* $(,)?); )*
		}
	)*) => {
		$(
			$(#[$doc])*
			pub mod $module {
				use super::*;

				$(
					$(#[$call_doc])*
					pub fn $call($($argument: $type),*) -> Call {
						Call::new($pallet, stringify!($call), ($($argument,)*))
					}
				)*
			}
		)*

		/// Names and argument types of every call above.
		#[cfg(test)]
		fn signatures() -> Vec<crate::shape::Signature> {
			vec![$($(
				crate::shape::Signature {
					pallet: $pallet,
					name: stringify!($call),
					arguments: vec![
						$((stringify!($argument), scale_info::meta_type::<$type>())),*
					],
				},
			)*)*]
		}
	};
}

calls! {
	/// Who: identities, keys, profiles.
	"Identity" identity {
		/// Registers the signer.
		register(kind: IdentityKind, salt: Salt, agreement_key: X25519Key, profile: Option<Commitment>);
		/// Registers an account that agreed by signature.
		register_for(
			account: Account,
			kind: IdentityKind,
			salt: Salt,
			agreement_key: X25519Key,
			profile: Option<Commitment>,
			deadline: Moment,
			signature: Signature,
		);
		/// Sets the commitment to the signer's sealed profile.
		set_profile(profile: Commitment, expected_revision: u32);
		/// Puts a new agreement key in place of the current one.
		rotate_agreement_key(new_key: X25519Key, expected_version: KeyVersion);
	}

	/// Authorities, licences, affiliations.
	"Accreditation" accreditation {
		/// Appoints a regulator. By governance.
		appoint_regulator(id: IdentityId, scope: AuthorityScope, window: Window);
		/// Cuts a regulator off. By governance.
		remove_regulator(id: IdentityId, cutoff: Moment);
		/// Grants an accreditation. By an authority.
		grant_accreditation(
			subject: IdentityId,
			kind: AccreditationKind,
			jurisdiction: Jurisdiction,
			commitment: Commitment,
			window: Window,
		);
		/// Revokes an accreditation.
		revoke_accreditation(
			id: AccreditationId,
			effective_from: Moment,
			reason: RevocationReason,
		);
		/// Invites a practitioner to the signer's organisation.
		invite_affiliation(
			practitioner: IdentityId,
			role: Role,
			window: Window,
			deadline: Moment,
		);
		/// Accepts an invitation.
		accept_affiliation(id: AffiliationId);
		/// Withdraws or declines an invitation, or ends an affiliation.
		end_affiliation(id: AffiliationId);
	}

	/// Records: proposals, verdicts, versions.
	"Records" records {
		/// Files a record that waits for verdicts.
		propose(
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
		);
		/// Gives a verdict on a version.
		attest(
			record: RecordId,
			version: RecordVersion,
			kind: AttestationKind,
			verdict: Verdict,
			evidence: Digest,
		);
		/// Files a record together with the verdicts that anchor it.
		anchor_validated(
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
			attestations: Vec<SignedAttestation<Account, Signature>>,
		);
		/// Gives a record a new version.
		amend(
			record: RecordId,
			expected_version: RecordVersion,
			content: Content,
			body: Commitment,
			padded_len: u64,
			reason: AmendReason,
			key: RecordKey,
			attestations: Vec<SignedAttestation<Account, Signature>>,
		);
		/// Marks a record as entered in error.
		retract(record: RecordId, reason: RetractReason);
		/// Sets what it takes to anchor records of a class. By governance.
		set_validation_policy(class: RecordClass, policy: ValidationPolicy);
	}

	/// Consent: compartments, grants, the access log.
	"Consent" consent {
		/// Opens a compartment.
		open_compartment(
			subject: IdentityId,
			compartment: CompartmentNo,
			key: X25519Key,
			restricted: bool,
		);
		/// Permits or denies a grantee access.
		grant(
			subject: IdentityId,
			grantee: Grantee,
			decision: Decision,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			basis: Basis,
			document: Option<Digest>,
			keys: GrantKeys,
		);
		/// Takes a grant back.
		revoke(grant: GrantId, strength: RevocationStrength);
		/// Records an access in the log of the record's subject. By a data custodian.
		log_access(
			reader: IdentityId,
			record: RecordId,
			purpose: Purpose,
			action: Action,
			decision: AccessDecision,
			event: Digest,
		);
	}
}

/// Tokens.
pub mod balances {
	use super::*;
	use codec::Compact;

	/// Sends tokens, in the smallest unit, and keeps the sending account alive.
	pub fn transfer_keep_alive(dest: Account, value: u128) -> Call {
		// Variant 0 of `MultiAddress` is an account.
		Call::new("Balances", "transfer_keep_alive", (0u8, dest, Compact(value)))
	}
}

#[cfg(test)]
mod tests {
	#[test]
	fn every_call_has_the_arguments_of_the_metadata() {
		for signature in super::signatures() {
			signature.check_call();
		}
	}
}
