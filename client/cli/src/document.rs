// SPDX-License-Identifier: Apache-2.0

//! Reading a document from a file, and validating it before anything else happens.

use crate::output;
use anyhow::{Context as _, bail};
use salus_fhir::{Document, MAX_DOCUMENT, Refusal, Severity};
use salus_primitives::{Moment, Verdict};
use std::{fs::File, io::Read, path::Path};
use zeroize::Zeroizing;

/// A document that may be sealed.
pub(crate) struct Valid {
	/// Its bytes, as they are sealed.
	pub(crate) bytes: Zeroizing<Vec<u8>>,
	/// What it is.
	pub(crate) document: Document,
}

impl Valid {
	/// What a validator says of it that saw nothing but this.
	pub(crate) fn verdict(&self) -> Verdict {
		let issues = self.document.report.issues();
		if issues.iter().any(|issue| issue.severity == Severity::Warning) {
			Verdict::PassWithWarnings
		} else {
			Verdict::Pass
		}
	}
}

/// Reads a file of at most 64 MiB. One that shrinks, grows or goes away meanwhile is refused.
pub(crate) fn read(path: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
	let name = path.display();
	let mut file = File::open(path).with_context(|| format!("{name} cannot be opened"))?;
	let facts = file.metadata().with_context(|| format!("{name} cannot be read"))?;
	if !facts.is_file() {
		bail!("{name} is no file: name a FHIR document in JSON");
	}
	let length = usize::try_from(facts.len()).unwrap_or(usize::MAX);
	if length > MAX_DOCUMENT {
		bail!("{name}: {}", Refusal::TooLarge { bytes: length });
	}
	// Reserved in full, so that growing leaves no plaintext behind.
	let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
	let found = Read::by_ref(&mut file)
		.take(length as u64 + 1)
		.read_to_end(&mut bytes)
		.with_context(|| format!("{name} could not be read to its end"))?;
	if found != length {
		bail!("{name} changed while it was read: run the command again when it is complete");
	}
	Ok(bytes)
}

/// Validates a document, showing progress on long ones.
pub(crate) fn validate(bytes: Zeroizing<Vec<u8>>, now: Moment) -> anyhow::Result<Valid> {
	Ok(Valid { document: check(&bytes, now)?, bytes })
}

/// The same of bytes that the caller keeps.
pub(crate) fn check(bytes: &[u8], now: Moment) -> anyhow::Result<Document> {
	let bar = output::count_bar("validating", 0);
	let result = salus_fhir::validate_with(bytes, now, |done, total| {
		bar.set_length(total as u64);
		bar.set_position(done as u64);
	});
	bar.finish_and_clear();
	Ok(result?)
}

/// As [`validate`], for a verdict of somebody who knows better: errors do not stop it.
pub(crate) fn unchecked(bytes: Zeroizing<Vec<u8>>, now: Moment) -> anyhow::Result<Valid> {
	match salus_fhir::validate(&bytes, now) {
		Ok(document) => Ok(Valid { document, bytes }),
		Err(refusal) => {
			let report = refusal.report().cloned().unwrap_or_default();
			let document = Document {
				kind: salus_fhir::Kind::Resource,
				resource_type: String::new(),
				bundle_type: None,
				contents: Default::default(),
				subject: None,
				fhir_version: salus_fhir::FHIR_VERSION,
				report,
			};
			Ok(Valid { document, bytes })
		},
	}
}

/// Milliseconds since the Unix epoch, by this machine's clock.
pub(crate) fn now() -> Moment {
	salus_client::wire::now()
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	fn file(contents: &[u8]) -> tempfile::NamedTempFile {
		let file = tempfile::NamedTempFile::new().unwrap();
		fs::write(file.path(), contents).unwrap();
		file
	}

	#[test]
	fn the_sample_is_read_and_valid() {
		let file = file(salus_fhir::SAMPLE_ENCOUNTER.as_bytes());
		let valid = validate(read(file.path()).unwrap(), now()).unwrap();
		assert!(valid.verdict().passes());
	}

	#[test]
	fn files_that_are_none_are_refused() {
		let folder = tempfile::tempdir().unwrap();
		let text = read(folder.path()).unwrap_err().to_string();
		assert!(text.ends_with("name a FHIR document in JSON"), "{text}");
		assert!(read(&folder.path().join("absent.json")).is_err());
	}

	#[test]
	fn what_is_too_large_is_refused_before_it_is_read() {
		let file = file(b"");
		file.as_file().set_len(MAX_DOCUMENT as u64 + 1).unwrap();
		let text = read(file.path()).unwrap_err().to_string();
		assert!(text.contains("64 MiB"), "{text}");
	}

	#[test]
	fn refusals_are_one_line() {
		for wrong in [&b"{"[..], b"{}", b"\xff", b"[1,2]"] {
			let error = validate(Zeroizing::new(wrong.to_vec()), now()).err().unwrap();
			assert!(!error.to_string().contains('\n'), "{error}");
		}
	}
}
