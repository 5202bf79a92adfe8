// SPDX-License-Identifier: Apache-2.0

//! How units stand, what scans find, what queries answer, and the invariants.

mod broken_custody;
mod broken_master;
mod broken_units;
mod deposits;
mod lists;
mod recalls;
mod scans;
mod standing;
mod trace;
mod verdicts;

use super::actors::*;
use crate::{mock::*, status::Standing, units::Book, *};
use frame_support::{BoundedVec, assert_ok};
use salus_gs1::{Gtin, UdiDi};
use salus_merkle::MerkleTree;
use salus_primitives::{
	BatchIx, IdentityId, ProductClass, ProductFlags, QuarantineReason, RecallClass, RecallDepth,
	RecallId, Uniqueness, UnitRef, UnitState, VerdictCode,
};
use salus_test_support::START;
use salus_traits::hashing::HostSha256;
use sp_keyring::Sr25519Keyring;

/// The number of the lot of [`commissioned`].
const LOT: &str = "L1";

fn unit(batch: BatchIx, index: u32) -> UnitRef {
	UnitRef { batch, index }
}

/// Puts a unit into a state whatever the table says, with the rows that belong to it.
fn force(unit: UnitRef, state: UnitState) {
	let before = Book::<Test>::default().state(unit);
	let lot = Batches::<Test>::get(unit.batch).unwrap().lot;
	Lots::<Test>::mutate(lot, |lot| lot.as_mut().unwrap().counters.shift(before, state)).unwrap();
	let page = UnitPage::of(unit.index);
	let mut states = UnitPages::<Test>::get(unit.batch, page).unwrap_or_default();
	states.set(unit.index, state);
	UnitPages::<Test>::insert(unit.batch, page, states);
	Partials::<Test>::remove(unit);
	UnitHolds::<Test>::remove(unit);
	match state {
		UnitState::PartiallyDispensed => Partials::<Test>::insert(unit, 2_500),
		UnitState::Quarantined => UnitHolds::<Test>::insert(unit, put_aside(false)),
		UnitState::Locked => UnitHolds::<Test>::insert(unit, put_aside(true)),
		_ => {},
	}
}

/// A unit that was for sale before it was put aside, or locked.
fn put_aside(authority: bool) -> UnitHold {
	let by = id(if authority { AUTHORITY } else { MAKER });
	let hold = Hold { by, authority, reason: QuarantineReason::Suspect };
	UnitHold { hold, before: UnitState::Active, beneath: None }
}

/// Where a unit stands now.
fn standing(unit: UnitRef, parcel_start: Option<u32>, market: Option<Market>) -> Standing {
	let book = &mut Book::<Test>::default();
	SupplyChain::standing(book, unit, parcel_start, market, SupplyChain::now()).unwrap()
}

/// The worst that stands against a unit [`HERE`], in the parcel that begins with the batch.
fn effective(unit: UnitRef) -> Effective {
	standing(unit, Some(0), Some(HERE)).effective
}

/// What a scanner reads on a unit of tree `number`.
fn label(number: u8, index: u32) -> ScannedPack {
	ScannedPack {
		product: di(DRUG),
		serial: Some(serial(number, index).0),
		lot: Some(lot_no(LOT)),
		expiry: Some(date("2027-12-31")),
		market: Some(HERE),
		asker: None,
		location: None,
	}
}

/// What the maker's service answers for a unit of tree 1.
fn answer(batch: BatchIx, index: u32) -> ScanProof {
	answer_of(proof(batch, 1, UNITS, index, 0))
}

fn answer_of(proof: UnitProof) -> ScanProof {
	ScanProof {
		unit: proof.unit,
		parcel_start: Some(proof.parcel_start),
		serial: proof.serial,
		salt: proof.salt,
		path: proof.path.into_inner(),
	}
}

/// What the scan of a unit of tree 1 finds.
fn scanned(batch: BatchIx, index: u32) -> Verdict {
	SupplyChain::api_verify(label(1, index), Some(answer(batch, index)))
}

/// The authority here recalls something, in one market.
fn recalled(scope: RecallScope, market: Market, reference: u8) -> RecallId {
	recalled_by(AUTHORITY, scope, &[market], RecallClass::II, reference)
}

fn recalled_by(
	who: Sr25519Keyring,
	scope: RecallScope,
	markets: &[Market],
	class: RecallClass,
	reference: u8,
) -> RecallId {
	let recall = NextRecall::<Test>::get();
	assert_ok!(SupplyChain::initiate_recall(
		signed(who),
		scope,
		class,
		RecallDepth::Consumer,
		markets.to_vec().try_into().unwrap(),
		digest(90),
		digest(reference)
	));
	recall
}

/// A device of the maker, as a GTIN.
fn pump() -> UdiDi {
	UdiDi::Gs1(Gtin::from_body(629_104_150_099).unwrap())
}

/// A batch of two devices, released.
fn pumps() -> BatchIx {
	assert_ok!(SupplyChain::register_product(
		signed(MAKER),
		pump(),
		company(PREFIX),
		ProductClass::Device,
		ProductFlags::default(),
		Uniqueness::FraudProof,
		digest(2),
		BoundedVec::default()
	));
	let lot = NextLot::<Test>::get();
	let (made, expiry) = (date("2025-12-01"), date("2035-12-31"));
	let number = lot_no("P1");
	assert_ok!(SupplyChain::open_lot(signed(MAKER), pump(), number, made, expiry, 2));
	assert_ok!(SupplyChain::release_lot(signed(MAKER), lot, digest(4)));
	let leaves = MerkleTree::<HostSha256>::from_data([b"one", b"two"]);
	let batch = NextBatch::<Test>::get();
	let new = NewBatch {
		root: salus_primitives::Digest(leaves.root()),
		count: 2,
		salt: digest(5),
		leaf_file: digest(6),
	};
	assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
	batch
}

/// A unit of [`pumps`] is in use at the hospital.
fn in_use(unit: UnitRef) {
	force(unit, UnitState::Device);
	Devices::<Test>::insert(unit, DeviceLife::InUse { at: id(HOSPITAL), since: START });
}

/// A code, and what follows from it.
fn assert_code(verdict: &Verdict, code: VerdictCode) {
	assert_eq!((verdict.code, verdict.class), (code, code.class()));
}

/// Somebody who holds nothing.
fn nobody() -> IdentityId {
	id(STRANGER)
}
