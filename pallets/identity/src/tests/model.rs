// SPDX-License-Identifier: Apache-2.0

//! Ten thousand random calls, against a model that knows the rules and nothing of the storage.

use super::*;
use proptest::prelude::*;
use salus_traits::identity::FeeAllowance;
use std::collections::{BTreeMap, BTreeSet};

/// Who takes part: three with money, and seven accounts to become keys.
const PEOPLE: [Sr25519Keyring; 10] = [
	Alice,
	Bob,
	Charlie,
	Dave,
	Eve,
	Ferdie,
	Sr25519Keyring::One,
	Sr25519Keyring::Two,
	Sr25519Keyring::AliceStash,
	Sr25519Keyring::BobStash,
];

/// The scopes that the model gives away.
const SCOPES: [CallScope; 3] =
	[CallScope::KeyAdmin, CallScope::ProfileWrite, CallScope::RecordAnchor];

#[derive(Clone, Debug)]
enum Step {
	Register(usize, IdentityKind, u8),
	AddKey { by: usize, new: usize, scopes: u8, lasts: Option<Moment> },
	SetScopes { by: usize, key: KeyId, scopes: u8 },
	RotatePrimary { by: usize, new: usize, epoch: u32 },
	Retire(usize, KeyId),
	Revoke { by: usize, key: KeyId, ago: Option<Moment> },
	Freeze(usize),
	Unfreeze(usize),
	RotateAgreement { by: usize, key: u8, off: bool },
	RevokeAgreement { by: usize, version: u32, ago: Option<Moment> },
	SetProfile { by: usize, with: u8, off: bool },
	ClearProfile(usize, bool),
	AddService(usize, u8),
	RemoveService(usize, u8),
	Suspend { subject: usize, lasts: Option<Moment>, authority: Option<usize> },
	Reinstate { subject: usize, authority: Option<usize> },
	Deactivate(usize, bool),
	Spend { by: usize, scope: Option<usize>, fee: u128 },
	Sleep(Moment),
}

fn kind() -> impl Strategy<Value = IdentityKind> {
	prop_oneof![
		2 => Just(IdentityKind::Patient),
		1 => Just(IdentityKind::Practitioner),
		3 => Just(IdentityKind::Organisation),
	]
}

/// Steps that hit often enough to lead somewhere, and miss often enough to be refused.
fn step() -> impl Strategy<Value = Step> {
	let owner = || 0usize..3;
	let who = || prop_oneof![3 => 0usize..3, 1 => 0..PEOPLE.len()];
	let new = || prop_oneof![6 => 3..PEOPLE.len(), 1 => 0usize..3];
	let key = || prop_oneof![6 => 1u32..4, 1 => 0u32..9];
	let ago = || prop_oneof![2 => Just(None), 3 => (0u64..30).prop_map(Some)];
	let lasts = || prop_oneof![1 => Just(None), 2 => (1u64..1_500).prop_map(Some)];
	let rarely = || prop::bool::weighted(0.1);
	prop_oneof![
		1 => (owner(), kind(), 0u8..40).prop_map(|(who, kind, key)| Step::Register(who, kind, key)),
		12 => (who(), new(), 0u8..8, lasts())
			.prop_map(|(by, new, scopes, lasts)| Step::AddKey { by, new, scopes, lasts }),
		5 => (who(), key(), 0u8..8)
			.prop_map(|(by, key, scopes)| Step::SetScopes { by, key, scopes }),
		3 => (who(), new(), 0u32..2)
			.prop_map(|(by, new, epoch)| Step::RotatePrimary { by, new, epoch }),
		4 => (who(), key()).prop_map(|(by, key)| Step::Retire(by, key)),
		5 => (who(), key(), ago()).prop_map(|(by, key, ago)| Step::Revoke { by, key, ago }),
		1 => (0..PEOPLE.len()).prop_map(Step::Freeze),
		3 => who().prop_map(Step::Unfreeze),
		3 => (who(), 0u8..40, rarely())
			.prop_map(|(by, key, off)| Step::RotateAgreement { by, key, off }),
		4 => (who(), 0u32..4, ago())
			.prop_map(|(by, version, ago)| Step::RevokeAgreement { by, version, ago }),
		4 => (who(), 0u8..3, rarely()).prop_map(|(by, with, off)| Step::SetProfile { by, with, off }),
		3 => (who(), rarely()).prop_map(|(by, off)| Step::ClearProfile(by, off)),
		4 => (who(), 0u8..3).prop_map(|(by, id)| Step::AddService(by, id)),
		4 => (who(), 0u8..3).prop_map(|(by, id)| Step::RemoveService(by, id)),
		2 => (owner(), lasts(), prop::option::of(owner()))
			.prop_map(|(subject, lasts, authority)| Step::Suspend { subject, lasts, authority }),
		5 => (owner(), prop::option::of(owner()))
			.prop_map(|(subject, authority)| Step::Reinstate { subject, authority }),
		1 => (owner(), prop::bool::weighted(0.8))
			.prop_map(|(by, off)| Step::Deactivate(by, off)),
		6 => (who(), prop::option::of(0usize..3), 0u128..700)
			.prop_map(|(by, scope, fee)| Step::Spend { by, scope, fee }),
		6 => (1u64..60).prop_map(Step::Sleep),
		1 => (DAY / 2..DAY).prop_map(Step::Sleep),
	]
}

