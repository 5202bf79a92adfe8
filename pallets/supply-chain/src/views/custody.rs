// SPDX-License-Identifier: Apache-2.0

//! What partners hold, what is in containers, and what is on its way.

use super::page_of;
use crate::*;
use alloc::vec::Vec;
use frame_support::storage::KeyPrefixIterator;
use salus_gs1::Sscc;
use salus_primitives::{IdentityId, ShipmentId};

impl<T: Config> Pallet<T> {
	/// What a partner holds itself. What is in containers is listed by [`Self::api_container_tree`].
	pub fn api_holdings(
		partner: IdentityId,
		cursor: Option<ItemRef>,
		limit: u32,
	) -> Result<Page<Holding, ItemRef>, QueryError> {
		Self::check_page(limit)?;
		let items = match cursor {
			None => Holdings::<T>::iter_key_prefix(partner),
			Some(last) => Holdings::<T>::iter_key_prefix_from(
				partner,
				Holdings::<T>::hashed_key_for(partner, last),
			),
		};
		Ok(page_of(items, limit, |item| *item, Self::holding))
	}

	fn holding(item: ItemRef) -> Holding {
		match item {
			ItemRef::Parcel(ParcelRef { batch, start }) => {
				let row = Parcels::<T>::get(batch, start);
				let held = row.is_some_and(|parcel| parcel.hold.is_some());
				Holding { item, units: row.map(|parcel| parcel.len), items: None, held }
			},
			ItemRef::Container(sscc) => {
				let row = Containers::<T>::get(sscc);
				let held = row.as_ref().is_some_and(|container| container.hold.is_some());
				Holding { item, units: None, items: row.map(|container| container.items), held }
			},
		}
	}

	/// What is in a container, `depth` containers deep: each item before what is in it.
	pub fn api_container_tree(
		sscc: Sscc,
		depth: u8,
		cursor: Option<TreeCursor>,
		limit: u32,
	) -> Result<Page<TreeItem, TreeCursor>, QueryError> {
		Self::check_page(limit)?;
		if !(1..=MAX_DEPTH).contains(&depth) {
			return Err(QueryError::BadLimit { max: MAX_DEPTH.into() });
		}
		if !Containers::<T>::contains_key(sscc) {
			return Err(QueryError::Unknown);
		}
		let walk = Walk::<T>::from(sscc, depth, cursor.unwrap_or_default())?;
		Ok(page_of(walk, limit, |(path, _)| path.clone(), |(_, item)| item))
	}

	/// The shipments of a partner, as sender or receiver, of which something is on its way.
	pub fn api_open_shipments(
		partner: IdentityId,
		cursor: Option<ShipmentId>,
		limit: u32,
	) -> Result<Page<ShipmentView, ShipmentId>, QueryError> {
		Self::check_page(limit)?;
		let shipments = match cursor {
			None => OpenShipments::<T>::iter_key_prefix(partner),
			Some(last) => OpenShipments::<T>::iter_key_prefix_from(
				partner,
				OpenShipments::<T>::hashed_key_for(partner, last),
			),
		};
		let rows = shipments.filter_map(Self::api_shipment);
		Ok(page_of(rows, limit, |view| view.shipment, |view| view))
	}

	/// A shipment of which something is on its way.
	pub fn api_shipment(shipment: ShipmentId) -> Option<ShipmentView> {
		let row = Shipments::<T>::get(shipment)?;
		let mut items: Vec<_> = ShipmentItems::<T>::iter_key_prefix(shipment).collect();
		items.sort();
		Some(ShipmentView {
			shipment,
			from: row.from,
			to: row.to,
			ship_to: row.ship_to,
			at: row.at,
			items,
			accepted: row.accepted,
			overdue: row.is_overdue_at(Self::now()),
		})
	}
}

/// A walk through a container, each item before what is in it.
struct Walk<T: Config> {
	/// How deep it goes.
	depth: usize,
	/// The containers it is in, the outermost first, each with what is left of it.
	open: Vec<(Sscc, KeyPrefixIterator<ItemRef>)>,
	/// The items from the outermost container down to the last one given.
	path: TreeCursor,
	of: core::marker::PhantomData<T>,
}

impl<T: Config> Walk<T> {
	/// A walk that goes on behind `path`.
	fn from(sscc: Sscc, depth: u8, path: TreeCursor) -> Result<Self, QueryError> {
		let depth = usize::from(depth);
		if path.len() > depth {
			return Err(QueryError::Unknown);
		}
		let of = core::marker::PhantomData;
		let mut walk = Self { depth, open: Vec::new(), path: Vec::new(), of };
		let mut parent = Some(sscc);
		for item in path {
			let sscc = parent.ok_or(QueryError::Unknown)?;
			let key = ContainerItems::<T>::hashed_key_for(sscc, item);
			walk.open.push((sscc, ContainerItems::<T>::iter_key_prefix_from(sscc, key)));
			walk.path.push(item);
			parent = inside(item);
		}
		walk.enter(parent);
		Ok(walk)
	}

	/// Goes on with what is in a container, when it goes that deep.
	fn enter(&mut self, container: Option<Sscc>) {
		if let Some(sscc) = container.filter(|_| self.open.len() < self.depth) {
			self.open.push((sscc, ContainerItems::<T>::iter_key_prefix(sscc)));
		}
	}
}

fn inside(item: ItemRef) -> Option<Sscc> {
	match item {
		ItemRef::Container(sscc) => Some(sscc),
		ItemRef::Parcel(_) => None,
	}
}

impl<T: Config> Iterator for Walk<T> {
	type Item = (TreeCursor, TreeItem);

	fn next(&mut self) -> Option<Self::Item> {
		loop {
			let storey = self.open.len();
			let (parent, left) = self.open.last_mut()?;
			let parent = *parent;
			let Some(item) = left.next() else {
				self.open.pop();
				continue;
			};
			self.path.truncate(storey.saturating_sub(1));
			self.path.push(item);
			self.enter(inside(item));
			let units = match item {
				ItemRef::Parcel(ParcelRef { batch, start }) => {
					Parcels::<T>::get(batch, start).map(|parcel| parcel.len)
				},
				ItemRef::Container(_) => None,
			};
			let depth = u8::try_from(storey).unwrap_or(MAX_DEPTH);
			return Some((self.path.clone(), TreeItem { parent, depth, item, units }));
		}
	}
}
