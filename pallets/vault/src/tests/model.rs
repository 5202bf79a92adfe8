// SPDX-License-Identifier: Apache-2.0

//! Random sequences against a small reference model: an act succeeds exactly when the model sees
//! nothing against it, fails for one of the reasons that the model sees, and leaves what the model
//! has.

use super::*;
use proptest::{prelude::*, test_runner::TestRunner};
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
};

const PEOPLE: [Sr25519Keyring; 3] = [Alice, Bob, Charlie];

#[derive(Clone, Copy, Debug)]
struct Draft {
	id: SlotId,
	kind: SlotKind,
	login: u8,
	/// Signed for the version after this offset.
	late: bool,
	weak: bool,
}

#[derive(Clone, Debug)]
enum Act {
	Set { key: u8, slots: Vec<Draft> },
	Put(Draft),
	Remove(SlotId),
	Move(Draft),
	Clear,
}

impl Act {
	fn word(&self) -> &'static str {
		match self {
			Self::Set { .. } => "Set",
			Self::Put(_) => "Put",
			Self::Remove(_) => "Remove",
			Self::Move(_) => "Move",
			Self::Clear => "Clear",
		}
	}
}

/// Who acts, how, and how far from the current version it expects.
type Step = (usize, Act, i64);

fn drafts() -> impl Strategy<Value = Draft> {
	let kinds =
		prop::sample::select(vec![Password, Passphrase, Recovery, Passkey, Passkey, Guardian]);
	(0u8..5, kinds, 1u8..9, prop::bool::weighted(0.05), prop::bool::weighted(0.05))
		.prop_map(|(id, kind, login, late, weak)| Draft { id, kind, login, late, weak })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let act = prop_oneof![
		2 => (1u8..3, prop::collection::vec(drafts(), 0..3))
			.prop_map(|(key, slots)| Act::Set { key, slots }),
		4 => drafts().prop_map(Act::Put),
		3 => (0u8..5).prop_map(Act::Remove),
		3 => drafts().prop_map(Act::Move),
		1 => Just(Act::Clear),
	];
	let drift = prop_oneof![9 => Just(0i64), 1 => -1i64..2];
	prop::collection::vec((0usize..PEOPLE.len(), act, drift), 100)
}

#[derive(Clone, Default, PartialEq, Debug)]
struct ModelVault {
	key: u8,
	sealed: VaultVersion,
	slots: BTreeMap<SlotId, (SlotKind, Option<u8>)>,
}

#[derive(Default)]
struct Model {
	versions: [VaultVersion; PEOPLE.len()],
	vaults: [Option<ModelVault>; PEOPLE.len()],
}

/// What the model has against an act.
type Against = BTreeSet<&'static str>;

impl Model {
	/// Whose slot a login leads to.
	fn leads_to(&self, login: u8) -> Option<(usize, SlotId)> {
		self.vaults.iter().enumerate().find_map(|(who, vault)| {
			let slots = vault.iter().flat_map(|vault| &vault.slots);
			slots.filter(|(_, slot)| slot.1 == Some(login)).map(|(id, _)| (who, *id)).next()
		})
	}

	fn against_draft(&self, draft: &Draft, against: &mut Against) {
		if draft.weak && draft.kind.is_stretched() {
			against.insert("KdfTooWeak");
		}
		if draft.late && draft.kind.has_login() {
			against.insert("BadClaim");
		}
	}

	/// What is there afterwards; `None` in place of a vault that is cleared.
	fn after(&self, who: usize, act: &Act, against: &mut Against) -> Option<ModelVault> {
		let current = self.vaults[who].clone();
		let version = self.versions[who] + 1;
		let login = |draft: &Draft| draft.kind.has_login().then_some(draft.login);
		if current.is_none() && !matches!(act, Act::Set { .. }) {
			against.insert("NoVault");
			return None;
		}
		let mut vault = current.clone().unwrap_or_default();
		match act {
			Act::Set { key, slots } => {
				if !(slots.is_empty() && current.is_some() && vault.key == *key) {
					vault.slots.clear();
					let mut logins = BTreeSet::new();
					for draft in slots {
						self.against_draft(draft, against);
						if vault.slots.insert(draft.id, (draft.kind, login(draft))).is_some() {
							against.insert("DuplicateSlot");
						}
						let Some(login) = login(draft) else { continue };
						let taken = self.leads_to(login).is_some_and(|(of, _)| of != who);
						if taken || !logins.insert(login) {
							against.insert("LocatorTaken");
						}
					}
					if logins.is_empty() {
						against.insert("NoLogin");
					}
				}
				vault.key = *key;
				vault.sealed = version;
			},
			Act::Put(draft) => {
				self.against_draft(draft, against);
				if vault.slots.contains_key(&draft.id) {
					against.insert("SlotTaken");
				} else if vault.slots.len() == MAX_SLOTS as usize {
					against.insert("TooManySlots");
				}
				if login(draft).is_some_and(|login| self.leads_to(login).is_some()) {
					against.insert("LocatorTaken");
				}
				vault.slots.insert(draft.id, (draft.kind, login(draft)));
			},
			Act::Remove(id) => {
				if vault.slots.remove(id).is_none() {
					against.insert("SlotNotFound");
				}
				if vault.slots.values().all(|slot| slot.1.is_none()) {
					against.insert("LastLogin");
				}
			},
			Act::Move(draft) => {
				self.against_draft(draft, against);
				match vault.slots.get(&draft.id) {
					None => _ = against.insert("SlotNotFound"),
					Some((_, None)) => _ = against.insert("NoLoginToMove"),
					Some(_) => {},
				}
				match login(draft) {
					None => _ = against.insert("LoginMissing"),
					Some(login) => {
						let place = self.leads_to(login);
						if place.is_some_and(|place| place != (who, draft.id)) {
							against.insert("LocatorTaken");
						}
					},
				}
				vault.slots.insert(draft.id, (draft.kind, login(draft)));
			},
			Act::Clear => return None,
		}
		Some(vault)
	}
}

