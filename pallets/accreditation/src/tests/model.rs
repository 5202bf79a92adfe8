// SPDX-License-Identifier: Apache-2.0

//! Random calls against a small model of its own, 100 times 100 of them.
//!
//! Days are the unit, so that a window is a set of days. The model keeps what was said, and lives
//! through it day by day when it is asked.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Two regulators, and two registrars of the first.
const AUTHORITIES: [Sr25519Keyring; 4] = [Alice, Charlie, Registry, OtherRegistry];
const ABOVE: [Option<usize>; 4] = [None, None, Some(0), Some(0)];
/// Stands for governance where an authority is asked for.
const GOVERNANCE: usize = 4;
/// Who is accredited, and as what.
const SUBJECTS: [(Sr25519Keyring, AccreditationKind); 3] =
	[(Dave, PractitionerLicence), (Bob, FacilityLicence), (Ferdie, FacilityLicence)];
const HOSPITALS: [Sr25519Keyring; 2] = [Bob, Ferdie];
const ROLES: [Role; 3] = [Role::Nurse, Role::Physician, Role::Pharmacist];
/// How many licences of a subject one authority fills its row with.
const MAX_OF_ISSUER: usize = 3;
/// Later than any day that is asked about.
const NEVER: u64 = 2_000;

/// Which body decides about a licence: mostly one that may.
#[derive(Clone, Copy, Debug)]
enum Who {
	Issuer,
	Above,
	Governance,
	Any(usize),
}

/// Which papers a grant names: mostly those of the request.
#[derive(Clone, Copy, Debug)]
enum Papers {
	Asked,
	These(Option<u8>),
}

