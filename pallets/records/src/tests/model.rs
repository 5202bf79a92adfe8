// SPDX-License-Identifier: Apache-2.0

//! Random sequences against a small reference model: same answers, same state, every invariant.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Class {
	Reading,
	Lab,
}

#[derive(Clone, Debug)]
enum Act {
	Propose(Class),
	Anchor,
	Attest { record: usize, validator: usize, kind: AttestationKind, verdict: Verdict },
	Amend { record: usize, stale: bool },
	Retract { record: usize },
	Wait(u64),
}

/// Whoever judges: who it is, as which kind of party, and where they work or what they are.
#[derive(Clone, Copy, PartialEq)]
enum Judge {
	Clinician { house: u8 },
	Laboratory { author: bool },
	Layman,
}

const JUDGES: [(Sr25519Keyring, Judge); 7] = [
	(DOCTOR, Judge::Clinician { house: 1 }),
	(COLLEAGUE, Judge::Clinician { house: 1 }),
	(HOSPITAL, Judge::Clinician { house: 1 }),
	(STRANGER, Judge::Clinician { house: 2 }),
	(LABORATORY, Judge::Laboratory { author: true }),
	(OTHER_LAB, Judge::Laboratory { author: false }),
	(PATIENT, Judge::Layman),
];

#[derive(Clone, Copy, PartialEq, Debug)]
enum Step {
	Open { until: u64 },
	Anchored,
	Failed,
	GivenUp,
}

#[derive(Clone)]
struct ModelVersion {
	step: Step,
	verdicts: Vec<(usize, AttestationKind, bool)>,
}

#[derive(Clone)]
struct ModelRecord {
	class: Class,
	retracted: bool,
	/// The number of the version that counts.
	counts: usize,
	versions: Vec<ModelVersion>,
}

#[derive(Default)]
struct Model {
	records: Vec<ModelRecord>,
	drafts: Vec<Draft>,
	next: u8,
}

fn required(class: Class, kind: AttestationKind) -> usize {
	match (class, kind) {
		(Class::Reading, Accuracy) | (Class::Lab, Completeness | Source) => 1,
		(Class::Lab, Accuracy) => 2,
		(Class::Reading, _) => 0,
	}
}

fn days(class: Class) -> u64 {
	if class == Class::Reading { 7 } else { 2 }
}

impl Model {
	fn fresh(&mut self, class: Class) -> Draft {
		self.next += 1;
		if class == Class::Reading { reading(self.next) } else { result(self.next) }
	}

	/// How many places the patient has taken.
	fn places(&self) -> usize {
		let own = self.records.iter().filter(|record| record.class == Class::Reading);
		own.flat_map(|record| &record.versions)
			.filter(|version| matches!(version.step, Step::Open { until } if now() < until))
			.count()
	}

	fn place_for(&self, class: Class) -> Result<(), E> {
		if class == Class::Reading && self.places() == MAX_OPEN as usize {
			return Err(E::TooManyOpenProposals);
		}
		Ok(())
	}

	fn file(&mut self, draft: Draft, class: Class, step: Step, verdicts: Vec<usize>) {
		let verdicts = verdicts.into_iter().map(|who| (who, Accuracy, true)).collect();
		let versions = vec![ModelVersion { step, verdicts }];
		self.records.push(ModelRecord { class, retracted: false, counts: 1, versions });
		self.drafts.push(draft);
	}

	fn attest(
		&mut self,
		index: usize,
		who: usize,
		kind: AttestationKind,
		verdict: Verdict,
	) -> Result<(), E> {
		let record = &mut self.records[index];
		let class = record.class;
		let number = record.versions.len();
		let version = record.versions.last_mut().unwrap();
		let Step::Open { until } = version.step else { return Err(E::NotInProcess) };
		if until <= now() {
			return Err(E::DeadlinePassed);
		}
		let judge = JUDGES[who].1;
		let may = match (class, kind, judge) {
			(Class::Lab, Source, judge) => matches!(judge, Judge::Laboratory { .. }),
			(Class::Reading, Completeness | Source, _) => false,
			(_, _, judge) => matches!(judge, Judge::Clinician { .. }),
		};
		if !may {
			return Err(E::AttestorNotQualified);
		}
		if judge == (Judge::Laboratory { author: true }) {
			return Err(E::AttestorIsAuthor);
		}
		if version.verdicts.iter().any(|one| (one.0, one.1) == (who, kind)) {
			return Err(E::DuplicateAttestation);
		}
		if verdict == Verdict::Fail {
			version.step = Step::Failed;
			return Ok(());
		}
		let of_kind: Vec<_> = version.verdicts.iter().filter(|one| one.1 == kind).collect();
		if of_kind.len() >= required(class, kind) {
			return Err(E::RequirementMet);
		}
		if class == Class::Lab && of_kind.iter().any(|one| JUDGES[one.0].1 == judge) {
			return Err(E::AttestorsNotIndependent);
		}
		version.verdicts.push((who, kind, true));
		let met = AttestationKind::ALL.iter().all(|kind| {
			version.verdicts.iter().filter(|one| one.1 == *kind).count() == required(class, *kind)
		});
		if met {
			version.step = Step::Anchored;
			record.counts = number;
		}
		Ok(())
	}

