// SPDX-License-Identifier: Apache-2.0

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn a_nurse_is_licensed_hired_struck_off_and_leaves_a_history() {
	ExtBuilder::default().build_and_execute(|| {
		// given a regulator and a hospital
		with_regulator();
		granted(Bob, FacilityLicence, TERM_FROM_START);
		System::reset_events();

		// when the nurse is licensed and hired, and later struck off from an earlier moment
		let licence = granted(Dave, PractitionerLicence, days(0, 100));
		let job = affiliated(Bob, Role::Nurse, days(0, 100));
		at(day(50));
		assert_eq!(in_force(day(50)), [(identity(Bob), Role::Nurse)]);
		assert_ok!(revoke(signed(Alice), licence, day(40)));

		// then nothing is left in force from that moment on, and all before it stands
		assert_eq!(in_force(day(50)), []);
		assert_eq!(in_force(day(40)), []);
		assert_eq!(in_force(day(40) - 1), [(identity(Bob), Role::Nurse)]);
		assert_ok!(end(Bob, job));

		// and when nobody asks any more, every deposit comes back
		at(day(50) + RETENTION);
		assert_ok!(Accreditation::reap_accreditation(signed(Eve), licence));
		assert_ok!(Accreditation::reap_affiliation(signed(Eve), job));
		assert_eq!(held(Bob, HoldReason::Affiliation), 0);
		assert_eq!(held(Alice, HoldReason::Accreditation), LICENCE_DEPOSIT);

		let ours = System::events().into_iter().filter_map(|record| match record.event {
			RuntimeEvent::Accreditation(event) => Some(event),
			_ => None,
		});
		let (organisation, practitioner) = (identity(Bob), identity(Dave));
		let (role, window) = (Role::Nurse, days(0, 100));
		assert_eq!(
			ours.collect::<Vec<_>>(),
			[
				Event::AccreditationGranted {
					accreditation: licence,
					subject: practitioner,
					kind: PractitionerLicence,
					jurisdiction: DENMARK,
					issuer: identity(Alice),
					commitment: LICENCE,
					window,
				},
				Event::AffiliationInvited {
					affiliation: job,
					organisation,
					practitioner,
					role,
					window,
					deadline: day(1),
				},
				Event::AffiliationAccepted {
					affiliation: job,
					organisation,
					practitioner,
					role,
					window
				},
				Event::AccreditationRevoked {
					accreditation: licence,
					subject: practitioner,
					kind: PractitionerLicence,
					effective_from: day(40),
					reason: RevocationReason::Fraud,
					by: Some(identity(Alice)),
				},
				Event::AffiliationEnded {
					affiliation: job,
					organisation,
					practitioner,
					by: organisation,
					at: day(50),
				},
				Event::AccreditationReaped { accreditation: licence, subject: practitioner },
				Event::AffiliationReaped { affiliation: job, organisation, practitioner },
			]
		);
	});
}