/// Licences and jobs are counted from the newest back; one step before it there is none.
#[derive(Clone, Debug)]
enum Step {
	/// Authority, subject, first and last day from today.
	Grant(usize, usize, u64, u64, Papers),
	/// Body, licence, last day from today.
	Renew(Who, usize, u64),
	/// Body, licence, until which day from today.
	Suspend(Who, usize, Option<u64>),
	Lift(Who, usize),
	/// Body, licence, how many days ago.
	Revoke(Who, usize, u64),
	/// By its subject or by somebody else, licence.
	Surrender(bool, usize),
	Reap(usize),
	/// Body, authority, how many days ago.
	CutOff(usize, usize, u64),
	Forbid(usize, usize),
	Allow(usize, usize),
	/// Subject, authority, which papers.
	Ask(usize, usize, u8),
	/// Who closes (a subject, an authority or a stranger), subject, authority.
	Close(Sr25519Keyring, usize, usize),
	/// Authority, list, which digest, sequence.
	Anchor(usize, u32, u8, u32),
	/// Hospital, role, length in days.
	Invite(usize, usize, u64),
	Accept(usize),
	/// By the practitioner or by the hospital.
	End(bool, usize),
	/// By its hospital or by the other, job, until which day from today.
	Rest(bool, usize, Option<u64>),
	Resume(bool, usize),
	ReapJob(usize),
	/// Hospital: its identity is active from now on, or is not.
	Activate(usize, bool),
	Sleep(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	use Step::*;
	let (a, b, s) = (0usize..4, 0usize..5, 0usize..3);
	let n = || 0usize..9;
	let mostly = || prop::bool::weighted(0.9);
	let until = || prop::option::of(0u64..8);
	let who = || {
		prop_oneof![
			4 => Just(Who::Issuer),
			2 => Just(Who::Above),
			2 => Just(Who::Governance),
			1 => (0usize..4).prop_map(Who::Any),
		]
	};
	let papers = prop_oneof![
		8 => Just(Papers::Asked),
		1 => prop::option::of(1u8..3).prop_map(Papers::These),
	];
	let closer = prop::sample::select(vec![Dave, Bob, Ferdie, Alice, Registry, Eve]);
	let step = prop_oneof![
		8 => (a.clone(), s.clone(), 0u64..3, 0u64..60, papers)
			.prop_map(|(by, to, from, until, papers)| Grant(by, to, from, until, papers)),
		5 => (who(), n(), 0u64..60).prop_map(|(by, id, until)| Renew(by, id, until)),
		6 => (who(), n(), until()).prop_map(|(by, id, until)| Suspend(by, id, until)),
		8 => (who(), n()).prop_map(|(by, id)| Lift(by, id)),
		1 => (who(), n(), 0u64..6).prop_map(|(by, id, ago)| Revoke(by, id, ago)),
		1 => (mostly(), n()).prop_map(|(own, id)| Surrender(own, id)),
		4 => n().prop_map(Reap),
		1 => (b.clone(), a.clone(), 0u64..6).prop_map(|(by, who, ago)| CutOff(by, who, ago)),
		1 => (b.clone(), a.clone()).prop_map(|(by, who)| Forbid(by, who)),
		3 => (b, a.clone()).prop_map(|(by, who)| Allow(by, who)),
		3 => (s.clone(), a.clone(), 1u8..3).prop_map(|(by, to, what)| Ask(by, to, what)),
		2 => (closer, s, a.clone()).prop_map(|(by, who, to)| Close(by, who, to)),
		1 => (a, 0u32..3, 0u8..3, 0u32..9).prop_map(|(by, n, what, next)| Anchor(by, n, what, next)),
		12 => (0usize..2, 0usize..3, prop_oneof![3 => 1u64..4, 1 => 1u64..60])
			.prop_map(|(at, role, days)| Invite(at, role, days)),
		16 => (1usize..3).prop_map(Accept),
		1 => (any::<bool>(), n()).prop_map(|(own, id)| End(own, id)),
		5 => (mostly(), n(), until()).prop_map(|(own, id, until)| Rest(own, id, until)),
		5 => (mostly(), n()).prop_map(|(own, id)| Resume(own, id)),
		3 => n().prop_map(ReapJob),
		3 => (0usize..2, prop::bool::weighted(0.7)).prop_map(|(at, is)| Activate(at, is)),
		7 => prop_oneof![19 => 1u64..3, 1 => 60u64..130].prop_map(Sleep),
	];
	// The hospitals are licensed for long, so that there is work.
	let licensed = [1, 2].map(|hospital| Grant(1, hospital, 0, 900, Papers::Asked));
	prop::collection::vec(step, 98).prop_map(move |steps| [licensed.to_vec(), steps].concat())
}

/// What was said of a licence on a day.
#[derive(Clone, Copy)]
enum Said {
	Renewed(u64),
	Suspended(u64),
	Lifted,
}

struct Licence {
	by: usize,
	subject: usize,
	granted: u64,
	first: u64,
	end: u64,
	/// Day, body and word, in the order of saying.
	said: Vec<(u64, usize, Said)>,
	revoked: Option<u64>,
	surrendered: Option<u64>,
	/// The day of the last word about it.
	last: u64,
	reaped: bool,
}

struct Job {
	place: usize,
	role: usize,
	first: u64,
	end: u64,
	/// The day of the invitation, while nobody answered.
	invited: Option<u64>,
	/// First and last day of each rest.
	rests: Vec<(u64, u64)>,
	gone: bool,
}

#[derive(Default)]
struct Model {
	today: u64,
	cutoffs: [Option<u64>; 4],
	/// By whom an authority was told not to act.
	forbidden: [Option<usize>; 4],
	licences: Vec<Licence>,
	/// Papers and day, by authority and subject.
	requests: BTreeMap<(usize, usize), (u8, u64)>,
	lists: BTreeMap<(usize, u32), (u8, u32)>,
	jobs: Vec<Job>,
	/// The hospitals whose identities are not active.
	inactive: BTreeSet<usize>,
}

fn signer(body: usize) -> RuntimeOrigin {
	if body == GOVERNANCE { root() } else { signed(AUTHORITIES[body]) }
}

impl Licence {
	fn say(&mut self, today: u64, by: usize, word: Said) {
		self.said.push((today, by, word));
		self.last = today;
	}
}

impl Model {
	/// Whether an authority, and the one above it, may act.
	fn acts(&self, who: usize) -> bool {
		let free = |who: usize| self.cutoffs[who].is_none() && self.forbidden[who].is_none();
		free(who) && ABOVE[who].is_none_or(free)
	}

