// SPDX-License-Identifier: Apache-2.0

use super::{emergency::in_emergency, *};
use salus_merkle::{MerkleTree, empty_root};
use salus_primitives::{AccreditationKind, AuditLeaf, RecorderId, blake2_256};
use salus_traits::hashing::HostSha256;

const GATEWAY: RecorderId = RecorderId([7; 32]);
const OTHER_GATEWAY: RecorderId = RecorderId([8; 32]);
const ROOT: Digest = Digest([0x33; 32]);

/// The arguments of a batch by One. By default its first, of ten entries.
#[derive(Clone, Copy)]
struct Sent {
	recorder: RecorderId,
	seq: u64,
	root: Digest,
	events: (u64, u64),
	times: (Moment, Moment),
}

const FIRST: Sent =
	Sent { recorder: GATEWAY, seq: 0, root: ROOT, events: (0, 9), times: (START - 9, START) };
const SECOND: Sent = Sent { seq: 1, events: (10, 10), ..FIRST };

impl Sent {
	fn by(self, who: Sr25519Keyring) -> DispatchResult {
		let Self { recorder, seq, root, events: (first, last), times: (from, until) } = self;
		Consent::anchor_audit_batch(signed(who), recorder, seq, root, first, last, from, until)
	}

	fn send(self) -> DispatchResult {
		self.by(One)
	}
}

fn head(recorder: RecorderId) -> AuditHead {
	Consent::audit_head(identity(One), recorder)
}

#[test]
fn moves_the_head_and_is_announced() {
	execute(|| {
		assert_eq!(head(GATEWAY), AuditHead::default());
		go_to(START + 4);
		assert_ok!(FIRST.send());
		let (from, until) = FIRST.times;
		let batch = AuditBatch { root: ROOT, first: 0, last: 9, from, until, at: START + 4 };
		let organisation = identity(One);
		let told = Event::AuditBatchAnchored { organisation, recorder: GATEWAY, seq: 0, batch };
		assert_eq!(last_event(), told);
		assert_eq!(head(GATEWAY), AuditHead { next_seq: 1, next_event: 10 });
		// A batch may begin before the one before ended: a service has many hands.
		assert_ok!(SECOND.send());
		assert_eq!(head(GATEWAY), AuditHead { next_seq: 2, next_event: 11 });
		let page = Consent::audit_batches(organisation, GATEWAY, 0, 1).unwrap();
		assert_eq!((page.items, page.next), (vec![(0, batch)], Some(1)));
		let page = Consent::audit_batches(organisation, GATEWAY, 1, 100).unwrap();
		assert_eq!((page.items[0].0, page.next), (1, None));
		let too_large = Consent::audit_batches(organisation, GATEWAY, 0, 101);
		assert_eq!(too_large, Err(PageTooLarge { max: 100 }));
	});
}

#[test]
fn is_for_custodians() {
	execute(|| {
		for who in [Alice, Bob, Eve, Two] {
			assert_noop!(FIRST.by(who), BadOrigin);
		}
		Accreditations::always(identity(Eve), AccreditationKind::DataCustodian);
		assert_ok!(FIRST.by(Eve));
		// Each organisation has logs of its own, whatever they are called.
		assert_ok!(FIRST.send());
	});
}

#[test]
fn is_not_for_who_holds_emergency_keys() {
	in_emergency(|| {
		Accreditations::always(identity(Ferdie), AccreditationKind::DataCustodian);
		assert_noop!(FIRST.by(Ferdie), Error::<Test>::RecorderHoldsEmergencyKeys);
		let AccessQuestion { reader, record, purpose, action } = question(Two, RESULT);
		let event = Digest([0xee; 32]);
		let log =
			Consent::log_access(signed(Ferdie), reader, record, purpose, action, NO_GRANT, event);
		assert_noop!(log, Error::<Test>::RecorderHoldsEmergencyKeys);
	});
}

#[test]
fn has_the_next_number() {
	execute(|| {
		let gap: sp_runtime::DispatchError = Error::<Test>::SequenceGap.into();
		assert_noop!(Sent { seq: 1, ..FIRST }.send(), gap);
		assert_ok!(FIRST.send());
		assert_noop!(FIRST.send(), gap);
		assert_noop!(Sent { seq: 2, ..SECOND }.send(), gap);
		assert_noop!(Sent { seq: u64::MAX, ..SECOND }.send(), gap);
		assert_ok!(SECOND.send());
	});
}

#[test]
fn covers_the_next_entries() {
	execute(|| {
		let of = |seq, first, last| Sent { seq, events: (first, last), ..FIRST }.send();
		assert_noop!(of(0, 1, 9), Error::<Test>::EventGap);
		assert_ok!(of(0, 0, 9));
		assert_noop!(of(1, 11, 12), Error::<Test>::EventGap);
		assert_noop!(of(1, 9, 12), Error::<Test>::EventOverlap);
		assert_noop!(of(1, 0, 9), Error::<Test>::EventOverlap);
		assert_noop!(of(1, 10, 9), Error::<Test>::BatchEmpty);
		assert_noop!(of(1, 10, 10 + MAX_BATCH_EVENTS), Error::<Test>::BatchTooLarge);
		assert_noop!(of(1, 10, u64::MAX), Error::<Test>::BatchTooLarge);
		assert_ok!(of(1, 10, 9 + MAX_BATCH_EVENTS));
		assert_eq!(head(GATEWAY).next_event, 10 + MAX_BATCH_EVENTS);
	});
}

