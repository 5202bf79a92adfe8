// SPDX-License-Identifier: Apache-2.0

//! A chain with records and final grants, a custodian, and those who ask it.

use salus_client::{
	Chain, Keypair,
	custodian::{Custodian, ShareRequest},
	keystore,
	wire::Peer,
};
use salus_e2e::{Binaries, Outcome, Person, journey::Stage};
use salus_envelope::AgreementSecret;
use salus_primitives::{Action, IdentityId, KeyVersion, Purpose, RecordId};
use std::{ffi::OsStr, fs};
use tokio::runtime::Runtime;

/// How many records are filed.
const RECORDS: usize = 4;

/// No limit that a measurement meets: how often one may ask is not what is measured.
const LIMITS: [&str; 4] =
	["--requests-per-minute", "1000000", "--organisation-requests-per-minute", "1000000"];

/// Somebody who asks for shares.
pub(crate) struct Reader {
	pub(crate) id: IdentityId,
	pub(crate) signer: Keypair,
	pub(crate) secret: AgreementSecret,
	key_version: KeyVersion,
}

impl Reader {
	/// What it asks for a record.
	pub(crate) fn wish(&self, record: RecordId) -> ShareRequest {
		let (purpose, action) = (Purpose::Treat, Action::Access);
		ShareRequest { record, version: 1, purpose, action, key_version: self.key_version }
	}
}

/// Everything that runs, and who plays.
pub(crate) struct Scene {
	stage: Stage,
	genesis: [u8; 32],
	/// Who filed the records.
	pub(crate) author: Reader,
	/// Whom they are about.
	pub(crate) patient: Reader,
	/// A practitioner and an organisation that the patient lets read compartment 0.
	pub(crate) grantees: [Reader; 2],
	pub(crate) records: Vec<RecordId>,
}

impl Scene {
	/// Starts node and custodian, files the records and grants, and waits until that is final.
	pub(crate) fn set(binaries: &Binaries, runtime: &Runtime) -> Outcome<Self> {
		let mut tell = |line: &str| println!("{line}");
		let mut stage = Stage::set(binaries, &mut tell)?;
		let mut records = Vec::new();
		for _ in 0..RECORDS {
			let record = stage.file_bundle(None, &mut tell)?;
			records.push(record.parse().map_err(|error| format!("{record}: {error}"))?);
		}
		for grantee in [&stage.doctor_b, &stage.regulator] {
			let grant = ["consent", "grant", &grantee.identity, "--compartment", "0"];
			let words = [&["--wait", "finalised"], &grant[..]].concat();
			stage.world.cli(&stage.patient, &words)?;
		}
		println!("the patient granted a doctor and an organisation the compartment, finally");
		stage.world.stop_custodian()?;
		let reader = |person: &Person| runtime.block_on(reader(&stage, person));
		let (author, patient) = (reader(&stage.doctor_a)?, reader(&stage.patient)?);
		let grantees = [reader(&stage.doctor_b)?, reader(&stage.regulator)?];
		let genesis = runtime.block_on(chain(&stage))?.genesis();
		let mut scene = Self { stage, genesis, author, patient, grantees, records };
		scene.start_custodian()?;
		Ok(scene)
	}

	/// Starts the custodian over what it has stored, in place of one that was killed.
	pub(crate) fn start_custodian(&mut self) -> Outcome {
		let organisation = self.stage.custodian.clone();
		let limits = LIMITS.map(OsStr::new);
		self.stage.world.start_custodian_with(&organisation, &limits)
	}

	/// The custodian's process.
	pub(crate) fn process(&self) -> Outcome<&salus_e2e::Custodian> {
		self.stage.world.custodian()
	}

	/// A client of the custodian.
	pub(crate) async fn custodian(&self) -> Outcome<Custodian> {
		let url = self.stage.world.custodian_url();
		Custodian::connect(&url, self.genesis).await.map_err(|error| error.to_string())
	}

	/// Where the custodian listens.
	pub(crate) fn address(&self) -> String {
		self.stage.world.custodian_url().trim_start_matches("http://").to_owned()
	}

	/// For whom requests are signed.
	pub(crate) fn peer(&self) -> Outcome<Peer> {
		let custodian = identity(&self.stage.custodian)?;
		Ok(Peer { genesis: self.genesis, custodian })
	}

	/// Stops all of it cleanly.
	pub(crate) fn stop(self) -> Outcome {
		self.stage.world.stop()
	}
}

async fn chain(stage: &Stage) -> Outcome<Chain> {
	Chain::connect(&stage.world.node_url(), None).await.map_err(|error| error.to_string())
}

fn identity(person: &Person) -> Outcome<IdentityId> {
	person.identity.parse().map_err(|error| format!("{}: {error}", person.name))
}

async fn reader(stage: &Stage, person: &Person) -> Outcome<Reader> {
	let password = fs::read_to_string(stage.world.password_file());
	let password = password.map_err(|error| error.to_string())?;
	let path = person.home().join("keystore.json");
	let secrets = keystore::open(&path, password.trim()).map_err(|error| error.to_string())?;
	let id = identity(person)?;
	let at = chain(stage).await?.best().await.map_err(|error| error.to_string())?;
	let known = at.identity(id).await.map_err(|error| error.to_string())?;
	let known = known.ok_or_else(|| format!("the chain does not know {}", person.name))?;
	let key_version = known.agreement.version;
	let (signer, secret) = (secrets.signer(), secrets.agreement(key_version));
	Ok(Reader { id, signer, secret, key_version })
}
