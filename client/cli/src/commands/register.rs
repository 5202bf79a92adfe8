// SPDX-License-Identifier: Apache-2.0

//! `salus register`: an identity for an account, by itself or by a sponsor.

use crate::{
	commands::account::address,
	context::Context,
	document,
	output::facts,
	values::{Party, Span, when},
};
use anyhow::{Context as _, anyhow, bail};
use clap::Subcommand;
use salus_client::{
	Call, Chain, calls,
	keystore::{Secrets, write_private},
	types::Signature,
	wire::hex_bytes,
};
use salus_envelope::{ContentKey, PrivateKey, PublicKey, RecordMetadata, Sealer};
use salus_primitives::{
	Commitment, IdentityId, IdentityKind, Moment, Salt, SponsoredRegistration, X25519Key,
	blake2_256,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
	#[command(subcommand)]
	command: Option<Command>,
	#[command(flatten)]
	own: Own,
}

/// What somebody registers as.
#[derive(clap::Args, Clone, Debug)]
struct Own {
	/// As what: patient, practitioner or organisation.
	#[arg(long, default_value = "patient")]
	kind: IdentityKind,
	#[command(flatten)]
	profile: Profile,
}

/// Who somebody is. Sealed into a file of the home; the chain gets a salted commitment.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Profile, sealed")]
struct Profile {
	/// The legal name.
	#[arg(long)]
	name: Option<String>,
	/// The number of the national identity document.
	#[arg(long)]
	national_id: Option<String>,
	/// The telephone number.
	#[arg(long)]
	telephone: Option<String>,
	/// The e-mail address.
	#[arg(long)]
	email: Option<String>,
}

#[derive(Subcommand, Debug)]
enum Command {
	/// Agree to be registered by a sponsor: prints the signed consent for it.
	Consent {
		/// Who will register you.
		#[arg(long, value_name = "PARTY")]
		sponsor: Party,
		/// How long the consent serves.
		#[arg(long, default_value = "45m")]
		valid: Span,
		#[command(flatten)]
		own: Own,
	},
	/// Register somebody who agreed, from the consent in a file.
	Submit {
		/// The consent.
		file: PathBuf,
	},
	/// Register somebody whose keystore is at hand.
	For {
		/// The keystore or home of whom to register.
		#[arg(long, value_name = "FILE")]
		subject_keystore: PathBuf,
		#[command(flatten)]
		own: Own,
	},
}

/// What somebody signed to be registered.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consent {
	format: String,
	#[serde(with = "hex_bytes")]
	genesis: [u8; 32],
	sponsor: IdentityId,
	#[serde(with = "hex_bytes")]
	account: [u8; 32],
	kind: IdentityKind,
	#[serde(with = "hex_bytes")]
	salt: Salt,
	#[serde(with = "hex_bytes")]
	agreement_key: X25519Key,
	profile: Option<Commitment>,
	deadline: Moment,
	#[serde(with = "hex_bytes")]
	signature: [u8; 64],
}

const FORMAT: &str = "salus-register-consent/1";

pub(crate) async fn run(context: &Context, args: Args) -> anyhow::Result<()> {
	match args.command {
		None => own(context, &args.own).await,
		Some(Command::Consent { sponsor, valid, own }) => {
			let secrets = context.secrets()?;
			let chain = context.chain().await?;
			let at = chain.best().await?;
			let sponsor = context.identity(&at, &sponsor).await?;
			let deadline = at.now().await?.saturating_add(valid.0);
			let consent = agree(context.home(), &chain, &secrets, sponsor, &own, deadline)?;
			context.note_genesis(context.home(), &chain)?;
			// The document is for a machine, whatever the options say.
			println!("{}", serde_json::to_string_pretty(&consent)?);
			Ok(())
		},
		Some(Command::Submit { file }) => {
			let text = document::read(&file)?;
			let consent: Consent = serde_json::from_slice(&text)
				.with_context(|| format!("{} is no consent", file.display()))?;
			submit(context, &context.chain().await?, &consent).await
		},
		Some(Command::For { subject_keystore, own }) => {
			let subject = context.secrets_of(&subject_keystore)?;
			let home = home_of(&subject_keystore);
			let secrets = context.secrets()?;
			let chain = context.chain().await?;
			let at = chain.best().await?;
			let sponsor = context.me(&at, &secrets).await?;
			let deadline = at.now().await?.saturating_add(15 * 60 * 1000);
			let consent = agree(&home, &chain, &subject, sponsor.id, &own, deadline)?;
			submit(context, &chain, &consent).await?;
			context.note_genesis(&home, &chain)
		},
	}
}

async fn own(context: &Context, own: &Own) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let account = secrets.signer().public_key().0;
	if let Some(id) = at.identity_of(account).await? {
		bail!("this account is registered already, as {id}: see `salus account show`");
	}
	let profile = seal_profile(context.home(), &secrets, own)?;
	let (salt, key) = (secrets.identity_salt(), agreement_key(&secrets));
	let call = calls::identity::register(own.kind, salt, key, profile);
	registered(context, &chain, &call, &secrets, account, salt, own.kind).await?;
	context.note_genesis(context.home(), &chain)
}

