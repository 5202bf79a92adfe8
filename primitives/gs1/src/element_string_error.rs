// SPDX-License-Identifier: Apache-2.0

//! Why an element string is refused.

use crate::{Ai, CodeError};
use alloc::string::String;
use core::fmt;

/// Why an element string is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ElementStringError {
	/// There are no elements. Scan again.
	Empty,
	/// The symbol is none that carries element strings.
	UnknownSymbology {
		/// The identifier given.
		given: String,
	},
	/// The data go on with an application identifier that is not known here.
	UnknownAi {
		/// What stands there, up to four characters.
		given: String,
		/// Where it stands.
		at: u32,
	},
	/// A value does not fit its identifier.
	Field {
		/// The identifier.
		ai: Ai,
		/// What is wrong with the value.
		cause: CodeError,
	},
	/// A field of variable length goes on past its bound, with no separator: the separator was lost,
	/// and fields ran together. Set the reader to send group separators.
	FieldRunTogether {
		/// The identifier.
		ai: Ai,
		/// Characters up to the next separator or the end.
		given: u32,
		/// Characters that fit.
		max: u16,
	},
	/// A field of one length, which still needs a separator behind it, is followed by more.
	MissingSeparator {
		/// The identifier.
		ai: Ai,
	},
	/// Two separators in a row: a field between them is missing.
	EmptyElement {
		/// Where the second stands.
		at: u32,
	},
	/// An identifier stands twice, or with two values. One item has one value of each.
	DuplicateAi {
		/// The identifier.
		ai: Ai,
	},
	/// A bracket opens and no identifier with its closing bracket follows. A bracket within a value
	/// is written `\(`.
	BadBracket {
		/// Where it stands.
		at: u32,
	},
	/// An identifier lacks one that belongs to it.
	Lacks {
		/// The identifier.
		ai: Ai,
		/// At least one of these belongs to it.
		one_of: &'static [Ai],
	},
	/// Two identifiers cannot mark one item.
	Contradicts {
		/// The one.
		ai: Ai,
		/// The other.
		other: Ai,
	},
}

impl fmt::Display for ElementStringError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Empty => f.write_str("there are no elements; scan again"),
			Self::UnknownSymbology { given } => write!(
				f,
				"a symbol `{given}` carries no element string; known are ]C1 ]d2 ]Q3 ]e0 ]J1, and \
				 if only the case differs, switch Caps Lock off"
			),
			Self::UnknownAi { given, at } => write!(
				f,
				"`{given}` at {at} begins no application identifier of drugs and devices; a lost \
				 separator before it looks the same"
			),
			Self::Field { ai, cause } => write!(f, "{ai} {}: {cause}", ai.title()),
			Self::FieldRunTogether { ai, given, max } => write!(
				f,
				"{ai} {} has {given} characters and {max} fit: fields ran together; set the reader \
				 to send group separators (ASCII 29)",
				ai.title()
			),
			Self::MissingSeparator { ai } => write!(
				f,
				"a group separator (ASCII 29) is missing behind {ai} {}; set the reader to send it",
				ai.title()
			),
			Self::EmptyElement { at } => {
				write!(f, "there is no field before the separator at {at}; scan again")
			},
			Self::DuplicateAi { ai } => {
				write!(f, "{ai} {} stands twice; scan one item at a time", ai.title())
			},
			Self::BadBracket { at } => write!(
				f,
				"the bracket at {at} opens no application identifier; within a value write \\("
			),
			Self::Lacks { ai, one_of } => {
				write!(f, "{ai} {} needs", ai.title())?;
				for (n, other) in one_of.iter().enumerate() {
					write!(f, "{} {other}", if n == 0 { "" } else { " or" })?;
				}
				f.write_str("; scan the other symbol of the item too")
			},
			Self::Contradicts { ai, other } => {
				write!(f, "{ai} and {other} cannot mark one item; scan one item at a time")
			},
		}
	}
}

impl core::error::Error for ElementStringError {}