/// A life of a hundred steps: two of the three register first, so that there is somebody.
fn steps() -> impl Strategy<Value = Vec<Step>> {
	let first = (kind(), kind())
		.prop_map(|(one, other)| vec![Step::Register(0, one, 100), Step::Register(1, other, 101)]);
	(first, prop::collection::vec(step(), 98)).prop_map(|(first, rest)| [first, rest].concat())
}

/// A key as the model remembers it.
#[derive(Clone)]
struct Key {
	person: usize,
	scopes: BTreeSet<usize>,
	from: Moment,
	until: Option<Moment>,
	/// When it ended; and, when it was revoked, since when it is compromised, if it is.
	ended: Option<Moment>,
	revoked: Option<Option<Moment>>,
}

/// A suspension: until when, and which identity imposed it, or governance.
type Suspension = (Option<Moment>, Option<usize>);

struct Person {
	kind: IdentityKind,
	keys: Vec<Key>,
	primary: usize,
	epoch: u32,
	frozen: bool,
	documents: u32,
	suspended: Option<Suspension>,
	ended: Option<Moment>,
	/// The agreement keys: which, since when, and how revoked.
	agreement: Vec<(u8, Moment, Option<Option<Moment>>)>,
	profile: Option<u8>,
	revision: u32,
	services: BTreeMap<u8, usize>,
	spent: BTreeMap<u64, u128>,
}

#[derive(Default)]
struct Model {
	now: Moment,
	people: BTreeMap<usize, Person>,
	agreement_keys: BTreeSet<u8>,
}

fn all_scopes() -> BTreeSet<usize> {
	(0..=SCOPES.len()).collect()
}

/// Scope `SCOPES.len()` stands for all the others, which only primaries hold.
fn set(bits: u8) -> BTreeSet<usize> {
	(0..SCOPES.len()).filter(|scope| bits & (1 << scope) != 0).collect()
}

fn scopes(bits: u8) -> CallScopes {
	CallScopes::of(&set(bits).into_iter().map(|scope| SCOPES[scope]).collect::<Vec<_>>())
}

const KEY_ADMIN: usize = 0;
const PROFILE_WRITE: usize = 1;

impl Model {
	/// Whose key an account is, and which.
	fn owner(&self, account: usize) -> Option<(usize, usize)> {
		self.people.iter().find_map(|(owner, person)| {
			person.keys.iter().position(|key| key.person == account).map(|key| (*owner, key))
		})
	}

	fn is_active(&self, person: &Person) -> bool {
		let free =
			person.suspended.is_none_or(|(until, _)| until.is_some_and(|end| end <= self.now));
		person.ended.is_none() && free
	}

	/// Who acts by an account, and with which key, when it may.
	fn acts(&self, account: usize, scope: Option<usize>) -> Option<(usize, usize)> {
		let (owner, key) = self.owner(account)?;
		let person = &self.people[&owner];
		let record = &person.keys[key];
		let live = record.ended.is_none() && record.until.is_none_or(|until| self.now < until);
		let may = scope.is_none_or(|scope| {
			record.scopes.contains(&scope) && (!person.frozen || key == person.primary)
		});
		(live && may && self.is_active(person)).then_some((owner, key))
	}

	fn acts_as_primary(&self, account: usize) -> Option<usize> {
		self.acts(account, Some(KEY_ADMIN))
			.filter(|(owner, key)| self.people[owner].primary == *key)
			.map(|(owner, _)| owner)
	}

