// SPDX-License-Identifier: Apache-2.0

//! Arguments for calls that nobody means.

use codec::Encode;
use salus_gs1::{CompanyPrefix, Date, Gtin, LotNo, Serial, Sscc, UdiDi};
use salus_primitives::{Digest, UnitRef};

/// The bytes that the arguments of a call begin with, when zeros are none: numbers on labels and
/// dates have no zero. What follows may be zeros.
pub fn first_arguments(call: &str) -> Vec<u8> {
	let gtin = || UdiDi::Gs1("06291041500213".parse::<Gtin>().expect("a GTIN"));
	let prefix = || "6291041".parse::<CompanyPrefix>().expect("a prefix");
	// A company code of GS1.
	let code = || (0u8, prefix());
	let day = || "2027-03-31".parse::<Date>().expect("a day");
	let serial = || "S1".parse::<Serial>().expect("a serial");
	let proof = || (UnitRef::default(), 0u32, serial(), [0u8; 16], Vec::<Digest>::new());
	match call {
		"claim_company_prefix" => code().encode(),
		"register_product" => (gtin(), code()).encode(),
		"open_lot" => (gtin(), "L1".parse::<LotNo>().expect("a lot"), day(), day()).encode(),
		"commission_container" => (Sscc::from_body(0).expect("an SSCC"), prefix()).encode(),
		"dispense_partial" => proof().encode(),
		"report_duplicate_serial" => (proof(), proof()).encode(),
		_ => Vec::new(),
	}
}
