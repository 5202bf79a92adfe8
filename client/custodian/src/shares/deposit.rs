// SPDX-License-Identifier: Apache-2.0

//! Who may bring a share, and who may have it destroyed.

use super::{Place, Row};
use crate::{Custodian, Error, auth::Caller, chain::Block, error::Result};
use salus_client::wire::{Deposit, Peer, SealedShare, Stored};
use salus_envelope::{AgreementSecret, CustodianShare};
use salus_primitives::{
	AmendReason, ContentHash, IdentityId, RecordId, RecordStatus, RecordVersion, blake2_256,
};

/// How many versions above its own can have taken the reader share of a version by a reseal.
const RESEAL_REACH: RecordVersion = 17;

impl Custodian {
	/// Stores a share that the author of its record seals to this custodian.
	///
	/// The first version comes before the chain knows the record: the id proves its author. From then
	/// on the chain says who keeps the record: an author who left the organisation does not. What the
	/// subject seals anew is taken from the subject.
	pub(crate) async fn deposit(
		&self,
		caller: &Caller,
		place: Place<'_>,
		deposit: &Deposit,
	) -> Result<Stored> {
		let Deposit { subject, class, compartment, nonce, content, share, part } = deposit;
		let by = caller.identity;
		if part.is_some_and(|part| !part.is_sound()) {
			return Err(Error::PartUnsound);
		}
		if self.is_erased(place.record).await? {
			return Err(Error::ShareErased);
		}
		let nonce = match self.nonce_for_subject(caller, place, deposit).await? {
			Some(of_record) => of_record,
			None => {
				self.ensure_may_deposit(caller, place, deposit).await?;
				*nonce
			},
		};
		let (peer, secret) = (self.peer(), &self.settings.agreement);
		let share = open_deposit(&peer, place, share, secret)?;
		self.make_room(caller, place, content).await?;
		self.shares.ensure_fits(place, content, *part).await?;
		// Before the share: whatever is deposited is known to the erasure of its record.
		let own = self.note_object(place.record, content, by).await?;
		let row = |sealed| Row {
			by,
			content: *content,
			own,
			subject: *subject,
			class: *class,
			compartment: *compartment,
			nonce,
			part: *part,
			sealed,
		};
		let stored = self.shares.keep(place, &share, row).await;
		// An erasure may have run in between: what came after it goes as well.
		if self.is_erased(place.record).await? {
			self.erase_record(place.record).await?;
			return Err(Error::ShareErased);
		}
		stored
	}

	/// Whether the caller is the author of a record that the chain does not know yet, or keeps this
	/// very record at both ends.
	async fn ensure_may_deposit(
		&self,
		caller: &Caller,
		place: Place<'_>,
		deposit: &Deposit,
	) -> Result<()> {
		let id_by = |author: &IdentityId| {
			let Deposit { subject, class, compartment, nonce, .. } = deposit;
			RecordId::derive(blake2_256, author, subject, *class, *compartment, nonce)
		};
		for block in [caller.finalised, caller.best] {
			let may = match self.chain.record(place.record, block).await? {
				Some(facts) => {
					id_by(&facts.author) == *place.record
						&& self.chain.keeps(&caller.identity, &facts, block).await?
				},
				None => place.version == 1 && id_by(&caller.identity) == *place.record,
			};
			if !may {
				return Err(Error::NotAuthor);
			}
		}
		Ok(())
	}

	/// Erases a share: one that belongs to nothing anchored, for whoever deposited it, and
	/// one that a reseal took the place of, for the keeper. A subject may reseal what its keeper
	/// refused to erase, and so destroys a share only where it is the author.
	///
	/// It is erased for good, unless neither end of the chain has seen a version of that number: what
	/// was never filed is only taken back, or its number would be lost to the record.
	pub(crate) async fn erase_share(&self, caller: &Caller, place: Place<'_>) -> Result<()> {
		let row = self.shares.row(place).await?;
		if self.is_resealed(caller, place).await? {
			// The object first: without the row nobody would find it again after a crash.
			self.erase_superseded(caller, place, &row.content).await?;
			return self.shares.erase(place).await;
		}
		if row.by != caller.identity {
			return Err(Error::NotEntitled);
		}
		let (old, new) = tokio::try_join!(
			self.was_filed(place, caller.finalised),
			self.was_filed(place, caller.best),
		)?;
		if !old && !new {
			return self.shares.take_back(place).await;
		}
		for block in [caller.finalised, caller.best] {
			self.ensure_not_kept(caller, place.record, block).await?;
		}
		self.shares.erase(place).await
	}