	fn is_authority(&self, account: usize) -> bool {
		self.acts(account, Some(SCOPES.len()))
			.is_some_and(|(owner, _)| self.people[&owner].kind == IdentityKind::Organisation)
	}

	/// Runs a step on both, and says whether the model expected what came.
	fn run(&mut self, step: Step) {
		let expected = self.expect(&step);
		let done = perform(self, &step);
		assert_eq!(done.is_ok(), expected, "{step:?}: {done:?}");
		if expected {
			self.apply(step);
		}
	}

	fn since(&self, ago: Option<Moment>) -> Option<Moment> {
		ago.map(|ago| self.now - ago)
	}

	fn expect(&self, step: &Step) -> bool {
		let now = self.now;
		let doubt = |since: Option<Moment>, from: Moment, before: Option<Option<Moment>>| {
			since.is_none_or(|since| from <= since)
				&& match before {
					None => true,
					Some(None) => since.is_some(),
					Some(Some(before)) => since.is_some_and(|since| since < before),
				}
		};
		match *step {
			Step::Register(who, _, key) => {
				self.owner(who).is_none() && !self.agreement_keys.contains(&key)
			},
			Step::AddKey { by, new, scopes, lasts } => {
				let Some((owner, giver)) = self.acts(by, Some(KEY_ADMIN)) else { return false };
				let person = &self.people[&owner];
				let until = lasts.map(|lasts| now + lasts);
				let giver_ends = person.keys[giver].until;
				let scopes = set(scopes);
				let active = person.keys.iter().filter(|key| key.ended.is_none()).count();
				scopes.is_subset(&person.keys[giver].scopes)
					&& (giver == person.primary || !scopes.contains(&KEY_ADMIN))
					&& giver_ends.is_none_or(|end| until.is_some_and(|until| until <= end))
					&& active < 3 && person.keys.len() + 3 < 9
					&& self.owner(new).is_none()
			},
			Step::SetScopes { by, key, scopes } => {
				let Some(owner) = self.acts_as_primary(by) else { return false };
				let person = &self.people[&owner];
				let key = key as usize;
				key != person.primary
					&& person
						.keys
						.get(key)
						.is_some_and(|key| key.ended.is_none() && key.scopes != set(scopes))
			},
			Step::RotatePrimary { by, new, epoch } => {
				self.acts_as_primary(by).is_some_and(|owner| {
					let person = &self.people[&owner];
					person.epoch == epoch && person.keys.len() < 9 && self.owner(new).is_none()
				})
			},
			Step::Retire(by, key) => self.acts(by, Some(KEY_ADMIN)).is_some_and(|(owner, _)| {
				let person = &self.people[&owner];
				let key = key as usize;
				key != person.primary && person.keys.get(key).is_some_and(|key| key.ended.is_none())
			}),
			Step::Revoke { by, key, ago } => {
				self.acts(by, Some(KEY_ADMIN)).is_some_and(|(owner, _)| {
					let person = &self.people[&owner];
					let key = key as usize;
					key != person.primary
						&& person
							.keys
							.get(key)
							.is_some_and(|key| doubt(self.since(ago), key.from, key.revoked))
				})
			},
			Step::Freeze(by) => {
				self.acts(by, None).is_some_and(|(owner, _)| !self.people[&owner].frozen)
			},
			Step::Unfreeze(by) => {
				self.acts_as_primary(by).is_some_and(|owner| self.people[&owner].frozen)
			},
			Step::RotateAgreement { by, key, off } => {
				self.acts(by, Some(KEY_ADMIN)).is_some_and(|(owner, signer)| {
					let person = &self.people[&owner];
					let most = if signer == person.primary { 4 } else { 3 };
					!off && person.agreement.len() < most && !self.agreement_keys.contains(&key)
				})
			},
			Step::RevokeAgreement { by, version, ago } => {
				self.acts(by, Some(KEY_ADMIN)).is_some_and(|(owner, _)| {
					let keys = &self.people[&owner].agreement;
					let version = version as usize;
					(1..keys.len()).contains(&version) && {
						let (_, from, revoked) = keys[version - 1];
						doubt(self.since(ago), from, revoked)
					}
				})
			},
			Step::SetProfile { by, with, off } => self
				.acts(by, Some(PROFILE_WRITE))
				.is_some_and(|(owner, _)| !off && self.people[&owner].profile != Some(with)),
			Step::ClearProfile(by, off) => self
				.acts(by, Some(PROFILE_WRITE))
				.is_some_and(|(owner, _)| !off && self.people[&owner].profile.is_some()),
			Step::AddService(by, id) => {
				// The others have no money to hold.
				by < 3
					&& self.acts(by, Some(PROFILE_WRITE)).is_some_and(|(owner, _)| {
						let person = &self.people[&owner];
						person.kind != IdentityKind::Patient
							&& person.services.len() < 2
							&& !person.services.contains_key(&id)
					})
			},
			Step::RemoveService(by, id) => self
				.acts(by, Some(PROFILE_WRITE))
				.is_some_and(|(owner, _)| self.people[&owner].services.contains_key(&id)),
			Step::Suspend { subject, authority, .. } => {
				let decides = authority.is_none_or(|authority| self.is_authority(authority));
				decides
					&& self.people.get(&subject).is_some_and(|person| {
						let may = authority.is_none() || person.kind != IdentityKind::Patient;
						let taken_over = authority.is_none()
							&& person.ended.is_none()
							&& person.suspended.is_some_and(|(_, by)| by.is_some());
						may && (self.is_active(person) || taken_over)
					})
			},
			Step::Reinstate { subject, authority } => {
				let decides = authority.is_none_or(|authority| self.is_authority(authority));
				decides
					&& self.people.get(&subject).is_some_and(|person| {
						let decider = authority.map(|authority| self.owner(authority).unwrap().0);
						let has_say = person
							.suspended
							.is_some_and(|(_, by)| decider.is_none() || by == decider);
						has_say && person.ended.is_none() && !self.is_active(person)
					})
			},
			Step::Deactivate(by, off) => !off && self.acts_as_primary(by).is_some(),
			Step::Spend { by, scope, fee } => self.acts(by, scope).is_some_and(|(owner, key)| {
				let person = &self.people[&owner];
				let spent = person.spent.get(&(now / DAY)).copied().unwrap_or_default();
				let most = if person.kind == IdentityKind::Patient { ALLOWANCE } else { 0 };
				let is_primary = key == person.primary;
				let kept = if is_primary { 0 } else { most / 4 };
				(is_primary || !person.frozen) && fee <= (most - spent).saturating_sub(kept)
			}),
			Step::Sleep(_) => true,
		}
	}

