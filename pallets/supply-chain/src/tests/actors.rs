// SPDX-License-Identifier: Apache-2.0

//! Who takes part in the tests, the goods they handle, and the trees that stand for them.

use crate::{mock::*, *};
use codec::Encode as _;
use frame_support::{BoundedVec, assert_ok};
use salus_gs1::{CompanyPrefix, Date, Gln, LotNo, Serial, Sscc, UdiDi};
use salus_merkle::{MerkleTree, leaf_hash};
use salus_primitives::{
	AccreditationKind, BatchIx, Digest, IdentityId, IdentityKind, Jurisdiction, LotIx, Moment,
	ProductClass, ProductFlags, Uniqueness, UnitRef, Window, blake2_256, dispense_commitment,
	unit_leaf,
};
use salus_test_support::{Accreditations, Identities, START, account, identity};
use salus_traits::hashing::HostSha256;
use sp_keyring::Sr25519Keyring::{self, *};

/// Makes drugs.
pub(crate) const MAKER: Sr25519Keyring = Alice;
/// Distributes them.
pub(crate) const WHOLESALER: Sr25519Keyring = Bob;
/// Dispense them, both in [`HERE`].
pub(crate) const PHARMACY: Sr25519Keyring = Charlie;
pub(crate) const OTHER_PHARMACY: Sr25519Keyring = Dave;
/// The authority of [`HERE`].
pub(crate) const AUTHORITY: Sr25519Keyring = Eve;
/// Uses devices, in [`HERE`].
pub(crate) const HOSPITAL: Sr25519Keyring = Ferdie;
/// An identity without any licence.
pub(crate) const STRANGER: Sr25519Keyring = One;
/// Another maker.
pub(crate) const RIVAL: Sr25519Keyring = Two;

pub(crate) const HERE: Jurisdiction = Jurisdiction(208);
pub(crate) const THERE: Jurisdiction = Jurisdiction(276);

/// The prefix of [`MAKER`].
pub(crate) const PREFIX: &str = "6291041";
/// A drug of it, and a case of 48.
pub(crate) const DRUG: &str = "06291041500213";
/// How many units [`commissioned`] makes.
pub(crate) const UNITS: u32 = 600;

/// Registers all of them, and gives them their licences.
pub(crate) fn register() {
	let organisations =
		[MAKER, WHOLESALER, PHARMACY, OTHER_PHARMACY, AUTHORITY, HOSPITAL, STRANGER, RIVAL];
	for who in organisations {
		Identities::set(account(who), identity(who), IdentityKind::Organisation);
	}
	let licences = [
		(MAKER, AccreditationKind::ManufacturerLicence),
		(RIVAL, AccreditationKind::ManufacturerLicence),
		(WHOLESALER, AccreditationKind::DistributorLicence),
		(PHARMACY, AccreditationKind::PharmacyLicence),
		(OTHER_PHARMACY, AccreditationKind::PharmacyLicence),
		(HOSPITAL, AccreditationKind::FacilityLicence),
	];
	for (who, kind) in licences {
		Accreditations::always(identity(who), kind);
	}
	for who in [PHARMACY, OTHER_PHARMACY, HOSPITAL] {
		Accreditations::settle(identity(who), HERE);
	}
	Accreditations::appoint(identity(AUTHORITY), HERE);
}

pub(crate) fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

pub(crate) fn set_time(now: Moment) {
	pallet_timestamp::Now::<Test>::put(now);
}

pub(crate) fn digest(byte: u8) -> Digest {
	Digest([byte; 32])
}

pub(crate) fn di(gtin: &str) -> UdiDi {
	UdiDi::Gs1(gtin.parse().unwrap())
}

pub(crate) fn company(prefix: &str) -> CompanyCode {
	CompanyCode::Gs1(prefix.parse::<CompanyPrefix>().unwrap())
}

/// The SSCC of [`MAKER`] with a serial reference.
pub(crate) fn sscc(number: u32) -> Sscc {
	// Extension 1, prefix, nine digits of reference.
	Sscc::from_body(16_291_041_000_000_000 + u64::from(number)).unwrap()
}

/// The location of a partner.
pub(crate) fn site() -> Site {
	Site { market: HERE, location: "0300011111116".parse::<Gln>().unwrap() }
}

pub(crate) fn date(text: &str) -> Date {
	text.parse().unwrap()
}

pub(crate) fn lot_no(text: &str) -> LotNo {
	text.parse().unwrap()
}

/// The maker owns its prefix.
pub(crate) fn claimed() {
	let owner = identity(MAKER);
	assert_ok!(SupplyChain::claim_company_prefix(
		RuntimeOrigin::root(),
		company(PREFIX),
		owner,
		digest(1)
	));
}

/// The drug is known, and approved [`HERE`] for a year.
pub(crate) fn registered() -> UdiDi {
	registered_as(Uniqueness::FraudProof, ProductFlags::default())
}

