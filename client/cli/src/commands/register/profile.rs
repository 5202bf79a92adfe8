// SPDX-License-Identifier: Apache-2.0

//! Who somebody is: sealed into a file of the home, committed to on chain.

use super::Own;
use crate::{commands::account::address, context::ask_line, document};
use anyhow::{Context as _, anyhow, bail};
use salus_client::keystore::{Secrets, write_private};
use salus_envelope::{ContentKey, Opener, RecordMetadata, Sealer};
use salus_primitives::{Commitment, IdentityKind};
use serde_json::{Value, json};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// Who somebody is. Sealed into a file of the home; the chain gets a salted commitment.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Profile, sealed")]
pub(super) struct Profile {
	/// The legal name.
	#[arg(long)]
	pub(super) name: Option<String>,
	/// The number of the national identity document.
	#[arg(long)]
	pub(super) national_id: Option<String>,
	/// The telephone number.
	#[arg(long)]
	pub(super) telephone: Option<String>,
	/// The e-mail address.
	#[arg(long)]
	pub(super) email: Option<String>,
}

impl Profile {
	/// Asks for what was not given. Anything may be left out.
	pub(super) fn ask(&mut self, kind: IdentityKind) -> anyhow::Result<()> {
		if kind == IdentityKind::Device {
			return Ok(());
		}
		eprintln!(
			"Who are you? Sealed into a file of this home that only your keystore opens; the chain \
			 gets a commitment."
		);
		for (question, field) in [
			("Legal name", &mut self.name),
			("National id", &mut self.national_id),
			("Telephone", &mut self.telephone),
			("E-mail", &mut self.email),
		] {
			if field.is_none() {
				let typed = ask_line(&format!("{question} (empty: none): "))?;
				*field = (!typed.is_empty()).then_some(typed);
			}
		}
		Ok(())
	}

	/// What others may know of a person, and nobody should make a password of.
	pub(super) fn known(&self) -> Vec<&str> {
		let Self { name, national_id, telephone, email } = self;
		[name, national_id, telephone, email].into_iter().flatten().map(String::as_str).collect()
	}

	/// The profile as a FHIR resource; none when nothing was given.
	fn resource(&self, kind: IdentityKind, account: &str) -> anyhow::Result<Option<Value>> {
		let Self { name, national_id, telephone, email } = self;
		if self.known().is_empty() {
			return Ok(None);
		}
		let resource_type = match kind {
			IdentityKind::Patient => "Patient",
			IdentityKind::Practitioner => "Practitioner",
			IdentityKind::Organisation => "Organization",
			IdentityKind::Device => bail!("a device has no profile: leave name and numbers out"),
		};
		let mut identifiers = vec![json!({ "system": "urn:salus:account", "value": account })];
		if let Some(number) = national_id {
			identifiers.push(json!({ "type": { "text": "national identity" }, "value": number }));
		}
		let contact = |system: &str, value: &Option<String>| {
			value.as_ref().map(|value| json!({ "system": system, "value": value }))
		};
		let telecom: Vec<_> =
			[contact("phone", telephone), contact("email", email)].into_iter().flatten().collect();
		let mut resource = json!({ "resourceType": resource_type, "identifier": identifiers });
		let fields = resource.as_object_mut().ok_or_else(|| anyhow!("an object is one"))?;
		if let Some(name) = name {
			let name = match kind {
				IdentityKind::Organisation => json!(name),
				_ => json!([{ "use": "official", "text": name }]),
			};
			fields.insert("name".into(), name);
		}
		if !telecom.is_empty() {
			fields.insert("telecom".into(), json!(telecom));
		}
		Ok(Some(resource))
	}
}

/// A profile, sealed and committed to, before it lies anywhere.
pub(super) struct SealedProfile {
	object: Vec<u8>,
	/// What the chain gets.
	pub(super) commitment: Commitment,
}

