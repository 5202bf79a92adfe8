// SPDX-License-Identifier: Apache-2.0

//! States for the benchmarks of grants and requests: full pairs and quotas, whatever else is full.

use super::*;

pub(super) fn patient<T: Config>() -> (T::AccountId, IdentityId) {
	register::<T>("patient", IdentityKind::Patient)
}

pub(super) fn register<T: Config>(
	name: &'static str,
	kind: IdentityKind,
) -> (T::AccountId, IdentityId) {
	let who: T::AccountId = account(name, 0, 0);
	let id = T::Identities::bench_register(&who, kind);
	(who, id)
}

pub(super) fn open_window<T: Config>() -> Window {
	let now = T::Time::now();
	Window { from: now, until: now.saturating_add(T::MaxGrantLength::get()) }
}

pub(super) fn ended_window<T: Config>() -> Window {
	Window { from: T::Time::now().saturating_sub(1), until: T::Time::now() }
}

pub(super) fn terms(window: Window) -> Terms {
	Terms {
		decision: Decision::Permit,
		scope: Scope::Subject(Classes::ALL),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::ALL,
		data_period: None,
		window,
	}
}

pub(super) fn sealed<T: Config>(subject: &IdentityId, holder: &IdentityId, count: u8) -> GrantKeys {
	let key_version = T::AgreementKeys::current(holder).map_or(0, |(version, _)| version);
	let keys = (0..count).map(|compartment| {
		Consent::<T>::bench_open(subject, compartment);
		CompartmentKey { compartment, epoch: 0, key_version, wrap: [7; 80] }
	});
	GrantKeys::Compartments(BoundedVec::truncate_from(keys.collect()))
}

/// Puts a grant into storage as the call would, but with any window.
pub(super) fn put_grant<T: Config>(
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

pub(super) fn store_grant<T: Config>(grant: Grant) -> GrantId {
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
pub(super) fn put_below<T: Config>(root: GrantId, window: Window, count: u32) -> Vec<GrantId> {
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
pub(super) fn full_pair<T: Config>() -> (T::AccountId, IdentityId, Grantee, Vec<GrantId>) {
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
pub(super) fn ended_pair<T: Config>(
	subject: IdentityId,
	grantee: Grantee,
	count: u32,
) -> Vec<GrantId> {
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

pub(super) fn fill_quota<T: Config>(subject: &IdentityId, own: &[GrantId], until: Moment) {
	let others = (0u64..).map(|number| GrantId(u64::MAX - number));
	let places = own.iter().copied().chain(others).map(|grant| Place { grant, until });
	let all = places.take(T::MaxLiveGrants::get() as usize).collect();
	LiveGrants::<T>::insert(subject, BoundedVec::truncate_from(all));
}

/// The secret of compartment 0, sealed anew for the grantees of so many grants.
pub(super) fn wraps<T: Config>(subject: IdentityId, count: u32) -> GrantWraps {
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

/// A record of the subject in compartment 0, by somebody outside.
pub(super) fn file<T: Config>(subject: &IdentityId) -> RecordId {
	let (_, author) = register::<T>("author", IdentityKind::Practitioner);
	Consent::<T>::bench_open(subject, 0);
	T::Records::bench_record(subject, &author, 0)
}

/// What terms about one record cost beside those of a wider scope, which carry more keys: the record
/// is looked up, and where it lies.
pub(super) fn look_up<T: Config>(subject: &IdentityId, record: RecordId) {
	let outer = terms(open_window::<T>());
	let scope = Scope::Record(record);
	Consent::<T>::ensure_scope_exists(subject, &scope).expect("it was filed");
	assert!(Consent::<T>::is_within(subject, &Terms { scope, ..outer }, &outer));
}

/// Fills each row that speaks to somebody with denials that keep it out of nothing a wide permit
/// reaches: of single records first, as many as are looked into, then of a compartment.
pub(super) fn deny_elsewhere<T: Config>(subject: &IdentityId, reader: IdentityId) {
	let (_, author) = register::<T>("author", IdentityKind::Practitioner);
	let restricted = |no| {
		Consent::<T>::bench_open(subject, no);
		Compartments::<T>::mutate(subject, no, |row| {
			row.as_mut().expect("it was opened").restricted = true;
		});
		no
	};
	let apart: Vec<_> = (100..).take(MAX_DENIED_RECORDS as usize).map(restricted).collect();
	let records = apart.iter().map(|no| T::Records::bench_record(subject, &author, *no));
	let scopes: Vec<_> = records.map(Scope::Record).collect();
	let mut scopes = scopes.into_iter();
	let denial = terms(open_window::<T>());
	let denial = Terms { decision: Decision::Deny { override_in_emergency: false }, ..denial };
	for hat in Reader::at::<T>(reader, T::Time::now()).grantees() {
		GrantIndex::<T>::mutate(subject, hat, |rules| {
			while !rules.is_full() {
				let scope = scopes.next().unwrap_or(Scope::Compartment(100));
				let terms = Terms { scope, ..denial };
				let rule = Rule { grant: GrantId(u64::MAX), terms, uses_left: None };
				rules.try_push(rule).expect("it is not full");
			}
		});
	}
}

/// A public key that no compartment has.
pub(super) fn another_key() -> [u8; 32] {
	let mut key = [0; 32];
	key[0] = 10;
	key
}

pub(super) fn asked() -> Asked {
	let Terms { scope, purposes, actions, .. } = terms(Window { from: 0, until: 1 });
	Asked { scope, purposes, actions, data_period: None, length: 1_000 }
}

/// A request of the organisation where the caller works, the last of as many as can wait.
pub(super) fn put_request<T: Config>(
	subject: IdentityId,
	payer: &T::AccountId,
	requester: IdentityId,
	grantee: Grantee,
	answer_by: Moment,
) -> RequestId {
	let places = u64::from(T::MaxOpenRequests::get());
	let id = RequestId(places.max(NextRequestId::<T>::get().0));
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
	let places = (id.0 - places + 1..=id.0).map(|number| WaitingRequest {
		request: RequestId(number),
		answer_by,
		behind: None,
	});
	SubjectRequests::<T>::insert(subject, BoundedVec::truncate_from(places.collect()));
	OpenRequests::<T>::insert(subject, grantee, id);
	Requests::<T>::insert(id, request);
	NextRequestId::<T>::put(RequestId(id.0 + 1));
	Consent::<T>::enlist(answer_by, Due::Request(id));
	id
}

/// Somebody with money for rents.
pub(super) fn rich<T: Config>(
	name: &'static str,
	kind: IdentityKind,
) -> (T::AccountId, IdentityId) {
	let (who, id) = register::<T>(name, kind);
	T::RequestConsideration::ensure_successful(&who, Footprint::from_mel::<RequestOf<T>>());
	(who, id)
}

pub(super) fn in_an_hour<T: Config>() -> Moment {
	T::Time::now().saturating_add(60 * 60 * 1000)
}

/// An origin that passes, and who acts by it.
pub(super) fn passing<
	T: Config,
	O: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
>() -> Result<(T::RuntimeOrigin, IdentityId), BenchmarkError> {
	let origin = O::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor = O::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	Ok((origin, actor.id))
}

pub(super) fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::GovernanceOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}
