// SPDX-License-Identifier: Apache-2.0
//! Random secrets as words that a person can write down: twelve of BIP-39, or six of a dice list.

use crate::os_rng;
use bip39::{Language, Mnemonic};
use diceware_wordlists::EFF_LONG_WORDLIST;
use hpke::rand_core::{CryptoRng, Rng};
use std::fmt;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Why words are not the secret they are taken for. None of the texts repeats a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WordsError {
	/// There are more or fewer than there ought to be.
	#[error("{given} words were given, and {expected} are needed")]
	Count {
		/// How many there ought to be.
		expected: usize,
		/// How many there are.
		given: usize,
	},
	/// One is not of the list.
	#[error("word {position} is not of the list: look for a slip of the pen")]
	Unknown {
		/// Which, from 1.
		position: usize,
	},
	/// Each is of the list, but together they are no secret.
	#[error("the words do not belong together: one is wrong, or two have changed places")]
	Checksum,
}

/// Words in lower case, one space between two.
fn tidy(text: &str) -> Zeroizing<String> {
	let flat = Zeroizing::new(text.nfkc().flat_map(char::to_lowercase).collect::<String>());
	let mut tidy = Zeroizing::new(String::with_capacity(flat.len()));
	for word in flat.split_whitespace() {
		if !tidy.is_empty() {
			tidy.push(' ');
		}
		tidy.push_str(word);
	}
	tidy
}

const BIP39_WORDS: usize = 12;

fn to_words(entropy: &[u8; 16]) -> Zeroizing<String> {
	let mnemonic = Mnemonic::from_entropy_in(Language::English, entropy)
		.expect("sixteen bytes make twelve words; qed");
	let mut words = Zeroizing::new(String::with_capacity(BIP39_WORDS * 9));
	for word in mnemonic.words() {
		if !words.is_empty() {
			words.push(' ');
		}
		words.push_str(word);
	}
	words
}

fn from_words(text: &str) -> Result<Zeroizing<[u8; 16]>, WordsError> {
	let text = tidy(text);
	let given = text.split(' ').filter(|word| !word.is_empty()).count();
	if given != BIP39_WORDS {
		return Err(WordsError::Count { expected: BIP39_WORDS, given });
	}
	let mnemonic =
		Mnemonic::parse_in_normalized(Language::English, &text).map_err(|error| match error {
			bip39::Error::UnknownWord(index) => WordsError::Unknown { position: index + 1 },
			_ => WordsError::Checksum,
		})?;
	let (entropy, _) = mnemonic.to_entropy_array();
	let entropy = Zeroizing::new(entropy);
	let mut secret = Zeroizing::new([0; 16]);
	secret.copy_from_slice(&entropy[..16]);
	Ok(secret)
}

macro_rules! word_secrets {
	($($(#[$doc:meta])* $name:ident;)*) => {$(
		$(#[$doc])*
		#[derive(Clone, Zeroize, ZeroizeOnDrop)]
		pub struct $name([u8; 16]);

		impl $name {
			/// Draws a fresh one from the operating system.
			pub fn generate() -> Self {
				let mut bytes = Zeroizing::new([0; 16]);
				os_rng().fill_bytes(bytes.as_mut());
				Self(*bytes)
			}

			/// Takes the bytes as they are. Wipe the original.
			pub fn from_bytes(bytes: [u8; 16]) -> Self {
				Self(bytes)
			}

			/// Reads its twelve words, however they are spaced and capitalised.
			pub fn from_words(words: &str) -> Result<Self, WordsError> {
				from_words(words).map(|bytes| Self(*bytes))
			}

			/// The bytes, as for a QR code. Whoever copies them out wipes the copy.
			pub fn expose(&self) -> &[u8; 16] {
				&self.0
			}

			/// Twelve words of the English list of BIP-39, the last of which checks the others.
			pub fn to_words(&self) -> Zeroizing<String> {
				to_words(&self.0)
			}
		}

		impl PartialEq for $name {
			fn eq(&self, other: &Self) -> bool {
				self.0.ct_eq(&other.0).into()
			}
		}

		impl Eq for $name {}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str(concat!(stringify!($name), "(..)"))
			}
		}
	)*};
}

word_secrets! {
	/// What makes guessing a password hopeless: 128 random bits, on every device of its owner and
	/// on a sheet of paper, mixed into the stretching.
	SecretKey;
	/// What opens a vault when password or secret key is lost: 128 random bits on a sheet of paper.
	RecoveryCode;
}

/// Six random words of the long dice list of the Electronic Frontier Foundation: 77.5 bits. It is
/// drawn, never chosen, because with a name it is all that a login takes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
	/// How many words it has.
	pub const WORDS: usize = 6;

	/// Draws a fresh one from the operating system.
	pub fn generate() -> Self {
		Self::generate_with_rng(&mut os_rng())
	}

	/// As [`Self::generate`], from other random numbers.
	pub fn generate_with_rng(rng: &mut impl CryptoRng) -> Self {
		let mut words = String::with_capacity(Self::WORDS * 10);
		for number in 0..Self::WORDS {
			if number > 0 {
				words.push(' ');
			}
			words.push_str(EFF_LONG_WORDLIST[draw_index(rng)]);
		}
		Self(words)
	}

	/// Reads its words, however they are spaced and capitalised.
	pub fn from_words(text: &str) -> Result<Self, WordsError> {
		let text = tidy(text);
		let words = || text.split(' ').filter(|word| !word.is_empty());
		let given = words().count();
		if given != Self::WORDS {
			return Err(WordsError::Count { expected: Self::WORDS, given });
		}
		match words().position(|word| !EFF_LONG_WORDLIST.contains(&word)) {
			Some(index) => Err(WordsError::Unknown { position: index + 1 }),
			None => Ok(Self(text.as_str().into())),
		}
	}

	/// The words, with one space between two.
	pub fn expose(&self) -> &str {
		&self.0
	}
}

