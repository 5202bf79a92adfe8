// SPDX-License-Identifier: Apache-2.0

//! The single checks of a verification.

use super::{
	super::report::{AccreditationLine, Outcome, Report, VerdictLine},
	object::Found,
};
use crate::{exit::Unknown, filing::batches::sealed_len, output::or_dash, values::when};
use salus_client::{
	At,
	batch::LeafProof,
	types::{Attestation, BatchView, RecordView, VersionView},
};
use salus_primitives::{
	BatchId, Commitment, ContentHash, IdentityId, Moment, RecordStatus, Verdict,
};

/// The commitment to a document that is at hand.
pub(super) struct Body(pub(super) Commitment);

/// Is the record valid as it stands, and what is it?
pub(super) async fn record(
	report: &mut Report,
	at: &At,
	view: &RecordView,
	version: &VersionView,
) -> anyhow::Result<()> {
	report.facts.extend([
		("patient", view.subject.to_string()),
		("author", view.author.to_string()),
		("filed for", or_dash(&view.organisation)),
		("class", view.class.to_string()),
		("filed (UTC)", when(version.filed)),
		("status", view.status.to_string()),
	]);
	let is_current = version.number == view.current;
	let detail = match (&view.retraction, is_current) {
		(Some(retraction), _) => {
			format!("{}: {} on {} UTC", view.status, retraction.reason, when(retraction.at))
		},
		(None, true) => format!("{}, and this version counts", view.status),
		(None, false) => {
			format!("{}, and version {} counts instead of this one", view.status, view.current)
		},
	};
	let outcome = match view.status {
		RecordStatus::Validated if is_current => Outcome::Passed,
		RecordStatus::Validated | RecordStatus::InProcess | RecordStatus::ReqRevalid => {
			Outcome::Open
		},
		RecordStatus::ValFail
		| RecordStatus::EnteredInError
		| RecordStatus::RevalFail
		| RecordStatus::Lapsed => Outcome::Failed,
	};
	report.note("status on chain", outcome, detail);
	final_block(report, at);
	Ok(())
}

/// Was the block that was read a final one?
fn final_block(report: &mut Report, at: &At) {
	if report.checks.iter().any(|check| check.what == FINALITY) {
		return;
	}
	let number = at.number();
	match report.block.as_ref().is_some_and(|block| block.is_final) {
		true => report.note(FINALITY, Outcome::Passed, format!("block {number} is final")),
		false => report.note(
			FINALITY,
			Outcome::Open,
			format!("block {number} may yet be replaced: verify again in a minute"),
		),
	}
}

const FINALITY: &str = "finality";

/// What the check of an object is called.
pub(super) const OBJECT: &str = "sealed object";

/// Is the object the one that was anchored?
pub(super) fn object(report: &mut Report, expected: &ContentHash, padded_len: u64, found: &Found) {
	let (outcome, detail) = match found {
		Found::Unseen => (Outcome::Open, "it was not looked at (--object)".into()),
		Found::Damaged(why) | Found::Unknown(Unknown::Absent, why) => {
			(Outcome::Failed, why.clone())
		},
		Found::Unknown(Unknown::Refused | Unknown::Outage, why) => {
			(Outcome::Open, format!("it was not looked at: {why}"))
		},
		Found::Object(hash, _) if hash != expected => {
			(Outcome::Failed, format!("its hash is {hash}, not {expected}"))
		},
		Found::Object(hash, length) => {
			let said = sealed_len(padded_len).filter(|_| padded_len > 0);
			match said.filter(|said| said != length) {
				Some(said) => {
					(Outcome::Failed, format!("it has {length} bytes, and {said} were filed"))
				},
				None => (Outcome::Passed, format!("{hash}, {length} bytes")),
			}
		},
	};
	report.note(OBJECT, outcome, detail);
}

