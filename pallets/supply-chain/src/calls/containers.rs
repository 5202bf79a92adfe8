// SPDX-License-Identifier: Apache-2.0

//! Containers: their numbers, what goes into them and out, and their seals.

use crate::{
	custody::{Around, Goods},
	partners::HANDLERS,
	*,
};
use alloc::vec::Vec;
use codec::{Encode, MaxEncodedLen};
use frame_support::{dispatch::DispatchResultWithPostInfo, pallet_prelude::*};
use salus_gs1::{CompanyPrefix, Sscc};
use salus_primitives::{Completeness, Digest, IdentityId, Moment};
use salus_traits::identity::Actor;

/// Who took items out of containers, and what it says about that.
struct Unpacking {
	by: IdentityId,
	completeness: Completeness,
	told: Told,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_commission_container(
		actor: Actor<T::AccountId>,
		sscc: Sscc,
		prefix: CompanyPrefix,
	) -> DispatchResult {
		let now = Self::now();
		Self::ensure_licensed(&actor.id, HANDLERS, now)?;
		let owner = Companies::<T>::get(CompanyCode::Gs1(prefix));
		let owned = owner == Some(actor.id) && sscc.starts_with(prefix);
		ensure!(owned, Error::<T>::PrefixNotOwned);
		let before = Containers::<T>::get(sscc);
		let rested = before.as_ref().is_none_or(|container| container.has_rested_at(now));
		ensure!(rested, Error::<T>::SsccReused);

		if let Some(before) = before {
			Self::return_deposit(before.deposit)?;
		}
		let (rows, size) = Self::container_footprint();
		let deposit = Self::take_deposit(actor.payer, rows, size)?;
		let place = Place::Held(actor.id);
		let container = Container {
			issuer: actor.id,
			place,
			items: 0,
			height: 1,
			seal: None,
			hold: None,
			completeness: Completeness::Unknown,
			emptied: None,
			deposit,
		};
		Containers::<T>::insert(sscc, container);
		Self::index_place(ItemRef::Container(sscc), None, Some(place));
		Self::deposit_event(Event::ContainerCommissioned { sscc, by: actor.id });
		Ok(())
	}

	/// The rows that a container takes, wherever it is listed, and their bytes.
	pub(crate) fn container_footprint() -> (u64, u64) {
		let row = <(Sscc, ContainerOf<T>)>::max_encoded_len() as u64;
		let listed = <(IdentityId, ItemRef)>::max_encoded_len() as u64;
		(2, row.saturating_add(listed))
	}

	pub(crate) fn do_pack(
		actor: Actor<T::AccountId>,
		sscc: Sscc,
		items: Items,
		told: Told,
	) -> DispatchResult {
		Self::told_at(&told, Self::now())?;
		let (_, around) = Self::opened(sscc, &actor.id)?;
		Self::ensure_rising(items.iter())?;
		let goods = items
			.iter()
			.map(|item| Self::check_packing(*item, &actor.id, &around))
			.collect::<Result<Vec<_>, _>>()?;
		let count = items.len() as u32;

		let tallest = goods.iter().map(Self::height_of).max().unwrap_or_default();
		Self::count_into(sscc, count)?;
		Self::raise(&around.chain, tallest);
		goods.into_iter().for_each(|goods| goods.put(Place::Inside(sscc)));
		let root = Self::list_hash(&items);
		Self::deposit_event(Event::Packed { sscc, items: count, root, by: actor.id, told });
		Ok(())
	}

	/// Refuses what does not go into a container that has `around` around its content.
	fn check_packing(
		item: ItemRef,
		who: &IdentityId,
		around: &Around,
	) -> Result<Goods<T>, DispatchError> {
		if let ItemRef::Container(sscc) = item {
			ensure!(!around.chain.contains(&sscc), Error::<T>::CycleDetected);
		}
		let goods = Goods::at_hand(item, who)?;
		ensure!(goods.hold().is_none(), Error::<T>::Quarantined);
		let storeys = around.chain.len().saturating_add(Self::height_of(&goods).into());
		ensure!(storeys <= usize::from(MAX_DEPTH), Error::<T>::DepthExceeded);
		Ok(goods)
	}

	/// How many storeys of containers it adds.
	fn height_of(goods: &Goods<T>) -> u8 {
		match goods {
			Goods::Parcel(..) => 0,
			Goods::Container(_, container) => container.height,
		}
	}

