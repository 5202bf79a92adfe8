// SPDX-License-Identifier: Apache-2.0

//! Services.

use crate::*;
use codec::Encode;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{IdentityId, IdentityKind};
use salus_traits::identity::Actor;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_add_service(actor: Actor<T::AccountId>, service: Service) -> DispatchResult {
		let Actor { id, payer: depositor, .. } = actor;
		service.check().map_err(|bad| match bad {
			BadService::Id => Error::<T>::ServiceIdMalformed,
			BadService::IdReserved => Error::<T>::ServiceIdReserved,
			BadService::Kind => Error::<T>::ServiceKindMalformed,
			BadService::Url => Error::<T>::ServiceUrlMalformed,
		})?;
		Self::with_acting(&id, |identity| {
			let serves = match identity.kind {
				IdentityKind::Practitioner | IdentityKind::Organisation => true,
				IdentityKind::Patient | IdentityKind::Device => false,
			};
			ensure!(serves, Error::<T>::ServicesRefused);
			ensure!(identity.services < T::MaxServices::get(), Error::<T>::TooManyServices);
			let exists = Services::<T>::contains_key(id, &service.id);
			ensure!(!exists, Error::<T>::ServiceExists);

			let ticket = T::ServiceDeposit::new(&depositor, Self::service_footprint(&service))?;
			let Service { id: name, kind, url } = service.clone();
			let record = ServiceRecord { kind, url, deposit: Deposit { depositor, ticket } };
			Services::<T>::insert(id, name, record);
			identity.services = identity.services.saturating_add(1);
			let doc_version = Self::amend_document(&id, identity)?;
			Self::deposit_event(Event::ServiceAdded { identity: id, service, doc_version });
			Ok(())
		})
	}

	pub(crate) fn do_remove_service(id: IdentityId, service: ServiceId) -> DispatchResult {
		Self::with_acting(&id, |identity| {
			let record = Services::<T>::take(id, &service).ok_or(Error::<T>::ServiceNotFound)?;
			Self::release_service(record)?;
			identity.services = identity.services.saturating_sub(1);
			let doc_version = Self::amend_document(&id, identity)?;
			Self::deposit_event(Event::ServiceRemoved { identity: id, service, doc_version });
			Ok(())
		})
	}

	/// Gives the deposit of a service back to whoever paid it.
	pub(crate) fn release_service(record: ServiceOf<T>) -> DispatchResult {
		let Deposit { depositor, ticket } = record.deposit;
		ticket.drop(&depositor)
	}

	/// What a service stores.
	pub(crate) fn service_footprint(service: &Service) -> Footprint {
		Footprint::from_parts(1, service.encoded_size())
	}
}