#[test]
fn has_a_root_of_something() {
	execute(|| {
		let empty = Digest(empty_root::<HostSha256>());
		for root in [Digest([0; 32]), empty] {
			assert_noop!(Sent { root, ..FIRST }.send(), Error::<Test>::BadRoot);
		}
	});
}

#[test]
fn has_times_in_order_up_to_now() {
	execute(|| {
		let within = |from, until| Sent { times: (from, until), ..FIRST }.send();
		assert_noop!(within(START, START - 1), Error::<Test>::BatchTimesReversed);
		assert_noop!(within(START, START + 1), Error::<Test>::BatchFromFuture);
		assert_ok!(within(START, START));
	});
}

#[test]
fn two_gateways_of_one_organisation_count_apart() {
	execute(|| {
		let other = |sent: Sent| Sent { recorder: OTHER_GATEWAY, ..sent };
		assert_ok!(FIRST.send());
		assert_noop!(other(SECOND).send(), Error::<Test>::SequenceGap);
		assert_ok!(other(FIRST).send());
		assert_ok!(SECOND.send());
		assert_eq!(head(OTHER_GATEWAY), AuditHead { next_seq: 1, next_event: 10 });
		// Two instances that send the same batch of one log: one of them is late.
		assert_ok!(other(SECOND).send());
		assert_noop!(other(SECOND).send(), Error::<Test>::SequenceGap);

		let all = Consent::recorders_of(identity(One), 0, 100).unwrap();
		assert_eq!((all.items, all.next), (vec![GATEWAY, OTHER_GATEWAY], None));
		let none = Consent::recorders_of(identity(Eve), 0, 100).unwrap();
		assert!(none.items.is_empty());
		let too_large = Consent::recorders_of(identity(One), 0, 101);
		assert_eq!(too_large, Err(PageTooLarge { max: 100 }));
	});
}

/// A log of One's gateway: entry `n` has the event `blake2_256(n)`.
fn leaf(number: u64) -> AuditLeaf {
	let event = Digest(blake2_256(&number.to_le_bytes()));
	AuditLeaf { organisation: identity(One), recorder: GATEWAY, number, event }
}

fn tree(first: u64, last: u64) -> MerkleTree<HostSha256> {
	MerkleTree::from_data((first..=last).map(|number| leaf(number).to_bytes()))
}

fn path(tree: &MerkleTree<HostSha256>, index: u64) -> Vec<Digest> {
	tree.path(index).unwrap().into_iter().map(Digest).collect()
}

fn is_included(leaf: AuditLeaf, seq: u64, path: &[Digest]) -> bool {
	let AuditLeaf { organisation, recorder, number, event } = leaf;
	Consent::verify_audit_inclusion(organisation, recorder, number, event, seq, path.to_vec())
}

#[test]
fn proves_each_of_its_entries_and_no_other() {
	execute(|| {
		let (one, two) = (tree(0, 6), tree(7, 7));
		assert_ok!(Sent { root: Digest(one.root()), events: (0, 6), ..FIRST }.send());
		let second = Sent { seq: 1, root: Digest(two.root()), events: (7, 7), ..FIRST };
		assert_ok!(second.send());
		for number in 0..=6 {
			assert!(is_included(leaf(number), 0, &path(&one, number)), "{number}");
		}
		assert!(is_included(leaf(7), 1, &[]));

		let way = path(&one, 3);
		assert!(!is_included(leaf(3), 1, &way), "in another batch");
		assert!(!is_included(leaf(3), 2, &way), "in no batch");
		assert!(!is_included(leaf(7), 0, &way), "outside the numbers of the batch");
		assert!(!is_included(leaf(4), 0, &way), "another entry");
		assert!(!is_included(AuditLeaf { number: 4, ..leaf(3) }, 0, &way), "under another number");
		let of_other = AuditLeaf { recorder: OTHER_GATEWAY, ..leaf(3) };
		assert!(!is_included(of_other, 0, &way), "of another log");
		let of_eve = AuditLeaf { organisation: identity(Eve), ..leaf(3) };
		assert!(!is_included(of_eve, 0, &way), "of another organisation");
		assert!(!is_included(leaf(3), 0, &way[1..]), "path too short");
		let padded = [&way[..], &[Digest([0; 32])]].concat();
		assert!(!is_included(leaf(3), 0, &padded), "path too long");
		let swapped: Vec<_> = way.iter().rev().copied().collect();
		assert!(!is_included(leaf(3), 0, &swapped), "path in another order");
	});
}