#[derive(Clone, Debug)]
enum Step {
	/// Authority, first and last day from today.
	Grant(usize, u64, u64),
	/// Which accreditation, effective how many days ago.
	Revoke(u64, u64),
	/// Authority, how many days ago.
	CutOff(usize, u64),
	/// Hospital, role, days from today.
	Hire(usize, usize, u64),
	/// Which affiliation.
	Leave(u64),
	Sleep(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	prop::collection::vec(
		prop_oneof![
			3 => (0usize..2, 0u64..6, 0u64..12).prop_map(|(by, from, until)| Step::Grant(by, from, until)),
			2 => (0u64..6, 0u64..6).prop_map(|(id, ago)| Step::Revoke(id, ago)),
			1 => (0usize..2, 0u64..6).prop_map(|(who, ago)| Step::CutOff(who, ago)),
			4 => (0usize..3, 0usize..3, 1u64..9).prop_map(|(at, role, days)| Step::Hire(at, role, days)),
			2 => (0u64..8).prop_map(Step::Leave),
			3 => (1u64..4).prop_map(Step::Sleep),
		],
		0..32,
	)
}

/// A licence, and the days on which it counts, kept naively.
struct Licence {
	by: usize,
	granted: u64,
	days: BTreeSet<u64>,
	first: u64,
	revoked: bool,
}

/// A job, and the days on which it runs.
struct Job {
	id: AffiliationId,
	place: usize,
	role: usize,
	days: BTreeSet<u64>,
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// Days are the unit, so that a window is a set of days and every question has a naive answer.
	#[test]
	fn random_careers_agree_with_a_model(steps in steps()) {
		ExtBuilder::default().build_and_execute(|| {
			let authorities = [Alice, Charlie];
			let hospitals = [Bob, Charlie, Ferdie];
			let roles = [Role::Nurse, Role::Physician, Role::Pharmacist];
			// The hospitals are licensed by an authority that nothing happens to.
			assert_ok!(appoint(Ferdie, wide(), days(0, 9_999)));
			for hospital in [Bob, Charlie] {
				assert_ok!(grant(Ferdie, hospital, FacilityLicence, TERM_FROM_START));
			}
			for authority in authorities {
				assert_ok!(appoint(authority, wide(), days(0, 9_999)));
			}
			assert_ok!(grant(Alice, Ferdie, FacilityLicence, TERM_FROM_START));
			let first = NextAccreditation::<Test>::get().0;

			let mut today = 0u64;
			let mut cutoffs = [None::<u64>; 2];
			let mut licences = Vec::<Licence>::new();
			let mut jobs = Vec::<Job>::new();
			for step in steps {
				match step {
					Step::Grant(by, from, until) => {
						let (from, until) = (today + from, today + until);
						let may = cutoffs[by].is_none()
							&& from < until
							&& licences.len() < MAX_HELD as usize;
						let done = grant(authorities[by], Dave, PractitionerLicence, days(from, until));
						assert_eq!(done.is_ok(), may);
						if may {
							let days = (from..until).collect();
							licences.push(Licence { by, granted: today, days, first: from, revoked: false });
						}
					},
					Step::Revoke(id, ago) => {
						let effective = today.saturating_sub(ago);
						let done = revoke(RuntimeOrigin::root(), AccreditationId(first + id), day(effective));
						let licence = licences.get_mut(id as usize);
						let may = licence.as_ref().is_some_and(|licence| {
							!licence.revoked
								&& licence.first <= effective
								&& effective <= today.max(licence.first)
						});
						assert_eq!(done.is_ok(), may);
						if may {
							let licence = licence.unwrap();
							licence.revoked = true;
							licence.days.retain(|day| *day < effective);
						}
					},
					Step::CutOff(who, ago) => {
						let cutoff = today.saturating_sub(ago);
						let may = cutoffs[who].is_none_or(|before| cutoff < before);
						assert_eq!(cut_off(authorities[who], day(cutoff)).is_ok(), may);
						if may {
							cutoffs[who] = Some(cutoff);
						}
					},
					Step::Hire(place, role, length) => {
						let window = days(today, today + length);
						// Ferdie's licence is of Alice, granted on day 0.
						let facility = place != 2 || cutoffs[0].is_none_or(|cutoff| 0 < cutoff);
						let offered = invite(hospitals[place], roles[role], window);
						assert_eq!(offered.is_ok(), facility);
						if !facility {
							continue;
						}
						let id = AffiliationId(NextAffiliation::<Test>::get().0 - 1);
						let running = jobs.iter().filter(|job| {
							job.days.iter().any(|day| *day >= today)
						}).collect::<Vec<_>>();
						let places =
							running.iter().map(|job| job.place).chain([place]).collect::<BTreeSet<_>>();
						let may = running.len() < 4
							&& places.len() <= 2
							&& !running.iter().any(|job| job.place == place && job.role == role);
						assert_eq!(accept(id).is_ok(), may);
						if may {
							let days = (today..today + length).collect();
							jobs.push(Job { id, place, role, days });
						} else {
							assert_ok!(end(Dave, id));
						}
					},
					Step::Leave(number) => {
						let Some(job) = jobs.get_mut(number as usize) else { continue };
						let may = job.days.iter().any(|day| *day >= today);
						assert_eq!(end(Dave, job.id).is_ok(), may);
						job.days.retain(|day| *day < today);
					},
					Step::Sleep(nights) => {
						today += nights;
						at(day(today));
					},
				}

				for asked in 0..today + 16 {
					let licensed = licences.iter().any(|licence| {
						licence.days.contains(&asked)
							&& cutoffs[licence.by].is_none_or(|cutoff| licence.granted < cutoff)
					});
					let got = is_accredited(Dave, PractitionerLicence, day(asked));
					assert_eq!(got, licensed, "day {asked} of {today}");

					// What was forgotten to make room is no longer asked about.
					let kept = HeldAffiliations::<Test>::get(identity(Dave));
					let expected = jobs
						.iter()
						.filter(|job| licensed && job.days.contains(&asked))
						.filter(|job| kept.iter().any(|held| held.id == job.id))
						.filter(|job| job.place != 2 || cutoffs[0].is_none_or(|cutoff| 0 < cutoff))
						.map(|job| (identity(hospitals[job.place]), roles[job.role]))
						.collect::<Vec<_>>();
					assert_eq!(in_force(day(asked)), expected, "day {asked} of {today}");
				}
			}
		});
	}
}
