// SPDX-License-Identifier: Apache-2.0

//! Worst cases: full pairs, full quotas, and everything that has ended to clear away.

mod emergencies;

use crate::{Pallet as Consent, decision::Reader, *};
use alloc::vec::Vec;
use frame_benchmarking::{BenchmarkError, account, v2::*};
use frame_support::{
	BoundedVec,
	traits::{Consideration, EnsureOrigin, Footprint, Get, Time},
};
use frame_system::RawOrigin;
use salus_primitives::{
	AccessDecision, AccessPolicy, AccessQuestion, AccreditationKind, Action, Actions, Classes,
	CompartmentKey, DenyReason, Digest, EmergencyReason, GrantId, GrantWrap, IdentityId,
	IdentityKind, Moment, PermitBasis, Purpose, Purposes, RecorderId, RequestId, ReviewOutcome,
	Window,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	consent::Compartments as _,
	identity::{Actor, AgreementKeys, IdentityInspect},
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
	let grant = Grant {
		subject,
		grantee,
		by: subject,
		made_at: T::Time::now(),
		terms: terms(window),
		narrowed: None,
		uses_left,
		basis: Basis::Consent,
		document: None,
		delegable: uses_left.is_none(),
		parent: None,
		root: None,
		depth: 0,
		status: GrantStatus::Live,
	};
	store_grant::<T>(grant)
}

fn store_grant<T: Config>(grant: Grant) -> GrantId {
	let id = NextGrantId::<T>::mutate(|next| {
		next.0 += 1;
		GrantId(next.0 - 1)
	});
	let Grant { subject, grantee, terms, .. } = grant;
	GrantIndex::<T>::mutate(subject, grantee, |rules| {
		rules.try_push(grant.rule(id)).expect("no pair is filled twice");
	});
	if let Some(holder) = grantee.key_holder() {
		let keys = sealed::<T>(&subject, holder, MAX_COMPARTMENT_KEYS as u8);
		GrantKeysOf::<T>::insert(id, keys);
	}
	Consent::<T>::enlist(terms.window.until, Due::Grant(id));
	Grants::<T>::insert(id, grant);
	id
}

/// Hangs so many sub-grants below a grant, each to somebody else.
fn put_below<T: Config>(root: GrantId, window: Window, count: u32) -> Vec<GrantId> {
	(0..count)
		.map(|number| {
			let top = Grants::<T>::get(root).expect("it was put there");
			let seed = root.0 as u32 * MAX_SUB_GRANTS + number;
			let who: T::AccountId = account("below", seed, 0);
			let id = T::Identities::bench_register(&who, IdentityKind::Practitioner);
			let mut sub = Grant { grantee: Grantee::Identity(id), ..top };
			sub.terms.window = window;
			sub.parent = Some(root);
			sub.root = Some(root);
			sub.depth = 1;
			let id = store_grant::<T>(sub);
			SubGrants::<T>::mutate(root, |subs| subs.try_push(id).expect("four at most"));
			id
		})
		.collect()
}

/// A full pair of live grants in a full quota, the patient, and the grantee.
fn full_pair<T: Config>() -> (T::AccountId, IdentityId, Grantee, Vec<GrantId>) {
	let (caller, subject) = patient::<T>();
	let (_, reader) = register::<T>("reader", IdentityKind::Practitioner);
	let grantee = Grantee::Identity(reader);
	let live: Vec<_> = (0..MAX_GRANTS_PER_PAIR)
		.map(|_| put_grant::<T>(subject, grantee, open_window::<T>(), None))
		.collect();
	fill_quota::<T>(&subject, &live, open_window::<T>().until);
	(caller, subject, grantee, live)
}

