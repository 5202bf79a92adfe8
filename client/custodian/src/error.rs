// SPDX-License-Identifier: Apache-2.0

//! Everything a request can end with that is no success: status, word for programs, advice.

use axum::{
	Json,
	http::{HeaderValue, StatusCode, header::RETRY_AFTER},
	response::{IntoResponse, Response},
};
use salus_client::wire::{CredentialsError, Failure};
use salus_primitives::{AccessDecision, IdentityId, KeyVersion, RecordVersion};
use std::time::Duration;

/// Why a request was not served. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The headers do not hold.
	#[error("{0}")]
	Credentials(#[from] CredentialsError),
	/// Nobody's account.
	#[error(
		"the account may not ask this in the name of an active identity of this chain: register, wait \
		 until that is final, or use a key with the scope for it"
	)]
	UnknownAccount,
	/// A replay.
	#[error("the nonce was used before: sign every request anew")]
	NonceUsed,
	/// The identity asks too often.
	#[error("too many requests of this identity: try again in {} s", seconds(.0))]
	TooManyRequests(Duration),
	/// The reader was denied too often.
	#[error("too many denied requests of this reader: try again in {} s", seconds(.0))]
	TooManyDenials(Duration),
	/// A body above its limit.
	#[error("the body is larger than the {0} bytes that are taken here")]
	TooLarge(u64),
	/// The client stopped sending.
	#[error("the body did not arrive in time: send it again")]
	BodyTimeout,
	/// The client hung up.
	#[error("the body broke off: send it again")]
	BodyBroken,
	/// Not what the endpoint takes.
	#[error("{0}")]
	Malformed(String),
	/// No such path.
	#[error("nothing lies under this path: see /info for what this service is")]
	UnknownPath,
	/// No such method at this path.
	#[error("the path does not take this method")]
	UnknownMethod,
	/// Too much of the caller's belongs to nothing.
	#[error(
		"objects of yours that belong to no record on chain fill the {0} bytes that are kept for you \
		 here: file them, or delete what is not needed"
	)]
	QuotaFull(u64),
	/// The bytes are not those of the hash.
	#[error(
		"the bytes do not have this BLAKE2b-256 hash: nothing was stored, send the object again"
	)]
	HashMismatch,
	/// No such object.
	#[error("no object with this hash is stored here: ask its author to upload it again")]
	ObjectMissing,
	/// The stored bytes changed.
	#[error(
		"object damaged: what is stored no longer has its hash, and is not served; \
		 its author can heal it by uploading it again"
	)]
	ObjectDamaged,
	/// Its record was erased.
	#[error("the object was erased with its record, for good")]
	ObjectErased,
	/// The caller did not bring it, or somebody else filed it.
	#[error(
		"only who uploaded an object can delete it, and once it is filed only who filed the record: ask \
		 the author, or the organisation that keeps it"
	)]
	NotOwner,
	/// The record stands on chain.
	#[error(
		"the record is anchored: what belongs to it is kept until an erasure is decided; \
		 retract the record instead"
	)]
	Anchored,
	/// Neither its author, nor who keeps it.
	#[error(
		"the record's id does not derive from the signer's identity and these fields: its author \
		 deposits the first share, and who keeps the record on chain the others"
	)]
	NotAuthor,
	/// A part that no division has.
	#[error(
		"there is no such part: parts are numbered from 1, as many as there are custodians (8 at \
		 most), and at most all of them open a share"
	)]
	PartUnsound,
	/// The record is held back from erasure.
	#[error(
		"the record is under legal hold: nothing of it is destroyed until its organisation lifts the \
		 hold on chain"
	)]
	LegalHold,
	/// Nothing to open, or no longer.
	#[error(
		"the chain shows no such version of the record, or it was withdrawn: ask for another version; \
		 one that was just filed needs to be final first"
	)]
	VersionUnknown,
	/// An emergency for something else.
	#[error("an emergency permits access for the purpose BTG and nothing else: ask for that")]
	NotEmergencyPurpose,
	/// Neither author nor entitled otherwise.
	#[error(
		"only who deposited a share can erase it, and only until the record is anchored; after a \
		 reseal that is final the subject and the keeper can, too"
	)]
	NotEntitled,
	/// The sealed share does not open.
	#[error(
		"the share does not open for this record and custodian: seal it to the key that the chain \
		 shows for this custodian"
	)]
	ShareSealed,
	/// Something else lies there.
	#[error(
		"another share is stored for this version: shares are never replaced, amend the record"
	)]
	ShareDiffers,
	/// No such share.
	#[error("no share is stored for this version of the record: ask its author to deposit it")]
	ShareMissing,
	/// It was erased.
	#[error("the share of this version was erased for good")]
	ShareErased,
	/// Its record was erased.
	#[error("the record was erased: nothing is done for it any more")]
	RecordErased,
	/// Stored bytes that do not open.
	#[error("share damaged: what is stored does not open; restore the stores of this custodian")]
	ShareDamaged,
	/// Consent does not cover it.
	#[error("access {0}")]
	Denied(AccessDecision),
	/// The permit's last use went to somebody else, or the chain refuses the entry.
	#[error("the chain did not take the log entry of a counted use ({0}): nothing was released")]
	UseRefused(String),
	/// Sealing to the key asked for would be sealing to an old or a coming one.
	#[error(
		"the reader's agreement key in force is version {0}: name that version; after a rotation \
		 wait until it is final"
	)]
	OtherKeyVersion(KeyVersion),
	/// There is no key to seal to.
	#[error("the chain shows no agreement key of the reader: register one")]
	NoAgreementKey,
	/// Only the subject sees what was recorded.
	#[error("the entries about a subject are shown to the subject itself only")]
	NotSubject,
	/// Only an organisation sees what its own people asked.
	#[error(
		"what the people of an organisation asked is shown to the keys of that organisation only"
	)]
	NotReaders,
	/// No such emergency, or somebody else's.
	#[error(
		"there is no such emergency of yours, or it is not final yet: break the glass with \
		 `salus consent break-glass`, and try again when that is final"
	)]
	EmergencyUnknown,
	/// The record needs no emergency, or another one.
	#[error("the record is not read by this emergency ({0}): ask the custodian for it as usual")]
	OtherBasis(AccessDecision),
	/// The emergency key is elsewhere, or nowhere.
	#[error(
		"this organisation holds no emergency key of the record's compartment: the chain shows who \
		 does, when anybody does"
	)]
	NoEmergencyKey,
	/// The key on chain does not lead to the record.
	#[error(
		"the emergency key does not open the record ({0}): nobody can help but the patient, or who has \
		 a grant"
	)]
	EmergencyKeyFails(String),
	/// The version has no reader share on chain.
	#[error(
		"the chain has no reader share of this version any more: it was retracted or sealed anew; \
		 ask for the version that counts"
	)]
	NoReaderShare,
	/// The gateway is off.
	#[error(
		"this service validates nothing: ask a validation gateway, or start it with --gateway-key"
	)]
	NoGateway,
	/// The author does not work there.
	#[error(
		"the verdicts of organisation {0} are for itself and for those who work there now: ask the \
		 gateway of your own organisation, or accept its invitation first"
	)]
	NotAffiliated(IdentityId),
	/// The organisation's key was taken away.
	#[error(
		"the chain does not take signatures of this gateway's key for its organisation now: tell its \
		 operator"
	)]
	GatewayKey,
	/// As many documents are looked at as fit into memory.
	#[error("the gateway looks at as many documents as it can at once: try again in a moment")]
	GatewayBusy,
	/// The identity has too much validated.
	#[error("too many validations for this identity: try again in {} s", seconds(.0))]
	TooManyValidations(Duration),
	/// The bytes are not those that were signed.
	#[error("the bytes of the body do not have the hash in its header: send it again")]
	BodyMismatch,
	/// The shown document does not open.
	#[error(
		"the shown document does not open ({0}): seal it anew, to the key in /info, for this record, \
		 version and object"
	)]
	DocumentSealed(String),
	/// There is nothing to commit with.
	#[error(
		"the shown document comes without ptSalt: put the salt of the record's body commitment into \
		 its metadata"
	)]
	SaltMissing,
	/// There is nothing that verdicts could rest on.
	#[error("the outcome cannot be sealed as evidence: nothing was signed, tell the operator")]
	Evidence(String),
	/// The record is somebody else's.
	#[error(
		"the record's id does not derive from these fields and an author that the caller may file \
		 for: show a record of your own, or one of your organisation's to amend it"
	)]
	NotOwnRecord,
	/// The version is not the next one.
	#[error("the next version of this record is {0}: show that one")]
	OtherVersion(RecordVersion),
	/// There are no leaf files.
	#[error("this service proves no units: ask that of the maker, or start it with --supply-files")]
	NoProofs,
	/// No trading partner.
	#[error(
		"proofs of units are given to makers, distributors, pharmacies and facilities with a licence in \
		 force, and to authorities of markets: ask in the name of one"
	)]
	NotPartner,
	/// The serial is in no batch that is kept here.
	#[error(
		"no batch that is kept here has this serial of this product: compare it with the print, and ask \
		 the chain for a verdict"
	)]
	UnitUnknown,
	/// Too many questions.
	#[error("too many proofs for this identity: try again in {} s", seconds(.0))]
	TooManyProofs(Duration),
	/// Too many questions for what is not there.
	#[error(
		"too many serials that are not there were asked for: try again in {} s, and check the readers",
		seconds(.0)
	)]
	TooManyMisses(Duration),
	/// The chain knows no such batch.
	#[error("the final block shows no such batch: wait until its commissioning is final")]
	BatchUnknown,
	/// Somebody else's batch.
	#[error("only who commissioned a batch sends its leaf file: sign with a key of the maker")]
	NotMaker,
	/// Not the file that was anchored.
	#[error("the chain shows another leaf file for this batch: send the one that was anchored")]
	OtherLeaves,
	/// A file that was anchored, and is none.
	#[error("the leaf file is not sound ({0}): nothing was kept")]
	LeavesUnsound(String),
	/// A file that changed since.
	#[error("leaf file damaged: this is no miss; tell the operator, and try again later")]
	LeavesDamaged,
	/// The decisions are the organisation's.
	#[error("the decisions of the gateway are shown to the keys of its organisation only")]
	NotOrganisation,
	/// Finality does not advance.
	#[error(
		"finality is stalled: the last final block is {} s old, and no share is released above \
		 {} s; try again when the chain finalises",
		seconds(age),
		seconds(limit)
	)]
	StaleFinality {
		/// How old it is.
		age: Duration,
		/// How old it may be.
		limit: Duration,
	},
	/// The node does not answer.
	#[error("the custodian's node does not answer: try again later ({0})")]
	Chain(String),
	/// The chain did not take a log entry in time.
	#[error("the chain did not take the log entry in time: nothing was released, try again")]
	LogTimeout,
	/// The store does not work.
	#[error("the custodian's store failed: nothing was released, try again later")]
	Store(#[source] object_store::Error),
	/// The store lacks entries that the chain has anchored.
	#[error(
		"the chain has anchored this recorder's log up to entry {0}, and the store ends before that: \
		 restore a newer store, or start with another --recorder"
	)]
	LogLost(u64),
	/// The store holds other entries than the chain has anchored.
	#[error(
		"the entries from {0} on are not those that the chain has anchored for this recorder: restore \
		 the store they came from, or start with another --recorder"
	)]
	LogDiverged(u64),
	/// A stored row cannot be read.
	#[error("the custodian's store holds a row that cannot be read: nothing was released")]
	Row(String),
	/// Going down.
	#[error("the custodian is shutting down: try again later")]
	ShuttingDown,
}

