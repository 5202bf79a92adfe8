// SPDX-License-Identifier: Apache-2.0

//! Whose an object is, and who may have it deleted.
//!
//! Custodians of one record all have its object, and each of them could bring it to another before
//! its author does. So everybody who brought it is noted, and nobody takes away what somebody else
//! brought; once the chain names it, the chain says whose it is.

use super::{Owner, object_path, owner_path};
use crate::{
	Custodian, Error, auth::Caller, chain::Block, error::Result, shares::remove_all, store::json,
};
use bytes::Bytes;
use salus_primitives::{ContentHash, IdentityId, RecordId};

impl Custodian {
	/// Notes that somebody brought the whole of an object: first, or as well.
	pub(super) async fn claim(&self, by: IdentityId, hash: &ContentHash) -> Result<()> {
		let row = json(&Owner { owner: by, record: None });
		if self.store.create(&owner_path(hash), row).await?
			|| self.owner_of(hash).await? == Some(by)
		{
			return Ok(());
		}
		self.store.create(&claim_path(hash, &by), Bytes::new()).await.map(drop)
	}

	/// Deletes an object that is no longer needed.
	///
	/// Once the chain names it for a record, that is for those who filed the record to say, whoever
	/// brought the bytes first. Before that whoever brought them may take them back, and they stay as
	/// long as somebody else brought them, too: who keeps a copy elsewhere cannot take an author's.
	pub(crate) async fn delete_object(&self, caller: &Caller, hash: &ContentHash) -> Result<()> {
		let _alone = self.deletions.write().await;
		let owner: Option<Owner> = self.store.read_json(&owner_path(hash)).await?;
		self.ensure_not_gone(hash).await?;
		if !self.store.has(&object_path(hash)).await? {
			return Err(Error::ObjectMissing);
		}
		let is_first = owner.as_ref().is_some_and(|row| row.owner == caller.identity);
		let brought = is_first || self.store.has(&claim_path(hash, &caller.identity)).await?;
		let evidence_of = owner.and_then(|row| row.record);
		let mut is_filed = false;
		for block in [caller.finalised, caller.best] {
			let named = self.chain.record_of(hash, block).await?;
			if let Some(record) = &named {
				self.ensure_filed(caller, record, brought, block).await?;
			}
			for record in named.iter().chain(&evidence_of) {
				self.ensure_not_kept(caller, record, block).await?;
			}
			is_filed |= named.is_some();
		}
		if !is_filed && !brought {
			return Err(Error::NotOwner);
		}
		if !is_filed && self.leave(caller.identity, hash, is_first).await? {
			return Ok(());
		}
		self.remove_object(hash).await
	}

	/// Refuses whoever did not file a record: who is neither author nor keeper, nor the subject who
	/// brought the object itself to seal it anew.
	async fn ensure_filed(
		&self,
		caller: &Caller,
		record: &RecordId,
		brought: bool,
		at: Block,
	) -> Result<()> {
		let Some(facts) = self.chain.record(record, at).await? else { return Ok(()) };
		let is_filer = facts.author == caller.identity
			|| (brought && facts.subject == caller.identity)
			|| self.chain.keeps(&caller.identity, &facts, at).await?;
		if is_filer { Ok(()) } else { Err(Error::NotOwner) }
	}

	/// Takes the name of somebody off an object. Gives whether others have brought it, so that it
	/// stays; one of them is then the first.
	async fn leave(&self, who: IdentityId, hash: &ContentHash, is_first: bool) -> Result<bool> {
		self.store.remove(&claim_path(hash, &who)).await?;
		let (names, _) = self.store.list(&claims(hash), None, 1).await?;
		let Some(next) = names.first() else { return Ok(!is_first) };
		if is_first {
			let mut id = [0; 32];
			hex::decode_to_slice(next, &mut id).map_err(|_| Error::Row(claims(hash)))?;
			let owner = Owner { owner: IdentityId(id), record: None };
			self.store.replace(&owner_path(hash), json(&owner)).await?;
			self.store.remove(&claim_path(hash, &owner.owner)).await?;
		}
		Ok(true)
	}

	/// Removes an object, and whose it was.
	pub(crate) async fn remove_object(&self, hash: &ContentHash) -> Result<()> {
		self.store.remove(&object_path(hash)).await?;
		remove_all(&self.store, &claims(hash)).await?;
		self.store.remove(&owner_path(hash)).await
	}
}

/// Who else brought an object.
fn claims(hash: &ContentHash) -> String {
	format!("claims/{}", hex::encode(hash.0))
}

fn claim_path(hash: &ContentHash, by: &IdentityId) -> String {
	format!("{}/{}", claims(hash), hex::encode(by.0))
}
