// SPDX-License-Identifier: Apache-2.0

//! Sealing the same body anew: fresh keys, a fresh object, the same commitment and verdicts.

use super::{
	Filing, Pending, Place, forget, kept_nonce,
	seal::{Named, Prepared, seal_body},
};
use crate::{drawer::Drawer, output, reading_room::OpenedRecord};
use anyhow::{anyhow, bail};
use salus_client::{calls, custodian::CustodianError, types::Content};
use salus_primitives::{AmendReason, RecordVersion};

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
		let custodian = self.context.custodian(&at, self.chain).await?;
		let prepared = self.prepare_again(opened, &place)?;
		let pending = &prepared.pending;
		if pending.body != opened.version.body {
			bail!("the document was opened, but is not what was committed to: report it");
		}
		if !self.is_on_chain(&at, pending).await? {
			let bar = output::bytes_bar("uploading", pending.object_len);
			let uploaded = self.upload(&custodian, pending, &place, &prepared.object, bar).await;
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
		}
		self.finish(&prepared)?;
		// What was kept of earlier versions would open copies of their objects.
		for version in 1..pending.version {
			forget(self.context, self.secrets, &view.id, version);
		}
		Ok(pending.version)
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
			// The chain names the subject, which the custodian asks then.
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