/// Is the document the one that validators saw?
pub(super) fn body(report: &mut Report, committed: Option<&Commitment>, found: Option<&Body>) {
	let (outcome, detail) = match (committed, found) {
		(_, None) => (Outcome::Open, "no document was shown (--document)".into()),
		(None, Some(_)) => (
			Outcome::Open,
			"only a record on chain commits to a document: promote the leaf, and ask --online"
				.into(),
		),
		(Some(committed), Some(Body(found))) => (
			Outcome::of(committed == found),
			match committed == found {
				true => format!("the document commits to {committed}"),
				false => format!("document and salt commit to {found}, not to {committed}"),
			},
		),
	};
	report.note("document", outcome, detail);
}

/// Who stands for the version, and by which accreditation?
pub(super) async fn verdicts(
	report: &mut Report,
	at: &At,
	view: &RecordView,
	version: &VersionView,
) -> anyhow::Result<()> {
	for attestation in &version.attestations {
		let line = line(at, attestation).await?;
		report.verdicts.push(line);
	}
	let passing = version.attestations.iter().filter(|one| one.verdict != Verdict::Fail).count();
	let failing = version.attestations.len() - passing;
	let outcome = match (failing, view.status) {
		(1.., _) => Outcome::Failed,
		(0, RecordStatus::Validated | RecordStatus::ReqRevalid) => Outcome::Passed,
		(0, _) => Outcome::Open,
	};
	let met = match outcome {
		Outcome::Passed => "which met the policy of the class",
		_ => "which have not met the policy of the class",
	};
	let detail = format!("{passing} passing, {failing} failing, {met}");
	report.note("verdicts", outcome, detail);

	let unentitled = report.verdicts.iter().filter(|line| line.accreditations.is_empty()).count();
	if !report.verdicts.is_empty() {
		let (outcome, detail) = match unentitled {
			0 => (Outcome::Passed, "every validator was accredited when it judged".into()),
			some => (Outcome::Open, format!("of {some} the chain shows no accreditation any more")),
		};
		report.note("validators", outcome, detail);
	}
	Ok(())
}

/// A verdict, with what its validator and the organisations it worked at held then.
async fn line(at: &At, attestation: &Attestation) -> anyhow::Result<VerdictLine> {
	let Attestation { validator, organisations, kind, verdict, evidence, at: moment, from_batch } =
		attestation;
	let mut accreditations = held(at, *validator, *moment).await?;
	for organisation in organisations.iter().filter(|organisation| *organisation != validator) {
		accreditations.extend(held(at, *organisation, *moment).await?);
	}
	Ok(VerdictLine {
		kind: *kind,
		verdict: *verdict,
		validator: *validator,
		at: *moment,
		evidence: *evidence,
		on_batch: *from_batch,
		accreditations,
	})
}

/// What somebody was accredited for at a moment.
async fn held(
	at: &At,
	subject: IdentityId,
	moment: Moment,
) -> anyhow::Result<Vec<AccreditationLine>> {
	let all = at.accreditations_of(subject).await?;
	let then = all.into_iter().filter(|held| held.window.from <= moment && moment < held.until);
	let lines = then.map(|held| AccreditationLine {
		id: held.id,
		kind: held.kind,
		issuer: held.issuer,
		in_force_now: held.in_force,
	});
	Ok(lines.collect())
}

/// Which batch did a record come from?
pub(super) async fn origin(report: &mut Report, at: &At, view: &RecordView) -> anyhow::Result<()> {
	let Some((batch, leaf)) = view.batch else { return Ok(()) };
	let found = at.promoted(batch, leaf).await?;
	let detail = format!("promoted from leaf {leaf} of batch {batch}");
	report.note("batch", Outcome::of(found == Some(view.id)), detail);
	Ok(())
}

/// Is it a proof for the chain that is meant?
pub(super) fn chain_of(report: &mut Report, proof: &LeafProof, expected: Option<&[u8; 32]>) {
	match expected {
		Some(expected) => report.note_result(
			"chain",
			proof.check_genesis(expected).map(|()| "the proof is for this chain".into()),
		),
		None => report.note(
			"chain",
			Outcome::Open,
			"no chain was named to compare the proof with (--genesis, --online)",
		),
	}
}

