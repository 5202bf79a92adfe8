// SPDX-License-Identifier: Apache-2.0

//! Which passwords are taken. The one place of the rule; that of login names is
//! [`LoginName`](crate::login::LoginName).
//!
//! A password is stretched together with a secret key of 128 bits, so that a guesser of what stands
//! on chain gets nowhere, however weak it is. Alone it protects somebody whose secret key was found:
//! the sheet it is printed on. Hence a floor of ten characters and 10⁸ guesses by the estimate of
//! zxcvbn: five months on the core that `docs/threat-model.md` measured, and no word with a number
//! behind it.
//! What opens a vault without a secret key is never chosen but generated: six random words.

use crate::login::Password;
use zeroize::Zeroizing;
use zxcvbn::{feedback::Feedback, zxcvbn};

/// How many characters a password has at least.
pub const MIN_CHARACTERS: usize = 10;
/// How many guesses it takes at least, as a power of ten.
pub const MIN_GUESSES_LOG10: f64 = 8.0;
/// Why a password is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WeakPassword {
	/// It is too short to think about.
	#[error(
		"the password is too short: it has {0} characters, and needs {MIN_CHARACTERS}; four random \
		 words are easy to keep in mind"
	)]
	Short(usize),
	/// It would be guessed.
	#[error("the password would be guessed: {reason}")]
	Guessable {
		/// What the estimator says of it.
		reason: String,
	},
}

/// Checks a password that somebody chose. `known` is what others know of that person: the login
/// name, the legal name, the address.
pub fn check_password(password: &str, known: &[&str]) -> Result<(), WeakPassword> {
	let password = &*normalised(password);
	let characters = password.chars().count();
	if characters < MIN_CHARACTERS {
		return Err(WeakPassword::Short(characters));
	}
	// Whole, and the words in them: a name with a dot in it is two.
	let words = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
	let known: Vec<_> =
		known.iter().copied().chain(words).filter(|word| !word.is_empty()).collect();
	let estimate = zxcvbn(password, &known);
	if estimate.guesses_log10() >= MIN_GUESSES_LOG10 {
		return Ok(());
	}
	let guesses = format!("it takes about 10^{:.0} guesses", estimate.guesses_log10().floor());
	let reason =
		estimate.feedback().map_or_else(|| guesses.clone(), |words| advice(&guesses, words));
	Err(WeakPassword::Guessable { reason })
}

/// A password in the one form that every keyboard leads to: what is judged is what is stretched.
pub(crate) fn normalised(password: &str) -> Zeroizing<String> {
	// What is no password of a login, being empty or too long, stays as it is.
	let form = Password::new(password).map(|password| password.expose().to_owned());
	Zeroizing::new(form.unwrap_or_else(|_| password.to_owned()))
}

fn advice(guesses: &str, feedback: &Feedback) -> String {
	let warning = feedback.warning().map(|warning| warning.to_string());
	let suggestions = feedback.suggestions().iter().map(|suggestion| suggestion.to_string());
	let all: Vec<_> = warning.into_iter().chain(suggestions).collect();
	let all: Vec<_> = all.iter().map(|text| text.trim_end_matches('.')).collect();
	if all.is_empty() { guesses.into() } else { format!("{guesses}. {}", all.join(". ")) }
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn weak_passwords_are_refused_with_the_reason() {
		let said = |password: &str| check_password(password, &[]).unwrap_err().to_string();
		assert!(said("").contains("it has 0 characters"));
		assert!(said("Tr0ub4dor").contains("it has 9 characters, and needs 10"));
		assert!(said("password123").contains("10^"), "{}", said("password123"));
		for weak in ["1234567890", "qwertyuiop", "aaaaaaaaaaaa", "abcabcabcabc", "password2026"] {
			let text = said(weak);
			assert!(text.starts_with("the password would be guessed: it takes about"), "{text}");
			assert!(text.len() > 60 && !text.contains(weak), "the reason stands there: {text}");
		}
	}

	#[test]
	fn what_others_know_makes_no_password() {
		let known = ["ana.example", "Ana Example-Beispiel"];
		for weak in ["anaexample", "AnaExample", "ana.example"] {
			assert!(check_password(weak, &known).is_err(), "{weak}");
		}
	}

	#[test]
	fn letters_of_another_width_make_no_better_password() {
		let (wide, narrow) = ("ｐａｓｓｗｏｒｄ１２３", "password123");
		assert_eq!(check_password(wide, &[]), check_password(narrow, &[]));
		assert!(check_password(wide, &[]).is_err());
		// One letter of eighteen, once it is written out.
		assert_eq!(*normalised("\u{fdfa}"), *normalised(&normalised("\u{fdfa}")));
		assert_eq!(*normalised(""), "");
	}

	#[test]
	fn good_passwords_are_taken() {
		for good in ["correct horse battery staple", "gnu-Kessel/42-matt", "птица летит над рекой"]
		{
			assert_eq!(check_password(good, &["ana"]), Ok(()), "{good}");
		}
	}

	#[test]
	fn a_megabyte_is_judged_at_once() {
		let start = std::time::Instant::now();
		assert!(check_password(&"ab".repeat(1 << 19), &[]).is_err());
		assert!(start.elapsed().as_secs() < 5);
	}
}