async fn submit(context: &Context, chain: &Chain, consent: &Consent) -> anyhow::Result<()> {
	if consent.format != FORMAT {
		bail!("the consent has the format {}, not {FORMAT}: update the program", consent.format);
	}
	if consent.genesis != chain.genesis() {
		bail!("the consent is for another chain: ask for one for this chain");
	}
	let secrets = context.secrets()?;
	let at = chain.best().await?;
	let sponsor = context.me(&at, &secrets).await?;
	if consent.sponsor != sponsor.id {
		bail!("the consent is for the sponsor {}, not for you ({})", consent.sponsor, sponsor.id);
	}
	if consent.deadline <= at.now().await? {
		bail!("the consent served until {}: ask for a new one", when(consent.deadline));
	}
	let Consent { account, kind, salt, agreement_key, profile, deadline, signature, .. } = consent;
	if let Some(id) = at.identity_of(*account).await? {
		bail!("that account is registered already, as {id}");
	}
	let call = calls::identity::register_for(
		*account,
		*kind,
		*salt,
		*agreement_key,
		*profile,
		*deadline,
		Signature::Sr25519(*signature),
	);
	registered(context, chain, &call, &secrets, *account, *salt, *kind).await
}

async fn registered(
	context: &Context,
	chain: &Chain,
	call: &Call,
	signer: &Secrets,
	account: [u8; 32],
	salt: Salt,
	kind: IdentityKind,
) -> anyhow::Result<()> {
	context.submit(chain, call, &signer.signer()).await?;
	let identity = IdentityId::derive(blake2_256, &account, &salt);
	let account = subxt::utils::AccountId32(account).to_string();
	let answer = json!({ "identity": identity, "kind": kind, "account": account });
	context.out.say(&answer, || {
		facts(&[
			("identity", identity.to_string()),
			("registered as", kind.to_string()),
			("account", account.clone()),
		])
	})
}

/// Signs what a sponsor needs.
fn agree(
	home: &Path,
	chain: &Chain,
	subject: &Secrets,
	sponsor: IdentityId,
	own: &Own,
	deadline: Moment,
) -> anyhow::Result<Consent> {
	let signer = subject.signer();
	let statement = SponsoredRegistration {
		genesis: chain.genesis(),
		sponsor,
		account: signer.public_key().0,
		kind: own.kind,
		salt: subject.identity_salt(),
		agreement_key: agreement_key(subject),
		profile: seal_profile(home, subject, own)?,
		deadline,
	};
	let signature = signer.sign(&statement.to_bytes()).0;
	let SponsoredRegistration { genesis, account, kind, salt, agreement_key, profile, .. } =
		statement;
	Ok(Consent {
		format: FORMAT.into(),
		genesis,
		sponsor,
		account,
		kind,
		salt,
		agreement_key,
		profile,
		deadline,
		signature,
	})
}

fn agreement_key(secrets: &Secrets) -> X25519Key {
	*secrets.agreement(1).public().as_bytes()
}

/// Seals the profile into the home, when any of it was given, and commits to it.
fn seal_profile(home: &Path, secrets: &Secrets, own: &Own) -> anyhow::Result<Option<Commitment>> {
	let Some(resource) = own.profile.resource(own.kind, &address(secrets))? else {
		return Ok(None);
	};
	let body = resource.to_string();
	salus_fhir::validate(body.as_bytes(), document::now())?;
	let metadata = RecordMetadata::fhir_json(salus_fhir::FHIR_VERSION).to_metadata()?;
	// For oneself alone: no custodian, and the key derives from the keystore.
	let key = ContentKey::from_reader_share(secrets.profile_share(1));
	let (object, sealed) = Sealer::new(&key, &metadata).seal_to_vec(body.as_bytes())?;
	let path = home.join("profile.hre1");
	write_private(&path, &object, true)
		.with_context(|| format!("{} cannot be written", path.display()))?;
	let commitment = sealed.body_commitment.ok_or_else(|| anyhow!("a salt gives a commitment"))?;
	Ok(Some(Commitment(commitment.0)))
}

impl Profile {
	/// The profile as a FHIR resource; none when nothing was given.
	fn resource(&self, kind: IdentityKind, account: &str) -> anyhow::Result<Option<Value>> {
		let Self { name, national_id, telephone, email } = self;
		if [name, national_id, telephone, email].iter().all(|field| field.is_none()) {
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

/// The home that a keystore lies in.
fn home_of(keystore: &Path) -> PathBuf {
	if keystore.is_dir() {
		return keystore.into();
	}
	keystore.parent().map(Path::to_path_buf).unwrap_or_default()
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
	}
}
