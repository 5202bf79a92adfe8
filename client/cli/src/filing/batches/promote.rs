// SPDX-License-Identifier: Apache-2.0

//! Making a leaf of an anchored batch a record of its own.

use super::leaf::{open_kept, pending_of};
use crate::{
	document::Valid,
	filing::{Filed, Filing, Judges, Kept, Pending, Place, keep, verdicts::Signed},
};
use anyhow::{anyhow, bail};
use salus_client::{
	At,
	batch::{Anchorable, LeafEntry, LeafProof},
	calls,
	types::{Attestation, BatchView, Content, Requirement, ValidationPolicy},
};
use salus_envelope::CommitmentSalt;
use salus_primitives::{AttestationKind, BatchId, IdentityId, RecordClass};

impl Filing<'_> {
	/// Makes a leaf of an anchored batch a record of its own. With somebody to judge it, the document
	/// has to be shown; without, the batch's own verdicts count, or the record waits.
	pub(crate) async fn promote(
		&self,
		proof: &LeafProof,
		valid: Option<&Valid>,
		judges: &Judges,
	) -> anyhow::Result<Filed> {
		let (author, entry) = promotable(proof)?;
		proof.check_genesis(&self.chain.genesis())?;
		if author != self.me.id {
			bail!(
				"the document was sealed by {author}, and nobody else can file it under its id: use \
				 that keystore"
			);
		}
		let at = self.chain.best().await?;
		let (batch, view) = anchored(&at, proof).await?;
		if let Some(record) = at.promoted(batch, proof.leaf_index).await? {
			bail!("the leaf is a record already: see it with `salus record show {record}`");
		}
		let kept = open_kept(self.secrets, &entry)?;
		let is_itself = proof.organisation == self.me.id;
		let place = Place {
			subject: entry.subject,
			organisation: (!is_itself).then_some(proof.organisation),
			class: entry.class,
			compartment: entry.compartment,
			amends: None,
		};
		self.ready(&at, &place).await?;
		let pending = pending_of(&entry, &kept)?;
		if let Some(valid) = valid
			&& CommitmentSalt(pending.body_salt).commit(&valid.bytes).0 != entry.body.0
		{
			bail!("the document is not the one that was sealed for this leaf: name that one");
		}
		let attestations = match (judges.is_nobody(), valid) {
			(true, _) => Vec::new(),
			(false, Some(valid)) => {
				let bench = self.bench(&at, place.class, judges).await?;
				let given = self.judged(&bench, &pending, &place, valid).await?;
				self.beside(&at, place.class, &view.attestations, given).await?
			},
			(false, None) => bail!("nobody judges unseen: show the document with --document"),
		};
		let current = at.compartment(place.subject, place.compartment).await?;
		let current = current.ok_or_else(|| anyhow!("the compartment is no longer open"))?;
		let key = if entry.key.epoch == current.epoch {
			entry.key
		} else {
			// The compartment has a new key since the document was sealed.
			self.wrap(&pending, &place, &current)?
		};
		let call = calls::records::promote(
			batch,
			proof.leaf_index,
			proof.path.clone(),
			entry.nonce,
			place.subject,
			place.organisation,
			place.class,
			place.compartment,
			Content::External { hash: entry.content },
			entry.body,
			entry.padded_len,
			key,
			attestations,
		);
		self.context.submit(self.chain, &call, &self.secrets.signer()).await?;
		let Pending { record, version, nonce, reader_share, .. } = pending;
		keep(self.context, self.secrets, &record, version, &Kept { nonce, reader_share })?;
		let tags = match valid {
			Some(valid) => self.tag(record, &place, valid).await,
			None => None,
		};
		let shown = self.chain.best().await?.version(record, version).await?;
		let shown = shown.ok_or_else(|| {
			anyhow!("the node does not show the record yet: look with `salus record show`")
		})?;
		Ok(Filed {
			record,
			version,
			stage: shown.stage,
			content: pending.content,
			body: pending.body,
			body_salt: format!("0x{}", hex::encode(pending.body_salt)),
			object_len: pending.object_len,
			tags,
			resumed: false,
		})
	}

	/// Those of the verdicts that the batch's own leave room for: the chain refuses more than a policy
	/// asks for, and the same validator twice.
	async fn beside(
		&self,
		at: &At,
		class: RecordClass,
		on_batch: &[Attestation],
		given: Vec<Signed>,
	) -> anyhow::Result<Vec<Signed>> {
		let policy = at.validation_policy(class).await?;
		let policy = policy.ok_or_else(|| anyhow!("the class has no policy any more"))?;
		let mut counted = Vec::new();
		for Attestation { validator, kind, .. } in on_batch {
			let held = at.accreditations_of(*validator).await?;
			let from = requirement(&policy, *kind).from;
			let is_entitled = held.iter().any(|held| held.in_force && from.contains(held.kind));
			if is_entitled && (policy.author_may_attest || *validator != self.me.id) {
				counted.push((*kind, *validator));
			}
		}
		let mut named = Vec::new();
		for signed in given {
			named.push((at.identity_of(signed.validator).await?, signed));
		}
		Ok(room_for(&policy, &counted, named))
	}
}

