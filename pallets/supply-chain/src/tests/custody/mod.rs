// SPDX-License-Identifier: Apache-2.0

//! Containers, parcels and shipments.

mod commission_container;
mod dispensed_goods;
mod merge_parcels;
mod model;
mod pack;
mod recalled_goods;
mod receive;
mod reject_shipment;
mod seal;
mod ship;
mod split_parcel;
mod tiling;
mod unpack;
mod void_ship;

pub(super) use super::actors::*;
pub(super) use crate::{mock::*, units::Book, *};
pub(super) use codec::Encode;
pub(super) use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
	traits::fungible::InspectHold,
};
pub(super) use salus_gs1::{CompanyPrefix, Gln, Sscc};
pub(super) use salus_primitives::{
	AccreditationKind, BatchIx, Completeness, Digest, IdentityId, QuarantineReason, ShipmentId,
	UnitRef, UnitState,
};
pub(super) use salus_test_support::{Accreditations, START, account};
pub(super) use sp_keyring::Sr25519Keyring;

/// Cuts the parcels of a batch, whoever holds them, so that one begins at each of `starts`, in
/// rising order, and gives those that begin there.
fn cut(batch: BatchIx, starts: &[u32]) -> Vec<ItemRef> {
	for at in starts {
		let before = Parcels::<Test>::iter_key_prefix(batch).filter(|start| start <= at).max();
		let before = before.expect("the first parcel begins at 0");
		if before < *at {
			assert_ok!(SupplyChain::cut(parcel(batch, before), *at));
		}
	}
	starts.iter().map(|start| item(batch, *start)).collect()
}

/// Container `number` of the maker, which has its prefix.
fn container(number: u32) -> Sscc {
	assert_ok!(commission_as(MAKER, sscc(number)));
	sscc(number)
}

fn commission_as(who: Sr25519Keyring, sscc: Sscc) -> sp_runtime::DispatchResult {
	SupplyChain::commission_container(signed(who), sscc, PREFIX.parse().unwrap())
}

/// Containers of the maker.
fn containers<const N: usize>() -> [Sscc; N] {
	core::array::from_fn(|number| container(number as u32))
}

fn boxed(sscc: Sscc) -> ItemRef {
	ItemRef::Container(sscc)
}

fn try_pack(who: Sr25519Keyring, sscc: Sscc, items: &[ItemRef]) -> sp_runtime::DispatchResult {
	let items = items.to_vec().try_into().unwrap();
	SupplyChain::pack(signed(who), sscc, items, Told::default())
}

/// The maker packs.
fn packed(sscc: Sscc, items: &[ItemRef]) {
	assert_ok!(try_pack(MAKER, sscc, items));
}

/// What came of a call, whatever it weighed.
fn done(result: DispatchResultWithPostInfo) -> sp_runtime::DispatchResult {
	result.map(|_| ()).map_err(|refused| refused.error)
}

fn try_unpack(who: Sr25519Keyring, sscc: Sscc, items: &[ItemRef]) -> sp_runtime::DispatchResult {
	let items = Some(items.to_vec().try_into().unwrap());
	done(SupplyChain::unpack(signed(who), sscc, items, Completeness::Verified, Told::default()))
}

fn try_empty(who: Sr25519Keyring, sscc: Sscc) -> sp_runtime::DispatchResult {
	done(SupplyChain::unpack(signed(who), sscc, None, Completeness::Verified, Told::default()))
}

fn try_ship(
	from: Sr25519Keyring,
	to: Sr25519Keyring,
	items: &[ItemRef],
) -> sp_runtime::DispatchResult {
	let items = items.to_vec().try_into().unwrap();
	SupplyChain::ship(signed(from), id(to), None, items, digest(7), true, Told::default())
}

fn try_receive(
	who: Sr25519Keyring,
	shipment: ShipmentId,
	accepted: &[ItemRef],
	last: bool,
) -> sp_runtime::DispatchResult {
	let accepted = accepted.to_vec().try_into().unwrap();
	let looked = Completeness::Inferred;
	done(SupplyChain::receive(signed(who), shipment, accepted, last, 0, looked, Told::default()))
}

fn row(sscc: Sscc) -> ContainerOf<Test> {
	Containers::<Test>::get(sscc).expect("the container is known")
}

fn stretch(item: ItemRef) -> Parcel {
	let ItemRef::Parcel(at) = item else { panic!("a parcel") };
	Parcels::<Test>::get(at.batch, at.start).expect("the parcel is known")
}

fn place(item: ItemRef) -> Place {
	match item {
		ItemRef::Parcel(_) => stretch(item).place,
		ItemRef::Container(sscc) => row(sscc).place,
	}
}

fn sorted(items: impl Iterator<Item = ItemRef>) -> Vec<ItemRef> {
	let mut items: Vec<_> = items.collect();
	items.sort();
	items
}

/// What a partner holds itself.
fn held_by(who: Sr25519Keyring) -> Vec<ItemRef> {
	sorted(Holdings::<Test>::iter_key_prefix(id(who)))
}

fn inside(sscc: Sscc) -> Vec<ItemRef> {
	sorted(ContainerItems::<Test>::iter_key_prefix(sscc))
}

fn on_the_way(shipment: ShipmentId) -> Vec<ItemRef> {
	sorted(ShipmentItems::<Test>::iter_key_prefix(shipment))
}

fn open_shipments(who: Sr25519Keyring) -> Vec<ShipmentId> {
	OpenShipments::<Test>::iter_key_prefix(id(who)).collect()
}

/// The funds held for what `who` paid for.
fn rent(who: Sr25519Keyring) -> u64 {
	Balances::balance_on_hold(&HoldReason::Supply.into(), &account(who))
}

/// The rent of so many rows with so many bytes: 100, a unit for each byte, and 64 for the key of
/// each row behind the first.
fn asked_for((rows, bytes): (u64, u64)) -> u64 {
	100 + bytes + 64 * (rows - 1)
}

fn hash_of(items: &[ItemRef]) -> Digest {
	Digest(salus_primitives::blake2_256(&items.to_vec().encode()))
}

/// The maker puts a parcel or a container aside.
fn put_aside(item: ItemRef) {
	put_aside_for(item, QuarantineReason::Damaged);
}

fn put_aside_for(item: ItemRef, reason: QuarantineReason) {
	let target = match item {
		ItemRef::Parcel(parcel) => HoldTarget::Parcel(parcel),
		ItemRef::Container(sscc) => HoldTarget::Container(sscc),
	};
	assert_ok!(SupplyChain::quarantine(signed(MAKER), target, reason, None));
}

/// Brings a unit into the last of `states`, through the others.
fn bring(batch: BatchIx, index: u32, states: &[UnitState]) {
	let mut book = Book::<Test>::default();
	for state in states {
		assert_ok!(book.set_state(UnitRef { batch, index }, *state));
	}
	book.store();
}

/// A time that no party may tell, on either side, and the edges that it may.
fn times() -> ([Told; 2], [Told; 2]) {
	let told = |at| Told { at: Some(at), epcis: None };
	let (first, last) = (START - MAX_LATENESS, START + MAX_EARLINESS);
	([told(first - 1), told(last + 1)], [told(first), told(last)])
}
