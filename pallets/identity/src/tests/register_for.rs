// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::SponsoredRegistration;

const DEADLINE: Moment = START + CONSENT_AGE;

/// Bob is the sponsor, Dave has no balance.
fn with_sponsor() -> ExtBuilder {
	ExtBuilder::default().identity(Bob, IdentityKind::Organisation)
}

fn consent_of(account: AccountId32, public: PublicKey) -> SponsoredRegistration {
	SponsoredRegistration {
		genesis: Identity::genesis(),
		sponsor: identity(Bob),
		account: account.into(),
		public,
		kind: IdentityKind::Patient,
		salt: SALT,
		agreement_key: agreement_key(4),
		profile: Some(PROFILE),
		deadline: DEADLINE,
	}
}

fn consent() -> SponsoredRegistration {
	consent_of(account(Dave), public(Dave))
}

fn submit(
	by: Sr25519Keyring,
	asked: &SponsoredRegistration,
	signature: MultiSignature,
) -> DispatchResult {
	let SponsoredRegistration {
		account, public, kind, salt, agreement_key, profile, deadline, ..
	} = asked.clone();
	Identity::register_for(
		signed(by),
		account.into(),
		kind,
		salt,
		agreement_key,
		profile,
		public,
		deadline,
		signature,
	)
}

fn submit_signed(asked: &SponsoredRegistration) -> DispatchResult {
	submit(Bob, asked, sign(Dave, &asked.to_bytes()))
}

#[test]
fn registers_an_account_that_has_nothing() {
	with_sponsor().build_and_execute(|| {
		assert!(!System::account_exists(&account(Dave)));
		assert_ok!(submit_signed(&consent()));

		let row = Identities::<Test>::get(identity(Dave)).unwrap();
		assert_eq!(row.deposit, None);
		assert_eq!((held(Bob), held(Dave)), (0, 0));
		assert!(System::account_exists(&account(Dave)));
		assert_eq!(
			last_event(),
			Event::IdentityRegistered {
				identity: identity(Dave),
				kind: IdentityKind::Patient,
				account: account(Dave),
				public: public(Dave),
				agreement_key: agreement_key(4),
				profile: Some(PROFILE),
				sponsor: Some(identity(Bob)),
			}
			.into()
		);
	});
}

#[test]
fn accepts_what_a_wallet_wraps() {
	with_sponsor().build_and_execute(|| {
		let [_, wrapped] = signed_forms(consent().to_bytes());
		assert_ok!(submit(Bob, &consent(), sign(Dave, &wrapped)));
	});
}

#[test]
fn accepts_every_scheme() {
	with_sponsor().build_and_execute(|| {
		let pair = ed25519::Pair::from_seed(&[1; 32]);
		let public = PublicKey::Ed25519(pair.public().0);
		let asked = consent_of(MultiSigner::from(pair.public()).into_account(), public);
		assert_ok!(submit(Bob, &asked, pair.sign(&asked.to_bytes()).into()));

		let pair = ecdsa::Pair::from_seed(&[1; 32]);
		let public = PublicKey::Ecdsa(pair.public().0);
		let mut asked = consent_of(MultiSigner::from(pair.public()).into_account(), public);
		asked.agreement_key = agreement_key(5);
		assert_ok!(submit(Bob, &asked, pair.sign(&asked.to_bytes()).into()));
	});
}

#[test]
fn refuses_a_signature_over_anything_else() {
	with_sponsor().identity(Charlie, IdentityKind::Organisation).build_and_execute(|| {
		let signature = sign(Dave, &consent().to_bytes());
		let changes: [fn(&mut SponsoredRegistration); 7] = [
			|asked| (asked.account, asked.public) = (account(Eve).into(), public(Eve)),
			|asked| asked.public = PublicKey::Ed25519(account(Dave).into()),
			|asked| asked.kind = IdentityKind::Practitioner,
			|asked| asked.salt[0] ^= 1,
			|asked| asked.agreement_key = agreement_key(5),
			|asked| asked.profile = None,
			|asked| asked.deadline -= 1,
		];
		for change in changes {
			let mut other = consent();
			change(&mut other);
			let refused = submit(Bob, &other, signature.clone());
			assert_noop!(refused, Error::<Test>::BadSignature);
		}
		// For another sponsor, and for another chain.
		assert_noop!(submit(Charlie, &consent(), signature), Error::<Test>::BadSignature);
		let mut elsewhere = consent();
		elsewhere.genesis[0] ^= 1;
		assert_noop!(submit_signed(&elsewhere), Error::<Test>::BadSignature);
	});
}