	/// Whether the chain has given out the number of a version, whatever became of it.
	async fn was_filed(&self, Place { record, version }: Place<'_>, at: Block) -> Result<bool> {
		let facts = self.chain.record(record, at).await?;
		Ok(facts.is_some_and(|facts| version <= facts.newest))
	}

	/// Says whether a share is kept.
	pub(crate) async fn ensure_kept(&self, place: Place<'_>) -> Result<()> {
		self.shares.row(place).await.map(drop)
	}

	/// Whether the caller is keeper of a record in which a reseal took the place of this version, at
	/// both ends: a reseal that a reorganisation undoes would leave nothing to read.
	async fn is_resealed(&self, caller: &Caller, place: Place<'_>) -> Result<bool> {
		for block in [caller.finalised, caller.best] {
			let Some(facts) = self.chain.record(place.record, block).await? else {
				return Ok(false);
			};
			if facts.legal_hold {
				return Err(Error::LegalHold);
			}
			if !self.chain.keeps(&caller.identity, &facts, block).await?
				|| !self.has_reseal(place, facts.current, block).await?
			{
				return Ok(false);
			}
		}
		Ok(true)
	}

	/// Whether the chain dropped the version's reader share because a later one, up to the one that
	/// counts, is a reseal.
	async fn has_reseal(
		&self,
		Place { record, version }: Place<'_>,
		current: RecordVersion,
		at: Block,
	) -> Result<bool> {
		let facts = self.chain.version(record, version, at).await?;
		if facts.is_none_or(|facts| facts.key.is_some()) {
			return Ok(false);
		}
		let reach = version.saturating_add(RESEAL_REACH).min(current);
		for later in version.saturating_add(1)..=reach {
			let facts = self.chain.version(record, later, at).await?;
			if facts.is_some_and(|facts| facts.reason == Some(AmendReason::Resealed)) {
				return Ok(true);
			}
		}
		Ok(false)
	}

	/// The object of a version that was resealed, when the chain names it for that version.
	async fn erase_superseded(
		&self,
		caller: &Caller,
		Place { record, version }: Place<'_>,
		content: &ContentHash,
	) -> Result<()> {
		let facts = self.chain.version(record, version, caller.finalised).await?;
		if facts.is_some_and(|facts| facts.content == *content) {
			self.erase_object(content).await?;
		}
		Ok(())
	}

	/// Refuses when `record` is one that `caller` may not take back by itself: an anchored record
	/// is kept for its subject and by duty, unless the subject wrote it, and one under legal hold
	/// stays whoever asks.
	pub(crate) async fn ensure_not_kept(
		&self,
		caller: &Caller,
		record: &RecordId,
		at: Block,
	) -> Result<()> {
		let Some(facts) = self.chain.record(record, at).await? else { return Ok(()) };
		if facts.legal_hold {
			return Err(Error::LegalHold);
		}
		let is_open = matches!(
			facts.status,
			RecordStatus::InProcess | RecordStatus::ValFail | RecordStatus::Lapsed
		);
		if is_open || facts.subject == caller.identity { Ok(()) } else { Err(Error::Anchored) }
	}
}

fn open_deposit(
	peer: &Peer,
	Place { record, version }: Place<'_>,
	share: &SealedShare,
	secret: &AgreementSecret,
) -> Result<CustodianShare> {
	peer.open_deposit(record, version, share, secret).map_err(|_| Error::ShareSealed)
}
