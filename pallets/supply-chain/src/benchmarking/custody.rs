// SPDX-License-Identifier: Apache-2.0

//! Partners, and goods of many makers in deep stacks of containers.

use super::*;
use crate::custody::Goods;
use alloc::vec::Vec;
use frame_support::{
	BoundedVec,
	storage::{storage_prefix, unhashed},
	traits::{Consideration, Footprint, Time},
};
use frame_system::RawOrigin;
use salus_gs1::{CompanyPrefix, Gtin, Sscc, UdiDi};
use salus_primitives::{
	AccreditationKind, BatchIx, Completeness, IdentityKind, Jurisdiction, LotIx, Moment,
	ProductClass, ProductFlags, RecallClass, RecallId, ShipmentId, Uniqueness,
};
use salus_traits::{
	accreditation::AccreditationInspect,
	identity::{Actor, IdentityInspect},
	signers::Signers,
};

/// The prefix of [`sscc`].
const PREFIX: &str = "6291041";
/// A unit on the last place of a page.
pub(super) const PAGE_END: u32 = PAGE_UNITS - 1;

/// A partner, with the licence that is looked for last.
pub(super) struct Partner<T: Config> {
	pub(super) account: T::AccountId,
	pub(super) id: IdentityId,
}

impl<T: Config> Partner<T> {
	pub(super) fn origin(&self) -> RawOrigin<T::AccountId> {
		RawOrigin::Signed(self.account.clone())
	}

	pub(super) fn deposit(&self) -> DepositOf<T> {
		Pallet::<T>::take_deposit(self.account.clone(), 1, 100).expect("the partner has funds")
	}

	fn actor(&self) -> Actor<T::AccountId> {
		let actor = T::PartnerOrigin::try_origin(self.origin().into());
		actor.unwrap_or_else(|_| panic!("the partner is registered"))
	}
}

pub(super) fn partner<T: Config>(number: u32) -> Partner<T> {
	let account = T::BenchmarkHelper::account(number);
	let much = Footprint { count: 1, size: 1 << 24 };
	T::SupplyConsideration::ensure_successful(&account, much);
	let id = T::Identities::bench_register(&account, IdentityKind::Organisation);
	T::Accreditations::bench_accredit(&id, AccreditationKind::FacilityLicence);
	// Paying the fee has read and written it.
	whitelist_account!(account);
	Partner { account, id }
}

/// Sets the clock of the pallet named Timestamp, past whatever else listens to it.
pub(super) fn set_time<T: Config>(now: Moment) -> Result<(), BenchmarkError> {
	unhashed::put(&storage_prefix(b"Timestamp", b"Now"), &now);
	let follows = T::Clock::now() == now;
	follows.then_some(()).ok_or(BenchmarkError::Stop("the clock is not the pallet Timestamp"))
}

pub(super) fn prefix() -> CompanyPrefix {
	PREFIX.parse().expect("seven digits")
}

pub(super) fn sscc(number: u32) -> Sscc {
	Sscc::from_body(16_291_041_000_000_000 + u64::from(number)).expect("seventeen digits")
}

/// As many recalls as can be, each in as many markets as can be, of `range`.
pub(super) fn recalls(range: Option<(u32, u32)>) -> LiveRecalls {
	let markets: Vec<_> = (1..=MAX_MARKETS as u16).map(Jurisdiction).collect();
	let markets = BoundedVec::truncate_from(markets);
	let recall = |id| LiveRecall {
		id: RecallId(id),
		class: RecallClass::I,
		markets: markets.clone(),
		range,
	};
	BoundedVec::truncate_from((0..u64::from(MAX_RECALLS)).map(recall).collect())
}

