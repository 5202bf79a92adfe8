// SPDX-License-Identifier: Apache-2.0

//! What can be wrong with a call, and what to do about it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// Devices are not registered here: choose patient, practitioner or organisation.
		DeviceRefused,
		/// The account serves an identity already, for ever: use another account.
		AccountAlreadyBound,
		/// The agreement key is no canonical X25519 public key: make a new key pair.
		AgreementKeyNotCanonical,
		/// Every secret shared with this agreement key would be zero: make a new key pair.
		AgreementKeySmallOrder,
		/// The agreement key is or was in use by this or another identity: make a new key pair.
		AgreementKeyInUse,
		/// The agreement key is the public key of an account that signs: make a key pair of its own.
		AgreementKeyIsAccount,
		/// The commitment is all zeros, which commits to nothing: send the real one.
		ProfileEmpty,
		/// The profile was changed meanwhile, or never set: read its revision and try again.
		StaleRevision,
		/// The profile has this commitment already: nothing to do.
		ProfileUnchanged,
		/// The agreement key was rotated meanwhile: read the current version and try again.
		StaleVersion,
		/// The identity has had all the agreement keys it may have: register another identity.
		VersionHistoryFull,
		/// The versions that are left are kept for the primary key: rotate by the primary key.
		VersionsKeptForPrimary,
		/// The account did not sign exactly this, for this chain: ask for its signature again.
		BadSignature,
		/// The deadline of what the account signed has passed: ask for the signature again.
		ConsentExpired,
		/// The deadline lies further ahead than a consent may: ask for a shorter one.
		DeadlineTooFar,
		/// The sponsor has registered as many identities as it may today: go on tomorrow.
		SponsorQuotaExceeded,
		/// The account was a key of an identity and is retired or revoked: use another account.
		AccountRetired,
		/// The account's bytes are an agreement key of this identity: use another account.
		AccountIsAgreementKey,
		/// The public key belongs to another account: send the one behind this account.
		PublicKeyMismatch,
		/// Anybody can write down a signature of this key: make a new key pair.
		PublicKeyWeak,
		/// The account signs with a key of its own: send that key, not that there is none.
		PublicKeyMissing,
		/// There is no profile to clear: nothing to do.
		NoProfile,
		/// Only the primary key may do this: sign with it.
		NotPrimary,
		/// The DID document was changed meanwhile: read its version and try again.
		StaleDocVersion,
		/// No identity has this id: check it.
		IdentityNotFound,
		/// The identity has ended for good: there is nothing to suspend.
		IdentityEnded,
		/// A patient is suspended by governance alone: ask there.
		PatientNeedsGovernance,
		/// The same decider suspended the identity already: reinstate it first to suspend it otherwise.
		AlreadySuspended,
		/// The identity is not suspended, or no longer: nothing to do.
		NotSuspended,
		/// Governance suspended the identity, and decides about it: ask there.
		SuspendedByGovernance,
		/// Another authority suspended the identity: ask it, or governance.
		SuspendedByAnother,
		/// The end lies in the past: choose a moment to come, or none.
		EndPassed,
		/// The agreement key is the current one: rotate it first, then revoke it.
		VersionIsCurrent,
		/// The identity has no agreement key of this version: read its versions.
		VersionNotFound,
		/// The moment of compromise is still to come: send one that has been.
		CompromiseAhead,
		/// The key was not in use yet at the moment of compromise: send a later one, or none.
		CompromiseBeforeUse,
		/// The key is revoked, from this moment on or an earlier one: only an earlier one is news.
		AlreadyRevoked,
		/// A purpose is unknown to this chain: choose among those there are.
		UnknownPurpose,
		/// A scope is unknown to this chain: choose among those there are.
		UnknownScope,
		/// A key for no purpose is of no use: name one.
		NoPurpose,
		/// A key that signs calls is for capability invocation: add that purpose, or drop the scopes.
		PurposeMismatch,
		/// The key that signs does not hold all these scopes itself: ask for fewer.
		ScopeEscalation,
		/// Only the primary key lets another administer keys: sign with it, or drop the scope.
		KeyAdminNotGiven,
		/// The key that signs does not have all these purposes itself: ask for fewer.
		PurposeEscalation,
		/// The key would end after the key that adds it: choose an earlier end.
		OutlivesGiver,
		/// The identity has all the keys it may have: retire one first, maybe one past its end.
		TooManyKeys,
		/// The identity has had all the keys it may have: register another identity.
		KeyHistoryFull,
		/// The identity has no key of this number: read its keys.
		KeyNotFound,
		/// The key has ended: add another.
		KeyNotActive,
		/// The key is the primary one: rotate it first.
		KeyIsPrimary,
		/// The key has these scopes already: nothing to do.
		ScopesUnchanged,
		/// The primary key was rotated meanwhile: read the epoch and have the new key sign again.
		StaleEpoch,
		/// The keys are frozen already: nothing to do.
		AlreadyFrozen,
		/// The keys are not frozen: nothing to do.
		NotFrozen,
		/// Only organisations and practitioners list services: act as one of those.
		ServicesRefused,
		/// The service's id is empty, or not of letters, digits, dot, underscore, hyphen: choose another.
		ServiceIdMalformed,
		/// The service's id is of the form that keys have in the DID document: choose another.
		ServiceIdReserved,
		/// The service's kind is empty, or not of letters, digits, dot, underscore, hyphen: mend it.
		ServiceKindMalformed,
		/// The service's address is neither an `https://` address nor a DID: mend it.
		ServiceUrlMalformed,
		/// The identity lists a service of this id: remove it first.
		ServiceExists,
		/// The identity lists no service of this id: read its services.
		ServiceNotFound,
		/// The identity lists all the services it may: remove one first.
		TooManyServices,
	}
}