#[test]
fn refuses_the_signature_of_somebody_else() {
	with_sponsor().build_and_execute(|| {
		let refused = submit(Bob, &consent(), sign(Bob, &consent().to_bytes()));
		assert_noop!(refused, Error::<Test>::BadSignature);
		let zeros = MultiSignature::Ed25519(ed25519::Signature::from_raw([0; 64]));
		assert_noop!(submit(Bob, &consent(), zeros), Error::<Test>::BadSignature);
	});
}

#[test]
fn a_consent_serves_once() {
	with_sponsor().build_and_execute(|| {
		assert_ok!(submit_signed(&consent()));
		assert_noop!(submit_signed(&consent()), Error::<Test>::AccountAlreadyBound);
	});
}

#[test]
fn a_consent_ends_at_its_deadline() {
	with_sponsor().build_and_execute(|| {
		at(DEADLINE);
		assert_noop!(submit_signed(&consent()), Error::<Test>::ConsentExpired);
		at(DEADLINE - 1);
		assert_ok!(submit_signed(&consent()));
	});
}

#[test]
fn a_deadline_is_bounded() {
	with_sponsor().build_and_execute(|| {
		for deadline in [DEADLINE + 1, Moment::MAX] {
			let asked = SponsoredRegistration { deadline, ..consent() };
			assert_noop!(submit_signed(&asked), Error::<Test>::DeadlineTooFar);
		}
	});
}

#[test]
fn a_sponsor_has_a_quota_per_day() {
	with_sponsor().build_and_execute(|| {
		let nth = |n: u8| {
			let pair = ed25519::Pair::from_seed(&[n; 32]);
			let public = PublicKey::Ed25519(pair.public().0);
			let mut asked = consent_of(MultiSigner::from(pair.public()).into_account(), public);
			asked.agreement_key = agreement_key(n);
			asked.deadline = Timestamp::get() + 1;
			submit(Bob, &asked, pair.sign(&asked.to_bytes()).into())
		};
		assert_eq!(Identity::sponsor_quota_left(identity(Bob)), 2);
		assert_ok!(nth(1));
		assert_ok!(nth(2));
		assert_eq!(Identity::sponsor_quota_left(identity(Bob)), 0);
		assert_noop!(nth(3), Error::<Test>::SponsorQuotaExceeded);

		at(START + DAY - 1);
		assert_noop!(nth(3), Error::<Test>::SponsorQuotaExceeded);
		at(START + DAY);
		assert_eq!(Identity::sponsor_quota_left(identity(Bob)), 2);
		assert_ok!(nth(3));
	});
}

#[test]
fn a_refused_registration_costs_no_quota() {
	with_sponsor().build_and_execute(|| {
		assert_noop!(
			submit(Bob, &consent(), sign(Eve, &consent().to_bytes())),
			Error::<Test>::BadSignature
		);
		assert_eq!(Identity::sponsor_quota_left(identity(Bob)), 2);
	});
}

#[test]
fn checks_the_same_as_a_registration_of_ones_own() {
	with_sponsor().build_and_execute(|| {
		let with = |change: fn(&mut SponsoredRegistration)| {
			let mut asked = consent();
			change(&mut asked);
			submit_signed(&asked)
		};
		let device = with(|asked| asked.kind = IdentityKind::Device);
		assert_noop!(device, Error::<Test>::DeviceRefused);
		let zero = with(|asked| asked.agreement_key = [0; 32]);
		assert_noop!(zero, Error::<Test>::AgreementKeySmallOrder);
		let taken = with(|asked| asked.agreement_key = agreement_key(200));
		assert_noop!(taken, Error::<Test>::AgreementKeyInUse);
		let empty = with(|asked| asked.profile = Some(Commitment::default()));
		assert_noop!(empty, Error::<Test>::ProfileEmpty);
	});
}