/// A batch of 2^24 units of a lot and a product of its own, whose recalls reach no unit of the
/// first pages.
pub(super) fn goods<T: Config>(number: u32, maker: &Partner<T>, deposit: &DepositOf<T>) -> BatchIx {
	let gtin = Gtin::from_body(629_104_100_000 + u64::from(number)).expect("twelve digits");
	let product = UdiDi::Gs1(gtin);
	let (lot, batch) = (LotIx(number.into()), BatchIx(number.into()));
	let row = Product {
		holder: maker.id,
		company: CompanyCode::Gs1(prefix()),
		class: ProductClass::Drug,
		flags: ProductFlags::default(),
		uniqueness: Uniqueness::FraudProof,
		master: Digest([1; 32]),
		version: 0,
		status: ProductStatus::Active,
		commissioned: MAX_BATCH.into(),
		recalls: LiveRecalls::default(),
		deposit: deposit.clone(),
	};
	Products::<T>::insert(product, row);
	let mut counters = Counters::default();
	counters.add(MAX_BATCH).expect("few enough");
	let row = Lot {
		product,
		number: "LOT".parse().expect("a number"),
		maker: maker.id,
		master_version: 0,
		made: "2025-12-01".parse().expect("a date"),
		expiry: "2099-12-31".parse().expect("a date"),
		expires_at: Moment::MAX,
		planned: MAX_BATCH.into(),
		release: None,
		closed: false,
		counters,
		recalls: LiveRecalls::default(),
		holds: BoundedVec::default(),
		deposit: deposit.clone(),
	};
	Lots::<T>::insert(lot, row);
	let row = Batch {
		lot,
		root: Digest([number as u8; 32]),
		count: MAX_BATCH,
		issuer: maker.id,
		salt: Digest([2; 32]),
		leaf_file: Digest([3; 32]),
		at: 0,
		recalls: recalls(Some((MAX_BATCH - 1, 1))),
		deposit: deposit.clone(),
	};
	Batches::<T>::insert(batch, row);
	batch
}

/// A parcel that a partner holds, or that is in a container.
pub(super) fn parcel<T: Config>(batch: BatchIx, start: u32, len: u32, place: Place) -> ItemRef {
	let completeness = Completeness::Verified;
	Parcels::<T>::insert(batch, start, Parcel { len, place, hold: None, completeness });
	let item = ItemRef::Parcel(ParcelRef { batch, start });
	Pallet::<T>::index_place(item, None, Some(place));
	item
}

/// Parcels of one unit each that a partner holds, of as many batches, lots and products of another
/// maker, with a page of states.
pub(super) fn parcels<T: Config>(
	count: u32,
	holder: &Partner<T>,
	maker: &Partner<T>,
) -> Vec<ItemRef> {
	let deposit = maker.deposit();
	let one = |number| {
		let batch = goods::<T>(number, maker, &deposit);
		UnitPages::<T>::insert(batch, 0, UnitPage::default());
		parcel::<T>(batch, 0, 1, Place::Held(holder.id))
	};
	(0..count).map(one).collect()
}

/// A container with `items` in it.
pub(super) fn container<T: Config>(
	number: u32,
	place: Place,
	items: u32,
	height: u8,
	deposit: &DepositOf<T>,
) -> Sscc {
	let Deposit { depositor, ticket } = deposit.clone();
	let row = Container {
		issuer: IdentityId([1; 32]),
		place,
		items,
		height,
		seal: None,
		hold: None,
		completeness: Completeness::Verified,
		emptied: None,
		deposit: Deposit { depositor, ticket },
	};
	Containers::<T>::insert(sscc(number), row);
	Pallet::<T>::index_place(ItemRef::Container(sscc(number)), None, Some(place));
	sscc(number)
}

/// Containers in each other that a partner holds, the innermost first, which has `items` in it.
pub(super) fn stack<T: Config>(holder: &Partner<T>, depth: u8, items: u32) -> Vec<Sscc> {
	let deposit = holder.deposit();
	let one = |storey: u8| {
		let outer = storey.saturating_add(1);
		let place = match outer > depth {
			true => Place::Held(holder.id),
			false => Place::Inside(sscc(outer.into())),
		};
		let items = if storey == 1 { items } else { 1 };
		container::<T>(storey.into(), place, items, storey, &deposit)
	};
	(1..=depth).map(one).collect()
}

/// Containers with something in them that a partner holds.
pub(super) fn filled<T: Config>(count: u32, holder: &Partner<T>) -> Vec<ItemRef> {
	let deposit = holder.deposit();
	let place = Place::Held(holder.id);
	let one = |number| container::<T>(number, place, 1, 1, &deposit);
	(100..100 + count).map(one).map(ItemRef::Container).collect()
}

/// Sends items to a partner.
pub(super) fn ship<T: Config>(
	from: &Partner<T>,
	to: &Partner<T>,
	items: Vec<ItemRef>,
) -> ShipmentId {
	let new =
		NewShipment { to: to.id, ship_to: None, transaction: Digest([4; 32]), affirmed: true };
	let items = BoundedVec::truncate_from(items);
	let id = NextShipment::<T>::get();
	let sent = Pallet::<T>::do_ship(from.actor(), new, items, Told::default());
	sent.expect("nothing stands against it");
	id
}

/// Where an item is.
pub(super) fn place_of<T: Config>(item: ItemRef) -> Option<Place> {
	Goods::<T>::find(item).map(|goods| goods.place())
}

/// The event as its party tells it, with all that it can say.
pub(super) fn told<T: Config>() -> Told {
	Told { at: Some(T::Clock::now()), epcis: Some(Digest([5; 32])) }
}
