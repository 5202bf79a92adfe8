// SPDX-License-Identifier: Apache-2.0

//! Authorities and their status lists.

use crate::*;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{Digest, IdentityKind, Window};
use salus_traits::identity::Actor;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_appoint_regulator(
		id: IdentityId,
		scope: AuthorityScope,
		window: Window,
	) -> DispatchResult {
		Self::appointable(&id, &scope)?;
		remainder(window, Self::now()).ok_or(Error::<T>::WindowOver)?;
		Self::appoint(None, id, scope, window)
	}

	pub(crate) fn do_appoint_registrar(
		by: IdentityId,
		id: IdentityId,
		scope: AuthorityScope,
		window: Window,
	) -> DispatchResult {
		let now = Self::now();
		let regulator = Self::open_office(&by, now)?.authority;
		ensure!(regulator.parent.is_none(), Error::<T>::DepthExceeded);
		ensure!(id != by, Error::<T>::SelfNotAllowed);
		Self::appointable(&id, &scope)?;
		scope.check_within(&regulator.scope).map_err(|wider| match wider {
			ScopePart::Kinds => Error::<T>::KindsTooWide,
			ScopePart::Jurisdictions => Error::<T>::JurisdictionsTooWide,
			ScopePart::Codes => Error::<T>::CodesTooWide,
		})?;
		let window = remainder(window, now).ok_or(Error::<T>::WindowOver)?;
		ensure!(window.is_within(&regulator.window), Error::<T>::WindowTooWide);
		Self::appoint(Some(by), id, scope, window)
	}

	pub(crate) fn do_remove_authority(
		by: Option<IdentityId>,
		id: IdentityId,
		cutoff: Moment,
	) -> DispatchResult {
		Authorities::<T>::try_mutate(id, |authority| {
			let authority = authority.as_mut().ok_or(Error::<T>::AuthorityNotFound)?;
			Self::ensure_above(by, authority)?;
			ensure!(cutoff <= Self::now(), Error::<T>::CutOffAhead);
			let earlier = authority.cutoff.is_none_or(|before| cutoff < before);
			ensure!(earlier, Error::<T>::CutOffNotEarlier);

			authority.cutoff = Some(cutoff);
			Self::deposit_event(Event::AuthorityRemoved { authority: id, cutoff, by });
			Ok(())
		})
	}

	pub(crate) fn do_suspend_authority(by: Option<IdentityId>, id: IdentityId) -> DispatchResult {
		Authorities::<T>::try_mutate(id, |authority| {
			let authority = authority.as_mut().ok_or(Error::<T>::AuthorityNotFound)?;
			Self::ensure_above(by, authority)?;
			ensure!(authority.cutoff.is_none(), Error::<T>::AuthorityCutOff);
			// Governance takes over what a regulator imposed, so that it alone reinstates.
			let weaker = match authority.status {
				AuthorityStatus::Active => true,
				AuthorityStatus::Suspended { by: before } => by.is_none() && before.is_some(),
			};
			ensure!(weaker, Error::<T>::AlreadySuspended);

			authority.status = AuthorityStatus::Suspended { by };
			Self::deposit_event(Event::AuthoritySuspended { authority: id, by });
			Ok(())
		})
	}

	pub(crate) fn do_reinstate_authority(by: Option<IdentityId>, id: IdentityId) -> DispatchResult {
		Authorities::<T>::try_mutate(id, |authority| {
			let authority = authority.as_mut().ok_or(Error::<T>::AuthorityNotFound)?;
			Self::ensure_above(by, authority)?;
			let AuthorityStatus::Suspended { by: before } = authority.status else {
				return Err(Error::<T>::NotSuspended.into());
			};
			ensure!(by.is_none() || before == by, Error::<T>::ImposedFromAbove);

			authority.status = AuthorityStatus::Active;
			Self::deposit_event(Event::AuthorityReinstated { authority: id, by });
			Ok(())
		})
	}

	pub(crate) fn do_set_status_list(
		actor: Actor<T::AccountId>,
		list: u32,
		digest: Digest,
		locator: Locator,
		sequence: u32,
	) -> DispatchResult {
		let authority = actor.id;
		let anchored_at = Self::now();
		Self::open_office(&authority, anchored_at)?;
		ensure!(list < T::MaxStatusLists::get(), Error::<T>::ListOutOfRange);
		ensure!(digest != Digest::default(), Error::<T>::DigestEmpty);
		ensure!(is_locator_sound(&locator), Error::<T>::LocatorNotSound);

		StatusLists::<T>::try_mutate(authority, list, |row| {
			let deposit = match row.take() {
				Some(before) => {
					ensure!(before.digest != digest, Error::<T>::DigestUnchanged);
					ensure!(before.sequence < sequence, Error::<T>::SequenceNotRising);
					before.deposit
				},
				None => {
					let footprint = Self::status_list_footprint();
					let ticket = T::StatusListDeposit::new(&actor.payer, footprint)?;
					Deposit { depositor: actor.payer, ticket }
				},
			};
			*row = Some(StatusList { digest, locator, sequence, anchored_at, deposit });
			Self::deposit_event(Event::StatusListSet { authority, list, digest, sequence });
			Ok(())
		})
	}

	/// Checks that `id` is an active organisation, and `scope` sound.
	fn appointable(id: &IdentityId, scope: &AuthorityScope) -> DispatchResult {
		let kind = Self::active_kind(id)?;
		ensure!(kind == IdentityKind::Organisation, Error::<T>::WrongKind);
		scope.check().map_err(|unsound| match unsound {
			ScopePart::Kinds => Error::<T>::KindsNotSound,
			ScopePart::Jurisdictions => Error::<T>::JurisdictionsNotSound,
			ScopePart::Codes => Error::<T>::CodesNotSound,
		})?;
		Ok(())
	}

	/// Makes `id` an authority below `parent`, or replaces its scope and window.
	///
	/// An authority keeps its parent for ever: another one's cut-off would void, or spare, what it
	/// granted before.
	fn appoint(
		parent: Option<IdentityId>,
		id: IdentityId,
		scope: AuthorityScope,
		window: Window,
	) -> DispatchResult {
		let mut status = AuthorityStatus::Active;
		if let Some(before) = Authorities::<T>::get(id) {
			ensure!(before.cutoff.is_none(), Error::<T>::AuthorityCutOff);
			ensure!(before.parent == parent, Error::<T>::OfAnotherParent);
			status = before.status;
		}

		let authority = Authority { parent, scope: scope.clone(), window, status, cutoff: None };
		Authorities::<T>::insert(id, authority);
		Self::deposit_event(Event::AuthorityAppointed { authority: id, parent, scope, window });
		Ok(())
	}

	/// Checks that `by` is governance, or the regulator above `authority` and able to act.
	fn ensure_above(by: Option<IdentityId>, authority: &Authority) -> DispatchResult {
		if let Some(by) = by {
			ensure!(authority.parent == Some(by), Error::<T>::NotParent);
			Self::office(&by)?;
		}
		Ok(())
	}

	pub(crate) fn status_list_footprint() -> Footprint {
		Footprint::from_parts(1, <(IdentityId, u32, StatusListOf<T>)>::max_encoded_len())
	}
}
