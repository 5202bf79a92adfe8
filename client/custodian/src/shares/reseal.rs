// SPDX-License-Identifier: Apache-2.0

//! A patient seals a record anew that somebody else filed.
//!
//! The patient does not know the nonce that the author drew for the record's id, and is no keeper: it
//! is the chain that names the subject, and the share of the version that counts that brought the
//! nonce along. So two parties may file the next version, the keeper an amendment and the subject a
//! reseal; the chain takes one of them, and the share of that one is kept.

use super::Place;
use crate::{Custodian, Error, auth::Caller, error::Result};
use salus_client::wire::Deposit;
use salus_primitives::{ContentHash, RecordNonce, RecordStatus};

impl Custodian {
	/// The nonce of a record that the caller may bring a share for as its subject: at both ends the
	/// record counts and is not held, and the version is its next one, or the chain names the very
	/// object for it. None for everybody else, and where no share of the record lies here.
	pub(super) async fn nonce_for_subject(
		&self,
		caller: &Caller,
		place: Place<'_>,
		deposit: &Deposit,
	) -> Result<Option<RecordNonce>> {
		let Place { record, version } = place;
		let mut counts = None;
		for block in [caller.finalised, caller.best] {
			let Some(facts) = self.chain.record(record, block).await? else { return Ok(None) };
			if facts.subject != caller.identity || deposit.subject != facts.subject {
				return Ok(None);
			}
			let is_sound = !facts.legal_hold
				&& matches!(facts.status, RecordStatus::Validated | RecordStatus::ReqRevalid);
			let is_next = version == facts.newest.saturating_add(1);
			let filed = self.chain.version(record, version, block).await?;
			let is_named = filed.is_some_and(|filed| filed.content == deposit.content);
			if !is_sound || version <= 1 || !(is_next || is_named) {
				return Ok(None);
			}
			counts = Some(facts.current);
		}
		let Some(current) = counts else { return Ok(None) };
		match self.shares.row(Place { record, version: current }).await {
			Ok(row) if (row.class, row.compartment) == (deposit.class, deposit.compartment) => {
				Ok(Some(row.nonce))
			},
			Ok(_) | Err(Error::ShareMissing | Error::ShareErased) => Ok(None),
			Err(error) => Err(error),
		}
	}

	/// Takes a share away that lies where another belongs: the chain names the new one's object for
	/// the version at both ends, or it knows no such version, and the old share is the subject's and
	/// the new one the keeper's. Everything else keeps its place.
	pub(super) async fn make_room(
		&self,
		caller: &Caller,
		place: Place<'_>,
		content: &ContentHash,
	) -> Result<()> {
		let row = match self.shares.row(place).await {
			Ok(row) if row.content != *content => row,
			Ok(_) | Err(Error::ShareMissing) => return Ok(()),
			Err(error) => return Err(error),
		};
		let mut yields = true;
		for block in [caller.finalised, caller.best] {
			yields &= match self.chain.version(place.record, place.version, block).await? {
				Some(filed) => filed.content == *content,
				None => match self.chain.record(place.record, block).await? {
					Some(facts) => {
						row.by == facts.subject
							&& !self.chain.keeps(&row.by, &facts, block).await?
							&& self.chain.keeps(&caller.identity, &facts, block).await?
					},
					None => false,
				},
			};
		}
		if yields {
			self.shares.rows.remove(&place.path("shares")).await?;
		}
		Ok(())
	}
}
