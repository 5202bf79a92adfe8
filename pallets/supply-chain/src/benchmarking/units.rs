// SPDX-License-Identifier: Apache-2.0

//! Units of many makers' batches of 2^24, each deep in containers, with proofs of full length.

use super::custody::{Partner, container, goods, parcel, recalls};
use super::*;
use alloc::vec::Vec;
use frame_support::{
	BoundedVec,
	traits::{Consideration, Footprint, Get},
};
use salus_gs1::{Serial, Sscc, UdiDi};
use salus_merkle::{MerkleTree, leaf_hash, root_from_path};
use salus_primitives::{
	BatchIx, Jurisdiction, Moment, ProductClass, QuarantineReason, Uniqueness, UnitRef, UnitState,
	Window, signed_forms, unit_leaf,
};
use salus_traits::{accreditation::AccreditationInspect, hashing::HostSha256, signers::Signers};

/// How many leaves of a batch are told apart; the others are a hash on the way to the root.
const LEAVES: u32 = 64;
/// The first unit that has a serial of its own: not the first of its parcel, which is cut before it.
const FIRST: u32 = 1;
const SALT: [u8; 16] = [7; 16];
pub(super) const SECRET: Digest = Digest([9; 32]);

/// The longest serial there is, with a number at its end.
fn serial(number: u32) -> Serial {
	let text = alloc::format!("SERIAL-NUMBER-{number:06}");
	text.parse().expect("twenty characters")
}

fn market<T: Config>() -> Market {
	T::Accreditations::bench_jurisdiction()
}

pub(super) fn site<T: Config>() -> Site {
	let location = "0300011111116".parse().expect("a location");
	Site { market: market::<T>(), location }
}

/// Makes a batch provable, its product saleable here, and everything about it as long as it can be:
/// recalls and holds, which are of other markets.
fn ready<T: Config>(batch: BatchIx, class: ProductClass) {
	let mut row = Batches::<T>::get(batch).expect("there");
	let mut lot = Lots::<T>::get(row.lot).expect("there");
	let mut elsewhere = recalls(None);
	let markets: Vec<_> = (900..900 + MAX_MARKETS as u16).map(Jurisdiction).collect();
	for recall in elsewhere.iter_mut() {
		recall.markets = BoundedVec::truncate_from(markets.clone());
	}
	let release = Release { by: lot.maker, at: 0, certificate: Digest([1; 32]) };
	lot.release = Some(release);
	lot.recalls = elsewhere.clone();
	let product = lot.product;
	let hold = |country| LotHold {
		market: Jurisdiction(country),
		by: lot.maker,
		reason: QuarantineReason::Suspect,
	};
	lot.holds = BoundedVec::truncate_from((900..908).map(hold).collect());
	Lots::<T>::insert(row.lot, lot);
	Products::<T>::mutate(product, |row| {
		let row = row.as_mut().expect("there");
		row.class = class;
		row.uniqueness = Uniqueness::FirstTouch;
		row.recalls = elsewhere;
	});
	let approval = Approval {
		authority: IdentityId([2; 32]),
		reference: Digest([3; 32]),
		window: Window { from: 0, until: Moment::MAX },
		state: ApprovalState::Approved,
	};
	Approvals::<T>::insert(product, market::<T>(), approval);
	plant::<T>(&mut row, &product);
	Batches::<T>::insert(batch, row);
	UnitPages::<T>::insert(batch, 0, UnitPage::default());
}

fn tree(product: &UdiDi) -> MerkleTree<HostSha256> {
	let leaf = |number| leaf_hash::<HostSha256>(&unit_leaf(product, &serial(number), &SALT));
	MerkleTree::from_leaves((0..LEAVES).map(leaf).collect())
}

/// The way from a unit to the root: through the leaves told apart, then past the rest.
fn path(tree: &MerkleTree<HostSha256>, index: u32) -> Vec<[u8; 32]> {
	let mut path = tree.path(index.into()).expect("one of them");
	path.resize(MAX_PROOF as usize, [5; 32]);
	path
}

fn plant<T: Config>(row: &mut BatchOf<T>, product: &UdiDi) {
	let tree = tree(product);
	let leaf = *tree.leaves().first().expect("some");
	let root = root_from_path::<HostSha256>(MAX_BATCH.into(), 0, &leaf, &path(&tree, 0));
	row.root = Digest(root.expect("a path of full length"));
}

