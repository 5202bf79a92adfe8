// SPDX-License-Identifier: Apache-2.0

//! Random sequences against a reference model: same answers, same state, every invariant.
//!
//! Four tests do 25 000 operations each, so that two of them can run at a time.

use super::*;
use frame_support::{traits::Hooks, weights::Weight};
use proptest::prelude::*;
use reference::{Class, Entry, Fate, HOUR, JUDGES, Step, Wish, World};
use salus_primitives::{BatchId, Tag};
use trees::{Tree, path_of, root_of, tree_of};

mod reference;

/// How many operations one sequence has, and how often the whole state is looked at.
const OPERATIONS: usize = 500;
const CHECKED_EVERY: usize = 50;

#[derive(Clone, Debug)]
enum Act {
	Propose(Class),
	/// A reading with the object of another record.
	Copy {
		record: usize,
		newest: bool,
	},
	Anchor {
		count: usize,
		spoilt: bool,
	},
	Attest {
		record: usize,
		newest: bool,
		validator: usize,
		kind: AttestationKind,
		verdict: Verdict,
		/// On something else than what is there.
		blind: bool,
	},
	Validate {
		record: usize,
	},
	Amend {
		record: usize,
		stale: bool,
	},
	Reseal {
		record: usize,
		stale: bool,
		by_patient: bool,
	},
	Retract {
		record: usize,
	},
	Withdraw {
		record: usize,
		by_stranger: bool,
	},
	Revalidate {
		record: usize,
		by_root: bool,
	},
	Reap {
		record: usize,
	},
	Sweep,
	Tags {
		record: usize,
		tags: Vec<u8>,
		by_patient: bool,
	},
	AddWraps {
		record: usize,
		newest: bool,
		readers: Vec<u8>,
		by_patient: bool,
	},
	DropWraps {
		record: usize,
		newest: bool,
		readers: Vec<u8>,
	},
	Batch {
		leaves: u32,
	},
	Promote {
		batch: usize,
		leaf: u32,
		forged: bool,
	},
	Ask {
		record: usize,
	},
	Erase {
		record: usize,
	},
	Refuse {
		record: usize,
	},
	Hold {
		record: usize,
		on: bool,
	},
	Wait(u64),
}

/// The chain, the model beside it, and what was made up for both.
#[derive(Default)]
struct Pair {
	world: World,
	next: u32,
	batches: Vec<(Vec<Draft>, Tree)>,
	readers: Vec<IdentityId>,
	/// The objects of all that was filed or tried.
	objects: Vec<ContentHash>,
}

impl Pair {
	fn new() -> Self {
		add_other_lab();
		set_time(START);
		let readers = wraps::readers(0, 3);
		for reader in &readers {
			salus_test_support::Identities::rotate(*reader, 1);
		}
		let world = World { now: START, swept: START / HOUR, ..World::default() };
		Self { world, readers, ..Self::default() }
	}

	fn fresh(&mut self, class: Class) -> Draft {
		self.next += 1;
		let mut hash = [0x77; 32];
		hash[..4].copy_from_slice(&self.next.to_le_bytes());
		self.objects.push(ContentHash(hash));
		let draft = if class == Class::Reading { reading(1) } else { result(1) };
		let content = Content::External { hash: ContentHash(hash) };
		let mut nonce = [0; 16];
		nonce[..4].copy_from_slice(&self.next.to_le_bytes());
		Draft { nonce, content, body: Commitment(hash), ..draft }
	}

	fn named(&self, record: usize) -> Option<(usize, RecordId, Sr25519Keyring)> {
		let index = record.checked_rem(self.world.entries.len())?;
		let entry = &self.world.entries[index];
		let author = if entry.class == Class::Reading { PATIENT } else { LABORATORY };
		Some((index, entry.id, author))
	}

	fn number(&self, index: usize, newest: bool) -> u32 {
		let entry = &self.world.entries[index];
		if newest { entry.newest } else { entry.current }
	}

	fn recipients(&self, readers: &[u8]) -> Vec<IdentityId> {
		readers.iter().map(|reader| self.readers[usize::from(*reader)]).collect()
	}

