// SPDX-License-Identifier: Apache-2.0

//! Sealing a document and filing it: the object and the share go to the custodian, the wrap and the
//! commitments to the chain.
//!
//! Nothing that is half done is in the way of a second run. Ids, keys and the sealed object are in
//! the home before anything leaves the machine, under a name made of the document and its place; the
//! second run finds them, and every step that was done already changes nothing when done again.

use crate::{
	context::{Context, Me},
	document::{self, Valid},
	drawer::Drawer,
	output,
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	At, Call, Chain, calls,
	custodian::{Custodian, ShareDeposit},
	keystore::{Secrets, write_private},
	types::{Content, Requirement, Signature, StageView, ValidationPolicy},
};
use salus_envelope::{
	Addressee, CommitmentSalt, CompartmentPublic, ContentKey, CustodianShare, ReaderShare,
	RecordContext, RecordMetadata, Sealer, Secret, padme,
};
use salus_primitives::{
	AccreditationKinds, AmendReason, AttestationKind, AttestationStatement, Commitment,
	CompartmentNo, ContentHash, Digest, IdentityId, IdentityKind, Moment, RecordClass, RecordId,
	RecordKey, RecordNonce, RecordVersion, SignedAttestation, Verdict, blake2_256,
};
use serde::{Deserialize, Serialize};
use std::{
	fs::File,
	io::{BufWriter, Write},
	path::{Path, PathBuf},
};

/// How long a bundled verdict may be used, in milliseconds.
const VERDICT_LIFETIME: Moment = 60 * 60 * 1000;

/// Where a document goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
	/// Whose record it becomes.
	pub(crate) subject: IdentityId,
	/// For which organisation, when the author acts for one.
	pub(crate) organisation: Option<IdentityId>,
	/// Its class.
	pub(crate) class: RecordClass,
	/// The compartment.
	pub(crate) compartment: CompartmentNo,
	/// The record it is a new version of, the highest version so far, and why.
	pub(crate) amends: Option<(RecordId, RecordVersion, AmendReason)>,
}

/// What a finished filing tells.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filed {
	/// The record.
	pub(crate) record: RecordId,
	/// The version filed.
	pub(crate) version: RecordVersion,
	/// Where it stands.
	pub(crate) stage: StageView,
	/// The hash of the sealed object.
	pub(crate) content: ContentHash,
	/// The commitment to the body.
	pub(crate) body: Commitment,
	/// The salt of the commitment: a validator who has the document checks it with this.
	pub(crate) body_salt: String,
	/// The length of the sealed object.
	pub(crate) object_len: u64,
	/// Whether an earlier run had begun it.
	pub(crate) resumed: bool,
}

/// What is known of a filing before anything leaves the machine.
#[derive(Serialize, Deserialize)]
struct Pending {
	record: RecordId,
	version: RecordVersion,
	#[serde(with = "salus_client::wire::hex_bytes")]
	nonce: RecordNonce,
	#[serde(with = "salus_client::wire::hex_bytes")]
	reader_share: [u8; 32],
	#[serde(with = "salus_client::wire::hex_bytes")]
	custodian_share: [u8; 32],
	#[serde(with = "salus_client::wire::hex_bytes")]
	body_salt: [u8; 32],
	content: ContentHash,
	body: Commitment,
	padded_len: u64,
	object_len: u64,
}

/// What an author keeps of a version that it filed: the nonce of the record's id, which a later
/// version needs, and its own way to read back what it wrote.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) nonce: RecordNonce,
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) reader_share: [u8; 32],
}

/// Looks up what this keystore kept of a version.
pub(crate) fn kept(
	context: &Context,
	secrets: &Secrets,
	record: &RecordId,
	version: RecordVersion,
) -> anyhow::Result<Option<Kept>> {
	Drawer::new(context.home(), "kept", secrets).get(&kept_name(record, version))
}

fn kept_name(record: &RecordId, version: RecordVersion) -> String {
	format!("{}-{version}", hex::encode(record.0))
}

/// Somebody at work on one filing.
pub(crate) struct Filing<'a> {
	pub(crate) context: &'a Context,
	pub(crate) chain: &'a Chain,
	pub(crate) secrets: &'a Secrets,
	pub(crate) me: &'a Me,
}