fn prove<T: Config>(unit: UnitRef, parcel_start: u32) -> UnitProof {
	let lot = Batches::<T>::get(unit.batch).expect("there").lot;
	let product = Lots::<T>::get(lot).expect("there").product;
	let path = path(&tree(&product), unit.index).into_iter().map(Digest).collect();
	let path = BoundedVec::truncate_from(path);
	UnitProof { unit, parcel_start, serial: serial(unit.index), salt: SALT, path }
}

/// Six containers in each other, each with nothing else in it, that a partner holds: the innermost.
fn stack<T: Config>(number: u32, holder: &Partner<T>, deposit: &DepositOf<T>) -> Sscc {
	let depth = u32::from(MAX_DEPTH);
	let first = number * depth;
	let mut place = Place::Held(holder.id);
	let mut inner = None;
	for storey in (0..depth).rev() {
		let sscc = container::<T>(1000 + first + storey, place, 1, (storey + 1) as u8, deposit);
		place = Place::Inside(sscc);
		inner = Some(sscc);
	}
	inner.expect("six of them")
}

/// One unit of each of so many batches, lots and products, whose parcel of `len` units is in six
/// containers of its own.
pub(super) fn shelf<T: Config>(
	holder: &Partner<T>,
	maker: &Partner<T>,
	places: u32,
	class: ProductClass,
	len: u32,
) -> Vec<UnitProof> {
	let deposit = maker.deposit();
	let one = |number| {
		let batch = goods::<T>(number, maker, &deposit);
		ready::<T>(batch, class);
		let start = if len == 1 { FIRST } else { 0 };
		parcel::<T>(batch, start, len, Place::Inside(stack::<T>(number, holder, &deposit)));
		prove::<T>(UnitRef { batch, index: FIRST }, start)
	};
	(0..places).map(one).collect()
}

/// Units of so many places, and `more` of the first; all but `kept` have their serials kept.
pub(super) fn sale<T: Config>(
	holder: &Partner<T>,
	maker: &Partner<T>,
	places: u32,
	more: u32,
	kept: u32,
) -> BoundedVec<Dispensing, ConstU32<MAX_UNITS>> {
	let mut proofs = shelf::<T>(holder, maker, places, ProductClass::Drug, LEAVES);
	let batch = proofs.first().expect("one place at least").unit.batch;
	proofs.extend((1..=more).map(|index| prove::<T>(UnitRef { batch, index: FIRST + index }, 0)));
	proofs.sort_by_key(|proof| proof.unit);
	for proof in proofs.iter().skip(kept as usize) {
		let lot = Batches::<T>::get(proof.unit.batch).expect("there").lot;
		let product = Lots::<T>::get(lot).expect("there").product;
		SerialIndex::<T>::insert(product, proof.serial, proof.unit);
	}
	let units = proofs.into_iter().map(dispensing).collect();
	BoundedVec::truncate_from(units)
}

pub(super) fn dispensing(proof: UnitProof) -> Dispensing {
	let opened = salus_primitives::dispense_commitment(proof.unit, &SECRET);
	Dispensing { commitment: Digest(sp_io::hashing::blake2_256(&opened)), proof }
}

pub(super) fn held(proof: &UnitProof) -> HeldUnit {
	HeldUnit { unit: proof.unit, parcel_start: proof.parcel_start }
}

pub(super) fn state<T: Config>(unit: UnitRef) -> UnitState {
	crate::units::Book::<T>::default().state(unit)
}

/// Puts a unit into a state, with all that is kept of it there.
pub(super) fn put<T: Config>(unit: UnitRef, to: UnitState, by: &Partner<T>) {
	let mut page = UnitPages::<T>::get(unit.batch, 0).unwrap_or_default();
	page.set(unit.index, to);
	UnitPages::<T>::insert(unit.batch, 0, page);
	let lot = Batches::<T>::get(unit.batch).expect("there").lot;
	Lots::<T>::mutate(lot, |lot| {
		let counters = &mut lot.as_mut().expect("there").counters;
		counters.shift(UnitState::Active, to).expect("it was active");
	});
	let hold = Hold { by: by.id, authority: false, reason: QuarantineReason::Suspect };
	match to {
		UnitState::Dispensed => leave::<T>(unit, by, false),
		UnitState::PartiallyDispensed => part::<T>(unit, by),
		UnitState::Quarantined => {
			part::<T>(unit, by);
			let before = UnitState::PartiallyDispensed;
			UnitHolds::<T>::insert(unit, UnitHold { hold, before, beneath: None });
		},
		_ => {},
	}
}

