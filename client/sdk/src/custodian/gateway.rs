// SPDX-License-Identifier: Apache-2.0

//! Having a document validated, and checking what comes back as the chain will.

use super::{Custodian, CustodianError, Result};
use crate::{
	types::Signature,
	wire::{
		self, DecisionPage, GatewayInfo, Judged, Peer, ShowingHead, SignedVerdict, Validation,
		body_hash, path,
	},
};
use reqwest::Method;
use salus_envelope::{
	Addressee, AgreementPublic, AgreementSecret, CiphertextHash, CommitmentSalt, ContentKey,
	Opener, RecordContext, RecordMetadata, Sealer, Wrap,
};
use salus_primitives::{
	AttestationKind, AttestationStatement, Commitment, CompartmentNo, ContentHash, Digest,
	IdentityId, KeyVersion, Moment, RecordClass, RecordId, RecordNonce, RecordVersion,
	SignedAttestation, Verdict, signed_forms,
};
use subxt_signer::sr25519::{self, Keypair};

/// What an author shows to a gateway.
#[derive(Clone, Copy, Debug)]
pub struct Showing<'a> {
	/// The record.
	pub record: RecordId,
	/// Its version: 1, or the one after the newest.
	pub version: RecordVersion,
	/// Whom it is about.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// What its author picked for its id.
	pub nonce: RecordNonce,
	/// The hash of the record's own sealed object.
	pub content: ContentHash,
	/// The `ptSalt` in the metadata of that object.
	pub salt: CommitmentSalt,
	/// The document in plain. It travels sealed.
	pub document: &'a [u8],
	/// Whether signatures are wanted also when a verdict is `Fail`.
	pub sign_failing: bool,
}

/// What a gateway said, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Validated {
	/// Whose verdicts these are.
	pub organisation: IdentityId,
	/// One of each kind.
	pub verdicts: [(AttestationKind, Verdict); 3],
	/// The same, signed, as the calls take them. None when one is `Fail`, unless asked for.
	pub attestations: Vec<SignedAttestation<[u8; 32], Signature>>,
	/// The FHIR `OperationOutcome`, in JSON.
	pub outcome: String,
	/// The hash of the sealed outcome.
	pub evidence: Digest,
	/// Until when the signatures may be used; none without any.
	pub expires: Option<Moment>,
	/// The number of the decision in the gateway's log.
	pub seq: u64,
}

impl Validated {
	/// Whether every verdict counts towards a policy.
	pub fn passes(&self) -> bool {
		self.failed().next().is_none()
	}

	/// The kinds that failed.
	pub fn failed(&self) -> impl Iterator<Item = AttestationKind> {
		self.verdicts.iter().filter(|(_, verdict)| !verdict.passes()).map(|(kind, _)| *kind)
	}
}

impl Custodian {
	/// How the service validates; none when it does not.
	pub fn gateway(&self) -> Option<&GatewayInfo> {
		self.info().gateway.as_ref()
	}

	/// Shows a document to the service's validation gateway and gives its verdicts. Each signature is
	/// checked over the statement made here, so what comes out is what the chain takes.
	///
	/// `author` is the identity behind `signer`, and `secret` gives its agreement key of a version:
	/// the outcome comes back sealed to it. Compare [`Validated::organisation`] with the one filed
	/// for: whose verdicts count is the policy's to say.
	pub async fn validate(
		&self,
		signer: &Keypair,
		showing: &Showing<'_>,
		author: IdentityId,
		secret: impl FnOnce(KeyVersion) -> AgreementSecret,
	) -> Result<Validated> {
		let gateway = self.gateway().copied();
		let gateway =
			gateway.ok_or_else(|| CustodianError::NoGateway { url: self.url().into() })?;
		proven(&gateway, &self.peer, &self.key).map_err(CustodianError::Gateway)?;
		let body = self.framed(showing)?;
		let (request, _) = self.signed(signer, Method::POST, path::VALIDATIONS, body_hash(&body));
		let request = request
			.header(wire::BODY, Digest(body_hash(&body)).to_string())
			.header(reqwest::header::CONTENT_TYPE, "application/octet-stream")
			.body(body);
		let answer: Validation = self.ask(request).await?;
		checked(&answer, showing, self.peer.genesis, &gateway, wire::now())
			.and_then(|(verdicts, attestations)| {
				let outcome = opened(&answer, self.peer.genesis, &author, secret)?;
				Ok(Validated {
					organisation: answer.organisation,
					verdicts,
					expires: attestations.first().map(|signed| signed.expires),
					attestations,
					outcome,
					evidence: answer.evidence.digest,
					seq: answer.seq,
				})
			})
			.map_err(CustodianError::Gateway)
	}

