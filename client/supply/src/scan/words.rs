// SPDX-License-Identifier: Apache-2.0

//! The words for classes and codes. `docs/supply-chain.md` has the same table, and a test compares
//! them.

use salus_primitives::{VerdictClass, VerdictCode};

/// A class at a glance, also without colours.
pub(super) const fn banner(class: VerdictClass) -> &'static str {
	match class {
		VerdictClass::Ok => "OK",
		VerdictClass::Technical => "SCAN AGAIN",
		VerdictClass::NotSaleable => "DO NOT SELL",
		VerdictClass::Suspect => "SUSPECT",
	}
}

/// What was found.
pub(super) const fn found(code: VerdictCode) -> &'static str {
	use VerdictCode::*;
	match code {
		Ok => "genuine, and may be handed over",
		UnknownProduct => "no such product is known",
		UnknownLot => "the product has no such lot",
		UnknownSerial => "no unit of the lot has this serial",
		LotMismatch => "the label names another lot than the maker",
		ExpiryMismatch => "the label names another expiry than the maker",
		CaseOnlyMismatch => "the reader changed capitals and small letters",
		KeyboardMismatch => "the reader types for another keyboard",
		BadFormat => "a field of the code is missing",
		DataNotYetUploaded => "the maker's data are not there yet",
		AlreadyDispensedHere => "handed over here before",
		AlreadyDispensedElsewhere => "handed over by somebody else before",
		InTransit => "still on its way",
		OtherHolder => "in somebody else's stock",
		Expired => "past its expiry",
		Recalled => "recalled",
		Withdrawn => "withdrawn from the market",
		Quarantined => "put aside",
		Stolen => "reported stolen",
		Destroyed => "reported destroyed",
		Illegitimate => "shown to be a forgery",
		NotReleased => "the lot is not released",
		NotApproved => "not approved in this market",
		PartiallyDispensed => "opened: a part of it was handed over",
		Returned => "came back, and is not for sale",
		Locked => "locked by an authority",
		Missing => "missing at its holder",
		Decommissioned => "taken from this market as an export or a sample",
		InUse => "a device in use",
		Retired => "a device taken out of use",
	}
}

/// What to do about it.
pub(super) const fn advice(code: VerdictCode) -> &'static str {
	use VerdictCode::*;
	match code {
		Ok => "Hand it over, and record that with `salus supply dispense`.",
		UnknownProduct => {
			"Keep the pack. Compare the number with the print below the code; if it is the same, report \
			 the pack as suspected falsified."
		},
		UnknownLot => {
			"Keep the pack. Compare the lot with the print; if it is the same, ask the supplier, and \
			 report the pack if the maker does not know the lot."
		},
		UnknownSerial => {
			"Keep the pack and do not hand it over. Compare the serial with the print; if it is the same, \
			 report the pack as suspected falsified."
		},
		LotMismatch => {
			"Keep the pack and do not hand it over. If the print says the same as the code, report it: \
			 the serial is genuine and the lot is not."
		},
		ExpiryMismatch => {
			"Keep the pack and do not hand it over. If the print says the same as the code, report it: \
			 an expiry may have been changed."
		},
		CaseOnlyMismatch => "Switch Caps Lock off and scan again. The pack is not under suspicion.",
		KeyboardMismatch => {
			"Set reader and computer to one keyboard layout and scan again. The pack is not under suspicion."
		},
		BadFormat => {
			"Scan again, or type what is printed. The code has to say product and serial; lot and expiry \
			 may be missing."
		},
		DataNotYetUploaded => {
			"Put the pack aside and try again in an hour, or ask the maker's service for the proof. Do \
			 not hand it over meanwhile."
		},
		AlreadyDispensedHere => {
			"Look whether it was scanned twice. If it never left, undo it within ten days with `salus \
			 supply undo`."
		},
		AlreadyDispensedElsewhere => {
			"Keep the pack and do not hand it over: of two packs with one serial one is a copy. Report it \
			 as suspected falsified."
		},
		InTransit => {
			"Receive the shipment first with `salus supply receive`. If it did not come with one, ask the \
			 sender."
		},
		OtherHolder => {
			"Do not hand it over. Ask your supplier to ship it on the chain; until it does, it is not your \
			 stock."
		},
		Expired => "Do not hand it over. Put it aside for return or destruction.",
		Recalled => {
			"Do not hand it over. Take it from the shelf, follow the recall notice, and report how many \
			 you hold."
		},
		Withdrawn => "Do not hand it over. Return it as its maker says.",
		Quarantined => "Do not hand it over until who put it aside lets it go.",
		Stolen => "Do not hand it over. Keep it, note where it came from, and tell the police.",
		Destroyed => {
			"Keep it and do not hand it over: a destroyed pack does not come back. Report it as suspected \
			 falsified."
		},
		Illegitimate => {
			"Do not hand it over. Keep it for the authority, and report where it came from."
		},
		NotReleased => "Put it aside until its maker releases the lot.",
		NotApproved => {
			"Do not hand it over here: it belongs to another market, or its approval has lapsed. Return it \
			 to your supplier."
		},
		PartiallyDispensed => {
			"Do not hand it over as a whole pack: only what is left of it, as a part, by the prescription."
		},
		Returned => "Do not hand it over until its quality was released.",
		Locked => "Do not hand it over. Ask the authority that locked it.",
		Missing => "Do not hand it over. Tell who misses it that it is found.",
		Decommissioned => {
			"Keep it and do not hand it over: it left this market for good. Report it unless you took the \
			 sample yourself."
		},
		InUse => "It belongs to the facility that uses it, and is not for sale.",
		Retired => "It is out of use for good, and is not for sale.",
	}
}
