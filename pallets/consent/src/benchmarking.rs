// SPDX-License-Identifier: Apache-2.0

//! Worst cases: full pairs, full quotas, and everything that has ended to clear away.

use crate::{Pallet as Consent, decision::Reader, *};
use frame_benchmarking::{BenchmarkError, account, v2::*};
use frame_support::{
	BoundedVec,
	traits::{EnsureOrigin, Get, Time},
};
use frame_system::RawOrigin;
use salus_primitives::{
	AccessDecision, AccessQuestion, Action, Actions, Classes, CompartmentKey, Digest, GrantId,
	IdentityId, IdentityKind, Moment, PermitBasis, Purpose, Purposes, Window,
};
use salus_traits::{
	accreditation::AffiliationInspect,
	consent::Compartments as _,
	identity::{AgreementKeys, IdentityInspect},
	records::RecordInspect,
};

fn patient<T: Config>() -> (T::AccountId, IdentityId) {
	register::<T>("patient", IdentityKind::Patient)
}

fn register<T: Config>(name: &'static str, kind: IdentityKind) -> (T::AccountId, IdentityId) {
	let who: T::AccountId = account(name, 0, 0);
	let id = T::Identities::bench_register(&who, kind);
	(who, id)
}

fn open_window<T: Config>() -> Window {
	let now = T::Time::now();
	Window { from: now, until: now.saturating_add(T::MaxGrantLength::get()) }
}

fn ended_window<T: Config>() -> Window {
	Window { from: T::Time::now().saturating_sub(1), until: T::Time::now() }
}

fn terms(window: Window) -> Terms {
	Terms {
		decision: Decision::Permit,
		scope: Scope::Subject(Classes::ALL),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::ALL,
		data_period: None,
		window,
	}
}

fn sealed<T: Config>(subject: &IdentityId, holder: &IdentityId, count: u8) -> GrantKeys {
	let key_version = T::AgreementKeys::current(holder).map_or(0, |(version, _)| version);
	let keys = (0..count).map(|compartment| {
		Consent::<T>::bench_open(subject, compartment);
		CompartmentKey { compartment, epoch: 0, key_version, wrap: [7; 80] }
	});
	GrantKeys::Compartments(BoundedVec::truncate_from(keys.collect()))
}

/// Puts a grant into storage as the call would, but with any window.
fn put_grant<T: Config>(
	subject: IdentityId,
	grantee: Grantee,
	window: Window,
	uses_left: Option<u32>,
) -> GrantId {
	let id = NextGrantId::<T>::mutate(|next| {
		next.0 += 1;
		GrantId(next.0 - 1)
	});
	let grant = Grant {
		subject,
		grantee,
		by: subject,
		made_at: T::Time::now(),
		terms: terms(window),
		uses_left,
		basis: Basis::Consent,
		document: None,
		status: GrantStatus::Live,
	};
	GrantIndex::<T>::mutate(subject, grantee, |rules| {
		rules.try_push(grant.rule(id)).expect("no pair is filled twice");
	});
	if let Some(holder) = grantee.key_holder() {
		let keys = sealed::<T>(&subject, holder, MAX_COMPARTMENT_KEYS as u8);
		GrantKeysOf::<T>::insert(id, keys);
	}
	Grants::<T>::insert(id, grant);
	id
}