	/// One page of what the gateway decided, behind number `after`, for its organisation itself.
	pub async fn decisions(
		&self,
		signer: &Keypair,
		after: Option<u64>,
		limit: u32,
	) -> Result<DecisionPage> {
		let path = path::decisions(after, limit);
		self.ask(self.signed(signer, Method::GET, &path, body_hash(b"")).0).await
	}

	/// The document sealed for the service, with the salt of the commitment inside.
	fn framed(&self, showing: &Showing<'_>) -> Result<Vec<u8>> {
		let unfit = |error: &dyn std::fmt::Display| CustodianError::Seal(error.to_string());
		let metadata = RecordMetadata {
			pt_salt: Some(showing.salt.0),
			..RecordMetadata::binary("application/fhir+json")
		};
		let metadata = metadata.to_metadata().map_err(|error| unfit(&error))?;
		let key = ContentKey::generate_unshared();
		let (object, _) = Sealer::new(&key, &metadata)
			.seal_to_vec(showing.document)
			.map_err(|error| unfit(&error))?;
		let Showing { record, version, content, .. } = showing;
		let share = key.reader_share();
		let sealed = self.peer.seal_showing(record, *version, content, share, self.key())?;
		let head = ShowingHead {
			record: *record,
			version: *version,
			subject: showing.subject,
			class: showing.class,
			compartment: showing.compartment,
			nonce: showing.nonce,
			content: *content,
			key: sealed,
			sign_failing: showing.sign_failing,
		};
		Ok(head.frame(&object))
	}
}

type Verdicts = [(AttestationKind, Verdict); 3];
type Attestations = Vec<SignedAttestation<[u8; 32], Signature>>;

/// Whether the gateway's account vouches for the key that a document would be sealed to. Before this
/// nothing is shown: who sits in between can repeat everything else that `GET /info` says.
fn proven(
	gateway: &GatewayInfo,
	peer: &Peer,
	key: &AgreementPublic,
) -> std::result::Result<(), String> {
	let statement = wire::gateway_statement(peer, key, &gateway.organisation);
	let account = sr25519::PublicKey(gateway.account.0);
	if sr25519::verify(&sr25519::Signature(gateway.proof), &statement, &account) {
		return Ok(());
	}
	Err("its signing account does not vouch for the key that documents are sealed to: nothing was \
	     shown. Check the address, and tell its operator"
		.into())
}