#[test]
fn refuses_who_is_no_sponsor() {
	with_sponsor().identity(Charlie, IdentityKind::Practitioner).build_and_execute(|| {
		for nobody in [Alice, Charlie] {
			let refused = submit(nobody, &consent(), sign(Dave, &consent().to_bytes()));
			assert_noop!(refused, DispatchError::BadOrigin);
		}
		set_status(identity(Bob), suspended(None));
		assert_noop!(submit_signed(&consent()), DispatchError::BadOrigin);
	});
}

#[test]
fn refuses_a_public_key_that_is_missing_or_another() {
	with_sponsor().build_and_execute(|| {
		let with = |public| submit_signed(&SponsoredRegistration { public, ..consent() });
		assert_noop!(with(public(Eve)), Error::<Test>::PublicKeyMismatch);
		assert_noop!(with(PublicKey::Derived), Error::<Test>::PublicKeyMissing);
	});
}

#[test]
fn refuses_a_key_that_everybody_signs_for() {
	with_sponsor().build_and_execute(|| {
		let mut neutral = [0; 32];
		neutral[0] = 1;
		let mut forged = [0; 64];
		forged[0] = 1;
		let asked = consent_of(neutral.into(), PublicKey::Ed25519(neutral));
		let forged = ed25519::Signature::from_raw(forged);
		assert_noop!(submit(Bob, &asked, forged.into()), Error::<Test>::PublicKeyWeak);
	});
}

#[test]
fn refuses_an_account_once_bound_and_retired() {
	with_sponsor().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_noop!(submit_signed(&consent()), Error::<Test>::AccountAlreadyBound);
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_noop!(submit_signed(&consent()), Error::<Test>::AccountRetired);
	});
}

#[test]
fn a_key_of_the_sponsor_needs_the_scope() {
	with_sponsor().build_and_execute(|| {
		assert_ok!(add_key(Bob, Eve, ANCHORS));
		let submit_by_eve = || submit(Eve, &consent(), sign(Dave, &consent().to_bytes()));
		assert_noop!(submit_by_eve(), DispatchError::BadOrigin);
		let scopes = CallScopes::of(&[CallScope::Sponsor]);
		assert_ok!(Identity::set_key_scopes(signed(Bob), 1, scopes));
		assert_ok!(submit_by_eve());
		// The quota is the organisation's, whichever of its keys signs.
		assert_eq!(Identity::sponsor_quota_left(identity(Bob)), 1);
	});
}

#[test]
fn a_sponsor_has_no_way_to_change_or_end_the_identity() {
	with_sponsor().build_and_execute(|| {
		assert_ok!(submit_signed(&consent()));
		let before = (row(Dave), Profiles::<Test>::get(identity(Dave)), key(Dave, 0));
		// Every call of Bob's acts on Bob's own identity or is refused.
		assert_ok!(Identity::set_profile(signed(Bob), PROFILE, 0));
		assert_ok!(Identity::freeze_keys(signed(Bob)));
		assert_ok!(rotate(Bob, agreement_key(60), 1));
		assert_ok!(Identity::revoke_agreement_key(signed(Bob), 1, None));
		let usurped = rotate_primary(Bob, Dave, Eve, 0);
		assert_noop!(usurped, Error::<Test>::BadSignature);
		let added = add_key_by(Bob, Dave, Eve, ANCHORS);
		assert_noop!(added, Error::<Test>::BadSignature);
		let by = Identity::suspend_identity(signed(Bob), identity(Dave), GROUND, None);
		// In this mock a frozen primary key is still an authority, and patients are out of its reach.
		assert_noop!(by, Error::<Test>::PatientNeedsGovernance);
		assert_ok!(Identity::deactivate(signed(Bob), 2));
		let after = (row(Dave), Profiles::<Test>::get(identity(Dave)), key(Dave, 0));
		assert_eq!(before, after);
		assert!(may(Dave, CallScope::ConsentManage));
	});
}
