// SPDX-License-Identifier: Apache-2.0

//! Asking, opening, comparing, printing: record by record.

use super::{Search, query::Query};
use crate::{
	compartments::{OpenCompartment, Unlocked},
	output::{Rows, plain},
	reading_room::ReadingRoom,
};
use indicatif::ProgressBar;
use salus_client::{
	At, index,
	types::{RecordFilter, RecordView},
};
use salus_envelope::IndexKey;
use salus_fhir::terms::{Code, terms};
use salus_primitives::{
	Action, Classes, CompartmentNo, IdentityId, RecordClass, RecordId, RecordStatus, RecordVersion,
	Tag,
};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;

/// One resource that was found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hit<'a> {
	record: RecordId,
	version: RecordVersion,
	class: RecordClass,
	compartment: CompartmentNo,
	status: RecordStatus,
	author: IdentityId,
	resource_type: &'a str,
	day: Option<&'a str>,
	codes: Vec<serde_json::Value>,
	summary: &'a str,
	points_at: &'a [String],
}

/// A search under way.
pub(super) struct Hunt<'a> {
	pub(super) room: ReadingRoom<'a>,
	pub(super) at: At,
	pub(super) subject: IdentityId,
	pub(super) query: Query,
	pub(super) search: &'a Search,
	pub(super) rows: Rows<5>,
	pub(super) spinner: ProgressBar,
	pub(super) seen: BTreeSet<RecordId>,
	pub(super) found: usize,
	pub(super) opened: usize,
	pub(super) failed: Vec<(RecordId, String)>,
	/// The compartments whose former epochs were not reached, and why.
	pub(super) unlinked: Vec<(CompartmentNo, String)>,
	pub(super) is_over: bool,
}

