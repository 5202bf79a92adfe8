// SPDX-License-Identifier: Apache-2.0

//! Sealing the same body anew: fresh keys, a fresh object, the same commitment and verdicts.

use super::{
	Filing, Pending, Place,
	deposit::Depositaries,
	forget, kept_nonce,
	seal::{Named, Prepared, seal_body},
};
use crate::{drawer::Drawer, output, reading_room::OpenedRecord};
use anyhow::{anyhow, bail};
use salus_client::{
	At, calls,
	custodian::CustodianError,
	types::{Content, ErasureState, RecordView},
};
use salus_primitives::{AmendReason, IdentityId, RecordVersion};
use std::{path::Path, time::Duration};

/// How often a custodian is asked again that is behind the final block, a second apart.
const PATIENCE: u32 = 20;

impl Filing<'_> {
	/// Files what was opened under new keys, as a version that counts at once. Gives its number when it
	/// is final, from when on the old shares can be destroyed.
	pub(crate) async fn reseal(&self, opened: &OpenedRecord) -> anyhow::Result<RecordVersion> {
		let view = &opened.view;
		if let Some(waiting) = view.awaiting {
			bail!(
				"version {waiting} waits for verdicts: let it be decided, or take it back with `salus \
				 record withdraw`, and seal anew then"
			);
		}
		let place = Place {
			subject: view.subject,
			organisation: view.organisation,
			class: view.class,
			compartment: view.compartment,
			amends: Some((view.id, view.newest, AmendReason::Resealed)),
		};
		let at = self.chain.best().await?;
		let is_keeper = keeps(&at, self.me.id, view).await?;
		let asked = matches!(
			at.erasure_state(view.id).await?,
			Some(ErasureState::Requested { .. } | ErasureState::Refused { .. })
		);
		ensure_free(view, is_keeper, asked)?;
		let home = view.organisation.unwrap_or(view.author);
		let to = self.depositaries(&at, Some(home)).await?;
		let prepared = self.prepare_again(opened, &place)?;
		let pending = &prepared.pending;
		if pending.body != opened.version.body {
			bail!("the document was opened, but is not what was committed to: report it");
		}
		if !self.is_on_chain(&at, pending).await? {
			let bar = output::bytes_bar("uploading", pending.object_len);
			let uploaded = self.upload(&to, pending, &place, &prepared.object, bar).await;
			uploaded.map_err(not_taken)?;
			let current = at.compartment(place.subject, place.compartment).await?;
			let current = current.ok_or_else(|| anyhow!("the compartment is no longer open"))?;
			let call = calls::records::reseal(
				view.id,
				view.newest,
				Content::External { hash: pending.content },
				pending.padded_len,
				self.wrap(pending, &place, &current)?,
			);
			self.context.submit_finally(self.chain, &call, &self.secrets.signer()).await?;
			if !is_keeper {
				self.bring_again(&to, pending, &place, &prepared.object).await?;
			}
		}
		self.finish(&prepared)?;
		// What was kept of earlier versions would open copies of their objects.
		for version in 1..pending.version {
			forget(self.context, self.secrets, &view.id, version);
		}
		Ok(pending.version)
	}

	/// Brings a patient's share once more when the chain has the version. Until then the keeper could
	/// bring one for an amendment of the same number, which took its place; now the custodian keeps
	/// the one that the chain names, as soon as it has seen that block.
	async fn bring_again(
		&self,
		to: &Depositaries,
		pending: &Pending,
		place: &Place,
		object: &Path,
	) -> anyhow::Result<()> {
		let mut patience = PATIENCE;
		loop {
			let bar = indicatif::ProgressBar::hidden();
			match self.upload(to, pending, place, object, bar).await {
				Err(error) if patience > 0 && is_behind(&error) => {
					patience = patience.saturating_sub(1);
					tokio::time::sleep(Duration::from_secs(1)).await;
				},
				ended => return ended,
			}
		}
	}

	/// Seals what was opened, or finds what an earlier run sealed.
	fn prepare_again(&self, opened: &OpenedRecord, place: &Place) -> anyhow::Result<Prepared> {
		let view = &opened.view;
		let drawer = Drawer::new(self.context.home(), "pending", self.secrets);
		let name = self.name_of(&opened.bytes, place);
		let object = drawer.path(&name, "hre1");
		let found = drawer.get::<Pending>(&name)?;
		if let Some(pending) =
			found.filter(|pending| super::seal::is_whole(&object, &pending.content))
		{
			return Ok(Prepared { pending, object, resumed: true, name });
		}
		let kept = kept_nonce(self.context, self.secrets, &view.id, view.newest)?;
		let nonce = match kept {
			Some(nonce) => nonce,
			// The custodian has it from the first deposit, and takes the chain's word for the subject.
			None if view.subject == self.me.id => Default::default(),
			None => bail!(
				"this home did not file the record: seal it anew from the home that did, or let the \
				 patient do it"
			),
		};
		let version = view.newest.saturating_add(1);
		let named = Named { record: view.id, version, nonce };
		let length = opened.bytes.len() as u64;
		let bar = output::bytes_bar("sealing", length);
		let body = bar.wrap_read(&opened.bytes[..]);
		let sealed = seal_body(named, &opened.metadata, body, length, &object);
		bar.finish_and_clear();
		let pending = sealed?;
		drawer.put(&name, &pending)?;
		Ok(Prepared { pending, object, resumed: false, name })
	}
}