	/// Does the act in the model and on the chain; both answer alike.
	fn run(&mut self, act: Act) {
		match act {
			Act::Wait(hours) => {
				self.world.now += hours * HOUR;
				set_time(self.world.now);
			},
			Act::Sweep => self.sweep(),
			Act::Propose(class) => {
				let draft = self.fresh(class);
				let expected = self.world.propose(draft.id(), class, draft.hash());
				same(draft.propose(), expected);
			},
			Act::Copy { record, newest } => {
				let Some((index, ..)) = self.named(record) else { return };
				let number = self.number(index, newest);
				let Some(copied) = self.world.entries[index].versions.get(&number) else { return };
				let content = Content::External { hash: copied.hash };
				let draft = Draft { content, ..self.fresh(Class::Reading) };
				let expected = self.world.propose(draft.id(), Class::Reading, draft.hash());
				same(draft.propose(), expected);
			},
			Act::Anchor { count, spoilt } => self.anchor(count, spoilt),
			Act::Batch { leaves } => self.batch(leaves),
			Act::Promote { batch, leaf, forged } => self.promote(batch, leaf, forged),
			Act::Attest { record, newest, validator, kind, verdict, blind } => {
				let Some((index, id, _)) = self.named(record) else { return };
				let number = self.number(index, newest);
				self.attest(index, id, number, validator, kind, verdict, blind);
			},
			Act::Validate { record } => self.validate(record),
			act => self.change(act),
		}
	}

	/// What is done to a record that is there, or was.
	fn change(&mut self, act: Act) {
		let (Act::Amend { record, .. }
		| Act::Reseal { record, .. }
		| Act::Retract { record }
		| Act::Withdraw { record, .. }
		| Act::Revalidate { record, .. }
		| Act::Reap { record }
		| Act::Tags { record, .. }
		| Act::AddWraps { record, .. }
		| Act::DropWraps { record, .. }
		| Act::Ask { record }
		| Act::Erase { record }
		| Act::Refuse { record }
		| Act::Hold { record, .. }) = act
		else {
			unreachable!("done before")
		};
		let Some((index, id, author)) = self.named(record) else { return };
		let newest = self.world.entries[index].newest;
		let class = self.world.entries[index].class;
		let expected_version = |stale| newest - u32::from(stale);
		let by = |by_patient| if by_patient { PATIENT } else { author };
		match act {
			Act::Amend { stale, .. } => {
				let draft = self.fresh(class);
				let expected = self.world.amend(index, stale, draft.hash());
				same(draft.amend(id, expected_version(stale), vec![]), expected);
			},
			Act::Reseal { stale, by_patient, .. } => {
				let draft = Draft { author: by(by_patient), ..self.fresh(class) };
				let own = by(by_patient) == PATIENT;
				let expected = self.world.reseal(index, stale, own, draft.hash());
				same(draft.reseal(id, expected_version(stale)), expected);
			},
			Act::Retract { .. } => same(retract(author, id), self.world.retract(index)),
			Act::Withdraw { by_stranger, .. } => {
				let who = if by_stranger { COLLEAGUE } else { author };
				same(withdraw(who, id), self.world.withdraw(index, by_stranger));
			},
			Act::Revalidate { by_root, .. } => {
				let by = if by_root { RuntimeOrigin::root() } else { origin(author) };
				let answer = HealthRecords::request_revalidation(by, id);
				same(answer, self.world.revalidate(index, by_root));
			},
			Act::Reap { .. } => same(reap_all(&[id]), self.world.reap(index)),
			Act::Tags { tags, by_patient, .. } => {
				let set = tags.iter().map(|tag| tag_of(*tag)).collect::<Vec<_>>();
				let who = by(by_patient);
				let answer = HealthRecords::set_tags(origin(who), id, set.try_into().unwrap());
				same(answer, self.world.set_tags(index, tags, who == PATIENT));
			},
			Act::AddWraps { newest, readers, by_patient, .. } => {
				let (number, who) = (self.number(index, newest), by(by_patient));
				let answer = wraps::wrap_for(who, id, number, &self.recipients(&readers));
				let own = who == PATIENT;
				same(answer, self.world.add_wraps(index, number, &readers, own));
			},
			Act::DropWraps { newest, readers, .. } => {
				let number = self.number(index, newest);
				let answer = wraps::drop_wraps(author, id, number, &self.recipients(&readers));
				same(answer, self.world.drop_wraps(index, number, &readers));
			},
			Act::Ask { .. } => same(erasures::request(PATIENT, id), self.world.ask(index)),
			Act::Erase { .. } => same(erasures::execute(author, id), self.world.erase(index)),
			Act::Refuse { .. } => same(erasures::refuse(author, id), self.world.refuse(index)),
			Act::Hold { on, .. } => {
				same(erasures::hold(LABORATORY, id, on), self.world.hold(index, on));
			},
			_ => unreachable!("done before"),
		}
	}

