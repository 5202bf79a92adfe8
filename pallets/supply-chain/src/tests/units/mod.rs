// SPDX-License-Identifier: Apache-2.0

//! Helpers of the tests of single units, and their list.

use super::actors::*;
use crate::{mock::*, *};
use codec::Encode as _;
use frame_support::{BoundedVec, assert_noop, assert_ok, dispatch::DispatchResult};
use salus_primitives::{
	AccreditationKind, BatchIx, DAY, DecommissionReason, Digest, IdentityKind, Moment,
	ProductClass, ProductFlag, ProductFlags, QuarantineReason, RecallClass, RecallDepth, RecallId,
	Uniqueness, UnitRef, UnitState, Window, signed_forms,
};
use salus_test_support::{Accreditations, Identities, Prescriptions, START, account, sign};
use sp_keyring::Sr25519Keyring;

mod decommission;
mod destroy;
mod dispense;
mod dispense_partial;
mod journeys;
mod proofs;
mod quarantine;
mod release_quarantine;
mod report_duplicate_serial;
mod return_units;
mod states;
mod sweep;
mod touch_units;
mod undo_decommission;

/// Another pharmacist of the same pharmacy.
const COLLEAGUE: Sr25519Keyring = Sr25519Keyring::CharlieStash;
/// The secret that every pack is handed over with.
const SECRET: u8 = 9;

/// A batch of the drug that the pharmacy holds, in one parcel.
fn stocked() -> BatchIx {
	stocked_as(Uniqueness::FraudProof, ProductFlags::default())
}

fn stocked_as(uniqueness: Uniqueness, flags: ProductFlags) -> BatchIx {
	registered_as(uniqueness, flags);
	let batch = commission(lot("L1"), 1, UNITS);
	handed_over(MAKER, PHARMACY, &[item(batch, 0)]);
	Identities::set(account(COLLEAGUE), id(PHARMACY), IdentityKind::Organisation);
	batch
}

/// The same, in a container that the pharmacy holds.
fn stocked_in_a_container() -> BatchIx {
	let batch = commissioned();
	let prefix = PREFIX.parse().unwrap();
	assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc(1), prefix));
	let items = vec![item(batch, 0)].try_into().unwrap();
	assert_ok!(SupplyChain::pack(signed(MAKER), sscc(1), items, Told::default()));
	handed_over(MAKER, PHARMACY, &[ItemRef::Container(sscc(1))]);
	batch
}

/// The proof of a unit of [`stocked`], in its first parcel.
fn pack(batch: BatchIx, index: u32) -> UnitProof {
	proof(batch, 1, UNITS, index, 0)
}

fn unit(batch: BatchIx, index: u32) -> UnitRef {
	UnitRef { batch, index }
}

fn held(batch: BatchIx, index: u32, parcel_start: u32) -> HeldUnit {
	HeldUnit { unit: unit(batch, index), parcel_start }
}

fn on(batch: BatchIx, index: u32) -> HoldTarget {
	HoldTarget::Unit(held(batch, index, 0))
}

fn state(unit: UnitRef) -> UnitState {
	let page = UnitPages::<Test>::get(unit.batch, UnitPage::of(unit.index));
	page.unwrap_or_default().state(unit.index)
}

fn counted(batch: BatchIx, state: UnitState) -> u64 {
	let lot = Batches::<Test>::get(batch).unwrap().lot;
	Lots::<Test>::get(lot).unwrap().counters.of(state)
}

/// A location of the same partner, and one market further.
fn branch() -> Site {
	Site { location: "0300022222221".parse().unwrap(), ..site() }
}

fn abroad() -> Site {
	Site { market: THERE, ..site() }
}

fn dispense_as(
	who: Sr25519Keyring,
	units: Vec<Dispensing>,
	site: Site,
	prescription: RxLink,
	told: Told,
) -> DispatchResult {
	let units = units.try_into().unwrap();
	SupplyChain::dispense(signed(who), units, site, prescription, told)
		.map(|_| ())
		.map_err(|refused| refused.error)
}

/// Hands packs over without a prescription, at the usual place.
fn sell(who: Sr25519Keyring, packs: Vec<UnitProof>) -> DispatchResult {
	let units = packs.into_iter().map(|pack| dispensing(pack, SECRET)).collect();
	dispense_as(who, units, site(), RxLink::None, Told::default())
}

/// The pharmacy handed a pack over.
fn sold(batch: BatchIx, index: u32) -> UnitRef {
	assert_ok!(sell(PHARMACY, vec![pack(batch, index)]));
	unit(batch, index)
}