	/// Whether what an authority allowed on a day is believed today.
	fn believed(&self, who: usize, day: u64) -> bool {
		let before = |who: usize| self.cutoffs[who].is_none_or(|cutoff| day < cutoff);
		who == GOVERNANCE || (before(who) && ABOVE[who].is_none_or(before))
	}

	/// Rank of a body over a licence: 0 the issuer, 1 the one above, 2 governance.
	fn rank(licence: &Licence, body: usize) -> Option<usize> {
		match body {
			GOVERNANCE => Some(2),
			body if body == licence.by => Some(0),
			body if ABOVE[licence.by] == Some(body) => Some(1),
			_ => None,
		}
	}

	fn decides(&self, licence: &Licence, body: usize) -> bool {
		Self::rank(licence, body).is_some() && (body == GOVERNANCE || self.acts(body))
	}

	/// Lives through what was said, up to and with `day`: until when it is paid, and the switches.
	fn lived(&self, licence: &Licence, day: u64) -> (u64, [u64; 3]) {
		let (mut paid, mut switches) = (licence.end, [0; 3]);
		for (said_on, body, word) in &licence.said {
			if *said_on > day {
				break;
			}
			let rank = Self::rank(licence, *body).unwrap();
			match word {
				Said::Suspended(until) => switches[rank] = *until,
				Said::Renewed(until) if self.believed(*body, *said_on) => paid = paid.max(*until),
				Said::Lifted if self.believed(*body, *said_on) => switches[..=rank].fill(0),
				_ => {},
			}
		}
		(paid, switches)
	}

	fn counts(&self, licence: &Licence, day: u64) -> bool {
		let (paid, switches) = self.lived(licence, day);
		!licence.reaped
			&& self.believed(licence.by, licence.granted)
			&& (licence.first..paid).contains(&day)
			&& switches.iter().all(|until| *until <= day)
			&& licence.revoked.is_none_or(|from| day < from)
			&& licence.surrendered.is_none_or(|from| day < from)
	}

	fn accredited(&self, subject: usize, day: u64) -> bool {
		self.licences.iter().any(|licence| licence.subject == subject && self.counts(licence, day))
	}

	fn is_final(licence: &Licence) -> bool {
		licence.revoked.is_some() || licence.surrendered.is_some()
	}

	/// Whether a licence takes no place any more, whatever is believed of who granted it.
	fn is_over(&self, licence: &Licence) -> bool {
		licence.reaped || Self::is_final(licence) || self.ends(licence).0 <= self.today
	}

	/// Whether one more licence of a subject may count.
	fn has_room(&self, subject: usize) -> bool {
		let mut running =
			self.licences.iter().filter(|one| one.subject == subject && !self.is_over(one));
		running.nth(MAX_OF_KIND as usize - 1).is_none()
	}

	/// The end of a licence when nobody were cut off, and as it is believed.
	fn ends(&self, licence: &Licence) -> (u64, u64) {
		let renewed = |only_believed: bool| {
			let ends = licence.said.iter().filter_map(|(day, body, word)| match word {
				Said::Renewed(until) if !only_believed || self.believed(*body, *day) => {
					Some(*until)
				},
				_ => None,
			});
			let end = ends.fold(licence.end, u64::max);
			[licence.revoked, licence.surrendered].into_iter().flatten().fold(end, u64::min)
		};
		(renewed(false), renewed(true))
	}