	fn amend(&mut self, index: usize, stale: bool) -> Result<(), E> {
		let record = &self.records[index];
		let anchored = record.versions[record.counts - 1].step == Step::Anchored;
		if record.retracted || !anchored {
			return Err(E::NotAnchored);
		}
		if stale {
			return Err(E::VersionMismatch);
		}
		let lapsed = match record.versions.last().unwrap().step {
			Step::Open { until } if now() < until => return Err(E::AmendmentPending),
			Step::Open { .. } => true,
			_ => false,
		};
		self.place_for(record.class)?;
		let record = &mut self.records[index];
		if lapsed {
			record.versions.last_mut().unwrap().step = Step::GivenUp;
		}
		let step = Step::Open { until: now() + days(record.class) * DAY };
		record.versions.push(ModelVersion { step, verdicts: vec![] });
		Ok(())
	}

	fn retract(&mut self, index: usize) -> Result<(), E> {
		let record = &mut self.records[index];
		let failed = record.versions[record.counts - 1].step == Step::Failed;
		if record.retracted || failed {
			return Err(E::AlreadyClosed);
		}
		record.retracted = true;
		let newest = record.versions.last_mut().unwrap();
		if matches!(newest.step, Step::Open { .. }) {
			newest.step = Step::GivenUp;
		}
		Ok(())
	}

	/// Does the act in the model and on the chain; both answer alike.
	fn run(&mut self, act: Act) {
		match act {
			Act::Wait(hours) => set_time(now() + hours * DAY / 24),
			Act::Propose(class) => {
				let draft = self.fresh(class);
				let expected = self.place_for(class);
				let filed = expected.is_ok();
				same(draft.propose(), expected);
				if filed {
					let until = now() + days(class) * DAY;
					self.file(draft, class, Step::Open { until }, vec![]);
				}
			},
			Act::Anchor => {
				let draft = self.fresh(Class::Reading);
				let mut statement = draft.statement(draft.id(), 1, Accuracy);
				statement.expires = u64::MAX;
				assert_ok!(draft.anchor(vec![signed(DOCTOR, &statement)]));
				self.file(draft, Class::Reading, Step::Anchored, vec![0]);
			},
			_ if self.records.is_empty() => {},
			Act::Attest { record, validator, kind, verdict } => {
				let index = record % self.records.len();
				let version = self.records[index].versions.len() as u32;
				let id = self.drafts[index].id();
				let expected = self.attest(index, validator, kind, verdict);
				same(attest(JUDGES[validator].0, id, version, kind, verdict), expected);
			},
			Act::Amend { record, stale } => {
				let index = record % self.records.len();
				let newest = self.records[index].versions.len() as u32;
				let draft = self.fresh(self.records[index].class);
				let id = self.drafts[index].id();
				let expected = self.amend(index, stale);
				same(draft.amend(id, newest - u32::from(stale), vec![]), expected);
			},
			Act::Retract { record } => {
				let index = record % self.records.len();
				let draft = &self.drafts[index];
				let (author, id) = (draft.author, draft.id());
				let expected = self.retract(index);
				same(retract(author, id), expected);
			},
		}
	}

	/// The chain stands where the model stands.
	fn compare(&self) {
		for (record, draft) in self.records.iter().zip(&self.drafts) {
			let view = HealthRecords::record(draft.id()).unwrap();
			let counting = record.versions[record.counts - 1].step;
			let status = match (record.retracted, counting) {
				(true, _) => RecordStatus::EnteredInError,
				(_, Step::Anchored) => RecordStatus::Validated,
				(_, Step::Failed) => RecordStatus::ValFail,
				(_, Step::Open { .. } | Step::GivenUp) => RecordStatus::InProcess,
			};
			assert_eq!(view.status, status);
			let newest = record.versions.len() as u32;
			assert_eq!((view.current as usize, view.newest), (record.counts, newest));
			for (index, version) in record.versions.iter().enumerate() {
				let stored = HealthRecords::version(draft.id(), index as u32 + 1).unwrap();
				let step = match stored.stage {
					StageView::Open { deadline } | StageView::Lapsed { deadline } => {
						Step::Open { until: deadline }
					},
					StageView::Anchored { .. } => Step::Anchored,
					StageView::Failed { .. } => Step::Failed,
					StageView::Abandoned { .. } => Step::GivenUp,
				};
				assert_eq!(step, version.step);
				let passing = stored.attestations.iter().filter(|one| one.verdict.passes());
				assert_eq!(passing.count(), version.verdicts.len());
			}
		}
	}
}

fn same(answer: DispatchResult, expected: Result<(), E>) {
	assert_eq!(answer, expected.map_err(Into::into));
}

fn acts() -> impl Strategy<Value = Act> {
	let record = 0..6usize;
	prop_oneof![
		2 => prop_oneof![Just(Class::Reading), Just(Class::Lab)].prop_map(Act::Propose),
		1 => Just(Act::Anchor),
		12 => (
			record.clone(),
			0..JUDGES.len(),
			proptest::sample::select(AttestationKind::ALL),
			prop_oneof![
				8 => Just(Verdict::Pass),
				2 => Just(Verdict::PassWithWarnings),
				1 => Just(Verdict::Fail),
			],
		)
			.prop_map(|(record, validator, kind, verdict)| {
				Act::Attest { record, validator, kind, verdict }
			}),
		3 => (record.clone(), proptest::bool::weighted(0.2))
			.prop_map(|(record, stale)| Act::Amend { record, stale }),
		1 => record.prop_map(|record| Act::Retract { record }),
		2 => (1..72u64).prop_map(Act::Wait),
	]
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

	#[test]
	fn the_chain_agrees_with_the_model(acts in prop::collection::vec(acts(), 1..60)) {
		new_test_ext().execute_with(|| {
			add_other_lab();
			let mut model = Model::default();
			for act in acts {
				model.run(act);
				model.compare();
				assert_ok!(HealthRecords::do_try_state());
			}
		});
	}
}