thread_local! {
	// Signing is most of what a step costs, and steps repeat.
	static SIGNED: RefCell<BTreeMap<(usize, u8, VaultVersion), LoginProof>> = RefCell::default();
}

fn to_slot(who: usize, draft: &Draft, version: VaultVersion) -> NewSlot {
	let version = version + u32::from(draft.late);
	let mut slot = slot(PEOPLE[who], draft.id, Passkey, 0, 0);
	slot.kind = draft.kind;
	if draft.kind.is_stretched() {
		let memory_kib = if draft.weak { 65_535 } else { 65_536 };
		slot.kdf = Kdf::Argon2id { memory_kib, passes: 3, lanes: 1 };
	}
	slot.login = draft.kind.has_login().then(|| {
		SIGNED.with_borrow_mut(|signed| {
			*signed
				.entry((who, draft.login, version))
				.or_insert_with(|| proof(draft.login, &claim_of(PEOPLE[who], draft.login, version)))
		})
	});
	slot
}

fn perform(who: usize, act: &Act, expected: VaultVersion) -> DispatchResult {
	let version = expected.wrapping_add(1);
	match act {
		Act::Set { key, slots } => set_with(
			PEOPLE[who],
			Commitment([*key; 32]),
			slots.iter().map(|draft| to_slot(who, draft, version)).collect(),
			expected,
		),
		Act::Put(draft) => put(PEOPLE[who], to_slot(who, draft, version), expected),
		Act::Remove(id) => remove(PEOPLE[who], *id, expected),
		Act::Move(draft) => move_login(PEOPLE[who], to_slot(who, draft, version), expected),
		Act::Clear => clear(PEOPLE[who], expected),
	}
}

/// What the chain has, in the words of the model.
fn on_chain(who: usize) -> (VaultVersion, Option<ModelVault>) {
	let id = identity(PEOPLE[who]);
	let vault = Vaulting::vault(id).map(|vault| ModelVault {
		key: vault.key_commitment.0[0],
		sealed: vault.body_version,
		slots: Vaulting::slots(id)
			.into_iter()
			.map(|view| {
				let login = (1u8..9)
					.find(|login| view.slot.locator == Some(LOCATORS.with(|all| all[login])));
				(view.id, (view.slot.kind, login))
			})
			.collect(),
	});
	(Vaulting::version(id), vault)
}

thread_local! {
	static LOCATORS: BTreeMap<u8, LoginLocator> =
		(1u8..9).map(|login| (login, locator(login))).collect();
}

fn name_of(error: DispatchError) -> &'static str {
	match error {
		DispatchError::Module(module) => module.message.unwrap(),
		other => panic!("no error of the pallet: {other:?}"),
	}
}

/// How acts ended: by which error, or which act succeeded.
type Seen = BTreeSet<&'static str>;

fn run(steps: Vec<Step>, seen: &mut Seen) {
	let mut model = Model::default();
	for (number, (who, act, drift)) in steps.into_iter().enumerate() {
		let version = model.versions[who];
		let expected = VaultVersion::try_from(i64::from(version) + drift).unwrap_or(9_999);
		let mut against = Against::new();
		let after = model.after(who, &act, &mut against);
		if expected != version {
			against.insert("StaleVersion");
		}

		match perform(who, &act, expected) {
			Ok(()) => {
				assert!(against.is_empty(), "{act:?} passed in spite of {against:?}");
				seen.insert(act.word());
				model.versions[who] += 1;
				model.vaults[who] = after;
			},
			Err(error) => {
				let name = name_of(error);
				assert!(against.contains(name), "{act:?} failed by {name}, not {against:?}");
				seen.insert(name);
			},
		}
		assert_eq!(on_chain(who), (model.versions[who], model.vaults[who].clone()));
		let deposits = [0, 1, 2].map(|who| if model.vaults[who].is_some() { DEPOSIT } else { 0 });
		// Alice is a patient.
		assert_eq!(PEOPLE.map(held), [0, deposits[1], deposits[2]]);
		if number % 10 == 0 {
			Vaulting::do_try_state().unwrap();
		}
	}
	for login in 1..9 {
		let place = model.leads_to(login).map(|(who, slot)| (identity(PEOPLE[who]), slot));
		assert_eq!(Vaulting::locate(locator(login)), place);
	}
}

/// A hundred lives of a hundred acts each.
#[test]
fn random_lives_agree_with_a_model() {
	let seen = RefCell::new(Seen::new());
	let mut runner = TestRunner::new(ProptestConfig::with_cases(100));
	let outcome = runner.run(&steps(), |steps| {
		ExtBuilder.build_and_execute(|| run(steps, &mut seen.borrow_mut()));
		Ok(())
	});
	if let Err(failure) = outcome {
		panic!("{failure}");
	}

	// No way for an act to end was left out.
	let expected = [
		"BadClaim",
		"Clear",
		"DuplicateSlot",
		"KdfTooWeak",
		"LastLogin",
		"LocatorTaken",
		"LoginMissing",
		"Move",
		"NoLogin",
		"NoLoginToMove",
		"NoVault",
		"Put",
		"Remove",
		"Set",
		"SlotNotFound",
		"SlotTaken",
		"StaleVersion",
		"TooManySlots",
	];
	assert_eq!(seen.into_inner(), Seen::from(expected));
}
