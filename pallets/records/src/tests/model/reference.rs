// SPDX-License-Identifier: Apache-2.0

//! What should happen, said a second time: plain lists, no storage, no bounds but those of the rules.
//!
//! One patient, who files readings, and a laboratory, which files results for itself.

use super::*;
use std::collections::BTreeMap;

pub(super) const HOUR: u64 = DAY / 24;

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Class {
	Reading,
	Lab,
}

impl Class {
	pub(super) fn days(self) -> u64 {
		if self == Self::Reading { 7 } else { 2 }
	}

	fn required(self, kind: AttestationKind) -> usize {
		match (self, kind) {
			(Self::Reading, Accuracy) | (Self::Lab, Completeness | Source) => 1,
			(Self::Lab, Accuracy) => 2,
			(Self::Reading, _) => 0,
		}
	}
}

/// Whoever judges: as which kind of party, and where they work.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Judge {
	Clinician { house: u8 },
	Laboratory { author: bool },
	Layman,
}

pub(super) const JUDGES: [(Sr25519Keyring, Judge); 7] = [
	(DOCTOR, Judge::Clinician { house: 1 }),
	(COLLEAGUE, Judge::Clinician { house: 1 }),
	(HOSPITAL, Judge::Clinician { house: 1 }),
	(STRANGER, Judge::Clinician { house: 2 }),
	(LABORATORY, Judge::Laboratory { author: true }),
	(OTHER_LAB, Judge::Laboratory { author: false }),
	(PATIENT, Judge::Layman),
];

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Step {
	Open { until: u64 },
	Anchored,
	Failed,
	GivenUp,
	Anew { until: u64 },
	FailedAnew,
}

impl Step {
	pub(super) fn counts(self) -> bool {
		matches!(self, Self::Anchored | Self::Anew { .. } | Self::FailedAnew)
	}
}

