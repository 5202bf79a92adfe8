// SPDX-License-Identifier: Apache-2.0

//! A document, whichever way it was written.

use super::Refusal;
use std::collections::BTreeMap;

/// What both forms of a document say.
#[derive(Default)]
pub(super) struct Document {
	/// Whether the header affirms the transaction statement (DSCSA, section 581(27)).
	pub(super) affirmed: bool,
	/// Classes of products, places and parties.
	pub(super) masters: Vec<Master>,
	/// The events, in the order of the document.
	pub(super) events: Vec<Event>,
	/// What was refused while it was read.
	pub(super) refused: Vec<Refusal>,
}

/// An element of a vocabulary.
pub(super) struct Master {
	pub(super) place: String,
	/// The last word of the vocabulary's type: `EPCClass`, `Location`.
	pub(super) vocabulary: String,
	pub(super) id: String,
	/// By the last word of their names.
	pub(super) attributes: BTreeMap<String, String>,
}

/// A text with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Placed {
	pub(super) place: String,
	pub(super) text: String,
}

/// What kind of event it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
	Object,
	Aggregation,
	/// One of those that no call stands for, by its name.
	Other(String),
}

/// An event. Words of vocabularies are shortened: `shipping`.
pub(super) struct Event {
	pub(super) place: String,
	pub(super) kind: Kind,
	pub(super) id: Option<String>,
	pub(super) time: Option<String>,
	pub(super) action: Option<String>,
	pub(super) step: Option<String>,
	pub(super) epcs: Vec<Placed>,
	pub(super) parent: Option<Placed>,
	pub(super) children: Vec<Placed>,
	/// Whether it speaks of quantities instead of single things.
	pub(super) has_quantities: bool,
	pub(super) lot: Option<String>,
	pub(super) expiry: Option<String>,
	pub(super) made: Option<String>,
	/// Type and party or place.
	pub(super) sources: Vec<(String, Placed)>,
	pub(super) destinations: Vec<(String, Placed)>,
	/// Type and number.
	pub(super) transactions: Vec<(String, String)>,
	/// Whether it was declared an error since.
	pub(super) is_error: bool,
}

impl Event {
	pub(super) fn new(place: String, kind: Kind) -> Self {
		Self {
			place,
			kind,
			id: None,
			time: None,
			action: None,
			step: None,
			epcs: Vec::new(),
			parent: None,
			children: Vec::new(),
			has_quantities: false,
			lot: None,
			expiry: None,
			made: None,
			sources: Vec::new(),
			destinations: Vec::new(),
			transactions: Vec::new(),
			is_error: false,
		}
	}
}

impl Kind {
	pub(super) fn of(name: &str) -> Self {
		match name {
			"ObjectEvent" => Self::Object,
			"AggregationEvent" => Self::Aggregation,
			other => Self::Other(other.into()),
		}
	}
}

/// The last word of a term of the Core Business Vocabulary, in each of the forms it is written in:
/// `urn:epcglobal:cbv:bizstep:shipping`, `https://ref.gs1.org/cbv/BizStep-shipping`, `shipping`.
pub(super) fn word(term: &str) -> &str {
	if let Some((_, term)) = term.rsplit_once("/cbv/") {
		return term.split_once('-').map_or(term, |(_, word)| word);
	}
	match term.strip_prefix("urn:epcglobal:") {
		Some(term) => term.rsplit([':', '#']).next().unwrap_or(term),
		None => term,
	}
}
