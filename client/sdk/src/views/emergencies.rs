// SPDX-License-Identifier: Apache-2.0

//! Questions about emergencies, about what custodians log, and about where shares lie.

use super::{PAGE, too_large};
use crate::{At, Error, types::*};
use salus_primitives::*;

views! {
	/// The key of a compartment that somebody holds for emergencies.
	"Consent" "emergency_key" emergency_key(subject: IdentityId, compartment: CompartmentNo) -> Option<EmergencyKey>;
	/// How many emergency keys an organisation holds, when it offers to.
	"Consent" "emergency_holder" emergency_holder(organisation: IdentityId) -> Option<u32>;
	/// An emergency, and where it stands.
	"Consent" "emergency" emergency(id: EmergencyId) -> Option<EmergencyView>;
	/// The emergencies of a patient, oldest first.
	"Consent" "emergencies_of" emergencies_of(subject: IdentityId, start: u64, limit: u32) -> Result<Page<EmergencyView, u64>, PageTooLarge>;
	/// The emergencies that people of an organisation opened, oldest first.
	"Consent" "emergencies_at" emergencies_at(organisation: IdentityId, start: u64, limit: u32) -> Result<Page<EmergencyView, u64>, PageTooLarge>;
	/// The emergencies whose review is due before a moment, behind one of them.
	"Consent" "reviews_due" reviews_due(before: Moment, after: Option<EmergencyId>, limit: u32) -> Result<Page<EmergencyView, EmergencyId>, PageTooLarge>;
	/// What counts against somebody who breaks glasses.
	"Consent" "claimant" claimant(id: IdentityId) -> Claimant;
	/// The rules of emergencies.
	"Consent" "btg_policy" btg_policy() -> EmergencyPolicy;
	/// Where the key shares of somebody's records lie.
	"Consent" "share_custody" share_custody(id: IdentityId) -> Option<ShareCustody>;
	/// How far a recorder of an organisation has come.
	"Consent" "audit_head" audit_head(organisation: IdentityId, recorder: RecorderId) -> AuditHead;
	/// The batches of a recorder, oldest first, with their numbers.
	"Consent" "audit_batches" audit_batches(organisation: IdentityId, recorder: RecorderId, start: u64, limit: u32) -> Result<Page<(u64, AuditBatch), u64>, PageTooLarge>;
	/// The recorders of an organisation.
	"Consent" "recorders_of" recorders_of(organisation: IdentityId, start: u64, limit: u32) -> Result<Page<RecorderId, u64>, PageTooLarge>;
	/// Whether an entry of a recorder's log is in a batch.
	"Consent" "verify_audit_inclusion" verify_audit_inclusion(organisation: IdentityId, recorder: RecorderId, number: u64, event: Digest, seq: u64, path: Vec<Digest>) -> bool;
}

impl At {
	/// All emergencies of a patient, oldest first.
	pub async fn all_emergencies_of(
		&self,
		subject: IdentityId,
	) -> Result<Vec<EmergencyView>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.emergencies_of(subject, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}

	/// All emergencies that people of an organisation opened, oldest first.
	pub async fn all_emergencies_at(
		&self,
		organisation: IdentityId,
	) -> Result<Vec<EmergencyView>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.emergencies_at(organisation, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}

	/// All emergencies whose review is due before a moment.
	pub async fn all_reviews_due(&self, before: Moment) -> Result<Vec<EmergencyView>, Error> {
		let (mut all, mut after) = (Vec::new(), None);
		loop {
			let page = self.reviews_due(before, after, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			after = page.next;
			if after.is_none() {
				return Ok(all);
			}
		}
	}

	/// All batches of a recorder, oldest first, with their numbers.
	pub async fn all_audit_batches(
		&self,
		organisation: IdentityId,
		recorder: RecorderId,
	) -> Result<Vec<(u64, AuditBatch)>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.audit_batches(organisation, recorder, start, PAGE).await?;
			let page = page.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}
}