/// The first verdicts of each kind that a policy still asks for beside those that count already.
fn room_for(
	policy: &ValidationPolicy,
	counted: &[(AttestationKind, IdentityId)],
	given: Vec<(Option<IdentityId>, Signed)>,
) -> Vec<Signed> {
	let mut taken = counted.to_vec();
	let mut kept = Vec::new();
	for (validator, signed) in given {
		let Some(validator) = validator else { continue };
		let of_kind = taken.iter().filter(|(kind, _)| *kind == signed.kind).count();
		let has_room = of_kind < usize::from(requirement(policy, signed.kind).count);
		if has_room && !taken.contains(&(signed.kind, validator)) {
			taken.push((signed.kind, validator));
			kept.push(signed);
		}
	}
	kept
}

fn requirement(policy: &ValidationPolicy, kind: AttestationKind) -> Requirement {
	match kind {
		AttestationKind::Accuracy => policy.accuracy,
		AttestationKind::Completeness => policy.completeness,
		AttestationKind::Source => policy.source,
	}
}

/// Who can promote the leaf of a proof that adds up, and its entry.
pub(crate) fn promotable(proof: &LeafProof) -> anyhow::Result<(IdentityId, LeafEntry)> {
	proof.check()?;
	match (&proof.promotion, proof.entry()) {
		(Some(promotion), Some(entry)) => Ok((promotion.author, entry)),
		_ => bail!(
			"the proof was made for others to check: cut one out of the batch's proof file with \
			 `salus record prove`, without --bare"
		),
	}
}

/// The batch of a proof as the chain has it; an error when it has none, or another one.
pub(crate) async fn anchored(at: &At, proof: &LeafProof) -> anyhow::Result<(BatchId, BatchView)> {
	let batch = match proof.batch {
		Some(batch) => Some(batch),
		None => at.batch_by_root(proof.organisation, proof.root).await?,
	};
	let view = match batch {
		Some(batch) => at.batch(batch).await?.map(|view| (batch, view)),
		None => None,
	};
	let (batch, view) = view.ok_or_else(|| {
		anyhow!(
			"the chain has no batch of {} with root {}: its organisation anchors it with `salus \
			 record batch`",
			proof.organisation,
			proof.root
		)
	})?;
	let BatchView { organisation, root, algorithm, tree_size, .. } = view;
	proof.check_batch(&organisation, &Anchorable { root, algorithm, tree_size })?;
	Ok((batch, view))
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::Signature;
	use salus_primitives::{AccreditationKinds, Digest, Verdict};

	#[test]
	fn no_more_verdicts_are_sent_than_a_batch_leaves_room_for() {
		use AttestationKind::{Accuracy, Completeness, Source};
		let asks = |count| Requirement { count, from: AccreditationKinds::ALL };
		let policy = ValidationPolicy {
			accuracy: asks(1),
			completeness: asks(2),
			source: asks(0),
			distinct_organisations: false,
			author_may_attest: true,
			time_to_live: 1,
		};
		let id = |byte| IdentityId([byte; 32]);
		let given = |kind, byte| {
			let signed = Signed {
				validator: [byte; 32],
				kind,
				verdict: Verdict::Pass,
				evidence: Digest([0; 32]),
				expires: 0,
				signature: Signature::Sr25519([0; 64]),
			};
			(Some(id(byte)), signed)
		};
		let all = || {
			vec![
				given(Accuracy, 1),
				given(Completeness, 1),
				given(Completeness, 2),
				given(Completeness, 3),
				given(Source, 1),
				(None, given(Accuracy, 4).1),
			]
		};
		let sent = |counted: &[(AttestationKind, IdentityId)]| {
			let kept = room_for(&policy, counted, all());
			kept.iter().map(|signed| (signed.kind, signed.validator[0])).collect::<Vec<_>>()
		};
		assert_eq!(sent(&[]), [(Accuracy, 1), (Completeness, 1), (Completeness, 2)]);
		// The batch has one of each: the same validator does not count twice.
		let counted = [(Accuracy, id(9)), (Completeness, id(1))];
		assert_eq!(sent(&counted), [(Completeness, 2)]);
		let counted = [(Accuracy, id(9)), (Completeness, id(8)), (Completeness, id(9))];
		assert!(sent(&counted).is_empty());
	}
}
