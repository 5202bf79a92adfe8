// SPDX-License-Identifier: Apache-2.0

//! The validation gateway: an organisation's verdicts on what its people file.
//!
//! An author shows a document, sealed to this service. The gateway looks at the plaintext, decides on
//! accuracy, completeness and source, seals the outcome as evidence, writes the decision down and
//! signs. The plaintext lives in memory for as long as that takes, is bounded there, and touches
//! neither disk nor log.

mod arrival;
mod evidence;
mod journal;
mod judge;
mod source;

use crate::{
	Custodian, Error,
	auth::Caller,
	chain::Block,
	error::Result,
	limits::{Rate, RateLimit},
	requests::declared_length,
	store::Store,
};
use arrival::Arrivals;
use axum::{body::Body, http::request::Parts};
use bytes::Bytes;
use judge::{Findings, Judgement};
use salus_client::{
	Keypair,
	did::{ChainTag, chain_tag},
	wire::{
		self, Decision, DecisionPage, GatewayInfo, Judged, ShowingHead, SignedVerdict, Validation,
		body_hash,
	},
};
use salus_envelope::{AgreementPublic, BodyCommitment, ContentKey, Opener, object_len};
use salus_primitives::{
	AttestationStatement, CallScope, Commitment, Digest, IdentityId, Moment, RecordId, Verdict,
	blake2_256,
};
use source::Parties;
use std::{
	fmt,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use arrival::Shown;
pub(crate) use journal::Journal;

/// How many documents are in memory at once. A tree of FHIR takes many times the text.
const AT_ONCE: usize = 4;

/// What a gateway knows of itself.
#[derive(Clone)]
pub struct GatewaySettings {
	/// In whose name the verdicts are given.
	pub organisation: IdentityId,
	/// Signs them: a key of the organisation with the scope `record-anchor`.
	pub signer: Keypair,
	/// The largest document it takes, in bytes.
	pub max_document: u64,
	/// How long a verdict may be used.
	pub lifetime: Duration,
	/// How often one identity may have something validated.
	pub validations: Rate,
	/// How long a request waits for its turn.
	pub patience: Duration,
}

impl fmt::Debug for GatewaySettings {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_struct("GatewaySettings")
			.field("organisation", &self.organisation)
			.field("max_document", &self.max_document)
			.finish_non_exhaustive()
	}
}

/// A gateway that is switched on.
pub(crate) struct Gateway {
	settings: GatewaySettings,
	journal: Journal,
	validations: RateLimit<IdentityId>,
	arrivals: Arrivals,
	turns: Arc<Semaphore>,
}

/// What is left of a document that was looked at.
struct Seen {
	body: BodyCommitment,
	findings: Findings,
	parties: Option<Parties>,
}

impl Gateway {
	/// Opens the log of the gateway where it ends.
	pub(crate) async fn open(
		settings: GatewaySettings,
		store: Store,
		recorder: String,
	) -> Result<Self> {
		let journal = Journal::open(store, settings.organisation, recorder).await?;
		let validations = RateLimit::new(settings.validations);
		let (arrivals, turns) = (Arrivals::new(), Arc::new(Semaphore::new(AT_ONCE)));
		Ok(Self { settings, journal, validations, arrivals, turns })
	}

	/// What everybody may know of it, with the proof that documents go to this key of this service.
	pub(crate) fn info(&self, peer: &wire::Peer, key: &AgreementPublic) -> GatewayInfo {
		let GatewaySettings { organisation, signer, max_document, .. } = &self.settings;
		let statement = wire::gateway_statement(peer, key, organisation);
		GatewayInfo {
			organisation: *organisation,
			account: self.account(),
			max_document: *max_document,
			proof: signer.sign(&statement).0,
		}
	}

	fn account(&self) -> Digest {
		Digest(self.settings.signer.public_key().0)
	}

	/// The longest body: a head, and a sealed document with the little metadata that it needs.
	fn max_body(&self) -> u64 {
		let head = (wire::MAX_HEAD + 4) as u64;
		let object = object_len(wire::MAX_HEAD, self.settings.max_document);
		object.unwrap_or(u64::MAX).saturating_add(head)
	}

	async fn turn(&self) -> Result<OwnedSemaphorePermit> {
		match tokio::time::timeout(self.settings.patience, self.turns.clone().acquire_owned()).await
		{
			Ok(Ok(turn)) => Ok(turn),
			Ok(Err(_)) | Err(_) => Err(Error::GatewayBusy),
		}
	}
}

impl Custodian {
	fn gateway(&self) -> Result<&Gateway> {
		self.gateway.as_ref().ok_or(Error::NoGateway)
	}

