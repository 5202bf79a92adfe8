// SPDX-License-Identifier: Apache-2.0

//! What a node answers about goods. Each answer reads a bounded number of rows.

mod custody;
mod master;
mod trace;
mod units;
mod verdicts;

use crate::*;
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Refuses a page of nothing and one that is too large.
	fn check_page(limit: u32) -> Result<(), QueryError> {
		let max = T::MaxPage::get();
		if (1..=max).contains(&limit) { Ok(()) } else { Err(QueryError::BadLimit { max }) }
	}
}

/// The next page of rows that begin behind the last page. The cursor is the key of its last row.
fn page_of<Row, Item, Cursor>(
	mut rows: impl Iterator<Item = Row>,
	limit: u32,
	cursor: impl Fn(&Row) -> Cursor,
	show: impl Fn(Row) -> Item,
) -> Page<Item, Cursor> {
	let (mut items, mut last) = (alloc::vec::Vec::new(), None);
	for row in rows.by_ref().take(limit as usize) {
		last = Some(cursor(&row));
		items.push(show(row));
	}
	Page { items, next: rows.next().and(last) }
}
