// SPDX-License-Identifier: Apache-2.0

//! Balances, and how a transaction is paid: by its account, or out of a patient's daily allowance.

use crate::{
	AccountId, Balance, Balances, Identity, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeFreezeReason, RuntimeHoldReason, System,
	configs::{SubjectFacing, scope_of},
	constants::{currency::*, fees::*},
	weights,
};
use core::marker::PhantomData;
use frame_support::{
	parameter_types,
	traits::{ConstU8, ConstU32, Contains, VariantCountOf},
	unsigned::TransactionValidityError,
	weights::{
		ConstantMultiplier, Weight, WeightToFeeCoefficient, WeightToFeeCoefficients,
		WeightToFeePolynomial,
	},
};
use pallet_transaction_payment::{
	FungibleAdapter, Multiplier, OnChargeTransaction, TargetedFeeAdjustment, TxCreditHold,
};
use salus_traits::identity::FeeAllowance;
use sp_runtime::{
	FixedPointNumber, Perbill, Perquintill,
	traits::{Bounded, DispatchInfoOf, PostDispatchInfoOf, Zero},
};

parameter_types! {
	pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
	/// The rent of one storage item.
	pub const BaseDeposit: Balance = deposit(1, 0);
	/// The rent of one byte.
	pub const ByteDeposit: Balance = deposit(0, 1);
}

impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type DoneSlashHandler = ();
	type DustRemoval = ();
	type ExistentialDeposit = ExistentialDeposit;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type ReserveIdentifier = [u8; 8];
	type RuntimeEvent = RuntimeEvent;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = weights::pallet_balances::SubstrateWeight<Runtime>;
}

/// Weight in fee units: an empty extrinsic costs [`BASE_EXTRINSIC_FEE`].
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
	type Balance = Balance;

	fn polynomial() -> WeightToFeeCoefficients<Balance> {
		let base = Balance::from(base_weight());
		[WeightToFeeCoefficient {
			degree: 1,
			negative: false,
			coeff_frac: Perbill::from_rational(BASE_EXTRINSIC_FEE % base, base),
			coeff_integer: BASE_EXTRINSIC_FEE / base,
		}]
		.into_iter()
		.collect()
	}
}

parameter_types! {
	pub const LengthFee: Balance = BYTE_FEE;
	/// Fees rise when blocks are fuller than this.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	/// How fast: a day of full blocks makes them some twenty times dearer.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
	/// Never cheaper than the price list.
	pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_integer(1);
	pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate = TargetedFeeAdjustment<
		Runtime,
		TargetBlockFullness,
		AdjustmentVariable,
		MinimumMultiplier,
		MaximumMultiplier,
	>;
	type LengthToFee = ConstantMultiplier<Balance, LengthFee>;
	type OnChargeTransaction = AllowanceOr<FungibleAdapter<Balances, ()>, Identity, SubjectFacing>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = AllowanceWeight;
	type WeightToFee = WeightToFee;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

/// What charging a transaction weighs: an allowance that is looked at and does not reach, and then
/// the account. An allowance that reaches writes once, where the account is not touched at all.
pub struct AllowanceWeight;

impl pallet_transaction_payment::WeightInfo for AllowanceWeight {
	fn charge_transaction_payment() -> Weight {
		use pallet_health_identity::weights::{SubstrateWeight as Identity, WeightInfo as _};
		use weights::pallet_transaction_payment::SubstrateWeight as Account;
		let write = <Runtime as frame_system::Config>::DbWeight::get().writes(1);
		Account::<Runtime>::charge_transaction_payment()
			.saturating_add(Identity::<Runtime>::try_spend().saturating_sub(write))
	}
}

/// Pays a call that `Calls` contains out of the `Allowance` of the identity behind the account, and
/// by `Account` when that is spent, the call is another one, or it carries a tip.
///
/// The allowance is debited before the call is dispatched and never refunded, so that a failing call
/// spends it too.
pub struct AllowanceOr<Account, Allowance, Calls>(PhantomData<(Account, Allowance, Calls)>);

/// How a transaction was paid.
#[derive(Default)]
pub enum Paid<Liquidity> {
	/// Out of the allowance: there is nothing to correct.
	#[default]
	Allowance,
	/// By the account.
	Account(Liquidity),
}

impl<Account, Allowance, Calls> OnChargeTransaction<Runtime>
	for AllowanceOr<Account, Allowance, Calls>
where
	Account: OnChargeTransaction<Runtime, Balance = Balance>,
	Allowance: FeeAllowance<AccountId>,
	Calls: Contains<RuntimeCall>,
{
	type Balance = Balance;
	type LiquidityInfo = Paid<Account::LiquidityInfo>;

	fn withdraw_fee(
		who: &AccountId,
		call: &RuntimeCall,
		info: &DispatchInfoOf<RuntimeCall>,
		fee_with_tip: Balance,
		tip: Balance,
	) -> Result<Self::LiquidityInfo, TransactionValidityError> {
		if tip.is_zero()
			&& Calls::contains(call)
			&& Allowance::try_spend(who, scope_of(call), fee_with_tip)
		{
			return Ok(Paid::Allowance);
		}
		Account::withdraw_fee(who, call, info, fee_with_tip, tip).map(Paid::Account)
	}

	fn can_withdraw_fee(
		who: &AccountId,
		call: &RuntimeCall,
		info: &DispatchInfoOf<RuntimeCall>,
		fee_with_tip: Balance,
		tip: Balance,
	) -> Result<(), TransactionValidityError> {
		if tip.is_zero()
			&& Calls::contains(call)
			&& Allowance::can_spend(who, scope_of(call), fee_with_tip)
		{
			return Ok(());
		}
		Account::can_withdraw_fee(who, call, info, fee_with_tip, tip)
	}

	fn correct_and_deposit_fee(
		who: &AccountId,
		info: &DispatchInfoOf<RuntimeCall>,
		post_info: &PostDispatchInfoOf<RuntimeCall>,
		corrected_fee_with_tip: Balance,
		tip: Balance,
		paid: Self::LiquidityInfo,
	) -> Result<(), TransactionValidityError> {
		match paid {
			Paid::Allowance => Ok(()),
			Paid::Account(liquidity) => Account::correct_and_deposit_fee(
				who,
				info,
				post_info,
				corrected_fee_with_tip,
				tip,
				liquidity,
			),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_account(who: &AccountId, amount: Balance) {
		Account::endow_account(who, amount);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn minimum_balance() -> Balance {
		Account::minimum_balance()
	}
}

impl<Account: TxCreditHold<Runtime>, Allowance, Calls> TxCreditHold<Runtime>
	for AllowanceOr<Account, Allowance, Calls>
{
	type Credit = Account::Credit;
}
