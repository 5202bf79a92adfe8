// SPDX-License-Identifier: Apache-2.0

//! Products, the codes their numbers begin with, and where they may be sold.

use crate::{Deposit, LiveRecalls};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_gs1::{CompanyPrefix, Gtin, UdiDi};
use salus_primitives::{
	Digest, IdentityId, Jurisdiction, Moment, ProductClass, ProductFlag, ProductFlags, Uniqueness,
	Window,
};
use scale_info::TypeInfo;

/// What the numbers of a company begin with, by the agency that gave it out.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum CompanyCode {
	/// A GS1 Company Prefix.
	#[codec(index = 0)]
	Gs1(CompanyPrefix),
	/// A labeler identification code of HIBCC: four capitals or digits, the first a capital.
	#[codec(index = 1)]
	Hibcc([u8; 4]),
	/// A facility identification number of ICCBBA: five capitals or digits.
	#[codec(index = 2)]
	Iccbba([u8; 5]),
}

impl CompanyCode {
	/// Whether its characters can be one.
	pub fn is_sound(&self) -> bool {
		let capitals = |text: &[u8]| {
			text.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
		};
		match self {
			Self::Gs1(_) => true,
			Self::Hibcc(code) => capitals(code) && code.first().is_some_and(u8::is_ascii_uppercase),
			Self::Iccbba(code) => capitals(code),
		}
	}

	/// Whether a product number begins with it: right behind the indicator digit of a GTIN, at the
	/// start of the others.
	pub fn begins(&self, product: &UdiDi) -> bool {
		match (self, product) {
			(Self::Gs1(prefix), UdiDi::Gs1(gtin)) => gtin.starts_with(*prefix),
			(Self::Hibcc(code), UdiDi::Hibcc(di)) => di.as_bytes().starts_with(code),
			(Self::Iccbba(code), UdiDi::Iccbba(di)) => di.as_bytes().starts_with(code),
			_ => false,
		}
	}
}

/// How a product stands.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum ProductStatus {
	/// It can be commissioned and sold.
	#[codec(index = 0)]
	Active,
	/// Its maker took it from every market, for good.
	#[codec(index = 1)]
	Withdrawn {
		/// When.
		at: Moment,
	},
}

/// A product.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Product<AccountId, Ticket> {
	/// Who answers for it: the marketing authorisation holder, or the maker of a device.
	pub holder: IdentityId,
	/// The company code that its number begins with.
	pub company: CompanyCode,
	/// What it is.
	pub class: ProductClass,
	/// What is special about it.
	pub flags: ProductFlags,
	/// How its serials are kept apart.
	pub uniqueness: Uniqueness,
	/// The hash of its master data.
	pub master: Digest,
	/// How often that was changed. Lots keep the number they were opened under.
	pub version: u32,
	/// How it stands.
	pub status: ProductStatus,
	/// How many units of it were commissioned, in all lots.
	pub commissioned: u64,
	/// What of it is recalled, whatever the lot.
	pub recalls: LiveRecalls,
	/// The deposit for its row and those of its groupings.
	pub deposit: Deposit<AccountId, Ticket>,
}

impl<AccountId, Ticket> Product<AccountId, Ticket> {
	/// Whether it may be commissioned and sold, as far as its maker decides.
	pub fn is_active(&self) -> bool {
		matches!(self.status, ProductStatus::Active)
	}

	/// Whether `flag` holds of it.
	pub fn is(&self, flag: ProductFlag) -> bool {
		self.flags.contains(flag)
	}
}

/// The number of a grouping of a product: a case, a pallet.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct PackLevel {
	/// The GTIN on the grouping.
	pub gtin: Gtin,
	/// How many units of the product are in it; more than one.
	pub units: u32,
}

/// How an approval stands.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum ApprovalState {
	/// In force within its window.
	#[codec(index = 0)]
	Approved,
	/// Suspended by the authority until it approves anew.
	#[codec(index = 1)]
	Suspended,
	/// Withdrawn from this market for good.
	#[codec(index = 2)]
	Withdrawn,
}

/// What the authority of a market lets happen to a product there.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Approval {
	/// The authority that decided last.
	pub authority: IdentityId,
	/// The hash of its decision.
	pub reference: Digest,
	/// When the product may be sold.
	pub window: Window,
	/// How it stands.
	pub state: ApprovalState,
}

impl Approval {
	/// Whether the product may be handed over in its market at `now`.
	pub fn is_in_force_at(&self, now: Moment) -> bool {
		matches!(self.state, ApprovalState::Approved) && self.window.is_open_at(now)
	}

	/// What `authority` decides about it anew.
	pub(crate) fn decide(
		&mut self,
		authority: IdentityId,
		reference: Digest,
		state: ApprovalState,
	) {
		(self.authority, self.reference, self.state) = (authority, reference, state);
	}
}

/// Where, and by whom.
pub type Market = Jurisdiction;

/// How many groupings a product has.
pub const MAX_LEVELS: u32 = 8;

/// What a maker says about a new product.
#[derive(Clone, Copy)]
pub(crate) struct NewProduct {
	pub(crate) company: CompanyCode,
	pub(crate) class: ProductClass,
	pub(crate) flags: ProductFlags,
	pub(crate) uniqueness: Uniqueness,
	pub(crate) master: Digest,
}

impl NewProduct {
	/// Whether class and flags can be those of a product with that number: a drug has a GTIN, and
	/// goes into no body to stay.
	pub(crate) fn is_sound_for(&self, product: &UdiDi) -> bool {
		let drug =
			|| matches!(product, UdiDi::Gs1(_)) && !self.flags.contains(ProductFlag::Implantable);
		self.flags.is_known() && (self.class != ProductClass::Drug || drug())
	}

	/// The product as it begins.
	pub(crate) fn by<AccountId, Ticket>(
		self,
		holder: IdentityId,
		deposit: Deposit<AccountId, Ticket>,
	) -> Product<AccountId, Ticket> {
		Product {
			holder,
			company: self.company,
			class: self.class,
			flags: self.flags,
			uniqueness: self.uniqueness,
			master: self.master,
			version: 0,
			status: ProductStatus::Active,
			commissioned: 0,
			recalls: LiveRecalls::default(),
			deposit,
		}
	}
}