	/// Readings of the patient's, all in one call. Spoilt, the last has the nonce of the first.
	fn anchor(&mut self, count: usize, spoilt: bool) {
		let mut drafts: Vec<_> = (0..count).map(|_| self.fresh(Class::Reading)).collect();
		if spoilt {
			drafts.push(Draft { nonce: drafts[0].nonce, ..self.fresh(Class::Reading) });
		}
		let records = drafts.iter().map(|draft| {
			let mut statement = draft.statement(draft.id(), 1, Accuracy);
			statement.expires = u64::MAX;
			draft.one_of_many(vec![signed(DOCTOR, &statement)])
		});
		let records = records.collect::<Vec<_>>().try_into().unwrap();
		let answer = HealthRecords::anchor_many(origin(PATIENT), None, records);
		let room = self.world.room_for(true, count, 0);
		let done = room.is_ok() && !spoilt;
		same(answer, room.and(if spoilt { Err(E::RecordExists) } else { Ok(()) }));
		if done {
			for draft in drafts {
				self.world.anchor(draft.id(), Class::Reading, draft.hash());
			}
		}
	}

	fn attest(
		&mut self,
		index: usize,
		id: RecordId,
		number: u32,
		validator: usize,
		kind: AttestationKind,
		verdict: Verdict,
		blind: bool,
	) {
		let expected = self.world.attest(index, number, validator, kind, verdict, blind);
		let (content, mut body) = seen(id, number);
		if blind {
			body.0[0] ^= 1;
		}
		let who = JUDGES[validator].0;
		same(attest_on(who, id, number, (content, body), kind, verdict), expected);
	}

	/// Everybody who may passes all that a record still lacks.
	fn validate(&mut self, record: usize) {
		let Some((index, id, _)) = self.named(record) else { return };
		for (validator, kind) in [(0, Accuracy), (3, Accuracy), (0, Completeness), (5, Source)] {
			let number = self.number(index, true);
			self.attest(index, id, number, validator, kind, Verdict::Pass, false);
		}
	}

	fn batch(&mut self, leaves: u32) {
		let drafts: Vec<_> = (0..leaves).map(|_| self.fresh(Class::Lab)).collect();
		let tree = tree_of(&drafts);
		assert_ok!(trees::anchor_batch(LABORATORY, root_of(&tree), leaves, vec![]));
		self.batches.push((drafts, tree));
		self.world.batches.push(leaves);
	}

	fn promote(&mut self, batch: usize, leaf: u32, forged: bool) {
		let Some(batch) = batch.checked_rem(self.batches.len()) else { return };
		let leaf = leaf % self.world.batches[batch];
		let other = self.fresh(Class::Lab);
		let (drafts, tree) = &self.batches[batch];
		let mut draft = drafts[leaf as usize].clone();
		let path = path_of(tree, leaf);
		if forged {
			draft.content = other.content;
		}
		let answer = draft.promote(BatchId(batch as u64), leaf, path, vec![]);
		same(answer, self.world.promote(batch, leaf, forged, draft.id(), draft.hash()));
	}

	/// Lets blocks go by until the sweep has caught up.
	fn sweep(&mut self) {
		let end = self.world.now / HOUR;
		for _ in 0..1_000 {
			HealthRecords::on_idle(1, Weight::MAX);
			if SweepCursor::<Test>::get().is_some_and(|hour| u64::from(hour) == end) {
				return self.world.sweep();
			}
		}
		panic!("the sweep does not get there");
	}

