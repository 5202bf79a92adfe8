// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod calls;
mod custody;
mod errors;
mod events;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod partners;
pub mod runtime_api;
mod status;
mod storage;
#[cfg(test)]
mod tests;
pub mod types;
mod units;
mod views;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::{BoundedVec, pallet_macros::import_section, traits::ConstU32};

type AccountOf<T> = <T as frame_system::Config>::AccountId;
type BatchOf<T> = Batch<AccountOf<T>, <T as Config>::SupplyConsideration>;
type ContainerOf<T> = Container<AccountOf<T>, <T as Config>::SupplyConsideration>;
type DepositOf<T> = Deposit<AccountOf<T>, <T as Config>::SupplyConsideration>;
type LotOf<T> = Lot<AccountOf<T>, <T as Config>::SupplyConsideration>;
type ProductOf<T> = Product<AccountOf<T>, <T as Config>::SupplyConsideration>;
type ShipmentOf<T> = Shipment<AccountOf<T>, <T as Config>::SupplyConsideration>;
type WitnessOf<T> = Witness<AccountOf<T>, <T as Config>::Signature>;

/// The items of one packing or unpacking.
pub type Items = BoundedVec<ItemRef, ConstU32<MAX_ITEMS>>;
/// The items of a shipment.
pub type ShippedItems = BoundedVec<ItemRef, ConstU32<MAX_SHIPPED>>;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint, Time},
	};
	use frame_system::pallet_prelude::*;
	use salus_gs1::{CompanyPrefix, Date, Gln, Gtin, LotNo, Serial, Sscc, UdiDi};
	use salus_primitives::{
		BatchIx, Completeness, DecommissionReason, Digest, IdentityId, LotIx, Moment, ProductClass,
		ProductFlags, QuarantineReason, RecallClass, RecallDepth, RecallId, ShipmentId, Uniqueness,
		UnitRef, UnitState, Window,
	};
	use salus_traits::{
		accreditation::{AccreditationInspect, AuthorityInspect},
		identity::{Actor, IdentityInspect},
		prescriptions::PrescriptionCheck,
	};
	use sp_runtime::traits::{IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Who makes, moves and dispenses: any active identity, by one of its accounts. What it may
		/// do follows from its licences.
		type PartnerOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who says whose a company code is.
		type RegistryOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who is behind an account, to know witnesses.
		type Identities: IdentityInspect<Self::AccountId>;

		/// Who holds which licence.
		type Accreditations: AccreditationInspect;

		/// Who is the authority of a market.
		type Authorities: AuthorityInspect;

		/// Whether a prescription covers a dispensing.
		type Prescriptions: PrescriptionCheck;

		/// Signatures of witnesses.
		type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + Parameter;

		/// The hash of block 0, which every signed statement names.
		type GenesisHash: Get<[u8; 32]>;

		/// What time it is, in milliseconds.
		type Clock: Time<Moment = Moment>;

		/// The rent for products, lots, batches, containers and shipments.
		type SupplyConsideration: Consideration<Self::AccountId, Footprint>;

		/// How many of the [`Leavings`] a block looks at, when it has weight left.
		#[pallet::constant]
		type SweepPerBlock: Get<u32>;

		/// How many items a page of an answer can hold.
		#[pallet::constant]
		type MaxPage: Get<u32>;

		/// Weights.
		type WeightInfo: WeightInfo;

		/// Accounts that can sign, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: salus_traits::signers::Signers<Self::AccountId, Self::Signature>;
	}

	/// Why funds are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Rent for what is kept of products and goods.
		#[codec(index = 0)]
		Supply,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxPage::get() > 0, "a page holds something");
			assert!(T::SweepPerBlock::get() > 0, "what lapsed goes at some time");
		}

		fn on_idle(_: BlockNumberFor<T>, left: Weight) -> Weight {
			Self::sweep(left)
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::extra_constants]
	impl<T: Config> Pallet<T> {
		/// The most units of one batch.
		fn max_batch() -> u32 {
			MAX_BATCH
		}

		/// How many items one call packs or unpacks.
		fn max_items() -> u32 {
			MAX_ITEMS
		}

		/// How many items a shipment has at most.
		fn max_shipped() -> u32 {
			MAX_SHIPPED
		}

		/// How many units one call dispenses, returns, decommissions or destroys.
		fn max_units() -> u32 {
			MAX_UNITS
		}

		/// How many units one call touches.
		fn max_touched() -> u32 {
			MAX_TOUCHED
		}

		/// How many containers stand in each other at most.
		fn max_depth() -> u8 {
			MAX_DEPTH
		}

		/// How many recalls are live on a product, a lot or a batch at a time.
		fn max_recalls() -> u32 {
			MAX_RECALLS
		}

		/// How long a step can be undone, in milliseconds.
		fn undo_window() -> Moment {
			UNDO_WINDOW
		}

		/// How much earlier than its block an event may be, in milliseconds.
		fn max_lateness() -> Moment {
			MAX_LATENESS
		}

		/// How much later, in milliseconds.
		fn max_earliness() -> Moment {
			MAX_EARLINESS
		}

		/// How long the number of an emptied container rests, in milliseconds.
		fn sscc_rest() -> Moment {
			SSCC_REST
		}

		/// How many packs one question asks about.
		fn max_scans() -> u32 {
			MAX_SCANS
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Says whose a company code is.
		///
		/// By the registry. No two codes may begin with each other. `evidence` is the hash of what the
		/// agency certified. Holds nothing.
		#[pallet::call_index(0)]
		pub fn claim_company_prefix(
			origin: OriginFor<T>,
			code: CompanyCode,
			owner: IdentityId,
			evidence: Digest,
		) -> DispatchResult {
			T::RegistryOrigin::ensure_origin(origin)?;
			Self::do_claim_company_prefix(code, owner, evidence)
		}

		/// Makes a product known.
		///
		/// By a licensed maker, who answers for it from then on. `product` is the number on the
		/// smallest unit that is sold, and begins with `company`, which is the maker's. `master` is the
		/// hash of its master data; `levels` are the GTINs of its groupings, in rising order. Holds
		/// rent from the signer.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::register_product(levels.len() as u32))]
		pub fn register_product(
			origin: OriginFor<T>,
			product: UdiDi,
			company: CompanyCode,
			class: ProductClass,
			flags: ProductFlags,
			uniqueness: Uniqueness,
			master: Digest,
			levels: BoundedVec<PackLevel, ConstU32<MAX_LEVELS>>,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			let new = NewProduct { company, class, flags, uniqueness, master };
			Self::do_register_product(actor, product, new, levels)
		}

		/// Changes the master data of a product. Lots that are open keep theirs.
		///
		/// By who answers for it. Holds nothing.
		#[pallet::call_index(2)]
		pub fn update_product(
			origin: OriginFor<T>,
			product: UdiDi,
			master: Digest,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_update_product(actor, product, master)
		}

		/// Lets a product be sold in a market within a window.
		///
		/// By the authority of that market. Replaces what it decided before, but not a withdrawal.
		/// `reference` is the hash of the decision. Holds nothing.
		#[pallet::call_index(3)]
		pub fn approve_product(
			origin: OriginFor<T>,
			product: UdiDi,
			market: Market,
			reference: Digest,
			window: Window,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_approve_product(actor, product, market, reference, window)
		}

		/// Stops the sale of a product in a market until it is approved anew.
		///
		/// By the authority of that market.
		#[pallet::call_index(4)]
		pub fn suspend_approval(
			origin: OriginFor<T>,
			product: UdiDi,
			market: Market,
			reason: Digest,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_suspend_approval(actor, product, market, reason)
		}

		/// Takes a product from a market, or from all, for good.
		///
		/// By who answers for it; from one market also by the authority there. Every lot and pack is
		/// withdrawn with it, and nothing new is commissioned where it is withdrawn everywhere.
		#[pallet::call_index(5)]
		pub fn withdraw_product(
			origin: OriginFor<T>,
			product: UdiDi,
			market: Option<Market>,
			reason: Digest,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_withdraw_product(actor, product, market, reason)
		}

		/// Opens a lot of a product.
		///
		/// By who answers for it, with a maker's licence. `number` and `expiry` are those on the label:
		/// the goods may be used to the end of that day, or month, in UTC. `planned` bounds what is
		/// commissioned into it. Holds rent from the signer.
		#[pallet::call_index(6)]
		pub fn open_lot(
			origin: OriginFor<T>,
			product: UdiDi,
			number: LotNo,
			made: Date,
			expiry: Date,
			planned: u64,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_open_lot(actor, product, number, made, expiry, planned)
		}

		/// Commissions up to 2^24 units at once.
		///
		/// By who opened the lot. `batch` holds the root of the tree of their leaves in the order of
		/// packing, so that cases and pallets are contiguous, and the hash of the file with all
		/// leaves, of which a copy is in escrow. All units are one parcel of the maker. Holds rent from
		/// the signer, for the pages of states that the units can come to take too.
		#[pallet::call_index(7)]
		pub fn commission_batch(
			origin: OriginFor<T>,
			lot: LotIx,
			batch: NewBatch,
			told: Told,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_commission_batch(actor, lot, batch, told)
		}

		/// Releases a lot: from now on its units may be handed over.
		///
		/// By who answers for the product, with a maker's licence. `certificate` is the hash of what
		/// the qualified person signed.
		#[pallet::call_index(8)]
		pub fn release_lot(
			origin: OriginFor<T>,
			lot: LotIx,
			certificate: Digest,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_release_lot(actor, lot, certificate)
		}

		/// Lets nothing more be commissioned into a lot.
		///
		/// By who answers for the product.
		#[pallet::call_index(9)]
		pub fn close_lot(origin: OriginFor<T>, lot: LotIx) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_close_lot(actor, lot)
		}

		/// Gives a container its number.
		///
		/// By a licensed partner. The number begins with `prefix`, which is the partner's, and was not
		/// used within a year. Holds rent from the signer.
		#[pallet::call_index(10)]
		pub fn commission_container(
			origin: OriginFor<T>,
			sscc: Sscc,
			prefix: CompanyPrefix,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_commission_container(actor, sscc, prefix)
		}

		/// Packs parcels and containers into a container.
		///
		/// By who holds all of them, in rising order. No more than six containers stand in each other.
		/// Nothing that is put aside goes in, and nothing goes into what is sealed or put aside.
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::pack(items.len() as u32))]
		pub fn pack(origin: OriginFor<T>, sscc: Sscc, items: Items, told: Told) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_pack(actor, sscc, items, told)
		}

		/// Takes items out of a container: those named in rising order, or all when it holds 256 at
		/// most. With the last one the container is over, leaves what it stands in, and its number
		/// rests for a year.
		///
		/// By who holds it, while neither it nor one around it is sealed or put aside. They are its own
		/// from then on.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::unpack(
			items.as_ref().map_or(MAX_ITEMS, |items| items.len() as u32)
		))]
		pub fn unpack(
			origin: OriginFor<T>,
			sscc: Sscc,
			items: Option<Items>,
			completeness: Completeness,
			told: Told,
		) -> DispatchResultWithPostInfo {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_unpack(actor, sscc, items, completeness, told)
		}

		/// Seals a container that is not empty: nothing goes in or out, and nothing in it is dispensed,
		/// until it is unsealed.
		///
		/// By who holds it. `seal` is the hash of the seal.
		#[pallet::call_index(13)]
		pub fn seal(origin: OriginFor<T>, sscc: Sscc, seal: Digest) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_seal(actor, sscc, seal)
		}

		/// Unseals a container.
		///
		/// By who holds it.
		#[pallet::call_index(14)]
		pub fn unseal(origin: OriginFor<T>, sscc: Sscc) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_unseal(actor, sscc)
		}

		/// Makes two parcels of one, the second beginning at index `at`.
		///
		/// By who holds it. In a container, both stay in it.
		#[pallet::call_index(15)]
		pub fn split_parcel(origin: OriginFor<T>, parcel: ParcelRef, at: u32) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_split_parcel(actor, parcel, at)
		}

		/// Makes one parcel of two that follow each other in one place, alike in all but their length.
		///
		/// By who holds them. A single unit that came back or was put aside stays apart.
		#[pallet::call_index(16)]
		pub fn merge_parcels(
			origin: OriginFor<T>,
			first: ParcelRef,
			second: ParcelRef,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_merge_parcels(actor, first, second)
		}

		/// Sends goods to another partner. They are on their way until it receives or rejects them, or
		/// the sender takes the shipment back; nobody dispenses them meanwhile.
		///
		/// By who holds all of them, in rising order, to a licensed partner. `transaction` is the hash
		/// of the transaction information, and `affirmed` the transaction statement. What is put aside
		/// stays; what is recalled, in whichever market, goes to who answers for it only, also when it
		/// was put aside for that. Into containers nobody looks. Holds rent from the signer until
		/// nothing is on its way.
		#[pallet::call_index(17)]
		#[pallet::weight(T::WeightInfo::ship(items.len() as u32))]
		pub fn ship(
			origin: OriginFor<T>,
			to: IdentityId,
			ship_to: Option<Gln>,
			items: ShippedItems,
			transaction: Digest,
			affirmed: bool,
			told: Told,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			let new = NewShipment { to, ship_to, transaction, affirmed };
			Self::do_ship(actor, new, items, told)
		}

		/// Takes back a shipment of which nothing was received.
		///
		/// By its sender, overdue or not.
		#[pallet::call_index(18)]
		#[pallet::weight(T::WeightInfo::void_ship(MAX_SHIPPED))]
		pub fn void_ship(origin: OriginFor<T>, shipment: ShipmentId) -> DispatchResultWithPostInfo {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_void_ship(actor, shipment)
		}

		/// Takes what came of a shipment: `accepted`, in rising order.
		///
		/// By its receiver. With `last` the shipment ends, and what did not come is the sender's again.
		/// `over` counts what came and was not announced; nobody is credited with it. A parcel that is
		/// recalled is put aside as it comes in.
		#[pallet::call_index(19)]
		#[pallet::weight(T::WeightInfo::receive(
			if *last { MAX_SHIPPED } else { accepted.len() as u32 }
		))]
		pub fn receive(
			origin: OriginFor<T>,
			shipment: ShipmentId,
			accepted: ShippedItems,
			last: bool,
			over: u32,
			completeness: Completeness,
			told: Told,
		) -> DispatchResultWithPostInfo {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			let arrival = Arrival { accepted, last, over, completeness };
			Self::do_receive(actor, shipment, arrival, told)
		}

		/// Sends a shipment back of which nothing was received: all of it is the sender's again.
		///
		/// By its receiver.
		#[pallet::call_index(20)]
		#[pallet::weight(T::WeightInfo::reject_shipment(MAX_SHIPPED))]
		pub fn reject_shipment(
			origin: OriginFor<T>,
			shipment: ShipmentId,
			reason: RejectReason,
		) -> DispatchResultWithPostInfo {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_reject_shipment(actor, shipment, reason)
		}

		/// Shows units, so that the chain keeps their serials, of products that ask for it.
		///
		/// By anybody with an identity and the proofs, in rising order.
		#[pallet::call_index(22)]
		#[pallet::weight(T::WeightInfo::touch_units(units.len() as u32))]
		pub fn touch_units(
			origin: OriginFor<T>,
			units: BoundedVec<UnitProof, ConstU32<MAX_TOUCHED>>,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_touch_units(actor, units)
		}

		/// Hands units over to a patient, each with its proof and a commitment whose secret goes with
		/// it, in rising order: all or none.
		///
		/// By a pharmacy or facility licensed in the market of `site`, which holds them. A product on
		/// prescription names in `prescription` which it fills. Weight is given back for serials that
		/// were kept before, or need not be.
		#[pallet::call_index(23)]
		#[pallet::weight(calls::weight_of_sale::<T>(units, units.len() as u32))]
		pub fn dispense(
			origin: OriginFor<T>,
			units: BoundedVec<Dispensing, ConstU32<MAX_UNITS>>,
			site: Site,
			prescription: RxLink,
			told: Told,
		) -> DispatchResultWithPostInfo {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_dispense(actor, units, site, prescription, told)
		}

		/// Hands a part of a unit over: `fraction` in ten-thousandths. The last part makes it
		/// dispensed.
		///
		/// By whom `dispense` allows.
		#[pallet::call_index(24)]
		pub fn dispense_partial(
			origin: OriginFor<T>,
			unit: Dispensing,
			fraction: u16,
			site: Site,
			prescription: RxLink,
			told: Told,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_dispense_partial(actor, unit, fraction, site, prescription, told)
		}

		/// Makes a unit active again that was dispensed, exported or given as a sample by mistake, or
		/// was missing and is found (Delegated Regulation (EU) 2016/161, Article 13).
		///
		/// By the same partner, account and location within ten days, when it is neither expired nor
		/// recalled nor withdrawn; `not_handed_over` states that it never left.
		#[pallet::call_index(25)]
		pub fn undo_decommission(
			origin: OriginFor<T>,
			unit: HeldUnit,
			site: Site,
			not_handed_over: bool,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_undo_decommission(actor, unit, site, not_handed_over)
		}

		/// Takes units back from the public, in rising order: each becomes a parcel of its own. They
		/// may be sold again when `saleable`.
		///
		/// By who holds their parcels; by another pharmacy or facility that opens the commitment of
		/// the dispensing while it is kept.
		#[pallet::call_index(26)]
		#[pallet::weight(T::WeightInfo::return_units(units.len() as u32))]
		pub fn return_units(
			origin: OriginFor<T>,
			units: BoundedVec<ReturnedUnit, ConstU32<MAX_UNITS>>,
			saleable: bool,
			told: Told,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_return_units(actor, units, saleable, told)
		}

		/// Takes units from the market without a patient, in rising order; puts devices into use, and
		/// retires them.
		///
		/// By who holds them, with their proofs.
		#[pallet::call_index(27)]
		#[pallet::weight(T::WeightInfo::decommission(units.len() as u32))]
		pub fn decommission(
			origin: OriginFor<T>,
			units: BoundedVec<UnitProof, ConstU32<MAX_UNITS>>,
			reason: DecommissionReason,
			site: Site,
			told: Told,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_decommission(actor, units, reason, site, told)
		}

		/// Destroys units, in rising order, for good.
		///
		/// By who holds them, with the signature of a witness: another licensed organisation.
		/// `certificate` is the hash of the protocol.
		#[pallet::call_index(28)]
		#[pallet::weight(T::WeightInfo::destroy(units.len() as u32))]
		pub fn destroy(
			origin: OriginFor<T>,
			units: BoundedVec<HeldUnit, ConstU32<MAX_UNITS>>,
			certificate: Digest,
			witness: WitnessOf<T>,
			told: Told,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_destroy(actor, units, certificate, witness, told)
		}

		/// Puts a unit, a parcel or a container aside, or a lot in a market.
		///
		/// By who holds it, or by the authority of `market` when that is named; a lot by the authority
		/// of its market. A unit of a holder becomes a parcel of its own.
		#[pallet::call_index(29)]
		pub fn quarantine(
			origin: OriginFor<T>,
			target: HoldTarget,
			reason: QuarantineReason,
			market: Option<Market>,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_quarantine(actor, target, reason, market)
		}

		/// Lets go what was put aside, to where it stood before, unless it is recalled.
		///
		/// What a holder put aside, by who holds it now; what an authority locked, by that authority
		/// alone; units with one serial, by the authority of a `market` where the product was
		/// decided on. Returned units become active likewise, by who answers for the product or a
		/// pharmacy or facility, when they hold them.
		#[pallet::call_index(30)]
		pub fn release_quarantine(
			origin: OriginFor<T>,
			target: HoldTarget,
			market: Option<Market>,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_release_quarantine(actor, target, market)
		}

		/// Proves that two units carry one serial: both are put aside, and the maker gets a strike.
		///
		/// By anybody with an identity and the two proofs.
		#[pallet::call_index(34)]
		pub fn report_duplicate_serial(
			origin: OriginFor<T>,
			first: UnitProof,
			second: UnitProof,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_report_duplicate_serial(actor, first, second)
		}

		/// Recalls a product, a lot, a batch or a stretch of one, from the next block on, however many
		/// units that are.
		///
		/// By who answers for the product, anywhere; by an authority in its own markets, named in
		/// rising order. Once per scope and `reference`. Holds nothing.
		#[pallet::call_index(35)]
		pub fn initiate_recall(
			origin: OriginFor<T>,
			scope: RecallScope,
			class: RecallClass,
			depth: RecallDepth,
			markets: Markets,
			reason: Digest,
			reference: Digest,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			let terms = RecallTerms { class, depth, markets };
			Self::do_initiate_recall(actor, scope, terms, reason, reference)
		}

		/// Makes a recall reach more: a wider scope of the same product, more markets, a worse class, a
		/// deeper level. It never reaches less.
		///
		/// By who recalled.
		#[pallet::call_index(36)]
		pub fn extend_recall(
			origin: OriginFor<T>,
			recall: RecallId,
			scope: RecallScope,
			class: RecallClass,
			depth: RecallDepth,
			markets: Markets,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			let terms = RecallTerms { class, depth, markets };
			Self::do_extend_recall(actor, recall, scope, terms)
		}

		/// Ends a recall.
		///
		/// By who recalled; an authority's by that authority alone.
		#[pallet::call_index(37)]
		pub fn close_recall(origin: OriginFor<T>, recall: RecallId) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_close_recall(actor, recall)
		}

		/// Says that one knows of a recall.
		///
		/// By a licensed partner, once.
		#[pallet::call_index(38)]
		pub fn acknowledge_recall(origin: OriginFor<T>, recall: RecallId) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_acknowledge_recall(actor, recall)
		}

		/// Says what one did about a recall, in place of what one said before. All partners together
		/// report no more units than it reached.
		///
		/// By a partner who acknowledged it.
		#[pallet::call_index(39)]
		pub fn report_recall_progress(
			origin: OriginFor<T>,
			recall: RecallId,
			progress: Progress,
		) -> DispatchResult {
			let actor = T::PartnerOrigin::ensure_origin(origin)?;
			Self::do_report_recall_progress(actor, recall, progress)
		}

		/// Removes what is over: containers whose number has rested for a year, and the marks of units
		/// whose leaving can no longer be undone. What is not over is passed by.
		///
		/// By anybody. Rent goes back to who paid it.
		#[pallet::call_index(53)]
		#[pallet::weight(T::WeightInfo::reap(containers.len() as u32, units.len() as u32))]
		pub fn reap(
			origin: OriginFor<T>,
			containers: BoundedVec<Sscc, ConstU32<MAX_REAPED>>,
			units: BoundedVec<UnitRef, ConstU32<MAX_REAPED>>,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap(&containers, &units)
		}
	}
}
