// SPDX-License-Identifier: Apache-2.0

//! Application identifiers: which there are, what they hold, what they go with.

use core::fmt;

/// What the value of an application identifier looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
	/// An SSCC.
	Sscc,
	/// A GTIN, with 14 digits.
	Gtin,
	/// A GLN.
	Gln,
	/// A lot number.
	Lot,
	/// A serial number.
	Serial,
	/// YYMMDD; day 00 is allowed.
	Date,
	/// YYMMDDhhmm.
	Time,
	/// Digits: so many at least, so many at most.
	Digits(u16, u16),
	/// One to so many characters of set 82.
	Text(u16),
	/// Three digits of ISO 3166-1.
	Country,
	/// A zero, 13 digits with a check digit, then up to 16 characters of set 82.
	Grai,
}

impl Format {
	/// The most characters of a value.
	pub const fn max(self) -> u16 {
		match self {
			Self::Sscc => 18,
			Self::Gtin => 14,
			Self::Gln => 13,
			Self::Lot | Self::Serial => 20,
			Self::Date => 6,
			Self::Time => 10,
			Self::Digits(_, max) | Self::Text(max) => max,
			Self::Country => 3,
			Self::Grai => 30,
		}
	}

	/// Whether all values are of one length.
	pub const fn is_of_one_length(self) -> bool {
		match self {
			Self::Digits(min, max) => min == max,
			Self::Lot | Self::Serial | Self::Text(_) | Self::Grai => false,
			_ => true,
		}
	}
}

