// SPDX-License-Identifier: Apache-2.0

//! A chain of two validators, and what its users see when one is gone.

use salus_e2e::{Binaries, Node, Validator, World};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(90);

#[test]
fn stalled_finality_is_said_in_one_line_and_heals_when_the_validator_is_back() {
	let binaries = Binaries::of_this_build().unwrap();
	let dir = tempfile::tempdir().unwrap();
	let alice = Validator::alice(dir.path()).unwrap();
	let bob = Validator::bob(dir.path()).unwrap();
	let one = Node::start_validator(&binaries, &alice, &[&bob]).unwrap();
	let two = Node::start_validator(&binaries, &bob, &[&alice]).unwrap();
	one.wait_finalised(2, PATIENCE).unwrap();
	two.wait_finalised(2, PATIENCE).unwrap();

	two.stop().unwrap();
	let mut world = World::on(&binaries, one).unwrap();
	let charlie = world.person("charlie", Some("//Charlie")).unwrap();
	let asked = Instant::now();
	let said = world
		.refused(&charlie, &["--wait", "finalized", "register", "--kind", "practitioner"])
		.unwrap();
	let waited = asked.elapsed();
	assert!(said.contains("finality is stalled"), "{said}");
	assert!((118..150).contains(&waited.as_secs()), "it waited {waited:?}");

	// The transaction stands in a block that is not final; a second run does not trip over it.
	let said = world.refused(&charlie, &["register", "--kind", "practitioner"]).unwrap();
	assert!(said.contains("registered already"), "{said}");
	let best = world.node().best().unwrap();
	let two = Node::start_validator(&binaries, &bob, &[&alice]).unwrap();
	world.node().wait_finalised(best, PATIENCE).unwrap();
	two.wait_finalised(best, PATIENCE).unwrap();
	let shown = world.cli(&charlie, &["account", "show"]).unwrap();
	assert_eq!(shown["registration"]["kind"], "practitioner", "{shown}");
	two.stop().unwrap();
	world.stop().unwrap();
}
