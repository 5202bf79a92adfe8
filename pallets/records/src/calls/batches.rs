// SPDX-License-Identifier: Apache-2.0

//! Batches: one root for up to 2^20 versions of records, and the promotion of a leaf.

use super::filing::Filed;
use crate::*;
use alloc::vec::Vec;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_merkle::{Hash, ProofError, leaf_hash};
use salus_primitives::{
	AccreditationKinds, BatchId, BatchStatement, CallScope, Digest, IdentityKind, LeafIndex,
	RecordLeaf, TreeAlgorithm, signed_forms,
};
use salus_traits::{
	accreditation::AccreditationInspect,
	hashing::HostSha256,
	identity::{Actor, IdentityInspect},
};
use sp_runtime::{ArithmeticError, traits::Verify};

/// The tree that an organisation anchors.
#[derive(Clone, Copy)]
pub(crate) struct Tree {
	pub(crate) root: Digest,
	pub(crate) algorithm: TreeAlgorithm,
	pub(crate) size: u32,
}

/// Which leaf of which batch, and its way to the root.
pub(crate) struct LeafProof {
	pub(crate) batch: BatchId,
	pub(crate) index: LeafIndex,
	pub(crate) path: LeafPath,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_anchor_batch(
		actor: Actor<T::AccountId>,
		Tree { root, algorithm, size: tree_size }: Tree,
		bundle: BundleOf<T>,
	) -> DispatchResult {
		let now = T::Clock::now();
		let organisation = actor.id;
		let may = actor.kind == IdentityKind::Organisation;
		ensure!(may, Error::<T>::NotAnOrganisation);
		Self::check_licence(&actor, Some(&organisation), now)?;
		ensure!((1..=MAX_TREE_SIZE).contains(&tree_size), Error::<T>::BadTreeSize);
		ensure!(root.0 != [0; 32], Error::<T>::BadRoot);
		ensure!(!BatchByRoot::<T>::contains_key(organisation, root), Error::<T>::DuplicateBatch);
		let statement = |signed: &SignedAttestation<T::AccountId, T::Signature>| BatchStatement {
			genesis: T::GenesisHash::get(),
			organisation,
			root,
			algorithm,
			tree_size,
			kind: signed.kind,
			verdict: signed.verdict,
			evidence: signed.evidence,
			expires: signed.expires,
		};
		let attestations = Self::take_batch_bundle(bundle, statement, now)?;
		let id = NextBatch::<T>::get();
		let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;

		let deposit = Self::rent(&actor.payer, BatchOf::<T>::max_encoded_len())?;
		let batch = Batch {
			organisation,
			root,
			algorithm,
			tree_size,
			at: now,
			promoted: 0,
			attestations,
			deposit,
		};
		NextBatch::<T>::put(BatchId(next));
		BatchByRoot::<T>::insert(organisation, root, id);
		Batches::<T>::insert(id, batch);
		Self::deposit_event(Event::BatchAnchored {
			batch: id,
			organisation,
			root,
			algorithm,
			tree_size,
		});
		Ok(())
	}

	pub(crate) fn do_promote(
		actor: Actor<T::AccountId>,
		LeafProof { batch: batch_id, index, path }: LeafProof,
		place: Place,
		sealed: Sealed,
		bundle: BundleOf<T>,
	) -> DispatchResultWithPostInfo {
		let now = T::Clock::now();
		let (inline, bundled) = (sealed.content.is_inline(), bundle.len() as u32);
		let mut batch = Batches::<T>::get(batch_id).ok_or(Error::<T>::BatchNotFound)?;
		let again = Promoted::<T>::contains_key(batch_id, index);
		ensure!(!again, Error::<T>::LeafAlreadyPromoted);
		let policy = Self::policy_for(place.class)?;
		let deadline = now.saturating_add(policy.time_to_live);
		let epoch = sealed.key.epoch;
		let stage = Stage::Open { deadline, policy };
		let mut filed = Self::check_filing(&actor, &place, sealed, stage)?;
		let Filed { id, ref mut record, .. } = filed;
		let ours = record.organisation == Some(batch.organisation);
		ensure!(ours, Error::<T>::NotYourBatch);
		let version = &mut record.current;
		let data = RecordLeaf { record: id, version: version.number, content: version.content };
		let leaf = leaf_hash::<HostSha256>(&data.to_bytes());
		Self::check_inclusion(&batch, index, &leaf, &path)?;
		Self::take_batch_verdicts(&policy, version, &batch.attestations, now);
		Self::take_bundle(&policy, id, version, bundle, now)?;
		let waits = !policy.is_met_by(&version.attestations);

		if !waits {
			version.stage = Stage::Anchored { at: now };
		}
		record.batch = Some((batch_id, index));
		let deposit = Self::charge_record(&actor, &filed, waits.then_some(deadline))?;
		filed.record.current.deposit = deposit;
		if waits {
			Self::announce_proposed(id, &filed.record, epoch, deadline);
		}
		Self::announce_attestations(id, &filed.record.current);
		if !waits {
			Self::announce_anchored(id, &filed.record, &filed.record.current);
		}
		Self::deposit_event(Event::LeafPromoted { batch: batch_id, leaf_index: index, record: id });
		batch.promoted = batch.promoted.saturating_add(1);
		let judged = batch.attestations.len() as u32;
		Batches::<T>::insert(batch_id, batch);
		Promoted::<T>::insert(batch_id, index, id);
		Self::file(filed);
		Ok(Some(Self::weight_of_promotion(inline, bundled, judged)).into())
	}