	fn apply(&mut self, step: Step) {
		let now = self.now;
		let whose = |model: &Self, by: usize| model.owner(by).unwrap().0;
		let new_key = |person, scopes, until| Key {
			person,
			scopes,
			from: now,
			until,
			ended: None,
			revoked: None,
		};
		match step {
			Step::Register(who, kind, key) => {
				self.agreement_keys.insert(key);
				self.people.insert(
					who,
					Person {
						kind,
						keys: vec![new_key(who, all_scopes(), None)],
						primary: 0,
						epoch: 0,
						frozen: false,
						documents: 1,
						suspended: None,
						ended: None,
						agreement: vec![(key, now, None)],
						profile: None,
						revision: 0,
						services: BTreeMap::new(),
						spent: BTreeMap::new(),
					},
				);
			},
			Step::AddKey { by, new, scopes, lasts } => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				let until = lasts.map(|lasts| now + lasts);
				person.keys.push(new_key(new, set(scopes), until));
				person.documents += 1;
			},
			Step::SetScopes { by, key, scopes } => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.keys[key as usize].scopes = set(scopes);
			},
			Step::RotatePrimary { by, new, .. } => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.keys[person.primary].ended = Some(now);
				person.primary = person.keys.len();
				person.keys.push(new_key(new, all_scopes(), None));
				person.epoch += 1;
				person.documents += 1;
			},
			Step::Retire(by, key) => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.keys[key as usize].ended = Some(now);
				person.documents += 1;
			},
			Step::Revoke { by, key, ago } => {
				let since = self.since(ago);
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				let key = &mut person.keys[key as usize];
				if key.ended.is_none() {
					key.ended = Some(now);
					person.documents += 1;
				}
				key.revoked = Some(since);
			},
			Step::Freeze(by) | Step::Unfreeze(by) => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.frozen = !person.frozen;
			},
			Step::RotateAgreement { by, key, .. } => {
				self.agreement_keys.insert(key);
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.agreement.push((key, now, None));
				person.documents += 1;
			},
			Step::RevokeAgreement { by, version, ago } => {
				let since = self.since(ago);
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.agreement[version as usize - 1].2 = Some(since);
			},
			Step::SetProfile { by, with, .. } => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				(person.profile, person.revision) = (Some(with), person.revision + 1);
			},
			Step::ClearProfile(by, _) => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				(person.profile, person.revision) = (None, person.revision + 1);
			},
			Step::AddService(by, id) => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.services.insert(id, by);
				person.documents += 1;
			},
			Step::RemoveService(by, id) => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.services.remove(&id);
				person.documents += 1;
			},
			Step::Suspend { subject, lasts, authority } => {
				let until = lasts.map(|lasts| now + lasts);
				let by = authority.map(|authority| whose(self, authority));
				let person = self.people.get_mut(&subject).unwrap();
				person.suspended = Some((until, by));
			},
			Step::Reinstate { subject, .. } => {
				self.people.get_mut(&subject).unwrap().suspended = None;
			},
			Step::Deactivate(by, _) => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				person.ended = Some(now);
				person.services.clear();
				(person.profile, person.revision) = (None, 0);
				person.documents += 1;
			},
			Step::Spend { by, fee, .. } => {
				let person = self.people.get_mut(&whose(self, by)).unwrap();
				*person.spent.entry(now / DAY).or_default() += fee;
			},
			Step::Sleep(time) => self.now += time,
		}
	}

	/// Compares all that can be asked.
	fn compare(&self) {
		for (owner, person) in &self.people {
			let id = identity(PEOPLE[*owner]);
			let view = Identity::identity(id).unwrap();
			assert_eq!(view.account, account(PEOPLE[person.keys[person.primary].person]));
			// No call changes what somebody registered as.
			assert_eq!(view.kind, person.kind);
			assert_eq!((view.epoch, view.frozen), (person.epoch, person.frozen));
			assert_eq!(view.doc_version, person.documents);
			assert_eq!(view.status == IdentityStatus::Active, self.is_active(person));
			let profile = (person.revision > 0).then(|| Profile {
				commitment: person.profile.map(|with| Commitment([with + 1; 32])),
				revision: person.revision,
			});
			assert_eq!(view.profile, profile);
			let services: BTreeSet<_> =
				Identity::services(id).into_iter().map(|service| service.id.to_vec()).collect();
			let expected = person.services.keys().map(|id| name(*id).id.to_vec()).collect();
			assert_eq!(services, expected);
			for (index, (key, from, revoked)) in person.agreement.iter().enumerate() {
				let view = Identity::agreement_key(id, index as u32 + 1).unwrap();
				assert_eq!((view.key, view.valid_from), (agreement_key(*key), *from));
				let since = view.revoked.map(|revocation| revocation.compromised_since);
				assert_eq!(since, *revoked);
			}
			self.compare_keys(id, person);
		}
		self.compare_deposits();
	}

	fn compare_keys(&self, id: IdentityId, person: &Person) {
		assert!(Identity::key(id, person.keys.len() as u32).is_none());
		for (index, key) in person.keys.iter().enumerate() {
			let who = account(PEOPLE[key.person]);
			assert_eq!(Identity::key(id, index as u32).unwrap().account, who);
			for (number, scope) in SCOPES.into_iter().enumerate() {
				let acts = self.acts(key.person, Some(number)).is_some();
				assert_eq!(Identity::acting_identity(who.clone(), scope).is_some(), acts);
			}
			let valid = |at: Moment| {
				key.from <= at
					&& key.until.is_none_or(|until| at < until)
					&& key.ended.is_none_or(|ended| at < ended)
					&& key.revoked.flatten().is_none_or(|since| at < since)
					&& person.ended.is_none_or(|ended| at < ended)
			};
			for at in [self.now, self.now - 30, self.now - 100] {
				let told = Identity::was_valid(who.clone(), KeyPurpose::Assertion, at);
				assert_eq!(told, valid(at));
			}
		}
	}

	/// What is held is what the rows cost, for each depositor.
	fn compare_deposits(&self) {
		for (payer, who) in PEOPLE.into_iter().enumerate().take(3) {
			let registered = self.people.get(&payer).map_or(0, |person| {
				price(if person.ended.is_some() {
					Identity::tombstone_footprint()
				} else {
					Identity::registration_footprint()
				})
			});
			assert_eq!(held(who), registered);
			let services: u64 = self
				.people
				.values()
				.flat_map(|person| &person.services)
				.filter(|(_, paid_by)| **paid_by == payer)
				.map(|(id, _)| price(Identity::service_footprint(&name(*id))))
				.sum();
			assert_eq!(held_for(who, HoldReason::Service), services);
		}
	}
}

