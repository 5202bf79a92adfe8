// SPDX-License-Identifier: Apache-2.0
//! `K_s` among several custodians: Shamir's scheme over GF(2^8), byte by byte.
//!
//! The field is that of AES, and the arithmetic is that of `vsss-rs`, which takes the same time
//! whatever the values. The rules are in `docs/hre1.md`, section 4.1.

use crate::{CustodianShare, Secret, os_rng};
use hpke::rand_core::CryptoRng;
use std::array;
use vsss_rs::{DefaultShare, Gf256, IdentifierGf256, Polynomial};
use zeroize::Zeroizing;

/// The most custodians that one key can be divided among.
pub const MAX_PARTS: u8 = 8;

/// The coefficients of a polynomial of the highest degree there is: the crate keeps the constant in
/// the value of the first, and the others in their identifiers.
type Coefficients = [DefaultShare<IdentifierGf256, IdentifierGf256>; MAX_PARTS as usize];

/// Why a key cannot be divided, or parts do not give one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PartsError {
	/// There is no such division.
	#[error(
		"{threshold} of {of} is no way to divide a key: there are 1 to {MAX_PARTS} parts, and at least \
		 one and at most all of them open it"
	)]
	NoDivision {
		/// How many parts should open it.
		threshold: u8,
		/// How many there should be.
		of: u8,
	},
	/// Fewer parts than it takes.
	#[error("{found} parts are there, and it takes {needed}: ask another custodian for its part")]
	TooFew {
		/// How many there are.
		found: usize,
		/// How many it takes.
		needed: u8,
	},
	/// The division has no part of that number.
	#[error("there is no part {0}: whoever gave it out erred, ask another custodian")]
	NoSuchPart(u8),
	/// The same number twice: one part is not the one it is called.
	#[error("part {0} came twice: one of the two is called wrongly, ask another custodian")]
	Repeated(u8),
}

/// How a key is divided: any `threshold` of the parts give it, and fewer say nothing about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Division {
	threshold: u8,
	of: u8,
}

impl Division {
	/// `threshold` of `of`.
	pub fn new(threshold: u8, of: u8) -> Result<Self, PartsError> {
		if (1..=MAX_PARTS).contains(&of) && (1..=of).contains(&threshold) {
			Ok(Self { threshold, of })
		} else {
			Err(PartsError::NoDivision { threshold, of })
		}
	}

	/// How many parts open.
	pub fn threshold(&self) -> u8 {
		self.threshold
	}

	/// How many parts there are.
	pub fn of(&self) -> u8 {
		self.of
	}
}

/// What one of several custodians keeps of a `K_s`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyPart {
	/// Its number, from 1: where the polynomials were evaluated.
	pub index: u8,
	/// Its bytes: as many as `K_s` has, and deposited and released as `K_s` is.
	pub share: CustodianShare,
}

impl CustodianShare {
	/// Divides `K_s`: one part for each custodian, in the order of their numbers.
	pub fn divide(&self, division: Division) -> Vec<KeyPart> {
		self.divide_with_rng(division, &mut os_rng())
	}

	/// As [`Self::divide`], with random numbers of the caller's choice: for each byte of `K_s` one
	/// number of 32 bits is drawn per coefficient, whose lowest eight count.
	pub fn divide_with_rng(&self, division: Division, rng: &mut impl CryptoRng) -> Vec<KeyPart> {
		let degree = usize::from(division.threshold);
		let mut bytes = Zeroizing::new([[0; 32]; MAX_PARTS as usize]);
		// Wiped when dropped, as all that a byte of the key could be computed from.
		let mut polynomial = Zeroizing::new(<Coefficients as Polynomial<_>>::create(degree));
		let mut value = Zeroizing::new(IdentifierGf256::default());
		for (place, byte) in self.expose().iter().enumerate() {
			let constant = Zeroizing::new(IdentifierGf256(Gf256(*byte)));
			polynomial
				.fill(&constant, &mut *rng, degree)
				.expect("a division has no more parts than there are coefficients; qed");
			for (index, part) in (1..=division.of).zip(bytes.iter_mut()) {
				polynomial.evaluate_in_place(&IdentifierGf256(Gf256(index)), degree, &mut value);
				if let Some(target) = part.get_mut(place) {
					*target = value.0.0;
				}
			}
		}
		let parts = (1..=division.of).zip(bytes.iter());
		parts.map(|(index, part)| KeyPart { index, share: Self::from_bytes(*part) }).collect()
	}

	/// Puts `K_s` together from the first parts that it takes.
	///
	/// Parts carry no proof: wrong ones give a wrong key, which the commitment of the object shows
	/// ([`crate::Header::is_of`]). Whoever has more parts than it takes tries others then.
	pub fn restore(division: Division, parts: &[KeyPart]) -> Result<Self, PartsError> {
		let needed = usize::from(division.threshold);
		let Some(used) = parts.get(..needed) else {
			return Err(PartsError::TooFew { found: parts.len(), needed: division.threshold });
		};
		for (place, part) in used.iter().enumerate() {
			if !(1..=division.of).contains(&part.index) {
				return Err(PartsError::NoSuchPart(part.index));
			}
			if used.iter().take(place).any(|before| before.index == part.index) {
				return Err(PartsError::Repeated(part.index));
			}
		}
		if let [whole] = used {
			return Ok(whole.share.clone());
		}
		let points = Zeroizing::new(used.iter().map(point).collect::<Vec<_>>());
		let restored = Zeroizing::new(
			Gf256::combine_bytes(&*points).expect("two or more parts of different numbers; qed"),
		);
		let mut bytes = Zeroizing::new([0; 32]);
		bytes.iter_mut().zip(restored.iter()).for_each(|(target, byte)| *target = *byte);
		Ok(Self::from_bytes(*bytes))
	}
}

/// A part as the crate takes it: its number, and its bytes.
fn point(part: &KeyPart) -> Vec<u8> {
	let bytes: Zeroizing<[u8; 33]> = Zeroizing::new(array::from_fn(|place| match place {
		0 => part.index,
		_ => part.share.expose().get(place - 1).copied().unwrap_or_default(),
	}));
	bytes.to_vec()
}
