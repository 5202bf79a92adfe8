// SPDX-License-Identifier: Apache-2.0

//! What happened, enough to follow the state without reading it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An identity was registered.
		IdentityRegistered {
			/// Its id.
			identity: IdentityId,
			/// As what.
			kind: IdentityKind,
			/// The account that signs for it: its key 0, the primary one.
			account: T::AccountId,
			/// The public key behind the account.
			public: PublicKey,
			/// Its agreement key, version 1.
			agreement_key: X25519Key,
			/// Commitment to its sealed profile, revision 1, when there is one.
			profile: Option<Commitment>,
			/// Who registered it, when it was not itself.
			sponsor: Option<IdentityId>,
		},
		/// A profile was set or replaced.
		ProfileSet {
			/// Whose.
			identity: IdentityId,
			/// Commitment to the sealed profile.
			profile: Commitment,
			/// The revision it is.
			revision: u32,
		},
		/// A profile was cleared. Archives keep the commitment.
		ProfileCleared {
			/// Whose.
			identity: IdentityId,
			/// The revision that has none.
			revision: u32,
		},
		/// An identity ended itself, finally.
		IdentityDeactivated {
			/// Which.
			identity: IdentityId,
			/// When.
			at: Moment,
			/// The version of its DID document, which is the last.
			doc_version: DocVersion,
		},
		/// An identity was suspended.
		IdentitySuspended {
			/// Which.
			identity: IdentityId,
			/// By whose decision.
			by: SuspendedBy,
			/// On what ground.
			reason: SuspensionGround,
			/// Since when.
			since: Moment,
			/// From when on it acts again by itself, if so.
			until: Option<Moment>,
		},
		/// The suspension of an identity was lifted.
		IdentityReinstated {
			/// Which.
			identity: IdentityId,
			/// By whose decision.
			by: SuspendedBy,
			/// When.
			at: Moment,
		},
		/// An agreement key took the place of the one before.
		AgreementKeyRotated {
			/// Whose.
			identity: IdentityId,
			/// The version it is; the one before it is retired.
			version: KeyVersion,
			/// The new key.
			agreement_key: X25519Key,
			/// Since when it is the current one, and the one before no longer.
			at: Moment,
			/// The version of the DID document that it came with.
			doc_version: DocVersion,
		},
		/// A retired agreement key was revoked, or the revocation reaches further back than before.
		AgreementKeyRevoked {
			/// Whose.
			identity: IdentityId,
			/// Which version.
			version: KeyVersion,
			/// When.
			at: Moment,
			/// From when on its secret was in wrong hands, when it was.
			compromised_since: Option<Moment>,
		},
		/// An account became a further key of an identity.
		KeyAdded {
			/// Whose.
			identity: IdentityId,
			/// The number of the key.
			key: KeyId,
			/// The account.
			account: T::AccountId,
			/// The public key behind the account.
			public: PublicKey,
			/// What it is for.
			purposes: KeyPurposes,
			/// What it may sign.
			scopes: CallScopes,
			/// From when on it no longer counts, if ever.
			valid_until: Option<Moment>,
			/// The key that added it.
			by: KeyId,
			/// The version of the DID document that it came with.
			doc_version: DocVersion,
		},
		/// What a key may sign was changed.
		KeyScopesSet {
			/// Whose.
			identity: IdentityId,
			/// Which key.
			key: KeyId,
			/// What it may sign from now on.
			scopes: CallScopes,
		},
		/// Another account became the primary key.
		PrimaryRotated {
			/// Whose.
			identity: IdentityId,
			/// The key that was the primary one and is retired.
			retired: KeyId,
			/// The number of the new one.
			key: KeyId,
			/// The new account.
			account: T::AccountId,
			/// The public key behind it.
			public: PublicKey,
			/// How often the primary key was rotated.
			epoch: u32,
			/// The version of the DID document that it came with.
			doc_version: DocVersion,
		},
		/// A key was put away. What it signed before stays good.
		KeyRetired {
			/// Whose.
			identity: IdentityId,
			/// Which key.
			key: KeyId,
			/// From when on it no longer signs.
			at: Moment,
			/// The key that retired it.
			by: KeyId,
			/// The version of the DID document that misses it.
			doc_version: DocVersion,
		},
		/// A key was revoked, or its revocation reaches further back than before.
		KeyRevoked {
			/// Whose.
			identity: IdentityId,
			/// Which key.
			key: KeyId,
			/// When.
			at: Moment,
			/// From when on what it signed is in doubt, when its secret got into wrong hands.
			compromised_since: Option<Moment>,
			/// The key that revoked it.
			by: KeyId,
			/// The version of the DID document from now on.
			doc_version: DocVersion,
		},
		/// All keys of an identity but the primary were frozen.
		KeysFrozen {
			/// Whose.
			identity: IdentityId,
			/// The key that froze them.
			by: KeyId,
		},
		/// The keys of an identity are no longer frozen.
		KeysUnfrozen {
			/// Whose.
			identity: IdentityId,
		},
		/// A service was added.
		ServiceAdded {
			/// Whose.
			identity: IdentityId,
			/// The service.
			service: Service,
			/// The version of the DID document that it came with.
			doc_version: DocVersion,
		},
		/// A service was removed.
		ServiceRemoved {
			/// Whose.
			identity: IdentityId,
			/// Its name.
			service: ServiceId,
			/// The version of the DID document that misses it.
			doc_version: DocVersion,
		},
	}
}
