// SPDX-License-Identifier: Apache-2.0

//! Back through the epochs of a compartment: from a secret that is held to an older one, by the links
//! that the patient left on chain.

use crate::{At, Error};
use salus_envelope::{CompartmentSecret, EpochContext, Wrap, WrapError};
use salus_primitives::{CompartmentNo, Epoch, IdentityId};

/// Why an older secret was not reached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EpochsError {
	/// The chain did not answer.
	#[error(transparent)]
	Chain(#[from] Error),
	/// What is wanted is newer than what is held.
	#[error(
		"the key that is held is of epoch {held}, and epoch {wanted} is newer: links lead back only; \
		 ask the patient to seal the new key with `salus consent add-wraps`"
	)]
	Newer {
		/// The epoch of the secret that is held.
		held: Epoch,
		/// The epoch that is wanted.
		wanted: Epoch,
	},
	/// There is no link out of an epoch.
	#[error(
		"the chain has no link back from epoch {epoch} of the compartment: ask another node, or the \
		 patient"
	)]
	NoLink {
		/// The newer epoch of the two.
		epoch: Epoch,
	},
	/// A link does not open.
	#[error(
		"the link back from epoch {epoch} of the compartment does not open ({reason}): tell the patient"
	)]
	Broken {
		/// The newer epoch of the two.
		epoch: Epoch,
		/// What is wrong with it.
		reason: WrapError,
	},
}

/// A compartment of a patient on one chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
	/// Genesis hash of the chain.
	pub genesis: [u8; 32],
	/// The patient.
	pub subject: IdentityId,
	/// The compartment.
	pub compartment: CompartmentNo,
}

impl Place {
	/// One epoch of it.
	pub fn epoch(&self, epoch: Epoch) -> EpochContext {
		let Self { genesis, subject, compartment } = *self;
		EpochContext { genesis, subject: subject.0, compartment, epoch }
	}

	/// The secret of the epoch before `epoch`, by the link between the two.
	pub fn step_back(
		&self,
		epoch: Epoch,
		secret: &CompartmentSecret,
		link: Option<[u8; 80]>,
	) -> Result<CompartmentSecret, EpochsError> {
		let link = link.ok_or(EpochsError::NoLink { epoch })?;
		let opened = Wrap(link).follow_link(&self.epoch(epoch), secret);
		opened.map_err(|reason| EpochsError::Broken { epoch, reason })
	}
}

impl At {
	/// The secret of epoch `wanted`, from one of epoch `held` or of a later one. It takes a link for
	/// each epoch between them.
	pub async fn secret_of_epoch(
		&self,
		place: &Place,
		held: Epoch,
		secret: CompartmentSecret,
		wanted: Epoch,
	) -> Result<CompartmentSecret, EpochsError> {
		if wanted > held {
			return Err(EpochsError::Newer { held, wanted });
		}
		let mut secret = secret;
		for older in (wanted..held).rev() {
			let link = self.epoch_link(place.subject, place.compartment, older).await?;
			secret = place.step_back(older.saturating_add(1), &secret, link)?;
		}
		Ok(secret)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::{PrivateKey, Secret};

	const PLACE: Place = Place { genesis: [1; 32], subject: IdentityId([2; 32]), compartment: 3 };

	#[test]
	fn a_step_needs_the_link_between_the_two_epochs() {
		let (old, new) =
			(CompartmentSecret::from_bytes([4; 32]), CompartmentSecret::from_bytes([5; 32]));
		let link = old.link(&PLACE.epoch(8), &new.public()).unwrap().0;
		let found = PLACE.step_back(8, &new, Some(link)).unwrap();
		assert_eq!(found.expose(), old.expose());
		let missing = PLACE.step_back(8, &new, None).unwrap_err().to_string();
		assert!(missing.contains("no link back from epoch 8"), "{missing}");
		let other = Place { compartment: 4, ..PLACE };
		for (place, epoch, secret) in [(PLACE, 9, &new), (PLACE, 8, &old), (other, 8, &new)] {
			let error = place.step_back(epoch, secret, Some(link)).unwrap_err();
			assert!(matches!(error, EpochsError::Broken { .. }), "{error}");
		}
	}
}