	/// What a promotion weighs, by its bundled verdicts and those of the batch.
	pub(crate) fn weight_of_promotion(inline: bool, bundled: u32, judged: u32) -> Weight {
		let filed = if inline {
			T::WeightInfo::promote_inline(bundled, judged)
		} else {
			T::WeightInfo::promote_external(bundled, judged)
		};
		filed.saturating_add(Self::weight_of_workplaces(bundled))
	}

	/// Lets the leaf that a record was be promoted again, because the record goes.
	pub(crate) fn free_leaf(record: &RecordOf<T>) {
		let Some((batch, index)) = record.batch else { return };
		Promoted::<T>::remove(batch, index);
		Batches::<T>::mutate_exists(batch, |batch| {
			if let Some(batch) = batch {
				batch.promoted = batch.promoted.saturating_sub(1);
			}
		});
	}

	/// The verdicts of a bundle on a whole tree, each signed over it by somebody with a licence.
	///
	/// Whether a verdict counts for a record is judged by the policy of its class, at promotion.
	fn take_batch_bundle(
		bundle: BundleOf<T>,
		statement: impl Fn(&SignedAttestation<T::AccountId, T::Signature>) -> BatchStatement,
		now: Moment,
	) -> Result<Attestations, Error<T>> {
		let mut taken = Attestations::default();
		for signed in bundle {
			let SignedAttestation { ref validator, kind, verdict, evidence, expires, .. } = signed;
			ensure!(verdict.passes(), Error::<T>::FailingVerdict);
			ensure!(now < expires, Error::<T>::AttestationExpired);
			let id = T::Identities::acting_identity(validator, CallScope::RecordAnchor)
				.ok_or(Error::<T>::UnknownAttestor)?;
			let id_kind = T::Identities::active_kind(&id).ok_or(Error::<T>::UnknownAttestor)?;
			let licensed = T::Accreditations::is_accredited_any(&id, AccreditationKinds::ALL, now);
			ensure!(licensed, Error::<T>::AttestorNotQualified);
			let again = taken.iter().any(|one| one.validator == id && one.kind == kind);
			ensure!(!again, Error::<T>::DuplicateAttestation);
			// The dearest check comes last.
			let fits = signed_forms(statement(&signed).to_bytes())
				.iter()
				.any(|bytes| signed.signature.verify(&bytes[..], validator));
			ensure!(fits, Error::<T>::BadAttestationSignature);
			let organisations = Self::workplaces(&id, id_kind, now);
			let attestation = Attestation {
				validator: id,
				organisations,
				kind,
				verdict,
				evidence,
				at: now,
				from_batch: true,
			};
			// As long as the bundle: nothing is cut off.
			taken.try_push(attestation).map_err(|_| Error::<T>::RequirementMet)?;
		}
		Ok(taken)
	}

	/// Puts the verdicts of a batch beside a version, as far as the policy admits them and their
	/// validators still qualify. The others are left out: they may count for another class.
	fn take_batch_verdicts(
		policy: &ValidationPolicy,
		version: &mut VersionOf<T>,
		given: &Attestations,
		now: Moment,
	) {
		for verdict in given {
			let from = policy.requirement(verdict.kind).from;
			// Cheaper first.
			let counts = policy.admit(version.writer(), &version.attestations, verdict).is_ok()
				&& T::Identities::active_kind(&verdict.validator).is_some()
				&& T::Accreditations::is_accredited_any(&verdict.validator, from, now);
			if counts {
				// As many as a version holds: nothing is cut off.
				let _ = version.attestations.try_push(verdict.clone());
			}
		}
	}

	/// Whether `leaf` is leaf number `index` of a batch.
	pub(crate) fn check_inclusion(
		batch: &BatchOf<T>,
		index: LeafIndex,
		leaf: &Hash,
		path: &[Digest],
	) -> Result<(), Error<T>> {
		let path: Vec<Hash> = path.iter().map(|node| node.0).collect();
		let TreeAlgorithm::Rfc9162Sha256 = batch.algorithm;
		salus_merkle::verify_inclusion::<HostSha256>(
			&batch.root.0,
			batch.tree_size.into(),
			index.into(),
			leaf,
			&path,
		)
		.map_err(|error| match error {
			ProofError::IndexOutOfRange => Error::<T>::LeafOutOfRange,
			ProofError::PathTooShort | ProofError::PathTooLong => Error::<T>::ProofWrongLength,
			ProofError::EmptyTree | ProofError::RootMismatch => Error::<T>::BadProof,
		})
	}
}
