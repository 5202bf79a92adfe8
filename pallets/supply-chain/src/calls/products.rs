// SPDX-License-Identifier: Apache-2.0

//! Company codes, products, and where they may be sold.

use crate::{partners::MAKERS, *};
use codec::MaxEncodedLen;
use frame_support::ensure;
use salus_gs1::{CompanyPrefix, Gtin, UdiDi};
use salus_primitives::{Digest, IdentityId, Moment, Window};
use salus_traits::identity::Actor;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_claim_company_prefix(
		code: CompanyCode,
		owner: IdentityId,
		evidence: Digest,
	) -> DispatchResult {
		ensure!(code.is_sound(), Error::<T>::BadCompanyCode);
		ensure!(!Companies::<T>::contains_key(code), Error::<T>::PrefixTaken);
		if let CompanyCode::Gs1(prefix) = code {
			Self::claim_stems(prefix)?;
		}
		Companies::<T>::insert(code, owner);
		Self::deposit_event(Event::CompanyClaimed { code, owner, evidence });
		Ok(())
	}

	/// Counts a prefix below every shorter one. Refuses one that begins with a claimed prefix, or
	/// that a claimed prefix begins with: both owners could issue the same number.
	fn claim_stems(prefix: CompanyPrefix) -> DispatchResult {
		let stems =
			|| (CompanyPrefix::MIN..prefix.length()).filter_map(move |length| prefix.first(length));
		let claimed = |stem| Companies::<T>::contains_key(CompanyCode::Gs1(stem));
		ensure!(!stems().any(claimed), Error::<T>::PrefixTaken);
		ensure!(PrefixStems::<T>::get(prefix) == 0, Error::<T>::PrefixTaken);
		for stem in stems() {
			PrefixStems::<T>::mutate(stem, |below| *below = below.saturating_add(1));
		}
		Ok(())
	}

	pub(crate) fn do_register_product(
		actor: Actor<T::AccountId>,
		product: UdiDi,
		new: NewProduct,
		levels: BoundedVec<PackLevel, ConstU32<MAX_LEVELS>>,
	) -> DispatchResult {
		Self::ensure_licensed(&actor.id, MAKERS, Self::now())?;
		let owner = Companies::<T>::get(new.company);
		ensure!(owner == Some(actor.id), Error::<T>::PrefixNotOwned);
		ensure!(new.company.begins(&product), Error::<T>::PrefixNotOwned);
		Self::ensure_unrestricted(&product)?;
		ensure!(new.is_sound_for(&product), Error::<T>::BadProductClass);
		ensure!(!Self::is_number_taken(&product), Error::<T>::ProductExists);
		Self::ensure_levels(&product, &new.company, &levels)?;

		let (items, size) = Self::product_footprint(levels.len());
		let deposit = Self::take_deposit(actor.payer, items, size)?;
		for PackLevel { gtin, units } in levels {
			PackLevels::<T>::insert(gtin, (product, units));
		}
		Products::<T>::insert(product, new.by(actor.id, deposit));
		let NewProduct { class, flags, uniqueness, master, .. } = new;
		Self::deposit_event(Event::ProductRegistered {
			product,
			holder: actor.id,
			class,
			flags,
			uniqueness,
			master,
		});
		Ok(())
	}

	/// Refuses a number that is nobody's own, or that stands for no fixed thing.
	fn ensure_unrestricted(number: &UdiDi) -> DispatchResult {
		let UdiDi::Gs1(gtin) = number else { return Ok(()) };
		let restricted = gtin.is_variable_measure() || gtin.is_restricted_circulation();
		ensure!(!restricted, Error::<T>::RestrictedNumber);
		Ok(())
	}

	/// Whether a product or a grouping has that number: they share one space.
	fn is_number_taken(number: &UdiDi) -> bool {
		let grouping = |gtin: &Gtin| PackLevels::<T>::contains_key(gtin);
		Products::<T>::contains_key(number) || matches!(number, UdiDi::Gs1(gtin) if grouping(gtin))
	}

	/// Refuses groupings that are no groupings of `product`, or whose numbers are taken.
	fn ensure_levels(
		product: &UdiDi,
		company: &CompanyCode,
		levels: &[PackLevel],
	) -> DispatchResult {
		let rising = levels.is_sorted_by(|one, next| one.gtin < next.gtin);
		ensure!(rising, Error::<T>::NotSorted);
		for PackLevel { gtin, units } in levels {
			let number = UdiDi::Gs1(*gtin);
			ensure!(*units >= 2 && company.begins(&number), Error::<T>::BadPackLevel);
			Self::ensure_unrestricted(&number)?;
			let taken = number == *product || Self::is_number_taken(&number);
			ensure!(!taken, Error::<T>::ProductExists);
		}
		Ok(())
	}

	/// The rows that a product and its groupings take at most, and their bytes.
	pub(crate) fn product_footprint(levels: usize) -> (u64, u64) {
		let levels = levels as u64;
		let row = <(UdiDi, ProductOf<T>)>::max_encoded_len() as u64;
		let level = <(Gtin, UdiDi, u32)>::max_encoded_len() as u64;
		(levels.saturating_add(1), level.saturating_mul(levels).saturating_add(row))
	}

	pub(crate) fn do_update_product(
		actor: Actor<T::AccountId>,
		product: UdiDi,
		master: Digest,
	) -> DispatchResult {
		let mut row = Self::product_of(&actor.id, &product)?;
		ensure!(row.is_active(), Error::<T>::ProductWithdrawn);
		let version = row.version.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		(row.master, row.version) = (master, version);
		Products::<T>::insert(product, row);
		Self::deposit_event(Event::ProductUpdated { product, master, version });
		Ok(())
	}

	/// A product that `who` answers for.
	pub(crate) fn product_of(
		who: &IdentityId,
		product: &UdiDi,
	) -> Result<ProductOf<T>, DispatchError> {
		let row = Products::<T>::get(product).ok_or(Error::<T>::UnknownProduct)?;
		ensure!(row.holder == *who, Error::<T>::NotProductHolder);
		Ok(row)
	}

	/// A product that was not withdrawn everywhere.
	fn active_product(product: &UdiDi) -> Result<ProductOf<T>, DispatchError> {
		let row = Products::<T>::get(product).ok_or(Error::<T>::UnknownProduct)?;
		ensure!(row.is_active(), Error::<T>::ProductWithdrawn);
		Ok(row)
	}

	pub(crate) fn do_approve_product(
		actor: Actor<T::AccountId>,
		product: UdiDi,
		market: Market,
		reference: Digest,
		window: Window,
	) -> DispatchResult {
		let now = Self::now();
		Self::ensure_authority(&actor.id, market, now)?;
		Self::active_product(&product)?;
		ensure!(!window.is_empty() && now < window.until, Error::<T>::BadWindow);
		if let Some(before) = Approvals::<T>::get(product, market) {
			ensure!(before.state != ApprovalState::Withdrawn, Error::<T>::ApprovalWithdrawn);
		}
		let (authority, state) = (actor.id, ApprovalState::Approved);
		let approval = Approval { authority, reference, window, state };
		Approvals::<T>::insert(product, market, approval);
		Self::deposit_event(Event::ProductApproved {
			product,
			market,
			authority,
			reference,
			window,
		});
		Ok(())
	}

	pub(crate) fn do_suspend_approval(
		actor: Actor<T::AccountId>,
		product: UdiDi,
		market: Market,
		reason: Digest,
	) -> DispatchResult {
		Self::ensure_authority(&actor.id, market, Self::now())?;
		Self::active_product(&product)?;
		let mut approval = Self::standing_approval(&product, market)?;
		ensure!(approval.state == ApprovalState::Approved, Error::<T>::NotApprovedInMarket);
		approval.decide(actor.id, reason, ApprovalState::Suspended);
		Approvals::<T>::insert(product, market, approval);
		let authority = actor.id;
		Self::deposit_event(Event::ApprovalSuspended { product, market, authority, reason });
		Ok(())
	}

	/// What was decided for a market, and not withdrawn for good.
	fn standing_approval(product: &UdiDi, market: Market) -> Result<Approval, DispatchError> {
		let approval =
			Approvals::<T>::get(product, market).ok_or(Error::<T>::NotApprovedInMarket)?;
		ensure!(approval.state != ApprovalState::Withdrawn, Error::<T>::ApprovalWithdrawn);
		Ok(approval)
	}

	pub(crate) fn do_withdraw_product(
		actor: Actor<T::AccountId>,
		product: UdiDi,
		market: Option<Market>,
		reason: Digest,
	) -> DispatchResult {
		let now = Self::now();
		match market {
			None => Self::withdraw_everywhere(&actor.id, &product, now)?,
			Some(market) => Self::withdraw_from(&actor.id, &product, market, reason, now)?,
		}
		Self::deposit_event(Event::ProductWithdrawn { product, market, by: actor.id, reason });
		Ok(())
	}

	fn withdraw_everywhere(who: &IdentityId, product: &UdiDi, now: Moment) -> DispatchResult {
		let mut row = Self::product_of(who, product)?;
		ensure!(row.is_active(), Error::<T>::ProductWithdrawn);
		row.status = ProductStatus::Withdrawn { at: now };
		Products::<T>::insert(product, row);
		Ok(())
	}

	fn withdraw_from(
		who: &IdentityId,
		product: &UdiDi,
		market: Market,
		reason: Digest,
		now: Moment,
	) -> DispatchResult {
		ensure!(market.is_sound(), Error::<T>::BadMarket);
		let row = Self::active_product(product)?;
		let authority = row.holder != *who;
		let may = !authority || Self::is_authority(who, market, now);
		ensure!(may, Error::<T>::NotAuthorised);
		let mut approval = Self::standing_approval(product, market)?;
		if authority {
			approval.decide(*who, reason, ApprovalState::Withdrawn);
		} else {
			// The authority's last decision stays readable.
			approval.state = ApprovalState::Withdrawn;
		}
		Approvals::<T>::insert(product, market, approval);
		Ok(())
	}
}
