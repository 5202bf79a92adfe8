// SPDX-License-Identifier: Apache-2.0

//! Why a text is no Digital Link.

use crate::{Ai, CodeError};
use alloc::string::String;
use core::fmt;

/// Why a text is no Digital Link, or elements make none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DigitalLinkError {
	/// The address does not begin with `https://` or `http://`.
	NotHttp,
	/// The domain is empty or has characters that no domain has. User names are refused.
	BadHost {
		/// What is given.
		given: String,
	},
	/// A character that no address has; it has to be percent-encoded.
	BadCharacter {
		/// Where it stands.
		at: u32,
		/// The byte found there.
		byte: u8,
	},
	/// Nothing in the path is a key with a value. A compressed link is not read here: ask its
	/// resolver.
	NoKey,
	/// Behind the last value stands another slash.
	TrailingSlash,
	/// An identifier of digits that is not known here.
	UnknownAi {
		/// What is given.
		given: String,
	},
	/// A value does not fit its identifier.
	Field {
		/// The identifier.
		ai: Ai,
		/// What is wrong with the value, percent-encoding undone.
		cause: CodeError,
	},
	/// A percent sign without two hexadecimal digits behind it.
	BadPercentEncoding {
		/// The identifier whose value has it.
		ai: Ai,
		/// Where in the value it stands.
		at: u32,
	},
	/// An identifier in the path does not qualify the key, or not beside another one there.
	NotAQualifier {
		/// The key.
		key: Ai,
		/// The identifier.
		ai: Ai,
	},
	/// Qualifiers stand in another order than the standard's.
	QualifierOrder {
		/// The one that comes too late.
		ai: Ai,
	},
	/// An identifier that belongs into the path stands in the query.
	NotAnAttribute {
		/// The identifier.
		ai: Ai,
	},
	/// An identifier stands twice.
	DuplicateAi {
		/// The identifier.
		ai: Ai,
	},
}

impl fmt::Display for DigitalLinkError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NotHttp => f.write_str("a Digital Link begins with https:// or http://"),
			Self::BadHost { given } => write!(f, "`{given}` is no domain"),
			Self::BadCharacter { at, byte } => write!(
				f,
				"the byte 0x{byte:02x} at {at} cannot stand in an address; percent-encode it"
			),
			Self::NoKey => f.write_str(
				"the path has no key with its value, such as /01/09506000134352; a compressed link \
				 has to be asked of its resolver",
			),
			Self::TrailingSlash => {
				f.write_str("a slash stands behind the last value; leave it out")
			},
			Self::UnknownAi { given } => {
				write!(f, "({given}) is no application identifier of drugs and devices")
			},
			Self::Field { ai, cause } => write!(f, "{ai} {}: {cause}", ai.title()),
			Self::BadPercentEncoding { ai, at } => write!(
				f,
				"{ai} {}: no two hexadecimal digits follow the percent sign at {at}; write %25 for \
				 the sign itself",
				ai.title()
			),
			Self::NotAQualifier { key, ai } => {
				write!(
					f,
					"{ai} does not qualify {key} here; move it into the query or leave it out"
				)
			},
			Self::QualifierOrder { ai } => {
				write!(f, "{ai} comes too late; qualifiers stand in the order 22, 10, 21")
			},
			Self::NotAnAttribute { ai } => {
				write!(f, "{ai} {} belongs into the path, not into the query", ai.title())
			},
			Self::DuplicateAi { ai } => write!(f, "{ai} {} stands twice", ai.title()),
		}
	}
}

impl core::error::Error for DigitalLinkError {}