	/// The chain stands where the model stands.
	fn compare(&self) {
		let mut living: Vec<_> =
			self.world.entries.iter().filter(|entry| entry.fate == Fate::Alive).collect();
		living.sort_by_key(|entry| entry.seq);
		let mut objects: Vec<_> = Vec::new();
		for entry in &self.world.entries {
			match entry.fate {
				Fate::Alive => self.compare_record(entry),
				fate => Self::compare_gone(entry, fate),
			}
		}
		for entry in &living {
			let counted = entry.versions.values().filter(|version| version.step.counts());
			objects.extend(counted.map(|version| (version.hash, entry.id)));
		}
		for hash in &self.objects {
			let owner = objects.iter().find(|(known, _)| known == hash).map(|(_, id)| *id);
			assert_eq!(HealthRecords::by_content(*hash), owner);
		}
		let expected: Vec<_> = living.iter().map(|entry| (entry.seq, entry.id)).collect();
		assert_eq!(listed(false), expected);
		assert!(listed(true).into_iter().eq(expected.into_iter().rev()));
		for tag in 0..4 {
			let mut with: Vec<_> = living
				.iter()
				.filter(|entry| entry.tags.contains(&tag))
				.map(|entry| entry.id)
				.collect();
			with.sort();
			let mut found = tagged(tag_of(tag));
			found.sort();
			assert_eq!(found, with);
		}
		for (number, stone) in self.world.stones.iter().enumerate() {
			let page = HealthRecords::tombstones(number as u64, 1).unwrap();
			assert_eq!(page.items[0].record, *stone);
		}
		for batch in 0..self.batches.len() {
			let view = HealthRecords::batch(BatchId(batch as u64)).unwrap();
			let leaves = self.world.entries.iter().filter_map(|entry| entry.leaf);
			assert_eq!(view.promoted as usize, leaves.filter(|leaf| leaf.0 == batch).count());
		}
		assert_eq!(held(LABORATORY), self.world.rent());
		assert_eq!((held(PATIENT), taken(PATIENT) as usize), (0, self.world.taken()));
	}

	fn compare_gone(entry: &Entry, fate: Fate) {
		assert_eq!(HealthRecords::record(entry.id), None);
		assert_eq!(HealthRecords::tags_of(entry.id), vec![]);
		for number in 1..=entry.newest {
			assert_eq!(HealthRecords::version(entry.id, number), None);
			let wraps = HealthRecords::wraps(entry.id, number, None, MAX_PAGE).unwrap();
			assert_eq!(wraps.items, vec![]);
		}
		let state = HealthRecords::erasure_state(entry.id);
		let erased = matches!(state, Some(ErasureState::Erased(_)));
		assert_eq!(erased, fate == Fate::Erased);
		assert!(erased || state.is_none());
	}

	fn compare_record(&self, entry: &Entry) {
		let now = self.world.now;
		let view = HealthRecords::record(entry.id).unwrap();
		let status = match (entry.retracted, entry.counting().step) {
			(true, _) => RecordStatus::EnteredInError,
			(_, Step::Anchored) => RecordStatus::Validated,
			(_, Step::Failed) => RecordStatus::ValFail,
			(_, Step::Open { until }) if until <= now => RecordStatus::Lapsed,
			(_, Step::Open { .. } | Step::GivenUp) => RecordStatus::InProcess,
			(_, Step::Anew { .. }) => RecordStatus::ReqRevalid,
			(_, Step::FailedAnew) => RecordStatus::RevalFail,
		};
		assert_eq!(view.status, status);
		assert_eq!((view.seq, view.legal_hold), (entry.seq, entry.held));
		assert_eq!((view.current, view.newest), (entry.current, entry.newest));
		let leaf = entry.leaf.map(|(batch, leaf)| (BatchId(batch as u64), leaf));
		assert_eq!(view.batch, leaf);
		let waits = entry.pending().or(match entry.counting().step {
			Step::Open { until } | Step::Anew { until } => Some((entry.current, until)),
			_ => None,
		});
		let waits = waits.filter(|(_, until)| now < *until).map(|(number, _)| number);
		assert_eq!(view.awaiting, waits);
		for number in 1..=entry.newest {
			self.compare_version(entry, number);
		}
		let mut tags = HealthRecords::tags_of(entry.id);
		tags.sort();
		let mut expected: Vec<_> = entry.tags.iter().map(|tag| tag_of(*tag)).collect();
		expected.sort();
		assert_eq!(tags, expected);
		let wish = match HealthRecords::erasure_state(entry.id) {
			None => None,
			Some(ErasureState::Requested { .. }) => Some(Wish::Open),
			Some(ErasureState::Refused { .. }) => Some(Wish::Refused),
			Some(ErasureState::Erased(_)) => panic!("it is there"),
		};
		assert_eq!(wish, entry.wish);
	}

