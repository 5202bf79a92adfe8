// SPDX-License-Identifier: Apache-2.0

//! Ten thousand random operations against a model that knows nothing of the pallet: each succeeds
//! where the model says so, and afterwards every unit is where, and as, the model says.

mod chain;
mod goods;

use super::actors::*;
use crate::mock::*;
use chain::Chain;
use goods::{Goods, Item, Op};
use salus_test_support::START;

const OPERATIONS: u32 = 10_000;
/// How many operations a block has.
const BLOCK: u32 = 40;
/// How long an operation takes: all of them more than the time that a step can be undone in.
const PACE: u64 = 2 * 60 * 1_000;

/// A generator of numbers that are random enough, and the same each time.
struct Dice(u64);

impl Dice {
	fn below(&mut self, limit: usize) -> usize {
		// Marsaglia's xorshift.
		self.0 ^= self.0 << 13;
		self.0 ^= self.0 >> 7;
		self.0 ^= self.0 << 17;
		(self.0 % limit as u64) as usize
	}

	fn one<T: Copy>(&mut self, of: &[T]) -> T {
		of[self.below(of.len())]
	}
}

/// Any operation, by somebody who is mostly, and not always, the one who may.
fn any_op(dice: &mut Dice, goods: &Goods) -> Op {
	let unit = (dice.below(goods::BATCHES), dice.below(goods::UNITS));
	let anybody = dice.below(goods::PARTNERS);
	let who = match dice.below(8) {
		0 => anybody,
		_ => goods.holder(unit).unwrap_or(anybody),
	};
	let at = (unit.1 + 1 + dice.below(4)) % goods::UNITS;
	let in_use = goods.cases_in_use();
	let any_case = dice.below(goods.containers());
	let case = if in_use.is_empty() { any_case } else { dice.one(&in_use) };
	let item = match dice.below(3) {
		0 if dice.below(9) == 0 => Item::Container(any_case),
		0 => Item::Container(case),
		_ => Item::Parcel(goods.parcel_of(unit)),
	};
	let inside = goods.contents(case);
	let within = if inside.is_empty() { item } else { dice.one(&inside) };
	let under_way = goods.under_way();
	let sent = match under_way.as_slice() {
		[] => (0, anybody, anybody),
		some => dice.one(some),
	};
	let holds_case = goods.container_holder(case).unwrap_or(who);
	let (rarely, often) = (dice.below(6) == 0, dice.below(4) != 0);
	let ours = |who: usize| if often { who } else { anybody };
	match dice.below(26) {
		0..=1 => Op::Split(who, unit, at),
		2..=4 => Op::Merge(who, unit),
		5 => Op::NewContainer,
		6..=7 => Op::Pack(ours(holds_case), case, item),
		8 => Op::Unpack(ours(holds_case), case, within),
		9 if rarely => Op::Empty(ours(holds_case), case),
		9..=12 => Op::Ship(goods.item_holder(item).unwrap_or(who), anybody, item),
		13..=15 => Op::Receive(ours(sent.2), sent.0),
		16 => Op::Void(ours(sent.1), sent.0),
		17 if often => Op::DispensePart(who, unit),
		17..=18 => Op::Dispense(who, unit),
		19 => Op::Undo(who, unit),
		20 => Op::Return(ours(who), unit, often, rarely),
		21 => Op::Quarantine(who, unit),
		22 => Op::Release(who, unit),
		23 => Op::ReleaseParcel(who, unit),
		24 if rarely => match dice.below(4) {
			0 => Op::Destroy(who, unit),
			1 => Op::Stolen(who, unit),
			_ => Op::Missing(who, unit),
		},
		24 => Op::Undo(who, unit),
		_ => match dice.below(4) {
			0 => Op::Recall(unit.0),
			_ => Op::Close(unit.0),
		},
	}
}

/// Plays a game from one seed. Gives how many operations of each kind succeeded.
fn play(seed: u64) -> std::collections::BTreeMap<&'static str, u32> {
	let mut succeeded = std::collections::BTreeMap::new();
	new_test_ext().execute_with(|| {
		let mut dice = Dice(seed);
		let (mut goods, mut chain) = (Goods::new(), Chain::commissioned());
		for number in 0..OPERATIONS {
			let now = START + u64::from(number) * PACE;
			set_time(now);
			let op = any_op(&mut dice, &goods);
			let expected = goods.apply(op, now);
			let done = chain.apply(op);
			assert_eq!(done.is_ok(), expected, "operation {number}, {op:?}: {done:?}");
			*succeeded.entry(op.name()).or_default() += u32::from(expected);
			let asked = (dice.below(goods::BATCHES), dice.below(goods::UNITS));
			chain.assert_status(&goods, asked, now);
			if number % BLOCK == BLOCK - 1 {
				chain.end_block();
				chain.assert_like(&goods, number);
			}
		}
		chain.assert_over(&goods);
	});
	succeeded
}

#[test]
fn ten_thousand_operations_go_as_the_model_says() {
	let succeeded = play(0x5a10_5a1e);
	// Nothing was left out: every kind of operation succeeded several times.
	for name in goods::NAMES {
		let times = succeeded.get(name).copied().unwrap_or_default();
		assert!(times >= 2, "{name} succeeded {times} times: {succeeded:?}");
	}
}