	/// How many renewals of a licence have not run out.
	fn renewals_ahead(licence: &Licence, today: u64) -> usize {
		let ahead = |word: &Said| matches!(word, Said::Renewed(until) if today < *until);
		licence.said.iter().filter(|(_, _, word)| ahead(word)).count()
	}

	/// Whether the identity of somebody is active: only those of hospitals ever are not.
	fn active(&self, who: Sr25519Keyring) -> bool {
		!self.inactive.iter().any(|place| HOSPITALS[*place] == who)
	}

	fn works(&self, job: &Job, day: u64) -> bool {
		!job.gone
			&& job.invited.is_none()
			&& (job.first..job.end).contains(&day)
			&& !job.rests.iter().any(|(from, until)| (*from..*until).contains(&day))
	}

	/// The body meant, about a licence.
	fn body(&self, who: Who, id: usize) -> usize {
		let issuer = self.licences.get(id).map_or(0, |licence| licence.by);
		match who {
			Who::Issuer => issuer,
			Who::Above => ABOVE[issuer].unwrap_or(issuer),
			Who::Governance => GOVERNANCE,
			Who::Any(body) => body,
		}
	}

	/// Makes one call, and checks that it goes as the model says.
	fn step(&mut self, step: Step) {
		let today = self.today;
		let number = |id: usize| AccreditationId(id as u64);
		// Licences and jobs by how far they are back.
		let (licences, all_jobs) = (self.licences.len(), self.jobs.len());
		let licence = |back: usize| licences.saturating_sub(back);
		let job = |back: usize| all_jobs.saturating_sub(back);
		match step {
			Step::Grant(by, to, from, until, papers) => {
				let (from, until) = (today + from, today + until);
				let (subject, kind) = SUBJECTS[to];
				let window = days(from, until);
				let held = self.licences.iter().filter(|one| one.subject == to && !one.reaped);
				let asked = self.requests.get(&(by, to)).filter(|(_, day)| today < day + 20);
				let papers = match papers {
					Papers::Asked => asked.map(|(papers, _)| *papers),
					Papers::These(papers) => papers,
				};
				let may = self.acts(by)
					&& from < until && held.clone().count() < MAX_HELD as usize
					&& held.filter(|one| one.by == by).count() < MAX_OF_ISSUER
					&& self.has_room(to)
					&& self.active(subject)
					&& asked.map(|(papers, _)| *papers) == papers;
				let done = Accreditation::grant_accreditation(
					signed(AUTHORITIES[by]),
					identity(subject),
					kind,
					DENMARK,
					LICENCE,
					window,
					codes(&[]),
					papers.map(|papers| Digest([papers; 32])),
				);
				assert_eq!(done.is_ok(), may);
				if may {
					if asked.is_some() {
						self.requests.remove(&(by, to));
					}
					self.licences.push(Licence {
						by,
						subject: to,
						granted: today,
						first: from,
						end: until,
						said: vec![],
						revoked: None,
						surrendered: None,
						last: today,
						reaped: false,
					});
				}
			},
			Step::Renew(who, back, until) => {
				let (id, until) = (licence(back), today + until);
				let Some(authority) = AUTHORITIES.get(self.body(who, id)) else { return };
				let by = self.body(who, id);
				let may = self.licences.get(id).is_some_and(|licence| {
					!licence.reaped
						&& self.decides(licence, by)
						&& !Self::is_final(licence)
						&& self.believed(licence.by, licence.granted)
						&& self.ends(licence).1 < until
						&& (!self.is_over(licence) || self.has_room(licence.subject))
						&& today < until && licence.said.len() < 19
						&& Self::renewals_ahead(licence, today) < MAX_RENEWALS_AHEAD as usize
				});
				assert_eq!(renew(*authority, number(id), day(until)).is_ok(), may);
				if may {
					self.licences[id].say(today, by, Said::Renewed(until));
				}
			},
			Step::Suspend(who, back, until) => {
				let id = licence(back);
				let by = self.body(who, id);
				let end = until.map_or(NEVER, |until| today + until);
				let may = self.licences.get(id).is_some_and(|licence| {
					!licence.reaped
						&& self.decides(licence, by)
						&& !Self::is_final(licence)
						&& today < end && today < self.ends(licence).1
						&& {
							let own =
								self.lived(licence, today).1[Self::rank(licence, by).unwrap()];
							own <= today || own < end
						} && licence.said.len() < 19
				});
				let until = until.map(|until| day(today + until));
				assert_eq!(suspend(signer(by), number(id), until).is_ok(), may);
				if may {
					self.licences[id].say(today, by, Said::Suspended(end));
				}
			},
			Step::Lift(who, back) => {
				let id = licence(back);
				let by = self.body(who, id);
				let may = self.licences.get(id).is_some_and(|licence| {
					let running = self.lived(licence, today).1;
					!licence.reaped
						&& self.decides(licence, by)
						&& !Self::is_final(licence)
						&& running[..=Self::rank(licence, by).unwrap()]
							.iter()
							.any(|end| today < *end)
				});
				assert_eq!(lift(signer(by), number(id)).is_ok(), may);
				if may {
					self.licences[id].say(today, by, Said::Lifted);
				}
			},
			Step::Revoke(who, back, ago) => {
				let id = licence(back);
				let by = self.body(who, id);
				let from = today.saturating_sub(ago);
				let may = self.licences.get(id).is_some_and(|licence| {
					!licence.reaped
						&& self.decides(licence, by)
						&& licence.revoked.is_none()
						&& licence.first <= from
						&& from <= today.max(licence.first)
				});
				assert_eq!(revoke(signer(by), number(id), day(from)).is_ok(), may);
				if may {
					self.licences[id].revoked = Some(from);
					self.licences[id].last = today;
				}
			},
			Step::Surrender(own, back) => {
				let id = licence(back);
				let holder = self.licences.get(id).map_or(0, |licence| licence.subject);
				let by = if own { holder } else { (holder + 1) % SUBJECTS.len() };
				let may = self.licences.get(id).is_some_and(|licence| {
					!licence.reaped
						&& licence.subject == by
						&& !Self::is_final(licence)
						&& self.active(SUBJECTS[by].0)
				});
				assert_eq!(surrender(SUBJECTS[by].0, number(id)).is_ok(), may);
				if may {
					self.licences[id].surrendered = Some(today);
					self.licences[id].last = today;
				}
			},
			Step::Reap(back) => {
				let id = licence(back);
				let may = self.licences.get(id).is_some_and(|licence| {
					let void = !self.believed(licence.by, licence.granted);
					let since = self.ends(licence).0.max(licence.last);
					!licence.reaped && (void || since + RETENTION / DAY <= today)
				});
				let done = Accreditation::reap_accreditation(signed(Eve), number(id));
				assert_eq!(done.is_ok(), may);
				if may {
					self.licences[id].reaped = true;
				}
			},
			Step::CutOff(by, who, ago) => {
				let cutoff = today.saturating_sub(ago);
				let above = by == GOVERNANCE || (ABOVE[who] == Some(by) && self.acts(by));
				let may = above && self.cutoffs[who].is_none_or(|before| cutoff < before);
				let done = if by == GOVERNANCE {
					cut_off(AUTHORITIES[who], day(cutoff))
				} else {
					remove_registrar(AUTHORITIES[by], AUTHORITIES[who], day(cutoff))
				};
				assert_eq!(done.is_ok(), may);
				if may {
					self.cutoffs[who] = Some(cutoff);
				}
			},
			Step::Forbid(by, who) => {
				let above = by == GOVERNANCE || (ABOVE[who] == Some(by) && self.acts(by));
				let may = above
					&& self.cutoffs[who].is_none()
					&& match self.forbidden[who] {
						None => true,
						Some(before) => by == GOVERNANCE && before != GOVERNANCE,
					};
				assert_eq!(suspend_authority(signer(by), AUTHORITIES[who]).is_ok(), may);
				if may {
					self.forbidden[who] = Some(by);
				}
			},
			Step::Allow(by, who) => {
				let above = by == GOVERNANCE || (ABOVE[who] == Some(by) && self.acts(by));
				let before = self.forbidden[who];
				let may = above && before.is_some() && (by == GOVERNANCE || before == Some(by));
				assert_eq!(reinstate_authority(signer(by), AUTHORITIES[who]).is_ok(), may);
				if may {
					self.forbidden[who] = None;
				}
			},
			Step::Ask(by, to, papers) => {
				let (subject, kind) = SUBJECTS[by];
				let may = self.cutoffs[to].is_none() && self.active(subject);
				let (to_whom, digest) = (identity(AUTHORITIES[to]), Digest([papers; 32]));
				let by_whom = signed(subject);
				let done =
					Accreditation::request_accreditation(by_whom, to_whom, kind, LICENCE, digest);
				assert_eq!(done.is_ok(), may);
				if may {
					self.requests.insert((to, by), (papers, today));
				}
			},
			Step::Close(by, who, to) => {
				let (subject, kind) = SUBJECTS[who];
				let may = self.requests.get(&(to, who)).is_some_and(|(_, asked)| {
					let party = by == subject || by == AUTHORITIES[to];
					(party && self.active(by)) || asked + 20 <= today
				});
				let (issuer, subject) = (identity(AUTHORITIES[to]), identity(subject));
				let done = Accreditation::close_request(signed(by), issuer, subject, kind);
				assert_eq!(done.is_ok(), may);
				if may {
					self.requests.remove(&(to, who));
				}
			},
			Step::Anchor(by, list, what, sequence) => {
				let may = self.acts(by)
					&& list < MAX_LISTS
					&& what != 0 && self
					.lists
					.get(&(by, list))
					.is_none_or(|(before, last)| *before != what && *last < sequence);
				let (who, digest) = (signed(AUTHORITIES[by]), Digest([what; 32]));
				let at = b"https://a".to_vec().try_into().unwrap();
				let done = Accreditation::set_status_list(who, list, digest, at, sequence);
				assert_eq!(done.is_ok(), may);
				if may {
					self.lists.insert((by, list), (what, sequence));
				}
			},
			Step::Invite(place, role, length) => {
				let open = |job: &&Job| !job.gone && job.invited.is_some() && job.place == place;
				let may = self.accredited(place + 1, today)
					&& self.active(HOSPITALS[place])
					&& self.jobs.iter().filter(open).count() < 3;
				let window = days(today, today + length);
				let done = invite_with(HOSPITALS[place], ROLES[role], window, EMERGENCY);
				assert_eq!(done.is_ok(), may);
				if may {
					self.jobs.push(Job {
						place,
						role,
						first: today,
						end: today + length,
						invited: Some(today),
						rests: vec![],
						gone: false,
					});
				}
			},
			Step::Accept(back) => {
				let id = job(back);
				let running = |job: &&Job| !job.gone && job.invited.is_none() && today < job.end;
				let may = self.jobs.get(id).is_some_and(|job| {
					let mut others = self.jobs.iter().filter(running);
					!job.gone
						&& job.invited.is_some_and(|day| today < day + 1)
						&& today < job.end && self.accredited(job.place + 1, today)
						&& !others.clone().any(|one| (one.place, one.role) == (job.place, job.role))
						&& others.by_ref().count() < 4
						&& self.active(HOSPITALS[job.place])
						&& self.makes_room()
				});
				assert_eq!(accept(AffiliationId(id as u64)).is_ok(), may);
				if may {
					self.make_room();
					let job = &mut self.jobs[id];
					job.invited = None;
					job.first = job.first.max(today);
				}
			},
			Step::End(own, back) => {
				let id = job(back);
				let place = self.jobs.get(id).map_or(Bob, |job| HOSPITALS[job.place]);
				let by = if own { Dave } else { place };
				let may = self.jobs.get(id).is_some_and(|job| {
					!job.gone && self.active(by) && (job.invited.is_some() || today < job.end)
				});
				assert_eq!(end(by, AffiliationId(id as u64)).is_ok(), may);
				if may {
					let job = &mut self.jobs[id];
					job.gone = job.invited.is_some();
					(job.first, job.end) = (job.first.min(today), today);
				}
			},
			Step::Rest(own, back, until) => {
				let id = job(back);
				let place = self.jobs.get(id).map_or(0, |job| job.place);
				let by = if own { place } else { 1 - place };
				let last = until.map_or(NEVER, |until| today + until);
				let may = self.jobs.get(id).is_some_and(|job| {
					let resting = job.rests.iter().any(|(from, to)| (*from..*to).contains(&today));
					!job.gone
						&& job.place == by && self.active(HOSPITALS[by])
						&& job.invited.is_none()
						&& today < job.end && today < last
						&& !resting && job.rests.len() < MAX_SUSPENSIONS as usize
				});
				let until = until.map(|until| day(today + until));
				assert_eq!(rest(HOSPITALS[by], AffiliationId(id as u64), until).is_ok(), may);
				if may {
					self.jobs[id].rests.push((today, last));
				}
			},
			Step::Resume(own, back) => {
				let id = job(back);
				let place = self.jobs.get(id).map_or(0, |job| job.place);
				let by = if own { place } else { 1 - place };
				let may = self.jobs.get(id).is_some_and(|job| {
					let resting = job.rests.iter().any(|(from, to)| (*from..*to).contains(&today));
					!job.gone
						&& job.place == by && self.active(HOSPITALS[by])
						&& today < job.end && resting
				});
				assert_eq!(resume(HOSPITALS[by], AffiliationId(id as u64)).is_ok(), may);
				if may {
					let rests = &mut self.jobs[id].rests;
					rests.last_mut().unwrap().1 = today;
					rests.retain(|(from, to)| from < to);
				}
			},
			Step::ReapJob(back) => {
				let id = job(back);
				let may = self.jobs.get(id).is_some_and(|job| {
					!job.gone
						&& match job.invited {
							Some(day) => day < today,
							None => job.end + RETENTION / DAY <= today,
						}
				});
				let done = Accreditation::reap_affiliation(signed(Eve), AffiliationId(id as u64));
				assert_eq!(done.is_ok(), may);
				if may {
					self.jobs[id].gone = true;
				}
			},
			Step::Activate(place, is_active) => {
				let who = HOSPITALS[place];
				if is_active {
					self.inactive.remove(&place);
					Identities::set(account(who), identity(who), IdentityKind::Organisation);
				} else {
					self.inactive.insert(place);
					Identities::deactivate(identity(who));
				}
			},
			Step::Sleep(nights) => {
				self.today += nights;
				at(day(self.today));
			},
		}
	}