impl fmt::Debug for Passphrase {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("Passphrase(..)")
	}
}

/// A number below the length of the list, each as likely as any other.
fn draw_index(rng: &mut impl CryptoRng) -> usize {
	const WORDS: u16 = EFF_LONG_WORDLIST.len() as u16;
	/// The largest multiple of the length: above it, some numbers would come more often.
	const FAIR: u16 = u16::MAX - u16::MAX % WORDS;
	loop {
		let mut bytes = [0; 2];
		rng.fill_bytes(&mut bytes);
		let number = u16::from_le_bytes(bytes);
		if number < FAIR {
			return usize::from(number % WORDS);
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_secret_comes_back_from_its_words() {
		let key = SecretKey::generate();
		let words = key.to_words();
		assert_eq!(words.split(' ').count(), 12);
		assert_eq!(SecretKey::from_words(&words), Ok(key.clone()));
		let scrawled = format!("  {}\n", words.to_uppercase().replace(' ', " \t\u{3000}"));
		assert_eq!(SecretKey::from_words(&scrawled), Ok(key));
		assert_ne!(RecoveryCode::generate(), RecoveryCode::generate());
	}

	#[test]
	fn the_published_words_are_reproduced() {
		// The first vectors of BIP-39.
		let zeros = RecoveryCode::from_bytes([0; 16]);
		let words = format!("{}about", "abandon ".repeat(11));
		assert_eq!(*zeros.to_words(), words);
		let ones = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";
		assert_eq!(RecoveryCode::from_words(ones), Ok(RecoveryCode::from_bytes([0xff; 16])));
	}

	#[test]
	fn wrong_words_are_told_apart() {
		let read = |words: &str| SecretKey::from_words(words).unwrap_err();
		assert_eq!(read(""), WordsError::Count { expected: 12, given: 0 });
		assert_eq!(read(&"zoo ".repeat(11)), WordsError::Count { expected: 12, given: 11 });
		assert_eq!(read(&"zoo ".repeat(15)), WordsError::Count { expected: 12, given: 15 });
		assert_eq!(read(&"zoo ".repeat(12)), WordsError::Checksum);
		let swapped = "wrong zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo";
		assert_eq!(read(swapped), WordsError::Checksum);
		let slip = "zoo zoo zo0 zoo zoo zoo zoo zoo zoo zoo zoo wrong";
		assert_eq!(read(slip), WordsError::Unknown { position: 3 });
	}

	#[test]
	fn no_secret_is_printed() {
		let key = SecretKey::from_bytes([7; 16]);
		assert_eq!(format!("{key:?}"), "SecretKey(..)");
		assert_eq!(format!("{:?}", Passphrase::generate()), "Passphrase(..)");
		let error = SecretKey::from_words(&"hunter2 ".repeat(12)).unwrap_err();
		assert!(!error.to_string().contains("hunter2"));
	}

	#[test]
	fn a_passphrase_is_worth_77_bits() {
		let distinct: std::collections::BTreeSet<_> = EFF_LONG_WORDLIST.iter().collect();
		assert_eq!(distinct.len(), 7_776);
		let bits = (distinct.len() as f64).log2() * Passphrase::WORDS as f64;
		assert!(bits >= 77.0, "{bits}");
		// Nothing in the list is lost by being tidied.
		assert!(EFF_LONG_WORDLIST.iter().all(|word| *tidy(word) == **word));
	}

	#[test]
	fn a_passphrase_is_read_however_it_is_spaced() {
		let drawn = Passphrase::generate();
		assert_eq!(drawn.expose().split(' ').count(), 6);
		let typed = format!(" {}", drawn.expose().to_uppercase().replace(' ', "  "));
		assert_eq!(Passphrase::from_words(&typed).unwrap().expose(), drawn.expose());
	}

	#[test]
	fn a_chosen_passphrase_is_refused() {
		let read = |words: &str| Passphrase::from_words(words).unwrap_err();
		assert_eq!(read("abacus zoom"), WordsError::Count { expected: 6, given: 2 });
		let chosen = "abacus zoom abacus zoom abacus hunter2";
		assert_eq!(read(chosen), WordsError::Unknown { position: 6 });
	}

	#[test]
	fn no_word_comes_more_often_than_others() {
		use hpke::rand_core::{TryCryptoRng, TryRng};
		/// Counts all numbers of two bytes once, from the last down.
		struct Down(u16);
		impl TryRng for Down {
			type Error = std::convert::Infallible;
			fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
				unreachable!("bytes are drawn")
			}
			fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
				unreachable!("bytes are drawn")
			}
			fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
				self.0 -= 1;
				bytes.copy_from_slice(&self.0.to_le_bytes());
				Ok(())
			}
		}
		impl TryCryptoRng for Down {}

		let mut rng = Down(u16::MAX);
		let mut counts = vec![0; 7_776];
		for _ in 0..7_776 * 8 {
			counts[draw_index(&mut rng)] += 1;
		}
		assert!(counts.iter().all(|count| *count == 8));
	}
}
