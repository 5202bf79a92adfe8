// SPDX-License-Identifier: Apache-2.0

//! The compartments of a patient that a reader can open, in their current and their former epochs.

use crate::reading_room::ReadingRoom;
use anyhow::{anyhow, bail};
use salus_client::{
	At,
	epochs::Place,
	types::{Compartment, GrantKeys, RecordView, VersionView},
};
use salus_envelope::{
	Addressee, CiphertextHash, CompartmentPublic, CompartmentSecret, RecordContext, Wrap,
};
use salus_primitives::{CompartmentKey, CompartmentNo, Epoch, GrantId, IdentityId};

/// A compartment with the secret of one of its epochs.
pub(crate) struct OpenCompartment {
	pub(crate) number: CompartmentNo,
	pub(crate) epoch: Epoch,
	pub(crate) secret: CompartmentSecret,
}

/// What a reader can open of one patient.
pub(crate) struct Unlocked {
	/// What it can open as it is now.
	pub(crate) open: Vec<OpenCompartment>,
	/// What it can open as it was in a former epoch and before.
	pub(crate) former: Vec<OpenCompartment>,
	/// The compartments that it cannot open at all.
	pub(crate) closed: Vec<CompartmentNo>,
}

impl Unlocked {
	/// The secret of the current epoch of a compartment.
	pub(crate) fn secret_of(&self, number: CompartmentNo) -> Option<&CompartmentSecret> {
		self.open.iter().find(|open| open.number == number).map(|open| &open.secret)
	}

	/// Everything that can be opened, as it is or as it was.
	pub(crate) fn all(&self) -> impl Iterator<Item = &OpenCompartment> {
		self.open.iter().chain(&self.former)
	}

	/// Whether records of a compartment can be opened, of some of its epochs at least.
	pub(crate) fn has(&self, number: CompartmentNo) -> bool {
		self.all().any(|open| open.number == number)
	}

	/// A sentence on what cannot be looked into, when there is any.
	pub(crate) fn complaint(&self) -> Option<String> {
		let former: Vec<_> = self.former.iter().map(|one| one.number).collect();
		let closed = counted(&self.closed).map(|(what, was)| {
			format!("{what} {was} not looked into: the patient has not granted it to you")
		});
		let former = counted(&former).map(|(what, was)| {
			format!(
				"of {what} only what {was} filed before the patient changed the key was looked into: \
				 ask for the new key"
			)
		});
		let all: Vec<_> = closed.into_iter().chain(former).collect();
		(!all.is_empty()).then(|| all.join("; "))
	}
}