fn sell_part(who: Sr25519Keyring, pack: UnitProof, fraction: u16) -> DispatchResult {
	let unit = dispensing(pack, SECRET);
	let (origin, told) = (signed(who), Told::default());
	SupplyChain::dispense_partial(origin, unit, fraction, site(), RxLink::None, told)
}

fn undo(who: Sr25519Keyring, batch: BatchIx, index: u32, site: Site) -> DispatchResult {
	SupplyChain::undo_decommission(signed(who), held(batch, index, 0), site, true)
}

fn take_back(
	who: Sr25519Keyring,
	units: &[(HeldUnit, Option<u8>)],
	saleable: bool,
) -> DispatchResult {
	let back = |(unit, opening): &(HeldUnit, Option<u8>)| ReturnedUnit {
		unit: *unit,
		opening: opening.map(digest),
	};
	let units: Vec<_> = units.iter().map(back).collect();
	SupplyChain::return_units(signed(who), units.try_into().unwrap(), saleable, Told::default())
}

fn leave(who: Sr25519Keyring, packs: Vec<UnitProof>, reason: DecommissionReason) -> DispatchResult {
	let packs = packs.try_into().unwrap();
	SupplyChain::decommission(signed(who), packs, reason, site(), Told::default())
}

/// Destroys with a signature of `witness` that is good for a day.
fn burn(who: Sr25519Keyring, units: &[HeldUnit], witness: Sr25519Keyring) -> DispatchResult {
	let until = SupplyChain::now() + DAY;
	let statement = destroy_statement(GENESIS, &id(who), units, &digest(8), until);
	let witness =
		Witness { account: account(witness), until, signature: sign(witness, &statement) };
	burn_with(who, units, witness)
}

fn burn_with(who: Sr25519Keyring, units: &[HeldUnit], witness: WitnessOf<Test>) -> DispatchResult {
	let units = units.to_vec().try_into().unwrap();
	SupplyChain::destroy(signed(who), units, digest(8), witness, Told::default())
}

fn put_aside(who: Sr25519Keyring, target: HoldTarget) -> DispatchResult {
	SupplyChain::quarantine(signed(who), target, QuarantineReason::Suspect, None)
}

/// The authority puts something aside in its market.
fn lock(target: HoldTarget) -> DispatchResult {
	SupplyChain::quarantine(signed(AUTHORITY), target, QuarantineReason::Suspect, Some(HERE))
}

fn let_go(who: Sr25519Keyring, target: HoldTarget) -> DispatchResult {
	SupplyChain::release_quarantine(signed(who), target, None)
}

/// The maker recalls.
fn recalled(scope: RecallScope, markets: &[Market]) -> RecallId {
	let recall = NextRecall::<Test>::get();
	assert_ok!(SupplyChain::initiate_recall(
		signed(MAKER),
		scope,
		RecallClass::I,
		RecallDepth::Retail,
		markets.to_vec().try_into().unwrap(),
		digest(1),
		digest(2)
	));
	recall
}

fn recalled_unit(batch: BatchIx, index: u32) -> RecallId {
	recalled(RecallScope::Range { batch, start: index, len: 1 }, &[])
}

fn lot_of(batch: BatchIx) -> salus_primitives::LotIx {
	Batches::<Test>::get(batch).unwrap().lot
}

fn told(at: Moment) -> Told {
	Told { at: Some(at), epcis: None }
}

/// After the lot expired: at the first moment of 2028.
fn expire() {
	set_time(date("2027-12-31").ends_at().unwrap());
}

/// A batch of the same lot whose leaves carry the serials of tree 1 with other salts.
fn twin_batch(batch: BatchIx) -> BatchIx {
	let twin = NextBatch::<Test>::get();
	let root = Digest(twin_tree().root());
	let new = NewBatch { root, count: TWINS, salt: digest(5), leaf_file: digest(6) };
	let lot = lot_of(batch);
	assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
	twin
}

/// How many units a twin batch has.
const TWINS: u32 = 10;

fn twin_tree() -> salus_merkle::MerkleTree<salus_traits::hashing::HostSha256> {
	let leaves = (0..TWINS).map(|index| {
		let leaf = salus_primitives::unit_leaf(&di(DRUG), &serial(1, index).0, &[7; 16]);
		salus_merkle::leaf_hash::<salus_traits::hashing::HostSha256>(&leaf)
	});
	salus_merkle::MerkleTree::from_leaves(leaves.collect())
}

fn twin_proof(batch: BatchIx, index: u32) -> UnitProof {
	let path: Vec<_> = twin_tree().path(index.into()).unwrap().into_iter().map(Digest).collect();
	let unit = UnitRef { batch, index };
	let path = path.try_into().unwrap();
	UnitProof { unit, parcel_start: 0, serial: serial(1, index).0, salt: [7; 16], path }
}
