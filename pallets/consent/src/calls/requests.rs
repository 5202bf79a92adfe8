// SPDX-License-Identifier: Apache-2.0

//! Requests for access, and what becomes of them.

use crate::{
	AccountOf, Asked, Config, Decision, Deposit, Due, Error, Event, Given, Grantee,
	MAX_REQUESTS_PER_ORGANISATION, NextRequestId, OpenRequests, Pallet, Request, RequestOf,
	Requests, SubjectRequests, Terms, WaitingRequest, WeightInfo, decision::CARE_LICENCES,
};
use frame_support::{
	pallet_prelude::*,
	traits::{Consideration, Footprint, Time},
};
use salus_primitives::{Digest, IdentityId, IdentityKind, Moment, RequestId, Window};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	identity::{Actor, IdentityInspect},
};
use sp_runtime::traits::EnsureAdd;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_access(
		by: Actor<AccountOf<T>>,
		subject: IdentityId,
		on_behalf: Option<IdentityId>,
		asked: Asked,
		reason: Digest,
		answer_by: Moment,
	) -> DispatchResult {
		let now = T::Time::now();
		ensure!(by.id != subject && on_behalf != Some(subject), Error::<T>::SelfRequest);
		ensure!(T::Identities::active_kind(&subject).is_some(), Error::<T>::SubjectNotActive);
		let grantee = Self::asks_as(&by, on_behalf, now)?;
		Self::ensure_can_be_granted(&subject, &asked)?;
		let latest = now.saturating_add(T::MaxRequestAge::get());
		ensure!(now < answer_by && answer_by <= latest, Error::<T>::AnswerTimeUnfit);
		let standing = OpenRequests::<T>::get(subject, grantee)
			.and_then(|id| Requests::<T>::get(id).map(|request| (id, request)));
		let waits = standing.as_ref().is_some_and(|(_, request)| request.is_open_at(now));
		ensure!(!waits, Error::<T>::DuplicateRequest);
		let mut waiting = SubjectRequests::<T>::get(subject);
		// What is over makes room. Its row waits for the sweep, or for the next of the same
		// grantee.
		waiting.retain(|waiting| now < waiting.answer_by);
		let id = NextRequestId::<T>::get();
		let next_id = RequestId(id.0.ensure_add(1)?);
		let behind = Self::stands_behind(&by, on_behalf, now);
		let displaced = Self::make_place(&mut waiting, behind)?;
		waiting
			.try_push(WaitingRequest { request: id, answer_by, behind })
			.map_err(|_| Error::<T>::TooManyRequests)?;
		let footprint = Footprint::from_mel::<RequestOf<T>>();
		let ticket = T::RequestConsideration::new(&by.payer, footprint)?;

		if let Some((before, request)) = standing {
			Self::lapse_request(before, request);
		}
		if let Some(displaced) = displaced {
			Self::displace_request(displaced, id);
		}
		let deposit = Deposit { depositor: by.payer, ticket };
		let requester = by.id;
		let request = Request {
			subject,
			grantee,
			requester,
			asked,
			reason,
			asked_at: now,
			answer_by,
			deposit,
		};
		NextRequestId::<T>::put(next_id);
		Requests::<T>::insert(id, request);
		OpenRequests::<T>::insert(subject, grantee, id);
		SubjectRequests::<T>::insert(subject, waiting);
		Self::enlist(answer_by, Due::Request(id));
		Self::deposit_event(Event::AccessRequested {
			request: id,
			subject,
			grantee,
			requester,
			asked,
			reason,
			answer_by,
		});
		Ok(())
	}

	/// To whom the grant would speak.
	fn asks_as(
		by: &Actor<AccountOf<T>>,
		on_behalf: Option<IdentityId>,
		now: Moment,
	) -> Result<Grantee, Error<T>> {
		match on_behalf {
			Some(organisation) => {
				let works = T::Affiliations::works_at(&by.id, &organisation, now);
				ensure!(works, Error::<T>::NotAffiliated);
				Ok(Grantee::Organisation(organisation))
			},
			None if by.kind == IdentityKind::Organisation => Ok(Grantee::Organisation(by.id)),
			None => Ok(Grantee::Identity(by.id)),
		}
	}

	/// The organisation licensed for care that stands behind a request: whom it is for, who asks, or
	/// where that one works. Of two employers it is always the same.
	fn stands_behind(
		by: &Actor<AccountOf<T>>,
		on_behalf: Option<IdentityId>,
		now: Moment,
	) -> Option<IdentityId> {
		match by.kind {
			// It works there, and one works at licensed organisations alone.
			_ if on_behalf.is_some() => on_behalf,
			IdentityKind::Organisation => {
				let is_licensed = T::Accreditations::is_accredited_any(&by.id, CARE_LICENCES, now);
				is_licensed.then_some(by.id)
			},
			IdentityKind::Practitioner => {
				let affiliations = T::Affiliations::affiliations_at(&by.id, now);
				affiliations.into_iter().map(|(employer, _)| employer).min()
			},
			IdentityKind::Patient | IdentityKind::Device => None,
		}
	}

	/// Sees to it that one more may wait. Nobody who is not known to treat keeps those out who are:
	/// when the list is full, the oldest request that nobody stands behind leaves it for one that
	/// somebody does. That one is answered.
	fn make_place(
		waiting: &mut BoundedVec<WaitingRequest, T::MaxOpenRequests>,
		behind: Option<IdentityId>,
	) -> Result<Option<RequestId>, Error<T>> {
		let Some(organisation) = behind else { return Ok(None) };
		let of_it = waiting.iter().filter(|waiting| waiting.behind == Some(organisation)).count();
		ensure!(
			(of_it as u32) < MAX_REQUESTS_PER_ORGANISATION,
			Error::<T>::TooManyRequestsOfOrganisation
		);
		let oldest = waiting.iter().position(|waiting| waiting.behind.is_none());
		let leaves = oldest.filter(|_| waiting.is_full());
		Ok(leaves.map(|place| waiting.remove(place).request))
	}

	fn ensure_can_be_granted(subject: &IdentityId, asked: &Asked) -> DispatchResult {
		let Asked { scope, purposes, actions, data_period, length } = *asked;
		let fits = 0 < length && length <= T::MaxGrantLength::get();
		ensure!(fits, Error::<T>::LengthUnfit);
		let decision = Decision::Permit;
		let window = Window { from: 0, until: length };
		let terms = Terms { decision, scope, purposes, actions, data_period, window };
		Self::ensure_sound(&terms)?;
		Self::ensure_scope_exists(subject, &scope)
	}

	/// A request that still has its row.
	pub(crate) fn waiting(id: RequestId) -> Result<RequestOf<T>, Error<T>> {
		Requests::<T>::get(id).ok_or_else(|| {
			if id < NextRequestId::<T>::get() {
				Error::<T>::RequestClosed
			} else {
				Error::<T>::RequestNotFound
			}
		})
	}

	pub(crate) fn do_approve_request(
		by: IdentityId,
		id: RequestId,
		request: RequestOf<T>,
		given: Given,
	) -> DispatchResultWithPostInfo {
		ensure!(request.is_open_at(T::Time::now()), Error::<T>::RequestExpired);
		let Request { subject, grantee, asked, .. } = request;
		let is_within = given.terms.window.length() <= asked.length
			&& Self::speech_is_within(
				&subject,
				&given.terms,
				&asked.scope,
				asked.purposes,
				asked.actions,
				asked.data_period,
			);
		ensure!(is_within, Error::<T>::WiderThanAsked);
		let keys = given.keys.count();
		let (grant, lapsed) = Self::make_grant(by, subject, grantee, given)?;

		Self::close_request(id, request);
		Self::deposit_event(Event::RequestApproved { request: id, subject, grant, by });
		Ok(Some(T::WeightInfo::approve_request(keys, lapsed)).into())
	}

	pub(crate) fn do_decline_request(
		by: IdentityId,
		id: RequestId,
		request: RequestOf<T>,
	) -> DispatchResult {
		let subject = request.subject;

		Self::close_request(id, request);
		Self::deposit_event(Event::RequestDeclined { request: id, subject, by });
		Ok(())
	}

	pub(crate) fn do_cancel_request(by: IdentityId, id: RequestId) -> DispatchResult {
		let request = Self::waiting(id)?;
		let is_theirs = request.requester == by || request.grantee.names(&by);
		ensure!(is_theirs, Error::<T>::NotTheRequester);
		let subject = request.subject;

		Self::close_request(id, request);
		Self::deposit_event(Event::RequestCancelled { request: id, subject, by });
		Ok(())
	}

	/// Clears away a request that nobody answered in time.
	pub(crate) fn lapse_request(id: RequestId, request: RequestOf<T>) {
		let subject = request.subject;
		Self::close_request(id, request);
		Self::deposit_event(Event::RequestLapsed { request: id, subject });
	}

	/// Clears away a request whose place another one takes.
	fn displace_request(id: RequestId, by: RequestId) {
		if let Some(request) = Requests::<T>::get(id) {
			let subject = request.subject;
			Self::close_request(id, request);
			Self::deposit_event(Event::RequestDisplaced { request: id, subject, by });
		}
	}

	/// Takes a request off its lists, and gives its rent back.
	fn close_request(id: RequestId, request: RequestOf<T>) {
		let Request { subject, grantee, answer_by, deposit, .. } = request;
		Requests::<T>::remove(id);
		OpenRequests::<T>::remove(subject, grantee);
		SubjectRequests::<T>::mutate_exists(subject, |row| {
			if let Some(waiting) = row {
				waiting.retain(|waiting| waiting.request != id);
				if waiting.is_empty() {
					*row = None;
				}
			}
		});
		Self::unlist(answer_by, Due::Request(id));
		// A row that has to go goes, even if something else took what was held for it.
		let _ = deposit.ticket.drop(&deposit.depositor);
	}
}