impl Filing<'_> {
	/// Seals a valid document and files it. With attestors it is anchored at once.
	pub(crate) async fn file(
		&self,
		valid: &Valid,
		place: Place,
		attestors: &[Secrets],
	) -> anyhow::Result<Filed> {
		let at = self.chain.best().await?;
		// What would be refused at the end is asked first, before anything is sealed or sent.
		self.ready(&at, &place).await?;
		let custodian = self.context.custodian(&at, self.chain).await?;

		let drawer = Drawer::new(self.context.home(), "pending", self.secrets);
		let name = self.name_of(valid, &place);
		let (object, found) = (drawer.path(&name, "hre1"), drawer.get::<Pending>(&name)?);
		let found = found.filter(|pending| is_whole(&object, &pending.content));
		let resumed = found.is_some();
		let pending = match found {
			Some(pending) => pending,
			None => {
				let pending = self.seal(valid, &place, &object)?;
				drawer.put(&name, &pending)?;
				pending
			},
		};

		if !self.is_on_chain(&at, &pending).await? {
			self.upload(&custodian, &pending, &place, &object).await?;
			let call = self.call(&pending, &place, valid, attestors).await?;
			self.context.submit(self.chain, &call, &self.secrets.signer()).await?;
		}
		let kept = Kept { nonce: pending.nonce, reader_share: pending.reader_share };
		Drawer::new(self.context.home(), "kept", self.secrets)
			.put(&kept_name(&pending.record, pending.version), &kept)?;
		drawer.remove(&name, &["hre1"]);

		let version = self.chain.best().await?.version(pending.record, pending.version).await?;
		let version = version.ok_or_else(|| {
			anyhow!("the node does not show the record yet: look with `salus record show`")
		})?;
		Ok(Filed {
			record: pending.record,
			version: pending.version,
			stage: version.stage,
			content: pending.content,
			body: pending.body,
			body_salt: format!("0x{}", hex::encode(pending.body_salt)),
			object_len: pending.object_len,
			resumed,
		})
	}

	/// Refuses what the chain would refuse, in words that say what to do.
	async fn ready(&self, at: &At, place: &Place) -> anyhow::Result<()> {
		let Place { subject, organisation, class, compartment, .. } = *place;
		let Some(patient) = at.identity(subject).await? else {
			bail!("there is no patient {subject}: check the id");
		};
		if patient.kind != IdentityKind::Patient {
			bail!("{subject} is registered as {}, not as a patient: check the id", patient.kind);
		}
		if at.compartment(subject, compartment).await?.is_none() {
			let hint = if subject == self.me.id {
				format!("open it with `salus consent open-compartment {compartment}`")
			} else {
				"ask the patient to open it, or name another with --compartment".into()
			};
			bail!("the patient has no compartment {compartment}: {hint}");
		}
		if self.me.view.kind == IdentityKind::Practitioner && organisation.is_none() {
			bail!("a practitioner files for an organisation: name it with --organisation");
		}
		if at.validation_policy(class).await?.is_none() {
			bail!(
				"records of class {class} cannot be filed yet: governance sets a policy first \
				 (`salus record policy {class} --council …`)"
			);
		}
		Ok(())
	}

	/// The name of a filing: the same for the same document in the same place by the same account.
	fn name_of(&self, valid: &Valid, place: &Place) -> String {
		let Place { subject, organisation, class, compartment, amends } = place;
		let amends =
			amends.map(|(record, version, _)| [&record.0[..], &version.to_le_bytes()].concat());
		let parts = [
			&self.chain.genesis()[..],
			&self.me.id.0,
			&subject.0,
			&organisation.unwrap_or_default().0,
			&[*class as u8, *compartment],
			&blake2_256(&amends.unwrap_or_default()),
			&blake2_256(&valid.bytes),
		];
		hex::encode(self.secrets.local_name(&parts.concat()))
	}

	/// Draws keys and nonce, and seals the document into `object`.
	fn seal(&self, valid: &Valid, place: &Place, object: &Path) -> anyhow::Result<Pending> {
		let Place { subject, class, compartment, amends, .. } = *place;
		let (record, version, nonce) = match amends {
			Some((record, newest, _)) => {
				let mut earlier = (1..=newest).rev();
				let kept = earlier
					.find_map(|version| {
						kept(self.context, self.secrets, &record, version).transpose()
					})
					.transpose()?;
				let kept = kept.ok_or_else(|| {
					anyhow!(
						"this home did not file the record: amend it from the home that did, because \
						 the custodian takes a new key share from its author only"
					)
				})?;
				(record, newest + 1, kept.nonce)
			},
			None => {
				let nonce = salus_client::wire::fresh_nonce();
				let author = &self.me.id;
				let id = RecordId::derive(blake2_256, author, &subject, class, compartment, &nonce);
				(id, 1, nonce)
			},
		};

		let key = ContentKey::generate();
		let custodian_share =
			key.custodian_share().ok_or_else(|| anyhow!("a key has two shares"))?;
		let facts = RecordMetadata {
			author: Some(self.me.id.0),
			subject: Some(subject.0),
			authored: Some(document::now()),
			..RecordMetadata::fhir_json(valid.document.fhir_version)
		};
		let metadata = facts.to_metadata()?;
		let body_salt = metadata.commitment_salt().ok_or_else(|| anyhow!("metadata has a salt"))?;
		let length = valid.bytes.len() as u64;
		let inner = 4 + metadata.as_bytes().len() as u64 + 8 + length;
		let padded_len =
			padme(inner.max(512)).ok_or_else(|| anyhow!("the document is too long"))?;

		let folder = object.parent().unwrap_or(Path::new("."));
		let failed = || format!("{} cannot be written", object.display());
		std::fs::create_dir_all(folder).with_context(failed)?;
		let bar = output::bytes_bar("sealing", length);
		let mut file = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
		let mut writer = BufWriter::new(file.as_file_mut());
		let sealed = Sealer::new(&key, &metadata)
			.seal(bar.wrap_read(valid.bytes.as_slice()), length, &mut writer)
			.map_err(anyhow::Error::from)?;
		writer.flush().with_context(failed)?;
		drop(writer);
		bar.finish_and_clear();
		file.as_file().sync_all().with_context(failed)?;
		file.persist(object).with_context(failed)?;

		let body = sealed.body_commitment.ok_or_else(|| anyhow!("a salt gives a commitment"))?;
		Ok(Pending {
			record,
			version,
			nonce,
			reader_share: *key.reader_share().expose(),
			custodian_share: *custodian_share.expose(),
			body_salt: body_salt.0,
			content: ContentHash(sealed.ciphertext_hash.0),
			body: Commitment(body.0),
			padded_len,
			object_len: sealed.object_len,
		})
	}

	/// Whether the transaction of an earlier run arrived although its answer did not.
	async fn is_on_chain(&self, at: &At, pending: &Pending) -> anyhow::Result<bool> {
		let version = at.version(pending.record, pending.version).await?;
		match version {
			Some(version) if version.content == pending.content => Ok(true),
			Some(_) => bail!(
				"another version {} of the record was filed meanwhile: run the command again",
				pending.version
			),
			None => Ok(false),
		}
	}

	/// Object first: a share without an object opens nothing, and both wait for the chain.
	async fn upload(
		&self,
		custodian: &Custodian,
		pending: &Pending,
		place: &Place,
		object: &Path,
	) -> anyhow::Result<()> {
		let signer = self.secrets.signer();
		if pending.object_len > custodian.info().max_object {
			bail!(
				"the sealed document has {} bytes and the custodian takes {} at most",
				pending.object_len,
				custodian.info().max_object
			);
		}
		let bar = output::bytes_bar("uploading", pending.object_len);
		let shown = bar.clone();
		let stored = custodian
			.put_object(&signer, &pending.content, object, move |sent| shown.set_position(sent))
			.await;
		bar.finish_and_clear();
		stored?;
		let share = CustodianShare::from_bytes(pending.custodian_share);
		custodian
			.deposit_share(
				&signer,
				&ShareDeposit {
					record: pending.record,
					version: pending.version,
					subject: place.subject,
					class: place.class,
					compartment: place.compartment,
					nonce: pending.nonce,
					share: &share,
				},
			)
			.await?;
		Ok(())
	}

	/// The call that files it. The wrap is made now: the epoch may have changed since the sealing.
	async fn call(
		&self,
		pending: &Pending,
		place: &Place,
		valid: &Valid,
		attestors: &[Secrets],
	) -> anyhow::Result<Call> {
		let Place { subject, organisation, class, compartment, amends } = *place;
		let at = self.chain.best().await?;
		let current = at.compartment(subject, compartment).await?;
		let current = current.ok_or_else(|| anyhow!("the compartment is no longer open"))?;
		let record = RecordContext {
			genesis: self.chain.genesis(),
			record: pending.record.0,
			version: pending.version,
			ciphertext_hash: salus_envelope::CiphertextHash(pending.content.0),
		};
		let to = Addressee::compartment(&subject.0, compartment, current.epoch);
		let wrap = ReaderShare::from_bytes(pending.reader_share).wrap(
			&record,
			&to,
			&CompartmentPublic::from_bytes(current.key)?,
		)?;
		let key = RecordKey { epoch: current.epoch, wrap: wrap.0 };
		let content = Content::External { hash: pending.content };
		let Pending { nonce, body, padded_len, .. } = *pending;

		let attestations = if attestors.is_empty() {
			Vec::new()
		} else {
			let policy = at.validation_policy(class).await?;
			let policy = policy.ok_or_else(|| anyhow!("the class has no policy any more"))?;
			let validators = self.validators(&at, attestors).await?;
			self.verdicts(pending, valid, &policy, &validators, at.now().await?)?
		};
		Ok(match amends {
			Some((record, newest, reason)) => calls::records::amend(
				record,
				newest,
				content,
				body,
				padded_len,
				reason,
				key,
				attestations,
			),
			None if attestations.is_empty() => calls::records::propose(
				nonce,
				subject,
				organisation,
				class,
				compartment,
				content,
				body,
				padded_len,
				key,
			),
			None => calls::records::anchor_validated(
				nonce,
				subject,
				organisation,
				class,
				compartment,
				content,
				body,
				padded_len,
				key,
				attestations,
			),
		})
	}

	/// What the chain knows of the attestors that were named.
	async fn validators<'a>(
		&self,
		at: &At,
		attestors: &'a [Secrets],
	) -> anyhow::Result<Vec<Validator<'a>>> {
		let mut validators = Vec::new();
		for secrets in attestors {
			let me = self.context.me(at, secrets).await.context("a validator")?;
			let held = at.accreditations_of(me.id).await?;
			let in_force = held.iter().filter(|held| held.in_force).map(|held| held.kind);
			let kinds = AccreditationKinds::of(&in_force.collect::<Vec<_>>());
			validators.push(Validator { secrets, id: me.id, kinds });
		}
		Ok(validators)
	}

	/// As many signed verdicts of each kind as the policy asks for, each kind by those who may give
	/// it, in the order they were named.
	fn verdicts(
		&self,
		pending: &Pending,
		valid: &Valid,
		policy: &ValidationPolicy,
		validators: &[Validator<'_>],
		now: Moment,
	) -> anyhow::Result<Vec<SignedAttestation<[u8; 32], Signature>>> {
		let evidence = keep_evidence(self.context, valid)?;
		let expires = now.saturating_add(VERDICT_LIFETIME);
		let mut verdicts = Vec::new();
		for (kind, requirement) in wanted(policy) {
			let chosen = chosen(requirement, policy.author_may_attest, &self.me.id, validators);
			if chosen.len() < usize::from(requirement.count) {
				let from: Vec<_> = requirement.from.iter().map(|kind| kind.to_string()).collect();
				bail!(
					"the class asks for {} verdicts on {kind} by holders of {}, and {} of those named \
					 may give one: name more with --attest-with, or leave it out and let them attest \
					 later",
					requirement.count,
					from.join(" or "),
					chosen.len()
				);
			}
			for validator in chosen {
				let statement = AttestationStatement {
					genesis: self.chain.genesis(),
					record: pending.record,
					version: pending.version,
					content: pending.content,
					body: pending.body,
					kind,
					verdict: valid.verdict(),
					evidence,
					expires,
				};
				verdicts.push(signed(&statement, validator.secrets));
			}
		}
		Ok(verdicts)
	}
}

