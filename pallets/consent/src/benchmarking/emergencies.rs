// SPDX-License-Identifier: Apache-2.0

//! States for the benchmarks of emergencies: full memories, and a key in every compartment.

use super::*;
use salus_primitives::{EmergencyId, EmergencyKey};

/// Who has a part in an emergency.
pub(super) struct Scene<T: Config> {
	pub(super) claimant: (T::AccountId, IdentityId),
	pub(super) subject: (T::AccountId, IdentityId),
	pub(super) organisation: IdentityId,
}

/// A claimant who can break the glass once more, as can its organisation, of a subject with so many
/// compartments, each with a key for emergencies.
pub(super) fn scene<T: Config>(compartments: u32) -> Scene<T> {
	let claimant = register::<T>("claimant", IdentityKind::Practitioner);
	let (_, organisation) = register::<T>("hospital", IdentityKind::Organisation);
	T::Affiliations::bench_affiliate(&claimant.1, &organisation);
	let subject = patient::<T>();
	let policy = AccessPolicy::BreakGlassOnly;
	Policies::<T>::insert(subject.1, PolicyRow { policy, ..PolicyRow::default() });
	let holder = holder::<T>("holder");
	for compartment in 0..compartments {
		give_key::<T>(subject.1, compartment as u8, holder);
	}
	let most = EmergencyPolicy {
		per_claimant: MAX_CLAIMS,
		per_organisation: MAX_ORGANISATION_CLAIMS,
		strikes: 1,
		..EmergencyPolicy::default()
	};
	BtgPolicy::<T>::put(most);
	let now = T::Time::now();
	let full = |count: u32| (1..count).map(|_| now).collect::<Vec<_>>();
	let recent = BoundedVec::truncate_from(full(MAX_CLAIMS));
	Claimants::<T>::insert(claimant.1, Claimant { recent, ..Claimant::default() });
	let used = BoundedVec::truncate_from(full(MAX_ORGANISATION_CLAIMS));
	OrganisationUse::<T>::insert(organisation, used);
	Scene { claimant, subject, organisation }
}

/// An organisation that offers to hold emergency keys.
pub(super) fn holder<T: Config>(name: &'static str) -> IdentityId {
	let (_, holder) = register::<T>(name, IdentityKind::Organisation);
	EmergencyHolders::<T>::insert(holder, Holder::default());
	holder
}

/// A compartment's secret with its holder.
pub(super) fn emergency_key<T: Config>(holder: IdentityId) -> EmergencyKey {
	let key_version = T::AgreementKeys::current(&holder).map_or(0, |(version, _)| version);
	EmergencyKey { holder, epoch: 0, key_version, wrap: [6; 80] }
}

/// Opens a compartment and gives its secret to a holder.
pub(super) fn give_key<T: Config>(subject: IdentityId, compartment: u8, holder: IdentityId) {
	Consent::<T>::bench_open(&subject, compartment);
	Consent::<T>::put_emergency_key(subject, compartment, Some(emergency_key::<T>(holder)));
}

/// Has an emergency of the whole subject be open, and one of compartment 0 be over.
pub(super) fn reach_all<T: Config>(subject: IdentityId) {
	Reaches::<T>::insert(subject, Some(0), Reach { open: 1, until: 0 });
	Reaches::<T>::insert(subject, None::<u8>, Reach { open: 1, until: Moment::MAX });
}

/// Breaks the glass as the call does.
pub(super) fn open<T: Config>(scene: &Scene<T>) -> EmergencyId {
	let id = NextEmergencyId::<T>::get();
	Consent::<T>::do_break_glass(
		scene.claimant.1,
		scene.subject.1,
		scene.organisation,
		None,
		EmergencyReason::LifeThreat,
		Digest([1; 32]),
	)
	.expect("the scene allows one more");
	id
}

/// Breaks the glass, and ends that. With room for another one in the memories.
pub(super) fn ended<T: Config>(scene: &Scene<T>) -> EmergencyId {
	let id = open::<T>(scene);
	let row = Emergencies::<T>::get(id).expect("it was opened");
	Consent::<T>::do_close_break_glass(scene.claimant.1, id, row).expect("it is open");
	Claimants::<T>::mutate(scene.claimant.1, |row| row.recent.truncate(MAX_CLAIMS as usize - 1));
	OrganisationUse::<T>::mutate(scene.organisation, |row| {
		row.truncate(MAX_ORGANISATION_CLAIMS as usize - 1);
	});
	id
}

/// An emergency that nobody reviewed in time, of a scene of its own.
pub(super) fn overdue<T: Config>() -> EmergencyId {
	let id = ended::<T>(&scene::<T>(1));
	let now = T::Time::now();
	Emergencies::<T>::mutate(id, |row| {
		let row = row.as_mut().expect("it was opened");
		Consent::<T>::unlist(row.review_by, Due::Review(id));
		row.review_by = now;
		PendingReviews::<T>::insert(id, now);
		Consent::<T>::enlist(now, Due::Review(id));
	});
	id
}
