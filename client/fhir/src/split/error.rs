// SPDX-License-Identifier: Apache-2.0
//! Why a bundle, or one entry of it, cannot be taken apart.

use core::fmt;

/// Why a document cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitError {
	/// It is not JSON. Validate it first: that says where.
	NotJson,
	/// It is a single resource. File it as it is.
	NotABundle,
	/// It is a bundle of a type that is one whole. File it whole.
	Whole {
		/// Which type.
		bundle_type: String,
	},
	/// It has two patients. A record is about one person: take them apart first.
	TwoPatients,
	/// No entry says something about the patient.
	NothingClinical,
}

impl fmt::Display for SplitError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NotJson => f.write_str("the document is not JSON"),
			Self::NotABundle => {
				f.write_str("the document is a single resource: file it without --split")
			},
			Self::Whole { bundle_type } => {
				write!(f, "a bundle of type {bundle_type} is one whole: file it without --split")
			},
			Self::TwoPatients => f.write_str(
				"the bundle has two patients, and a record is about one person: make a bundle of each",
			),
			Self::NothingClinical => f.write_str(
				"no entry of the bundle says something about the patient: there is nothing to file",
			),
		}
	}
}

impl std::error::Error for SplitError {}

/// Why one entry cannot become a document of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryError {
	/// It is a bundle in the bundle.
	NestedBundle,
	/// What it refers to holds contained resources itself, and those must not be nested.
	NestedContained {
		/// The entry it refers to.
		entry: usize,
	},
	/// It refers to an entry that is not in the bundle.
	Dangling,
}

impl fmt::Display for EntryError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NestedBundle => f.write_str("it is a bundle itself: file it on its own"),
			Self::NestedContained { entry } => write!(
				f,
				"it refers to entry {entry}, whose contained resources cannot go along: file the \
				 bundle whole"
			),
			Self::Dangling => f.write_str("it refers to an entry that is not in the bundle"),
		}
	}
}

impl std::error::Error for EntryError {}
