// SPDX-License-Identifier: Apache-2.0

//! The compartments of a patient that a reader can open.

use crate::reading_room::ReadingRoom;
use anyhow::bail;
use salus_client::{
	At,
	types::{Compartment, GrantKeys, RecordView, VersionView},
};
use salus_envelope::{
	Addressee, CiphertextHash, CompartmentPublic, CompartmentSecret, EpochContext, RecordContext,
	Wrap,
};
use salus_primitives::{CompartmentKey, CompartmentNo, IdentityId};

/// A compartment with the secret of its current epoch.
pub(crate) struct OpenCompartment {
	pub(crate) number: CompartmentNo,
	pub(crate) secret: CompartmentSecret,
}

/// What a reader can open of one patient.
pub(crate) struct Unlocked {
	/// What it can open.
	pub(crate) open: Vec<OpenCompartment>,
	/// The compartments that it cannot.
	pub(crate) closed: Vec<CompartmentNo>,
}

impl Unlocked {
	/// The secret of the current epoch of a compartment.
	pub(crate) fn secret_of(&self, number: CompartmentNo) -> Option<&CompartmentSecret> {
		self.open.iter().find(|open| open.number == number).map(|open| &open.secret)
	}

	/// Whether records of a compartment can be opened.
	pub(crate) fn has(&self, number: CompartmentNo) -> bool {
		self.secret_of(number).is_some()
	}

	/// A sentence on what cannot be looked into, when there is any.
	pub(crate) fn complaint(&self) -> Option<String> {
		let numbers: Vec<_> = self.closed.iter().map(ToString::to_string).collect();
		match numbers.as_slice() {
			[] => None,
			[one] => Some(format!(
				"compartment {one} was not looked into: the patient has not granted it to you"
			)),
			many => Some(format!(
				"compartments {} were not looked into: the patient has not granted them to you",
				many.join(", ")
			)),
		}
	}
}

impl ReadingRoom<'_> {
	/// Tries what this keystore holds and what the patient's grants hand over on every compartment of
	/// the patient, in the epoch that the chain shows.
	pub(crate) async fn unlocked(&self, at: &At, subject: IdentityId) -> anyhow::Result<Unlocked> {
		let compartments = at.compartments(subject).await?;
		let granted = if subject == self.me.id {
			Vec::new()
		} else {
			self.granted_compartments(at, subject).await?
		};
		let mut unlocked = Unlocked { open: Vec::new(), closed: Vec::new() };
		for (number, compartment) in compartments {
			match self.secret_of(subject, number, &compartment, &granted) {
				Some(secret) => unlocked.open.push(OpenCompartment { number, secret }),
				None => unlocked.closed.push(number),
			}
		}
		Ok(unlocked)
	}

	/// Whether what was sealed to this reader opens: the compartment's wrap for the patient, for others
	/// the one that names them.
	pub(crate) async fn wrap_opens(
		&self,
		at: &At,
		view: &RecordView,
		version: &VersionView,
	) -> anyhow::Result<bool> {
		let record = RecordContext {
			genesis: self.chain.genesis(),
			record: view.id.0,
			version: version.number,
			ciphertext_hash: CiphertextHash(version.content.0),
		};
		if view.subject == self.me.id {
			let Some(key) = version.key else {
				bail!("the chain keeps no key of this version: there is nothing to open");
			};
			let unlocked = self.unlocked(at, view.subject).await?;
			let Some(secret) = unlocked.secret_of(view.compartment) else {
				bail!(
					"this keystore does not hold the key of compartment {}: use the one it was opened \
					 with",
					view.compartment
				);
			};
			let to = Addressee::compartment(&view.subject.0, view.compartment, key.epoch);
			return Ok(Wrap(key.wrap).open_share(&record, &to, secret).is_ok());
		}
		let Some(key) = at.wrap_for(view.id, version.number, self.me.id).await? else {
			bail!("nothing of this version is sealed to you by name: ask the patient for a grant");
		};
		let to = Addressee::identity(&self.me.id.0, key.key_version);
		let mine = self.secrets.agreement(key.key_version);
		Ok(Wrap(key.wrap).open_share(&record, &to, &mine).is_ok())
	}

	fn secret_of(
		&self,
		subject: IdentityId,
		number: CompartmentNo,
		compartment: &Compartment,
		granted: &[CompartmentKey],
	) -> Option<CompartmentSecret> {
		let public = CompartmentPublic::from_bytes(compartment.key).ok()?;
		if subject == self.me.id {
			return self.secrets.compartment_for(number, compartment.epoch, &public);
		}
		let epoch = EpochContext {
			genesis: self.chain.genesis(),
			subject: subject.0,
			compartment: number,
			epoch: compartment.epoch,
		};
		let fitting = granted
			.iter()
			.filter(|key| key.compartment == number && key.epoch == compartment.epoch);
		// A wrap that does not open is no reason not to try the next.
		fitting.into_iter().find_map(|key| {
			let to = Addressee::identity(&self.me.id.0, key.key_version);
			let mine = self.secrets.agreement(key.key_version);
			Wrap(key.wrap).open_compartment(&epoch, &to, &mine, &public).ok()
		})
	}

	/// The compartment keys of all grants by a patient to this reader that act now, newest first.
	async fn granted_compartments(
		&self,
		at: &At,
		subject: IdentityId,
	) -> anyhow::Result<Vec<CompartmentKey>> {
		let mut keys = Vec::new();
		for grant in self.grants(at, subject).await? {
			if let Some(GrantKeys::Compartments(held)) = at.grant_keys(grant.id).await? {
				keys.extend(held);
			}
		}
		Ok(keys)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::Secret;

	fn unlocked(closed: &[CompartmentNo]) -> Unlocked {
		let open =
			vec![OpenCompartment { number: 3, secret: CompartmentSecret::from_bytes([1; 32]) }];
		Unlocked { open, closed: closed.to_vec() }
	}

	#[test]
	fn what_stays_closed_is_said() {
		assert_eq!(unlocked(&[]).complaint(), None);
		let one = unlocked(&[7]).complaint().unwrap();
		assert!(one.starts_with("compartment 7 was not looked into"), "{one}");
		let two = unlocked(&[7, 9]).complaint().unwrap();
		assert!(two.starts_with("compartments 7, 9 were not"), "{two}");
	}

	#[test]
	fn only_what_is_open_is_had() {
		assert!(unlocked(&[4]).has(3));
		assert!(!unlocked(&[4]).has(4));
	}
}