	/// Raises containers, the innermost first, over what stands in the innermost now.
	fn raise(chain: &[Sscc], tallest: u8) {
		let mut height = tallest;
		for sscc in chain {
			height = height.saturating_add(1);
			let raised = Containers::<T>::mutate_extant(sscc, |container| {
				let lower = container.height < height;
				container.height = container.height.max(height);
				lower
			});
			// I4: the next one is higher than this one was.
			if !raised {
				break;
			}
		}
	}

	pub(crate) fn do_unpack(
		actor: Actor<T::AccountId>,
		sscc: Sscc,
		items: Option<Items>,
		completeness: Completeness,
		told: Told,
	) -> DispatchResultWithPostInfo {
		let now = Self::now();
		Self::told_at(&told, now)?;
		let (container, around) = Self::opened(sscc, &actor.id)?;
		ensure!(container.items > 0, Error::<T>::ContainerEmpty);
		let items = Self::items_to_unpack(sscc, &container, items)?;
		let inside = |item: &ItemRef| {
			Goods::<T>::listed(*item, Place::Inside(sscc)).ok_or(Error::<T>::NotInContainer)
		};
		let goods = items.iter().map(inside).collect::<Result<Vec<_>, _>>()?;

		goods.into_iter().for_each(|goods| goods.take(actor.id, completeness));
		let said = Unpacking { by: actor.id, completeness, told };
		Self::close_unpacked(&around, &items, said, now)?;
		Ok(Some(T::WeightInfo::unpack(items.len() as u32)).into())
	}

	/// What is taken out, in rising order: what was named, or everything.
	fn items_to_unpack(
		sscc: Sscc,
		container: &ContainerOf<T>,
		named: Option<Items>,
	) -> Result<Vec<ItemRef>, DispatchError> {
		if let Some(named) = named {
			Self::ensure_rising(named.iter())?;
			return Ok(named.into_inner());
		}
		ensure!(container.items <= MAX_ITEMS, Error::<T>::TooManyItems);
		let all = ContainerItems::<T>::iter_key_prefix(sscc);
		let mut all: Vec<_> = all.take(MAX_ITEMS as usize).collect();
		all.sort();
		Ok(all)
	}

	/// Counts the items that left a container, and says so: of those around it, too, that lost the
	/// container inside with its last item.
	fn close_unpacked(
		around: &Around,
		items: &[ItemRef],
		Unpacking { by, completeness, told }: Unpacking,
		now: Moment,
	) -> DispatchResult {
		let mut left = items.to_vec();
		let over = Self::count_out(around, items.len() as u32, now)?;
		for sscc in &around.chain {
			let emptied = over.contains(sscc);
			Self::deposit_event(Event::Unpacked {
				sscc: *sscc,
				items: left.len() as u32,
				root: Self::list_hash(&left),
				emptied,
				by,
				completeness,
				told,
			});
			if !emptied {
				break;
			}
			left = alloc::vec![ItemRef::Container(*sscc)];
		}
		Ok(())
	}

	/// The hash of a list of items, as an event names it.
	fn list_hash(items: &[ItemRef]) -> Digest {
		Digest(sp_io::hashing::blake2_256(&items.encode()))
	}

	pub(crate) fn do_seal(actor: Actor<T::AccountId>, sscc: Sscc, seal: Digest) -> DispatchResult {
		let mut container = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
		let around = Self::around(Place::Inside(sscc))?;
		around.ensure_holder::<T>(&actor.id)?;
		ensure!(container.emptied.is_none(), Error::<T>::ContainerEmptied);
		ensure!(container.items > 0, Error::<T>::ContainerEmpty);
		ensure!(!around.sealed, Error::<T>::ContainerSealed);

		container.seal = Some(seal);
		Containers::<T>::insert(sscc, container);
		Self::deposit_event(Event::Sealed { sscc, seal, by: actor.id });
		Ok(())
	}

	pub(crate) fn do_unseal(actor: Actor<T::AccountId>, sscc: Sscc) -> DispatchResult {
		let mut container = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
		let outside = Self::around(container.place)?;
		outside.ensure_holder::<T>(&actor.id)?;
		ensure!(!outside.sealed, Error::<T>::ContainerSealed);
		ensure!(container.seal.is_some(), Error::<T>::NotSealed);

		container.seal = None;
		Containers::<T>::insert(sscc, container);
		Self::deposit_event(Event::Unsealed { sscc, by: actor.id });
		Ok(())
	}
}