impl SealedProfile {
	/// Seals the profile, when any of it was given. One that the home has of the same content is
	/// taken as it is: somebody may have its commitment, and another salt makes another one.
	pub(super) fn of(home: &Path, secrets: &Secrets, own: &Own) -> anyhow::Result<Option<Self>> {
		let Some(resource) = own.profile.resource(own.kind, &address(secrets))? else {
			return Ok(None);
		};
		let body = resource.to_string();
		salus_fhir::validate(body.as_bytes(), document::now())?;
		// For oneself alone: no custodian, and the key derives from the keystore.
		let key = ContentKey::from_reader_share(secrets.profile_share(1));
		if let Ok(object) = fs::read(place(home))
			&& let Ok((kept, opened)) = Opener::new(&key).open_to_vec(&object)
			&& kept.as_slice() == body.as_bytes()
			&& let Some(commitment) = opened.body_commitment
		{
			return Ok(Some(Self { object, commitment: Commitment(commitment.0) }));
		}
		let metadata = RecordMetadata::fhir_json(salus_fhir::FHIR_VERSION).to_metadata()?;
		let (object, sealed) = Sealer::new(&key, &metadata).seal_to_vec(body.as_bytes())?;
		let commitment = sealed.body_commitment.context("a salt gives a commitment")?;
		Ok(Some(Self { object, commitment: Commitment(commitment.0) }))
	}

	/// Puts it into the home.
	pub(super) fn keep(&self, home: &Path) -> anyhow::Result<()> {
		let path = place(home);
		write_private(&path, &self.object, true)
			.with_context(|| format!("{} cannot be written", path.display()))
	}
}

fn place(home: &Path) -> PathBuf {
	home.join("profile.hre1")
}

/// Seals the profile into the home, when any of it was given, and commits to it.
pub(super) fn seal_profile(
	home: &Path,
	secrets: &Secrets,
	own: &Own,
) -> anyhow::Result<Option<Commitment>> {
	let Some(profile) = SealedProfile::of(home, secrets, own)? else { return Ok(None) };
	profile.keep(home)?;
	Ok(Some(profile.commitment))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn profile() -> Profile {
		Profile {
			name: Some("Ana Example".into()),
			national_id: Some("X-1".into()),
			telephone: Some("+49 30 1".into()),
			email: Some("ana@example.org".into()),
		}
	}

	#[test]
	fn a_profile_is_valid_fhir_for_every_kind() {
		let kinds = [IdentityKind::Patient, IdentityKind::Practitioner, IdentityKind::Organisation];
		for kind in kinds {
			let resource = profile().resource(kind, "5Account").unwrap().unwrap().to_string();
			let checked = salus_fhir::validate(resource.as_bytes(), document::now());
			assert!(checked.is_ok(), "{kind}: {checked:?}");
		}
	}

	#[test]
	fn nothing_given_is_no_profile() {
		let none = Profile::default().resource(IdentityKind::Patient, "5Account").unwrap();
		assert_eq!(none, None);
	}

	#[test]
	fn a_profile_is_sealed_and_opens_with_its_keystore() {
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let own = Own { kind: IdentityKind::Patient, profile: profile() };
		let commitment = seal_profile(home.path(), &secrets, &own).unwrap().unwrap();
		let object = std::fs::read(home.path().join("profile.hre1")).unwrap();
		assert!(!String::from_utf8_lossy(&object).contains("Ana"));
		let key = ContentKey::from_reader_share(secrets.profile_share(1));
		let (body, opened) = salus_envelope::Opener::new(&key).open_to_vec(&object).unwrap();
		assert!(String::from_utf8_lossy(&body).contains("Ana Example"));
		assert_eq!(opened.body_commitment.map(|found| found.0), Some(commitment.0));

		// The same once more is the same object, so that what was committed to still opens.
		assert_eq!(seal_profile(home.path(), &secrets, &own).unwrap(), Some(commitment));
		assert_eq!(std::fs::read(home.path().join("profile.hre1")).unwrap(), object);
		let mut other = own;
		other.profile.telephone = None;
		assert_ne!(seal_profile(home.path(), &secrets, &other).unwrap(), Some(commitment));
	}

	#[test]
	fn a_password_is_not_made_of_the_profile() {
		assert_eq!(profile().known(), ["Ana Example", "X-1", "+49 30 1", "ana@example.org"]);
	}
}
