// SPDX-License-Identifier: Apache-2.0

//! Who: identities, licences, logins.

use super::Account;
use crate::{Call, types::*};
use salus_primitives::*;

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
}