	/// Checks who shows something before any of it is read: the signature covers the hash in the
	/// header, and the bytes are compared with that later.
	pub(crate) async fn may_show(&self, parts: &Parts, length: Option<u64>) -> Result<Caller> {
		let gateway = self.gateway()?;
		if length.is_some_and(|length| length > gateway.max_body()) {
			return Err(Error::TooLarge(gateway.settings.max_document));
		}
		let caller = self.door.authenticate(parts, claimed_hash(parts)?).await?;
		let rate = gateway.validations.take(caller.identity, Instant::now());
		rate.map_err(Error::TooManyValidations)?;
		let organisation = gateway.settings.organisation;
		let works_here = caller.identity == organisation
			|| self.chain.works_at(&caller.identity, &organisation, caller.best).await?;
		if !works_here {
			return Err(Error::NotAffiliated(organisation));
		}
		self.ensure_key_counts(gateway, caller.best).await?;
		Ok(caller)
	}

	/// The chain takes a verdict only while its signer acts for the organisation.
	async fn ensure_key_counts(&self, gateway: &Gateway, best: Block) -> Result<()> {
		let account = gateway.account().0;
		let acting = self.chain.acting_identity(&account, CallScope::RecordAnchor, best).await?;
		if acting == Some(gateway.settings.organisation) { Ok(()) } else { Err(Error::GatewayKey) }
	}

	/// Reads a showing, bounded in length, time and number. It takes no turn yet: who sends slowly
	/// keeps nobody from being judged.
	pub(crate) async fn receive_showing(
		&self,
		caller: &Caller,
		parts: &Parts,
		body: Body,
	) -> Result<Shown> {
		let gateway = self.gateway()?;
		let (limit, shown) = (gateway.max_body(), gateway.settings.max_document);
		let length = declared_length(&parts.headers).unwrap_or(limit).min(limit);
		let place =
			gateway.arrivals.place(caller.identity, length, gateway.settings.patience).await?;
		let shown = place.receive(body, length, shown).await?;
		if body_hash(&shown.body) != claimed_hash(parts)? {
			return Err(Error::BodyMismatch);
		}
		Ok(shown)
	}

	/// Judges a shown document. The decision is durable when this returns.
	pub(crate) async fn validate(&self, caller: &Caller, shown: Shown) -> Result<Validation> {
		let gateway = self.gateway()?;
		let (head, object) = ShowingHead::split(&shown.body).ok_or_else(|| {
			Error::Malformed("the body is no head with a sealed document behind it".into())
		})?;
		self.ensure_not_erased(&head.record).await?;
		self.ensure_own_place(caller, &head).await?;
		let turn = gateway.turn().await?;
		let seen = self.look_at(gateway, &head, shown.body.slice_ref(object), turn).await?;
		let judgement = self.judge(gateway, caller, &head, seen.findings, seen.parties).await?;
		let body = Commitment(seen.body.0);

		let evidence = self.seal_evidence(gateway, caller, &head, &judgement).await?;
		let verdicts = judgement.verdicts();
		let signs = judgement.passes() || head.sign_failing;
		let expires = wire::now().saturating_add(millis(gateway.settings.lifetime));
		let expires = signs.then_some(expires);
		let sign = |judged: &Judged| {
			expires.map(|expires| self.sign(gateway, &head, body, evidence.digest, judged, expires))
		};
		let attestations = verdicts.iter().filter_map(sign).collect();
		let decision = Decision {
			recorder: String::new(),
			seq: 0,
			at: wire::now(),
			organisation: gateway.settings.organisation,
			author: caller.identity,
			account: Digest(caller.account),
			request: Digest(caller.request),
			record: head.record,
			version: head.version,
			verdicts: verdicts.to_vec(),
			evidence: evidence.digest,
			expires,
		};
		let Decision { recorder, seq, .. } = gateway.journal.append(decision).await?;
		self.metrics.validation(judgement.worst());
		Ok(Validation {
			organisation: gateway.settings.organisation,
			record: head.record,
			version: head.version,
			verdicts: verdicts.to_vec(),
			attestations,
			evidence,
			recorder,
			seq,
		})
	}

	/// One page of the decisions of this instance, for the organisation itself.
	pub(crate) async fn decisions(
		&self,
		caller: &Caller,
		after: Option<u64>,
		limit: u32,
	) -> Result<DecisionPage> {
		let gateway = self.gateway()?;
		if caller.identity != gateway.settings.organisation {
			return Err(Error::NotOrganisation);
		}
		gateway.journal.page(after, limit).await
	}

