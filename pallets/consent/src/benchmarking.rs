// SPDX-License-Identifier: Apache-2.0

//! Worst cases: full pairs, full quotas, and everything that has ended to clear away.

mod emergencies;
mod setup;

use crate::{Pallet as Consent, calls::MAX_DENIED_RECORDS, decision::Reader, *};
use alloc::vec::Vec;
use frame_benchmarking::{BenchmarkError, account, v2::*};
use frame_support::{
	BoundedVec,
	traits::{Consideration, EnsureOrigin, Footprint, Get, Time, UnfilteredDispatchable},
};
use frame_system::RawOrigin;
use salus_primitives::{
	AccessDecision, AccessPolicy, AccessQuestion, AccreditationKind, Action, Actions, Classes,
	CompartmentKey, DenyReason, Digest, EmergencyReason, GrantId, GrantWrap, IdentityId,
	IdentityKind, Moment, PermitBasis, Purpose, Purposes, RecordId, RecorderId, RequestId,
	ReviewOutcome, Window,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	consent::Compartments as _,
	identity::{Actor, AgreementKeys, IdentityInspect},
	records::RecordInspect,
};
use setup::*;

/// What the benchmarks need from the runtime.
pub trait BenchmarkHelper {
	/// Sets the clock.
	fn set_time(now: Moment);
}