/// Compares an answer with what was asked, and every signature with the statement made here.
fn checked(
	answer: &Validation,
	showing: &Showing<'_>,
	genesis: [u8; 32],
	gateway: &GatewayInfo,
	now: Moment,
) -> Result<(Verdicts, Attestations), String> {
	if answer.organisation != gateway.organisation {
		return Err("it speaks for another organisation than it names".into());
	}
	if (answer.record, answer.version) != (showing.record, showing.version) {
		return Err("it is about another version of a record".into());
	}
	let evidence = answer.evidence.digest;
	if CiphertextHash::of(&answer.evidence.object).0 != evidence.0 {
		return Err("the evidence does not have its hash".into());
	}
	let verdicts = all_kinds(&answer.verdicts)?;
	let passes = verdicts.iter().all(|(_, verdict)| verdict.passes());
	match (passes, answer.attestations.is_empty()) {
		(true, true) => return Err("it passes the document and signs nothing".into()),
		(false, true) => return Ok((verdicts, Vec::new())),
		(false, false) if !showing.sign_failing => {
			return Err("it signs a failing verdict that nobody asked for".into());
		},
		_ => (),
	}
	let signed: Vec<_> = answer
		.attestations
		.iter()
		.map(|SignedVerdict { kind, verdict, .. }| Judged { kind: *kind, verdict: *verdict })
		.collect();
	if all_kinds(&signed)? != verdicts {
		return Err("it signs other verdicts than it gives".into());
	}
	let body = Commitment(showing.salt.commit(showing.document).0);
	let attestations = answer.attestations.iter().map(|signed| {
		if signed.account != gateway.account {
			return Err("a verdict is signed by another account than it names".to_owned());
		}
		if signed.evidence != evidence {
			return Err("a verdict rests on other evidence".into());
		}
		if signed.expires <= now {
			return Err("a verdict has expired: compare the clocks".into());
		}
		let statement = AttestationStatement {
			genesis,
			record: showing.record,
			version: showing.version,
			content: showing.content,
			body,
			kind: signed.kind,
			verdict: signed.verdict,
			evidence,
			expires: signed.expires,
		};
		let (signature, account) =
			(sr25519::Signature(signed.signature), sr25519::PublicKey(signed.account.0));
		signed_forms(statement.to_bytes())
			.iter()
			.any(|form| sr25519::verify(&signature, form, &account))
			.then_some(SignedAttestation {
				validator: signed.account.0,
				kind: signed.kind,
				verdict: signed.verdict,
				evidence,
				expires: signed.expires,
				signature: Signature::Sr25519(signed.signature),
			})
			.ok_or_else(|| format!("the signature of the verdict on {} does not fit", signed.kind))
	});
	Ok((verdicts, attestations.collect::<Result<_, _>>()?))
}

/// One verdict of each kind, in the order of the kinds.
fn all_kinds(judged: &[Judged]) -> Result<Verdicts, String> {
	let of = |kind| {
		let mut found = judged.iter().filter(|judged| judged.kind == kind);
		match (found.next(), found.next()) {
			(Some(judged), None) => Ok((kind, judged.verdict)),
			_ => Err(format!("it does not give one verdict on {kind}")),
		}
	};
	Ok([
		of(AttestationKind::Accuracy)?,
		of(AttestationKind::Completeness)?,
		of(AttestationKind::Source)?,
	])
}

