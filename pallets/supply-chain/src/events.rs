// SPDX-License-Identifier: Apache-2.0

//! What happened, enough to follow the state without reading it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A company code got an owner.
		CompanyClaimed {
			/// Which.
			code: CompanyCode,
			/// Whose.
			owner: IdentityId,
			/// The hash of the evidence.
			evidence: Digest,
		},
		/// A product is known.
		ProductRegistered {
			/// Which.
			product: UdiDi,
			/// Who answers for it.
			holder: IdentityId,
			/// What it is.
			class: ProductClass,
			/// What is special about it.
			flags: ProductFlags,
			/// How its serials are kept apart.
			uniqueness: Uniqueness,
			/// The hash of its master data.
			master: Digest,
		},
		/// The master data of a product changed.
		ProductUpdated {
			/// Which.
			product: UdiDi,
			/// The new hash.
			master: Digest,
			/// How often that happened.
			version: u32,
		},
		/// A product may be sold in a market.
		ProductApproved {
			/// Which.
			product: UdiDi,
			/// Where.
			market: Market,
			/// Who decided.
			authority: IdentityId,
			/// The hash of the decision.
			reference: Digest,
			/// When.
			window: Window,
		},
		/// A product may not be sold in a market until it is approved anew.
		ApprovalSuspended {
			/// Which.
			product: UdiDi,
			/// Where.
			market: Market,
			/// Who decided.
			authority: IdentityId,
			/// The hash of the reason.
			reason: Digest,
		},
		/// A product was withdrawn for good.
		ProductWithdrawn {
			/// Which.
			product: UdiDi,
			/// Where; none for everywhere.
			market: Option<Market>,
			/// By whom.
			by: IdentityId,
			/// The hash of the reason.
			reason: Digest,
		},
		/// A lot was opened.
		LotOpened {
			/// Its number here.
			lot: LotIx,
			/// Of which product.
			product: UdiDi,
			/// Its number on the label.
			number: LotNo,
			/// When it was made.
			made: Date,
			/// Until when it may be used.
			expiry: Date,
			/// How many units it holds at most.
			planned: u64,
			/// By whom.
			by: IdentityId,
		},
		/// Units were commissioned (EPCIS ObjectEvent ADD, commissioning).
		BatchCommissioned {
			/// Their batch.
			batch: BatchIx,
			/// Into which lot.
			lot: LotIx,
			/// The root of their leaves.
			root: Digest,
			/// How many.
			count: u32,
			/// The hash of the leaf file.
			leaf_file: Digest,
			/// By whom.
			by: IdentityId,
			/// As their maker says.
			told: Told,
		},
		/// A lot was released.
		LotReleased {
			/// Which.
			lot: LotIx,
			/// The hash of the certificate.
			certificate: Digest,
			/// By whom.
			by: IdentityId,
		},
		/// Nothing is commissioned into a lot any more.
		LotClosed {
			/// Which.
			lot: LotIx,
		},
		/// A container got its number.
		ContainerCommissioned {
			/// Which.
			sscc: Sscc,
			/// From whom.
			by: IdentityId,
		},
		/// Items went into a container (EPCIS AggregationEvent ADD, packing).
		Packed {
			/// Into which.
			sscc: Sscc,
			/// How many.
			items: u32,
			/// The hash of their list.
			root: Digest,
			/// By whom.
			by: IdentityId,
			/// As the packer says.
			told: Told,
		},
		/// Items came out of a container (EPCIS AggregationEvent DELETE, unpacking).
		Unpacked {
			/// Out of which.
			sscc: Sscc,
			/// How many.
			items: u32,
			/// The hash of their list.
			root: Digest,
			/// Whether it is over now.
			emptied: bool,
			/// By whom.
			by: IdentityId,
			/// How far they were looked into.
			completeness: Completeness,
			/// As who unpacked says.
			told: Told,
		},
		/// A container was sealed.
		Sealed {
			/// Which.
			sscc: Sscc,
			/// The hash of the seal.
			seal: Digest,
			/// By whom.
			by: IdentityId,
		},
		/// A container was unsealed.
		Unsealed {
			/// Which.
			sscc: Sscc,
			/// By whom.
			by: IdentityId,
		},
		/// A parcel became two.
		ParcelSplit {
			/// Of which batch.
			batch: BatchIx,
			/// Where the first begins.
			start: u32,
			/// Where the second begins.
			at: u32,
		},
		/// Two parcels became one.
		ParcelsMerged {
			/// Of which batch.
			batch: BatchIx,
			/// Where it begins.
			start: u32,
			/// How many units it has.
			len: u32,
		},
		/// Goods left (EPCIS ObjectEvent OBSERVE, shipping).
		Shipped {
			/// As which shipment.
			shipment: ShipmentId,
			/// From whom.
			from: IdentityId,
			/// To whom.
			to: IdentityId,
			/// To which place.
			ship_to: Option<Gln>,
			/// What.
			items: BoundedVec<ItemRef, ConstU32<MAX_SHIPPED>>,
			/// The hash of the transaction information.
			transaction: Digest,
			/// As the sender says.
			told: Told,
		},
		/// The sender took a shipment back (EPCIS void_shipping).
		ShipmentVoided {
			/// Which.
			shipment: ShipmentId,
		},
		/// Goods arrived (EPCIS ObjectEvent OBSERVE, receiving).
		Received {
			/// With which shipment.
			shipment: ShipmentId,
			/// From whom.
			from: IdentityId,
			/// By whom.
			to: IdentityId,
			/// What was taken.
			accepted: BoundedVec<ItemRef, ConstU32<MAX_SHIPPED>>,
			/// How many items did not come and went back to the sender.
			short: u32,
			/// How many came that were not announced; nobody is credited with them.
			over: u32,
			/// How far it was looked into.
			completeness: Completeness,
			/// As the receiver says.
			told: Told,
		},
		/// The receiver sent everything back.
		ShipmentRejected {
			/// Which.
			shipment: ShipmentId,
			/// How many items.
			items: u32,
			/// Why.
			reason: RejectReason,
		},
		/// The serials of units are kept from now on.
		UnitsTouched {
			/// Of which batch.
			batch: BatchIx,
			/// How many.
			units: u32,
			/// Who showed them.
			by: IdentityId,
		},
		/// A unit was handed over (EPCIS ObjectEvent, dispensing).
		Dispensed {
			/// Which.
			unit: UnitRef,
			/// To whom knows the secret.
			commitment: Digest,
			/// Which prescription it fills.
			prescription: RxLink,
			/// Where.
			market: Market,
			/// By whom.
			by: IdentityId,
			/// As who dispensed says.
			told: Told,
		},
		/// A part of a unit was handed over.
		PartiallyDispensed {
			/// Of which.
			unit: UnitRef,
			/// How much, in ten-thousandths.
			fraction: u16,
			/// How much of it in all.
			total: u16,
			/// To whom knows the secret.
			commitment: Digest,
			/// Which prescription it fills.
			prescription: RxLink,
			/// Where.
			market: Market,
			/// By whom.
			by: IdentityId,
			/// As who dispensed says.
			told: Told,
		},
		/// A unit is active again.
		DecommissionUndone {
			/// Which.
			unit: UnitRef,
			/// What was undone.
			from: UnitState,
			/// By whom.
			by: IdentityId,
		},
		/// A unit came back (EPCIS returning).
		UnitReturned {
			/// Which.
			unit: UnitRef,
			/// Whether it may be sold again.
			saleable: bool,
			/// To whom.
			by: IdentityId,
			/// As who took it says.
			told: Told,
		},
		/// A unit left the market, or a device went into use or out of it.
		UnitDecommissioned {
			/// Which.
			unit: UnitRef,
			/// How.
			reason: DecommissionReason,
			/// By whom.
			by: IdentityId,
			/// As who did it says.
			told: Told,
		},
		/// A unit was destroyed (EPCIS destroying).
		UnitDestroyed {
			/// Which.
			unit: UnitRef,
			/// The hash of the certificate.
			certificate: Digest,
			/// By whom.
			by: IdentityId,
			/// Who watched.
			witness: IdentityId,
			/// As who did it says.
			told: Told,
		},
		/// Something was put aside (EPCIS holding).
		QuarantineSet {
			/// What.
			target: HoldTarget,
			/// Why.
			reason: QuarantineReason,
			/// Whether by an authority.
			authority: bool,
			/// By whom.
			by: IdentityId,
		},
		/// Something was let go.
		QuarantineReleased {
			/// What.
			target: HoldTarget,
			/// By whom.
			by: IdentityId,
		},
		/// Two units carry one serial: both are put aside.
		DuplicateSerialProven {
			/// Of which product.
			product: UdiDi,
			/// The one.
			first: UnitRef,
			/// The other.
			second: UnitRef,
			/// Whose fault it is.
			issuer: IdentityId,
			/// Who proved it.
			by: IdentityId,
		},
		/// Goods are recalled, from the next block on.
		RecallInitiated {
			/// Its number.
			recall: RecallId,
			/// What.
			scope: RecallScope,
			/// How dangerous.
			class: RecallClass,
			/// How far down.
			depth: RecallDepth,
			/// Where; empty for everywhere.
			markets: Markets,
			/// The hash of the reason.
			reason: Digest,
			/// The initiator's reference.
			reference: Digest,
			/// By whom.
			by: IdentityId,
		},
		/// A recall reaches more.
		RecallExtended {
			/// Which.
			recall: RecallId,
			/// What it reaches now.
			scope: RecallScope,
			/// Where.
			markets: Markets,
			/// How dangerous.
			class: RecallClass,
			/// How far down.
			depth: RecallDepth,
			/// By whom.
			by: IdentityId,
		},
		/// A recall is over.
		RecallClosed {
			/// Which.
			recall: RecallId,
			/// By whom.
			by: IdentityId,
		},
		/// A partner knows of a recall.
		RecallAcknowledged {
			/// Which.
			recall: RecallId,
			/// Who.
			by: IdentityId,
		},
		/// A partner says what it did about a recall.
		RecallProgressReported {
			/// Which.
			recall: RecallId,
			/// Who.
			by: IdentityId,
			/// What, in place of what it said before.
			progress: Progress,
		},
		/// Rows that were over are gone.
		Reaped {
			/// How many containers.
			containers: u32,
			/// How many marks of units that left.
			units: u32,
		},
	}
}
