// SPDX-License-Identifier: Apache-2.0

//! The sealed object of a record: found, damaged, or why nothing is known of it.

use crate::{
	context::Context,
	exit::{Failure, Unknown},
	output,
};
use anyhow::Context as _;
use salus_client::{
	At, Chain,
	custodian::CustodianError,
	keystore::Secrets,
	one_line,
	types::{RecordView, VersionView},
};
use salus_envelope::CiphertextHasher;
use salus_primitives::{ContentHash, RecordId};
use std::{fs::File, io, path::Path};

/// What is known of a sealed object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
	/// Nobody looked.
	Unseen,
	/// Its hash and its length.
	Object(ContentHash, u64),
	/// The custodian has it, and not whole.
	Damaged(String),
	/// It was not to be had, which says nothing about it where it may be had elsewhere or later.
	Unknown(Unknown, String),
}

impl Found {
	/// How long the object is, when there is one.
	pub(super) fn length(&self) -> Option<u64> {
		match self {
			Self::Object(_, length) => Some(*length),
			Self::Unseen | Self::Damaged(_) | Self::Unknown(..) => None,
		}
	}

	/// What the command fails with although nothing else does.
	pub(super) fn doubt(&self, record: &RecordId) -> Option<Failure> {
		let Self::Unknown(why, said) = self else { return None };
		let text = match why {
			Unknown::Refused => format!(
				"record {record}: the custodian refused its sealed object, so that it was not checked \
				 ({said}): use a keystore of an active identity, or give the object with --object"
			),
			Unknown::Absent => format!(
				"record {record}: the custodian has no sealed object of it ({said}): its operator \
				 restores it, or the author files the document again as a new version"
			),
			Unknown::Outage => format!(
				"record {record}: its sealed object was not checked, because the custodian cannot give \
				 it now ({said}): try again later, or leave it out with --no-object"
			),
		};
		Some(Failure { why: *why, text })
	}
}

/// The hash and the length of a file.
pub(super) fn hashed(path: &Path) -> anyhow::Result<Found> {
	let failed = || format!("{} cannot be read", path.display());
	let mut file = File::open(path).with_context(failed)?;
	let mut hasher = CiphertextHasher::new();
	let length = io::copy(&mut file, &mut hasher).with_context(failed)?;
	Ok(Found::Object(ContentHash(hasher.finish().0), length))
}

/// The object as the first custodian gives it who has it whole, or what they say instead.
pub(super) async fn fetched(
	context: &Context,
	chain: &Chain,
	at: &At,
	secrets: &Secrets,
	(view, version): (&RecordView, &VersionView),
) -> anyhow::Result<Found> {
	let circle = context.circle_of(chain, at, view).await?;
	let file = tempfile::NamedTempFile::new().context("no temporary file can be made")?;
	let bar = output::bytes_bar("downloading", 0);
	let progress = |received, total: Option<u64>| {
		bar.set_length(total.unwrap_or(received));
		bar.set_position(received);
	};
	let signer = secrets.signer();
	let got = circle.get_object(&signer, &version.content, file.path(), progress).await;
	bar.finish_and_clear();
	match got {
		Ok(_) => hashed(file.path()),
		Err(error) => told(error),
	}
}

/// Tells absence, damage, refusal and outage apart. What is neither is an error.
fn told(error: CustodianError) -> anyhow::Result<Found> {
	let said = one_line(&error.to_string());
	Ok(match &error {
		CustodianError::Damaged { .. } => Found::Damaged(said),
		CustodianError::Denied { .. } => Found::Unknown(Unknown::Refused, said),
		CustodianError::Unreachable { .. } | CustodianError::Answer { .. } => {
			Found::Unknown(Unknown::Outage, said)
		},
		CustodianError::Refused { status, code, .. } => match (*status, code.as_str()) {
			(_, "object-damaged") => Found::Damaged(said),
			(404, "object-missing") | (410, _) => Found::Unknown(Unknown::Absent, said),
			// Without the custodian's word, a 404 is of something that stands before it.
			(404 | 408 | 429 | 500..=599, _) => Found::Unknown(Unknown::Outage, said),
			_ => Found::Unknown(Unknown::Refused, said),
		},
		_ => return Err(error.into()),
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn refused(status: u16, code: &str) -> CustodianError {
		CustodianError::Refused { status, code: code.into(), message: "no".into() }
	}

	#[test]
	fn absence_damage_refusal_and_outage_are_told_apart() {
		let hash = ContentHash([1; 32]);
		let (url, reason) = ("http://127.0.0.1:9".to_owned(), "refused".to_owned());
		let unreachable = CustodianError::Unreachable { url: url.clone(), reason };
		for (error, expected) in [
			(refused(404, "object-missing"), Some(Unknown::Absent)),
			(refused(410, "object-erased"), Some(Unknown::Absent)),
			(refused(401, "unknown-account"), Some(Unknown::Refused)),
			(refused(403, "not-entitled"), Some(Unknown::Refused)),
			(refused(429, "too-many-requests"), Some(Unknown::Outage)),
			(refused(500, "store-failed"), Some(Unknown::Outage)),
			(refused(503, "chain-unreachable"), Some(Unknown::Outage)),
			(refused(502, "http"), Some(Unknown::Outage)),
			(refused(404, "http"), Some(Unknown::Outage)),
			(unreachable, Some(Unknown::Outage)),
			(refused(502, "object-damaged"), None),
			(CustodianError::Damaged { hash }, None),
		] {
			let text = error.to_string();
			match (told(error).unwrap(), expected) {
				(Found::Unknown(why, said), Some(expected)) => {
					assert_eq!((why, said), (expected, text));
				},
				(Found::Damaged(said), None) => assert_eq!(said, text),
				(found, _) => panic!("{text}: {found:?}"),
			}
		}
		// A custodian whose key is another is no answer about an object at all.
		assert!(told(CustodianError::OtherKey { url }).is_err());
	}

	#[test]
	fn what_is_not_known_has_an_exit_code_and_says_what_to_do() {
		let record = RecordId([2; 32]);
		for (why, advice) in [
			(Unknown::Refused, "--object"),
			(Unknown::Absent, "restores it"),
			(Unknown::Outage, "try again later"),
		] {
			let doubt = Found::Unknown(why, "no".into()).doubt(&record).unwrap();
			assert_eq!(doubt.why, why);
			assert!(doubt.text.contains(advice) && doubt.text.contains("(no)"), "{}", doubt.text);
		}
		let hash = ContentHash([1; 32]);
		for known in [Found::Unseen, Found::Object(hash, 1), Found::Damaged("no".into())] {
			assert!(known.doubt(&record).is_none());
		}
	}
}
