// SPDX-License-Identifier: Apache-2.0

//! What can be wrong with a call, and what to do about it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// You hold no licence in force that allows this: have it granted or renewed.
		NotLicensed,
		/// The other party holds no licence in force to handle goods: choose another.
		PartnerNotLicensed,
		/// Only the authority of that market, or who decided before, may do this.
		NotAuthorised,
		/// Only who answers for the product may do this.
		NotProductHolder,
		/// The company code has characters that none has: check it.
		BadCompanyCode,
		/// The code, one that it begins with, or one that begins with it has an owner.
		PrefixTaken,
		/// The number does not begin with that company code, or the code is not yours.
		PrefixNotOwned,
		/// A number for variable measures or for use within a company names no product of ours.
		RestrictedNumber,
		/// The product, or a grouping with that number, is registered.
		ProductExists,
		/// No product has this number: register it first.
		UnknownProduct,
		/// A grouping holds at least two units, and its number begins with the product's company code.
		BadPackLevel,
		/// The product was withdrawn.
		ProductWithdrawn,
		/// A drug has a GTIN, and no flag of a device; check class and flags.
		BadProductClass,
		/// The window is empty or over.
		BadWindow,
		/// No country has that number.
		BadMarket,
		/// The product is not approved in this market now.
		NotApprovedInMarket,
		/// The approval has been withdrawn for good.
		ApprovalWithdrawn,
		/// The product has a lot with this number.
		LotExists,
		/// There is no such lot.
		UnknownLot,
		/// A product is not made after it expires, nor in the future; check the two dates.
		ExpiryBeforeManufacture,
		/// The lot has expired.
		LotExpired,
		/// The lot was not released yet.
		LotNotReleased,
		/// The lot was released before.
		LotReleased,
		/// The lot is closed: open another.
		LotClosed,
		/// An authority holds the lot.
		LotHeld,
		/// As many authorities hold the lot as can.
		TooManyHolds,
		/// A batch, a lot or a grouping holds at least one unit.
		ZeroCount,
		/// A batch holds 2^24 units at most: commission several.
		CountTooLarge,
		/// More than the lot was planned to hold.
		OverPlannedQuantity,
		/// A batch with this root was commissioned before: salts make every root new.
		RootAlreadyUsed,
		/// The root is all zeros: build the tree of the leaves first.
		NoRoot,
		/// There is no such batch.
		UnknownBatch,
		/// The proof does not lead to the root of the batch: get it anew from the maker.
		BadProof,
		/// The batch has no unit with that index.
		IndexOutOfRange,
		/// The list names something twice or is not in rising order.
		NotSorted,
		/// Nothing was named.
		NothingNamed,
		/// The serial stands for another unit.
		SerialTaken,
		/// The product does not ask for its serials to be kept.
		SerialsNotKept,
		/// The serials of all these units are kept.
		AlreadyTouched,
		/// The two are one unit, or their serials differ: that proves nothing.
		NoDuplicate,
		/// This was proved before.
		AlreadyProved,
		/// You do not hold this.
		NotCustodian,
		/// No parcel begins at that index.
		UnknownParcel,
		/// The range is not within the parcel, or cuts nothing off.
		RangeOutsideParcel,
		/// The two parcels do not follow each other, their places, holds or completeness differ, or one
		/// is a single unit that is not active.
		NotMergeable,
		/// It is on its way: receive, void or reject the shipment first.
		InTransit,
		/// It is in a container: unpack it first.
		AlreadyInContainer,
		/// It is not in that container.
		NotInContainer,
		/// A container cannot be in itself.
		CycleDetected,
		/// More than six containers would stand in each other.
		DepthExceeded,
		/// The container, or one around it, is sealed: unseal it first.
		ContainerSealed,
		/// The container is not sealed.
		NotSealed,
		/// There is no such container: commission it first.
		UnknownContainer,
		/// The container is over: it was emptied.
		ContainerEmptied,
		/// The container holds nothing.
		ContainerEmpty,
		/// The number of the container was used within a year.
		SsccReused,
		/// It has more items than one call takes: name them.
		TooManyItems,
		/// There is no such shipment, or nothing of it is on its way any more.
		UnknownShipment,
		/// Only the receiver may do this.
		NotReceiver,
		/// Only the sender may do this.
		NotSender,
		/// Something of the shipment was received: the receiver closes it.
		AlreadyReceived,
		/// That is not, or no longer, on its way in this shipment.
		NotInShipment,
		/// A shipment goes to another partner.
		ShipToSelf,
		/// The transaction statement has to be affirmed (DSCSA, section 581(27)).
		StatementNotAffirmed,
		/// It is put aside: release it first.
		Quarantined,
		/// It is recalled: it may only go back to who answers for it, or be destroyed.
		Recalled,
		/// The unit is not in a state from which that is possible.
		BadTransition,
		/// The unit is in that state.
		AlreadyInState,
		/// You dispensed it here before: a second scan of one pack.
		DoubleScan,
		/// Somebody else dispensed it: keep the pack and report it.
		DispensedElsewhere,
		/// It was not done within ten days: it cannot be undone.
		UndoWindowClosed,
		/// Only the partner, account and location that did it undo it.
		UndoOtherSite,
		/// It must be stated that the pack was not handed over.
		HandedOver,
		/// The secret does not open the commitment of the dispensing.
		OpeningMismatch,
		/// The commitment of the dispensing is not kept any more: return it to who holds its parcel.
		CommitmentGone,
		/// The unit is not to be handed over: ask for its status.
		NotDispensable,
		/// The prescription does not cover this, or the product needs one.
		PrescriptionRejected,
		/// The fraction is nothing, the whole, or more than is left: in ten-thousandths.
		BadFraction,
		/// That goes for devices only.
		NotADevice,
		/// A witness is another organisation with a licence to handle goods; of what an authority
		/// locked, that authority.
		BadWitness,
		/// The signature of the witness could be used until a time that has passed: ask for another.
		WitnessExpired,
		/// The witness did not sign this: holder, units, certificate and time have to be these.
		BadWitnessSignature,
		/// That two units carry one serial is shown by their proofs: report it as a duplicate.
		DuplicateNotProved,
		/// It is not put aside.
		NotQuarantined,
		/// Only who put it aside, or its authority, lets it go.
		NotHoldOwner,
		/// The markets are not in rising order, or one is no country.
		BadMarkets,
		/// An authority recalls in named markets only, of which it is the authority.
		MarketNotYours,
		/// You recalled this under that reference: extend that recall, or choose another reference.
		RecallAlreadyActive,
		/// As many recalls are live on it as can be: close one.
		TooManyRecalls,
		/// There is no such recall.
		UnknownRecall,
		/// The recall is closed.
		RecallClosed,
		/// The recall does not grow by that: name more of the product.
		NotAnExtension,
		/// Acknowledge the recall first.
		NotAcknowledged,
		/// You acknowledged the recall.
		AlreadyAcknowledged,
		/// All partners together would report more units than were commissioned.
		ProgressTooLarge,
		/// None of these is over yet.
		NothingToReap,
		/// The time of the event is more than 30 days ago, or more than five minutes ahead.
		ClockSkew,
	}
}
