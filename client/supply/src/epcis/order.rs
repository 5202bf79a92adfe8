// SPDX-License-Identifier: Apache-2.0

//! The order of packing: what stands in one container lies side by side in its batch, and so does
//! what stands in the containers of one pallet.

use super::values::Thing;
use std::collections::{BTreeMap, BTreeSet};

/// Who contains whom, as the aggregations of a document tell it.
#[derive(Default)]
pub(super) struct Packing {
	/// The parents in the order of their first mention.
	parents: Vec<Thing>,
	contents: BTreeMap<Thing, Vec<Thing>>,
	packed: BTreeSet<Thing>,
}

impl Packing {
	/// Puts things into a parent. What is in another stays there: the first packing rules.
	pub(super) fn put(&mut self, parent: Thing, children: impl IntoIterator<Item = Thing>) {
		if !self.contents.contains_key(&parent) {
			self.parents.push(parent);
		}
		let inside = self.contents.entry(parent).or_default();
		inside.extend(children.into_iter().filter(|child| self.packed.insert(*child)));
	}

	/// What stands directly in a parent.
	pub(super) fn contents(&self, parent: &Thing) -> &[Thing] {
		self.contents.get(parent).map(Vec::as_slice).unwrap_or_default()
	}

	/// The rank of everything that is packed: parents by their first mention, each with all that is in
	/// it before the next begins.
	pub(super) fn ranks(&self) -> BTreeMap<Thing, usize> {
		let mut ranks = BTreeMap::new();
		let outermost = self.parents.iter().filter(|parent| !self.packed.contains(parent));
		// Those in a circle are in nobody's contents but their own: they come last.
		let mut left: Vec<Thing> = outermost.chain(&self.parents).rev().copied().collect();
		while let Some(thing) = left.pop() {
			let next = ranks.len();
			if let std::collections::btree_map::Entry::Vacant(rank) = ranks.entry(thing) {
				rank.insert(next);
				left.extend(self.contents(&thing).iter().rev());
			}
		}
		ranks
	}

	/// The units in a parent, through all containers: which products, and how many.
	pub(super) fn units(&self, parent: &Thing) -> BTreeMap<salus_gs1::Gtin, u32> {
		let (mut counts, mut seen) = (BTreeMap::new(), BTreeSet::new());
		let mut left = vec![*parent];
		while let Some(thing) = left.pop() {
			if !seen.insert(thing) {
				continue;
			}
			match (self.contents.get(&thing), thing) {
				(Some(inside), _) => left.extend(inside),
				(None, Thing::Item(gtin, _)) => {
					let count = counts.entry(gtin).or_insert(0u32);
					*count = count.saturating_add(1);
				},
				(None, Thing::Logistic(_)) => (),
			}
		}
		counts
	}

	/// Whether a thing was ever packed into.
	pub(super) fn is_container(&self, thing: &Thing) -> bool {
		self.contents.contains_key(thing)
	}

	/// Everything that was packed into.
	pub(super) fn containers(&self) -> &[Thing] {
		&self.parents
	}
}