/// The outcome, opened with the author's agreement key.
fn opened(
	answer: &Validation,
	genesis: [u8; 32],
	author: &IdentityId,
	secret: impl FnOnce(KeyVersion) -> AgreementSecret,
) -> Result<String, String> {
	let evidence = &answer.evidence;
	if evidence.key.recipient != *author {
		return Err("the evidence is sealed to somebody else".into());
	}
	let ciphertext_hash = CiphertextHash(evidence.digest.0);
	let context = RecordContext {
		genesis,
		record: answer.record.0,
		version: answer.version,
		ciphertext_hash,
	};
	let version = evidence.key.key_version;
	let share = Wrap(evidence.key.wrap.0)
		.open_share(&context, &Addressee::identity(&author.0, version), &secret(version))
		.map_err(|error| format!("the evidence's key: {error}"))?;
	let key = ContentKey::from_reader_share(share);
	let (outcome, _) = Opener::new(&key)
		.expect_object(ciphertext_hash)
		.open_to_vec(&evidence.object)
		.map_err(|error| format!("the evidence: {error}"))?;
	String::from_utf8(outcome.to_vec()).map_err(|_| "the evidence is no text".into())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::wire::{EvidenceKey, SealedEvidence, SealedShare};
	use salus_envelope::{PrivateKey, PublicKey};
	use subxt_signer::sr25519::dev;

	const GENESIS: [u8; 32] = [1; 32];
	const NOW: Moment = 1_000_000;
	const AUTHOR: IdentityId = IdentityId([2; 32]);
	const HOSPITAL: IdentityId = IdentityId([3; 32]);
	const PEER: Peer = Peer { genesis: GENESIS, custodian: IdentityId([10; 32]) };
	const DOCUMENT: &[u8] = b"{\"resourceType\":\"Basic\"}";

	fn showing() -> Showing<'static> {
		Showing {
			record: RecordId([4; 32]),
			version: 1,
			subject: IdentityId([5; 32]),
			class: RecordClass::Clinical,
			compartment: 0,
			nonce: [6; 16],
			content: ContentHash([7; 32]),
			salt: CommitmentSalt([8; 32]),
			document: DOCUMENT,
			sign_failing: false,
		}
	}

	fn service_key() -> AgreementPublic {
		AgreementSecret::derive(&[11; 32]).public()
	}

	#[test]
	fn nothing_is_shown_to_a_key_that_the_account_does_not_vouch_for() {
		assert_eq!(proven(&gateway(), &PEER, &service_key()), Ok(()));
		// What somebody in between can say: the organisation and its account, with another key, of
		// another service, on another chain, or in another's name.
		let other_key = AgreementSecret::derive(&[12; 32]).public();
		assert!(proven(&gateway(), &PEER, &other_key).is_err());
		let other = Peer { custodian: IdentityId([13; 32]), ..PEER };
		assert!(proven(&gateway(), &other, &service_key()).is_err());
		let other = Peer { genesis: [14; 32], ..PEER };
		assert!(proven(&gateway(), &other, &service_key()).is_err());
		let other = GatewayInfo { organisation: AUTHOR, ..gateway() };
		assert!(proven(&other, &PEER, &service_key()).is_err());
		let other = GatewayInfo { account: Digest([15; 32]), ..gateway() };
		assert!(proven(&other, &PEER, &service_key()).is_err());
	}

	fn gateway() -> GatewayInfo {
		let account = Digest(dev::charlie().public_key().0);
		let statement = wire::gateway_statement(&PEER, &service_key(), &HOSPITAL);
		let proof = dev::charlie().sign(&statement).0;
		GatewayInfo { organisation: HOSPITAL, account, max_document: 1 << 20, proof }
	}

	fn author_secret() -> AgreementSecret {
		AgreementSecret::derive(&[9; 32])
	}

	fn answer(verdicts: [Verdict; 3]) -> Validation {
		let key = ContentKey::generate_unshared();
		let metadata = RecordMetadata::fhir_json("4.0.1").to_metadata().unwrap();
		let (object, sealed) = Sealer::new(&key, &metadata).seal_to_vec(b"outcome").unwrap();
		let Showing { record, version, content, salt, .. } = showing();
		let context = RecordContext {
			genesis: GENESIS,
			record: record.0,
			version,
			ciphertext_hash: sealed.ciphertext_hash,
		};
		let public = author_secret().public();
		assert_ne!(public.as_bytes(), &[0; 32]);
		let to = Addressee::identity(&AUTHOR.0, 1);
		let wrap = key.reader_share().wrap(&context, &to, &public).unwrap();
		let evidence = Digest(sealed.ciphertext_hash.0);
		let kinds =
			[AttestationKind::Accuracy, AttestationKind::Completeness, AttestationKind::Source];
		let judged: Vec<_> = kinds
			.into_iter()
			.zip(verdicts)
			.map(|(kind, verdict)| Judged { kind, verdict })
			.collect();
		let sign = |judged: &Judged| {
			let Judged { kind, verdict } = *judged;
			let expires = NOW + 1000;
			let statement = AttestationStatement {
				genesis: GENESIS,
				record,
				version,
				content,
				body: Commitment(salt.commit(DOCUMENT).0),
				kind,
				verdict,
				evidence,
				expires,
			};
			SignedVerdict {
				kind,
				verdict,
				account: gateway().account,
				evidence,
				expires,
				signature: dev::charlie().sign(&statement.to_bytes()).0,
			}
		};
		let passes = verdicts.iter().all(|verdict| verdict.passes());
		Validation {
			organisation: HOSPITAL,
			record,
			version,
			attestations: judged.iter().filter(|_| passes).map(sign).collect(),
			verdicts: judged,
			evidence: SealedEvidence {
				digest: evidence,
				key: EvidenceKey { recipient: AUTHOR, key_version: 1, wrap: SealedShare(wrap.0) },
				object,
			},
			recorder: "main".into(),
			seq: 0,
		}
	}

	fn check(answer: &Validation) -> Result<Attestations, String> {
		checked(answer, &showing(), GENESIS, &gateway(), NOW).map(|(_, signed)| signed)
	}

	#[test]
	fn a_true_answer_passes_and_opens() {
		let answer = answer([Verdict::Pass, Verdict::PassWithWarnings, Verdict::Pass]);
		let signed = check(&answer).unwrap();
		assert_eq!(signed.len(), 3);
		assert!(signed.iter().all(|signed| signed.validator == dev::charlie().public_key().0));
		let outcome = opened(&answer, GENESIS, &AUTHOR, |_| author_secret()).unwrap();
		assert_eq!(outcome, "outcome");
	}

	#[test]
	fn a_failing_answer_has_no_signatures() {
		let answer = answer([Verdict::Pass, Verdict::Fail, Verdict::Pass]);
		assert_eq!(check(&answer), Ok(Vec::new()));
	}

	#[test]
	fn every_forgery_is_found() {
		let changes: [fn(&mut Validation); 14] = [
			|a| a.organisation.0[0] ^= 1,
			|a| a.record.0[0] ^= 1,
			|a| a.version += 1,
			|a| a.evidence.object[100] ^= 1,
			|a| a.evidence.digest.0[0] ^= 1,
			|a| a.verdicts.truncate(2),
			|a| a.verdicts[1].kind = AttestationKind::Accuracy,
			|a| a.attestations.clear(),
			|a| a.attestations.truncate(2),
			|a| a.attestations[0].account = Digest(dev::alice().public_key().0),
			|a| a.attestations[0].signature[0] ^= 1,
			|a| a.attestations[0].evidence.0[0] ^= 1,
			|a| a.attestations[0].expires += 1,
			|a| a.attestations[0].expires = NOW,
		];
		for (number, change) in changes.into_iter().enumerate() {
			let mut forged = answer([Verdict::Pass; 3]);
			change(&mut forged);
			assert!(check(&forged).is_err(), "change {number}");
		}
	}

	#[test]
	fn a_verdict_that_was_turned_does_not_fit_its_signature() {
		let mut forged = answer([Verdict::Pass; 3]);
		forged.verdicts[0].verdict = Verdict::PassWithWarnings;
		assert!(check(&forged).unwrap_err().contains("other verdicts"));
		forged.attestations[0].verdict = Verdict::PassWithWarnings;
		assert!(check(&forged).unwrap_err().contains("accuracy does not fit"));
	}

	#[test]
	fn a_signature_over_another_document_place_or_chain_does_not_fit() {
		let answer = answer([Verdict::Pass; 3]);
		let check = |showing, genesis| checked(&answer, &showing, genesis, &gateway(), NOW);
		let other = Showing { document: b"{}", ..showing() };
		assert!(check(other, GENESIS).is_err());
		let other = Showing { salt: CommitmentSalt([0; 32]), ..showing() };
		assert!(check(other, GENESIS).is_err());
		let other = Showing { content: ContentHash([0; 32]), ..showing() };
		assert!(check(other, GENESIS).is_err());
		assert!(check(showing(), [0; 32]).is_err());
	}

	#[test]
	fn a_failing_verdict_is_not_signed_unasked() {
		let mut answer = answer([Verdict::Pass; 3]);
		answer.verdicts[0].verdict = Verdict::Fail;
		assert!(check(&answer).unwrap_err().contains("nobody asked for"));
	}

	#[test]
	fn evidence_for_somebody_else_is_refused() {
		let answer = answer([Verdict::Pass; 3]);
		let stranger = IdentityId([0; 32]);
		assert!(opened(&answer, GENESIS, &stranger, |_| author_secret()).is_err());
		let other = |_| AgreementSecret::derive(&[0; 32]);
		assert!(opened(&answer, GENESIS, &AUTHOR, other).is_err());
	}
}
