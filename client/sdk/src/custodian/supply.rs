// SPDX-License-Identifier: Apache-2.0

//! A maker's proof service: leaf files up, proofs down.

use super::{Custodian, CustodianError, PIECE, Result};
use crate::wire::{self, LeavesKept, ProofRequest, ProvenUnit, path};
use futures::StreamExt;
use reqwest::Method;
use salus_gs1::{Serial, UdiDi};
use salus_primitives::{BatchIx, Digest};
use std::path::Path;
use subxt_signer::sr25519::Keypair;
use tokio_util::io::ReaderStream;

impl Custodian {
	/// Hands the leaf file of a batch over, by its maker. `hash` is the file's, as the chain shows it.
	///
	/// `progress` hears how many bytes have gone.
	pub async fn put_leaf_file(
		&self,
		signer: &Keypair,
		batch: BatchIx,
		hash: &Digest,
		file: &Path,
		progress: impl Fn(u64) + Send + Sync + 'static,
	) -> Result<LeavesKept> {
		let failed = |source| CustodianError::File { path: file.into(), source };
		let source = tokio::fs::File::open(file).await.map_err(failed)?;
		let length = source.metadata().await.map_err(failed)?.len();
		let mut sent = 0;
		let pieces = ReaderStream::with_capacity(source, PIECE).inspect(move |piece| {
			if let Ok(piece) = piece {
				sent += piece.len() as u64;
				progress(sent);
			}
		});
		let request = self
			.signed(signer, Method::PUT, &path::leaf_file(batch), hash.0)
			.0
			.header(wire::BODY, hash.to_string())
			.header(reqwest::header::CONTENT_LENGTH, length)
			.body(reqwest::Body::wrap_stream(pieces));
		self.ask(request).await
	}

	/// Asks for the proof of what a label says. None when no batch that is kept there has such a
	/// serial.
	///
	/// Nothing of it is believed before the chain has followed it to a root.
	pub async fn unit_proof(
		&self,
		signer: &Keypair,
		product: UdiDi,
		serial: Serial,
	) -> Result<Option<ProvenUnit>> {
		let body = ProofRequest { product, serial };
		let request = self.with_json(signer, Method::POST, path::UNIT_PROOF, &body).0;
		match self.ask(request).await {
			Ok(proven) => Ok(Some(proven)),
			Err(CustodianError::Refused { code, .. }) if code == "unit-unknown" => Ok(None),
			Err(error) => Err(error),
		}
	}
}
