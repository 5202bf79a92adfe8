// SPDX-License-Identifier: Apache-2.0

//! What a person logs in with: asked for, read from files, drawn and shown once.

use crate::{
	commands::account::first_line,
	context::{Context, ask_line},
};
use anyhow::{Context as _, bail};
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use salus_client::{
	keystore::write_private,
	login::{Credentials, LoginName, Passphrase, Password, RecoveryCode, SecretKey},
	password,
};
use serde_json::{Map, Value};
use std::{
	fs,
	io::{self, IsTerminal},
	path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// How a new login is chosen.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Login")]
pub(crate) struct NewLogin {
	/// The login name: only you need to know it. No e-mail address, no telephone number.
	#[arg(long, value_name = "NAME")]
	pub(crate) login_name: Option<String>,
	/// Log in with a generated passphrase of six words instead of a password and a secret key.
	#[arg(long)]
	generated_passphrase: bool,
	/// Write the secret key into this file instead of showing it.
	#[arg(long, value_name = "FILE", conflicts_with = "generated_passphrase")]
	secret_key_file: Option<PathBuf>,
	/// Write the generated passphrase into this file instead of showing it.
	#[arg(long, value_name = "FILE", requires = "generated_passphrase")]
	passphrase_file: Option<PathBuf>,
	/// Write the recovery code into this file instead of showing it.
	#[arg(long, value_name = "FILE")]
	recovery_code_file: Option<PathBuf>,
	/// Do not ask whether to go on, nor whether what is shown was written down.
	#[arg(long)]
	pub(crate) yes: bool,
}

/// What was drawn, to be shown this once or written into files.
#[derive(Default)]
pub(crate) struct Drawn {
	secrets: Vec<Secret>,
}

struct Secret {
	/// As what JSON names it.
	field: &'static str,
	title: &'static str,
	words: Zeroizing<String>,
	file: Option<PathBuf>,
	as_qr: bool,
}

impl Drawn {
	/// A recovery code.
	pub(crate) fn recovery(code: &RecoveryCode, file: Option<PathBuf>) -> Self {
		let mut drawn = Self::default();
		drawn.add("recoveryCode", "Recovery code", code.to_words(), file, false);
		drawn
	}

	/// The phrase that brings a new account back.
	pub(crate) fn phrase(phrase: &str) -> Self {
		let mut drawn = Self::default();
		drawn.add("phrase", "Recovery phrase", Zeroizing::new(phrase.into()), None, false);
		drawn
	}

	fn add(
		&mut self,
		field: &'static str,
		title: &'static str,
		words: Zeroizing<String>,
		file: Option<PathBuf>,
		as_qr: bool,
	) {
		self.secrets.push(Secret { field, title, words, file, as_qr });
	}

	/// Takes what was drawn elsewhere as well.
	pub(crate) fn and(mut self, mut other: Self) -> Self {
		self.secrets.append(&mut other.secrets);
		self
	}

	/// Refuses files that exist: what stands in them may be the only copy of something.
	pub(crate) fn check_files(&self) -> anyhow::Result<()> {
		for path in self.secrets.iter().filter_map(|secret| secret.file.as_ref()) {
			if path.exists() {
				bail!("{} exists already: name another file for it", path.display());
			}
		}
		Ok(())
	}

	/// Hands everything over, before the chain hears of anything: what replaces an old login must
	/// be in somebody's hands when the old one ends. With JSON, what has no file comes with the
	/// answer.
	pub(crate) fn hand_over(&self, context: &Context, yes: bool) -> anyhow::Result<()> {
		context.out.tell(self.to_text().trim_start_matches('\n'))?;
		if context.is_interactive() && self.secrets.iter().any(|secret| secret.file.is_none()) {
			context.confirm("Is it written down?", yes)?;
		}
		self.write()
	}

	/// Writes the files.
	fn write(&self) -> anyhow::Result<()> {
		for secret in &self.secrets {
			let Some(path) = &secret.file else { continue };
			let line = Zeroizing::new(format!("{}\n", secret.words.as_str()));
			write_private(path, line.as_bytes(), false)
				.with_context(|| format!("{} cannot be written", path.display()))?;
		}
		Ok(())
	}

	/// What is not in a file, for programs; the names of the files for the rest.
	pub(crate) fn to_json(&self) -> Map<String, Value> {
		let value = |secret: &Secret| match &secret.file {
			Some(path) => Value::from(path.display().to_string()),
			None => Value::from(secret.words.as_str()),
		};
		let name = |secret: &Secret| match secret.file {
			Some(_) => format!("{}File", secret.field),
			None => secret.field.into(),
		};
		self.secrets.iter().map(|secret| (name(secret), value(secret))).collect()
	}

	/// The same for people: words, and what a camera reads.
	fn to_text(&self) -> String {
		let mut text = String::new();
		for Secret { title, words, file, as_qr, .. } in &self.secrets {
			match file {
				Some(path) => text += &format!("\n\n{title}: in {}", path.display()),
				None => {
					text += &format!(
						"\n\n{title}, shown this once. Write it on paper and keep it from \
						 others:\n\n    {}",
						words.as_str()
					);
					if *as_qr && let Some(code) = qr(words) {
						text += &format!("\n\n{code}");
					}
				},
			}
		}
		text
	}
}

/// A text as a QR code of half blocks, two modules to a character.
fn qr(text: &str) -> Option<String> {
	let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
	// For a dark terminal; on a light one it is inverted, which cameras read as well.
	let code = code
		.render::<Dense1x2>()
		.dark_color(Dense1x2::Dark)
		.light_color(Dense1x2::Light)
		.quiet_zone(true)
		.build();
	Some(code)
}

impl NewLogin {
	/// Whether a login was asked for by any option.
	pub(crate) fn is_wanted(&self) -> bool {
		self.login_name.is_some()
	}

	/// Whether something was said that only makes sense with a vault.
	pub(crate) fn asks_for_vault(&self) -> bool {
		self.generated_passphrase
			|| self.secret_key_file.is_some()
			|| self.recovery_code_file.is_some()
	}

	/// The name: given, or typed.
	pub(crate) fn name(&self) -> anyhow::Result<LoginName> {
		login_name(self.login_name.as_deref(), "--login-name")
	}

	/// Whether a password is to be chosen.
	pub(crate) fn has_password(&self) -> bool {
		!self.generated_passphrase
	}

	/// The credentials of a new login, and what of them was drawn. `password` is not looked at with a
	/// generated passphrase; `known` is what others know of the person.
	pub(crate) fn draw(
		&self,
		name: &LoginName,
		password: &Zeroizing<String>,
		known: &[&str],
	) -> anyhow::Result<(Credentials, Drawn)> {
		let name = name.clone();
		let mut drawn = Drawn::default();
		if self.generated_passphrase {
			let passphrase = Passphrase::generate();
			let (words, file) = (passphrase.expose().to_owned(), self.passphrase_file.clone());
			drawn.add("passphrase", "Passphrase", Zeroizing::new(words), file, false);
			return Ok((Credentials::Passphrase { name, passphrase }, drawn));
		}
		let known: Vec<_> = known.iter().copied().chain([name.as_str()]).collect();
		password::check_password(password, &known)?;
		let (password, secret_key) = (Password::new(password)?, SecretKey::generate());
		let file = self.secret_key_file.clone();
		drawn.add("secretKey", "Secret key", secret_key.to_words(), file, true);
		Ok((Credentials::Password { name, password, secret_key }, drawn))
	}

	/// A recovery code, and how it is shown.
	pub(crate) fn draw_recovery(&self) -> (Credentials, Drawn) {
		let code = RecoveryCode::generate();
		let drawn = Drawn::recovery(&code, self.recovery_code_file.clone());
		(Credentials::Recovery(code), drawn)
	}
}

/// A login name, given or typed.
pub(crate) fn login_name(given: Option<&str>, option: &str) -> anyhow::Result<LoginName> {
	match given {
		Some(name) => Ok(LoginName::new(name)?),
		None if io::stdin().is_terminal() => Ok(LoginName::new(&ask_line("Login name: ")?)?),
		None => bail!("no login name: give {option} NAME"),
	}
}

/// The new password of a login: from a file, or typed twice.
pub(crate) fn new_password(
	context: &Context,
	file: Option<&Path>,
) -> anyhow::Result<Zeroizing<String>> {
	match file {
		Some(path) => first_line(path),
		None if io::stdin().is_terminal() => context.typed_password(),
		None => bail!("no new password: give --new-password-file FILE"),
	}
}

/// Twelve words: from a file, or typed.
pub(crate) fn twelve_words(
	file: Option<&Path>,
	what: &str,
	option: &str,
) -> anyhow::Result<Zeroizing<String>> {
	match file {
		Some(path) => {
			let text = fs::read_to_string(path).map(Zeroizing::new);
			text.with_context(|| format!("{} cannot be read", path.display()))
		},
		None if io::stdin().is_terminal() => {
			let typed = rpassword::prompt_password(format!("{what} (twelve words): "));
			Ok(Zeroizing::new(typed.context("the words could not be read")?))
		},
		None => bail!("no {}: give {option} FILE", what.to_lowercase()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn login() -> NewLogin {
		NewLogin { login_name: Some("ana".into()), ..NewLogin::default() }
	}

	fn ana() -> LoginName {
		LoginName::new("ana").unwrap()
	}

	fn password(text: &str) -> Zeroizing<String> {
		Zeroizing::new(text.into())
	}

	#[test]
	fn a_secret_key_is_shown_as_words_and_as_a_picture() {
		let (_, drawn) = login().draw(&ana(), &password("gnu-Kessel/42-matt"), &[]).unwrap();
		let text = drawn.to_text();
		let words = drawn.to_json()["secretKey"].as_str().unwrap().to_owned();
		assert_eq!(words.split(' ').count(), 12);
		assert!(text.contains(&words) && text.contains('▀'), "{text}");
		// It fits a terminal of eighty columns.
		assert!(text.lines().filter(|line| line.contains('▀')).all(|l| l.chars().count() <= 80));
	}

	#[test]
	fn what_goes_into_a_file_is_not_shown() {
		let folder = tempfile::tempdir().unwrap();
		let file = folder.path().join("key");
		let options = NewLogin { secret_key_file: Some(file.clone()), ..login() };
		let (_, drawn) = options.draw(&ana(), &password("gnu-Kessel/42-matt"), &[]).unwrap();
		drawn.check_files().unwrap();
		drawn.write().unwrap();
		let written = fs::read_to_string(&file).unwrap();
		assert!(!drawn.to_text().contains(written.trim()));
		assert_eq!(drawn.to_json()["secretKeyFile"], file.display().to_string());
		assert!(drawn.check_files().is_err(), "it is never overwritten");
		assert!(drawn.write().is_err());
	}

	#[test]
	fn weak_passwords_are_refused_and_generated_passphrases_are_not_chosen() {
		let refused = login().draw(&ana(), &password("password12"), &[]).err().unwrap();
		assert!(refused.to_string().starts_with("the password would be guessed"), "{refused}");
		let known = ["Ana Example"];
		assert!(login().draw(&ana(), &password("anaexample"), &known).is_err());

		let options = NewLogin { generated_passphrase: true, ..login() };
		let (credentials, drawn) = options.draw(&ana(), &password("x"), &[]).unwrap();
		let Credentials::Passphrase { passphrase, .. } = &credentials else {
			panic!("it opens alone")
		};
		assert_eq!(drawn.to_json()["passphrase"], passphrase.expose());
		assert!(!drawn.to_text().contains("Secret key"));
	}

	#[test]
	fn names_that_are_addresses_are_refused() {
		let options = NewLogin { login_name: Some("ana@example.org".into()), ..login() };
		assert!(options.name().unwrap_err().to_string().contains("looks like an e-mail address"));
	}
}