	/// Whether the record is one that the caller may file a version of.
	///
	/// A first version comes before the chain knows the record: the id proves its author. For later
	/// ones the chain names author and keeper.
	async fn ensure_own_place(&self, caller: &Caller, head: &ShowingHead) -> Result<()> {
		let id_by = |author: &IdentityId| {
			let ShowingHead { subject, class, compartment, nonce, .. } = head;
			RecordId::derive(blake2_256, author, subject, *class, *compartment, nonce)
		};
		if head.version <= 1 {
			let is_own = head.version == 1 && id_by(&caller.identity) == head.record;
			return if is_own { Ok(()) } else { Err(Error::NotOwnRecord) };
		}
		let facts = self.chain.record(&head.record, caller.best).await?;
		let facts = facts.ok_or(Error::NotOwnRecord)?;
		let keeps = self.chain.keeps(&caller.identity, &facts, caller.best).await?;
		if id_by(&facts.author) != head.record || !keeps {
			return Err(Error::NotOwnRecord);
		}
		let next = facts.newest.saturating_add(1);
		if head.version == next { Ok(()) } else { Err(Error::OtherVersion(next)) }
	}

	/// Opens the shown document and looks at it, off the threads that serve.
	async fn look_at(
		&self,
		gateway: &Gateway,
		head: &ShowingHead,
		object: Bytes,
		turn: OwnedSemaphorePermit,
	) -> Result<Seen> {
		let ShowingHead { record, version, content, key, .. } = head;
		let secret = &self.settings.agreement;
		let share = self
			.peer()
			.open_showing(record, *version, content, key, secret)
			.map_err(|error| Error::DocumentSealed(error.to_string()))?;
		let key = ContentKey::from_reader_share(share);
		let chain = chain_tag(&self.chain.genesis());
		let limit = gateway.settings.max_document;
		let looking = tokio::task::spawn_blocking(move || {
			let _turn = turn;
			look(&key, &object, limit, chain)
		});
		// A document that breaks its reader is told like one that cannot be read.
		looking.await.map_err(|_| Error::Malformed("the document cannot be read".into()))?
	}

	/// All three verdicts: what the reader found, and what the chain says of those whom the document
	/// names.
	async fn judge(
		&self,
		gateway: &Gateway,
		caller: &Caller,
		head: &ShowingHead,
		mut findings: Findings,
		parties: Option<Parties>,
	) -> Result<Judgement> {
		let Some(parties) = parties else { return Ok(findings.judged(Verdict::Fail)) };
		let organisation = gateway.settings.organisation;
		let mut strangers = Vec::new();
		for (author, path) in parties.authors_to_check() {
			let known = [caller.identity, organisation, head.subject].contains(author);
			if !known && !self.chain.works_at(author, &organisation, caller.best).await? {
				strangers.push(path.clone());
			}
		}
		let source = parties.judge(&head.subject, &strangers, &mut findings);
		Ok(findings.judged(source))
	}

	fn sign(
		&self,
		gateway: &Gateway,
		head: &ShowingHead,
		body: Commitment,
		evidence: Digest,
		judged: &Judged,
		expires: Moment,
	) -> SignedVerdict {
		let Judged { kind, verdict } = *judged;
		let statement = AttestationStatement {
			genesis: self.chain.genesis(),
			record: head.record,
			version: head.version,
			content: head.content,
			body,
			kind,
			verdict,
			evidence,
			expires,
		};
		let signature = gateway.settings.signer.sign(&statement.to_bytes()).0;
		SignedVerdict { kind, verdict, account: gateway.account(), evidence, expires, signature }
	}
}

/// The hash that the header says the body has.
pub(crate) fn claimed_hash(parts: &Parts) -> Result<[u8; 32]> {
	let missing = wire::CredentialsError::Missing(wire::BODY);
	let text = parts.headers.get(wire::BODY).and_then(|value| value.to_str().ok());
	let digest: Digest =
		text.ok_or(missing)?.parse().map_err(|_| wire::CredentialsError::Malformed(wire::BODY))?;
	Ok(digest.0)
}

/// Opens a document and reads it. The plaintext is wiped when this returns; the trees that the
/// readers of JSON make of it are given back to the allocator as they are.
fn look(key: &ContentKey, object: &[u8], limit: u64, chain: ChainTag) -> Result<Seen> {
	let (document, opened) = Opener::new(key)
		.open_to_vec(object)
		.map_err(|error| Error::DocumentSealed(error.to_string()))?;
	if opened.body_len > limit {
		return Err(Error::TooLarge(limit));
	}
	let body = opened.body_commitment.ok_or(Error::SaltMissing)?;
	let findings = Findings::of(salus_fhir::validate(&document, wire::now()));
	let parties = Parties::named_in(&document, chain);
	Ok(Seen { body, findings, parties })
}

fn millis(duration: Duration) -> Moment {
	Moment::try_from(duration.as_millis()).unwrap_or(Moment::MAX)
}