pub(crate) fn registered_as(uniqueness: Uniqueness, flags: ProductFlags) -> UdiDi {
	claimed();
	assert_ok!(SupplyChain::register_product(
		signed(MAKER),
		di(DRUG),
		company(PREFIX),
		ProductClass::Drug,
		flags,
		uniqueness,
		digest(2),
		BoundedVec::default()
	));
	let window = Window { from: START, until: START + 365 * salus_primitives::DAY };
	let approve =
		SupplyChain::approve_product(signed(AUTHORITY), di(DRUG), HERE, digest(3), window);
	assert_ok!(approve);
	di(DRUG)
}

/// A released lot of the drug that expires at the end of 2027.
pub(crate) fn lot(number: &str) -> LotIx {
	let lot = NextLot::<Test>::get();
	assert_ok!(SupplyChain::open_lot(
		signed(MAKER),
		di(DRUG),
		lot_no(number),
		date("2025-12-01"),
		date("2027-12-31"),
		1 << 30
	));
	assert_ok!(SupplyChain::release_lot(signed(MAKER), lot, digest(4)));
	lot
}

/// The serial and salt of a unit of a tree.
pub(crate) fn serial(tree: u8, index: u32) -> (Serial, [u8; 16]) {
	let text = format!("S{tree}-{index}");
	let mut salt = [0; 16];
	salt.copy_from_slice(&blake2_256(&(tree, index).using_encoded(<[u8]>::to_vec))[..16]);
	(text.parse().unwrap(), salt)
}

/// The tree of a batch of the drug: number `tree` of as many units.
pub(crate) fn tree(tree: u8, units: u32) -> MerkleTree<HostSha256> {
	let leaves = (0..units).map(|index| {
		let (serial, salt) = serial(tree, index);
		leaf_hash::<HostSha256>(&unit_leaf(&di(DRUG), &serial, &salt))
	});
	MerkleTree::from_leaves(leaves.collect())
}

/// Commissions a batch of tree `number` into a lot.
pub(crate) fn commission(lot: LotIx, number: u8, units: u32) -> BatchIx {
	let batch = NextBatch::<Test>::get();
	let root = Digest(tree(number, units).root());
	let new = NewBatch { root, count: units, salt: digest(5), leaf_file: digest(6) };
	assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
	batch
}

/// Everything up to a batch of [`UNITS`] units, of tree 1, that the maker holds.
pub(crate) fn commissioned() -> BatchIx {
	registered();
	commission(lot("L1"), 1, UNITS)
}

/// The proof of a unit of tree `number` with `units` leaves.
pub(crate) fn proof(
	batch: BatchIx,
	number: u8,
	units: u32,
	index: u32,
	parcel_start: u32,
) -> UnitProof {
	let (serial, salt) = serial(number, index);
	let path = tree(number, units).path(index.into()).unwrap();
	let path = path.into_iter().map(Digest).collect::<Vec<_>>();
	let unit = UnitRef { batch, index };
	UnitProof { unit, parcel_start, serial, salt, path: path.try_into().unwrap() }
}

/// A secret, and what is handed over with its commitment.
pub(crate) fn dispensing(proof: UnitProof, secret: u8) -> Dispensing {
	let commitment = Digest(blake2_256(&dispense_commitment(proof.unit, &digest(secret))));
	Dispensing { proof, commitment }
}

pub(crate) fn parcel(batch: BatchIx, start: u32) -> ParcelRef {
	ParcelRef { batch, start }
}

pub(crate) fn item(batch: BatchIx, start: u32) -> ItemRef {
	ItemRef::Parcel(parcel(batch, start))
}

/// Ships items between two partners who take all of them.
pub(crate) fn handed_over(from: Sr25519Keyring, to: Sr25519Keyring, items: &[ItemRef]) {
	let shipment = shipped(from, to, items);
	assert_ok!(SupplyChain::receive(
		signed(to),
		shipment,
		items.to_vec().try_into().unwrap(),
		true,
		0,
		salus_primitives::Completeness::Verified,
		Told::default()
	));
}

/// Ships items, which stay on their way.
pub(crate) fn shipped(
	from: Sr25519Keyring,
	to: Sr25519Keyring,
	items: &[ItemRef],
) -> salus_primitives::ShipmentId {
	let shipment = NextShipment::<Test>::get();
	assert_ok!(SupplyChain::ship(
		signed(from),
		identity(to),
		None,
		items.to_vec().try_into().unwrap(),
		digest(7),
		true,
		Told::default()
	));
	shipment
}

/// The last event of the pallet.
pub(crate) fn last_event() -> Event<Test> {
	let events = System::events();
	let ours = events.into_iter().rev().find_map(|record| match record.event {
		RuntimeEvent::SupplyChain(event) => Some(event),
		_ => None,
	});
	ours.expect("the pallet said something")
}

/// Who holds it, as the tests name partners.
pub(crate) fn id(who: Sr25519Keyring) -> IdentityId {
	identity(who)
}