	/// The jobs that are kept, and whether each did not count for a day, with its end.
	fn kept(&self) -> impl Iterator<Item = (bool, u64)> + Clone + '_ {
		let kept = self.jobs.iter().filter(|job| !job.gone && job.invited.is_none());
		kept.map(|job| (job.first < job.end, job.end))
	}

	/// The job that a full row forgets: one that never counted, or else the one that ended first.
	fn to_forget(&self) -> Option<(bool, u64)> {
		let forgettable =
			|(counted, end): &(bool, u64)| !counted || end + RETENTION / DAY <= self.today;
		self.kept().filter(forgettable).min()
	}

	/// Whether the row has a place for one more, or can forget one.
	fn makes_room(&self) -> bool {
		self.kept().count() < MAX_KEPT as usize || self.to_forget().is_some()
	}

	/// Forgets a job when the row was full. Of those that ended at once, the pallet says which.
	fn make_room(&mut self) {
		let row: Vec<_> = Accreditation::kept_affiliations(&identity(Dave))
			.map(|held| held.id.0 as usize)
			.collect();
		let (was_full, expected) = (self.kept().count() == MAX_KEPT as usize, self.to_forget());
		let forgotten: Vec<_> = (0..self.jobs.len())
			.filter(|id| {
				let job = &self.jobs[*id];
				!job.gone && job.invited.is_none() && !row.contains(id)
			})
			.collect();
		assert_eq!(forgotten.len(), usize::from(was_full));
		for id in forgotten {
			let job = &mut self.jobs[id];
			assert_eq!(Some((job.first < job.end, job.end)), expected);
			job.gone = true;
		}
	}

