// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};

#[test]
fn holds_for_emergencies_from_then_on() {
	in_emergency(|| {
		let before = broken(Bob, Some(1));
		let policy = EmergencyPolicy {
			open_for: HOUR,
			review_within: 2 * HOUR,
			contest_within: DAY,
			..EmergencyPolicy::default()
		};
		assert_ok!(Consent::set_btg_policy(RuntimeOrigin::root(), policy));
		assert_eq!(last_event(), Event::EmergencyPolicySet { policy });
		assert_eq!(Consent::btg_policy(), policy);
		let after = row(broken(Charlie, Some(1)));
		assert_eq!(row(before).until, UNTIL);
		assert_eq!(row(before).review_by, UNTIL + 3 * DAY);
		let end = START + HOUR;
		let moments = (after.until, after.review_by, after.contest_by);
		assert_eq!(moments, (end, end + 2 * HOUR, end + DAY));
	});
}

#[test]
fn is_for_governance() {
	in_emergency(|| {
		let policy = EmergencyPolicy::default();
		for who in [Alice, Eve, One] {
			assert_noop!(Consent::set_btg_policy(signed(who), policy), BadOrigin);
		}
	});
}

#[test]
fn stays_within_its_bounds() {
	in_emergency(|| {
		let unfit = EmergencyPolicy { per_claimant: 17, ..EmergencyPolicy::default() };
		assert_noop!(
			Consent::set_btg_policy(RuntimeOrigin::root(), unfit),
			Error::<Test>::PolicyOutOfBounds
		);
		let most = EmergencyPolicy { per_claimant: 16, ..EmergencyPolicy::default() };
		assert_ok!(Consent::set_btg_policy(RuntimeOrigin::root(), most));
		for _ in 0..16 {
			ended(Some(1));
		}
		assert_noop!(break_glass(Bob, Some(1)), Error::<Test>::ClaimantQuotaExceeded);
	});
}

#[test]
fn with_fewer_strikes_suspends_at_the_next_one() {
	in_emergency(|| {
		use salus_primitives::ReviewOutcome::Unjustified;
		with_policy(|policy| policy.strikes = 1);
		let id = ended(Some(1));
		assert_ok!(review(signed(Charlie), id, Unjustified));
		assert_eq!(Consent::claimant(identity(Bob)).suspended, Some(START));
	});
}