/// So many ended grants in a pair, the first of them sub-grants of a root each, and a quota full of
/// them.
fn ended_pair<T: Config>(subject: IdentityId, grantee: Grantee, count: u32) -> Vec<GrantId> {
	let ended: Vec<_> =
		(0..count).map(|_| put_grant::<T>(subject, grantee, ended_window::<T>(), None)).collect();
	for id in ended.iter().take(MAX_SUB_GRANTS_PER_PAIR as usize) {
		let root = GrantId(u64::MAX / 2 - id.0);
		Grants::<T>::mutate(id, |row| {
			let sub = row.as_mut().expect("it was put there");
			(sub.parent, sub.root, sub.depth) = (Some(root), Some(root), 1);
		});
		SubGrants::<T>::insert(root, BoundedVec::truncate_from(alloc::vec![*id]));
	}
	fill_quota::<T>(&subject, &ended, ended_window::<T>().until);
	ended
}

fn fill_quota<T: Config>(subject: &IdentityId, own: &[GrantId], until: Moment) {
	let others = (0u64..).map(|number| GrantId(u64::MAX - number));
	let places = own.iter().copied().chain(others).map(|grant| Place { grant, until });
	let all = places.take(T::MaxLiveGrants::get() as usize).collect();
	LiveGrants::<T>::insert(subject, BoundedVec::truncate_from(all));
}

/// The secret of compartment 0, sealed anew for the grantees of so many grants.
fn wraps<T: Config>(subject: IdentityId, count: u32) -> GrantWraps {
	Consent::<T>::bench_open(&subject, 0);
	let all = (0..count).map(|number| {
		let who: T::AccountId = account("grantee", number, 0);
		let id = T::Identities::bench_register(&who, IdentityKind::Practitioner);
		let grant = put_grant::<T>(subject, Grantee::Identity(id), open_window::<T>(), None);
		let key_version = T::AgreementKeys::current(&id).map_or(0, |(version, _)| version);
		GrantWrap { grant, key_version, wrap: [9; 80] }
	});
	BoundedVec::truncate_from(all.collect())
}

/// A public key that no compartment has.
fn another_key() -> [u8; 32] {
	let mut key = [0; 32];
	key[0] = 10;
	key
}

fn asked() -> Asked {
	let Terms { scope, purposes, actions, .. } = terms(Window { from: 0, until: 1 });
	Asked { scope, purposes, actions, data_period: None, length: 1_000 }
}

/// A request of the organisation where the caller works, the last of as many as can wait.
fn put_request<T: Config>(
	subject: IdentityId,
	payer: &T::AccountId,
	requester: IdentityId,
	grantee: Grantee,
	answer_by: Moment,
) -> RequestId {
	let id = RequestId(u64::from(T::MaxOpenRequests::get()));
	let ticket = T::RequestConsideration::new(payer, Footprint::from_mel::<RequestOf<T>>());
	let request = Request {
		subject,
		grantee,
		requester,
		asked: asked(),
		reason: Digest([1; 32]),
		asked_at: 0,
		answer_by,
		deposit: Deposit {
			depositor: payer.clone(),
			ticket: ticket.expect("the payer was funded"),
		},
	};
	let others = (1u64..).map(RequestId);
	let places = others
		.take(T::MaxOpenRequests::get() as usize)
		.map(|request| WaitingRequest { request, answer_by });
	SubjectRequests::<T>::insert(subject, BoundedVec::truncate_from(places.collect()));
	OpenRequests::<T>::insert(subject, grantee, id);
	Requests::<T>::insert(id, request);
	NextRequestId::<T>::put(RequestId(id.0 + 1));
	Consent::<T>::enlist(answer_by, Due::Request(id));
	id
}

/// Somebody with money for rents.
fn rich<T: Config>(name: &'static str, kind: IdentityKind) -> (T::AccountId, IdentityId) {
	let (who, id) = register::<T>(name, kind);
	T::RequestConsideration::ensure_successful(&who, Footprint::from_mel::<RequestOf<T>>());
	(who, id)
}

fn in_an_hour<T: Config>() -> Moment {
	T::Time::now().saturating_add(60 * 60 * 1000)
}

/// An origin that passes, and who acts by it.
fn passing<T: Config, O: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>>()
-> Result<(T::RuntimeOrigin, IdentityId), BenchmarkError> {
	let origin = O::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor = O::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	Ok((origin, actor.id))
}

fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::GovernanceOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

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
			false,
			keys,
		);

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
		let mut window = open_window::<T>();
		window.until -= 60 * 60 * 1000;
		let Terms { scope, purposes, actions, .. } = terms(window);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller),
			last,
			scope,
			purposes,
			actions,
			Some(window),
			window,
			None,
			keys,
		);

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

	/// What has ended below the root and in the pair makes room.
	#[benchmark]
	fn sub_grant(k: Linear<1, MAX_COMPARTMENT_KEYS>, e: Linear<0, MAX_LAPSED>) {
		let (_, subject) = patient::<T>();
		let (caller, reader) = register::<T>("reader", IdentityKind::Practitioner);
		let (_, next) = register::<T>("next", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(next);
		let root = put_grant::<T>(subject, Grantee::Identity(reader), open_window::<T>(), None);
		put_below::<T>(root, ended_window::<T>(), e.min(MAX_SUB_GRANTS));
		ended_pair::<T>(subject, grantee, e.saturating_sub(MAX_SUB_GRANTS));
		let made = NextGrantId::<T>::get();
		let keys = sealed::<T>(&subject, &next, k as u8);
		let window = open_window::<T>();
		let Terms { scope, purposes, actions, .. } = terms(window);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller),
			root,
			grantee,
			scope,
			purposes,
			actions,
			Some(window),
			window,
			true,
			keys,
		);

		assert_eq!(SubGrants::<T>::get(root).into_inner(), [made]);
		assert_eq!(GrantIndex::<T>::get(subject, grantee).len(), 1);
	}

	/// For an organisation, whose request before this one ran out.
	#[benchmark]
	fn request_access() {
		let (_, subject) = patient::<T>();
		let (caller, requester) = rich::<T>("reader", IdentityKind::Practitioner);
		let (payer, organisation) = rich::<T>("hospital", IdentityKind::Organisation);
		T::Affiliations::bench_affiliate(&requester, &organisation);
		let grantee = Grantee::Organisation(organisation);
		let now = T::Time::now();
		let before = put_request::<T>(subject, &payer, requester, grantee, now);
		let Asked { scope, purposes, actions, length, .. } = asked();

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller),
			subject,
			Some(organisation),
			scope,
			purposes,
			actions,
			Some(open_window::<T>()),
			length,
			Digest([1; 32]),
			in_an_hour::<T>(),
		);

		assert!(!Requests::<T>::contains_key(before));
		assert_eq!(SubjectRequests::<T>::get(subject).len(), 1);
	}

	#[benchmark]
	fn approve_request(k: Linear<1, MAX_COMPARTMENT_KEYS>, e: Linear<0, MAX_GRANTS_PER_PAIR>) {
		let (caller, subject) = patient::<T>();
		let (payer, reader) = rich::<T>("reader", IdentityKind::Practitioner);
		let grantee = Grantee::Identity(reader);
		ended_pair::<T>(subject, grantee, e);
		let request = put_request::<T>(subject, &payer, reader, grantee, in_an_hour::<T>());
		let keys = sealed::<T>(&subject, &reader, k as u8);
		let from = T::Time::now();
		let window = Window { from, until: from + asked().length };
		let Asked { scope, purposes, actions, .. } = asked();

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller),
			request,
			scope,
			purposes,
			actions,
			Some(window),
			window,
			Some(1),
			Basis::Consent,
			Some(Digest([1; 32])),
			false,
			keys,
		);

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
		let own: Vec<_> = (0..MAX_GRANTS_PER_PAIR)
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

		assert_eq!(EmergencyHolders::<T>::get(holder), Some(0));
		Ok(())
	}

	/// From one holder to another.
	#[benchmark]
	fn set_emergency_key() {
		let (caller, subject) = patient::<T>();
		let [before, after] = ["before", "after"].map(emergencies::holder::<T>);
		emergencies::give_key::<T>(subject, 0, before);
		let key = emergencies::emergency_key::<T>(after);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), subject, 0, Some(key));

		assert_eq!(EmergencyHolders::<T>::get(before), Some(0));
		assert_eq!(EmergencyHolders::<T>::get(after), Some(1));
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
