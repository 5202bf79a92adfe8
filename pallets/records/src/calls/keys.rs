// SPDX-License-Identifier: Apache-2.0

//! Reader shares sealed to recipients beside the compartment, and complaints about them.

use crate::*;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{IdentityId, RecipientKey, RecordVersion};
use salus_traits::identity::{Actor, AgreementKeys};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_add_wraps(
		actor: Actor<T::AccountId>,
		id: RecordId,
		number: RecordVersion,
		wraps: BoundedVec<RecipientKey, ConstU32<MAX_RECIPIENTS>>,
	) -> DispatchResult {
		let record = Self::check_serving(id, number)?;
		Self::check_subject_or_keeper(&actor, &record, T::Clock::now())?;
		ensure!(!wraps.is_empty(), Error::<T>::NothingNamed);
		let mut recipients = Recipients::default();
		let mut count = WrapCount::<T>::get(id, number);
		for RecipientKey { recipient, key_version, .. } in &wraps {
			Self::name_once(&mut recipients, *recipient)?;
			let (current, _) =
				T::AgreementKeys::current(recipient).ok_or(Error::<T>::UnknownRecipientKey)?;
			ensure!(current == *key_version, Error::<T>::StaleRecipientKey);
			if Wraps::<T>::contains_key((id, number, recipient)) {
				// The new one need not open: what somebody can read by now stays readable.
				ensure!(!record.legal_hold, Error::<T>::LegalHold);
			} else {
				count = count.saturating_add(1);
			}
		}
		ensure!(count <= MAX_WRAPS, Error::<T>::TooManyWraps);

		for RecipientKey { recipient, key_version, wrap } in wraps {
			// Before the charge, so that what was held for the old one pays for the new one.
			Self::remove_wrap(id, number, recipient);
			let deposit = Self::charge_beside(&actor, StoredWrapOf::<T>::max_encoded_len())?;
			let stored = StoredWrap { key_version, wrap, deposit };
			Wraps::<T>::insert((id, number, recipient), stored);
		}
		WrapCount::<T>::insert(id, number, count);
		let (record, version, by) = (id, number, actor.id);
		Self::deposit_event(Event::WrapsAdded { record, version, by, recipients });
		Ok(())
	}

	pub(crate) fn do_drop_wraps(
		actor: Actor<T::AccountId>,
		id: RecordId,
		number: RecordVersion,
		recipients: Recipients,
	) -> DispatchResult {
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		let all = Self::check_subject_or_keeper(&actor, &record, T::Clock::now()).is_ok();
		ensure!(!recipients.is_empty(), Error::<T>::NothingNamed);
		let mut named = Recipients::default();
		for recipient in &recipients {
			if *recipient != actor.id {
				ensure!(all, Error::<T>::NotSubjectOrKeeper);
				ensure!(!record.legal_hold, Error::<T>::LegalHold);
			}
			Self::name_once(&mut named, *recipient)?;
			let stands = Wraps::<T>::contains_key((id, number, recipient));
			ensure!(stands, Error::<T>::WrapNotFound);
		}

		for recipient in &recipients {
			Self::remove_wrap(id, number, *recipient);
		}
		let (record, version, by) = (id, number, actor.id);
		Self::deposit_event(Event::WrapsDropped { record, version, by, recipients });
		Ok(())
	}

	pub(crate) fn do_report_bad_wrap(
		actor: Actor<T::AccountId>,
		id: RecordId,
		number: RecordVersion,
	) -> DispatchResult {
		let record = Self::check_serving(id, number)?;
		let reads = actor.id == record.subject || Wraps::<T>::contains_key((id, number, actor.id));
		ensure!(reads, Error::<T>::NotRecipient);

		BadWrapReports::<T>::mutate(id, number, |count| *count = count.saturating_add(1));
		let (record, version, by) = (id, number, actor.id);
		Self::deposit_event(Event::BadWrapReported { record, version, by });
		Ok(())
	}

	/// The record, when its version `number` serves keys to readers: it counts or did once.
	///
	/// What waits serves none: only verdicts make it something that others should read.
	pub(crate) fn check_serving(
		id: RecordId,
		number: RecordVersion,
	) -> Result<RecordOf<T>, Error<T>> {
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		let version = Self::version_of(&id, &record, number).ok_or(Error::<T>::VersionNotFound)?;
		let serves = record.serves_keys_of(number) && version.was_anchored();
		ensure!(serves, Error::<T>::NoKeysServed);
		Ok(record)
	}

	fn name_once(named: &mut Recipients, recipient: IdentityId) -> Result<(), Error<T>> {
		ensure!(!named.contains(&recipient), Error::<T>::DuplicateRecipient);
		// As long as what the call holds: nothing is cut off.
		named.try_push(recipient).map_err(|_| Error::<T>::TooManyWraps)
	}

	/// Removes a wrap, when there is one, and gives its rent back.
	pub(crate) fn remove_wrap(id: RecordId, number: RecordVersion, recipient: IdentityId) {
		let Some(wrap) = Wraps::<T>::take((id, number, recipient)) else { return };
		Self::give_back(wrap.deposit);
		WrapCount::<T>::mutate_exists(id, number, |count| {
			*count = count.unwrap_or_default().checked_sub(1).filter(|left| *left > 0);
		});
	}
}