	fn compare_version(&self, entry: &Entry, number: u32) {
		let stored = HealthRecords::version(entry.id, number);
		let Some(version) = entry.versions.get(&number) else {
			assert_eq!(stored, None);
			return;
		};
		let stored = stored.unwrap();
		let step = match stored.stage {
			StageView::Open { deadline } | StageView::Lapsed { deadline } => {
				Step::Open { until: deadline }
			},
			StageView::Anchored { .. } => Step::Anchored,
			StageView::Failed { .. } => Step::Failed,
			StageView::Abandoned { .. } => Step::GivenUp,
			StageView::Revalidating { deadline, .. } => Step::Anew { until: deadline },
			StageView::RevalidationFailed { .. } => Step::FailedAnew,
		};
		assert_eq!(step, version.step);
		let passing = stored.attestations.iter().filter(|one| one.verdict.passes());
		assert_eq!(passing.count(), version.passes.len());
		assert_eq!(stored.content, version.hash);
		let given = !entry.retracted && number >= entry.keys_from;
		assert_eq!(stored.key.is_some(), given);
		for (reader, id) in self.readers.iter().enumerate() {
			let added = entry.wraps.contains_key(&(number, reader as u8));
			let served = added && entry.counts() && number >= entry.keys_from;
			assert_eq!(HealthRecords::wrap_for(entry.id, number, *id).is_some(), served);
		}
	}
}

fn tag_of(tag: u8) -> Tag {
	Tag::from([tag, 0, 0, 0])
}

/// The patient's list, page by page.
fn listed(newest_first: bool) -> Vec<(u32, RecordId)> {
	let (mut start, mut all) = (Some(if newest_first { u32::MAX } else { 0 }), Vec::new());
	while let Some(from) = start {
		let filter = RecordFilter::ALL;
		let subject = identity(PATIENT);
		let page = HealthRecords::find_records(subject, filter, from, MAX_PAGE, newest_first);
		let page = page.unwrap();
		all.extend(page.items.iter().map(|record| (record.seq, record.id)));
		start = page.next;
	}
	all
}

/// The records that carry a tag, page by page.
fn tagged(tag: Tag) -> Vec<RecordId> {
	let (mut after, mut all) = (None, Vec::new());
	loop {
		let page = HealthRecords::by_tag(identity(PATIENT), tag, after, MAX_PAGE).unwrap();
		all.extend(page.items);
		after = page.next;
		if after.is_none() {
			return all;
		}
	}
}

fn same(answer: DispatchResult, expected: Result<(), E>) {
	assert_eq!(answer, expected.map_err(Into::into));
}

