// SPDX-License-Identifier: Apache-2.0

//! What is stored.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod storage {
	/// Who owns a company code. Put by the registry, and stays.
	#[pallet::storage]
	pub type Companies<T: Config> = StorageMap<_, Blake2_128Concat, CompanyCode, IdentityId>;

	/// How many claimed GS1 Company Prefixes begin with these digits and go on: no prefix may be
	/// claimed that another begins with. Written with [`Companies`].
	#[pallet::storage]
	pub type PrefixStems<T: Config> = StorageMap<_, Twox64Concat, CompanyPrefix, u32, ValueQuery>;

	/// Products, by the number on their smallest saleable unit. Rent is held from who registered
	/// them. They stay: packs of them are scanned for years.
	#[pallet::storage]
	pub type Products<T: Config> = StorageMap<_, Blake2_128Concat, UdiDi, ProductOf<T>>;

	/// Which product a grouping's GTIN stands for, and how many units of it. Paid with the product.
	#[pallet::storage]
	pub type PackLevels<T: Config> = StorageMap<_, Blake2_128Concat, Gtin, (UdiDi, u32)>;

	/// What the authority of a market lets happen to a product, by product and market. Written by
	/// authorities, and stays.
	#[pallet::storage]
	pub type Approvals<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, UdiDi, Twox64Concat, Market, Approval, OptionQuery>;

	/// Lots. Rent is held from who opened them.
	#[pallet::storage]
	pub type Lots<T: Config> = StorageMap<_, Twox64Concat, LotIx, LotOf<T>>;

	/// The lot with a number, by product. Paid with the lot.
	#[pallet::storage]
	pub type LotByNo<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, UdiDi, Blake2_128Concat, LotNo, LotIx, OptionQuery>;

	/// The number that the next lot gets.
	#[pallet::storage]
	pub type NextLot<T: Config> = StorageValue<_, LotIx, ValueQuery>;

	/// Batches of commissioned units. Rent is held from who commissioned them, with that for the
	/// pages of states their units can come to take.
	#[pallet::storage]
	pub type Batches<T: Config> = StorageMap<_, Twox64Concat, BatchIx, BatchOf<T>>;

	/// The batches of a lot. Paid with the batch.
	#[pallet::storage]
	pub type LotBatches<T: Config> =
		StorageDoubleMap<_, Twox64Concat, LotIx, Twox64Concat, BatchIx, (), OptionQuery>;

	/// The batch with a root: none is commissioned twice. Paid with the batch.
	#[pallet::storage]
	pub type BatchByRoot<T: Config> = StorageMap<_, Blake2_128Concat, Digest, BatchIx>;

	/// The number that the next batch gets.
	#[pallet::storage]
	pub type NextBatch<T: Config> = StorageValue<_, BatchIx, ValueQuery>;

	/// The states of 256 units, by batch and page. None while all of them are active. Paid with the
	/// batch.
	#[pallet::storage]
	pub type UnitPages<T: Config> =
		StorageDoubleMap<_, Twox64Concat, BatchIx, Twox64Concat, u32, UnitPage, OptionQuery>;

	/// Who dispensed or decommissioned a unit, while that can be undone. Swept afterwards.
	#[pallet::storage]
	pub type Leavings<T: Config> = StorageMap<_, Twox64Concat, UnitRef, Leaving>;

	/// Where the sweep of [`Leavings`] goes on: the raw key of the last one it looked at.
	#[pallet::storage]
	pub type SweepCursor<T: Config> = StorageValue<_, UnitRef>;

	/// Units that are put aside or locked, with the state they return to. Gone when they are let go.
	#[pallet::storage]
	pub type UnitHolds<T: Config> = StorageMap<_, Twox64Concat, UnitRef, UnitHold>;

	/// Devices in use and retired ones.
	#[pallet::storage]
	pub type Devices<T: Config> = StorageMap<_, Twox64Concat, UnitRef, DeviceLife>;

	/// How much of a unit was dispensed in parts, in ten-thousandths. Kept while the unit is there, all
	/// of it dispensed or returned: what was opened is never whole again.
	#[pallet::storage]
	pub type Partials<T: Config> = StorageMap<_, Twox64Concat, UnitRef, u16>;

	/// The unit with a serial, of products that ask for it, by product and serial. Paid with the
	/// batch.
	#[pallet::storage]
	pub type SerialIndex<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		UdiDi,
		Blake2_128Concat,
		Serial,
		UnitRef,
		OptionQuery,
	>;

	/// Pairs of units that were proved to carry one serial, the lower first.
	#[pallet::storage]
	pub type Duplicates<T: Config> = StorageMap<_, Twox64Concat, (UnitRef, UnitRef), ()>;

	/// How often a maker was shown to have given one serial to two units.
	#[pallet::storage]
	pub type Strikes<T: Config> = StorageMap<_, Identity, IdentityId, u32, ValueQuery>;

	/// Parcels, by batch and first index. Paid with the batch: how many there are is up to those who
	/// hold them, and splitting costs fees.
	#[pallet::storage]
	pub type Parcels<T: Config> =
		StorageDoubleMap<_, Twox64Concat, BatchIx, Twox64Concat, u32, Parcel, OptionQuery>;

	/// Containers. Rent is held from who commissioned them. Their numbers rest for a year after they
	/// were emptied; then they can be reaped.
	#[pallet::storage]
	pub type Containers<T: Config> = StorageMap<_, Blake2_128Concat, Sscc, ContainerOf<T>>;

	/// What is in a container. Paid with the container and the parcels.
	#[pallet::storage]
	pub type ContainerItems<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, Sscc, Blake2_128Concat, ItemRef, (), OptionQuery>;

	/// What a partner holds itself: not what is in containers, nor what is on its way.
	#[pallet::storage]
	pub type Holdings<T: Config> =
		StorageDoubleMap<_, Identity, IdentityId, Blake2_128Concat, ItemRef, (), OptionQuery>;

	/// Shipments of which something is on its way. Rent is held from the sender; gone when nothing
	/// is.
	#[pallet::storage]
	pub type Shipments<T: Config> = StorageMap<_, Twox64Concat, ShipmentId, ShipmentOf<T>>;

	/// What of a shipment is still on its way. Paid with the shipment.
	#[pallet::storage]
	pub type ShipmentItems<T: Config> =
		StorageDoubleMap<_, Twox64Concat, ShipmentId, Blake2_128Concat, ItemRef, (), OptionQuery>;

	/// The open shipments of a partner, as sender or receiver. Paid with the shipment.
	#[pallet::storage]
	pub type OpenShipments<T: Config> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, ShipmentId, (), OptionQuery>;

	/// The number that the next shipment gets.
	#[pallet::storage]
	pub type NextShipment<T: Config> = StorageValue<_, ShipmentId, ValueQuery>;

	/// Recalls. They stay.
	#[pallet::storage]
	pub type Recalls<T: Config> = StorageMap<_, Twox64Concat, RecallId, Recall>;

	/// The recall of a scope with a reference of its initiator, by the hash of the three. An extended
	/// recall is there by each scope it had.
	#[pallet::storage]
	pub type RecallByReference<T: Config> = StorageMap<_, Identity, Digest, RecallId>;

	/// What a partner did about a recall.
	#[pallet::storage]
	pub type RecallProgress<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		RecallId,
		Identity,
		IdentityId,
		PartnerProgress,
		OptionQuery,
	>;

	/// The number that the next recall gets.
	#[pallet::storage]
	pub type NextRecall<T: Config> = StorageValue<_, RecallId, ValueQuery>;
}
