// SPDX-License-Identifier: Apache-2.0

//! Questions about consent: what a patient allows, and what was asked and answered.

use super::{PAGE, too_large};
use crate::{At, Error, types::*};
use codec::Decode;
use salus_primitives::*;

views! {
	/// A compartment of a patient, when it is open.
	"Consent" "compartment" compartment(subject: IdentityId, compartment: CompartmentNo) -> Option<Compartment>;
	/// The compartments of a patient.
	"Consent" "compartments" compartments(subject: IdentityId) -> Vec<(CompartmentNo, Compartment)>;
	/// A grant, and where it stands.
	"Consent" "grant_by_id" grant(id: GrantId) -> Option<ListedGrant>;
	/// The sealed secrets of a grant, while it has any.
	"Consent" "grant_keys" grant_keys(id: GrantId) -> Option<GrantKeys>;
	/// The grants of a patient.
	"Consent" "grants_of" grants_of(subject: IdentityId, start: u64, limit: u32) -> Result<Page<ListedGrant, u64>, PageTooLarge>;
	/// The grants to a grantee.
	"Consent" "grants_to" grants_to(grantee: Grantee, start: u64, limit: u32) -> Result<Page<ListedGrant, u64>, PageTooLarge>;
	/// How many entries the access log of a patient has, and the hash over all.
	"Consent" "access_head" access_head(subject: IdentityId) -> AccessHead;
	/// The entries of a patient's access log, with their numbers.
	"Consent" "access_log" access_log(subject: IdentityId, start: u64, limit: u32) -> Result<Page<(u64, AccessEntry), u64>, PageTooLarge>;
	/// What holds for a patient when no grant speaks.
	"Consent" "policy_of" policy_of(subject: IdentityId) -> PolicyRow;
	/// The secret of a former epoch of a compartment, sealed to the epoch after it.
	"Consent" "epoch_link" epoch_link(subject: IdentityId, compartment: CompartmentNo, epoch: Epoch) -> Option<Wrap>;
	/// The grants of a patient that act and end before a moment.
	"Consent" "expiring" expiring(subject: IdentityId, before: Moment, limit: u32) -> Result<Vec<ListedGrant>, PageTooLarge>;
	/// The grants that were passed on below one of a patient.
	"Consent" "sub_grants" sub_grants(root: GrantId) -> Vec<ListedGrant>;
	/// A request that has not been answered.
	"Consent" "request" access_request(id: RequestId) -> Option<AccessRequest>;
	/// The requests to a patient that have not been answered.
	"Consent" "requests_for" requests_for(subject: IdentityId, start: u64, limit: u32) -> Result<Page<(RequestId, AccessRequest), u64>, PageTooLarge>;
}

impl At {
	/// May the reader do that with the record?
	pub async fn check_access(&self, question: AccessQuestion) -> Result<AccessDecision, Error> {
		self.api("ConsentApi", "check_access", &question).await
	}

	/// The same decision, with every rule looked at.
	pub async fn explain_access(&self, question: AccessQuestion) -> Result<Explanation, Error> {
		self.api("ConsentApi", "explain_access", &question).await
	}

	/// What waits for a patient.
	pub async fn inbox(&self, subject: IdentityId) -> Result<Inbox, Error> {
		self.api("ConsentApi", "inbox", &subject).await
	}

	/// All grants that a patient made, oldest first.
	pub async fn all_grants_of(&self, subject: IdentityId) -> Result<Vec<ListedGrant>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.grants_of(subject, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}

	/// All grants made to a grantee, oldest first.
	pub async fn all_grants_to(&self, grantee: Grantee) -> Result<Vec<ListedGrant>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.grants_to(grantee, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}

	/// All requests to a patient that have not been answered, oldest first.
	pub async fn all_requests_for(
		&self,
		subject: IdentityId,
	) -> Result<Vec<(RequestId, AccessRequest)>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.requests_for(subject, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}

	/// How many of the newest entries of an access log the chain keeps.
	pub fn access_log_size(&self) -> u64 {
		let pallet = self.block.metadata_ref().pallet_by_name("Consent");
		let constant = pallet.and_then(|pallet| pallet.constant_by_name("AccessLogSize"));
		let size = constant.and_then(|constant| u32::decode(&mut constant.value()).ok());
		size.map_or(u64::MAX, u64::from)
	}

	/// The entries of a patient's access log that the chain keeps, oldest first.
	pub async fn whole_access_log(
		&self,
		subject: IdentityId,
	) -> Result<Vec<(u64, AccessEntry)>, Error> {
		let (mut all, mut start) = (Vec::new(), 0);
		loop {
			let page = self.access_log(subject, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}
}

#[cfg(test)]
mod tests {
	use crate::{
		shape,
		types::{Explanation, Inbox},
	};
	use salus_primitives::{AccessDecision, AccessQuestion, IdentityId};
	use scale_info::meta_type;

	#[test]
	fn the_consent_api_has_the_shape_of_the_metadata() {
		let question = [meta_type::<AccessQuestion>()];
		shape::check_api("ConsentApi", "check_access", &question, meta_type::<AccessDecision>());
		shape::check_api("ConsentApi", "explain_access", &question, meta_type::<Explanation>());
		let inbox = meta_type::<Inbox>();
		shape::check_api("ConsentApi", "inbox", &[meta_type::<IdentityId>()], inbox);
	}
}