impl Hunt<'_> {
	pub(super) async fn run(&mut self, unlocked: &Unlocked) -> anyhow::Result<()> {
		for newest in unlocked.all() {
			self.by_tags(newest).await?;
			let mut former = self.before(newest).await;
			// What was filed in a former epoch has the tags of that epoch's key.
			while let Some(compartment) = former.take().filter(|_| !self.is_over) {
				self.by_tags(&compartment).await?;
				former = self.before(&compartment).await;
			}
		}
		if self.search.unindexed {
			self.open_untagged(unlocked).await?;
		}
		Ok(())
	}

	/// The compartment an epoch earlier. A link that is missing or broken ends the way back, and is
	/// told: what is found stands.
	async fn before(&mut self, compartment: &OpenCompartment) -> Option<OpenCompartment> {
		match self.room.before(&self.at, self.subject, compartment).await {
			Ok(former) => former,
			Err(error) => {
				let reason = salus_client::one_line(&format!("{error:#}"));
				self.unlinked.push((compartment.number, reason));
				None
			},
		}
	}

	/// Looks for all that is asked with the tags of one epoch of a compartment.
	async fn by_tags(&mut self, compartment: &OpenCompartment) -> anyhow::Result<()> {
		let key = IndexKey::of(&compartment.secret);
		let fields = self.query.tags(&key)?;
		let Some((driver, others)) = fields.split_first() else { return Ok(()) };
		for tag in driver {
			self.follow(*tag, compartment.number, others).await?;
		}
		for tag in index::overflow_queries(&key) {
			self.follow(tag, compartment.number, &[]).await?;
		}
		Ok(())
	}

	/// Goes through the records with a tag, page by page, and keeps those that have one of each other
	/// field's tags.
	async fn follow(
		&mut self,
		tag: Tag,
		compartment: CompartmentNo,
		others: &[Vec<Tag>],
	) -> anyhow::Result<()> {
		let mut after = None;
		while !self.is_over {
			let page = self.at.tagged(self.subject, tag, after).await?;
			for record in page.items {
				if self.is_over || self.seen.contains(&record) {
					continue;
				}
				if !others.is_empty() {
					let tags = self.at.tags_of(record).await?;
					let has_one = |field: &Vec<Tag>| field.iter().any(|tag| tags.contains(tag));
					if !others.iter().all(has_one) {
						continue;
					}
				}
				let Some(view) = self.at.record(record).await? else { continue };
				// Short tags collide, within the compartment and with those of others.
				let is_here = view.compartment == compartment;
				if is_here && self.is_wanted(&view) {
					self.look_into(&view).await?;
				}
			}
			after = page.next;
			if after.is_none() {
				break;
			}
		}
		Ok(())
	}

	/// Opens what has no tags, in the compartments that are open.
	async fn open_untagged(&mut self, unlocked: &Unlocked) -> anyhow::Result<()> {
		let filter = RecordFilter { classes: self.classes(), from: None, until: None };
		let mut start = u32::MAX;
		loop {
			let page = self.at.found_records(self.subject, filter, start).await?;
			for view in page.items {
				let is_new = !self.seen.contains(&view.id) && unlocked.has(view.compartment);
				if self.is_over || !is_new || !self.is_wanted(&view) {
					continue;
				}
				if self.at.tags_of(view.id).await?.is_empty() {
					self.look_into(&view).await?;
				}
			}
			let Some(next) = page.next.filter(|_| !self.is_over) else { return Ok(()) };
			start = next;
		}
	}

	fn classes(&self) -> Classes {
		match self.search.class.as_slice() {
			[] => Classes::ALL,
			some => Classes::of(some),
		}
	}

	fn is_wanted(&self, view: &RecordView) -> bool {
		let is_error = view.status == RecordStatus::EnteredInError;
		!is_error && (self.search.class.is_empty() || self.search.class.contains(&view.class))
	}

	/// Opens a record and prints what in it is looked for.
	async fn look_into(&mut self, view: &RecordView) -> anyhow::Result<()> {
		self.seen.insert(view.id);
		self.spinner
			.set_message(format!("searching: {} opened, {} found", self.opened, self.found));
		let opened = self.room.open(view.id, None, self.search.purpose, Action::Access).await;
		let opened = match opened {
			Ok(opened) => opened,
			Err(error) => {
				self.failed.push((view.id, salus_client::one_line(&format!("{error:#}"))));
				return Ok(());
			},
		};
		self.opened = self.opened.saturating_add(1);
		for terms in terms(&opened.bytes).iter().filter(|terms| self.query.matches(terms)) {
			if self.is_over {
				break;
			}
			let day = terms.days.as_ref().map(|(first, _)| first.as_str());
			let hit = Hit {
				record: view.id,
				version: opened.version.number,
				class: view.class,
				compartment: view.compartment,
				status: view.status,
				author: opened.version.author,
				resource_type: &terms.resource_type,
				day,
				codes: terms.codes.iter().map(code_json).collect(),
				summary: &terms.summary,
				points_at: &terms.records,
			};
			let cells = [
				view.id.to_string(),
				terms.resource_type.clone(),
				day.unwrap_or("-").to_owned(),
				view.status.to_string(),
				shortened(&terms.summary),
			];
			let rows = &mut self.rows;
			let more = self.spinner.suspend(|| rows.print(&hit, cells))?;
			self.found = self.found.saturating_add(1);
			self.is_over = !more || self.found >= self.search.limit;
		}
		Ok(())
	}

	/// What was left out, on stderr, and with `--json` a last line for programs.
	pub(super) fn tell(&self, unlocked: &Unlocked) -> anyhow::Result<()> {
		let failed: Vec<_> = self
			.failed
			.iter()
			.map(|(record, reason)| json!({ "record": record, "reason": reason }))
			.collect();
		if self.room.context.out.is_json() {
			let former: Vec<_> = unlocked.former.iter().map(|one| one.number).collect();
			let unlinked = self.unlinked.iter();
			let unlinked: Vec<_> = unlinked
				.map(|(number, reason)| json!({ "compartment": number, "reason": reason }))
				.collect();
			let summary = json!({
				"found": self.found,
				"opened": self.opened,
				"failed": failed,
				"closedCompartments": unlocked.closed,
				"formerCompartments": former,
				"unlinkedCompartments": unlinked,
			});
			return self.room.context.out.line(&json!({ "summary": summary }));
		}
		eprintln!("{} found, {} records opened", self.found, self.opened);
		if let Some((record, reason)) = self.failed.first() {
			eprintln!("{} could not be opened, the first being {record}: {reason}", failed.len());
		}
		for (number, reason) in &self.unlinked {
			eprintln!("former epochs of compartment {number} were not looked into: {reason}");
		}
		if let Some(complaint) = unlocked.complaint() {
			eprintln!("{complaint}");
		}
		Ok(())
	}
}

fn code_json(code: &Code) -> serde_json::Value {
	json!({ "system": code.system, "code": code.code, "display": code.display })
}

/// The first words of a summary.
fn shortened(text: &str) -> String {
	const SHOWN: usize = 60;
	let text = plain(text);
	match text.char_indices().nth(SHOWN) {
		Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
		None => text,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn long_words_are_cut_for_the_table() {
		assert_eq!(shortened("short"), "short");
		assert_eq!(shortened(&"ä".repeat(100)).chars().count(), 61);
	}
}