#[derive(Clone, Debug)]
pub(super) struct Version {
	pub(super) step: Step,
	/// Who passed what.
	pub(super) passes: Vec<(usize, AttestationKind)>,
	/// Whether the patient filed it, and so pays nothing.
	pub(super) own: bool,
	pub(super) hash: ContentHash,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Fate {
	Alive,
	Dropped,
	Erased,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Wish {
	Open,
	Refused,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
	pub(super) id: RecordId,
	pub(super) class: Class,
	pub(super) fate: Fate,
	pub(super) seq: u32,
	pub(super) retracted: bool,
	pub(super) held: bool,
	pub(super) current: u32,
	pub(super) newest: u32,
	pub(super) keys_from: u32,
	pub(super) versions: BTreeMap<u32, Version>,
	pub(super) tags: Vec<u8>,
	pub(super) tags_own: bool,
	/// Which reader has a wrap of which version, and whether the patient added it.
	pub(super) wraps: BTreeMap<(u32, u8), bool>,
	pub(super) wish: Option<Wish>,
	pub(super) leaf: Option<(usize, u32)>,
}

impl Entry {
	pub(super) fn counting(&self) -> &Version {
		&self.versions[&self.current]
	}

	pub(super) fn counts(&self) -> bool {
		!self.retracted && self.counting().step.counts()
	}

	/// The number and deadline of the amendment that waits, also in vain.
	pub(super) fn pending(&self) -> Option<(u32, u64)> {
		self.versions.iter().find_map(|(number, version)| match version.step {
			Step::Open { until } if *number != self.current => Some((*number, until)),
			_ => None,
		})
	}

	/// How many of its versions the patient filed.
	fn own(&self) -> usize {
		self.versions.values().filter(|version| version.own).count()
	}

	/// A lapsed amendment makes room for what comes next.
	fn make_room(&mut self, now: u64) -> Result<(), E> {
		let Some((number, until)) = self.pending() else { return Ok(()) };
		if now < until {
			return Err(E::AmendmentPending);
		}
		if self.held {
			return Err(E::LegalHold);
		}
		self.versions.remove(&number);
		Ok(())
	}

	/// The next version takes the place of the one that counts.
	fn take_over(&mut self, number: u32) {
		if let Some(before) = self.versions.get_mut(&self.current)
			&& matches!(before.step, Step::Anew { .. })
		{
			before.step = Step::Anchored;
		}
		self.current = number;
	}
}

#[derive(Default)]
pub(super) struct World {
	pub(super) now: u64,
	pub(super) entries: Vec<Entry>,
	pub(super) next_seq: u32,
	/// The first hour that was not swept.
	pub(super) swept: u64,
	/// The erased, in order.
	pub(super) stones: Vec<RecordId>,
	/// How many leaves each batch has.
	pub(super) batches: Vec<u32>,
}

type Answer = Result<(), E>;

impl World {
	fn alive(&mut self, index: usize) -> Result<&mut Entry, E> {
		let entry = &mut self.entries[index];
		if entry.fate == Fate::Alive { Ok(entry) } else { Err(E::RecordNotFound) }
	}

	fn not_erased(&mut self, index: usize) -> Result<&mut Entry, E> {
		match self.entries[index].fate {
			Fate::Erased => Err(E::AlreadyErased),
			_ => self.alive(index),
		}
	}

	/// How many places the patient has taken.
	fn places(&self) -> usize {
		let own = self.entries.iter().filter(|one| one.class == Class::Reading);
		own.filter(|one| one.fate == Fate::Alive)
			.flat_map(|entry| entry.versions.values())
			.filter(|version| matches!(version.step, Step::Open { until } if self.now < until))
			.count()
	}

	fn place_for(&self, class: Class) -> Answer {
		let full = class == Class::Reading && self.places() >= MAX_OPEN as usize;
		if full { Err(E::TooManyOpenProposals) } else { Ok(()) }
	}

	/// How many bytes the patient takes.
	pub(super) fn taken(&self) -> usize {
		let of = |fate| self.entries.iter().filter(move |entry| entry.fate == fate);
		let versions: usize = of(Fate::Alive).map(Entry::own).sum();
		let stones = of(Fate::Erased).filter(|entry| entry.class == Class::Reading).count();
		versions * room() as usize + stones * TOMBSTONE_ROOM as usize
	}

	/// Whether the patient has room for so many versions, when it is the one who files them and so
	/// many of its own go first.
	pub(super) fn room_for(&self, own: bool, more: usize, gone: usize) -> Answer {
		let room = room() as usize;
		let full = self.taken() + more * room > MAX_OWN_BYTES as usize + gone * room;
		if own && full { Err(E::NoRoomLeft) } else { Ok(()) }
	}

	/// Whether a record has this object.
	fn claimed(&self, hash: ContentHash) -> bool {
		let living = self.entries.iter().filter(|entry| entry.fate == Fate::Alive);
		let mut versions = living.flat_map(|entry| entry.versions.values());
		versions.any(|version| version.step.counts() && version.hash == hash)
	}

	fn unclaimed(&self, hash: ContentHash) -> Answer {
		if self.claimed(hash) { Err(E::ContentAlreadyAnchored) } else { Ok(()) }
	}

	fn waiting(&self, class: Class) -> Step {
		Step::Open { until: self.now + class.days() * DAY }
	}

	pub(super) fn anchor(&mut self, id: RecordId, class: Class, hash: ContentHash) {
		self.file(id, class, hash, Step::Anchored, None);
		self.entries.last_mut().unwrap().versions.get_mut(&1).unwrap().passes.push((0, Accuracy));
	}

	pub(super) fn propose(&mut self, id: RecordId, class: Class, hash: ContentHash) -> Answer {
		self.unclaimed(hash)?;
		self.place_for(class)?;
		self.room_for(class == Class::Reading, 1, 0)?;
		let step = self.waiting(class);
		self.file(id, class, hash, step, None);
		Ok(())
	}

	fn file(
		&mut self,
		id: RecordId,
		class: Class,
		hash: ContentHash,
		step: Step,
		leaf: Option<(usize, u32)>,
	) {
		let own = class == Class::Reading;
		let first = Version { step, passes: vec![], own, hash };
		let seq = self.next_seq;
		self.next_seq += 1;
		self.entries.push(Entry {
			id,
			class,
			fate: Fate::Alive,
			seq,
			retracted: false,
			held: false,
			current: 1,
			newest: 1,
			keys_from: 1,
			versions: BTreeMap::from([(1, first)]),
			tags: vec![],
			tags_own: false,
			wraps: BTreeMap::new(),
			wish: None,
			leaf,
		});
	}

	pub(super) fn attest(
		&mut self,
		index: usize,
		number: u32,
		who: usize,
		kind: AttestationKind,
		verdict: Verdict,
		blind: bool,
	) -> Answer {
		let now = self.now;
		let judged = self.entries[index].versions.get(&number).map(|version| version.hash);
		let claimed = judged.is_some_and(|hash| self.claimed(hash));
		let entry = self.alive(index)?;
		let (class, current) = (entry.class, entry.current);
		let waits = entry.pending().map(|(number, _)| number);
		if entry.retracted || (number != current && waits != Some(number)) {
			return Err(E::NotInProcess);
		}
		let version = entry.versions.get_mut(&number).unwrap();
		let (Step::Open { until } | Step::Anew { until }) = version.step else {
			return Err(E::NotInProcess);
		};
		if blind {
			return Err(E::OtherContent);
		}
		if until <= now {
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
		if version.passes.contains(&(who, kind)) {
			return Err(E::DuplicateAttestation);
		}
		let anew = matches!(version.step, Step::Anew { .. });
		if verdict == Verdict::Fail {
			version.step = if anew { Step::FailedAnew } else { Step::Failed };
			return Ok(());
		}
		let of_kind: Vec<_> = version.passes.iter().filter(|one| one.1 == kind).collect();
		if of_kind.len() >= class.required(kind) {
			return Err(E::RequirementMet);
		}
		if class == Class::Lab && of_kind.iter().any(|one| JUDGES[one.0].1 == judge) {
			return Err(E::AttestorsNotIndependent);
		}
		version.passes.push((who, kind));
		let met = AttestationKind::ALL.iter().all(|kind| {
			version.passes.iter().filter(|one| one.1 == *kind).count() == class.required(*kind)
		});
		if met && claimed && !anew {
			version.passes.pop();
			return Err(E::ContentAlreadyAnchored);
		}
		if met {
			version.step = Step::Anchored;
			if number != current {
				entry.take_over(number);
			}
		}
		Ok(())
	}

	pub(super) fn amend(&mut self, index: usize, stale: bool, hash: ContentHash) -> Answer {
		let now = self.now;
		let entry = self.alive(index)?;
		if !entry.counts() {
			return Err(E::NotAnchored);
		}
		if stale {
			return Err(E::VersionMismatch);
		}
		let class = entry.class;
		let mut changed = entry.clone();
		let before = changed.own();
		changed.make_room(now)?;
		self.place_for(class)?;
		let own = class == Class::Reading;
		self.room_for(own, 1, before - changed.own())?;
		let step = self.waiting(class);
		changed.newest += 1;
		changed.versions.insert(changed.newest, Version { step, passes: vec![], own, hash });
		self.entries[index] = changed;
		Ok(())
	}

	pub(super) fn reseal(
		&mut self,
		index: usize,
		stale: bool,
		by_patient: bool,
		hash: ContentHash,
	) -> Answer {
		let now = self.now;
		let entry = self.alive(index)?;
		if entry.held {
			return Err(E::LegalHold);
		}
		if by_patient && entry.class == Class::Lab && entry.wish.is_some() {
			return Err(E::KeeperReseals);
		}
		if !entry.counts() {
			return Err(E::NotAnchored);
		}
		if stale {
			return Err(E::VersionMismatch);
		}
		let mut changed = entry.clone();
		let before = changed.own();
		changed.make_room(now)?;
		self.room_for(by_patient, 1, before - changed.own())?;
		changed.newest += 1;
		let number = changed.newest;
		let next = Version { own: by_patient, hash, ..changed.counting().clone() };
		changed.versions.insert(number, next);
		changed.take_over(number);
		changed.keys_from = number;
		self.entries[index] = changed;
		Ok(())
	}

	pub(super) fn retract(&mut self, index: usize) -> Answer {
		let entry = self.alive(index)?;
		if entry.retracted || entry.counting().step == Step::Failed {
			return Err(E::AlreadyClosed);
		}
		if entry.held {
			return Err(E::LegalHold);
		}
		entry.retracted = true;
		entry.tags.clear();
		for version in entry.versions.values_mut() {
			match version.step {
				Step::Open { .. } => version.step = Step::GivenUp,
				Step::Anew { .. } => version.step = Step::Anchored,
				_ => {},
			}
		}
		Ok(())
	}

	pub(super) fn withdraw(&mut self, index: usize, by_stranger: bool) -> Answer {
		let entry = self.alive(index)?;
		if by_stranger {
			return Err(E::NotAuthor);
		}
		let pending = entry.pending().filter(|_| !entry.retracted);
		if pending.is_none() && (entry.retracted || entry.counting().step.counts()) {
			return Err(E::NothingToWithdraw);
		}
		if entry.held {
			return Err(E::LegalHold);
		}
		match pending {
			Some((number, _)) => drop(entry.versions.remove(&number)),
			None => self.drop(index, Fate::Dropped),
		}
		Ok(())
	}

	fn drop(&mut self, index: usize, fate: Fate) {
		let entry = &mut self.entries[index];
		entry.fate = fate;
		entry.wish = None;
		entry.leaf = None;
		if fate == Fate::Erased {
			self.stones.push(entry.id);
		}
	}

	pub(super) fn revalidate(&mut self, index: usize, by_root: bool) -> Answer {
		let now = self.now;
		let entry = self.alive(index)?;
		if !entry.counts() {
			return Err(E::NotAnchored);
		}
		if entry.held {
			return Err(E::LegalHold);
		}
		match entry.counting().step {
			Step::Anew { until } if now < until => return Err(E::AlreadyRequested),
			Step::FailedAnew if !by_root => return Err(E::RevalidationFailed),
			_ => {},
		}
		if entry.pending().is_some_and(|(_, until)| now < until) {
			return Err(E::AmendmentPending);
		}
		let until = now + entry.class.days() * DAY;
		let current = entry.current;
		let version = entry.versions.get_mut(&current).unwrap();
		version.step = Step::Anew { until };
		version.passes.clear();
		Ok(())
	}

	/// Removes what lapsed, and tells whether something did.
	fn lapse(&mut self, index: usize) -> bool {
		let now = self.now;
		let entry = &mut self.entries[index];
		if matches!(entry.counting().step, Step::Open { until } if until <= now) {
			self.drop(index, Fate::Dropped);
			return true;
		}
		match entry.pending() {
			Some((number, until)) if until <= now => entry.versions.remove(&number).is_some(),
			_ => false,
		}
	}

	pub(super) fn reap(&mut self, index: usize) -> Answer {
		let entry = &self.entries[index];
		if entry.fate != Fate::Alive {
			return Err(E::NothingToReap);
		}
		if entry.held {
			return Err(E::LegalHold);
		}
		if self.lapse(index) { Ok(()) } else { Err(E::NothingToReap) }
	}

	/// Goes through all the hours that are over.
	pub(super) fn sweep(&mut self) {
		let hour = self.now / HOUR;
		for index in 0..self.entries.len() {
			let entry = &self.entries[index];
			if entry.fate != Fate::Alive || entry.held {
				continue;
			}
			let first = match entry.counting().step {
				Step::Open { until } => Some(until),
				_ => entry.pending().map(|(_, until)| until),
			};
			if first.is_some_and(|until| (self.swept..hour).contains(&(until / HOUR))) {
				assert!(self.lapse(index));
			}
		}
		self.swept = self.swept.max(hour);
	}

	pub(super) fn set_tags(&mut self, index: usize, tags: Vec<u8>, by_patient: bool) -> Answer {
		let entry = self.alive(index)?;
		if entry.retracted {
			return Err(E::AlreadyClosed);
		}
		if twice(&tags) {
			return Err(E::DuplicateTag);
		}
		if entry.held && !entry.tags.iter().all(|tag| tags.contains(tag)) {
			return Err(E::LegalHold);
		}
		entry.tags = tags;
		entry.tags_own = by_patient;
		Ok(())
	}

	pub(super) fn add_wraps(
		&mut self,
		index: usize,
		number: u32,
		readers: &[u8],
		by_patient: bool,
	) -> Answer {
		let entry = self.alive(index)?;
		let version = entry.versions.get(&number).ok_or(E::VersionNotFound)?;
		let serves = entry.counts() && number >= entry.keys_from && version.step.counts();
		if !serves {
			return Err(E::NoKeysServed);
		}
		if readers.is_empty() {
			return Err(E::NothingNamed);
		}
		for (place, reader) in readers.iter().enumerate() {
			if readers[..place].contains(reader) {
				return Err(E::DuplicateRecipient);
			}
			if entry.held && entry.wraps.contains_key(&(number, *reader)) {
				return Err(E::LegalHold);
			}
		}
		entry.wraps.extend(readers.iter().map(|reader| ((number, *reader), by_patient)));
		Ok(())
	}

	pub(super) fn drop_wraps(&mut self, index: usize, number: u32, readers: &[u8]) -> Answer {
		let entry = self.alive(index)?;
		if readers.is_empty() {
			return Err(E::NothingNamed);
		}
		if entry.held {
			return Err(E::LegalHold);
		}
		for (place, reader) in readers.iter().enumerate() {
			if readers[..place].contains(reader) {
				return Err(E::DuplicateRecipient);
			}
			if !entry.wraps.contains_key(&(number, *reader)) {
				return Err(E::WrapNotFound);
			}
		}
		entry.wraps.retain(|(of, reader), _| *of != number || !readers.contains(reader));
		Ok(())
	}

	/// Makes a leaf a record that waits.
	pub(super) fn promote(
		&mut self,
		batch: usize,
		leaf: u32,
		forged: bool,
		id: RecordId,
		hash: ContentHash,
	) -> Answer {
		let is_it = |entry: &Entry| entry.leaf == Some((batch, leaf));
		if self.entries.iter().any(is_it) {
			return Err(E::LeafAlreadyPromoted);
		}
		self.unclaimed(hash)?;
		let before = self.entries.iter().position(|entry| entry.id == id);
		if before.is_some_and(|index| self.entries[index].fate == Fate::Erased) {
			return Err(E::RecordErased);
		}
		if forged {
			return Err(E::BadProof);
		}
		let step = self.waiting(Class::Lab);
		self.file(id, Class::Lab, hash, step, Some((batch, leaf)));
		if let Some(index) = before {
			self.entries.remove(index);
		}
		Ok(())
	}

	pub(super) fn ask(&mut self, index: usize) -> Answer {
		let entry = self.not_erased(index)?;
		if entry.wish == Some(Wish::Open) {
			return Err(E::ErasureAlreadyRequested);
		}
		entry.wish = Some(Wish::Open);
		Ok(())
	}

	pub(super) fn erase(&mut self, index: usize) -> Answer {
		let entry = self.not_erased(index)?;
		if entry.class == Class::Lab && entry.wish != Some(Wish::Open) {
			return Err(E::ErasureNotRequested);
		}
		if entry.held {
			return Err(E::LegalHold);
		}
		self.drop(index, Fate::Erased);
		Ok(())
	}

	pub(super) fn refuse(&mut self, index: usize) -> Answer {
		let entry = self.not_erased(index)?;
		if entry.class == Class::Reading {
			return Err(E::OwnErasure);
		}
		if entry.wish != Some(Wish::Open) {
			return Err(E::ErasureNotRequested);
		}
		entry.wish = Some(Wish::Refused);
		Ok(())
	}

	pub(super) fn hold(&mut self, index: usize, on: bool) -> Answer {
		let entry = self.not_erased(index)?;
		if entry.class == Class::Reading {
			return Err(E::NotRecordOffice);
		}
		entry.held = on;
		Ok(())
	}

	/// What the laboratory has to have paid.
	pub(super) fn rent(&self) -> u64 {
		use codec::MaxEncodedLen;
		let (record, version) = rents();
		let batch = 100 + BatchOf::<Test>::max_encoded_len() as u64;
		let mut rent = self.batches.len() as u64 * batch;
		for entry in self.entries.iter().filter(|entry| entry.fate == Fate::Alive) {
			for (number, one) in &entry.versions {
				rent += if one.own {
					0
				} else if *number == 1 {
					record
				} else {
					version
				};
			}
			let paid = entry.wraps.values().filter(|own| !**own).count() as u64;
			rent += paid * wraps::wrap_rent();
			if !entry.tags.is_empty() && !entry.tags_own {
				rent += tag_rent(entry.tags.len());
			}
		}
		rent
	}
}

/// What a set of so many tags costs.
fn tag_rent(tags: usize) -> u64 {
	100 + 96 * tags as u64
}

fn twice(list: &[u8]) -> bool {
	list.iter().enumerate().any(|(place, one)| list[..place].contains(one))
}