fn part<T: Config>(unit: UnitRef, by: &Partner<T>) {
	leave::<T>(unit, by, true);
	Partials::<T>::insert(unit, 5_000);
}

fn leave<T: Config>(unit: UnitRef, by: &Partner<T>, part: bool) {
	use codec::Encode;
	let account = by.account.using_encoded(sp_io::hashing::blake2_128);
	let opened = salus_primitives::dispense_commitment(unit, &SECRET);
	let leaving = Leaving {
		at: Pallet::<T>::now(),
		by: by.id,
		account,
		site: site::<T>(),
		commitment: Some(Digest(sp_io::hashing::blake2_256(&opened))),
		part,
	};
	Leavings::<T>::insert(unit, leaving);
}

/// Takes marks of units of one batch that left before anything can be undone.
pub(super) fn lapsed<T: Config>(count: u32, by: &Partner<T>) -> Vec<UnitRef> {
	let units: Vec<_> =
		(0..count).map(|index| UnitRef { batch: BatchIx(index.into()), index }).collect();
	for unit in &units {
		leave::<T>(*unit, by, false);
	}
	units
}

/// Containers that are over since the beginning, each with the rent of another account.
pub(super) fn rested<T: Config>(count: u32, by: &Partner<T>) -> Vec<Sscc> {
	let one = |number: u32| {
		let account = T::BenchmarkHelper::account(500 + number);
		let purse = Footprint { count: 1, size: 1 << 24 };
		T::SupplyConsideration::ensure_successful(&account, purse);
		let deposit = Pallet::<T>::take_deposit(account, 1, 100).expect("it has funds");
		let sscc = container::<T>(5000 + number, Place::Held(by.id), 0, 1, &deposit);
		Holdings::<T>::remove(by.id, ItemRef::Container(sscc));
		Containers::<T>::mutate(sscc, |row| {
			row.as_mut().expect("there").emptied = Some(Pallet::<T>::now());
		});
		sscc
	};
	(0..count).map(one).collect()
}

/// A witness that signed in the form that is tried last.
pub(super) fn witness<T: Config>(
	number: u32,
	holder: &Partner<T>,
	units: &[HeldUnit],
	certificate: &Digest,
) -> WitnessOf<T> {
	let until = Moment::MAX;
	let genesis = T::GenesisHash::get();
	let statement = destroy_statement(genesis, &holder.id, units, certificate, until);
	let [_, wrapped] = signed_forms(statement);
	let account = T::BenchmarkHelper::account(number);
	Witness { account, until, signature: T::BenchmarkHelper::sign(number, &wrapped) }
}

/// Two units of one product in two batches with one serial.
pub(super) fn twins<T: Config>(holder: &Partner<T>, maker: &Partner<T>) -> [UnitProof; 2] {
	let proofs = shelf::<T>(holder, maker, 2, ProductClass::Drug, LEAVES);
	let [first, second] = [BatchIx(0), BatchIx(1)];
	let product = |batch| {
		let lot = Batches::<T>::get(batch).expect("there").lot;
		Lots::<T>::get(lot).expect("there").product
	};
	let its = product(first);
	Batches::<T>::mutate(second, |row| {
		let row = row.as_mut().expect("there");
		Lots::<T>::mutate(row.lot, |lot| lot.as_mut().expect("there").product = its);
		plant::<T>(row, &its);
	});
	for proof in &proofs {
		put::<T>(proof.unit, UnitState::Dispensed, holder);
	}
	[first, second].map(|batch| prove::<T>(UnitRef { batch, index: FIRST }, 0))
}

pub(super) fn one(of: &[UnitProof]) -> UnitProof {
	of.first().expect("one at least").clone()
}

/// Takes back the recalls, which keep what is put aside.
pub(super) fn unrecalled<T: Config>(batch: BatchIx) {
	let lot = Batches::<T>::get(batch).expect("there").lot;
	Lots::<T>::mutate(lot, |lot| {
		let lot = lot.as_mut().expect("there");
		lot.recalls = LiveRecalls::default();
		Products::<T>::mutate(lot.product, |row| {
			row.as_mut().expect("there").recalls = LiveRecalls::default();
		});
	});
}