/// Does the path lead from the leaf to the root?
pub(super) fn inclusion(report: &mut Report, proof: &LeafProof) {
	let LeafProof { leaf_index, tree_size, root, path, .. } = proof;
	let detail = format!("leaf {leaf_index} of {tree_size}, {} steps to root {root}", path.len());
	report.note_result("inclusion", proof.check().map(|()| detail));
}

/// Nobody was asked about the root.
pub(super) fn offline(report: &mut Report) {
	report.note("anchored root", Outcome::Open, "no node was asked (--online)");
}

/// Does the chain have the root, and does it agree about the leaf?
pub(super) async fn anchored(
	report: &mut Report,
	at: &At,
	proof: &LeafProof,
	batch: BatchId,
	view: &BatchView,
) -> anyhow::Result<()> {
	report.note(
		"anchored root",
		Outcome::Passed,
		format!("batch {batch} of {}, anchored on {} UTC", view.organisation, when(view.at)),
	);
	let leaf = proof.leaf().to_bytes().to_vec();
	let path = proof.path.clone();
	let agrees = at.verify_inclusion(batch, leaf, proof.leaf_index, path).await?;
	let detail =
		if agrees { "the chain follows the path to its root" } else { "the chain refuses" };
	report.note("inclusion on chain", Outcome::of(agrees), detail);
	for attestation in &view.attestations {
		let line = line(at, attestation).await?;
		report.verdicts.push(line);
	}
	final_block(report, at);
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{Digest, RecordId};

	fn report() -> Report {
		Report {
			record: RecordId([1; 32]),
			version: 1,
			genesis: Digest([2; 32]),
			made: 0,
			block: None,
			facts: Vec::new(),
			checks: Vec::new(),
			verdicts: Vec::new(),
			again: String::new(),
		}
	}

	/// What one check says.
	fn checked(check: impl FnOnce(&mut Report)) -> (Outcome, String) {
		let mut report = report();
		check(&mut report);
		let check = report.checks.pop().unwrap();
		(check.outcome, check.detail)
	}

	#[test]
	fn an_object_is_told_by_hash_and_length() {
		let (one, other) = (ContentHash([1; 32]), ContentHash([2; 32]));
		let object = |found: Found| checked(|report| object(report, &one, 512, &found));
		assert_eq!(object(Found::Unseen).0, Outcome::Open);
		assert_eq!(object(Found::Object(one, 600)).0, Outcome::Passed);
		let (outcome, detail) = object(Found::Damaged("it came damaged".into()));
		assert_eq!((outcome, detail.as_str()), (Outcome::Failed, "it came damaged"));
		// What is gone fails; what is not shown may well be there.
		for (why, expected) in [
			(Unknown::Absent, Outcome::Failed),
			(Unknown::Refused, Outcome::Open),
			(Unknown::Outage, Outcome::Open),
		] {
			let (outcome, detail) = object(Found::Unknown(why, "none here".into()));
			assert_eq!(outcome, expected, "{why:?}");
			assert!(detail.contains("none here"), "{detail}");
		}
		let (outcome, detail) = object(Found::Object(other, 600));
		assert_eq!(outcome, Outcome::Failed);
		assert!(detail.contains(&"02".repeat(32)) && detail.contains(&"01".repeat(32)), "{detail}");
		let (outcome, detail) = object(Found::Object(one, 616));
		assert_eq!(outcome, Outcome::Failed);
		assert!(detail.contains("616") && detail.contains("600"), "{detail}");
	}

	#[test]
	fn a_document_is_told_by_its_commitment() {
		let (one, other) = (Commitment([1; 32]), Commitment([2; 32]));
		let body = |committed: Option<&Commitment>, found: Option<Body>| {
			checked(|report| body(report, committed, found.as_ref())).0
		};
		assert_eq!(body(Some(&one), None), Outcome::Open);
		assert_eq!(body(None, Some(Body(one))), Outcome::Open);
		assert_eq!(body(Some(&one), Some(Body(one))), Outcome::Passed);
		assert_eq!(body(Some(&one), Some(Body(other))), Outcome::Failed);
	}
}
