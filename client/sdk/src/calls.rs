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
		register(
			kind: IdentityKind,
			salt: Salt,
			agreement_key: X25519Key,
			profile: Option<Commitment>,
			public: PublicKey,
		);
		/// Registers an account that agreed by signature.
		register_for(
			account: Account,
			kind: IdentityKind,
			salt: Salt,
			agreement_key: X25519Key,
			profile: Option<Commitment>,
			public: PublicKey,
			deadline: Moment,
			signature: Signature,
		);
		/// Sets the commitment to the signer's sealed profile.
		set_profile(profile: Commitment, expected_revision: u32);
		/// Takes the commitment to the signer's sealed profile away.
		clear_profile(expected_revision: u32);
		/// Ends the signer's identity for good.
		deactivate(expected_doc_version: DocVersion);
		/// Suspends an identity. By governance, or by an authority over it.
		suspend_identity(id: IdentityId, reason: SuspensionGround, until: Option<Moment>);
		/// Ends a suspension.
		reinstate_identity(id: IdentityId);
		/// Puts a new agreement key in place of the current one.
		rotate_agreement_key(new_key: X25519Key, expected_version: KeyVersion);
		/// Says that a former agreement key must no longer be used.
		revoke_agreement_key(version: KeyVersion, compromised_since: Option<Moment>);
		/// Adds a signing key that agreed by signature.
		add_key(
			account: Account,
			public: PublicKey,
			purposes: KeyPurposes,
			scopes: CallScopes,
			valid_until: Option<Moment>,
			deadline: Moment,
			proof: Signature,
		);
		/// Sets what a key may sign.
		set_key_scopes(key: KeyId, scopes: CallScopes);
		/// Puts another account, which agreed by signature, in place of the primary key.
		rotate_primary(
			new_account: Account,
			public: PublicKey,
			deadline: Moment,
			expected_epoch: u32,
			proof: Signature,
		);
		/// Puts a key away. What it signed stays good.
		retire_key(key: KeyId);
		/// Revokes a key.
		revoke_key(key: KeyId, compromised_since: Option<Moment>);
		/// Freezes all keys but the primary one.
		freeze_keys();
		/// Lets them sign again.
		unfreeze_keys();
		/// Lists a service in the signer's DID document.
		add_service(service: Service);
		/// Takes a service off it.
		remove_service(id: Vec<u8>);
	}

	/// Authorities, licences, affiliations.
	"Accreditation" accreditation {
		/// Appoints a regulator. By governance.
		appoint_regulator(id: IdentityId, scope: AuthorityScope, window: Window);
		/// Cuts a regulator off. By governance.
		remove_regulator(id: IdentityId, cutoff: Moment);
		/// Appoints a registrar. By a regulator.
		appoint_registrar(id: IdentityId, scope: AuthorityScope, window: Window);
		/// Cuts a registrar off. By its regulator.
		remove_registrar(id: IdentityId, cutoff: Moment);
		/// Tells an authority not to act for the time being. By its regulator or governance.
		suspend_authority(id: IdentityId);
		/// Lets it act again.
		reinstate_authority(id: IdentityId);
		/// Anchors a status list. By an authority.
		set_status_list(list: u32, digest: Digest, locator: Vec<u8>, sequence: u32);
		/// Grants an accreditation. By an authority.
		grant_accreditation(
			subject: IdentityId,
			kind: AccreditationKind,
			jurisdiction: Jurisdiction,
			commitment: Commitment,
			window: Window,
			codes: Vec<ScopeCode>,
			digest: Option<Digest>,
		);
		/// Revokes an accreditation.
		revoke_accreditation(
			id: AccreditationId,
			effective_from: Moment,
			reason: RevocationReason,
		);
		/// Makes an accreditation count for longer.
		renew_accreditation(id: AccreditationId, until: Moment);
		/// Suspends an accreditation.
		suspend_accreditation(
			id: AccreditationId,
			until: Option<Moment>,
			reason: SuspensionReason,
		);
		/// Ends its suspensions.
		lift_suspension(id: AccreditationId);
		/// Gives an accreditation up. By its subject.
		surrender_accreditation(id: AccreditationId);
		/// Asks an authority for an accreditation.
		request_accreditation(
			issuer: IdentityId,
			kind: AccreditationKind,
			commitment: Commitment,
			digest: Digest,
		);
		/// Withdraws or declines a request.
		close_request(issuer: IdentityId, subject: IdentityId, kind: AccreditationKind);
		/// Invites a practitioner to the signer's organisation.
		invite_affiliation(
			practitioner: IdentityId,
			role: Role,
			window: Window,
			deadline: Moment,
			permissions: AffiliationPermissions,
		);
		/// Accepts an invitation.
		accept_affiliation(id: AffiliationId);
		/// Withdraws or declines an invitation, or ends an affiliation.
		end_affiliation(id: AffiliationId);
		/// Lets an affiliation rest. By the organisation.
		suspend_affiliation(id: AffiliationId, until: Option<Moment>);
		/// Ends the rest.
		resume_affiliation(id: AffiliationId);
	}

	/// Login: sealed keyrings.
	"Vault" vault {
		/// Sets the signer's vault, or seals its body anew.
		set_vault(
			format: u8,
			key_commitment: Commitment,
			body: Vec<u8>,
			slots: Vec<NewSlot>,
			expected_version: VaultVersion,
		);
		/// Adds a slot.
		put_slot(slot: NewSlot, expected_version: VaultVersion);
		/// Removes a slot.
		remove_slot(slot: SlotId, expected_version: VaultVersion);
		/// Replaces a slot by one with another login.
		move_login(slot: NewSlot, expected_version: VaultVersion);
		/// Removes the vault with all its slots.
		clear_vault(expected_version: VaultVersion);
		/// Removes the vault of an identity that has ended. By anybody.
		reap_vault(identity: IdentityId);
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
