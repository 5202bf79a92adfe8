// SPDX-License-Identifier: Apache-2.0

//! Makers, authorities, and goods whose rows are as long as they can be.

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::{account, whitelisted_caller};
use frame_support::{
	BoundedVec,
	traits::{Consideration, Footprint},
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use salus_gs1::{Date, Gtin, LotNo, UdiDi};
use salus_primitives::{
	AccreditationKind, BatchIx, IdentityKind, LotIx, Moment, ProductClass, ProductFlags,
	QuarantineReason, RecallClass, RecallDepth, RecallId, Uniqueness, Window,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AuthorityInspect},
	identity::IdentityInspect,
};

/// More rent than any of the calls holds.
const PURSE: u64 = 1 << 32;
pub(super) const MASTER: Digest = Digest([2; 32]);
pub(super) const REFERENCE: Digest = Digest([3; 32]);
pub(super) const ALWAYS: Window = Window { from: 0, until: Moment::MAX };
/// The shortest that is a company's: its numbers reach furthest.
const PREFIX: &str = "6291";
const PRODUCT: u64 = 629_100_000_001;

/// Who takes part: an account, and who is behind it.
pub(super) struct Party<T: Config> {
	pub(super) id: IdentityId,
	account: AccountOf<T>,
}

impl<T: Config> Party<T> {
	fn new(account: AccountOf<T>) -> Self {
		let id = T::Identities::bench_register(&account, IdentityKind::Organisation);
		let purse = Footprint { count: 1, size: PURSE };
		T::SupplyConsideration::ensure_successful(&account, purse);
		Self { id, account }
	}

	/// The maker that the goods are of.
	pub(super) fn maker() -> Self {
		let maker = Self::new(whitelisted_caller());
		T::Accreditations::bench_accredit(&maker.id, AccreditationKind::ManufacturerLicence);
		maker
	}

	/// Another partner with the last licence that is looked for.
	pub(super) fn facility() -> Self {
		let partner = Self::new(account("facility", 0, 0));
		T::Accreditations::bench_accredit(&partner.id, AccreditationKind::FacilityLicence);
		partner
	}

	/// The authority of as many markets as a recall names.
	pub(super) fn authority() -> Self {
		let authority = Self::new(account("authority", 0, 0));
		for market in markets::<T>() {
			T::Authorities::bench_appoint(&authority.id, market);
		}
		authority
	}

	pub(super) fn origin(&self) -> OriginFor<T> {
		RawOrigin::Signed(self.account.clone()).into()
	}
}

/// The market that the authorities of benchmarks decide about.
pub(super) fn market<T: Config>() -> Market {
	T::Accreditations::bench_jurisdiction()
}

/// As many markets as a recall names, of one authority.
pub(super) fn markets<T: Config>() -> Markets {
	let first = market::<T>().0;
	let all = (0..MAX_MARKETS).map(|n| salus_primitives::Jurisdiction(first + n as u16));
	BoundedVec::truncate_from(all.collect::<Vec<_>>())
}

fn gtin(body: u64) -> Result<Gtin, BenchmarkError> {
	Gtin::from_body(body).map_err(|_| BenchmarkError::Stop("a number of thirteen digits"))
}

/// The number of the product.
pub(super) fn number() -> Result<UdiDi, BenchmarkError> {
	gtin(PRODUCT).map(UdiDi::Gs1)
}

/// So many groupings of it.
pub(super) fn levels(
	count: u32,
) -> Result<BoundedVec<PackLevel, ConstU32<MAX_LEVELS>>, BenchmarkError> {
	let indicator = 1_000_000_000_000;
	let level = |n: u64| Ok(PackLevel { gtin: gtin(n * indicator + PRODUCT)?, units: 48 });
	let all = (1..=u64::from(count)).map(level).collect::<Result<Vec<_>, BenchmarkError>>()?;
	Ok(BoundedVec::truncate_from(all))
}

/// The code that the number begins with, which is the maker's.
pub(super) fn company<T: Config>(maker: &Party<T>) -> Result<CompanyCode, BenchmarkError> {
	let prefix = PREFIX.parse().map_err(|_| BenchmarkError::Stop("a prefix"))?;
	let code = CompanyCode::Gs1(prefix);
	Companies::<T>::insert(code, maker.id);
	Ok(code)
}