/// What these are called, and the verb that goes with it; nothing when there are none.
fn counted(numbers: &[CompartmentNo]) -> Option<(String, &'static str)> {
	let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
	match numbers.as_slice() {
		[] => None,
		[one] => Some((format!("compartment {one}"), "was")),
		many => Some((format!("compartments {}", many.join(", ")), "were")),
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
		let mut unlocked = Unlocked { open: Vec::new(), former: Vec::new(), closed: Vec::new() };
		for (number, compartment) in compartments {
			let epoch = compartment.epoch;
			match self.secret_of(subject, number, &compartment, &granted) {
				Some(secret) => unlocked.open.push(OpenCompartment { number, epoch, secret }),
				None => match self.former_of(subject, number, &compartment, &granted) {
					Some(former) => unlocked.former.push(former),
					None => unlocked.closed.push(number),
				},
			}
		}
		Ok(unlocked)
	}

	/// What the newest key opens that a grant hands over of a former epoch.
	fn former_of(
		&self,
		subject: IdentityId,
		number: CompartmentNo,
		compartment: &Compartment,
		granted: &[CompartmentKey],
	) -> Option<OpenCompartment> {
		let place = self.place(subject, number);
		let mut keys: Vec<_> = granted.iter().filter(|key| key.compartment == number).collect();
		keys.sort_by_key(|key| std::cmp::Reverse(key.epoch));
		keys.into_iter().find_map(|key| {
			let secret = self.unwrapped(&place, compartment, key).ok()?;
			Some(OpenCompartment { number, epoch: key.epoch, secret })
		})
	}

	/// The same compartment an epoch earlier, by the link that leads back; nothing before the first.
	pub(crate) async fn before(
		&self,
		at: &At,
		subject: IdentityId,
		open: &OpenCompartment,
	) -> anyhow::Result<Option<OpenCompartment>> {
		let OpenCompartment { number, epoch, ref secret } = *open;
		let Some(older) = epoch.checked_sub(1) else { return Ok(None) };
		let place = self.place(subject, number);
		let secret = at.secret_of_epoch(&place, epoch, secret.clone(), older).await?;
		Ok(Some(OpenCompartment { number, epoch: older, secret }))
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
			let secret =
				self.secret_of_epoch(at, view.subject, view.compartment, key.epoch).await?;
			let to = Addressee::compartment(&view.subject.0, view.compartment, key.epoch);
			return Ok(Wrap(key.wrap).open_share(&record, &to, &secret).is_ok());
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
		if subject == self.me.id {
			let public = CompartmentPublic::from_bytes(compartment.key).ok()?;
			return self.secrets.compartment_for(number, compartment.epoch, &public);
		}
		let place = self.place(subject, number);
		let fitting = granted
			.iter()
			.filter(|key| key.compartment == number && key.epoch == compartment.epoch);
		// A wrap that does not open is no reason not to try the next.
		fitting.into_iter().find_map(|key| self.unwrapped(&place, compartment, key).ok())
	}

	fn place(&self, subject: IdentityId, compartment: CompartmentNo) -> Place {
		Place { genesis: self.chain.genesis(), subject, compartment }
	}

	/// What a grant's wrap holds, compared with the public key where the chain shows it.
	fn unwrapped(
		&self,
		place: &Place,
		compartment: &Compartment,
		key: &CompartmentKey,
	) -> anyhow::Result<CompartmentSecret> {
		let epoch = place.epoch(key.epoch);
		let to = Addressee::identity(&self.me.id.0, key.key_version);
		let mine = self.secrets.agreement(key.key_version);
		Ok(if key.epoch == compartment.epoch {
			let public = CompartmentPublic::from_bytes(compartment.key)?;
			Wrap(key.wrap).open_compartment(&epoch, &to, &mine, &public)?
		} else {
			Wrap(key.wrap).open_past_compartment(&epoch, &to, &mine)?
		})
	}

	/// The secret of an epoch of a compartment. The patient begins at its own current key, a grantee
	/// at the newest one that a grant hands over; links lead back from there, and never forward.
	pub(crate) async fn secret_of_epoch(
		&self,
		at: &At,
		subject: IdentityId,
		number: CompartmentNo,
		wanted: Epoch,
	) -> anyhow::Result<CompartmentSecret> {
		let place = self.place(subject, number);
		let current = at.compartment(subject, number).await?;
		let current = current.ok_or_else(|| anyhow!("compartment {number} is not open"))?;
		if subject == self.me.id {
			let own = self.secret_of(subject, number, &current, &[]).ok_or_else(|| {
				anyhow!(
					"this keystore does not hold the key of compartment {number}: use the one it was \
					 opened with"
				)
			})?;
			return Ok(at.secret_of_epoch(&place, current.epoch, own, wanted).await?);
		}
		let mut held = None;
		for grant in self.grants(at, subject).await? {
			let Some(GrantKeys::Compartments(keys)) = at.grant_keys(grant.id).await? else {
				continue;
			};
			for key in keys.iter().filter(|key| key.compartment == number) {
				let secret = match self.unwrapped(&place, &current, key) {
					Ok(secret) => secret,
					Err(error) => {
						held = Some((grant.id, error));
						continue;
					},
				};
				match at.secret_of_epoch(&place, key.epoch, secret, wanted).await {
					Ok(secret) => return Ok(secret),
					Err(error) => held = Some((grant.id, error.into())),
				}
			}
		}
		Err(no_key(number, held))
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

/// Why no grant leads to a compartment's secret.
fn no_key(number: CompartmentNo, held: Option<(GrantId, anyhow::Error)>) -> anyhow::Error {
	match held {
		Some((grant, error)) => anyhow!(
			"the key of grant {grant} cannot be used ({error}): ask the patient to grant again"
		),
		None => anyhow!(
			"access is permitted, but no grant to you carries a key for compartment {number}: ask the \
			 patient to grant it to you by name"
		),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::Secret;

	fn open(number: CompartmentNo, epoch: Epoch) -> OpenCompartment {
		OpenCompartment { number, epoch, secret: CompartmentSecret::from_bytes([1; 32]) }
	}

	fn unlocked(closed: &[CompartmentNo]) -> Unlocked {
		Unlocked { open: vec![open(3, 2)], former: Vec::new(), closed: closed.to_vec() }
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
	fn what_is_open_as_it_was_is_told_from_what_is_open() {
		let mut unlocked = unlocked(&[7]);
		unlocked.former.push(open(5, 1));
		assert!(unlocked.has(3) && unlocked.has(5) && !unlocked.has(7));
		// New tags are made with the current key alone.
		assert!(unlocked.secret_of(3).is_some() && unlocked.secret_of(5).is_none());
		assert_eq!(unlocked.all().map(|one| one.number).collect::<Vec<_>>(), [3, 5]);
		let said = unlocked.complaint().unwrap();
		assert!(said.contains("compartment 7 was not looked into"), "{said}");
		assert!(said.contains("of compartment 5 only what was filed before"), "{said}");
	}

	#[test]
	fn who_holds_no_key_learns_what_to_ask_for() {
		let none = no_key(3, None).to_string();
		assert!(none.contains("no grant to you carries a key for compartment 3"), "{none}");
		let broken = no_key(3, Some((GrantId(7), anyhow!("too new")))).to_string();
		assert!(broken.contains("grant 7") && broken.contains("too new"), "{broken}");
	}

	#[test]
	fn only_what_is_open_is_had() {
		assert!(unlocked(&[4]).has(3));
		assert!(!unlocked(&[4]).has(4));
	}
}
