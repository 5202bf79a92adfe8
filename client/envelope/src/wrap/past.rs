// SPDX-License-Identifier: Apache-2.0

//! Secrets of former epochs, whose public keys the chain no longer shows.

use super::{Addressee, EpochContext, Wrap, WrapError};
use crate::{AgreementSecret, CompartmentSecret};

impl Wrap {
	/// Opens a link made by [`CompartmentSecret::link`] where the chain no longer shows the public
	/// key of the epoch before.
	///
	/// The patient's own transaction put the link there. That the secret is the right one shows when
	/// a record of that epoch opens: use it to open, never to seal.
	pub fn follow_link(
		&self,
		newer: &EpochContext,
		secret: &CompartmentSecret,
	) -> Result<CompartmentSecret, WrapError> {
		self.open(secret, &newer.bind_link()?)
	}

	/// Opens a wrap made by [`CompartmentSecret::wrap`] for an epoch whose public key the chain no
	/// longer shows. As with [`Self::follow_link`], use what is inside to open, never to seal.
	pub fn open_past_compartment(
		&self,
		epoch: &EpochContext,
		to: &Addressee,
		secret: &AgreementSecret,
	) -> Result<CompartmentSecret, WrapError> {
		self.open(secret, &epoch.bind_wrap(to))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{PrivateKey, PublicKey, Secret};

	fn epoch(epoch: u32) -> EpochContext {
		EpochContext { genesis: [1; 32], subject: [2; 32], compartment: 3, epoch }
	}

	fn secret(seed: u8) -> CompartmentSecret {
		CompartmentSecret::from_bytes([seed; 32])
	}

	#[test]
	fn links_lead_back_and_never_forward() {
		let secrets = [secret(10), secret(11), secret(12)];
		let link = |older: usize| {
			let newer = older + 1;
			secrets[older].link(&epoch(newer as u32), &secrets[newer].public()).unwrap()
		};
		let first = link(1).follow_link(&epoch(2), &secrets[2]).unwrap();
		assert_eq!(first.expose(), secrets[1].expose());
		let second = link(0).follow_link(&epoch(1), &first).unwrap();
		assert_eq!(second.expose(), secrets[0].expose());
		// Who was left behind at an epoch opens nothing that leads out of it.
		assert_eq!(link(1).follow_link(&epoch(2), &secrets[0]), Err(WrapError::DoesNotOpen));
		assert_eq!(link(1).follow_link(&epoch(2), &secrets[1]), Err(WrapError::DoesNotOpen));
		// A link of one epoch is none of another.
		assert_eq!(link(1).follow_link(&epoch(1), &secrets[2]), Err(WrapError::DoesNotOpen));
		assert_eq!(link(0).follow_link(&epoch(0), &secrets[1]), Err(WrapError::FirstEpoch));
	}

	#[test]
	fn a_wrap_of_a_former_epoch_opens_for_its_grantee_alone() {
		let reader = AgreementSecret::from_bytes([7; 32]);
		let to = Addressee::identity(&[8; 32], 1);
		let wrap = secret(10).wrap(&epoch(4), &to, &reader.public()).unwrap();
		let opened = wrap.open_past_compartment(&epoch(4), &to, &reader).unwrap();
		assert_eq!(opened.public().as_bytes(), secret(10).public().as_bytes());
		let other = AgreementSecret::from_bytes([9; 32]);
		assert!(wrap.open_past_compartment(&epoch(4), &to, &other).is_err());
		assert!(wrap.open_past_compartment(&epoch(5), &to, &reader).is_err());
	}
}
