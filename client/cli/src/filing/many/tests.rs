// SPDX-License-Identifier: Apache-2.0

//! What a run of many leaves behind wherever it is cut.

use super::*;
use crate::args::Args;
use clap::Parser;
use salus_primitives::{Commitment, ContentHash, RecordClass};
use std::{fs, path::Path};

fn context(home: &Path) -> Context {
	let home = home.display().to_string();
	let args = Args::try_parse_from(["salus", "--home", home.as_str(), "info"]).unwrap();
	Context::new(args.global).unwrap()
}

fn part(entry: usize) -> Part {
	let bytes = salus_fhir::SAMPLE_ENCOUNTER.as_bytes().to_vec().into();
	let valid = crate::document::validate(bytes, crate::document::now()).unwrap();
	let place = Place {
		subject: IdentityId([1; 32]),
		organisation: None,
		class: RecordClass::Clinical,
		compartment: 0,
		amends: None,
	};
	let named = Named::new(&IdentityId([2; 32]), &place, [entry as u8; 16]);
	Part { entry, resource_type: "Observation".into(), valid, place, named }
}

/// A part that is on chain, with all that a run leaves in the home until it is settled.
fn anchored<'a>(context: &Context, secrets: &Secrets, part: &'a Part) -> Ready<'a> {
	let name = format!("part-{}", part.entry);
	let pending = Pending {
		record: part.named.record,
		version: 1,
		nonce: part.named.nonce,
		reader_share: [3; 32],
		custodian_share: [4; 32],
		body_salt: [5; 32],
		content: ContentHash([6; 32]),
		body: Commitment([7; 32]),
		padded_len: 512,
		object_len: 600,
	};
	let drawer = Drawer::new(context.home(), "pending", secrets);
	let object = drawer.path(&name, "hre1");
	drawer.put(&name, &pending).unwrap();
	fs::write(&object, b"sealed").unwrap();
	Ready { part, prepared: Prepared { pending, object, resumed: false, name }, row: None }
}

fn ledger<'a>(home: &Path, secrets: &'a Secrets) -> anyhow::Result<Ledger<'a>> {
	Ledger::open(home, secrets, "bundle".into(), [0, 1].into_iter(), false)
}

fn count(folder: &Path) -> usize {
	fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn a_run_that_is_cut_while_it_settles_loses_nothing_and_is_finished_by_the_next() {
	let home = tempfile::tempdir().unwrap();
	let (context, secrets) = (context(home.path()), Secrets::generate());
	let parts = [part(0), part(1)];
	let mut notes = ledger(home.path(), &secrets).unwrap();
	let ready = |part| (anchored(&context, &secrets, part), Some(2));
	let done: Vec<_> = parts.iter().map(ready).collect();

	// The ledger cannot be written: nothing is cleared away, so that the next run finds all of it.
	let (plans, away) = (home.path().join("plans"), home.path().join("away"));
	fs::rename(&plans, &away).unwrap();
	fs::write(&plans, b"in the way").unwrap();
	assert!(settle(&context, &secrets, &mut notes, done).is_err());
	assert_eq!(count(&home.path().join("pending")), 4, "objects and secrets of both");
	fs::remove_file(&plans).unwrap();
	fs::rename(&away, &plans).unwrap();

	// The next one settles them, with the same keys for later versions.
	let mut notes = ledger(home.path(), &secrets).unwrap();
	assert!(parts.iter().all(|part| notes.settled(part.entry, &part.named.record).is_none()));
	let done: Vec<_> = parts.iter().map(ready).collect();
	let filed = settle(&context, &secrets, &mut notes, done).unwrap();
	assert_eq!(filed.iter().map(|part| part.entry).collect::<Vec<_>>(), [0, 1]);
	assert_eq!(count(&home.path().join("pending")), 0);
	for part in &parts {
		let kept = super::super::kept(&context, &secrets, &part.named.record, 1).unwrap().unwrap();
		assert_eq!((kept.nonce, kept.reader_share), (part.named.nonce, [3; 32]));
	}

	// One that was cut after the note and before the clearing: it is settled, and not filed again.
	let again = ledger(home.path(), &secrets).unwrap();
	let settled = again.settled(1, &parts[1].named.record).unwrap();
	assert_eq!((settled.content, settled.tags), (ContentHash([6; 32]), Some(2)));
	let left = anchored(&context, &secrets, &parts[1]);
	clear(&context, &secrets, &left.prepared.name);
	assert_eq!(count(&home.path().join("pending")), 0);
}

fn run<'a, 'b>(judges: &'a Judges, ledger: &'a mut Ledger<'b>, skip_bad: bool) -> Run<'a, 'b> {
	Run { parts: Vec::new(), judges, skip_bad, ledger, left_out: Vec::new(), anchored: 0 }
}

#[test]
fn only_a_documents_own_fault_leaves_it_out() {
	let home = tempfile::tempdir().unwrap();
	let secrets = Secrets::generate();
	let (judges, mut ledger) = (Judges::nobody(), ledger(home.path(), &secrets).unwrap());
	let part = part(1);
	let bad = || anyhow!(OwnFault("the gateway finds it wanting in source".into()));
	let down = || anyhow!("no custodian answers at http://127.0.0.1:9");

	let mut skipping = run(&judges, &mut ledger, true);
	skipping.leave_out(&part, bad()).unwrap();
	assert_eq!(skipping.left_out.len(), 1);
	assert_eq!(skipping.left_out[0].reason, "the gateway finds it wanting in source");
	let error = skipping.leave_out(&part, down()).unwrap_err();
	assert_eq!(skipping.left_out.len(), 1, "an outage leaves nothing out");
	let said = format!("{:#}", stopped(error, 40, 120));
	for part in ["40 of 120", "--resume", "entry 1 (Observation)", "no custodian answers"] {
		assert!(said.contains(part), "{said}");
	}

	let mut strict = run(&judges, &mut ledger, false);
	let said = format!("{:#}", stopped(strict.leave_out(&part, bad()).unwrap_err(), 0, 120));
	assert!(said.contains("--skip-bad") && !said.contains("--resume"), "{said}");
	let said = format!("{:#}", stopped(strict.leave_out(&part, down()).unwrap_err(), 0, 120));
	assert!(said.contains("--resume") && !said.contains("--skip-bad"), "{said}");
	assert!(strict.left_out.is_empty());
}