	/// Asks the pallet what the model knows.
	fn compare(&self) {
		let near = self.today.saturating_sub(9)..self.today + 9;
		for asked in near {
			for (subject, (who, kind)) in SUBJECTS.into_iter().enumerate() {
				let expected = self.accredited(subject, asked);
				let got = is_accredited(who, kind, day(asked));
				assert_eq!(got, expected, "subject {subject} on {asked} of {}", self.today);
				// What bounds the reads of a question about any moment.
				let who = identity(who);
				let mut logs = Logs::<Test>::of(&who);
				let row = HeldAccreditations::<Test>::get(who);
				let stands =
					|held: &&HeldAccreditation| logs.stands(held, day(asked), Cutoffs::NONE);
				assert!(row.iter().filter(stands).count() <= MAX_OF_KIND as usize);
			}
			let expected: BTreeSet<_> = self
				.jobs
				.iter()
				.filter(|job| self.works(job, asked))
				.filter(|job| asked < self.today || self.active(HOSPITALS[job.place]))
				.filter(|job| self.accredited(0, asked) && self.accredited(job.place + 1, asked))
				.map(|job| (identity(HOSPITALS[job.place]), ROLES[job.role]))
				.collect();
			let got: BTreeSet<_> = in_force(day(asked)).into_iter().collect();
			assert_eq!(got, expected, "jobs on {asked} of {}", self.today);
		}

		// Deposits are the tickets, and the tickets are the rows.
		let of = |by: usize| self.licences.iter().filter(|one| one.by == by && !one.reaped).count();
		for (by, authority) in AUTHORITIES.into_iter().enumerate() {
			let lists = self.lists.keys().filter(|(of, _)| *of == by).count() as u64;
			let licences = of(by) as u64;
			let accrediting = held(authority, HoldReason::Accreditation);
			assert_eq!(accrediting, licences * LICENCE_DEPOSIT);
			assert_eq!(held(authority, HoldReason::StatusList), lists * LIST_DEPOSIT);
		}
		for (subject, (who, _)) in SUBJECTS.into_iter().enumerate() {
			let asked = self.requests.keys().filter(|(_, by)| *by == subject).count() as u64;
			assert_eq!(held(who, HoldReason::Request), asked * REQUEST_DEPOSIT);
		}
		for (place, who) in HOSPITALS.into_iter().enumerate() {
			let jobs =
				self.jobs.iter().filter(|job| job.place == place && !job.gone).count() as u64;
			assert_eq!(held(who, HoldReason::Affiliation), jobs * AFFILIATION_DEPOSIT);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(100))]

	#[test]
	fn ten_thousand_random_calls_agree_with_a_model(steps in steps()) {
		ExtBuilder::default().build_and_execute(|| {
			for (who, above) in AUTHORITIES.into_iter().zip(ABOVE) {
				let office = days(0, 99_999);
				let appointed = match above {
					None => appoint(who, wide(), office),
					Some(above) => appoint_registrar(AUTHORITIES[above], who, wide(), office),
				};
				assert_ok!(appointed);
			}
			let mut model = Model::default();
			for (done, step) in steps.into_iter().enumerate() {
				model.step(step);
				if done % 5 == 4 {
					Accreditation::do_try_state().unwrap();
					model.compare();
				}
			}
		});
	}
}
