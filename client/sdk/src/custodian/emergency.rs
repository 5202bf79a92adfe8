// SPDX-License-Identifier: Apache-2.0

//! Asking the holder of emergency keys for a reader share.

use super::{Custodian, Result};
use crate::wire::{EmergencyRelease, EmergencyRequest, path};
use reqwest::Method;
use salus_envelope::{AgreementSecret, ReaderShare};
use salus_primitives::EmergencyId;
use subxt_signer::sr25519::Keypair;

impl Custodian {
	/// Asks for the reader share of a version under an emergency. By its claimant. The holder
	/// journals it before it answers, and the compartment's secret stays with it.
	pub async fn request_emergency_share(
		&self,
		signer: &Keypair,
		emergency: EmergencyId,
		request: &EmergencyRequest,
		secret: &AgreementSecret,
	) -> Result<(ReaderShare, EmergencyRelease)> {
		let path = path::emergency_release(emergency);
		let (asked, hash) = self.with_json(signer, Method::POST, &path, request);
		let release: EmergencyRelease = self.ask(asked).await?;
		let share = self.peer.open_emergency(&hash, &release.share, secret)?;
		Ok((share, release))
	}
}