/// Somebody whose keystore is at hand to give verdicts.
struct Validator<'a> {
	secrets: &'a Secrets,
	id: IdentityId,
	/// What it is accredited for now.
	kinds: AccreditationKinds,
}

/// The first validators who meet a requirement, no more than it asks for.
fn chosen<'a, 'b>(
	requirement: &Requirement,
	author_may_attest: bool,
	author: &IdentityId,
	validators: &'a [Validator<'b>],
) -> Vec<&'a Validator<'b>> {
	let may = |validator: &&Validator<'_>| {
		validator.kinds.0 & requirement.from.0 != 0
			&& (author_may_attest || validator.id != *author)
	};
	validators.iter().filter(may).take(requirement.count.into()).collect()
}

/// What a policy asks for, kind by kind.
fn wanted(policy: &ValidationPolicy) -> [(AttestationKind, &Requirement); 3] {
	[
		(AttestationKind::Accuracy, &policy.accuracy),
		(AttestationKind::Completeness, &policy.completeness),
		(AttestationKind::Source, &policy.source),
	]
}

fn signed(
	statement: &AttestationStatement,
	attestor: &Secrets,
) -> SignedAttestation<[u8; 32], Signature> {
	let signer = attestor.signer();
	let AttestationStatement { kind, verdict, evidence, expires, .. } = *statement;
	SignedAttestation {
		validator: signer.public_key().0,
		kind,
		verdict,
		evidence,
		expires,
		signature: Signature::Sr25519(signer.sign(&statement.to_bytes()).0),
	}
}

