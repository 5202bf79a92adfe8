// SPDX-License-Identifier: Apache-2.0

//! What stands behind verdicts on a whole batch.

use super::BatchOrder;
use crate::{context::Context, document::Valid};
use anyhow::Context as _;
use salus_client::keystore::write_private;
use salus_envelope::{BodyHasher, CommitmentSalt};
use salus_primitives::{Digest, RecordId};
use std::{fs, io::Write};

/// What validation found in every document, one line each: the evidence of verdicts on a batch.
pub(super) struct Outcomes(Option<(tempfile::NamedTempFile, CommitmentSalt, BodyHasher)>);

impl Outcomes {
	/// Nothing is written where nobody judges.
	pub(super) fn begin(order: &BatchOrder<'_>) -> anyhow::Result<Self> {
		if order.attestors.is_empty() {
			return Ok(Self(None));
		}
		let folder = order.context.home().join("evidence");
		let failed = || format!("{} cannot be written to", folder.display());
		fs::create_dir_all(&folder).with_context(failed)?;
		let file = tempfile::NamedTempFile::new_in(&folder).with_context(failed)?;
		let salt = CommitmentSalt::generate();
		let hasher = BodyHasher::new(&salt);
		Ok(Self(Some((file, salt, hasher))))
	}

	pub(super) fn add(&mut self, record: &RecordId, valid: &Valid) -> anyhow::Result<()> {
		let Some((file, _, hasher)) = &mut self.0 else { return Ok(()) };
		let outcome: serde_json::Value =
			serde_json::from_str(&valid.document.report.to_operation_outcome())?;
		let line = serde_json::json!({ "record": record, "outcome": outcome });
		let line = format!("{line}\n");
		hasher.update(line.as_bytes());
		file.write_all(line.as_bytes()).context("the evidence cannot be written")
	}

	/// Keeps the lines under the salted hash that stands on chain, and the salt beside them.
	pub(super) fn finish(self, context: &Context) -> anyhow::Result<Option<Digest>> {
		let Some((file, salt, hasher)) = self.0 else { return Ok(None) };
		let digest = Digest(hasher.finish().0);
		let path = |kind: &str| {
			let name = format!("{}.{kind}", hex::encode(digest.0));
			context.home().join("evidence").join(name)
		};
		let failed = "the evidence cannot be written";
		file.as_file().sync_all().context(failed)?;
		file.persist(path("ndjson")).context(failed)?;
		let salt = serde_json::json!({ "salt": format!("0x{}", hex::encode(salt.0)) });
		write_private(&path("json"), salt.to_string().as_bytes(), true).context(failed)?;
		Ok(Some(digest))
	}
}