/// Whole seconds, rounded up: nobody should come back too early.
fn seconds(duration: &Duration) -> u64 {
	duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl Error {
	/// The HTTP status and the word for programs.
	pub fn status(&self) -> (StatusCode, &'static str) {
		use StatusCode as S;
		match self {
			Self::Credentials(error) => (S::UNAUTHORIZED, credentials_word(*error)),
			Self::UnknownAccount => (S::UNAUTHORIZED, "unknown-account"),
			Self::NonceUsed => (S::UNAUTHORIZED, "nonce-used"),
			Self::TooManyRequests(_) => (S::TOO_MANY_REQUESTS, "too-many-requests"),
			Self::TooManyDenials(_) => (S::TOO_MANY_REQUESTS, "too-many-denials"),
			Self::TooLarge(_) => (S::PAYLOAD_TOO_LARGE, "too-large"),
			Self::BodyTimeout => (S::REQUEST_TIMEOUT, "body-timeout"),
			Self::BodyBroken => (S::BAD_REQUEST, "body-broken"),
			Self::Malformed(_) => (S::BAD_REQUEST, "malformed"),
			Self::UnknownPath => (S::NOT_FOUND, "unknown-path"),
			Self::UnknownMethod => (S::METHOD_NOT_ALLOWED, "unknown-method"),
			Self::QuotaFull(_) => (S::INSUFFICIENT_STORAGE, "quota-full"),
			Self::HashMismatch => (S::UNPROCESSABLE_ENTITY, "hash-mismatch"),
			Self::ObjectMissing => (S::NOT_FOUND, "object-missing"),
			Self::ObjectDamaged => (S::BAD_GATEWAY, "object-damaged"),
			Self::ObjectErased => (S::GONE, "object-erased"),
			Self::NotOwner => (S::FORBIDDEN, "not-owner"),
			Self::Anchored => (S::CONFLICT, "anchored"),
			Self::NotAuthor => (S::FORBIDDEN, "not-author"),
			Self::PartUnsound => (S::UNPROCESSABLE_ENTITY, "part-unsound"),
			Self::LegalHold => (S::CONFLICT, "legal-hold"),
			Self::VersionUnknown => (S::NOT_FOUND, "version-unknown"),
			Self::NotEmergencyPurpose => (S::FORBIDDEN, "not-emergency-purpose"),
			Self::NotEntitled => (S::FORBIDDEN, "not-entitled"),
			Self::ShareSealed => (S::UNPROCESSABLE_ENTITY, "share-sealed"),
			Self::ShareDiffers => (S::CONFLICT, "share-differs"),
			Self::ShareMissing => (S::NOT_FOUND, "share-missing"),
			Self::ShareErased => (S::GONE, "share-erased"),
			Self::RecordErased => (S::GONE, "record-erased"),
			Self::ShareDamaged => (S::BAD_GATEWAY, "share-damaged"),
			Self::Denied(_) => (S::FORBIDDEN, "access-denied"),
			Self::UseRefused(_) => (S::CONFLICT, "use-refused"),
			Self::OtherKeyVersion(_) => (S::CONFLICT, "other-key-version"),
			Self::NoAgreementKey => (S::CONFLICT, "no-agreement-key"),
			Self::NotSubject => (S::FORBIDDEN, "not-subject"),
			Self::NotReaders => (S::FORBIDDEN, "not-readers"),
			Self::EmergencyUnknown => (S::NOT_FOUND, "emergency-unknown"),
			Self::OtherBasis(_) => (S::CONFLICT, "other-basis"),
			Self::NoEmergencyKey => (S::NOT_FOUND, "no-emergency-key"),
			Self::EmergencyKeyFails(_) => (S::BAD_GATEWAY, "emergency-key-fails"),
			Self::NoReaderShare => (S::GONE, "no-reader-share"),
			Self::NoGateway => (S::NOT_FOUND, "no-gateway"),
			Self::NotAffiliated(_) => (S::FORBIDDEN, "not-affiliated"),
			Self::GatewayKey => (S::SERVICE_UNAVAILABLE, "gateway-key"),
			Self::GatewayBusy => (S::SERVICE_UNAVAILABLE, "gateway-busy"),
			Self::TooManyValidations(_) => (S::TOO_MANY_REQUESTS, "too-many-validations"),
			Self::BodyMismatch => (S::UNPROCESSABLE_ENTITY, "body-mismatch"),
			Self::DocumentSealed(_) => (S::UNPROCESSABLE_ENTITY, "document-sealed"),
			Self::SaltMissing => (S::UNPROCESSABLE_ENTITY, "salt-missing"),
			Self::Evidence(_) => (S::INTERNAL_SERVER_ERROR, "evidence-failed"),
			Self::NotOwnRecord => (S::FORBIDDEN, "not-own-record"),
			Self::OtherVersion(_) => (S::CONFLICT, "other-version"),
			Self::NoProofs => (S::NOT_FOUND, "no-proofs"),
			Self::NotPartner => (S::FORBIDDEN, "not-partner"),
			Self::UnitUnknown => (S::NOT_FOUND, "unit-unknown"),
			Self::TooManyProofs(_) => (S::TOO_MANY_REQUESTS, "too-many-proofs"),
			Self::TooManyMisses(_) => (S::TOO_MANY_REQUESTS, "too-many-misses"),
			Self::BatchUnknown => (S::NOT_FOUND, "batch-unknown"),
			Self::NotMaker => (S::FORBIDDEN, "not-maker"),
			Self::OtherLeaves => (S::UNPROCESSABLE_ENTITY, "other-leaves"),
			Self::LeavesUnsound(_) => (S::UNPROCESSABLE_ENTITY, "leaves-unsound"),
			Self::LeavesDamaged => (S::BAD_GATEWAY, "leaves-damaged"),
			Self::NotOrganisation => (S::FORBIDDEN, "not-organisation"),
			Self::StaleFinality { .. } => (S::SERVICE_UNAVAILABLE, "stale-finality"),
			Self::Chain(_) => (S::SERVICE_UNAVAILABLE, "chain-unreachable"),
			Self::LogTimeout => (S::SERVICE_UNAVAILABLE, "log-timeout"),
			Self::Store(_) => (S::INTERNAL_SERVER_ERROR, "store-failed"),
			Self::LogLost(_) => (S::INTERNAL_SERVER_ERROR, "log-lost"),
			Self::LogDiverged(_) => (S::INTERNAL_SERVER_ERROR, "log-diverged"),
			Self::Row(_) => (S::INTERNAL_SERVER_ERROR, "row-unreadable"),
			Self::ShuttingDown => (S::SERVICE_UNAVAILABLE, "shutting-down"),
		}
	}

	/// When it makes sense to come back, where that is known.
	fn retry_after(&self) -> Option<u64> {
		match self {
			Self::TooManyRequests(after)
			| Self::TooManyDenials(after)
			| Self::TooManyProofs(after)
			| Self::TooManyMisses(after)
			| Self::TooManyValidations(after) => Some(seconds(after)),
			Self::StaleFinality { .. } | Self::Chain(_) | Self::LogTimeout | Self::GatewayBusy => {
				Some(5)
			},
			_ => None,
		}
	}

	/// The text with the detail that only the operator sees.
	fn report(&self) {
		match self {
			Self::Store(source) => tracing::error!(%source, "the store failed"),
			Self::Evidence(reason) => tracing::error!(reason, "evidence could not be sealed"),
			Self::Row(path) => tracing::error!(path, "a stored row cannot be read"),
			Self::ObjectDamaged | Self::ShareDamaged | Self::LogLost(_) | Self::LogDiverged(_) => {
				tracing::error!("{self}")
			},
			Self::Chain(_) | Self::LogTimeout | Self::StaleFinality { .. } | Self::GatewayKey => {
				tracing::warn!("{self}")
			},
			_ => tracing::debug!("{self}"),
		}
	}
}

fn credentials_word(error: CredentialsError) -> &'static str {
	match error {
		CredentialsError::Missing(_) => "header-missing",
		CredentialsError::Malformed(_) => "header-malformed",
		CredentialsError::OtherAudience => "other-audience",
		CredentialsError::Expired => "expired",
		CredentialsError::ExpiresTooLate => "expires-too-late",
		CredentialsError::BadSignature => "bad-signature",
	}
}

impl From<object_store::Error> for Error {
	fn from(error: object_store::Error) -> Self {
		Self::Store(error)
	}
}

impl IntoResponse for Error {
	fn into_response(self) -> Response {
		self.report();
		let (status, word) = self.status();
		let decision = match &self {
			Self::Denied(decision) => Some(*decision),
			_ => None,
		};
		let failure = Failure { error: word.into(), message: self.to_string(), decision };
		let mut response = (status, Json(failure)).into_response();
		if let Some(seconds) = self.retry_after() {
			response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
		}
		response
	}
}

/// What most of this crate gives.
pub(crate) type Result<T, E = Error> = core::result::Result<T, E>;

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn seconds_are_rounded_up() {
		assert_eq!(seconds(&Duration::ZERO), 0);
		assert_eq!(seconds(&Duration::from_millis(1)), 1);
		assert_eq!(seconds(&Duration::from_millis(2000)), 2);
	}
}