fn name(id: u8) -> Service {
	service(&format!("service-{id}"))
}

/// Sends a step to the pallet.
fn perform(model: &Model, step: &Step) -> DispatchResult {
	// Who is nobody's key signs for an identity that is not there, and is refused.
	let whose = |by: usize| PEOPLE[model.owner(by).map_or(by, |(owner, _)| owner)];
	let row = |by| Identities::<Test>::get(identity(whose(by)));
	let deciding = |authority: &Option<usize>| {
		authority.map_or(RuntimeOrigin::root(), |authority| signed(PEOPLE[authority]))
	};
	match *step {
		Step::Register(who, kind, key) => register(PEOPLE[who], kind, agreement_key(key)),
		Step::AddKey { by, new, scopes: bits, lasts } => {
			let valid_until = lasts.map(|lasts| model.now + lasts);
			let rights = KeyRights { scopes: scopes(bits), valid_until, ..ANCHORS };
			add_key_by(PEOPLE[by], whose(by), PEOPLE[new], rights)
		},
		Step::SetScopes { by, key, scopes: bits } => {
			Identity::set_key_scopes(signed(PEOPLE[by]), key, scopes(bits))
		},
		Step::RotatePrimary { by, new, epoch } => {
			rotate_primary(PEOPLE[by], whose(by), PEOPLE[new], epoch)
		},
		Step::Retire(by, key) => Identity::retire_key(signed(PEOPLE[by]), key),
		Step::Revoke { by, key, ago } => {
			Identity::revoke_key(signed(PEOPLE[by]), key, model.since(ago))
		},
		Step::Freeze(by) => Identity::freeze_keys(signed(PEOPLE[by])),
		Step::Unfreeze(by) => Identity::unfreeze_keys(signed(PEOPLE[by])),
		Step::RotateAgreement { by, key, off } => {
			let version = row(by).map_or(0, |row| row.agreement.version);
			rotate(PEOPLE[by], agreement_key(key), version + u32::from(off))
		},
		Step::RevokeAgreement { by, version, ago } => {
			Identity::revoke_agreement_key(signed(PEOPLE[by]), version, model.since(ago))
		},
		Step::SetProfile { by, with, off } => {
			let profile = Profiles::<Test>::get(identity(whose(by))).unwrap_or_default();
			let expected = profile.revision + u32::from(off);
			Identity::set_profile(signed(PEOPLE[by]), Commitment([with + 1; 32]), expected)
		},
		Step::ClearProfile(by, off) => {
			let profile = Profiles::<Test>::get(identity(whose(by))).unwrap_or_default();
			Identity::clear_profile(signed(PEOPLE[by]), profile.revision + u32::from(off))
		},
		Step::AddService(by, id) => Identity::add_service(signed(PEOPLE[by]), name(id)),
		Step::RemoveService(by, id) => Identity::remove_service(signed(PEOPLE[by]), name(id).id),
		Step::Suspend { subject, lasts, ref authority } => Identity::suspend_identity(
			deciding(authority),
			identity(PEOPLE[subject]),
			GROUND,
			lasts.map(|lasts| model.now + lasts),
		),
		Step::Reinstate { subject, ref authority } => {
			Identity::reinstate_identity(deciding(authority), identity(PEOPLE[subject]))
		},
		Step::Deactivate(by, off) => {
			let expected = row(by).map_or(0, |row| row.doc_version) + u32::from(off);
			Identity::deactivate(signed(PEOPLE[by]), expected)
				.map(|_| ())
				.map_err(|refused| refused.error)
		},
		Step::Spend { by, scope, fee } => {
			let scope = scope.map(|scope| SCOPES[scope]);
			let spent = Identity::try_spend(&account(PEOPLE[by]), scope, fee);
			if spent { Ok(()) } else { Err(DispatchError::Unavailable) }
		},
		Step::Sleep(time) => {
			at(model.now + time);
			Ok(())
		},
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(100))]

	#[test]
	fn random_lives_agree_with_a_model(steps in steps()) {
		ExtBuilder::default().build_and_execute(|| {
			let mut model = Model { now: START, ..Default::default() };
			for (count, step) in steps.into_iter().enumerate() {
				model.run(step);
				if count % 10 == 9 {
					model.compare();
					Identity::do_try_state().unwrap();
				}
			}
			model.compare();
		});
	}
}