/// Keeps the report of a validation in the home, and gives the salted hash that stands on chain.
pub(crate) fn keep_evidence(context: &Context, valid: &Valid) -> anyhow::Result<Digest> {
	let outcome = valid.document.report.to_operation_outcome();
	let salt = CommitmentSalt::generate();
	let digest = Digest(salt.commit(outcome.as_bytes()).0);
	let evidence = serde_json::json!({
		"salt": format!("0x{}", hex::encode(salt.0)),
		"outcome": outcome,
	});
	let path: PathBuf =
		context.home().join("evidence").join(format!("{}.json", hex::encode(digest.0)));
	write_private(&path, evidence.to_string().as_bytes(), true)
		.with_context(|| format!("{} cannot be written", path.display()))?;
	Ok(digest)
}

/// What a verdict is called in answers.
pub(crate) fn verdict_of(valid: &Valid, given: Option<Verdict>) -> Verdict {
	given.unwrap_or_else(|| valid.verdict())
}

/// Whether an object of an earlier run is all there.
fn is_whole(object: &Path, content: &ContentHash) -> bool {
	let Ok(mut file) = File::open(object) else { return false };
	let mut hasher = salus_envelope::CiphertextHasher::new();
	std::io::copy(&mut file, &mut hasher).is_ok() && hasher.finish().0 == content.0
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::AccreditationKind;

	#[test]
	fn an_object_of_an_earlier_run_counts_only_when_whole() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("a.hre1");
		let content = ContentHash(blake2_256(b"sealed"));
		assert!(!is_whole(&path, &content));
		std::fs::write(&path, b"seal").unwrap();
		assert!(!is_whole(&path, &content));
		std::fs::write(&path, b"sealed").unwrap();
		assert!(is_whole(&path, &content));
	}

	#[test]
	fn a_verdict_is_signed_over_its_statement() {
		let attestor = Secrets::generate();
		let statement = AttestationStatement {
			genesis: [1; 32],
			record: RecordId([2; 32]),
			version: 1,
			content: ContentHash([3; 32]),
			body: Commitment([4; 32]),
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			evidence: Digest([5; 32]),
			expires: 6,
		};
		let verdict = signed(&statement, &attestor);
		let Signature::Sr25519(signature) = verdict.signature else { panic!("sr25519") };
		use salus_client::subxt_signer::sr25519;
		assert!(sr25519::verify(
			&sr25519::Signature(signature),
			statement.to_bytes(),
			&sr25519::PublicKey(verdict.validator),
		));
	}

	#[test]
	fn verdicts_are_given_by_those_who_may() {
		let secrets = Secrets::generate();
		let validator = |id, kind| Validator {
			secrets: &secrets,
			id: IdentityId([id; 32]),
			kinds: AccreditationKinds::of(&[kind]),
		};
		let validators = [
			validator(1, AccreditationKind::PractitionerLicence),
			validator(2, AccreditationKind::LaboratoryAccreditation),
			validator(3, AccreditationKind::LaboratoryAccreditation),
		];
		let from = AccreditationKinds::of(&[AccreditationKind::LaboratoryAccreditation]);
		let requirement = Requirement { count: 1, from };
		let ids = |author_may_attest, author| {
			let author = IdentityId([author; 32]);
			chosen(&requirement, author_may_attest, &author, &validators)
				.iter()
				.map(|validator| validator.id.0[0])
				.collect::<Vec<_>>()
		};
		assert_eq!(ids(true, 2), [2]);
		assert_eq!(ids(false, 2), [3]);
		assert_eq!(ids(false, 1), [2]);
	}
}