fn fill_quota<T: Config>(subject: &IdentityId, own: &[GrantId], until: Moment) {
	let others = (0u64..).map(|number| GrantId(u64::MAX - number));
	let places = own.iter().copied().chain(others).map(|grant| Place { grant, until });
	let all = places.take(T::MaxLiveGrants::get() as usize).collect();
	LiveGrants::<T>::insert(subject, BoundedVec::truncate_from(all));
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn open_compartment() {
		let (caller, subject) = patient::<T>();
		let mut key = [0; 32];
		key[0] = 9;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, 255, key, true);

		assert!(Compartments::<T>::contains_key(subject, 255));
	}

	/// A pair and a quota full of ended grants, whose keys go.
	#[benchmark]
	fn grant(k: Linear<1, MAX_COMPARTMENT_KEYS>) {
		let (caller, subject) = patient::<T>();
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		let ended: alloc::vec::Vec<_> = (0..MAX_GRANTS_PER_PAIR)
			.map(|_| put_grant::<T>(subject, grantee, ended_window::<T>(), None))
			.collect();
		fill_quota::<T>(&subject, &ended, ended_window::<T>().until);
		let keys = sealed::<T>(&subject, &reader, k as u8);
		let window = open_window::<T>();
		let Terms { decision, scope, purposes, actions, .. } = terms(window);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller),
			subject,
			grantee,
			decision,
			scope,
			purposes,
			actions,
			Some(window),
			window,
			Some(1),
			Basis::Consent,
			Some(Digest([1; 32])),
			keys,
		);

		let made = GrantId(u64::from(MAX_GRANTS_PER_PAIR));
		assert_eq!(GrantIndex::<T>::get(subject, grantee).len(), 1);
		assert_eq!(GrantKeysOf::<T>::get(made).map(|keys| keys.count()), Some(k));
		assert!(ended.iter().all(|id| !GrantKeysOf::<T>::contains_key(id)));
		assert_eq!(LiveGrants::<T>::get(subject).len(), 1);
	}

	#[benchmark]
	fn revoke() {
		let (caller, subject) = patient::<T>();
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		let live: alloc::vec::Vec<_> = (0..MAX_GRANTS_PER_PAIR)
			.map(|_| put_grant::<T>(subject, grantee, open_window::<T>(), None))
			.collect();
		fill_quota::<T>(&subject, &live, open_window::<T>().until);
		let last = GrantId(u64::from(MAX_GRANTS_PER_PAIR) - 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), last, RevocationStrength::Lazy);

		let status = Grants::<T>::get(last).map(|row| row.status);
		assert!(matches!(status, Some(GrantStatus::Revoked { .. })));
		assert!(!GrantKeysOf::<T>::contains_key(last));
	}

	/// The last use of a grant to an organisation where the reader works.
	#[benchmark]
	fn log_access() -> Result<(), BenchmarkError> {
		let origin =
			T::RecorderOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let (_, subject) = patient::<T>();
		let (_, author) = register::<T>("author", IdentityKind::Practitioner);
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let (_, organisation) = register::<T>("organisation", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&reader, &organisation);
		Consent::<T>::bench_open(&subject, 0);
		let record = T::Records::bench_record(&subject, &author, 0);
		let grantee = Grantee::Organisation(organisation);
		let own: alloc::vec::Vec<_> = (0..MAX_GRANTS_PER_PAIR)
			.map(|_| put_grant::<T>(subject, grantee, open_window::<T>(), Some(1)))
			.collect();
		fill_quota::<T>(&subject, &own, open_window::<T>().until);
		let used = GrantId(u64::from(MAX_GRANTS_PER_PAIR) - 1);
		let decision = AccessDecision::Permit(PermitBasis::Grant(used));
		let event = Digest([1; 32]);

		#[extrinsic_call]
		_(
			origin as T::RuntimeOrigin,
			reader,
			record,
			Purpose::Treat,
			Action::Access,
			decision,
			event,
		);

		assert_eq!(AccessHeads::<T>::get(subject).count, 1);
		assert_eq!(Grants::<T>::get(used).and_then(|row| row.uses_left), Some(0));
		Ok(())
	}

	/// The decision over eleven full rows, as the runtime API makes it.
	#[benchmark]
	fn check_access() {
		let (_, subject) = patient::<T>();
		let (_, author) = register::<T>("author", IdentityKind::Practitioner);
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let (_, organisation) = register::<T>("organisation", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&reader, &organisation);
		Consent::<T>::bench_open(&subject, 0);
		let record = T::Records::bench_record(&subject, &author, 0);
		let now = T::Time::now();
		for grantee in Reader::at::<T>(reader, now).grantees() {
			for _ in 0..MAX_GRANTS_PER_PAIR {
				put_grant::<T>(subject, grantee, open_window::<T>(), None);
			}
		}
		let (purpose, action) = (Purpose::Treat, Action::Access);
		let question = AccessQuestion { reader, record, purpose, action };
		let decision;

		#[block]
		{
			decision = Consent::<T>::check_access(&question, now);
		}

		assert_eq!(decision, AccessDecision::Permit(PermitBasis::Grant(GrantId(0))));
	}

	impl_benchmark_test_suite!(Consent, crate::mock::new_test_ext(), crate::mock::Test);
}
