// SPDX-License-Identifier: Apache-2.0

//! From the emergency key to the one reader share: the compartment's secret, back through its epochs
//! to that of the version, and the share in it. All of it is wiped when this ends, but the share.

use super::Holder;
use crate::{
	auth::Caller,
	chain::RecordFacts,
	error::{Error, Result},
};
use salus_client::epochs::Place;
use salus_envelope::{
	Addressee, CiphertextHash, CompartmentSecret, ReaderShare, RecordContext, Wrap,
};
use salus_primitives::{EmergencyKey, Epoch, RecordId, RecordKey, RecordVersion};

/// How far back epochs are walked for one request: a rotation follows each emergency, no more.
const MOST_STEPS: Epoch = 1024;

impl Holder {
	/// The reader share of a version, by the emergency key of its compartment.
	pub(super) async fn open(
		&self,
		caller: &Caller,
		record: &RecordId,
		facts: &RecordFacts,
		version: RecordVersion,
	) -> Result<ReaderShare> {
		let (finalised, best) = tokio::try_join!(
			self.chain.version(record, version, caller.finalised),
			self.chain.version(record, version, caller.best),
		)?;
		let shown = finalised.filter(|facts| best.is_some() && !facts.is_given_up);
		let shown = shown.ok_or(Error::VersionUnknown)?;
		let sealed = best.and_then(|best| best.key).and(shown.key).ok_or(Error::NoReaderShare)?;

		let place = Place {
			genesis: self.chain.genesis(),
			subject: facts.subject,
			compartment: facts.compartment,
		};
		let key = self.emergency_key(caller, &place).await?;
		let secret = self.compartment_secret(caller, &place, &key, &sealed).await?;
		let context = RecordContext {
			genesis: place.genesis,
			record: record.0,
			version,
			ciphertext_hash: CiphertextHash(shown.content.0),
		};
		let to = Addressee::compartment(&place.subject.0, place.compartment, sealed.epoch);
		let opened = Wrap(sealed.wrap).open_share(&context, &to, &secret);
		opened.map_err(|error| Error::EmergencyKeyFails(error.to_string()))
	}

	/// The key as both ends of the chain show it: who was opted out of opens nothing.
	async fn emergency_key(&self, caller: &Caller, place: &Place) -> Result<EmergencyKey> {
		let (finalised, best) = tokio::try_join!(
			self.chain.emergency_key(&place.subject, place.compartment, caller.finalised),
			self.chain.emergency_key(&place.subject, place.compartment, caller.best),
		)?;
		finalised
			.filter(|key| best == finalised && key.holder == self.settings.identity)
			.ok_or(Error::NoEmergencyKey)
	}

	/// The secret of the epoch that a version is sealed to. Links lead back only.
	async fn compartment_secret(
		&self,
		caller: &Caller,
		place: &Place,
		key: &EmergencyKey,
		sealed: &RecordKey,
	) -> Result<CompartmentSecret> {
		let fails = |reason: String| Error::EmergencyKeyFails(reason);
		if sealed.epoch > key.epoch {
			return Err(fails("the version is of a newer epoch than the key".into()));
		}
		if key.epoch - sealed.epoch > MOST_STEPS {
			return Err(fails("the version lies too many epochs back".into()));
		}
		let own = (self.settings.secrets)(key.key_version);
		let to = Addressee::identity(&self.settings.identity.0, key.key_version);
		let mut secret = Wrap(key.wrap)
			.open_past_compartment(&place.epoch(key.epoch), &to, &own)
			.map_err(|error| fails(error.to_string()))?;
		for older in (sealed.epoch..key.epoch).rev() {
			let link = self
				.chain
				.epoch_link(&place.subject, place.compartment, older, caller.finalised)
				.await?;
			secret = place
				.step_back(older.saturating_add(1), &secret, link)
				.map_err(|error| fails(error.to_string()))?;
		}
		Ok(secret)
	}
}
