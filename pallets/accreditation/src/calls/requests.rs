// SPDX-License-Identifier: Apache-2.0

//! What subjects ask authorities for.

use crate::*;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{AccreditationKind, Commitment, Digest};
use salus_traits::identity::Actor;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_accreditation(
		actor: Actor<T::AccountId>,
		issuer: IdentityId,
		kind: AccreditationKind,
		commitment: Commitment,
		digest: Digest,
	) -> DispatchResult {
		let subject = actor.id;
		ensure!(issuer != subject, Error::<T>::SelfNotAllowed);
		ensure!(kind.fits(actor.kind), Error::<T>::WrongKind);
		ensure!(commitment != Commitment::default(), Error::<T>::CommitmentEmpty);
		ensure!(digest != Digest::default(), Error::<T>::DigestEmpty);
		let authority = Authorities::<T>::get(issuer).ok_or(Error::<T>::AuthorityNotFound)?;
		ensure!(authority.cutoff.is_none(), Error::<T>::AuthorityCutOff);
		ensure!(authority.scope.kinds.contains(kind), Error::<T>::KindOutOfScope);

		let asked_at = Self::now();
		Requests::<T>::try_mutate((issuer, subject, kind), |row| {
			let deposit = match row.take() {
				Some(before) => before.deposit,
				None => {
					let ticket = T::RequestDeposit::new(&actor.payer, Self::request_footprint())?;
					Deposit { depositor: actor.payer, ticket }
				},
			};
			*row = Some(Request { commitment, digest, asked_at, deposit });
			Self::deposit_event(Event::AccreditationRequested {
				issuer,
				subject,
				kind,
				commitment,
				digest,
			});
			Ok(())
		})
	}

	pub(crate) fn do_close_request(
		by: Option<IdentityId>,
		issuer: IdentityId,
		subject: IdentityId,
		kind: AccreditationKind,
	) -> DispatchResult {
		let key = (issuer, subject, kind);
		let request = Requests::<T>::get(key).ok_or(Error::<T>::RequestNotFound)?;
		let party = by == Some(issuer) || by == Some(subject);
		ensure!(party || !Self::is_open(&request), Error::<T>::NotRequestParty);

		request.deposit.ticket.drop(&request.deposit.depositor)?;
		Requests::<T>::remove(key);
		Self::deposit_event(Event::RequestClosed { issuer, subject, kind, by });
		Ok(())
	}

	/// Answers the open request of a grant, and gives its deposit back.
	///
	/// The grant names what it answers, so that nothing can be put under a verdict afterwards; when
	/// there is nothing to answer, it names nothing.
	pub(super) fn answer_request(
		issuer: IdentityId,
		subject: IdentityId,
		kind: AccreditationKind,
		commitment: Commitment,
		digest: Option<Digest>,
	) -> DispatchResult {
		let key = (issuer, subject, kind);
		let Some(request) = Requests::<T>::get(key).filter(Self::is_open) else {
			ensure!(digest.is_none(), Error::<T>::RequestNotFound);
			return Ok(());
		};
		let same = digest == Some(request.digest) && commitment == request.commitment;
		ensure!(same, Error::<T>::DigestMismatch);

		request.deposit.ticket.drop(&request.deposit.depositor)?;
		Requests::<T>::remove(key);
		Ok(())
	}

	/// Whether a request is not too old to be granted.
	pub(crate) fn is_open(request: &RequestOf<T>) -> bool {
		Self::now() < request.asked_at.saturating_add(T::MaxRequestAge::get())
	}

	pub(crate) fn request_footprint() -> Footprint {
		let size = <(IdentityId, IdentityId, AccreditationKind, RequestOf<T>)>::max_encoded_len();
		Footprint::from_parts(1, size)
	}
}