macro_rules! ais {
	($( $(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $format:expr; )+) => {
		/// An application identifier of those that drugs and devices use (GS1 General
		/// Specifications, section 3.2).
		///
		/// Those that name a person, such as AI (8018), are left out on purpose.
		#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
		pub enum Ai {
			$( $(#[$doc])* $name, )+
		}

		impl Ai {
			/// Every one of them.
			pub const ALL: &'static [Self] = &[$( Self::$name ),+];

			/// Its digits, as they stand in brackets.
			pub const fn code(self) -> &'static str {
				match self { $( Self::$name => $code, )+ }
			}

			/// Its data title (section 3.2).
			pub const fn title(self) -> &'static str {
				match self { $( Self::$name => $title, )+ }
			}

			/// What its value looks like.
			pub const fn format(self) -> Format {
				match self { $( Self::$name => $format, )+ }
			}

			/// The one of these digits.
			pub fn from_code(code: &[u8]) -> Option<Self> {
				match code {
					$( code if code == $code.as_bytes() => Some(Self::$name), )+
					_ => None,
				}
			}
		}
	};
}

ais! {
	/// A logistic unit.
	Sscc = "00", "SSCC", Format::Sscc;
	/// A product.
	Gtin = "01", "GTIN", Format::Gtin;
	/// The product that a logistic unit holds.
	Content = "02", "CONTENT", Format::Gtin;
	/// A lot.
	Lot = "10", "BATCH/LOT", Format::Lot;
	/// When it was made.
	ProductionDate = "11", "PROD DATE", Format::Date;
	/// When it was packed.
	PackagingDate = "13", "PACK DATE", Format::Date;
	/// Until when it is at its best.
	BestBefore = "15", "BEST BEFORE or BEST BY", Format::Date;
	/// Until when it may be sold.
	SellBy = "16", "SELL BY", Format::Date;
	/// Until when it may be used.
	Expiry = "17", "USE BY or EXPIRY", Format::Date;
	/// A variant within the maker's house.
	Variant = "20", "VARIANT", Format::Digits(2, 2);
	/// A serial number.
	Serial = "21", "SERIAL", Format::Serial;
	/// A variant that consumers see.
	ConsumerVariant = "22", "CPV", Format::Text(20);
	/// A serial number that a third party controls.
	ThirdPartySerial = "235", "TPX", Format::Text(28);
	/// A further product number.
	AdditionalId = "240", "ADDITIONAL ID", Format::Text(30);
	/// The customer's number of the product.
	CustomerPart = "241", "CUST. PART No.", Format::Text(30);
	/// The serial number of a part.
	SecondarySerial = "250", "SECONDARY SERIAL", Format::Text(30);
	/// A place within a location.
	GlnExtension = "254", "GLN EXTENSION COMPONENT", Format::Text(20);
	/// How many pieces a unit of variable count holds.
	VariableCount = "30", "VAR. COUNT", Format::Digits(1, 8);
	/// How many products a logistic unit holds.
	Count = "37", "COUNT", Format::Digits(1, 8);
	/// The customer's order.
	OrderNumber = "400", "ORDER NUMBER", Format::Text(30);
	/// Ship to.
	ShipTo = "410", "SHIP TO LOC", Format::Gln;
	/// Bill to.
	BillTo = "411", "BILL TO", Format::Gln;
	/// Purchased from.
	PurchasedFrom = "412", "PURCHASE FROM", Format::Gln;
	/// Ship for.
	ShipFor = "413", "SHIP FOR LOC", Format::Gln;
	/// A physical location.
	Location = "414", "LOC No.", Format::Gln;
	/// Pay to.
	PayTo = "415", "PAY TO", Format::Gln;
	/// Where it was produced or served.
	ProductionLocation = "416", "PROD/SERV LOC", Format::Gln;
	/// A party.
	Party = "417", "PARTY", Format::Gln;
	/// The country of origin.
	Origin = "422", "ORIGIN", Format::Country;
	/// Germany: PZN.
	NhrnGermany = "710", "NHRN PZN", Format::Text(20);
	/// France: CIP.
	NhrnFrance = "711", "NHRN CIP", Format::Text(20);
	/// Spain: CN.
	NhrnSpain = "712", "NHRN CN", Format::Text(20);
	/// Brazil: DRN.
	NhrnBrazil = "713", "NHRN DRN", Format::Text(20);
	/// Portugal: AIM.
	NhrnPortugal = "714", "NHRN AIM", Format::Text(20);
	/// United States of America: NDC.
	NhrnUsa = "715", "NHRN NDC", Format::Text(20);
	/// Italy: AIC.
	NhrnItaly = "716", "NHRN AIC", Format::Text(20);
	/// Costa Rica: SRN.
	NhrnCostaRica = "717", "NHRN SRN", Format::Text(20);
	/// Until when it may be used, to the minute.
	ExpiryTime = "7003", "EXPIRY TIME", Format::Time;
	/// How potent a lot is.
	Potency = "7004", "ACTIVE POTENCY", Format::Digits(1, 4);
	/// A protocol, of a clinical trial say.
	Protocol = "7240", "PROTOCOL", Format::Text(20);
	/// A returnable asset.
	Grai = "8003", "GRAI", Format::Grai;
	/// An individual asset.
	Giai = "8004", "GIAI", Format::Text(30);
	/// The version of a software.
	Version = "8012", "VERSION", Format::Text(20);
	/// A page about the product.
	ProductUrl = "8200", "PRODUCT URL", Format::Text(70);
	/// Agreed between partners.
	Internal90 = "90", "INTERNAL", Format::Text(30);
	/// Internal to a company.
	Internal91 = "91", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal92 = "92", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal93 = "93", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal94 = "94", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal95 = "95", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal96 = "96", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal97 = "97", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal98 = "98", "INTERNAL", Format::Text(90);
	/// Internal to a company.
	Internal99 = "99", "INTERNAL", Format::Text(90);
}

impl Ai {
	/// The one that `data` begins with. No identifier is the start of another.
	pub fn leading(data: &[u8]) -> Option<Self> {
		(2..=4).find_map(|length| Self::from_code(data.get(..length)?))
	}

	/// Whether its length follows from its first two digits, so that no separator has to end it
	/// (section 7.8).
	///
	/// That is a closed list: AI (422) always has three digits and needs a separator all the same.
	pub fn is_predefined(self) -> bool {
		matches!(
			self.code().as_bytes(),
			[b'0', b'0'..=b'4', ..]
				| [b'1', b'1'..=b'9', ..]
				| [b'2', b'0', ..]
				| [b'3', b'1'..=b'6', ..]
				| [b'4', b'1', ..]
		)
	}

	/// Whether it begins a Digital Link, and which identifiers may qualify it there, in this order
	/// (GS1 Digital Link URI Syntax, section 4).
	pub const fn qualifiers(self) -> Option<&'static [Self]> {
		match self {
			Self::Gtin => {
				Some(&[Self::ConsumerVariant, Self::Lot, Self::Serial, Self::ThirdPartySerial])
			},
			Self::Location => Some(&[Self::GlnExtension]),
			Self::Sscc | Self::Party | Self::Grai | Self::Giai => Some(&[]),
			_ => None,
		}
	}

	/// Whether it may stand in the query of a Digital Link: all may that do not qualify a key alone.
	pub const fn may_be_attribute(self) -> bool {
		!matches!(
			self,
			Self::Serial | Self::ConsumerVariant | Self::ThirdPartySerial | Self::GlnExtension
		)
	}

	/// Of each group at least one has to mark the same item (chapter 4, data relationships).
	pub const fn needs(self) -> &'static [&'static [Self]] {
		match self {
			Self::Content => &[&[Self::Count]],
			Self::Count => &[&[Self::Sscc], &[Self::Content]],
			Self::Lot
			| Self::ProductionDate
			| Self::PackagingDate
			| Self::BestBefore
			| Self::SellBy
			| Self::Expiry
			| Self::Variant
			| Self::AdditionalId
			| Self::CustomerPart
			| Self::VariableCount
			| Self::Origin
			| Self::ExpiryTime => &[&[Self::Gtin, Self::Content]],
			Self::Serial
			| Self::ConsumerVariant
			| Self::ThirdPartySerial
			| Self::NhrnGermany
			| Self::NhrnFrance
			| Self::NhrnSpain
			| Self::NhrnBrazil
			| Self::NhrnPortugal
			| Self::NhrnUsa
			| Self::NhrnItaly
			| Self::NhrnCostaRica
			| Self::Protocol
			| Self::Version
			| Self::ProductUrl => &[&[Self::Gtin]],
			Self::SecondarySerial => &[&[Self::Gtin], &[Self::Serial]],
			Self::Potency => &[&[Self::Gtin], &[Self::Lot]],
			Self::GlnExtension => &[&[Self::Location]],
			_ => &[],
		}
	}

	/// None of these may mark the same item (chapter 4, data relationships).
	pub const fn excludes(self) -> &'static [Self] {
		match self {
			Self::Gtin => &[Self::Content, Self::Count],
			Self::Serial => &[Self::ThirdPartySerial],
			_ => &[],
		}
	}
}

impl fmt::Display for Ai {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "({})", self.code())
	}
}
