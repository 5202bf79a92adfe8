// SPDX-License-Identifier: Apache-2.0

//! What partners ask a maker's proof service, and what it answers.
//!
//! A leaf file goes up whole, by `PUT`: the header [`super::BODY`] says its BLAKE2b-256, which the
//! chain shows as the batch's. A proof is asked for by `POST`, so that no serial stands in a path that
//! somebody logs.

use salus_gs1::{Serial, UdiDi};
use salus_primitives::BatchIx;
use salus_supply::UnitLeafProof;
use serde::{Deserialize, Serialize};

/// Body of `POST /supply/proof`: what a label says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofRequest {
	/// The product.
	pub product: UdiDi,
	/// The serial, as it was scanned.
	pub serial: Serial,
}

/// The answer: the unit with that serial, or else with one that a wrongly set reader makes that
/// serial of. Compare them before anything else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenUnit {
	/// The batch.
	pub batch: BatchIx,
	/// Its place there, and what proves it.
	pub proof: UnitLeafProof,
}

/// The answer to `PUT /supply/batches/{batch}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeavesKept {
	/// How many units of the batch can be proved now.
	pub units: u32,
}