/// 2026-01-01T00:00:00Z: there are moments before it.
const NOW: Moment = 1_767_225_600_000;

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn set_policy() {
		let (caller, subject) = patient::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, AccessPolicy::BreakGlassOnly);

		assert_eq!(Policies::<T>::get(subject).policy, AccessPolicy::BreakGlassOnly);
	}

	#[benchmark]
	fn open_compartment() {
		let (caller, subject) = patient::<T>();
		let mut key = [0; 32];
		key[0] = 9;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, 255, key, true);

		assert!(Compartments::<T>::contains_key(subject, 255));
	}

	/// With an emergency key that is sealed anew, and every grantee another.
	#[benchmark]
	fn rotate_compartment(w: Linear<0, MAX_WRAPS>) {
		let (caller, subject) = patient::<T>();
		let wraps = wraps::<T>(subject, w);
		let holder = emergencies::holder::<T>("holder");
		emergencies::give_key::<T>(subject, 0, holder);
		let key_version = emergencies::emergency_key::<T>(holder).key_version;
		let emergency = Some((key_version, [5; 80]));
		emergencies::reach_all::<T>(subject);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, 0, 0, another_key(), [4; 80], wraps, emergency);

		assert_eq!(Compartments::<T>::get(subject, 0).map(|open| open.epoch), Some(1));
		assert_eq!(EmergencyKeys::<T>::get(subject, 0).map(|key| key.epoch), Some(1));
		assert!(EpochLinks::<T>::contains_key((subject, 0, 0)));
	}

	#[benchmark]
	fn add_compartment_wraps(w: Linear<1, MAX_WRAPS>) {
		let (caller, subject) = patient::<T>();
		let wraps = wraps::<T>(subject, w);
		let last = wraps.last().map(|wrap| wrap.grant).expect("there is one at least");

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, 0, 0, wraps);

		let keys = GrantKeysOf::<T>::get(last).expect("it has keys");
		let GrantKeys::Compartments(keys) = keys else { panic!("it has compartment keys") };
		assert_eq!(keys.first().map(|key| key.wrap), Some([9; 80]));
	}

	/// A pair and a quota with ended grants, whose keys go.
	#[benchmark]
	fn grant(k: Linear<1, MAX_COMPARTMENT_KEYS>, e: Linear<0, MAX_GRANTS_PER_PAIR>) {
		let (caller, subject) = patient::<T>();
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		let ended = ended_pair::<T>(subject, grantee, e);
		let keys = sealed::<T>(&subject, &reader, k as u8);
		let record = file::<T>(&subject);
		let window = open_window::<T>();
		let Terms { decision, scope, purposes, actions, .. } = terms(window);
		let call = Call::<T>::grant {
			subject,
			grantee,
			decision,
			scope,
			purposes,
			actions,
			data_period: Some(window),
			window,
			uses: Some(1),
			basis: Basis::Consent,
			document: Some(Digest([1; 32])),
			delegable: false,
			keys,
		};

		#[block]
		{
			call.dispatch_bypass_filter(RawOrigin::Signed(caller).into()).expect("it is sound");
			look_up::<T>(&subject, record);
		}

		let made = GrantId(u64::from(e));
		assert_eq!(GrantIndex::<T>::get(subject, grantee).len(), 1);
		assert_eq!(GrantKeysOf::<T>::get(made).map(|keys| keys.count()), Some(k));
		assert!(ended.iter().all(|id| !GrantKeysOf::<T>::contains_key(id)));
		assert_eq!(LiveGrants::<T>::get(subject).len(), 1);
	}

	/// To one compartment fewer of a pair and a quota that are full. What hangs below reached
	/// further.
	#[benchmark]
	fn narrow(k: Linear<1, MAX_COMPARTMENT_KEYS>, s: Linear<0, MAX_SUB_GRANTS>) {
		let (caller, subject, grantee, live) = full_pair::<T>();
		let last = *live.last().expect("the pair is full");
		let below = put_below::<T>(last, open_window::<T>(), s);
		let holder = *grantee.key_holder().expect("a person has a key");
		let keys = sealed::<T>(&subject, &holder, k as u8);
		let record = file::<T>(&subject);
		let mut window = open_window::<T>();
		window.until -= 60 * 60 * 1000;
		let Terms { scope, purposes, actions, .. } = terms(window);
		let call = Call::<T>::narrow {
			grant: last,
			scope,
			purposes,
			actions,
			data_period: Some(window),
			window,
			uses: None,
			keys,
		};

		#[block]
		{
			call.dispatch_bypass_filter(RawOrigin::Signed(caller).into()).expect("it is less");
			look_up::<T>(&subject, record);
		}

		assert_eq!(Grants::<T>::get(last).map(|row| row.terms.window), Some(window));
		assert!(below.iter().all(|id| !GrantKeysOf::<T>::contains_key(id)));
	}

	/// Of a full pair in a full quota. To take all permits of a pair back weighs as much for each.
	#[benchmark]
	fn revoke(s: Linear<0, MAX_SUB_GRANTS>) {
		let (caller, _, _, live) = full_pair::<T>();
		let last = *live.last().expect("the pair is full");
		put_below::<T>(last, open_window::<T>(), s);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), last, RevocationStrength::Lazy);

		let status = Grants::<T>::get(last).map(|row| row.status);
		assert!(matches!(status, Some(GrantStatus::Revoked { .. })));
		assert!(!GrantKeysOf::<T>::contains_key(last));
		assert!(!SubGrants::<T>::contains_key(last));
	}

	/// What has ended below the root and in the pair makes room. Every row that speaks to the
	/// delegator is full of denials of something else.
	#[benchmark]
	fn sub_grant(k: Linear<1, MAX_COMPARTMENT_KEYS>, e: Linear<0, MAX_LAPSED>) {
		let (_, subject) = patient::<T>();
		let (caller, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let (_, employer) = register::<T>("employer", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&reader, &employer);
		let (_, next) = register::<T>("next", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(next);
		let root = put_grant::<T>(subject, Grantee::Identity(reader), open_window::<T>(), None);
		put_below::<T>(root, ended_window::<T>(), e.min(MAX_SUB_GRANTS));
		ended_pair::<T>(subject, grantee, e.saturating_sub(MAX_SUB_GRANTS));
		let made = NextGrantId::<T>::get();
		let keys = sealed::<T>(&subject, &next, k as u8);
		let record = file::<T>(&subject);
		deny_elsewhere::<T>(&subject, reader);
		let window = open_window::<T>();
		let Terms { scope, purposes, actions, .. } = terms(window);
		let call = Call::<T>::sub_grant {
			parent: root,
			grantee,
			scope,
			purposes,
			actions,
			data_period: Some(window),
			window,
			delegable: true,
			keys,
		};

		#[block]
		{
			call.dispatch_bypass_filter(RawOrigin::Signed(caller).into()).expect("it is within");
			look_up::<T>(&subject, record);
		}

		assert_eq!(SubGrants::<T>::get(root).into_inner(), [made]);
		assert_eq!(GrantIndex::<T>::get(subject, grantee).len(), 1);
	}

	/// For an organisation, whose request before this one ran out, in place of a stranger's: that
	/// stands last in a full list, behind others of organisations.
	#[benchmark]
	fn request_access() {
		let (_, subject) = patient::<T>();
		let (caller, requester) = rich::<T>("reader", IdentityKind::Practitioner);
		let (payer, organisation) = rich::<T>("hospital", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&requester, &organisation);
		let grantee = Grantee::Organisation(organisation);
		let now = T::Time::now();
		let before = put_request::<T>(subject, &payer, requester, grantee, now);
		let (guest, stranger) = rich::<T>("stranger", IdentityKind::Patient);
		let answer_by = in_an_hour::<T>();
		let theirs = Grantee::Identity(stranger);
		let displaced = put_request::<T>(subject, &guest, stranger, theirs, answer_by);
		SubjectRequests::<T>::mutate(subject, |waiting| {
			for place in waiting.iter_mut().filter(|place| place.request != displaced) {
				place.behind = Some(stranger);
			}
		});
		let record = file::<T>(&subject);
		let Asked { scope, purposes, actions, length, .. } = asked();
		let call = Call::<T>::request_access {
			subject,
			on_behalf: Some(organisation),
			scope,
			purposes,
			actions,
			data_period: Some(open_window::<T>()),
			length,
			reason: Digest([1; 32]),
			answer_by,
		};

		#[block]
		{
			call.dispatch_bypass_filter(RawOrigin::Signed(caller).into()).expect("it can be asked");
			look_up::<T>(&subject, record);
		}

		assert!(![before, displaced].iter().any(Requests::<T>::contains_key));
		assert_eq!(SubjectRequests::<T>::get(subject).len() as u32, T::MaxOpenRequests::get());
	}

	#[benchmark]
	fn approve_request(k: Linear<1, MAX_COMPARTMENT_KEYS>, e: Linear<0, MAX_GRANTS_PER_PAIR>) {
		let (caller, subject) = patient::<T>();
		let (payer, reader) = rich::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		ended_pair::<T>(subject, grantee, e);
		let request = put_request::<T>(subject, &payer, reader, grantee, in_an_hour::<T>());
		let keys = sealed::<T>(&subject, &reader, k as u8);
		let record = file::<T>(&subject);
		let from = T::Time::now();
		let window = Window { from, until: from + asked().length };
		let Asked { scope, purposes, actions, .. } = asked();
		let call = Call::<T>::approve_request {
			request,
			scope,
			purposes,
			actions,
			data_period: Some(window),
			window,
			uses: Some(1),
			basis: Basis::Consent,
			document: Some(Digest([1; 32])),
			delegable: false,
			keys,
		};

		#[block]
		{
			call.dispatch_bypass_filter(RawOrigin::Signed(caller).into())
				.expect("it was asked for");
			look_up::<T>(&subject, record);
		}

		assert!(!Requests::<T>::contains_key(request));
		assert_eq!(GrantIndex::<T>::get(subject, grantee).len(), 1);
	}

	#[benchmark]
	fn decline_request() {
		let (caller, subject) = patient::<T>();
		let (payer, reader) = rich::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		let request = put_request::<T>(subject, &payer, reader, grantee, in_an_hour::<T>());

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), request);

		assert!(!Requests::<T>::contains_key(request));
	}

	#[benchmark]
	fn cancel_request() {
		let (_, subject) = patient::<T>();
		let (payer, reader) = rich::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		let request = put_request::<T>(subject, &payer, reader, grantee, in_an_hour::<T>());

		#[extrinsic_call]
		_(RawOrigin::Signed(payer), request);

		assert!(!Requests::<T>::contains_key(request));
	}

	/// The last use of a grant to an organisation where the reader works, recorded by the last of
	/// those whom the subject names, where the author names nobody. Of who left a moment ago it is
	/// asked once more, as it was then.
	#[benchmark]
	fn log_access() -> Result<(), BenchmarkError> {
		T::BenchmarkHelper::set_time(NOW);
		let (origin, recorder) = passing::<T, T::RecorderOrigin>()?;
		let (_, subject) = patient::<T>();
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let (_, organisation) = register::<T>("organisation", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&reader, &organisation);
		let record = file::<T>(&subject);
		let mut custodians = alloc::vec![subject; MAX_SHARE_CUSTODIANS as usize - 1];
		custodians.push(recorder);
		let custodians = BoundedVec::truncate_from(custodians);
		ShareCustodians::<T>::insert(
			subject,
			ShareCustody { custodians, threshold: 1, since: NOW },
		);
		let grantee = Grantee::Organisation(organisation);
		let own: Vec<_> = (0..MAX_GRANTS_PER_PAIR)
			.map(|_| put_grant::<T>(subject, grantee, open_window::<T>(), Some(1)))
			.collect();
		fill_quota::<T>(&subject, &own, open_window::<T>().until);
		let used = GrantId(u64::from(MAX_GRANTS_PER_PAIR) - 1);
		let call = Call::<T>::log_access {
			reader,
			record,
			purpose: Purpose::Treat,
			action: Action::Access,
			decision: AccessDecision::Permit(PermitBasis::Grant(used)),
			event: Digest([1; 32]),
		};
		let since = NOW.saturating_sub(T::MaxLogDelay::get());

		#[block]
		{
			call.dispatch_bypass_filter(origin).expect("it was permitted");
			assert!(Reader::at::<T>(reader, since).is_among(&grantee));
		}

		assert_eq!(AccessHeads::<T>::get(subject).count, 1);
		assert_eq!(Grants::<T>::get(used).and_then(|row| row.uses_left), Some(0));
		Ok(())
	}

	/// The first batch of a log.
	#[benchmark]
	fn anchor_audit_batch() -> Result<(), BenchmarkError> {
		let (origin, organisation) = passing::<T, T::RecorderOrigin>()?;
		let (recorder, root, now) = (RecorderId([7; 32]), Digest([1; 32]), T::Time::now());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, recorder, 0, root, 0, MAX_BATCH_EVENTS - 1, now, now);

		assert_eq!(AuditHeads::<T>::get(organisation, recorder).next_event, MAX_BATCH_EVENTS);
		Ok(())
	}

	/// The last that the quotas allow, of everything, after another one for the same subject.
	#[benchmark]
	fn break_glass(c: Linear<1, { T::MaxCompartments::get() }>) {
		let scene = emergencies::scene::<T>(c);
		let before = emergencies::ended::<T>(&scene);
		let (caller, subject) = (scene.claimant.0.clone(), scene.subject.1);
		let reason = EmergencyReason::LifeThreat;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, scene.organisation, None, reason, Digest([1; 32]));

		let last = OpenEmergencies::<T>::get(subject, scene.claimant.1);
		assert!(last.is_some_and(|last| before < last));
		assert!(Compartments::<T>::iter_prefix(subject).all(|(_, row)| row.rotation_due));
	}

	/// By the claimant.
	#[benchmark]
	fn close_break_glass() {
		let scene = emergencies::scene::<T>(1);
		let id = emergencies::open::<T>(&scene);

		#[extrinsic_call]
		_(RawOrigin::Signed(scene.claimant.0), id);

		assert!(Emergencies::<T>::get(id).is_some_and(|row| row.closed.is_some()));
	}

	/// By an officer elsewhere, with a strike that suspends.
	#[benchmark]
	fn review_break_glass() {
		let scene = emergencies::scene::<T>(1);
		let id = emergencies::ended::<T>(&scene);
		let (officer, officer_id) = register::<T>("officer", IdentityKind::Practitioner);
		let (_, elsewhere) = register::<T>("house", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&officer_id, &elsewhere);

		#[extrinsic_call]
		_(RawOrigin::Signed(officer), id, ReviewOutcome::Unjustified, Digest([2; 32]));

		assert!(Claimants::<T>::get(scene.claimant.1).suspended.is_some());
		assert!(!PendingReviews::<T>::contains_key(id));
	}

	/// Before any review.
	#[benchmark]
	fn contest() {
		let scene = emergencies::scene::<T>(1);
		let id = emergencies::ended::<T>(&scene);

		#[extrinsic_call]
		_(RawOrigin::Signed(scene.subject.0), id);

		assert!(Emergencies::<T>::get(id).is_some_and(|row| row.contest.is_some()));
	}

	#[benchmark]
	fn set_share_custodian(n: Linear<0, MAX_SHARE_CUSTODIANS>) {
		let (caller, keeper) = register::<T>("keeper", IdentityKind::Organisation);
		let custodians: Vec<_> = (0..MAX_SHARE_CUSTODIANS)
			.map(|number| {
				let who: T::AccountId = account("custodian", number, 0);
				let id = T::Identities::bench_register(&who, IdentityKind::Organisation);
				T::Accreditations::bench_accredit(&id, AccreditationKind::DataCustodian);
				id
			})
			.collect();
		let since = T::Time::now();
		let all = BoundedVec::truncate_from(custodians.clone());
		let before = ShareCustody { custodians: all, threshold: 1, since };
		ShareCustodians::<T>::insert(keeper, before);
		let named: Vec<_> = custodians.into_iter().take(n as usize).collect();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), BoundedVec::truncate_from(named), n as u8);

		let kept = ShareCustodians::<T>::get(keeper).map_or(0, |row| row.custodians.len());
		assert_eq!(kept, n as usize);
	}

	#[benchmark]
	fn set_btg_policy() -> Result<(), BenchmarkError> {
		let origin = governance::<T>()?;
		let policy = EmergencyPolicy { strikes: 9, ..EmergencyPolicy::default() };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, policy);

		assert_eq!(BtgPolicy::<T>::get(), policy);
		Ok(())
	}

	#[benchmark]
	fn suspend() -> Result<(), BenchmarkError> {
		let origin = governance::<T>()?;
		let claimant = emergencies::scene::<T>(1).claimant.1;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, claimant);

		assert!(Claimants::<T>::get(claimant).suspended.is_some());
		Ok(())
	}

	#[benchmark]
	fn reinstate() -> Result<(), BenchmarkError> {
		let origin = governance::<T>()?;
		let claimant = emergencies::scene::<T>(1).claimant.1;
		Claimants::<T>::mutate(claimant, |row| row.suspended = Some(T::Time::now()));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, claimant);

		assert!(Claimants::<T>::get(claimant).suspended.is_none());
		Ok(())
	}

	/// An organisation that begins to hold keys, and keeps no shares.
	#[benchmark]
	fn set_emergency_holder() -> Result<(), BenchmarkError> {
		let (origin, holder) = passing::<T, T::EmergencyHolderOrigin>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, true);

		assert_eq!(EmergencyHolders::<T>::get(holder), Some(Holder::default()));
		Ok(())
	}

	/// From one holder to another, while an emergency of the whole subject may be open.
	#[benchmark]
	fn set_emergency_key() {
		let (caller, subject) = patient::<T>();
		let [before, after] = ["before", "after"].map(emergencies::holder::<T>);
		emergencies::give_key::<T>(subject, 0, before);
		let key = emergencies::emergency_key::<T>(after);
		emergencies::reach_all::<T>(subject);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, 0, Some(key));

		let held = |holder| EmergencyHolders::<T>::get(holder).map(|row| row.keys);
		assert_eq!([before, after].map(held), [Some(0), Some(1)]);
		assert!(Compartments::<T>::get(subject, 0).is_some_and(|row| row.rotation_due));
	}

	/// The decision over eleven full rows, as the runtime API makes it: an emergency is open, but
	/// its claimant is not let any more, and could break the glass where it works.
	#[benchmark]
	fn check_access() {
		let scene = emergencies::scene::<T>(1);
		let emergency = emergencies::open::<T>(&scene);
		let (_, elsewhere) = register::<T>("elsewhere", IdentityKind::Organisation);
		Emergencies::<T>::mutate(emergency, |row| {
			row.as_mut().expect("it was opened").organisation = elsewhere;
		});
		let (reader, subject) = (scene.claimant.1, scene.subject.1);
		let (_, author) = register::<T>("author", IdentityKind::Practitioner);
		let record = T::Records::bench_record(&subject, &author, 0);
		let now = T::Time::now();
		for grantee in Reader::at::<T>(reader, now).grantees() {
			for _ in 0..MAX_GRANTS_PER_PAIR {
				put_grant::<T>(subject, grantee, open_window::<T>(), None);
			}
		}
		let (purpose, action) = (Purpose::Btg, Action::Access);
		let question = AccessQuestion { reader, record, purpose, action };
		let decision;

		#[block]
		{
			decision = Consent::<T>::check_access(&question, now);
		}

		assert_eq!(decision, AccessDecision::Deny(DenyReason::BreakGlass(None)));
	}

	/// A sweep that finds nothing under the hour that is over.
	#[benchmark]
	fn sweep_idle() {
		let now = T::Time::now();
		SweepCursor::<T>::put(hour_at(now));
		let steps;

		#[block]
		{
			steps = Consent::<T>::sweep_hours(1, now);
		}

		assert_eq!(steps, 1);
	}

	/// A grant of the patient's own that has ended, in a full pair and a full quota. A sub-grant
	/// leaves a shorter list as often.
	#[benchmark]
	fn sweep_grant() {
		let (_, subject) = patient::<T>();
		let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let ended = ended_pair::<T>(subject, Grantee::Identity(reader), MAX_GRANTS_PER_PAIR);
		let last = *ended.last().expect("the pair is full");
		let now = T::Time::now();
		let hour = hour_of(ended_window::<T>().until);

		#[block]
		{
			assert!(Consent::<T>::reap_one(Due::Grant(last), now));
		}

		assert!(!Deadlines::<T>::contains_key(hour, Due::Grant(last)));
		assert!(!GrantKeysOf::<T>::contains_key(last));
		assert_eq!(LiveGrants::<T>::get(subject).len() as u32, T::MaxLiveGrants::get() - 1);
	}

	/// A request that nobody answered, the last of as many as can wait.
	#[benchmark]
	fn sweep_request() {
		let (_, subject) = patient::<T>();
		let (payer, reader) = rich::<T>("reader", IdentityKind::Practitioner);
		let now = T::Time::now();
		let request = put_request::<T>(subject, &payer, reader, Grantee::Identity(reader), now);

		#[block]
		{
			assert!(Consent::<T>::reap_one(Due::Request(request), now));
		}

		assert!(!Requests::<T>::contains_key(request));
	}

	#[benchmark]
	fn sweep_review() {
		let emergency = emergencies::overdue::<T>();
		let now = T::Time::now();

		#[block]
		{
			assert!(Consent::<T>::reap_one(Due::Review(emergency), now));
		}

		let deadline = Emergencies::<T>::get(emergency).map(|row| hour_of(row.review_by));
		assert!(
			deadline.is_some_and(|hour| {
				!Deadlines::<T>::contains_key(hour, Due::Review(emergency))
			})
		);
	}

	impl_benchmark_test_suite!(Consent, crate::mock::new_test_ext(), crate::mock::Test);
}
