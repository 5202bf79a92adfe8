// SPDX-License-Identifier: Apache-2.0

//! What verdicts rest on, sealed to those whom it is for.

use super::{Gateway, judge::Judgement};
use crate::{
	Custodian, Error,
	auth::Caller,
	erasure::{Evidence, evidence_path},
	error::Result,
	store::json,
};
use salus_client::{
	utc,
	wire::{self, EvidenceKey, SealedEvidence, SealedShare, ShowingHead},
};
use salus_envelope::{
	Addressee, AgreementPublic, ContentKey, RecordContext, RecordMetadata, Sealer,
};
use salus_primitives::{ContentHash, Digest, IdentityId, Moment};
use std::fmt;

impl Custodian {
	/// Seals the outcome for the author and the organisation, and stores it. The row that finds it is
	/// written first, so that the erasure of the record takes it along.
	pub(super) async fn seal_evidence(
		&self,
		gateway: &Gateway,
		caller: &Caller,
		head: &ShowingHead,
		judgement: &Judgement,
	) -> Result<SealedEvidence> {
		let organisation = gateway.settings.organisation;
		let key = ContentKey::generate_unshared();
		let unfit = |error: &dyn fmt::Display| Error::Evidence(error.to_string());
		let metadata = evidence_metadata(&organisation, head, wire::now());
		let metadata = metadata.to_metadata().map_err(|error| unfit(&error))?;
		let (object, sealed) = Sealer::new(&key, &metadata)
			.seal_to_vec(judgement.outcome().as_bytes())
			.map_err(|error| unfit(&error))?;
		let digest = Digest(sealed.ciphertext_hash.0);
		let context = RecordContext {
			genesis: self.chain.genesis(),
			record: head.record.0,
			version: head.version,
			ciphertext_hash: sealed.ciphertext_hash,
		};
		let for_author = self.evidence_key(&key, &context, &caller.identity, caller).await?;
		let mut keys = vec![for_author];
		if organisation != caller.identity {
			keys.push(self.evidence_key(&key, &context, &organisation, caller).await?);
		}
		self.store.create(&evidence_path(&head.record, &digest), json(&Evidence { keys })).await?;
		let hash = ContentHash(digest.0);
		self.put_evidence(organisation, head.record, &hash, object.clone().into()).await?;
		if let Err(error) = self.ensure_not_erased(&head.record).await {
			// It was erased in between: what came after that goes as well.
			self.erase_record(&head.record).await?;
			return Err(error);
		}
		Ok(SealedEvidence { digest, key: for_author, object })
	}

	async fn evidence_key(
		&self,
		key: &ContentKey,
		context: &RecordContext,
		recipient: &IdentityId,
		caller: &Caller,
	) -> Result<EvidenceKey> {
		let (key_version, public) =
			self.chain.agreement_key(recipient, caller.best).await?.ok_or(Error::NoAgreementKey)?;
		let public = AgreementPublic::from_bytes(public).map_err(|_| Error::NoAgreementKey)?;
		let to = Addressee::identity(&recipient.0, key_version);
		let wrap = key.reader_share().wrap(context, &to, &public);
		let wrap = wrap.map_err(|_| Error::NoAgreementKey)?;
		Ok(EvidenceKey { recipient: *recipient, key_version, wrap: SealedShare(wrap.0) })
	}
}

/// The metadata of the sealed outcome: a FHIR Provenance says which version it is about, and who
/// says so.
fn evidence_metadata(organisation: &IdentityId, head: &ShowingHead, now: Moment) -> RecordMetadata {
	let identifier = |system: &str, value: String| serde_json::json!({ "identifier": { "system": system, "value": value } });
	let provenance = serde_json::json!({
		"resourceType": "Provenance",
		"target": [identifier("urn:salus:record", format!("{}/{}", head.record, head.version))],
		"recorded": utc(now),
		"agent": [{
			"type": { "coding": [{
				"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
				"code": "verifier",
			}] },
			"who": identifier("urn:salus:identity", organisation.to_string()),
		}],
	});
	RecordMetadata {
		author: Some(organisation.0),
		subject: Some(head.subject.0),
		authored: Some(now),
		provenance: Some(provenance),
		..RecordMetadata::fhir_json(salus_fhir::FHIR_VERSION)
	}
}
