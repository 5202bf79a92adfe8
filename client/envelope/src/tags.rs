// SPDX-License-Identifier: Apache-2.0
//! Blind-index tags: records found by a term that the chain never sees.
//!
//! A tag leaks that two records of a compartment have the same term. Which fields may have tags, how
//! long they are and how they are partitioned is decided per field, with that in mind: never a yes
//! or no, never a rare flag alone.

use crate::{
	CompartmentSecret, Secret,
	keys::{expand, sealed::Sealed},
};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Why text is not a term.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TermError {
	/// Nothing is left after trimming.
	#[error("the term is empty")]
	Empty,
	/// A code has a `|` in it that is not around a display text at its end. Give the code alone: the
	/// code system belongs to the field.
	#[error("give the code alone, without its code system")]
	CodeSystem,
}

/// A value in the one form in which it is hashed, so that everyone finds what anyone filed.
#[derive(Clone, PartialEq, Eq)]
pub struct Term(String);

impl Term {
	/// A code such as `718-7`: NFC, trimmed, upper case, NFC again; the display text of SNOMED CT's
	/// `73211009 |Diabetes mellitus|` is dropped.
	pub fn code(text: &str) -> Result<Self, TermError> {
		let text = text.trim();
		let code = match text.strip_suffix('|').and_then(|text| text.split_once('|')) {
			Some((code, display)) if !display.contains('|') => code,
			_ => text,
		};
		if code.contains('|') {
			return Err(TermError::CodeSystem);
		}
		let code = Self::text(code)?.0.to_uppercase();
		Ok(Self(code.nfc().collect()))
	}

	/// Any other value, such as an identifier or a month: NFC, trimmed, case kept.
	pub fn text(text: &str) -> Result<Self, TermError> {
		let normal: String = text.nfc().collect();
		match normal.trim() {
			"" => Err(TermError::Empty),
			trimmed => Ok(Self(trimmed.to_owned())),
		}
	}

	/// The normal form.
	pub fn as_str(&self) -> &str {
		&self.0
	}
}

impl fmt::Debug for Term {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("Term(..)")
	}
}

/// The key under which the terms of one epoch of a compartment are hashed. Who holds it can test
/// guesses against every tag of the compartment.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct IndexKey([u8; 32]);

impl Sealed for IndexKey {}

impl IndexKey {
	/// The index key of a compartment's epoch.
	pub fn of(compartment: &CompartmentSecret) -> Self {
		let (_, prk) = Hkdf::<Sha256>::extract(None, compartment.expose());
		Self(*expand(&prk, &[b"hre1/index"]))
	}

	/// The 32 bytes, for a search service that the patient trusts with the terms.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}

	/// Tag of a field with many values, such as an identifier. The partition splits what is too
	/// frequent; 0 where the field has none.
	pub fn tag(&self, field: u8, partition: u8, term: &Term) -> [u8; 16] {
		self.truncated(field, partition, term)
	}

	/// Tag of a field with few values: so short that different terms collide, and hide.
	pub fn short_tag(&self, field: u8, partition: u8, term: &Term) -> [u8; 4] {
		self.truncated(field, partition, term)
	}

	fn truncated<const N: usize>(&self, field: u8, partition: u8, term: &Term) -> [u8; N] {
		let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0)
			.expect("HMAC takes keys of every length; qed");
		mac.update(&[field, partition]);
		mac.update(term.0.as_bytes());
		let mut tag = [0; N];
		tag.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(byte, full)| *byte = full);
		tag
	}
}

impl fmt::Debug for IndexKey {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("IndexKey(..)")
	}
}
