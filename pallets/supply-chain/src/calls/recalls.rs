// SPDX-License-Identifier: Apache-2.0

//! Recalls: one row beside what they reach, however many units that are.

use crate::{partners::HANDLERS, *};
use codec::Encode;
use frame_support::ensure;
use salus_primitives::{BatchIx, Digest, IdentityId, LotIx, Moment, RecallId};
use salus_traits::identity::Actor;
use sp_io::hashing::blake2_256;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_initiate_recall(
		actor: Actor<T::AccountId>,
		scope: RecallScope,
		terms: RecallTerms,
		reason: Digest,
		reference: Digest,
	) -> DispatchResult {
		let now = Self::now();
		ensure!(terms.has_sound_markets(), Error::<T>::BadMarkets);
		let reach = Self::reach(scope)?;
		let by_authority = Self::ensure_may_recall(&actor.id, &reach, &terms.markets, now)?;
		let key = Self::reference_key(&scope, &actor.id, &reference);
		ensure!(!RecallByReference::<T>::contains_key(key), Error::<T>::RecallAlreadyActive);
		let recall = NextRecall::<T>::get();
		let next = recall.0.checked_add(1).map(RecallId).ok_or(ArithmeticError::Overflow)?;

		Self::put_live(&reach.goods, recall, &terms)?;
		NextRecall::<T>::put(next);
		RecallByReference::<T>::insert(key, recall);
		let RecallTerms { class, depth, markets } = terms;
		let row = Recall {
			scope,
			initiator: actor.id,
			by_authority,
			class,
			depth,
			markets: markets.clone(),
			reason,
			reference,
			opened: now,
			closed: None,
			units: reach.units,
			acknowledged: 0,
			progress: Progress::default(),
		};
		Recalls::<T>::insert(recall, row);
		Self::deposit_event(Event::RecallInitiated {
			recall,
			scope,
			class,
			depth,
			markets,
			reason,
			reference,
			by: actor.id,
		});
		Ok(())
	}

	/// What a scope reaches: a few rows, however many units.
	fn reach(scope: RecallScope) -> Result<Reach, DispatchError> {
		match scope {
			RecallScope::Product(product) => {
				let row = Products::<T>::get(product).ok_or(Error::<T>::UnknownProduct)?;
				let goods = Goods { product, lot: None, batch: None, range: None };
				Ok(Reach { goods, holder: row.holder, units: row.commissioned })
			},
			RecallScope::Lot(lot) => Self::reach_lot(lot),
			RecallScope::Batch(batch) => Self::reach_batch(batch, None),
			RecallScope::Range { batch, start, len } => {
				Self::reach_batch(batch, Some((start, len)))
			},
		}
	}

	fn reach_lot(lot: LotIx) -> Result<Reach, DispatchError> {
		let row = Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot)?;
		let Reach { goods, holder, .. } = Self::reach(RecallScope::Product(row.product))?;
		let goods = Goods { lot: Some(lot), ..goods };
		Ok(Reach { goods, holder, units: row.counters.total() })
	}

	fn reach_batch(batch: BatchIx, range: Option<(u32, u32)>) -> Result<Reach, DispatchError> {
		let row = Batches::<T>::get(batch).ok_or(Error::<T>::UnknownBatch)?;
		let mut units = row.count;
		if let Some((start, len)) = range {
			ensure!(len > 0, Error::<T>::NothingNamed);
			let end = start.checked_add(len).ok_or(Error::<T>::IndexOutOfRange)?;
			ensure!(end <= row.count, Error::<T>::IndexOutOfRange);
			units = len;
		}
		let Reach { goods, holder, .. } = Self::reach_lot(row.lot)?;
		let goods = Goods { batch: Some(batch), range, ..goods };
		Ok(Reach { goods, holder, units: units.into() })
	}

	/// Refuses who recalls neither its own product nor in its own markets. Says whether as an
	/// authority.
	fn ensure_may_recall(
		who: &IdentityId,
		reach: &Reach,
		markets: &Markets,
		now: Moment,
	) -> Result<bool, DispatchError> {
		if reach.holder == *who {
			return Ok(false);
		}
		let own = |market: &Market| Self::is_authority(who, *market, now);
		let all_own = !markets.is_empty() && markets.iter().all(own);
		ensure!(all_own, Error::<T>::MarketNotYours);
		Ok(true)
	}

	/// The key under which a recall is found again by what its initiator said.
	pub(crate) fn reference_key(
		scope: &RecallScope,
		initiator: &IdentityId,
		reference: &Digest,
	) -> Digest {
		Digest((scope, initiator, reference).using_encoded(blake2_256))
	}

	/// Lays a recall beside what it reaches, in place of what lay there of it.
	fn put_live(goods: &Goods, id: RecallId, terms: &RecallTerms) -> DispatchResult {
		let (class, markets) = (terms.class, terms.markets.clone());
		let live = LiveRecall { id, class, markets, range: goods.range };
		Self::change_live(goods, |recalls| {
			recalls.retain(|other| other.id != id);
			recalls.try_push(live).map_err(|_| Error::<T>::TooManyRecalls.into())
		})
	}

	fn drop_live(goods: &Goods, id: RecallId) -> DispatchResult {
		Self::change_live(goods, |recalls| {
			recalls.retain(|other| other.id != id);
			Ok(())
		})
	}

	/// Changes the recalls of the row that keeps them: the batch's, the lot's or the product's.
	fn change_live(
		goods: &Goods,
		change: impl FnOnce(&mut LiveRecalls) -> DispatchResult,
	) -> DispatchResult {
		match goods.row() {
			RecallRow::Batch(batch) => Batches::<T>::try_mutate(batch, |row| {
				change(&mut row.as_mut().ok_or(Error::<T>::UnknownBatch)?.recalls)
			}),
			RecallRow::Lot(lot) => Lots::<T>::try_mutate(lot, |row| {
				change(&mut row.as_mut().ok_or(Error::<T>::UnknownLot)?.recalls)
			}),
			RecallRow::Product(product) => Products::<T>::try_mutate(product, |row| {
				change(&mut row.as_mut().ok_or(Error::<T>::UnknownProduct)?.recalls)
			}),
		}
	}

	pub(crate) fn do_extend_recall(
		actor: Actor<T::AccountId>,
		recall: RecallId,
		scope: RecallScope,
		terms: RecallTerms,
	) -> DispatchResult {
		let mut row = Self::open_recall_of(&actor.id, recall)?;
		ensure!(terms.has_sound_markets(), Error::<T>::BadMarkets);
		let before = Self::reach(row.scope)?;
		let after = Self::reach(scope)?;
		Self::ensure_may_recall(&actor.id, &after, &terms.markets, Self::now())?;
		let wider = scope != row.scope;
		let covered = after.goods.covers(&before.goods) && terms.cover(&row);
		ensure!(covered && (wider || terms.differ(&row)), Error::<T>::NotAnExtension);
		let key = Self::reference_key(&scope, &actor.id, &row.reference);
		let taken = wider && RecallByReference::<T>::contains_key(key);
		ensure!(!taken, Error::<T>::RecallAlreadyActive);

		Self::put_live(&after.goods, recall, &terms)?;
		if after.goods.row() != before.goods.row() {
			Self::drop_live(&before.goods, recall)?;
		}
		RecallByReference::<T>::insert(key, recall);
		let RecallTerms { class, depth, markets } = terms;
		(row.scope, row.units) = (scope, after.units);
		(row.class, row.depth, row.markets) = (class, depth, markets.clone());
		Recalls::<T>::insert(recall, row);
		let by = actor.id;
		Self::deposit_event(Event::RecallExtended { recall, scope, markets, class, depth, by });
		Ok(())
	}

	/// A recall that is open.
	fn open_recall(recall: RecallId) -> Result<Recall, DispatchError> {
		let row = Recalls::<T>::get(recall).ok_or(Error::<T>::UnknownRecall)?;
		ensure!(row.closed.is_none(), Error::<T>::RecallClosed);
		Ok(row)
	}

	/// A recall that is open, and that `who` initiated.
	fn open_recall_of(who: &IdentityId, recall: RecallId) -> Result<Recall, DispatchError> {
		let row = Recalls::<T>::get(recall).ok_or(Error::<T>::UnknownRecall)?;
		ensure!(row.initiator == *who, Error::<T>::NotAuthorised);
		ensure!(row.closed.is_none(), Error::<T>::RecallClosed);
		Ok(row)
	}

	pub(crate) fn do_close_recall(actor: Actor<T::AccountId>, recall: RecallId) -> DispatchResult {
		let mut row = Self::open_recall_of(&actor.id, recall)?;
		Self::drop_live(&Self::reach(row.scope)?.goods, recall)?;
		row.closed = Some(Self::now());
		Recalls::<T>::insert(recall, row);
		Self::deposit_event(Event::RecallClosed { recall, by: actor.id });
		Ok(())
	}

	pub(crate) fn do_acknowledge_recall(
		actor: Actor<T::AccountId>,
		recall: RecallId,
	) -> DispatchResult {
		let now = Self::now();
		Self::ensure_licensed(&actor.id, HANDLERS, now)?;
		let mut row = Self::open_recall(recall)?;
		let known = RecallProgress::<T>::contains_key(recall, actor.id);
		ensure!(!known, Error::<T>::AlreadyAcknowledged);
		row.acknowledged = row.acknowledged.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		Recalls::<T>::insert(recall, row);
		let partner = PartnerProgress { acknowledged: now, progress: Progress::default() };
		RecallProgress::<T>::insert(recall, actor.id, partner);
		Self::deposit_event(Event::RecallAcknowledged { recall, by: actor.id });
		Ok(())
	}

	pub(crate) fn do_report_recall_progress(
		actor: Actor<T::AccountId>,
		recall: RecallId,
		progress: Progress,
	) -> DispatchResult {
		let mut row = Self::open_recall(recall)?;
		let mut partner =
			RecallProgress::<T>::get(recall, actor.id).ok_or(Error::<T>::NotAcknowledged)?;
		let sum = row.progress.minus(&partner.progress).and_then(|rest| rest.plus(&progress));
		row.progress = sum
			.filter(|sum| sum.total().is_some_and(|total| total <= row.units))
			.ok_or(Error::<T>::ProgressTooLarge)?;
		partner.progress = progress;
		Recalls::<T>::insert(recall, row);
		RecallProgress::<T>::insert(recall, actor.id, partner);
		Self::deposit_event(Event::RecallProgressReported { recall, by: actor.id, progress });
		Ok(())
	}
}