/// Recalls that leave some places on a row, each in as many markets as it can name.
fn live<T: Config>(free: u32) -> LiveRecalls {
	let live = |n| LiveRecall {
		id: RecallId(u64::MAX - u64::from(n)),
		class: RecallClass::III,
		markets: markets::<T>(),
		range: Some((n, 1)),
	};
	BoundedVec::truncate_from((0..MAX_RECALLS - free).map(live).collect::<Vec<_>>())
}

/// Registers the product. It is recalled as often as can be, but for `free` times.
pub(super) fn product<T: Config>(maker: &Party<T>, free: u32) -> Result<UdiDi, BenchmarkError> {
	let (number, code) = (number()?, company(maker)?);
	let (class, flags) = (ProductClass::Drug, ProductFlags::default());
	let uniqueness = Uniqueness::FirstTouch;
	let origin = maker.origin();
	let groupings = levels(MAX_LEVELS)?;
	Pallet::<T>::register_product(
		origin, number, code, class, flags, uniqueness, MASTER, groupings,
	)?;
	Products::<T>::mutate_extant(number, |row| row.recalls = live::<T>(free));
	Ok(number)
}

/// The longest number of a lot.
pub(super) fn lot_number() -> Result<LotNo, BenchmarkError> {
	"LOT-4567890123456789".parse().map_err(|_| BenchmarkError::Stop("a lot number"))
}

/// When it was made, before any clock begins, and until when it may be used.
pub(super) fn dates() -> Result<(Date, Date), BenchmarkError> {
	let date = |year, month| Date::new(year, month, 0).map_err(|_| BenchmarkError::Stop("a date"));
	Ok((date(1970, 1)?, date(9999, 12)?))
}

/// Opens a lot that as many authorities hold as can. It is recalled as often as can be, but for
/// `free` times.
pub(super) fn lot<T: Config>(
	maker: &Party<T>,
	product: UdiDi,
	free: u32,
) -> Result<LotIx, BenchmarkError> {
	let (number, (made, expiry)) = (lot_number()?, dates()?);
	let lot = NextLot::<T>::get();
	Pallet::<T>::open_lot(maker.origin(), product, number, made, expiry, u64::MAX)?;
	let by = IdentityId([7; 32]);
	let hold = |market| LotHold { market, by, reason: QuarantineReason::Suspect };
	let holds = markets::<T>().into_iter().map(hold).collect::<Vec<_>>();
	Lots::<T>::mutate_extant(lot, |row| {
		row.holds = BoundedVec::truncate_from(holds);
		row.recalls = live::<T>(free);
	});
	Ok(lot)
}

/// As many units as a batch holds.
pub(super) fn largest_batch() -> NewBatch {
	let (root, salt, leaf_file) = (Digest([4; 32]), Digest([5; 32]), Digest([6; 32]));
	NewBatch { root, count: MAX_BATCH, salt, leaf_file }
}

/// A stretch of a batch, with the rows that a recall of it reads: product and lot are recalled as
/// often as can be, the batch but once less, the product but for `free` times.
pub(super) fn stretch<T: Config>(
	maker: &Party<T>,
	free: u32,
) -> Result<(UdiDi, RecallScope), BenchmarkError> {
	let product = product(maker, MAX_RECALLS)?;
	let lot = lot(maker, product, MAX_RECALLS)?;
	let batch: BatchIx = NextBatch::<T>::get();
	let origin = maker.origin();
	Pallet::<T>::commission_batch(origin, lot, largest_batch(), Told::default())?;
	Products::<T>::mutate_extant(product, |row| row.recalls = live::<T>(free));
	Lots::<T>::mutate_extant(lot, |row| row.recalls = live::<T>(0));
	Batches::<T>::mutate_extant(batch, |row| row.recalls = live::<T>(1));
	Ok((product, RecallScope::Range { batch, start: 1, len: MAX_BATCH - 2 }))
}

/// A recall of such a stretch in every market of the authority that opened it.
pub(super) fn recall<T: Config>(
	authority: &Party<T>,
	scope: RecallScope,
) -> Result<RecallId, BenchmarkError> {
	let recall = NextRecall::<T>::get();
	let (class, depth) = (RecallClass::II, RecallDepth::Wholesale);
	let named = markets::<T>();
	let origin = authority.origin();
	Pallet::<T>::initiate_recall(origin, scope, class, depth, named, MASTER, REFERENCE)?;
	Ok(recall)
}
