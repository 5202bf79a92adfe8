// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::dispatch::GetDispatchInfo;

fn revoke_all(grantee: Grantee) -> DispatchResultWithPostInfo {
	let strength = RevocationStrength::EpochRotated;
	Consent::revoke_all(signed(Alice), identity(Alice), grantee, strength)
}

#[test]
fn takes_all_permits_of_a_grantee_back() {
	execute(|| {
		let ids: Vec<_> = (0..8).map(|_| Offer::default().make()).collect();
		let other = Offer::to(person(Dave)).make();
		assert_ok!(revoke_all(person(Charlie)));
		assert!(ids.iter().all(|id| standing_of(*id) == Standing::Revoked));
		assert!(ids.iter().all(|id| Consent::grant_keys(*id).is_none()));
		assert_eq!(standing_of(other), Standing::InForce);
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).len(), 1);
		let strength = RevocationStrength::EpochRotated;
		assert!(matches!(last_event(), Event::Revoked { strength: told, .. } if told == strength));
	});
}

#[test]
fn lets_nobody_in() {
	execute(|| {
		let permit = Offer::default().make();
		let denial = Offer::default().deny().make();
		assert_ok!(revoke_all(person(Charlie)));
		assert_eq!([permit, denial].map(standing_of), [Standing::Revoked, Standing::InForce]);
		assert_eq!(ask(Charlie, RESULT), denied_by(denial));
		let again = revoke_all(person(Charlie)).map_err(|error| error.error);
		assert_eq!(again, Err(Error::<Test>::NothingToRevoke.into()));
	});
}

#[test]
fn refuses_strangers_and_where_there_is_nothing() {
	execute(|| {
		Offer::default().make();
		for who in [Charlie, Dave, Two] {
			let (alice, strength) = (identity(Alice), RevocationStrength::Lazy);
			let all = Consent::revoke_all(signed(who), alice, person(Charlie), strength);
			assert_noop!(plain(all), BadOrigin);
		}
		assert_noop!(plain(revoke_all(person(Dave))), Error::<Test>::NothingToRevoke);
		go_to(START + 30 * DAY);
		assert_noop!(plain(revoke_all(person(Charlie))), Error::<Test>::NothingToRevoke);
	});
}

#[test]
fn takes_back_what_hangs_below_and_pays_for_what_it_did() {
	execute(|| {
		let root = Offer::default().delegable().make();
		let sub = passed_on(Charlie, root, Offer::to(organisation(Eve)).delegable());
		// Charlie comes up again below.
		let back = passed_on(Eve, sub, Offer::to(person(Charlie)));
		assert_eq!(rows_of(person(Charlie)), [root, back]);
		let call = Call::<Test>::revoke_all {
			subject: identity(Alice),
			grantee: person(Charlie),
			strength: RevocationStrength::Lazy,
		};
		// Eight rows with four below each weigh all of it, whatever a call finds.
		let one = <() as WeightInfo>::revoke;
		assert_eq!(call.get_dispatch_info().call_weight, one(4).saturating_mul(8));
		let used = revoke_all(person(Charlie)).unwrap().actual_weight;
		// The second was gone by then, with what the first has below.
		assert_eq!(used, Some(one(2).saturating_add(one(0))));
		assert_eq!([root, sub, back].map(standing_of), [Standing::Revoked; 3]);
		assert!(!SubGrants::<Test>::contains_key(root));
	});
}
