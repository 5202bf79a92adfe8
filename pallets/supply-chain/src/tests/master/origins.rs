// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::Call;
use frame_support::traits::UnfilteredDispatchable;
use salus_test_support::Identities;

fn calls() -> Vec<Call<Test>> {
	let (product, lot, recall, market) = (di(DRUG), LotIx(0), RecallId(0), HERE);
	let (class, depth) = (RecallClass::I, RecallDepth::Consumer);
	let scope = RecallScope::Lot(lot);
	let (made, expiry) = (date("2025-12-01"), date("2027-12-31"));
	let window = window(0, DAY);
	let some = digest(1);
	vec![
		Call::claim_company_prefix { code: company(PREFIX), owner: id(MAKER), evidence: some },
		Call::register_product {
			product,
			company: company(PREFIX),
			class: ProductClass::Drug,
			flags: ProductFlags::default(),
			uniqueness: Uniqueness::FraudProof,
			master: some,
			levels: levels(&[]),
		},
		Call::update_product { product, master: some },
		Call::approve_product { product, market, reference: some, window },
		Call::suspend_approval { product, market, reason: some },
		Call::withdraw_product { product, market: None, reason: some },
		Call::open_lot { product, number: lot_no("L1"), made, expiry, planned: 1 },
		Call::commission_batch { lot, batch: some_batch(9, 1), told: Told::default() },
		Call::release_lot { lot, certificate: some },
		Call::close_lot { lot },
		Call::initiate_recall {
			scope,
			class,
			depth,
			markets: markets(&[]),
			reason: some,
			reference: some,
		},
		Call::extend_recall { recall, scope, class, depth, markets: markets(&[]) },
		Call::close_recall { recall },
		Call::acknowledge_recall { recall },
		Call::report_recall_progress { recall, progress: Progress::default() },
	]
}

#[test]
fn nobody_without_an_active_identity_does_anything() {
	build_and_execute(|| {
		Identities::deactivate(id(RIVAL));
		for call in calls() {
			let nobody =
				[RuntimeOrigin::none(), signed(RIVAL), RuntimeOrigin::signed([0x77; 32].into())];
			for origin in nobody {
				assert_noop!(call.clone().dispatch_bypass_filter(origin), DispatchError::BadOrigin);
			}
		}
	});
}

#[test]
fn governance_is_no_partner() {
	build_and_execute(|| {
		// Only the company codes are the registry's.
		for call in calls().split_off(1) {
			assert_noop!(
				call.dispatch_bypass_filter(RuntimeOrigin::root()),
				DispatchError::BadOrigin
			);
		}
	});
}