fn acts() -> impl Strategy<Value = Act> {
	let record = || 0..40usize;
	let rarely = || proptest::bool::weighted(0.2);
	let few = |of: u8| prop::collection::vec(0..of, 0..3);
	prop_oneof![
		8 => prop_oneof![Just(Class::Reading), Just(Class::Lab)].prop_map(Act::Propose),
		2 => (record(), any::<bool>())
			.prop_map(|(record, newest)| Act::Copy { record, newest }),
		1 => (1..3usize, rarely()).prop_map(|(count, spoilt)| Act::Anchor { count, spoilt }),
		30 => (
			record(),
			any::<bool>(),
			0..JUDGES.len(),
			proptest::sample::select(AttestationKind::ALL),
			prop_oneof![
				8 => Just(Verdict::Pass),
				2 => Just(Verdict::PassWithWarnings),
				1 => Just(Verdict::Fail),
			],
			proptest::bool::weighted(0.05),
		)
			.prop_map(|(record, newest, validator, kind, verdict, blind)| {
				Act::Attest { record, newest, validator, kind, verdict, blind }
			}),
		12 => record().prop_map(|record| Act::Validate { record }),
		8 => (record(), rarely()).prop_map(|(record, stale)| Act::Amend { record, stale }),
		4 => (record(), rarely(), any::<bool>()).prop_map(|(record, stale, by_patient)| {
			Act::Reseal { record, stale, by_patient }
		}),
		2 => record().prop_map(|record| Act::Retract { record }),
		4 => (record(), rarely())
			.prop_map(|(record, by_stranger)| Act::Withdraw { record, by_stranger }),
		5 => (record(), rarely())
			.prop_map(|(record, by_root)| Act::Revalidate { record, by_root }),
		4 => record().prop_map(|record| Act::Reap { record }),
		1 => Just(Act::Sweep),
		5 => (record(), few(4), any::<bool>())
			.prop_map(|(record, tags, by_patient)| Act::Tags { record, tags, by_patient }),
		5 => (record(), any::<bool>(), few(3), any::<bool>()).prop_map(
			|(record, newest, readers, by_patient)| {
				Act::AddWraps { record, newest, readers, by_patient }
			}
		),
		3 => (record(), any::<bool>(), few(3))
			.prop_map(|(record, newest, readers)| Act::DropWraps { record, newest, readers }),
		1 => (1..5u32).prop_map(|leaves| Act::Batch { leaves }),
		3 => (0..4usize, 0..4u32, rarely())
			.prop_map(|(batch, leaf, forged)| Act::Promote { batch, leaf, forged }),
		3 => record().prop_map(|record| Act::Ask { record }),
		3 => record().prop_map(|record| Act::Erase { record }),
		1 => record().prop_map(|record| Act::Refuse { record }),
		2 => (record(), any::<bool>()).prop_map(|(record, on)| Act::Hold { record, on }),
		5 => (1..24u64).prop_map(Act::Wait),
	]
}

/// One long sequence, with the state looked at every so often and at the end.
fn agree(acts: Vec<Act>) {
	new_test_ext().execute_with(|| {
		let mut pair = Pair::new();
		for (done, act) in acts.into_iter().enumerate() {
			pair.run(act);
			if done % CHECKED_EVERY == 0 {
				pair.compare();
				assert_ok!(HealthRecords::do_try_state());
			}
		}
		pair.compare();
		assert_ok!(HealthRecords::do_try_state());
	});
}

/// As many sequences as make 25 000 operations.
macro_rules! agreements {
	($($name:ident),*) => {
		proptest! {
			#![proptest_config(ProptestConfig {
				cases: 50,
				max_shrink_iters: 2_000,
				..ProptestConfig::default()
			})]

			$(
				#[test]
				fn $name(acts in prop::collection::vec(acts(), OPERATIONS)) {
					agree(acts);
				}
			)*
		}
	};
}

agreements!(
	the_chain_agrees_with_the_model,
	the_chain_agrees_with_the_model_again,
	the_chain_agrees_with_the_model_a_third_time,
	the_chain_agrees_with_the_model_a_fourth_time
);

/// Shorter ones, with the state looked at after each operation.
#[test]
fn the_chain_agrees_with_the_model_at_every_step() {
	use proptest::{strategy::ValueTree, test_runner::TestRunner};
	let mut runner = TestRunner::deterministic();
	for _ in 0..8 {
		let acts = prop::collection::vec(acts(), 60).new_tree(&mut runner).unwrap().current();
		new_test_ext().execute_with(|| {
			let mut pair = Pair::new();
			for act in acts {
				pair.run(act);
				pair.compare();
				assert_ok!(HealthRecords::do_try_state());
			}
		});
	}
}
