// SPDX-License-Identifier: Apache-2.0

//! Helpers of the tests of master data, lots and recalls, and their list.

use super::actors::*;
use crate::{mock::*, units::Book, *};
use frame_support::{
	BoundedVec, assert_noop, assert_ok, dispatch::DispatchResult,
	traits::fungible::InspectHold as _,
};
use salus_gs1::{Gtin, UdiDi};
use salus_primitives::{
	AccreditationKind, BatchIx, DAY, IdentityId, Jurisdiction, LotIx, Moment, ProductClass,
	ProductFlag, ProductFlags, RecallClass, RecallDepth, RecallId, Uniqueness, UnitRef, Window,
};
use salus_test_support::{Accreditations, START, account};
use sp_keyring::Sr25519Keyring;
use sp_runtime::DispatchError;

mod acknowledge_recall;
mod approve_product;
mod claim_company_prefix;
mod close_lot;
mod close_recall;
mod commission_batch;
mod extend_recall;
mod initiate_recall;
mod journeys;
mod open_lot;
mod origins;
mod recall_rules;
mod register_product;
mod release_lot;
mod report_recall_progress;
mod suspend_approval;
mod update_product;
mod withdraw_product;

/// The GTIN with these thirteen digits before the check digit.
fn gtin(body: &str) -> Gtin {
	assert_eq!(body.len(), 13);
	Gtin::from_body(body.parse().unwrap()).unwrap()
}

fn gs1(body: &str) -> UdiDi {
	UdiDi::Gs1(gtin(body))
}

/// A grouping of `units`, by the digits of its GTIN before the check digit.
fn level(body: &str, units: u32) -> PackLevel {
	PackLevel { gtin: gtin(body), units }
}

/// A case of the drug, a pallet of it, and another drug of the maker.
const CASE: &str = "1629104150021";
const PALLET: &str = "2629104150021";
const OTHER_DRUG: &str = "0629104150022";

fn levels(levels: &[PackLevel]) -> BoundedVec<PackLevel, ConstU32<MAX_LEVELS>> {
	levels.to_vec().try_into().unwrap()
}

/// Registers a product of the maker.
fn register_as(
	product: UdiDi,
	class: ProductClass,
	flags: ProductFlags,
	groupings: &[PackLevel],
) -> DispatchResult {
	SupplyChain::register_product(
		signed(MAKER),
		product,
		company(PREFIX),
		class,
		flags,
		Uniqueness::FraudProof,
		digest(2),
		levels(groupings),
	)
}

/// Registers a drug of the maker.
fn register_drug(product: UdiDi, groupings: &[PackLevel]) -> DispatchResult {
	register_as(product, ProductClass::Drug, ProductFlags::default(), groupings)
}

/// A window around the start of the tests.
fn window(from: Moment, until: Moment) -> Window {
	Window { from: START + from, until: START + until }
}

/// What is held from a partner.
fn held(who: Sr25519Keyring) -> u64 {
	Balances::total_balance_on_hold(&account(who))
}

/// The rent of so many rows with so many bytes, as the mock asks for it: 100, a unit for each byte,
/// and 64 for the key of each row behind the first.
fn rent((items, bytes): (u64, u64)) -> u64 {
	100 + bytes + 64 * (items - 1)
}

/// From now on a maker's licence is over.
fn lapse(who: Sr25519Keyring) {
	let past = Window { from: 0, until: START };
	Accreditations::set(id(who), AccreditationKind::ManufacturerLicence, past);
}

/// A batch of some units, of which nobody proves any.
fn some_batch(root: u8, count: u32) -> NewBatch {
	NewBatch { root: digest(root), count, salt: digest(5), leaf_file: digest(6) }
}

fn commission_some(lot: LotIx, root: u8, count: u32) -> DispatchResult {
	SupplyChain::commission_batch(signed(MAKER), lot, some_batch(root, count), Told::default())
}

fn markets(all: &[Market]) -> Markets {
	all.to_vec().try_into().unwrap()
}

/// A recall of class II down to pharmacies.
fn recall_of(
	who: Sr25519Keyring,
	scope: RecallScope,
	everywhere: &[Market],
	reference: u8,
) -> DispatchResult {
	SupplyChain::initiate_recall(
		signed(who),
		scope,
		RecallClass::II,
		RecallDepth::Retail,
		markets(everywhere),
		digest(8),
		digest(reference),
	)
}

/// The number of the recall that the maker opens everywhere.
fn recalled(scope: RecallScope) -> RecallId {
	let recall = NextRecall::<Test>::get();
	assert_ok!(recall_of(MAKER, scope, &[], 9));
	recall
}

/// What stands against handing over a unit of a batch that is one parcel.
fn obstacle(batch: BatchIx, index: u32, market: Option<Market>) -> Effective {
	let unit = UnitRef { batch, index };
	let mut book = Book::<Test>::default();
	let now = SupplyChain::now();
	SupplyChain::standing(&mut book, unit, Some(0), market, now).unwrap().effective
}

/// How many rows the chain keeps.
fn rows() -> usize {
	let mut key = Vec::new();
	let mut count = 0;
	while let Some(next) = sp_io::storage::next_key(&key) {
		(key, count) = (next, count + 1);
	}
	count
}