/// Refuses what the chain would refuse, before anything is sealed or sent.
fn ensure_free(view: &RecordView, is_keeper: bool, erasure_asked: bool) -> anyhow::Result<()> {
	if view.legal_hold {
		bail!(
			"the record is under legal hold, and sealing it anew takes its older keys away: the \
			 organisation it was filed for lifts the hold first"
		);
	}
	if erasure_asked && !is_keeper {
		bail!(
			"you asked for the erasure of this record: until it is erased its keeper alone seals it \
			 anew. See how far it is with `salus record show {}`",
			view.id
		);
	}
	Ok(())
}

/// Whether somebody keeps a record: the organisation that it was filed for and who works there now, or
/// else its author.
pub(crate) async fn keeps(at: &At, who: IdentityId, view: &RecordView) -> anyhow::Result<bool> {
	Ok(match view.organisation {
		Some(home) => home == who || at.organisations_of(who).await?.contains(&home),
		None => view.author == who,
	})
}

/// Whether a custodian may say otherwise when it has seen the block that this client saw.
fn is_behind(error: &anyhow::Error) -> bool {
	matches!(
		error.downcast_ref(),
		Some(CustodianError::Refused { code, .. })
			if matches!(code.as_str(), "not-author" | "share-differs")
	)
}

/// Says whom to ask where a custodian takes no share from the patient.
fn not_taken(error: anyhow::Error) -> anyhow::Error {
	match error.downcast_ref() {
		Some(CustodianError::Refused { code, .. }) if code == "not-author" => anyhow!(
			"the custodian takes the new key share of this record from its author, or from the \
			 organisation it was filed for: ask them to seal it anew"
		),
		_ => error,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{RecordClass, RecordId, RecordStatus};

	#[test]
	fn what_the_chain_would_refuse_is_refused_before_anything_is_sent() {
		let view = |legal_hold| RecordView {
			id: RecordId([1; 32]),
			subject: IdentityId([2; 32]),
			author: IdentityId([3; 32]),
			organisation: None,
			class: RecordClass::Clinical,
			compartment: 0,
			current: 1,
			newest: 1,
			awaiting: None,
			status: RecordStatus::Validated,
			created: 0,
			seq: 0,
			retraction: None,
			legal_hold,
			batch: None,
		};
		for is_keeper in [true, false] {
			let held = ensure_free(&view(true), is_keeper, false).unwrap_err().to_string();
			assert!(held.contains("legal hold"), "{held}");
		}
		let asked = ensure_free(&view(false), false, true).unwrap_err().to_string();
		assert!(asked.contains("its keeper alone seals it anew"), "{asked}");
		assert!(ensure_free(&view(false), true, true).is_ok());
		assert!(ensure_free(&view(false), false, false).is_ok());
	}

	#[test]
	fn a_custodian_that_is_behind_is_told_from_one_that_refuses() {
		let refused = |code: &str| {
			let (code, message) = (code.to_owned(), "no".to_owned());
			anyhow!(CustodianError::Refused { status: 409, code, message }).context("of two")
		};
		assert!(is_behind(&refused("not-author")) && is_behind(&refused("share-differs")));
		assert!(!is_behind(&refused("share-erased")) && !is_behind(&anyhow!("no node answers")));
	}

	#[test]
	fn who_may_not_deposit_learns_whom_to_ask() {
		let refused = |code: &str| {
			let (code, message) = (code.to_owned(), "no".to_owned());
			not_taken(CustodianError::Refused { status: 403, code, message }.into()).to_string()
		};
		assert!(refused("not-author").contains("ask them to seal it anew"));
		assert_eq!(refused("too-large"), "the custodian refused: no");
	}
}
